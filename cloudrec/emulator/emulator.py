"""`Emulator`: the service, its clock, its channels, and a socket to reach it by."""

from __future__ import annotations

import re
import time
from collections.abc import Awaitable, Callable, Iterable, Iterator
from contextlib import AbstractContextManager, contextmanager
from types import TracebackType
from typing import TYPE_CHECKING, Any, Literal, TypeVar

import anyio
from starlette.types import ASGIApp

from .._call.auth import BasicAuth
from .._io.forks import in_child
from .control.app import with_control
from .control.inside import Inside
from .faults.calls import CallLog, RecordedCall
from .faults.faults import MAX_SECONDS, STORM_FAULTS, Fault
from .faults.schedule import FaultSchedule
from .http.app import make_app
from .http.gateway import Gateway
from .http.server import ThreadedServer
from .service.contract import Contract
from .service.service import Limits, Service
from .settling import Settling, Traffic, refuse_in_event_loop
from .webhooks.webhooks import DEFAULT_WEBHOOK_SECRET, SentNotice, Webhooks
from .world.channels import Channel, Stream
from .world.clock import MOST, Clock, check_number, check_whole
from .world.snapshot import RecordingSnapshot

if TYPE_CHECKING:
    from cloudrec import AsyncCloudRecording, CloudRecording

T = TypeVar("T")

DEFAULT_APP_ID = "0123456789abcdef0123456789abcdef"
DEFAULT_CUSTOMER_ID = "emulated-customer"
DEFAULT_CUSTOMER_SECRET = "emulated-secret"
#: Who is in a channel that nobody described.
DEFAULT_STREAMS = (Stream(101), Stream(102))
#: How many ports one emulator listens on at the most.
MOST_HOSTS = 100
#: Seconds for which a connection may be idle.
KEEP_ALIVE = 75.0
#: Requests a second that the service allows to one App ID.
SERVICE_RATE_LIMIT = 10


