from enum import StrEnum


class CapabilityLimitType(StrEnum):
    """What cannot be recorded: video of more than 1920 × 1080, WebGL, or more than 10 Mbit/s up or 1 Gbit/s down."""

    BANDWIDTH = "bandwidth"
    """More than 10 Mbit/s up or 1 Gbit/s down."""
    RESOLUTION = "resolution"
    """A video of more than 1920 × 1080."""
    WEB_GL = "WebGL"
    """WebGL."""

    def __str__(self) -> str:
        return str(self.value)
