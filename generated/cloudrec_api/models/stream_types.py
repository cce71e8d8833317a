from enum import IntEnum


class StreamTypes(IntEnum):
    """Media to subscribe to. 0 sound alone, 1 picture alone, 2 sound and picture."""

    AUDIO_ONLY = 0
    """Sound alone."""
    VIDEO_ONLY = 1
    """Picture alone."""
    AUDIO_AND_VIDEO = 2
    """Sound and picture."""

    def __str__(self) -> str:
        return self.name
