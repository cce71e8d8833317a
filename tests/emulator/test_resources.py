"""acquire and start: resource IDs, conflicts, limits."""

from __future__ import annotations

import re
from typing import Any

import pytest

from cloudrec.emulator import Emulator


def test_a_resource_id_is_long_and_opaque(caller: Any) -> None:
    """It looks like the service's: some 300 characters that need no escaping."""
    assert re.fullmatch(r"[0-9A-Za-z_-]{250,350}", caller.acquire().resource_id)


def test_acquire_repeats_cname_and_uid(caller: Any) -> None:
    """The answer names what it is for."""
    body = caller.post("/acquire", {"cname": "a b", "uid": "9", "clientRequest": {}}).json()
    assert (body["cname"], body["uid"]) == ("a b", "9")


@pytest.mark.parametrize("mode", ["individual", "mix", "web"])
def test_start_gives_a_sid(caller: Any, mode: str) -> None:
    """32 hexadecimal digits, beside what the recording is called."""
    call = caller.acquire(mode)
    body = call.start(caller.request(mode)).json()
    assert re.fullmatch("[0-9a-f]{32}", body.pop("sid"))
    assert body == {"cname": call.cname, "uid": call.uid, "resourceId": call.resource_id}


@pytest.mark.parametrize(
    ("cname", "scene", "good"),
    [
        ("a" * 64, 0, True),
        ("a" * 65, 0, False),
        ("abc XYZ 019 !#$%&()+-:;<=.>?@[]^_{}|~,", 0, True),
        ("é", 0, False),
        ("a/b", 2, False),
        ('a"b', 0, False),
        ("a*b", 0, False),
        ("a\n", 0, False),
        ("课程 1/2", 1, True),
        ("a" * 65, 1, True),
    ],
)
def test_channel_names(caller: Any, cname: str, scene: int, good: bool) -> None:
    """A channel has at most 64 bytes of 89 characters; a web recording may be called anything."""
    response = caller.post("/acquire", {"cname": cname, "uid": "1", "clientRequest": {"scene": scene}})
    if good:
        assert response.status_code == 200
    else:
        assert (response.status_code, response.json()) == (
            400,
            {"code": 401, "reason": "invalid_channel_name"},
        )


def test_a_resource_id_lives_five_minutes(caller: Any, emulator: Emulator) -> None:
    """One second before it serves, at five minutes it does not."""
    early, late = caller.acquire(uid="1"), caller.acquire(uid="2")
    emulator.clock.advance(299)
    assert early.start(caller.request()).status_code == 200
    emulator.clock.advance(1)
    assert late.start(caller.request()).json() == {"code": 433, "reason": "resource expired"}


def test_an_unknown_resource_id(caller: Any) -> None:
    """A resource ID that was never given is not understood, whatever is asked of it."""
    call = caller.begin()
    call.resource_id = "unheard-of"
    answers = [call.start(caller.request()), call.query(), call.send("update"), call.stop()]
    assert {(answer.status_code, answer.json()["code"]) for answer in answers} == {(400, 1001)}


def test_a_sid_of_another_resource_id(caller: Any) -> None:
    """Resource ID and sid belong together."""
    one, other = caller.begin(uid="1"), caller.begin(uid="2")
    one.sid = other.sid
    answers = [one.query(), one.send("update"), one.send("updateLayout"), one.stop()]
    assert {(answer.status_code, answer.json()["code"]) for answer in answers} == {(400, 1003)}


@pytest.mark.parametrize("changes", [{"cname": "other"}, {"uid": "2"}])
def test_cname_and_uid_stay_the_same(caller: Any, changes: Any) -> None:
    """Each call of a recording names the same cname and uid as its acquire."""
    call = caller.acquire()
    assert call.start(caller.request(), **changes).json()["code"] == 432
    call.start(caller.request())
    for action in ("update", "updateLayout", "stop"):
        assert call.send(action, **changes).json()["code"] == 432


@pytest.mark.parametrize(("mode", "scene"), [("web", 0), ("web", 2), ("mix", 1), ("individual", 1)])
def test_scene_and_mode_go_together(caller: Any, mode: str, scene: int) -> None:
    """Web pages are scene 1, channels are not."""
    response = caller.acquire(mode, scene=scene).start(caller.request(mode))
    assert response.json() == {
        "code": 2,
        "reason": f"Start: mode {mode} does not go with scene {scene} of acquire",
    }


def test_start_parameter_must_be_repeated(caller: Any) -> None:
    """A start that equals it passes, in any order of fields; one that differs fails."""
    request = caller.request("mix")
    assert caller.acquire(uid="1", startParameter=request).start(dict(reversed(request.items()))).status_code == 200
    differs = caller.acquire(uid="2", startParameter=request).start(caller.request("mix", token="t"))
    assert differs.json() == {"code": 2, "reason": "request_hash mismatch!"}


def test_a_second_start(caller: Any, emulator: Emulator) -> None:
    """201 and code 7 while the recording lives, even after the resource ID's five minutes; then 433."""
    call = caller.begin()
    emulator.clock.advance(600)
    again = call.start(caller.request())
    assert (again.status_code, again.json()) == (201, {"code": 7, "reason": "already started"})
    assert len(emulator.recordings) == 1
    call.stop()
    emulator.clock.advance(3)
    assert call.start(caller.request()).json()["code"] == 433


def test_a_recording_is_named_by_cname_and_uid(caller: Any) -> None:
    """The same two are refused while one runs, and free again when it was stopped."""
    running = caller.begin()
    conflict = caller.acquire().start(caller.request())
    assert (conflict.status_code, conflict.json()) == (400, {"code": 53, "reason": "task conflict"})
    caller.begin(uid="2")
    caller.begin(cname="lesson-43")
    running.stop()
    caller.begin()


def test_a_refused_start_does_not_spend_the_resource_id(caller: Any) -> None:
    """After a conflict the same resource ID can still start."""
    running = caller.begin()
    waiting = caller.acquire()
    assert waiting.start(caller.request()).json()["code"] == 53
    running.stop()
    assert waiting.start(caller.request()).status_code == 200


def test_as_many_recordings_as_may_run(caller_of: Any) -> None:
    """The limit for channels and the one for web pages are counted apart; what ended makes room."""
    caller = caller_of(Emulator(max_recordings=2, max_web_recordings=1))
    first, _ = caller.begin("mix", uid="1"), caller.begin("individual", uid="2")
    full = caller.post("/acquire", {"cname": "c", "uid": "3", "clientRequest": {}})
    assert (full.status_code, full.json()) == (400, {"code": 406, "reason": "vendor_over_load"})
    caller.begin("web", uid="4")
    assert caller.post("/acquire", {"cname": "c", "uid": "5", "clientRequest": {"scene": 1}}).json()["code"] == 406
    first.stop()
    caller.begin("mix", uid="3")


def test_the_wrong_mode_in_a_later_call(caller: Any) -> None:
    """The mode in the path is that of the recording."""
    call = caller.begin("mix")
    call.mode = "individual"
    assert call.query().json() == {
        "code": 2,
        "reason": "Query: mode individual is not that of the recording, mix",
    }
