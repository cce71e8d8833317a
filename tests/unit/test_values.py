"""Values that cannot be built wrong: what they let through the emulator takes, what it refuses they refuse first."""

from __future__ import annotations

import copy
import pickle
import re
from base64 import b64encode
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from hypothesis import given, strategies as st

from cloudrec import (
    AudioProfile,
    CloudRecording,
    ContainerFormat,
    DecryptionMode,
    InvalidRequestError,
    Scene,
    ServiceRegion,
    WebRecorderServiceParam,
)
from cloudrec._contract.document import document
from cloudrec.emulator import Emulator
from cloudrec.emulator.service.contract import Contract
from cloudrec.values import (
    CdnPush,
    DeferredTranscoding,
    Encryption,
    Snapshots,
    Transcoding,
    WebPage,
    extension_service_config,
)
from tests.support import CNAME, PAGE, STORAGE, UID, Json, examples

MARK = "do-not-show"
KEY, SALT = f"key-{MARK}", bytes(range(32))
SALT_TEXT = b64encode(SALT).decode()
PUSH = f"rtmps://live.example.com/app/{MARK}"
GOOD: dict[str, Callable[[], Any]] = {
    "encryption": lambda: Encryption("aes-128-gcm2", KEY, SALT),
    "encryption without salt": lambda: Encryption(1, KEY),
    "snapshots": lambda: Snapshots(interval=30),
    "picture": lambda: Transcoding("720p", live=True),
    "deferred": lambda: DeferredTranscoding("mp3", channels=1),
    "page": lambda: WebPage("https://example.com", mobile=True, audio_profile=AudioProfile.STEREO_192_KBPS),
    "push": lambda: CdnPush(PUSH),
}


def problems(make: Callable[[], object]) -> dict[str, str]:
    """The broken rules by field."""
    with pytest.raises(InvalidRequestError) as caught:
        make()
    return {problem.field: problem.rule for problem in caught.value.problems}


def refused(component: str, **fields: Json) -> str | None:
    """Why the emulator would refuse a start with these fields."""
    return Contract.shipped(strict=True).problem(component, {"storageConfig": STORAGE, **fields})


def built(make: Callable[[], Any]) -> Any:
    """The value, or None where it is refused in the way that it should be."""
    try:
        return make()
    except InvalidRequestError as error:
        told = error
    assert told.problems
    assert MARK not in str(told)
    return None


def given_only(**fields: Any) -> Json:
    """Without what is None, which stands for left out."""
    return {name: value for name, value in fields.items() if value is not None}


# ------------------------------------------------------------------------------------------------- all of them


@pytest.mark.parametrize("make", GOOD.values(), ids=GOOD)
def test_they_are_values(make: Callable[[], Any]) -> None:
    """Equal by what they say, fit for sets, for copying and for other processes, and never changed."""
    value = make()
    assert value == make()
    assert hash(value) == hash(make())
    assert value != object()
    assert copy.copy(value) == copy.deepcopy(value) == pickle.loads(pickle.dumps(value)) == value
    for name in ("url", "urls", "secret", "interval", "width", "format", "anything"):
        with pytest.raises(AttributeError):
            setattr(value, name, None)


@pytest.mark.parametrize("make", GOOD.values(), ids=GOOD)
def test_they_show_no_secret(make: Callable[[], Any]) -> None:
    for text in (repr(make()), str(make()), f"{[make()]}"):
        assert MARK not in text
        assert SALT_TEXT not in text


ODD: st.SearchStrategy[Any] = st.sampled_from(
    [None, True, False, "", "x", "7", 1.5, float("nan"), b"", [], {}, (), -1, 0, 10**6]
)


def mostly(good: Any) -> st.SearchStrategy[Any]:
    """Nine times out of ten what may be good, so that enough of what consists of many is good altogether."""
    may_be_good = st.sampled_from(good) if isinstance(good, list) else good
    return st.integers(0, 9).flatmap(lambda number: may_be_good if number < 9 else ODD)


# ------------------------------------------------------------------------------------------------- encryption


