"""A program as servers load it: both kinds of application, used once before there can be a worker."""

from __future__ import annotations

import io
import os
import sys
from typing import Any

from cloudrec.webhooks import Deduplicator, Event, SQLiteStore, sign
from cloudrec.webhooks.servers import asgi, wsgi
from tests.forks.workers import fork_two

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


if __name__ == "__main__":
    fork_two(wsgi_app, int(sys.argv[1]))
