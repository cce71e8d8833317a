"""Wheel and sdist of a commit: built twice, to be the same byte for byte, and looked through."""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import subprocess
import sys
import tarfile
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from io import BytesIO
from pathlib import Path
from typing import Any, NamedTuple

from _env import ROOT, VENV, alone, digest, run, say

from .licences import foreign, table

TOOLS = VENV / "release"
LOCK = ROOT / "requirements" / "release.txt"
# Two makings that have nothing in common but the commit. The second one makes the wheel of the sdist.
_MAKINGS = (
    ("one", 0o022, {"TZ": "UTC", "PYTHONHASHSEED": "1", "LC_ALL": "C.UTF-8"}, ["--sdist", "--wheel"]),
    ("another folder/two", 0o077, {"TZ": "Pacific/Kiritimati", "PYTHONHASHSEED": "2", "LC_ALL": "C"}, list[str]()),
)


class Wrong(Exception):
    """What keeps it from being released, in words."""


class Built(NamedTuple):
    """The two files that are published."""

    wheel: Path
    sdist: Path

    @property
    def version(self) -> str:
        """As the wheel is named."""
        return self.wheel.name.split("-")[1]


def called(*command: str | Path, **named: Any) -> str:
    """What a program says; Wrong with all of it where it fails."""
    done = subprocess.run(
        [str(part) for part in command],
        stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
        encoding="utf-8", errors="replace", check=False, **named,
    )  # fmt: skip
    if done.returncode:
        raise Wrong(f"{Path(command[0]).name} {' '.join(map(str, command[1:4]))} ...:\n{done.stdout}")
    return str(done.stdout)


def tool(name: str) -> Path:
    """A program of requirements/release.txt, in an environment of its own."""
    wanted, stamp = digest(LOCK.read_bytes(), sys.version), TOOLS / "made-from"
    if not stamp.exists() or stamp.read_text(encoding="utf-8") != wanted:
        with alone():
            say("making .venv/release with the tools of a release ...")
            shutil.rmtree(TOOLS, ignore_errors=True)
            run(sys.executable, "-m", "venv", TOOLS)
            python = TOOLS / "bin" / "python"
            run(python, "-m", "pip", "install", "-qq", "--require-hashes", "--only-binary=:all:", "-r", LOCK)
            stamp.write_text(wanted, encoding="utf-8")
    return TOOLS / "bin" / name


def checked_out(root: Path, commit: str, folder: Path) -> None:
    """The files of a commit, and nothing that lies beside them."""
    done = subprocess.run(["git", "-C", str(root), "archive", commit], stdout=subprocess.PIPE, check=True)
    with tarfile.open(fileobj=BytesIO(done.stdout)) as archive:
        archive.extractall(folder, filter="data")


@contextmanager
def _umask(mask: int) -> Iterator[None]:
    before = os.umask(mask)
    try:
        yield
    finally:
        os.umask(before)


def build(root: Path, commit: str, out: Path) -> Built:
    """Builds what a commit holds, twice. Wrong where one file differs from the other of its name."""
    epoch = called("git", "-C", root, "log", "-1", "--format=%ct", commit).strip()
    with tempfile.TemporaryDirectory(prefix="cloudrec-") as home:
        made: list[Path] = []
        for place, mask, settings, what in _MAKINGS:
            with _umask(mask):
                source, dist = Path(home, place, "source"), Path(home, place, "dist")
                source.mkdir(parents=True)
                checked_out(root, commit, source)
                environment = {**os.environ, **settings, "SOURCE_DATE_EPOCH": epoch}
                options: list[str | Path] = ["--no-isolation", *what, "--outdir", dist, source]
                called(sys.executable, "-m", "build", *options, env=environment, cwd=home)
            made.append(dist)
        names = [sorted(path.name for path in dist.iterdir()) for dist in made]
        if names[0] != names[1]:
            raise Wrong(f"two makings of one commit are {names[0]} and {names[1]}")
        differing = [name for name in names[0] if (made[0] / name).read_bytes() != (made[1] / name).read_bytes()]
        if differing:
            raise Wrong(f"two makings of one commit differ: {', '.join(differing)}")
        out.mkdir(parents=True, exist_ok=True)
        if others := sorted(path.name for path in out.iterdir() if path.name not in names[0]):
            raise Wrong(f"{out} holds {', '.join(others)} beside what was built: name an empty folder")
        for name in names[0]:
            # Not copy(): it would take the rights along.
            (out / name).write_bytes((made[0] / name).read_bytes())
    [wheel], [sdist] = [*out.glob("*.whl")], [*out.glob("*.tar.gz")]
    return Built(wheel, sdist)


def look_through(built: Built) -> None:
    """What PyPI would refuse, and what nobody wants in a wheel."""
    called(tool("twine"), "check", "--strict", built.wheel, built.sdist)
    # W002: the generator writes the same lines into the __init__.py of each folder of calls.
    called(
        tool("check-wheel-contents"), "--no-config", "--ignore=W002", "--toplevel=cloudrec,cloudrec_api", built.wheel
    )
    if files := foreign(built.wheel):
        raise Wrong(f"somebody else's licence is in {', '.join(files)}: it needs a NOTICE in the packages")


def describe(built: Built, source: Path, about: Path) -> None:
    """Writes the SBOM, the licences and the sums. What is allowed is tested with: requirements/dev.txt says which."""
    about.mkdir(parents=True, exist_ok=True)
    path = about / f"cloudrec-{built.version}.cdx.json"
    with tempfile.TemporaryDirectory(prefix="cloudrec-") as home:
        environment, uv = Path(home, "environment"), tool("uv")
        called(uv, "venv", "--quiet", "--python", sys.executable, environment)
        # All that it depends on and not itself, which is what the SBOM is about. Versions as the tests have them.
        called(
            uv, "pip", "install", "--quiet", "--python", environment, "--constraints", source / "requirements/dev.txt",
            "--all-extras", "--requirements", source / "pyproject.toml",
        )  # fmt: skip
        called(
            tool("cyclonedx-py"), "environment", "--pyproject", source / "pyproject.toml", "--mc-type", "library",
            "--spec-version", "1.6", "--output-reproducible", "--output-format", "JSON", "--output-file", path,
            environment / "bin" / "python",
        )  # fmt: skip
    sbom = json.loads(path.read_text(encoding="utf-8"))
    sbom["metadata"]["component"]["version"] = built.version  # which pyproject.toml leaves to the code
    path.write_text(json.dumps(sbom, indent=2) + "\n", encoding="utf-8")
    page, wrong = table(sbom, built.version)
    (about / "LICENCES.md").write_text(page, encoding="utf-8")
    sums = [f"{hashlib.sha256(one.read_bytes()).hexdigest()}  {one.name}\n" for one in (built.sdist, built.wheel)]
    (about / "SHA256SUMS").write_text("".join(sums), encoding="utf-8")
    if wrong:
        raise Wrong("licences: " + "; ".join(wrong))