@pytest.mark.parametrize("mode", [mode for mode in DecryptionMode if mode])
def test_modes_by_name_number_and_member(mode: DecryptionMode) -> None:
    name = mode.name
    for said in (mode, int(mode), name, name.lower(), name.replace("_", "-"), name.lower().replace("_", "-")):
        made = Encryption(said, KEY, SALT)
        assert made == Encryption(mode, KEY, SALT_TEXT)
        assert made.to_dict() == {"decryptionMode": int(mode), "secret": KEY, "salt": SALT_TEXT}
    assert repr(made) == f"Encryption(mode='{name}', secret='***', salt='***')"


def test_salt_is_needed_by_two_modes() -> None:
    assert Encryption("aes-256-gcm", KEY).to_dict() == {"decryptionMode": 6, "secret": KEY}
    for mode in (7, "aes-256-gcm2"):
        assert problems(lambda mode=mode: Encryption(mode, KEY)) == {"decryptionMode": "mode 7 and 8 need salt"}


@pytest.mark.parametrize(
    "salt",
    [b"", bytes(31), bytes(33), "", "salt", "A" * 44, SALT_TEXT[:-1], f"{SALT_TEXT}\n", f" {SALT_TEXT}", SALT.hex(), 5],
    ids=repr,
)
def test_wrong_salts(salt: Any) -> None:
    """Also with a mode that has no use for it."""
    for mode in (5, 7):
        (field,) = problems(lambda mode=mode: Encryption(mode, KEY, salt))
        assert field == "salt"


@pytest.mark.parametrize("key", [KEY, KEY.encode(), [KEY]], ids=["text", "bytes", "list"])
def test_all_that_is_wrong_with_an_encryption(key: Any) -> None:
    """And a key in the place of the mode is not shown."""
    with pytest.raises(InvalidRequestError) as caught:
        Encryption(key, "", f"salt-{MARK}")
    assert [problem.field for problem in caught.value.problems] == ["decryptionMode", "secret", "salt"]
    assert MARK not in str(caught.value)
    assert "8 (AES_256_GCM2)" in caught.value.problems[0].rule


def test_an_encryption_encrypts() -> None:
    rule = "must encrypt; without encryption leave it out altogether"
    assert problems(lambda: Encryption("none", KEY)) == {"decryptionMode": rule}


@examples(150)
@given(
    mostly([*DecryptionMode, *range(10)]),
    mostly(st.text(min_size=1)),
    mostly(st.none() | st.binary(min_size=32, max_size=32))
    | st.binary(min_size=31, max_size=33)
    | st.text("A9+/=-_\n", min_size=43, max_size=45),
)
def test_encryption_and_emulator_agree(mode: Any, secret: Any, salt: Any) -> None:
    text = b64encode(salt).decode() if isinstance(salt, bytes) else salt
    raw = {"channelType": 0, "decryptionMode": mode, "secret": secret, **given_only(salt=text)}
    value = built(lambda: Encryption(mode, secret, salt))
    if value is not None:
        config = {"channelType": 0, **value.to_dict()}
        assert config == raw
        assert refused("MixStartClientRequest", recordingConfig=config) is None
        assert refused("IndividualStartClientRequest", recordingConfig=config) is None
    elif mode != 0:  # 0 is good to the emulator, and no encryption
        assert refused("MixStartClientRequest", recordingConfig=raw) is not None


# ------------------------------------------------------------------------------------------------- screenshots


def test_snapshots() -> None:
    assert Snapshots().to_dict() == {"captureInterval": 10, "fileType": ["jpg"]}
    assert repr(Snapshots(5)) == "Snapshots(interval=5)"
    for wrong in (0, 3601):
        assert problems(lambda wrong=wrong: Snapshots(wrong)) == {"captureInterval": "must be from 1 to 3600"}


@given(mostly(st.integers(0, 3601)))
def test_snapshots_and_emulator_agree(interval: Any) -> None:
    raw = {"captureInterval": interval, "fileType": ["jpg"]}
    value = built(lambda: Snapshots(interval))
    assert value is None or value.to_dict() == raw
    assert (value is None) == (refused("IndividualStartClientRequest", snapshotConfig=raw) is not None)


# ------------------------------------------------------------------------------------------------- picture

