"""What a webhook tells, read: every event, and whatever else may come."""

from __future__ import annotations

import copy
import json
import pickle
from datetime import UTC, datetime
from enum import Enum
from typing import Any

import pytest
from hypothesis import given, strategies as st

from cloudrec import PublishStatus, RecordingStatus, StorageVendor, TrackType
from cloudrec.answers import RecordedFile
from cloudrec.webhooks import (
    CapabilityLimitType,
    ErrorLevel,
    Event,
    EventModule,
    EventService,
    EventType,
    ExitStatus,
    HealthCheck,
    LeaveCode,
    OtherProductEvent,
    PostponedTranscodingResult,
    ReloadReason,
    SessionFailover,
    StreamState,
    TranscodingResult,
    UnknownEvent,
    Uploaded,
    UserTranscodingResult,
    WebStopCode,
    parse,
)
from cloudrec.webhooks._details import DETAILS
from cloudrec_api.views import View
from tests.support import CNAME, SID, UID, Json, each, examples
from tests.webhooks.support import FACTS, NOTIFIED, OCCURRED, encoded, event, sent

AT = datetime(2021, 4, 23, 10, 14, 31, 89000, UTC)
FILE = {
    "fileName": "a.m3u8", "trackType": "audio", "uid": "101", "mixedAllUser": False, "isPlayable": True,
    "sliceStartTime": OCCURRED,
}  # fmt: skip
AUDIO = RecordedFile(FILE)

