from enum import StrEnum


class ServiceRegion(StrEnum):
    """The only region whose servers may record: mainland China, the rest of Asia, Europe or North America. Left out, the region of the caller. The storage must be in it."""

    AP = "AP"
    """Asia without mainland China."""
    CN = "CN"
    """Mainland China."""
    EU = "EU"
    """Europe."""
    NA = "NA"
    """North America."""

    def __str__(self) -> str:
        return str(self.value)
