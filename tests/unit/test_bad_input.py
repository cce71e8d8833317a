"""What is wrong with a call is told before anything is sent: the field, the value and the rule."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

import httpx
import pytest
from pytest_httpx import HTTPXMock

from cloudrec import (
    BasicAuth,
    CloudRecording,
    ConfigurationError,
    InvalidRequestError,
    LayoutRegion,
    MixRecordingConfig,
    RequestWarning,
    StorageConfig,
)
from tests.support import BASE_URL, CNAME, CREDENTIAL, PAGE, RESOURCE_ID, SID, STORAGE, UID, answered, each, read_json

Use = Callable[[Any], Any]


def refused(use: Use) -> InvalidRequestError:
    """The error of a call that must not reach the wire."""
    with pytest.raises(InvalidRequestError) as caught:
        answered(AssertionError("a request was sent"), use)
    assert caught.value.advice
    assert not caught.value.retryable
    return caught.value


def told(use: Use) -> list[str]:
    """The problems of such a call, as lines that name the wire's fields; test_written.py is about the arguments."""
    error = refused(use)
    assert error.args[0] == f"{error.endpoint}: {'; '.join(map(str, error.problems))}"
    return [str(problem._replace(argument="")) for problem in error.problems]


def mix(**recording: Any) -> Use:
    """A start in `mix` mode with this recordingConfig."""
    config = {"channelType": 0, **recording}
    return lambda client: client.mix.start(RESOURCE_ID, CNAME, UID, storage_config=STORAGE, recording_config=config)


def individual(**fields: Any) -> Use:
    """A start in `individual` mode with these arguments."""
    return lambda client: client.individual.start(RESOURCE_ID, CNAME, UID, **{"storage_config": STORAGE} | fields)


def files(*kinds: str) -> Use:
    """A start in `mix` mode that makes these kinds of files."""
    config = {"avFileType": list(kinds)}
    return lambda client: client.mix.start(
        RESOURCE_ID, CNAME, UID, storage_config=STORAGE, recording_file_config=config
    )


def storage(**changes: Any) -> Use:
    """A start with another storageConfig; None takes a field out."""
    config = {name: value for name, value in (STORAGE | changes).items() if value is not None}
    return lambda client: client.mix.start(RESOURCE_ID, CNAME, UID, storage_config=config)


def web(**parameters: Any) -> Use:
    """A start in `web` mode with another serviceParam."""
    [service] = PAGE["extensionServices"]
    config = {"extensionServices": [{**service, "serviceParam": {**service["serviceParam"], **parameters}}]}
    return lambda client: client.web.start(
        RESOURCE_ID, CNAME, UID, storage_config=STORAGE, extension_service_config=config
    )


def layout(**fields: Any) -> Use:
    """An update_layout with these arguments."""
    return lambda client: client.mix.update_layout(RESOURCE_ID, SID, CNAME, UID, **fields)


REGION = {"x_axis": 0, "y_axis": 0, "width": 0.5, "height": 1}
UIDS_33 = [str(uid) for uid in range(1, 34)]


@pytest.mark.parametrize(
    "app_id", ["", "app/id", "..", "app id", "áp", "a?b", "a#b", "a%2e", "a\n", "x" * 65, None, 7, b"a"], ids=repr
)
def test_app_id(app_id: Any) -> None:
    """An App ID that would change the path is refused where the client is made."""
    with pytest.raises(ConfigurationError, match=r"^app_id: .*1 to 64 letters, digits"):
        CloudRecording(app_id, CREDENTIAL, base_url=BASE_URL)


IDS = ["", ".", "..", "a/b", "../x", "a..b", "a b", "a?b=c", "a#b", "a%2Fb", "a\n", "é", "a\\b", None, 7, b"a", ["a"]]


@each("value", IDS)
@each("argument", ["resource_id", "sid"])
@each("method", ["query", "update", "update_layout", "stop"])
def test_ids_in_the_path(method: str, argument: str, value: Any) -> None:
    """No resource ID and no sid passes that would reach another path, in any call that has them."""
    ids = {"resource_id": RESOURCE_ID, "sid": SID, argument: value}
    names = {} if method == "query" else {"cname": CNAME, "uid": UID}
    [line] = told(lambda client: getattr(client, method)(mode="mix", **ids, **names))
    assert line.startswith(
        f"{argument}: {value!r} (must be letters, digits and any of `-_.~+=`, without `..` and not `.` alone)"
    )


