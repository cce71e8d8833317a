from enum import StrEnum


class UserTranscodingResult(StrEnum):
    FAIL = "fail"
    SUCCESS = "success"

    def __str__(self) -> str:
        return str(self.value)
