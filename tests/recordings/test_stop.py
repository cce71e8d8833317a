"""However a recording ends, stopping it has a result."""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import Any

import anyio
import pytest

from cloudrec import (
    AsyncCloudRecording,
    CloudRecording,
    NetworkError,
    RecordingNotStoppedError,
    UploadingStatus,
    nobody,
    only,
    parse_file_name,
)
from cloudrec.emulator import Emulator, Fault
from cloudrec.webhooks import Event
from tests.recordings.support import PAGE, STORAGE, Story, Time, play

Tell = Callable[[Story], None]


def mix(client: Any, **words: Any) -> Callable[[], Any]:
    return lambda: client.mix.record("lesson-42", storage=STORAGE, confirm=False, **words)


def test_the_result_has_files_keys_and_upload_state(tell: Tell, time: Time, emulator: Emulator) -> None:
    def story(client: Any) -> Any:
        recording = yield mix(client, files=["hls", "mp4"])
        time.advance(30)
        result = yield recording.stop
        assert result is recording.result
        assert [file.key for file in result.files] == [
            f"lessons/42/{recording.sid}_lesson-42_0.mp4",
            f"lessons/42/{recording.sid}_lesson-42.m3u8",
        ]
        assert {file.key for file in result.files} <= set(emulator.recording(recording.sid).keys)
        assert result.uploading_status == UploadingStatus.UPLOADED
        assert (result.is_predicted, result.nothing_recorded, result.ended) == (False, False, None)
        assert [file.parts.sid for file in result.files] == [recording.sid] * 2

    tell(story)


def test_there_is_no_result_before_the_stop(tell: Tell) -> None:
    def story(client: Any) -> Any:
        recording = yield mix(client)
        with pytest.raises(RecordingNotStoppedError):
            _ = recording.result
        yield recording.stop

    tell(story)


def test_it_is_stopped_once_however_often_it_is_asked_for(tell: Tell, emulator: Emulator) -> None:
    def story(client: Any) -> Any:
        recording = yield mix(client)
        first = yield recording.stop
        assert (yield recording.stop) is first
        assert [call.endpoint for call in emulator.calls].count("stop") == 1

    tell(story)


