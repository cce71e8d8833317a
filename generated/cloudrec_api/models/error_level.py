from enum import IntEnum


class ErrorLevel(IntEnum):
    DEBUG = 1
    MINOR = 2
    MEDIUM = 3
    MAJOR = 4
    FATAL = 5

    def __str__(self) -> str:
        return self.name
