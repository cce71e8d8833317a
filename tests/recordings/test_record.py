"""`record`: from words to a recording that runs."""

from __future__ import annotations

import asyncio
import inspect
import json
import re
import threading
from collections.abc import Callable
from importlib import import_module
from typing import Any

import anyio
import httpx
import pytest
from hypothesis import given, strategies as st

from cloudrec import (
    AsyncCloudRecording,
    CloudRecording,
    ConfigurationError,
    InvalidRequestError,
    Mode,
    NetworkError,
    RecordingEnded,
    RecordingHandle,
    RecordingMayBeRunningError,
    RecordingNotStartedError,
    RecordingStatus,
    RecordOptions,
    ServiceUnavailableError,
    StorageConfig,
    StorageVendor,
    TaskConflictError,
)
from cloudrec._recording import options
from cloudrec._recording.plan import uid_for
from cloudrec.emulator import Emulator, Fault
from tests.recordings.support import PAGE, STORAGE, Story, Time, play
from tests.support import APP_ID, BASE_URL, CREDENTIAL

Tell = Callable[[Story], None]


@given(st.sampled_from(Mode), st.text(max_size=70) | st.integers() | st.none(), st.none() | st.text() | st.integers())
def test_the_uid_follows_from_mode_channel_and_key_and_is_none_of_those_to_avoid(
    mode: Mode, cname: Any, key: Any
) -> None:
    uid = uid_for(mode, cname, key)
    assert uid == uid_for(mode, cname, key)
    assert 1 <= int(uid) <= 2**31 - 1
    avoid = {uid}
    for _ in range(3):
        other = uid_for(mode, cname, key, avoid)
        assert other not in avoid
        assert other == uid_for(mode, cname, key, avoid)
        avoid.add(other)


def test_uids_tell_channels_modes_and_keys_apart_and_are_the_same_in_every_version() -> None:
    """One that changed would let the same be recorded twice while a new version is rolled out."""
    assert uid_for(Mode.MIX, "lesson-42", None) == "1361561231"
    assert uid_for(Mode.INDIVIDUAL, "lesson-42", None) == "1634161305"
    assert uid_for(Mode.MIX, "lesson-42", "teacher") == "665994876"
    uids = {uid_for(Mode.MIX, f"lesson-{number}", key) for number in range(1000) for key in (None, "a", "b")}
    assert len(uids) == 3000


def test_acquires_starts_and_confirms_from_one_set_of_parameters(tell: Tell, emulator: Emulator, time: Time) -> None:
    def story(client: Any) -> Any:
        recording = yield lambda: client.mix.record("lesson-42", storage=STORAGE, files=["hls", "mp4"])
        assert recording.last_status == RecordingStatus.READY
        assert time.waits == [5.0]
        [seen] = emulator.running
        assert (seen.sid, seen.uid, seen.cname) == (recording.sid, recording.uid, "lesson-42")
        assert seen.request["recordingConfig"]["maxIdleTime"] == 300
        assert seen.request["recordingFileConfig"] == {"avFileType": ["hls", "mp4"]}
        assert [call.endpoint for call in emulator.calls] == ["acquire", "start", "query"]
        yield recording.stop

    tell(story)
    assert not emulator.running


def test_the_first_query_comes_after_five_seconds_and_then_ever_more_seldom(
    tell: Tell, emulator: Emulator, time: Time
) -> None:
    emulator.fail("query", Fault.status(500), times=3)

    def story(client: Any) -> Any:
        recording = yield lambda: client.mix.record("lesson-42", storage=STORAGE)
        assert time.waits == [5.0, 5.0, 10.0, 15.0]
        yield recording.stop

    tell(story)


def test_without_confirming_no_query_is_made(tell: Tell, emulator: Emulator, time: Time) -> None:
    def story(client: Any) -> Any:
        recording = yield lambda: client.mix.record("lesson-42", storage=STORAGE, confirm=False)
        assert (recording.last_status, recording.last_seen, time.waits) == (None, None, [])
        assert [call.endpoint for call in emulator.calls] == ["acquire", "start"]
        yield recording.stop

    tell(story)


