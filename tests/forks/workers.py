"""A server of two workers, made of what Python brings along."""

from __future__ import annotations

import multiprocessing
import os
import signal
import socket
import sys
from typing import Any
from wsgiref.simple_server import WSGIRequestHandler, WSGIServer


class _Quiet(WSGIRequestHandler):
    def log_message(self, *_: Any) -> None:
        pass


def work(listener: socket.socket, app: Any) -> None:
    """Serves until it is told to stop."""
    # Not sys.exit(): what is raised in the midst of a finalizer, or of a weak reference's callback, is lost.
    signal.signal(signal.SIGTERM, lambda *_: os._exit(0))
    with WSGIServer(("127.0.0.1", 0), _Quiet, bind_and_activate=False) as server:
        server.socket.close()
        server.socket = listener
        server.server_name, server.server_port = listener.getsockname()
        server.setup_environ()
        server.set_app(app)
        server.serve_forever(3600)


def fork_two(app: Any, fd: int) -> None:
    """Forks two workers with multiprocessing, and ends them when it is told to."""
    listener = socket.socket(fileno=fd)
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
