from enum import StrEnum


class Mode(StrEnum):
    """`raw` records every user to files of their own, `mix` all users into one picture, `web` a web page. `individual` is what came before `raw`."""

    INDIVIDUAL = "individual"
    """What came before raw mode."""
    MIX = "mix"
    """All users into one picture."""
    RAW = "raw"
    """Every user to files of their own."""
    WEB = "web"
    """A web page."""

    def __str__(self) -> str:
        return str(self.value)
