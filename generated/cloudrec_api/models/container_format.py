from enum import StrEnum


class ContainerFormat(StrEnum):
    """`mp4` for deferred transcoding; `mp3`, `m4a` or `aac` for deferred mixing."""

    AAC = "aac"
    """AAC, for deferred mixing."""
    M4A = "m4a"
    """M4A, for deferred mixing."""
    MP3 = "mp3"
    """MP3, for deferred mixing."""
    MP4 = "mp4"
    """MP4, for deferred transcoding."""

    def __str__(self) -> str:
        return str(self.value)
