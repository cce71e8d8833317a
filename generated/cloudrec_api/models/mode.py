from enum import StrEnum


class Mode(StrEnum):
    INDIVIDUAL = "individual"
    MIX = "mix"
    RAW = "raw"
    WEB = "web"

    def __str__(self) -> str:
        return str(self.value)
