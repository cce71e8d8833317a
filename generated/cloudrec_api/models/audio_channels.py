from enum import StrEnum


class AudioChannels(StrEnum):
    MONO = "1"
    STEREO = "2"

    def __str__(self) -> str:
        return str(self.value)
