from enum import IntEnum


class ExitStatus(IntEnum):
    """0 ended as it should, with its files uploaded; 1 ended by a failure, such as a wrong parameter."""

    NORMAL = 0
    """Ended as it should, with its files uploaded."""
    ABNORMAL = 1
    """Ended by a failure, such as a wrong parameter."""

    def __str__(self) -> str:
        return self.name
