"""Recordings that were accepted and come to nothing, or not to what was hoped for."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from cloudrec.emulator import Emulator, EndReason, Fault, parse_fault
from cloudrec.emulator.webhooks.notices import Chronicle

MODES = ["individual", "mix", "web"]
GONE = (404, {"code": 404, "reason": "failed to find worker"})


def answered(response: Any) -> tuple[int, Any]:
    """Status and body."""
    return response.status_code, response.json()


# -- a recorder that never gets there -----------------------------------------------------------------


@pytest.mark.parametrize("mode", MODES)
@pytest.mark.parametrize("status", [1, 2, 3])
def test_a_recording_that_stalls(caller: Any, emulator: Emulator, mode: str, status: int) -> None:
    """It is accepted, gets as far as a status, and stays there; it can be stopped, and recorded nothing."""
    emulator.fail("start", Fault.stall(status))
    call = caller.begin(mode)
    seen = []
    for seconds in (0, 1, 1, 1, 2, 85, 3600):
        emulator.clock.advance(seconds)
        seen.append(call.state()["status"])
    assert seen == [min(wanted, status) for wanted in (1, 2, 3, 3, 3, 3, 3)]
    assert emulator.recording(call.sid).files == ()
    assert answered(call.stop()) == (206, {"code": 435, "reason": "no recorded data"})
    assert call.state()["status"] == 6
    emulator.clock.advance(3)
    assert answered(call.query()) == GONE


def test_a_page_that_never_opens(caller: Any, emulator: Emulator) -> None:
    """The web recorder is starting, and so is the push to a CDN."""
    emulator.fail("start", Fault.stall())
    services = {"extensionServices": [caller.page(), caller.push()]}
    call = caller.begin("web", caller.request("web", extensionServiceConfig=services))
    emulator.clock.advance(3600)
    recorder, push = call.state()["extensionServiceState"]
    assert recorder["payload"] == {"fileList": [], "onhold": False, "state": "init"}
    assert [output["status"] for output in push["payload"]["outputs"]] == ["connecting"]
    call.send("update", {"rtmpPublishConfig": {"outputs": [{"rtmpUrl": "rtmp://cdn.example.com/live/2"}]}})
    emulator.clock.advance(3600 - 1)
    assert [output["status"] for output in call.state()["extensionServiceState"][1]["payload"]["outputs"]] == [
        "connecting"
    ]
    emulator.clock.advance(1)
    assert emulator.recording(call.sid).ended is EndReason.MAX_RECORDING_HOUR


def test_which_recording_stalls(caller: Any, emulator: Emulator) -> None:
    """That of a channel, or so many; `heal` ends the wish, and not what has stalled."""
    emulator.fail("start", Fault.stall(2), cname="b", times=1)
    calls = [caller.begin(cname=cname, uid=uid) for cname, uid in (("a", "1"), ("b", "2"), ("b", "3"))]
    emulator.fail("start", Fault.stall(2))
    emulator.heal()
    calls.append(caller.begin(cname="b", uid="4"))
    emulator.clock.advance(20)
    assert [call.state()["status"] for call in calls] == [5, 2, 5, 5]


def test_a_stalled_recording_still_ends_when_nobody_is_there(caller: Any, emulator: Emulator) -> None:
    emulator.fail("start", Fault.stall())
    emulator.channel("lesson-42")
    call = caller.begin()
    emulator.clock.advance(30)
    assert emulator.recording(call.sid).ended is EndReason.IDLE


# -- a recording that is gone at once -----------------------------------------------------------------


@pytest.mark.parametrize("mode", MODES)
def test_a_recording_that_vanishes(caller: Any, emulator: Emulator, mode: str) -> None:
    """It is accepted, and no call finds it; its place is free."""
    emulator.fail("start", Fault.vanish(), times=1)
    call = caller.begin(mode)
    assert [answered(response) for response in (call.query(), call.send("update"), call.stop())] == [GONE] * 3
    assert emulator.running == ()
    assert emulator.recording(call.sid).ended is EndReason.VANISHED
    assert emulator.recording(call.sid).files == ()
    caller.begin(mode)
    assert len(emulator.running) == 1


def test_only_a_start_loses_a_recording(caller: Any, emulator: Emulator) -> None:
    """No other call can meet these faults, neither by wish nor by header, and no start that is refused."""
    for endpoint in ("acquire", "query", "stop", "*"):
        for fault in (Fault.stall(), Fault.vanish()):
            with pytest.raises(ValueError, match="begins no recording and cannot meet Fault"):
                emulator.fail(endpoint, fault)
    call = caller.begin()
    emulator.fail("start", Fault.vanish())
    again = call.start(caller.request())
    assert answered(again) == (201, {"code": 7, "reason": "already started"})
    assert emulator.recording(call.sid).running
    other = caller.acquire(uid="7")
    refused = other.start({})
    assert refused.json()["code"] == 2
    headers = {"X-Emulate-Fault": "vanish"}
    assert caller.send("GET", f"{caller.base}{call._path('query')}", headers=headers).status_code == 200


@pytest.mark.parametrize(
    ("fault", "header"),
    [(Fault.stall(), "stall"), (Fault.stall(2), "stall; status=2"), (Fault.vanish(), "vanish")],
)
def test_they_can_be_asked_for_by_header(caller: Any, emulator: Emulator, fault: Fault, header: str) -> None:
    assert fault.header == header
    assert parse_fault(header) == fault
    assert eval(repr(fault), {"Fault": Fault}) == fault
    call = caller.acquire()
    body = {"cname": call.cname, "uid": call.uid, "clientRequest": caller.request()}
    path = f"{caller.base}/resourceid/{call.resource_id}/mode/mix/start"
    call.sid = caller.send("POST", path, json=body, headers={"X-Emulate-Fault": header}).json()["sid"]
    emulator.clock.advance(60)
    assert emulator.recording(call.sid).files == ()
    assert emulator.calls[-1].fault == fault


@pytest.mark.parametrize("status", [0, 4, 5, 20])
def test_a_status_that_nothing_stalls_at(status: int) -> None:
    with pytest.raises(ValueError, match="status must be 1, 2 or 3"):
        Fault.stall(status)


def test_a_storm_can_lose_recordings(caller: Any, emulator: Emulator) -> None:
    """Calls that are no start are spared by a storm of them."""
    emulator.storm(1, faults=[Fault.vanish()])
    call = caller.begin()
    assert answered(call.query()) == GONE


# -- a user ID that somebody has ----------------------------------------------------------------------


@pytest.mark.parametrize("mode", ["individual", "mix"])
def test_the_recorder_s_user_id_is_taken(caller: Any, emulator: Emulator, mode: str) -> None:
    """The start is accepted, and the recorder thrown out of the channel when it gets there."""
    emulator.channel("lesson-42").join(101)
    call = caller.begin(mode, uid="101")
    emulator.clock.advance(2.999)
    assert call.state()["status"] == 3
    emulator.clock.advance(0.001)
    assert [answered(response) for response in (call.query(), call.send("update"), call.stop())] == [GONE] * 3
    assert emulator.recording(call.sid).ended is EndReason.UID_TAKEN
    assert emulator.recording(call.sid).files == ()


def test_the_recorder_s_user_id_is_taken_later(caller: Any, emulator: Emulator) -> None:
    """Somebody comes in with it: that is the end, and what was recorded stays."""
    channel = emulator.channel("lesson-42")
    channel.join(101)
    call = caller.begin(uid="7")
    emulator.clock.advance(60)
    channel.join(7, audio=False, video=False)
    assert answered(call.query()) == GONE
    assert emulator.recording(call.sid).ended is EndReason.UID_TAKEN
    keys = emulator.recording(call.sid).keys
    assert f"{call.sid}_lesson-42.m3u8" in keys
    channel.leave(7)
    emulator.clock.advance(60)
    assert emulator.recording(call.sid).keys == keys


def test_who_left_in_time_is_in_nobody_s_way(caller: Any, emulator: Emulator) -> None:
    channel = emulator.channel("lesson-42")
    channel.join(101)
    channel.join(7)
    call = caller.begin(uid="7")
    emulator.clock.advance(2)
    channel.leave(7)
    emulator.clock.advance(58)
    assert call.state()["status"] == 5


def test_the_page_of_a_web_recording_has_no_user_ids(caller: Any, emulator: Emulator) -> None:
    emulator.channel("lesson-42").join(7)
    call = caller.begin("web", uid="7")
    emulator.clock.advance(60)
    assert call.state()["status"] == 5


# -- storage that does not take the files -------------------------------------------------------------


def uploading_status(response: Any) -> str:
    """Of a stop in any mode."""
    body = response.json()["serverResponse"]
    if "extensionServiceState" in body:
        body = body["extensionServiceState"][0]["payload"]
    status: str = body["uploadingStatus"]
    return status


@pytest.mark.parametrize("mode", MODES)
def test_files_that_are_left_in_the_backup(caller_of: Any, mode: str) -> None:
    """A stop that waits says so; one that does not wait knows nothing. What is listed is the same."""
    emulator = Emulator(backup=True)
    caller = caller_of(emulator)
    call, other = caller.begin(mode), caller.begin(mode, uid="9")
    emulator.clock.advance(60)
    stopped = call.stop()
    assert stopped.status_code == 200
    assert uploading_status(stopped) == "backuped"
    assert f"{call.sid}_lesson-42" in stopped.text
    assert uploading_status(other.stop(async_stop=True)) == "unknown"


@pytest.mark.parametrize(
    ("expires", "renewed", "status"),
    [(4, None, "uploaded"), (1, None, "backuped"), (1, 4, "uploaded"), (4, 1, "backuped"), (None, None, "uploaded")],
)
def test_short_lived_credentials(
    caller: Any, emulator: Emulator, expires: int | None, renewed: int | None, status: str
) -> None:
    """Where they have ended at the stop, the files go to the backup. An update with new ones prevents that."""

    def storage(hours: int | None) -> Any:
        end = round((emulator.clock.time + timedelta(hours=hours or 0)).timestamp())
        return caller.storage(stsToken="t", **({} if hours is None else {"stsExpiration": end}))

    call = caller.begin(request=caller.request(storageConfig=storage(expires)))
    emulator.clock.advance(600)
    if renewed is not None:
        assert call.send("update", {"storageConfig": storage(renewed)}).status_code == 200
    emulator.clock.advance(2 * 3600)
    assert uploading_status(call.stop()) == status


# -- what is told of it by webhook --------------------------------------------------------------------


def told(emulator: Emulator, call: Any) -> list[tuple[int, Any]]:
    """Events so far: number, and what they say of an end."""
    recording = emulator._service.recordings[call.sid]
    events = Chronicle(recording).until(emulator.clock.now())
    return [(event.type, event.details.get("exitStatus", event.details.get("leaveCode"))) for event in events]


@pytest.mark.parametrize(
    ("fault", "expected"),
    [
        (Fault.stall(3), [(30, None), (11, 0)]),
        (Fault.stall(2), [(11, 0)]),
        (Fault.vanish(), [(11, 1)]),
    ],
    ids=repr,
)
@pytest.mark.parametrize("mode", MODES)
def test_nobody_is_told_of_a_recorder_that_never_came(
    caller: Any, emulator: Emulator, mode: str, fault: Fault, expected: list[Any]
) -> None:
    emulator.fail("start", fault)
    call = caller.begin(mode)
    emulator.clock.advance(20)
    call.stop()
    emulator.clock.advance(20)
    assert told(emulator, call) == expected


def test_a_recorder_that_is_thrown_out_leaves(caller: Any, emulator: Emulator) -> None:
    """Abnormally, and after it has begun."""
    call = caller.begin(uid="101")
    emulator.clock.advance(20)
    assert told(emulator, call) == [(30, None), (40, None), (41, 2), (11, 1)]


def test_files_in_the_backup_are_told_of(caller: Any, emulator: Emulator) -> None:
    """Event 32 in place of 31, as the stop says."""
    end = round(emulator.clock.time.timestamp()) + 10
    call = caller.begin(request=caller.request(storageConfig=caller.storage(stsToken="t", stsExpiration=end)))
    emulator.clock.advance(30)
    assert uploading_status(call.stop()) == "backuped"
    emulator.clock.advance(30)
    numbers = [number for number, _ in told(emulator, call)]
    assert 32 in numbers
    assert 31 not in numbers


# -- what a test can look at --------------------------------------------------------------------------


def test_renewals_of_the_storage(caller: Any, emulator: Emulator) -> None:
    """One moment for each update that had a storageConfig and took effect."""
    call = caller.begin()
    start = emulator.clock.time
    assert emulator.recording(call.sid).storage_renewals == ()
    for number in range(2):
        emulator.clock.advance(3000)
        call.send("update", {"storageConfig": caller.storage(accessKey=f"AK-do-not-show-{number}")})
        call.send("update", {"streamSubscribe": {"audioUidList": {"subscribeAudioUids": ["1"]}}})
    emulator.fail("update", Fault.status(400, 2, "bad storage"), times=1)
    assert call.send("update", {"storageConfig": caller.storage()}).status_code == 400
    snapshot = emulator.recording(call.sid)
    assert snapshot.storage_renewals == (start + timedelta(seconds=3000), start + timedelta(seconds=6000))
    assert snapshot.storage["accessKey"] == "AK-do-not-show-1"
    assert "do-not-show" not in repr(snapshot)


def test_the_subscription_in_force(caller: Any, emulator: Emulator) -> None:
    config = {"channelType": 0, "subscribeAudioUids": ["#allstream#"], "unSubscribeVideoUids": ["101"]}
    call = caller.begin(request=caller.request(recordingConfig=config))

    def taken() -> list[tuple[bool, bool]]:
        subscription = emulator.recording(call.sid).subscription
        return [(subscription.audio.takes(uid), subscription.video.takes(uid)) for uid in ("101", "102")]

    assert taken() == [(True, False), (True, True)]
    call.send("update", {"streamSubscribe": {"videoUidList": {"subscribeVideoUids": ["101"]}}})
    assert taken() == [(False, True), (False, False)]
