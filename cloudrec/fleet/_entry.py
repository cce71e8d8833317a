"""`Entry`: the row of one recording that a worker holds, and the news that come for it."""

from __future__ import annotations

import asyncio
import json
import logging
import math
import sys
from collections.abc import Awaitable, Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager, suppress
from functools import lru_cache, partial
from typing import TYPE_CHECKING, Any, Final

from .._contract.frames import bared
from .._recording.events import sid_of_start
from .._recording.recipe_json import BY_NAME, VERSION as RECIPE_VERSION
from ..errors import FleetDatabaseError, HandleError
from ..webhooks._events import Event
from ._database import NOW, Run
from ._states import State
from ._store import Store

if TYPE_CHECKING:
    from ..errors import CloudRecordingError
    from ..handles import RecordingHandle

logger: logging.Logger = logging.getLogger("cloudrec.fleet")

JSON = dict[str, Any]


# What of a row is kept while it is held, for days maybe. Its story is long, and nobody here reads it.
_KEPT: Final = (
    "cname", "lasts", "parts", "recipe", "restart", "running_at", "sid", "state", "status", "stop_at", "until",
)  # fmt: skip
# Seconds by which this machine's clock may be before the service's, where events are told from older ones.
_CLOCKS_DIFFER: Final = 5.0
# Seconds before the next try of what must be done in the end.
AGAIN_AFTER: Final = (5.0, 10.0, 30.0, 60.0)


class Over(Exception):
    """Nothing more is to be done for it."""


class LeftToOthers(Exception):
    """Another worker is to take it."""


def needs(recipe: Mapping[str, Any]) -> set[str]:
    """What a worker must have to record it, by name: what its names stand for, and its version."""
    found = {f"recipe {recipe.get('version')}"}
    for name, value in recipe.items():
        if isinstance(value, Mapping) and value.keys() == {"named"}:
            found.add(value["named"])
        elif name in BY_NAME and isinstance(value, str):
            found.add(value)
    return found


@lru_cache(1024)
def needs_of(recipe: str) -> frozenset[str]:
    """The same of a recipe as it is written down: those that wait are looked at again and again."""
    return frozenset(needs(json.loads(recipe)))


def can_give(secrets: Iterable[str]) -> set[str]:
    """The same of a worker that has these."""
    return {*secrets, *(f"recipe {version}" for version in range(1, RECIPE_VERSION + 1))}


class Bell:
    """An event for many that wait for long: asyncio's has a deque, and its time-out is an object of its own."""

    __slots__ = ("_calls", "_is_rung")

    def __init__(self) -> None:
        self._is_rung = False
        self._calls: tuple[Callable[[], object], ...] = ()

    def is_set(self) -> bool:
        """Whether it has rung."""
        return self._is_rung

    def set(self) -> None:
        """Rings: who waits goes on."""
        self._is_rung = True
        for call in self._calls:
            call()

    def clear(self) -> None:
        """It has been heard."""
        self._is_rung = False

    @contextmanager
    def calling(self, call: Callable[[], object]) -> Iterator[None]:
        """Has this called when it rings meanwhile, and where it has rung."""
        self._calls = (*self._calls, call)
        try:
            if self._is_rung:
                call()
            yield
        finally:
            self._forget(call)

    async def wait(self, seconds: float = math.inf) -> None:
        """Waits until it rings, or for so long."""
        if self._is_rung:
            return
        loop = asyncio.get_running_loop()
        waiting: asyncio.Future[None] = loop.create_future()
        call = partial(_done, waiting)
        self._calls = (*self._calls, call)  # not by `calling`, which takes 0.3 kB or more while it is waited
        ends = None if seconds == math.inf else loop.call_later(max(0.0, seconds), call)
        try:
            await waiting
        finally:
            if ends is not None:
                ends.cancel()
            self._forget(call)

    def _forget(self, call: Callable[[], object]) -> None:
        self._calls = tuple(each for each in self._calls if each is not call)


def _done(waiting: asyncio.Future[None]) -> None:
    if not waiting.done():
        waiting.set_result(None)


class News:
    """What comes for a recording that is held here."""

    __slots__ = ("events", "is_leaving", "is_stop_asked", "rang", "told")

    def __init__(self) -> None:
        self.events: list[Event] = []  # not a deque, which takes 700 bytes for none
        self.is_stop_asked: bool = False
        self.is_leaving: bool = False
        self.told: bool = False
        self.rang: Bell = Bell()

    async def wait(self, seconds: float) -> None:
        """Waits for so long, or until there are some."""
        await self.rang.wait(seconds)
        self.rang.clear()
        self.check()

    def check(self) -> None:
        """Ends what this worker does for it, where the worker leaves."""
        if self.is_leaving:
            raise asyncio.CancelledError("handed over to another worker")


