"""Version, changelog and tag of a release: whether they agree, and how they are set. Standard library only."""

from __future__ import annotations

import re
import subprocess
import tomllib
from datetime import date
from itertools import takewhile
from pathlib import Path

VERSION = Path("cloudrec", "_version.py")
CHANGELOG = Path("CHANGELOG.md")
BRANCH = "main"
# Of PEP 440 what this project uses; what is left out sorts after every candidate: 1.0.0a1 < 1.0.0rc1 < 1.0.0.
_FORM = re.compile(r"(\d+)\.(\d+)\.(\d+)(?:(a|b|rc)(\d+))?")
_ASSIGNED = re.compile(r'^__version__ = "(.+)"$', re.MULTILINE)
_UNRELEASED = re.compile(r"## \[([^\]]+)\](?: - unreleased)?", re.IGNORECASE)


def git(root: Path, *arguments: str) -> str:
    """What git says of the checkout. SystemExit with its words where it refuses."""
    done = subprocess.run(["git", "-C", str(root), *arguments], capture_output=True, encoding="utf-8", check=False)
    if done.returncode:
        raise SystemExit(f"cloudrec: git {arguments[0]}: {' '.join(done.stderr.split())}")
    return done.stdout.rstrip("\n")


def written(root: Path) -> str:
    """The version that the code says it has."""
    [version] = _ASSIGNED.findall((root / VERSION).read_text(encoding="utf-8"))
    return str(version)


def _urls(root: Path) -> dict[str, str]:
    project = tomllib.loads((root / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    return dict(project.get("urls", {}))


def disagreements(root: Path, tag: str, repository: str) -> list[str]:
    """What stands against publishing this tag from this repository; nothing, if it may be."""
    version = written(root)
    changes = (root / CHANGELOG).read_text(encoding="utf-8")
    found = []
    if tag != f"v{version}":
        found.append(f"the tag is {tag}, and cloudrec/_version.py says {version}: the tag must be v{version}")
    if not re.search(rf"^## \[{re.escape(version)}\] - \d{{4}}-\d\d-\d\d$", changes, re.MULTILINE):
        found.append(f"CHANGELOG.md has no section `## [{version}] - YYYY-MM-DD`")
    if _urls(root).get("Repository") != repository:
        found.append(f'[project.urls] in pyproject.toml must have Repository = "{repository}"')
    return found


def _order(version: str) -> tuple[int | str, ...]:
    form = _FORM.fullmatch(version)
    assert form, version
    major, minor, patch, stage, number = form.groups()
    return int(major), int(minor), int(patch), stage or "released", int(number or 0)


def unreleased(changes: str) -> tuple[str, list[str]] | None:
    """The heading of the changelog's first section and its lines, if it has not been released."""
    lines = changes.splitlines()
    first = next((number for number, line in enumerate(lines) if line.startswith("## ")), None)
    if first is None or not _UNRELEASED.fullmatch(lines[first]):
        return None
    return lines[first], [*takewhile(lambda line: not line.startswith("## "), lines[first + 1 :])]


def objections(root: Path, version: str) -> list[str]:
    """What stands against releasing this version from this checkout; nothing, if it may be."""
    found = []
    branch = git(root, "rev-parse", "--abbrev-ref", "HEAD")
    if branch != BRANCH:
        found.append(f"the branch is {branch}: a release is made on {BRANCH}")
    if changed := git(root, "status", "--porcelain").splitlines():
        more = f", and {len(changed) - 1} more" if len(changed) > 1 else ""
        found.append(f"{changed[0][3:]} is not committed{more}: commit or remove what is changed")
    if not _FORM.fullmatch(version):
        found.append(f"version {version!r} must be of the form 1.2.3, or 1.2.3a1, 1.2.3b1, 1.2.3rc1")
    else:
        tags = [name[1:] for name in git(root, "tag", "--list", "v*").splitlines() if _FORM.fullmatch(name[1:])]
        last = max(tags, key=_order, default=None)
        if version in tags:
            found.append(f"the tag v{version} is there already: a version is released once")
        elif last and _order(version) < _order(last):
            found.append(f"version {version} is not newer than {last}, which is tagged")
        if _order(version) < _order(written(root)):
            found.append(f"version {version} is not newer than {written(root)} in {VERSION.as_posix()}")
    section = unreleased((root / CHANGELOG).read_text(encoding="utf-8"))
    if section is None:
        found.append("CHANGELOG.md must begin with a section `## [Unreleased]`, or `## [VERSION] - unreleased`")
    else:
        heading, lines = section
        named = heading.partition("[")[2].partition("]")[0]
        if named.lower() != "unreleased" and named != version:
            found.append(f"CHANGELOG.md begins with what is to be {named}, and the version is {version}")
        if not any(line.startswith("- ") for line in lines):
            found.append(f"CHANGELOG.md says nothing of it: its section `{heading}` has no line that begins with `- `")
    if "Repository" not in _urls(root):
        found.append('[project.urls] in pyproject.toml has no Repository = "https://...", which is published with it')
    return found


def set_version(root: Path, version: str, day: date) -> None:
    """Writes the version into the code, and it with the day over the section of the changelog."""
    path = root / VERSION
    path.write_text(_ASSIGNED.sub(f'__version__ = "{version}"', path.read_text(encoding="utf-8")), encoding="utf-8")
    path = root / CHANGELOG
    changes = path.read_text(encoding="utf-8")
    section = unreleased(changes)
    assert section is not None
    path.write_text(changes.replace(section[0], f"## [{version}] - {day.isoformat()}", 1), encoding="utf-8")
