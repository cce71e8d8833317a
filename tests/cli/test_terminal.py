"""What is seen in a terminal: the live view, colours or none, and Ctrl-C in a real one."""

from __future__ import annotations

import html
import importlib.util
import io
import os
import re
import subprocess
import sys
import time
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from rich.console import Console

from cloudrec.cli.live import LiveView
from cloudrec.emulator import Emulator
from cloudrec.errors import Attempt
from cloudrec.layouts import grid
from tests.cli.support import Terminal
from tests.support import ROOT

if sys.platform != "win32":
    import pty

SID = "38f8e3cfdc474cd56fc1ceba380d7e1a"
# The terminal is the one that Ctrl-C comes from.
IN_TERMINAL = """
import fcntl, sys, termios
fcntl.ioctl(0, termios.TIOCSCTTY, 0)
from cloudrec.cli import main
sys.exit(main(sys.argv[1:]))
"""
HANDLE: Any = {"sid": SID, "cname": "lesson-42", "prefix": ["school"]}


def seen(columns: int, **environ: str) -> str:
    """A live view in which much has happened."""
    screen = Console(file=io.StringIO(), width=columns, force_terminal=True, _environ=environ, color_system="truecolor")
    view = LiveView("lesson-42", "mix", limit=2700.0, layout=grid(4), hint="Ctrl-C stops it", on=screen)
    view.handle, view.state = HANDLE, "running"
    files = tuple(SimpleNamespace(name=f"{SID}_lesson-42_{number}.mp4") for number in range(12))
    view.saw(SimpleNamespace(handle=HANDLE, last_status=5, files=files))  # type: ignore[arg-type]
    view.attempt(Attempt("query", 1, "api-eu-west-1.agora.io", "no connection", 0.3, None, None))
    view.warn("\x1b[31mcredentials\nend soon")
    screen.print(view.picture())
    assert isinstance(screen.file, io.StringIO)
    return screen.file.getvalue()


def plain(text: str) -> str:
    return re.sub(r"\x1b\[[0-9;?]*[a-zA-Z]", "", text)


@pytest.mark.parametrize("columns", [40, 80, 200])
def test_the_live_view_fits_the_terminal(columns: int) -> None:
    lines = plain(seen(columns)).splitlines()
    assert {len(line) for line in lines} == {min(columns, 110)}
    told = "\n".join(lines)
    assert "● running" in told
    assert "lesson-42_11.mp4" in told
    assert "… 4 before" in told
    assert ("┬" in told) is (columns >= 80)
    assert "Warnings" in told
    # What came from elsewhere cannot steer the terminal.
    assert "\x1b[31mcred" not in seen(columns)


def test_the_picture_of_the_pages_is_what_is_seen() -> None:
    path = ROOT / "scripts" / "_pictures_terminal.py"
    spec = importlib.util.spec_from_file_location("_pictures_terminal", path)
    assert spec is not None
    assert spec.loader is not None
    script = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(script)
    made, kept = script.picture(), script.TARGET.read_text(encoding="utf-8")
    told = [
        html.unescape(text).replace("\xa0", " ").strip() for text in re.findall(r"<text [^>]*>([^<]*)</text>", made)
    ]
    assert "Tried again, or failed" in told
    # Versions of rich differ in how they draw, and not in what.
    assert told == [
        html.unescape(text).replace("\xa0", " ").strip() for text in re.findall(r"<text [^>]*>([^<]*)</text>", kept)
    ]
    assert "url(" not in kept.replace("url(#", "")


def test_of_one_that_somebody_else_began_the_time_counts_from_there() -> None:
    view = LiveView("lesson-42", "mix", on=Console(file=io.StringIO()))
    view.follows({**HANDLE, "started_at": time.time() - 3605})
    assert 3605 <= view.elapsed < 3700


def test_there_are_no_colours_where_nobody_wants_them() -> None:
    assert "\x1b[32m" in seen(80)
    assert not re.search(r"\x1b\[[0-9;]*3[0-9]m", seen(80, NO_COLOR="1"))


def test_without_a_terminal_nothing_moves_the_cursor(cloudrec: Terminal) -> None:
    done = cloudrec("record", "lesson-42", "--storage", "lessons", "--for", "10s")
    assert "\x1b" not in done.out + done.err


@pytest.fixture
def environ(environment: Path) -> dict[str, str]:
    return {**os.environ, "COLUMNS": "100", "LINES": "30", "PYTHONUNBUFFERED": "1"}


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no pty")
@pytest.mark.parametrize("times", [1, 2, "closed"])
def test_ctrl_c_in_a_terminal_or_its_end(emulator: Emulator, environ: dict[str, str], times: int | str) -> None:
    environ |= {
        "AGORA_APP_ID": emulator.app_id, "AGORA_CUSTOMER_ID": emulator.credential.customer_id,
        "AGORA_BASE_URL": emulator.url,
    }  # fmt: skip
    ours, theirs = pty.openpty()
    command = [sys.executable, "-c", IN_TERMINAL, "record", "lesson-42", "--storage", "lessons", "--layout", "grid"]
    with subprocess.Popen(
        command, stdin=theirs, stdout=theirs, stderr=theirs, env=environ, start_new_session=True
    ) as running:
        os.close(theirs)
        shown = ""

        def until(words: str) -> None:
            nonlocal shown
            while words not in plain(shown):
                shown += os.read(ours, 65536).decode("utf-8", "replace")

        until("sid ")
        while not emulator.running:
            shown += os.read(ours, 65536).decode("utf-8", "replace")
        until(emulator.running[0].sid[:8])
        if times == "closed":
            os.close(ours)
            assert running.wait(60) == (0 if emulator.recordings[0].keys else 4)
            assert not emulator.running
            return
        os.write(ours, b"\x03")
        until("Ctrl-C again leaves it running")
        if times == 2:
            os.write(ours, b"\x03")
            until("cloudrec stop lesson-42")
        else:
            until("stopped")
        code = running.wait(60)
        os.close(ours)
    assert "^C" not in shown
    assert "Traceback" not in shown
    assert bool(emulator.running) is (times == 2)
    assert code == (130 if times == 2 else 0 if emulator.recordings[0].keys else 4)
