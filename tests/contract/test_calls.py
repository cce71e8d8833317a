"""What each call sends, to the byte, and what its answer becomes."""

from __future__ import annotations

import base64
import json
from typing import Any

import httpx
import pytest
from pytest_httpx import HTTPXMock

from cloudrec import (
    CloudRecording,
    LayoutRegion,
    Mode,
    Scene,
    ServiceRegion,
    StorageConfig,
    StorageVendor,
    StreamSubscribe,
    VideoUidList,
)
from tests.support import (
    APP_ID,
    BASE_URL,
    CNAME,
    CREDENTIAL,
    CUSTOMER_ID,
    CUSTOMER_SECRET,
    PAGE,
    RESOURCE_ID,
    SID,
    STORAGE,
    TESTS,
    UID,
    answered,
    shown,
)  # fmt: skip

NAMES = sorted(path.stem for path in (TESTS / "contract" / "fixtures").glob("*.json"))
FIXTURES: dict[str, Any] = {
    name: json.loads((TESTS / "contract" / "fixtures" / f"{name}.json").read_text(encoding="utf-8")) for name in NAMES
}
AUTHORIZATION = "Basic " + base64.b64encode(f"{CUSTOMER_ID}:{CUSTOMER_SECRET}".encode()).decode()


def check_fixture(fixture: Any, call: Any, httpx_mock: HTTPXMock, by_mode: bool) -> None:
    """Makes the fixture's call and looks at what was sent and what came back."""
    answer, made = fixture["response"], fixture["call"]
    httpx_mock.add_response(status_code=answer["status"], headers=answer["headers"], json=answer["body"])

    def use(client: Any) -> Any:
        arguments = dict(made["arguments"])
        if by_mode:
            client = getattr(client, made["mode"])
        else:
            arguments |= made.get("only_top_level", {})
            if made["method"] not in ("acquire", "ncs_ips"):
                arguments["mode"] = made["mode"]
        return getattr(client, made["method"])(**arguments)

    result = call(use)

    [request] = httpx_mock.get_requests()
    wanted = fixture["request"]
    assert request.method == wanted["method"]
    assert str(request.url) == BASE_URL + wanted["path"]
    assert request.headers["Authorization"] == AUTHORIZATION
    assert request.headers["Accept"] == "application/json"
    assert request.headers["User-Agent"].startswith("cloudrec/")
    if "body" in wanted:
        assert request.headers["Content-Type"] == "application/json;charset=utf-8"
        # Compact, and in the order of the call: whoever compares it with `startParameter` compares text.
        assert json.loads(request.content) == wanted["body"]
        assert b": " not in request.content
    else:
        assert request.content == b""
        assert "Content-Type" not in request.headers
    assert shown(result) == fixture["result"]
    assert result.raw == answer["body"]


@pytest.mark.parametrize("name", NAMES)
def test_fixture(name: str, call: Any, httpx_mock: HTTPXMock) -> None:
    """The client's own call, with the mode as an argument, sends and returns what the fixture says."""
    check_fixture(FIXTURES[name], call, httpx_mock, by_mode=False)


@pytest.mark.parametrize("name", [name for name in NAMES if FIXTURES[name]["call"]["mode"]])
def test_fixture_by_mode(name: str, call: Any, httpx_mock: HTTPXMock) -> None:
    """The call of `client.individual`, `client.mix` or `client.web` sends and returns the same."""
    check_fixture(FIXTURES[name], call, httpx_mock, by_mode=True)


def test_ids_are_sent_as_they_were_received(call: Any, httpx_mock: HTTPXMock) -> None:
    """Nothing in a resource ID or a recording ID is escaped."""
    httpx_mock.add_response(json={})
    call(lambda client: client.mix.query("r-_.~+=", "s-_.~+="))
    [request] = httpx_mock.get_requests()
    path = f"/v1/apps/{APP_ID}/cloud_recording/resourceid/r-_.~+=/sid/s-_.~+=/mode/mix/query"
    assert request.url.raw_path.decode() == path


def test_fixtures_cover_every_call_and_mode() -> None:
    """There is a fixture for each call in each mode that takes it."""
    covered = {(fixture["call"]["method"], fixture["call"]["mode"]) for fixture in FIXTURES.values()}
    modes = ("individual", "mix", "web")
    wanted = {(method, mode) for method in ("acquire", "start", "query", "update", "stop") for mode in modes}
    assert covered == wanted | {("update_layout", "mix"), ("ncs_ips", None)}
    assert all(fixture["source"] for fixture in FIXTURES.values())


def sent_by(use: Any) -> Any:
    """The body that a call sends."""
    requests = []

    def answer(request: httpx.Request) -> httpx.Response:
        requests.append(request)
        return httpx.Response(200, json={"resourceId": RESOURCE_ID, "sid": SID})

    with httpx.Client(transport=httpx.MockTransport(answer)) as http_client:
        use(CloudRecording(APP_ID, CREDENTIAL, base_url=BASE_URL, http_client=http_client))
    [request] = requests
    return json.loads(request.content)


