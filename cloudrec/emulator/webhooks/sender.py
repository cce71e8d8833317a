"""Sender of notices: over HTTP, from a thread of its own, again where one is not taken.

The provider's rule: a notice is taken by an answer of 200 within ten seconds. Otherwise it is sent
again, at once and then after longer and longer waits, three times at most. How long they are is not
said; and where the emulator's clock stands there is nothing to wait for.
"""

from __future__ import annotations

import asyncio
import hashlib
import heapq
import hmac
import json
import logging
import ssl
import threading
import time
from collections import OrderedDict
from collections.abc import Callable, Iterable
from contextlib import AsyncExitStack, suppress
from dataclasses import dataclass, field, replace
from inspect import iscoroutinefunction
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from ..._io.forks import in_child
from ..world.clock import Clock, Millis

if TYPE_CHECKING:
    import httpx

logger: logging.Logger = logging.getLogger("cloudrec.emulator")

Json = dict[str, Any]

#: Seconds before each repetition where the clock runs; the last one stands for all further ones.
REPEAT_AFTER = (0.0, 1.0, 3.0, 9.0)
#: How often it is looked for something to tell where the clock runs, in seconds.
LOOK_EVERY = 0.1
#: How much of an answer is kept.
ANSWER_KEPT = 1_000


@dataclass(frozen=True)
class NoticeAttempt:
    """One time that a notice was sent."""

    status: int | None
    """What was answered; None where there was no answer in time."""
    answer: bytes = field(repr=False)
    """The beginning of the answer's body."""
    problem: str
    """Why there was no answer, or where it redirects to; "" where there was another one."""
    duplicate: bool
    """It was sent although the notice had been taken already, or was on its way: see `duplicates`."""

    @property
    def accepted(self) -> bool:
        """Whether the receiver took it."""
        return self.status == 200


@dataclass(frozen=True)
class SentNotice:
    """One notice as it stands at one moment: what was to be told, and what came of it."""

    number: int
    """1 for the first of this emulator, in the order of happening."""
    notice_id: str
    """`noticeId`, the same whenever it is sent."""
    product_id: int
    """Which product of the provider tells of it."""
    event_type: int
    """Number of the event."""
    name: str
    """`msgName`, for example "recorder_started"."""
    cname: str
    """Channel of the recording."""
    uid: str
    """The recorder's user ID: another one after a failover."""
    sid: str
    """Which recording."""
    sequence: int | None
    """The number that the notice has for its recording, from 0 on; None outside of Cloud Recording."""
    happened: Millis
    """When it happened, in milliseconds since 1970."""
    payload: Json = field(repr=False)
    """`payload` as sent. CDN addresses can hold keys."""
    attempts: tuple[NoticeAttempt, ...] = ()
    """Each time that it was sent."""
    settled: bool = False
    """Nothing more is going to be sent: it was taken, or given up, or the emulator was stopped."""

    @property
    def delivered(self) -> bool:
        """Whether the receiver took it."""
        return any(attempt.accepted for attempt in self.attempts)

    @property
    def details(self) -> Json:
        """`payload.details`, where there are any."""
        details: Json = self.payload.get("details", {})
        return details


@dataclass(frozen=True, repr=False)
class Target:
    """Where notices go, and how."""

    url: str
    secret: str
    retries: int
    #: Seconds in which the receiver has to answer.
    timeout: float
    #: An application that is called without a socket; None where there is one.
    app: Any = None


@dataclass(repr=False, eq=False)
class Delivery:
    """A notice on its way."""

    notice: SentNotice
    target: Target
    notify_ms: Millis
    duplicate: bool = False
    #: How far later ones overtake it, from 0 (not at all) to 1.
    held_back: float = 0.0
    #: Seconds to wait before it is sent.
    delay: float = 0.0
    repetitions: int = 0

    def body(self) -> bytes:
        """The bytes that are signed and sent."""
        notice = self.notice
        envelope = {
            "noticeId": notice.notice_id,
            "productId": notice.product_id,
            "eventType": notice.event_type,
            "notifyMs": self.notify_ms,
            "payload": notice.payload,
        }
        try:
            return json.dumps(envelope, separators=(",", ":"), ensure_ascii=False).encode()
        except UnicodeEncodeError:  # half a surrogate pair, which the name of a web recording may hold
            return json.dumps(envelope, separators=(",", ":")).encode()


def signatures(body: bytes, secret: str) -> dict[str, str]:
    """The two headers that sign a body."""
    key = secret.encode()
    return {
        "Agora-Signature": hmac.new(key, body, hashlib.sha1).hexdigest(),
        "Agora-Signature-V2": hmac.new(key, body, hashlib.sha256).hexdigest(),
    }


