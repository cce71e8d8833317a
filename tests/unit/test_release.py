"""A release: what stands against it, what it changes, what may come along. What reaches a network is not here."""

from __future__ import annotations

import subprocess
import sys
import zipfile
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from scripts._release.__main__ import make
from scripts._release.licences import foreign, is_allowed, table
from scripts._release.version import disagreements, git, objections, set_version
from tests.docs.support import script
from tests.support import ROOT, each

REPOSITORY = "https://github.com/somebody/cloudrec"


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    """As much of a checkout as a release looks at, ready to be released."""
    root = tmp_path / "checkout"
    (root / "cloudrec").mkdir(parents=True)
    (root / "cloudrec" / "_version.py").write_text('__version__ = "0.2.0"\n', encoding="utf-8")
    changes = "# Changelog\n\n## [Unreleased]\n\n### Added\n\n- More.\n\n## [0.1.0] - 2029-12-31\n\n- All.\n"
    (root / "CHANGELOG.md").write_text(changes, encoding="utf-8")
    urls = f'[project]\nname = "cloudrec"\n\n[project.urls]\nRepository = "{REPOSITORY}"\n'
    (root / "pyproject.toml").write_text(urls, encoding="utf-8")
    git(root, "init", "--quiet", "--initial-branch=main")
    for name, value in {"user.name": "A", "user.email": "a@example.com", "commit.gpgsign": "false"}.items():
        git(root, "config", name, value)
    git(root, "config", "tag.gpgsign", "false")
    git(root, "add", ".")
    git(root, "commit", "--quiet", "--message", "Begin")
    git(root, "tag", "v0.1.0")
    return root


def edit(root: Path, file: str, old: str, new: str) -> None:
    path = root / file
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new), encoding="utf-8")


def commit(root: Path, file: str, old: str, new: str) -> None:
    edit(root, file, old, new)
    git(root, "commit", "--quiet", "--all", "--message", "Edit")


def test_nothing_stands_against_it(checkout: Path) -> None:
    assert objections(checkout, "0.2.0") == []
    assert objections(checkout, "0.3.0rc1") == []


def test_each_objection_says_what_is_wrong(checkout: Path) -> None:
    edit(checkout, "cloudrec/_version.py", "0.2.0", "0.2.1")
    (checkout / "left.txt").touch()
    git(checkout, "checkout", "--quiet", "-b", "other")
    assert objections(checkout, "0.1.0") == [
        "the branch is other: a release is made on main",
        "cloudrec/_version.py is not committed, and 1 more: commit or remove what is changed",
        "the tag v0.1.0 is there already: a version is released once",
        "version 0.1.0 is not newer than 0.2.1 in cloudrec/_version.py",
    ]


FORM = "must be of the form 1.2.3, or 1.2.3a1, 1.2.3b1, 1.2.3rc1"
FIRST = "CHANGELOG.md must begin with a section `## [Unreleased]`, or `## [VERSION] - unreleased`"
EMPTY = "CHANGELOG.md says nothing of it: its section `## [Unreleased]` has no line that begins with `- `"


@pytest.mark.parametrize(
    ("version", "old", "new", "said"),
    [
        ("0.2", "", "", f"version '0.2' {FORM}"),
        ("v0.2.0", "", "", f"version 'v0.2.0' {FORM}"),
        ("0.2.0", "- More.\n", "", EMPTY),
        ("0.2.0", "## [Unreleased]", "## [0.2.0] - 2030-01-31", FIRST),
        (
            "0.2.0",
            "[Unreleased]",
            "[0.3.0] - unreleased",
            "CHANGELOG.md begins with what is to be 0.3.0, and the version is 0.2.0",
        ),
    ],
)
def test_an_objection_to_the_version_or_the_changelog(
    checkout: Path, version: str, old: str, new: str, said: str
) -> None:
    if old:
        commit(checkout, "CHANGELOG.md", old, new)
    assert objections(checkout, version) == [said]


def test_an_address_is_published_with_it(checkout: Path) -> None:
    commit(checkout, "pyproject.toml", "Repository", "Elsewhere")
    told = '[project.urls] in pyproject.toml has no Repository = "https://...", which is published with it'
    assert objections(checkout, "0.2.0") == [told]


