"""Sends calls: the only place where the wrapper touches HTTP."""

import time
from collections.abc import Callable
from functools import lru_cache
from random import random
from typing import Any, Generic, NamedTuple, TypeVar

import httpx

from .._attempts import is_late, is_of_transport, outcome_of_failure, outcome_of_transport
from .._calls import Call
from .._hosts import Host
from .._io_async import Closing, Home, Lock, Places, Wait, Within, first_to_answer, make_transport, resolve
from .._rate import RateLimit
from .._redact import scrub, secrets_in
from .._reply import MAX_BODY, Reply, too_long
from .._report import Report
from .._retry import MAY_HAVE_ARRIVED, Action, Decision, Outcome, Retry, decide
from .._settings import USER_AGENT, Options, Settings
from .._ssl import ssl_context
from ..errors import (
    Attempt,
    ClientClosedError,
    CloudRecordingError,
    InvalidResponseError,
    NetworkError,
    RateLimitError,
    RequestTimeoutError,
    ServiceError,
)
from ..results import Result
from .transport import AsyncClientTransport, timeouts

R = TypeVar("R", bound=Result)

# Seconds that the first of two DNS lookups may take. Then the nearer domain is used unasked.
LOOKUP_TIMEOUT = 2.0


# What an httpx client sends of itself.
_HEADERS = {"Accept-Encoding": "gzip, deflate", "Connection": "keep-alive"}


@lru_cache(maxsize=1024)
def _url(base_url: str, path: str) -> httpx.URL:
    """A URL, parsed once for all the queries of a recording."""
    return httpx.URL(base_url + path)


class _Ended(NamedTuple, Generic[R]):
    """How one attempt ended: with a result or with an error, and with a reply if there was one."""

    outcome: Outcome
    reply: Reply | None
    result: R | None
    error: CloudRecordingError | None


