"""Agora Cloud Recording for Python.

Start with :class:`CloudRecording` or :class:`AsyncCloudRecording`. What goes into a request are the models and named
values of the API's contract (:class:`StorageConfig`, :class:`StorageVendor`, …); what comes out is in
:mod:`cloudrec.results` and :mod:`cloudrec.answers`; what can go wrong is in :mod:`cloudrec.errors`.
"""

from importlib import import_module
from typing import Any

from ._names import MODULES, NAMES

__all__ = [*NAMES]  # noqa: PLE0604  # pyright: ignore[reportUnsupportedDunderAll]


def __getattr__(name: str) -> Any:
    # Read when they are first asked for: a program that is sync does not wait for what the async client needs, and few
    # programs use more than some of the many names.
    if name in MODULES:
        return import_module(f".{name}", __name__)
    if name not in NAMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    value = getattr(import_module(NAMES[name], __name__), name)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return [*NAMES, *MODULES]