def test_two_threads_that_stop_it_get_the_same_result(emulator: Emulator) -> None:
    with CloudRecording(emulator.app_id, emulator.credential, base_url=emulator.url) as client:
        recording = client.mix.record("lesson-42", storage=STORAGE, confirm=False)
        results: list[Any] = []
        together = threading.Barrier(8)

        def stop() -> None:
            together.wait()
            results.append(recording.stop())

        threads = [threading.Thread(target=stop) for _ in range(8)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    assert len(results) == 8
    assert all(result is recording.result for result in results)
    assert [call.endpoint for call in emulator.calls].count("stop") == 1


@pytest.mark.parametrize("backend", ["asyncio", "trio"])
def test_two_tasks_that_stop_it_get_the_same_result(emulator: Emulator, backend: str) -> None:
    results: list[Any] = []

    async def main() -> None:
        async with AsyncCloudRecording(emulator.app_id, emulator.credential, base_url=emulator.url) as client:
            recording = await client.mix.record("lesson-42", storage=STORAGE, confirm=False)

            async def stop() -> None:
                results.append(await recording.stop())

            async with anyio.create_task_group() as group:
                for _ in range(8):
                    group.start_soon(stop)

    anyio.run(main, backend=backend)
    assert len({id(result) for result in results}) == 1
    assert [call.endpoint for call in emulator.calls].count("stop") == 1


def test_nothing_recorded(tell: Tell, emulator: Emulator) -> None:
    emulator.channel("lesson-42")

    def story(client: Any) -> Any:
        recording = yield mix(client)
        result = yield recording.stop
        assert (result.nothing_recorded, result.files) == (True, ())
        assert repr(result) == "RecordingResult(nothing_recorded=True)"

    tell(story)


def test_one_on_its_way_out_counts_as_stopped(tell: Tell, emulator: Emulator, time: Time) -> None:
    def story(client: Any) -> Any:
        recording = yield mix(client, files=["hls", "mp4"])
        time.advance(30)
        yield recording.query
        other = client.attach(recording.handle)
        yield other.stop
        result = yield recording.stop  # 49
        assert result.ended is not None
        assert "on its way out" in str(result.ended)
        # As the last query named them.
        assert [file.key for file in result.files] == [file.key for file in other.result.files]
        assert not result.is_predicted
        assert result.uploading_status == UploadingStatus.UNKNOWN

    tell(story)


def test_one_that_is_gone_counts_as_stopped_once_that_is_believed(tell: Tell, emulator: Emulator, time: Time) -> None:
    def story(client: Any) -> Any:
        recording = yield mix(client, files=["hls", "mp4"])
        time.advance(30)
        emulator.crash(recording.sid)
        time.advance(30)
        result = yield recording.stop
        assert time.waits == [5, 10, 15]
        assert result.ended is not None
        assert result.is_predicted
        stem = f"{recording.sid}_lesson-42"
        assert {file.name for file in result.files} == {
            f"{stem}.m3u8", f"{stem}_0.mp4", f"bak0_{stem}.m3u8", f"bak0_{stem}_0.mp4"
        }  # fmt: skip
        assert all(file.is_predicted for file in result.files)
        # What was predicted is what lies there, but for what was only made ready for.
        assert {file.key for file in result.files if "bak" not in file.name} <= set(
            emulator.recording(recording.sid).keys
        )

    tell(story)


def test_what_is_predicted_after_a_move_lies_there(tell: Tell, emulator: Emulator, time: Time) -> None:
    def story(client: Any) -> Any:
        recording = yield mix(client)
        time.advance(40)
        emulator.failover(recording.sid, 1, rename=True)
        time.advance(40)
        emulator.crash(recording.sid)
        time.advance(30)
        result = yield recording.stop
        keys = set(emulator.recording(recording.sid).keys)
        assert {file.key for file in result.files} <= keys
        assert all(key.startswith(result.key_prefixes) for key in keys)

    tell(story)


def test_an_individual_recording_is_predicted_by_its_users(tell: Tell, emulator: Emulator, time: Time) -> None:
    def story(client: Any) -> Any:
        recording = yield lambda: client.individual.record(
            "lesson-42", storage=STORAGE, audio=only(101, 102), video=nobody(), confirm=False
        )
        time.advance(40)
        emulator.crash(recording.sid)
        time.advance(30)
        result = yield recording.stop
        named = {parse_file_name(file.name).uid for file in result.files}
        assert named == {"101", "102"}
        keys = set(emulator.recording(recording.sid).keys)
        assert {file.key for file in result.files if "bak" not in file.name} <= keys

    tell(story)


def test_an_individual_recording_of_everyone_has_prefixes_to_look_under(
    tell: Tell, emulator: Emulator, time: Time
) -> None:
    def story(client: Any) -> Any:
        recording = yield lambda: client.individual.record("lesson-42", storage=STORAGE, confirm=False)
        time.advance(40)
        emulator.crash(recording.sid)
        time.advance(30)
        result = yield recording.stop
        assert result.files == ()
        assert all(key.startswith(result.key_prefixes) for key in emulator.recording(recording.sid).keys)

    tell(story)


def test_a_page_whose_stop_names_no_files(tell: Tell, emulator: Emulator, time: Time) -> None:
    def story(client: Any) -> Any:
        recording = yield lambda: client.web.record(
            "page-7", PAGE, max_recording_hour=1, storage=STORAGE, files=["hls", "mp4"], confirm=False
        )
        time.advance(40)
        emulator.crash(recording.sid)
        time.advance(30)
        result = yield recording.stop
        assert result.is_predicted
        assert {file.key for file in result.files if "bak" not in file.name} <= set(
            emulator.recording(recording.sid).keys
        )

    tell(story)


def test_a_stop_that_is_lost_and_sent_again_has_a_result(tell: Tell, emulator: Emulator, time: Time) -> None:
    def story(client: Any) -> Any:
        recording = yield mix(client)
        time.advance(30)
        yield recording.query
        emulator.fail("stop", Fault.drop(after_effect=True), times=1)
        result = yield recording.stop
        assert [file.name for file in result.files] == [f"{recording.sid}_lesson-42.m3u8"]
        assert result.stopped is not None
        assert result.stopped.already_stopped

    tell(story)
    assert not emulator.running


def test_a_stop_that_does_not_get_through_is_told_of_and_may_be_asked_for_again(
    tell: Tell, emulator: Emulator, time: Time
) -> None:
    def story(client: Any) -> Any:
        recording = yield mix(client)
        with emulator.refuse(0), pytest.raises(NetworkError) as failed:
            yield recording.stop
        assert f"may still be running: {recording!r}" in failed.value.__notes__[0]
        assert emulator.running
        yield recording.stop
        assert not emulator.running

    tell(story)


def test_without_waiting_for_the_upload(tell: Tell, time: Time) -> None:
    def story(client: Any) -> Any:
        recording = yield mix(client)
        time.advance(30)
        result = yield lambda: recording.stop(async_stop=True)
        assert result.uploading_status == UploadingStatus.UNKNOWN
        assert result.files

    tell(story)


def test_updates_after_the_stop_say_that_it_was_stopped(tell: Tell, time: Time) -> None:
    def story(client: Any) -> Any:
        recording = yield mix(client)
        yield recording.stop
        time.advance(10)
        with pytest.raises(Exception, match=r"stop\(\) was called on it"):
            yield lambda: recording.layout(background_color="#202020")
        assert time.waits == []

    tell(story)


@pytest.mark.parametrize("kind", ["sync", "asyncio", "trio"])
@pytest.mark.parametrize(
    ("options", "status"),
    [({"stranded": True}, UploadingStatus.STRANDED), ({"backup": True}, UploadingStatus.BACKUPED)],
)
def test_files_that_are_with_the_provider_yet_follow(kind: str, options: Any, status: UploadingStatus) -> None:
    """Neither is a failure: the result has the files, and says that they follow; an event tells that they are there."""

    def story(client: Any) -> Any:
        recording = yield mix(client)
        time.advance(30)
        result = yield recording.stop
        assert (result.uploading_status, result.files_follow, result.stopped.files_follow) == (status, True, True)
        assert [file.key for file in result.files] == [f"lessons/42/{recording.sid}_lesson-42.m3u8"]
        assert (result.is_predicted, result.ended) == (False, None)
        details = {"msgName": "uploaded", "status": 0, "fileList": []}
        payload = {"sid": recording.sid, "details": details}
        assert recording.feed(Event({"productId": 3, "eventType": 31, "payload": payload}))
        assert (recording.result.uploading_status, recording.result.files_follow) == (UploadingStatus.UPLOADED, False)

    with Emulator(**options) as emulator:
        time = Time(emulator)
        play(kind, emulator, time, story)
