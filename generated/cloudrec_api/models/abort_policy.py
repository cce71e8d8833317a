from enum import StrEnum


class AbortPolicy(StrEnum):
    ERROR_ABORT = "error_abort"

    def __str__(self) -> str:
        return str(self.value)
