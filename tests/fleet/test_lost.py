"""Recordings that nothing is at work for: what the engine had written down of them is gone, or at an end of its own."""

from __future__ import annotations

import logging
from collections import Counter
from collections.abc import Callable
from typing import Any

import pytest

from cloudrec import MixRecipe
from cloudrec.emulator import Emulator, Fault
from cloudrec.fleet import Fleet, FleetRecording
from tests.fleet.support import SECRET, ask, eventually, fleet_of, reaches

LESSON = MixRecipe(storage="lessons", files=["hls", "mp4"])


# What became of what the engine had of a recording: it has it at its end, or has nothing of it. Named by that.
BOTH = ("ended", "gone")


@pytest.fixture
def lose(database: str) -> Callable[[], None]:
    """Has both recordings lost."""
    schema = "dbos." if database.startswith("postgresql") else ""
    hows = ("update {} set status = 'SUCCESS'", "delete from {}")

    def lost() -> None:
        for key, how in zip(BOTH, hows, strict=True):
            ask(database, f"{how.format(f'{schema}workflow_status')} where workflow_uuid like '{key}#%'")

    return lost


async def _recorded(fleet: Fleet, *states: str) -> list[FleetRecording]:
    """Both, when they are in one of these states."""
    for key in BOTH:
        await fleet.record(key, LESSON)
    return [await reaches(fleet, key, *states) for key in BOTH]


async def _both(fleet: Fleet, state: str) -> list[FleetRecording]:
    """Both, when they were found to be lost and are in this state."""
    return [await eventually(lambda key=key: _found(fleet, key, state)) for key in BOTH]  # type: ignore[misc]


async def _found(fleet: Fleet, key: str, state: str) -> Any:
    found = await fleet.get(key)
    return found if found is not None and found.losses and found.state == state else None


async def _done(fleet: Fleet) -> list[FleetRecording]:
    """Both, when they were stopped."""
    for key in BOTH:
        await fleet.stop(key)
    return [await reaches(fleet, key, "done") for key in BOTH]


async def test_those_that_run_are_gone_on_with(
    emulator: Emulator, database: str, lose: Any, caplog: pytest.LogCaptureFixture
) -> None:
    """By a worker that asks the service for them; nothing is started once more, and their files are known."""
    caplog.set_level(logging.ERROR, "cloudrec.fleet")
    async with fleet_of(emulator, database) as fleet:
        before = await _recorded(fleet, "running")
    lose()
    async with fleet_of(emulator, database) as fleet:
        found = await _both(fleet, "running")
        assert [one.handle for one in found] == [one.handle for one in before]
        assert [one.losses for one in found] == [1, 1]
        assert (await fleet.counts())["losses"] == 2
        for done in await _done(fleet):
            assert done.parts[0].result is not None
            assert done.parts[0].result["uploading_status"] == "uploaded"
    assert (len(emulator.recordings), emulator.running) == (2, ())
    assert [call.endpoint for call in emulator.calls].count("start") == 2
    told = [record.getMessage() for record in caplog.records if "nothing was at work for it" in record.getMessage()]
    assert sorted(line.split(": it was begun")[0] for line in told) == ["fleet: 'ended'", "fleet: 'gone'"]


@pytest.mark.parametrize("age", [0, 600], ids=["new", "old"])
async def test_their_state_is_not_said_to_be_known(emulator: Emulator, database: str, lose: Any, age: int) -> None:
    """While the service cannot be asked they are lost, with all that their handles have, and have their places."""
    async with fleet_of(emulator, database, most=2) as fleet:
        before = await _recorded(fleet, "running")
    lose()
    for key in BOTH:
        emulator.channel(key).join(101)
    emulator.clock.advance(age)
    emulator.fail(["query"], Fault.status(403), times=10**6)
    fleet = fleet_of(emulator, database, most=2)
    await fleet.record("waits", LESSON)
    async with fleet:
        await eventually(lambda: _asked(emulator))
        lost = await _both(fleet, "lost")
        assert [(one.handle, one.place) for one in lost] == [(one.handle, None) for one in before]
        assert None not in [one.handle["sid"] for one in before if one.handle is not None]
        counts = await fleet.counts()
        assert (counts["lost"], counts["running"], counts["waiting"]) == (2, 0, 1)
        emulator.heal()
        for key in BOTH:
            await reaches(fleet, key, "running")
        await fleet.stop("ended")
        await reaches(fleet, "waits", "running")
        await fleet.stop("waits")
        await reaches(fleet, "waits", "done")
    assert len(emulator.recordings) == 3


