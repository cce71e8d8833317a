"""Steering: what each operation of the control interface does. Plain synchronous code, run in a thread."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

# Not `from . import`: type checkers take that for an import of the package.
import cloudrec.emulator.control.views as views

from ..._version import __version__
from ..faults.faults import Fault
from ..faults.header import parse_fault
from ..world.channels import Channel
from ..world.recording import Recording
from .export import as_curl, as_python
from .inside import Inside

Json = dict[str, Any]

#: How many recordings, calls and webhooks are listed unless more are asked for.
LISTED = 1000
_STORM_RATE = 0.2


class Steering:
    """The operations, by their names in the document: each takes path parameters, query and body as arguments."""

    def __init__(self, inside: Inside) -> None:
        self._inside = inside

    def find(self, name: str) -> Callable[..., Any]:
        """What an operation does. ValueError from it: it makes no sense; LookupError: there is no such thing."""
        found: Callable[..., Any] = getattr(self, name)
        return found

    # -- what there is --------------------------------------------------------------------------

    def state(self) -> Json:
        inside = self._inside
        with inside.service.lock:
            return {
                "version": __version__,
                "app_id": inside.service.app_id,
                "urls": list(inside.urls()),
                "clock": views.clock(inside.clock),
                "faults": views.faults(inside.schedule),
                "receiver": views.receiver(inside.webhooks.url),
                "recordings": len(inside.service.recordings),
                "running": len(inside.service.running(inside.clock.now())),
                "calls": len(inside.log.calls()),
                "notices": len(inside.webhooks.notices),
            }

    def recordings(self, limit: int = LISTED, cname: str | None = None, running: bool | None = None) -> list[Json]:
        with self._inside.service.lock:
            now = self._inside.clock.now()
            found = [
                recording
                for recording in self._inside.service.recordings.values()
                if cname in {None, recording.cname} and running in {None, recording.running(now)}
            ]
            return [views.summary(recording, now) for recording in found[-limit:]]

    def recording(self, sid: str) -> Json:
        with self._inside.service.lock:
            found = self._recording(sid)
            return {
                **views.recording(found, self._inside.clock.now()),
                "calls": views.concerning(found, self._inside.log.with_bodies()),
                "notices": self.notices(sid, views.SHOWN),
            }

    def layout(self, sid: str, v: str | None = None) -> str:
        with self._inside.service.lock:
            return views.drawn(self._recording(sid), self._inside.clock.now())

    def calls(self, sid: str | None = None, limit: int = LISTED) -> list[Json]:
        found = [pair for pair in self._inside.log.with_bodies() if sid in {None, pair[0].sid}]
        return [views.call(*pair) for pair in found[-limit:]]

    def notices(self, sid: str | None = None, limit: int = LISTED) -> list[Json]:
        found = [notice for notice in self._inside.webhooks.notices if sid in {None, notice.sid}]
        return [views.notice(notice) for notice in found[-limit:]]

    def python(self, sid: str | None = None) -> str:
        return as_python(self._inside, self._only(sid))

    def curl(self, sid: str | None = None) -> str:
        return as_curl(self._inside, self._only(sid))

    # -- channels -------------------------------------------------------------------------------

    def channels(self, name: str | None = None) -> list[Json]:
        with self._inside.service.lock:
            known = self._inside.service.channels.known
            return [views.channel(channel) for channel in known.values() if name in {None, channel.name}]

    def join(self, channel: str, uid: int | str, **stream: Any) -> Json:
        return self._in_channel(channel, lambda found: found.join(uid, **stream))

    def leave(self, channel: str, uid: int | str) -> Json:
        return self._in_channel(channel, lambda found: found.leave(uid))

    def mute(self, channel: str, uid: int | str, **media: bool) -> Json:
        return self._in_channel(channel, lambda found: found.mute(uid, **media))

    def unmute(self, channel: str, uid: int | str, **media: bool) -> Json:
        return self._in_channel(channel, lambda found: found.unmute(uid, **media))

    def clear(self, channel: str) -> Json:
        return self._in_channel(channel, lambda found: found.clear())

    def _in_channel(self, name: str, change: Callable[[Channel], None]) -> Json:
        with self._inside.service.lock:
            found = self._inside.service.channels.keep(name)
            change(found)
            self._inside.webhooks.look()
            return views.channel(found)

    # -- the clock ------------------------------------------------------------------------------

    def clock(self) -> Json:
        return views.clock(self._inside.clock)

    def stand(self) -> Json:
        self._inside.clock.stand()
        return self.clock()

    def run(self, speed: float = 1.0) -> Json:
        self._inside.clock.run(speed)
        return self.clock()

    def advance(self, seconds: float) -> Json:
        self._inside.clock.advance(seconds)
        return self.clock()

    # -- what goes wrong ------------------------------------------------------------------------

    def faults(self) -> Json:
        return views.faults(self._inside.schedule)

    def fail(self, fault: str, endpoints: str | Iterable[str] = "*", **choice: Any) -> Json:
        self._inside.schedule.add(endpoints, parse_fault(fault), **choice)
        return self.faults()

    def storm(self, rate: float = _STORM_RATE, seed: int = 0, endpoints: str | Iterable[str] = "*") -> Json:
        self._inside.schedule.storm(rate, seed, endpoints=endpoints)
        return self.faults()

    def heal(self) -> Json:
        self._inside.heal()
        return self.faults()

    def reset(self) -> Json:
        self._inside.reset()
        return {}

    def failover(self, sid: str, seconds: float = 30.0, rename: bool = False) -> Json:
        fault = Fault.failover(seconds, rename=rename)
        self._recording(sid)
        self._inside.service.move(sid, fault.seconds, rename=rename)
        return {}

    def crash(self, sid: str) -> Json:
        self._recording(sid)
        self._inside.service.crash(sid)
        return {}

    # -- webhooks -------------------------------------------------------------------------------

    def resend(self, number: str) -> Json:
        if not (number.isascii() and number.isdigit() and len(number) < 10):
            raise LookupError(f"there is no webhook {number[:40]!r}")
        try:
            self._inside.webhooks.resend(int(number))
        except KeyError:
            raise LookupError(f"there is no webhook {number}") from None
        return {}

    def receiver(self, url: str, **options: Any) -> Json:
        self._inside.webhooks.send_to(url, **options)
        return {}

    # -- what they share ------------------------------------------------------------------------

    def _recording(self, sid: str) -> Recording:
        try:
            return self._inside.service.recordings[sid]
        except KeyError:
            raise LookupError(f"there is no recording {sid[:40]!r}") from None

    def _only(self, sid: str | None) -> Recording | None:
        return None if sid is None else self._recording(sid)
