from enum import IntEnum


class StreamState(IntEnum):
    """0 the stream comes in, 1 it does not."""

    RECEIVING = 0
    """The stream comes in."""
    NOT_RECEIVING = 1
    """It does not."""

    def __str__(self) -> str:
        return self.name