async def _asked(emulator: Emulator) -> bool:
    """Each was asked about more than once, as the first answer could have been of a moment."""
    asked = Counter(call.cname for call in emulator.calls if call.endpoint == "query" and call.status == 403)
    return all(asked[key] > 3 for key in BOTH)


async def test_those_that_are_over_give_back_their_places(emulator: Emulator, database: str, lose: Any) -> None:
    """They are explained as any other ones, and who waits is begun."""
    async with fleet_of(emulator, database, most=2) as fleet:
        await _recorded(fleet, "running")
    lose()
    for one in emulator.running:
        emulator.crash(one.sid)
    emulator.clock.advance(600)
    fleet = fleet_of(emulator, database, most=2)
    waiting = ("first", "second")
    for key in waiting:
        await fleet.record(key, LESSON)
    async with fleet:
        for key in BOTH:
            assert (await reaches(fleet, key, "done")).parts[0].causes
        for key in waiting:
            await reaches(fleet, key, "running")


@pytest.mark.parametrize("endpoint", ["acquire", "start"])
async def test_those_that_do_not_run_yet_are_begun(emulator: Emulator, database: str, lose: Any, endpoint: str) -> None:
    """Before their resource IDs, and with them."""
    emulator.fail(endpoint, Fault.status(500, 2), times=10**6)
    async with fleet_of(emulator, database) as fleet:
        for key in BOTH:
            await fleet.record(key, LESSON)
        for key in BOTH:
            await eventually(lambda key=key: _told(fleet, key))  # type: ignore[misc]
    lose()
    emulator.heal()
    async with fleet_of(emulator, database) as fleet:
        await _both(fleet, "running")
        await _done(fleet)
    assert (len(emulator.recordings), emulator.running) == (2, ())


async def _told(fleet: Fleet, key: str) -> bool:
    found = await fleet.get(key)
    return found is not None and found.problem is not None


async def test_those_whose_start_was_sent(emulator: Emulator, database: str, lose: Any) -> None:
    """Its answer was lost, and then what the engine had: they are looked after until an event tells their sid."""
    for key in BOTH:
        emulator.fail("start", Fault.drop(after_effect=True), times=1, cname=key)
    async with fleet_of(emulator, database) as fleet:
        before = await _recorded(fleet, "unknown")
    lose()
    async with fleet_of(emulator, database) as fleet:
        unknown = await _both(fleet, "unknown")
        assert [one.handle for one in unknown] == [one.handle for one in before]
        emulator.webhooks.send_to(fleet.webhooks(SECRET), secret=SECRET)
        for recording in emulator.running:
            emulator.webhooks.send(recording.sid, 40, {})
        for key in BOTH:
            await reaches(fleet, key, "running")
        await _done(fleet)
    assert (len(emulator.recordings), emulator.running) == (2, ())


async def test_those_that_their_own_worker_has_let_go_of(emulator: Emulator, database: str, lose: Any) -> None:
    """That worker lives, so no other one looks after what it holds."""
    async with fleet_of(emulator, database, keep=1e9) as fleet:
        await _recorded(fleet, "running")
        # One that the engine still has is gone on with, too.
        await fleet.record("kept", LESSON)
        await reaches(fleet, "kept", "running")
        assert fleet._worker is not None
        await fleet._worker._engine.leave(0.0)  # what it runs is cut off, which the engine does not know
        lose()
        await _both(fleet, "running")
        await fleet.stop("kept")
        await reaches(fleet, "kept", "done")
        await _done(fleet)
    assert (len(emulator.recordings), emulator.running) == (3, ())


async def test_nothing_is_left_of_them(emulator: Emulator, database: str, lose: Any) -> None:
    """What the engine has written down under each of their names is removed with them."""
    async with fleet_of(emulator, database) as fleet:
        await _recorded(fleet, "running")
    lose()
    async with fleet_of(emulator, database, keep=0.01) as fleet:
        await _both(fleet, "running")
        for key in BOTH:
            await fleet.stop(key)
        for key in BOTH:
            await eventually(lambda key=key: _is_gone(fleet, key))  # type: ignore[misc]
        table = "workflow_status" if database.startswith("sqlite") else "dbos.workflow_status"
        assert ask(database, f"select workflow_uuid from {table}") == []


async def _is_gone(fleet: Fleet, key: str) -> bool:
    return await fleet.get(key) is None
