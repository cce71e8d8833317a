"""How many requests a second, and who goes first."""

from bisect import insort

from .._numbers import whole
from .line import Line, Ticket

# Seconds by which one is late that does not look again: its event loop stands still. Others need not wait for it.
_LOST_AFTER = 5.0


class RateLimit:
    """So many requests in any second, for everyone who shares it: threads, tasks, and clients of either kind.

    The service counts 10 a second for each App ID, so clients of one App ID share one::

        limit = RateLimit(10)
        here = CloudRecording(app_id, credential, area=Area.EU, rate_limit=limit)
        there = AsyncCloudRecording(app_id, credential, area=Area.EU, rate_limit=limit)

    A place is taken by who goes, and not before: who gives up waiting leaves nothing behind. A stop goes first; then
    what changes a recording, what asks for its state, what begins one, and last the queries of ``watch``. Among equals,
    whoever came first goes first.

    Args:
        requests: Requests in any second, a whole number from 1. 10 by default.

    Raises:
        ConfigurationError: that is not such a number.
    """

    __slots__ = ("__weakref__", "_line", "_now", "_slots", "requests")

    def __init__(self, requests: int = 10) -> None:
        self.requests: int = whole("rate_limit", requests, otherwise=", or None for no limit")
        # When requests went, of the last second; in order.
        self._slots: list[float] = []
        self._now = float("-inf")
        self._line = Line()

    def ask(self, ticket: Ticket, now: float) -> float:
        """Whether it may go now: then 0, and it has gone. Else it stands in line, and is told how many seconds to wait.

        Those who are more urgent may come in between; so it asks again after that time, or when it is woken.
        """
        line = self._line
        with line.lock:
            now = self._moved_on(now)
            self._forget_the_lost(now)
            wait = self._turn(line.ahead(ticket), now) - now
            if wait > 0:
                line.join(ticket)
                ticket.due = now + wait
                return wait
            insort(self._slots, now)
            del self._slots[: -self.requests]
            line.leave(ticket)
            following = self._following(now)
        if following is not None:
            following.wake()
        return 0.0

    def leave(self, ticket: Ticket) -> None:
        """Gives its place in line to those behind it; nothing, where it has none."""
        with self._line.lock:
            following = self._following(self._now) if self._line.leave(ticket) else None
        if following is not None:
            following.wake()

    def _turn(self, ahead: int, now: float) -> float:
        """When it is the turn of one with so many before it."""
        seconds, place = divmod(ahead, self.requests)
        place -= self.requests - len(self._slots)
        return (max(now, self._slots[place] + 1.0) if place >= 0 else now) + seconds

    def _following(self, now: float) -> Ticket | None:
        """The next one, where it would look again too late. It wakes the one behind it when it goes."""
        first = self._line.first()
        return first if first is not None and first.due > self._turn(0, now) else None

    def _moved_on(self, now: float) -> float:
        if now < self._now - 1.0:
            # The clock went backwards: what went by the old time would be waited for very long. It moves with the
            # clock, as if no time had passed.
            back = self._now - now
            self._slots = [slot - back for slot in self._slots]
            for ticket in self._line.all():
                ticket.due -= back
            self._now = now
        # Of two threads the one that looked at the clock first may come second: it still counts as later.
        self._now = max(now, self._now)
        return self._now

    def _forget_the_lost(self, now: float) -> None:
        first = self._line.first()
        if first is not None and first.due < now - _LOST_AFTER:
            # If it ever asks again it is last of its kind.
            self._line.leave(first)

    def __repr__(self) -> str:
        return f"RateLimit({self.requests})"
