from enum import StrEnum


class StreamMode(StrEnum):
    """Files per user. `default` audio and video apart, `standard` a merged playlist too, `original` audio as it was sent."""

    DEFAULT = "default"
    """Audio and video apart."""
    ORIGINAL = "original"
    """Audio as it was sent."""
    STANDARD = "standard"
    """A merged playlist too."""

    def __str__(self) -> str:
        return str(self.value)
