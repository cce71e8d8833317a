from enum import StrEnum


class TransMode(StrEnum):
    """`postponeTranscoding` a file per user, `audioMix` one file with everyone's sound."""

    AUDIO_MIX = "audioMix"
    """One file with everyone's sound."""
    POSTPONE_TRANSCODING = "postponeTranscoding"
    """A file per user."""

    def __str__(self) -> str:
        return str(self.value)
