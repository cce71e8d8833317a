"""`RateLimit`: how many requests may be sent in a second."""

from __future__ import annotations

import time
from collections import deque
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from math import ceil, inf, isfinite
from pathlib import Path
from typing import TYPE_CHECKING, Protocol, TypeVar, runtime_checkable

from .._contract.redact import shown
from .._io.forks import across_fork
from .._numbers import MOST
from ..errors import ConfigurationError
from .line import CapacityLimiter, Line, Ticket

if TYPE_CHECKING:
    import sqlite3

T = TypeVar("T")

# Seconds by which one is late that does not look again: its event loop stands still. Others need not wait for it.
_LOST_AFTER = 5.0
# What is between two requests is so much more than the limit asks for, as some are longer on their way than others.
_MARGIN = 1.05
# After a 429 requests come so much slower, at the most, and come back to half of that in so many seconds.
_SLOWER, _SLOWEST, _HALVED_AFTER = 1.5, 8.0, 15.0
# A request that was sent is counted within so many seconds; and with more than so many a second it is not looked at.
_COUNTED_WITHIN, _COUNTED = 0.5, 100
# Seconds that recordings may take from being let in to being seen to run, for each request that they make meanwhile.
_LET_IN = 4


@runtime_checkable
class Pace(Protocol):
    """When the next request may go: what clients share, and you can keep elsewhere, for many machines say.

    Both methods may be plain ones or, for the async client, async. They are called by one at a time of each client;
    whatever they raise ends the call that waits. A client asks for the most urgent of its requests, and for no other::

        class Ours:
            async def take(self) -> float:
                return await redis.eval(SCRIPT, 1, "agora", 0.105)

            async def refused(self) -> None:
                ...

        client = AsyncCloudRecording(app_id, credential, area=Area.EU, rate_limit=Ours())
    """

    def take(self) -> float | Awaitable[float]:
        """0 where a request may go now, and has; else the seconds after which to ask again."""
        ...

    def refused(self) -> object:
        """The service answered 429: it counted more than it was to."""
        ...


class _Tempo:
    """When the next one may go, and how much slower than the limit they go since the last 429."""

    __slots__ = ("_interval", "excess", "next", "refused_at")

    def __init__(self, interval: float) -> None:
        self._interval = interval
        self.next = self.refused_at = -inf
        self.excess = 0.0

    def interval(self, now: float) -> float:
        return self._interval * (1 + self.excess_at(now))

    def excess_at(self, now: float) -> float:
        return self.excess * 0.5 ** ((now - self.refused_at) / _HALVED_AFTER) if self.excess else 0.0

    def until_next(self, now: float) -> float:
        return max(0.0, self.next - now)

    def take(self, now: float) -> float:
        """Takes the next place, if it is free now, and is 0; else how long it is until then."""
        wait = self.until_next(now)
        if wait <= 0:
            self.next = now + self.interval(now)
        return wait

    def refused(self, now: float) -> None:
        # All answers of one second are of one burst.
        if now - self.refused_at >= 1.0:
            self.excess = min((1 + self.excess_at(now)) * _SLOWER, _SLOWEST) - 1
            self.refused_at = now
            self.next = max(self.next, now + self.interval(now))

    @property
    def state(self) -> tuple[float, float, float]:
        return self.next, self.excess, self.refused_at

    def move(self, back: float) -> None:
        self.next -= back
        self.refused_at -= back