# Each event with every field that is documented, and what is read.
EVENTS: dict[int, tuple[Json, Json]] = {
    1: (
        {"module": 2, "errorLevel": 5, "errorCode": 50, "stat": 1, "errorMsg": "timeout"},
        {
            "module": EventModule.CLOUD_RECORDING,
            "level": ErrorLevel.FATAL,
            "code": 50,
            "stat": 1,
            "message": "timeout",
        },
    ),
    2: ({"module": 1, "warnCode": 31}, {"module": EventModule.UPLOADER, "code": 31}),
    3: (
        {"status": 5, "recordingMode": 1, "fileList": "a.m3u8"},
        {
            "status": RecordingStatus.IN_PROGRESS,
            "recording_mode": 1,
            "files": (RecordedFile({"fileName": "a.m3u8"}),),
        },
    ),
    4: ({"fileList": "a.m3u8"}, {"files": (RecordedFile({"fileName": "a.m3u8"}),)}),
    11: ({"exitStatus": 1}, {"exit_status": ExitStatus.ABNORMAL}),
    12: ({"newUid": 527842}, {"new_uid": "527842"}),
    30: ({"status": 0}, {"status": 0}),
    31: ({"status": 0, "fileList": [FILE]}, {"status": 0, "files": (AUDIO,)}),
    32: ({"status": 0, "fileList": [FILE, FILE]}, {"status": 0, "files": (AUDIO, AUDIO)}),
    33: ({"progress": 9999}, {"progress": 9999}),
    40: ({"status": 0}, {"status": 0}),
    41: ({"leaveCode": 6}, {"leave_code": LeaveCode.SIGNAL | LeaveCode.NO_USERS}),
    42: (
        {
            "startUtcMs": OCCURRED,
            "discontinueUtcMs": OCCURRED - 89,
            "mixedAllUser": True,
            "streamUid": "0",
            "trackType": "audio_and_video",
        },
        {
            "started_at": AT,
            "discontinued_at": AT.replace(microsecond=0),
            "mixed_all_user": True,
            "stream_uid": "0",
            "track_type": TrackType.AUDIO_AND_VIDEO,
        },
    ),
    43: (
        {"streamUid": "101", "state": 0, "UtcMs": OCCURRED},
        {"stream_uid": "101", "state": StreamState.RECEIVING, "changed_at": AT},
    ),
    44: (
        {"streamUid": "101", "state": 1, "UtcMs": OCCURRED},
        {"stream_uid": "101", "state": StreamState.NOT_RECEIVING, "changed_at": AT},
    ),
    45: ({"fileName": "lessons/a.jpg"}, {"file_name": "lessons/a.jpg"}),
    60: ({"aliVodInfo": {"videoId": "v1"}}, {"video_id": "v1"}),
    61: ({}, {}),
    70: ({"recorderStartTime": OCCURRED}, {"started_at": AT}),
    71: (
        {"code": 4, "message": "page_load_timeout", "details": "60 s", "fileList": [{"filename": "a.m3u8"}]},
        {
            "code": WebStopCode.PAGE_LOAD_TIMEOUT,
            "message": "page_load_timeout",
            "explanation": "60 s",
            "files": (RecordedFile({"filename": "a.m3u8"}),),
        },
    ),
    72: ({"limitType": "WebGL"}, {"limit_type": CapabilityLimitType.WEB_GL}),
    73: ({"reason": "audio_silence"}, {"reason": ReloadReason.AUDIO_SILENCE}),
    80: ({}, {}),
    81: (
        {
            "result": "partial_success",
            "uids": [{"uid": "101", "result": "success", "fileList": [{"fileName": "a.mp4"}]}, {"result": "fail"}],
        },
        {
            "result": TranscodingResult.PARTIAL_SUCCESS,
            "users": [
                {
                    "uid": "101",
                    "result": UserTranscodingResult.SUCCESS,
                    "files": (RecordedFile({"fileName": "a.mp4"}),),
                },
                {"uid": None, "result": UserTranscodingResult.FAIL, "files": ()},
            ],
        },
    ),
    90: (
        {"vendor": 1, "region": 7, "bucket": "lessons", "fileName": "a.ts;b.ts"},
        {
            "vendor": StorageVendor.AMAZON_S3,
            "region": 7,
            "bucket": "lessons",
            "files": (RecordedFile({"fileName": "a.ts"}), RecordedFile({"fileName": "b.ts"})),
        },
    ),
    100: (
        {"rtmpUrl": "rtmp://x/live/do-not-show", "status": "publishing"},
        {"rtmp_url": "rtmp://x/live/do-not-show", "status": PublishStatus.PUBLISHING},
    ),
    1001: (
        {"result": "total_success", "fileList": [{"fileName": "a.mp4"}]},
        {
            "result": PostponedTranscodingResult.TOTAL_SUCCESS,
            "files": (RecordedFile({"fileName": "a.mp4"}),),
        },
    ),
}
# What else may stand in a field, and what is then read.
OTHERWISE: list[tuple[int, Json, Json]] = [
    # Values that nobody had listed.
    (1, {"module": 9, "errorLevel": 6}, {"module": 9, "level": 6}),
    (3, {"status": 9}, {"status": 9, "files": (), "recording_mode": None}),
    (11, {"exitStatus": 2}, {"exit_status": 2}),
    (41, {"leaveCode": 64 | 4}, {"leave_code": LeaveCode(64) | LeaveCode.NO_USERS}),
    (42, {"startUtcMs": OCCURRED, "trackType": "smell"}, {"track_type": "smell"}),
    (43, {"streamUid": "0", "state": 2}, {"state": 2}),
    (71, {"code": 7}, {"code": 7}),
    (72, {"limitType": "WebGPU"}, {"limit_type": "WebGPU"}),
    (90, {"vendor": 99, "fileName": "a.ts"}, {"vendor": 99}),
    (100, {"status": "paused"}, {"status": "paused"}),
    # Numbers as strings, and the other way round.
    (12, {"newUid": "527842"}, {"new_uid": "527842"}),
    (33, {"progress": "10000"}, {"progress": 10000}),
    (43, {"streamUid": 101, "state": "1"}, {"stream_uid": "101", "state": StreamState.NOT_RECEIVING}),
    (100, {"status": 1}, {"status": "1"}),
    # As on older pages, and on those in Chinese.
    (11, {"leaveStatus": 0}, {"exit_status": ExitStatus.NORMAL}),
    # As receivers in the wild read it.
    (43, {"streamUid": "101", "state": 0, "utcMs": OCCURRED}, {"changed_at": AT}),
    (42, {"startUtcMs": OCCURRED, "mixedAllUser": "true"}, {"mixed_all_user": True}),
    (42, {"startUtcMs": OCCURRED, "mixedAllUser": "false"}, {"mixed_all_user": False}),
    (
        90,
        {"filename": "a.ts; b.ts;"},
        {"files": (RecordedFile({"fileName": "a.ts"}), RecordedFile({"fileName": "b.ts"}))},
    ),
    # Files in every form that query and stop have them in, and as JSON in a string.
    (4, {"fileList": ["a.m3u8", "b.m3u8"]}, {"files": tuple(RecordedFile({"fileName": f"{n}.m3u8"}) for n in "ab")}),
    (4, {"fileList": [FILE]}, {"files": (AUDIO,)}),
    (4, {"fileList": json.dumps([FILE])}, {"files": (AUDIO,)}),
    (4, {"fileList": ""}, {"files": ()}),
    (31, {"fileList": "a.m3u8"}, {"files": (RecordedFile({"fileName": "a.m3u8"}),)}),
    (31, {"fileList": json.dumps([FILE])}, {"files": (AUDIO,), "status": None}),
    (32, {"fileList": []}, {"files": ()}),
    # In web mode these two name no files.
    (31, {"status": 0}, {"status": 0, "files": ()}),
    (32, {"status": 0}, {"status": 0, "files": ()}),
    # Nothing has been interrupted yet; a time that is none.
    (42, {"startUtcMs": 0, "discontinueUtcMs": 10**18}, {"started_at": None, "discontinued_at": None}),
    (42, {"startUtcMs": 10**400}, {"started_at": None}),
    # Null is nothing.
    (71, {"code": None, "fileList": None}, {"code": None, "files": ()}),
    # A leave code without bits.
    (41, {"leaveCode": 0}, {"leave_code": LeaveCode.INIT_FAILED}),
]
# What nobody foresaw.
UNFORESEEN: list[tuple[int, Any]] = [
    (31, "uploaded"),
    (31, []),
    (31, 7),
    (31, {"fileList": 7}),
    (31, {"fileList": {"fileName": "a.m3u8"}}),
    (31, {"fileList": [7]}),
    (31, {"fileList": "[{"}),
    (31, {"fileList": "[" * 100_000}),
    (31, {"fileList": '["a", 7]'}),
    (31, {"status": "done"}),
    (31, {"msgName": ["uploaded"]}),
    (12, {}),
    (12, {"newUid": None}),
    (12, {"newUid": True}),
    (12, {"newUid": 1.5}),
    (33, {"progress": 99.5}),
    (33, {"progress": "all"}),
    (41, {"leaveCode": -1}),
    (41, {"leaveCode": 1 << 32}),
    (41, {"leaveCode": [2]}),
    (42, {"startUtcMs": "yesterday"}),
    (42, {"startUtcMs": OCCURRED, "mixedAllUser": 1}),
    (42, {"startUtcMs": OCCURRED, "mixedAllUser": "maybe"}),
    (43, {"streamUid": "101"}),
    (60, {"aliVodInfo": "v1"}),
    (60, {"aliVodInfo": {}}),
    (81, {"result": "all_success", "uids": [{"fileList": 7}]}),
    (81, {"result": "all_success", "uids": {"uid": "101"}}),
    (81, {"result": 1}),
    (90, {"fileName": ["a.ts"]}),
    (100, {"status": ["publishing"]}),
]