@pytest.mark.parametrize("value", IDS, ids=repr)
def test_resource_id_of_start(value: Any) -> None:
    """The same for the resource ID of start."""
    [line] = told(lambda client: client.mix.start(value, CNAME, UID, storage_config=STORAGE))
    assert line.startswith("resource_id: ")


NO_UIDS = [
    0,
    -1,
    2**32,
    "0",
    "-1",
    "4294967296",
    "abc",
    "",
    "007",
    " 1",
    "1\n",
    "1.0",
    "١",
    "1_000",
    True,
    False,
    1.0,
    None,
    b"1",
    [1],
]


@each("uid", NO_UIDS)
@each("method", ["acquire", "start", "update", "update_layout", "stop"])
def test_uid(method: str, uid: Any) -> None:
    """A uid is 1 to 4294967295, as a number or a decimal string; True is no number."""
    calls: dict[str, Use] = {
        "acquire": lambda client: client.mix.acquire(CNAME, uid),
        "start": lambda client: client.mix.start(RESOURCE_ID, CNAME, uid, storage_config=STORAGE),
        "update": lambda client: client.mix.update(RESOURCE_ID, SID, CNAME, uid),
        "update_layout": lambda client: client.mix.update_layout(RESOURCE_ID, SID, CNAME, uid),
        "stop": lambda client: client.mix.stop(RESOURCE_ID, SID, CNAME, uid),
    }
    shown = str(uid) if isinstance(uid, int) and not isinstance(uid, bool) else uid
    assert told(calls[method]) == [f"uid: {shown!r} (must be a whole number from 1 to 4294967295)"]


@pytest.mark.parametrize("cname", ["", "a/b", "ä", "x" * 65, "a\n", 'a"b', "课程", None, 7, True], ids=repr)
def test_cname(cname: Any) -> None:
    """A channel name has the characters of channel names and at most 64 of them."""
    [line] = told(lambda client: client.mix.acquire(cname, UID))
    assert line.startswith("cname: ")


@pytest.mark.parametrize(("cname", "fits"), [("é" * 512, True), ("é" * 513, False), ("", False), ("a/b", True)])
def test_cname_of_a_page(cname: str, fits: bool) -> None:
    """The name of a web recording is any text of at most 1024 bytes."""
    if fits:
        assert answered(httpx.Response(200, json={"resourceId": "r"}), lambda client: client.web.acquire(cname, UID))
    else:
        [line] = told(lambda client: client.web.acquire(cname, UID))
        assert line.startswith("cname: ")


@each("mode", ["", "composite", "MIX", "mix/../web", None, 1, ["mix"]])
@each("method", ["start", "query", "update", "update_layout", "stop"])
def test_unknown_mode(method: str, mode: Any) -> None:
    """A mode that is none is told of, with the three there are."""
    calls: dict[str, Use] = {
        "start": lambda client: client.start(RESOURCE_ID, mode, CNAME, UID, storage_config=STORAGE),
        "query": lambda client: client.query(RESOURCE_ID, SID, mode),
        "update": lambda client: client.update(RESOURCE_ID, SID, mode, CNAME, UID),
        "update_layout": lambda client: client.update_layout(RESOURCE_ID, SID, mode, CNAME, UID),
        "stop": lambda client: client.stop(RESOURCE_ID, SID, mode, CNAME, UID),
    }
    lines = told(calls[method])
    assert lines[0].startswith(f"mode: {mode!r} (must be ")
    assert all(line.startswith("mode: ") for line in lines)


@pytest.mark.parametrize("mode", ["individual", "web"])
def test_layout_of_another_mode(mode: Any) -> None:
    """Only mix recordings have a layout."""
    assert told(lambda client: client.update_layout(RESOURCE_ID, SID, mode, CNAME, UID)) == [
        f"mode: {mode!r} (updateLayout is for mix recordings)"
    ]


