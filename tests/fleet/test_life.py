"""Recordings of a fleet: from being asked for to their files."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from cloudrec import MixRecipe, Named
from cloudrec.emulator import Emulator, Fault
from cloudrec.fleet import FleetError, _catching_up as catching_up, _recorded as recorded
from tests.fleet.support import TOKEN, ask, eventually, fleet_of, reaches

LESSON = MixRecipe(storage="lessons", files=["hls", "mp4"])


async def test_a_recording_lasts_as_long_as_was_said(emulator: Emulator, database: str) -> None:
    """Its end counts from when it runs; in the end there is what came of it."""
    async with fleet_of(emulator, database) as fleet:
        asked = await fleet.record("lesson-42", LESSON, until=timedelta(seconds=0.3))
        assert (asked.key, asked.cname, asked.mode, asked.until) == ("lesson-42", "lesson-42", "mix", None)
        running = await eventually(lambda: _has_an_end(fleet))
        assert running.handle is not None
        [one] = emulator.running
        assert (one.sid, one.uid) == (running.handle["sid"], running.handle["uid"])
        done = await reaches(fleet, "lesson-42", "done")
    assert emulator.running == ()
    [part] = done.parts
    assert part.result is not None
    assert part.result["uploading_status"] == "uploaded"
    assert part.causes == ()
    assert done.problem is None
    assert [call.endpoint for call in emulator.calls].count("start") == 1


async def _has_an_end(fleet: Any) -> Any:
    found = await fleet.get("lesson-42")
    return found if found.state == "running" and found.until is not None else None


async def test_a_recording_lasts_until_a_time(emulator: Emulator, database: str) -> None:
    async with fleet_of(emulator, database) as fleet:
        end = datetime.now(UTC) + timedelta(seconds=1.5)
        assert (await fleet.record("lesson-42", LESSON, until=end)).until == end
        done = await reaches(fleet, "lesson-42", "done")
    assert done.over_at is not None
    assert done.over_at >= end
    assert len(emulator.recordings) == 1


async def test_a_key_is_recorded_once(emulator: Emulator, database: str) -> None:
    """Asked for by many at once, over two fleets; whoever comes second is told how far it has come."""
    other = fleet_of(emulator, database)
    async with fleet_of(emulator, database) as fleet:
        asked = await asyncio.gather(*(one.record("lesson-42", LESSON) for one in (fleet, other, fleet, other, other)))
        assert {(one.key, one.run) for one in asked} == {("lesson-42", 1)}
        running = await reaches(fleet, "lesson-42", "running")
        second = await other.record("lesson-42", mode="raw", storage="lessons")
        assert (second.state, second.mode, second.handle) == ("running", "mix", running.handle)
        await other.stop("lesson-42")
        await reaches(other, "lesson-42", "done")
        assert (await fleet.record("lesson-42", LESSON)).state == "done"
    await other.aclose()
    assert len(emulator.recordings) == 1


async def test_what_is_over_is_recorded_again_when_asked(emulator: Emulator, database: str) -> None:
    async with fleet_of(emulator, database) as fleet:
        await fleet.record("lesson-42", LESSON)
        first = await reaches(fleet, "lesson-42", "running")
        # It is not over: nothing happens.
        assert (await fleet.record("lesson-42", LESSON, again=True)).run == 1
        await fleet.stop("lesson-42")
        await reaches(fleet, "lesson-42", "done")
        assert (await fleet.record("lesson-42", LESSON, again=True)).run == 2
        second = await reaches(fleet, "lesson-42", "running")
        await fleet.stop("lesson-42")
        done = await reaches(fleet, "lesson-42", "done")
    assert first.handle is not None
    assert second.handle is not None
    assert first.handle["uid"] != second.handle["uid"]
    assert (len(done.parts), len(emulator.recordings), emulator.running) == (1, 2, ())


async def test_a_recording_is_stopped_where_it_waits(emulator: Emulator, database: str) -> None:
    """Nobody works yet: it is over at once, and never begun."""
    asking = fleet_of(emulator, database)
    await asking.record("lesson-42", LESSON)
    stopped = await asking.stop("lesson-42")
    assert stopped.state == "done"
    assert stopped.problem is not None
    assert stopped.stop_asked_at == stopped.over_at
    assert (await asking.stop("lesson-42")).version == stopped.version
    with pytest.raises(FleetError, match=r"lesson-43.*no recording has this key"):
        await asking.stop("lesson-43")
    async with asking:
        await asking.record("lesson-44", LESSON, until=0.1)
        await reaches(asking, "lesson-44", "done")
    assert [one.cname for one in emulator.recordings] == ["lesson-44"]


async def test_there_is_a_line(emulator: Emulator, database: str) -> None:
    """As many as may run at once do; the others wait in the order in which they came, and see their place."""
    async with fleet_of(emulator, database, most=2) as fleet:
        for number in range(5):
            await fleet.record(f"lesson-{number}", LESSON)
        for number in range(2):
            await reaches(fleet, f"lesson-{number}", "running")
        places = [one.place for number in range(5) if (one := await fleet.get(f"lesson-{number}"))]
        assert places == [None, None, 1, 2, 3]
        assert len(emulator.running) == 2
        counts = await fleet.counts()
        assert (counts["running"], counts["waiting"], counts["workers"]) == (2, 3, 1)
        await fleet.stop("lesson-3")
        await fleet.stop("lesson-0")
        await reaches(fleet, "lesson-2", "running")
        assert [one.key for one in await fleet.list(state="waiting")] == ["lesson-4"]
        here = await fleet.list(state=["running", "waiting"], mode="mix", most=2)
        assert [one.key for one in here] == ["lesson-1", "lesson-2"]
        assert await fleet.list(mode="web") == []
        assert await fleet.list(older_than=3600) == []
        for key in ("lesson-1", "lesson-2", "lesson-4"):
            await fleet.stop(key)
        await eventually(lambda: _all_over(fleet))
    # The last one was asked to stop before it was begun, or soon after.
    made = {one.cname for one in emulator.recordings} - {"lesson-4"}
    assert made == {"lesson-0", "lesson-1", "lesson-2"}


async def _all_over(fleet: Any) -> bool:
    counts = await fleet.counts()
    return bool(counts["done"] + counts["failed"] == 5)


async def test_what_ends_by_itself_is_explained(emulator: Emulator, database: str) -> None:
    async with fleet_of(emulator, database) as fleet:
        channel = emulator.channel("lesson-42")
        channel.join(101)
        await fleet.record("lesson-42", LESSON)
        await reaches(fleet, "lesson-42", "running")
        channel.leave(101)
        emulator.clock.advance(400)
        done = await reaches(fleet, "lesson-42", "done")
    [part] = done.parts
    assert "maxIdleTime" in part.causes[0]


async def test_what_ends_by_itself_is_recorded_anew(emulator: Emulator, database: str) -> None:
    """With another uid, and the parts are listed together."""
    async with fleet_of(emulator, database) as fleet:
        await fleet.record("lesson-42", LESSON, restart=True)
        for number in range(3):
            await eventually(lambda number=number: _runs(fleet, number + 1))  # type: ignore[misc]
            if number < 2:
                [running] = emulator.running
                emulator.crash(running.sid)
        await fleet.stop("lesson-42")
        done = await reaches(fleet, "lesson-42", "done")
    assert [bool(part.causes) for part in done.parts] == [True, True, False]
    sids = [part.handle["sid"] for part in done.parts]
    assert sids == [one.sid for one in emulator.recordings]
    assert len({part.handle["uid"] for part in done.parts}) == 3
    assert emulator.running == ()


async def _runs(fleet: Any, parts: int) -> bool:
    found = await fleet.get("lesson-42")
    return bool(found.state == "running" and len(found.parts) == parts)


async def test_a_start_that_is_refused_is_told(emulator: Emulator, database: str) -> None:
    emulator.fail("start", Fault.status(400, 2))
    async with fleet_of(emulator, database) as fleet:
        await fleet.record("lesson-42", LESSON)
        failed = await reaches(fleet, "lesson-42", "failed")
    assert failed.problem is not None
    assert failed.problem["error"] == "BadRequestError"
    assert failed.over_at is not None


async def test_a_start_that_fails_for_a_while_is_tried_again(emulator: Emulator, database: str) -> None:
    emulator.fail(["acquire", "start"], Fault.status(503), times=12)
    async with fleet_of(emulator, database) as fleet:
        await fleet.record("lesson-42", LESSON, until=0.1)
        await reaches(fleet, "lesson-42", "done")
    assert len(emulator.recordings) == 1


async def test_a_recording_goes_on_with_the_next_worker(emulator: Emulator, database: str) -> None:
    """Whoever leaves stops nothing. It was begun by what an older version of the code may have written down."""
    async with fleet_of(emulator, database) as fleet:
        await fleet.record("lesson-42", LESSON)
        await fleet.record("lesson-43", LESSON)
        await reaches(fleet, "lesson-42", "running")
        await reaches(fleet, "lesson-43", "running")
        first = (await fleet.get("lesson-42")).worker  # type: ignore[union-attr]
    assert len(emulator.running) == 2
    # One is stopped while nobody works.
    fleet = fleet_of(emulator, database)
    await fleet.stop("lesson-43")
    async with fleet:
        await reaches(fleet, "lesson-43", "done")
        held = await eventually(lambda: _held_by_another(fleet, first))
        assert (held.state, held.takeovers, held.handovers) == ("running", 0, 1)
        await fleet.stop("lesson-42")
        await reaches(fleet, "lesson-42", "done")
    assert len(emulator.recordings) == 2
    assert [call.endpoint for call in emulator.calls].count("start") == 2


async def _held_by_another(fleet: Any, worker: str | None) -> Any:
    found = await fleet.get("lesson-42")
    return found if found.worker not in (None, worker) else None


async def test_what_is_taken_over_is_asked_about_as_often(
    emulator: Emulator, database: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It is not known when the worker before has asked: somewhere within the interval, and not a whole one later."""
    monkeypatch.setattr(recorded, "WATCH_INTERVAL", 3600.0)
    monkeypatch.setattr(recorded, "random", lambda: 0.0)
    async with fleet_of(emulator, database) as fleet:
        await fleet.record("lesson-42", LESSON)
        await reaches(fleet, "lesson-42", "running")

    def queries() -> int:
        return sum(call.endpoint == "query" for call in emulator.calls)

    before = queries()

    async def is_asked() -> bool:
        return queries() > before

    async with fleet_of(emulator, database):
        await eventually(is_asked)


