"""`examples/crash_safe.py` in a process that was forked, without what pytest brings along."""

from __future__ import annotations

import os
import runpy
import sys
from multiprocessing.connection import Connection
from pathlib import Path

EXAMPLE = Path(__file__).resolve().parent.parent.parent / "examples" / "crash_safe.py"


def run(arguments: list[str], environment: dict[str, str], output: Connection) -> None:
    """What `python examples/crash_safe.py` does."""
    os.dup2(output.fileno(), 1)
    os.dup2(1, 2)
    output.close()
    os.environ.clear()
    os.environ.update(environment)
    sys.argv = [str(EXAMPLE), *arguments]
    # The end of the process ends them.
    sys.stdout = open(1, "w", encoding="utf-8", closefd=False)  # noqa: SIM115
    sys.stderr = open(2, "w", encoding="utf-8", closefd=False)  # noqa: SIM115
    runpy.run_path(str(EXAMPLE), run_name="__main__")
