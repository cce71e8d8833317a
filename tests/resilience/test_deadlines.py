"""Every attempt ends in time, whatever the other side does, and is known for what it was."""

from __future__ import annotations

import signal
import socket
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from contextvars import ContextVar
from importlib import import_module
from typing import Any

import anyio
import httpx
import pytest

from cloudrec import AsyncCloudRecording, CloudRecording, CloudRecordingError, RecordingMayBeRunningError
from tests.resilience.support import GOOD, Answer, Server, drive
from tests.support import APP_ID, CALLS, CREDENTIAL

# Seconds: what an attempt has, what it may take longer on a busy machine, and between the bytes of what drips.
TIME, BUSY, DRIP = 0.25, 1.5, 0.03

HEAD = b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n"
# What is sent at once, and what then comes a byte at a time without end.
DRIPPING = {
    "status line": (b"HTTP/1.1 200 ", b"O"),
    "header": (HEAD + b"X-Drip: ", b"."),
    "informational": (b"", b"HTTP/1.1 100 Continue\r\n\r\n"),
    "body": (HEAD + b"Content-Length: 99999\r\n\r\n", b" "),
    "chunk size": (HEAD + b"Transfer-Encoding: chunked\r\n\r\n1\r\n{\r\n1;", b"x"),
    "trailer": (HEAD + b"Transfer-Encoding: chunked\r\n\r\n0\r\nX-Drip: ", b"."),
}


@contextmanager
def talking(talk: Callable[[socket.socket, threading.Event], None]) -> Iterator[str]:
    """A server that does this with every connection; its address."""
    over = threading.Event()
    connections: list[socket.socket] = []
    listener = socket.create_server(("127.0.0.1", 0))
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 2**16)

    def serve(connection: socket.socket) -> None:
        with suppress(OSError):
            talk(connection, over)

    def accept() -> None:
        while True:
            try:
                connection, _ = listener.accept()
            except OSError:
                return
            connections.append(connection)
            threads.append(threading.Thread(target=serve, args=(connection,), daemon=True))
            threads[-1].start()

    threads = [threading.Thread(target=accept, daemon=True)]
    threads[0].start()
    try:
        yield f"127.0.0.1:{listener.getsockname()[1]}"
    finally:
        over.set()
        for sock in [listener, *connections]:
            with suppress(OSError):
                sock.shutdown(socket.SHUT_RDWR)
            sock.close()
        for thread in threads:
            thread.join(5)


def dripping(what: str) -> Callable[[socket.socket, threading.Event], None]:
    first, then = DRIPPING[what]

    def talk(connection: socket.socket, over: threading.Event) -> None:
        connection.recv(65536)
        connection.sendall(first)
        while not over.wait(DRIP):
            connection.sendall(then)

    return talk


def failure(use: Callable[[], Any]) -> Any:
    """The error of a call, which comes in time."""
    began = time.monotonic()
    with pytest.raises(CloudRecordingError) as caught:
        use()
    assert time.monotonic() - began < TIME + BUSY
    return caught.value


@pytest.fixture(autouse=True, scope="module")
def _imported() -> None:
    """What is imported by the first request takes longer than these have."""
    for name in ("_http.aiohttp_pool", "_http.network"):
        import_module(f"cloudrec.{name}")


@pytest.mark.parametrize("what", DRIPPING)
def test_whatever_drips(kind: str, what: str) -> None:
    """An answer that keeps every time-out of a socket, byte for byte, and has no end: lost, as a time-out."""
    with talking(dripping(what)) as place:
        error = failure(lambda: drive(kind, CALLS["query"], f"http://{place}", timeout=TIME, retry=None))
    assert isinstance(error, TimeoutError)
    assert error.host is not None
    assert [attempt.outcome for attempt in error.attempts] == ["lost"]


def given(kind: str, use: Callable[[Any], Any], url: str, **settings: Any) -> Any:
    """The same with an httpx client of the caller's."""
    settings = {"base_url": url, "rate_limit": None, "timeout": TIME, "retry": None} | settings
    if kind == "sync":
        with (
            httpx.Client(verify=False) as http_client,
            CloudRecording(APP_ID, CREDENTIAL, http_client=http_client, **settings) as client,
        ):
            return use(client)

    async def main() -> Any:
        async with (
            httpx.AsyncClient(verify=False) as http_client,
            AsyncCloudRecording(APP_ID, CREDENTIAL, http_client=http_client, **settings) as client,
        ):
            return await use(client)

    return anyio.run(main, backend=kind)


