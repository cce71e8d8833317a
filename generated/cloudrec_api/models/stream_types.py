from enum import IntEnum


class StreamTypes(IntEnum):
    """Media to subscribe to. 0 audio, 1 video, 2 both."""

    AUDIO_ONLY = 0
    """Audio."""
    VIDEO_ONLY = 1
    """Video."""
    AUDIO_AND_VIDEO = 2
    """Both."""

    def __str__(self) -> str:
        return self.name
