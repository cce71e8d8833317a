from enum import StrEnum


class PublishStatus(StrEnum):
    """State of the push of a recorded web page to one address of a CDN."""

    CONNECTING = "connecting"
    """It is connecting."""
    DISCONNECTED = "disconnected"
    """The connection is gone."""
    ONHOLD = "onhold"
    """The push is paused."""
    PUBLISHING = "publishing"
    """It is being pushed to."""

    def __str__(self) -> str:
        return str(self.value)
