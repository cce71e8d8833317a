"""Answers with something unknown beside a known shape: nothing of them is lost, and a code says what it means."""

from __future__ import annotations

from typing import Any

import httpx
import pytest
from hypothesis import given, strategies as st

from cloudrec import AlreadyStoppingError, RecordingStatus, TaskNotFoundError, UploadingStatus
from cloudrec.answers import (
    QueryMixHls,
    QueryServices,
    QueryWebRecording,
    StopIndividualRecording,
    StopMixHls,
    StopServices,
    StopUpload,
    UnknownService,
    Uploader,
    WebRecorder,
)
from tests.support import CNAME, RESOURCE_ID, SID, UID, Json, answered

MODES = ("individual", "raw", "mix", "web")
UPLOAD = {"serviceName": "upload_service", "payload": {"uploadingStatus": "backuped"}}
PAGE = {
    "serviceName": "web_recorder_service",
    "payload": {"state": "exit", "fileList": [{"filename": "a/p.m3u8"}], "onhold": "false"},
}
VOD = {"serviceName": "aliyun_vod_service", "payload": {"state": "inProgress", "videoInfo": [{"fileName": "v.mp4"}]}}
MODERATION = {"serviceName": "moderation_service", "payload": {"uploadingStatus": "uploaded"}, "streamTypes": 2}
TOMORROW = {"serviceName": "tomorrow_service", "payload": {"fileList": ["t.m3u8"]}}


def asked(method: str, mode: str, body: Json, *, status: int = 200) -> Any:
    """The result of a query or a stop that is answered so."""
    names = (CNAME, UID) if method == "stop" else ()
    response = httpx.Response(status, json=body)
    return answered(response, lambda client: getattr(client, method)(RESOURCE_ID, SID, mode, *names))


@pytest.mark.parametrize("mode", MODES)
@pytest.mark.parametrize("beside", [{}, {"subServiceStatus": {"recordingService": "serviceReady"}}, {"x": 1}])
def test_services_that_nobody_knows(mode: str, beside: Json) -> None:
    """In any mode: each known one typed, each other one with its JSON; status and files from what is there."""
    answer = {"status": 5, "extensionServiceState": [VOD, UPLOAD, MODERATION, TOMORROW], **beside}
    result = asked("query", mode, {"serverResponse": answer})
    found = result.server_response
    assert isinstance(found, QueryServices)
    assert [type(service) for service in found.services] == [UnknownService, Uploader, UnknownService, UnknownService]
    assert [service.raw for service in found.services] == [VOD, UPLOAD, MODERATION, TOMORROW]
    assert found.services[0].name == "aliyun_vod_service"
    assert result.status is found.status is RecordingStatus.IN_PROGRESS
    assert [file.name for file in result.files] == ["t.m3u8"]
    assert found.raw == answer


@pytest.mark.parametrize("mode", ["individual", "raw", "mix"])
@pytest.mark.parametrize("method", ["query", "stop"])
def test_services_beside_the_files_of_their_mode(method: str, mode: str) -> None:
    """Both are read: the shape of the mode, and each service."""
    files = {"fileListMode": "json", "fileList": [{"fileName": "a.m3u8"}], "status": 5}
    result = asked(method, mode, {"serverResponse": {**files, "extensionServiceState": [VOD, UPLOAD]}})
    assert not isinstance(result.server_response, (QueryServices, StopServices))
    assert [file.name for file in result.files] == ["a.m3u8"]
    assert [type(service) for service in result.server_response.services] == [UnknownService, Uploader]
    assert asked(method, mode, {"serverResponse": files}).server_response.services == ()


@pytest.mark.parametrize("mode", MODES)
def test_services_at_the_end(mode: str) -> None:
    """The upload's state is where anybody tells of it."""
    answer = {"extensionServiceState": [VOD, MODERATION, TOMORROW]}
    result = asked("stop", mode, {"serverResponse": answer})
    assert isinstance(result.server_response, StopServices)
    assert (result.uploading_status, [file.name for file in result.files]) == (UploadingStatus.UPLOADED, ["t.m3u8"])
    assert not result.files_follow


@pytest.mark.parametrize("mode", MODES)
@pytest.mark.parametrize("others", [[MODERATION], [VOD, MODERATION, TOMORROW]])
def test_the_uploader_knows_where_the_files_are(mode: str, others: list[Json]) -> None:
    """Whatever another service says of its own files, and in whatever order they report."""
    for services in ([*others, UPLOAD], [UPLOAD, *others]):
        result = asked("stop", mode, {"serverResponse": {"extensionServiceState": services}})
        assert (result.uploading_status, result.files_follow) == (UploadingStatus.BACKUPED, True)
        assert result.server_response.uploading_status is UploadingStatus.BACKUPED


@pytest.mark.parametrize("mode", ["individual", "raw", "mix"])
def test_services_beside_files(mode: str) -> None:
    """The shape that the mode has is what it was; what it lacks comes from the services."""
    answer = {"fileListMode": "string", "fileList": "a.m3u8", "extensionServiceState": [UPLOAD, PAGE]}
    result = asked("stop", mode, {"serverResponse": answer})
    assert type(result.server_response).__name__.startswith("Stop")
    assert type(result.server_response) is not StopServices
    assert [file.name for file in result.files] == ["a.m3u8"]
    assert (result.uploading_status, result.files_follow) == (UploadingStatus.BACKUPED, True)
    assert result.server_response.raw == answer


