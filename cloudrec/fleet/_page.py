"""Page of a fleet, in a browser: what runs and waits, and the whole story of each recording; live, without secrets.

It asks the database alone. A stop is written there as any other, and done by whoever holds the recording.
"""

from __future__ import annotations

import json
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping, MutableMapping
from contextlib import asynccontextmanager
from typing import Any, Final, NamedTuple
from urllib.parse import parse_qs

from .._contract.redact import redacted
from .._pages.guard import refusal, refusal_of_others
from .._pages.sending import FILES, HEADERS, Receive, Send, event, file, stream
from ..errors import CloudRecordingError, ConfigurationError, FleetDatabaseError
from ._changes import Changes, Query
from ._order import key_of
from ._queries import Queries
from ._states import FINAL, State, story_of
from ._store import Store

JSON = dict[str, Any]
Scope = MutableMapping[str, Any]

# So many recordings that are not over are listed, and so many that are.
LISTED: Final = 5000
# Seconds between two looks for what has changed, at the least and, where a look takes long, at the most.
EVERY: Final = 0.3
SELDOM: Final = 5.0
# Seconds between two counts.
COUNTED: Final = 2.0
# Seconds after which a browser is to ask anew, where it left off: a server that is told to end waits for what it
# answers, and a login may have ended, too.
LASTS: Final = 20.0
# Milliseconds after which it then does.
AGAIN: Final = 100
_MOST: Final = 4096
_UNKNOWN: Final = "no recording has this key"
_HERE: Final = __name__.rpartition(".")[0]
_TIMES: Final = ("asked_at", "begun_at", "running_at", "over_at", "until", "stop_at")


@asynccontextmanager
async def local_page(database: str) -> AsyncIterator[FleetPage]:
    """The page of the fleet that has this database, for who sits at this machine; no credentials are needed for it.

    Raises:
        ConfigurationError: it is no address of a database.
        FleetDatabaseError: it cannot be read, or no fleet is in it.
    """
    store, query = Store(database, ""), Queries()
    try:
        await query(store.look)
        yield FleetPage(store, query, is_local=True)
    finally:
        await query.rest()
        store.close()


class _Answer(NamedTuple):
    status: int
    content: bytes
    headers: Mapping[str, str]


def _json(value: object, status: int = 200) -> _Answer:
    content = json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode()
    return _Answer(status, content, {"Content-Type": "application/json"})


def _error(status: int, why: str) -> _Answer:
    return _json({"error": why}, status)


class FleetPage:
    """An ASGI application: the page, and what it asks for. It runs on asyncio, as its fleet does."""

    def __init__(
        self, store: Store, query: Query, ready: Callable[[], Awaitable[None]] | None = None, *, is_local: bool = False
    ) -> None:
        self._store = store
        self._query = query
        self._make_ready = ready
        self._is_local = is_local
        self.stopping: Any = ()
        """Events, any of which ends the streams that are open."""

    async def _ready(self) -> None:
        if self._make_ready is not None:
            await self._make_ready()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """One request, or the server's beginning and end."""
        if scope["type"] == "lifespan":
            while (told := (await receive())["type"]) != "lifespan.shutdown":
                await send({"type": f"{told}.complete"})
            await send({"type": "lifespan.shutdown.complete"})
        elif scope["type"] != "http":
            await receive()
            await send({"type": f"{scope['type']}.close"})
        else:
            try:
                answer = await self._answer(scope, receive, send)
            except CloudRecordingError as error:
                answer = _json({"error": str(error)}, 503)
            if answer is not None:
                headers = {**HEADERS, **answer.headers, "Content-Length": str(len(answer.content))}
                raw = [(name.lower().encode(), value.encode()) for name, value in headers.items()]
                await send({"type": "http.response.start", "status": answer.status, "headers": raw})
                body = b"" if scope["method"] == "HEAD" else answer.content
                await send({"type": "http.response.body", "body": body})

    async def _answer(self, scope: Scope, receive: Receive, send: Send) -> _Answer | None:
        """The answer; None where all was sent."""
        method, root = scope["method"], scope.get("root_path", "")
        headers = {name.decode("latin-1").lower(): value.decode("latin-1") for name, value in scope["headers"]}
        client = None if scope.get("client") is None else scope["client"][0]
        if self._is_local:
            problem = refusal(method, scope.get("scheme", "http"), headers, client)
        else:
            problem = refusal_of_others(method, headers)
        if problem:
            return _error(403, problem)
        # Some servers give the path with what it is mounted at, some without.
        path: str = scope["path"]
        name = path.removeprefix(root) if path == root or path.startswith(f"{root}/") else path
        if not name:
            # What the page asks for is named from where it lies.
            return _Answer(307, b"", {"Location": f"{root}/"})
        name = name.removeprefix("/")
        if name == "stop":
            return await self._stop(headers, receive) if method == "POST" else _error(405, "this is asked with POST")
        if method not in ("GET", "HEAD"):
            return _error(405, "this can only be read: GET")
        if (asked := name or "page.html") in FILES:
            content, kind = file(_HERE, asked)
            return _Answer(200, content, {"Content-Type": kind})
        if name == "recording":
            return await self._whole(scope.get("query_string", b""))
        if name == "events":
            await self._events(headers.get("last-event-id", ""), receive, send)
            return None
        return _error(404, "there is no such thing here")

    # -- what is seen -------------------------------------------------------------------------

    async def _whole(self, query: bytes) -> _Answer:
        """All that is known of a recording."""
        await self._ready()
        [key] = parse_qs(query.decode("latin-1")).get("key", [""])[:1]
        try:
            row = await self._query(self._store.get, key_of(key))
        except ConfigurationError:
            row = None
        if row is None:
            return _error(404, _UNKNOWN)
        story = [{**one.to_dict(), "at": _millis(one.at.timestamp())} for one in story_of(row["story"])]
        whole = redacted({
            **summary(row), "place": row.get("place"), "story": story, "parts": json.loads(row["parts"]),
            "recipe": json.loads(row["recipe"]), "lasts": row["lasts"], "restart": row["restart"],
        })  # fmt: skip
        return _json({**whole, "key": row["key"]})

    async def _events(self, last: str, receive: Receive, send: Send) -> None:
        """Everything at first, or from where a browser left off, and then what changes."""
        await self._ready()
        ended = await self._query(self._store.all_ended)
        # Of another database it may be, which lay here before.
        is_known = last.isascii() and last.isdigit() and int(last) <= ended
        sight = _Sight(self._store, self._query, int(last) if is_known else None)
        await stream(receive, send, sight.look, every=EVERY, seldom=SELDOM, lasts=LASTS, stopping=self.stopping)

    # -- what is done -------------------------------------------------------------------------

    async def _stop(self, headers: Mapping[str, str], receive: Receive) -> _Answer:
        # What a form of another page cannot send without asking first.
        if headers.get("content-type", "").partition(";")[0].strip().lower() != "application/json":
            return _error(415, "Content-Type must be application/json")
        body, more = b"", True
        while more:
            message = await receive()
            body += message.get("body", b"")
            more = message.get("more_body", False)
            if len(body) > _MOST:
                return _error(413, f"the body is larger than {_MOST} bytes")
        try:
            key = key_of(json.loads(body)["key"])
        except (ValueError, TypeError, LookupError, RecursionError, ConfigurationError):
            return _error(400, 'the body must be {"key": "..."}')
        await self._ready()
        found = await self._query(self._store.ask_to_stop, key)
        return _error(404, _UNKNOWN) if found is None else _json({"key": key})


