"""What can be done with a recording while it runs, and how a 404 is understood."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Callable
from functools import partial
from typing import Any

import anyio
import anyio.lowlevel
import httpx
import pytest

from cloudrec import (
    AsyncCloudRecording,
    AuthenticationError,
    CloudRecording,
    InvalidRequestError,
    MixedVideoLayout,
    RecordingEnded,
    RecordingStatus,
    WaitTimeoutError,
    everyone,
    everyone_but,
    nobody,
    only,
)
from cloudrec.emulator import Emulator, Fault
from tests.recordings.support import PAGE, STORAGE, Story, Time

Tell = Callable[[Story], None]


def mix(client: Any, **words: Any) -> Callable[[], Any]:
    return lambda: client.mix.record("lesson-42", storage=STORAGE, confirm=False, **words)


def web(client: Any, **words: Any) -> Callable[[], Any]:
    return lambda: client.web.record("page-7", PAGE, max_recording_hour=2, storage=STORAGE, confirm=False, **words)


# ------------------------------------------------------------------------------------------- asking


def test_each_mode_offers_what_it_has_and_no_more(tell: Tell) -> None:
    offered = {"subscribe": "individual mix", "layout": "mix", "pause": "web", "resume": "web", "push_to": "web"}

    def story(client: Any) -> Any:
        made = {
            "individual": (yield lambda: client.individual.record("ward-7", storage=STORAGE, confirm=False)),
            "mix": (yield mix(client)),
            "web": (yield web(client)),
        }
        for name, modes in offered.items():
            assert [mode for mode, recording in made.items() if hasattr(recording, name)] == modes.split()
        for mode, recording in made.items():
            assert recording.mode == mode
            for name in ("query", "wait_until", "watch", "update_storage", "stop"):
                assert hasattr(recording, name)
            yield recording.stop

    tell(story)


def test_query(tell: Tell, time: Time) -> None:
    def story(client: Any) -> Any:
        recording = yield mix(client)
        time.advance(20)
        state = yield recording.query
        assert state.status == recording.last_status == RecordingStatus.IN_PROGRESS
        assert recording.last_seen is not None
        assert [file.name for file in state.files] == [f"lessons/42/{recording.sid}_lesson-42.m3u8"]
        yield recording.stop

    tell(story)


def test_wait_until_a_status_or_whatever_is_wanted(tell: Tell, time: Time) -> None:
    def story(client: Any) -> Any:
        recording = yield mix(client)
        state = yield lambda: recording.wait_until(RecordingStatus.READY)
        assert (state.status, time.now) == (RecordingStatus.READY, 5)
        state = yield lambda: recording.wait_until([RecordingStatus.IN_PROGRESS, RecordingStatus.EXITED], interval=2)
        assert state.status == RecordingStatus.IN_PROGRESS
        state = yield lambda: recording.wait_until(lambda state: len(state.files) == 1)
        assert len(state.files) == 1
        yield recording.stop

    tell(story)


def test_wait_until_gives_up(tell: Tell, time: Time, emulator: Emulator) -> None:
    def story(client: Any) -> Any:
        recording = yield mix(client)
        with pytest.raises(WaitTimeoutError, match="not as wanted within 12 s"):
            yield lambda: recording.wait_until(lambda state: False, timeout=12)
        assert time.now == 12
        emulator.crash(recording.sid)
        with pytest.raises(RecordingEnded, match="exited abnormally"):
            yield lambda: recording.wait_until(lambda state: False)
        yield recording.stop

    tell(story)


def test_watch_gives_what_changes_and_ends_with_the_recording(tell: Tell, time: Time, emulator: Emulator) -> None:
    def story(client: Any) -> Any:
        recording = yield mix(client)
        time.advance(4)
        # Nobody sends any more from now on, and after 300 seconds it ends by itself.
        emulator.channel("lesson-42")
        states = yield lambda: recording.watch(interval=60)
        assert [state.status for state in states] == [RecordingStatus.IN_PROGRESS, RecordingStatus.STOPPING]
        assert recording.ended is not None
        assert "maxIdleTime" in recording.ended.causes[0]
        yield recording.stop

    tell(story)
    assert 60.0 in time.waits


def test_watch_goes_on_after_a_failure_that_may_pass(tell: Tell, time: Time, emulator: Emulator) -> None:
    problems: list[Exception] = []

    def story(client: Any) -> Any:
        recording = yield mix(client, on_problem=problems.append)
        time.advance(4)
        emulator.fail("query", Fault.status(500), times=4)
        emulator.channel("lesson-42")
        states = yield recording.watch
        assert len(states) == 1
        assert [type(problem).__name__ for problem in problems] == ["ServiceUnavailableError"]
        yield recording.stop

    tell(story)


def test_watch_ends_with_a_failure_that_will_not_pass(tell: Tell, emulator: Emulator) -> None:
    def story(client: Any) -> Any:
        recording = yield mix(client)
        emulator.fail("query", Fault.status(401))
        with pytest.raises(AuthenticationError):
            yield recording.watch
        yield recording.stop

    tell(story)


def test_watching_a_recording_that_was_stopped_ends_at_once(tell: Tell) -> None:
    def story(client: Any) -> Any:
        recording = yield mix(client)
        yield recording.stop
        assert (yield recording.watch) == []
        assert recording.ended is None

    tell(story)


# ------------------------------------------------------------------------------------------- 404


def test_a_recording_that_is_being_moved_is_waited_for(tell: Tell, time: Time, emulator: Emulator) -> None:
    def story(client: Any) -> Any:
        recording = yield mix(client)
        time.advance(20)
        emulator.failover(recording.sid, 25)
        state = yield recording.query
        assert state.status == RecordingStatus.IN_PROGRESS
        assert time.waits == [5, 10, 15]
        emulator.failover(recording.sid, 14)
        yield lambda: recording.layout(background_color="#202020")
        assert time.waits == [5, 10, 15, 5, 10]
        yield recording.stop

    tell(story)


def test_a_404_is_believed_after_the_waits_and_explained_for_this_recording(
    tell: Tell, time: Time, emulator: Emulator
) -> None:
    def story(client: Any) -> Any:
        recording = yield mix(client, max_idle_time=40)
        time.advance(20)
        yield recording.query
        emulator.channel("lesson-42")
        time.advance(60)
        with pytest.raises(RecordingEnded) as failed:
            yield recording.query
        assert time.waits == [5, 10, 15]
        assert failed.value.causes[0] == "nobody sent a stream for 40 seconds (maxIdleTime)"
        assert failed.value.handle == recording.handle
        assert failed.value.last_status == RecordingStatus.IN_PROGRESS
        assert failed.value.last_seen == recording.last_seen
        assert recording.ended is failed.value
        # It is known now, and not waited for again.
        with pytest.raises(RecordingEnded):
            yield lambda: recording.subscribe(audio=everyone())
        assert time.waits == [5, 10, 15]
        yield recording.stop
        assert time.waits == [5, 10, 15]

    tell(story)


@pytest.mark.parametrize(
    ("words", "seconds", "cause"),
    [
        ({"resource_expired_hour": 1}, 3700, "its resource ID is good for 1 hours (resourceExpiredHour)"),
        ({}, 7300, "records for 2 hours at the most (maxRecordingHour)"),
    ],
)
@pytest.mark.filterwarnings("ignore:record. max_recording_hour=2 lets:cloudrec.RequestWarning")
def test_what_its_age_says_comes_first(tell: Tell, time: Time, words: dict[str, Any], seconds: int, cause: str) -> None:
    def story(client: Any) -> Any:
        recording = yield web(client, **words)
        time.advance(seconds)
        with pytest.raises(RecordingEnded) as failed:
            yield recording.query
        assert cause in failed.value.causes[0]
        yield recording.stop

    tell(story)


def test_a_young_recording_did_not_end_by_what_takes_time(tell: Tell, emulator: Emulator) -> None:
    def story(client: Any) -> Any:
        recording = yield mix(client)
        emulator.fail("query", Fault.status(404, 404, "failed to find worker"))
        with pytest.raises(RecordingEnded) as failed:
            yield recording.query
        told = " ".join(failed.value.causes)
        assert "maxIdleTime" not in told
        assert "resourceExpiredHour" not in told
        assert "never got into the channel" in told
        assert recording.uid in told
        yield recording.stop

    tell(story)


# ------------------------------------------------------------------------------------------- changing


def test_a_subscription_of_one_medium_keeps_the_other(tell: Tell, emulator: Emulator) -> None:
    sent: list[Any] = []

    def lists() -> Any:
        return sent[-1]

    def story(client: Any) -> Any:
        recording = yield mix(client, audio=only(101), video=everyone())
        for words, expected in [
            ({"video": only(102)}, ({"subscribeAudioUids": ["101"]}, {"subscribeVideoUids": ["102"]})),
            ({"audio": everyone_but(7)}, ({"unSubscribeAudioUids": ["7"]}, {"subscribeVideoUids": ["102"]})),
            ({"audio": nobody()}, (None, {"subscribeVideoUids": ["102"]})),
        ]:
            yield lambda words=words: recording.subscribe(**words)
            audio, video = recording._life._subscriptions
            fields = recording._life.subscribe_fields((audio, video))
            assert (fields.get("audioUidList"), fields.get("videoUidList")) == expected
        yield recording.stop

    tell(story)


def test_a_subscription_reaches_the_service(tell: Tell, emulator: Emulator, time: Time) -> None:
    emulator.channel("lesson-42").join(101)
    emulator.channel("lesson-42").join(102)

    def story(client: Any) -> Any:
        recording = yield lambda: client.individual.record(
            "lesson-42", storage=STORAGE, audio=only(101), video=nobody()
        )
        time.advance(40)
        result = yield recording.stop
        assert {(file.uid, file.track_type) for file in result.files} == {("101", "audio")}

    tell(story)


def test_an_update_of_the_layout_keeps_what_is_left_out(tell: Tell, emulator: Emulator) -> None:
    canvas = {"width": 1280, "height": 720, "backgroundColor": "#101010", "mixedVideoLayout": 1}

    def story(client: Any) -> Any:
        recording = yield mix(client, recording_config={"channelType": 1, "transcodingConfig": canvas})
        yield lambda: recording.layout(background_image="https://example.com/board.jpg")
        layout = emulator.running[0].layout
        assert (layout["backgroundColor"], layout["mixedVideoLayout"]) == ("#101010", 1)
        assert layout["backgroundImage"] == "https://example.com/board.jpg"
        yield lambda: recording.layout(mixed_video_layout=MixedVideoLayout.VERTICAL, max_resolution_uid=101)
        layout = emulator.running[0].layout
        assert (layout["backgroundColor"], layout["mixedVideoLayout"], layout["maxResolutionUid"]) == (
            "#101010",
            2,
            "101",
        )
        yield lambda: recording.layout({"mixedVideoLayout": 0})
        layout = emulator.running[0].layout
        assert (layout["backgroundColor"], layout["mixedVideoLayout"]) == ("#101010", 0)
        assert "maxResolutionUid" not in layout or not layout["maxResolutionUid"]
        yield recording.stop

    tell(story)


def test_where_it_is_not_known_what_is_in_force_all_of_it_must_be_given(tell: Tell, emulator: Emulator) -> None:
    def story(client: Any) -> Any:
        recording = yield mix(client)
        again = client.attach(recording.handle)
        with pytest.raises(
            InvalidRequestError, match=r"mixedVideoLayout: left out \(must be given, since this process"
        ):
            yield lambda: again.layout(background_color="#202020")
        with pytest.raises(InvalidRequestError, match="video: left out"):
            yield lambda: again.subscribe(audio=everyone())
        yield lambda: again.layout(mixed_video_layout=MixedVideoLayout.BEST_FIT)
        yield lambda: again.layout(background_color="#202020")
        yield lambda: again.subscribe(audio=everyone(), video=only(101))
        yield lambda: again.subscribe(audio=only(101))
        assert emulator.running[0].layout["mixedVideoLayout"] == 1
        yield recording.stop

    tell(story)


def test_pause_resume_and_push(tell: Tell, emulator: Emulator) -> None:
    def story(client: Any) -> Any:
        recording = yield web(client, push_to=["rtmp://a.example/live"])
        yield recording.pause
        assert emulator.running[0].onhold
        yield recording.resume
        assert not emulator.running[0].onhold
        yield lambda: recording.push_to("rtmps://b.example/live")
        assert emulator.running[0].outputs == ("rtmps://b.example/live",)
        with pytest.raises(InvalidRequestError, match="rtmpUrl") as failed:
            yield lambda: recording.push_to("https://b.example/do-not-show")
        assert "do-not-show" not in str(failed.value)
        yield recording.push_to
        assert emulator.running[0].outputs == ()
        yield recording.stop

    tell(story)


def test_nothing_of_it_shows_a_secret(tell: Tell, emulator: Emulator) -> None:
    def story(client: Any) -> Any:
        recording = yield mix(client, token="TK-do-not-show")
        result = yield recording.stop
        told = f"{recording!r} {recording.handle!r} {result!r} {result.files!r}"
        assert "do-not-show" not in told

    tell(story)


def test_updates_at_once_do_not_undo_each_other(emulator: Emulator) -> None:
    async def main() -> None:
        async with AsyncCloudRecording(emulator.app_id, emulator.credential, base_url=emulator.url) as client:
            recording = await client.mix.record("lesson-42", storage=STORAGE, confirm=False)
            await asyncio.gather(recording.subscribe(audio=only(1)), recording.subscribe(video=only(2)))
            assert recording._life._subscriptions == (only(1), only(2))
            await recording.stop()

    asyncio.run(main())


def test_waiting_for_what_is_stopped_asks_no_more_often(tell: Tell, time: Time, emulator: Emulator) -> None:
    def story(client: Any) -> Any:
        recording = yield mix(client)
        time.advance(30)
        yield lambda: recording.stop(async_stop=True)
        with pytest.raises(RecordingEnded):
            yield lambda: recording.wait_until(lambda state: False, timeout=60)
        assert [call.endpoint for call in emulator.calls].count("query") <= 2

    tell(story)


def test_waiting_takes_no_longer_than_it_may(tell: Tell, time: Time, emulator: Emulator) -> None:
    def story(client: Any) -> Any:
        recording = yield mix(client)
        for fault in (Fault.status(500), Fault.status(404, 404, "failed to find worker")):
            emulator.fail("query", fault)
            began = time.now
            with pytest.raises(WaitTimeoutError):
                yield lambda: recording.wait_until(RecordingStatus.READY, timeout=8)
            assert time.now - began <= 8.01
            emulator.heal()
        yield recording.stop

    tell(story)


@pytest.mark.parametrize("wrong", ["IN_PROGRESS", ["READY"], [], 1.5, None])
def test_what_cannot_be_waited_for(tell: Tell, wrong: Any) -> None:
    def story(client: Any) -> Any:
        recording = yield mix(client)
        with pytest.raises(InvalidRequestError, match="condition"):
            yield lambda: recording.wait_until(wrong)
        yield recording.stop

    tell(story)


def test_ended_is_not_said_of_what_was_stopped_here(tell: Tell, time: Time, emulator: Emulator) -> None:
    def story(client: Any) -> Any:
        recording = yield mix(client)
        time.advance(30)
        yield recording.stop
        yield recording.query  # on its way out
        assert recording.ended is None
        assert recording.result.ended is None

    tell(story)


@pytest.mark.parametrize("backend", ["asyncio", "trio"])
def test_updates_of_one_recording_are_sent_one_at_a_time(emulator: Emulator, backend: str) -> None:
    """Those of two recordings are not in each other's way."""
    under_way: dict[str, int] = {}
    most: dict[str, int] = {}
    together = 0

    class Counts(httpx.AsyncBaseTransport):
        def __init__(self) -> None:
            self._transport = httpx.AsyncHTTPTransport()

        async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
            nonlocal together
            if not request.url.path.endswith(("/update", "/updateLayout")):
                return await self._transport.handle_async_request(request)
            sid = request.url.path.split("/sid/")[1].split("/")[0]
            under_way[sid] = under_way.get(sid, 0) + 1
            most[sid] = max(most.get(sid, 0), under_way[sid])
            together = max(together, sum(under_way.values()))
            response = await self._transport.handle_async_request(request)
            await response.aread()
            for _ in range(5):
                await anyio.lowlevel.checkpoint()  # whoever would overtake has the time to
            under_way[sid] -= 1
            return response

        async def aclose(self) -> None:
            await self._transport.aclose()

    async def main() -> None:
        async with (
            httpx.AsyncClient(transport=Counts()) as http_client,
            AsyncCloudRecording(
                emulator.app_id, emulator.credential, base_url=emulator.url, http_client=http_client, rate_limit=None
            ) as client,
        ):
            recordings = [await client.mix.record(f"l-{n}", storage=STORAGE, confirm=False) for n in range(2)]
            async with anyio.create_task_group() as group:
                for recording in recordings:
                    for uid in range(1, 6):
                        group.start_soon(partial(recording.subscribe, audio=only(uid)))
                        group.start_soon(partial(recording.layout, background_color=f"#00000{uid}"))
            for recording in recordings:
                await recording.stop()

    anyio.run(main, backend=backend)
    assert list(most.values()) == [1, 1]
    assert together == 2


def test_updates_of_threads_are_sent_one_at_a_time(emulator: Emulator) -> None:
    lock, under_way, most = threading.Lock(), 0, 0

    class Counts(httpx.BaseTransport):
        def __init__(self) -> None:
            self._transport = httpx.HTTPTransport()

        def handle_request(self, request: httpx.Request) -> httpx.Response:
            nonlocal under_way, most
            if not request.url.path.endswith("/updateLayout"):
                return self._transport.handle_request(request)
            with lock:
                under_way += 1
                most = max(most, under_way)
            response = self._transport.handle_request(request)
            response.read()
            with lock:
                under_way -= 1
            return response

        def close(self) -> None:
            self._transport.close()

    with (
        httpx.Client(transport=Counts()) as http_client,
        CloudRecording(
            emulator.app_id, emulator.credential, base_url=emulator.url, http_client=http_client, rate_limit=None
        ) as client,
        client.mix.record("lesson-42", storage=STORAGE, confirm=False) as recording,
    ):
        threads = [
            threading.Thread(target=recording.layout, kwargs={"background_color": f"#00000{n}"}) for n in range(8)
        ]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    assert most == 1
