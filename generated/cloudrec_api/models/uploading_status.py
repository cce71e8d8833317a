from enum import StrEnum


class UploadingStatus(StrEnum):
    """`uploaded` all files are in the bucket, `backuped` some wait in the provider's backup, `stranded` some wait elsewhere with the provider, `unknown` nothing is known. What waits follows by itself: mostly within 20 minutes, at times after more than 24 hours."""

    BACKUPED = "backuped"
    """Some wait in the provider's backup."""
    STRANDED = "stranded"
    """Some wait elsewhere with the provider."""
    UNKNOWN = "unknown"
    """Nothing is known."""
    UPLOADED = "uploaded"
    """All files are in the bucket."""

    def __str__(self) -> str:
        return str(self.value)
