"""What arrived: one record for each call, the latest of them kept."""

from __future__ import annotations

import threading
from collections import OrderedDict
from dataclasses import dataclass, field, replace
from typing import Any

from ..._io.forks import in_child
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


class CallLog:
    """The latest calls, in the order of arrival."""

    def __init__(self, keep: int) -> None:
        self._keep = keep
        self._number = 0
        self._calls: OrderedDict[int, RecordedCall] = OrderedDict()
        self._begin_anew()
        in_child(self._begin_anew)

    def _begin_anew(self) -> None:
        self._lock = threading.Lock()

    def add(self, **call: Any) -> int:
        """A call arrived; its number."""
        with self._lock:
            self._number += 1
            self._calls[self._number] = RecordedCall(self._number, **call)
            if len(self._calls) > self._keep:
                self._calls.popitem(last=False)
            return self._number

    def note(self, number: int, **news: Any) -> None:
        """Something became known about a call."""
        with self._lock:
            if number in self._calls:  # it may have been pushed out by later ones
                self._calls[number] = replace(self._calls[number], **news)

    def calls(self) -> tuple[RecordedCall, ...]:
        """All that are kept."""
        with self._lock:
            return tuple(self._calls.values())
