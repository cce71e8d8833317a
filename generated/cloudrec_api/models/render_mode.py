from enum import IntEnum


class RenderMode(IntEnum):
    """0 fills the region and crops, 1 shows everything and may leave bars."""

    CROP = 0
    """Fills the region and crops."""
    FIT = 1
    """Shows everything and may leave bars."""

    def __str__(self) -> str:
        return self.name
