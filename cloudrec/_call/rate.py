"""`RateLimit`: how many requests may be sent in a second."""

from __future__ import annotations

import time
from collections import deque
from collections.abc import Awaitable, Callable, Collection, Iterable, Iterator
from contextlib import contextmanager, suppress
from math import ceil, inf, isfinite
from pathlib import Path
from typing import TYPE_CHECKING, Protocol, TypeVar, runtime_checkable

from .._contract.redact import shown
from .._io.forks import across_fork
from .._numbers import MOST
from ..errors import ConfigurationError
from .line import COUNTED_AFTER, CapacityLimiter, Line, Sent, Ticket, counted_within

if TYPE_CHECKING:
    import sqlite3

T = TypeVar("T")

# Seconds by which one is late that does not look again: its event loop stands still. Others need not wait for it.
_LOST_AFTER = 5.0
# What is between two requests is so much more than the limit asks for, as some are longer on their way than others.
_MARGIN = 1.05
# After a 429 they come at so much of what was let through in the second before it; never slower than that part of the
# limit. The whole way back from nothing takes so many seconds.
_SLOWER, _SLOWEST, _BACK_AFTER = 0.7, 1 / 16, 60.0
# With more than so many a second it is not looked at when each is counted.
_COUNTED = 100
# So many in a second tell how many of them are let through.
_TELLS = 5
# After so many answers one knows how long they take at the least. The quickest way there and the quickest back need not
# be of one request; what is between two carries that much.
_KNOWN_AFTER, _OTHER_WAYS = 20, 0.02
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
    """When the next one may go, and how much slower than the limit they go since the last 429.

    They come back fast at first, slowly where the last 429 was, since others may have the rest, and then fast again
    (TCP's CUBIC, RFC 9438): so several that know nothing of each other come to share what there is.
    """

    __slots__ = ("next", "part", "refused_at", "requests")

    def __init__(self, requests: float) -> None:
        self.requests = requests
        self.next = self.refused_at = -inf
        # Of the limit, where the last 429 was.
        self.part = 1.0

    def interval(self, now: float) -> float:
        """Seconds between one and the next."""
        return _MARGIN / (self.requests * self.part_at(now))

    def part_at(self, now: float) -> float:
        """How much of the limit is used."""
        # Counted so that nought seconds after the 429 gives what is below, and so does the whole way back.
        left: float = now - self.refused_at - _BACK_AFTER * ((1 - _SLOWER) * self.part) ** (1 / 3)
        back = min(left, _BACK_AFTER) / _BACK_AFTER
        return min(1.0, self.part + back * back * back)

    def until_next(self, now: float) -> float:
        return max(0.0, self.next - now)

    def take(self, now: float) -> None:
        """One goes now."""
        self.next = now + self.interval(now)

    def refused(self, now: float, passed: float) -> None:
        """One was refused, when no more than such a part of the limit is let through."""
        # All answers of one second are of one burst, of which each says more of how much is let through.
        if now - self.refused_at >= 1.0:
            self.part, self.refused_at = self.part_at(now), now
        self.part = max(min(self.part, passed), _SLOWEST / _SLOWER)
        self.next = max(self.next, now + self.interval(now))

    @property
    def state(self) -> tuple[float, float, float]:
        return self.next, self.part, self.refused_at

    def move(self, back: float) -> None:
        self.next -= back
        self.refused_at -= back


def _until_counted(sent: Collection[Sent], requests: float, now: float) -> float:
    """Seconds until no second can hold more than so many, whatever was long on its way."""
    most = ceil(requests)
    if len(sent) < most:
        return 0.0
    return max(0.0, sorted(each.by(now) for each in sent)[-most] + most / requests - now)