def test_what_is_not_seen_to_run_within_ninety_seconds_is_stopped_and_told_of(
    tell: Tell, emulator: Emulator, time: Time
) -> None:
    emulator.fail("query", Fault.status(500))

    def story(client: Any) -> Any:
        with pytest.raises(RecordingNotStartedError) as failed:
            yield lambda: client.mix.record("lesson-42", storage=STORAGE)
        assert time.waits == [5, 5, 10, 15, 20, 25, 5]
        assert failed.value.handle is not None
        assert failed.value.handle["sid"] == emulator.recordings[0].sid
        assert names_it(failed.value, failed.value.handle)
        assert any("was stopped" in note for note in failed.value.__notes__)

    tell(story)
    assert not emulator.running


def test_one_that_is_gone_at_once_is_believed_after_the_waits(tell: Tell, emulator: Emulator, time: Time) -> None:
    emulator.fail("query", Fault.status(404, 404, "failed to find worker"))

    def story(client: Any) -> Any:
        with pytest.raises(RecordingEnded) as failed:
            yield lambda: client.mix.record("lesson-42", storage=STORAGE)
        # Seen first after 5 seconds, and believed 5, 10 and 15 seconds after that.
        assert time.waits[:4] == [5.0, 5.0, 10.0, 15.0]
        assert "never got into the channel" in str(failed.value)

    tell(story)
    assert not emulator.running


def test_the_three_modes(tell: Tell, emulator: Emulator, time: Time) -> None:
    def story(client: Any) -> Any:
        individual = yield lambda: client.individual.record("ward-7", storage=STORAGE)
        mix = yield lambda: client.mix.record("lesson-42", storage=STORAGE)
        web = yield lambda: client.web.record("page-7", PAGE, max_recording_hour=2, storage=STORAGE)
        assert [seen.mode for seen in emulator.running] == ["individual", "mix", "web"]
        time.advance(60)
        for recording in (individual, mix, web):
            result = yield recording.stop
            assert result.files
            assert {file.key for file in result.files} <= set(emulator.recording(recording.sid).keys)

    tell(story)
    assert not emulator.running


def test_web_needs_max_recording_hour(emulator: Emulator, time: Time) -> None:
    def story(client: Any) -> Any:
        with pytest.raises(TypeError, match="max_recording_hour"):
            yield lambda: client.web.record("page-7", PAGE, storage=STORAGE)

    play("sync", emulator, time, story)
    play("asyncio", emulator, time, story)


def test_a_uid_that_is_given_is_used(tell: Tell, emulator: Emulator) -> None:
    def story(client: Any) -> Any:
        recording = yield lambda: client.mix.record("lesson-42", storage=STORAGE, uid=527841, confirm=False)
        assert recording.uid == "527841"
        yield recording.stop
        with pytest.raises(InvalidRequestError, match=r"uid: 101 \(must not be one of those in avoid\)"):
            yield lambda: client.mix.record("lesson-42", storage=STORAGE, uid=101, avoid=[101, 102])

    tell(story)


def test_the_same_twice_makes_one_recording_and_says_which(tell: Tell, emulator: Emulator) -> None:
    """Also where the other client is in another process, whose handle is kept somewhere else."""

    def story(client: Any) -> Any:
        first = yield lambda: client.mix.record("lesson-42", storage=STORAGE, confirm=False)
        with pytest.raises(TaskConflictError, match="this very recording runs already") as caught:
            yield lambda: client.mix.record("lesson-42", storage=STORAGE)
        error = caught.value
        assert (error.cname, error.uid, error.http_status, error.code) == ("lesson-42", first.uid, 400, 53)
        again = client.attach(error.handle)
        yield again.query
        yield first.stop

    tell(story)
    assert len(emulator.recordings) == 1


def test_the_same_by_another_process_says_where_its_handle_is(tell: Tell, emulator: Emulator, time: Time) -> None:
    def other(client: Any) -> Any:
        yield lambda: client.mix.record("lesson-42", storage=STORAGE, confirm=False)

    def story(client: Any) -> Any:
        thread = threading.Thread(target=play, args=("sync", emulator, time, other))
        thread.start()
        thread.join(20)
        [running] = emulator.running
        with pytest.raises(TaskConflictError) as caught:
            yield lambda: client.mix.record("lesson-42", storage=STORAGE)
        assert (caught.value.uid, caught.value.handle) == (running.uid, None)
        assert "on_started" in caught.value.advice
        # With a key it is another one.
        beside = yield lambda: client.mix.record("lesson-42", storage=STORAGE, key="teacher", confirm=False)
        assert beside.uid != running.uid
        with pytest.raises(TaskConflictError):
            yield lambda: client.mix.record("lesson-42", storage=STORAGE, key="teacher")

    tell(story)


