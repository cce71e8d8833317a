"""Programs of before, type-checked against this version: what breaks for callers who look at types."""

from __future__ import annotations

import os
import sys
import tarfile
import tempfile
from io import BytesIO
from pathlib import Path
from subprocess import run

from .packages import Wrong, called
from .version import git

PROGRAMS = ("examples", "tests/typing")


def last_tag(root: Path) -> str | None:
    """The release before this commit, if there was one."""
    names = git(root, "tag", "--list", "v*", "--sort=-version:refname", "--merged", "HEAD").splitlines()
    own = git(root, "tag", "--list", "v*", "--points-at", "HEAD").splitlines()
    return next((name for name in names if name not in own), None)


def check(source: Path, revision: str) -> str:
    """What mypy says of the examples and typing tests of a revision, with the package as it is now."""
    with tempfile.TemporaryDirectory(prefix="cloudrec-") as home:
        done = run(["git", "-C", str(source), "archive", revision, "--", *PROGRAMS], capture_output=True, check=False)
        if done.returncode:
            raise Wrong(f"{revision}: {done.stderr.decode(errors='replace').strip()}")
        with tarfile.open(fileobj=BytesIO(done.stdout)) as archive:
            archive.extractall(home, filter="data")
        # Not what is installed: the package of this very checkout, of which nothing is told but what they meet in it.
        places = [str(source), str(source / "generated"), str(Path(home, "examples"))]
        try:
            told = called(
                sys.executable, "-m", "mypy", "--config-file", source / "pyproject.toml", "--follow-imports=silent",
                "--cache-dir", os.devnull, *PROGRAMS, cwd=home, env={**os.environ, "MYPYPATH": os.pathsep.join(places)},
            )  # fmt: skip
        except Wrong as wrong:
            raise Wrong(f"programs of {revision} do not fit this version:\n{wrong}") from None
    return told.strip()
