from enum import IntEnum


class RecordingStatus(IntEnum):
    NOT_STARTED = 0
    INITIALIZED = 1
    STARTING = 2
    PARTLY_READY = 3
    READY = 4
    IN_PROGRESS = 5
    STOPPING = 6
    STOPPED = 7
    EXITED = 8
    EXITED_ABNORMALLY = 20

    def __str__(self) -> str:
        return self.name
