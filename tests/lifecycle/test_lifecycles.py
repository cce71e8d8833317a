"""Whole recordings over a real socket: the client, sync and async, against the emulator, in every mode."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import partial
from inspect import isawaitable
from typing import Any

import anyio
import pytest

from cloudrec import (
    AlreadyStoppingError,
    AsyncCloudRecording,
    AuthenticationError,
    BasicAuth,
    CloudRecording,
    InvalidResourceError,
    RecordingStatus,
    TaskConflictError,
    TaskNotFoundError,
    TooManyRecordingsError,
    UploadingStatus,
    answers,
    parse_file_name,
)
from cloudrec.emulator import Emulator
from tests.support import CNAME, PAGE, STORAGE, UID

Story = Callable[[Any, Emulator], Any]


@pytest.fixture
def emulator() -> Iterator[Emulator]:
    """The service, on a socket, with a clock that the test moves."""
    with Emulator() as running:
        yield running


@pytest.fixture(params=["sync", "asyncio", "trio"])
def tell(request: pytest.FixtureRequest, emulator: Emulator) -> Callable[[Story], None]:
    """Runs a story: a generator that yields calls and is sent their results, or their exceptions."""
    return partial(run, request.param, emulator)


def run(kind: str, emulator: Emulator, story: Story, credential: BasicAuth | None = None) -> None:
    """The same story for a sync client and for an async one on either event loop."""

    async def play(client: Any) -> None:
        steps = story(client, emulator)
        step = next(steps)
        while True:
            try:
                result = step()
                answer = await result if isawaitable(result) else result
                step = steps.send(answer)
            except StopIteration:
                return
            except Exception as error:
                try:
                    step = steps.throw(error)
                except StopIteration:
                    return

    # Without a rate limit: the emulator's clock stands still, and so does its count of requests a second.
    options: Any = {"base_url": emulator.url, "rate_limit": None}

    async def play_async() -> None:
        async with AsyncCloudRecording(emulator.app_id, credential or emulator.credential, **options) as client:
            await play(client)

    async def play_sync() -> None:
        with CloudRecording(emulator.app_id, credential or emulator.credential, **options) as client:
            await play(client)

    anyio.run(play_sync if kind == "sync" else play_async, backend="asyncio" if kind == "sync" else kind)


def begin(calls: Any, **what: Any) -> Any:
    """Acquires and starts; the two IDs that name the recording from then on."""
    acquired = yield lambda: calls.acquire(CNAME, UID)
    started = yield lambda: calls.start(acquired.resource_id, CNAME, UID, storage_config=STORAGE, **what)
    assert (started.resource_id, started.cname, started.uid) == (acquired.resource_id, CNAME, UID)
    assert acquired.request_id != started.request_id
    return acquired.resource_id, started.sid


def test_individual(tell: Callable[[Story], None]) -> None:
    """Every user to files of their own, listed as playlists; a subscription can be changed on the way."""

    def story(client: Any, emulator: Emulator) -> Any:
        ids = yield from begin(client.individual, recording_config={"channelType": 0})
        statuses = []
        for _ in range(4):
            statuses.append((yield lambda: client.individual.query(*ids)).status)
            emulator.clock.advance(1)
        assert statuses == [
            RecordingStatus.INITIALIZED, RecordingStatus.STARTING, RecordingStatus.PARTLY_READY, RecordingStatus.READY,
        ]  # fmt: skip
        emulator.clock.advance(20)
        state = yield lambda: client.individual.query(*ids)
        assert isinstance(state.server_response, answers.QueryIndividualRecording)
        assert state.status is RecordingStatus.IN_PROGRESS
        assert {(file.uid, file.track_type) for file in state.files} == {
            (uid, kind) for uid in ("101", "102") for kind in ("audio", "video")
        }
        only = {"audioUidList": {"subscribeAudioUids": ["101"]}}
        yield lambda: client.individual.update(*ids, CNAME, UID, stream_subscribe=only)
        emulator.clock.advance(20)
        stopped = yield lambda: client.individual.stop(*ids, CNAME, UID)
        assert isinstance(stopped.server_response, answers.StopIndividualRecording)
        assert stopped.uploading_status is UploadingStatus.UPLOADED
        assert {file.name for file in stopped.files} == {file.name for file in state.files}

    tell(story)


def test_raw(tell: Callable[[Story], None]) -> None:
    """Every user to a playlist and an MP4 file with sound and picture; no scene is sent."""

    def story(client: Any, emulator: Emulator) -> Any:
        ids = yield from begin(client.raw, recording_file_config={"avFileType": ["hls", "mp4"]})
        emulator.clock.advance(20)
        state = yield lambda: client.raw.query(*ids)
        assert isinstance(state.server_response, answers.QueryRawRecording)
        assert state.status is RecordingStatus.IN_PROGRESS
        only = {"audioUidList": {"subscribeAudioUids": ["101"]}, "videoUidList": {"subscribeVideoUids": ["101"]}}
        yield lambda: client.raw.update(*ids, CNAME, UID, stream_subscribe=only)
        emulator.clock.advance(20)
        stopped = yield lambda: client.raw.stop(*ids, CNAME, UID)
        assert isinstance(stopped.server_response, answers.StopRawRecording)
        assert [(file.uid, file.track_type, file.name.rpartition(".")[2]) for file in stopped.files] == [
            (uid, "audio_and_video", kind) for uid in ("101", "102") for kind in ("mp4", "m3u8")
        ]

    tell(story)


@pytest.mark.parametrize("files", [["hls"], ["hls", "mp4"], ["mp4"]])
def test_a_raw_recording_from_record_to_its_files(tell: Callable[[Story], None], files: list[str]) -> None:
    """`record`, and the names of everything in the bucket read: kinds, users, codecs."""

    def story(client: Any, emulator: Emulator) -> Any:
        emulator.channel(CNAME).join(101)
        emulator.channel(CNAME).join(102, codec="VP9")
        recording = yield lambda: client.raw.record(CNAME, storage=STORAGE, files=files, confirm=False)
        emulator.clock.advance(40)
        yield recording.stop
        assert recording.result.uploading_status is UploadingStatus.UPLOADED
        bucket = [parse_file_name(key) for key in emulator.recordings[0].keys]
        found = {(file.uid, file.extension, file.codec) for file in bucket}
        hls = {("101", "m3u8", "H264"), ("101", "ts", "H264"), ("102", "mpd", "VP9"), ("102", "webm", "VP9")}
        assert found == (hls if "hls" in files else set()) | ({("101", "mp4", "H264")} if "mp4" in files else set())
        told = {file.parts.name for file in recording.result.files}
        assert told == {file.name for file in bucket if file.is_playlist or file.extension == "mp4"}
        again = client.attach(recording.handle)
        assert (again.mode, type(again)) == ("raw", type(recording))

    tell(story)


def test_individual_screenshots(tell: Callable[[Story], None]) -> None:
    """Screenshots alone: a state without files, and an end that only tells of the upload."""

    def story(client: Any, emulator: Emulator) -> Any:
        ids = yield from begin(
            client.individual, recording_config={"channelType": 1}, snapshot_config={"fileType": ["jpg"]}
        )
        emulator.clock.advance(30)
        state = yield lambda: client.individual.query(*ids)
        assert isinstance(state.server_response, answers.QueryIndividualScreenshots)
        stopped = yield lambda: client.individual.stop(*ids, CNAME, UID)
        assert isinstance(stopped.server_response, answers.StopIndividualScreenshots)
        assert stopped.files == ()
        assert any(key.endswith(".jpg") for key in emulator.recordings[0].keys)

    tell(story)


@pytest.mark.parametrize(
    ("files", "query", "stop", "names"),
    [
        (["hls"], answers.QueryMixHls, answers.StopMixHls, ["m3u8"]),
        (["hls", "mp4"], answers.QueryMixHlsAndMp4, answers.StopMixHlsAndMp4, ["mp4", "m3u8"]),
    ],
)
def test_mix(tell: Callable[[Story], None], files: list[str], query: Any, stop: Any, names: list[str]) -> None:
    """All users in one picture; the layout can be replaced while it runs."""

    def story(client: Any, emulator: Emulator) -> Any:
        ids = yield from begin(client.mix, recording_file_config={"avFileType": files})
        emulator.clock.advance(20)
        state = yield lambda: client.mix.query(*ids)
        assert isinstance(state.server_response, query)
        yield lambda: client.mix.update_layout(*ids, CNAME, UID, mixed_video_layout=1)
        assert emulator.recordings[0].layout["mixedVideoLayout"] == 1
        emulator.clock.advance(20)
        stopped = yield lambda: client.mix.stop(*ids, CNAME, UID)
        assert isinstance(stopped.server_response, stop)
        assert [file.name.rpartition(".")[2] for file in stopped.files] == names
        assert all(file.name.startswith(f"{ids[1]}_{CNAME}") for file in stopped.files)

    tell(story)


def test_web(tell: Callable[[Story], None]) -> None:
    """A page, paused and going on, pushed to a CDN beside its recording."""

    def story(client: Any, emulator: Emulator) -> Any:
        push = {"serviceName": "rtmp_publish_service", "serviceParam": {"outputs": [{"rtmpUrl": "rtmp://cdn.test/a"}]}}
        services = {"extensionServices": [*PAGE["extensionServices"], push]}
        ids = yield from begin(client.web, extension_service_config=services)
        emulator.clock.advance(30)
        state = yield lambda: client.web.query(*ids)
        assert isinstance(state.server_response, answers.QueryWebRecording)
        assert [type(service) for service in state.server_response.services] == [
            answers.WebRecorder, answers.RtmpPublisher,
        ]  # fmt: skip
        assert state.server_response.web_recorder.onhold is False
        assert [output.status for output in state.server_response.rtmp_publisher.outputs] == ["publishing"]
        yield lambda: client.web.update(*ids, CNAME, UID, web_recording_config={"onhold": True})
        paused = yield lambda: client.web.query(*ids)
        assert paused.server_response.web_recorder.onhold is True
        stopped = yield lambda: client.web.stop(*ids, CNAME, UID)
        assert isinstance(stopped.server_response, answers.StopWebRecording)
        assert stopped.uploading_status is UploadingStatus.UPLOADED
        assert stopped.files

    tell(story)


def test_nothing_recorded(tell: Callable[[Story], None]) -> None:
    """A recording of a channel in which nobody sends ends with a result that says so."""

    def story(client: Any, emulator: Emulator) -> Any:
        emulator.channel(CNAME).join(7, audio=False, video=False)
        ids = yield from begin(client.mix)
        emulator.clock.advance(20)
        stopped = yield lambda: client.mix.stop(*ids, CNAME, UID)
        assert stopped.nothing_recorded
        assert isinstance(stopped.server_response, answers.NothingRecorded)
        assert (stopped.http_status, stopped.files) == (206, ())

    tell(story)


def test_the_end_and_what_comes_after(tell: Callable[[Story], None]) -> None:
    """A second stop is told that it is stopping, a later one that there is nothing; an idle channel ends it, too."""

    def story(client: Any, emulator: Emulator) -> Any:
        ids = yield from begin(client.mix)
        emulator.clock.advance(20)
        not_waiting = yield lambda: client.mix.stop(*ids, CNAME, UID, async_stop=True)
        assert not_waiting.uploading_status is UploadingStatus.UNKNOWN
        for error, wait in ((AlreadyStoppingError, 10), (TaskNotFoundError, 0)):
            with pytest.raises(error):
                yield lambda: client.mix.stop(*ids, CNAME, UID)
            emulator.clock.advance(wait)
        emulator.channel(CNAME)
        ids = yield from begin(client.mix)
        emulator.clock.advance(60)
        with pytest.raises(TaskNotFoundError, match="maxIdleTime"):
            yield lambda: client.mix.query(*ids)
        assert emulator.recordings[1].ended == "idle"

    tell(story)


def test_what_the_service_refuses(tell: Callable[[Story], None]) -> None:
    """A resource ID that is too old, a channel that is recorded with the same uid already."""

    def story(client: Any, emulator: Emulator) -> Any:
        acquired = yield lambda: client.mix.acquire(CNAME, UID)
        emulator.clock.advance(301)
        with pytest.raises(InvalidResourceError):
            yield lambda: client.mix.start(acquired.resource_id, CNAME, UID, storage_config=STORAGE)
        assert emulator.recordings == ()
        yield from begin(client.mix)
        with pytest.raises(TaskConflictError):
            yield from begin(client.mix)
        assert len(emulator.recordings) == 1

    tell(story)


def test_no_room(tell: Callable[[Story], None], emulator: Emulator) -> None:
    """More recordings than the account may have are refused at acquire."""

    def story(client: Any, emulator: Emulator) -> Any:
        for uid in range(1, 51):
            acquired = yield lambda uid=uid: client.mix.acquire(CNAME, uid)
            yield lambda rid=acquired.resource_id, uid=uid: client.mix.start(rid, CNAME, uid, storage_config=STORAGE)
            emulator.clock.advance(1)
        with pytest.raises(TooManyRecordingsError):
            yield lambda: client.mix.acquire(CNAME, 51)

    tell(story)


@pytest.mark.parametrize("kind", ["sync", "asyncio", "trio"])
def test_wrong_secret(kind: str, emulator: Emulator) -> None:
    """Wrong credentials are told as what they are, and not what they were."""

    def story(client: Any, emulator: Emulator) -> Any:
        with pytest.raises(AuthenticationError) as caught:
            yield lambda: client.ncs_ips()
        assert "not-the-secret" not in str(caught.value)

    run(kind, emulator, story, BasicAuth(emulator.credential.customer_id, "not-the-secret"))


def test_addresses(tell: Callable[[Story], None]) -> None:
    """Where webhooks come from."""

    def story(client: Any, emulator: Emulator) -> Any:
        assert (yield lambda: client.ncs_ips()).addresses

    tell(story)
