from enum import IntEnum


class RenderMode(IntEnum):
    CROP = 0
    FIT = 1

    def __str__(self) -> str:
        return self.name
