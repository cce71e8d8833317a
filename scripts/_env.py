"""Makes .venv in the checkout ready. `_env.py demo` or `_env.py dev`; with `--check` only an exit status.

Run by _env.sh with any CPython from 3.11 on; standard library only. Nothing outside the checkout is written
but temporary files.
"""

import fcntl
import hashlib
import os
import shutil
import subprocess
import sys
import time
import tomllib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
VENV = ROOT / ".venv"
PYTHON = VENV / "bin" / "python"
# Made first and filled last: there, the folder is ours to remake; line by line, what is completely installed.
STAMP = VENV / "cloudrec-env"
# Held by whoever has the project type-checked, so that the next finds what the checker keeps.
CHECKED = ROOT / "pyproject.toml"
# Settings of pip that would put the packages elsewhere or choose others. Where it fetches from stays as set.
MISLEADING = {f"PIP_{name}" for name in "CONSTRAINT NO_BINARY PREFIX REQUIRE_HASHES ROOT TARGET USER".split()}


def digest(*parts: object) -> str:
    return hashlib.sha256(repr(parts).encode()).hexdigest()


def lock_line(kind: str) -> str:
    """What the stamp says of an environment with this lock, this Python and this place."""
    lock = ROOT / "requirements" / f"{kind}.txt"
    return f"{kind} {digest(lock.read_bytes(), sys.version_info[:3], sys.base_prefix, str(ROOT))}"


def project_line() -> str:
    """What the stamp says of the project's own install: all that it copies out of the checkout."""
    tables = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    version = (ROOT / "cloudrec" / "_version.py").read_bytes()
    return f"project {digest(tables['build-system'], tables['project'], tables['tool']['hatch'], version)}"


def stamp() -> list[str]:
    return STAMP.read_text(encoding="utf-8").splitlines() if STAMP.exists() and PYTHON.exists() else []


def write_stamp(*lines: str) -> None:
    new = STAMP.with_suffix(".new")
    new.write_text("".join(f"{line}\n" for line in lines), encoding="utf-8")
    new.replace(STAMP)


def installed(kind: str) -> str | None:
    """The line of the stamp that covers this kind (dev holds everything demo does), if it still holds."""
    kinds = ["dev", "demo"] if kind == "demo" else ["dev"]
    return next((line for line in map(lock_line, kinds) if line in stamp()), None)


def run(*command: str | Path) -> None:
    environment = {name: value for name, value in os.environ.items() if name not in MISLEADING}
    environment |= {"PIP_DISABLE_PIP_VERSION_CHECK": "1", "PIP_NO_INPUT": "1"}
    if "PIP_CACHE_DIR" not in environment:
        environment["PIP_NO_CACHE_DIR"] = "1"
    words = [str(part) for part in command]
    if subprocess.run(words, env=environment, stdin=subprocess.DEVNULL, check=False).returncode:
        sys.exit(
            "cloudrec: .venv could not be made ready; the reason stands above. When that is mended, run the"
            " command again. Another Python can be named: PYTHON=python3.13 ./scripts/demo"
        )


def say(text: str) -> None:
    print(f"cloudrec: {text}", file=sys.stderr, flush=True)


@contextmanager
def alone(file: str | Path = __file__) -> Iterator[None]:
    """One process at a time; held on a file that is there anyway, so that no lock file is left over."""
    with open(file, "rb+") as held:
        try:
            fcntl.flock(held, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            if file == __file__:
                say("another run is making .venv ready; waiting for it")
            fcntl.flock(held, fcntl.LOCK_EX)
        yield


def install_lock(kind: str) -> str:
    """Brings .venv to this lock: from demo to dev by adding to it, otherwise from nothing."""
    version = ".".join(map(str, sys.version_info[:3]))
    if not installed("demo"):
        if VENV.exists() and not STAMP.exists():
            sys.exit("cloudrec: these scripts did not make the .venv that is here. Remove or rename it first.")
        say(f"making .venv with Python {version}; this happens once and takes less than a minute ...")
        shutil.rmtree(VENV, ignore_errors=True)
        VENV.mkdir()
        write_stamp()
        run(sys.executable, "-m", "venv", "--prompt", "cloudrec", VENV)
    else:
        say("adding to .venv what the tests need; this happens once ...")
    lock = ROOT / "requirements" / f"{kind}.txt"
    run(PYTHON, "-m", "pip", "install", "-qq", "--require-hashes", "--only-binary=:all:", "-r", lock)
    return lock_line(kind)


def install_project() -> str:
    build = ("--no-deps", "--no-build-isolation", "--editable")
    run(PYTHON, "-m", "pip", "install", "-qq", *build, ROOT)
    return project_line()


def main(kind: str, check: bool) -> int:
    if check:
        return 0 if installed(kind) and project_line() in stamp() else 1
    with alone():
        start = time.monotonic()
        line = installed(kind)
        if line and project_line() in stamp():
            return 0
        if not line:
            line = install_lock(kind)
        write_stamp(line)
        write_stamp(line, install_project())
        say(f".venv is ready ({time.monotonic() - start:.0f} s)")
    return 0


if __name__ == "__main__":
    try:
        sys.exit(main(sys.argv[-1], "--check" in sys.argv))
    except KeyboardInterrupt:
        sys.exit(130)
