"""A program as servers load it: both kinds of application, used once before there can be a worker."""

from __future__ import annotations

import io
import multiprocessing
import os
import signal
import socket
import sys
from typing import Any
from wsgiref.simple_server import WSGIRequestHandler, WSGIServer

from cloudrec.webhooks import Deduplicator, Event, SQLiteStore, asgi, sign, wsgi

SECRET = "webhook-secret-do-not-show"
deduplicator = Deduplicator(SQLiteStore(os.environ["NOTICES"]))


def handle(event: Event) -> None:
    """Writes down who handled it: in one piece, whoever else writes."""
    with open(os.environ["HANDLED"], "ab", buffering=0) as file:
        file.write(f"{os.getpid()} {event.notice_id}\n".encode())


wsgi_hook = wsgi.WebhookApp(SECRET, handle, deduplicator=deduplicator)
asgi_hook = asgi.WebhookApp(SECRET, handle, deduplicator=deduplicator)


def wsgi_app(environ: dict[str, Any], start_response: Any) -> Any:
    """The application, with answers that say who gave them."""
    worker = ("X-Worker", str(os.getpid()))
    return wsgi_hook(environ, lambda status, headers: start_response(status, [*headers, worker]))


async def asgi_app(scope: Any, receive: Any, send: Any) -> None:
    """The same for the other kind of server."""

    async def named(message: Any) -> None:
        if message["type"] == "http.response.start":
            message["headers"] = [*message["headers"], (b"x-worker", str(os.getpid()).encode())]
        await send(message)

    await asgi_hook(scope, receive, named)


body = b'{"productId": 3, "eventType": 40, "noticeId": "loading-%d", "payload": {"sid": "s"}}' % os.getpid()
environ: dict[str, Any] = {"REQUEST_METHOD": "POST", "CONTENT_LENGTH": str(len(body)), "wsgi.input": io.BytesIO(body)}
environ["HTTP_AGORA_SIGNATURE_V2"] = sign(body, SECRET)["Agora-Signature-V2"]
wsgi_app(environ, lambda status, headers: None)


class _Quiet(WSGIRequestHandler):
    def log_message(self, *_: Any) -> None:
        pass


def work(listener: socket.socket, app: Any) -> None:
    """Serves until it is told to stop."""
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
    with WSGIServer(("127.0.0.1", 0), _Quiet, bind_and_activate=False) as server:
        server.socket.close()
        server.socket = listener
        server.server_name, server.server_port = listener.getsockname()
        server.setup_environ()
        server.set_app(app)
        server.serve_forever(3600)


def main(app: Any) -> None:
    """Forks two workers with multiprocessing, and ends them when it is told to."""
    listener = socket.socket(fileno=int(sys.argv[1]))
    listener.setblocking(False)  # where both wake up, one finds nothing
    context = multiprocessing.get_context("fork")
    workers = [context.Process(target=work, args=(listener, app)) for _ in range(2)]
    for worker in workers:
        worker.start()

    def stop(*_: object) -> None:
        for worker in workers:
            worker.terminate()

    signal.signal(signal.SIGTERM, stop)
    for worker in workers:
        worker.join()
    sys.exit(max(abs(worker.exitcode or 0) for worker in workers))


if __name__ == "__main__":
    main(wsgi_app)