def test_models_and_dicts_send_the_same() -> None:
    """A model, a dict of the API's names, and a mix of both are the same on the wire."""
    model = StorageConfig(
        vendor=StorageVendor.AMAZON_S3,
        region=7,
        bucket="lessons",
        access_key="AK-do-not-show",
        secret_key="SK-do-not-show",
    )
    bodies = [
        sent_by(lambda client, storage=storage: client.mix.start(RESOURCE_ID, CNAME, UID, storage_config=storage))
        for storage in (model, STORAGE, STORAGE | {"vendor": StorageVendor.AMAZON_S3})
    ]
    assert bodies == [{"cname": CNAME, "uid": UID, "clientRequest": {"storageConfig": STORAGE}}] * 3


def test_models_in_lists_and_in_dicts() -> None:
    """Models are understood wherever they stand."""
    region, other = (LayoutRegion(x_axis=x, y_axis=0, width=0.5, height=1) for x in (0, 0.5))
    body = sent_by(
        lambda client: client.mix.update_layout(
            RESOURCE_ID, SID, CNAME, UID, mixed_video_layout=3, layout_config=(region, {"uid": "2", **other.to_dict()})
        )
    )
    assert body["clientRequest"]["layoutConfig"] == [
        {"x_axis": 0, "y_axis": 0, "width": 0.5, "height": 1},
        {"uid": "2", "x_axis": 0.5, "y_axis": 0, "width": 0.5, "height": 1},
    ]
    subscribe = {"videoUidList": VideoUidList(un_subscribe_video_uids=["1"])}
    body = sent_by(lambda client: client.mix.update(RESOURCE_ID, SID, CNAME, UID, stream_subscribe=subscribe))
    assert body["clientRequest"] == {"streamSubscribe": {"videoUidList": {"unSubscribeVideoUids": ["1"]}}}
    assert sent_by(lambda client: client.mix.update(RESOURCE_ID, SID, CNAME, UID, stream_subscribe=StreamSubscribe()))[
        "clientRequest"
    ] == {"streamSubscribe": {}}


@pytest.mark.parametrize("uid", [1, 527841, 2**32 - 1])
def test_uid_as_a_number(uid: int) -> None:
    """A uid given as a number is sent as the string that the service wants."""
    assert sent_by(lambda client: client.acquire(CNAME, uid))["uid"] == str(uid)


@pytest.mark.parametrize("mode", [Mode.MIX, "mix"], ids=["member", "name"])
def test_mode_by_name_and_by_member(mode: Any) -> None:
    """A mode is its name or its member of `Mode`, in the path either way."""
    result = answered(httpx.Response(200, json={}), lambda client: client.query(RESOURCE_ID, SID, mode))
    assert type(result.server_response).__name__ == "Unknown"


def test_left_out_is_left_out() -> None:
    """What is not given is not sent: no defaults of ours go over the wire."""
    assert sent_by(lambda client: client.acquire(CNAME, UID))["clientRequest"] == {}
    assert sent_by(lambda client: client.stop(RESOURCE_ID, SID, "mix", CNAME, UID))["clientRequest"] == {}


def test_scene_of_each_mode() -> None:
    """`acquire` of a mode says its scene; deferred transcoding is scene 2."""
    assert sent_by(lambda client: client.web.acquire(CNAME, UID))["clientRequest"] == {"scene": Scene.WEB_PAGE}
    with pytest.warns(DeprecationWarning, match="acquire: scene: deferred transcoding is in no current page"):
        deferred = sent_by(
            lambda client: client.individual.acquire(CNAME, UID, deferred_transcoding=True, region=ServiceRegion.EU)
        )
    assert deferred["clientRequest"] == {"scene": 2, "region": "EU"}


@pytest.mark.parametrize(
    ("mode", "start"),
    [
        ("individual", {"storageConfig": STORAGE, "snapshotConfig": {"fileType": ["jpg"]}}),
        ("mix", {"storageConfig": STORAGE, "recordingFileConfig": {"avFileType": ["hls", "mp4"]}}),
        ("web", {"storageConfig": STORAGE, "extensionServiceConfig": PAGE}),
    ],
)
def test_start_parameter_equals_the_start(mode: str, start: Any) -> None:
    """`start_parameter` goes over the wire exactly as the `clientRequest` of the start that it announces."""
    acquired = sent_by(lambda client: getattr(client, mode).acquire(CNAME, UID, start_parameter=start))
    names = {
        "storageConfig": "storage_config",
        "snapshotConfig": "snapshot_config",
        "recordingFileConfig": "recording_file_config",
        "extensionServiceConfig": "extension_service_config",
    }
    arguments = {names[name]: value for name, value in start.items()}
    started = sent_by(lambda client: getattr(client, mode).start(RESOURCE_ID, CNAME, UID, **arguments))
    assert acquired["clientRequest"]["startParameter"] == started["clientRequest"]


def test_names_beyond_ascii() -> None:
    """A name of a web recording may be in any script; it is sent as UTF-8."""
    assert sent_by(lambda client: client.web.acquire("课程 42 — é", UID))["cname"] == "课程 42 — é"
