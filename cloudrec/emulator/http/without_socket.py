"""Faults of the connection where there is no socket: the application is called in the same process."""

from __future__ import annotations

import httpx

from ..faults.faults import Cut, Drop, Fault, Garbage, Hang, Refuse


def without_socket(fault: Fault) -> Exception:
    """What httpx raises on a real connection. `httpx.ASGITransport` hands it through to the caller."""
    match fault:
        case Refuse():
            return httpx.ConnectError("emulated: connection refused")
        case Hang():
            return httpx.ReadTimeout("emulated: no answer")
        case Drop(reset=True):
            return httpx.ReadError("emulated: connection reset")
        case Drop():
            return httpx.RemoteProtocolError("emulated: disconnected without sending a response")
        case Garbage():
            return httpx.RemoteProtocolError("emulated: illegal status line")
        case Cut():
            return httpx.RemoteProtocolError("emulated: the body is incomplete")
        case _:
            return ConnectionError(f"emulated: {fault!r}")
