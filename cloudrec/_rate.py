"""How many requests a second."""

from collections import deque
from threading import Lock

from ._numbers import whole


class RateLimit:
    """So many requests in any second, for everyone who shares it: threads, tasks, and clients of either kind.

    The service counts 10 a second for each App ID, so clients of one App ID share one::

        limit = RateLimit(10)
        here = CloudRecording(app_id, credential, area=Area.EU, rate_limit=limit)
        there = AsyncCloudRecording(app_id, credential, area=Area.EU, rate_limit=limit)

    Whoever comes first is let through first.

    Args:
        requests: Requests in any second, a whole number from 1. 10 by default.

    Raises:
        ConfigurationError: that is not such a number.
    """

    __slots__ = ("_lock", "_now", "_slots", "requests")

    def __init__(self, requests: int = 10) -> None:
        self.requests: int = whole("rate_limit", requests, otherwise=", or None for no limit")
        self._slots: deque[float] = deque(maxlen=self.requests)
        self._now = float("-inf")
        self._lock = Lock()

    def reserve(self, now: float, latest: float) -> float | None:
        """Takes the next free place: how many seconds to wait for it. None, and no place, if it is after ``latest``."""
        with self._lock:
            if now < self._now - 1.0:
                # The clock went backwards: places taken by the old time would be waited for very long. They move
                # with it, as if no time had passed.
                back = self._now - now
                self._slots = deque([slot - back for slot in self._slots], maxlen=self.requests)
                self._now = now
            # Of two threads the one that looked at the clock first may come second: it still counts as later.
            self._now = max(now, self._now)
            slot = self._now if len(self._slots) < self.requests else max(self._now, self._slots[0] + 1.0)
            if slot > latest:
                return None
            self._slots.append(slot)
            return slot - now

    def free_in(self, now: float) -> float:
        """Seconds until a place is free. None is taken."""
        with self._lock:
            if len(self._slots) < self.requests or now < self._now - 1.0:
                return 0.0
            return max(0.0, self._slots[0] + 1.0 - now)

    def __repr__(self) -> str:
        return f"RateLimit({self.requests})"
