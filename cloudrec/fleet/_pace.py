"""`DatabasePace`: the rate limit of all workers of a fleet, in its database; `FleetLimit`: a worker's line for it."""

from __future__ import annotations

import time
from collections import deque
from collections.abc import Awaitable, Callable
from contextlib import suppress
from math import ceil, inf
from typing import Any, Final

from .._call.line import Sent, Ticket, counted_within
from .._call.rate import Paced
from ..errors import FleetDatabaseError, FleetError
from ._rows import MARGIN
from ._store import Fenced, Store

# Seconds by which a request may be late: half of what the margin leaves in a second.
_LATE: Final = 0.05
# Seconds after which this process may have stood still, and others may have taken over what it holds.
_STOOD_STILL: Final = 5.0
# Seconds for which a worker may have moments ahead of others, that have something more urgent perhaps.
_AHEAD: Final = 0.1
# After so many answers one knows how long they take at the least; and of that so many seconds may be the request's way.
_KNOWN_AFTER, _OTHER_WAYS = 20, 0.02


class DatabasePace:
    """When this worker's next request may go: each asks for a moment, waits for it, and asks for the next one then.

    So workers take turns, and in each the most urgent goes first. Where many wait and the limit is high, one asks for
    several moments at once. Who was taken for dead gets none.
    """

    def __init__(self, store: Store, query: Callable[..., Awaitable[Any]], worker: str, requests: float) -> None:
        self._store = store
        self._query = query
        self._worker = worker
        self._requests = requests
        self._interval = MARGIN / requests
        # Numbers and moments that this worker has, and nobody has gone at yet.
        self._moments: deque[tuple[int, float]] = deque()
        self._was_late = False
        self.waiting: Callable[[], int] = lambda: 1
        """How many stand in line here."""
        self.gone: tuple[int, float] | None = None
        """The number and the moment of the request that was let go last, until somebody takes that for its own."""

    async def take(self) -> float:
        """See :class:`cloudrec.Pace`."""
        now, missed = time.monotonic(), False
        # A moment that was missed is given up for another, as two requests would come close together; once, since in a
        # loop that is always late all of them are, by as much.
        late = _STOOD_STILL if self._was_late else _LATE
        while self._moments and now - self._moments[0][1] > late:
            self._moments.popleft()
            missed = True
        if not self._moments:
            self._was_late = missed
            most = max(1, min(self.waiting(), int(_AHEAD / self._interval)))
            try:
                number, wait, interval = await self._query(
                    self._store.next_requests, self._worker, self._interval, most
                )
            except Fenced as fenced:
                # Here it may be a call of somebody's own, on the client of the fleet.
                raise FleetError(f"{fenced}; it begins anew", retryable=True) from None
            first = time.monotonic() + wait
            self._moments.extend((number + place, first + place * interval) for place in range(most))
            if wait > 0:
                return float(wait)
        elif self._moments[0][1] > now:
            return self._moments[0][1] - now
        self.gone, self._was_late = self._moments.popleft(), False
        return 0.0

    async def refused(self) -> None:
        """See :class:`cloudrec.Pace`."""
        await self._query(self._store.refused, self._interval)

    async def counted(self, number: int, moment: float, by: float) -> None:
        """The service has counted that request by then, long after its moment: others bear it in mind."""
        most = ceil(self._requests)
        # Less than what the margin leaves in so many of them does no harm.
        if by - moment > most * self._interval - most / self._requests:
            ago = time.monotonic() - by
            await self._query(self._store.counted, number, ago, most, most / self._requests)

    def __repr__(self) -> str:
        return f"DatabasePace({self._requests:g})"


class _Slot(Sent):
    """A request that has the moment of that number."""

    __slots__ = ("slot",)

    def __init__(self, slot: int, moment: float, within: float) -> None:
        super().__init__(moment, within)
        self.slot: int = slot


class FleetLimit(Paced):
    """A worker's line for the pace, which looks after what was long on its way.

    The service counts what arrives in a second, and not what was sent: one that arrives late is counted with those
    that were sent after it.
    """

    __slots__ = ("_answers", "_quickest", "_shared")

    def __init__(self, pace: DatabasePace) -> None:
        super().__init__(pace)
        self._shared = pace
        pace.waiting = self._line.size
        self._quickest = inf
        self._answers = 0

    def leave(self, ticket: Ticket) -> None:
        """See `Paced`. Who leaves the line at once when it was let go has the moment that the pace has given."""
        if self._shared.gone is not None:
            (number, moment), self._shared.gone = self._shared.gone, None
            ticket.sent = _Slot(number, moment, counted_within(ticket.urgency))
        super().leave(ticket)

    def written(self, ticket: Ticket, now: float) -> None:
        """See `Paced`."""
        if ticket.sent is not None and ticket.sent.written is None:
            ticket.sent.written = time.monotonic()

    def answered(self, ticket: Ticket, now: float, *, is_refused: bool) -> object:
        """See `Paced`."""
        return self._answered(ticket.sent, is_refused=is_refused)

    async def _answered(self, sent: Sent | None, *, is_refused: bool) -> None:
        here = time.monotonic()
        # It is answered: what cannot be told to others meanwhile takes nothing of that away.
        with suppress(FleetDatabaseError):
            if isinstance(sent, _Slot) and sent.counted is None:
                self._quickest = min(self._quickest, here - (sent.at if sent.written is None else sent.written))
                self._answers += 1
                back = max(0.0, self._quickest - _OTHER_WAYS) if self._answers >= _KNOWN_AFTER else 0.0
                sent.counted = here - back
                await self._shared.counted(sent.slot, sent.at, sent.by(here))
            if is_refused:
                await self._shared.refused()
