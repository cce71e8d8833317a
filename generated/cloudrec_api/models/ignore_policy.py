from enum import StrEnum


class IgnorePolicy(StrEnum):
    """`error_ignore`: when this fails, what is beside it goes on."""

    ERROR_IGNORE = "error_ignore"
    """When this fails, what is beside it goes on."""

    def __str__(self) -> str:
        return str(self.value)
