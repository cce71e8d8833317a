"""Every shape that an answer takes, and shapes that nobody foresaw."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import httpx
import pytest
from hypothesis import given, settings, strategies as st

from cloudrec import PublishStatus, RecordingStatus, ServiceState, TrackType, UploadingStatus
from cloudrec._contract.document import document
from cloudrec.answers import (  # fmt: skip
    QueryCdnPush,
    QueryIndividualRecording,
    QueryIndividualScreenshots,
    QueryMixHls,
    QueryMixHlsAndMp4,
    QueryRawRecording,
    QueryRawScreenshots,
    QueryWebRecording,
    RtmpPublisher,
    StopIndividualRecording,
    StopIndividualScreenshots,
    StopMixHls,
    StopMixHlsAndMp4,
    StopRawRecording,
    StopRawScreenshots,
    StopUpload,
    StopWebRecording,
    Unknown,
    UnknownService,
    Uploader,
    WebRecorder,
)
from tests.support import CALLS, CNAME, RESOURCE_ID, SID, UID, Json, answered, each, examples, shown

MODES = ("individual", "mix", "raw", "web")
MILLISECONDS, SECONDS = 1619172871089, 1619172871
AT = datetime(2021, 4, 23, 10, 14, 31, tzinfo=UTC)


def asked(method: str, mode: str, answer: Json, **reply: Any) -> Any:
    """The result of a query or a stop that is answered with this `serverResponse`."""
    return whole(method, mode, {"serverResponse": answer}, **reply)


def whole(method: str, mode: str, body: Json, **reply: Any) -> Any:
    """The result of a query or a stop that is answered with this body."""
    names = (body.get("cname", CNAME), UID) if method == "stop" else ()
    response = httpx.Response(reply.pop("status", 200), json=body, **reply)
    return answered(response, lambda client: getattr(client, method)(RESOURCE_ID, SID, mode, *names))


@pytest.mark.parametrize(
    ("method", "mode", "example", "kind"),
    [
        ("query", "individual", "QueryIndividualRecording", QueryIndividualRecording),
        ("query", "individual", "QueryIndividualScreenshots", QueryIndividualScreenshots),
        ("query", "raw", "QueryRawRecording", QueryRawRecording),
        ("query", "raw", "QueryRawScreenshots", QueryRawScreenshots),
        ("query", "mix", "QueryMixHls", QueryMixHls),
        ("query", "mix", "QueryMixHlsAndMp4", QueryMixHlsAndMp4),
        ("query", "web", "QueryWebRecording", QueryWebRecording),
        ("query", "web", "QueryCdnPush", QueryCdnPush),
        ("stop", "individual", "StopIndividualRecording", StopIndividualRecording),
        ("stop", "individual", "StopIndividualScreenshots", StopIndividualScreenshots),
        ("stop", "raw", "StopRawRecording", StopRawRecording),
        ("stop", "raw", "StopRawScreenshots", StopRawScreenshots),
        ("stop", "mix", "StopMixHls", StopMixHls),
        ("stop", "mix", "StopMixHlsAndMp4", StopMixHlsAndMp4),
        ("stop", "web", "StopWebRecording", StopWebRecording),
        ("stop", "web", "StopUploadService", StopUpload),
    ],
)
def test_documented_shapes(method: str, mode: str, example: str, kind: type[Any]) -> None:
    """Each example of the document becomes the class of its shape, with nothing lost."""
    body = document()["components"]["examples"][example]["value"]
    result = whole(method, mode, body, headers={"X-Request-Id": "req-9"})
    assert type(result.server_response) is kind
    assert result.server_response.raw == body["serverResponse"]
    assert (result.raw, result.request_id, result.http_status) == (body, "req-9", 200)
    assert (result.cname, result.uid, result.sid) == (body["cname"], body["uid"], body["sid"])
    if method == "query":
        assert result.status is result.server_response.status is RecordingStatus.IN_PROGRESS


@pytest.mark.parametrize(
    ("answer", "kind", "names"),
    [
        ({"fileListMode": "string", "fileList": "a.m3u8"}, QueryMixHls, ["a.m3u8"]),
        ({"fileListMode": "string", "fileList": ""}, QueryMixHls, []),
        ({"fileListMode": "string"}, QueryMixHls, []),
        ({"fileList": "a.m3u8"}, QueryMixHls, ["a.m3u8"]),
        ({"fileListMode": "json", "fileList": []}, QueryMixHlsAndMp4, []),
        ({"fileListMode": "json", "fileList": ""}, QueryMixHlsAndMp4, []),
        ({"fileListMode": "json"}, QueryMixHlsAndMp4, []),
        ({"fileListMode": "json", "fileList": ["a.m3u8", "b.mp4"]}, QueryMixHlsAndMp4, ["a.m3u8", "b.mp4"]),
        ({"fileList": [{"fileName": "a.m3u8"}]}, QueryMixHlsAndMp4, ["a.m3u8"]),
        ({"fileList": [{"filename": "a.m3u8"}, "b.mp4"]}, QueryMixHlsAndMp4, ["a.m3u8", "b.mp4"]),
        # What is said and what is sent disagree: what is sent counts.
        ({"fileListMode": "string", "fileList": [{"fileName": "a.mp4"}]}, QueryMixHlsAndMp4, ["a.mp4"]),
        ({"fileListMode": "json", "fileList": "a.m3u8"}, QueryMixHls, ["a.m3u8"]),
    ],
)
def test_forms_of_file_lists(answer: Json, kind: type[Any], names: list[str]) -> None:
    """A name, a list of names and a list of objects are all the same tuple of files, in query and in stop."""
    got = asked("query", "mix", {"status": 5} | answer).server_response
    assert type(got) is kind
    assert [file.name for file in got.files] == names
    stopped = asked("stop", "mix", answer).server_response
    assert type(stopped).__name__ == kind.__name__.replace("Query", "Stop")
    assert [file.name for file in stopped.files] == names


@each(
    ("mode", "answer"),
    [
        ("mix", {"fileListMode": "xml", "fileList": "a"}),
        ("mix", {"fileListMode": "json", "fileList": 7}),
        ("mix", {"fileListMode": "json", "fileList": [7]}),
        ("mix", {"fileListMode": "json", "fileList": {"a": 1}}),
        ("mix", {"status": 5}),
        ("mix", {}),
        ("individual", {}),
        ("individual", {"fileListMode": None}),
        ("web", {"status": 5}),
        ("web", {"extensionServiceState": []}),
        ("web", {"extensionServiceState": "down"}),
        ("web", {"status": 5, "fileListMode": "string", "fileList": "a.m3u8"}),
        ("mix", None),
        ("mix", "ok"),
        ("mix", []),
    ],
)
@each("method", ["query", "stop"])
def test_unforeseen_shapes(method: str, mode: str, answer: Json) -> None:
    """What fits no shape is Unknown with its raw JSON, and the call succeeds."""
    got = asked(method, mode, answer).server_response
    assert type(got) is Unknown
    assert got.raw == answer
    assert got.status == (answer.get("status") if isinstance(answer, dict) else None)


@pytest.mark.parametrize("method", ["query", "stop"])
def test_no_server_response(method: str) -> None:
    """An answer without a serverResponse is a result all the same."""
    result = whole(method, "mix", {"sid": SID})
    assert result.server_response == Unknown(None)
    assert result.sid == SID


def test_several_services() -> None:
    """Every service of a web answer is there, known or not, in the order in which they were sent."""
    answer = {
        "status": 5,
        "extensionServiceState": [
            {"serviceName": "rtmp_publish_service", "payload": {"state": "inProgress", "outputs": [
                {"rtmpUrl": "rtmp://a.example/x", "status": "publishing"},
                {"rtmpUrl": "rtmp://b.example/x", "status": "reconnecting"},
            ]}},
            {"serviceName": "web_recorder_service", "payload": {"state": "inProgress", "onhold": False, "fileList": [
                {"filename": "a.m3u8", "sliceStartTime": MILLISECONDS}, {"fileName": "b.mp4"},
            ]}},
            {"serviceName": "chat_recorder_service", "payload": {"state": "init"}},
        ],
    }  # fmt: skip
    got = asked("query", "web", answer).server_response
    assert isinstance(got, QueryWebRecording)
    assert [type(service) for service in got.services] == [RtmpPublisher, WebRecorder, UnknownService]
    assert got.services[2].name == "chat_recorder_service"
    assert got.services[2].raw["payload"] == {"state": "init"}
    assert [output.status for output in got.rtmp_publisher.outputs] == [PublishStatus.PUBLISHING, "reconnecting"]
    assert [output.rtmp_url for output in got.rtmp_publisher.outputs] == ["rtmp://a.example/x", "rtmp://b.example/x"]
    assert (got.web_recorder.state, got.web_recorder.onhold) == (ServiceState.IN_PROGRESS, False)
    assert [file.name for file in got.files] == ["a.m3u8", "b.mp4"]


def test_stop_of_web_without_the_recorder() -> None:
    """The upload alone is StopUpload; with the web recorder beside it, StopWebRecording knows both."""
    upload = {"serviceName": "upload_service", "payload": {"uploadingStatus": "backuped"}}
    alone = asked("stop", "web", {"extensionServiceState": [upload]}).server_response
    assert isinstance(alone, StopUpload)
    assert alone.uploading_status is UploadingStatus.BACKUPED
    recorder = {"serviceName": "web_recorder_service", "payload": {"fileList": ["a.mp4"]}}
    both = asked("stop", "web", {"extensionServiceState": [recorder, upload]}).server_response
    assert isinstance(both, StopWebRecording)
    assert [type(service) for service in both.services] == [WebRecorder, Uploader]
    assert (both.uploading_status, both.files[0].name) == (UploadingStatus.BACKUPED, "a.mp4")


@pytest.mark.parametrize(
    ("sent", "at"),
    [
        (MILLISECONDS, AT.replace(microsecond=89000)),
        (str(MILLISECONDS), AT.replace(microsecond=89000)),
        (SECONDS, AT),
        (str(SECONDS), AT),
        (0, None),
        ("0", None),
        (None, None),
        ("", None),
        (-1, None),
        (True, None),
        ("soon", None),
        (1e30, None),
        (10**40, None),
    ],
    ids=repr,
)
def test_times(sent: Json, at: datetime | None) -> None:
    """A time in seconds or milliseconds, as number or string, is an aware datetime in UTC; the raw one is kept."""
    answer = {"status": 5, "sliceStartTime": sent, "fileListMode": "json", "fileList": [{"sliceStartTime": sent}]}
    got = asked("query", "mix", answer).server_response
    assert got.slice_start_time == got.files[0].slice_start_time == at
    assert got.slice_start_time is None or got.slice_start_time.tzinfo is UTC
    assert got.raw["sliceStartTime"] == got.files[0].raw["sliceStartTime"] == sent


@pytest.mark.parametrize(
    ("sent", "status"),
    [(5, RecordingStatus.IN_PROGRESS), ("5", RecordingStatus.IN_PROGRESS), (20, RecordingStatus.EXITED_ABNORMALLY),
     (99, 99), ("99", 99), ("fine", None), (None, None), (True, None), ([], None)],
    ids=repr,
)  # fmt: skip
def test_status_that_is_not_listed(sent: Json, status: Any) -> None:
    """A status that the service adds later is kept as its number; it never raises."""
    result = asked("query", "mix", {"status": sent, "fileListMode": "string", "fileList": ""})
    assert result.status == result.server_response.status == status
    assert type(result.status) is type(status)
    assert result.raw["serverResponse"]["status"] == sent


def test_words_that_are_not_listed() -> None:
    """Other values that the service adds later are kept as they are."""
    file = {"fileName": "a", "trackType": "hologram", "uid": 101, "mixedAllUser": "yes"}
    got = asked(
        "stop", "mix", {"fileListMode": "json", "fileList": [file], "uploadingStatus": "beamed"}
    ).server_response
    assert got.uploading_status == "beamed"
    assert (got.files[0].track_type, got.files[0].uid, got.files[0].mixed_all_user) == ("hologram", "101", None)
    known = asked("stop", "mix", {"fileListMode": "json", "fileList": [{"trackType": "audio_and_video"}]})
    assert known.server_response.files[0].track_type is TrackType.AUDIO_AND_VIDEO


@pytest.mark.parametrize("body", [{"code": 435, "reason": "no recorded data"}, {"code": "435"}])
@pytest.mark.parametrize("mode", MODES)
def test_nothing_recorded(mode: str, body: Json) -> None:
    """206 with code 435 on stop is a result that says so, not an exception."""
    result = whole("stop", mode, body, status=206)
    assert result.nothing_recorded is True
    assert result.http_status == 206
    assert type(result.server_response).__name__ == "NothingRecorded"
    assert result.raw == body


def test_nothing_recorded_beside_a_full_answer() -> None:
    """A code 435 beside a whole serverResponse counts; what stands beside it stays reachable."""
    body = {"code": 435, "sid": SID, "serverResponse": {"fileListMode": "string", "fileList": ""}}
    result = whole("stop", "mix", body, status=206)
    assert result.nothing_recorded is True
    assert result.sid == SID
    assert result.raw["serverResponse"]["fileListMode"] == "string"


def test_206_with_a_full_answer() -> None:
    """206 on stop that brings a serverResponse and no failure is a result."""
    body = {"serverResponse": {"fileListMode": "string", "fileList": "a.m3u8", "uploadingStatus": "unknown"}}
    result = whole("stop", "mix", body, status=206)
    assert (result.nothing_recorded, result.http_status) == (False, 206)
    assert result.server_response.files[0].name == "a.m3u8"


def test_ncs_ips() -> None:
    """Addresses come out as a tuple of strings; an answer of another form has none."""

    def addresses(body: Json) -> tuple[str, ...]:
        found: tuple[str, ...] = answered(httpx.Response(200, json=body), lambda client: client.ncs_ips()).addresses
        return found

    hosts = [{"primaryIP": "192.0.2.1", "secondaryIP": "192.0.2.9"}, {"primaryIP": ""}, {"other": 1}]
    assert addresses({"data": {"service": {"hosts": hosts}}}) == ("192.0.2.1",)
    for other in ({}, {"data": None}, {"data": {"service": []}}, {"data": {"service": {"hosts": "none"}}}):
        assert addresses(other) == ()


ANY_JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=8), inner, max_size=4),
    max_leaves=8,
)
NEAR = st.deferred(
    lambda: st.fixed_dictionaries(
        {},
        optional={
            "status": st.integers(-1, 30) | ANY_JSON,
            "fileListMode": st.sampled_from(["string", "json"]) | ANY_JSON,
            "fileList": st.text(max_size=4) | st.lists(FILE) | ANY_JSON,
            "sliceStartTime": TIME,
            "uploadingStatus": st.sampled_from(["uploaded", "later"]) | ANY_JSON,
            "extensionServiceState": st.lists(SERVICE | ANY_JSON) | ANY_JSON,
        },
    )
)
TIME = st.integers(-(10**14), 10**20) | st.integers().map(str) | ANY_JSON
FILE = st.fixed_dictionaries(
    {},
    optional={
        "fileName": ANY_JSON, "filename": ANY_JSON, "trackType": ANY_JSON, "uid": ANY_JSON, "mixedAllUser": ANY_JSON,
        "isPlayable": ANY_JSON, "sliceStartTime": TIME,
    },
)  # fmt: skip
SERVICE = st.fixed_dictionaries(
    {"serviceName": st.sampled_from(["web_recorder_service", "rtmp_publish_service", "upload_service"]) | ANY_JSON},
    optional={
        "payload": st.fixed_dictionaries(
            {},
            optional={
                "state": st.sampled_from(["init", "gone"]) | ANY_JSON,
                "onhold": ANY_JSON,
                "fileList": st.lists(FILE) | ANY_JSON,
                "outputs": st.lists(
                    st.fixed_dictionaries({}, optional={"rtmpUrl": ANY_JSON, "status": ANY_JSON}) | ANY_JSON
                ),
                "uploadingStatus": ANY_JSON,
            },
        )
        | ANY_JSON
    },
)


@pytest.mark.parametrize("mode", MODES)
@pytest.mark.parametrize("method", ["query", "stop"])
def test_any_server_response_is_read(method: str, mode: str) -> None:
    """Whatever JSON stands in serverResponse: no exception, every property can be read, and raw is what was sent."""

    @examples(60)
    @given(NEAR | ANY_JSON)
    def is_read(answer: Json) -> None:
        result = asked(method, mode, answer)
        assert result.raw == {"serverResponse": answer}
        assert result.server_response.raw == answer
        assert shown(result)["class"] == type(result).__name__
        assert repr(result).startswith(type(result).__name__)

    is_read()


@given(
    st.sampled_from(["acquire", "start", "query", "update", "stop", "ncsIps"]),
    st.dictionaries(st.text(max_size=8), ANY_JSON),
)
@settings(deadline=None)
def test_any_object_is_read(endpoint: str, body: Json) -> None:
    """Whatever object answers a call, its fields can be read; only what a call is for must be there."""
    needed = {"acquire": "resourceId", "start": "sid"}
    body = body | {needed.get(endpoint, "code"): "x"}
    result = answered(httpx.Response(200, json=body), CALLS[endpoint])
    assert shown(result)["class"] == type(result).__name__
    assert result.raw == body
