"""update and updateLayout."""

from __future__ import annotations

from typing import Any

import pytest

from cloudrec.emulator import Emulator


def web_with_push(caller: Any, *urls: str) -> Any:
    """A web recording that is pushed to a CDN."""
    services = {"extensionServices": [caller.page(), caller.push(*urls)]}
    return caller.begin("web", caller.request("web", extensionServiceConfig=services))


def outputs(call: Any) -> dict[str, str]:
    """Each CDN address and the state of the push to it."""
    services = {service["serviceName"]: service["payload"] for service in call.state()["extensionServiceState"]}
    return {output["rtmpUrl"]: output["status"] for output in services["rtmp_publish_service"]["outputs"]}


def test_an_update_answers_who_it_was(caller: Any) -> None:
    """cname, uid, resource ID and sid, and nothing else."""
    call = caller.begin()
    expected = {"cname": call.cname, "uid": call.uid, "resourceId": call.resource_id, "sid": call.sid}
    assert call.send("update").json() == expected
    assert call.send("updateLayout").json() == expected


def test_a_subscription_is_replaced(caller: Any, emulator: Emulator) -> None:
    """From the update on, and not before, the new lists count; a list for one medium turns the other off."""
    call = caller.begin("individual")
    emulator.clock.advance(13)
    call.send("update", {"streamSubscribe": {"videoUidList": {"subscribeVideoUids": ["102"]}}})
    emulator.clock.advance(60)
    slices = [file for file in emulator.recording(call.sid).files if file.name.endswith(".ts")]
    counts = {(uid, kind): 0 for uid in ("101", "102") for kind in ("audio", "video")}
    for file in slices:
        counts[file.uid, file.track_type] += 1
    assert counts == {("101", "audio"): 1, ("101", "video"): 1, ("102", "audio"): 1, ("102", "video"): 4}


@pytest.mark.parametrize(
    ("stream_types", "name", "list_"), [(0, "videoUidList", "Video"), (1, "audioUidList", "Audio")]
)
def test_a_list_for_a_medium_that_is_not_recorded(caller: Any, stream_types: int, name: str, list_: str) -> None:
    """It is refused, as at the start."""
    config = {"channelType": 0, "streamTypes": stream_types}
    call = caller.begin("mix", caller.request("mix", recordingConfig=config))
    response = call.send("update", {"streamSubscribe": {name: {f"subscribe{list_}Uids": ["1"]}}})
    assert response.json()["code"] == 2
    assert name in response.json()["reason"]


def test_on_hold_makes_no_slices(caller: Any, emulator: Emulator) -> None:
    """Paused, nothing is recorded; the slice under way is closed, and a new one begins afterwards."""
    call = caller.begin("web")
    emulator.clock.advance(10)
    call.send("update", {"webRecordingConfig": {"onhold": True}})
    emulator.clock.advance(100)
    payload = call.state()["extensionServiceState"][0]["payload"]
    assert payload["onhold"] is True
    call.send("update", {"webRecordingConfig": {"onhold": False}})
    emulator.clock.advance(15)
    slices = [file.name[-20:] for file in emulator.recording(call.sid).files if file.name.endswith(".ts")]
    assert slices == ["20260101000005000.ts", "20260101000150000.ts"]


def test_it_can_start_on_hold(caller: Any, emulator: Emulator) -> None:
    """onhold at the start opens the page and records nothing."""
    services = {"extensionServices": [caller.page(onhold=True)]}
    call = caller.begin("web", caller.request("web", extensionServiceConfig=services))
    emulator.clock.advance(600)
    assert emulator.recording(call.sid).files == ()
    assert call.state()["status"] == 4


def test_cdn_push(caller: Any, emulator: Emulator) -> None:
    """An address connects, then publishes; an update that names it again keeps it, another takes its place."""
    one, two = "rtmp://cdn.example.com/live/1", "rtmps://cdn.example.com/live/2"
    call = web_with_push(caller, one)
    assert outputs(call) == {one: "connecting"}
    emulator.clock.advance(7)
    assert outputs(call) == {one: "publishing"}
    call.send("update", {"rtmpPublishConfig": {"outputs": [{"rtmpUrl": one}]}})
    assert outputs(call) == {one: "publishing"}
    call.send("update", {"rtmpPublishConfig": {"outputs": [{"rtmpUrl": two}]}})
    assert outputs(call) == {two: "connecting"}
    emulator.clock.advance(2)
    call.send(
        "update",
        {"rtmpPublishConfig": {"outputs": [{"rtmpUrl": two}]}, "webRecordingConfig": {"onhold": True}},
    )
    assert outputs(call) == {two: "onhold"}
    assert emulator.recording(call.sid).outputs == (two,)


def test_cdn_push_must_be_asked_for_at_the_start(caller: Any) -> None:
    """Without the service there is nothing to update."""
    response = caller.begin("web").send("update", {"rtmpPublishConfig": {"outputs": []}})
    assert response.json()["code"] == 2
    assert "rtmpPublishConfig" in response.json()["reason"]


def test_storage_is_replaced(caller: Any, emulator: Emulator) -> None:
    """Renewed credentials are in force; the first ones are still in the request."""
    call = caller.begin()
    call.send("update", {"storageConfig": caller.storage(stsToken="renewed")})
    snapshot = emulator.recording(call.sid)
    assert snapshot.storage["stsToken"] == "renewed"
    assert "stsToken" not in snapshot.request["storageConfig"]
    assert "do-not-show" not in repr(snapshot)
    assert "renewed" not in repr(snapshot)


def test_a_layout_is_replaced_as_a_whole(caller: Any, emulator: Emulator) -> None:
    """What an updateLayout leaves out falls back to its default."""
    picture = {"mixedVideoLayout": 1, "backgroundColor": "#FF0000"}
    config = {"channelType": 0, "transcodingConfig": picture}
    call = caller.begin("mix", caller.request("mix", recordingConfig=config))
    assert emulator.recording(call.sid).layout == picture
    call.send("updateLayout", {"mixedVideoLayout": 2, "maxResolutionUid": "101"})
    assert emulator.recording(call.sid).layout == {
        "mixedVideoLayout": 2,
        "backgroundColor": "#000000",
        "maxResolutionUid": "101",
    }