@pytest.mark.parametrize("kind", ["asyncio", "trio"])
def test_three_at_the_same_moment_make_one(kind: str, emulator: Emulator) -> None:
    """The two others know the one that runs, also where its start was not answered yet."""
    ends: list[Any] = []

    async def main() -> None:
        options: dict[str, Any] = {"base_url": emulator.url, "rate_limit": None}
        async with AsyncCloudRecording(emulator.app_id, emulator.credential, **options) as client:

            async def record() -> None:
                try:
                    ends.append(await client.mix.record("lesson-42", storage=STORAGE, confirm=False))
                except TaskConflictError as error:
                    ends.append(error)

            async with anyio.create_task_group() as group:
                for _ in range(3):
                    group.start_soon(record)
            [recording] = [end for end in ends if not isinstance(end, TaskConflictError)]
            handles = [end.handle for end in ends if isinstance(end, TaskConflictError)]
            assert [handle["resource_id"] for handle in handles] == [recording.resource_id] * 2

    anyio.run(main, backend=kind)
    assert len(emulator.recordings) == 1


def test_one_that_was_stopped_is_recorded_again(tell: Tell, emulator: Emulator, time: Time) -> None:
    """With the same uid; also where the service takes a moment to know that the first is over."""

    def story(client: Any) -> Any:
        first = yield lambda: client.mix.record("lesson-42", storage=STORAGE, confirm=False)
        yield first.stop
        emulator.fail("start", Fault.status(400, 53), times=2)
        second = yield lambda: client.mix.record("lesson-42", storage=STORAGE, confirm=False)
        assert (second.uid, second.sid == first.sid) == (first.uid, False)
        yield second.stop

    tell(story)


@pytest.mark.parametrize(
    ("words", "told"),
    [
        ({"key": 1.5}, r"key: 1\.5 \(must be a string or a number\)"),
        ({"key": ["a"]}, r"key: \['a'\] \(must be a string or a number\)"),
        ({"key": "a", "uid": 7}, r"key: 'a' \(goes with no uid"),
    ],
    ids=str,
)
def test_a_key_that_is_none(emulator: Emulator, time: Time, words: dict[str, Any], told: str) -> None:
    def story(client: Any) -> Any:
        with pytest.raises(InvalidRequestError, match=told):
            yield lambda: client.mix.record("lesson-42", storage=STORAGE, **words)

    play("sync", emulator, time, story)
    assert emulator.calls == ()


def test_a_taken_uid_that_was_given_is_told_of(tell: Tell, emulator: Emulator) -> None:
    def story(client: Any) -> Any:
        first = yield lambda: client.mix.record("lesson-42", storage=STORAGE, uid=7, confirm=False)
        with pytest.raises(TaskConflictError):
            yield lambda: client.mix.record("lesson-42", storage=STORAGE, uid=7, confirm=False)
        yield first.stop

    tell(story)


def test_no_recorder_to_be_had_is_tried_anew_with_a_new_resource_id(tell: Tell, emulator: Emulator) -> None:
    emulator.fail("start", Fault.status(500, 502), times=4)

    def story(client: Any) -> Any:
        recording = yield lambda: client.mix.record("lesson-42", storage=STORAGE, confirm=False)
        assert [call.endpoint for call in emulator.calls].count("acquire") == 2
        yield recording.stop

    tell(story)
    assert len(emulator.recordings) == 1


def names_it(error: Exception, handle: RecordingHandle) -> bool:
    """An alert says which recording it is about."""
    told = str(error)
    return len(told) <= 200 and f"cname {handle['cname']!r}, uid {handle['uid']}" in told


