"""stop: its answer in each mode, a second stop, nothing recorded."""

from __future__ import annotations

import time
from typing import Any

import pytest

from cloudrec.emulator import Emulator, EndReason


def test_mix_hls(caller: Any, emulator: Emulator) -> None:
    """The playlist by name; the piece under way counts."""
    call = caller.begin()
    emulator.clock.advance(10)
    body = call.stop().json()
    assert body["serverResponse"] == {
        "fileListMode": "string",
        "fileList": f"{call.sid}_lesson-42.m3u8",
        "uploadingStatus": "uploaded",
    }
    assert (body["sid"], body["resourceId"], body["cname"]) == (call.sid, call.resource_id, "lesson-42")


@pytest.mark.parametrize("mode", ["individual", "mix"])
def test_lists(caller: Any, emulator: Emulator, mode: str) -> None:
    """Where query lists files, stop lists the same."""
    changes = {"recordingFileConfig": {"avFileType": ["hls", "mp4"]}} if mode == "mix" else {}
    call = caller.begin(mode, caller.request(mode, **changes))
    emulator.clock.advance(60)
    files = call.state()["fileList"]
    assert call.stop().json()["serverResponse"] == {
        "fileListMode": "json",
        "fileList": files,
        "uploadingStatus": "uploaded",
    }
    assert len(files) == (2 if mode == "mix" else 4)


def test_web(caller: Any, emulator: Emulator) -> None:
    """The upload and the web recorder report, each for itself."""
    call = caller.begin("web")
    emulator.clock.advance(60)
    files = call.state()["extensionServiceState"][0]["payload"]["fileList"]
    assert call.stop().json()["serverResponse"]["extensionServiceState"] == [
        {"serviceName": "upload_service", "payload": {"uploadingStatus": "uploaded"}},
        {
            "serviceName": "web_recorder_service",
            "payload": {"fileList": files, "onhold": False, "state": "exit"},
        },
    ]


@pytest.mark.parametrize(
    ("request_", "status"),
    [({}, "uploaded"), ({"async_stop": False}, "uploaded"), ({"async_stop": True}, "unknown")],
)
def test_async_stop(caller: Any, emulator: Emulator, request_: Any, status: str) -> None:
    """A stop that waits knows that the upload is done; one that does not wait knows nothing."""
    call = caller.begin()
    emulator.clock.advance(60)
    assert call.stop(**request_).json()["serverResponse"]["uploadingStatus"] == status


def test_a_second_stop(caller: Any, emulator: Emulator) -> None:
    """49 while the recording is on its way out, three seconds; then 404."""
    call = caller.begin()
    emulator.clock.advance(60)
    call.stop()
    emulator.clock.advance(2.999)
    second = call.stop()
    assert (second.status_code, second.json()) == (400, {"code": 49, "reason": "invalid operation"})
    emulator.clock.advance(0.001)
    assert call.stop().status_code == 404


@pytest.mark.parametrize("mode", ["individual", "mix"])
def test_nobody_sent_anything(caller: Any, emulator: Emulator, mode: str) -> None:
    """206 and code 435; the recording has ended all the same."""
    emulator.channel("lesson-42").join(1, audio=False, video=False)
    call = caller.begin(mode)
    emulator.clock.advance(600)
    response = call.stop()
    assert (response.status_code, response.json()) == (206, {"code": 435, "reason": "no recorded data"})
    assert emulator.recording(call.sid).ended is EndReason.STOPPED


def test_no_picture_was_taken(caller: Any, emulator: Emulator) -> None:
    """Screenshots alone, and nobody sent video: nothing was recorded."""
    emulator.channel("lesson-42").join(1, video=False)
    call = caller.begin("individual", caller.request("individual", snapshotConfig={"fileType": ["jpg"]}))
    emulator.clock.advance(60)
    assert call.stop().json()["code"] == 435


def test_stopped_before_it_recorded(caller: Any) -> None:
    """A recording stopped in the same moment has nothing either."""
    assert caller.begin("web").stop().json()["code"] == 435


def test_files_stay_as_they_were(caller: Any, emulator: Emulator) -> None:
    """After the stop, time adds no files."""
    call = caller.begin()
    emulator.clock.advance(60)
    call.stop()
    files = emulator.recording(call.sid).files
    emulator.clock.advance(3600)
    assert emulator.recording(call.sid).files == files


def test_recordings_are_kept_in_order(caller: Any, emulator: Emulator) -> None:
    """What was recorded can be looked at afterwards, first started first."""
    calls = [caller.begin(uid=str(uid)) for uid in (3, 1, 2)]
    calls[0].stop()
    emulator.clock.advance(100)
    assert [recording.sid for recording in emulator.recordings] == [call.sid for call in calls]
    assert [recording.running for recording in emulator.recordings] == [False, True, True]
    with pytest.raises(KeyError):
        emulator.recording("unheard-of")


def test_the_upload_takes_time_where_the_clock_runs(caller_of: Any) -> None:
    """With upload_time a stop that waits is held back by so long."""
    call = caller_of(Emulator(clock="real", rate_limit=None, upload_time=0.2)).begin()
    call.caller.emulator.clock.advance(60)
    before = time.monotonic()
    assert call.stop().status_code == 200
    assert time.monotonic() - before >= 0.2


def test_a_stop_that_does_not_wait_answers_at_once(caller_of: Any) -> None:
    """However long the upload takes."""
    call = caller_of(Emulator(clock="real", rate_limit=None, upload_time=3600)).begin()
    call.caller.emulator.clock.advance(60)
    assert call.stop(async_stop=True).status_code == 200