def _passed(sent: Iterable[Sent], requests: float, since: float) -> float:
    """The part of the limit that is let through, by what was sent since then, within a second; 1 where too few were."""
    recent = [each for each in sent if each.at > since]
    let_through = sum(each.counted is not None and not each.is_refused for each in recent)
    return let_through / ceil(requests) if len(recent) >= _TELLS else 1.0


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
    equals, whoever came first goes first. After a 429 they go slower, and come back within two minutes. Clients that
    share no limit draw 429s all the same: each learns of the others by nothing else.

    Args:
        requests: Requests a second, any number above 0: 2.5 is five in two seconds. 10 by default.

    Raises:
        ConfigurationError: that is not such a number.
    """

    __slots__ = ("__weakref__", "_answers", "_line", "_now", "_quickest", "_sent", "_tempo", "let_in", "requests")

    def __init__(self, requests: float = 10) -> None:
        self.requests: float = _rate(requests)
        self.let_in: CapacityLimiter = CapacityLimiter(_let_in(self.requests))
        self._now = -inf
        self._tempo = _Tempo(self.requests)
        # The last requests, and how long one of all took at the least, of how many.
        self._sent: deque[Sent] = deque(maxlen=_remembered(self.requests))
        self._quickest = inf
        self._answers = 0
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
            wait = self._until_next(now) + (ahead * self._tempo.interval(now) if ahead else 0.0)
            if wait <= 0:
                wait = self._take(ticket, now)
            if wait > 0:
                line.join(ticket)
                ticket.due = now + wait
                return wait
            line.leave(ticket)
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

    def written(self, ticket: Ticket, now: float) -> None:
        """Its request is being written to its connection."""
        with self._line.lock:
            now = self._moved_on(now)
            if ticket.sent is not None and ticket.sent.written is None:
                ticket.sent.written = now
                self._note(ticket.sent)

    def answered(self, ticket: Ticket, now: float, *, is_refused: bool) -> object:
        """Its request was answered; by a 429: then they go slower for a while."""
        sent = ticket.sent
        with self._line.lock:
            now = self._moved_on(now)
            if sent is not None and sent.counted is None:
                self._quickest = min(self._quickest, now - (sent.at if sent.written is None else sent.written))
                self._answers += 1
                sent.counted = now - self._back
                sent.is_refused = is_refused
                self._note(sent)
            if is_refused:
                self._refused(now)
        return None

    def _take(self, ticket: Ticket, now: float) -> float:
        """One goes now, and 0; or the seconds that it has to wait after all."""
        self._tempo.take(now)
        ticket.sent = Sent(now, counted_within(ticket.urgency))
        self._sent.append(ticket.sent)
        return 0.0

    def _note(self, sent: Sent) -> None:
        """What is known of it now, for others."""

    def _refused(self, now: float) -> None:
        self._tempo.refused(now, self._passed(self._sent, now))

    def _passed(self, sent: Iterable[Sent], now: float) -> float:
        """The same of the last second of which the answers are here."""
        return _passed(sent, self.requests, now - ceil(self.requests) / self.requests - self._back)

    @property
    def _back(self) -> float:
        """Seconds that an answer takes at the least after its request was counted."""
        return max(0.0, self._quickest - _OTHER_WAYS) if self._answers >= _KNOWN_AFTER else 0.0

    def _until_next(self, now: float) -> float:
        """Seconds until there is a place: by the tempo, and by what the service may have counted late."""
        return max(self._tempo.until_next(now), _until_counted(self._sent, self.requests, now))

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
            for sent in self._sent:
                sent.move(back)
            for ticket in self._line.all():
                ticket.due -= back
            self._now = now
        # Of two threads the one that looked at the clock first may come second: it still counts as later.
        self._now = max(now, self._now)
        return self._now

    def __repr__(self) -> str:
        return f"{type(self).__name__}({self.requests:g})"


_TABLES = """
    CREATE TABLE IF NOT EXISTS tempo (next REAL, part REAL, refused_at REAL);
    INSERT INTO tempo SELECT 0, 1, 0 WHERE NOT EXISTS (SELECT 1 FROM tempo);
    CREATE TABLE IF NOT EXISTS sent
        (row INTEGER PRIMARY KEY, at REAL, within REAL, written REAL, counted REAL, is_refused INTEGER);
