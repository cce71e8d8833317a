from enum import StrEnum


class CombinationPolicy(StrEnum):
    """`postpone_transcoding` makes files once more after the recording, `default` does not."""

    DEFAULT = "default"
    """Makes the files of the recording alone."""
    POSTPONE_TRANSCODING = "postpone_transcoding"
    """Makes files once more after the recording."""

    def __str__(self) -> str:
        return str(self.value)
