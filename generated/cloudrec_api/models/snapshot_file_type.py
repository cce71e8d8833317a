from enum import StrEnum


class SnapshotFileType(StrEnum):
    """Format of the screenshots; JPG is the only one."""

    JPG = "jpg"
    """JPG, the only one."""

    def __str__(self) -> str:
        return str(self.value)