@pytest.mark.parametrize(
    ("mode", "fields", "stranger"),
    [
        (
            "mix",
            {"snapshot_config": {"fileType": ["jpg"]}},
            "snapshotConfig: given (is taken in individual and raw mode",
        ),
        (
            "mix",
            {"extension_service_config": PAGE},
            "extensionServiceConfig: given (is taken in web mode only; the req",
        ),
        (
            "raw",
            {"extension_service_config": PAGE},
            "extensionServiceConfig: given (is taken in web mode only; the req",
        ),
        (
            "mix",
            {"transcode_options": {"transConfig": {"transMode": "audioMix"}}},
            "transcodeOptions: given (is taken in individual mode only; the request takes ",
        ),
        (
            "raw",
            {"recording_config": {"streamMode": "standard"}},
            "recordingConfig.streamMode: given (is taken in individual and mix mode only; recording_config takes ",
        ),
        (
            "web",
            {"extension_service_config": PAGE, "recording_config": {"channelType": 0}},
            "recordingConfig: given (is taken in individual and mix and raw mode only; the request takes ",
        ),
    ],
)
def test_field_of_another_mode(mode: str, fields: Any, stranger: str) -> None:
    """A field that the mode does not take is told of, with the modes that do, and what this one takes."""
    lines = told(lambda client: client.start(RESOURCE_ID, mode, CNAME, UID, storage_config=STORAGE, **fields))
    [line] = lines
    assert line.startswith(stranger)


@pytest.mark.parametrize(
    ("config", "words"),
    [
        ({"width": 640}, "width: given (is not taken here, it belongs into recording_config.transcodingConfig"),
        ({"avFileType": ["hls"]}, "avFileType: given (is not taken here, it belongs into recording_file_config;"),
        ({"recordingConfig": {}}, "recordingConfig: given (is not taken here, it belongs into clientRequest;"),
        ({"whatever": 1}, "whatever: given (is not taken here; recording_config takes "),
    ],
)
def test_a_field_in_the_wrong_place(config: Any, words: str) -> None:
    """It is told where it belongs."""
    [line] = told(mix(**config))
    assert line.startswith(f"recordingConfig.{words}")


@pytest.mark.parametrize(
    ("mode", "fields", "stranger"),
    [
        ("web", {"stream_subscribe": {}}, "streamSubscribe"),
        ("mix", {"web_recording_config": {"onhold": True}}, "webRecordingConfig"),
        ("individual", {"rtmp_publish_config": {"outputs": []}}, "rtmpPublishConfig"),
    ],
)
def test_update_of_another_mode(mode: str, fields: Any, stranger: str) -> None:
    """The same for update."""
    [line] = told(lambda client: client.update(RESOURCE_ID, SID, mode, CNAME, UID, **fields))
    assert line.startswith(f"{stranger}: given (is taken in ")


