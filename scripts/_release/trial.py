"""What users get: the wheel in clean environments, on each Python that is here, with each extra, lowest and newest."""

from __future__ import annotations

import subprocess
import tempfile
import time
import tomllib
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from _versions import find_pythons, supported

from .packages import Built, Wrong, called, tool

SMOKE = Path(__file__).with_name("smoke.py")
LOWEST, NEWEST = "lowest-direct", "highest"


def extras(source: Path) -> list[str]:
    """Those that pyproject.toml has."""
    return list(
        tomllib.loads((source / "pyproject.toml").read_text(encoding="utf-8"))["project"]["optional-dependencies"]
    )


def install(built: Built, source: Path, place: Path, python: str, named: Sequence[str], resolution: str) -> Path:
    """An environment with the wheel; its Python."""
    uv = tool("uv")
    called(uv, "venv", "--quiet", "--python", python, place)
    if resolution == LOWEST:
        # By pyproject.toml, whose dependencies are direct ones there; beside the wheel they would not be.
        options = [word for extra in named for word in ("--extra", extra)]
        called(
            uv, "pip", "install", "--quiet", "--python", place, "--resolution", LOWEST, *options,
            "--requirements", source / "pyproject.toml",
        )  # fmt: skip
        called(uv, "pip", "install", "--quiet", "--python", place, "--no-deps", built.wheel)
    else:
        wanted = f"cloudrec[{','.join(named)}] @ {built.wheel.resolve().as_uri()}"
        called(uv, "pip", "install", "--quiet", "--python", place, wanted)
    called(uv, "pip", "check", "--quiet", "--python", place)
    return place / "bin" / "python"


@contextmanager
def _emulator(python: Path) -> Iterator[str]:
    command = [str(python), "-I", str(SMOKE), "serve"]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, encoding="utf-8") as running:
        assert running.stdout is not None
        assert running.stdin is not None
        try:
            yield running.stdout.readline().strip()
        finally:
            running.stdin.close()  # at which it ends


def smoke(python: Path, url: str, named: Sequence[str], home: str) -> None:
    """The smoke test; Wrong with what it said."""
    called(python, "-I", "-W", "error", SMOKE, url, *named, cwd=home)


def trial(built: Built, source: Path, only: Sequence[str] = ()) -> None:
    """All of them. Wrong after the last one, with what failed."""
    pythons = find_pythons()
    every = extras(source)
    failed = []
    with tempfile.TemporaryDirectory(prefix="cloudrec-") as home:
        first = min(pythons, key=supported().index)
        server = install(built, source, Path(home, "server"), pythons[first][0], ["emulator"], NEWEST)
        with _emulator(server) as url:
            for version, (python, full) in sorted(pythons.items(), key=lambda item: supported().index(item[0])):
                if only and version not in only:
                    continue
                for named in [[], *([extra] for extra in every), every]:
                    for resolution in (LOWEST, NEWEST):
                        place = Path(home, f"{version}-{'-'.join(named) or 'alone'}-{resolution}")
                        start, told = time.monotonic(), "ok"
                        try:
                            smoke(install(built, source, place, python, named, resolution), url, named, home)
                        except Wrong as wrong:
                            told = "FAILED"
                            print(f"\n{wrong}\n", flush=True)
                            failed.append(f"Python {full}, {', '.join(named) or 'no extra'}, {resolution}")
                        what = "all extras" if named == every else ", ".join(named) or "no extra"
                        print(
                            f"Python {full:<9}{what:<14}{resolution:<15}{told:<8}{time.monotonic() - start:4.0f} s",
                            flush=True,
                        )
    if missing := [version for version in supported() if version not in pythons]:
        print(f"NOT RUN, since not installed here: Python {', '.join(missing)}", flush=True)
    if failed:
        raise Wrong(f"failed: {'; '.join(failed)}")
