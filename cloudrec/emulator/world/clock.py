"""The emulator's clock: it stands still until somebody moves it, or it runs."""

from __future__ import annotations

import asyncio
import math
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext, suppress
from datetime import UTC, datetime, timedelta
from typing import Protocol

import anyio

from ..._io.forks import in_child

#: A moment, or a length of time, in whole milliseconds. File names carry milliseconds, and whole
#: numbers compare exactly: `15 seconds later` never misses by a rounding error.
Millis = int

SECOND: Millis = 1_000
MINUTE: Millis = 60 * SECOND
HOUR: Millis = 60 * MINUTE

#: The most that anything here is counted up to.
MOST = 10**9
#: The last moment that has a date.
_LAST: Millis = 253_402_300_799_000

#: Where a clock begins that nobody set: a fixed moment, so that file names are the same in each run.
DEFAULT_START = datetime(2026, 1, 1, tzinfo=UTC)


def check_whole(name: str, value: object, least: int, most: int) -> None:
    """ValueError for what is no whole number from one to the other."""
    if isinstance(value, bool) or not isinstance(value, int) or not least <= value <= most:
        raise ValueError(f"{name} must be a whole number from {least} to {most}, not {_told(value)}")


def check_number(name: str, value: object, least: float, most: float, *, above: bool = False) -> None:
    """ValueError for what is no number from one to the other, or (`above`) is the lesser one itself."""
    is_number = isinstance(value, (int, float)) and not isinstance(value, bool) and least <= value <= most
    if not is_number or (above and value == least):
        rule = f"more than {least:g} and at most {most:g}" if above else f"from {least:g} to {most:g}"
        raise ValueError(f"{name} must be {rule}, not {_told(value)}")


def _told(value: object) -> str:
    # Python does not write whole numbers of thousands of digits.
    return f"a number of {value.bit_length()} bits" if isinstance(value, int) and abs(value) > MOST else repr(value)


def _check_speed(speed: object) -> None:
    check_number("speed", speed, 0, MOST, above=True)


def _from_any_thread(function: Callable[[], object]) -> Callable[[], object]:
    """The same function, run in the event loop that runs now, from whichever thread it is called."""
    try:
        loop = asyncio.get_running_loop()
    except RuntimeError:
        import trio

        soon: Callable[[Callable[[], object]], object] = trio.lowlevel.current_trio_token().run_sync_soon
        over: type[Exception] = trio.RunFinishedError
    else:
        soon, over = loop.call_soon_threadsafe, RuntimeError

    def call() -> None:
        with suppress(over):
            soon(function)

    return call


class Ending(Protocol):
    """What ends the waiting of a client early: its end, or a webhook that was fed.

    Inside of ``calling`` a function is called when it is set.
    """

    @property
    def is_set(self) -> bool: ...

    def calling(self, wake: Callable[[], object]) -> AbstractContextManager[None]: ...


