"""The commands with `--fleet`: the recordings of a fleet's database, by their keys."""

from __future__ import annotations

from pathlib import Path

import pytest

from cloudrec.fleet import BlockingFleet
from tests.cli.support import Terminal
from tests.fleet.support import STORAGE, client_of, quicken


def test_a_fleet_is_asked_by_keys(cloudrec: Terminal, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    quicken(monkeypatch.setattr)
    url = f"sqlite:///{tmp_path / 'fleet.db'}"
    monkeypatch.setenv("CLOUDREC_FLEET", url)
    fleet = BlockingFleet(client_of(cloudrec.emulator), url)
    fleet.storage("lessons", STORAGE)
    with fleet:
        done = cloudrec("record", "lesson-42", "--storage", "lessons", "--layout", "grid:4", "--for", "1h")
        assert done.code == 0
        assert done.out.startswith("lesson-42: ")
        changes = fleet.watch()
        while (held := fleet.get("lesson-42")) is None or held.state != "running":
            next(changes)
        changes.close()  # type: ignore[attr-defined]

        [listed] = cloudrec("list").lines
        assert listed.split("\t")[:3] == ["lesson-42", "running", "mix"]
        [found] = cloudrec("status", "lesson-42", "--json").objects
        assert (found["key"], found["state"]) == ("lesson-42", "running")
        assert cloudrec("layout", "lesson-42", "vertical:101").code == 0
        assert cloudrec.emulator.running[0].layout["mixedVideoLayout"] == 2
        assert cloudrec("status", "lesson-24").code == 3

        assert cloudrec("stop", "lesson-42", "--json").objects[0]["stop_asked_at"]
        watched = cloudrec("watch", "lesson-42")
        assert watched.lines[-1].split("\t")[:2] == ["lesson-42", "done"]
    done = cloudrec("files", "lesson-42")
    assert set(done.lines) <= set(cloudrec.emulator.recordings[0].keys)
    assert done.lines
    assert cloudrec("status", "lesson-42").code == 3


def test_an_empty_fleet_says_so(cloudrec: Terminal, tmp_path: Path) -> None:
    done = cloudrec("list", "--fleet", f"sqlite:///{tmp_path / 'fleet.db'}")
    assert (done.code, done.out, done.err) == (0, "", "The fleet has none of these.\n")
