# Made from cloudrec/_async/session.py by scripts/generate. Do not edit.
"""`Session`: the loop of a call, from its first attempt to its end."""

import time
from collections.abc import Callable
from contextlib import suppress
from functools import partial
from math import inf
from random import random
from typing import TYPE_CHECKING, Any, Generic, NamedTuple, TypeVar
from weakref import WeakSet, WeakValueDictionary

from .._call.call import Call, refuse_what_has_ended
from .._call.hosts import Host
from .._call.line import CapacityLimiter, Ticket, Urgency, urgency_of
from .._call.outcomes import HAS_ARRIVED, Outcome, outcome_of_failure
from .._call.rate import Paced, RateLimit, paced
from .._call.response import ACCEPT_ENCODING, MAX_BODY, Reply, too_long, unpacked
from .._call.retry import Action, Decision, Retry, decide
from .._call.settings import Options, Settings
from .._call.telemetry import Report, under_way
from .._contract.redact import cleared, scrub, secrets_in
from .._http._sync import USER_AGENT, ClientTransport, HTTPClient, RenewedTransport, discard
from .._http.choice_sync import make_transport
from .._http.extensions import UNSENT, WRITTEN
from .._http.failures import is_late, is_of_transport, outcome_of_transport
from .._http.tls import ssl_context
from .._io._sync.calls import invoke
from .._io._sync.locks import OwnedLock, own_thread
from .._io._sync.loops import LoopAffinity, LoopLocal, current_loop, threadsafe
from .._io._sync.tasks import BackgroundTask, end_all, is_of_others
from .._io._sync.waiting import AutoResetEvent, LinkedEvent, Wait, fail_after, first_to_answer, resolve
from .._io.forks import in_child
from .._io.threads import ReadTimeout
from .._numbers import TELLS_THE_TIME
from ..errors import (
    Attempt,
    ClientClosedError,
    CloudRecordingError,
    ConfigurationError,
    InvalidResponseError,
    NetworkError,
    RateLimitError,
    RequestTimeoutError,
    ServiceError,
)

if TYPE_CHECKING:
    from ..results import Result

R = TypeVar("R", bound="Result")

# Seconds that the first of two DNS lookups may take. Then the nearer domain is used unasked.
LOOKUP_TIMEOUT = 2.0
# Seconds between the time-out of each part of an attempt and that of the whole.
MOMENT = 0.05
# Seconds after which who waits to begin looks again by itself; it is woken before, when it is its turn.
_LOOK_AGAIN = 60.0


class _Ended(NamedTuple, Generic[R]):
    """How one attempt ended: with a result or with an error, and with a reply if there was one."""

    outcome: Outcome
    reply: Reply | None
    result: R | None
    error: CloudRecordingError | None


