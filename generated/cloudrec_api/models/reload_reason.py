from enum import StrEnum


class ReloadReason(StrEnum):
    AUDIO_SILENCE = "audio_silence"
    PAGE_LOAD_TIMEOUT = "page_load_timeout"

    def __str__(self) -> str:
        return str(self.value)
