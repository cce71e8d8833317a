"""The fuzzer's own parts: what it starts from, what it builds, and that it tells what it needs. (It runs by itself.)"""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest
from hypothesis import given, settings, strategies as st

from cloudrec.webhooks import Event, UnknownEvent, parse
from tests.support import ROOT
from tests.webhooks.support import encoded

SCRIPT = ROOT / "scripts" / "_fuzz.py"


def load() -> ModuleType:
    """The script as a module."""
    module = ModuleType("fuzz")
    module.__dict__["__file__"] = str(SCRIPT)
    exec(compile(SCRIPT.read_text(encoding="utf-8"), str(SCRIPT), "exec"), module.__dict__)
    return module


FUZZ: Any = load()
ONE_INPUT: Callable[[bytes], None] = FUZZ.load()


def test_seeds() -> None:
    """It starts from inputs that go through: those of every event, and some that are refused."""
    assert len(FUZZ.seeds()) > 50
    for seed in FUZZ.seeds():
        ONE_INPUT(seed)
    ONE_INPUT(b"")


@settings(max_examples=300)
@given(st.binary(max_size=120), st.integers(0, 31))
def test_inputs(data: bytes, kind: int) -> None:
    """Whatever it makes of them, nothing is found here."""
    ONE_INPUT(bytes([kind]) + data)


@settings(max_examples=100)
@given(st.binary(min_size=20, max_size=120))
def test_built(data: bytes) -> None:
    """What it builds is JSON."""
    parse(encoded(FUZZ.Builder(data).notice()))


def test_what_is_built_reaches_far() -> None:
    """Among what it builds are events that are understood, and events that are not."""
    events = [parse(encoded(FUZZ.Builder(bytes([a, b, a ^ b] * 20)).notice())) for a in range(40) for b in range(40)]
    known = {type(event.details) for event in events if isinstance(event, Event)}
    assert len(known - {UnknownEvent}) > 10
    assert UnknownEvent in known


@pytest.mark.parametrize("what", [{"raise": True}, {"take": True}])
def test_it_finds(what: dict[str, bool], monkeypatch: pytest.MonkeyPatch) -> None:
    """A fault in the library does not go unseen."""
    import cloudrec.webhooks

    def receive(*_: Any, **__: Any) -> Any:
        if "raise" in what:
            raise OverflowError("a fault")
        return parse(b"{}")

    monkeypatch.setattr(cloudrec.webhooks, "receive", receive)
    faulty = FUZZ.load()
    with pytest.raises((OverflowError, AssertionError)):
        faulty(b"\0" + b"0" * 64 + b"\n{}")


def run(*arguments: str | Path) -> subprocess.CompletedProcess[str]:
    """The script, in a Python without atheris."""
    hide = "import sys; sys.modules['atheris'] = None; sys.argv = sys.argv[1:]; import runpy; "
    command = [sys.executable, "-c", hide + "runpy.run_path(sys.argv[0], run_name='__main__')", SCRIPT, *arguments]
    return subprocess.run(command, capture_output=True, encoding="utf-8", timeout=60, check=False)


def test_without_atheris(tmp_path: Path) -> None:
    """It says how to install it, and does not pretend to have looked."""
    done = run()
    assert done.returncode == 2
    assert f"{sys.executable} -m pip install atheris" in done.stderr
    # What was found once can be tried without it.
    found = tmp_path / "crash"
    found.write_bytes(FUZZ.seeds()[0])
    done = run("--input", found)
    assert (done.returncode, done.stdout) == (0, "nothing found\n")