class NoticeLog:
    """The latest notices, in the order of happening."""

    def __init__(self, keep: int) -> None:
        self._keep = keep
        self._number = 0
        #: Grows with each attempt.
        self.changes: int = 0
        #: Grows with all that becomes known.
        self.version: int = 0
        self._notices: OrderedDict[int, SentNotice] = OrderedDict()
        self._unsettled: dict[int, int] = {}
        self._begin_anew()
        in_child(self._begin_anew)

    def _begin_anew(self) -> None:
        self._lock = threading.Lock()

    def add(self, copies: int, **notice: Any) -> SentNotice:
        """A notice is going to be sent, in so many copies."""
        with self._lock:
            self._number += 1
            self.version += 1
            added = SentNotice(self._number, **notice)
            self._notices[added.number] = added
            self._unsettled[added.number] = copies
            if len(self._notices) > self._keep:
                self._notices.popitem(last=False)
            return added

    def note(self, number: int, attempt: NoticeAttempt) -> None:
        """It was sent."""
        self.changes += 1
        self._change(number, lambda notice: replace(notice, attempts=(*notice.attempts, attempt)))

    def settle(self, number: int) -> None:
        """One copy is not going to be sent again."""
        with self._lock:
            left = self._unsettled.pop(number) - 1
            if left:
                self._unsettled[number] = left
        if not left:
            self._change(number, lambda notice: replace(notice, settled=True))

    def again(self, notice: SentNotice) -> None:
        """A notice that is kept is going to be sent once more."""
        with self._lock:
            self._unsettled[notice.number] = self._unsettled.get(notice.number, 0) + 1
        self._change(notice.number, lambda notice: replace(notice, settled=False))

    def clear(self) -> None:
        """Keep none. Those that are on their way are counted on."""
        with self._lock:
            self._notices.clear()
            self.version += 1

    def notices(self) -> tuple[SentNotice, ...]:
        """All that are kept."""
        with self._lock:
            return tuple(self._notices.values())

    def _change(self, number: int, change: Callable[[SentNotice], SentNotice]) -> None:
        with self._lock:
            self.version += 1
            if number in self._notices:  # it may have been pushed out by later ones
                self._notices[number] = change(self._notices[number])


class Sender:
    """A thread that sends. It lives from here to `stop`."""

    def __init__(self, log: NoticeLog, clock: Clock, look: Callable[[], None]) -> None:
        """`look` is called again and again while time passes by itself and brings things to tell."""
        self._log = log
        self._clock = clock
        self._look = look
        self._next_look = 0.0
        self._changed = threading.Condition()
        #: What waits, by when it is due, then by its place.
        self._queue: list[tuple[float, int, Delivery]] = []
        self._places = 0
        self._under_way: Delivery | None = None
        self._stopping = False
        self._wake: Callable[[], None] | None = None
        self._cancel: Callable[[], None] | None = None
        # A daemon: an emulator that nobody stops must not keep a program from ending.
        self._thread = threading.Thread(target=self._run, name="cloudrec-webhooks", daemon=True)
        self._thread.start()

    def post(self, deliveries: Iterable[Delivery]) -> None:
        """Send these, in this order as far as their delays let them."""
        with self._changed:
            for delivery in deliveries:
                self._places += 1
                self._put(delivery, self._places)
            if self._wake is not None:
                self._wake()

    def wait(self, timeout: float) -> bool:
        """Wait until there is nothing to send; False when that takes longer than so many seconds."""
        with self._changed:
            return self._changed.wait_for(lambda: not self._waiting(), timeout)

    @property
    def waiting(self) -> int:
        """How many notices are not settled."""
        with self._changed:
            return self._waiting()

    def stop(self) -> None:
        """Break off, and return when the thread has ended."""
        with self._changed:
            self._stopping = True
            if self._cancel is not None:
                self._cancel()
        self._thread.join()
        with self._changed:
            for _, _, delivery in self._queue:
                self._log.settle(delivery.notice.number)
            self._queue.clear()
            self._changed.notify_all()

    def _waiting(self) -> int:
        return len(self._queue) + (self._under_way is not None)

    def _put(self, delivery: Delivery, place: int) -> None:
        # All that need not wait is due at once, so that its place alone decides.
        due = time.monotonic() + delivery.delay if delivery.delay else 0.0
        heapq.heappush(self._queue, (due, place, delivery))

    # -- in the thread --------------------------------------------------------------------------

    def _run(self) -> None:
        with suppress(asyncio.CancelledError):
            asyncio.run(self._main())

    async def _main(self) -> None:
        loop, task, news = asyncio.get_running_loop(), asyncio.current_task(), asyncio.Event()
        assert task is not None
        with self._changed:
            if self._stopping:
                return
            self._wake = lambda: _call(loop, news.set)
            self._cancel = lambda: _call(loop, task.cancel)
        try:
            async with _Connections() as connections:
                while True:
                    self._look_around()
                    place, delivery, pause = self._take()
                    if delivery is not None:
                        await self._deliver(place, delivery, connections)
                        continue
                    with suppress(TimeoutError):
                        async with asyncio.timeout(pause):
                            await news.wait()
                    news.clear()
        finally:
            with self._changed:
                self._wake = self._cancel = None

    def _look_around(self) -> None:
        if self._clock.ticking and time.monotonic() >= self._next_look:
            self._look()
            self._next_look = time.monotonic() + LOOK_EVERY

    def _take(self) -> tuple[int, Delivery | None, float | None]:
        """The next delivery with its place, or how many seconds there is nothing to do; None for any number."""
        now = time.monotonic()
        with self._changed:
            if self._queue and self._queue[0][0] <= now:
                _, place, self._under_way = heapq.heappop(self._queue)
                return place, self._under_way, None
            pauses = [due - now for due, _, _ in self._queue[:1]]
        if self._clock.ticking:
            pauses.append(self._next_look - now)
        return 0, None, min(pauses, default=None)

    async def _deliver(self, place: int, delivery: Delivery, connections: _Connections) -> None:
        target, again = delivery.target, False
        try:
            attempt = await self._attempt(delivery, connections)
            self._log.note(delivery.notice.number, attempt)
            again = not attempt.accepted and delivery.repetitions < target.retries
            if not attempt.accepted:
                logger.warning("%s", _not_taken(delivery, attempt, again=again))
        finally:  # also where it was broken off
            with self._changed:
                self._under_way = None
                if again:
                    waits = REPEAT_AFTER if self._clock.ticking else (0.0,)
                    delivery.delay = waits[min(delivery.repetitions, len(waits) - 1)]
                    delivery.repetitions += 1
                    delivery.notify_ms = self._clock.now()  # the provider brings it up to date when it sends again
                    self._put(delivery, place)
                else:
                    self._log.settle(delivery.notice.number)
                self._changed.notify_all()

    async def _attempt(self, delivery: Delivery, connections: _Connections) -> NoticeAttempt:
        target = delivery.target
        try:
            body = delivery.body()
            headers = {"Content-Type": "application/json", **signatures(body, target.secret)}
            client = await connections.to(target)
            async with asyncio.timeout(target.timeout):
                response = await client.post(target.url, content=body, headers=headers)
        except TimeoutError:
            return NoticeAttempt(None, b"", f"no answer within {target.timeout:g} s", delivery.duplicate)
        except Exception as error:  # whatever it was: the notice was not taken, and the next one may be
            return NoticeAttempt(None, b"", f"{type(error).__name__}: {error}", delivery.duplicate)
        problem = ""
        if response.has_redirect_location:
            problem = f"redirects to {_place(response.headers['Location'])}, and no redirect is followed"
        return NoticeAttempt(response.status_code, response.content[:ANSWER_KEPT], problem, delivery.duplicate)