def test_a_version_must_be_newer_than_every_tag(checkout: Path) -> None:
    for tag in ("v0.10.0rc2", "v0.9.0", "vault"):
        git(checkout, "tag", tag)
    assert objections(checkout, "0.9.1") == ["version 0.9.1 is not newer than 0.10.0rc2, which is tagged"]
    assert objections(checkout, "0.10.0rc1") == ["version 0.10.0rc1 is not newer than 0.10.0rc2, which is tagged"]
    assert objections(checkout, "0.10.0") == []


def test_what_was_made_agrees_with_its_tag(checkout: Path) -> None:
    set_version(checkout, "0.3.0", datetime(2030, 1, 31, tzinfo=UTC).date())
    assert disagreements(checkout, "v0.3.0", REPOSITORY) == []
    changes = (checkout / "CHANGELOG.md").read_text(encoding="utf-8")
    assert "\n## [0.3.0] - 2030-01-31\n\n### Added\n\n- More.\n\n## [0.1.0] - 2029-12-31\n" in changes


@pytest.mark.parametrize(
    ("file", "old", "new", "said"),
    [
        ("cloudrec/_version.py", "0.2.0", "0.2.1", "the tag must be v0.2.1"),
        ("CHANGELOG.md", "Unreleased", "0.2.0", "CHANGELOG.md has no section `## [0.2.0] - YYYY-MM-DD`"),
        ("pyproject.toml", "somebody", "else", f'must have Repository = "{REPOSITORY}"'),
        ("pyproject.toml", "[project.urls]", "[tool.other]", f'must have Repository = "{REPOSITORY}"'),
    ],
)
def test_a_tag_that_does_not_agree(checkout: Path, file: str, old: str, new: str, said: str) -> None:
    edit(checkout, file, old, new)
    assert said in "\n".join(disagreements(checkout, "v0.2.0", REPOSITORY))


