"""Many calls at once over few connections."""

from __future__ import annotations

import socket
import ssl
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import anyio
import anyio.to_thread
import httpx
import pytest
from httpcore._backends.sync import SyncStream

from cloudrec import AsyncCloudRecording, CloudRecording, NetworkError, RateLimit, RequestTimeoutError, Retry
from cloudrec._http import tls as _ssl
from cloudrec._http.network import HELD, Network, _Stream
from tests.resilience.support import DROP, UNAVAILABLE, Server, drive
from tests.support import APP_ID, CALLS, CREDENTIAL

CALLED = 100


def burst(kind: str, many: int = CALLED, threads: int = 20) -> Callable[[Any], Any]:
    """That many queries, all started at once: as tasks, or by so many threads."""

    def of_threads(client: Any) -> list[Any]:
        with ThreadPoolExecutor(threads) as pool:
            return list(pool.map(lambda _: CALLS["query"](client), range(many)))

    async def of_tasks(client: Any) -> list[Any]:
        results: list[Any] = []

        async def one() -> None:
            results.append(await CALLS["query"](client))

        async with anyio.create_task_group() as group:
            for _ in range(many):
                group.start_soon(one)
        return results

    return of_threads if kind == "sync" else of_tasks


def check(results: list[Any], server: Server, most: int) -> None:
    """Everybody was served at the first attempt, each request was sent once, over no more connections than that."""
    assert [len(result.attempts) for result in results] == [1] * CALLED
    assert len(server.requests) == CALLED
    assert 1 <= server.connections <= most


def test_a_hundred_at_once_over_few(kind: str) -> None:
    """However few connections there may be, all succeed."""
    with Server() as server:
        check(drive(kind, burst(kind), server.url, max_connections=3), server, 3)
        server.until_left()


def test_a_hundred_at_once_by_default(kind: str) -> None:
    """Out of the box, but for the rate limit."""
    with Server() as server:
        check(drive(kind, burst(kind), server.url), server, 20 if kind == "sync" else 50)


def test_each_handshake_is_paid_once(kind: str, tls: ssl.SSLContext) -> None:
    """Over TLS too: as many handshakes as connections."""
    with Server(context=tls) as server:
        check(drive(kind, burst(kind), server.url), server, 20 if kind == "sync" else 50)
        server.until_left()
    assert server.handshakes == server.connections


def test_certificates_are_checked(kind: str, tls: ssl.SSLContext, monkeypatch: pytest.MonkeyPatch) -> None:
    """Without that authority, nobody talks to the server."""
    monkeypatch.delenv("SSL_CERT_FILE")
    with Server(context=tls) as server, pytest.raises(NetworkError) as caught:
        drive(kind, CALLS["query"], server.url, retry=None)
    assert [attempt.outcome for attempt in caught.value.attempts] == ["no connection"]
    assert server.requests == []


def test_one_after_the_other_uses_one_connection(kind: str) -> None:
    """What was given back is taken again."""
    if kind == "sync":

        def use(client: Any) -> None:
            for _ in range(20):
                CALLS["query"](client)
    else:

        async def use(client: Any) -> None:
            for _ in range(20):
                await CALLS["query"](client)

    with Server() as server:
        drive(kind, use, server.url)
    assert server.connections == 1


def test_connections_that_broke_are_replaced(kind: str) -> None:
    """A burst in which every sixth answer is lost or bad ends well, with a connection more for each that broke."""
    script: list[Any] = [DROP if number % 2 else UNAVAILABLE for number in range(20)]

    async def no_wait(_: float) -> None:
        pass

    wait = (lambda _: None) if kind == "sync" else no_wait
    with Server(*script) as server:
        settings: dict[str, Any] = {"retry": Retry(attempts=25), "max_connections": 10, "wait": wait}
        results = drive(kind, burst(kind), server.url, **settings)
    assert len(results) == CALLED
    assert len(server.requests) == CALLED + 20
    assert server.connections <= 20


def test_a_deadline_holds_in_the_queue_too(kind: str) -> None:
    """Who waits for a connection until the deadline is told so; nothing was sent for them."""
    with Server() as server:
        server.gate = threading.Event()
        if kind == "sync":

            def use(client: Any) -> Any:
                with ThreadPoolExecutor(1) as pool:
                    first = pool.submit(CALLS["query"], client)
                    server.until_asked(1)
                    with pytest.raises(RequestTimeoutError, match="not sent") as caught:
                        client.ncs_ips(retry=Retry(deadline=0.1))
                    server.gate.set()
                    return first.result(), caught.value
        else:

            async def use(client: Any) -> Any:
                results = []

                async def first() -> None:
                    results.append(await CALLS["query"](client))

                async with anyio.create_task_group() as group:
                    group.start_soon(first)
                    await anyio.to_thread.run_sync(server.until_asked, 1)
                    with pytest.raises(RequestTimeoutError, match="not sent") as caught:
                        await client.ncs_ips(retry=Retry(deadline=0.1))
                    server.gate.set()
                return results[0], caught.value

        result, error = drive(kind, use, server.url, max_connections=1)
        assert len(result.attempts) == 1
        assert (error.attempts, error.retryable, len(server.requests)) == ((), True, 1)