# The provider's table: width, height, frames per second, kbit/s in channels for communication, and in live ones.
PROFILES = """
160 120 15 65 130       120 120 15 50 100       320 180 15 140 280      180 180 15 100 200      240 180 15 120 240
320 240 15 200 400      240 240 15 140 280      424 240 15 220 440      640 360 15 400 800      360 360 15 260 520
640 360 30 600 1200     360 360 30 400 800      480 360 15 320 640      480 360 30 490 980      640 480 15 500 1000
480 480 15 400 800      640 480 30 750 1500     480 480 30 600 1200     848 480 15 610 1220     848 480 30 930 1860
640 480 10 400 800      1280 720 15 1130 2260   1280 720 30 1710 3420   960 720 15 910 1820     960 720 30 1380 2760
1920 1080 15 2080 4160  1920 1080 30 3150 6300  1920 1080 60 4780 6500
"""
NUMBERS = [int(number) for number in PROFILES.split()]


@pytest.mark.parametrize("row", [NUMBERS[at : at + 5] for at in range(0, len(NUMBERS), 5)], ids=str)
def test_the_advice(row: list[int]) -> None:
    """Each row of the table, either way up."""
    width, height, fps, base, live = row
    sizes: list[Json] = [{"width": width, "height": height}, {"width": height, "height": width}]
    for size in sizes:
        assert Transcoding(**size, fps=fps).to_dict() == {**size, "fps": fps, "bitrate": base}
        assert Transcoding(**size, fps=fps, live=True).bitrate == live


@pytest.mark.parametrize(
    ("preset", "width", "height", "bitrate"),
    [("360p", 640, 360, 400), ("480P", 848, 480, 610), ("720p", 1280, 720, 1130), ("1080p", 1920, 1080, 2080)],
)
def test_presets(preset: str, width: int, height: int, bitrate: int) -> None:
    shown = f"Transcoding(width={width}, height={height}, fps=15, bitrate={bitrate})"
    assert repr(Transcoding(preset)) == shown
    assert eval(shown) == Transcoding(preset)
    assert Transcoding(preset, portrait=True) == Transcoding(width=height, height=width)
    assert Transcoding(preset, bitrate=77, fps=60).to_dict() == {
        "width": width, "height": height, "fps": 60, "bitrate": 77,
    }  # fmt: skip


@pytest.mark.parametrize(
    ("size", "fps", "bitrate"),
    [
        # The page's own example: for 300 × 240 at 30 the row of 320 × 240, and half as much again.
        ((300, 240), 30, 300),
        ((1280, 720), 1, 565),
        ((1280, 720), 10, 848),
        ((1280, 720), 24, 1478),
        ((1920, 1080), 24, 2722),
        ((1000, 1000), 15, 1130),
        ((1, 1), 15, 50),
    ],
)
def test_advice_beside_the_table(size: tuple[int, int], fps: int, bitrate: int) -> None:
    """By the size that comes closest, and between two frame rates in proportion."""
    assert Transcoding(width=size[0], height=size[1], fps=fps).bitrate == bitrate


def test_where_there_is_no_advice_a_bitrate_is_needed() -> None:
    rule = "is required with 60 frames per second at this size, for which nothing is advised"
    assert problems(lambda: Transcoding("720p", fps=60)) == {"bitrate": rule}


def test_replace() -> None:
    """A bitrate that nobody gave goes with size and frame rate; one that was given stays."""
    assert Transcoding("720p").replace(fps=30) == Transcoding("720p", fps=30)
    assert Transcoding("720p", live=True).replace(width=1920, height=1080).bitrate == 4160
    assert Transcoding("720p").replace(live=True).bitrate == 2260
    assert Transcoding("720p", bitrate=900).replace(fps=30, live=True).bitrate == 900
    assert Transcoding("720p").replace(bitrate=900).replace(fps=30).bitrate == 900
    assert Transcoding("720p").replace() == Transcoding("720p")
    assert problems(lambda: Transcoding("1080p").replace(width=1921)).keys() == {"width"}


def test_a_picture_that_is_said_wrongly() -> None:
    preset = "must be one of 360p, 480p, 720p, 1080p"
    missing = "is required, or a preset such as '720p'"
    assert problems(Transcoding) == {"width": missing, "height": missing}
    assert problems(lambda: Transcoding(height=720)) == {"width": missing}
    assert problems(lambda: Transcoding("540p")) == problems(lambda: Transcoding(720)) == {"preset": preset}
    assert problems(lambda: Transcoding("720p", width=9)) == {
        "preset": "stands for width and height; give one or the other"
    }
    assert problems(lambda: Transcoding(width=9, height=16, portrait=True)) == {
        "portrait": "turns a preset; width and height are sent as they are given"
    }
    assert problems(lambda: Transcoding("4k", fps=12, bitrate=6501)) == {
        "preset": preset,
        "bitrate": "must be from 1 to 6500",
        "fps": "fps is 1, 7, 10, 15, 24, 30 or 60; the service takes any other for 15",
    }


