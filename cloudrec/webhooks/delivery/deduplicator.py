"""`Deduplicator`: whether a notice was met before; they repeat after a bad answer, and at times by themselves."""

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from ..._numbers import checked_clock, seconds
from ...errors import ConfigurationError
from .._events import Notice
from .stores import MemoryStore, Met, Store

_STORE = ("begin", "finish", "forget")


class Deduplicator:
    """Tells which notices were met before, by their ``noticeId``.

    ::

        deduplicator = Deduplicator(SQLiteStore("notices.db"))
        with deduplicator.once(event) as new:
            if new:
                handle(event)

    A notice is done with when the block ends, and not if an exception leaves it: then the same notice is new when it
    comes again. Where a process dies inside of the block, it is new after ``lease`` seconds. So a notice that is sent
    until it is handled is handled at least once, and more than once only after a failure.

    May be shared by threads, and by processes if the store is.

    Args:
        store: Where it is kept; by default in memory.
        keep: Seconds for which a notice is known, 7 days by default. The service repeats notices for minutes.
        lease: Seconds that handling a notice takes at the most, 60 by default. The service waits 10 seconds for an
            answer: a handler that just keeps to that, or a little more, must not have its notice taken from it.
        clock: What time it is, in seconds since 1970.

    Raises:
        ConfigurationError: ``keep`` or ``lease`` is not a number above 0 and up to 1,000,000,000, the store is none, or
            the clock is no function.
    """

    def __init__(
        self,
        store: Store | None = None,
        *,
        keep: float = 7 * 86400.0,
        lease: float = 60.0,
        clock: Callable[[], float] = time.time,
    ) -> None:
        self._store: Store = MemoryStore() if store is None else store
        if missing := [name for name in _STORE if not callable(getattr(self._store, name, None))]:
            raise ConfigurationError(f"store: {type(store).__name__} (must have the methods {', '.join(missing)})")
        self.keep: float = seconds("keep", keep)
        self._lease = seconds("lease", lease)
        self._clock = checked_clock(clock)

    @contextmanager
    def once(self, notice: Notice) -> Iterator[bool]:
        """True if the notice was not met before. It is done with at the end of the block, unless that raises.

        False as well where another thread or process is about to handle it.
        """
        new = self.begin(notice) is Met.NEW
        try:
            yield new
        except BaseException:
            if new:
                self.failed(notice)
            raise
        if new:
            self.done(notice)

    def first_time(self, notice: Notice) -> bool:
        """Whether the notice was not met before; from now on it was. For what may be lost rather than done twice."""
        new = self.begin(notice) is Met.NEW
        if new:
            self.done(notice)
        return new

    def begin(self, notice: Notice, *, lease: float | None = None) -> Met:
        """What is known of the notice. After NEW, say whether you are :meth:`done` with it or :meth:`failed`.

        A notice without an ID, which the service does not send, is always new.

        Args:
            notice: The notice.
            lease: Seconds until it is new again if nothing is said, where that is not the deduplicator's.

        Raises:
            ConfigurationError: ``lease`` is not a number above 0 and up to 1,000,000,000, or the clock told no time.
        """
        if not isinstance(notice, Notice):
            raise ConfigurationError(f"notice: of type {type(notice).__name__} (must be what receive gives)")
        within = self._lease if lease is None else seconds("lease", lease)
        if notice.notice_id is None:
            return Met.NEW
        now = self._clock()
        return self._store.begin(notice.notice_id, now, now + within)

    def done(self, notice: Notice) -> None:
        """The notice is done with."""
        if notice.notice_id is not None:
            self._store.finish(notice.notice_id, self._clock() + self.keep)

    def failed(self, notice: Notice) -> None:
        """The notice could not be handled: it is new when it comes again, unless somebody has done it meanwhile."""
        if notice.notice_id is not None:
            self._store.forget(notice.notice_id)
