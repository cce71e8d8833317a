from enum import StrEnum


class StreamMode(StrEnum):
    DEFAULT = "default"
    ORIGINAL = "original"
    STANDARD = "standard"

    def __str__(self) -> str:
        return str(self.value)