class AsyncSession:
    """An httpx client, and everything that stands between a call and its result."""

    def __init__(
        self,
        settings: Settings,
        http_client: httpx.AsyncClient | None,
        clock: Callable[[], float] = time.monotonic,
        wait: Wait | None = None,
    ) -> None:
        self.settings = settings
        self._hosts = settings.hosts()
        self._home = Home(http_client)
        self._given = None if http_client is None else AsyncClientTransport(http_client)
        # Not by way of an httpx client where none was given: what it adds to each request was added once, below.
        self._transport: httpx.AsyncBaseTransport = self._given or make_transport(
            ssl_context(settings.base_urls), settings.max_connections
        )
        # No more are let in than there are connections: a pool in which somebody waits is slow.
        self._places = Places(settings.max_connections)
        self._choosing = Lock()
        self._line = Lock()
        self._clock = clock
        self._began, self._began_at = clock(), time.time()
        self._closing = Closing(wait)
        self._report = Report(settings)
        self._secrets = (settings.credential.customer_secret, settings.credential.header.removeprefix("Basic "))
        self._headers = httpx.Headers(_HEADERS if http_client is None else http_client.headers)
        self._headers.update(
            {"Authorization": settings.credential.header, "Accept": "application/json", "User-Agent": USER_AGENT}
        )
        self._post_headers = self._headers.copy()
        self._post_headers["Content-Type"] = "application/json;charset=utf-8"

    def part(self) -> Closing:
        """What ends when the client is closed, or before."""
        return self._closing.part()

    def wall(self) -> float:
        """Seconds since 1970, by a clock that moves as the client's does."""
        return self._began_at + self._clock() - self._began

    async def wait(self, seconds: float) -> None:
        """Waits, or until the client is closed."""
        await self._closing.wait(seconds)

    def patience(self, options: Options, seconds: float) -> Options:
        """The same options, with so many seconds for the whole call at the most."""
        retry = self.settings.retry_of(options)
        within = Retry(attempts=retry.attempts, deadline=min(retry.deadline, max(seconds, 0.1)))
        return options._replace(retry=within)

    async def turn(self) -> None:
        """Waits until a request could go at once; one after the other, in the order in which they came.

        For the queries that nobody waits for. If a thousand of them took their places under the rate limit at once,
        whoever stops a recording would wait for a hundred seconds.
        """
        limit = self.settings.rate_limit
        if limit is not None:
            async with self._line:
                while not self._is_closed and (wait := limit.free_in(self._clock())) > 0:
                    await self._closing.wait(wait)

    async def send(self, call: Call[R], options: Options) -> R:
        """Sends a call, as often as it takes; returns its result, or raises what is left in the end."""
        retry, timeout = self.settings.retry_of(options), self.settings.timeout_of(call.endpoint, options)
        began = self._clock()
        deadline = began + retry.deadline
        await self._choose_domain(deadline)
        host = self._hosts.first(began)
        attempts: list[Attempt] = []
        may_have_arrived = False
        while True:
            try:
                await self._permit(call, deadline)
            except CloudRecordingError as error:
                # Not sent, this time. Whether it was before decides what that means.
                decision = Decision(Action.MAY_RUN if call.endpoint == "start" and may_have_arrived else Action.RAISE)
                unsent = _Ended[R](Outcome.REFUSED, None, None, error)
                return self._finish(call, decision, unsent, attempts, self._clock() - began)
            try:
                sent = self._clock()
                # Never less than a moment, so that what is late fails as a time-out and not as a wrong number.
                ended = await self._attempt(call, host, min(timeout, max(deadline - sent, 0.001)))
                now = self._clock()
            except BaseException as cut:
                # Cancelled, or interrupted from the keyboard, while it was under way.
                self._report.cut_off(call, cut)
                raise
            finally:
                self._places.give()
            number = len(attempts) + 1
            attempts.append(
                self._report.attempt(call, number, host, ended.outcome, now - sent, ended.reply, ended.error)
            )
            self._hosts.note(host, ended.outcome, now)
            most = number if isinstance(ended.error, ClientClosedError) else retry.attempts
            decision = decide(call.endpoint, ended.outcome, number, most, may_have_arrived=may_have_arrived)
            may_have_arrived = may_have_arrived or ended.outcome in MAY_HAVE_ARRIVED
            if decision.action is Action.AGAIN:
                wait = self._seconds(decision, ended.error)
                if now + wait < deadline:
                    await self._closing.wait(wait)
                    if self._clock() < deadline:
                        host = self._hosts.after(host, decision.move)
                        continue
                # No time is left for another: as if this had been the last that is allowed.
                decision = decide(call.endpoint, ended.outcome, number, number, may_have_arrived=may_have_arrived)
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
        self._report.call(call, attempts, elapsed, error)
        if error is not None:
            error.attempts = tuple(attempts)
            raise error
        if result is None:
            raise AssertionError("an attempt ends with a result or with an error")
        result.attempts = tuple(attempts)
        return result

    async def _attempt(self, call: Call[R], host: Host, seconds: float) -> _Ended[R]:
        """Sends a call once."""
        reply: Reply | None = None
        try:
            # Each part of an answer has its time-out; twice that ends one that comes in ever more parts. (Not once:
            # what ends while it connects must be known as that, since it was not sent.)
            with Within(2 * seconds):
                reply = await self._exchange(call, host, seconds)
            return _Ended(Outcome.SUCCESS, reply, call.result(reply, self._secrets), None)
        except (ServiceError, InvalidResponseError) as error:
            return _Ended(outcome_of_failure(error), reply, None, error)
        except Exception as error:
            is_closed = self._is_closed
            if not (is_of_transport(error) or (is_closed and isinstance(error, RuntimeError))):
                raise
            outcome = outcome_of_transport(error)
            if is_closed:
                return _Ended(outcome, reply, None, _closed(call))
            late = is_late(error)
            said = scrub(str(error), [*self._secrets, *secrets_in(call.body)])
            what = f"in {seconds:g} s ({type(error).__name__})" if late else f"({type(error).__name__}: {said})"
            made = (RequestTimeoutError if late else NetworkError)(
                f"{call.endpoint}: no answer from {host.name} {what}",
                endpoint=call.endpoint,
                retryable=outcome is not Outcome.REFUSED and (call.endpoint != "start" or outcome is not Outcome.LOST),
                advice="Check the network and the host (area or base_url).",
            )
            made.__cause__ = error
            return _Ended(outcome, reply, None, made)

    async def _exchange(self, call: Call[R], host: Host, seconds: float) -> Reply:
        content = call.content
        request = httpx.Request(
            call.method,
            _url(host.base_url, call.path),
            headers=self._headers if content is None else self._post_headers,
            content=content,
            extensions={"timeout": timeouts(seconds)},
        )
        response = await self._transport.handle_async_request(request)
        try:
            return await self._read(call, response, self._clock() + seconds)
        finally:
            await response.aclose()

    async def _read(self, call: Call[R], response: httpx.Response, until: float) -> Reply:
        chunks, size = [], 0
        async for chunk in response.aiter_bytes():
            chunks.append(chunk)
            size += len(chunk)
            if size > MAX_BODY:
                raise too_long(call.endpoint, response.status_code, response.headers.get("x-request-id"))
            # httpx's time-out is for each part; an answer that drips would never end.
            if self._clock() > until:
                raise httpx.ReadTimeout("the answer took too long")
        return Reply(response.status_code, response.headers, b"".join(chunks))

    async def _permit(self, call: Call[R], deadline: float) -> None:
        """Waits for a place under the rate limit, and for one among the connections, which is to be given back."""
        self._check_open(call)
        if self.settings.rate_limit is not None:
            await self._permit_of(self.settings.rate_limit, call, deadline)
        is_taken = await self._places.take(deadline - self._clock())
        if is_taken and self._clock() >= deadline:
            self._places.give()
            is_taken = False
        if not is_taken:
            raise RequestTimeoutError(
                f"{call.endpoint}: not sent, as the deadline passed before a connection was free",
                endpoint=call.endpoint,
                retryable=True,
                advice="Make fewer calls at once, or give more max_connections or a longer deadline.",
            )
        if self._is_closed:
            self._places.give()
            raise _closed(call)

    async def _permit_of(self, limit: RateLimit, call: Call[R], deadline: float) -> None:
        wait = limit.reserve(self._clock(), deadline)
        if wait is None:
            raise RateLimitError(
                f"{call.endpoint}: not sent, as so many calls wait for {limit!r} that the deadline would pass",
                endpoint=call.endpoint,
                retryable=True,
                advice="Make fewer calls at once, or give a longer deadline (retry=Retry(deadline=...)).",
            )
        if wait > 0:
            await self._closing.wait(wait)
            self._check_open(call)

    async def _choose_domain(self, deadline: float) -> None:
        """Asks DNS which domain is nearer: everyone waits for the first choice, and one caller for each later one."""
        if self._hosts.is_undecided:
            async with self._choosing:
                await self._look_up(deadline)
        else:
            await self._look_up(deadline)

    async def _look_up(self, deadline: float) -> None:
        now = self._clock()
        names = self._hosts.names_to_ask(now)
        if names:
            resolver = self.settings.resolver or resolve
            seconds = min(LOOKUP_TIMEOUT, max(deadline - now, 0.0))
            self._hosts.choose(await first_to_answer(resolver, names, seconds))

    def _seconds(self, decision: Decision, error: CloudRecordingError | None) -> float:
        """How long to wait: as advised or as the service asked, and up to a quarter more, lest all come at once."""
        asked = error.retry_after if isinstance(error, RateLimitError) else None
        return (decision.wait if asked is None else asked) * (1 + random() / 4)

    @property
    def _is_closed(self) -> bool:
        return self._closing.is_set or (self._given is not None and self._given.is_closed)

    def _check_open(self, call: Call[R]) -> None:
        if self._is_closed:
            raise _closed(call)
        self._home.check()

    async def aclose(self) -> None:
        """Closes the connections. An httpx client that was given stays open.

        Calls under way end with ClientClosedError, or, if they may have started a recording, with
        RecordingMayBeRunningError: at once, but for a thread that reads, which ends with its answer or its time-out.
        """
        self._closing.set()
        # Who waits for a place takes this one, sees that it is over, and gives it on.
        self._places.give()
        if self._given is None:
            await self._transport.aclose()


def _closed(call: Call[Any]) -> ClientClosedError:
    return ClientClosedError(
        f"{call.endpoint}: the client is closed", endpoint=call.endpoint, advice="Close it when every call has ended."
    )
