"""What the tests of webhooks share."""

from __future__ import annotations

import json
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from socketserver import ThreadingMixIn
from typing import Any
from wsgiref.simple_server import WSGIRequestHandler, WSGIServer, make_server

import httpx
import uvicorn

from cloudrec.webhooks import Event, parse, sign
from tests.support import CNAME, SID, UID, Json, read_json

SECRET = "webhook-secret-do-not-show"
OCCURRED, NOTIFIED = 1619172871089, 1619172871126
FACTS: Json = read_json("data", "events.json")
"""Every event of the provider's pages, by its number: its name, and the fields of its `details`."""


def sent(event_type: Any = 40, details: Any = None, *, notice: str = "notice-1", **payload: Any) -> Json:
    """A webhook's body, as JSON."""
    return {
        "noticeId": notice,
        "productId": 3,
        "eventType": event_type,
        "notifyMs": NOTIFIED,
        "payload": {
            "cname": CNAME,
            "uid": UID,
            "sid": SID,
            "sequence": 3,
            "sendts": OCCURRED,
            "serviceType": 1,
            "details": {"msgName": "recorder_started", "status": 0} if details is None else details,
        }
        | payload,
    }


def encoded(value: Json) -> bytes:
    """Its bytes."""
    return json.dumps(value).encode()


def event(event_type: Any = 40, details: Any = None, **more: Any) -> Event:
    """An event that was received."""
    found = parse(encoded(sent(event_type, details, **more)))
    assert isinstance(found, Event)
    return found


def post(url: str, value: Json | bytes, *, secret: str = SECRET, **headers: str) -> httpx.Response:
    """Sends a signed webhook over a socket."""
    body = value if isinstance(value, bytes) else encoded(value)
    given = {**sign(body, secret), "Content-Type": "application/json", **headers}
    return httpx.post(url, content=body, headers=given, verify=False)  # to read certificates takes longer


class Heard:
    """A handler that keeps what it is told, and lets a test wait for it."""

    def __init__(self) -> None:
        self.events: list[Any] = []
        self._more = threading.Condition()

    def __call__(self, heard: Any) -> None:
        with self._more:
            self.events.append(heard)
            self._more.notify_all()

    def wait_for(self, number: int, seconds: float = 10.0) -> list[Any]:
        """The events, when there are so many."""
        with self._more:
            assert self._more.wait_for(lambda: len(self.events) >= number, seconds), self.events
            return list(self.events)

    @property
    def ids(self) -> list[str | None]:
        """The notices' IDs."""
        return [heard.notice_id for heard in self.events]


@contextmanager
def running(target: Any) -> Iterator[None]:
    """Runs a function in a thread; it must end with the block."""
    thread = threading.Thread(target=target)
    thread.start()
    try:
        yield
    finally:
        thread.join(10)
        assert not thread.is_alive()


class _Server(uvicorn.Server):
    """Says when it listens."""

    def __init__(self, config: uvicorn.Config) -> None:
        super().__init__(config)
        self.listens = threading.Event()

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        self.listens.set()


@contextmanager
def serve_asgi(app: Any) -> Iterator[str]:
    """An ASGI application behind uvicorn on loopback: its address. In the end it is told to stop, and waited for."""
    # asyncio switches Nagle's algorithm off only where a socket says that it is TCP.
    with socket.socket(socket.AF_INET, socket.SOCK_STREAM, socket.IPPROTO_TCP) as listener:
        listener.bind(("127.0.0.1", 0))
        server = _Server(uvicorn.Config(app, log_config=None, lifespan="auto", access_log=False))
        with running(lambda: server.run(sockets=[listener])):
            try:
                assert server.listens.wait(10)
                yield f"http://127.0.0.1:{listener.getsockname()[1]}"
            finally:
                server.should_exit = True


class _Quiet(WSGIRequestHandler):
    def log_message(self, *_: Any) -> None:
        pass


class _Threads(ThreadingMixIn, WSGIServer):
    daemon_threads = True


@contextmanager
def serve_wsgi(app: Any) -> Iterator[str]:
    """A WSGI application behind wsgiref on loopback, a thread for each request: its address."""
    with (
        make_server("127.0.0.1", 0, app, server_class=_Threads, handler_class=_Quiet) as server,
        running(lambda: server.serve_forever(0.01)),
    ):
        try:
            yield f"http://127.0.0.1:{server.server_port}"
        finally:
            server.shutdown()
