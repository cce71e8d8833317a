from enum import IntEnum


class RegionAffinity(IntEnum):
    """Region to prefer: 0 closest to the caller, 1 China, 2 Southeast Asia, 3 Europe, 4 North America."""

    CLOSEST = 0
    """Closest to the caller."""
    CHINA = 1
    """China."""
    SOUTHEAST_ASIA = 2
    """Southeast Asia."""
    EUROPE = 3
    """Europe."""
    NORTH_AMERICA = 4
    """North America."""

    def __str__(self) -> str:
        return self.name
