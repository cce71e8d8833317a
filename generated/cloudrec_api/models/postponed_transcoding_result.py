from enum import StrEnum


class PostponedTranscodingResult(StrEnum):
    """What came of transcoding all files, in the end."""

    FAILED = "failed"
    """None was made."""
    PARTIAL_SUCCESS = "partial_success"
    """Some were made."""
    TOTAL_SUCCESS = "total_success"
    """All files were made."""

    def __str__(self) -> str:
        return str(self.value)
