from enum import StrEnum


class UserTranscodingResult(StrEnum):
    """What came of deferred transcoding, for one user."""

    FAIL = "fail"
    """The files of the user were not made."""
    SUCCESS = "success"
    """All files of the user were made."""

    def __str__(self) -> str:
        return str(self.value)