# A call, and the start of each line that it must be answered with.
WRONG: list[tuple[Use, list[str]]] = [
    (files("mp4"), ['recordingFileConfig.avFileType: [\'mp4\'] (MP4 is made from HLS, so avFileType must list "hls"']),
    (files(), ["recordingFileConfig.avFileType: [] (must not be empty)", "recordingFileConfig.avFileType: [] (MP4"]),
    (files("hls", "hls"), ["recordingFileConfig.avFileType: ['hls', 'hls'] (must not name anything twice)"]),
    (files("hls", "flv"), ["recordingFileConfig.avFileType[1]: 'flv' (must be hls or mp4)"]),
    (individual(recording_file_config={"avFileType": ["hls", "mp4"]}), [
        "recordingFileConfig.avFileType: a list of 2 (must have at most 1 entry)",
        "recordingFileConfig.avFileType[1]: 'mp4' (must be hls)",
    ]),
    (mix(transcodingConfig={"width": 1921, "height": 1080}), [
        "recordingConfig.transcodingConfig.width: 1921 (must be from 1 to 1920)",
        "recordingConfig.transcodingConfig.width: 1921 × 1080 (width × height must be at most 2073600)",
    ]),
    (mix(transcodingConfig={"width": 1920, "height": 1081}), [
        "recordingConfig.transcodingConfig.width: 1920 × 1081 (width × height must be at most 2073600)",
    ]),
    (web(videoWidth=239), [
        "extensionServiceConfig.extensionServices[0].serviceParam.videoWidth: 239 (must be from 240 to 1920)",
    ]),
    (mix(transcodingConfig={"width": 0}), ["recordingConfig.transcodingConfig.width: 0 (must be from 1 to 1920)"]),
    (mix(transcodingConfig={"fps": "15"}), ["recordingConfig.transcodingConfig.fps: '15' (must be a whole number)"]),
    (mix(transcodingConfig={"backgroundColor": "red"}), [
        "recordingConfig.transcodingConfig.backgroundColor: 'red' (must be `#` and six hexadecimal digits)",
    ]),
    (web(videoWidth=1920, videoHeight=1081), [
        "extensionServiceConfig.extensionServices[0].serviceParam.videoWidth: 1920 × 1081 (videoWidth × videoHeight",
    ]),
    (web(maxRecordingHour=721), [
        "extensionServiceConfig.extensionServices[0].serviceParam.maxRecordingHour: 721 (must be from 1 to 720)",
    ]),
    (web(url="file:///etc/passwd"), [
        "extensionServiceConfig.extensionServices[0].serviceParam.url: 'file:///etc/passwd' (must be an http or https ",
    ]),
    (web(VideoBitrate=1), [
        "extensionServiceConfig.extensionServices[0].serviceParam.VideoBitrate: given (is not taken here;",
    ]),
    (mix(subscribeAudioUids=UIDS_33), ["recordingConfig.subscribeAudioUids: a list of 33 (must have at most 32 entri"]),
    (mix(unSubscribeVideoUids=UIDS_33), ["recordingConfig.unSubscribeVideoUids: a list of 33 (must have"]),
    (mix(subscribeAudioUids=[]), ["recordingConfig.subscribeAudioUids: [] (must not be empty)"]),
    (mix(subscribeAudioUids=["0"]), ["recordingConfig.subscribeAudioUids[0]: '0' (must be a whole number from 1"]),
    (mix(subscribeAudioUids=[1]), ["recordingConfig.subscribeAudioUids[0]: 1 (must be a whole number from 1"]),
    (mix(unSubscribeAudioUids=["#allstream#"]), ["recordingConfig.unSubscribeAudioUids[0]: '#allstream#' (must be"]),
    (mix(subscribeVideoUids=["1"], unSubscribeVideoUids=["2"]), [
        "recordingConfig: subscribeVideoUids=['1'], unSubscribeVideoUids=['2'] (subscribeVideoUids and unSubscribeV",
    ]),
    (mix(subscribeAudioUids=["1"], unSubscribeAudioUids=["2"]), ["recordingConfig: subscribeAudioUids=['1'], unSubsc"]),
    (mix(unsubscribeAudioUids=["1"]), ["recordingConfig.unsubscribeAudioUids: given (is not taken here; recording_co"]),
    (mix(streamTypes=0, subscribeVideoUids=["1"]), ["recordingConfig: streamTypes=0, subscribeVideoUids=['1'] (strea"]),
    (mix(decryptionMode=1), ["recordingConfig: decryptionMode=1 (a decryptionMode other than 0 needs secret)"]),
    (mix(decryptionMode=7, secret="s"), ["recordingConfig: decryptionMode=7 (decryptionMode 7 and 8 need salt)"]),
    (mix(channelType=None), ["recordingConfig.channelType: None (must be a whole number)"]),
    (mix(channelType=True), ["recordingConfig.channelType: True (must be a whole number)"]),
    (mix(channelType=2), ["recordingConfig.channelType: 2 (must be 0 (COMMUNICATION) or 1 (LIVE_BROADCASTING))"]),
    (mix(maxIdleTime=4), ["recordingConfig.maxIdleTime: 4 (must be from 5 to 2592000)"]),
    (mix(maxIdleTime=30.0), ["recordingConfig.maxIdleTime: 30.0 (must be a whole number)"]),
    (individual(snapshot_config={"fileType": ["jpg"]}, recording_config={"channelType": 0, "streamTypes": 0}), [
        "snapshotConfig: snapshot_config=given, recording_config=given (snapshot_config needs video, so recording_con",
    ]),
    (individual(snapshot_config={"fileType": ["png"]}), ["snapshotConfig.fileType[0]: 'png' (must be jpg)"]),
    (individual(snapshot_config={"fileType": ["jpg"], "captureInterval": 0}), [
        "snapshotConfig.captureInterval: 0 (must be from 1 to 3600)",
    ]),
    (individual(storage_config=None), ["storageConfig: missing (is required)"]),
    (storage(bucket=None), ["storageConfig.bucket: missing (is required)"]),
    (storage(bucket=""), ["storageConfig.bucket: '' (must not be empty)"]),
    (storage(vendor=4), ["storageConfig.vendor: 4 (must be 1 (AMAZON_S3), 2 (ALIBABA_CLOUD)"]),
    (storage(region=17), ["storageConfig: vendor=1, region=17 (region of vendor 1 (Amazon S3) is one of 0–16, 18–22,"]),
    (storage(vendor=8, region=8), ["storageConfig: vendor=8, region=8 (region of vendor 8 (Baidu BOS) is one of 0–7)"]),
    (storage(region=None), ["storageConfig: vendor=1 (vendors 1, 2, 3, 7 and 8 need region; the others have none)"]),
    (storage(vendor=2, accessKey="AKIAIOSFODNN7EXAMPLE"), [
        "storageConfig: accessKey=***, vendor=2 (an accessKey that begins with AKIA or ASIA is of vendor 1 (Amazon S3)",
    ]),
    (storage(vendor=3, accessKey="LTAI5t"), ["storageConfig: accessKey=***, vendor=3 (an accessKey that begins with"]),
    (storage(accessKey="AKIDz8"), ["storageConfig: accessKey=***, vendor=1 (an accessKey that begins with AKID is of"]),
    (storage(vendor=11, region=0), ["storageConfig: vendor=11 (vendor 11 (S3-compatible) needs extensionParams.endpo"]),
    (storage(vendor=6, region=0, stsToken="x"), ["storageConfig: "]),
    (storage(fileNamePrefix=["a/b"]), ["storageConfig.fileNamePrefix[0]: 'a/b' (must be letters a–z and A–Z and digi"]),
    (storage(fileNamePrefix=["x" * 64] * 2), [
        "storageConfig.fileNamePrefix: ",
    ]),
    (lambda client: client.acquire(CNAME, UID, region="EU", region_affinity=3), [
        "region: region='EU', region_affinity=3 (region and region_affinity exclude each other; give one of them)",
    ]),
    (lambda client: client.acquire(CNAME, UID, region="US"), ["region: 'US' (must be CN, AP, EU or NA)"]),
    (lambda client: client.acquire(CNAME, UID, resource_expired_hour=0), ["resourceExpiredHour: 0 (must be from 1 to"]),
    (lambda client: client.acquire(CNAME, UID, scene=3), ["scene: 3 (must be 0 (REALTIME), 1 (WEB_PAGE) or 2"]),
    (lambda client: client.acquire(CNAME, UID, exclude_resource_ids=["a/b"]), ["excludeResourceIds[0]: 'a/b' (must b"]),
    (lambda client: client.acquire(CNAME, UID, exclude_resource_ids="abc"), ["excludeResourceIds: of type str (must "]),
    (lambda client: client.mix.stop(RESOURCE_ID, SID, CNAME, UID, async_stop=1), ["async_stop: 1 (must be true or fa"]),
    (lambda client: client.mix.stop(RESOURCE_ID, SID, CNAME, UID, async_stop="no"), ["async_stop: 'no' (must be true"]),
    (layout(mixed_video_layout=3), ["mixedVideoLayout: mixed_video_layout=3 (mixed_video_layout 3 (custom) needs lay"]),
    (layout(layout_config=[REGION]), ["layoutConfig: layout_config=[{'x_axis': 0, 'y_axis': 0, 'width': 0.5, 'heig"]),
    (layout(mixed_video_layout=3, layout_config=[REGION] * 18), ["layoutConfig: a list of 18 (must have at most 17"]),
    (layout(mixed_video_layout=3, layout_config=[REGION | {"x_axis": 0.6}]), [
        "layoutConfig[0]: x_axis=0.6, width=0.5 (x_axis + width is at most 1, so that the region stays on the canvas)",
    ]),
    (layout(mixed_video_layout=3, layout_config=[REGION | {"width": math.nan}]), ["layoutConfig[0].width: nan (must "]),
    (layout(mixed_video_layout=3, layout_config=REGION), ["layoutConfig: given (must be a list)"]),
    (layout(mixed_video_layout=3, layout_config=[7]), ["layoutConfig[0]: of type int (must be an object)"]),
    (lambda client: client.mix.update(RESOURCE_ID, SID, CNAME, UID, stream_subscribe={
        "audioUidList": {"subscribeAudioUids": ["1"], "unSubscribeAudioUids": ["2"]}}),
     ["streamSubscribe.audioUidList: subscribeAudioUids=['1'], unSubscribeAudioUids=['2'] (subscribeAudioUids and"]),
    (lambda client: client.web.update(RESOURCE_ID, SID, CNAME, UID, rtmp_publish_config={"outputs": [{"rtmpUrl": "http://x"}]}),
     ["rtmpPublishConfig.outputs[0].rtmpUrl: *** (must be an rtmp or rtmps URL)"]),
    (lambda client: client.web.start(RESOURCE_ID, CNAME, UID, storage_config=STORAGE, extension_service_config={
        "extensionServices": [{"serviceName": "rtmp_publish_service", "serviceParam": {"outputs": [{"rtmpUrl": "rtmp://x"}]}}]}),
     ["extensionServiceConfig.extensionServices: [{'serviceName': 'rtmp_publish_service'"]),
]  # fmt: skip