"""


class _Row(Sent):
    """One that stands in the file, by the machine's clock, which is ahead of the client's by so much."""

    __slots__ = ("ahead", "row")

    def __init__(self, here: float, now: float, within: float) -> None:
        super().__init__(now, within)
        self.ahead: float = here - now
        self.row: int | None = None


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

    def _take(self, ticket: Ticket, now: float) -> float:
        def take(connection: sqlite3.Connection, tempo: _Tempo, here: float) -> float:
            rows = connection.execute("SELECT at, within, written, counted FROM sent")
            others = [Sent(*row) for row in rows]
            wait = max(tempo.until_next(here), _until_counted(others, self.requests, here))
            if wait <= 0:
                tempo.take(here)
                ticket.sent = sent = _Row(here, now, counted_within(ticket.urgency))
                if keep := _remembered(self.requests):
                    values = here, sent.within
                    sent.row = connection.execute("INSERT INTO sent (at, within) VALUES (?, ?)", values).lastrowid
                    connection.execute("DELETE FROM sent WHERE row <= ? - ?", (sent.row, keep))
            return wait

        return self._shared(now, take) or 0.0

    def _note(self, sent: Sent) -> None:
        import sqlite3

        connection = self._opened()
        # Not in the midst of what a signal handler came into.
        if isinstance(sent, _Row) and sent.row is not None and not connection.in_transaction:
            moments = (None if moment is None else moment + sent.ahead for moment in (sent.written, sent.counted))
            # What cannot be noted is not known to others, and no call fails for it: it is on its way.
            with suppress(sqlite3.Error):
                connection.execute(
                    "UPDATE sent SET written = ?, counted = ?, is_refused = ? WHERE row = ?",
                    (*moments, sent.is_refused, sent.row),
                )

    def _refused(self, now: float) -> None:
        def refuse(connection: sqlite3.Connection, tempo: _Tempo, here: float) -> None:
            rows = connection.execute("SELECT at, within, written, counted, is_refused FROM sent")
            sent = [Sent(*moments, is_refused=bool(is_refused)) for *moments, is_refused in rows]
            tempo.refused(here, self._passed(sent, here))

        self._shared(now, refuse)

    def _shared(self, now: float, do: Callable[[sqlite3.Connection, _Tempo, float], T]) -> T | None:
        """Does it with what all processes have in common; None where a signal handler came in between."""
        connection = self._opened()
        if connection.in_transaction:
            return None
        tempo = _Tempo(self.requests)
        connection.execute("BEGIN IMMEDIATE")
        try:
            # Looked at when it is one's turn: others may have gone while one waited for it.
            here = time.monotonic()
            [(tempo.next, tempo.part, tempo.refused_at)] = connection.execute("SELECT * FROM tempo")
            if max(tempo.next - _MARGIN / self.requests / _SLOWEST, tempo.refused_at) > here:
                # That was before the machine was started anew.
                tempo = _Tempo(self.requests)
                connection.execute("DELETE FROM sent")
            done = do(connection, tempo, here)
            connection.execute("UPDATE tempo SET next = ?, part = ?, refused_at = ?", tempo.state)
        finally:
            connection.execute("COMMIT")
        # What those who stand in line here are told is by the client's own clock.
        self._tempo.next, self._tempo.part, self._tempo.refused_at = tempo.state
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
                made.executescript(_TABLES)
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

    def written(self, ticket: Ticket, now: float) -> None:
        """Nothing: a pace is told of answers alone."""

    def answered(self, ticket: Ticket, now: float, *, is_refused: bool) -> object:
        """Its request was answered. What is returned may have to be awaited."""
        return self.pace.refused() if is_refused else None

    def __repr__(self) -> str:
        return repr(self.pace)


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


def _remembered(requests: float) -> int:
    """Of how many requests one remembers when they went: those that may be counted in this second, or were in the last.

    None, where they are too many to look at each.
    """
    return ceil((1 + COUNTED_AFTER) * requests) if requests <= _COUNTED else 0


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
