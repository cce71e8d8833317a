"""What is sent and hardly does what was meant is warned of, with both values."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from cloudrec import (
    DeferredTranscoding,
    MixRecordingConfig,
    RequestWarning,
    S3Compatible,
    ServiceRegion,
    StreamMode,
    TrackType,
)
from cloudrec.emulator import Emulator
from tests.recordings.support import KINDS, PAGE, STORAGE, Time, play

IN_HOST = S3Compatible("lessons.minio.example.com", "lessons", "AK", "SK")
AZURE = {"vendor": 5, "bucket": "lessons", "accessKey": "contoso", "secretKey": "a2V5"}


def told(kind: str, emulator: Emulator, use: Callable[[Any], Any], **settings: Any) -> None:
    """Records once, so."""
    time = Time(emulator)

    def story(client: Any) -> Any:
        recording = yield lambda: use(client)
        yield recording.stop

    play(kind, emulator, time, story, **settings)


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize(
    ("use", "words"),
    [
        (
            lambda client: client.web.record("p", PAGE, max_recording_hour=100, storage=STORAGE, confirm=False),
            "record: max_recording_hour=100 lets .* than resource_expired_hour=72, after which",
        ),
        (
            lambda client: client.mix.record(
                "c", storage=STORAGE, max_idle_time=7200, resource_expired_hour=1, confirm=False
            ),
            "record: max_idle_time=7200 lets .* than resource_expired_hour=1, after which",
        ),
        (
            lambda client: client.raw.record(
                "c", storage=STORAGE, max_idle_time=2_592_000, resource_expired_hour=719, confirm=False
            ),
            "record: max_idle_time=2592000 lets .* than resource_expired_hour=719, after which",
        ),
        (
            lambda client: client.mix.record("c", storage={**AZURE, "region": 3}, confirm=False),
            "start: storage: region of vendor 5 .* has no effect",
        ),
        (
            lambda client: client.mix.record(
                "c", storage=STORAGE, recording_config={"streamMode": "standard"}, confirm=False
            ),
            "start: recording_config: streamMode has no effect in mix mode",
        ),
        (
            lambda client: client.mix.record(
                "c",
                storage=STORAGE,
                recording_config=MixRecordingConfig(stream_mode=StreamMode.STANDARD),
                confirm=False,
            ),
            "start: recording_config: stream_mode has no effect in mix mode",
        ),
        (
            lambda client: client.mix.record("c", storage=IN_HOST, confirm=False),
            "start: storage: endpoint=.* begins with bucket=",
        ),
    ],
)
def test_it_is_warned_of_and_sent(kind: str, use: Callable[[Any], Any], words: str) -> None:
    """At the line of whoever called."""
    with Emulator(strict=True) as emulator:
        with pytest.warns(RequestWarning, match=words) as caught:
            told(kind, emulator, use)
        assert len(caught) == 1
        assert len(emulator.recordings) == 1


@pytest.mark.parametrize("kind", KINDS)
def test_limits_that_agree_are_not_warned_of(kind: str) -> None:
    """As long as the resource ID is good, and no longer."""
    with Emulator() as emulator:
        told(
            kind,
            emulator,
            lambda client: client.web.record("p", PAGE, max_recording_hour=72, storage=STORAGE, confirm=False),
        )
        told(
            kind,
            emulator,
            lambda client: client.mix.record(
                "c", storage=STORAGE, max_idle_time=3600, resource_expired_hour=1, confirm=False
            ),
        )


@pytest.mark.parametrize("kind", KINDS)
def test_a_region_that_has_no_effect_is_left_out_by_the_caller_and_sent_as_0(kind: str) -> None:
    """And in acquire as in start, which must not differ."""
    with Emulator(strict=True) as emulator:
        told(kind, emulator, lambda client: client.mix.record("c", storage=AZURE, confirm=False))
        [recording] = emulator.recordings
        assert recording.request["storageConfig"] == {**AZURE, "region": 0}


@pytest.mark.parametrize("kind", KINDS)
def test_what_was_withdrawn_is_sent_with_a_warning(kind: str) -> None:
    def use(client: Any) -> Any:
        return client.individual.record(
            "c", storage=STORAGE, deferred_transcoding=DeferredTranscoding(), region=ServiceRegion.EU, confirm=False
        )

    with Emulator() as emulator:
        with pytest.warns(DeprecationWarning, match="in no current page of the provider") as caught:
            told(kind, emulator, use)
        told_of = {str(warning.message).rpartition(": deferred")[0] for warning in caught}
        assert told_of == {"acquire: deferred_transcoding", "start: deferred_transcoding"}
        assert "transcodeOptions" in emulator.recordings[0].request


@pytest.mark.parametrize("kind", KINDS)
def test_unchecked_nothing_is_warned_of(kind: str) -> None:
    with Emulator() as emulator:
        told(
            kind,
            emulator,
            lambda client: client.web.record(
                "p", PAGE, max_recording_hour=100, storage={**AZURE, "region": 3}, confirm=False, check=False
            ),
        )


@pytest.mark.parametrize("kind", KINDS)
def test_a_raw_recording_of_sound_alone(kind: str) -> None:
    """Its handle says what its files hold, and no scene is sent."""
    with Emulator() as emulator:
        time = Time(emulator)

        def story(client: Any) -> Any:
            recording = yield lambda: client.raw.record(
                "c", storage=STORAGE, files=["mp3"], stream_types=0, confirm=False
            )
            assert (recording.handle["files"], recording.handle["kinds"]) == (["mp3"], ["audio"])
            time.advance(40)
            result = yield recording.stop
            assert {(file.track_type, file.parts.extension) for file in result.files} == {(TrackType.AUDIO, "mp3")}

        play(kind, emulator, time, story)
