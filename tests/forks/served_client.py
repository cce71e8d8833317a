"""A program as servers load it: a client that was used once before there can be a worker, and views that use it."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterable
from typing import Any

import anyio.to_thread

from cloudrec import AsyncCloudRecording, BasicAuth, CloudRecording
from tests.forks.workers import fork_two

app_id, name, secret, url = os.environ["EMULATOR"].split()
credential = BasicAuth(name, secret)
client = CloudRecording(app_id, credential, base_url=url, rate_limit=None)
client.mix.acquire(f"loading-{os.getpid()}", 1)
# Not used before: it would have been in another event loop.
async_client = AsyncCloudRecording(app_id, credential, base_url=url, rate_limit=None)


def wsgi_app(environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
    """Acquires for the channel that the path names: the resource ID."""
    cname = environ["PATH_INFO"].strip("/")
    found = client.mix.acquire(cname, 1).resource_id if cname else ""
    headers = [("Content-Type", "text/plain"), ("Content-Length", str(len(found))), ("X-Worker", str(os.getpid()))]
    start_response("200 OK", headers)
    return [found.encode()]


async def asgi_app(scope: Any, receive: Any, send: Any) -> None:
    """The same, by the other client and then by this one in a thread."""
    if scope["type"] != "http":
        return
    cname = scope["path"].strip("/")
    found = ""
    if cname:
        acquired = await async_client.mix.acquire(cname, 1)
        again = await anyio.to_thread.run_sync(lambda: client.mix.acquire(cname, 1))
        found = f"{acquired.resource_id} {again.resource_id}"
    headers = [(b"content-length", str(len(found)).encode()), (b"x-worker", str(os.getpid()).encode())]
    await send({"type": "http.response.start", "status": 200, "headers": headers})
    await send({"type": "http.response.body", "body": found.encode()})


if __name__ == "__main__":
    fork_two(wsgi_app, int(sys.argv[1]))
