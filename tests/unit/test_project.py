"""What the project is made with: its locks."""

from __future__ import annotations

import re
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name
from packaging.version import Version

from tests.support import ROOT

TABLES = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))


def pins(name: str) -> dict[str, Version]:
    text = (ROOT / "requirements" / name).read_text(encoding="utf-8")
    return {pin: Version(version) for pin, version in re.findall(r"^([\w.-]+)==([\w.]+)", text, re.MULTILINE)}


def own_dependencies() -> dict[str, Requirement]:
    extras = TABLES["project"]["optional-dependencies"].values()
    asked = map(Requirement, [*TABLES["project"]["dependencies"], *(text for extra in extras for text in extra)])
    return {canonicalize_name(requirement.name): requirement for requirement in asked}


@pytest.mark.parametrize("name", own_dependencies())
def test_the_lowest_version_allowed_is_the_one_in_the_lowest_lock(name: str) -> None:
    [bound] = [part.version for part in own_dependencies()[name].specifier if part.operator == ">="]
    assert pins("lowest.txt")[name] == Version(bound)


def test_the_dev_lock_fits_what_is_asked_for() -> None:
    locked = pins("dev.txt")
    asked = [Requirement(text) for text in TABLES["dependency-groups"]["dev"] if isinstance(text, str)]
    for requirement in [*asked, *own_dependencies().values()]:
        assert locked[canonicalize_name(requirement.name)] in requirement.specifier


@pytest.mark.parametrize("lock", sorted((ROOT / "requirements").glob("*.txt")), ids=lambda path: path.name)
def test_locks_hold_hashes_and_no_address(lock: Path) -> None:
    text = lock.read_text(encoding="utf-8")
    assert "--hash=sha256:" in text
    assert not re.search(r"://|^\s*(-i|-f|--index|--extra-index|--find-links|--trusted)", text, re.MULTILINE)


def test_a_python_that_is_not_here_is_named() -> None:
    command = [sys.executable, str(ROOT / "scripts" / "_versions.py"), "2.7"]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 1
    assert "there is no Python 2.7 here" in done.stderr
    assert f"{sys.version_info[0]}.{sys.version_info[1]}" in done.stderr.rpartition("Here: ")[2]