class RateLimit:
    """So many requests in any second, evenly, for everyone who shares it: threads, tasks, and clients of either kind.

    The service counts 10 a second: for each App ID by one of the provider's pages, for each account by two others, and
    one speaks of a tenth of the most concurrent tasks, above which it answers 400. So clients of one App ID share one,
    and those of several App IDs of one account do best to::

        limit = RateLimit(10)
        here = CloudRecording(app_id, credential, area=Area.EU, rate_limit=limit)
        there = AsyncCloudRecording(app_id, credential, area=Area.EU, rate_limit=limit)

    Several processes on one machine share a :class:`SQLiteRateLimit`; for what is wider, there is :class:`Pace`.

    Requests go one after the other, 0.105 seconds apart where the limit is 10. A place is taken by who goes, and not
    before: who gives up waiting leaves nothing behind. A stop goes first; then what changes a recording, the queries by
    which ``record`` sees it run, what asks for a state, what begins one, and last the queries of ``watch``. Among
    equals, whoever came first goes first. After a 429 they go slower, and come back within a minute.

    Args:
        requests: Requests a second, any number above 0: 2.5 is five in two seconds. 10 by default.

    Raises:
        ConfigurationError: that is not such a number.
    """

    __slots__ = ("__weakref__", "_line", "_most", "_now", "_quickest", "_tempo", "_went", "let_in", "requests")

    def __init__(self, requests: float = 10) -> None:
        self.requests: float = _rate(requests)
        self.let_in: CapacityLimiter = CapacityLimiter(_let_in(self.requests))
        self._now = -inf
        self._tempo = _Tempo(_MARGIN / self.requests)
        # The last requests, each with when it was sent and when it was answered; and what was between these at least.
        self._most = ceil(self.requests)
        self._went: deque[list[float]] = deque(maxlen=2 * self._most if self._most <= _COUNTED else 0)
        self._quickest = inf
        self._line = Line()

    def ask(self, ticket: Ticket, now: float) -> float | None:
        """Whether it may go now: then 0, and it has gone. Else it stands in line, and is told how many seconds to wait.

        Those who are more urgent may come in between; so it asks again after that time, or when it is woken.
        """
        line = self._line
        with line.lock:
            now = self._moved_on(now)
            _forget_the_lost(line, now)
            ahead = line.ahead(ticket)
            tempo = self._tempo
            wait = self._until_next(now) + ahead * tempo.interval(now)
            if wait <= 0:
                wait = self._take(now)
            if wait > 0:
                line.join(ticket)
                ticket.due = now + wait
                return wait
            line.leave(ticket)
            ticket.went = [now]
            self._went.append(ticket.went)
            following = self._following(now)
        if following is not None:
            following.wake()
        return 0.0

    def leave(self, ticket: Ticket) -> None:
        """Gives its place in line to those behind it; nothing, where it has none."""
        if not self._line.has(ticket):  # as after every call
            return
        with self._line.lock:
            following = self._following(self._now) if self._line.leave(ticket) else None
        if following is not None:
            following.wake()

    def answered(self, ticket: Ticket, now: float, *, is_refused: bool) -> object:
        """Its request was answered; by a 429: then they go slower for a while."""
        with self._line.lock:
            now = self._moved_on(now)
            if len(ticket.went) == 1:
                ticket.went.append(now)
                self._quickest = min(self._quickest, now - ticket.went[0])
            if is_refused:
                self._refused(now)
        return None

    def _refused(self, now: float) -> None:
        self._tempo.refused(now)

    def _take(self, now: float) -> float:
        return self._tempo.take(now)

    def _until_next(self, now: float) -> float:
        """Seconds until there is a place: by the tempo, and by what the service may have counted late."""
        wait = self._tempo.until_next(now)
        if len(self._went) >= self._most:
            counted = sorted(self._counted(went, now) for went in self._went)[-self._most]
            wait = max(wait, counted + self._most / self.requests - now)
        return wait

    def _counted(self, went: list[float], now: float) -> float:
        """When the service counted a request at the latest, as seen from here: the first one waits for a connection."""
        if len(went) == 1:
            return min(now, went[0] + _COUNTED_WITHIN)
        return min(went[1] - self._quickest, went[0] + _COUNTED_WITHIN)

    def _following(self, now: float) -> Ticket | None:
        """The next one, where it would look again too late. It wakes the one behind it when it goes."""
        first = self._line.first()
        return first if first is not None and first.due > now + self._until_next(now) else None

    def _moved_on(self, now: float) -> float:
        if now < self._now - 1.0:
            # The clock went backwards: what went by the old time would be waited for very long. It moves with the
            # clock, as if no time had passed.
            back = self._now - now
            self._tempo.move(back)
            for went in self._went:
                went[:] = [moment - back for moment in went]
            for ticket in self._line.all():
                ticket.due -= back
            self._now = now
        # Of two threads the one that looked at the clock first may come second: it still counts as later.
        self._now = max(now, self._now)
        return self._now

    def __repr__(self) -> str:
        return f"{type(self).__name__}({self.requests:g})"