def test_a_start_whose_answer_is_lost_for_good_carries_the_handle(
    tell: Tell, emulator: Emulator, caplog: pytest.LogCaptureFixture
) -> None:
    emulator.fail("start", Fault.drop(after_effect=True))

    def story(client: Any) -> Any:
        with pytest.raises(RecordingMayBeRunningError) as failed:
            yield lambda: client.mix.record("lesson-42", storage=STORAGE, uid=1695185955)
        assert failed.value.handle is not None
        assert failed.value.handle["sid"] is None
        assert names_it(failed.value, failed.value.handle)
        assert failed.value.handle["resource_id"] in caplog.text
        emulator.heal()
        # Event 40 carries the sid.
        found = client.attach(failed.value.handle, sid=emulator.running[0].sid)
        yield found.stop

    tell(story)
    assert len(emulator.recordings) == 1
    assert not emulator.running


@pytest.mark.parametrize(
    ("words", "told"),
    [
        ({"files": ["mp4"]}, "recordingFileConfig.avFileType"),
        ({"max_idle_time": 4}, "max_idle_time (recordingConfig.maxIdleTime): 4"),
        ({"uid": 0}, "uid: '0'"),
        ({"storage": {**STORAGE, "region": 17}}, "storageConfig"),
        ({"storage": 7}, "storage: int"),
        ({"storage": {**STORAGE, "stsToken": "T", "stsExpiration": 1}}, "storage.stsExpiration: 1"),
        ({"redundancy": 3}, "redundancy: 3"),
        (
            {"max_idle_time": 60, "recording_config": {"channelType": 1, "maxIdleTime": 90}},
            "recording_config.maxIdleTime",
        ),
        ({"resource_expired_hour": 0}, "resource_expired_hour (resourceExpiredHour): 0"),
        (
            {"encryption": {"decryptionMode": 99, "secret": "s"}},
            "encryption.decryptionMode: 99",
        ),
        (
            {"recording_config": {"subscribeAudioUids": ["x"]}},
            "recording_config.subscribeAudioUids[0]: 'x'",
        ),
        ({"recording_config": {"decryptionMode": 1}}, "recording_config (recordingConfig): decryptionMode=1"),
    ],
)
def test_bad_input_is_told_of_before_anything_is_sent(
    emulator: Emulator, time: Time, words: dict[str, Any], told: str
) -> None:
    def story(client: Any) -> Any:
        with pytest.raises(InvalidRequestError) as failed:
            yield lambda: client.mix.record("lesson-42", **{"storage": STORAGE} | words)
        assert told in str(failed.value)

    play("sync", emulator, time, story)
    play("asyncio", emulator, time, story)
    assert not emulator.calls


@pytest.mark.parametrize("name", ["on_acquired", "on_started", "on_problem"])
def test_a_hook_that_is_no_function_is_told_of_before_anything_is_sent(
    name: str, tell: Tell, emulator: Emulator
) -> None:
    def story(client: Any) -> Any:
        hook: dict[str, Any] = {name: "print"}
        with pytest.raises(ConfigurationError, match=f"^{name}: must be a function, not str"):
            yield lambda: client.mix.record("lesson", storage=STORAGE, **hook)

    tell(story)
    assert emulator.calls == ()


def test_everything_that_is_wrong_is_told_at_once(emulator: Emulator, time: Time) -> None:
    def story(client: Any) -> Any:
        with pytest.raises(InvalidRequestError) as failed:
            yield lambda: client.mix.record(
                "", storage={**STORAGE, "bucket": ""}, files=["mp4"], max_idle_time=1, resource_expired_hour=0, uid="x"
            )
        fields = {problem.field for problem in failed.value.problems}
        assert {"cname", "uid", "storageConfig.bucket", "recordingConfig.maxIdleTime", "resourceExpiredHour"} <= fields

    play("sync", emulator, time, story)


def test_words_that_cannot_be_are_told_with_the_rest(emulator: Emulator, time: Time) -> None:
    def story(client: Any) -> Any:
        with pytest.raises(InvalidRequestError) as failed:
            yield lambda: client.mix.record(
                "", storage={**STORAGE, "region": 17}, audio="everyone", transcoding=5, files=7.5
            )
        fields = {problem.field for problem in failed.value.problems}
        assert {"cname", "storageConfig", "audio", "transcoding", "files"} <= fields

    play("sync", emulator, time, story)


def test_without_checking_the_service_decides(tell: Tell, emulator: Emulator) -> None:
    def story(client: Any) -> Any:
        with pytest.raises(Exception, match="avFileType"):
            yield lambda: client.mix.record("lesson-42", storage=STORAGE, files=["mp4"], check=False)

    tell(story)
    assert emulator.calls


