"""What arrived: one record for each call, the latest of them kept."""

from __future__ import annotations

import threading
from collections import OrderedDict
from dataclasses import dataclass, field, replace
from typing import Any

from ..._io.forks import in_child
from ..world.clock import Millis
from .faults import Fault


@dataclass(frozen=True)
class RecordedCall:
    """One call as it stood at one moment. It holds no secrets: neither headers nor bodies."""

    number: int
    """1 for the first call that ever arrived."""
    endpoint: str
    """The operation, by its name in the contract; "" for a path that is none."""
    host: int
    """Which of the emulator's hosts it came to."""
    cname: str = ""
    """Channel of its recorder; "" where it names none."""
    uid: str = ""
    """User ID of its recorder; "" where it names none."""
    sid: str = ""
    """Recording that it is about; "" where it names none."""
    resource_id: str = field(default="", repr=False)
    """Resource ID that it names, or was given; "" where there is none."""
    fault: Fault | None = None
    """What it met."""
    handled: int | None = None
    """What the service answered, whether or not the caller was told; None where it was not asked."""
    status: int | None = None
    """What the caller was told; None where there was no answer, or is none yet."""

    @property
    def took_effect(self) -> bool:
        """Whether the service did what it was asked. Being told that a recording runs already is no effect."""
        return self.handled in {200, 206}


@dataclass(repr=False)
class Bodies:
    """What went over the wire with a call, secrets and all: shown nowhere as it is."""

    method: str
    path: str
    #: When it arrived, by the emulator's clock.
    arrived: Millis
    #: Of two things of one moment, the lesser one came first.
    turn: int
    sent: bytes = b""
    #: What the service answered, and what the caller was told: another thing, or None, where there was a fault.
    answered: bytes | None = None
    told: bytes | None = None


#: How much of a body is kept. A start with everything in it stays below 30 kB.
BODY_KEPT = 32 * 1024


class CallLog:
    """The latest calls, in the order of arrival."""

    def __init__(self, keep: int) -> None:
        self._keep = keep
        self._bodies: dict[int, Bodies] = {}
        #: Grows with all that becomes known.
        self.changes: int = 0
        self._number = 0
        self._calls: OrderedDict[int, RecordedCall] = OrderedDict()
        self._begin_anew()
        in_child(self._begin_anew)

    def _begin_anew(self) -> None:
        self._lock = threading.Lock()

    def add(self, bodies: Bodies, **call: Any) -> int:
        """A call arrived; its number."""
        with self._lock:
            self._number += 1
            self.changes += 1
            self._calls[self._number] = RecordedCall(self._number, **call)
            self._bodies[self._number] = bodies
            if len(self._calls) > self._keep:
                oldest, _ = self._calls.popitem(last=False)
                del self._bodies[oldest]
            return self._number

    def note(self, number: int, **news: Any) -> None:
        """Something became known about a call."""
        with self._lock:
            if number in self._calls:  # it may have been pushed out by later ones
                self._calls[number] = replace(self._calls[number], **news)
            self.changes += 1

    def clear(self) -> None:
        """Keep none. Numbers go on."""
        with self._lock:
            self._calls.clear()
            self._bodies.clear()
            self.changes += 1

    def with_bodies(self) -> list[tuple[RecordedCall, Bodies]]:
        """All that are kept, each with what went over the wire."""
        with self._lock:
            return [(call, self._bodies[number]) for number, call in self._calls.items()]

    def calls(self) -> tuple[RecordedCall, ...]:
        """All that are kept."""
        with self._lock:
            return tuple(self._calls.values())
