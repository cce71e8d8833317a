"""What the project is made with and leaves the house as: locks, and the source distribution."""

from __future__ import annotations

import re
import subprocess
import sys
import tarfile
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


@pytest.mark.parametrize("group", ["dev", "release"])
def test_the_lock_of_a_group_fits_what_is_asked_for(group: str) -> None:
    locked = pins(f"{group}.txt")
    asked = [Requirement(text) for text in TABLES["dependency-groups"][group] if isinstance(text, str)]
    own = own_dependencies().values() if group == "dev" else ()
    for requirement in [*asked, *own]:
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


def test_source_distribution(tmp_path: Path) -> None:
    """It holds what a contributor needs, and nothing that was made on the way."""
    command = [sys.executable, "-m", "hatchling", "build", "--target", "sdist", "--directory", str(tmp_path)]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    [built] = tmp_path.glob("*.tar.gz")
    with tarfile.open(built) as archive:
        names = {name.partition("/")[2] for name in archive.getnames()}
    assert {
        ".ci/run", ".github/workflows/ci.yml", ".pre-commit-config.yaml", "CHANGELOG.md", "CONTRIBUTING.md", "LICENSE",
        "SECURITY.md", "requirements/lowest.txt", "scripts/test", "tests/conftest.py",
    } <= names  # fmt: skip
    assert not [name for name in names if name.startswith((".venv", ".git/")) or "__pycache__" in name]
