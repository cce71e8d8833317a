"""Webhook events move what is known of a recording."""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import Any

import anyio
import pytest
from hypothesis import given, strategies as st

from cloudrec import (
    HandleError,
    RecordingEnded,
    RecordingMayBeRunningError,
    RecordingNotStartedError,
    RecordingStatus,
    UploadingStatus,
)
from cloudrec._recording.events import feed
from cloudrec._recording.state import Life
from cloudrec.emulator import Emulator, Fault
from cloudrec.webhooks import Event, HealthCheck, OtherProductEvent
from tests.recordings.support import PAGE, STORAGE, Story, Time
from tests.recordings.test_handles import HANDLE

Tell = Callable[[Story], None]
FILES = [{"fileName": "sid_lesson-42.m3u8", "trackType": "audio_and_video", "uid": "0"}]


def event(recording: Any, number: int, *, uid: str | None = None, **details: Any) -> Event:
    payload = {
        "cname": recording.cname,
        "uid": uid or recording.uid,
        "sid": recording.sid,
        "sequence": 1,
        "sendts": 1_800_000_000_000,
        "serviceType": 1,
        "details": {"msgName": "whatever", **details},
    }
    return Event({"noticeId": "1", "productId": 3, "eventType": number, "notifyMs": 1, "payload": payload})


def mix(client: Any, **words: Any) -> Callable[[], Any]:
    return lambda: client.mix.record("lesson-42", storage=STORAGE, confirm=False, **words)


def test_one_about_another_recording_changes_nothing(tell: Tell) -> None:
    def story(client: Any) -> Any:
        recording = yield mix(client)
        other = client.attach(HANDLE)
        assert not recording.feed(event(other, 11, exitStatus=0))
        assert recording.ended is None
        yield recording.stop

    tell(story)


@pytest.mark.parametrize(
    ("number", "details", "cause", "waits"),
    [
        (11, {"exitStatus": 0}, "its session ended as it should", []),
        # These may be of an old recorder, of a recording that goes on elsewhere.
        (11, {"exitStatus": 1}, "its session ended abnormally", [5, 10, 15]),
        (41, {}, "the recorder left the channel", [5, 10, 15]),
        (41, {"leaveCode": 0}, "could not be set up", [5, 10, 15]),
        (41, {"leaveCode": 2}, "leave code 2", [5, 10, 15]),
        (41, {"leaveCode": 4}, "nobody sent a stream for 300 seconds", []),
        (41, {"leaveCode": 16}, "told to leave", []),
    ],
)
def test_an_end_is_known_with_its_reason(
    tell: Tell, time: Time, emulator: Emulator, number: int, details: dict[str, Any], cause: str, waits: list[int]
) -> None:
    def story(client: Any) -> Any:
        recording = yield mix(client)
        emulator.crash(recording.sid)
        time.advance(10)
        assert recording.feed(event(recording, number, **details))
        assert recording.ended is not None
        assert cause in recording.ended.causes[0]
        assert (yield recording.watch) == []
        assert cause in recording.ended.causes[0]
        assert time.waits == waits
        result = yield recording.stop
        assert time.waits == waits
        assert result.ended is not None

    tell(story)


def test_one_that_answers_lives_whatever_was_told(tell: Tell, time: Time) -> None:
    def story(client: Any) -> Any:
        recording = yield mix(client)
        time.advance(20)
        recording.feed(event(recording, 11, exitStatus=0))
        assert recording.ended is not None
        yield recording.query
        assert recording.ended is None
        yield recording.stop

    tell(story)


def test_the_end_of_a_page(tell: Tell) -> None:
    def story(client: Any) -> Any:
        recording = yield lambda: client.web.record("p", PAGE, max_recording_hour=1, storage=STORAGE, confirm=False)
        recording.feed(event(recording, 71, code=1, message="max_recording_hour", details="the longest time is over"))
        assert "max_recording_hour, the longest time is over" in recording.ended.causes[0]
        yield recording.stop

    tell(story)