@each(("use", "lines"), WRONG)
def test_wrong_call(use: Use, lines: list[str]) -> None:
    """Each line names the field, the value and the rule; there are no other lines."""
    got = told(use)
    assert len(got) == len(lines), got
    for line, start in zip(got, lines, strict=True):
        assert line.startswith(start)
        assert len(line) < 500


def test_several_problems_at_once() -> None:
    """All that is wrong is told in one error, so that nobody mends a call in five rounds."""
    lines = told(
        lambda client: client.start(
            "a/b", "mix", "", 0, storage_config={"vendor": 1}, recording_config={"channelType": 7}, token=7
        )
    )
    fields = [line.partition(":")[0] for line in lines]
    assert sorted(fields) == [
        "cname",
        "recordingConfig.channelType",
        "resource_id",
        "storageConfig",
        "storageConfig.accessKey",
        "storageConfig.bucket",
        "storageConfig.secretKey",
        "token",
        "uid",
    ]


def test_models_are_checked_too() -> None:
    """A model that breaks a rule is refused like the dict of the same fields."""
    config = MixRecordingConfig(channel_type=0, max_idle_time=1)
    [line] = told(
        lambda client: client.mix.start(RESOURCE_ID, CNAME, UID, storage_config=STORAGE, recording_config=config)
    )
    assert line == "recordingConfig.maxIdleTime: 1 (must be from 5 to 2592000)"
    region = LayoutRegion(x_axis=0.6, y_axis=0, width=0.5, height=1)
    [line] = told(layout(mixed_video_layout=3, layout_config=[region]))
    assert line.startswith("layoutConfig[0]: x_axis=0.6, width=0.5")