class _Sight:
    """What one browser has been told, and so what is news to it."""

    def __init__(self, store: Store, query: Query, place: int | None) -> None:
        self._store = store
        self._query = query
        self._changes = Changes(store, query, place or 0)
        self._has_all = place is not None
        self._place = place or 0
        self._counts: dict[str, int] = {}
        self._counted = 0.0
        self._opening = f"retry: {AGAIN}\n\n".encode()

    async def look(self) -> bytes:
        """What is to be sent now."""
        try:
            found = await self._news()
            self._place = self._changes.place
        except FleetDatabaseError as error:
            # What it had found by then is found once more.
            self._changes, self._counts = Changes(self._store, self._query, self._place), {}
            found = event("trouble", {"error": str(error)})
        found, self._opening = self._opening + found, b""
        return found

    async def _news(self) -> bytes:
        found: JSON = {}
        if not self._has_all:
            # In this order, so that nothing falls in between.
            await self._changes.begin()
            rows, is_cut = await self._query(self._store.listed, LISTED)
            found = {"all": True, "is_cut": is_cut, "recordings": [summary(row) for row in rows]}
        elif changed := [summary(row) async for row in self._changes.look()]:
            found = {"recordings": changed}
        if found or time.monotonic() - self._counted >= COUNTED:
            counts = await self._query(self._store.counts)
            found |= {"counts": counts} if counts != self._counts else {}
            self._counts, self._counted = counts, time.monotonic()
        if not found:
            return b""
        now = await self._query(self._store.time)
        self._has_all = True
        return event("news", {"now": _millis(now), **found}, str(self._changes.place))


def summary(row: Mapping[str, Any]) -> JSON:
    """A recording in the list."""
    problem = None if row["problem"] is None else json.loads(row["problem"])
    told = {name: row[name] for name in ("key", "state", "cname", "mode", "worker", "takeovers", "handovers", "losses")}
    times = {name: None if row[name] is None else _millis(row[name]) for name in _TIMES}
    shown = {
        **told, **times, "sid": row["sid"], "problem": problem and problem.get("message"), "version": row["version"],
        "is_over": State(row["state"]) in FINAL, "taken": _taken(row) if row["takeovers"] else None,
    }  # fmt: skip
    # What finds it again stays as it is.
    return {**redacted(shown), "key": row["key"]}


def _taken(row: Mapping[str, Any]) -> JSON | None:
    """When it was taken over last, from whom and by whom."""
    before, found = None, None
    for one in story_of(row["story"]):
        if one.what == "taken over":
            found = {"at": _millis(one.at.timestamp()), "from": before, "by": one.worker}
        before = one.worker or before
    return found


def _millis(seconds: float) -> int:
    return round(seconds * 1000)
