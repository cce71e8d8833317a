"""A server on loopback that does what it is told, time that is only said to pass, and clients of every kind."""

from __future__ import annotations

import json
import socket
import ssl
import struct
import threading
from collections.abc import Callable, Mapping
from contextlib import suppress
from time import monotonic
from types import MappingProxyType, TracebackType
from typing import Any, NamedTuple, Self

import anyio
import anyio.lowlevel

from cloudrec import AsyncCloudRecording, CloudRecording, CloudRecordingError
from tests.support import APP_ID, CNAME, CREDENTIAL, RESOURCE_ID, SID, UID

KINDS = ("sync", "asyncio", "trio", "aiohttp")

# What every endpoint is content with.
GOOD = {"cname": CNAME, "uid": UID, "resourceId": RESOURCE_ID, "sid": SID, "serverResponse": {"status": 5}}

# What a server may do instead of answering.
HANG_UP = "closes the connection unread"
DROP = "reads the request and closes the connection"
RESET = "reads the request and resets the connection"
SILENCE = "reads the request and says nothing"
CUT = "ends in the middle of the body"
CUT_CHUNKS = "ends in the middle of a chunk"
NOT_HTTP = "answers in another language"
DRIPS = "sends a header without end, a byte at a time"


class Answer(NamedTuple):
    """An HTTP response."""

    status: int = 200
    body: Any = GOOD
    headers: Mapping[str, str] = MappingProxyType({})


class Request(NamedTuple):
    """What came."""

    line: str
    headers: dict[str, str]
    body: bytes
    at: float = 0.0

    @property
    def path(self) -> str:
        return self.line.split()[1]


class Server:
    """Listens on loopback, a thread for each connection; answers as the script says, then always well."""

    def __init__(self, *script: Answer | str, context: ssl.SSLContext | None = None) -> None:
        self.script = list(script)
        self.requests: list[Request] = []
        self.connections = 0
        self.open = 0
        self.handshakes = 0
        self.gate: threading.Event | None = None
        """Where there is one, answers are held back until it is set."""
        self.came = threading.Semaphore(0)
        self._context = context
        self._lock = threading.Condition()
        self._ends = threading.Event()
        self._sockets: list[socket.socket] = []
        self._threads: list[threading.Thread] = []
        self._listener = socket.create_server(("127.0.0.1", 0), backlog=2048)
        self.port: int = self._listener.getsockname()[1]
        self.url = f"{'https' if context else 'http'}://127.0.0.1:{self.port}"

    def __enter__(self) -> Self:
        self._start(self._accept)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self._ends.set()
        if self.gate is not None:
            self.gate.set()
        with suppress(OSError):
            self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()
        with self._lock:
            for connection in self._sockets:
                with suppress(OSError):
                    connection.shutdown(socket.SHUT_RDWR)
        for thread in self._threads:
            thread.join(10)
            assert not thread.is_alive()

    def until_left(self) -> None:
        """Waits until nobody is connected any more."""
        with self._lock:
            assert self._lock.wait_for(lambda: self.open == 0, 10), f"{self.open} connections are left open"

    def until_asked(self, times: int) -> None:
        """Waits until so many more requests have come."""
        for _ in range(times):
            assert self.came.acquire(timeout=10), "a request did not come"

    def _start(self, what: Callable[..., None], *arguments: Any) -> None:
        thread = threading.Thread(target=what, args=arguments, daemon=True)
        self._threads.append(thread)
        thread.start()

    def _accept(self) -> None:
        while True:
            try:
                connection, _ = self._listener.accept()
            except OSError:
                return
            with self._lock:
                self.connections += 1
                self.open += 1
                self._sockets.append(connection)
            self._start(self._serve, connection)

    def _serve(self, connection: socket.socket) -> None:
        # A client that is killed resets, and shakes no hands.
        with suppress(OSError):
            if self.script and self.script[0] == HANG_UP:
                with self._lock:
                    self.script.pop(0)
            elif self._context is None:
                self._talk(connection)
            else:
                with self._context.wrap_socket(connection, server_side=True) as wrapped:
                    with self._lock:
                        self.handshakes += 1
                        self._sockets.append(wrapped)
                    self._talk(wrapped)
        connection.close()
        with self._lock:
            self.open -= 1
            self._lock.notify_all()

    def _talk(self, connection: socket.socket) -> None:
        with connection.makefile("rb") as stream:
            while (request := self._read(stream)) is not None:
                with self._lock:
                    self.requests.append(request)
                    told = self.script.pop(0) if self.script else Answer()
                self.came.release()
                if self.gate is not None:
                    self.gate.wait(20)
                if not self._do(told, connection):
                    return

    @staticmethod
    def _read(stream: Any) -> Request | None:
        line = stream.readline().decode("latin-1").strip()
        if "HTTP/1.1" not in line:
            return None
        headers = {}
        while text := stream.readline().decode().strip():
            name, _, value = text.partition(":")
            headers[name.lower()] = value.strip()
        body = stream.read(int(headers.get("content-length", 0)))
        return Request(line, headers, body, monotonic())

    def _do(self, told: Answer | str, connection: socket.socket) -> bool:
        """Whether the connection goes on."""
        if isinstance(told, Answer):
            body = told.body if isinstance(told.body, bytes) else json.dumps(told.body).encode()
            headers = {"Content-Type": "application/json", "Content-Length": str(len(body)), "X-Request-Id": "req-1"}
            lines = [f"{name}: {value}\r\n" for name, value in (headers | dict(told.headers)).items()]
            connection.sendall(f"HTTP/1.1 {told.status} It is\r\n{''.join(lines)}\r\n".encode() + body)
            return True
        if told == RESET:
            connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        elif told == SILENCE:
            self._ends.wait(20)
        elif told == CUT:
            connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 999\r\n\r\n" + json.dumps(GOOD).encode())
        elif told == CUT_CHUNKS:
            connection.sendall(b'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nff\r\n{"sid":')
        elif told == DRIPS:
            connection.sendall(b"HTTP/1.1 200 OK\r\nX-Drip: ")
            while not self._ends.wait(0.02):
                connection.sendall(b".")
        elif told == NOT_HTTP:
            connection.sendall(b"SSH-2.0-OpenSSH_9.6\r\n\r\n")
        return False