def test_a_dict_inside_of_a_model() -> None:
    """A dict where a model wants a model is told of in words, not as an AttributeError."""
    config: Any = MixRecordingConfig(channel_type=0, transcoding_config={"width": 1})  # type: ignore[arg-type]
    error = refused(
        lambda client: client.mix.start(RESOURCE_ID, CNAME, UID, storage_config=STORAGE, recording_config=config)
    )
    assert "recording_config" in str(error)
    assert "not a dict" in str(error)


@pytest.mark.parametrize(
    "wrong", [object(), {1, 2}, b"bytes", "text", 7, [STORAGE]], ids=lambda value: type(value).__name__
)
def test_things_that_are_no_json(wrong: Any) -> None:
    """What no JSON can be made of is refused by its field, and is not sent."""
    [line] = told(lambda client: client.mix.start(RESOURCE_ID, CNAME, UID, storage_config=wrong))
    assert line.startswith("storageConfig: ")
    [line] = told(storage(bucket=wrong)) if not isinstance(wrong, str) else ["storageConfig.bucket: "]
    assert line.startswith("storageConfig.bucket: ")


@pytest.mark.parametrize("vendor", [1, 2, 3, 5, 6, 7, 8, 11])
def test_storage_regions(vendor: int) -> None:
    """Each vendor's region numbers pass, and every other number up to 30 is refused with the rule of that vendor."""
    listed = {int(region) for region in read_json("data", "storage_regions.json")[str(vendor)]}
    listed |= {0} if vendor == 8 else set()  # Beijing, on an older page
    extra: Any = {"extensionParams": {"endpoint": "s3.example.com"}} if vendor == 11 else {}
    if vendor == 5:
        extra = {"accessKey": "contoso", "secretKey": "c2VjcmV0"}
    for region in range(-1, 31):
        use = storage(vendor=vendor, region=region, **extra)
        if vendor in (5, 6, 11) and region > 0:
            with pytest.warns(RequestWarning, match=f"region of vendor {vendor} .* has no effect"):
                assert answered(httpx.Response(200, json={"sid": "s"}), use).sid == "s"
        elif region in listed:
            assert answered(httpx.Response(200, json={"sid": "s"}), use).sid == "s"
        else:
            assert any(f"region of vendor {vendor}" in line or "at least 0" in line for line in told(use))


