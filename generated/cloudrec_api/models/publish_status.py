from enum import StrEnum


class PublishStatus(StrEnum):
    CONNECTING = "connecting"
    DISCONNECTED = "disconnected"
    ONHOLD = "onhold"
    PUBLISHING = "publishing"

    def __str__(self) -> str:
        return str(self.value)
