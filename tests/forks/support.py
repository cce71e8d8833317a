"""What the tests of forks share."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import threading
import time
import traceback
import warnings
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress

import httpx
import pytest

from tests.support import ROOT

needs_fork = pytest.mark.skipif(not hasattr(os, "fork"), reason="this system has no fork")
# Seconds. A child that takes longer hangs, and is ended by the system.
ALARM = 5


def fork() -> int:
    """Forks as a server with threads does; from Python 3.12 on there is a warning of that."""
    with warnings.catch_warnings():
        warnings.filterwarnings("ignore", "This process .* is multi-threaded", DeprecationWarning)
        return os.fork()


def in_child(run: Callable[[], object]) -> str:
    """What a function returns in a forked process, as text; an error, or that it hung, fails the test."""
    reading, writing = os.pipe()
    child = fork()
    if not child:
        code = 1
        try:
            signal.signal(signal.SIGALRM, signal.SIG_DFL)
            signal.alarm(ALARM)
            os.write(writing, str(run()).encode())
            code = 0
        except BaseException:
            os.write(writing, traceback.format_exc().encode())
        finally:
            os._exit(code)
    os.close(writing)
    with os.fdopen(reading, encoding="utf-8") as answer:
        told = answer.read()
    _, status = os.waitpid(child, 0)
    assert not os.WIFSIGNALED(status), "the child hung"
    assert os.WEXITSTATUS(status) == 0, told
    return told


@contextmanager
def hammering(*functions: Callable[[int], object]) -> Iterator[None]:
    """Threads that call these again and again, with numbers from 0 on, as long as the block lasts."""
    over, began = threading.Event(), threading.Barrier(len(functions) + 1)
    failed: list[BaseException] = []

    def hammer(function: Callable[[int], object]) -> None:
        began.wait(ALARM)
        number = 0
        try:
            while not over.is_set():
                function(number)
                number += 1
        except BaseException as error:
            failed.append(error)

    threads = [threading.Thread(target=hammer, args=(function,)) for function in functions]
    old = sys.getswitchinterval()
    sys.setswitchinterval(1e-5)  # so that a fork meets them in the midst of things
    try:
        for thread in threads:
            thread.start()
        began.wait(ALARM)
        yield
    finally:
        over.set()
        for thread in threads:
            thread.join(ALARM)
        sys.setswitchinterval(old)
    assert not failed, failed


# How each is started. The two that fork are given a program that was loaded, and used, before they do.
SERVERS = {
    "gunicorn": "gunicorn --preload --workers=2 --threads=2 --no-control-socket --bind=fd://{fd} {module}:wsgi_app",
    "multiprocessing": "{module} {fd}",
    "uvicorn": "uvicorn --workers=2 --fd={fd} --log-level=warning {module}:asgi_app",
}
# Of a fork with threads, which is meant; and of sockets that gunicorn and uvicorn were given and leave open.
WARNINGS = ("-Werror", "-Wignore::DeprecationWarning", "-Wignore:unclosed <socket.socket:ResourceWarning")


@contextmanager
def serving(server: str, module: str, **environment: str) -> Iterator[str]:
    """A server with two workers: its address. In the end it is told to stop, and must do so cleanly and in silence."""
    with socket.socket(socket.AF_INET, socket.SOCK_STREAM, socket.IPPROTO_TCP) as listener:
        listener.bind(("127.0.0.1", 0))
        listener.listen(64)  # from now on: nobody need wait for the server to do so
        command = SERVERS[server].format(fd=listener.fileno(), module=module).split()
        process = subprocess.Popen(
            [sys.executable, *WARNINGS, "-m", *command],
            cwd=ROOT,
            env=os.environ | environment,
            pass_fds=[listener.fileno()],
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            encoding="utf-8",
            start_new_session=True,
        )
        try:
            yield f"http://127.0.0.1:{listener.getsockname()[1]}"
            process.terminate()
            said, _ = process.communicate(timeout=15)
        except BaseException:
            # With its workers: one that outlived it would hold the pipe open, and that is read to its end.
            with suppress(ProcessLookupError):
                os.killpg(process.pid, signal.SIGKILL)
            print(process.communicate()[0])
            raise
    assert process.returncode == 0, said
    assert "Traceback" not in said


def both_workers(client: httpx.Client) -> set[str]:
    """Both workers, once both of them serve: one that begins may not hear that it is to stop."""
    workers: set[str] = set()
    until = time.monotonic() + 10
    while len(workers) < 2:
        assert time.monotonic() < until, workers
        workers.add(client.get("/").headers["x-worker"])
    return workers
