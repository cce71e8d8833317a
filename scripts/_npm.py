"""npm, for what only its registry has; and whether it failed, or could not be had or reached."""

import os
import re
import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any

# What it says where it never got to speak to its registry.
UNREACHABLE = re.compile(
    r"^npm (?:error|ERR!) code (EAI_AGAIN|ECONNREFUSED|ECONNRESET|EHOSTUNREACH|ENETUNREACH|ENOTFOUND|ETIMEDOUT"
    r"|ERR_SOCKET_TIMEOUT)\b",
    re.MULTILINE,
)
# The retries: else a lost network is told after minutes.
OPTIONS = (
    "--ignore-scripts --no-audit --no-fund --engine-strict=false --logs-max=0 --loglevel=error"
    " --fetch-retries=1 --fetch-retry-mintimeout=1000"
).split()


class NotRun(Exception):
    """This machine cannot run the check; the text says why."""


def run(*command: str | Path, **options: Any) -> tuple[bool, str]:
    """Whether a command succeeded, and all that it printed."""
    done = subprocess.run(
        [str(part) for part in command],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        encoding="utf-8",
        errors="replace",
        check=False,
        **options,
    )
    return done.returncode == 0, done.stdout


def fetched(what: str, cache: Path, run: Callable[..., tuple[bool, str]], *command: str | Path) -> str | None:
    """Runs a command of npm to get something; what it had to say when it could not.

    A person may be without a network; CI that is has not checked what it says it has.
    """
    npm = shutil.which("npm")
    if npm is None:
        raise NotRun("Node with npm is not installed here")
    ok, output = run(npm, *command, "--cache", cache, *OPTIONS)
    shutil.rmtree(cache, ignore_errors=True)
    if ok:
        return None
    unreachable = UNREACHABLE.search(output)
    if unreachable and os.environ.get("CI", "").lower() not in {"1", "true"}:
        raise NotRun(f"npm does not reach its registry to install {what}: {unreachable[1]}")
    return f"npm could not install {what}:\n{output}"
