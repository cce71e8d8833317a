from enum import StrEnum


class AbortPolicy(StrEnum):
    """`error_abort`: when this fails, everything beside it stops too."""

    ERROR_ABORT = "error_abort"
    """When this fails, everything beside it stops too."""

    def __str__(self) -> str:
        return str(self.value)