def test_a_move_changes_the_uid_and_its_404s_are_waited_for(tell: Tell, time: Time, emulator: Emulator) -> None:
    def story(client: Any) -> Any:
        recording = yield mix(client)
        time.advance(20)
        recording.feed(event(recording, 11, exitStatus=1))
        recording.feed(event(recording, 12, newUid=999))
        assert recording.ended is None
        assert (recording.current_uid, recording.uid == "999") == ("999", False)
        # The old recorder's session ends; the recording does not, in whichever order that is told.
        recording.feed(event(recording, 11, exitStatus=1))
        recording.feed(event(recording, 41, leaveCode=1))
        assert recording.ended is None
        emulator.failover(recording.sid, 85)
        state = yield recording.query
        assert state.status == RecordingStatus.IN_PROGRESS
        assert sum(time.waits) <= 90
        recording.feed(event(recording, 11, uid="999", exitStatus=0))
        assert recording.ended is not None
        yield recording.stop

    tell(story)


def test_files_and_upload_are_in_the_result_also_after_the_stop(tell: Tell, time: Time) -> None:
    def story(client: Any) -> Any:
        recording = yield mix(client)
        time.advance(30)
        result = yield lambda: recording.stop(async_stop=True)
        assert result.uploading_status == UploadingStatus.UNKNOWN
        recording.feed(event(recording, 32, status=0, fileList=FILES))
        assert recording.result.uploading_status == UploadingStatus.BACKUPED
        recording.feed(event(recording, 31, status=0, fileList=FILES))
        recording.feed(event(recording, 32, status=0, fileList=FILES))
        assert recording.result.uploading_status == UploadingStatus.UPLOADED
        assert recording.result.files

    tell(story)


def test_files_that_an_event_named_are_not_predicted(tell: Tell, time: Time, emulator: Emulator) -> None:
    def story(client: Any) -> Any:
        recording = yield mix(client)
        time.advance(30)
        recording.feed(event(recording, 31, status=0, fileList=FILES))
        emulator.crash(recording.sid)
        time.advance(30)
        result = yield recording.stop
        assert [(file.key, file.is_predicted) for file in result.files] == [("lessons/42/sid_lesson-42.m3u8", False)]

    tell(story)


def test_a_start_whose_answer_was_lost_is_found_by_cname_and_uid(tell: Tell, emulator: Emulator) -> None:
    emulator.fail("start", Fault.drop(after_effect=True))

    def story(client: Any) -> Any:
        with pytest.raises(RecordingMayBeRunningError) as lost:
            yield mix(client, uid=7)
        emulator.heal()
        handle = lost.value.handle
        assert handle is not None
        running = emulator.running[0]
        found = client.attach(handle, event=event(running, 40, status=0))
        assert found.sid == running.sid
        with pytest.raises(HandleError, match="is about cname 'lesson-42' and uid 8, not 'lesson-42' and 7"):
            client.attach(handle, event=event(running, 40, uid="8", status=0))
        with pytest.raises(HandleError, match="must be event 40"):
            client.attach(handle, event=event(running, 11, exitStatus=0))
        yield found.stop

    tell(story)


def test_one_that_watches_is_told_at_once(emulator: Emulator) -> None:
    from cloudrec import CloudRecording

    with CloudRecording(emulator.app_id, emulator.credential, base_url=emulator.url) as client:
        recording = client.mix.record("lesson-42", storage=STORAGE, confirm=False)
        first = threading.Event()
        states: list[Any] = []

        def watch() -> None:
            for state in recording.watch(interval=3600):
                states.append(state)
                first.set()

        watcher = threading.Thread(target=watch)
        watcher.start()
        assert first.wait(20)
        emulator.crash(recording.sid)
        recording.feed(event(recording, 11, exitStatus=1))
        watcher.join(20)
        assert not watcher.is_alive()
        with pytest.raises(RecordingEnded):
            recording.wait_until(lambda state: False)
        recording.stop()


