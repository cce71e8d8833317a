from enum import StrEnum


class CombinationPolicy(StrEnum):
    DEFAULT = "default"
    POSTPONE_TRANSCODING = "postpone_transcoding"

    def __str__(self) -> str:
        return str(self.value)
