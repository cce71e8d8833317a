"""`Ordered`: events back in their order. Nothing here waits, and what is held has bounds."""

import time
from collections import OrderedDict, deque
from collections.abc import Callable
from heapq import heappop, heappush
from itertools import count
from math import inf
from threading import Lock
from typing import NamedTuple

from ..._io.forks import in_child
from ..._numbers import checked_clock, seconds, time_of, whole
from ...errors import ConfigurationError
from .._events import Event


class Placed(NamedTuple):
    """An event whose turn it is."""

    event: Event
    """The event."""
    missed: int = 0
    """How many places before it were passed over, since nothing came for them in time."""
    late: bool = False
    """True if its own place was passed over, or taken, before it came."""


class _Held(NamedTuple):
    sequence: int
    number: int  # of two events for one place, the first to come goes first
    event: Event


class _Line:
    """The events of one recording."""

    __slots__ = ("held", "next")

    def __init__(self) -> None:
        self.next = 0
        self.held: list[_Held] = []

    def release(self, up_to: float = -1) -> list[Placed]:
        """Whose turn it is: those without a gap before them, and all up to a place."""
        out = []
        while self.held and self.held[0].sequence <= max(self.next, up_to):
            first = heappop(self.held)
            out.append(Placed(first.event, missed=max(0, first.sequence - self.next)))
            self.next = max(self.next, first.sequence + 1)
        return out


class _Arrival(NamedTuple):
    """An event that was held when it came."""

    at: float
    line: _Line
    sequence: int

    @property
    def still_held(self) -> bool:
        """Whether it has not gone out since."""
        return self.line.next <= self.sequence


class Ordered:
    """Puts the events of each recording in the order of their ``sequence``.

    An event that comes before its turn is held until those before it have come, and no longer than ``wait`` seconds:
    then the gap is passed over. What comes for a place after that is given out at once, marked ``late``; no event is
    lost. An event without ``sid`` or ``sequence`` is given out at once. ::

        ordered = Ordered(wait=5)
        for event, missed, late in ordered.push(event):
            handle(event)

    It starts nothing by itself: each :meth:`push` also gives out what has been held for too long, and where no event
    may come for a while, call :meth:`due` every now and then. The adapters do so. An application that is not subscribed
    to every kind of event sees gaps that nothing fills; each of them costs ``wait`` seconds.

    It does not recognise repeats: that is what :class:`Deduplicator` is for, and comes first. May be shared by threads,
    not by processes: where a server runs several, each of them sees gaps where the others' events are. Let one process
    receive webhooks then. A forked process begins with nothing held: what is held is its parent's.

    Args:
        wait: Seconds that an event is held at the most, 5 by default.
        recordings: Recordings that are followed at once, 1000 by default. When there are more, the one that has been
            silent for the longest is given out and forgotten.
        held: Events that are held of one recording at the most, 1000 by default.
        clock: What time it is, in seconds from anywhere.

    Raises:
        ConfigurationError: one of them is not a number from its range.
    """

    def __init__(
        self,
        *,
        wait: float = 5.0,
        recordings: int = 1000,
        held: int = 1000,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._wait = seconds("wait", wait)
        self._recordings = whole("recordings", recordings)
        self._most = whole("held", held)
        self._clock = checked_clock(clock)
        self._begin_anew()
        in_child(self._begin_anew)

    def _begin_anew(self) -> None:
        self._lines: OrderedDict[str, _Line] = OrderedDict()
        self._arrivals: deque[_Arrival] = deque()
        self._number = count()
        self._lock = Lock()

    def push(self, event: Event, now: float | None = None) -> list[Placed]:
        """Takes an event; gives out everything whose turn it is.

        Args:
            event: The event.
            now: What time it is; by default the clock says.

        Raises:
            ConfigurationError: one of them is not what it must be.
        """
        at = self._now(now)
        if not isinstance(event, Event):
            raise ConfigurationError(f"event: of type {type(event).__name__} (must be an Event)")
        sid, sequence = event.sid, event.sequence
        with self._lock:
            out = self._due(at)
            if sid is None or sequence is None:
                return [*out, Placed(event)]
            line = self._lines.setdefault(sid, _Line())
            self._lines.move_to_end(sid)
            if sequence < line.next:
                return [*out, Placed(event, late=True)]
            heappush(line.held, _Held(sequence, next(self._number), event))
            out += line.release(line.held[0].sequence if len(line.held) > self._most else -1)
            if (arrival := _Arrival(at, line, sequence)).still_held:
                self._arrivals.append(arrival)
            if len(self._lines) > self._recordings:
                _, silent = self._lines.popitem(last=False)
                out += silent.release(inf)
            return out

    def due(self, now: float | None = None) -> list[Placed]:
        """What has been held for too long, with what it held up.

        Args:
            now: What time it is; by default the clock says.
        """
        at = self._now(now)
        with self._lock:
            return self._due(at)

    def due_in(self, now: float | None = None) -> float | None:
        """Seconds until :meth:`due` has something to give out; None while nothing is held.

        Args:
            now: What time it is; by default the clock says.
        """
        at = self._now(now)
        with self._lock:
            self._drop_gone()
            return max(0.0, self._arrivals[0].at + self._wait - at) if self._arrivals else None

    def flush(self) -> list[Placed]:
        """Everything that is held, whether or not it is its turn: before the program ends."""
        with self._lock:
            return [placed for line in self._lines.values() for placed in line.release(inf)]

    def _now(self, given: float | None) -> float:
        return self._clock() if given is None else time_of("now", given)

    def _due(self, now: float) -> list[Placed]:
        out = []
        self._drop_gone()
        while self._arrivals and self._arrivals[0].at + self._wait <= now:
            late = self._arrivals.popleft()
            out += late.line.release(late.sequence)
            self._drop_gone()
        return out

    def _drop_gone(self) -> None:
        while self._arrivals and not self._arrivals[0].still_held:
            self._arrivals.popleft()
