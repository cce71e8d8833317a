"""Programs of before, type-checked against this version: what breaks for callers who look at types.

Examples and typing tests must be without an error, by the strict rules that they are written under. Other tests, which
are written under none, are checked with the package of before as well: what is wrong there is not told.
"""

from __future__ import annotations

import ast
import os
import re
import subprocess
import sys
import tarfile
import tempfile
from collections.abc import Iterable, Iterator
from io import BytesIO
from pathlib import Path

from .packages import Wrong, called
from .version import git

PROGRAMS = ("examples", "tests/typing")
PACKAGE = ("cloudrec", "generated")
BESIDE = ("examples", "openapi", "scripts", "tests")
# As mypy tells of a mistake: file, line, what, kind.
_TOLD = re.compile(r"(.+?):(\d+): error: (.+)  \[([\w-]+)\]")
_PRIVATE = re.compile(r"\._(?!replace\b|asdict\b|fields\b|_)")


def last_tag(root: Path) -> str | None:
    """The release before this commit, if there was one. What is not tagged was not released."""
    names = git(root, "tag", "--list", "v*", "--sort=-version:refname", "--merged", "HEAD").splitlines()
    own = git(root, "tag", "--list", "v*", "--points-at", "HEAD").splitlines()
    return next((name for name in names if name not in own), None)


def unpacked(source: Path, revision: str, into: Path, places: Iterable[str]) -> Path:
    """The folder, with these places of a revision in it."""
    done = subprocess.run(
        ["git", "-C", str(source), "archive", revision, "--", *places], capture_output=True, check=False
    )
    if done.returncode:
        raise Wrong(f"{revision}: {done.stderr.decode(errors='replace').strip()}")
    with tarfile.open(fileobj=BytesIO(done.stdout)) as archive:
        archive.extractall(into, filter="data")
    return into


def is_public(path: Path) -> bool:
    """Whether a test imports something of the package, and nothing that is private there."""
    names = list[str]()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            names += (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            names += (f"{node.module}.{alias.name}" for alias in node.names)
    ours = [name for name in names if name.partition(".")[0] in {"cloudrec", "cloudrec_api"}]
    return bool(ours) and not any("._" in name for name in ours)


def mistakes(package: Path, beside: Path, files: Iterable[str]) -> Iterator[tuple[tuple[str, str, str], str]]:
    """What mypy has against files with this package: by file, line and kind; and in its words."""
    places = [str(package), str(package / "generated"), str(beside / "examples")]
    command = (
        sys.executable, "-m", "mypy", "--config-file", os.devnull, "--check-untyped-defs", "--ignore-missing-imports",
        "--follow-imports=silent", "--explicit-package-bases", "--no-error-summary", "--hide-error-context",
        "--cache-dir", os.devnull, *files,
    )  # fmt: skip
    done = subprocess.run(
        command, cwd=beside, env={**os.environ, "MYPYPATH": os.pathsep.join(places)}, stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE, stderr=subprocess.STDOUT, encoding="utf-8", check=False,
    )  # fmt: skip
    if done.returncode not in {0, 1}:
        raise Wrong(f"mypy could not read the tests:\n{done.stdout}")
    for line in done.stdout.splitlines():
        if told := _TOLD.fullmatch(line):
            file, number, _, kind = told.groups()
            yield (file, number, kind), line


def check_tests(source: Path, revision: str, home: Path) -> str:
    """What mypy says of a revision's tests of public names with this package, and not with that revision's own."""
    before, now = unpacked(source, revision, home / "before", PACKAGE), home / "now"
    now.mkdir()
    for name in PACKAGE:
        (now / name).symlink_to(source / name)
    beside = unpacked(source, revision, home / "beside", BESIDE)
    tests = sorted((beside / "tests").rglob("test_*.py"))
    files = [path.relative_to(beside).as_posix() for path in tests if is_public(path)]
    known = dict(mistakes(before, beside, files))
    new = []
    for place, line in mistakes(now, beside, files):
        file, number, _ = place
        code = (beside / file).read_text(encoding="utf-8").splitlines()[int(number) - 1]
        if place not in known and not _PRIVATE.search(code):
            new.append(line)
    if new:
        raise Wrong(f"tests of {revision} do not fit this version:\n" + "\n".join(new))
    return f"{len(files)} tests of public names as before"


def check(source: Path, revision: str) -> str:
    """What mypy says of the programs of a revision, with the package as it is now."""
    with tempfile.TemporaryDirectory(prefix="cloudrec-") as name:
        home = Path(name).resolve()
        programs = unpacked(source, revision, home / "programs", PROGRAMS)
        # Not what is installed: the package of this very checkout, of which nothing is told but what they meet in it.
        places = [str(source), str(source / "generated"), str(programs / "examples")]
        try:
            told = called(
                sys.executable, "-m", "mypy", "--config-file", source / "pyproject.toml", "--follow-imports=silent",
                "--cache-dir", os.devnull, *PROGRAMS, cwd=programs,
                env={**os.environ, "MYPYPATH": os.pathsep.join(places)},
            )  # fmt: skip
        except Wrong as wrong:
            raise Wrong(f"programs of {revision} do not fit this version:\n{wrong}") from None
        return f"{told.strip()}; {check_tests(source, revision, home)}"
