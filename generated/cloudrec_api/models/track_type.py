from enum import StrEnum


class TrackType(StrEnum):
    """What a file holds."""

    AUDIO = "audio"
    """Sound."""
    AUDIO_AND_VIDEO = "audio_and_video"
    """Sound and picture."""
    VIDEO = "video"
    """Picture."""

    def __str__(self) -> str:
        return str(self.value)
