from enum import StrEnum


class PostponedTranscodingResult(StrEnum):
    """What came of deferred transcoding in the end, over all users."""

    FAILED = "failed"
    """None was made."""
    PARTIAL_SUCCESS = "partial_success"
    """Some were made."""
    TOTAL_SUCCESS = "total_success"
    """All files were made."""

    def __str__(self) -> str:
        return str(self.value)