class Session:
    """Connections, and everything that stands between a call and its result."""

    def __init__(
        self,
        settings: Settings,
        http_client: HTTPClient | None,
        clock: Callable[[], float] = time.monotonic,
        wait: Wait | None = None,
    ) -> None:
        self.settings = settings
        self._hosts = settings.hosts()
        self._given = None if http_client is None else ClientTransport(http_client)
        self._affinity = LoopAffinity(is_of_one=self._given is not None and self._given.connects)
        # Not by way of an httpx client where none was given: what it adds to each request was added once, below.
        self._transport: ClientTransport | RenewedTransport = self._given or make_transport(
            ssl_context(settings.base_urls), settings.max_connections
        )
        # No more are let in than there are connections: a pool in which somebody waits is slow.
        self._limiters = LoopLocal(lambda: CapacityLimiter(settings.max_connections))
        self._choosing = OwnedLock()
        self._clock = clock
        # A clock that tells the time is believed; one that counts from elsewhere goes on from the machine's.
        self._began = clock()
        self._began_at = self._began if self._began >= TELLS_THE_TIME else time.time()
        self._closing = LinkedEvent(wait)
        self._loop: object = None
        in_child(self._begin_anew)
        self.report: Report = Report(settings)
        # What is known here of recordings, by channel and recorder.
        self.lives: WeakValueDictionary[tuple[str, str], Any] = WeakValueDictionary()
        # And of those whose start was not answered yet.
        self.starting: dict[tuple[str, str], list[Any]] = {}
        # What runs beside recordings, and ends with the client.
        self.background: WeakSet[BackgroundTask] = WeakSet()
        self._secrets = settings.secrets
        self._headers = self._transport.headers.copy()
        self._headers.update(
            {"Authorization": settings.credential.header, "Accept": "application/json", "User-Agent": USER_AGENT}
        )
        # Also with a client that was given: what is not asked for is not unpacked.
        self._headers["Accept-Encoding"] = ACCEPT_ENCODING
        self._post_headers = self._headers.copy()
        self._post_headers["Content-Type"] = "application/json;charset=utf-8"

    def _begin_anew(self) -> None:
        """In a process that was forked: of what was under way, nothing is."""
        self._choosing = OwnedLock()
        self.starting.clear()
        self.background = WeakSet()

    def child_event(self) -> LinkedEvent:
        """An event that is set when the client is closed, or before."""
        return self._closing.child()

    def wall(self) -> float:
        """Seconds since 1970, by a clock that moves as the client's does."""
        return self._began_at + self._clock() - self._began

    def wait(self, seconds: float) -> None:
        """Waits, or until the client is closed."""
        self._closing.wait(seconds)

    def patience(self, options: Options, seconds: float) -> Options:
        """The same options, with so many seconds for the whole call at the most."""
        retry = self.settings.retry_of(options)
        within = Retry(attempts=retry.attempts, deadline=min(retry.deadline, max(seconds, 0.1)))
        return options._replace(retry=within)

    def turn(self, ticket: Ticket, until: LinkedEvent) -> None:
        """Waits until a request may go, after all that somebody waits for; or until that is closed.

        The ticket, which :meth:`send` takes, has its place then: :meth:`leave` gives it back where it was not used.
        """
        self._choose_domain(inf)
        with suppress(ClientClosedError):
            self._permit("query", ticket, inf, until)

    def let_in(self, ticket: Ticket, cname: str, on_wait: Callable[[int], object] | None) -> None:
        """Waits until a recording may be begun, however long that takes: no more at once than the limit can carry."""
        limit = self.settings.rate_limit
        if limit is None or limit.let_in.take(ticket):
            return
        event = AutoResetEvent()
        ticket.wake = event.set
        ahead = limit.let_in.ahead(ticket)
        self.report.waits(cname, ahead)
        if on_wait is not None:
            invoke("on_wait", on_wait, ahead)
        while not limit.let_in.take(ticket):
            self._check_open("acquire")
            event.wait(_LOOK_AGAIN)
        self._check_open("acquire")

    def let_out(self, ticket: Ticket) -> None:
        """Gives that place back, or the one in line."""
        if self.settings.rate_limit is not None:
            self.settings.rate_limit.let_in.give(ticket)

    def leave(self, ticket: Ticket) -> None:
        """Gives back what a ticket has: its connection, or its places in line."""
        if self.settings.rate_limit is not None:
            self.settings.rate_limit.leave(ticket)
        with suppress(ConfigurationError):  # a task that is thrown away after the end of its loop has nothing any more
            self._limiters.here().give(ticket)

    def send(self, call: Call[R], options: Options, ticket: Ticket | None = None) -> R:
        """Sends a call, as often as it takes; returns its result, or raises what is left in the end."""
        ticket = ticket or Ticket(urgency_of(call.endpoint))
        refuse_what_has_ended(call.endpoint, call.lent_until, self.wall())
        if call.endpoint == "start":
            under_way[call] = lambda: self.report.cut_off(call, SystemExit())
        try:
            try:
                try:
                    return self._send(call, options, ticket)
                finally:
                    self.leave(ticket)
            except BaseException as cut:
                self._cut_off(call, cut, ticket)
                raise
        except BaseException as cut:
            self._cut_off(call, cut, ticket)  # interrupted once more, while it was told
            raise
        finally:
            under_way.pop(call, None)

    def _cut_off(self, call: Call[R], cut: BaseException, ticket: Ticket) -> None:
        """Cancelled, or interrupted from the keyboard: under way, waiting to be sent again, giving back what it had."""
        if not isinstance(cut, CloudRecordingError):
            self.leave(ticket)
            self.report.cut_off(call, cut)

    def _send(self, call: Call[R], options: Options, ticket: Ticket) -> R:
        self._loop = current_loop()
        retry, timeout = self.settings.retry_of(options), self.settings.timeout_of(call.endpoint, options)
        began = self._clock()
        deadline = began + retry.deadline
        self._choose_domain(deadline)
        host = self._hosts.first(began)
        attempts: list[Attempt] = []
        while True:
            may_have_arrived = call.may_have_arrived
            try:
                if self._limiters.here().has(ticket):
                    self._check_open(call.endpoint)
                else:
                    self._permit(call.endpoint, ticket, deadline, self._closing)
            except CloudRecordingError as error:
                # Not sent, this time. Whether it was before decides what that means.
                decision = Decision(Action.MAY_RUN if call.endpoint == "start" and may_have_arrived else Action.RAISE)
                unsent = _Ended[R](Outcome.REFUSED, None, None, error)
                return self._finish(call, decision, unsent, attempts, self._clock() - began)
            sent = self._clock()
            call.may_have_arrived = True
            # Never less than a moment, so that what is late fails as a time-out and not as a wrong number.
            seconds = min(timeout, max(deadline - sent, 0.001))
            try:
                ended = self._attempt(call, host, seconds, ticket)
            except BaseException as cut:
                if not is_of_others(cut):
                    raise
                # The end of an event loop cancels also the tasks that a connection is made of.
                ended = _Ended(Outcome.LOST, None, None, _broken(call, host, cut))
            now = self._clock()
            self.leave(ticket)
            if (limit := self.settings.rate_limit) is not None:
                answered = partial(limit.answered, ticket, now, is_refused=ended.outcome is Outcome.RATE_LIMITED)
                # Only what is somebody else's may have to be awaited.
                invoke("rate_limit", answered) if isinstance(limit, Paced) else answered()
            if ended.outcome not in HAS_ARRIVED:
                call.may_have_arrived = may_have_arrived
            number = len(attempts) + 1
            attempts.append(
                self.report.attempt(call, number, host, ended.outcome, now - sent, ended.reply, ended.error)
            )
            self._hosts.note(host, ended.outcome, now)
            most = number if isinstance(ended.error, ClientClosedError) else retry.attempts
            times = sum(attempt.outcome == ended.outcome.value for attempt in attempts)
            decision = decide(
                call.endpoint, ended.outcome, number, most, may_have_arrived=may_have_arrived, times=times
            )
            if decision.action is Action.AGAIN:
                wait = self._seconds(decision, ended.error)
                if now + wait < deadline:
                    self._closing.wait(wait)
                    if self._clock() < deadline:
                        host = self._hosts.after(host, decision.move)
                        continue
                # No time is left for another: as if this had been the last that is allowed.
                decision = decide(
                    call.endpoint, ended.outcome, number, number, may_have_arrived=call.may_have_arrived, is_last=True
                )
            return self._finish(call, decision, ended, attempts, now - began)

    def _finish(
        self, call: Call[R], decision: Decision, ended: _Ended[R], attempts: list[Attempt], elapsed: float
    ) -> R:
        """Returns or raises, as was decided."""
        result, error = ended.result, ended.error
        if decision.action is Action.STOPPED and ended.reply is not None:
            result, error = call.stopped(ended.reply), None
        elif decision.action is Action.MAY_RUN and error is not None:
            error = call.may_run(error)
            self.report.may_run(call, error)
        self.report.call(call, attempts, elapsed, error)
        if error is not None:
            error.attempts = tuple(attempts)
            raise error
        if result is None:
            raise AssertionError("an attempt ends with a result or with an error")
        result.attempts = tuple(attempts)
        return result

    def _attempt(self, call: Call[R], host: Host, seconds: float, ticket: Ticket) -> _Ended[R]:
        """Sends a call once, which takes no longer than so many seconds."""
        replies: list[Reply] = []
        content = call.content
        headers = self._headers if content is None else self._post_headers
        if call.headers:
            headers = headers.copy()
            headers.update(call.headers)
        request = self._transport.request(call.method, host.base_url + call.path, headers, content, seconds)
        if self._transport.keeps_time:
            request.extensions[WRITTEN] = partial(self._written, ticket)
        else:
            self._written(ticket)  # as far as one can know
        try:
            # A moment more than each part has, so that what was not even connected in time is known as that.
            until = seconds + MOMENT
            exchange = partial(self._exchange, call, request, seconds, replies)
            result = fail_after(until, self._transport.keeps_time, exchange)
            return _Ended(Outcome.SUCCESS, replies[-1], result, None)
        except ConfigurationError as error:
            return _Ended(Outcome.REFUSED, None, None, error)
        except (ServiceError, InvalidResponseError) as error:
            return _Ended(outcome_of_failure(error), replies[-1] if replies else None, None, error)
        except Exception as error:
            reply = replies[-1] if replies else None
            is_closed = self._is_closed
            if not (is_of_transport(error) or (is_closed and isinstance(error, RuntimeError))):
                raise
            outcome = outcome_of_transport(error, is_unsent=UNSENT in request.extensions)
            if is_closed:
                return _Ended(outcome, reply, None, _closed(call.endpoint))
            late = is_late(error)
            secrets = [*self._secrets, *secrets_in(call.body)]
            said = scrub(str(error), secrets)
            what = f"in {seconds:g} s ({type(error).__name__})" if late else f"({type(error).__name__}: {said})"
            made = (RequestTimeoutError if late else NetworkError)(
                f"{call.endpoint}: no answer from {host.name} {what}",
                endpoint=call.endpoint,
                retryable=outcome is not Outcome.REFUSED and (call.endpoint != "start" or outcome is not Outcome.LOST),
                advice="Check the network and the host (area or base_url).",
            )
            made.__cause__ = cleared(error, secrets)
            return _Ended(outcome, reply, None, made)

    def _written(self, ticket: Ticket) -> None:
        if self.settings.rate_limit is not None:
            self.settings.rate_limit.written(ticket, self._clock())

    def _exchange(self, call: Call[R], request: Any, seconds: float, replies: list[Reply]) -> R:
        """Sends a request and reads its answer, which is kept even if it is a failure."""
        # By the machine's time: a thread in which this runs may have been left to itself.
        until = time.monotonic() + seconds
        response = self._transport.handle_request(request)
        try:
            reply = self._read(call, response, until)
            replies.append(reply)
            return call.result(reply, self._secrets)
        except ServiceError:
            raise
        except BaseException:
            # Not to be trusted, or not read to its end: whatever comes next over this connection may be part of it.
            discard(response)
            raise
        finally:
            response.close()

    def _read(self, call: Call[R], response: Any, until: float) -> Reply:
        # As a dict, since httpx looks through all of them for each that it is asked for.
        status, headers = response.status_code, dict(response.headers.items())
        if response.is_stream_consumed:
            # By a hook of a client that was given, or it never was on a wire.
            return Reply(status, headers, response.content)
        chunks, size = [], 0
        # As it is on the wire, and from the stream itself: a response gives its connection back at its end.
        for chunk in response.stream:
            chunks.append(chunk)
            size += len(chunk)
            if size > MAX_BODY:
                raise too_long(call.endpoint, status, headers.get("x-request-id"))
            if time.monotonic() > until:
                raise ReadTimeout("the answer took too long")
        return Reply(status, headers, unpacked(call.endpoint, status, headers, b"".join(chunks)))

    def _permit(self, endpoint: str, ticket: Ticket, deadline: float, until: LinkedEvent) -> None:
        """Waits for a place among the connections, which is to be given back, and then for one under the rate limit.

        In this order, so that what the limit has let go goes at once.
        """
        self._check_open(endpoint)
        if not self._limiters.here().take(ticket, own_thread()):
            self._wait_for_connection(endpoint, ticket, deadline)
        limit = self.settings.rate_limit
        if limit is not None and limit.ask(ticket, self._clock()) != 0:
            self._wait_for_limit(limit, endpoint, ticket, deadline, until)

    def _wait_for_connection(self, endpoint: str, ticket: Ticket, deadline: float) -> None:
        event = AutoResetEvent()
        ticket.wake = event.set
        was_set = True
        while not self._limiters.here().take(ticket):
            left = deadline - self._clock()
            if left <= 0 or not was_set:
                raise RequestTimeoutError(
                    f"{endpoint}: not sent, as the deadline passed before a connection was free",
                    endpoint=endpoint,
                    retryable=True,
                    advice="Make fewer calls at once, or give more max_connections or a longer deadline.",
                )
            was_set = event.wait(left)
            self._check_open(endpoint)

    def _wait_for_limit(
        self, limit: RateLimit | Paced, endpoint: str, ticket: Ticket, deadline: float, until: LinkedEvent
    ) -> None:
        now = self._clock()
        while not until.is_set:
            waiting = until.child()
            ticket.wake = threadsafe(waiting.set)
            wait = limit.ask(ticket, now)
            if isinstance(limit, Paced) and wait is None:
                wait = paced(invoke("rate_limit", limit.pace.take))
                if wait == 0:
                    limit.leave(ticket)
            if not wait:
                return
            # What ends a recording waits as long as there is time: those before it may give up.
            if now >= deadline or (now + wait > deadline and ticket.urgency != Urgency.STOP):
                raise RateLimitError(
                    f"{endpoint}: not sent, as so many calls wait for {limit!r} that the deadline would pass",
                    endpoint=endpoint,
                    retryable=True,
                    advice="Make fewer calls at once, or give a longer deadline (retry=Retry(deadline=...)).",
                )
            wait = min(wait, deadline - now)
            waiting.wait(wait)
            self._check_open(endpoint)
            # A clock of somebody's own need not move when its `wait` returns; that it has waited is enough.
            now = self._clock() if waiting.is_set else max(self._clock(), now + wait)

    def _choose_domain(self, deadline: float) -> None:
        """Asks DNS which domain is nearer: everyone waits for the first choice, and one caller for each later one."""
        if self._hosts.is_undecided:
            with self._choosing:
                self._look_up(deadline)
        else:
            self._look_up(deadline)

    def _look_up(self, deadline: float) -> None:
        now = self._clock()
        names = self._hosts.names_to_ask(now)
        if names:
            resolver = self.settings.resolver or resolve
            seconds = min(LOOKUP_TIMEOUT, max(deadline - now, 0.0))
            self._hosts.choose(first_to_answer(resolver, names, seconds))

    def _seconds(self, decision: Decision, error: CloudRecordingError | None) -> float:
        """How long to wait: as advised or as the service asked, and up to a quarter more, lest all come at once."""
        asked = error.retry_after if isinstance(error, RateLimitError) else None
        return (decision.wait if asked is None else asked) * (1 + random() / 4)

    @property
    def _is_closed(self) -> bool:
        return self._closing.is_set or self._transport.is_closed

    def _check_open(self, endpoint: str) -> None:
        if self._is_closed:
            raise _closed(endpoint)
        if self._transport.is_of_parent:
            raise _of_parent(endpoint)
        self._affinity.check()

    @property
    def can_wait(self) -> bool:
        """Whether the event loop that the client is used in still runs."""
        return self._loop is current_loop()

    def close(self) -> None:
        """Closes the connections. An httpx client that was given stays open.

        Calls under way end with ClientClosedError, or, if they may have started a recording, with
        RecordingMayBeRunningError: at once, but for a thread that reads, which ends with its answer or its time-out.
        """
        self._closing.set()
        for places in self._limiters.all():
            places.wake_all()
        if self.settings.rate_limit is not None:
            self.settings.rate_limit.let_in.wake_all()
        if self._given is None:
            self._transport.close()
        end_all(self.background)


def _broken(call: Call[Any], host: Host, cause: BaseException) -> NetworkError:
    made = NetworkError(
        f"{call.endpoint}: no answer from {host.name} ({type(cause).__name__} of the connection)",
        endpoint=call.endpoint,
        retryable=call.endpoint != "start",
        advice="Close the client before its event loop ends.",
    )
    made.__cause__ = cause
    return made


def _closed(endpoint: str) -> ClientClosedError:
    return ClientClosedError(
        f"{endpoint}: the client is closed", endpoint=endpoint, advice="Close it when every call has ended."
    )


def _of_parent(endpoint: str) -> ConfigurationError:
    return ConfigurationError(
        f"{endpoint}: not sent: http_client was used before this process was forked, and shares connections with "
        "its parent",
        endpoint=endpoint,
        advice="Give a new http_client to a new client after the fork, or give none: without one, connections are made "
        "anew.",
    )