GIVEN = ("sync", "asyncio", "trio")


@pytest.mark.parametrize("what", ["header", "body", "chunk size"])
@pytest.mark.parametrize("kind", GIVEN)
def test_whatever_drips_by_a_given_client(kind: str, what: str) -> None:
    """A client of the caller's has no deadlines of ours inside; the call ends in time all the same."""
    with talking(dripping(what)) as place:
        error = failure(lambda: given(kind, CALLS["start"], f"http://{place}"))
    assert isinstance(error, RecordingMayBeRunningError)
    assert isinstance(error.__cause__, TimeoutError)


def test_whatever_drips_by_a_proxy(kind: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """The proxy of the machine's settings may drip, too."""
    with talking(dripping("header")) as place:
        monkeypatch.setenv("http_proxy", f"http://{place}")
        error = failure(lambda: drive(kind, CALLS["query"], "http://service.test", timeout=TIME, retry=None))
    assert [attempt.outcome for attempt in error.attempts] == ["lost"]


def test_tls_that_drips(kind: str) -> None:
    """A handshake without end is cut off in time; nothing was sent."""

    def talk(connection: socket.socket, over: threading.Event) -> None:
        connection.recv(65536)
        # A record of 16,384 bytes is announced, and comes a byte at a time.
        connection.sendall(b"\x16\x03\x03\x40\x00")
        while not over.wait(DRIP):
            connection.sendall(b"\x02")

    with talking(talk) as place:
        error = failure(lambda: drive(kind, CALLS["start"], f"https://{place}", timeout=TIME, retry=None))
    assert type(error).__name__ == "RequestTimeoutError"
    assert [attempt.outcome for attempt in error.attempts] == ["no connection"]


def test_a_request_that_nobody_reads(kind: str) -> None:
    """A server that takes a part of the request at a time: the call ends before it is sent; it may have arrived."""

    def talk(connection: socket.socket, over: threading.Event) -> None:
        while not over.wait(DRIP):
            connection.recv(100_000)

    with talking(talk) as place:
        # Of more than this aiohttp warns; sockets of loopback may hold it.
        size = 1_000_000 if kind == "aiohttp" else 8_000_000
        error = failure(
            lambda: drive(kind, lambda client: large(client, size), f"http://{place}", timeout=TIME, retry=None)
        )
    assert isinstance(error, RecordingMayBeRunningError)


def large(client: Any, size: int) -> Any:
    """A start with a body of that size."""
    config = {"vendor": 1, "region": 0, "bucket": "x" * size, "accessKey": "a", "secretKey": "s"}
    return client.mix.start("r" * 32, "c", 1, storage_config=config, check=False)


def test_a_name_that_is_not_answered(kind: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """The system's lookup has no time-out; the call has one. Nothing was sent."""
    over = threading.Event()

    def getaddrinfo(*arguments: Any, **options: Any) -> Any:
        if arguments[5:] and arguments[5] & socket.AI_NUMERICHOST:
            # trio looks first whether the name is an address.
            raise socket.gaierror(socket.EAI_NONAME, "Name or service not known")
        over.wait(10)
        raise socket.gaierror(socket.EAI_AGAIN, "Temporary failure in name resolution")

    monkeypatch.setattr(socket, "getaddrinfo", getaddrinfo)
    # The loop itself waits for its threads when it ends.
    timer = threading.Timer(TIME + 0.4, over.set)
    timer.start()
    try:
        error = failure(lambda: drive(kind, CALLS["start"], "http://nowhere.invalid", timeout=TIME, retry=None))
    finally:
        over.set()
        timer.join()
    assert [attempt.outcome for attempt in error.attempts] in (["no name"], ["no connection"])
    assert type(error).__name__ == "RequestTimeoutError"


@contextmanager
def deaf() -> Iterator[int]:
    """A port whose queue of connections is full, so that whoever connects waits."""
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        listener.listen(0)
        port = listener.getsockname()[1]
        fillers = []
        for _ in range(4):
            filler = socket.socket()
            filler.setblocking(False)
            filler.connect_ex(("127.0.0.1", port))
            fillers.append(filler)
        yield port
        for filler in fillers:
            filler.close()


def test_a_host_that_does_not_take_connections(kind: str) -> None:
    """Connecting has no longer than everything together; nothing was sent, and a start may be sent again."""
    with deaf() as port:
        error = failure(lambda: drive(kind, CALLS["start"], f"http://127.0.0.1:{port}", timeout=TIME, retry=None))
    assert type(error).__name__ == "RequestTimeoutError"
    assert [attempt.outcome for attempt in error.attempts] == ["no connection"]
    assert error.retryable


def test_all_addresses_of_a_host_share_the_time(monkeypatch: pytest.MonkeyPatch) -> None:
    """Where the first does not answer, time is left for the second."""
    with Server() as server, deaf() as port:
        look_up = socket.getaddrinfo
        found = [*look_up("127.0.0.1", port, type=socket.SOCK_STREAM)] * 2
        found += look_up("127.0.0.1", server.port, type=socket.SOCK_STREAM)
        connect = socket.create_connection
        ports = iter([port, port, server.port])

        def getaddrinfo(host: Any, *arguments: Any, **options: Any) -> Any:
            return found if host == "several.test" else look_up(host, *arguments, **options)

        def create_connection(address: Any, *arguments: Any, **options: Any) -> Any:
            return connect((address[0], next(ports)), *arguments, **options)

        monkeypatch.setattr(socket, "getaddrinfo", getaddrinfo)
        monkeypatch.setattr(socket, "create_connection", create_connection)
        result = drive("sync", CALLS["query"], "http://several.test", timeout=0.6, retry=None)
    assert [attempt.outcome for attempt in result.attempts] == ["success"]


def test_interrupts_from_the_keyboard_get_out_at_once() -> None:
    """The main thread waits for a given client in a way that can be interrupted."""
    asked = threading.Event()

    def talk(connection: socket.socket, over: threading.Event) -> None:
        connection.recv(65536)
        asked.set()
        over.wait(10)

    def interrupt() -> None:
        asked.wait(5)
        signal.pthread_kill(threading.main_thread().ident or 0, signal.SIGINT)

    with talking(talk) as place:
        thread = threading.Thread(target=interrupt)
        thread.start()
        began = time.monotonic()
        with pytest.raises(KeyboardInterrupt):
            given("sync", CALLS["query"], f"http://{place}", timeout=20)
        thread.join()
    assert time.monotonic() - began < 5


def test_hooks_of_a_given_client_see_the_callers_context() -> None:
    """Its thread has the caller's context variables, as tracing needs them."""
    request_id: ContextVar[str] = ContextVar("request_id")
    seen: list[str] = []
    with (
        Server() as server,
        httpx.Client(
            verify=False, event_hooks={"request": [lambda _: seen.append(request_id.get("none"))]}
        ) as http_client,
        CloudRecording(APP_ID, CREDENTIAL, base_url=server.url, http_client=http_client, rate_limit=None) as client,
    ):
        request_id.set("request-7")
        CALLS["query"](client)
    assert seen == ["request-7"]


def test_what_a_given_client_raises_is_raised() -> None:
    """Also what is a time-out of somebody else's."""

    def hook(_: httpx.Request) -> None:
        raise TimeoutError("of the hook")

    with (
        httpx.Client(verify=False, event_hooks={"request": [hook]}) as http_client,
        CloudRecording(APP_ID, CREDENTIAL, base_url="http://127.0.0.1:9", http_client=http_client) as client,
        pytest.raises(TimeoutError, match="of the hook"),
    ):
        CALLS["query"](client)


def test_an_answer_that_came_too_late_is_no_other_calls() -> None:
    """What a given client does after the time is over is left alone; its connection ends with it."""
    with Server(Answer(200, GOOD), Answer(200, GOOD)) as server:
        server.gate = threading.Event()
        with (
            httpx.Client(verify=False) as http_client,
            CloudRecording(
                APP_ID, CREDENTIAL, base_url=server.url, http_client=http_client, rate_limit=None, retry=None
            ) as client,
        ):
            failure(lambda: client.query("r" * 32, "s" * 32, "mix", timeout=TIME))
            server.gate.set()
            server.until_left()
            CALLS["query"](client)
        assert server.connections == 2
