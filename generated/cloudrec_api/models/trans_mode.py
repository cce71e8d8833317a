from enum import StrEnum


class TransMode(StrEnum):
    AUDIO_MIX = "audioMix"
    POSTPONE_TRANSCODING = "postponeTranscoding"

    def __str__(self) -> str:
        return str(self.value)
