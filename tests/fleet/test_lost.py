"""Recordings that nothing is at work for: what the engine had written down of them is gone, or at an end of its own."""

from __future__ import annotations

import logging
from typing import Any

import pytest

from cloudrec import MixRecipe
from cloudrec.emulator import Emulator, Fault
from cloudrec.fleet import Fleet
from tests.fleet.support import SECRET, ask, eventually, fleet_of, reaches

LESSON = MixRecipe(storage="lessons", files=["hls", "mp4"])


@pytest.fixture(params=["ended", "gone"])
def lose(request: pytest.FixtureRequest, database: str) -> Any:
    """The engine has it at its end, or has nothing of it."""
    schema = "dbos." if database.startswith("postgresql") else ""
    how = {"ended": "update {} set status = 'SUCCESS'", "gone": "delete from {}"}[request.param]

    def lost(key: str = "lesson-42") -> None:
        table = f"{schema}workflow_status"
        ask(database, f"{how.format(table)} where workflow_uuid like '{key}#%'")

    return lost


async def test_one_that_runs_is_gone_on_with(
    emulator: Emulator, database: str, lose: Any, caplog: pytest.LogCaptureFixture
) -> None:
    """By a worker that asks the service for it; nothing is started once more, and its files are known in the end."""
    caplog.set_level(logging.ERROR, "cloudrec.fleet")
    async with fleet_of(emulator, database) as fleet:
        await fleet.record("lesson-42", LESSON)
        before = await reaches(fleet, "lesson-42", "running")
    lose()
    async with fleet_of(emulator, database) as fleet:
        found = await eventually(lambda: _found(fleet, "running"))
        assert found.handle == before.handle
        assert (await fleet.counts())["losses"] == 1
        await fleet.stop("lesson-42")
        done = await reaches(fleet, "lesson-42", "done")
    assert done.parts[0].result is not None
    assert done.parts[0].result["uploading_status"] == "uploaded"
    assert (len(emulator.recordings), emulator.running) == (1, ())
    assert [call.endpoint for call in emulator.calls].count("start") == 1
    [told] = [record.getMessage() for record in caplog.records if "nothing was at work for it" in record.getMessage()]
    assert told.startswith("fleet: 'lesson-42': ")


async def _found(fleet: Fleet, state: str) -> Any:
    found = await fleet.get("lesson-42")
    return found if found is not None and found.losses and found.state == state else None


@pytest.mark.parametrize("age", [0, 600], ids=["new", "old"])
async def test_its_state_is_not_said_to_be_known(emulator: Emulator, database: str, lose: Any, age: int) -> None:
    """While the service cannot be asked it is lost, with all that its handle has, and has its place."""
    async with fleet_of(emulator, database, most=1) as fleet:
        await fleet.record("lesson-42", LESSON)
        before = await reaches(fleet, "lesson-42", "running")
    lose()
    emulator.channel("lesson-42").join(101)
    emulator.clock.advance(age)
    emulator.fail(["query"], Fault.status(403), times=10**6)
    fleet = fleet_of(emulator, database, most=1)
    await fleet.record("lesson-43", LESSON)
    async with fleet:
        lost = await eventually(lambda: _asked(emulator, fleet))
        assert (lost.handle, lost.place) == (before.handle, None)
        assert lost.handle["sid"] is not None
        counts = await fleet.counts()
        assert (counts["lost"], counts["running"], counts["waiting"]) == (1, 0, 1)
        emulator.heal()
        await reaches(fleet, "lesson-42", "running")
        await fleet.stop("lesson-42")
        await reaches(fleet, "lesson-43", "running")
        await fleet.stop("lesson-43")
        await reaches(fleet, "lesson-43", "done")
    assert len(emulator.recordings) == 2


async def _asked(emulator: Emulator, fleet: Fleet) -> Any:
    asked = [call for call in emulator.calls if call.endpoint == "query" and call.status == 403]
    return await _found(fleet, "lost") if len(asked) > 3 else None


