"""`record` takes words, and the service gets what they mean; tokens are looked at for their end."""

from __future__ import annotations

import time as system_time
import warnings
from collections.abc import Callable
from typing import Any

import pytest

from cloudrec import (
    S3,
    BestFit,
    CdnPush,
    DeferredTranscoding,
    Encryption,
    Floating,
    InvalidRequestError,
    ServiceRegion,
    Snapshots,
    StreamTypes,
    TokenExpiryWarning,
    Transcoding,
    Vertical,
    WebPage,
    everyone_but,
    grid,
    nobody,
    only,
)
from cloudrec.emulator import Emulator
from tests.recordings.support import STORAGE, Story, Time, play
from tests.unit.test_tokens import HOUR, inside_007, pack_007, service

Tell = Callable[[Story], None]


def request(emulator: Emulator) -> Any:
    return emulator.recordings[-1].request


def test_a_mix_recording_in_words(tell: Tell, emulator: Emulator) -> None:
    def story(client: Any) -> Any:
        recording = yield lambda: client.mix.record(
            "lesson-42",
            storage=S3("lessons", "eu-central-1", "AK", "SK", prefix=("lessons", "42")),
            files="hls",
            audio=everyone_but(7),
            video=only(101),
            layout=grid([101, 102]),
            transcoding=Transcoding("720p"),
            encryption=Encryption("aes-128-gcm", "key"),
            max_idle_time=60,
            confirm=False,
        )
        sent = request(emulator)
        config = sent["recordingConfig"]
        assert sent["storageConfig"]["region"] == 7
        assert sent["recordingFileConfig"] == {"avFileType": ["hls"]}
        assert config["unSubscribeAudioUids"] == ["7"]
        assert config["subscribeVideoUids"] == ["101"]
        assert config["maxIdleTime"] == 60
        assert (config["decryptionMode"], config["secret"]) == (5, "key")
        canvas = config["transcodingConfig"]
        assert (canvas["width"], canvas["height"], canvas["mixedVideoLayout"]) == (1280, 720, 3)
        assert [region["uid"] for region in canvas["layoutConfig"]] == ["101", "102"]

        # What is changed later starts from there.
        yield lambda: recording.layout(background_color="#202020")
        assert emulator.running[0].layout["mixedVideoLayout"] == 3
        yield lambda: recording.layout(Vertical(101))
        layout = emulator.running[0].layout
        assert (layout["mixedVideoLayout"], layout["maxResolutionUid"], layout["backgroundColor"]) == (
            2,
            "101",
            "#202020",
        )
        yield lambda: recording.layout(BestFit())
        yield lambda: recording.layout(Floating())
        assert emulator.running[0].layout["mixedVideoLayout"] == 0
        yield recording.stop

    tell(story)


@pytest.mark.filterwarnings("ignore:.* deferred transcoding is in no current page:DeprecationWarning")
def test_an_individual_recording_in_words(tell: Tell, emulator: Emulator) -> None:
    def story(client: Any) -> Any:
        recording = yield lambda: client.individual.record(
            "ward-7", storage=STORAGE, snapshots=Snapshots(interval=30), audio=nobody(), confirm=False
        )
        sent = request(emulator)
        assert sent["snapshotConfig"] == {"captureInterval": 30, "fileType": ["jpg"]}
        assert "recordingFileConfig" not in sent
        assert recording.handle["files"] == ["jpg"]
        yield recording.stop
        recording = yield lambda: client.individual.record(
            "ward-7",
            storage=STORAGE,
            files=["hls"],
            deferred_transcoding=DeferredTranscoding("mp4"),
            region=ServiceRegion.EU,
            confirm=False,
        )
        sent = request(emulator)
        assert sent["appsCollection"] == {"combinationPolicy": "postpone_transcoding"}
        assert recording.handle["files"] == ["hls", "mp4"]
        yield recording.stop

    tell(story)


