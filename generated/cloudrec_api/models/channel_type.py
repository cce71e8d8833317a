from enum import IntEnum


class ChannelType(IntEnum):
    """Channel profile, the same as in the clients' RTC SDK. 0 communication, 1 live broadcasting."""

    COMMUNICATION = 0
    """Communication."""
    LIVE_BROADCASTING = 1
    """Live broadcasting."""

    def __str__(self) -> str:
        return self.name
