from enum import IntEnum


class EventModule(IntEnum):
    RECORDER = 0
    UPLOADER = 1
    CLOUD_RECORDING = 2
    WEB_RECORDER = 6

    def __str__(self) -> str:
        return self.name
