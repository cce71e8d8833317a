"""Keys of files are what lies in the bucket, whether the service lists names with their folders or without."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from hypothesis import given, strategies as st

from cloudrec import WebPage
from cloudrec._recording.result import outcome
from cloudrec.answers import RecordedFile
from cloudrec.emulator import Emulator
from cloudrec.files import object_key, parse_file_name
from cloudrec.webhooks import Event
from tests.recordings.support import KINDS, PAGE, STORAGE, Time, play

BARE = {"vendor": 1, "region": 7, "bucket": "lessons", "accessKey": "AK", "secretKey": "SK"}
MODES: dict[str, Callable[[Any, Any], Any]] = {
    "individual": lambda client, storage: client.individual.record("lesson-42", storage=storage, confirm=False),
    "raw": lambda client, storage: client.raw.record("l-42", storage=storage, files=["hls", "mp4"], confirm=False),
    "mix string": lambda client, storage: client.mix.record("lesson-42", storage=storage, confirm=False),
    "mix json": lambda client, storage: client.mix.record(
        "lesson-42", storage=storage, files=["hls", "mp4"], confirm=False
    ),
    "web": lambda client, storage: client.web.record(
        "page", WebPage(PAGE), max_recording_hour=1, storage=storage, files=["hls", "mp4"], confirm=False
    ),
}


def listed(emulator: Emulator, sid: str) -> set[str]:
    """The keys of all playlists and MP4 files in the bucket."""
    return {file.key for file in emulator.recording(sid).files if file.listed}


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("bare", [False, True])
@pytest.mark.parametrize("storage", [STORAGE, BARE], ids=["folders", "none"])
@pytest.mark.parametrize("mode", MODES)
def test_keys_are_those_in_the_bucket(kind: str, bare: bool, storage: Any, mode: str) -> None:
    """In every mode, from a stop, a query and an event; and names are the last part of them."""

    def story(client: Any) -> Any:
        recording = yield lambda: MODES[mode](client, storage)
        time.advance(40)
        queried = yield recording.query
        folders = storage.get("fileNamePrefix", [])
        keys = listed(emulator, recording.sid)
        assert {object_key(folders, file.name) for file in queried.files} == keys
        # As the last query named them, where the answer to the stop is lost.
        assert {file.key for file in outcome(recording.handle, queried.files).files} == keys
        result = yield recording.stop
        assert {file.key for file in result.files} == keys == listed(emulator, recording.sid)
        assert all(file.name == parse_file_name(file.key).name == file.key.split("/")[-1] for file in result.files)
        assert all(file.parts.prefix == () for file in result.files)

    with Emulator(bare_names=bare) as emulator:
        time = Time(emulator)
        play(kind, emulator, time, story)


@pytest.mark.parametrize("bare", [False, True])
def test_keys_told_by_events(bare: bool) -> None:
    """Events name the files as queries do; one that is named both ways is one file."""

    def story(client: Any) -> Any:
        recording = yield lambda: client.mix.record("lesson-42", storage=STORAGE, files=["hls", "mp4"], confirm=False)
        time.advance(40)
        yield recording.query
        emulator.crash(recording.sid)
        time.advance(60)
        names = [notice.payload["details"]["fileList"] for notice in emulator.notices if notice.event_type == 4]
        assert names
        assert all(name.startswith("lessons/42/") is not bare for name in names)
        events = [name.rpartition("/")[2] for name in names] + [
            f"lessons/42/{name.rpartition('/')[2]}" for name in names
        ]
        for name in events:
            details = {"msgName": "cloud_recording_file_infos", "fileList": name}
            recording.feed(
                Event({"productId": 3, "eventType": 4, "payload": {"sid": recording.sid, "details": details}})
            )
        result = yield recording.stop
        assert sorted(file.key for file in result.files) == sorted(listed(emulator, recording.sid))

    with Emulator(bare_names=bare, webhook_url="http://127.0.0.1:9/") as emulator:
        time = Time(emulator)
        play("sync", emulator, time, story)


FOLDERS = st.lists(st.from_regex(r"[A-Za-z0-9]{1,8}", fullmatch=True), max_size=4)


@given(FOLDERS, FOLDERS, st.from_regex(r"[0-9a-f]{4}_[a-z0-9-]{1,8}\.m3u8", fullmatch=True))
def test_object_key(prefix: list[str], others: list[str], name: str) -> None:
    """A bare name gets the folders; one that has folders, these or others, is the key."""
    key = "/".join([*prefix, name])
    assert object_key(prefix, name) == object_key(prefix, key) == key
    elsewhere = "/".join([*others, name])
    assert object_key(prefix, elsewhere) == (elsewhere if others else key)


def handles() -> Iterator[Any]:
    yield {"prefix": ["lessons", "42"], "sid": "s", "mode": "mix", "cname": "c", "files": [], "uids": [], "kinds": []}


@pytest.mark.parametrize("name", ["s_c.m3u8", "lessons/42/s_c.m3u8"])
def test_a_result_of_a_listed_file(name: str) -> None:
    for handle in handles():
        [file] = outcome(handle, (RecordedFile({"fileName": name}),)).files
        assert (file.name, file.key) == ("s_c.m3u8", "lessons/42/s_c.m3u8")
