from enum import IntEnum


class RegionAffinity(IntEnum):
    CLOSEST = 0
    CHINA = 1
    SOUTHEAST_ASIA = 2
    EUROPE = 3
    NORTH_AMERICA = 4

    def __str__(self) -> str:
        return self.name
