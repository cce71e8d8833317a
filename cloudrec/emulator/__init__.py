"""Agora Cloud Recording on loopback: a stateful emulator to test against, without an account.

    from cloudrec.emulator import Emulator

    with Emulator() as emulator:
        emulator.url, emulator.app_id, emulator.credential   # what a client needs
        emulator.clock.advance(90)                           # no test sleeps

It needs packages of its own: pip install 'cloudrec[emulator]'.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from .calls import RecordedCall
    from .channels import Channel, Stream
    from .clock import Clock
    from .emulator import Emulator
    from .fault_header import parse_fault
    from .faults import STORM_FAULTS, Fault
    from .files import RecordedFile
    from .recording import EndReason, Status
    from .snapshot import RecordingSnapshot
    from .webhook_sender import NoticeAttempt, SentNotice
    from .webhooks import Webhooks

__all__ = [
    "STORM_FAULTS",
    "Channel",
    "Clock",
    "Emulator",
    "EndReason",
    "Fault",
    "NoticeAttempt",
    "RecordedCall",
    "RecordedFile",
    "RecordingSnapshot",
    "SentNotice",
    "Status",
    "Stream",
    "Webhooks",
    "parse_fault",
]

_HOMES = {
    "STORM_FAULTS": "faults",
    "Channel": "channels",
    "Clock": "clock",
    "Emulator": "emulator",
    "EndReason": "recording",
    "Fault": "faults",
    "NoticeAttempt": "webhook_sender",
    "RecordedCall": "calls",
    "RecordedFile": "files",
    "RecordingSnapshot": "snapshot",
    "SentNotice": "webhook_sender",
    "Status": "recording",
    "Stream": "channels",
    "Webhooks": "webhooks",
    "parse_fault": "fault_header",
}

#: What the extra installs, by import name.
_EXTRA = {"jsonschema", "referencing", "starlette", "uvicorn"}


class MissingExtraError(ImportError):
    """The packages of the extra are not installed."""


def __getattr__(name: str) -> Any:
    # Names are fetched on first use, so that the pytest plugin and the command line can be imported
    # where the extra is not installed, and cost nothing where it is.
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    from importlib import import_module

    try:
        home = import_module(f".{_HOMES[name]}", __name__)
    except ModuleNotFoundError as missing:
        if (missing.name or "").partition(".")[0] not in _EXTRA:
            raise
        raise MissingExtraError(
            f"the emulator needs {missing.name}, which is not installed: pip install 'cloudrec[emulator]'"
        ) from missing
    return getattr(home, name)


def __dir__() -> list[str]:
    return sorted(__all__)