@pytest.mark.parametrize("kind", ["asyncio", "trio"])
def test_one_that_watches_sees_every_event(kind: str, emulator: Emulator, time: Time) -> None:
    """There is a state for each, which was asked for after it; also where several come at once."""
    from cloudrec import AsyncCloudRecording

    async def main() -> None:
        options: dict[str, Any] = {"base_url": emulator.url, "rate_limit": None}
        async with AsyncCloudRecording(emulator.app_id, emulator.credential, **options) as client:
            recording = await client.mix.record("lesson-42", storage=STORAGE, confirm=False)
            states = recording.watch(interval=3600)
            with anyio.fail_after(20):
                assert (await anext(states)).status == RecordingStatus.INITIALIZED
                emulator.clock.advance(20)
                recording.feed(event(recording, 40, status=0))
                assert (await anext(states)).status == RecordingStatus.IN_PROGRESS
                for number in (42, 43, 44):
                    recording.feed(event(recording, number, **DETAILS[number]))
                assert [(await anext(states)).status for _ in range(3)] == [RecordingStatus.IN_PROGRESS] * 3
                queries = [call for call in emulator.calls if call.endpoint == "query"]
                assert len(queries) == 3
                await recording.stop()
                assert [state async for state in states] == []

    anyio.run(main, backend=kind)


def test_what_events_tell_is_known_without_asking(tell: Tell, emulator: Emulator) -> None:
    """The status, who sends what, and the files; a query that comes later knows better."""

    def story(client: Any) -> Any:
        recording = yield mix(client)
        assert (recording.last_status, recording.users, recording.files) == (None, {}, ())
        for number, details, status in (
            (40, {"status": 0}, RecordingStatus.READY),
            (43, {"streamUid": "101", "state": 0, "UtcMs": 1_800_000_000_000}, RecordingStatus.IN_PROGRESS),
            (44, {"streamUid": "101", "state": 0, "UtcMs": 1_800_000_000_000}, RecordingStatus.IN_PROGRESS),
            (43, {"streamUid": "102", "state": 0, "UtcMs": 1_800_000_000_000}, RecordingStatus.IN_PROGRESS),
            (43, {"streamUid": "0", "state": 0, "UtcMs": 1_800_000_000_000}, RecordingStatus.IN_PROGRESS),
            (4, {"fileList": "sid_lesson-42.m3u8"}, RecordingStatus.IN_PROGRESS),
        ):
            recording.feed(event(recording, number, **details))
            assert recording.last_status == status
        assert recording.users == {"0": ("audio",), "101": ("audio", "video"), "102": ("audio",)}
        assert [file.name for file in recording.files] == ["sid_lesson-42.m3u8"]
        # What is told late was so before.
        recording.feed(event(recording, 43, streamUid="101", state=1, UtcMs=1_700_000_000_000))
        recording.feed(event(recording, 43, streamUid="102", state=1, UtcMs=1_800_000_001_000))
        recording.feed(event(recording, 40, status=0))
        assert recording.users == {"0": ("audio",), "101": ("audio", "video")}
        assert recording.last_status == RecordingStatus.IN_PROGRESS
        assert [call.endpoint for call in emulator.calls] == ["acquire", "start"]
        yield recording.query
        assert recording.last_status == RecordingStatus.INITIALIZED
        recording.feed(event(recording, 11, exitStatus=1))
        assert recording.last_status == RecordingStatus.EXITED_ABNORMALLY
        yield recording.stop

    tell(story)


@pytest.mark.parametrize("confirm", [False, True])
def test_a_start_that_stalls_is_told(
    tell: Tell, time: Time, emulator: Emulator, confirm: bool, caplog: pytest.LogCaptureFixture
) -> None:
    """Also to who did not wait for it: once, by the first state that is seen after 90 seconds."""
    problems: list[Any] = []

    def story(client: Any) -> Any:
        emulator.fail("start", Fault.stall(RecordingStatus.PARTLY_READY))
        if confirm:
            with pytest.raises(RecordingNotStartedError):
                yield lambda: client.mix.record("lesson-42", storage=STORAGE)
            return
        recording = yield mix(client, on_problem=problems.append)
        time.advance(80)
        yield recording.query
        assert problems == []
        time.advance(20)
        yield recording.query
        [problem] = problems
        assert isinstance(problem, RecordingNotStartedError)
        assert problem.last_status == RecordingStatus.PARTLY_READY
        assert problem.handle == recording.handle
        assert "not seen to run within 90 seconds: mix, cname" in caplog.text
        yield recording.query
        assert len(problems) == 1
        yield recording.stop

    tell(story)