def test_a_task_that_is_cancelled_gives_its_place_back(async_kind: str) -> None:
    """In flight or in the queue: the next call finds a connection."""

    async def use(client: Any) -> Any:
        server.gate = threading.Event()
        async with anyio.create_task_group() as group:
            for _ in range(3):
                group.start_soon(CALLS["query"], client)
            await anyio.to_thread.run_sync(server.until_asked, 1)
            group.cancel_scope.cancel()
        server.gate.set()
        return [await CALLS["query"](client) for _ in range(3)]

    with Server() as server:
        results = drive(async_kind, use, server.url, max_connections=1)
        server.until_left()
    assert [len(result.attempts) for result in results] == [1, 1, 1]


def test_a_limit_shared_by_threads_and_tasks() -> None:
    """Whoever sends, by whichever client: in any second no more than the limit, and all get through."""
    limit = RateLimit(100)
    sent: list[float] = []
    with Server() as server, ThreadPoolExecutor(2) as pool:
        kinds = ("sync", "asyncio")
        uses = [pool.submit(drive, kind, burst(kind, 75), server.url, rate_limit=limit) for kind in kinds]
        results = [result for use in uses for result in use.result()]
        sent = sorted(request.at for request in server.requests)
    assert len(results) == len(sent) == 150
    # A little less than a second, since what the limit lets go takes a moment to arrive.
    for earlier, later in zip(sent, sent[100:], strict=False):
        assert later - earlier > 0.8


@pytest.fixture
def fresh_contexts() -> Iterator[None]:
    """As if no client had been made yet."""
    trusting = _ssl._trusting
    trusting.cache_clear()
    yield
    trusting.cache_clear()


@pytest.mark.usefixtures("fresh_contexts")
def test_certificates_are_read_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """All clients of a process share one context."""
    made: list[ssl.SSLContext] = []
    make = httpx.create_ssl_context

    def create_ssl_context() -> ssl.SSLContext:
        made.append(make())
        return made[-1]

    monkeypatch.setattr(httpx, "create_ssl_context", create_ssl_context)
    for _ in range(2):
        CloudRecording(APP_ID, CREDENTIAL, area="EU").close()
        AsyncCloudRecording(APP_ID, CREDENTIAL, base_url="https://service.test")
    assert len(made) == 1


@pytest.mark.usefixtures("fresh_contexts")
def test_plain_http_reads_no_certificates(kind: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """A client for plain HTTP does without them, from its making to its last call."""

    def fail(*_: object, **__: object) -> None:
        raise AssertionError("certificates were read")

    monkeypatch.setattr(_ssl, "_trusting", fail)
    monkeypatch.setattr(ssl, "create_default_context", fail)
    monkeypatch.setattr(ssl.SSLContext, "load_verify_locations", fail)
    monkeypatch.setattr(ssl.SSLContext, "load_default_certs", fail)
    with Server() as server:
        assert drive(kind, CALLS["query"], server.url).status


def test_a_list_of_hosts_without_proxy_is_no_proxy(kind: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """NO_PROXY alone changes nothing: a burst still is no trouble."""
    monkeypatch.setenv("NO_PROXY", "localhost")
    with Server() as server:
        check(drive(kind, burst(kind), server.url, max_connections=10), server, 10)


def test_by_a_proxy_of_the_environment(kind: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """HTTP_PROXY is followed."""
    with Server() as proxy:
        monkeypatch.setenv("HTTP_PROXY", proxy.url)
        drive(kind, CALLS["query"], "http://service.test")
    assert proxy.requests[0].path.startswith("http://service.test/v1/apps/")


@pytest.mark.parametrize("end", [b"", b"0\r\n\r\n"], ids=["with a length", "in chunks"])
def test_a_request_goes_out_as_one(end: bytes) -> None:
    """Head and body, whatever ends them, before anything is read."""
    ours, theirs = socket.socketpair()
    with ours, theirs:
        theirs.setblocking(False)
        stream = _Stream(SyncStream(ours), Network("unsent").deadline)
        stream.write(b"POST / HTTP/1.1\r\n\r\n")
        stream.write(b"{}")
        with pytest.raises(BlockingIOError):
            theirs.recv(65536)
        theirs.sendall(b"x")
        stream.write(end)
        assert stream.read(1) == b"x"
        assert theirs.recv(65536) == b"POST / HTTP/1.1\r\n\r\n{}" + end


def test_a_long_request_is_not_held_back() -> None:
    ours, theirs = socket.socketpair()
    with ours, theirs:
        theirs.settimeout(10)
        _Stream(SyncStream(ours), Network("unsent").deadline).write(b"x" * HELD)
        assert theirs.recv(1) == b"x"