class SQLiteRateLimit(RateLimit):
    """A :class:`RateLimit` that the processes of one machine share, by a file::

        limit = SQLiteRateLimit("/var/lib/lessons/agora.db")
        client = AsyncCloudRecording.from_env(rate_limit=limit)

    Each process makes its own, of the same file and the same number. Who is urgent goes first within its process; among
    processes, who asks first. It counts by the machine's time, whatever ``clock`` a client has.

    Args:
        path: The file, on a disk of this machine; it is made where it is not there.
        requests: Requests a second of all of them together, any number above 0. 10 by default.

    Raises:
        ConfigurationError: the file cannot be made or read, or that is not such a number.
    """

    __slots__ = ("_connection", "path")

    def __init__(self, path: str | Path, requests: float = 10) -> None:
        super().__init__(requests)
        given: object = path
        if not isinstance(given, (str, Path)) or not str(given):
            raise ConfigurationError(f"path: of type {type(given).__name__} (must be the name of a file)")
        self.path: Path = Path(path)
        self._connection: sqlite3.Connection | None = None
        self._opened()
        across_fork(self._at_rest)

    @contextmanager
    def _at_rest(self) -> Iterator[None]:
        """Each process opens the file for itself: SQLite's locks do not live through a fork."""
        with self._line.lock:
            if self._connection is not None and not self._connection.in_transaction:
                self._connection.close()
                self._connection = None
            yield

    def _refused(self, now: float) -> None:
        self._shared(now, lambda tempo, here: tempo.refused(here))

    def _take(self, now: float) -> float:
        return self._shared(now, lambda tempo, here: tempo.take(here)) or 0.0

    def _shared(self, now: float, do: Callable[[_Tempo, float], T]) -> T | None:
        """Does it with the tempo that all processes have; None where a signal handler came in between."""
        connection = self._opened()
        if connection.in_transaction:
            return None
        here, tempo = time.monotonic(), _Tempo(_MARGIN / self.requests)
        connection.execute("BEGIN IMMEDIATE")
        try:
            [(tempo.next, tempo.excess, tempo.refused_at)] = connection.execute("SELECT * FROM rate")
            if max(tempo.next - _SLOWEST * _MARGIN / self.requests, tempo.refused_at) > here:
                tempo = _Tempo(_MARGIN / self.requests)  # that was before the machine was started anew
            done = do(tempo, here)
            connection.execute("UPDATE rate SET next = ?, excess = ?, refused_at = ?", tempo.state)
        finally:
            connection.execute("COMMIT")
        # What those who stand in line here are told is by the client's own clock.
        self._tempo.next, self._tempo.excess, self._tempo.refused_at = tempo.state
        self._tempo.move(here - now)
        return done

    def _opened(self) -> sqlite3.Connection:
        import sqlite3

        if self._connection is None:
            try:
                made = sqlite3.connect(self.path, timeout=5.0, isolation_level=None, check_same_thread=False)
                made.execute("PRAGMA journal_mode = WAL")
                # What a failing machine loses does not matter: its clock begins anew, too.
                made.execute("PRAGMA synchronous = OFF")
                made.execute("CREATE TABLE IF NOT EXISTS rate (next REAL, excess REAL, refused_at REAL)")
                made.execute("INSERT INTO rate SELECT 0, 0, 0 WHERE NOT EXISTS (SELECT 1 FROM rate)")
            except sqlite3.Error as error:
                raise ConfigurationError(f"path: {shown(str(self.path))} (cannot be used: {error})") from error
            self._connection = made
        return self._connection


class Paced:
    """A line of those who wait for a pace of somebody else's, of whom the first one asks it."""

    __slots__ = ("__weakref__", "_line", "let_in", "pace")

    def __init__(self, pace: Pace) -> None:
        self.pace: Pace = pace
        self.let_in: CapacityLimiter = CapacityLimiter(_let_in(10))
        self._line = Line()

    def ask(self, ticket: Ticket, now: float) -> float | None:
        """None where it is its turn, and the pace is to be asked; else seconds after which to look again."""
        line = self._line
        with line.lock:
            _forget_the_lost(line, now)
            line.join(ticket)
            ticket.due = now + _LOST_AFTER
            return _LOST_AFTER if line.ahead(ticket) else None

    def leave(self, ticket: Ticket) -> None:
        """Gives its place in line to those behind it; nothing, where it has none."""
        with self._line.lock:
            following = self._line.first() if self._line.leave(ticket) else None
        if following is not None:
            following.wake()

    def answered(self, ticket: Ticket, now: float, *, is_refused: bool) -> object:
        """Its request was answered. What is returned may have to be awaited."""
        return self.pace.refused() if is_refused else None


def _forget_the_lost(line: Line, now: float) -> None:
    first = line.first()
    if first is not None and first.due < now - _LOST_AFTER:
        # If it ever asks again it is last of its kind.
        line.leave(first)


def paced(given: object) -> float:
    """What a pace said: seconds to wait.

    Raises:
        ConfigurationError: it is no such number.
    """
    if isinstance(given, (int, float)) and not isinstance(given, bool) and 0 <= given <= MOST:
        return given
    raise ConfigurationError(f"rate_limit: take() gave {shown(given)} (must be seconds to wait: 0, or more)")


def _let_in(requests: float) -> int:
    return max(1, round(_LET_IN * min(requests, MOST)))


def _rate(given: object) -> float:
    if isinstance(given, (int, float)) and not isinstance(given, bool) and 0 < given <= MOST and isfinite(given):
        return given
    raise ConfigurationError(
        f"rate_limit: {shown(given)} (must be a number above 0 and at most {MOST}, or None for no limit)"
    )


def rate_limit_of(given: object) -> RateLimit | Paced | None:
    """What a client was given as its limit.

    Raises:
        ConfigurationError: it is none.
    """
    if given is None or isinstance(given, RateLimit):
        return given
    if isinstance(given, Pace) and not isinstance(given, type):
        return Paced(given)
    return RateLimit(_rate(given))
