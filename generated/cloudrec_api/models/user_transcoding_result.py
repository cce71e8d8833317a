from enum import StrEnum


class UserTranscodingResult(StrEnum):
    """What came of transcoding one user's files."""

    FAIL = "fail"
    """They were not."""
    SUCCESS = "success"
    """All files of the user were made."""

    def __str__(self) -> str:
        return str(self.value)
