"""Feed: what changes, for a page that is open. Nothing is kept while nobody looks."""

from __future__ import annotations

import time
from collections.abc import Iterator
from typing import Any

# Not `from . import`: type checkers take that for an import of the package.
import cloudrec.emulator.control.views as views

from ..world.clock import SECOND
from .inside import Inside

Json = dict[str, Any]

#: Real seconds between two looks, at the least and where there is much to look at.
EVERY, SELDOM = 0.05, 0.5
#: Milliseconds of a clock that runs at its own pace by which it may be elsewhere than it is taken to be.
JUMP = 20


class Feed:
    """What one page was told, and so what is news to it."""

    def __init__(self, inside: Inside) -> None:
        self._inside = inside
        self._stamp: object = None
        self._told: dict[str, Json] = {}
        #: Those whose summary changes no more.
        self._over: set[str] = set()
        self._before: Json = {}
        #: The clock as it was told, and when that was by the monotonic one.
        self._clock: tuple[Json, float] = ({"now": 0, "running": False, "speed": 0}, 0.0)

    def news(self) -> Json | None:
        """What changed since the last look; None for nothing. At first, everything."""
        inside = self._inside
        with inside.service.lock:
            stamp = inside.stamp
            if stamp == self._stamp:
                return None
            first, self._stamp = self._stamp is None, stamp
            recordings = inside.service.recordings
            cleared = any(sid not in recordings for sid in self._told)
            if cleared:
                self._told.clear()
                self._over.clear()
            news: Json = {}
            if changed := list(self._changed()):
                news["recordings"] = changed
            if first or cleared:
                news["all"] = True
            now: Json = {
                "calls": inside.log.changes,
                "notices": inside.webhooks.version,
                "faults": views.faults(inside.schedule),
                "channels": {name: channel.history.version for name, channel in inside.service.channels.known.items()},
                "receiver": views.receiver(inside.webhooks.url),
            }
            news |= {name: value for name, value in now.items() if self._before.get(name, ...) != value}
            self._before = now
            clock = views.clock(inside.clock)
            if not news and self._is_expected(clock):
                return None
            self._clock = clock, time.monotonic()
            return {"clock": clock, **news}

    def _is_expected(self, clock: Json) -> bool:
        """Whether who was told of the clock, and how fast it runs, knows what time it is."""
        told, at = self._clock
        if (clock["running"], clock["speed"]) != (told["running"], told["speed"]):
            return False
        speed: float = told["speed"]
        off: float = abs(clock["now"] - told["now"] - (time.monotonic() - at) * SECOND * speed)
        return off <= JUMP * max(speed, 1)

    def _changed(self) -> Iterator[Json]:
        now = self._inside.clock.now()
        for sid, recording in self._inside.service.recordings.items():
            if sid in self._over:
                continue
            summary = views.summary(recording, now)
            if summary["status"] is None and not summary["moving"]:
                self._over.add(sid)
            if self._told.get(sid) != summary:
                self._told[sid] = summary
                yield summary
