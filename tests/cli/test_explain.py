"""The commands `cloudrec explain` and `cloudrec rules`."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from cloudrec._call.explain import explain
from cloudrec.cli import main

SCRIPT = Path(sys.executable).with_name("cloudrec")


@pytest.fixture(autouse=True)
def width(monkeypatch: pytest.MonkeyPatch) -> None:
    """A terminal of the usual width."""
    monkeypatch.setenv("COLUMNS", "80")


@pytest.mark.parametrize("command", [[str(SCRIPT)], [sys.executable, "-m", "cloudrec"]])
@pytest.mark.parametrize(("failure", "code"), [("432", 0), ("77", 1)])
def test_as_a_process(command: list[str], failure: str, code: int) -> None:
    """The exit code says whether it is known; what is said is what the function says."""
    done = subprocess.run(
        [*command, "explain", failure],
        capture_output=True, encoding="utf-8", timeout=60, check=False, env={**os.environ, "COLUMNS": "80"},
    )  # fmt: skip
    assert (done.returncode, done.stdout, done.stderr) == (code, f"{explain(int(failure))}\n", "")


@pytest.mark.parametrize(
    ("arguments", "titles"),
    [
        (["432"], ["any call, HTTP 400, code 432"]),
        (["--endpoint", "stop", "49"], ["stop, HTTP 400, code 49: invalid operation"]),
        (["request_hash mismatch!"], ["start, HTTP 400, code 2: request_hash mismatch!"]),
        (["request_hash", "mismatch!"], ["start, HTTP 400, code 2: request_hash mismatch!"]),
        (["62", "--status", "504"], ["any call, HTTP 504, code 62: request timeout"]),
        (["--status", "201"], ["start, HTTP 201, code 7: already started"]),
        (['{"code": 53, "reason": "task conflict"}'], ["start, HTTP 400, code 53: task conflict"]),
        (['{"message": "Unauthorized"}'], ["any call, HTTP 401: Unauthorized"]),
        (['{"code": "433"}'], ["any call, HTTP 400, code 433"]),
        (
            ["start: services not selected! (HTTP 400, code 2, request r-9). Acquire with the scene of the mode"],
            ["start, HTTP 400, code 2: services not selected!"],
        ),
        (["stop: no recorded data (HTTP 206, code 435)"], ["stop, HTTP 206, code 435: no recorded data"]),
    ],
    ids=str,
)
def test_what_people_have_read(arguments: list[str], titles: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    """A code, words, the JSON of an answer, or a line of a log."""
    assert main(["explain", *arguments]) == 0
    told = capsys.readouterr().out
    assert [line for line in told.splitlines() if "HTTP" in line and not line.startswith(" ")] == titles


@pytest.mark.parametrize("failure", ["77", "who knows", '{"code": 12345, "reason": "new"}', "{", "[]", "²", "9" * 5000])
def test_unknown(failure: str, capsys: pytest.CaptureFixture[str]) -> None:
    """What is not known is said to be so, and the exit code says it too."""
    assert main(["explain", failure]) == 1
    told = capsys.readouterr()
    assert "not in the catalogue" in told.out
    assert told.err == ""


@pytest.mark.parametrize("arguments", [[], [""], ["--endpoint", "nope", "2"]])
def test_nothing_to_explain(arguments: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    """Arguments that make no sense are told of in one line."""
    assert main(["explain", *arguments]) == 2
    told = capsys.readouterr()
    assert told.out == ""
    assert told.err.startswith("cloudrec explain: ")
    assert len(told.err.splitlines()) == 1


@pytest.mark.parametrize("columns", ["30", "60", "1000"])
@pytest.mark.parametrize("arguments", [["explain", "404"], ["rules", "storageConfig"]])
def test_lines_fit(
    columns: str, arguments: list[str], monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Lines are wrapped to the terminal, and never longer than one can read."""
    monkeypatch.setenv("COLUMNS", columns)
    assert main(arguments) == 0
    longest = max(map(len, capsys.readouterr().out.splitlines()))
    # A name of many letters may stand out of a narrow terminal.
    assert longest <= max(int(columns), 75) if columns != "1000" else longest <= 120


def test_rules(capsys: pytest.CaptureFixture[str]) -> None:
    """Rules are listed by field, with their names."""
    assert main(["rules", "s3-region"]) == 0
    assert capsys.readouterr().out == (
        "storageConfig (start, update)\n  s3-region  region of vendor 1 (Amazon S3) is one of 0–16, 18–22, 24–25\n"
    )
    assert main(["rules", "avFileType", "individual"]) == 0
    assert "must have at most 1 entry" in capsys.readouterr().out


def test_all_rules(capsys: pytest.CaptureFixture[str]) -> None:
    """Without words all of them."""
    assert main(["rules"]) == 0
    told = capsys.readouterr().out
    assert "mp4-needs-hls" in told
    assert "the request (stop)" in told


def test_no_rule(capsys: pytest.CaptureFixture[str]) -> None:
    """None found is said, and is an exit code."""
    assert main(["rules", "no", "such"]) == 1
    told = capsys.readouterr()
    assert (told.out, told.err) == ("", "cloudrec rules: no rule holds all of: no such\n")