DETAILS: dict[int, dict[str, Any]] = {
    3: {"status": 5, "recordingMode": 1, "fileList": "sid_lesson-42.m3u8"},
    4: {"fileList": "sid_another.m3u8"},
    11: {"exitStatus": 0},
    12: {"newUid": 999},
    31: {"status": 0, "fileList": FILES},
    32: {"status": 0, "fileList": FILES},
    40: {"status": 0},
    41: {"leaveCode": 4},
    42: {"startUtcMs": 1_800_000_000_000, "streamUid": "101", "trackType": "audio"},
    43: {"streamUid": "101", "state": 0, "UtcMs": 1_800_000_000_000},
    44: {"streamUid": "101", "state": 1, "UtcMs": 1_800_000_000_500},
    70: {"recorderStartTime": 1_800_000_000_000},
}


def test_each_playlist_has_an_event_of_its_own() -> None:
    life = Life(HANDLE, lambda: 1_800_000_100.0, None)
    seen = type("Recording", (), {"cname": HANDLE["cname"], "uid": HANDLE["uid"], "sid": HANDLE["sid"]})
    for name in ("a.m3u8", "b.m3u8", "a.m3u8"):
        feed(life, event(seen, 4, fileList=name))
    feed(life, event(seen, 31, status=0, fileList=[{"fileName": "c.mp4"}]))
    assert [file.name for file in life.files] == ["a.m3u8", "b.m3u8", "c.mp4"]


def test_what_did_not_go_as_it_should_is_not_uploaded() -> None:
    life = Life(HANDLE, lambda: 1_800_000_100.0, None)
    seen = type("Recording", (), {"cname": HANDLE["cname"], "uid": HANDLE["uid"], "sid": HANDLE["sid"]})
    feed(life, event(seen, 31, status=1, fileList=FILES))
    assert life.uploading_status is None
    assert life.files


def test_an_end_that_somebody_else_found() -> None:
    """It has the causes that were found then; what is known here already stays."""
    life = Life(HANDLE, lambda: 1_800_000_100.0, None)
    life.was_found_over(("its channel was empty",))
    life.was_found_over(("another",))
    assert life.ended is not None
    assert life.ended.causes == ("its channel was empty",)


def test_the_end_after_a_move_that_another_process_was_told_of() -> None:
    life = Life(HANDLE, lambda: 1_800_000_100.0, None)
    seen = type("Recording", (), {"cname": HANDLE["cname"], "uid": HANDLE["uid"], "sid": HANDLE["sid"]})
    for _ in range(3):
        feed(life, event(seen, 11, uid="999", exitStatus=0))
    assert life.ended is not None
    assert life.waits_of_stop == ()
    assert len(life._ends) == 1


def test_a_stream_of_nobody() -> None:
    """That somebody is there is known all the same."""
    life = Life(HANDLE, lambda: 1_800_000_100.0, None)
    seen = type("Recording", (), {"cname": HANDLE["cname"], "uid": HANDLE["uid"], "sid": HANDLE["sid"]})
    assert feed(life, event(seen, 43, streamUid="", state=0))
    assert (life.users, life.last_status) == ({}, RecordingStatus.IN_PROGRESS)


def test_what_is_no_event_of_a_recording_changes_nothing() -> None:
    life = Life(HANDLE, lambda: 1_800_000_100.0, None)
    assert not feed(life, HealthCheck({}))
    assert not feed(life, OtherProductEvent({"productId": 1}))


@given(st.lists(st.sampled_from(sorted(DETAILS)), max_size=12))
def test_what_is_known_does_not_depend_on_order_or_number(numbers: list[int]) -> None:
    def known(order: list[int]) -> tuple[Any, ...]:
        life = Life(HANDLE, lambda: 1_800_000_100.0, None)
        seen = type("Recording", (), {"cname": HANDLE["cname"], "uid": HANDLE["uid"], "sid": HANDLE["sid"]})
        for number in order:
            assert feed(life, event(seen, number, **DETAILS[number]))
        ended = life.ended.causes if life.ended else None
        files = sorted(file.name for file in life.files)
        return ended, life.current_uid, life.uploading_status, files, life.last_status, life.users

    assert known(numbers) == known(sorted(numbers)) == known([*numbers, *reversed(numbers)])
