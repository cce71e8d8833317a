from enum import StrEnum


class Mode(StrEnum):
    INDIVIDUAL = "individual"
    MIX = "mix"
    WEB = "web"

    def __str__(self) -> str:
        return str(self.value)
