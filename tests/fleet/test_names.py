"""What a fleet gives out, by which names."""

from __future__ import annotations

import pickle
from pathlib import Path
from typing import Any

from cloudrec import MixRecipe, fleet
from cloudrec.emulator import Emulator
from cloudrec.fleet import FleetRecording, Part, State
from cloudrec.handles import RecordingHandle
from tests.fleet.support import ask, fleet_of, reaches


def test_its_modules_are_its_own() -> None:
    """People, editors and checkers of types find its names in one place."""
    assert [path.name for path in Path(str(fleet.__file__)).parent.glob("[!_]*.py")] == []
    theirs = {name: getattr(fleet, name).__module__ for name in fleet.__all__}
    assert set(theirs.values()) == {"cloudrec.fleet", "cloudrec.errors"}


def test_pickles_know_no_module_of_ours() -> None:
    """One that was kept is read by a later version, wherever that has its classes."""
    row = dict.fromkeys(("status", "problem", "begun_at", "running_at", "over_at", "until", "stop_at", "worker"))
    known: dict[str, object] = {
        **row, "key": "lesson-42", "state": "running", "cname": "lesson-42", "mode": "mix",
        "parts": '[{"handle": {"sid": "s"}}]', "asked_at": 0.0, "changed_at": 0.0, "takeovers": 0, "handovers": 0,
        "losses": 0, "run": 1, "version": 1,
    }  # fmt: skip
    for kept in (FleetRecording.from_row(known), Part(RecordingHandle(sid="s")), State.RUNNING):  # type: ignore[typeddict-item]
        written = pickle.dumps(kept)
        assert b"cloudrec.fleet" in written
        assert b"cloudrec.fleet." not in written
        assert pickle.loads(written) == kept


async def test_what_the_engine_has_written_down_is_found_again(emulator: Emulator, new_sqlite: Any) -> None:
    """What an older version began is gone on with by these names, whichever functions have them."""
    database = new_sqlite()
    async with fleet_of(emulator, database) as fleet:
        await fleet.record("lesson-42", MixRecipe(storage="lessons"), until=0.1)
        await reaches(fleet, "lesson-42", "done")
    [workflow] = ask(database, "select name, class_name, queue_name, application_version from workflow_status")
    assert tuple(workflow) == ("recording", None, "cloudrec", "1")
    steps = ask(database, "select function_name from operation_outputs order by function_id")
    assert [name for (name,) in steps] == ["acquire", "start", "hold", "stop", "end"]