def _not_taken(delivery: Delivery, attempt: NoticeAttempt, *, again: bool) -> str:
    """What is told of it, without what the URL may hold that is secret."""
    notice = delivery.notice
    what = f"event {notice.event_type} ({notice.name}) of {notice.cname!r}"
    why = ", ".join(filter(None, [str(attempt.status or ""), attempt.problem]))
    then = "it is sent again" if again else "it is given up"
    return f"webhook not taken by {_place(delivery.target.url)}: {why}: {what}; {then}"


def _place(url: str) -> str:
    """Where a URL leads, without what may be secret in it."""
    try:
        parts = urlsplit(url)
    except ValueError:
        return "no URL"
    host = parts.netloc.rpartition("@")[2]
    return f"{f'{parts.scheme}://' if host else ''}{host}{parts.path}"


class _Connections:
    """The connections to receivers, kept open between notices as the provider advises."""

    def __init__(self) -> None:
        self._stack = AsyncExitStack()
        self._clients: dict[bool, httpx.AsyncClient] = {}
        self._apps: dict[int, httpx.AsyncClient] = {}

    async def to(self, target: Target) -> httpx.AsyncClient:
        import httpx

        if target.app is not None:
            return await self._without_socket(target.app)
        url = target.url
        secure = url.lower().startswith("https:")
        if secure not in self._clients:
            # The environment is not asked for a proxy: a receiver on loopback is not behind one.
            verify = ssl.create_default_context() if secure else False
            client = httpx.AsyncClient(verify=verify, trust_env=False, timeout=None, follow_redirects=False)
            self._clients[secure] = await self._stack.enter_async_context(client)
        return self._clients[secure]

    async def _without_socket(self, app: Any) -> httpx.AsyncClient:
        import httpx

        if id(app) not in self._apps:
            # Whatever has an async call speaks ASGI; a bare function of WSGI has none.
            is_asgi = iscoroutinefunction(app) or iscoroutinefunction(type(app).__call__)
            wsgi = httpx.WSGITransport(app)

            class InThread(httpx.AsyncBaseTransport):
                async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
                    await request.aread()
                    response = await asyncio.to_thread(wsgi.handle_request, request)
                    body = await asyncio.to_thread(response.read)
                    return httpx.Response(response.status_code, headers=response.headers, content=body)

            transport = httpx.ASGITransport(app) if is_asgi else InThread()
            client = httpx.AsyncClient(transport=transport, timeout=None)
            self._apps[id(app)] = await self._stack.enter_async_context(client)
        return self._apps[id(app)]

    async def __aenter__(self) -> _Connections:
        return self

    async def __aexit__(self, *_: object) -> None:
        await self._stack.aclose()


def _call(loop: asyncio.AbstractEventLoop, callback: Callable[[], object]) -> None:
    with suppress(RuntimeError):  # the loop has ended in the meantime
        loop.call_soon_threadsafe(callback)
