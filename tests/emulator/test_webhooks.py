"""The emulator tells by webhook what happens to recordings."""

from __future__ import annotations

import hashlib
import hmac
import json
import queue
import ssl
import threading
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest
import trustme
from hypothesis import given, strategies as st

from cloudrec.emulator import Clock, Emulator, Fault, SentNotice
from cloudrec.emulator.service.contract import Contract
from cloudrec.emulator.webhooks.notices import EVENTS, Chronicle, Event
from tests.emulator.conftest import Call, Caller, Json, until
from tests.support import examples

SECRET = "webhook-secret-do-not-show"
OK = 200
CONTRACT = Contract.shipped()


def check_against_contract(notice: Json) -> None:
    """What is sent of an event is what the contract says of it."""
    assert CONTRACT.problem("Notice", notice) is None
    details = notice["payload"].get("details", {})
    item = CONTRACT.document["webhooks"].get(details.get("msgName"))
    if item is not None:
        schema = item["post"]["requestBody"]["content"]["application/json"]["schema"]["allOf"][1]["properties"]
        assert schema["eventType"]["const"] == notice["eventType"]
        component = schema["payload"]["properties"]["details"]["$ref"].rpartition("/")[2]
        assert CONTRACT.problem(component, details) is None
        # Every documented field is there, but for what web recordings and screenshots go without.
        documented = set(CONTRACT.document["components"]["schemas"][component]["properties"])
        assert documented - set(details) <= {"fileList", "recordingMode"}


@dataclass
class Arrival:
    """One request, byte for byte."""

    headers: dict[str, str]
    body: bytes

    @property
    def notice(self) -> Json:
        notice: Json = json.loads(self.body)
        return notice

    @property
    def payload(self) -> Json:
        payload: Json = self.notice["payload"]
        return payload

    @property
    def type(self) -> int:
        number: int = self.notice["eventType"]
        return number


