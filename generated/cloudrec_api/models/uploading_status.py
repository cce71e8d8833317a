from enum import StrEnum


class UploadingStatus(StrEnum):
    BACKUPED = "backuped"
    STRANDED = "stranded"
    UNKNOWN = "unknown"
    UPLOADED = "uploaded"

    def __str__(self) -> str:
        return str(self.value)