SIZES = mostly(st.integers(1, 2000))


@given(SIZES, SIZES, mostly([1, 7, 10, 15, 24, 30, 60, 61]), mostly(st.none() | st.integers(0, 6600)), st.booleans())
def test_transcoding_and_emulator_agree(width: Any, height: Any, fps: Any, bitrate: Any, live: bool) -> None:
    raw = {"fps": fps, **given_only(width=width, height=height, bitrate=bitrate)}
    value = built(lambda: Transcoding(width=width, height=height, fps=fps, bitrate=bitrate, live=live))
    if value is not None:
        sent = value.to_dict()
        assert sent == {**raw, "bitrate": sent["bitrate"]}
        assert bitrate in (None, sent["bitrate"])
        config = {"channelType": 0, "transcodingConfig": sent}
        assert refused("MixStartClientRequest", recordingConfig=config) is None
    elif raw.keys() >= {"width", "height", "bitrate"}:
        config = {"channelType": 0, "transcodingConfig": raw}
        assert refused("MixStartClientRequest", recordingConfig=config) is not None


# ------------------------------------------------------------------------------------------------- deferred files


def test_deferred_transcoding() -> None:
    made = DeferredTranscoding()
    assert made.to_dict() == {
        "appsCollection": {"combinationPolicy": "postpone_transcoding"},
        "transcodeOptions": {"transConfig": {"transMode": "postponeTranscoding"}, "container": {"format": "mp4"}},
    }
    assert made.to_dict() == {"appsCollection": made.apps_collection, "transcodeOptions": made.transcode_options}
    assert made.scene is Scene.DEFERRED_TRANSCODING
    assert made == DeferredTranscoding("MP4") == DeferredTranscoding(ContainerFormat.MP4)


@pytest.mark.parametrize("kind", ["mp3", "m4a", "aac"])
def test_deferred_mixing(kind: str) -> None:
    assert DeferredTranscoding(kind).transcode_options == {
        "transConfig": {"transMode": "audioMix"},
        "container": {"format": kind},
    }
    audio = DeferredTranscoding(kind, sample_rate=16000, channels=1).transcode_options["audio"]
    assert audio == {"sampleRate": "16000", "channels": "1"}


def test_sound_of_files_that_are_not_mixed() -> None:
    rule = "is taken with mp3, m4a and aac only; mp4 keeps each user's sound as it is"
    assert problems(lambda: DeferredTranscoding(sample_rate=48000, channels=2)) == {
        "sample_rate": rule,
        "channels": rule,
    }


@given(
    mostly(["mp4", "mp3", "m4a", "aac", "AAC", "wav"]),
    mostly([None, 48000, 44100, 32000, 16000, "48000"]),
    mostly([None, 0, 1, 2]),
)
def test_deferred_transcoding_and_emulator_agree(kind: Any, rate: Any, channels: Any) -> None:
    value = built(lambda: DeferredTranscoding(kind, sample_rate=rate, channels=channels))
    if value is not None:
        assert refused("IndividualStartClientRequest", **value.to_dict()) is None
    elif kind != "mp4":
        audio = {
            name: str(number) if type(number) is int else number
            for name, number in given_only(sampleRate=rate, channels=channels).items()
        }
        options = {"transConfig": {"transMode": "audioMix"}, "container": {"format": kind}, "audio": audio}
        assert refused("IndividualStartClientRequest", transcodeOptions=options, appsCollection={}) is not None


# ------------------------------------------------------------------------------------------------- pages


