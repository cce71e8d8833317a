from enum import IntEnum


class AudioProfile(IntEnum):
    MONO_48_KBPS = 0
    MONO_128_KBPS = 1
    STEREO_192_KBPS = 2

    def __str__(self) -> str:
        return self.name