@dataclass
class Receiver:
    """Somebody's webhook on loopback: it keeps what comes and answers what it is told to."""

    url: str = ""
    arrivals: list[Arrival] = field(default_factory=list)
    #: What to answer next; 200 when there is nothing in it. None never answers.
    answers: queue.Queue[int | None] = field(default_factory=queue.Queue)
    #: Called before an answer goes out.
    before: Callable[[Arrival], object] = lambda _: None
    over: threading.Event = field(default_factory=threading.Event)
    server: ThreadingHTTPServer | None = None

    @property
    def types(self) -> list[int]:
        """The events in the order in which they came."""
        return [arrival.type for arrival in self.arrivals]

    def of(self, number: int) -> list[Json]:
        """The details of every event of this number."""
        return [arrival.payload["details"] for arrival in self.arrivals if arrival.type == number]

    def one(self, number: int) -> Json:
        """The details of the only event of this number."""
        (details,) = self.of(number)
        return details


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    receiver = Receiver()

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"
        disable_nagle_algorithm = True

        def do_POST(self) -> None:
            length = int(self.headers["Content-Length"])
            body = self.rfile.read(length)
            if len(body) < length:  # the emulator was stopped while it sent: nothing came whole
                self.close_connection = True
                return
            arrival = Arrival({name.lower(): value for name, value in self.headers.items()}, body)
            receiver.arrivals.append(arrival)
            receiver.before(arrival)
            answer = OK if receiver.answers.empty() else receiver.answers.get()
            if answer is None:
                receiver.over.wait(30)
                self.close_connection = True
                return
            self.send_response(answer)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", "2")
            if answer == 307:
                self.send_header("Location", "/agora/?key=do-not-show")
            self.end_headers()
            self.wfile.write(b"{}")

        def log_message(self, *_: Any) -> None:
            """Nothing on the terminal."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    receiver.server = server
    receiver.url = f"http://127.0.0.1:{server.server_port}/agora"
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    yield receiver
    receiver.over.set()
    server.shutdown()
    thread.join()
    server.server_close()
    for arrival in receiver.arrivals:
        check_against_contract(arrival.notice)


@pytest.fixture
def told(receiver: Receiver) -> Iterator[Emulator]:
    """An emulator that tells the receiver, its clock standing."""
    emulator = Emulator(webhook_url=receiver.url, webhook_secret=SECRET)
    yield emulator
    emulator.stop()


@pytest.fixture
def recorder(told: Emulator, caller_of: Any) -> Caller:
    caller: Caller = caller_of(told)
    return caller


def sending_threads() -> list[threading.Thread]:
    return [thread for thread in threading.enumerate() if thread.name == "cloudrec-webhooks"]


def whole_life(caller: Caller, request: Json | None = None, mode: str = "mix") -> Call:
    """A minute and a half, stopped, and gone."""
    call = caller.begin(mode, request)
    caller.emulator.clock.advance(90)
    assert call.stop().status_code in {200, 206}
    caller.emulator.clock.advance(3)
    return call


# -- what is sent ----------------------------------------------------------------------------------


def test_a_notice_is_compact_json_signed_over_its_bytes(told: Emulator, recorder: Caller, receiver: Receiver) -> None:
    call = recorder.begin(cname="lesson-42")
    told.clock.advance(3)
    told.webhooks.flush()
    first, second = receiver.arrivals[:2]
    for arrival in (first, second):
        assert arrival.headers["content-type"] == "application/json"
        for header, digest in (("agora-signature", hashlib.sha1), ("agora-signature-v2", hashlib.sha256)):
            assert arrival.headers[header] == hmac.new(SECRET.encode(), arrival.body, digest).hexdigest()
        assert json.dumps(arrival.notice, separators=(",", ":")).encode() == arrival.body
    assert set(second.notice) == {"noticeId", "productId", "eventType", "notifyMs", "payload"}
    now = round(told.clock.time.timestamp() * 1000)
    assert (second.notice["productId"], second.type, second.notice["notifyMs"]) == (3, 40, now)
    assert second.payload == {
        "cname": "lesson-42",
        "uid": call.uid,
        "sid": call.sid,
        "sequence": 1,
        "sendts": now,
        "serviceType": 1,
        "serviceScene": "mix_record",
        "details": {"msgName": "recorder_started", "status": 0},
    }
    assert first.notice["noticeId"] != second.notice["noticeId"]


def test_the_providers_test_vector() -> None:
    from cloudrec.emulator.webhooks.sender import signatures

    body = (
        b'{"eventMs":1560408533119,"eventType":10,"noticeId":"4eb720f0-8da7-11e9-a43e-53f411c2761f",'
        b'"notifyMs":1560408533119,"payload":{"a":"1","b":2},"productId":1}'
    )
    assert signatures(body, "secret") == {
        "Agora-Signature": "033c62f40f687675f17f0f41f91a40c71c0f134c",
        "Agora-Signature-V2": "6d3320c60b11101395b7fc8f9068748808a0aa1bfa064438e39d1bc2c7d74d99",
    }


def test_names_are_sent_as_utf_8_and_half_a_surrogate_pair_as_an_escape(
    told: Emulator, recorder: Caller, receiver: Receiver
) -> None:
    recorder.begin("web", cname="课 42")
    told.clock.advance(2)
    told.webhooks.send_other_product(payload={"channelName": "half \ud800"})
    told.webhooks.flush()
    whole, half = receiver.arrivals
    assert "课 42".encode() in whole.body
    assert b"half \\ud800" in half.body
    assert whole.payload["cname"] == "课 42"
    assert half.payload == {"channelName": "half \ud800"}


def test_the_events_are_those_of_the_contract() -> None:
    in_contract = {}
    for name, item in CONTRACT.document["webhooks"].items():
        content = item["post"]["requestBody"]["content"]["application/json"]
        number = content["schema"]["allOf"][1]["properties"]["eventType"]["const"]
        in_contract[number] = (name, content["examples"]["sent"]["value"]["payload"]["serviceType"])
    assert in_contract == EVENTS


# -- a life in each mode ---------------------------------------------------------------------------


def test_a_composite_recording(told: Emulator, recorder: Caller, receiver: Receiver) -> None:
    request = recorder.request(recordingFileConfig={"avFileType": ["hls", "mp4"]})
    call = whole_life(recorder, request)
    told.webhooks.flush()
    assert receiver.types == [30, 40, 43, 44, 42, 4, 33, 43, 44, 41, 4, 33, 31, 11]
    assert [arrival.payload["sequence"] for arrival in receiver.arrivals] == list(range(14))
    services = {4: 0, 11: 0, 30: 2, 31: 2, 33: 2, 40: 1, 41: 1, 42: 1, 43: 1, 44: 1}
    start = told.notices[0].happened - 2000
    for arrival in receiver.arrivals:
        payload = arrival.payload
        assert (payload["cname"], payload["uid"], payload["sid"]) == (call.cname, call.uid, call.sid)
        assert payload["serviceType"] == services[arrival.type]
        assert payload["details"]["msgName"] == EVENTS[arrival.type][0]
    happened = [(arrival.payload["sendts"] - start) / 1000 for arrival in receiver.arrivals]
    assert happened == [2, 3, 3, 3, 3, 18, 60, 90, 90, 90, 90, 90, 90, 93]
    assert [(d["streamUid"], d["state"], d["UtcMs"] - start) for d in receiver.of(43)] == [
        ("0", 0, 3000),
        ("0", 1, 90_000),
    ]
    assert receiver.one(42) == {
        "msgName": "recorder_slice_start",
        "startUtcMs": start + 3000,
        "discontinueUtcMs": start + 3000,
        "mixedAllUser": True,
        "streamUid": "0",
        "trackType": "audio_and_video",
    }
    assert [d["fileList"] for d in receiver.of(4)] == [f"{call.sid}_lesson-42.m3u8", f"{call.sid}_lesson-42_0.mp4"]
    assert [d["progress"] for d in receiver.of(33)] == [7500, 10_000]  # three slices of four, then all
    assert receiver.one(41)["leaveCode"] & 16
    assert receiver.one(31)["status"] == 0
    listed = receiver.one(31)["fileList"]
    assert [file["fileName"] for file in listed] == [f"{call.sid}_lesson-42_0.mp4", f"{call.sid}_lesson-42.m3u8"]
    assert all(file["mixedAllUser"] and file["uid"] == "0" for file in listed)
    assert receiver.one(11)["exitStatus"] == 0


def test_an_individual_recording_with_screenshots(told: Emulator, recorder: Caller, receiver: Receiver) -> None:
    channel = told.channel("lesson-42")
    channel.join(101)
    request = recorder.request(
        "individual",
        recordingConfig={"channelType": 0, "streamTypes": 2},
        recordingFileConfig={"avFileType": ["hls"]},
        snapshotConfig={"captureInterval": 10, "fileType": ["jpg"]},
        storageConfig=recorder.storage(fileNamePrefix=["lessons", "42"]),
    )
    call = recorder.begin("individual", request)
    told.clock.advance(13)
    channel.join(102, video=False)
    told.clock.advance(10)
    channel.mute(101, video=True)
    told.clock.advance(5)
    channel.unmute(101, video=True)
    told.clock.advance(15)
    call.stop()
    told.clock.advance(3)
    told.webhooks.flush()
    start = told.notices[0].happened - 2000

    def states(number: int) -> list[tuple[str, int, float]]:
        return [(d["streamUid"], d["state"], (d["UtcMs"] - start) / 1000) for d in receiver.of(number)]

    assert states(43) == [("101", 0, 3), ("102", 0, 13), ("101", 1, 43), ("102", 1, 43)]
    assert states(44) == [("101", 0, 3), ("101", 1, 23), ("101", 0, 28), ("101", 1, 43)]
    slices = [
        (d["streamUid"], d["trackType"], d["startUtcMs"] - start, d["discontinueUtcMs"] - start)
        for d in receiver.of(42)
    ]
    assert slices == [
        ("101", "audio", 3000, 3000),
        ("101", "video", 3000, 3000),
        ("102", "audio", 13_000, 13_000),
        ("101", "video", 28_000, 23_000),  # it goes on after an interruption: since when, and until when before
    ]
    names = {
        f"lessons/42/{call.sid}_lesson-42__uid_s_{uid}__uid_e_{kind}.m3u8"
        for uid, kind in (("101", "audio"), ("101", "video"), ("102", "audio"))
    }
    assert {d["fileList"] for d in receiver.of(4)} == names
    assert {file["fileName"] for file in receiver.one(31)["fileList"]} == names
    shots = [d["fileName"] for d in receiver.of(45)]
    assert shots == [file.key for file in told.recording(call.sid).files if file.track_type == "image"]
    assert len(shots) == 4
    assert shots[0].startswith(f"lessons/42/{call.sid}_lesson-42__uid_s_101__uid_e_video_")


def test_screenshots_alone_make_no_slices_and_no_list(told: Emulator, recorder: Caller, receiver: Receiver) -> None:
    request = recorder.request(
        "individual",
        recordingConfig={"channelType": 0, "streamTypes": 1},
        snapshotConfig={"captureInterval": 30, "fileType": ["jpg"]},
    )
    whole_life(recorder, request, "individual")
    told.webhooks.flush()
    counts = Counter(receiver.types)
    assert (counts[45], counts[42], counts[4]) == (6, 0, 0)
    assert receiver.one(31) == {"msgName": "uploaded", "status": 0}


def test_a_web_recording_with_a_push_to_a_cdn(told: Emulator, recorder: Caller, receiver: Receiver) -> None:
    request = recorder.request("web", recordingFileConfig={"avFileType": ["hls", "mp4"]})
    request["extensionServiceConfig"]["extensionServices"].append(recorder.push("rtmp://cdn.example.com/live/key"))
    call = recorder.begin("web", request)
    told.clock.advance(30)
    call.send("update", {"webRecordingConfig": {"onhold": True}})
    told.clock.advance(10)
    call.send("update", {"webRecordingConfig": {"onhold": False}})
    told.clock.advance(10)
    call.stop()
    told.clock.advance(3)
    told.webhooks.flush()
    assert receiver.types == [30, 70, 100, 100, 4, 100, 100, 100, 71, 4, 33, 31, 11]
    start = told.notices[0].happened - 2000
    assert receiver.one(70)["recorderStartTime"] == start + 5000
    pushes = [
        (arrival.payload["details"]["status"], (arrival.payload["sendts"] - start) / 1000)
        for arrival in receiver.arrivals
        if arrival.type == 100
    ]
    assert pushes == [("connecting", 5), ("publishing", 7), ("onhold", 30), ("publishing", 40), ("disconnected", 50)]
    assert {d["rtmpUrl"] for d in receiver.of(100)} == {"rtmp://cdn.example.com/live/key"}
    stopped = receiver.one(71)
    assert (stopped["code"], stopped["message"]) == (0, "ok")
    name = f"{call.sid}_lesson-42"
    assert [file["filename"] for file in stopped["fileList"]] == [f"{name}.m3u8", f"{name}_0.mp4"]
    assert receiver.one(31) == {"msgName": "uploaded", "status": 0}
    assert {a.payload["serviceType"] for a in receiver.arrivals if a.type in {70, 71, 100}} == {6}
    assert "live/key" not in repr(told.notices)


# -- what else happens -----------------------------------------------------------------------------


def test_nobody_there(told: Emulator, recorder: Caller, receiver: Receiver) -> None:
    told.channel("lesson-42")
    recorder.begin()
    told.clock.advance(60)
    told.webhooks.flush()
    assert receiver.types == [30, 40, 41, 11]  # nothing was recorded, so nothing is uploaded
    assert receiver.one(41)["leaveCode"] == 4
    assert [notice.happened - told.notices[0].happened for notice in told.notices] == [0, 1000, 28_000, 31_000]


def test_a_recorder_that_crashes(told: Emulator, recorder: Caller, receiver: Receiver) -> None:
    call = recorder.begin()
    told.clock.advance(20)
    told.crash(call.sid)
    told.clock.advance(3)
    told.webhooks.flush()
    assert receiver.types[-3:] == [1, 41, 11]
    assert 31 not in receiver.types
    assert receiver.one(1)["errorLevel"] == 5
    assert receiver.one(41)["leaveCode"] == 2
    assert receiver.one(11)["exitStatus"] == 1


@pytest.mark.parametrize(
    ("hours", "expired", "code"), [(1, 2, (1, "max_recording_hour")), (2, 1, (6, "recorder_error"))]
)
def test_why_a_web_recording_stopped(
    told: Emulator, recorder: Caller, receiver: Receiver, hours: int, expired: int, code: tuple[int, str]
) -> None:
    page = recorder.page(maxRecordingHour=hours)
    request = recorder.request("web", extensionServiceConfig={"extensionServices": [page]})
    recorder.begin("web", request, resourceExpiredHour=expired)
    told.clock.advance(2 * 3600)
    told.webhooks.flush()
    stopped = receiver.one(71)
    assert (stopped["code"], stopped["message"]) == code
    assert receiver.one(11)["exitStatus"] == 0


def test_a_recording_stopped_before_it_began(told: Emulator, recorder: Caller, receiver: Receiver) -> None:
    call = recorder.begin()
    assert call.stop().status_code == 206
    told.clock.advance(10)
    told.webhooks.flush()
    assert receiver.types == [11]


def test_a_recorder_that_is_thrown_out(told: Emulator, recorder: Caller, receiver: Receiver) -> None:
    call = recorder.begin()
    told.clock.advance(20)
    told.channel("lesson-42").join(101)
    told.channel("lesson-42").join(call.uid)
    told.webhooks.flush()
    assert receiver.types[-4:] == [41, 33, 31, 11]
    assert receiver.one(11)["exitStatus"] == 1


@pytest.mark.parametrize(
    ("fault", "events"), [(Fault.vanish(), [11]), (Fault.stall(2), [11]), (Fault.stall(3), [30, 33, 11])]
)
def test_a_start_that_comes_to_nothing(
    told: Emulator, recorder: Caller, receiver: Receiver, fault: Fault, events: list[int]
) -> None:
    told.channel("lesson-42").join(101)
    told.fail("start", fault)
    call = recorder.begin()
    told.clock.advance(90)
    call.stop()
    told.clock.advance(3)
    told.webhooks.flush()
    assert receiver.types == events


def test_credentials_that_have_ended_leave_the_providers_storage(
    told: Emulator, recorder: Caller, receiver: Receiver
) -> None:
    expires = round(told.clock.time.timestamp()) + 60
    storage = recorder.storage(stsToken="STS-do-not-show", stsExpiration=expires)
    whole_life(recorder, recorder.request(storageConfig=storage))
    told.webhooks.flush()
    assert 32 in receiver.types
    assert 31 not in receiver.types


def test_a_failover_brings_a_new_user_id(told: Emulator, recorder: Caller, receiver: Receiver) -> None:
    call = recorder.begin()
    told.clock.advance(20)
    told.failover(call.sid, 30, rename=True)
    told.clock.advance(60)
    call.stop()
    told.clock.advance(3)
    told.webhooks.flush()
    new = str(receiver.one(12)["newUid"])
    assert new != call.uid
    place = receiver.types.index(12)
    assert {arrival.payload["uid"] for arrival in receiver.arrivals[: place + 1]} == {call.uid}
    assert {arrival.payload["uid"] for arrival in receiver.arrivals[place + 1 :]} == {new}
    assert receiver.types.count(40) == 2  # from the old server, and from the new one
    assert [arrival.payload["sequence"] for arrival in receiver.arrivals] == list(range(len(receiver.arrivals)))
    assert [d["fileList"] for d in receiver.of(4)] == [
        f"{call.sid}_lesson-42.m3u8",
        f"bak0_{call.sid}_lesson-42.m3u8",
    ]


def test_a_failover_that_is_healed_is_over_at_once(told: Emulator, recorder: Caller, receiver: Receiver) -> None:
    call = recorder.begin()
    told.clock.advance(20)
    told.failover(call.sid, 80)
    told.clock.advance(1)
    told.heal()
    told.webhooks.flush()
    assert receiver.types[-2:] == [12, 40]


def test_calls_that_do_not_fit_the_state(told: Emulator, recorder: Caller, receiver: Receiver) -> None:
    call = recorder.begin()
    told.clock.advance(20)
    assert call.start(recorder.request()).status_code == 201
    call.stop()
    assert call.stop().status_code == 400
    told.webhooks.flush()
    playlist = f"{call.sid}_lesson-42.m3u8"
    wanted = {"msgName": "cloud_recording_status_update", "recordingMode": 1, "fileList": playlist}
    assert receiver.of(3) == [{**wanted, "status": 5}, {**wanted, "status": 6}]


def test_files_that_go_to_the_providers_own_storage_first(receiver: Receiver, caller_of: Any) -> None:
    emulator = Emulator(backup=True, webhook_url=receiver.url)
    call = caller_of(emulator).begin()
    emulator.clock.advance(20)
    assert call.stop().json()["serverResponse"]["uploadingStatus"] == "backuped"
    emulator.webhooks.flush()
    emulator.stop()
    assert receiver.types[-1] == 32
    assert receiver.one(32)["fileList"]


def test_an_event_that_a_test_wishes_for(told: Emulator, recorder: Caller, receiver: Receiver) -> None:
    call = recorder.begin("web")
    told.clock.advance(10)
    told.webhooks.send(call.sid, 73, {"reason": "audio_silence"})
    told.webhooks.send(call.sid, 13, {"msgName": "of_tomorrow"}, service_type=9)
    told.clock.advance(50)
    told.webhooks.flush()
    assert receiver.types == [30, 70, 73, 13, 4, 33]
    assert receiver.one(73) == {"msgName": "web_recorder_reload", "reason": "audio_silence"}
    tomorrow = receiver.arrivals[3].payload
    assert (tomorrow["serviceType"], tomorrow["sequence"], tomorrow["details"]) == (9, 3, {"msgName": "of_tomorrow"})
    with pytest.raises(KeyError):
        told.webhooks.send("no-such-sid", 73)


def test_what_cannot_be_written_as_json_is_not_delivered(told: Emulator, recorder: Caller, receiver: Receiver) -> None:
    call = recorder.begin()
    told.webhooks.send(call.sid, 73, {"reason": object()})
    told.webhooks.send(call.sid, 73, {"reason": "audio_silence"})
    told.webhooks.flush()
    assert [notice.delivered for notice in told.notices] == [False, True]
    assert told.notices[0].attempts[0].problem == "TypeError: Object of type object is not JSON serializable"


def test_a_notice_is_sent_once_more(told: Emulator, recorder: Caller, receiver: Receiver) -> None:
    """With the same ID and the same payload, and kept as an attempt of the same notice."""
    whole_life(recorder)
    told.webhooks.flush()
    before, notice = len(receiver.arrivals), told.notices[0]
    told.webhooks.resend(notice.number)
    told.webhooks.flush()
    [again] = receiver.arrivals[before:]
    assert (again.notice["noticeId"], again.payload) == (notice.notice_id, notice.payload)
    assert [attempt.duplicate for attempt in told.notices[0].attempts] == [False, True]
    assert told.notices[0].settled
    with pytest.raises(KeyError):
        told.webhooks.resend(10**6)


def test_after_a_reset_it_is_as_new(told: Emulator, recorder: Caller, receiver: Receiver) -> None:
    """Nothing is known any more, the same user may record anew, and whoever is told goes on being told."""
    first = recorder.begin()
    told.channel("lesson-42").join(101)
    told.fail("*", Fault.html())
    told.clock.advance(30)
    told.reset()
    assert (told.recordings, told.calls, told.notices) == ((), (), ())
    assert first.query().json()["code"] == 1001
    again = whole_life(recorder)
    told.webhooks.flush()
    assert {notice.sid for notice in told.notices} == {again.sid}
    assert [people.uid for people in told._service.channels.get("lesson-42").people] == ["101", "102"]
    assert receiver.arrivals[-1].payload["sid"] == again.sid


def test_the_consoles_health_check_and_another_product(told: Emulator, receiver: Receiver) -> None:
    told.webhooks.send_health_check()
    told.webhooks.send_other_product()
    told.webhooks.flush()
    check, other = receiver.arrivals
    assert (check.notice["productId"], check.payload["cname"], check.payload["uid"]) == (3, "test_webhook", "12121212")
    assert (other.notice["productId"], other.type, other.payload["uid"]) == (1, 103, 101)
    assert [notice.delivered for notice in told.notices] == [True, True]


# -- whenever somebody looks -----------------------------------------------------------------------


def lives(mode: str) -> st.SearchStrategy[list[tuple[str, int, int]]]:
    """What is done, after how many milliseconds, and how many looks there are on the way."""
    doings = ["join", "leave", "mute", "unmute", "subscribe", "hold", "fail over", "heal", "start", "nothing"]
    gap = st.integers(1, 40) | st.integers(1, 40_000)
    return st.lists(st.tuples(st.sampled_from(doings), gap, st.integers(1, 5)), max_size=12)


def do(doing: str, number: int, call: Call, emulator: Emulator) -> None:
    """One of these, where it makes sense."""
    channel = emulator.channel("lesson-42")
    uid = 101 + number % 3
    here = {stream.uid for stream in channel.people}
    web = call.mode == "web"
    match doing:
        case "join" if str(uid) not in here:
            channel.join(uid, video=number % 2 == 0)
        case "leave" if str(uid) in here:
            channel.leave(uid)
        case "mute" | "unmute" if str(uid) in here:
            getattr(channel, doing)(uid, audio=number % 2 == 0)
        case "subscribe" if not web:
            call.send("update", {"streamSubscribe": {"audioUidList": {"subscribeAudioUids": [str(uid)]}}})
        case "hold" if web:
            call.send("update", {"webRecordingConfig": {"onhold": number % 2 == 0}})
        case "fail over":
            emulator.failover(call.sid, 7.5, rename=number % 2 == 0)
        case "heal":
            emulator.heal()
        case "start":
            call.start(call.caller.request(call.mode))


@pytest.mark.parametrize("mode", ["individual", "mix", "web"])
@given(data=st.data())
@examples(25)
def test_the_same_is_told_after_one_jump_as_after_many_small_steps(mode: str, data: st.DataObject) -> None:
    life = data.draw(lives(mode))
    emulator = Emulator()
    caller = Caller(emulator)
    request = caller.request(mode)
    if mode == "web":
        request["extensionServiceConfig"]["extensionServices"].append(caller.push())
    if mode == "individual":
        shots = {"captureInterval": 10, "fileType": ["jpg"]}
        request.update(snapshotConfig=shots, recordingFileConfig={"avFileType": ["hls"]})
    with caller.client:
        call = caller.begin(mode, request)
        recording = emulator._service.recordings[call.sid]
        watched = Chronicle(recording, upload_time=1500)
        in_steps: list[Event] = []
        for number, (doing, gap, looks) in enumerate([*life, ("nothing", 20_000, 50), ("stop", 5_000, 5)]):
            if doing == "stop":
                call.stop()
            else:
                do(doing, number, call, emulator)
            for look in range(looks):
                if look:  # whatever is done at this moment is done by now
                    in_steps += watched.until(emulator.clock.now())
                emulator.clock.advance((gap * (look + 1) // looks - gap * look // looks) / 1000)
            in_steps += watched.until(emulator.clock.now())
        emulator.clock.advance(40)
        in_steps += watched.until(emulator.clock.now())
        in_one = Chronicle(recording, upload_time=1500).until(emulator.clock.now())
    assert in_one == in_steps
    assert in_one[-1].type == 11
    assert watched.until(emulator.clock.now() + 10**6) == []


def test_an_update_pushes_to_another_address(told: Emulator, recorder: Caller, receiver: Receiver) -> None:
    request = recorder.request("web")
    request["extensionServiceConfig"]["extensionServices"].append(recorder.push("rtmp://cdn.example.com/live/1"))
    call = recorder.begin("web", request)
    told.clock.advance(20)
    outputs = [{"rtmpUrl": "rtmp://cdn.example.com/live/2"}]
    assert call.send("update", {"rtmpPublishConfig": {"outputs": outputs}}).status_code == 200
    told.clock.advance(20)
    call.stop()
    told.webhooks.flush()
    assert [(d["rtmpUrl"][-1], d["status"]) for d in receiver.of(100)] == [
        ("1", "connecting"),
        ("1", "publishing"),
        ("2", "connecting"),
        ("2", "publishing"),
        ("2", "disconnected"),
    ]


def test_a_state_that_changes_twice_at_one_moment_is_told_twice(
    told: Emulator, recorder: Caller, receiver: Receiver
) -> None:
    channel = told.channel("lesson-42")
    recorder.begin("individual")
    told.clock.advance(5)
    channel.join(101, video=False)
    told.webhooks.flush()
    channel.leave(101)
    told.webhooks.flush()
    assert [d["state"] for d in receiver.of(43)] == [0, 1]


def test_nothing_is_told_of_what_happened_before_anybody_was_to_be_told(caller_of: Any, receiver: Receiver) -> None:
    emulator = Emulator()
    call = caller_of(emulator).begin()
    emulator.clock.advance(20)
    assert emulator.notices == ()
    assert not sending_threads()
    emulator.webhooks.send_to(receiver.url)
    call.stop()
    emulator.webhooks.flush()
    emulator.stop()
    assert receiver.types == [43, 44, 41, 33, 31]
    assert receiver.arrivals[0].payload["sequence"] == 6  # those before were counted


def test_on_a_clock_that_runs_time_alone_brings_notices(receiver: Receiver, caller_of: Any) -> None:
    emulator = Emulator(clock=Clock(ticking=True), webhook_url=receiver.url)
    caller_of(emulator).begin()
    emulator.clock.advance(1.9)  # and the rest by itself
    until(lambda: receiver.types[:1] == [30])
    emulator.stop()
    assert not sending_threads()


# -- delivery --------------------------------------------------------------------------------------


def test_a_notice_that_is_not_taken_is_sent_again(told: Emulator, recorder: Caller, receiver: Receiver) -> None:
    for answer in (500, 202, 301):
        receiver.answers.put(answer)
    recorder.begin()
    told.clock.advance(3)
    told.webhooks.flush()
    assert receiver.types == [30, 30, 30, 30, 40, 43, 44]
    assert len({arrival.notice["noticeId"] for arrival in receiver.arrivals[:4]}) == 1
    first = told.notices[0]
    assert [attempt.status for attempt in first.attempts] == [500, 202, 301, 200]
    assert (first.delivered, first.settled, first.attempts[-1].answer) == (True, True, b"{}")


def test_after_three_repetitions_it_is_given_up(told: Emulator, recorder: Caller, receiver: Receiver) -> None:
    for _ in range(4):
        receiver.answers.put(500)
    recorder.begin()
    told.clock.advance(3)
    told.webhooks.flush()
    assert receiver.types == [30, 30, 30, 30, 40, 43, 44]
    assert (told.notices[0].delivered, told.notices[0].settled) == (False, True)
    assert told.notices[1].delivered


def test_what_is_not_taken_is_told_and_kept(
    told: Emulator, recorder: Caller, receiver: Receiver, caplog: pytest.LogCaptureFixture
) -> None:
    """Each time in the log, and where a redirect leads; without what may be secret in the URLs."""
    for _ in range(2):
        receiver.answers.put(307)
    url = receiver.url.replace("//", "//me:do-not-show@")
    told.webhooks.send_to(f"{url}?key=do-not-show", retries=1)
    recorder.begin(cname="lesson-42")
    told.clock.advance(3)
    told.webhooks.flush()
    [failed] = told.webhooks.failed
    assert (failed.event_type, [attempt.status for attempt in failed.attempts]) == (30, [307, 307])
    why = f"webhook not taken by {receiver.url}: 307, redirects to /agora/, and no redirect is followed: "
    what = "event 30 (uploader_started) of 'lesson-42'; "
    lines = [record.getMessage() for record in caplog.records if record.name == "cloudrec.emulator"]
    assert lines == [f"{why}{what}it is sent again", f"{why}{what}it is given up"]


def test_how_often_and_how_long_can_be_chosen(told: Emulator, recorder: Caller, receiver: Receiver) -> None:
    told.webhooks.send_to(receiver.url, retries=1, timeout=0.25)
    receiver.answers.put(None)
    receiver.answers.put(None)
    recorder.begin()
    told.clock.advance(2)
    told.webhooks.flush()
    told.webhooks.send_to(receiver.url)  # for what comes now there is time again
    told.clock.advance(1)
    told.webhooks.flush()
    assert receiver.types == [30, 30, 40, 43, 44]
    assert [attempt.problem for attempt in told.notices[0].attempts] == ["no answer within 0.25 s"] * 2
    assert [attempt.status for attempt in told.notices[0].attempts] == [None, None]


def test_a_repetition_says_when_it_was_sent(told: Emulator, recorder: Caller, receiver: Receiver) -> None:
    def move_the_clock(arrival: Arrival) -> None:
        receiver.before = lambda _: None
        told.clock.advance(0.25)

    receiver.before = move_the_clock
    receiver.answers.put(500)
    recorder.begin()
    told.clock.advance(2)
    told.webhooks.flush()
    first, second = receiver.arrivals[:2]
    assert second.notice["notifyMs"] - first.notice["notifyMs"] == 250
    assert second.payload == first.payload


def test_a_receiver_that_is_lost_holds_nothing_up(told: Emulator, recorder: Caller, receiver: Receiver) -> None:
    told.webhooks.send_to("http://127.0.0.1:9/nobody-listens")
    call = whole_life(recorder)
    told.webhooks.flush()
    assert told.recording(call.sid).ended is not None
    assert {notice.delivered for notice in told.notices} == {False}
    assert {len(notice.attempts) for notice in told.notices} == {4}
    assert all(attempt.problem.startswith("ConnectError") for attempt in told.notices[0].attempts)


def test_a_receiver_behind_tls(
    told: Emulator, recorder: Caller, receiver: Receiver, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    authority = trustme.CA()
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    authority.issue_cert("localhost").configure_cert(context)
    assert receiver.server is not None
    receiver.server.socket = context.wrap_socket(receiver.server.socket, server_side=True)
    authority.cert_pem.write_to_path(str(tmp_path / "ca.pem"))
    monkeypatch.setenv("SSL_CERT_FILE", str(tmp_path / "ca.pem"))
    told.webhooks.send_to(receiver.url.replace("http://127.0.0.1", "HTTPS://localhost"), secret=SECRET)
    recorder.begin()
    told.clock.advance(3)
    told.webhooks.flush()
    assert receiver.types == [30, 40, 43, 44], told.notices[0].attempts


def test_flush_does_not_wait_for_ever_and_stop_breaks_off(told: Emulator, recorder: Caller, receiver: Receiver) -> None:
    receiver.answers.put(None)
    recorder.begin()
    told.clock.advance(3)
    with pytest.raises(TimeoutError, match="4 notices are still on their way"):
        told.webhooks.flush(timeout=0.01)
    told.stop()
    assert not sending_threads()
    assert [(notice.settled, notice.delivered) for notice in told.notices] == [(True, False)] * 4


def test_after_stop_nothing_is_sent_until_it_starts_again(told: Emulator, recorder: Caller, receiver: Receiver) -> None:
    call = recorder.begin()
    told.stop()
    told.clock.advance(3)
    call.query()
    told.webhooks.flush()
    assert (receiver.types, sending_threads()) == ([], [])
    with pytest.raises(RuntimeError, match="stopped"):
        told.webhooks.send_health_check()
    told.start()
    told.clock.advance(1)
    told.webhooks.flush()
    assert receiver.types == [30, 40, 43, 44, 42]
    told.stop()
    assert not sending_threads()


# -- mishaps ---------------------------------------------------------------------------------------


def life_with_mishaps(caller_of: Any, receiver: Receiver, **options: Any) -> tuple[list[Any], tuple[SentNotice, ...]]:
    """Event and sequence of what arrived, in the order of arrival; and what was to be told."""
    receiver.arrivals.clear()
    emulator = Emulator()
    emulator.webhooks.send_to(receiver.url, **options)
    caller: Caller = caller_of(emulator)
    for uid in ("1", "2"):
        whole_life_of = caller.begin(uid=uid)
        emulator.clock.advance(90)
        whole_life_of.stop()
        emulator.clock.advance(3)
    emulator.webhooks.flush()
    emulator.stop()
    arrived = [(a.payload["uid"], a.payload["sequence"], a.type) for a in receiver.arrivals]
    return arrived, emulator.notices


def test_duplicates_repeat_the_notice_id(caller_of: Any, receiver: Receiver) -> None:
    arrived, notices = life_with_mishaps(caller_of, receiver, duplicates=0.4, seed=3)
    twice = [notice for notice in notices if len(notice.attempts) == 2]
    assert 0 < len(twice) < len(notices)
    assert len(arrived) == len(notices) + len(twice)
    assert arrived == sorted(arrived)
    assert all([attempt.duplicate for attempt in notice.attempts] == [False, True] for notice in twice)
    bodies = Counter(arrival.body for arrival in receiver.arrivals)
    assert sorted(bodies.values()) == sorted(len(notice.attempts) for notice in notices)


def test_disorder_lets_later_ones_overtake(caller_of: Any, receiver: Receiver) -> None:
    arrived, notices = life_with_mishaps(caller_of, receiver, disorder=0.4)
    assert arrived != sorted(arrived)
    assert sorted(arrived) == [(notice.uid, notice.sequence, notice.event_type) for notice in notices]
    assert all(len(notice.attempts) == 1 for notice in notices)


def test_the_same_seed_brings_the_same_mishaps(caller_of: Any, receiver: Receiver) -> None:
    mishaps = {"duplicates": 0.3, "disorder": 0.3}
    first, _ = life_with_mishaps(caller_of, receiver, **mishaps, seed=1)
    again, _ = life_with_mishaps(caller_of, receiver, **mishaps, seed=1)
    other, _ = life_with_mishaps(caller_of, receiver, **mishaps, seed=2)
    assert first == again
    assert first != other


def test_where_the_clock_runs_waits_take_real_time(
    receiver: Receiver, caller_of: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("cloudrec.emulator.webhooks.webhooks.HELD_BACK", 0.02)
    monkeypatch.setattr("cloudrec.emulator.webhooks.sender.REPEAT_AFTER", (0.0, 0.01))
    for _ in range(3):
        receiver.answers.put(500)
    emulator = Emulator(clock=Clock(ticking=True))
    emulator.webhooks.send_to(receiver.url, disorder=1.0)
    caller_of(emulator).begin()
    emulator.clock.advance(20)
    emulator.webhooks.flush()
    emulator.stop()
    assert [notice.event_type for notice in emulator.notices] == [30, 40, 43, 44, 42, 4]
    assert all(notice.delivered for notice in emulator.notices)
    assert len(receiver.types) == 6 + 3
    assert list(dict.fromkeys(receiver.types)) != [30, 40, 43, 44, 42, 4]


# -- set-up ----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("options", "words"),
    [
        ({"url": "127.0.0.1:8000"}, "url must be an http or https URL"),
        ({"url": "ftp://127.0.0.1"}, "url must be an http or https URL"),
        ({"url": "http://127.0.0.1:0"}, "url must be an http or https URL"),
        ({"url": "http://127.0.0.1:70000"}, "Port out of range"),
        ({"secret": ""}, "secret must not be empty"),
        ({"duplicates": 1.5}, "duplicates must be from 0 to 1"),
        ({"disorder": -0.1}, "disorder must be from 0 to 1"),
        ({"retries": -1}, "retries must be a whole number from 0"),
        ({"timeout": 0}, "timeout must be more than 0"),
    ],
)
def test_options_that_make_no_sense_are_refused(emulator: Emulator, options: Any, words: str) -> None:
    with pytest.raises(ValueError, match=words):
        emulator.webhooks.send_to(**{"url": "http://127.0.0.1:9", **options})
    assert emulator.webhooks.url is None


def test_nobody_to_be_told_is_an_error_of_whoever_asks(emulator: Emulator) -> None:
    emulator.webhooks.flush()
    for ask in (emulator.webhooks.send_health_check, emulator.webhooks.send_other_product):
        with pytest.raises(RuntimeError, match="webhook_url"):
            ask()
    assert repr(emulator.webhooks) == "<Webhooks to nobody>"


def test_the_secret_is_shown_only_to_who_asks_for_it(told: Emulator, recorder: Caller) -> None:
    whole_life(recorder)
    told.webhooks.flush()
    assert told.webhooks.secret == SECRET
    shown = f"{told!r} {told.webhooks!r} {told.notices!r} {told.notices} {vars(told.webhooks)}"
    assert SECRET not in shown
    assert repr(told.webhooks).startswith("<Webhooks to http://127.0.0.1:")
    told.webhooks.send_to("http://me:password@127.0.0.1:9/agora")
    assert "password" not in repr(told.webhooks)


def test_the_latest_notices_are_kept(receiver: Receiver, caller_of: Any) -> None:
    emulator = Emulator(webhook_url=receiver.url, keep_calls=3)
    whole_life(caller_of(emulator))
    emulator.webhooks.flush()
    emulator.stop()
    assert [notice.event_type for notice in emulator.notices] == [33, 31, 11]
    assert len(receiver.arrivals) == 13
