"""Webhooks: by any process, twice, late, in disorder, and before a start was answered."""

from __future__ import annotations

from typing import Any

import pytest

from cloudrec import MixRecipe
from cloudrec.emulator import Emulator, Fault
from cloudrec.errors import ConfigurationError
from cloudrec.fleet import _recorded as recorded
from cloudrec.webhooks import Event
from tests.fleet.support import SECRET, ask, eventually, fleet_of, reaches

LESSON = MixRecipe(storage="lessons", files=["hls", "mp4"])
LOST_ANSWER = Fault.drop(after_effect=True)


async def test_an_event_comes_to_whoever_is_no_worker(
    emulator: Emulator, database: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The end is known by it alone: nobody asks. Twice and in disorder, it is kept once."""
    monkeypatch.setattr(recorded, "WATCH_INTERVAL", 3600.0)
    monkeypatch.setattr(recorded, "ASK_IN_CASE", 3600.0)
    listening = fleet_of(emulator, database)
    emulator.webhooks.send_to(listening.webhooks(SECRET), secret=SECRET, duplicates=1.0, disorder=0.5)
    # What crashed is told of as crashed, and never as uploaded.
    async with fleet_of(emulator, database, upload_within=0.5) as fleet:
        await fleet.record("lesson-42", LESSON)
        running = await reaches(fleet, "lesson-42", "running")
        assert running.handle is not None
        emulator.crash(running.handle["sid"])
        emulator.clock.advance(60)
        done = await reaches(fleet, "lesson-42", "done")
    await listening.aclose()
    assert done.parts[0].causes
    notices = [row.notice for row in ask(database, "select notice from cloudrec_inbox")]
    assert len(notices) == len(set(notices)) > 3


async def test_files_are_waited_for(emulator: Emulator, database: str) -> None:
    """Where webhooks tell of them: event 31 comes after the stop was answered."""
    with Emulator(stranded=True) as other:
        async with fleet_of(other, database) as fleet:
            other.webhooks.send_to(fleet.webhooks(SECRET), secret=SECRET)
            await fleet.record("lesson-42", LESSON)
            await reaches(fleet, "lesson-42", "running")
            await eventually(lambda: _has_events(database))
            await fleet.stop("lesson-42")
            await reaches(fleet, "lesson-42", "uploading", "done")
            other.clock.advance(3600)
            done = await reaches(fleet, "lesson-42", "done")
    assert done.parts[0].result is not None
    assert done.parts[0].result["uploading_status"] == "uploaded"


async def test_files_are_waited_for_no_longer_by_each_worker(emulator: Emulator, database: str) -> None:
    """How long counts from the end: deploys and crashes do not put it off. Of what crashed no upload is told."""
    async with fleet_of(emulator, database, upload_within=300) as fleet:
        emulator.webhooks.send_to(fleet.webhooks(SECRET), secret=SECRET)
        await fleet.record("lesson-42", LESSON)
        await reaches(fleet, "lesson-42", "running")
        emulator.crash(emulator.running[0].sid)
        emulator.clock.advance(60)
        await reaches(fleet, "lesson-42", "uploading")
    emulator.clock.advance(600)
    async with fleet_of(emulator, database, upload_within=300) as fleet:
        await reaches(fleet, "lesson-42", "done")


async def _has_events(database: str) -> bool:
    return bool(ask(database, "select id from cloudrec_inbox where is_new = false"))


async def test_a_start_whose_answer_was_lost(emulator: Emulator, database: str) -> None:
    """It is sent again, and is no second recording; an event that came before tells its sid."""
    emulator.fail("start", LOST_ANSWER, times=1)
    async with fleet_of(emulator, database) as fleet:
        emulator.webhooks.send_to(fleet.webhooks(SECRET), secret=SECRET)
        await fleet.record("lesson-42", LESSON)
        running = await reaches(fleet, "lesson-42", "running")
        [one] = emulator.running
        assert running.handle is not None
        assert running.handle["sid"] == one.sid
        await fleet.stop("lesson-42")
        await reaches(fleet, "lesson-42", "done")
    assert (len(emulator.recordings), emulator.running) == (1, ())
    assert [call.status for call in emulator.calls if call.endpoint == "start"] == [None, 201]


async def test_what_nobody_can_know_is_told(emulator: Emulator, database: str) -> None:
    """A start's answer is lost, and no event comes: its cname, uid and resource ID are there; a late event ends it."""
    emulator.fail("start", LOST_ANSWER, times=1)
    async with fleet_of(emulator, database) as fleet:
        await fleet.record("lesson-42", LESSON)
        unknown = await reaches(fleet, "lesson-42", "unknown")
        [one] = emulator.running
        assert unknown.handle is not None
        assert {name: unknown.handle[name] for name in ("cname", "uid", "resource_id", "sid")} == {  # type: ignore[literal-required]
            "cname": one.cname, "uid": one.uid, "resource_id": one.resource_id, "sid": None,
        }  # fmt: skip
        assert unknown.problem is not None
    # Stopped meanwhile, by whoever asks; and held by another worker.
    fleet = fleet_of(emulator, database)
    await fleet.stop("lesson-42")
    async with fleet:
        await eventually(lambda: _is_held(fleet, unknown.worker))
        assert (await reaches(fleet, "lesson-42", "unknown")).stop_asked_at is not None
        emulator.webhooks.send_to(fleet.webhooks(SECRET), secret=SECRET)
        emulator.webhooks.send(one.sid, 40, {})
        await reaches(fleet, "lesson-42", "done")
    assert emulator.running == ()


async def test_what_is_found_running_has_no_problem_any_more(emulator: Emulator, database: str) -> None:
    """What was wrong before is in its story."""
    emulator.fail("start", LOST_ANSWER, times=1)
    async with fleet_of(emulator, database) as fleet:
        await fleet.record("lesson-42", LESSON)
        problem = (await reaches(fleet, "lesson-42", "unknown")).problem
        emulator.webhooks.send_to(fleet.webhooks(SECRET), secret=SECRET)
        emulator.webhooks.send(emulator.running[0].sid, 40, {})
        running = await reaches(fleet, "lesson-42", "running")
        assert running.problem is None
        assert problem in [change.problem for change in running.story]
        await fleet.stop("lesson-42")
        await reaches(fleet, "lesson-42", "done")


async def test_it_was_started_also_where_its_resource_id_has_expired(emulator: Emulator, database: str) -> None:
    """Another worker comes to it too late to send its start once more: that is no word that nothing was started."""
    emulator.fail("start", LOST_ANSWER, times=1)
    async with fleet_of(emulator, database) as fleet:
        await fleet.record("lesson-42", LESSON)
        before = await reaches(fleet, "lesson-42", "unknown")
    [one] = emulator.running
    emulator.crash(one.sid)
    await emulator.advance_async(360)
    async with fleet_of(emulator, database) as fleet:
        await eventually(lambda: _is_held(fleet, before.worker))
        await reaches(fleet, "lesson-42", "unknown")
        emulator.webhooks.send_to(fleet.webhooks(SECRET), secret=SECRET)
        emulator.webhooks.send(one.sid, 40, {})
        await reaches(fleet, "lesson-42", "uploading", "done")
    assert len(emulator.recordings) == 1


async def test_any_event_of_it_tells_its_sid(emulator: Emulator, database: str) -> None:
    """One that never came into its channel has no event 40; and what is older is of another recording of the key."""
    emulator.fail("start", LOST_ANSWER, times=1)
    async with fleet_of(emulator, database) as fleet:
        await fleet.record("lesson-42", LESSON)
        await reaches(fleet, "lesson-42", "unknown")
        [one] = emulator.running
        emulator.crash(one.sid)
        at = int(emulator.clock.seconds() * 1000)
        for sid, sent in (("0" * 32, at - 3_600_000), (one.sid, at)):
            payload = {"cname": one.cname, "uid": one.uid, "sid": sid, "sequence": 1, "sendts": sent, "serviceType": 1,
                       "details": {"msgName": "session_exit", "exitStatus": 1}}  # fmt: skip
            notice = {"noticeId": sid, "productId": 3, "eventType": 11, "notifyMs": at, "payload": payload}
            assert await fleet.feed(Event(notice))
        over = await reaches(fleet, "lesson-42", "uploading", "done")
        assert over.handle is not None
        assert over.handle["sid"] == one.sid
    assert len(emulator.recordings) == 1


async def _is_held(fleet: Any, before: str | None) -> bool:
    return (await fleet.get("lesson-42")).worker not in (None, before)


async def test_what_is_not_known_ends_when_it_can_run_no_more(emulator: Emulator, database: str) -> None:
    emulator.fail("start", LOST_ANSWER, times=1)
    async with fleet_of(emulator, database) as fleet:
        await fleet.record("lesson-42", LESSON)
        await reaches(fleet, "lesson-42", "unknown")
        emulator.clock.advance(73 * 3600)
        await fleet.stop("lesson-42")  # which has it looked at
        done = await reaches(fleet, "lesson-42", "done")
    assert done.problem is not None
    assert "cannot run any more" in done.problem["message"]


async def test_events_of_others(emulator: Emulator, database: str) -> None:
    """They are no recording's here, and nobody minds."""
    others: list[Any] = []
    async with fleet_of(emulator, database) as fleet:
        client = emulator.client()
        emulator.webhooks.send_to(fleet.webhooks(SECRET, on_other=others.append), secret=SECRET)
        emulator.webhooks.send_health_check()
        with client:
            acquired = client.acquire("elsewhere", "1")
            storage = {"vendor": 1, "region": 7, "bucket": "lessons", "accessKey": "a", "secretKey": "s"}
            client.start(acquired.resource_id, "mix", "elsewhere", "1", storage_config=storage)
        emulator.clock.advance(30)
        await eventually(lambda: _all_delivered(emulator))
    assert ask(database, "select key from cloudrec_inbox") == []
    with pytest.raises(ConfigurationError, match=r"^event: dict \(must be an Event"):
        await fleet.feed({})  # type: ignore[arg-type]


async def _all_delivered(emulator: Emulator) -> bool:
    return len(emulator.notices) >= 2 and all(notice.delivered for notice in emulator.notices)


async def test_the_files_of_each_part(database: str) -> None:
    """What a part before had recorded is uploaded while the next one runs; it is seen at once, and waited for."""
    with Emulator(stranded=True) as emulator:
        async with fleet_of(emulator, database) as fleet:
            emulator.channel("lesson-42").join(101)
            await fleet.record("lesson-42", LESSON, restart=True)
            await reaches(fleet, "lesson-42", "running")
            [first] = emulator.running
            emulator.crash(first.sid)
            await eventually(lambda: _parts(fleet, 2))
            running = await reaches(fleet, "lesson-42", "running")
            [second] = emulator.running
            assert [_upload(part) for part in running.parts] == ["unknown", None]
            assert await fleet.feed(_event(first, 32, "backuped"))
            backuped = await eventually(lambda: _has_upload(fleet, 0, "backuped"))
            assert (backuped.state, len(backuped.parts)) == ("running", 2)
            await fleet.stop("lesson-42")
            await fleet.feed(_event(second, 31, "uploaded"))
            await reaches(fleet, "lesson-42", "uploading")
            await fleet.feed(_event(first, 31, "uploaded"))
            done = await reaches(fleet, "lesson-42", "done")
    assert [_upload(part) for part in done.parts] == ["uploaded", "uploaded"]
    for part, one in zip(done.parts, (first, second), strict=True):
        assert part.result is not None
        names = [file["name"] for file in part.result["files"]]
        assert names.count(f"{one.sid}_lesson-42.m3u8") == 1
        assert not part.result["is_predicted"]


def _event(one: Any, number: int, name: str) -> Event:
    """What the provider tells of the files of a recording."""
    files = [{"fileName": f"{one.sid}_{one.cname}.m3u8", "trackType": "audio_and_video", "uid": "0"}]
    details = {"msgName": name, "status": 0, "fileList": files}
    payload = {
        "cname": one.cname, "uid": one.uid, "sid": one.sid, "sequence": 9, "sendts": 1, "serviceType": 2,
        "details": details,
    }  # fmt: skip
    notice = f"{one.sid}-{number}"
    return Event({"noticeId": notice, "productId": 3, "eventType": number, "notifyMs": 1, "payload": payload})


def _upload(part: Any) -> Any:
    return None if part.result is None else part.result["uploading_status"]


async def _parts(fleet: Any, number: int) -> bool:
    return len((await fleet.get("lesson-42")).parts) == number


async def _has_upload(fleet: Any, part: int, status: str) -> Any:
    found = await fleet.get("lesson-42")
    return found if _upload(found.parts[part]) == status else None


async def test_files_that_come_after_all_is_over(database: str) -> None:
    """Nobody waits for them any more: whoever takes the event in writes them down."""
    with Emulator(stranded=True) as emulator:
        async with fleet_of(emulator, database) as fleet:
            await fleet.record("lesson-42", LESSON)
            await reaches(fleet, "lesson-42", "running")
            await fleet.stop("lesson-42")
            done = await reaches(fleet, "lesson-42", "done")
            assert _upload(done.parts[0]) != "uploaded"
        [one] = emulator.recordings
        for _ in range(2):
            assert await fleet.feed(_event(one, 31, "uploaded"))
        late = await fleet.get("lesson-42")
        assert late is not None
        assert _upload(late.parts[0]) == "uploaded"
        assert (late.state, late.version) == ("done", done.version + 1)
        await fleet.aclose()
