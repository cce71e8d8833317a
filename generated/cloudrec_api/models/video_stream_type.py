from enum import IntEnum


class VideoStreamType(IntEnum):
    HIGH_QUALITY = 0
    LOW_QUALITY = 1

    def __str__(self) -> str:
        return self.name
