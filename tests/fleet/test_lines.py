"""A worker that is killed, or stands still, at some of its lines."""

from __future__ import annotations

import subprocess
import sys

import pytest

from tests.support import ROOT


@pytest.mark.parametrize("how", [[], ["--stop"]], ids=["killed", "stopped"])
def test_some_lines(how: list[str]) -> None:
    """Nothing is made twice, nothing is left running, and the end of everything is known."""
    command = [sys.executable, str(ROOT / "scripts" / "_fleet_lines.py"), "--sample", "3", "--seed", "7", "--jobs", "3"]
    done = subprocess.run([*command, *how], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    assert "doubled 0, leaked 0, lost 0" in done.stdout
