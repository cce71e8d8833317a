"""Alterations of the contract: each is one, and what is not noticed is told."""

from __future__ import annotations

import json
from collections import Counter
from pathlib import Path

import pytest

from scripts._following import mutate
from scripts._following.document import CONTRACT, read
from scripts._following.mutants import mutants
from scripts._following.mutate import Outcome, Right, is_right, report, right

DOCUMENT = read(CONTRACT)
ALL = list(mutants(DOCUMENT))


def test_every_kind_of_mistake() -> None:
    """Fields, values, what is required, ranges, names, types, failures, secrets, rules, and how answers are read."""
    kinds = Counter(one.kind for one in ALL)
    assert set(kinds) >= {
        "drop-field", "drop-value", "change-value", "drop-required", "require", "move", "drop-bound", "rename",
        "loosen-type",
        "drop-failure", "change-failure", "drop-status", "drop-secret", "drop-rule", "drop-form", "drop-default",
        "change-default", "drop-reading", "turn", "drop-operation", "drop-parameter", "drop-webhook", "drop-mode",
    }  # fmt: skip
    names = [one.name for one in ALL]
    assert len(names) == len(set(names)) > 2000
    for wanted in (
        "move AcquireClientRequest.resourceExpiredHour maximum +1", "rename IndividualRecordingConfig.maxIdleTime",
        "drop-secret StorageConfig.secretKey", "drop-value RecordingStatus 20", "drop-failure start 500 requestTimeout",
        "drop-required StorageConfig bucket", "loosen-type Sid", "drop-rule StorageConfig s3-region",
    ):  # fmt: skip
        assert wanted in names


def test_each_alters_one_place() -> None:
    """A mutant is another document, and the original stays what it was."""
    original = json.dumps(DOCUMENT)
    for mutant in ALL[::97]:
        made = mutant.of(DOCUMENT)
        assert json.dumps(made) != original, mutant.name
        assert made["info"] is DOCUMENT["info"]
    assert json.dumps(DOCUMENT) == original


def outcome(name: str, by: str | None) -> Outcome:
    """What became of one."""
    return Outcome(name, by, 0.1)


@pytest.fixture
def named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A file that names some that need not be noticed."""
    file = tmp_path / "unnoticed.yaml"
    file.write_text("- {mutant: 'drop-default *', why: nobody reads it}\n", encoding="utf-8")
    monkeypatch.setattr(mutate, "right", lambda: right(file))


@pytest.mark.parametrize(
    ("unnoticed", "count", "code", "told"),
    [
        ([], 100, 0, "100 mutants in 9 s: 100 noticed, 100.00%"),
        (["drop-default A", "drop-default B"], 100, 0, "98 noticed, 98.00%"),
        (["drop-default A", "drop-default B", "drop-default C"], 100, 1, "At least 98% are to be noticed."),
        (["drop-field A.b"], 100, 1, "\n  drop-field A.b"),
    ],
)
@pytest.mark.usefixtures("named")
def test_report(unnoticed: list[str], count: int, code: int, told: str, capsys: pytest.CaptureFixture[str]) -> None:
    """Enough of them are noticed, and the others are named; else the exit code is 1."""
    outcomes = [outcome(name, None) for name in unnoticed]
    outcomes += [outcome(f"move {number}", "tests/a.py::test") for number in range(count - len(unnoticed))]
    assert report(outcomes, Counter(), 9.1) == code
    assert told in capsys.readouterr().out


@pytest.mark.usefixtures("named")
def test_what_is_named_and_noticed(capsys: pytest.CaptureFixture[str]) -> None:
    """A name that stands for nothing any more is told, with exit code 1; not one whose mutants were not looked at."""
    noticed = [outcome(f"move {number}", "tests/a.py::test") for number in range(99)]
    assert report([*noticed, outcome("drop-default A", "tests/a.py::test")], Counter(), 9.1) == 1
    assert "Noticed, and still named in tests/following/unnoticed.yaml:\n  drop-default *" in capsys.readouterr().out
    assert report([*noticed, outcome("drop-default A", None)], Counter(), 9.1) == 0
    assert report([*noticed, outcome("drop-default A", "tests/a.py::test")], Counter(), 9.1, is_whole=False) == 0
    both = [outcome("drop-default A", None), outcome("drop-default B", "tests/a.py::test")]
    assert report([*noticed, *both], Counter(), 9.1) == 0


def test_what_need_not_be_noticed() -> None:
    """Each is named with a reason, and is a mutant that there is."""
    names = [one.name for one in ALL]
    for one in right():
        assert len(one.why) > 20
        assert any(is_right(name, [one]) for name in names), one.pattern
    assert is_right("drop-rule A [b]", [Right("drop-rule * [b]", "")])
    assert not is_right("drop-rule A b", [Right("drop-rule", "")])


def test_some_of_them(capfd: pytest.CaptureFixture[str]) -> None:
    """As a person runs it: a copy, an alteration, and the test that notices it."""
    assert mutate.main(["move AcquireClientRequest.resourceExpiredHour maximum", "--jobs", "1", "--each"]) == 0
    told = capfd.readouterr().out
    assert told.count("resourceExpiredHour maximum") == 2
    assert told.count("tests/contract/test_consistency.py::test_bounds_stand_in_words") == 2
    assert "2 mutants" in told


def test_the_same_seed_draws_the_same(capsys: pytest.CaptureFixture[str]) -> None:
    """A sample can be drawn again."""
    drawn = []
    for seed in ("1", "1", "2"):
        assert mutate.main(["--list", "--sample", "5", "--seed", seed]) == 0
        drawn.append(capsys.readouterr().out.splitlines())
    assert drawn[0] == drawn[1] != drawn[2]
    assert len(drawn[0]) == 5
