"""`Webhooks`: what is told, to whom, and with which mishaps."""

from __future__ import annotations

import secrets
from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from hashlib import blake2b
from itertools import islice
from typing import Any
from urllib.parse import urlsplit

from ..._io.forks import in_child
from ..faults.faults import MAX_SECONDS
from ..service.service import Service
from ..world.clock import MOST, SECOND, Millis, check_number, check_whole
from ..world.recording import Recording
from .notices import EVENTS, Chronicle, Event, Module, service_scene
from .sender import Delivery, NoticeAttempt, NoticeLog, Sender, SentNotice, Target

__all__ = ["DEFAULT_WEBHOOK_SECRET", "NoticeAttempt", "SentNotice", "Webhooks"]

Json = dict[str, Any]

DEFAULT_WEBHOOK_SECRET = "emulated-webhook-secret"

CLOUD_RECORDING = 3
#: What the console's health check names: the provider says so for RTC, and it was seen for Cloud Recording.
TEST_CNAME, TEST_UID = "test_webhook", 12121212

#: How many later notices can overtake one that is held back.
OVERTAKEN_BY = 3
#: How long one is held back where the clock runs, in seconds, at most.
HELD_BACK = 2.0


def _application(given: Any) -> tuple[Any, str]:
    """An application and a URL for it; None and the URL where that was given."""
    app: Any = given
    path: Any = "/"
    if isinstance(given, tuple) and len(given) == 2:
        app, path = given
    if not callable(app):
        url: Any = given
        return None, url
    if not (isinstance(path, str) and path.startswith("/")):
        raise ValueError("the path of an application must begin with a slash")
    return app, f"http://application{path}"


@dataclass(frozen=True)
class _Mishaps:
    """What goes wrong, by the dice: the same in each run."""

    duplicates: float
    disorder: float
    seed: int

    def throw(self, what: str, key: str) -> float:
        """A number from 0 to 1 that depends on the seed, on what is asked, and on the notice."""
        digest = blake2b(f"{self.seed}/{what}/{key}".encode("utf-8", "surrogatepass"), digest_size=8).digest()
        return int.from_bytes(digest, "big") / 2**64


