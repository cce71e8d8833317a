from enum import StrEnum


class AudioChannels(StrEnum):
    """Channels of the sound, as a string. `1` mono, `2` stereo."""

    MONO = "1"
    """Mono."""
    STEREO = "2"
    """Stereo."""

    def __str__(self) -> str:
        return str(self.value)
