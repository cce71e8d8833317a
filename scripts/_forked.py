"""pytest, each process of which is a fork of one that has imported all tests; else each imports them for itself.

`_test.py` runs it so. Called by hand, pytest starts its processes as pytest-xdist has it.
"""

import ast
import contextlib
import os
import signal
import sys
from contextlib import redirect_stdout
from typing import Any, ClassVar

import pytest
from execnet import gateway_io
from execnet.gateway_base import Popen2IO


class Importing:
    """A plugin with which pytest imports what it would collect, and rewrites its assertions."""

    @staticmethod
    def pytest_pycollect_makeitem() -> list[pytest.Item]:
        return []


class Forked(gateway_io.Popen2IOMaster):
    """A process that was forked before this one had threads; one that is started, where none is left."""

    left: ClassVar[list[tuple[int, int, int]]] = []

    def __init__(self, args: Any, execmodel: Any) -> None:
        self.pid = 0
        if not self.left:
            super().__init__(args, execmodel)
            return
        self.pid, told, asked = self.left.pop(0)
        Popen2IO.__init__(self, os.fdopen(asked, "wb"), os.fdopen(told, "rb"), execmodel)

    def wait(self) -> int | None:
        if not self.pid:
            return super().wait()
        with contextlib.suppress(ChildProcessError):
            return os.waitstatus_to_exitcode(os.waitpid(self.pid, 0)[1])
        return None

    def kill(self) -> None:
        if not self.pid:
            super().kill()
            return
        with contextlib.suppress(ProcessLookupError):
            os.kill(self.pid, signal.SIGKILL)


def fork() -> None:
    """Makes a process that does what it is told at its standard input, as one that execnet starts."""
    asked, ask = os.pipe()
    told, tell = os.pipe()
    pid = os.fork()
    Forked.left.append((pid, told, ask))
    if pid:
        os.close(asked)
        os.close(tell)
        return
    # Also those of its siblings: who is asked no more, since nobody is there who could, is to notice that.
    for _, *pipes in Forked.left:
        for pipe in pipes:
            os.close(pipe)
    for pipe, number in ((asked, 0), (tell, 1)):
        os.dup2(pipe, number)
        os.close(pipe)
    if line := sys.stdin.readline():
        exec(ast.literal_eval(line), {"__name__": "__main__"})
    sys.exit()


def main(number: int, *imported: str) -> None:
    """pytest with the arguments of this process, and so many forks that have imported this, or all tests."""
    with open(os.devnull, "w", encoding="utf-8") as nowhere, redirect_stdout(nowhere):
        pytest.main(["--quiet", "--collect-only", *imported], plugins=[Importing()])
    sys.stdout.flush()
    # Elsewhere what the system brings along may not be forked.
    if sys.platform == "linux":
        for _ in range(number):
            fork()
        gateway_io.Popen2IOMaster = Forked  # type: ignore[misc]
    sys.exit(pytest.main())
