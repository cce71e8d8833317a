"""Bad requests: code 2 and a reason that names the field."""

from __future__ import annotations

import copy
from typing import Any

import pytest
from hypothesis import given, strategies as st

from cloudrec.emulator import Emulator
from cloudrec.emulator.service.contract import Contract
from cloudrec.emulator.world.settings import Mode


def changed(request: Any, path: str, value: Any) -> Any:
    """A request with one field changed, added, or (value None) removed; the path is dotted."""
    request = copy.deepcopy(request)
    *parents, last = path.split(".")
    place = request
    for parent in parents:
        place = place[int(parent)] if parent.isdigit() else place.setdefault(parent, {})
    if value is None:
        del place[last]
    else:
        place[last] = value
    return request


PAGE = "extensionServiceConfig.extensionServices.0.serviceParam"
REGION = {"x_axis": 0.5, "y_axis": 0, "width": 0.6, "height": 1}


@pytest.mark.parametrize(
    ("mode", "path", "value", "reason"),
    [
        (
            "mix",
            "recordingConfig.maxIdleTime",
            3,
            "recordingConfig.maxIdleTime 3 is less than the minimum of 5",
        ),
        ("mix", "recordingConfig.maxIdleTime", "30", "recordingConfig.maxIdleTime is not a whole number"),
        (
            "mix",
            "recordingConfig.maxIdletime",
            30,
            "recordingConfig.maxIdletime is not a field of this request; did you mean maxIdleTime",
        ),
        (
            "mix",
            "recordingConfig.channelType",
            True,
            "recordingConfig.channelType true is not a whole number",
        ),
        (
            "mix",
            "storageConfig.region",
            None,
            "storageConfig: vendors 1, 2, 3, 7 and 8 need region; the others have none",
        ),
        ("mix", "storageConfig", None, "storageConfig is required"),
        ("mix", "storageConfig.vendor", 4, "storageConfig.vendor 4 is not one of 1, 2, 3, 5, 6, 7, 8, 11"),
        (
            "mix",
            "storageConfig.region",
            17,
            "storageConfig: region of vendor 1 (Amazon S3) is one of 0–16, 18–22, 24–25",
        ),
        (
            "mix",
            "storageConfig.secretkey",
            "x",
            "storageConfig.secretkey is not a field of this request; did you mean secretKey",
        ),
        (
            "mix",
            "storageConfig.fileNamePrefix",
            ["a/b"],
            "storageConfig.fileNamePrefix[0] is not letters a–z and A–Z and digits",
        ),
        (
            "mix",
            "storageConfig.fileNamePrefix",
            ["a" * 127, "b"],
            "storageConfig.fileNamePrefix is 130 characters long with its slashes, more than the maximum of 128",
        ),
        (
            "mix",
            "storageConfig.extensionParams",
            {"sse": "md5"},
            'storageConfig.extensionParams.sse "md5" is not one of "kms", "aes256"',
        ),
        (
            "mix",
            "recordingFileConfig.avFileType",
            ["mp4"],
            'recordingFileConfig.avFileType: MP4 is made from HLS, so avFileType must list "hls" beside "mp4"',
        ),
        (
            "mix",
            "recordingFileConfig.avFileType",
            ["hls", "hls"],
            "recordingFileConfig.avFileType lists something twice",
        ),
        (
            "mix",
            "recordingConfig.transcodingConfig",
            {"width": 1920, "height": 1081},
            "recordingConfig.transcodingConfig width × height is 1920 × 1081, more than the maximum of 2073600",
        ),
        (
            "mix",
            "recordingConfig.transcodingConfig",
            {"width": 4000},
            "recordingConfig.transcodingConfig.width 4000 is more than the maximum of 1920",
        ),
        (
            "mix",
            "recordingConfig.transcodingConfig",
            {"mixedVideoLayout": 3},
            "recordingConfig.transcodingConfig: mixedVideoLayout 3 (custom) needs layoutConfig",
        ),
        (
            "mix",
            "recordingConfig.transcodingConfig",
            {"mixedVideoLayout": 3, "layoutConfig": [REGION]},
            "recordingConfig.transcodingConfig.layoutConfig[0]: x_axis + width is at most 1",
        ),
        (
            "mix",
            "recordingConfig.subscribeAudioUids",
            [str(n) for n in range(1, 34)],
            "recordingConfig.subscribeAudioUids has more than 32 items",
        ),
        (
            "mix",
            "snapshotConfig",
            {"fileType": ["jpg"]},
            "snapshotConfig is not a field of this request; it is one in individual and raw mode only",
        ),
        (
            "raw",
            "recordingConfig.streamMode",
            "standard",
            "recordingConfig.streamMode is not a field of this request; it is one in individual and mix mode only",
        ),
        (
            "mix",
            "recordingConfig.avFileType",
            ["hls"],
            "recordingConfig.avFileType is not a field of this request; it belongs into recordingFileConfig",
        ),
        (
            "individual",
            "recordingFileConfig.avFileType",
            ["hls", "mp4"],
            "recordingFileConfig.avFileType has more than 1 items",
        ),
        (
            "individual",
            "recordingConfig",
            {"channelType": 0, "decryptionMode": 7, "secret": "s"},
            "recordingConfig: decryptionMode 7 and 8 need salt",
        ),
        (
            "individual",
            "snapshotConfig",
            {"fileType": ["png"]},
            'snapshotConfig.fileType[0] "png" is not one of "jpg"',
        ),
        (
            "web",
            f"{PAGE}.maxRecordingHour",
            721,
            "extensionServiceConfig.extensionServices[0].serviceParam.maxRecordingHour 721 is more than the maximum",
        ),
        (
            "web",
            f"{PAGE}.url",
            "file:///etc/passwd",
            "extensionServiceConfig.extensionServices[0].serviceParam.url is not an http or https URL",
        ),
        (
            "web",
            f"{PAGE}.url",
            None,
            "extensionServiceConfig.extensionServices[0].serviceParam.url is required",
        ),
        (
            "web",
            "recordingConfig",
            {"channelType": 0},
            "recordingConfig is not a field of this request; it is one in individual and mix and raw mode only",
        ),
    ],
)
def test_a_bad_start_names_its_field(caller_of: Any, mode: str, path: str, value: Any, reason: str) -> None:
    """The reason names the field by its path, and what is wrong with it in this mode."""
    caller = caller_of(Emulator(strict=True))
    response = caller.acquire(mode).start(changed(caller.request(mode), path, value))
    assert response.status_code == 400
    assert response.json()["code"] == 2
    assert response.json()["reason"].startswith(f"Start: {reason}")


