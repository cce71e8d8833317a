"""Bodies of the provider's pages: what the emulator answers and tells has their fields, of their kinds, and no others.

The fields are in tests/data/bodies.json, each with its page and date. Where the emulator differs, it says why.
"""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterator
from typing import Any

import httpx
import pytest

from cloudrec.emulator import Emulator
from tests.emulator.conftest import Call, Caller
from tests.support import Json, read_json

PAGES = read_json("data", "bodies.json")
ANSWERS = [body for body in PAGES["bodies"] if "call" in body]
FAILURES = [body for body in PAGES["bodies"] if "failure" in body]
NOTICES = PAGES["notices"]
EVENTS = read_json("data", "events.json")
FOLDERS = ("quickstart", "42")
_TYPES = {"String": "string", "Number": "number", "Boolean": "boolean"}


def kinds(value: Json, path: str = "") -> Iterator[tuple[str, str]]:
    """Every field within, however deep, and of which kind it is; services by their names."""
    match value:
        case dict():
            for name, item in value.items():
                yield from kinds(item, f"{path}.{name}".lstrip("."))
        case list():
            for item in value:
                named = item.get("serviceName", "") if isinstance(item, dict) else ""
                yield from kinds(item, f"{path}[{named}]")
        case bool():
            yield path, "boolean"
        case int() | float():
            yield path, "number"
        case _:
            yield path, "string" if isinstance(value, str) else type(value).__name__


def values_at(value: Json, path: str) -> list[Any]:
    """What stands at a path, in every entry of its lists."""
    name, _, rest = path.partition(".")
    found = value[name.removesuffix("[]")]
    items = found if name.endswith("[]") else [found]
    return [one for item in items for one in values_at(item, rest)] if rest else items


def expected(body: Json) -> set[tuple[str, str]]:
    """The fields of a page, and what is known to differ."""
    wanted = dict(body["fields"])
    for path, difference in body.get("differences", {}).items():
        assert len(difference["reason"]) > 20
        assert wanted.get(path) != difference["emulator"], f"{path} differs no more"
        wanted[path] = difference["emulator"]
    return {(path, kind) for path, kind in wanted.items() if kind is not None}


def names(value: Json) -> Iterator[str]:
    """Every name of a file within."""
    if isinstance(value, dict):
        for name, item in value.items():
            if name in ("fileName", "filename", "fileList") and isinstance(item, str):
                yield item
            yield from names(item)
    elif isinstance(value, list):
        for item in value:
            yield from names(item)


def begun(caller: Caller, mode: str, wanted: Json) -> Call:
    """A recording that has recorded for a minute, in a folder of its own."""
    changes = {"storageConfig": caller.storage(fileNamePrefix=list(FOLDERS)), **wanted}
    if changes.pop("push", False):
        changes["extensionServiceConfig"] = {"extensionServices": [caller.page(), caller.push()]}
    call = caller.begin(mode, caller.request(mode, **changes))
    caller.emulator.clock.advance(60)
    return call


def answer(caller: Caller, body: Json, mode: str) -> httpx.Response:
    """What the emulator answers to the call that a body is of."""
    match body["call"]:
        case "acquire" | "start":
            call = caller.acquire(mode)
            if body["call"] == "start":
                return call.start(caller.request(mode))
            path, sent = "/acquire", {"cname": "lesson-42", "uid": "1", "clientRequest": {}}
            return caller.post(path, sent)
        case "ncsIps":
            return caller.send("GET", "/v1/ncs/ip")
        case "query":
            return begun(caller, mode, body["start"]).query()
        case "stop":
            return begun(caller, mode, body["start"]).stop()
        case "updateLayout":
            return begun(caller, mode, {}).send("updateLayout", {"mixedVideoLayout": 1})
    change = {"webRecordingConfig": {"onhold": True}} if mode == "web" else {"storageConfig": caller.storage()}
    return begun(caller, mode, {}).send("update", change)


@pytest.mark.parametrize(
    ("body", "mode"),
    [
        pytest.param(body, mode, id=f"{body['name']} in {mode}")
        for body in ANSWERS
        for mode in (body["modes"] if body["call"] != "ncsIps" else [""])
    ],
)
def test_answers(caller: Caller, emulator: Emulator, body: Json, mode: str) -> None:
    """Fields, kinds and what is in them are the page's; names have their folders; MP4 stands before its playlist."""
    response = answer(caller, body, mode)
    assert response.status_code == 200
    found = response.json()
    assert set(kinds(found)) == expected(body)
    for path, value in body.get("values", {}).items():
        assert set(values_at(found, path)) == {value}, path
    listed = list(names(found))
    assert all(name.startswith("/".join(FOLDERS) + "/") for name in listed)
    # Of each user, or of all.
    kinds_listed = [name.rpartition(".")[2] for name in listed]
    size = len(body.get("order", [])) or 1
    assert all(kinds_listed[at : at + size] == body["order"] for at in range(0, len(listed), size) if "order" in body)
    if "order" in body:
        assert kinds_listed