async def test_one_that_is_over_gives_back_its_place(emulator: Emulator, database: str, lose: Any) -> None:
    """It is explained as any other one, and who waits is begun."""
    async with fleet_of(emulator, database, most=1) as fleet:
        await fleet.record("lesson-42", LESSON)
        await reaches(fleet, "lesson-42", "running")
    lose()
    emulator.crash(emulator.running[0].sid)
    emulator.clock.advance(600)
    fleet = fleet_of(emulator, database, most=1)
    await fleet.record("lesson-43", LESSON)
    async with fleet:
        done = await reaches(fleet, "lesson-42", "done")
        assert done.parts[0].causes
        await reaches(fleet, "lesson-43", "running")


@pytest.mark.parametrize("endpoint", ["acquire", "start"])
async def test_one_that_does_not_run_yet_is_begun(emulator: Emulator, database: str, lose: Any, endpoint: str) -> None:
    """Before its resource ID, and with it."""
    emulator.fail(endpoint, Fault.status(500, 2), times=10**6)
    fleet = fleet_of(emulator, database)
    async with fleet:
        await fleet.record("lesson-42", LESSON)
        await eventually(lambda: _told(fleet))
    lose()
    emulator.heal()
    async with fleet_of(emulator, database) as fleet:
        await eventually(lambda: _found(fleet, "running"))
        await fleet.stop("lesson-42")
        await reaches(fleet, "lesson-42", "done")
    assert (len(emulator.recordings), emulator.running) == (1, ())


async def _told(fleet: Fleet) -> bool:
    found = await fleet.get("lesson-42")
    return found is not None and found.problem is not None


async def test_one_whose_start_was_sent(emulator: Emulator, database: str, lose: Any) -> None:
    """Its answer was lost, and then what the engine had: it is looked after until an event tells its sid."""
    emulator.fail("start", Fault.drop(after_effect=True), times=1)
    async with fleet_of(emulator, database) as fleet:
        await fleet.record("lesson-42", LESSON)
        before = await reaches(fleet, "lesson-42", "unknown")
    lose()
    async with fleet_of(emulator, database) as fleet:
        unknown = await eventually(lambda: _found(fleet, "unknown"))
        assert unknown.handle == before.handle
        emulator.webhooks.send_to(fleet.webhooks(SECRET), secret=SECRET)
        emulator.webhooks.send(emulator.running[0].sid, 40, {})
        await reaches(fleet, "lesson-42", "running")
        await fleet.stop("lesson-42")
        await reaches(fleet, "lesson-42", "done")
    assert (len(emulator.recordings), emulator.running) == (1, ())


async def test_one_that_its_own_worker_has_let_go_of(emulator: Emulator, database: str, lose: Any) -> None:
    """That worker lives, so no other one looks after what it holds."""
    async with fleet_of(emulator, database, keep=1e9) as fleet:
        for key in ("lesson-42", "lesson-43"):
            await fleet.record(key, LESSON)
            await reaches(fleet, key, "running")
        assert fleet._worker is not None
        await fleet._worker._engine.leave(0.0)  # what it runs is cut off, which the engine does not know
        lose()
        await eventually(lambda: _found(fleet, "running"))
        for key in ("lesson-42", "lesson-43"):
            await fleet.stop(key)
            await reaches(fleet, key, "done")
    assert (len(emulator.recordings), emulator.running) == (2, ())


async def test_nothing_is_left_of_it(emulator: Emulator, database: str, lose: Any) -> None:
    """What the engine has written down under each of its names is removed with it."""
    async with fleet_of(emulator, database) as fleet:
        await fleet.record("lesson-42", LESSON)
        await reaches(fleet, "lesson-42", "running")
    lose()
    async with fleet_of(emulator, database, keep=0.01) as fleet:
        await eventually(lambda: _found(fleet, "running"))
        await fleet.stop("lesson-42")
        await eventually(lambda: _is_gone(fleet))
        table = "workflow_status" if database.startswith("sqlite") else "dbos.workflow_status"
        assert ask(database, f"select workflow_uuid from {table}") == []


async def _is_gone(fleet: Fleet) -> bool:
    return await fleet.get("lesson-42") is None
