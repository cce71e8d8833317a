from enum import StrEnum


class ServiceState(StrEnum):
    EXIT = "exit"
    INIT = "init"
    IN_PROGRESS = "inProgress"

    def __str__(self) -> str:
        return str(self.value)
