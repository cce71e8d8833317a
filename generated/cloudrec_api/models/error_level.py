from enum import IntEnum


class ErrorLevel(IntEnum):
    """How grave an error is. 5, fatal, can end the recording; query it to see."""

    DEBUG = 1
    """For those who look for faults."""
    MINOR = 2
    """Small."""
    MEDIUM = 3
    """Middling."""
    MAJOR = 4
    """Grave."""
    FATAL = 5
    """Fatal: it can end the recording; query it to see."""

    def __str__(self) -> str:
        return self.name
