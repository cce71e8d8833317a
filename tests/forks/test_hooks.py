"""What `_forks` promises to whoever has a lock or a thread."""

from __future__ import annotations

import gc
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager

from cloudrec._io import forks as _forks
from tests.forks.support import in_child, needs_fork

pytestmark = needs_fork


class Thing:
    """Something that lives through a fork."""

    def __init__(self) -> None:
        self.told: list[str] = []
        self.lock = threading.Lock()
        _forks.in_child(self._anew)
        _forks.across_fork(self._hold)

    def _anew(self) -> None:
        self.told.append("anew")

    @contextmanager
    def _hold(self) -> Iterator[None]:
        with self.lock:
            self.told.append("held")
            yield
        self.told.append("left")


def test_the_child_begins_anew_after_what_was_held_and_the_parent_goes_on() -> None:
    thing = Thing()
    assert in_child(lambda: (thing.told, thing.lock.locked())) == "(['held', 'left', 'anew'], False)"
    assert (thing.told, thing.lock.locked()) == (["held", "left"], False)


def test_a_fork_waits_for_what_is_held_across_it() -> None:
    thing, inside, let_go = Thing(), threading.Event(), threading.Event()

    def hold() -> None:
        with thing.lock:
            inside.set()
            let_go.wait(5)
            thing.told.append("done")

    thread = threading.Thread(target=hold)
    thread.start()
    inside.wait(5)
    timer = threading.Timer(0.05, let_go.set)
    timer.start()
    assert in_child(lambda: thing.told) == "['done', 'held', 'left', 'anew']"
    thread.join(5)
    timer.join(5)


def test_children_of_children_begin_anew_too() -> None:
    thing = Thing()
    expected = ["held", "left", "anew"] * 2
    assert in_child(lambda: in_child(lambda: thing.told)) == str(expected)


def test_what_nobody_has_any_more_is_not_kept() -> None:
    gc.collect()  # what other tests have left
    hooks = len(_forks._anew), len(_forks._held)
    thing = Thing()
    assert (len(_forks._anew), len(_forks._held)) == (hooks[0] + 1, hooks[1] + 1)
    del thing
    gc.collect()
    assert (len(_forks._anew), len(_forks._held)) == hooks


def test_the_end_of_the_interpreter_is_quiet() -> None:
    """What lives as long as the program is let go of without a word."""
    code = """
from cloudrec._io import forks as _forks
class Thing:
    def __init__(self):
        _forks.in_child(self.anew)
        self.itself = self
    def anew(self):
        pass
thing = Thing()
"""
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, check=True, timeout=60)
    assert (done.stdout, done.stderr) == (b"", b"")
