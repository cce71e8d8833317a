"""Server of the site at an address of this machine, which forwards calls that are tried out to an emulator.

A page of another origin can do nothing here either: what is forwarded is asked the same question as the emulator's own
control interface asks, and neither server says of any answer that others may read it.
"""

import functools
import http.client
import http.server
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

from _docs_scalar import EMULATOR, FOLDER
from cloudrec._pages.guard import refusal
from cloudrec.emulator import Emulator

# Those that are of one connection, and of this server's own address.
HOP_BY_HOP = {"connection", "content-length", "date", "host", "keep-alive", "server", "transfer-encoding"}
MAX_BODY = 1_000_000


class Handler(http.server.SimpleHTTPRequestHandler):
    """A file of the site, or a call for the emulator."""

    protocol_version = "HTTP/1.1"

    server: Any  # a Server
    body = b""

    def do_GET(self) -> None:
        self.body = b""
        if self.path == f"/{FOLDER}/{EMULATOR}":
            self.guarded(self.tell)
        elif self.path.startswith("/v1/"):
            self.guarded(self.forward)
        else:
            super().do_GET()

    def do_POST(self) -> None:
        length = int(self.headers.get("Content-Length") or 0)
        if not self.path.startswith("/v1/"):
            self.close_connection = True  # its body has not been read
            self.send_error(405)
        elif length > MAX_BODY:
            self.close_connection = True
            self.answer(413, b"", {})
        else:
            self.body = self.rfile.read(length)
            self.guarded(self.forward)

    def guarded(self, go_on: Callable[[], None]) -> None:
        """Does what was asked for, unless a page of another origin asks."""
        headers = {name.lower(): value for name, value in self.headers.items()}
        problem = refusal(self.command, "http", headers, self.client_address[0])
        if problem is None:
            go_on()
        else:
            self.answer(403, json.dumps({"error": problem}).encode(), {"Content-Type": "application/json"})

    def tell(self) -> None:
        """What a call has to name, and who may send it: of no use elsewhere."""
        emulator = self.server.emulator
        given = emulator.credential
        told = {"customer_id": given.customer_id, "customer_secret": given.customer_secret, "app_id": emulator.app_id}
        self.answer(200, json.dumps(told).encode(), {"Content-Type": "application/json"})

    def forward(self) -> None:
        sent = {name: value for name, value in self.headers.items() if name.lower() not in HOP_BY_HOP}
        connection = http.client.HTTPConnection(self.server.emulator.url.partition("//")[2], timeout=60)
        try:
            connection.request(self.command, self.path, self.body, sent)
            reply = connection.getresponse()
            content = reply.read()
        except (OSError, http.client.HTTPException) as error:  # a fault that somebody asked for
            self.answer(502, f"the emulator gave no answer: {error}".encode(), {"Content-Type": "text/plain"})
            return
        finally:
            connection.close()
        got = {name: value for name, value in reply.getheaders() if name.lower() not in HOP_BY_HOP}
        self.answer(reply.status, content, got)

    def end_headers(self) -> None:
        self.send_header(
            "X-Frame-Options", "SAMEORIGIN"
        )  # lest a page of another origin has somebody click in this one
        super().end_headers()

    def answer(self, status: int, content: bytes, headers: dict[str, str]) -> None:
        self.send_response(status)
        for name, value in {**headers, "Content-Length": str(len(content)), "Cache-Control": "no-store"}.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(content)

    def log_message(self, format: str, *arguments: Any) -> None:
        """Says nothing of what is well."""


class Server(http.server.ThreadingHTTPServer):
    """What shows the site at an address of this machine, with an emulator behind it; on a free port for 0."""

    def __init__(self, site: Path, port: int) -> None:
        self.emulator = Emulator(clock="real")
        super().__init__(("127.0.0.1", port), functools.partial(Handler, directory=str(site)))
        self.emulator.start()

    def server_close(self) -> None:
        super().server_close()
        self.emulator.stop()