class Time:
    """Seconds that pass when somebody waits, and not otherwise."""

    def __init__(self, kind: str = "sync", now: float = 1000.0) -> None:
        self.now = now
        self.waits: list[float] = []
        self._is_sync = kind == "sync"

    def clock(self) -> float:
        return self.now

    def wait(self, seconds: float) -> Any:
        self.waits.append(seconds)
        self.now += seconds
        return None if self._is_sync else anyio.lowlevel.checkpoint()


def drive(kind: str, use: Callable[[Any], Any], base_url: Any, time: Time | None = None, **settings: Any) -> Any:
    """What `use` makes of a client of that kind."""
    settings = {"base_url": base_url, "rate_limit": None} | settings
    if time is not None:
        settings |= {"clock": time.clock, "wait": time.wait}
    if kind == "sync":
        with CloudRecording(APP_ID, CREDENTIAL, **settings) as client:
            return use(client)

    async def main() -> Any:
        async with AsyncCloudRecording(APP_ID, CREDENTIAL, **settings) as client:
            return await use(client)

    return anyio.run(main, backend="trio" if kind == "trio" else "asyncio")


class Story(NamedTuple):
    """How a call went."""

    result: Any
    error: Any
    waits: list[float]
    requests: list[Request]

    @property
    def outcomes(self) -> list[str]:
        """How each attempt ended."""
        return [attempt.outcome for attempt in (self.result or self.error).attempts]


def tell(kind: str, use: Callable[[Any], Any], *script: Answer | str, **settings: Any) -> Story:
    """The story of a call at a server with that script, in time that is only said to pass."""
    time = settings.pop("time", None) or Time(kind)
    result, error = None, None
    with Server(*script) as server:
        try:
            result = drive(kind, use, server.url, time, **{"timeout": 5.0} | settings)
        except CloudRecordingError as caught:
            error = caught
    return Story(result, error, time.waits, server.requests)


def free_port() -> int:
    """A port of loopback where nobody listens."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port: int = listener.getsockname()[1]
    return port


TOO_MANY = Answer(429, {"message": "API rate limit exceeded"})
UNAVAILABLE = Answer(503, {"code": 500, "reason": "internal error"})
INSIDE = Answer(206, {"code": 65, "reason": "request not completed"})
NOT_FOUND = Answer(404, {"code": 404, "reason": "failed to find worker"})
STOPPING = Answer(400, {"code": 49, "reason": "repeated stop request"})
STARTED = Answer(201, {"code": 7, "reason": "already started"})
CONFLICT = Answer(400, {"code": 53, "reason": "the recording is running"})
TIMED_OUT = Answer(500, {"code": 62, "reason": "timed out"})
HTML = Answer(200, b"<html>a proxy's own page</html>", {"Content-Type": "text/html"})
