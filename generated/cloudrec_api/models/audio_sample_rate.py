from enum import StrEnum


class AudioSampleRate(StrEnum):
    """Samples of the sound per second, as a string: 48000, 32000 or 16000."""

    HZ_16000 = "16000"
    """16 kHz."""
    HZ_32000 = "32000"
    """32 kHz."""
    HZ_48000 = "48000"
    """48 kHz."""

    def __str__(self) -> str:
        return str(self.value)