def test_the_checkout_itself_is_read() -> None:
    """What it stands at today need not be fit for release; that it can be asked, with Python alone, is what counts."""
    program = "import sys, runpy; sys.path.insert(0, 'scripts'); runpy.run_module('_release', run_name='__main__')"
    done = subprocess.run(
        [sys.executable, "-I", "-S", "-c", program, "agree", "v0", REPOSITORY],
        cwd=ROOT, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 1
    assert "the tag is v0" in done.stderr


def test_a_dry_run_does_all_and_changes_nothing(checkout: Path, capsys: pytest.CaptureFixture[str]) -> None:
    seen: list[list[str]] = []
    before = git(checkout, "rev-parse", "HEAD"), git(checkout, "tag")
    dry = make(
        checkout, "0.2.0", dry=True, steps=[lambda clone: seen.append(disagreements(clone, "v0.2.0", REPOSITORY))]
    )
    assert (dry, seen) == (0, [[]])
    assert (git(checkout, "rev-parse", "HEAD"), git(checkout, "tag"), git(checkout, "status", "--short")) == (
        *before,
        "",
    )
    assert "+## [0.2.0] - " in capsys.readouterr().out


def test_a_release_is_a_commit_and_its_tag_and_is_pushed_by_nobody(checkout: Path, tmp_path: Path) -> None:
    git(tmp_path, "clone", "--quiet", "--bare", str(checkout), "elsewhere")
    git(checkout, "remote", "add", "origin", str(tmp_path / "elsewhere"))
    assert make(checkout, "0.3.0", dry=False, steps=[]) == 0
    assert git(checkout, "log", "-2", "--format=%s %D").splitlines() == [
        "Release 0.3.0 HEAD -> main, tag: v0.3.0",
        "Begin tag: v0.1.0",
    ]
    assert disagreements(checkout, "v0.3.0", REPOSITORY) == []
    assert git(checkout, "cat-file", "-t", "v0.3.0") == "tag"
    assert git(tmp_path / "elsewhere", "tag") == "v0.1.0"
    # Not once more.
    assert make(checkout, "0.3.0", dry=False, steps=[]) == 1


def test_what_fails_on_the_way_leaves_no_trace(checkout: Path) -> None:
    def fail(clone: Path) -> None:
        raise RuntimeError("a test")

    with pytest.raises(RuntimeError, match="a test"):
        make(checkout, "0.2.0", dry=False, steps=[fail])
    assert (git(checkout, "tag"), git(checkout, "log", "--format=%s")) == ("v0.1.0", "Begin")


@each("expression, allowed", [
    ("MIT", True), ("BSD-3-Clause", True), ("GPL-3.0-only", False), ("LGPL-3.0-only", False), ("", False),
    ("MIT OR GPL-3.0-only", True), ("Apache-2.0 AND MIT", True), ("MIT AND GPL-2.0-only", False),
    ("(GPL-2.0-only OR MIT) AND Apache-2.0", True), ("(MIT AND GPL-2.0-only) OR AGPL-3.0-only", False),
    ("Proprietary", False),
])  # fmt: skip
def test_licences(expression: str, allowed: bool) -> None:
    assert is_allowed(expression) is allowed


def component(name: str, *licences: dict[str, Any]) -> dict[str, Any]:
    return {"name": name, "version": "1.0", "licenses": list(licences)}


def test_a_licence_that_may_not_come_along_is_told() -> None:
    mit, gpl = {"license": {"id": "MIT"}}, {"license": {"id": "GPL-3.0-only"}}
    components = [
        component("good", mit),
        component("classified", {"license": {"name": "License :: OSI Approved :: BSD License"}}),
        component("long", {"license": {"name": "MIT License\n\nPermission is hereby granted ..."}}, mit),
        component("psycopg", {"license": {"id": "LGPL-3.0-only"}}),
        component("other", {"license": {"id": "LGPL-3.0-only"}}),
        component("both", mit, gpl),
        component(
            "named", mit, {"license": {"name": "License :: OSI Approved :: Mozilla Public License 2.0 (MPL 2.0)"}}
        ),
        component("silent"),
        {**component("resvg_py"), "version": "0.5.0"},
        component("httpx-aiohttp"),
    ]
    page, wrong = table({"components": components}, "1.2.3")
    assert wrong == [
        "both 1.0: MIT, GPL-3.0-only is not allowed",
        "httpx-aiohttp 1.0: names no licence",
        "other 1.0: LGPL-3.0-only is not allowed",
        "silent 1.0: names no licence",
    ]
    assert "| good | 1.0 | MIT |  |" in page
    assert "| named | 1.0 | MIT, MPL-2.0 |  |" in page
    assert table({}, "1.2.3")[1] == ["the SBOM names no package"]


def test_code_of_others_in_the_wheel_is_told(tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "a.whl", "w") as archive:
        archive.writestr("cloudrec/a.js", "// Copyright (c) somebody else")
        archive.writestr("cloudrec/b.py", "x = 1")
        archive.writestr("cloudrec-1.dist-info/licenses/LICENSE", "Copyright (c) us")
    assert foreign(tmp_path / "a.whl") == ["cloudrec/a.js"]


def test_tests_of_before_tell_what_is_new_of_public_names_alone(checkout: Path, tmp_path: Path) -> None:
    callers = script("_release.callers")
    for folder in ("generated", "examples", "openapi", "scripts"):
        (checkout / folder).mkdir()
        (checkout / folder / "kept.py").touch()
    (checkout / "cloudrec" / "__init__.py").write_text(
        "def taken(name: str) -> str: ...\ndef left(name: str) -> str: ...\ndef _own() -> int: ...\n", encoding="utf-8"
    )
    (checkout / "tests").mkdir()
    for name, code in {
        "public": "from cloudrec import left, taken\nleft(1)\ntaken('a')\ntaken(1)\n",
        "private": "from cloudrec._version import __version__\nimport cloudrec\ncloudrec.taken('a')\n",
        "inside": "import cloudrec\ncloudrec._own()\n",
        "other": "import json\njson.loads(1)\n",
    }.items():
        (checkout / "tests" / f"test_{name}.py").write_text(code, encoding="utf-8")
    git(checkout, "add", ".")
    git(checkout, "commit", "--quiet", "--message", "Test")
    git(checkout, "tag", "v0.2.0")
    (checkout / "cloudrec" / "__init__.py").write_text(
        "def taken(name: int) -> str: ...\ndef left(name: str) -> str: ...\n", encoding="utf-8"
    )
    with pytest.raises(callers.Wrong) as caught:
        callers.check_tests(checkout, "v0.2.0", tmp_path / "home")
    heading, *told = str(caught.value).splitlines()
    assert heading == "tests of v0.2.0 do not fit this version:"
    assert [line.partition(" error")[0] for line in told] == ["tests/test_public.py:3:"]