def shown(value: Any) -> Any:
    """Several users as dicts."""
    if isinstance(value, tuple) and value and not isinstance(value[0], RecordedFile):
        return [{name: getattr(user, name) for name in ("uid", "result", "files")} for user in value]
    return value


def read(details: Any, names: Json) -> Json:
    """What is read of these fields."""
    return {name: shown(getattr(details, name)) for name in names}


@pytest.mark.parametrize("number", EVENTS)
def test_every_event(number: int) -> None:
    """Every documented field is read, everything sent is kept, and a field that is new does no harm."""
    fields, expected = EVENTS[number]
    documented = {field["name"] for field in FACTS[str(number)]["fields"] if field["depth"] == 0}
    assert set(fields) == documented - {"msgName"}
    details = fields | {"msgName": FACTS[str(number)]["name"], "new": {"of": ["2027"]}}
    body = sent(number, details)
    found = parse(encoded(body))
    assert isinstance(found, Event)
    assert found.raw == body
    assert found.event_type is EventType(number)
    assert type(found.details) is DETAILS[number]
    assert found.details.raw == details
    assert found.details.name == FACTS[str(number)]["name"]
    assert found.details.event_type is EventType(number)
    assert read(found.details, expected) == expected
    # Everything public is in the table above.
    public = {name for name in dir(found.details) if not name.startswith("_")} - {
        "raw",
        "name",
        "event_type",
        "to_dict",
    }
    assert public == set(expected)


def test_every_event_is_tested() -> None:
    """All 27."""
    assert [str(number) for number in EVENTS] == list(FACTS)


@each(("number", "details", "expected"), OTHERWISE)
def test_other_values(number: int, details: Json, expected: Json) -> None:
    """Values that are not listed pass, and other forms that were documented once, or elsewhere, are read."""
    found = event(number, details).details
    assert type(found) is DETAILS[number]
    assert read(found, expected) == expected
    assert [type(value) for value in read(found, expected).values()] == [type(value) for value in expected.values()]


