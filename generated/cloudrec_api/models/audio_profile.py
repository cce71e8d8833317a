from enum import IntEnum


class AudioProfile(IntEnum):
    """Sound at 48 kHz. 0 mono of 48 kbit/s, 1 mono of 128 kbit/s, 2 stereo of 192 kbit/s."""

    MONO_48_KBPS = 0
    """Mono of 48 kbit/s."""
    MONO_128_KBPS = 1
    """Mono of 128 kbit/s."""
    STEREO_192_KBPS = 2
    """Stereo of 192 kbit/s."""

    def __str__(self) -> str:
        return self.name
