"""The story of a recording: all that happened to it, who held it then, and what went wrong."""

from __future__ import annotations

import json
import pickle

import pytest

from cloudrec import MixRecipe
from cloudrec.emulator import Emulator, Fault
from cloudrec.emulator.emulator import DEFAULT_APP_ID
from cloudrec.fleet import FleetRecording, State, _store as store_module
from cloudrec.fleet._store import Store
from tests.fleet.support import fleet_of, reaches

LESSON = MixRecipe(storage="lessons")
ROW = {"key": "lesson-42", "cname": "lesson-42", "mode": "mix", "recipe": "{}", "restart": False}


def told(store: Store) -> list[tuple[str, str, str | None]]:
    row = store.get("lesson-42")
    assert row is not None
    found = FleetRecording.from_row(row)
    assert pickle.loads(pickle.dumps(found)).story == found.story
    assert [change["at"] for change in found.to_dict()["story"]] == [one.at.isoformat() for one in found.story]
    assert sorted(one.at for one in found.story) == [one.at for one in found.story]
    return [(one.what, one.state, one.worker) for one in found.story]


def test_who_held_it(database: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """One worker leaves, the next dies, and in the end what was written down is gone; each is told, and no more."""
    store = Store(database, DEFAULT_APP_ID)
    store.prepare(10)
    store.add(ROW, again=False)
    [run] = store.admit(1, lambda _: frozenset())[0]
    for worker in ("first", "second", "third", "fourth"):
        store.join(worker, [])
    assert store.hold([run], "first") != [None]
    store.change(run, "first", {"state": State.STARTING})
    store.change(run, "first", {"state": State.RUNNING, "status": 5})
    store.let_go("first")
    assert store.hold([run], "second") != [None]
    problem = json.dumps({"error": "NetworkError", "message": "away"})
    for _ in range(3):
        store.change(run, "second", {"problem": problem})
    assert store.hold([run], "third") != [None]
    lost = store.lose(run, json.dumps({"error": "FleetError", "message": "gone"}))
    assert lost is not None
    assert store.hold([lost], "fourth") != [None]
    store.ask_to_stop("lesson-42")
    store.ask_to_stop("lesson-42")
    monkeypatch.setattr(store_module, "LONGEST_STORY", 0)
    store.change(lost, "fourth", {"problem": json.dumps({"message": "what is told no more, of so long a story"})})
    store.change(lost, "fourth", {"state": State.DONE})
    assert told(store) == [
        ("state", "waiting", None),
        ("state", "starting", None),
        ("held", "starting", "first"),
        ("state", "running", "first"),
        ("handed over", "running", "second"),
        ("problem", "running", "second"),
        ("taken over", "running", "third"),
        ("state", "lost", None),
        ("held", "lost", "fourth"),
        ("stop asked", "lost", "fourth"),
        ("state", "done", "fourth"),
    ]
    store.add(ROW, again=True)
    store.ask_to_stop("lesson-42")
    assert told(store) == [("state", "waiting", None), ("stop asked", "done", None)]
    store.close()


async def test_a_recording_tells_of_its_life(emulator: Emulator, database: str) -> None:
    """With what went wrong on the way."""
    emulator.fail("acquire", Fault.status(503), times=5, cname="lesson-42")
    async with fleet_of(emulator, database) as fleet:
        await fleet.record("lesson-42", LESSON, until=0.1)
        done = await reaches(fleet, "lesson-42", "done")
    states = [one.state for one in done.story if one.what == "state"]
    assert states == ["waiting", "starting", "running", "stopping", "done"]
    [problem] = [one.problem for one in done.story if one.what == "problem"]
    assert problem is not None
    assert problem["error"] == "ServiceUnavailableError"
    assert {one.worker for one in done.story} == {None, done.worker}
    assert abs((done.story[0].at - done.asked_at).total_seconds()) < 0.001