@each(("number", "details"), UNFORESEEN)
def test_unforeseen_shapes(number: int, details: Any) -> None:
    """A field of another type than documented, or without what says everything: unknown, with all of it kept."""
    found = event(number, details).details
    assert found == UnknownEvent(details, EventType(number))
    assert found.raw == details


@pytest.mark.parametrize("number", [13, 0, 99, -1, "31x", None, 3.5, True, [31], {}])
def test_unknown_events(number: Any) -> None:
    """An event that has no class, or no number, is unknown; so is the one that a guide names without fields, 13."""
    details = {"msgName": "high_availability_register_success", "x": 1}
    found = event(number, details)
    assert isinstance(found.details, UnknownEvent)
    assert found.details.raw == details
    assert found.details.name == "high_availability_register_success"
    assert found.details.event_type == found.event_type == (number if type(number) is int else None)
    assert found.cname == CNAME


@pytest.mark.parametrize("number", [61, 80, 31, 70])
def test_events_that_say_nothing_more(number: int) -> None:
    """An event whose details are left out, or null, is still that event, where it needs none."""
    body = sent(number)
    body["payload"]["details"] = None
    assert type(parse(encoded(body)).details) is DETAILS[number]  # type: ignore[union-attr]
    del body["payload"]["details"]
    assert type(parse(encoded(body)).details) is DETAILS[number]  # type: ignore[union-attr]
    assert event(33).details == UnknownEvent(event(33).details.raw, EventType.UPLOADING_PROGRESS)


def test_envelope() -> None:
    """What every event says."""
    found = event(40, serviceType=2, serviceScene="rtc_record")
    assert (found.cname, found.uid, found.sid, found.sequence) == (CNAME, UID, SID, 3)
    assert (found.notice_id, found.service, found.scene) == ("notice-1", EventService.UPLOADER, "rtc_record")
    assert found.sent_at == AT
    assert found.notified_at == datetime.fromtimestamp(NOTIFIED / 1000, UTC)
    assert found.sent_at.tzinfo is found.notified_at.tzinfo is UTC


def test_envelope_in_other_forms() -> None:
    """Numbers as strings, as they once were; a service nobody has heard of; the sid beside the payload."""
    found = event(40, uid=527841, sequence="7", sendts=str(OCCURRED), serviceType=5)
    assert (found.uid, found.sequence, found.sent_at, found.service) == (UID, 7, AT, 5)
    body = sent() | {"sid": "beside", "productId": "3", "eventType": "40"}
    del body["payload"]["sid"]
    found = parse(encoded(body))
    assert isinstance(found, Event)
    assert (found.sid, found.event_type) == ("beside", EventType.RECORDER_STARTED)


@pytest.mark.parametrize("payload", [None, 7, "x", [], {}, {"cname": [], "uid": {}, "sid": 1.5, "sequence": {}}])
def test_envelope_without_content(payload: Any) -> None:
    """Nothing in the payload is needed to read it."""
    found = parse(encoded({"productId": 3, "eventType": 12, "payload": payload}))
    assert isinstance(found, Event)
    assert (found.cname, found.uid, found.sid, found.sequence) == (None, None, None, None)
    assert (found.notice_id, found.sent_at, found.notified_at, found.service) == (None, None, None, None)
    assert isinstance(found.details, UnknownEvent)


def test_leave_codes() -> None:
    """Each bit can be asked for, and unknown ones stay."""
    code = LeaveCode(4 | 16 | 1024)
    assert LeaveCode.NO_USERS in code
    assert LeaveCode.SIGNAL not in code
    assert int(code) == 1044
    assert [flag.name for flag in LeaveCode(6)] == ["SIGNAL", "NO_USERS"]
    assert LeaveCode(0) is LeaveCode.INIT_FAILED


@pytest.mark.parametrize("product", [1, 4, 5, 17, 99, None, "x", 3.5])
def test_other_products(product: Any) -> None:
    """An event of another product is not taken for one of a recording, though it has the same number."""
    body = {
        "noticeId": "2000001428:4330:107",
        "productId": product,
        "eventType": 31,
        "notifyMs": NOTIFIED,
        "payload": {},
    }
    found = parse(encoded(body))
    assert isinstance(found, OtherProductEvent)
    assert found.product_id == (product if type(product) is int else None)
    assert (found.event_type, found.notice_id) == (31, "2000001428:4330:107")
    assert found.notified_at == datetime.fromtimestamp(NOTIFIED / 1000, UTC)
    assert found.raw == body


