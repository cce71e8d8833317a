"""`DatabasePace`: the rate limit of all workers of a fleet, in its database."""

from __future__ import annotations

import time
from collections.abc import Awaitable, Callable
from typing import Any

from ..errors import FleetError
from ._rows import MARGIN
from ._store import Fenced, Store

# Seconds by which a request may be late: half of what the margin leaves in a second.
_LATE = 0.05


class DatabasePace:
    """When this worker's next request may go: each asks for a moment, waits for it, and asks for the next one then.

    So workers take turns, and in each the most urgent goes first. Who was taken for dead gets none.
    """

    def __init__(self, store: Store, query: Callable[..., Awaitable[Any]], worker: str, requests: float) -> None:
        self._store = store
        self._query = query
        self._worker = worker
        self._interval = MARGIN / requests
        self._goes_at: float | None = None
        self._was_late = False

    async def take(self) -> float:
        """See :class:`cloudrec.Pace`."""
        now, goes_at = time.monotonic(), self._goes_at
        # A moment that was missed is given up for another, as two requests would come close together; once, since in a
        # loop that is always late all of them are, by as much.
        if goes_at is None or (now - goes_at > _LATE and not self._was_late):
            self._was_late = goes_at is not None
            try:
                wait = await self._query(self._store.next_request, self._worker, self._interval)
            except Fenced as fenced:
                # Here it may be a call of somebody's own, on the client of the fleet.
                raise FleetError(f"{fenced}; it begins anew", retryable=True) from None
            self._goes_at = goes_at = time.monotonic() + wait
            if wait > 0:
                return float(wait)
        elif goes_at > now:
            return goes_at - now
        self._goes_at, self._was_late = None, False
        return 0.0

    async def refused(self) -> None:
        """See :class:`cloudrec.Pace`."""
        await self._query(self._store.refused, self._interval)

    def __repr__(self) -> str:
        return f"DatabasePace({1 / self._interval * MARGIN:g})"
