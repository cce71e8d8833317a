from enum import IntEnum


class ExitStatus(IntEnum):
    NORMAL = 0
    ABNORMAL = 1

    def __str__(self) -> str:
        return self.name