@pytest.mark.parametrize(
    ("product", "payload"),
    [
        (3, {"cname": "test_webhook", "uid": "12121212", "sid": SID, "sequence": 0, "details": {"status": 0}}),
        (3, {"cname": "test_webhook", "uid": 12121212}),
        (1, {"channelName": "test_webhook", "uid": 12121212, "platform": 1, "ts": 1560396843}),
        (1, {"channelName": "test_webhook", "ts": 1560396834}),
        (1, {"channelName": "test_webhook", "ts": 1560399999, "lastUid": 12121212}),
    ],
)
def test_health_check(product: int, payload: Json) -> None:
    """The console's test events are known by their channel and user."""
    found = parse(encoded({"noticeId": "n", "productId": product, "eventType": 40, "payload": payload}))
    assert isinstance(found, HealthCheck)
    assert (found.product_id, found.event_type, found.notice_id) == (product, 40, "n")


def test_a_channel_of_that_name() -> None:
    """A recording of one's own in a channel called "test_webhook" is no health check."""
    assert isinstance(parse(encoded(sent(40, cname="test_webhook"))), Event)
    assert isinstance(parse(encoded(sent(40, uid="12121212"))), Event)


def test_match() -> None:
    """Events are told apart by `match`."""
    seen = []
    for number, (details, _) in EVENTS.items():
        match event(number, details):
            case Event(details=Uploaded(files=(RecordedFile(name=name),)), sid=sid):
                seen.append((name, sid))
            case Event(details=SessionFailover(new_uid=uid)):
                seen.append(uid)
    assert seen == ["527842", ("a.m3u8", SID)]


def test_what_is_shown() -> None:
    """A repr tells what matters, and neither addresses with keys nor what nobody has read."""
    assert repr(event(12, {"newUid": 2})) == (
        f"Event(event_type=<EventType.SESSION_FAILOVER: 12>, cname='{CNAME}', uid='{UID}', sid='{SID}', sequence=3, "
        "details=SessionFailover(new_uid='2'))"
    )
    assert "do-not-show" not in repr(event(100, EVENTS[100][0]))
    assert "do-not-show" not in repr(event(100, {"rtmpUrl": "rtmp://x/do-not-show", "status": []}))
    assert repr(event(13, {"msgName": "x"}).details) == "UnknownEvent(event_type=13, name='x')"
    assert repr(parse(b'{"productId": 1, "eventType": 101}')) == (
        "OtherProductEvent(product_id=1, event_type=101, notice_id=None)"
    )


def test_values() -> None:
    """Equal if the same was sent; copies and pickles are equal too."""
    one, same, other = event(12, {"newUid": 2}), event(12, {"newUid": 2}), event(12, {"newUid": 3})
    assert one == same != other
    assert one.details == same.details != other.details
    assert UnknownEvent({}, 13) != UnknownEvent({}, 14)
    for value in (one, one.details, UnknownEvent({}, 13)):
        assert copy.deepcopy(value) == pickle.loads(pickle.dumps(value)) == value


json_values = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.just(10**400)
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=8,
)
# Names that are read, so that anything at all stands in each of them.
names = st.sampled_from(
    sorted({field["name"] for fact in FACTS.values() for field in fact["fields"]} | {"leaveStatus", "filename"})
)
any_details = json_values | st.dictionaries(names, json_values | st.sampled_from(["1", "true", "a;b", "[]", 2**40]))
any_payload = json_values | st.fixed_dictionaries(
    {},
    optional={
        "cname": json_values,
        "uid": json_values,
        "sid": json_values,
        "sequence": json_values,
        "sendts": json_values | st.integers(),
        "serviceType": json_values,
        "details": any_details,
    },
)
any_notice = st.fixed_dictionaries(
    {"productId": st.sampled_from([3, "3", 1]) | json_values},
    optional={
        "noticeId": json_values,
        "eventType": st.sampled_from(sorted(DETAILS)) | json_values,
        "notifyMs": json_values | st.integers(),
        "payload": any_payload,
        "sid": json_values,
    },
)


def walk(value: Any) -> None:
    """Reads everything that can be read."""
    assert isinstance(repr(value), str)
    assert value == value
    for name in dir(value):
        if name.startswith("_") or name in ("raw", "to_dict"):
            continue
        found = getattr(value, name)
        assert found is None or isinstance(found, (str, int, bool, datetime, Enum, tuple, View))
        for item in found if isinstance(found, tuple) else [found]:
            if isinstance(item, View):
                walk(item)


@examples(300)
@given(any_notice)
def test_reading_never_raises(notice: Json) -> None:
    """Whatever stands in a notice, everything can be read, and is there as it was sent."""
    found = parse(encoded(notice))
    assert found.raw == notice
    walk(found)
