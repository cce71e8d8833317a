"""A recording is found again by its handle, and only by one that is right."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given, strategies as st

from cloudrec import HandleError, RecordingHandle
from cloudrec._recording.read_handle import read_handle
from cloudrec.emulator import Emulator
from tests.recordings.support import PAGE, STORAGE, Story, Time, play
from tests.support import APP_ID, RESOURCE_ID, SID

Tell = Callable[[Story], None]

HANDLE = RecordingHandle(
    version=1,
    app_id=APP_ID,
    mode="mix",
    cname="lesson-42",
    uid="527841",
    resource_id=RESOURCE_ID,
    sid=SID,
    started_at=1_800_000_000.5,
    resource_expired_hour=72,
    max_idle_time=300,
    max_recording_hour=None,
    prefix=["lessons", "42"],
    files=["hls", "mp4"],
    uids=[],
    stream_types=2,
    kinds=["audio", "video"],
)


def test_it_gives_the_recording_back(tell: Tell, time: Time) -> None:
    def story(client: Any) -> Any:
        made = [
            (yield lambda: client.individual.record("ward-7", storage=STORAGE, confirm=False)),
            (yield lambda: client.mix.record("lesson-42", storage=STORAGE, files=["hls", "mp4"], confirm=False)),
            (yield lambda: client.web.record("page-7", PAGE, max_recording_hour=1, storage=STORAGE, confirm=False)),
        ]
        time.advance(30)
        for recording in made:
            kept = json.dumps(recording.handle)
            assert "do-not-show" not in kept
            again = client.attach(json.loads(kept))
            assert type(again) is type(recording)
            assert again.handle == recording.handle == client.attach(kept).handle
            by_mode = getattr(client, recording.mode.value).attach(kept)
            assert by_mode.sid == recording.sid
            assert (yield again.query).status
            result = yield again.stop
            assert [file.key for file in result.files if not file.key.startswith("lessons/42/")] == []
            assert result.files

    tell(story)


def test_taking_it_back_sends_nothing(tell: Tell, emulator: Emulator) -> None:
    def story(client: Any) -> Any:
        assert client.attach(HANDLE).sid == SID
        yield lambda: None

    tell(story)
    assert emulator.calls == ()


WRONG: dict[str, tuple[Any, str]] = {
    "of a newer version": ({**HANDLE, "version": 2}, "version: 2 .*upgrade"),
    "of no version": ({name: value for name, value in HANDLE.items() if name != "version"}, "version: None"),
    "cut short": (json.dumps(HANDLE)[:-30], "not JSON .*cut short"),
    "without fields": ({"version": 1, "app_id": APP_ID}, "mode, cname, uid, .*missing"),
    "of another App ID": ({**HANDLE, "app_id": "f" * 32}, "app_id: 'ffffff…ffff' .*" + f"{APP_ID[:6]}…{APP_ID[-4:]}"),
    "of no mode": ({**HANDLE, "mode": "audio"}, "mode: 'audio'"),
    "of another type": ({**HANDLE, "prefix": "lessons"}, "prefix: 'lessons'"),
    "with a number for a text": ({**HANDLE, "uid": 527841}, "uid: 527841"),
    "with a list of numbers": ({**HANDLE, "uids": [1]}, r"uids: \[1\]"),
    "that leads elsewhere": ({**HANDLE, "sid": "../x"}, "sid: '../x'"),
    "without an end": ({**HANDLE, "started_at": float("inf")}, "started_at: inf"),
    "further than any clock": ({**HANDLE, "started_at": 1e308}, r"started_at: 1e\+308"),
    "too large for a float": ({**HANDLE, "started_at": 10**400}, "started_at: 1000"),
    "too long to write": ({**HANDLE, "max_idle_time": 10**5000}, "max_idle_time: of type int"),
    "too deep": ("[" * 100_000, "not JSON"),
    "before the start": ({**HANDLE, "sid": None}, "sid: None .*event 40"),
    "a list": ("[]", "must be an object, not list"),
    "nothing": (None, "must be an object, not NoneType"),
}


@pytest.mark.parametrize("wrong", WRONG)
def test_one_that_is_wrong_is_told_of(emulator: Emulator, time: Time, wrong: str) -> None:
    given_handle, told = WRONG[wrong]

    def story(client: Any) -> Any:
        with pytest.raises(HandleError, match=told) as failed:
            client.attach(given_handle)
        assert isinstance(failed.value, ValueError)
        yield lambda: None

    play("sync", emulator, time, story)
    play("asyncio", emulator, time, story)


def test_the_calls_of_a_mode_take_handles_of_that_mode(tell: Tell) -> None:
    def story(client: Any) -> Any:
        with pytest.raises(HandleError, match=r"mode: 'mix' .*web recordings; client.attach takes every mode"):
            client.web.attach(HANDLE)
        yield lambda: None

    tell(story)


def test_a_sid_that_came_otherwise(tell: Tell) -> None:
    def story(client: Any) -> Any:
        before: Any = {**HANDLE, "sid": None}
        assert client.attach(before, sid=SID).handle == HANDLE
        with pytest.raises(HandleError, match="sid: "):
            client.attach(HANDLE, sid="another")
        yield lambda: None

    tell(story)


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=10), inner, max_size=3),
    max_leaves=5,
)


@given(st.dictionaries(st.sampled_from(sorted(HANDLE)), JSON, max_size=3))
def test_whatever_comes_is_a_handle_or_an_error_of_its_own(changes: dict[str, Any]) -> None:
    try:
        found = read_handle({**HANDLE, **changes}, APP_ID, None)
    except HandleError:
        return
    assert found.keys() == HANDLE.keys()
    assert json.loads(json.dumps(found)) is not None


@given(st.text(max_size=60) | st.binary(max_size=60) | JSON)
def test_whatever_is_no_handle_is_an_error_of_its_own(given_handle: Any) -> None:
    with pytest.raises(HandleError):
        read_handle(given_handle, APP_ID, None)
