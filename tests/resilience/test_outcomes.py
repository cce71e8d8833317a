"""What a real network does to a real client, and what the client makes of it."""

from __future__ import annotations

import pkgutil
import socket
import ssl
from typing import Any

import anyio
import h11
import httpcore
import httpx
import pytest
import trio

from cloudrec import AsyncCloudRecording, CloudRecording, NetworkError, RequestTimeoutError, Retry
from cloudrec._call.outcomes import Outcome
from cloudrec._http.failures import is_late, outcome_of_transport
from tests.resilience.support import (
    CUT,
    CUT_CHUNKS,
    DRIPS,
    DROP,
    GOOD,
    HANG_UP,
    HTML,
    NOT_HTTP,
    RESET,
    SILENCE,
    Answer,
    Server,
    drive,
    free_port,
    tell,
)
from tests.support import APP_ID, CALLS, CNAME, CREDENTIAL, RESOURCE_ID, SID, UID

PACKED_WRONGLY = Answer(200, b"not gzip at all", {"Content-Encoding": "gzip"})


def once(kind: str, url: str, **settings: Any) -> NetworkError:
    """The error of a query that is tried once."""
    with pytest.raises(NetworkError) as caught:
        drive(kind, CALLS["query"], url, retry=None, **settings)
    return caught.value


@pytest.mark.parametrize("what", [HANG_UP, DROP, RESET, CUT, CUT_CHUNKS, NOT_HTTP])
def test_broken_connections_may_have_carried_the_request(kind: str, what: str) -> None:
    """A connection that stood and broke is `lost`, however it broke; and that is no time-out."""
    story = tell(kind, CALLS["query"], what, what, retry=None)
    assert story.outcomes == ["lost"]
    assert type(story.error) is NetworkError


def test_connections_that_are_used_again_may_break_too(kind: str) -> None:
    """The second request of a connection meets its end: lost."""
    if kind == "sync":

        def use(client: Any) -> Any:
            client.query(*QUERY)
            return client.update(*QUERY, CNAME, UID, retry=None)
    else:

        async def use(client: Any) -> Any:
            await client.query(*QUERY)
            return await client.update(*QUERY, CNAME, UID, retry=None)

    assert tell(kind, use, Answer(), DROP).outcomes == ["lost"]


QUERY = (RESOURCE_ID, SID, "mix")


def test_no_answer_in_time(kind: str) -> None:
    """A server that says nothing: lost, as a time-out."""
    story = tell(kind, CALLS["query"], SILENCE, retry=None, timeout=0.1)
    assert story.outcomes == ["lost"]
    assert type(story.error) is RequestTimeoutError
    assert "in 0.1 s" in str(story.error)


def test_an_answer_that_drips_without_end(kind: str) -> None:
    """A header that never ends keeps every single time-out of the connection, and ends all the same."""
    with Server(DRIPS) as server:
        error = once(kind, server.url, timeout=0.1)
    assert type(error) is RequestTimeoutError
    assert outcome_of_transport(error.__cause__ or error) is Outcome.LOST


def test_refused_port(kind: str) -> None:
    """Nobody listens: no connection."""
    error = once(kind, f"http://127.0.0.1:{free_port()}")
    assert [attempt.outcome for attempt in error.attempts] == ["no connection"]
    assert type(error) is NetworkError


def test_plain_port_asked_for_tls(kind: str) -> None:
    """No TLS on the other side: no connection."""
    with Server() as server:
        error = once(kind, server.url.replace("http:", "https:"))
    assert [attempt.outcome for attempt in error.attempts] == ["no connection"]


