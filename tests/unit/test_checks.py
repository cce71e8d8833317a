"""`./scripts/test` tells a check that failed from one that could not be run."""

from __future__ import annotations

import contextlib
import importlib
import inspect
import os
import subprocess
import sys
import threading
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from tests.support import ROOT, each


@pytest.fixture
def checks(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Any:
    """The script, with an environment of its own in which nothing is installed yet."""
    monkeypatch.syspath_prepend(ROOT / "scripts")
    script = importlib.import_module("_test")
    monkeypatch.setattr(script, "VENV", tmp_path)
    monkeypatch.setattr(script, "alone", contextlib.nullcontext)
    return script


def put_npm(folder: Path, monkeypatch: pytest.MonkeyPatch, told: str) -> None:
    """An npm that says this and fails."""
    program = folder / "bin" / "npm"
    program.parent.mkdir()
    program.write_text(f"#!/bin/sh\nprintf '%s\\n' '{told}' >&2\nexit 1\n", encoding="utf-8")
    program.chmod(0o755)
    monkeypatch.setenv("PATH", str(program.parent))


@pytest.mark.parametrize("ci", ["", "false", "true", "1"])
@pytest.mark.parametrize("told", ["npm error code EAI_AGAIN", "npm warn old\nnpm ERR! code ECONNREFUSED"])
def test_npm_without_a_network(
    checks: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, told: str, ci: str
) -> None:
    """It is told with its reason; in CI it is a failure."""
    put_npm(tmp_path, monkeypatch, told)
    monkeypatch.setenv("CI", ci)
    status, output, _ = checks.timed(checks.redocly)
    assert status == ("FAILED" if ci in {"true", "1"} else "NOT RUN")
    assert told.rpartition(" ")[2] in output


@pytest.mark.parametrize(
    "told", ["npm error code EINTEGRITY", "npm error code E404", "npm error code ENOTFOUNDATION", ""]
)
def test_npm_that_fails_otherwise(checks: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, told: str) -> None:
    """That is a failure everywhere, and all that npm said is shown."""
    put_npm(tmp_path, monkeypatch, told)
    monkeypatch.delenv("CI", raising=False)
    status, output, _ = checks.timed(checks.redocly)
    assert status == "FAILED"
    assert told in output


@pytest.mark.parametrize(("ci", "came"), [("", "NOT RUN"), ("true", "FAILED")])
def test_the_page_of_the_contract_without_a_network(
    checks: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, ci: str, came: str
) -> None:
    put_npm(tmp_path, monkeypatch, "npm error code EAI_AGAIN")
    monkeypatch.setenv("CI", ci)
    monkeypatch.setattr(checks, "browser", lambda: (True, ""))
    monkeypatch.setattr(checks._docs_scalar, "HOME", tmp_path / "scalar")
    monkeypatch.setattr(checks._docs_scalar, "alone", contextlib.nullcontext)
    status, output, _ = checks.timed(checks.contract_page)
    assert status == came
    assert "EAI_AGAIN" in output


def test_no_npm(checks: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Without Node there is nothing to run the linter with."""
    monkeypatch.setenv("PATH", str(tmp_path))
    status, output, _ = checks.timed(checks.redocly)
    assert (status, output) == ("NOT RUN", "Node with npm is not installed here")


@each(
    ("tests", "check", "code", "told"),
    [(0, "ok", 0, "2 of 2"), (1, "ok", 1, "FAILED: pytest\n1 of 2"), (0, "FAILED", 1, "FAILED: a check\n1 of 2"),
     (0, "NOT RUN", 0, "NOT RUN: a check\n1 of 2")],
)  # fmt: skip
def test_the_checks_go_beside_the_tests(
    checks: Any, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str],
    tests: int, check: str, code: int, told: str,
) -> None:  # fmt: skip
    """Neither waits for the other; in the end all is told, and what failed is what the exit code is of."""
    meet = threading.Barrier(2, timeout=30)

    def a_check() -> tuple[bool, str]:
        meet.wait()
        if check == "NOT RUN":
            raise checks.NotRun("why")
        return check == "ok", "what it said"

    def run(command: list[str], **_: Any) -> Any:
        assert "--numprocesses=4" in command
        meet.wait()
        return SimpleNamespace(returncode=tests)

    monkeypatch.setattr(checks, "CHECKS", {"a check": a_check})
    monkeypatch.setattr(checks.os, "cpu_count", lambda: 2)
    monkeypatch.setattr(checks, "fill", lambda _: None)
    monkeypatch.setattr(checks.subprocess, "run", run)
    assert checks.main([]) == code
    assert f"{told} checks ok in 0 s" in capsys.readouterr().out


def test_what_python_compiled_is_kept(checks: Any, tmp_path: Path) -> None:
    """Beside the sources, or in .venv where they are to be left alone; where somebody says where, there."""
    assert checks.compiled_once({"A": "b", "PYTHONDONTWRITEBYTECODE": ""}) == {"A": "b", "PYTHONDONTWRITEBYTECODE": ""}
    unwanted = {"A": "b", "PYTHONDONTWRITEBYTECODE": "1"}
    assert checks.compiled_once(unwanted) == {"A": "b", "PYTHONPYCACHEPREFIX": str(tmp_path / "pycache")}
    assert checks.compiled_once({**unwanted, "PYTHONPYCACHEPREFIX": "/c"}) == {"A": "b", "PYTHONPYCACHEPREFIX": "/c"}


def test_what_comes_compiled_is_put_there(checks: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Once, and without what nobody imports."""
    home = tmp_path / "lib"
    monkeypatch.setattr(checks.sysconfig, "get_path", lambda _: str(home))
    for folder in ("", "one", "one/two", "test"):
        (home / folder / "__pycache__").mkdir(parents=True)
        (home / folder / "__pycache__" / "it.pyc").write_text(folder, encoding="utf-8")
    for _ in range(2):
        checks.fill(tmp_path / "pycache")
        there = (tmp_path / "pycache").joinpath(*home.parts[1:])
        found = {path.relative_to(there).as_posix(): path.read_text(encoding="utf-8") for path in there.rglob("*.pyc")}
        assert found == {"it.pyc": "", "one/it.pyc": "one", "one/two/it.pyc": "one/two"}
        (home / "later" / "__pycache__").mkdir(parents=True, exist_ok=True)
        (home / "later" / "__pycache__" / "it.pyc").touch()
    assert [path.name for path in tmp_path.iterdir() if path.name.startswith("pycache")] == ["pycache"]


FORKED = """
import os
import signal
from pathlib import Path

import pytest

with Path(os.environ["NOTES"]).open("a", encoding="utf-8") as notes:
    print(os.getpid(), file=notes)


@pytest.mark.parametrize("number", range(3))
def test_it(number):
    if number == 1:
        os.kill(os.getpid(), signal.SIGKILL)
"""


@pytest.mark.skipif(sys.platform != "linux", reason="nothing is forked there")
def test_pytest_forks_what_has_imported_the_tests(tmp_path: Path) -> None:
    """Its processes import no test again, but for one that is started in place of one that has died."""
    notes, file = tmp_path / "notes", tmp_path / "test_it.py"
    file.write_text(FORKED, encoding="utf-8")
    # Without what else is installed for pytest, which takes most of the time.
    plain = {"PYTEST_ADDOPTS": "-pxdist.plugin -pxdist.looponfail", "PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1"}
    code = f"from scripts import _forked; _forked.main(2, {str(file)!r})"
    done = subprocess.run(
        [sys.executable, "-c", code, "--numprocesses=2", file], cwd=ROOT,
        env={**os.environ, **plain, "NOTES": str(notes)}, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 1, done
    assert "1 failed, 2 passed" in done.stdout
    assert len(set(notes.read_text(encoding="utf-8").split())) == 2


def test_what_tests_start_does_without_the_command_of_httpx(checks: Any) -> None:
    environ = checks.started_lightly({**os.environ, "PYTHONPATH": "there"})
    assert environ["PYTHONPATH"].endswith(f"{os.pathsep}there")
    code = "import httpx, sys; httpx.Client; sys.exit('rich' in sys.modules or 'click' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], env=environ, check=False).returncode == 0


def test_a_table_is_walked_to_its_end() -> None:
    """All rows that fail are told of, each with what it is; fixtures and other tables stay arguments."""
    seen = []

    @each("number", range(5))
    def odd(word: str, number: int) -> None:
        seen.append((word, number))
        assert number % 2, "even"
        if number == 3:
            pytest.fail("three")

    assert list(inspect.signature(odd).parameters) == ["word"]
    with pytest.raises(ExceptionGroup, match=r"4 of 5 rows") as info:
        odd(word="a")
    assert seen == [("a", number) for number in range(5)]
    assert [error.__notes__ for error in info.value.exceptions] == [
        [f"with number={number}"] for number in (0, 2, 3, 4)
    ]


def test_tables_that_are_odd() -> None:
    @each("value", [10**5000])
    def fails(value: int) -> None:
        raise LookupError

    with pytest.raises(ExceptionGroup) as info:
        fails()
    assert info.value.exceptions[0].__notes__ == ["with value=a long int"]
    with pytest.raises(AssertionError, match="without rows"):
        each("number", [])