def test_a_page() -> None:
    page = WebPage("https://example.com/lesson")
    assert page.service_param(2) == {
        "url": "https://example.com/lesson",
        "videoWidth": 1280,
        "videoHeight": 720,
        "audioProfile": 0,
        "maxRecordingHour": 2,
    }
    page = WebPage(
        "https://example.com/", width=720, height=1280, audio_profile=AudioProfile.STEREO_192_KBPS, bitrate=3000,
        fps=30, mobile=True, max_video_duration=60, start_paused=True, ready_timeout=0,
    )  # fmt: skip
    assert page.service_param(720) == {
        "url": "https://example.com/", "videoWidth": 720, "videoHeight": 1280, "audioProfile": 2, "videoBitrate": 3000,
        "videoFps": 30, "mobile": True, "maxVideoDuration": 60, "onhold": True, "readyTimeout": 0,
        "maxRecordingHour": 720,
    }  # fmt: skip
    for hours in (0, 721):
        assert problems(lambda hours=hours: page.service_param(hours)) == {"maxRecordingHour": "must be from 1 to 720"}


@pytest.mark.parametrize(
    ("url", "shown"),
    [
        ("https://example.com/a/b", "https://example.com/a/b"),
        (f"https://example.com/a?{MARK}#x", "https://example.com/a?***"),
        (f"https://example.com/a#{MARK}", "https://example.com/a?***"),
        (f"https://me:{MARK}@example.com/a@b", "https://***@example.com/a@b"),
    ],
)
def test_a_page_shows_no_ticket(url: str, shown: str) -> None:
    assert repr(WebPage(url)) == f"WebPage({shown!r})"
    assert repr(WebPage(url, fps=30)) == f"WebPage({shown!r}, fps=30)"


def test_all_that_is_wrong_with_a_page() -> None:
    wrong = f"ftp://{MARK}@example.com?{MARK}"
    with pytest.raises(InvalidRequestError) as caught:
        WebPage(wrong, width=1921, height=1080, fps=4, mobile="yes", ready_timeout=61)
    fields = {problem.field for problem in caught.value.problems}
    assert fields == {"url", "videoWidth", "videoFps", "mobile", "readyTimeout"}
    assert MARK not in str(caught.value)


PAGES = {
    "width": SIZES,
    "height": SIZES,
    "audio_profile": mostly([0, 1, 2, 3, *AudioProfile]),
    "bitrate": mostly(st.integers(0, 5000)),
    "fps": mostly(st.integers(4, 61)),
    "mobile": mostly([True, False]),
    "max_video_duration": mostly(st.integers(29, 241)),
    "start_paused": mostly([True, False]),
    "ready_timeout": mostly(st.integers(-1, 61)),
}
WIRE = {
    "width": "videoWidth", "height": "videoHeight", "audio_profile": "audioProfile", "bitrate": "videoBitrate",
    "fps": "videoFps", "mobile": "mobile", "max_video_duration": "maxVideoDuration", "start_paused": "onhold",
    "ready_timeout": "readyTimeout",
}  # fmt: skip


@examples(150)
@given(
    mostly(["https://a.test", "http://a.test/x?y", "https://a.test/#z", "ftp://a.test"]),
    st.fixed_dictionaries({}, optional=PAGES),
    mostly(st.integers(0, 721)),
)
def test_pages_and_emulator_agree(url: Any, options: dict[str, Any], hours: Any) -> None:
    raw = {
        "url": url,
        "videoWidth": 1280,
        "videoHeight": 720,
        "audioProfile": 0,
        "maxRecordingHour": hours,
        **{WIRE[name]: value for name, value in options.items()},
    }
    value = built(lambda: WebPage(url, **options).service_param(hours))
    if value is not None:
        sent = {"extensionServices": [{"serviceName": "web_recorder_service", "serviceParam": value}]}
        assert refused("WebStartClientRequest", extensionServiceConfig=sent) is None
        assert sent == extension_service_config(WebPage(url, **options), hours)
        # What is left out is None or False.
        assert value == {name: said for name, said in raw.items() if said is not None and said is not False}
    elif None not in raw.values():
        sent = {"extensionServices": [{"serviceName": "web_recorder_service", "serviceParam": raw}]}
        assert refused("WebStartClientRequest", extensionServiceConfig=sent) is not None


# ------------------------------------------------------------------------------------------------- push


def test_a_push() -> None:
    push = CdnPush(PUSH)
    assert push.to_dict() == {"outputs": [{"rtmpUrl": PUSH}]}
    assert push.urls == (PUSH,)
    assert repr(push) == "CdnPush('rtmps://live.example.com/***')"


