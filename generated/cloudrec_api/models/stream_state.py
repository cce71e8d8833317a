from enum import IntEnum


class StreamState(IntEnum):
    RECEIVING = 0
    NOT_RECEIVING = 1

    def __str__(self) -> str:
        return self.name
