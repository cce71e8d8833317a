from enum import IntEnum


class StreamState(IntEnum):
    """Whether a user's stream comes in. 0 the stream comes in, 1 the stream does not come in."""

    RECEIVING = 0
    """The stream comes in."""
    NOT_RECEIVING = 1
    """The stream does not come in."""

    def __str__(self) -> str:
        return self.name
