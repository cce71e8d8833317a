from enum import StrEnum


class FileListMode(StrEnum):
    """`string`: `fileList` is one name. `json`: it is a list of files."""

    JSON = "json"
    """It is a list of files."""
    STRING = "string"
    """`fileList` is one name."""

    def __str__(self) -> str:
        return str(self.value)