class Webhooks:
    """Tells a receiver what happens to recordings, as the service does.

        emulator.webhooks.send_to("http://127.0.0.1:8000/agora", secret="…")
        emulator.clock.advance(90)
        emulator.webhooks.flush()
        [notice.name for notice in emulator.notices]
        # ['uploader_started', 'recorder_started', …]

    What is due is sent after each call of the API and whenever the clock is moved, by a thread; where
    the clock runs, also in between. What somebody does in a channel on a clock that stands is told
    with the next of these, or by `flush`. A notice that is not taken is logged (logger
    `cloudrec.emulator`, as a warning, which Python prints unless logging is set up otherwise) and kept.
    """

    def __init__(self, service: Service, *, keep: int) -> None:
        self._service = service
        self._clock = service.clock
        self._log = NoticeLog(keep)
        self._chronicles: dict[str, Chronicle] = {}
        #: Those with something left to tell, each with its recorder: cname, uid, and which recording of theirs it is.
        self._active: list[tuple[Chronicle, str]] = []
        self._recorders: Counter[tuple[str, str]] = Counter()
        self._target: Target | None = None
        self._mishaps = _Mishaps(0.0, 0.0, 0)
        self._open = True
        self._begin_anew()
        in_child(self._begin_anew)

    def _begin_anew(self) -> None:
        """At the beginning, and in a process that was forked: what waits to be sent there, the parent sends."""
        self._sender: Sender | None = None

    # -- what a test needs ----------------------------------------------------------------------

    def send_to(
        self,
        url: str | Callable[..., Any] | tuple[Callable[..., Any], str],
        *,
        secret: str = DEFAULT_WEBHOOK_SECRET,
        duplicates: float = 0.0,
        disorder: float = 0.0,
        retries: int = 3,
        timeout: float = 10.0,
        seed: int = 0,
    ) -> None:
        """Send what happens from now on to this URL, in place of the one before.

        Or to an ASGI or WSGI application itself, without a socket: to its path `/`, or to the path that
        `(application, "/webhooks")` names. It is called in a thread of the emulator's.

        `duplicates` is the share of notices that are sent twice, with the same notice ID, `disorder`
        that of notices which later ones overtake, both from 0 to 1. Which ones these are depends on
        `seed` and on the notice, not on chance. On a clock that stands a notice can be overtaken only
        by what becomes due in the same step; where the clock runs it is held back for up to 2 s.
        `retries` is how often a notice is sent again that is not answered by 200 within `timeout`
        seconds. ValueError says what makes no sense.
        """
        app, url = _application(url)
        parts = urlsplit(url)
        if parts.scheme not in {"http", "https"} or not parts.hostname or parts.port == 0:
            raise ValueError("url must be an http or https URL, for example http://127.0.0.1:8000/agora")
        if not secret:
            raise ValueError("secret must not be empty")
        for name, share in (("duplicates", duplicates), ("disorder", disorder)):
            check_number(name, share, 0, 1)
        check_whole("retries", retries, 0, MOST)
        check_number("timeout", timeout, 0, MAX_SECONDS, above=True)
        with self._service.lock:
            if self._target is None:
                self._collect(self._clock.now())  # what nobody was there to be told is not told later
                self._service.handled = self.look
                if self._open:
                    self._clock.watch(self.look)
            else:
                self.look()
            self._target = Target(url, secret, retries, timeout, app)
            self._mishaps = _Mishaps(duplicates, disorder, seed)

    @property
    def url(self) -> str | None:
        """Who is told; None for nobody."""
        return None if self._target is None else self._target.url

    @property
    def secret(self) -> str:
        """What notices are signed with."""
        return self._required().secret

    @property
    def notices(self) -> tuple[SentNotice, ...]:
        """The latest notices in the order of happening, each with what came of it."""
        return self._log.notices()

    @property
    def failed(self) -> tuple[SentNotice, ...]:
        """Those of the latest notices that nobody has taken, and that are not sent again."""
        return tuple(notice for notice in self._log.notices() if notice.settled and not notice.delivered)

    @property
    def waiting(self) -> int:
        """How many notices are on their way."""
        return 0 if self._sender is None else self._sender.waiting

    @property
    def changes(self) -> int:
        """Grows with each attempt to deliver one."""
        return self._log.changes

    @property
    def version(self) -> int:
        """Grows with all that becomes known of a notice."""
        return self._log.version

    def flush(self, timeout: float = 30.0) -> None:
        """Return when all that is due has been taken by the receiver, or given up.

        TimeoutError when that takes longer than so many seconds.
        """
        check_number("timeout", timeout, 0, MAX_SECONDS)
        self.look()
        if self._sender is not None and not self._sender.wait(timeout):
            raise TimeoutError(f"{self._sender.waiting} notices are still on their way after {timeout:g} s")

    def send(
        self,
        sid: str,
        event_type: int,
        details: Mapping[str, Any] | None = None,
        *,
        service_type: int | None = None,
    ) -> None:
        """Send an event of a recording that the emulator does not bring about by itself, or any other.

            emulator.webhooks.send(sid, 73, {"reason": "audio_silence"})

        It happens now, and takes its place in the sequence. `msgName` and `serviceType` are those of
        the event, where it is a documented one. Nothing else changes: the recording is as it was.
        KeyError when there is no recording of this sid.
        """
        target = self._required()
        with self._service.lock:
            self.look()
            now = self._clock.now()
            if sid not in self._chronicles:
                raise KeyError(sid)
            chronicle = self._chronicles[sid]
            event = chronicle.add(now, event_type, dict(details or {}))
            recorder = self._recorder(chronicle.recording, 0)
            self._post(self._deliveries(event, chronicle.recording, recorder, target, now, service_type))

    def resend(self, number: int) -> None:
        """Send a notice once more, with the same notice ID, to whoever is told now. KeyError when it is not kept."""
        target = self._required()
        with self._service.lock:
            notice = next((notice for notice in self._log.notices() if notice.number == number), None)
            if notice is None:
                raise KeyError(number)
            self._log.again(notice)
            self._post([Delivery(notice, target, self._clock.now(), duplicate=notice.delivered)])

    def forget(self) -> None:
        """Keep no notice, and know nothing of any recording: with the service's own `reset`, whose lock is held."""
        self._log.clear()
        self._chronicles.clear()
        self._active.clear()
        self._recorders.clear()

    def send_health_check(self, event_type: int = 40) -> None:
        """Send what the provider's console sends to try a URL: an event of a channel that does not exist.

        It names channel "test_webhook" and user 12121212. What else such a test event holds is not documented.
        """
        name, module = EVENTS[event_type]
        now = self._clock.now()
        payload = {
            "cname": TEST_CNAME,
            "uid": str(TEST_UID),
            "sid": "",
            "sequence": 0,
            "sendts": now,
            "serviceType": int(module),
            "details": {"msgName": name, "status": 0},
        }
        self._send_other(CLOUD_RECORDING, event_type, name, payload, now, sequence=0)

    def send_other_product(
        self, product_id: int = 1, event_type: int = 103, payload: Mapping[str, Any] | None = None
    ) -> None:
        """Send an event of another product, which can come to the same URL. By default: an RTC host joins a channel."""
        now = self._clock.now()
        joined = {
            "channelName": "lesson-42",
            "uid": 101,
            "platform": 7,
            "clientSeq": now,
            "ts": now // SECOND,
        }
        self._send_other(product_id, event_type, "", dict(joined if payload is None else payload), now)

    # -- from start to stop ---------------------------------------------------------------------

    def open(self) -> None:
        """The emulator starts. It is open from the beginning; this opens it again after `close`."""
        with self._service.lock:
            if not self._open and self._target is not None:
                self._clock.watch(self.look)
            self._open = True

    def close(self) -> None:
        """The emulator stops: nothing more is sent, and the thread has ended when this returns."""
        with self._service.lock:
            if self._open and self._target is not None:
                self._clock.unwatch(self.look)
            self._open = False
            sender, self._sender = self._sender, None
        if sender is not None:  # outside of the lock, which its thread may want
            sender.stop()

    # -- what is due ----------------------------------------------------------------------------

    def look(self) -> None:
        """Time has passed, or something was done: send what is due."""
        with self._service.lock:
            if self._target is None or not self._open:
                return
            now = self._clock.now()
            batch = [
                delivery
                for event, recording, recorder in self._collect(now)
                for delivery in self._deliveries(event, recording, recorder, self._target, now)
            ]
            if batch or (self._active and self._clock.ticking):
                self._post(batch)

    def _collect(self, now: Millis) -> list[tuple[Event, Recording, str]]:
        service = self._service
        for recording in islice(service.recordings.values(), len(self._chronicles), None):
            upload_time = round(service.upload_time * SECOND) if self._clock.ticking else 0
            chronicle = Chronicle(recording, upload_time=upload_time, backup=service.backup)
            self._chronicles[recording.sid] = chronicle
            self._recorders[recording.cname, recording.uid] += 1
            recorder = self._recorder(recording, self._recorders[recording.cname, recording.uid])
            self._active.append((chronicle, recorder))
        found = [
            (event, chronicle.recording, recorder)
            for chronicle, recorder in self._active
            for event in chronicle.until(now)
        ]
        self._active = [(chronicle, recorder) for chronicle, recorder in self._active if not chronicle.complete]
        return sorted(found, key=lambda item: item[0].at)

    def _recorder(self, recording: Recording, number: int) -> str:
        # What dice are thrown by. Not the sid, which is another one in each run.
        return f"{len(recording.cname)}/{recording.cname}/{recording.uid}/{number}"

    def _deliveries(
        self,
        event: Event,
        recording: Recording,
        recorder: str,
        target: Target,
        now: Millis,
        service_type: int | None = None,
    ) -> list[Delivery]:
        name, module = EVENTS.get(event.type, (str(event.details.get("msgName", "")), Module.CLOUD_RECORDING))
        payload = {
            "cname": recording.cname,
            "uid": event.uid,
            "sid": recording.sid,
            "sequence": event.sequence,
            "sendts": event.at,
            "serviceType": int(module) if service_type is None else service_type,
            "serviceScene": service_scene(recording),
            "details": {"msgName": name, **event.details},
        }
        dice = f"{recorder}/{event.sequence}"
        twice = self._mishaps.throw("duplicate", dice) < self._mishaps.duplicates
        notice = self._log.add(
            copies=1 + twice,
            notice_id=blake2b(f"{recording.sid}/{event.sequence}".encode(), digest_size=16).hexdigest(),
            product_id=CLOUD_RECORDING,
            event_type=event.type,
            name=name,
            cname=recording.cname,
            uid=event.uid,
            sid=recording.sid,
            sequence=event.sequence,
            happened=event.at,
            payload=payload,
        )
        return [
            Delivery(notice, target, now, duplicate=duplicate, held_back=self._held_back(f"{dice}/{duplicate}"))
            for duplicate in (False, True)[: 1 + twice]
        ]

    def _held_back(self, dice: str) -> float:
        mishaps = self._mishaps
        return mishaps.throw("how far", dice) if mishaps.throw("disorder", dice) < mishaps.disorder else 0.0

    def _send_other(
        self, product_id: int, event_type: int, name: str, payload: Json, now: Millis, sequence: int | None = None
    ) -> None:
        target = self._required()
        with self._service.lock:
            self.look()
            notice = self._log.add(
                copies=1,
                notice_id=secrets.token_hex(16),
                product_id=product_id,
                event_type=event_type,
                name=name,
                cname=str(payload.get("cname", payload.get("channelName", ""))),
                uid=str(payload.get("uid", "")),
                sid=str(payload.get("sid", "")),
                sequence=sequence,
                happened=now,
                payload=payload,
            )
            self._post([Delivery(notice, target, now)])

    def _required(self) -> Target:
        if self._target is None:
            raise RuntimeError("nobody is told: give the emulator a webhook_url, or call webhooks.send_to(url)")
        return self._target

    # -- on the way -----------------------------------------------------------------------------

    def _post(self, batch: Iterable[Delivery]) -> None:
        if not self._open:
            raise RuntimeError("the emulator is stopped: it sends nothing")
        if self._sender is None:
            self._sender = Sender(self._log, self._clock, self.look)
        self._sender.post(self._disordered(batch))

    def _disordered(self, batch: Iterable[Delivery]) -> list[Delivery]:
        deliveries = list(batch)
        if self._clock.ticking:
            for delivery in deliveries:
                delivery.delay = delivery.held_back * HELD_BACK
            return deliveries
        # Only within the batch: how much of the next one is there in time depends on the thread.
        places = [
            (place + (1 + OVERTAKEN_BY * delivery.held_back if delivery.held_back else 0), place)
            for place, delivery in enumerate(deliveries)
        ]
        return [deliveries[place] for _, place in sorted(places)]

    def __repr__(self) -> str:
        if self._target is None:
            return "<Webhooks to nobody>"
        parts = urlsplit(self._target.url)
        return f"<Webhooks to {parts.scheme}://{parts.netloc.rpartition('@')[2]}{parts.path}>"
