"""`DatabasePace`: the rate limit of all workers of a fleet, in its database."""

from __future__ import annotations

import time
from collections.abc import Awaitable, Callable
from typing import Any

from .store import MARGIN, Store


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

    async def take(self) -> float:
        """See :class:`cloudrec.Pace`."""
        now, goes_at = time.monotonic(), self._goes_at
        # A moment that was missed is not used: two requests would come close together.
        if goes_at is None or now - goes_at > self._interval / 4:
            wait = await self._query(self._store.next_request, self._worker, self._interval)
            now = time.monotonic()
            self._goes_at = goes_at = now + wait
        if goes_at > now:
            return goes_at - now
        self._goes_at = None
        return 0.0

    async def refused(self) -> None:
        """See :class:`cloudrec.Pace`."""
        await self._query(self._store.refused, self._interval)

    def __repr__(self) -> str:
        return f"DatabasePace({1 / self._interval * MARGIN:g})"