def test_secrets_are_not_told() -> None:
    """Wrong secrets are told of by their field, and never shown; nor is anything around them."""
    wrong = {**STORAGE, "accessKey": "", "secretKey": 7, "stsToken": ["do-not-show"], "stsExpiration": "do not"}
    config = {"channelType": 0, "secret": "", "salt": 7, "decryptionMode": 7}
    error = refused(
        lambda client: client.mix.start(
            RESOURCE_ID,
            CNAME,
            UID,
            token=["do-not-show"],
            storage_config=wrong,
            recording_config=config,  # type: ignore[arg-type]
        )
    )
    assert "do-not-show" not in str(error) + repr(error.problems)
    for name in ("accessKey", "secretKey", "stsToken", "secret", "salt", "token"):
        assert any(problem.field.endswith(name) and problem.value == "***" for problem in error.problems), name


def test_secrets_in_the_wrong_place_are_not_told() -> None:
    """A whole configuration given for another field, or a list in its place, shows nothing of what is in it."""
    for wrong in (STORAGE, [STORAGE], StorageConfig.from_dict(STORAGE)):
        for argument in ("recording_config", "recording_file_config"):
            error = refused(
                lambda client, argument=argument, wrong=wrong: client.mix.start(
                    RESOURCE_ID, CNAME, UID, storage_config=STORAGE, **{argument: wrong}
                )
            )
            assert "do-not-show" not in str(error)


def test_nothing_is_sent(call: Any, httpx_mock: HTTPXMock) -> None:
    """The sync and the async client alike refuse before they send."""
    for use in (
        lambda client: client.query("../x", SID, "mix"),
        lambda client: client.mix.acquire(CNAME, 0),
        lambda client: client.mix.start(RESOURCE_ID, CNAME, UID, storage_config={}),
        lambda client: client.individual.stop(RESOURCE_ID, "a/b", CNAME, UID),
    ):
        with pytest.raises(InvalidRequestError):
            call(use)
    assert httpx_mock.get_requests() == []


@pytest.mark.parametrize("value", ["", "ü", "a\nb", None, 7, b"id"], ids=repr)
@pytest.mark.parametrize("place", [0, 1])
def test_credential(place: int, value: Any) -> None:
    """A credential is two printable ASCII strings; a wrong one is named and not shown."""
    pair = ["do-not-show", "do-not-show"]
    pair[place] = value
    with pytest.raises(ConfigurationError, match="customer_secret" if place else "customer_id") as caught:
        BasicAuth(*pair)
    assert "do-not-show" not in str(caught.value)


def test_credential_with_a_colon() -> None:
    """A customer ID with a colon would end in the secret; a secret may hold one."""
    with pytest.raises(ConfigurationError, match="colon"):
        BasicAuth("a:b", "secret")
    assert BasicAuth("a", "b:c").header == "Basic YTpiOmM="


@pytest.mark.parametrize(
    "credential",
    [("id", "secret-do-not-show"), None, "id:secret-do-not-show", httpx.BasicAuth("id", "x")],
    ids=["tuple", "none", "text", "httpx"],
)
def test_credential_of_another_type(credential: Any) -> None:
    """What is no BasicAuth is refused where the client is made, unseen."""
    with pytest.raises(ConfigurationError, match="credential: must be a BasicAuth") as caught:
        CloudRecording("app", credential, base_url=BASE_URL)
    assert "do-not-show" not in str(caught.value)


@pytest.mark.parametrize("wrong", [{"x": b"1"}, {"x": float("nan")}, {"x": "\ud800"}, {"x": {1: 2}}])
def test_what_cannot_be_sent_is_told_of_also_where_nothing_is_checked(wrong: Any) -> None:
    def use(client: Any) -> Any:
        with pytest.raises(InvalidRequestError) as failed:
            client.mix.start(RESOURCE_ID, CNAME, UID, storage_config=wrong, check=False)
        assert failed.value.problems
        with pytest.raises(InvalidRequestError, match="resource_id"):
            client.mix.start("../elsewhere", CNAME, UID, storage_config={}, check=False)
        return client.mix.start(RESOURCE_ID, CNAME, UID, storage_config={"vendor": 99}, check=False).sid

    assert answered(httpx.Response(200, json={"sid": "s"}), use) == "s"
