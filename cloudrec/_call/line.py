"""Line of those who wait to send: the most urgent first, then in order. Nothing here waits."""

from bisect import bisect_left
from collections.abc import Callable
from contextlib import suppress
from enum import IntEnum
from itertools import count
from operator import attrgetter
from threading import RLock

from .._io.forks import in_child


class Urgency(IntEnum):
    """What goes before what, where not all can go at once."""

    STOP = 0
    """What ends a recording: nothing else costs as much when it comes late."""
    CHANGE = 1
    """What was begun already: a resource ID waits for its start for five minutes at the most."""
    CONFIRM = 2
    """What shows that a recording runs, which is stopped where that is not seen in time."""
    ASK = 3
    """What somebody waits to know."""
    BEGIN = 4
    """What could begin later as well."""
    WATCH = 5
    """What nobody waits for."""


_URGENCIES = {
    "stop": Urgency.STOP,
    "start": Urgency.CHANGE,
    "update": Urgency.CHANGE,
    "updateLayout": Urgency.CHANGE,
    "acquire": Urgency.BEGIN,
}


def counted_within(urgency: int) -> float:
    """Seconds within which a request of this kind is taken to be counted."""
    return _COUNTED_SOON if urgency in (Urgency.STOP, Urgency.CHANGE) else _COUNTED_WITHIN


def urgency_of(endpoint: str) -> Urgency:
    """How urgent a call of this endpoint is."""
    return _URGENCIES.get(endpoint, Urgency.ASK)


# A request is written within so many seconds of its leave, since the first ones wait for a connection; and the service
# counts it within so many of that. Where it may work for long before it answers, as at a start or a stop, the answer
# says less, and is not waited for so long.
_WRITTEN_WITHIN, _COUNTED_WITHIN, _COUNTED_SOON = 3.0, 3.0, 0.5
COUNTED_AFTER = _WRITTEN_WITHIN + _COUNTED_WITHIN
"""Seconds from its leave until a request is counted, at the most."""


class Sent:
    """A request that may go: when that was, when it was written, and when the service has counted it at the latest."""

    __slots__ = ("at", "counted", "is_refused", "within", "written")

    def __init__(
        self,
        at: float,
        within: float,
        written: float | None = None,
        counted: float | None = None,
        *,
        is_refused: bool = False,
    ) -> None:
        self.at: float = at
        self.within: float = within
        """Seconds from when it is written until it is counted, at the most."""
        self.written: float | None = written
        self.counted: float | None = counted
        """None as long as there is no answer."""
        self.is_refused: bool = is_refused
        """Whether that was a 429."""

    def by(self, now: float) -> float:
        """When it is counted at the latest, as far as is known now."""
        last = self.at + _WRITTEN_WITHIN if self.written is None else self.written + self.within
        return min(last, now if self.counted is None else self.counted)

    def move(self, back: float) -> None:
        """Back by so many seconds, with the clock."""
        self.at -= back
        self.written = None if self.written is None else self.written - back
        self.counted = None if self.counted is None else self.counted - back


class Ticket:
    """One who wants to go. It may stand in several lines, one after the other."""

    __slots__ = ("due", "number", "sent", "urgency", "wake")

    def __init__(self, urgency: int) -> None:
        self.urgency: int = urgency
        self.number: int = 0
        self.due: float = 0.0
        """When it will look again by itself."""
        self.wake: Callable[[], object] = _nobody
        """Makes it look again now. May be called from any thread."""
        self.sent: Sent | None = None
        """Its last request."""


def _nobody() -> None:
    pass


_NUMBER = attrgetter("number")


class Line:
    """Tickets in their order.

    Whoever uses one holds its lock. Its own thread may come in again meanwhile, by a signal handler, and has left when
    it returns: so each step below holds whatever was done inside of it.
    """

    __slots__ = ("__weakref__", "_by_urgency", "_members", "_numbers", "lock")

    def __init__(self) -> None:
        self._begin_anew()
        in_child(self._begin_anew)

    def _begin_anew(self) -> None:
        self._by_urgency: list[list[Ticket]] = [[] for _ in Urgency]
        self._members: set[Ticket] = set()
        self._numbers = count(1)
        self.lock = RLock()

    def join(self, ticket: Ticket) -> None:
        """Last among those of its urgency. One that stands in it already keeps its place."""
        if ticket not in self._members:
            ticket.number = next(self._numbers)
            self._members.add(ticket)
            self._by_urgency[ticket.urgency].append(ticket)

    def has(self, ticket: Ticket) -> bool:
        """Whether it stands in it. May be asked without the lock, by who alone puts it there."""
        return ticket in self._members

    def leave(self, ticket: Ticket) -> bool:
        """Out of it; whether it was in it."""
        if ticket not in self._members:
            return False
        self._members.discard(ticket)
        with suppress(ValueError):
            self._by_urgency[ticket.urgency].remove(ticket)
        return True

    def ahead(self, ticket: Ticket) -> int:
        """How many go before it; where it does not stand in line, how many would."""
        if not self._members:
            return 0
        *urgent, equals = self._by_urgency[: ticket.urgency + 1]
        return sum(map(len, urgent)) + (
            bisect_left(equals, ticket.number, key=_NUMBER) if ticket in self._members else len(equals)
        )

    def first(self) -> Ticket | None:
        """Whose turn is next."""
        return next((waiting[0] for waiting in self._by_urgency if waiting), None) if self._members else None

    def size(self) -> int:
        """How many stand in it. May be asked without the lock."""
        return len(self._members)

    def all(self) -> list[Ticket]:
        """Everyone who stands in it."""
        return list(self._members)


class CapacityLimiter:
    """So many may be under way at once; who comes when all are taken waits in line."""

    __slots__ = ("__weakref__", "_line", "_most", "_taken")

    def __init__(self, most: int) -> None:
        self._most = most
        self._line = Line()
        self._begin_anew()
        in_child(self._begin_anew)

    def _begin_anew(self) -> None:
        self._taken: dict[Ticket, int | None] = {}

    def take(self, ticket: Ticket, thread: int | None = None) -> bool:
        """Whether it has a place now. If not, it stands in line, and is woken when there may be one for it.

        The thread, if the caller is one, gets a place in any case where it has one already: that call was interrupted
        by a signal handler, and goes on after this one.
        """
        with self._line.lock:
            interrupted = thread is not None and thread in self._taken.values()
            if not interrupted and self._line.ahead(ticket) >= self._most - len(self._taken):
                self._line.join(ticket)
                return False
            self._taken[ticket] = thread
            self._line.leave(ticket)
            following = self._following()
        if following is not None:
            following.wake()
        return True

    def ahead(self, ticket: Ticket) -> int:
        """How many go before it."""
        with self._line.lock:
            return self._line.ahead(ticket)

    def has(self, ticket: Ticket) -> bool:
        """Whether it has a place."""
        return ticket in self._taken

    def give(self, ticket: Ticket) -> None:
        """Gives its place back, or its place in line; nothing, where it has neither."""
        with self._line.lock:
            self._line.leave(ticket)
            self._taken.pop(ticket, None)
            following = self._following()
        if following is not None:
            following.wake()

    def _following(self) -> Ticket | None:
        # One at a time: each that takes its place wakes the next.
        return self._line.first() if len(self._taken) < self._most else None

    def wake_all(self) -> None:
        """All who wait look again."""
        with self._line.lock:
            waiting = self._line.all()
        for ticket in waiting:
            ticket.wake()
