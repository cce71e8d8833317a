from enum import StrEnum


class CapabilityLimitType(StrEnum):
    BANDWIDTH = "bandwidth"
    RESOLUTION = "resolution"
    WEB_GL = "WebGL"

    def __str__(self) -> str:
        return str(self.value)
