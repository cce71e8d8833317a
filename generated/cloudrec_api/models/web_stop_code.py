from enum import IntEnum


class WebStopCode(IntEnum):
    """Why a web page recording stopped: 0 it was stopped, 1 `maxRecordingHour` is over, 2 the page uses what cannot be recorded, 3 the recording engine did not start, 4 the page did not load in time, 5 the page could not be opened, 6 the recorder failed."""

    OK = 0
    """It was stopped."""
    MAX_RECORDING_HOUR = 1
    """`maxRecordingHour` is over."""
    CAPABILITY_LIMIT = 2
    """The page uses what cannot be recorded."""
    START_ENGINE_FAILED = 3
    """The recording engine did not start."""
    PAGE_LOAD_TIMEOUT = 4
    """The page did not load in time."""
    ACCESS_URL_FAILED = 5
    """The page could not be opened."""
    RECORDER_ERROR = 6
    """The recorder failed."""

    def __str__(self) -> str:
        return self.name
