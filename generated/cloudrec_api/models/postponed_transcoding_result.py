from enum import StrEnum


class PostponedTranscodingResult(StrEnum):
    FAILED = "failed"
    PARTIAL_SUCCESS = "partial_success"
    TOTAL_SUCCESS = "total_success"

    def __str__(self) -> str:
        return str(self.value)