class Emulator:
    """Agora Cloud Recording on loopback.

    >>> with Emulator() as emulator:
    ...     client = CloudRecording(emulator.app_id, emulator.credential, base_url=emulator.url)
    ...     emulator.channel("lesson-42").join(101)
    ...     ...
    ...     emulator.clock.advance(90)

    What happens in it is seen, and steered, at `emulator.url + "/_emulator"`, in a browser.

    Time stands still unless `emulator.clock` is moved; `clock="real"` lets it run, with `speed=60` a minute in a
    second.

    One that is started serves in its own process. In a process that is forked from that, `url`, `urls`, `app_id` and
    `credential` are what a client there needs, and `stop` does nothing; all else raises RuntimeError.
    """

    def __init__(
        self,
        *,
        app_id: str = DEFAULT_APP_ID,
        customer_id: str = DEFAULT_CUSTOMER_ID,
        customer_secret: str = DEFAULT_CUSTOMER_SECRET,
        host: str = "127.0.0.1",
        port: int = 0,
        hosts: int = 1,
        clock: Clock | Literal["real"] | None = None,
        speed: float = 1.0,
        max_recordings: int = Limits.recordings,
        max_web_recordings: int = Limits.web_recordings,
        rate_limit: int | Literal["auto"] | None = "auto",
        default_streams: Iterable[Stream] = DEFAULT_STREAMS,
        upload_time: float = 0.0,
        backup: bool = False,
        stranded: bool = False,
        bare_names: bool = False,
        certificate: str | None = None,
        strict: bool = False,
        webhook_url: str | None = None,
        webhook_secret: str = DEFAULT_WEBHOOK_SECRET,
        certfile: str | None = None,
        keyfile: str | None = None,
        keep_alive: float = KEEP_ALIVE,
        keep_calls: int = 10_000,
    ) -> None:
        """Nothing is listened on before `start`.

        `port` 0 takes a free one; `hosts` is how many ports there are, from `port` on or all free,
        with the same service behind each. `keep_calls` is how many of the latest calls `calls`
        shows. `rate_limit` counts requests a second of the emulator's clock;
        "auto" is the service's 10 where the clock runs, and none where it stands (there, the
        eleventh call of a test would be refused, however slowly it came); None is none.
        `upload_time` is how many seconds a stop that waits for the upload takes where the clock
        runs; with `backup`, some of it goes to the provider's own storage first, and with `stranded` a
        stop answers so, and event 31 tells of the upload later. Files are listed with the folders
        of `fileNamePrefix`, or with `bare_names` without. Refused is what the service is known to
        refuse; with `strict` all that the client of this package refuses, too. `default_streams` is
        who is in a channel that nobody described.

        With `certificate`, the App Certificate, each start of a recording of a channel needs a token for
        its channel and uid: 110 where it is missing or wrong, 109 where it has ended by the emulator's clock.

        What happens to recordings is told to `webhook_url`, signed with `webhook_secret`;
        `webhooks.send_to` takes more options. `keep_calls` is also how many notices `notices` shows.

        A connection that is idle for `keep_alive` seconds is closed. A client that reuses one in that very moment has
        to try again; with a short time, a test can see that it does.
        """
        check_whole("port", port, 0, 65535)
        check_whole("hosts", hosts, 1, MOST_HOSTS)
        if port:
            check_whole("port of the last host", port + hosts - 1, 1, 65535)
        check_whole("max_recordings", max_recordings, 0, MOST)
        check_whole("max_web_recordings", max_web_recordings, 0, MOST)
        check_whole("keep_calls", keep_calls, 0, MOST)
        check_number("upload_time", upload_time, 0, MAX_SECONDS)
        check_number("keep_alive", keep_alive, 0, MAX_SECONDS, above=True)
        if keyfile is not None and certfile is None:
            raise ValueError("keyfile goes with certfile alone")
        if certificate is not None and not re.fullmatch("[0-9a-fA-F]{32}", certificate):
            raise ValueError("certificate must be 32 hexadecimal digits")
        if rate_limit not in ("auto", None):
            check_whole("rate_limit", rate_limit, 1, MOST)
        if speed != 1.0 and clock != "real":
            raise ValueError('speed goes with clock="real" alone')
        if isinstance(clock, str):
            clock = Clock.real(speed)
        self._clock = clock or Clock()
        limit = SERVICE_RATE_LIMIT if rate_limit == "auto" else rate_limit
        self._app_id = app_id
        self._credential = BasicAuth(customer_id, customer_secret)
        self._service = Service(
            app_id=app_id,
            credential=self._credential,
            clock=self._clock,
            contract=Contract.shipped(strict=strict),
            limits=Limits(max_recordings, max_web_recordings, limit, in_real_time=rate_limit == "auto"),
            default_streams=tuple(default_streams),
            upload_time=upload_time,
            backup=backup,
            stranded=stranded,
            bare_names=bare_names,
            certificate=certificate,
        )
        self._webhooks = Webhooks(self._service, keep=keep_calls)
        if webhook_url is not None:
            self._webhooks.send_to(webhook_url, secret=webhook_secret)
        self._hosts = range(hosts)
        self._schedule = FaultSchedule((route.operation for route in self._service.contract.routes), self._hosts)
        self._log = CallLog(keep_calls)
        traffic = Traffic()
        self._app: ASGIApp = with_control(
            make_app(Gateway(self._service, self._schedule, self._log), traffic.call),
            Inside(self._service, self._schedule, self._log, self._webhooks, self._where, self.heal, self.reset),
        )
        self._certificate = certificate
        in_real_time = self._clock.ticking and self._clock.speed <= 1
        self._is_limited = in_real_time if rate_limit == "auto" else rate_limit is not None
        self._server = ThreadedServer(
            self._app, host=host, port=port, hosts=hosts, certfile=certfile, keyfile=keyfile, keep_alive=keep_alive
        )
        self._settling = Settling(self._clock, traffic, self._webhooks, self._server.catching_up)
        in_child(self._leave_to_parent)

    def _leave_to_parent(self) -> None:
        """In a forked process: what was done to a copy of what the parent serves would change nothing there."""
        if self._server.urls:
            elsewhere: Any = _Elsewhere(self._server.urls)
            self._server.let_go()
            self._webhooks.close()
            self._service = self._webhooks = self._schedule = self._log = self._clock = self._server = elsewhere

    def _where(self) -> tuple[str, ...]:
        return self._server.urls

    # -- what a client needs --------------------------------------------------------------------

    @property
    def url(self) -> str:
        """Where it answers, for a client's `base_url`: the first host. RuntimeError before `start`."""
        return self.urls[0]

    @property
    def urls(self) -> tuple[str, ...]:
        """Where each host answers. Each answer says by `X-Emulated-Host` which one gave it, from 0 on."""
        if not self._server.urls:
            raise RuntimeError("the emulator is not started: use it in a `with`, or call start()")
        return self._server.urls

    @property
    def app_id(self) -> str:
        """The one App ID that it serves."""
        return self._app_id

    @property
    def credential(self) -> BasicAuth:
        """Customer ID and secret that it accepts."""
        return self._credential

    @property
    def app(self) -> ASGIApp:
        """The service as an ASGI application, for use without a socket (`httpx.ASGITransport`)."""
        return self._app

    # -- what a test needs ----------------------------------------------------------------------

    @property
    def clock(self) -> Clock:
        """The time that recordings live by. Move it with `advance`."""
        return self._clock

    def client(self, **options: Any) -> CloudRecording:
        """A client of it; options are those of `CloudRecording`.

        It lives by the emulator's clock. In the thread that asks for the client, which is the test's, time passes as
        far as a call waits; in every other thread a call waits until the test moves the clock.
        """
        from cloudrec import CloudRecording

        return CloudRecording(self._app_id, self._credential, **self._options(self._clock.moved_here(), options))

    def async_client(self, **options: Any) -> AsyncCloudRecording:
        """An async client of it; options are those of `AsyncCloudRecording`.

        It lives by the emulator's clock: whoever waits does so until the test moves it, by `advance_async`, by `until`
        or by `clock.advance`.
        """
        from cloudrec import AsyncCloudRecording

        return AsyncCloudRecording(self._app_id, self._credential, **self._options(self._clock.sleep_async, options))

    def _options(self, wait: Callable[[float], object], options: dict[str, Any]) -> dict[str, Any]:
        own: dict[str, Any] = {"base_url": self.urls, "clock": self._clock.seconds, "wait": wait}
        if not self._is_limited:
            own["rate_limit"] = None
        if self._certificate is not None:
            from cloudrec import AccessToken

            own["tokens"] = AccessToken(self._app_id, self._certificate)
        return own | options

    # -- when everything waits ------------------------------------------------------------------

    def settle(self, timeout: float = 30.0) -> None:
        """Return when all that was due is done, webhooks included, and the code under test waits.

        For code in other threads and processes; in async tests there is `settle_async`. TimeoutError when it takes
        longer than so many seconds.
        """
        refuse_in_event_loop("settle")
        for pause in self._settling.settle(timeout):
            time.sleep(pause)

    def advance(self, seconds: float, timeout: float = 30.0) -> None:
        """Move the clock by so many seconds, from one who sleeps to the next, and settle at each of these moments.

        `clock.advance` moves it at once.
        """
        refuse_in_event_loop("advance")
        for pause in self._settling.advance(seconds, timeout):
            time.sleep(pause)

    async def settle_async(self, timeout: float = 30.0) -> None:
        """`settle` in async tests, whose event loop may be that of the code under test."""
        for pause in self._settling.settle(timeout):
            await anyio.sleep(pause)

    async def advance_async(self, seconds: float, timeout: float = 30.0) -> None:
        """`advance` in async tests."""
        for pause in self._settling.advance(seconds, timeout):
            await anyio.sleep(pause)

    async def until(self, what: Awaitable[T], timeout: float = 30.0) -> T:
        """What this gives when it is awaited; the clock moves as far as that waits for time, and no further.

        response = await emulator.until(http.post("/lessons/42"))
        """
        found: list[T] = []
        failures: list[Exception] = []

        async def run() -> None:
            try:
                found.append(await what)
            except Exception as error:
                failures.append(error)

        async with anyio.create_task_group() as group:
            group.start_soon(run)
            try:
                for pause in self._settling.until(lambda: bool(found or failures), timeout):
                    await anyio.sleep(pause)
            except TimeoutError as error:
                failures.append(error)
                group.cancel_scope.cancel()
        for failure in failures:
            raise failure
        return found[0]

    def channel(self, name: str) -> Channel:
        """A channel to put people into. The first call empties it of the default people."""
        return self._service.channels.describe(name)

    @property
    def recordings(self) -> tuple[RecordingSnapshot, ...]:
        """Every recording ever started, as it stands now, in the order of starting."""
        with self._service.lock:
            now = self._clock.now()
            return tuple(RecordingSnapshot.of(r, now) for r in self._service.recordings.values())

    @property
    def running(self) -> tuple[RecordingSnapshot, ...]:
        """The recordings that run now, in the order of starting."""
        with self._service.lock:
            now = self._clock.now()
            return tuple(RecordingSnapshot.of(r, now) for r in self._service.running(now))

    @property
    def calls(self) -> tuple[RecordedCall, ...]:
        """The latest calls in the order of arrival, each with what it met and whether it took effect."""
        return self._log.calls()

    @property
    def webhooks(self) -> Webhooks:
        """Who is told of what happens, and with which mishaps."""
        return self._webhooks

    @property
    def notices(self) -> tuple[SentNotice, ...]:
        """The latest notices in the order of happening, each with every attempt to deliver it."""
        return self._webhooks.notices

    def recording(self, sid: str) -> RecordingSnapshot:
        """One recording as it stands now. KeyError when there is none of this sid."""
        with self._service.lock:
            return RecordingSnapshot.of(self._service.recordings[sid], self._clock.now())

    def crash(self, sid: str) -> None:
        """End a recording abnormally (status 20). It must be running."""
        self._service.crash(sid)

    # -- what goes wrong ------------------------------------------------------------------------

    def fail(
        self,
        endpoints: str | Iterable[str],
        fault: Fault,
        *,
        times: int | None = None,
        every: int = 1,
        skip: int = 0,
        host: int | None = None,
        cname: str | None = None,
    ) -> None:
        """Let calls of these endpoints meet a fault, from now on until `heal`.

            emulator.fail("start", Fault.drop(after_effect=True), times=1)
            emulator.fail(["query", "update"], Fault.status(500, 62), every=5, host=0)
            emulator.fail("*", Fault.html(503))

        Endpoints are named as in the contract (`updateLayout`, `ncsIps`); "*" is all of them. The
        first `skip` calls are spared, then every `every`-th meets it, `times` in all; only calls to
        this `host`, or for this `cname`, where they are named. Of several wishes the one that was
        made first wins. ValueError says what makes no sense.
        """
        self._schedule.add(endpoints, fault, times=times, every=every, skip=skip, host=host, cname=cname)

    def storm(
        self,
        rate: float = 0.2,
        *,
        seed: int = 0,
        faults: Iterable[Fault] = STORM_FAULTS,
        endpoints: str | Iterable[str] = "*",
    ) -> None:
        """Let this share of all calls meet one of these faults, from now on until `heal`.

        It is the same storm in each run: whether a call fails and how depends on the seed, its
        endpoint, its cname and uid, and on which call of this endpoint for this cname and uid it
        is; not on the order in which threads get their turn. A second storm takes the place of the
        first. What was wished for by `fail` or by header comes first.
        """
        self._schedule.storm(rate, seed, faults, endpoints)

    @contextmanager
    def _refused(self, hosts: tuple[int, ...]) -> Iterator[None]:
        try:
            yield
        finally:
            self.accept(*hosts)

    def refuse(self, *hosts: int) -> AbstractContextManager[None]:
        """Close the ports of these hosts, or of all: connecting is refused, kept connections end.

        It is done when this returns, and lasts until `accept` or `heal`; or to the end of a `with`:

            with emulator.refuse(0):
                ...
        """
        chosen = self._chosen(hosts)
        for host in chosen:
            self._server.close(host)
        return self._refused(chosen)

    def accept(self, *hosts: int) -> None:
        """Open the ports of these hosts, or of all, again. They are the same ports."""
        for host in self._chosen(hosts):
            self._server.open(host)

    def failover(self, sid: str, seconds: float = 30.0, *, rename: bool = False) -> None:
        """Move a recording to another server: every call on it answers 404, and it goes on all the while.

        For so many seconds of the emulator's clock. With `rename` its files from here on are named
        `bak<n>_…`, beside those from before. KeyError when there is none of this sid.
        """
        fault = Fault.failover(seconds, rename=rename)
        self._service.move(sid, fault.seconds, rename=rename)

    def heal(self) -> None:
        """End everything that was wished for: faults, storm, closed ports, failovers."""
        self._schedule.clear()
        self._service.end_failovers()
        self._webhooks.look()
        if self._server.urls:
            self.accept()

    def reset(self) -> None:
        """Forget all recordings, channels, calls and notices, and heal. The clock and who is told stay as they are."""
        self.heal()
        with self._service.lock:
            self._service.reset()
            self._webhooks.forget()
            self._log.clear()

    def _chosen(self, hosts: tuple[int, ...]) -> tuple[int, ...]:
        for host in hosts:
            self._schedule.check_host(host)
        return hosts or tuple(self._hosts)

    # -- from start to stop ---------------------------------------------------------------------

    def start(self) -> None:
        """Listen, in a thread of its own; returns when the first request can be sent."""
        if self._server.urls:
            raise RuntimeError("the emulator is started already")
        self._server.start()
        self._webhooks.open()

    def stop(self) -> None:
        """Stop listening, send no more notices, and end the threads. What was recorded can still be looked at."""
        if not isinstance(self._server, _Elsewhere):
            self._server.stop()
            self._webhooks.close()

    def __enter__(self) -> Emulator:
        self.start()
        return self

    def __exit__(
        self,
        exc_type: type[BaseException] | None,
        exc: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self.stop()

    def __repr__(self) -> str:
        return f"<Emulator {' '.join(self._server.urls) or 'not started'} {self._clock!r}>"


class _Elsewhere:
    """What an emulator is made of, in a process that was forked from the one in which it serves."""

    def __init__(self, urls: tuple[str, ...]) -> None:
        self.urls = urls

    def __getattr__(self, name: str) -> Any:
        raise RuntimeError(
            "this process was forked from the one in which the emulator serves: here, nothing but its url is of use"
        )

    def __repr__(self) -> str:
        return "in another process"
