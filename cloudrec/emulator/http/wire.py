"""Connection as the application sees it, for what HTTP has no words for."""

from __future__ import annotations

import asyncio
from typing import Protocol

from starlette.types import Receive, Scope

#: Where in a request's `state` its connection is.
KEY = "cloudrec.wire"


class Wire(Protocol):
    """The connection that a request came by, and the host that it came to."""

    @property
    def host(self) -> int:
        """Which of the hosts."""
        ...

    @property
    def stopping(self) -> asyncio.Event:
        """Set when the server is about to end."""
        ...

    def write(self, data: bytes) -> None:
        """Send bytes as they are."""

    def close(self, *, reset: bool = False) -> None:
        """Send what is waiting and close the connection; or reset it."""

    async def refuse(self, seconds: float) -> None:
        """Close the host's port for so long."""


def wire_of(scope: Scope) -> Wire | None:
    """The connection of a request; None where there is no socket."""
    wire: Wire | None = scope.get("state", {}).get(KEY)
    return wire


async def gone(receive: Receive) -> None:
    """Return when the connection is closed, by either side."""
    while (await receive())["type"] != "http.disconnect":
        pass


async def pause(seconds: float | None, wire: Wire, receive: Receive) -> None:
    """Wait so long (None: for ever), or until the client goes away or the server is about to end."""
    ends = [asyncio.ensure_future(gone(receive)), asyncio.ensure_future(wire.stopping.wait())]
    try:
        await asyncio.wait(ends, timeout=seconds, return_when=asyncio.FIRST_COMPLETED)
    finally:
        for end in ends:
            end.cancel()
        await asyncio.gather(*ends, return_exceptions=True)
