"""Agora Cloud Recording on loopback: a stateful emulator to test against, without an account.

    from cloudrec.emulator import Emulator

    with Emulator() as emulator:
        emulator.url, emulator.app_id, emulator.credential   # what a client needs
        emulator.clock.advance(90)                           # no test sleeps

It needs packages of its own: pip install 'cloudrec[emulator]'.
"""

from importlib import import_module
from typing import Any

from ._names import NAMES

__all__ = [*NAMES]  # noqa: PLE0604  # pyright: ignore[reportUnsupportedDunderAll]

#: What the extra installs, by import name.
_EXTRA = {"jsonschema", "referencing", "starlette", "uvicorn"}


class MissingExtraError(ImportError):
    """The packages of the extra are not installed."""


def __getattr__(name: str) -> Any:
    # Names are fetched on first use, so that the pytest plugin and the command line can be imported
    # where the extra is not installed, and cost nothing where it is.
    if name not in NAMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    try:
        home = import_module(NAMES[name], __name__)
    except ModuleNotFoundError as missing:
        if (missing.name or "").partition(".")[0] not in _EXTRA:
            raise
        raise MissingExtraError(
            f"the emulator needs {missing.name}, which is not installed: pip install 'cloudrec[emulator]'"
        ) from missing
    return getattr(home, name)


def __dir__() -> list[str]:
    return sorted(__all__)
