from enum import IntEnum


class WebStopCode(IntEnum):
    OK = 0
    MAX_RECORDING_HOUR = 1
    CAPABILITY_LIMIT = 2
    START_ENGINE_FAILED = 3
    PAGE_LOAD_TIMEOUT = 4
    ACCESS_URL_FAILED = 5
    RECORDER_ERROR = 6

    def __str__(self) -> str:
        return self.name