def test_a_page_in_words(tell: Tell, emulator: Emulator) -> None:
    def story(client: Any) -> Any:
        recording = yield lambda: client.web.record(
            "page-7",
            WebPage("https://example.com/lesson", width=1920, height=1080),
            max_recording_hour=3,
            storage=STORAGE,
            push_to=CdnPush("rtmp://a.example/live"),
            confirm=False,
        )
        recorder, push = request(emulator)["extensionServiceConfig"]["extensionServices"]
        assert recorder["serviceParam"]["videoWidth"] == 1920
        assert recorder["serviceParam"]["maxRecordingHour"] == 3
        assert push["serviceParam"]["outputs"] == [{"rtmpUrl": "rtmp://a.example/live"}]
        assert recording.handle["max_recording_hour"] == 3
        yield recording.stop

    tell(story)


def test_what_is_given_twice_is_refused(emulator: Emulator, time: Time) -> None:
    def story(client: Any) -> Any:
        with pytest.raises(InvalidRequestError, match=r"transcodingConfig.width: given \(is given by an argument"):
            yield lambda: client.mix.record(
                "lesson-42", storage=STORAGE, transcoding=Transcoding("720p"),
                recording_config={"channelType": 1, "transcodingConfig": {"width": 640, "height": 360}},
            )  # fmt: skip
        with pytest.raises(InvalidRequestError, match="audio, video"):
            yield lambda: client.mix.record("lesson-42", storage=STORAGE, audio=nobody(), video=nobody())

    play("sync", emulator, time, story)
    assert emulator.calls == ()


def token(hours: float) -> str:
    issued = int(system_time.time()) - HOUR
    lasts = HOUR + int(hours * HOUR)
    return pack_007(inside_007(service(1, {1: lasts}, ("lesson-42", "7")), lasts=lasts, issued=issued))


@pytest.mark.parametrize(
    ("hours", "words", "told"),
    [
        (2, {}, "ends in 2.0 hours"),
        (2, {"resource_expired_hour": 3}, "ends in 2.0 hours"),
        (2, {"resource_expired_hour": 1}, None),
        (-0.5, {}, "ended at"),
        (22.9, {"resource_expired_hour": 20}, None),
    ],
)
def test_a_token_that_ends_too_soon_is_warned_of(
    emulator: Emulator, hours: float, words: dict[str, Any], told: str | None
) -> None:
    from cloudrec import CloudRecording

    with (
        CloudRecording(emulator.app_id, emulator.credential, base_url=emulator.url) as client,
        warnings.catch_warnings(record=True) as seen,
    ):
        warnings.simplefilter("always")
        made = token(hours)
        client.mix.record("lesson-42", storage=STORAGE, token=made, confirm=False, **words).stop()
    assert all(warning.filename == __file__ for warning in seen)
    texts = [str(warning.message) for warning in seen if warning.category is TokenExpiryWarning]
    assert len(texts) == (told is not None)
    assert told is None or told in texts[0]
    assert not any(made in text for text in texts)


def test_a_token_that_is_none_is_not_looked_at(emulator: Emulator) -> None:
    from cloudrec import CloudRecording

    with CloudRecording(emulator.app_id, emulator.credential, base_url=emulator.url) as client:
        client.mix.record("lesson-42", storage=STORAGE, token="whatever", confirm=False).stop()


@pytest.mark.parametrize("mode", ["individual", "raw", "mix"])
@pytest.mark.parametrize("stream_types", list(StreamTypes))
def test_stream_types_are_sent(tell: Tell, emulator: Emulator, mode: str, stream_types: StreamTypes) -> None:
    """Also where nothing is said of audio and video."""

    def story(client: Any) -> Any:
        recording = yield lambda: getattr(client, mode).record(
            "c", storage=STORAGE, stream_types=stream_types, confirm=False
        )
        assert request(emulator)["recordingConfig"]["streamTypes"] == stream_types
        assert recording.handle["stream_types"] == stream_types
        yield recording.stop

    tell(story)
