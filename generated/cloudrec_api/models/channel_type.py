from enum import IntEnum


class ChannelType(IntEnum):
    COMMUNICATION = 0
    LIVE_BROADCASTING = 1

    def __str__(self) -> str:
        return self.name
