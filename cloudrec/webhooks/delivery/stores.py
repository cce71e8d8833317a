"""`Store` and `MemoryStore`: which notices were met."""

from collections import OrderedDict
from enum import Enum
from threading import Lock
from typing import Protocol

from ..._io.forks import in_child
from ..._numbers import whole


class Met(Enum):
    """What is known of a notice."""

    NEW = "new"
    """It was not met before, or whoever began with it gave up. It is taken now."""
    BUSY = "busy"
    """Somebody has begun with it."""
    DONE = "done"
    """It is done with."""


class Store(Protocol):
    """What a store does. Times are seconds since 1970, and every method is one step that nobody comes between.

    In Redis, for example, `begin` is a ``SET key busy NX EX …`` and, where that fails, a ``GET``; `finish` is a
    ``SET key done EX …``, and `forget` a ``DEL`` in a script that first looks whether it is busy.
    """

    def begin(self, key: str, now: float, until: float) -> Met:
        """What is known of the key. If nothing is, or what was is past its time: takes it until then, and says NEW."""
        ...

    def finish(self, key: str, until: float) -> None:
        """From now on, and until then, the key is DONE."""
        ...

    def forget(self, key: str) -> None:
        """From now on nothing is known of the key, if it is BUSY. What is DONE stays so: somebody else has done it."""
        ...


class MemoryStore:
    """Keeps it in memory: for one process, until it ends. May be shared by threads. A forked process has a copy.

    Args:
        most: Notices that are kept at the most, 100,000 by default (some 20 MB). Then the oldest go, and of
            those that are being handled none before the others.

    Raises:
        ConfigurationError: ``most`` is not a whole number from 1.
    """

    def __init__(self, most: int = 100_000) -> None:
        self._most = whole("most", most)
        # The order in each is that of the last change.
        self._known: dict[Met, OrderedDict[str, float]] = {Met.DONE: OrderedDict(), Met.BUSY: OrderedDict()}
        self._begin_anew()
        in_child(self._begin_anew)

    def _begin_anew(self) -> None:
        self._lock = Lock()  # what it guards is whole after each step of the methods below

    def begin(self, key: str, now: float, until: float) -> Met:
        """Notes in memory that a notice is being worked on; what was known of it before."""
        with self._lock:
            for met, known in self._known.items():
                if known.get(key, now) > now:
                    return met
            self._put(key, Met.BUSY, until)
            # What is past its time goes as it comes to the front.
            for known in self._known.values():
                while known and next(iter(known.values())) <= now:
                    known.popitem(last=False)
            return Met.NEW

    def finish(self, key: str, until: float) -> None:
        """Notes in memory that a notice is done with."""
        with self._lock:
            self._put(key, Met.DONE, until)

    def forget(self, key: str) -> None:
        """Takes a notice out again: it is to be worked on once more."""
        with self._lock:
            self._known[Met.BUSY].pop(key, None)

    def _put(self, key: str, met: Met, until: float) -> None:
        # First into its new place, then out of its old one: a process may be forked in between.
        self._known[met][key] = until
        self._known[met].move_to_end(key)
        self._known[Met.BUSY if met is Met.DONE else Met.DONE].pop(key, None)
        if len(self) > self._most:
            # Of what is being handled a copy would do more harm.
            (self._known[Met.DONE] or self._known[Met.BUSY]).popitem(last=False)

    def __len__(self) -> int:
        return sum(map(len, self._known.values()))