def test_width_and_x_axis_may_fill_the_canvas(caller: Any) -> None:
    """0.7 + 0.3 is 1, whatever floating point makes of it."""
    region = {"x_axis": 0.7, "y_axis": 0.1, "width": 0.3, "height": 0.9}
    config = {"channelType": 0, "transcodingConfig": {"mixedVideoLayout": 3, "layoutConfig": [region]}}
    caller.begin("mix", caller.request("mix", recordingConfig=config))


@pytest.mark.parametrize("uid", ["0", "-1", "4294967296", "abc", "", " 1", "1\n", "01", 1, True, None])
def test_a_bad_uid(caller: Any, uid: Any) -> None:
    """uid is a decimal string from 1 to 4294967295 and nothing else."""
    response = caller.post("/acquire", {"cname": "a", "uid": uid, "clientRequest": {}})
    assert (response.status_code, response.json()["code"]) == (400, 2)
    assert response.json()["reason"].startswith("Acquire: uid ")


@pytest.mark.parametrize("missing", ["cname", "uid", "clientRequest"])
def test_what_every_body_needs(caller: Any, missing: str) -> None:
    """A field that is missing is named."""
    body = {"cname": "a", "uid": "1", "clientRequest": {}}
    del body[missing]
    assert caller.post("/acquire", body).json() == {"code": 2, "reason": f"Acquire: {missing} is required"}


