from enum import IntEnum


class LeaveReason(IntEnum):
    """One bit of a `leaveCode`: 2 a signal ended the recorder, 4 nobody was in the channel, 8 without meaning, 16 it was told to leave."""

    SIGNAL = 2
    """A signal ended the recorder."""
    NO_USERS = 4
    """Nobody was in the channel."""
    TIMER_CATCH = 8
    """Without meaning."""
    CLIENT_LEAVE = 16
    """It was told to leave."""

    def __str__(self) -> str:
        return self.name