def test_name_that_is_not_known(kind: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """The name cannot be looked up: no name."""

    def getaddrinfo(*_: object, **__: object) -> None:
        raise socket.gaierror(socket.EAI_NONAME, "Name or service not known")

    monkeypatch.setattr(socket, "getaddrinfo", getaddrinfo)
    error = once(kind, "http://nowhere.invalid")
    assert [attempt.outcome for attempt in error.attempts] == ["no name"]


@pytest.mark.parametrize("answer", [HTML, Answer(200, [1]), Answer(200, b"")], ids=["html", "list", "empty"])
def test_answers_that_are_not_the_services(kind: str, answer: Answer) -> None:
    """Something answered, in a way that cannot be read: garbled."""
    assert tell(kind, CALLS["query"], answer, retry=None).outcomes == ["garbled"]


def test_answer_packed_wrongly(kind: str) -> None:
    """A body that cannot be unpacked is an answer that may follow an effect."""
    assert tell(kind, CALLS["query"], PACKED_WRONGLY, retry=None).outcomes == ["garbled"]


@pytest.mark.parametrize(
    ("endpoint", "status", "body", "outcome"),
    [
        ("query", 200, GOOD, "success"),
        ("query", 429, {"message": "API rate limit exceeded"}, "rate limited"),
        ("query", 206, {"code": 65}, "not completed"),
        ("query", 504, {"code": 62}, "timed out inside"),
        ("query", 502, b"<html>", "unavailable"),
        ("query", 404, {"code": 404, "reason": "failed to find worker"}, "not found"),
        ("query", 404, {"message": "no Route matched with those values"}, "refused"),
        ("query", 400, {"code": 2, "reason": "no"}, "refused"),
        ("query", 401, {"message": "Unauthorized"}, "refused"),
        ("query", 302, b"", "refused"),
        ("acquire", 500, {"code": 504}, "timed out inside"),
        ("start", 500, {"code": 62}, "timed out inside"),
        ("start", 500, {"code": 502}, "not allocated"),
        ("start", 201, {"code": 7}, "already started"),
        ("start", 400, {"code": 53}, "conflict"),
        ("start", 200, {}, "garbled"),
        ("stop", 400, {"code": 49}, "already stopping"),
        ("stop", 504, {"code": 50}, "refused"),
        ("stop", 206, {"code": 435}, "success"),
    ],
)
def test_answers(endpoint: str, status: int, body: Any, outcome: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """What the service says, in one word."""
    assert tell("sync", CALLS[endpoint], Answer(status, body), retry=None).outcomes == [outcome]


def test_what_the_caller_was_busy_with_does_not_count() -> None:
    """A call made while another error is handled: its own cause counts, not that."""
    with Server(DROP) as server:
        try:
            raise socket.gaierror(socket.EAI_NONAME, "somebody else's name")
        except socket.gaierror:
            error = once("sync", server.url)
    assert [attempt.outcome for attempt in error.attempts] == ["lost"]


@pytest.mark.parametrize(
    ("kind_of_error", "outcome"),
    [
        (httpx.ConnectError, Outcome.NO_CONNECTION),
        (httpx.ConnectTimeout, Outcome.NO_CONNECTION),
        (httpx.PoolTimeout, Outcome.NO_CONNECTION),
        (httpx.ProxyError, Outcome.NO_CONNECTION),
        (httpx.UnsupportedProtocol, Outcome.REFUSED),
        (httpx.LocalProtocolError, Outcome.REFUSED),
        (httpx.ReadError, Outcome.LOST),
        (httpx.ReadTimeout, Outcome.LOST),
        (httpx.WriteError, Outcome.LOST),
        (httpx.WriteTimeout, Outcome.LOST),
        (httpx.CloseError, Outcome.LOST),
        (httpx.RemoteProtocolError, Outcome.LOST),
        (httpx.DecodingError, Outcome.LOST),
        (httpx.StreamClosed, Outcome.LOST),
        (httpcore.ReadError, Outcome.LOST),
        (httpcore.ReadTimeout, Outcome.LOST),
        (httpcore.RemoteProtocolError, Outcome.LOST),
        (h11.RemoteProtocolError, Outcome.LOST),
        (h11.LocalProtocolError, Outcome.NO_CONNECTION),
        (anyio.BrokenResourceError, Outcome.LOST),
        (anyio.ClosedResourceError, Outcome.LOST),
        (anyio.EndOfStream, Outcome.LOST),
        (trio.BrokenResourceError, Outcome.LOST),
        (trio.ClosedResourceError, Outcome.LOST),
        (ssl.SSLError, Outcome.LOST),
        (ConnectionResetError, Outcome.LOST),
    ],
    ids=lambda value: f"{value.__module__}.{value.__name__}" if isinstance(value, type) else value.name,
)
def test_every_transport_error_of_httpx(kind_of_error: Any, outcome: Outcome) -> None:
    """All of them are known, and what may have carried the request is lost."""
    error = kind_of_error() if kind_of_error is httpx.StreamClosed else kind_of_error("no")
    assert outcome_of_transport(error) is outcome
    assert is_late(error) is isinstance(error, httpx.TimeoutException | httpcore.TimeoutException)

    def handler(_: httpx.Request) -> httpx.Response:
        raise error

    with httpx.Client(transport=httpx.MockTransport(handler)) as http_client:
        client = CloudRecording(APP_ID, CREDENTIAL, base_url="http://127.0.0.1", http_client=http_client)
        with pytest.raises(NetworkError) as caught:
            client.query(*QUERY, retry=None)
    assert [attempt.outcome for attempt in caught.value.attempts] == [outcome.value]


class Cut(BaseException):
    """What a signal handler raises."""


@pytest.mark.parametrize("where", ["h11.Connection.start_next_cycle", "h11.Connection.next_event"])
def test_an_interrupt_in_the_middle_of_an_exchange(kind: str, where: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """The connection that it leaves in the middle of an exchange is used by nobody: the next call has another one."""
    if kind == "aiohttp":
        where = "aiohttp.ClientResponse.start"
    owner, _, name = where.rpartition(".")
    kept = getattr(pkgutil.resolve_name(owner), name)

    def cut(*_: Any) -> None:
        monkeypatch.setattr(where, kept)
        raise Cut

    def interrupt() -> None:
        monkeypatch.setattr(where, cut)

    if kind == "sync":

        def use(client: Any) -> Any:
            client.query(*QUERY)
            interrupt()
            with pytest.raises(Cut):
                client.query(*QUERY)
            return [client.query(*QUERY, retry=None) for _ in range(3)]
    else:

        async def use(client: Any) -> Any:
            await client.query(*QUERY)
            interrupt()
            with pytest.raises(Cut):
                await client.query(*QUERY)
            return [await client.query(*QUERY, retry=None) for _ in range(3)]

    with Server() as server:
        assert len(drive(kind, use, server.url, max_connections=1)) == 3
        server.until_left()
    assert server.connections == 2


def test_causes_that_lead_in_a_circle() -> None:
    """An error that is its own cause does not hang anybody."""
    error = httpx.ConnectError("no")
    error.__cause__ = error
    assert outcome_of_transport(error) is Outcome.NO_CONNECTION


def test_other_peoples_errors_pass(kind: str) -> None:
    """What a hook of the caller's httpx client raises is not made into something else."""

    class TheirError(Exception):
        pass

    def hook(_: Any) -> None:
        raise TheirError

    async def async_hook(_: Any) -> None:
        raise TheirError

    with Server() as server:
        if kind == "sync":
            with httpx.Client(verify=False, event_hooks={"request": [hook]}) as http_client:
                client: Any = CloudRecording(APP_ID, CREDENTIAL, base_url=server.url, http_client=http_client)
                with pytest.raises(TheirError):
                    CALLS["query"](client)
            return

        async def use(_: Any) -> None:
            async with httpx.AsyncClient(verify=False, event_hooks={"request": [async_hook]}) as http_client:
                own = AsyncCloudRecording(APP_ID, CREDENTIAL, base_url=server.url, http_client=http_client)
                with pytest.raises(TheirError):
                    await CALLS["query"](own)
                # The place that it took is free again.
                again = AsyncCloudRecording(
                    APP_ID, CREDENTIAL, base_url=server.url, http_client=http_client, max_connections=1
                )
                for _ in range(2):
                    with pytest.raises(TheirError):
                        await again.ncs_ips(retry=Retry(deadline=0.5))

        drive(kind, use, server.url)
