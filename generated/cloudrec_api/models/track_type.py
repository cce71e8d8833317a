from enum import StrEnum


class TrackType(StrEnum):
    """Whether a file holds sound, picture or both."""

    AUDIO = "audio"
    """Sound alone."""
    AUDIO_AND_VIDEO = "audio_and_video"
    """Sound and picture."""
    VIDEO = "video"
    """Picture alone."""

    def __str__(self) -> str:
        return str(self.value)