async def test_many_that_are_taken_over_come_to_where_they_were(
    emulator: Emulator, database: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """One after the other, none later for those before it that run on; what is known of each stays known."""
    monkeypatch.setattr(catching_up, "CATCH_UP", 1)
    monkeypatch.setattr(recorded, "WATCH_INTERVAL", 3600.0)
    keys = [f"lesson-{number}" for number in range(4)]
    async with fleet_of(emulator, database) as fleet:
        for key in keys:
            await fleet.record(key, LESSON)
        known = {key: (await reaches(fleet, key, "running")).status for key in keys}
    assert None not in known.values()
    async with fleet_of(emulator, database) as fleet:
        for key in reversed(keys):
            await fleet.stop(key)
        # Nobody has asked again what their status is.
        assert {key: (await reaches(fleet, key, "done")).status for key in keys} == known
    assert (len(emulator.recordings), emulator.running) == (4, ())


async def test_what_is_over_is_kept_for_a_while(emulator: Emulator, database: str) -> None:
    """Then it is removed: what is known of it, its events, and what the engine wrote down."""
    async with fleet_of(emulator, database, keep=0.3) as fleet:
        emulator.webhooks.send_to(fleet.webhooks("s"), secret="s")
        await fleet.record("lesson-42", LESSON, until=0.1)
        await fleet.record("lesson-43", LESSON)
        await reaches(fleet, "lesson-43", "running")
        await eventually(lambda: _is_gone(fleet, "lesson-42"))
        table = "workflow_status" if database.startswith("sqlite") else "dbos.workflow_status"
        await eventually(lambda: _is(ask(database, f"select workflow_uuid from {table}"), [("lesson-43#1",)]))
        assert {row[0] for row in ask(database, "select key from cloudrec_inbox")} <= {"lesson-43"}
        await fleet.stop("lesson-43")
        await reaches(fleet, "lesson-43", "done")


async def _is_gone(fleet: Any, key: str) -> bool:
    return await fleet.get(key) is None


async def _is(found: list[Any], wanted: list[Any]) -> bool:
    return [tuple(row) for row in found] == wanted


async def test_credentials_are_renewed_by_who_takes_over(emulator: Emulator, database: str) -> None:
    """Of what another worker started it is not known how old they are."""
    given: list[int] = []

    async def storage() -> dict[str, Any]:
        given.append(1)
        return {
            "vendor": 1, "region": 7, "bucket": "lessons", "accessKey": f"A{len(given)}", "secretKey": "S",
            "stsToken": "T", "stsExpiration": int(emulator.clock.seconds()) + 3600,
        }  # fmt: skip

    async with fleet_of(emulator, database, storage) as fleet:
        await fleet.record("lesson-42", LESSON)
        await reaches(fleet, "lesson-42", "running")
    async with fleet_of(emulator, database, storage) as fleet:
        await eventually(lambda: _renewed(emulator))
        await fleet.stop("lesson-42")
        await reaches(fleet, "lesson-42", "done")
    [one] = emulator.recordings
    assert one.storage["accessKey"] == f"A{len(given)}" != "A1"


async def _renewed(emulator: Emulator) -> bool:
    return bool(emulator.recordings[0].storage_renewals)


async def test_names_that_another_worker_has(emulator: Emulator, database: str) -> None:
    """A recording waits for a worker that has what its names stand for."""
    recipe = MixRecipe(storage="lessons", token=Named("tokens"))
    async with fleet_of(emulator, database) as fleet:
        await fleet.record("other", LESSON, until=0.05)
        await reaches(fleet, "other", "done")
    able = fleet_of(emulator, database)
    able.secret("tokens", TOKEN)
    await able.record("lesson-42", recipe)
    unable = fleet_of(emulator, database)
    async with unable:
        told = await eventually(lambda: _told(unable))
        assert "tokens" in told.problem["message"]
    assert emulator.running == ()
    async with able:
        await reaches(able, "lesson-42", "running")
        await able.stop("lesson-42")
        await reaches(able, "lesson-42", "done")


async def _told(fleet: Any) -> Any:
    found = await fleet.get("lesson-42")
    return found if found.problem is not None else None
