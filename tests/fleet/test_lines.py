"""A worker that is killed, and one that stands still, at some of its lines."""

from __future__ import annotations

import re
import subprocess
import sys

from tests.support import ROOT


def test_some_lines() -> None:
    """Nothing is made twice, nothing is left running, and the end of everything is known."""
    options = ["--both", "--sample", "3", "--seed", "7", "--jobs", "6"]
    command = [sys.executable, str(ROOT / "scripts" / "_fleet_lines.py"), *options]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    assert "doubled 0, leaked 0, lost 0" in done.stdout
    assert re.search(r"\b[1-3] workers killed, [1-3] workers stopped", done.stdout), done.stdout
