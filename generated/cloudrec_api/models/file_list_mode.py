from enum import StrEnum


class FileListMode(StrEnum):
    JSON = "json"
    STRING = "string"

    def __str__(self) -> str:
        return str(self.value)