@pytest.mark.parametrize("url", [f"rtmp://{MARK}@x", f"rtmp://x?{MARK}", f"rtmp://x#{MARK}"])
def test_a_push_shows_no_stream_key(url: str) -> None:
    """Wherever in the address it stands."""
    assert MARK not in repr(CdnPush(url))


@pytest.mark.parametrize(
    "url",
    [
        MARK,
        f"rtmp://x/a\n{MARK}",
        f"rtmp:///{MARK}",
        f"https://x/{MARK}",
        f" rtmp://x/{MARK}",
        f"RTMP://{MARK}",
        5,
        None,
    ],
)
def test_what_is_no_address_to_push_to(url: Any) -> None:
    with pytest.raises(InvalidRequestError) as caught:
        CdnPush(url)
    assert [problem.field for problem in caught.value.problems] == ["outputs[0].rtmpUrl"]
    assert MARK not in str(caught.value)


@given(st.lists(mostly([PUSH, "rtmp://x/y", "rtmps://x", "http://x"]), max_size=2))
def test_pushes_and_emulator_agree(urls: list[Any]) -> None:
    raw = {"outputs": [{"rtmpUrl": url} for url in urls]}
    push = {"serviceName": "rtmp_publish_service", "serviceParam": raw}
    config = {"extensionServices": [*PAGE["extensionServices"], push]}
    value = built(lambda: CdnPush(*urls))
    assert value is None or value.to_dict() == raw
    assert (value is None) == (refused("WebStartClientRequest", extensionServiceConfig=config) is not None)


# ------------------------------------------------------------------------------------------------- the whole config

RECORDER: Json = {
    "serviceName": "web_recorder_service",
    "serviceParam": {
        "url": "https://a.test",
        "videoWidth": 1280,
        "videoHeight": 720,
        "audioProfile": 0,
        "maxRecordingHour": 3,
    },
}


@pytest.mark.parametrize(
    "page",
    [
        "https://a.test",
        WebPage("https://a.test"),
        {"url": "https://a.test"},
        RECORDER["serviceParam"],
        WebRecorderServiceParam("https://a.test", AudioProfile.MONO_48_KBPS, 1280, 720, 3),
    ],
    ids=["url", "value", "dict", "whole dict", "model"],
)
def test_a_page_in_every_form(page: Any) -> None:
    """What a dict or a model leaves open is as in a WebPage."""
    assert extension_service_config(page, 3, ()) == {"extensionServices": [RECORDER]}
    push = {"serviceName": "rtmp_publish_service", "serviceParam": {"outputs": [{"rtmpUrl": PUSH}]}}
    for push_to in (CdnPush(PUSH), [PUSH], (PUSH,), PUSH):
        config = extension_service_config(page, 3, push_to)
        assert config == {"extensionServices": [RECORDER, push]}
        assert refused("WebStartClientRequest", extensionServiceConfig=config) is None


def test_a_dict_says_more_than_the_defaults() -> None:
    param = {"url": "https://a.test", "videoWidth": 640, "videoFps": 30}
    made = extension_service_config(param, 1)["extensionServices"][0]["serviceParam"]
    assert made == {**RECORDER["serviceParam"], **param, "maxRecordingHour": 1}
    assert "maxRecordingHour" not in param


def test_what_is_no_page() -> None:
    assert problems(lambda: extension_service_config(5, 3, 5)) == {
        "page": "must be a WebPage, a URL, or a dict",
        "push_to": "must be a list of URLs",
    }
    assert problems(lambda: extension_service_config(RECORDER["serviceParam"], 2)) == {
        "page.maxRecordingHour": "is said by max_recording_hour; leave it out here"
    }


# ------------------------------------------------------------------------------------------------- in single calls


@pytest.fixture
def emulator() -> Iterator[Emulator]:
    with Emulator() as running:
        yield running