def test_storage_may_be_a_model(tell: Tell, emulator: Emulator) -> None:
    storage = StorageConfig(
        vendor=StorageVendor.AMAZON_S3, region=7, bucket="lessons", access_key="AK", secret_key="SK"
    )

    def story(client: Any) -> Any:
        recording = yield lambda: client.mix.record("lesson-42", storage=storage, confirm=False)
        assert emulator.running[0].storage["bucket"] == "lessons"
        yield recording.stop

    tell(story)


def test_hooks_are_called_before_anything_else_can_go_wrong(tell: Tell, emulator: Emulator) -> None:
    seen: list[tuple[str, Any, list[str]]] = []

    def note(name: str) -> Callable[[Any], None]:
        return lambda handle: seen.append((name, handle, [call.endpoint for call in emulator.calls]))

    def story(client: Any) -> Any:
        recording = yield lambda: client.mix.record(
            "lesson-42", storage=STORAGE, on_acquired=note("acquired"), on_started=note("started")
        )
        (first, acquired, before), (second, started, after) = seen
        assert (first, before, second, after) == ("acquired", ["acquire"], "started", ["acquire", "start"])
        assert (acquired["sid"], started["sid"]) == (None, recording.sid)
        assert acquired["resource_id"] == started["resource_id"] == recording.resource_id
        assert json.loads(json.dumps(started)) == started
        yield recording.stop

    tell(story)


@pytest.mark.parametrize(("hook", "started"), [("on_acquired", 0), ("on_started", 1)])
def test_a_hook_that_raises_leaves_nothing_running(tell: Tell, emulator: Emulator, hook: str, started: int) -> None:
    def fails(handle: Any) -> None:
        raise LookupError("the database is down")

    def story(client: Any) -> Any:
        with pytest.raises(LookupError, match="the database is down"):
            yield lambda: client.mix.record("lesson-42", storage=STORAGE, **{hook: fails})

    tell(story)
    assert len(emulator.recordings) == started
    assert not emulator.running


def test_what_could_not_be_confirmed_nor_stopped_is_told_of_with_its_handle(tell: Tell, emulator: Emulator) -> None:
    emulator.fail("query", Fault.status(401))
    emulator.fail("stop", Fault.drop())

    def story(client: Any) -> Any:
        with pytest.raises(RecordingMayBeRunningError) as failed:
            yield lambda: client.mix.record("lesson-42", storage=STORAGE)
        assert failed.value.sid == emulator.running[0].sid
        assert failed.value.handle is not None
        assert f"cname={failed.value.cname!r}, uid={failed.value.uid!r}" in str(failed.value)
        emulator.heal()
        assert failed.value.handle is not None
        yield client.attach(failed.value.handle).stop

    tell(story)
    assert not emulator.running


# ------------------------------------------------------------------------------------------- tokens


def test_a_token_is_made_for_the_cname_and_the_uid(tell: Tell, emulator: Emulator) -> None:
    asked: list[tuple[str, int]] = []

    def make(cname: str, uid: int) -> str:
        asked.append((cname, uid))
        return f"token-{cname}-{uid}"

    def story(client: Any) -> Any:
        recording = yield lambda: client.mix.record("lesson-42", storage=STORAGE, token=make, confirm=False)
        assert asked == [("lesson-42", int(recording.uid))]
        assert emulator.running[0].request["token"] == f"token-lesson-42-{recording.uid}"
        yield recording.stop

    tell(story)


def test_a_token_that_cannot_be_made_leaves_nothing_behind(tell: Tell, emulator: Emulator) -> None:
    def fails(cname: str, uid: int) -> str:
        raise LookupError("no certificate")

    def story(client: Any) -> Any:
        with pytest.raises(LookupError, match="no certificate"):
            yield lambda: client.mix.record("lesson-42", storage=STORAGE, token=fails)

    tell(story)
    assert not emulator.calls


def test_a_connection_that_cannot_be_had_at_all(tell: Tell, emulator: Emulator) -> None:
    def story(client: Any) -> Any:
        with emulator.refuse(0), pytest.raises(NetworkError):
            yield lambda: client.mix.record("lesson-42", storage=STORAGE)

    tell(story)
    assert not emulator.recordings