class Clock:
    """The time that a recording lives by.

    >>> clock = Clock()
    >>> clock.advance(90)
    >>> clock.time
    datetime.datetime(2026, 1, 1, 0, 1, 30, tzinfo=datetime.timezone.utc)
    """

    def __init__(self, start: datetime | None = None, *, ticking: bool = False, speed: float = 1.0) -> None:
        """`start` is an aware datetime; `ticking` lets the clock run by itself as well, at so many times real speed."""
        _check_speed(speed)
        begin = DEFAULT_START if start is None else start
        if begin.tzinfo is None:
            raise ValueError("start must be an aware datetime, for example datetime.now(UTC)")
        # The monotonic clock and not time.time(): a recording must not end, or come back to life,
        # because the machine's clock was set.
        #: A moment of this clock, that moment by the monotonic one, and how fast time has passed since then: 0 where
        #: it stands. In one piece, since whoever asks for the time has no lock.
        self._pace: tuple[Millis, float, float] = (
            round(begin.timestamp() * SECOND),
            time.monotonic(),
            speed if ticking else 0.0,
        )
        self._speed = speed
        self._sleepers: dict[object, tuple[Millis, Callable[[], object]]] = {}
        #: Grows whenever somebody lies down to sleep or wakes.
        self.changes: int = 0
        self._watchers: list[Callable[[], None]] = []
        self._begin_anew()
        in_child(self._begin_anew)

    def _begin_anew(self) -> None:
        self._lock = threading.Lock()

    @classmethod
    def real(cls, speed: float = 1.0) -> Clock:
        """A clock that begins with the present and runs, at so many times real speed. It can still be moved forward."""
        return cls(datetime.now(UTC), ticking=True, speed=speed)

    @property
    def speed(self) -> float:
        """How many of its seconds pass in one, where it runs."""
        return self._speed

    @property
    def ticking(self) -> bool:
        """Whether time passes by itself."""
        return self._pace[2] > 0

    @property
    def time(self) -> datetime:
        """The present, as an aware datetime in UTC."""
        return datetime.fromtimestamp(self.now() / SECOND, tz=UTC)

    def now(self) -> Millis:
        """The present, in milliseconds since 1970."""
        base, origin, pace = self._pace
        return base + (int((time.monotonic() - origin) * SECOND * pace) if pace else 0)

    def seconds(self) -> float:
        """The present, in seconds since 1970: a client's `clock`, with `sleep` or `sleep_async` as its `wait`."""
        return self.now() / SECOND

    def stand(self) -> None:
        """Stop it, where it runs: from now on it moves by `advance` alone."""
        self._go_on(0.0)

    def run(self, speed: float = 1.0) -> None:
        """Let it run from now on, at so many times real speed."""
        _check_speed(speed)
        self._go_on(speed)

    def _go_on(self, pace: float) -> None:
        with self._lock:
            self._pace = self.now(), time.monotonic(), pace
            self._speed = pace or self._speed
            watchers = tuple(self._watchers)
            # Whoever sleeps has to reckon anew for how long.
            sleepers = [wake for _, wake in self._sleepers.values()]
        for call in (*watchers, *sleepers):
            call()

    def advance(self, by: float | timedelta) -> None:
        """Move the clock forward by seconds or by a timedelta. It never goes back."""
        seconds: object = by.total_seconds() if isinstance(by, timedelta) else by
        if not isinstance(seconds, (int, float)) or isinstance(seconds, bool) or not 0 <= seconds <= self._left:
            told = _told(by) if isinstance(by, int) else repr(by)
            raise ValueError(f"a clock moves forward only, to the year 9999 at the most: cannot advance by {told}")
        with self._lock:
            base, origin, pace = self._pace
            self._pace = base + round(seconds * SECOND), origin, pace
            watchers = tuple(self._watchers)
            now = self.now()
            due = [wake for until, wake in self._sleepers.values() if until <= now]
        for moved in watchers:
            moved()
        for wake in due:
            wake()

    def sleep(self, seconds: float, *, event: Ending | None = None) -> None:
        """Wait until somebody has moved the clock by so many seconds, or it has run so far: a client's `wait`.

        In a thread beside the test's, which moves the clock. A client gives the event that ends its waiting early.
        """
        until = self.now() + round(seconds * SECOND)
        # A bare lock: what waits in `threading` holds one of its own, and a signal handler may set the event.
        woken = threading.Lock()
        woken.acquire()

        def wake() -> None:
            with suppress(RuntimeError):  # it is awake
                woken.release()

        with self._asleep(until, wake), event.calling(wake) if event else nullcontext():
            while (left := self._left_until(until)) > 0 and not (event and event.is_set):
                woken.acquire(timeout=min(left, threading.TIMEOUT_MAX) if self.ticking else -1)

    def moved_here(self) -> Callable[..., None]:
        """A client's `wait` by which time passes in this thread; in every other it is waited for, as by `sleep`."""
        own = threading.get_ident()

        def wait(seconds: float, *, event: Ending | None = None) -> None:
            if threading.get_ident() == own:
                self.advance(seconds)
            else:
                self.sleep(seconds, event=event)

        return wait

    async def sleep_async(self, seconds: float) -> None:
        """The same for async code, under asyncio or trio: the `wait` of an async client."""
        until = self.now() + round(seconds * SECOND)
        while (left := self._left_until(until)) > 0:
            woken = anyio.Event()
            with self._asleep(until, _from_any_thread(woken.set)):
                if self._left_until(until) > 0:
                    with anyio.move_on_after(left if self.ticking else math.inf):
                        await woken.wait()

    @contextmanager
    def _asleep(self, until: Millis, wake: Callable[[], object]) -> Iterator[None]:
        sleeper = object()
        with self._lock:
            self._sleepers[sleeper] = until, wake
            self.changes += 1
        try:
            yield
        finally:
            with self._lock:
                del self._sleepers[sleeper]
                self.changes += 1

    def _left_until(self, until: Millis) -> float:
        """Real seconds that are left, where the clock runs."""
        return (until - self.now()) / SECOND / self._speed

    @property
    def next_due(self) -> Millis | None:
        """The moment at which the next of those who sleep by this clock wakes; None where nobody does."""
        with self._lock:
            return min((until for until, _ in self._sleepers.values()), default=None)

    @property
    def _left(self) -> float:
        """Seconds to the end of all dates."""
        return (_LAST - self.now()) / SECOND

    def watch(self, moved: Callable[[], None]) -> None:
        """Have this called whenever somebody has moved, stopped or started the clock, until `unwatch`."""
        with self._lock:
            self._watchers.append(moved)

    def unwatch(self, moved: Callable[[], None]) -> None:
        """Have it called no more."""
        with self._lock:
            self._watchers.remove(moved)

    def __repr__(self) -> str:
        return f"<Clock {self.time.isoformat()}{' ticking' if self.ticking else ''}>"
