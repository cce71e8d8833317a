from enum import StrEnum


class TranscodingResult(StrEnum):
    """What came of deferred transcoding, over all users."""

    ALL_SUCCESS = "all_success"
    """All files were made."""
    FAIL = "fail"
    """None was made."""
    PARTIAL_SUCCESS = "partial_success"
    """Some were made."""

    def __str__(self) -> str:
        return str(self.value)
