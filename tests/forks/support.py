"""What the tests of forks share."""

from __future__ import annotations

import os
import signal
import sys
import threading
import traceback
import warnings
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import pytest

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
