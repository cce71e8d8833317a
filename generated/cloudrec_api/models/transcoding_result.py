from enum import StrEnum


class TranscodingResult(StrEnum):
    ALL_SUCCESS = "all_success"
    FAIL = "fail"
    PARTIAL_SUCCESS = "partial_success"

    def __str__(self) -> str:
        return str(self.value)