def test_known_services_of_a_page_stay_what_they_were() -> None:
    got = asked("query", "web", {"serverResponse": {"status": 5, "extensionServiceState": [TOMORROW, PAGE]}})
    assert isinstance(got.server_response, QueryWebRecording)
    assert [type(service) for service in got.server_response.services] == [UnknownService, WebRecorder]
    assert isinstance(
        asked("stop", "web", {"serverResponse": {"extensionServiceState": [TOMORROW, UPLOAD]}}).server_response,
        StopUpload,
    )


LEAVING = {
    "code": 49,
    "serverResponse": {
        "fileListMode": "string",
        "fileListStr": f"quickstart/{SID}_1.m3u8",
        "payload": {"message": "Failed"},
    },
}


@pytest.mark.parametrize("mode", MODES[:3])
@pytest.mark.parametrize("status", [200, 206, 400, 404, 500])
def test_files_beside_a_code(mode: str, status: int) -> None:
    """A body of a support ticket: the file is listed, and 49 is what it means, whatever the HTTP status."""
    if status == 200:
        result = asked("stop", mode, LEAVING, status=status)
        assert type(result.server_response) in (StopMixHls, StopIndividualRecording) or mode == "raw"
        assert result.code == 49
        assert result.meaning == "The recording is on its way out already."
        files = result.files
    else:
        with pytest.raises(AlreadyStoppingError, match="Failed") as caught:
            asked("stop", mode, LEAVING, status=status)
        assert caught.value.code == 49
        files = caught.value.files
    assert [file.name for file in files] == [f"quickstart/{SID}_1.m3u8"]


def test_a_result_without_a_code_has_no_meaning() -> None:
    result = asked("stop", "mix", {"code": 0, "serverResponse": {"fileList": "a.m3u8"}})
    assert (result.code, result.meaning) == (None, None)
    strange = asked("query", "mix", {"code": 7777, "serverResponse": {"fileList": "a.m3u8", "status": 5}})
    assert (strange.code, strange.meaning, len(strange.files)) == (7777, None, 1)
    assert isinstance(strange.server_response, QueryMixHls)


@pytest.mark.parametrize("body", [{}, {"code": 50, "reason": "upload timeout"}, {"code": "50"}, {"code": None}])
@pytest.mark.parametrize("mode", MODES)
def test_a_stop_whose_upload_takes_longer(mode: str, body: Json) -> None:
    """206, with code 50 or with none: it has stopped, and nobody knows yet where the files are."""
    result = asked("stop", mode, body, status=206)
    assert (result.http_status, result.nothing_recorded, result.files) == (206, False, ())
    assert result.uploading_status is None
    assert ("longer than the 20 seconds" in (result.meaning or "")) is (body.get("code") is not None)


@pytest.mark.parametrize("endpoint", ["query", "stop"])
@pytest.mark.parametrize("code", [{}, {"code": 404}, {"code": "404"}])
@pytest.mark.parametrize("command", ["QueryCloudRecording", "StopCloudRecorder", None])
def test_a_404_as_it_is_seen_in_the_wild(endpoint: str, code: Json, command: str | None) -> None:
    """A whole `serverResponse`, with the words in its payload."""
    said = {"payload": {"message": "Failed to find worker."}, **({"command": command} if command else {})}
    body = {"resourceId": RESOURCE_ID, "sid": SID, **code, "serverResponse": {**said, "vid": "1"}}
    with pytest.raises(TaskNotFoundError, match="Failed to find worker"):
        asked(endpoint, "mix", body, status=404)


SERVICES = st.lists(
    st.sampled_from([UPLOAD, PAGE, VOD, MODERATION, TOMORROW, {}, {"serviceName": 7}, {"payload": []}, 5, None]),
    max_size=5,
)
LISTS = st.sampled_from(
    [{}, {"fileListMode": "string", "fileList": "a.m3u8"}, {"fileListStr": "b.m3u8"}, {"fileListMode": "json"},
     {"fileListMode": "json", "fileList": [{"fileName": "c.mp4"}]}]
)  # fmt: skip


@given(
    st.sampled_from(["query", "stop"]), st.sampled_from(MODES), SERVICES, LISTS, st.sampled_from([{}, {"status": 4}])
)
def test_nothing_is_lost(method: str, mode: str, services: list[Json], files: Json, status: Json) -> None:
    """Whatever stands together: the JSON is there, every file that is named is listed, and nothing raises."""
    answer = {**files, **status, "extensionServiceState": services}
    result = asked(method, mode, {"serverResponse": answer})
    assert result.server_response.raw == answer
    names = {file.name for file in result.files}
    own = {"a.m3u8", "b.m3u8", "c.mp4"} & {*map(str, files.values()), *("c.mp4" for _ in files.get("fileList", ())[:1])}
    assert names or not own or mode == "web"
    if method == "query":
        assert result.status == status.get("status")
    repr(result)
