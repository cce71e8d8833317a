from enum import IntEnum


class VideoStreamType(IntEnum):
    """Which of a user's two video streams to take. 0 the high-quality one, 1 the low-quality one."""

    HIGH_QUALITY = 0
    """The high-quality one."""
    LOW_QUALITY = 1
    """The low-quality one."""

    def __str__(self) -> str:
        return self.name
