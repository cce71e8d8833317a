from enum import IntEnum


class MixedVideoLayout(IntEnum):
    """0 floating (the first user fills the canvas), 1 best fit (all the same size), 2 vertical (`maxResolutionUid` large on the left), 3 custom (`layoutConfig`)."""

    FLOATING = 0
    """Floating (the first user fills the canvas)."""
    BEST_FIT = 1
    """Best fit (all the same size)."""
    VERTICAL = 2
    """Vertical (`maxResolutionUid` large on the left)."""
    CUSTOM = 3
    """Custom (`layoutConfig`)."""

    def __str__(self) -> str:
        return self.name
