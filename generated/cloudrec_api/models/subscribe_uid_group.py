from enum import IntEnum


class SubscribeUidGroup(IntEnum):
    UP_TO_2 = 0
    UP_TO_7 = 1
    UP_TO_12 = 2
    UP_TO_17 = 3
    UP_TO_32 = 4
    UP_TO_49 = 5

    def __str__(self) -> str:
        return self.name