def test_they_stand_in_single_calls(emulator: Emulator) -> None:
    """As they are where they are a whole part of a request, and anywhere within a dict."""
    encryption, picture, deferred = (
        Encryption("aes-256-gcm2", KEY, SALT),
        Transcoding("720p"),
        DeferredTranscoding("m4a"),
    )
    with CloudRecording(emulator.app_id, emulator.credential, base_url=emulator.url, rate_limit=None) as client:
        with pytest.warns(DeprecationWarning, match="acquire: scene: deferred transcoding is in no") as told:
            acquired = client.individual.acquire(CNAME, "1", deferred_transcoding=True, region=ServiceRegion.EU)
        assert {warning.filename for warning in told} == {__file__}
        options: Any = {
            "recording_config": {"channelType": 0, **encryption.to_dict()}, "snapshot_config": Snapshots(interval=30),
            "apps_collection": deferred.apps_collection, "transcode_options": deferred.transcode_options,
        }  # fmt: skip
        with pytest.warns(DeprecationWarning, match="start: (apps_collection|transcode_options): deferred") as told:
            started = client.individual.start(acquired.resource_id, CNAME, "1", storage_config=STORAGE, **options)
        assert len(told) == 2
        individual = started.sid
        resource = client.mix.acquire(CNAME, "2").resource_id
        mix = client.mix.start(
            resource, CNAME, "2", storage_config=STORAGE,
            recording_config={"channelType": 0, "transcodingConfig": picture},
        ).sid  # fmt: skip
        resource = client.web.acquire(CNAME, UID).resource_id
        config = extension_service_config(WebPage("https://example.com", start_paused=True), 1, [PUSH])
        web = client.web.start(resource, CNAME, UID, storage_config=STORAGE, extension_service_config=config).sid
        assert emulator.recording(web).outputs == (PUSH,)
        client.web.update(resource, web, CNAME, UID, rtmp_publish_config=CdnPush("rtmp://elsewhere.test/key"))
    assert emulator.recording(web).outputs == ("rtmp://elsewhere.test/key",)
    assert emulator.recording(web).onhold
    request = emulator.recording(individual).request
    assert request["snapshotConfig"] == {"captureInterval": 30, "fileType": ["jpg"]}
    assert request["recordingConfig"] == {"channelType": 0, **encryption.to_dict()}
    assert deferred.to_dict().items() <= request.items()
    assert emulator.recording(mix).request["recordingConfig"]["transcodingConfig"] == picture.to_dict()


@pytest.mark.parametrize(
    ("make", "names"),
    [
        (lambda wrong: Transcoding("720p", live=wrong), ["live"]),
        (lambda wrong: Transcoding("720p", portrait=wrong), ["portrait"]),
    ],
    ids=["live", "portrait"],
)
def test_a_switch_is_true_or_false(make: Callable[[Any], object], names: list[str]) -> None:
    with pytest.raises(InvalidRequestError) as caught:
        make("no")
    assert [problem.field for problem in caught.value.problems] == names


def test_false_is_no_number_of_a_page() -> None:
    wrong: Any = False
    with pytest.raises(InvalidRequestError) as caught:
        WebPage("https://example.com", bitrate=wrong, fps=wrong, ready_timeout=wrong)
    assert {problem.field for problem in caught.value.problems} == {"videoBitrate", "videoFps", "readyTimeout"}


@pytest.mark.parametrize(
    "make",
    [
        lambda: Transcoding(width=10**5000, height=1),
        lambda: DeferredTranscoding("mp3", channels=10**5000),
        lambda: DeferredTranscoding(channels=10**5000),
        lambda: Encryption(10**5000, "key"),
        lambda: WebPage("https://example.com", fps=10**5000),
    ],
    ids=["transcoding", "deferred", "mp4", "encryption", "page"],
)
def test_numbers_of_thousands_of_digits(make: Callable[[], object]) -> None:
    with pytest.raises(InvalidRequestError) as caught:
        make()
    assert len(str(caught.value)) < 1000


@pytest.mark.parametrize(
    ("value", "argument", "component", "field"),
    [
        (Snapshots, "interval", "SnapshotConfig", "captureInterval"),
        (Transcoding, "bitrate", "TranscodingConfig", "bitrate"),
        (WebPage, "fps", "WebRecorderServiceParam", "videoFps"),
        (WebPage, "max_video_duration", "WebRecorderServiceParam", "maxVideoDuration"),
    ],
)
def test_ranges_in_words(value: Any, argument: str, component: str, field: str) -> None:
    """What the description of an argument says it may be is what the contract takes."""
    [words] = re.findall(rf"^ +{argument}: ((?:.|\n {{12}})*)", value.__doc__, re.MULTILINE)
    schema = document()["components"]["schemas"][component]["properties"][field]
    assert f"{schema['minimum']} to {schema['maximum']}" in words