@pytest.mark.parametrize(
    ("request_", "reason"),
    [
        ({"resourceExpiredHour": 721}, "resourceExpiredHour 721 is more than the maximum of 720"),
        ({"scene": 3}, "scene 3 is not one of 0, 1, 2"),
        (
            {"startParameter": {"storageConfig": {"vendor": 1}}},
            "startParameter.storageConfig.bucket is required",
        ),
    ],
)
def test_a_bad_acquire(caller: Any, request_: Any, reason: str) -> None:
    """Rules of acquire."""
    response = caller.post("/acquire", {"cname": "a", "uid": "1", "clientRequest": request_})
    assert response.json()["code"] == 2
    assert response.json()["reason"].startswith(f"Acquire: {reason}")


def test_an_unknown_mode(caller: Any) -> None:
    """The mode stands in the path and is checked like everything else."""
    call = caller.acquire()
    call.mode = "hls"
    response = call.start(caller.request())
    assert response.json() == {
        "code": 2,
        "reason": "Start: mode in the path is not one of individual, mix, web, raw",
    }


@pytest.mark.parametrize(
    ("mode", "action", "request_", "reason"),
    [
        (
            "mix",
            "update",
            {"webRecordingConfig": {"onhold": True}},
            "Update: webRecordingConfig is not a field",
        ),
        ("web", "update", {"streamSubscribe": {}}, "Update: streamSubscribe is not a field"),
        (
            "mix",
            "updateLayout",
            {"mixedVideoLayout": 9},
            "UpdateLayout: mixedVideoLayout 9 is not one of 0, 1, 2, 3",
        ),
        ("individual", "updateLayout", {}, "UpdateLayout: mode individual has no layout; it must be mix"),
        ("web", "updateLayout", {}, "UpdateLayout: mode web has no layout; it must be mix"),
        ("mix", "stop", {"async_stop": "yes"}, "Stop: async_stop is not a boolean"),
        (
            "mix",
            "stop",
            {"asyncStop": True},
            "Stop: asyncStop is not a field of this request; did you mean async_stop",
        ),
    ],
)
def test_a_bad_call_on_a_recording(caller: Any, mode: str, action: str, request_: Any, reason: str) -> None:
    """Each operation speaks of itself, and of the mode it was called in."""
    response = caller.begin(mode).send(action, request_)
    assert (response.status_code, response.json()["code"]) == (400, 2)
    assert response.json()["reason"].startswith(reason)


SECRETS = [
    "token",
    "storageConfig.accessKey",
    "storageConfig.secretKey",
    "storageConfig.stsToken",
    "recordingConfig.secret",
    "recordingConfig.salt",
]


@pytest.mark.parametrize("path", SECRETS)
@pytest.mark.parametrize("value", [31415926, True, [31415926], {"a": 31415926}, {"a": "31415926"}, 3.1415926])
def test_a_secret_is_never_repeated(caller: Any, path: str, value: Any) -> None:
    """A secret of the wrong type is named; what it held is not in the answer."""
    response = caller.acquire("individual").start(changed(caller.request("individual"), path, value))
    assert response.json()["code"] == 2
    assert path in response.json()["reason"]
    assert "1415926" not in response.text
    assert "true" not in response.text


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=8,
)


@given(JSON, st.sampled_from(["AcquireRequest", "StartRequest", "UpdateRequest"]), st.sampled_from(Mode))
def test_anything_at_all_is_judged(value: Any, component: str, mode: Mode) -> None:
    """No JSON makes the check itself fail, and the same JSON always gets the same words."""
    contract = Contract.shipped()
    problems = {contract.problem(component, value, mode) for _ in range(2)}
    assert len(problems) == 1
    assert problems != {""}
