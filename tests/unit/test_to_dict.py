"""What a web service gives out as JSON: results, files, handles, ends, errors, attempts and events."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given, strategies as st

import cloudrec
from cloudrec import S3, CloudRecording, InvalidRequestError, RecordingEnded, TaskNotFoundError, answers, results
from cloudrec.emulator import Emulator
from cloudrec.webhooks import Event, parse
from cloudrec_api.views import View
from tests.recordings.support import Time
from tests.webhooks.support import encoded, sent

STORAGE = S3("lessons", "eu-central-1", "AKEXAMPLE", "secret", prefix=("lessons", "42"))
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=8,
)


def again(value: Any) -> Any:
    """What is read of it at the other end."""
    return json.loads(json.dumps(value, allow_nan=False))


def test_a_recording_from_its_start_to_its_files() -> None:
    with Emulator() as emulator:
        time = Time(emulator)
        options: dict[str, Any] = {"base_url": emulator.url, "clock": time, "wait": time.wait, "rate_limit": None}
        with CloudRecording(emulator.app_id, emulator.credential, **options) as client:
            with client.mix.record("lesson-42", storage=STORAGE, uid=7, files=["hls", "mp4"]) as recording:
                emulator.clock.advance(60)
                state = again(recording.query().to_dict())
                told = again(recording.to_dict())
            result = again(recording.result.to_dict())
            assert again(recording.handle) == recording.handle
            stopped = again(recording.result.stopped.to_dict())
            emulator.clock.advance(60)
            with pytest.raises(TaskNotFoundError) as gone:
                client.mix.query(recording.resource_id, recording.sid, retry=None)
    name = f"lessons/42/{recording.sid}_lesson-42.m3u8"
    file = {
        "name": name,
        "track_type": "audio_and_video",
        "uid": "0",
        "mixed_all_user": True,
        "is_playable": True,
        "slice_start_time": "2026-01-01T00:00:03+00:00",
    }
    assert (state["status"], state["cname"], state["uid"], file in state["files"]) == (5, "lesson-42", "7", True)
    assert state["server_response"]["files"] == state["files"]
    [attempt] = state["attempts"]
    assert (attempt["endpoint"], attempt["outcome"], attempt["number"]) == ("query", "success", 1)
    assert (told["last_status"], told["mode"], told["ended"], told["files"]) == (5, "mix", None, state["files"])
    assert (name, False) in [(kept["key"], kept["is_predicted"]) for kept in result["files"]]
    assert (result["uploading_status"], result["ended"], result["nothing_recorded"]) == ("uploaded", None, False)
    assert (stopped["uploading_status"], stopped["already_stopped"]) == ("uploaded", False)
    error = again(gone.value.to_dict())
    assert (error["error"], error["http_status"], error["code"]) == ("TaskNotFoundError", 404, 404)
    assert error["message"] == str(gone.value)
    assert [attempt["outcome"] for attempt in error["attempts"]] == ["not found"]
    assert "response_body" not in error


def test_an_end_with_its_causes() -> None:
    with Emulator() as emulator:
        time = Time(emulator)
        options: dict[str, Any] = {"base_url": emulator.url, "clock": time, "wait": time.wait, "rate_limit": None}
        with CloudRecording(emulator.app_id, emulator.credential, **options) as client:
            emulator.channel("empty")
            recording = client.mix.record("empty", storage=STORAGE, max_idle_time=60)
            time.advance(120)
            with pytest.raises(RecordingEnded):
                recording.query()
            recording.stop()
    ended = again(recording.result.to_dict())["ended"]
    assert ended["error"] == "RecordingEnded"
    assert "maxIdleTime" in ended["causes"][0]
    assert ended["handle"] == recording.handle
    assert ended["last_seen"].endswith("+00:00")
    assert again(recording.to_dict())["ended"] == ended


def test_a_refusal_with_all_that_is_wrong() -> None:
    with pytest.raises(InvalidRequestError) as caught:
        S3("", "nowhere", "AK", "do-not-show")
    problems = again(caught.value.to_dict())["problems"]
    assert [problem["field"] for problem in problems] == [problem.field for problem in caught.value.problems]


def test_an_event_with_what_has_happened() -> None:
    event = parse(encoded(sent(31, {"msgName": "uploaded", "status": 0, "fileList": [{"fileName": "a.m3u8"}]})))
    assert isinstance(event, Event)
    told = again(event.to_dict())
    assert (told["event_type"], told["notice_id"], told["details"]["status"]) == (31, "notice-1", 0)
    assert [file["name"] for file in told["details"]["files"]] == ["a.m3u8"]
    assert told["sent_at"].startswith("2021-04-23T")


def test_an_event_that_is_not_known_with_all_that_was_sent() -> None:
    event = parse(encoded(sent(4711, {"msgName": "new", "anything": [1, {"more": None}]})))
    assert again(event.to_dict())["details"] == {"msgName": "new", "anything": [1, {"more": None}]}


def test_no_stream_key_is_given_out() -> None:
    url = "rtmp://live.example.com/app/do-not-show?sign=do-not-show"
    event = parse(encoded(sent(100, {"msgName": "rtmp_publish_status", "rtmpUrl": url, "status": 0})))
    assert "do-not-show" not in json.dumps(event.to_dict())
    assert "live.example.com" in json.dumps(event.to_dict())


def views(kind: type[View]) -> list[type[View]]:
    return [kind, *(found for below in kind.__subclasses__() for found in views(below))]


ANSWERS = [kind for kind in views(View) if kind.__module__.startswith(("cloudrec.answers", "cloudrec_api.models"))]


@given(st.sampled_from(ANSWERS), JSON)
def test_whatever_was_sent_becomes_json(kind: type[View], raw: Any) -> None:
    again(kind(raw).to_dict())


@given(JSON)
def test_whatever_was_answered_becomes_json(raw: Any) -> None:
    raw = raw if isinstance(raw, dict) else {}
    again(results.QueryResult(raw, answers.Unknown(raw.get("serverResponse"))).to_dict())
    again(results.StopResult(raw, answers.NothingRecorded(raw)).to_dict())
    again(Event(raw).to_dict())


def test_everything_that_has_an_answer_has_it() -> None:
    for name in ("Attempt", "Problem", "RecordingResult", "ResultFile", "CloudRecordingError", "MixRecording"):
        assert callable(getattr(cloudrec, name).to_dict)
