from enum import StrEnum


class ServiceState(StrEnum):
    """`init` starting, `inProgress` running, `exit` ended."""

    EXIT = "exit"
    """Ended."""
    INIT = "init"
    """Starting."""
    IN_PROGRESS = "inProgress"
    """Running."""

    def __str__(self) -> str:
        return str(self.value)