def test_a_wrong_uid_is_told_before_a_token_is_made(emulator: Emulator, time: Time) -> None:
    def story(client: Any) -> Any:
        for check in (True, False):
            with pytest.raises(InvalidRequestError, match="uid: 'x'"):
                yield lambda check=check: client.mix.record(
                    "lesson-42", storage=STORAGE, uid="x", token=lambda cname, uid: "T", check=check
                )
        for words in ({"files": 5.5}, {"avoid": None}):
            with pytest.raises(InvalidRequestError, match="must be a list"):
                yield lambda words=words: client.mix.record("lesson-42", storage=STORAGE, **words)

    play("sync", emulator, time, story)
    assert not emulator.calls


def test_retry_none_is_once(tell: Tell, emulator: Emulator) -> None:
    emulator.fail("start", Fault.status(500, 502))

    def story(client: Any) -> Any:
        with pytest.raises(ServiceUnavailableError):
            yield lambda: client.mix.record("lesson-42", storage=STORAGE, retry=None)

    tell(story)
    assert [call.endpoint for call in emulator.calls] == ["acquire", "start"]


def test_what_was_started_unchecked_can_be_stopped() -> None:
    """A service that has moved on takes what this version does not know."""

    def answer(request: httpx.Request) -> httpx.Response:
        return httpx.Response(200, json={"resourceId": "R", "sid": "S", "serverResponse": {"status": 5}})

    with httpx.Client(transport=httpx.MockTransport(answer)) as http_client:
        client = CloudRecording(APP_ID, CREDENTIAL, base_url=BASE_URL, http_client=http_client)
        with client.mix.record("c" * 100, storage={"vendor": 99}, check=False, confirm=False) as recording:
            client.attach(recording.handle).stop()
        assert recording.result.stopped is not None


def test_a_task_can_be_made_of_it(emulator: Emulator) -> None:
    async def main() -> None:
        async with AsyncCloudRecording(emulator.app_id, emulator.credential, base_url=emulator.url) as client:
            names = [f"lesson-{number}" for number in range(3)]
            tasks = [asyncio.create_task(client.mix.record(name, storage=STORAGE, confirm=False)) for name in names]
            for recording in await asyncio.gather(*tasks):
                await recording.stop()

    asyncio.run(main())
    assert len(emulator.recordings) == 3


def test_the_page_of_an_error_shows_no_ticket(emulator: Emulator, time: Time) -> None:
    def story(client: Any) -> Any:
        with pytest.raises(InvalidRequestError) as failed:
            yield lambda: client.web.record(
                "p", "ftp://u:do-not-show@x?t=do-not-show", max_recording_hour=1, storage=STORAGE
            )
        assert "serviceParam.url): " in str(failed.value)
        assert "do-not-show" not in str(failed.value)

    play("sync", emulator, time, story)


@pytest.mark.parametrize("half", ["_async", "_sync"])
def test_the_options_of_every_mode_are_those_that_are_described(half: str) -> None:
    """The arguments of each mode, written as types, are those that its `record` tells of, and those of every mode."""
    words = {"individual": options.RecordIndividual, "raw": options.RecordRaw, "mix": options.RecordMix}
    words["web"] = options.RecordWeb
    for mode, kind in words.items():
        name = f"{'Async' if half == '_async' else ''}{mode.capitalize()}Client"
        module = "individual" if mode == "raw" else mode
        record = getattr(import_module(f"cloudrec.{half}.{module}"), name).record
        told = re.findall(
            r"^ {4}(\w+): ", re.split("(?m)^(?=Args:|Raises:)", inspect.getdoc(record) or "")[1], re.MULTILINE
        )
        by_place = set(inspect.signature(record).parameters)
        assert set(told) == by_place - {"self"} | (kind.__annotations__.keys() - RecordOptions.__annotations__.keys())


def test_an_option_that_is_misspelt_is_an_error(emulator: Emulator, time: Time) -> None:
    def story(client: Any) -> Any:
        with pytest.raises(TypeError, match="redundency"):
            yield lambda: client.mix.record("lesson-42", storage=STORAGE, redundency=2)
        with pytest.raises(TypeError, match="storage"):
            yield lambda: client.mix.record("lesson-42")

    play("sync", emulator, time, story)
    play("asyncio", emulator, time, story)
    assert not emulator.calls
