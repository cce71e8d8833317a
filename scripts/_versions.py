"""All tests in other environments than .venv: the lowest versions of what cloudrec depends on, and other Pythons.

    ./scripts/versions                          lowest, then every CPython from 3.11 on that is found here
    ./scripts/versions lowest 3.13              only these
    ./scripts/versions 3.13 -- tests/unit -x    what follows -- is given to pytest

`lowest` is requirements/lowest.txt on the oldest Python found, the others are requirements/dev.txt. Each environment
is a folder in .venv/versions, made once and made again when its lock or its Python changes.
"""

import re
import shutil
import subprocess
import sys
import time
from pathlib import Path

from _env import ROOT, VENV, alone, digest, project_line, run, say

LOWEST = "lowest"
# What ./scripts/test leaves out: of every test of tests/fleet the other one of its databases, and most of the examples
# that are made up.
ALL = ("--both-databases", "--many-examples")
ABOUT = (
    "import sys, sysconfig, ensurepip, venv; assert sys.implementation.name == 'cpython'\n"
    "assert not sysconfig.get_config_var('Py_GIL_DISABLED')\n"
    "print('%d.%d' % sys.version_info[:2], sys._base_executable, sys.version.split()[0])"
)


def supported() -> list[str]:
    """The Pythons that pyproject.toml names, oldest first: 3.11 and so on."""
    text = (ROOT / "pyproject.toml").read_text(encoding="utf-8")
    return re.findall(r'"Programming Language :: Python :: (3\.\d+)"', text)


def find_pythons() -> dict[str, tuple[str, str]]:
    """Of each supported Python that is installed, its path and full version. Pyenv's need not be switched on."""
    found = {}
    for version in supported():
        pyenv = sorted((Path.home() / ".pyenv" / "versions").glob(f"{version}.*/bin/python"))
        for name in (f"python{version}", *map(str, reversed(pyenv)), sys.executable):
            try:
                asked = subprocess.run([name, "-I", "-c", ABOUT], capture_output=True, text=True, check=False)
            except OSError:
                continue
            if asked.returncode == 0 and asked.stdout.split()[0] == version:
                _, path, full = asked.stdout.split()
                found[version] = path, full
                break
    return found


def make(name: str, python: str, full: str) -> Path:
    """The Python of this environment, which is made or made again where it has to be."""
    home = VENV / "versions" / name
    lock = ROOT / "requirements" / ("lowest.txt" if name == LOWEST else "dev.txt")
    wanted = digest(lock.read_bytes(), project_line(), python, full)
    stamp, inside = home / "made-from", home / "bin" / "python"
    if stamp.exists() and stamp.read_text(encoding="utf-8") == wanted:
        return inside
    say(f"making {home.relative_to(ROOT)} with Python {full} ...")
    shutil.rmtree(home, ignore_errors=True)
    run(python, "-m", "venv", "--prompt", f"cloudrec-{name}", home)
    # The lock is whole: pip need not look for more. That of Python 3.11.7 looks for newer ones where a package asks for
    # another with an extra (DBOS for sqlalchemy[asyncio]), and refuses what it finds.
    run(inside, "-m", "pip", "install", "-qq", "--no-deps", "--require-hashes", "--only-binary=:all:", "-r", lock)
    run(inside, "-m", "pip", "check", "-qq")
    run(inside, "-m", "pip", "install", "-qq", "--no-deps", "--no-build-isolation", "--editable", ROOT)
    stamp.write_text(wanted, encoding="utf-8")
    return inside


def main(arguments: list[str]) -> int:
    names, options = arguments, []
    if "--" in arguments:
        names, options = arguments[: arguments.index("--")], arguments[arguments.index("--") + 1 :]
    pythons = find_pythons()
    missing = [version for version in supported() if version not in pythons]
    own = ".".join(map(str, sys.version_info[:2]))
    for name in names:
        if name != LOWEST and name not in pythons:
            sys.exit(f"cloudrec: there is no Python {name} here, or it is not supported. Here: {', '.join(pythons)}")
    failed = []
    for name in names or [LOWEST, *(version for version in pythons if version != own)]:
        python, full = pythons[min(pythons, key=supported().index) if name == LOWEST else name]
        with alone():
            inside = make(name, python, full)
        start = time.monotonic()
        pytest = [str(inside), "-m", "pytest", "--quiet", "--numprocesses=auto", "--dist=worksteal", *ALL, *options]
        status = "FAILED" if subprocess.run(pytest, cwd=ROOT, check=False).returncode else "ok"
        print(f"{name:<10}Python {full:<10}{status:<8}{time.monotonic() - start:5.0f} s\n", flush=True)
        if status != "ok":
            failed.append(name)
    if missing and not names:
        print(f"NOT RUN, since not installed here: Python {', '.join(missing)}", flush=True)
    if not names:
        print(f"Python {own} is what ./scripts/test runs on", flush=True)
    return 1 if failed else 0


if __name__ == "__main__":
    try:
        sys.exit(main(sys.argv[1:]))
    except KeyboardInterrupt:
        sys.exit(130)
