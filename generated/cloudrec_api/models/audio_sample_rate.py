from enum import StrEnum


class AudioSampleRate(StrEnum):
    HZ_16000 = "16000"
    HZ_32000 = "32000"
    HZ_48000 = "48000"

    def __str__(self) -> str:
        return str(self.value)
