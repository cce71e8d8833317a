"""Sending of a page: its files, its headers, and the stream by which it hears of what changes."""

from __future__ import annotations

import asyncio
import json
import time
from collections.abc import Awaitable, Callable, Iterable, MutableMapping
from functools import cache
from importlib.resources import files
from math import inf
from typing import Any, Final

Receive = Callable[[], Awaitable[MutableMapping[str, Any]]]
Send = Callable[[MutableMapping[str, Any]], Awaitable[None]]

HEADERS: Final = {
    "Cache-Control": "no-store",
    "Content-Security-Policy": "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; "
    "connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
}
# Every page is made of these, and of its own: by what they are asked for.
_SHARED: Final = ("base.css", "common.js", "icon.svg", "kit.js")
FILES: Final = (*_SHARED, "page.html", "page.css", "page.js", "view.js", "words.js")
_HERE: Final = __name__.rpartition(".")[0]
_KINDS: Final = {
    "html": "text/html; charset=utf-8",
    "css": "text/css; charset=utf-8",
    "js": "text/javascript; charset=utf-8",
    "svg": "image/svg+xml",
}


@cache
def file(package: str, name: str) -> tuple[bytes, str]:
    """A file of the page of that package, which has its own in the folder `page`; and its media type."""
    home = _HERE if name in _SHARED else package
    return files(home).joinpath("page", name).read_bytes(), _KINDS[name.rpartition(".")[2]]


def event(name: str, data: object, id_: str | None = None) -> bytes:
    """A message of the stream."""
    text = json.dumps(data, ensure_ascii=False, separators=(",", ":"))
    place = "" if id_ is None else f"id: {id_}\n"
    return f"{place}event: {name}\ndata: {text}\n\n".encode()


async def stream(
    receive: Receive,
    send: Send,
    look: Callable[[], Awaitable[bytes]],
    *,
    every: float,
    seldom: float,
    lasts: float = inf,
    stopping: Iterable[asyncio.Event] = (),
) -> None:
    """Sends what each look finds, until nobody listens any more or one of these is set, or for so many seconds.

    Seconds between two looks: `every` at the least, `seldom` at the most, where a look takes long.
    """
    began = time.monotonic()
    # A proxy that keeps it until there is more of it would have it come late.
    headers = {**HEADERS, "Content-Type": "text/event-stream; charset=utf-8", "X-Accel-Buffering": "no"}
    raw = [(name.lower().encode(), value.encode()) for name, value in headers.items()]
    await send({"type": "http.response.start", "status": 200, "headers": raw})
    away = asyncio.ensure_future(_gone(receive))
    ends = [away, *(asyncio.ensure_future(each.wait()) for each in stopping)]
    try:
        while not any(end.done() for end in ends) and time.monotonic() - began < lasts:
            looked = time.monotonic()
            if found := await look():
                await send({"type": "http.response.body", "body": found, "more_body": True})
            # With a thousand that run and a clock that does, looking must not take all there is.
            pause = min(max(every, 10 * (time.monotonic() - looked)), seldom)
            await asyncio.wait(ends, timeout=pause, return_when=asyncio.FIRST_COMPLETED)
        if not away.done():
            await send({"type": "http.response.body", "body": b"", "more_body": False})
    finally:
        for end in ends:
            end.cancel()


async def _gone(receive: Receive) -> None:
    while (await receive())["type"] != "http.disconnect":
        pass
