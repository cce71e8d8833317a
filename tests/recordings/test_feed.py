"""Webhook events move what is known of a recording."""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given, strategies as st

from cloudrec import HandleError, RecordingEnded, RecordingMayBeRunningError, RecordingStatus, UploadingStatus
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


DETAILS: dict[int, dict[str, Any]] = {
    3: {"status": 5, "recordingMode": 1, "fileList": "sid_lesson-42.m3u8"},
    4: {"fileList": "sid_another.m3u8"},
    11: {"exitStatus": 0},
    12: {"newUid": 999},
    31: {"status": 0, "fileList": FILES},
    32: {"status": 0, "fileList": FILES},
    40: {"status": 0},
    41: {"leaveCode": 4},
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


def test_the_end_after_a_move_that_another_process_was_told_of() -> None:
    life = Life(HANDLE, lambda: 1_800_000_100.0, None)
    seen = type("Recording", (), {"cname": HANDLE["cname"], "uid": HANDLE["uid"], "sid": HANDLE["sid"]})
    for _ in range(3):
        feed(life, event(seen, 11, uid="999", exitStatus=0))
    assert life.ended is not None
    assert life.waits_of_stop == ()
    assert len(life._ends) == 1


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
        return ended, life.current_uid, life.uploading_status, sorted(file.name for file in life.files)

    assert known(numbers) == known(sorted(numbers)) == known([*numbers, *reversed(numbers)])
