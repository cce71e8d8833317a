"""A short storm, the same in each run; and the judge of it, who must see what went wrong."""

from __future__ import annotations

import runpy
import sys
from types import SimpleNamespace
from typing import Any

import pytest

from scripts import _storm
from tests.support import ROOT


def test_a_short_storm(monkeypatch: pytest.MonkeyPatch) -> None:
    """Two of them, one on each kind of client: nothing is leaked, nothing made twice, and everyone is accounted for."""
    monkeypatch.setattr("cloudrec._http.choice_async.find_spec", lambda name: None)
    for seed, threads in ((1, False), (2, True)):
        blown = _storm.storm(50, 25, seed, 0.2, threads=threads)
        assert blown.verdict == ([], [])
        assert blown.faults.total() > 0.1 * blown.calls
        assert blown.silent > 0
        made = [ask for ask in blown.asks if ask.is_made]
        told = [ask for ask in blown.asks if ask.was_told_that_it_may_run]
        failed = [ask for ask in blown.asks if not ask.is_made and not ask.was_told_that_it_may_run]
        assert len(made) + len(told) + len(failed) == 50
        assert len(made) > 35
        assert told
        assert all(ask.errors for ask in told + failed)
        assert all(ask.was_told_that_it_stopped or ask.errors for ask in made)
        assert "      0  leaked" in list(_storm.report(blown))


def recording(number: int, sid: str, *, running: bool = True) -> Any:
    """What the emulator would say of one."""
    ask = _storm.Ask(number)
    return SimpleNamespace(cname=ask.cname, uid=ask.uid, sid=sid, running=running)


def test_the_judge_sees_what_is_leaked() -> None:
    """Whoever has the sid, or was told, knows of it; unless they were told that it is over."""
    asks = [_storm.Ask(number) for number in range(5)]
    asks[0].sid = "a"
    asks[1].was_told_that_it_may_run = True
    asks[2].errors.append(("start", "NetworkError"))
    asks[3].sid, asks[3].was_told_that_it_stopped = "d", True
    asks[4].sid = "another"
    running = [recording(number, sid) for number, sid in enumerate("abcde")]
    assert _storm.judge(asks, running).leaked == ["c", "d", "e"]
    assert _storm.judge(asks, [recording(9, "z")]).leaked == ["z"]
    assert (
        _storm.judge(asks, [recording(number, sid, running=False) for number, sid in enumerate("abcde")]).leaked == []
    )


def test_the_judge_sees_what_was_made_twice() -> None:
    """Even where the first of the two is over."""
    asks = [_storm.Ask(1)]
    asks[0].sid = "b"
    assert _storm.judge(asks, [recording(1, "a", running=False), recording(1, "b")]).twice == ["lesson-00001 100001"]


def test_the_command(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    """It prints what became of every recording; the exit code is 0 where nothing is lost."""
    monkeypatch.setattr(sys, "argv", ["storm", "--recordings", "5", "--at-once", "5", "--rate", "0"])
    with pytest.raises(SystemExit, match=r"^0$"):
        runpy.run_path(str(ROOT / "scripts" / "_storm.py"), run_name="__main__")
    told = capsys.readouterr()
    assert told.err == ""
    for line in ("5  recordings asked for", "5  stopped, as was asked", "0  leaked", "0  made twice"):
        assert line in told.out
    with pytest.raises(SystemExit, match=r"^2$"):
        _storm.main(["--rate", "2"])
    assert "--rate is from 0 to 1" in capsys.readouterr().err


def test_the_exit_code(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    """A recording that nobody knows of is an exit code of 1."""
    monkeypatch.setattr(_storm, "life", left_alone)
    assert _storm.main(["--recordings", "1", "--at-once", "1", "--rate", "0"]) == 1
    assert "1  leaked  <- must be 0: " in capsys.readouterr().out


def left_alone(client: Any, wait: Any, ask: Any) -> Any:
    """A caller who starts a recording and goes away."""
    acquired = yield lambda: client.mix.acquire(ask.cname, ask.uid)
    yield lambda: client.mix.start(acquired.resource_id, ask.cname, ask.uid, storage_config=_storm.STORAGE)
    ask.errors.append(("start", "NetworkError"))
