from enum import IntEnum


class SubscribeUidGroup(IntEnum):
    """Expected peak of subscribed users: 0 for 1–2, 1 for 3–7, 2 for 8–12, 3 for 13–17, 4 for 18–32, 5 for 33–49."""

    UP_TO_2 = 0
    """1 or 2 users."""
    UP_TO_7 = 1
    """3 to 7 users."""
    UP_TO_12 = 2
    """8 to 12 users."""
    UP_TO_17 = 3
    """13 to 17 users."""
    UP_TO_32 = 4
    """18 to 32 users."""
    UP_TO_49 = 5
    """33 to 49 users."""

    def __str__(self) -> str:
        return self.name
