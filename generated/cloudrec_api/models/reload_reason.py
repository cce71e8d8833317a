from enum import StrEnum


class ReloadReason(StrEnum):
    """Why a page was loaded again, because of lost sound or because it did not load in time."""

    AUDIO_SILENCE = "audio_silence"
    """Its sound was lost."""
    PAGE_LOAD_TIMEOUT = "page_load_timeout"
    """It did not load in time."""

    def __str__(self) -> str:
        return str(self.value)
