from enum import IntEnum


class VideoStreamType(IntEnum):
    """Which of a user's two video streams to take. 0 the high-quality stream, 1 the low-quality stream."""

    HIGH_QUALITY = 0
    """The high-quality stream."""
    LOW_QUALITY = 1
    """The low-quality stream."""

    def __str__(self) -> str:
        return self.name