@pytest.mark.parametrize("body", FAILURES, ids=lambda body: body["name"])
def test_failures(caller: Caller, emulator: Emulator, body: Json) -> None:
    """The gateway's have a message, the service's a code and a reason."""
    match body["failure"]:
        case "unauthorized":
            response = caller.client.get(f"{caller.base}/acquire", auth=lambda request: request)
        case "other_app":
            response = caller.send("POST", "/v1/apps/other/cloud_recording/acquire", json={})
        case "no_route":
            response = caller.get("/nothing")
        case "bad_request":
            response = caller.post("/acquire", {})
        case "again":
            call = caller.begin("mix")
            response = call.start(caller.request("mix"))
        case "nothing":
            emulator.channel("lesson-42")
            response = caller.begin("mix").stop()
        case _:
            call = begun(caller, "mix", {})
            call.stop()
            emulator.clock.advance(60)
            response = call.query()
    assert response.status_code == body["status"]
    assert set(kinds(response.json())) == expected(body)


# ------------------------------------------------------------------------------------------- webhooks


def details_of(number: int) -> dict[str, str]:
    """The fields of an event's details, by the page of events."""
    wanted: dict[str, str] = {}
    path: list[str] = []
    for field in EVENTS[str(number)]["fields"]:
        path = [*path[: field["depth"]], field["name"] + ("[]" if field["type"] == "JSONArray" else "")]
        if field["type"] in _TYPES:
            wanted[".".join(path)] = _TYPES[field["type"]]
    return wanted


class Told:
    """Takes every notice."""

    def __init__(self) -> None:
        self.bodies: list[Json] = []

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        body, more = b"", True
        while more:
            message = await receive()
            body, more = body + message["body"], message.get("more_body", False)
        self.bodies.append(json.loads(body))
        await send({"type": "http.response.start", "status": 200, "headers": []})
        await send({"type": "http.response.body", "body": b""})


BOTH = {"recordingFileConfig": {"avFileType": ["hls", "mp4"]}}
SHOTS = {"snapshotConfig": {"captureInterval": 5, "fileType": ["jpg"]}, "recordingFileConfig": {}}
# Recordings that together bring about all that the emulator tells by itself.
LIVES: dict[str, tuple[str, Json]] = {
    "individual": ("individual", SHOTS),
    "raw": ("raw", BOTH),
    "a playlist": ("mix", {}),
    "a playlist and MP4": ("mix", BOTH),
    "a page": ("web", {**BOTH, "push": True}),
}


@pytest.fixture(scope="module")
def told() -> dict[str, list[Json]]:
    """All notices of recordings with a failover, a call that does not fit, and a normal or an abnormal end."""
    found = defaultdict[str, list[Json]](list)
    for end in ("stop", "crash"):
        for name, (mode, wanted) in LIVES.items():
            receiver = Told()
            with Emulator(backup=mode == "raw") as emulator:
                emulator.webhooks.send_to(receiver)
                caller = Caller(emulator)
                call = begun(caller, mode, wanted)
                call.start(caller.request(mode))
                emulator.failover(call.sid, 5)
                emulator.clock.advance(30)
                if end == "stop":
                    call.stop()
                else:
                    emulator.crash(call.sid)
                emulator.clock.advance(60)
                emulator.webhooks.flush()
                caller.client.close()
            found[name] += receiver.bodies
    return found


def test_what_is_told_is_all_that_there_is(told: dict[str, list[Json]]) -> None:
    """Every event that the emulator brings about by itself is held against its page."""
    assert {body["eventType"] for bodies in told.values() for body in bodies} == {
        1, 3, 4, 11, 12, 30, 31, 32, 33, 40, 41, 42, 43, 44, 45, 70, 71, 100,
    }  # fmt: skip


@pytest.mark.parametrize("name", LIVES)
def test_notices(told: dict[str, list[Json]], name: str) -> None:
    """Around every event stands what the page says; in it, the fields of the event, of their kinds."""
    mode, of_details = LIVES[name][0], NOTICES["details"]["differences"]
    around = expected(NOTICES["notice"])
    for body in told[name]:
        number, details = body["eventType"], body["payload"].pop("details")
        body["payload"]["details"] = {"msgName": details["msgName"]}
        assert set(kinds(body)) == around
        differences = {
            at.split(" ")[2]: difference for at, difference in of_details.items() if at.startswith(f"{number} {mode} ")
        }
        wanted = details_of(number)
        if any(difference["emulator"] is None and at == "fileList" for at, difference in differences.items()):
            # The whole list, with all that is in it.
            wanted = {path: kind for path, kind in wanted.items() if not path.startswith("fileList")}
            wanted["fileList"] = "list"
        assert set(kinds(details)) == expected({"fields": wanted, "differences": differences}), number
        order = NOTICES["details"]["order"].get(str(number))
        if order and "avFileType" in str(LIVES[name][1]) and details.get("fileList"):
            found = [file.rpartition(".")[2] for file in names(details)]
            assert found[: len(order)] == order
        assert all(file.startswith("quickstart/42/") for file in names(details) if file)
