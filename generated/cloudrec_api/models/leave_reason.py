from enum import IntEnum


class LeaveReason(IntEnum):
    SIGNAL = 2
    NO_USERS = 4
    TIMER_CATCH = 8
    CLIENT_LEAVE = 16

    def __str__(self) -> str:
        return self.name