class Entry:
    """What is written of a recording, by who holds it."""

    def __init__(
        self,
        run: Run,
        worker: str,
        store: Store,
        query: Callable[..., Awaitable[Any]],
        events_of: Callable[[str], Awaitable[list[str]]],
    ) -> None:
        self.key: Final = run.key
        self.run: Final = run
        self.news: Final = News()
        self._worker = worker
        self._store = store
        self._query = query
        self._events_of = events_of
        self._row: JSON = {}

    def _keep(self, row: Mapping[str, Any]) -> None:
        self._row = {name: row[name] for name in _KEPT}
        self._row["recipe"] = sys.intern(row["recipe"])  # which many have in common

    async def _keep_part(
        self, part: int, handle: RecordingHandle, *, sid: str | None, of_part: JSON | None = None, **changes: Any
    ) -> None:
        await self._change((part, {**(of_part or {}), "handle": handle}), sid=sid, **changes)

    async def _change(self, part: tuple[int, JSON] | None = None, **changes: Any) -> None:
        before = self._row.get("state")
        if isinstance(changes.get("problem"), dict):
            changes["problem"] = json.dumps(changes["problem"])
        self._keep(await self._query(self._store.change, self.run, self._worker, changes, part))
        if (state := self._row["state"]) != before:
            logger.info("fleet: %s: %s, was %s (worker %s)", self.key, state, before, self._worker)

    async def _tell(self, error: CloudRecordingError) -> None:
        """Of a failure that ends nothing."""
        bared(error)
        if isinstance(error, FleetDatabaseError) and error.retryable:
            # Of a database that is away or full the worker tells, once for all that it holds.
            await self._query(self._store.time)
            return
        logger.warning("fleet: %s: %s: %s", self.key, type(error).__name__, error)
        await self._change(problem=told(error))

    async def _failed(self, error: CloudRecordingError) -> None:
        bared(error)
        logger.error("fleet: %s: failed: %s: %s", self.key, type(error).__name__, error)
        await self._change(state=State.FAILED, over_at=NOW, problem=told(error))

    async def _over(self, state: State, message: str) -> None:
        await self._change(state=state, over_at=NOW, problem={"message": message})

    async def _is_late(self) -> bool:
        until = self._row["until"]
        return until is not None and await self._query(self._store.time) >= until

    def _kept(self, part: int, handle: RecordingHandle) -> RecordingHandle | None:
        """What is kept of this resource ID: when its start was sent first, and what that was answered."""
        kept: list[RecordingHandle] = [each["handle"] for each in json.loads(self._row["parts"])[part : part + 1]]
        return next((each for each in kept if each["resource_id"] == handle["resource_id"]), None)

    async def _told_sid(self, handle: RecordingHandle) -> str | None:
        """Its sid, where an event has told."""
        await self._take_all()
        for event in self.news.events:
            with suppress(HandleError):
                return sid_of_start(event, handle["cname"], handle["uid"])
        # One that did not come into its channel, or ended at once, tells of other things alone. What was sent before
        # its start is of an earlier recording of the same key.
        since = (handle["started_at"] or math.inf) - _CLOCKS_DIFFER
        for event in self.news.events:
            is_ours = (event.cname, event.uid) == (handle["cname"], handle["uid"])
            if is_ours and event.sid and event.sent_at is not None and event.sent_at.timestamp() >= since:
                return event.sid
        return None

    async def _take_all(self) -> None:
        """All events that are kept for it: this worker may not have got them all, and twice does no harm."""
        self.news.events.clear()
        for body in await self._events_of(self.key):
            self.take(body)

    def take(self, body: str) -> None:
        """An event that came for it."""
        self.news.events.append(Event(json.loads(body)))
        self.news.told = True
        self.news.rang.set()


def told(error: CloudRecordingError) -> JSON:
    """A failure, as it is kept of a recording."""
    return {"error": type(error).__name__, "message": str(error)}


def begun(handle: RecordingHandle, at: float | None) -> RecordingHandle:
    """The handle of what was started then."""
    copied = handle.copy()
    copied["started_at"] = at
    return copied


def again_after(tries: int) -> float:
    """Seconds before what must be done in the end is tried again."""
    return nth(AGAIN_AFTER, tries)


def nth(waits: tuple[float, ...], place: int) -> float:
    """The wait of that place; after the last one, the last."""
    return waits[min(place, len(waits) - 1)]
