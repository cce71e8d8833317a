from enum import IntEnum


class MixedVideoLayout(IntEnum):
    FLOATING = 0
    BEST_FIT = 1
    VERTICAL = 2
    CUSTOM = 3

    def __str__(self) -> str:
        return self.name
