"""A change of the service is followed as openapi/README.md says: contract, `./scripts/generate`, and next to no hand.

What the service might add stands in `extended`, what needs a hand in `BY_HAND`; the rest is there at once.
"""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from openapi_spec_validator import validate

from scripts._following import changes
from scripts._following.compare import BREAKS, compare
from tests.support import ROOT, Json, read_contract

# Where the arguments of an endpoint go, and the class of its result.
ENDPOINT = '''

from cloudrec_api.models.responses import ListRecordingsResponse


class ListRecordingsResult(ListRecordingsResponse, Result):
    """Answer to ``listRecordings``."""

    __slots__ = ()


def list_recordings(app_id: str, limit: int) -> Call[ListRecordingsResult]:
    """GET …/recordings"""
    from cloudrec_api.api.recording.list_recordings import _get_kwargs

    request = _get_kwargs(appid=app_id, limit=limit)
    return Call("listRecordings", request, partial(_made, "listRecordings", ListRecordingsResult), {"appid": app_id})
'''

EVENT = '''class SessionParked(SessionParkedDetails, Details):
    """13, ``session_parked``: the recording waits."""

    __slots__ = ()


class DownloadFailed('''
FAILURE = """    Entry("start", 400, 1042, None, TooManyRecordingsError, True, _QUOTA, "region is full"),
    # any parameter
"""
# What is written by hand for each kind of change: file, what stands there, and what stands there then.
BY_HAND: dict[str, list[tuple[str, str, str]]] = {
    "a field of a response": [],
    "a field of a request": [],
    "a listed value": [],
    "a failure": [("_call/failures.py", "    # any parameter\n", FAILURE)],
    "an event": [
        (
            "webhooks/_details.py",
            "    SessionFailoverDetails,\n",
            "    SessionFailoverDetails,\n    SessionParkedDetails,\n",
        ),
        ("webhooks/_details.py", "class DownloadFailed(", EVENT),
        ("webhooks/_details.py", "    | DownloadFailed\n", "    | DownloadFailed\n    | SessionParked\n"),
    ],
    "an endpoint": [("_call/requests.py", "", ENDPOINT)],
}


def extended() -> Json:
    """The contract, and what the service might add to it."""
    document: Json = read_contract()
    schemas = document["components"]["schemas"]

    def add(component: str, **properties: Json) -> None:
        schemas[component]["properties"] |= properties

    status = schemas["RecordingStatus"]
    status["enum"].append(9)
    status["x-enum-varnames"].append("MOVING")
    status["x-enum-descriptions"].append("It is being moved.")
    schemas["Mood"] = {
        "type": "string",
        "description": "How it feels.",
        "enum": ["good", "bad"],
        "x-enum-descriptions": ["It is well.", "It is not."],
    }
    add("QueryMixHlsServerResponse", bitrateKbps={"type": "integer", "description": "Rate, in kbit/s."})
    add("QueryMixHlsServerResponse", mood={"description": "Mood.", "anyOf": [{"$ref": "#/components/schemas/Mood"},
                                                                            {"type": "string"}]})  # fmt: skip
    add("QueryMixHlsServerResponse", tags={"type": "array", "description": "Tags.", "items": {"type": "string"}})
    add("QueryResponse", seenAt={"type": "integer", "format": "unix-time", "description": "When it was seen."})
    add("RecordedFile", sizeBytes={"type": "integer", "description": "Size of the file, in bytes."})
    add("WebRecorderPayload", pageTitle={"type": "string", "description": "Title of the page."})
    add("UploadedDetails", totalBytes={"type": "integer", "description": "Size of all files, in bytes."})
    add("MixRecordingConfig", watermark={"type": "string", "description": "Text.", "maxLength": 5})
    refused = document["paths"]["/v1/apps/{appid}/cloud_recording/resourceid/{resourceid}/mode/{mode}/start"]
    content = refused["post"]["responses"]["400"]["content"]["application/json"]
    content["examples"]["full"] = {"value": {"code": 1042, "reason": "region is full"}}
    for number, name in ((13, "session_parked"), (14, "session_waved")):
        schemas["EventType"]["enum"].append(number)
        schemas["EventType"]["x-enum-varnames"].append(name.upper())
        component = "".join(part.capitalize() for part in name.split("_"))
        schemas[f"{component}Details"] = {
            "type": "object", "description": "What happened.", "additionalProperties": True, "required": ["seconds"],
            "properties": {
                "msgName": {"type": "string", "description": "Name of the event.", "x-repr": False},
                "seconds": {"type": "integer", "description": "For how long."},
            },
        }  # fmt: skip
        webhook = json.loads(json.dumps(document["webhooks"]["session_failover"]))
        webhook["post"]["operationId"] = f"{component[0].lower()}{component[1:]}"
        [_, told] = webhook["post"]["requestBody"]["content"]["application/json"]["schema"]["allOf"]
        told["properties"]["eventType"]["const"] = number
        details = {"$ref": f"#/components/schemas/{component}Details"}
        told["properties"]["payload"]["properties"]["details"] = details
        document["webhooks"][name] = webhook
    schemas["ListedRecording"] = {
        "type": "object", "description": "One of them.", "additionalProperties": True,
        "properties": {"sid": {"type": "string", "description": "Recording ID."}},
    }  # fmt: skip
    schemas["ListRecordingsResponse"] = {
        "type": "object", "description": "Answer to `listRecordings`.", "additionalProperties": True,
        "required": ["cursor"],
        "properties": {
            "cursor": {"type": "string", "description": "Where the next page begins."},
            "recordings": {"type": "array", "description": "All of them.",
                           "items": {"$ref": "#/components/schemas/ListedRecording"}},
        },
    }  # fmt: skip
    answer = {"schema": {"$ref": "#/components/schemas/ListRecordingsResponse"}}
    document["paths"]["/v1/apps/{appid}/cloud_recording/recordings"] = {
        "parameters": [{"$ref": "#/components/parameters/AppId"}],
        "get": {
            "operationId": "listRecordings",
            "tags": ["recording"],
            "summary": "List recordings",
            "parameters": [{"name": "limit", "in": "query", "required": True, "schema": {"type": "integer"}}],
            "responses": {"200": {"description": "A page.", "content": {"application/json": answer}}},
        },
    }
    return document


# How long each step took, in seconds.
TOOK: dict[str, float] = {}


@pytest.fixture(scope="module")
def package(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of the project after the steps of openapi/README.md, by the commands that stand there."""
    root = tmp_path_factory.mktemp("following")
    for name in ("cloudrec", "generated", "openapi", "scripts"):
        shutil.copytree(ROOT / name, root / name, ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copyfile(ROOT / "pyproject.toml", root / "pyproject.toml")
    # JSON is YAML.
    (root / "openapi" / "cloud-recording.yaml").write_text(json.dumps(extended()), encoding="utf-8")
    for edits in BY_HAND.values():
        for file, old, new in edits:
            path = root / "cloudrec" / file
            text = path.read_text(encoding="utf-8")
            assert not old or text.count(old) == 1
            path.write_text(text.replace(old, new) if old else text + new, encoding="utf-8")
    command = [sys.executable, root / "scripts" / "_generate.py"]
    begun = time.monotonic()
    done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=60)
    TOOK["generate"] = time.monotonic() - begun
    assert done.returncode == 0, done.stdout + done.stderr
    assert {line.partition(": ")[2].partition("/")[0] for line in done.stdout.splitlines()} == {"cloudrec", "generated"}
    return root


PROGRAM = """
import json, sys
import httpx
import cloudrec, cloudrec_api
from cloudrec import webhooks
from cloudrec._call import requests as _calls
from cloudrec._call.settings import Options

assert cloudrec.__file__.startswith(sys.argv[1]) and cloudrec_api.__file__.startswith(sys.argv[1])

def answer(request):
    sent.append(request)
    return httpx.Response(status, json=answers.pop(0))

client = cloudrec.CloudRecording(
    "0123456789abcdef0123456789abcdef", cloudrec.BasicAuth("id", "secret"), base_url="https://service.test",
    http_client=httpx.Client(transport=httpx.MockTransport(answer), verify=False),
)
storage = {"vendor": 1, "region": 7, "bucket": "lessons", "accessKey": "a", "secretKey": "s"}
for line in sys.stdin:
    sent, (answers, status, program) = [], json.loads(line)
    exec(program)
    sys.stdout.flush()
"""


@pytest.fixture(scope="module")
def process(package: Path) -> Iterator[subprocess.Popen[str]]:
    """A process that uses the packages: one for all programs, since to import them takes longer than to run those."""
    with subprocess.Popen(
        [sys.executable, "-W", "error", "-c", PROGRAM, str(package)],
        env=os.environ | {"PYTHONPATH": f"{package}:{package / 'generated'}"},
        cwd=package, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
    ) as started:  # fmt: skip
        yield started


def run(process: subprocess.Popen[str], answers: list[Json], program: str, status: int = 200) -> Any:
    """What a program that uses the packages prints, as JSON."""
    assert process.stdin is not None
    assert process.stdout is not None
    process.stdin.write(f"{json.dumps([answers, status, program])}\n")
    process.stdin.flush()
    return json.loads(process.stdout.readline())


def test_response(process: subprocess.Popen[str]) -> None:
    """A field of an answer, of a part of one, of a service's payload; a listed value; an enumeration."""
    query = {
        "seenAt": 1619172871,
        "serverResponse": {
            "status": 9, "fileListMode": "string", "fileList": "a.m3u8", "bitrateKbps": "800", "mood": "good",
            "tags": ["x", 7, None],
        },
    }  # fmt: skip
    files = {"serverResponse": {"fileListMode": "json", "fileList": [{"fileName": "a", "sizeBytes": 12}]}}
    service = {"serviceName": "web_recorder_service", "payload": {"pageTitle": "Lesson"}}
    web = {"serverResponse": {"status": 5, "extensionServiceState": [service]}}
    program = """
found = client.mix.query("r", "s")
page = client.web.query("r", "s").server_response.web_recorder
shape = found.server_response
told = [
    found.status.name, found.status is cloudrec.RecordingStatus.MOVING, found.seen_at.isoformat(), shape.bitrate_kbps,
    shape.mood.name, shape.tags, type(shape).bitrate_kbps.__doc__, page.page_title, repr(shape),
    client.mix.stop("r", "s", "c", 1).files[0].size_bytes,
]
print(json.dumps(told))
"""
    shown = (
        "QueryMixHls(status=<RecordingStatus.MOVING: 9>, files=(RecordedFile(name='a.m3u8', track_type=None, uid=None, "
        "slice_start_time=None, size_bytes=None),), slice_start_time=None, bitrate_kbps=800, "
        "mood=<Mood.GOOD: 'good'>, tags=('x', '7'))"
    )
    assert run(process, [query, web, files], program) == [
        "MOVING", True, "2021-04-23T10:14:31+00:00", 800,
        "GOOD", ["x", "7"], "Rate, in kbit/s.", "Lesson", shown,
        12,
    ]  # fmt: skip


def test_request(process: subprocess.Popen[str]) -> None:
    """A field of a request: in the type and in a dict, checked by its rules, and sent."""
    program = """
config = cloudrec.MixRecordingConfig(channel_type=1, watermark="hi")
client.mix.start("r", "c", 1, storage_config=storage, recording_config=config)
try:
    client.mix.start("r", "c", 1, storage_config=storage, recording_config={"channelType": 1, "watermark": "too long"})
except cloudrec.InvalidRequestError as error:
    print(json.dumps([json.loads(sent[0].content)["clientRequest"]["recordingConfig"], str(error.problems[0])]))
"""
    body, problem = run(process, [{"sid": "s"}], program)
    assert body == {"channelType": 1, "watermark": "hi"}
    assert problem.startswith("recording_config.watermark: ")
    assert "5" in problem


def test_event(process: subprocess.Popen[str]) -> None:
    """A field of an event: read, and held against its type."""
    program = """
def read(value):
    details = {"msgName": "uploaded", "status": 0, "totalBytes": value}
    payload = {"sid": "s", "details": details}
    return webhooks.parse(json.dumps({"productId": 3, "eventType": 31, "payload": payload}).encode()).details

print(json.dumps([read(70).total_bytes, repr(read("70")), type(read("much")).__name__]))
"""
    assert run(process, [], program) == [70, "Uploaded(status=0, files=(), total_bytes=70)", "UnknownEvent"]


def test_endpoint(process: subprocess.Popen[str]) -> None:
    """An endpoint: one function by hand; path, method, query and result come from the contract, a refusal too."""
    program = """
def ask():
    return client._send(_calls.list_recordings(client.app_id, 5), Options())

found = ask()
try:
    ask()
except cloudrec.CloudRecordingError as error:
    told = str(error)
print(json.dumps([sent[0].method, str(sent[0].url), [one.sid for one in found.recordings], found.http_status, told]))
"""
    answers = [{"cursor": "2", "recordings": [{"sid": "a"}, {"sid": "b"}]}, {"recordings": []}]
    url = "https://service.test/v1/apps/0123456789abcdef0123456789abcdef/cloud_recording/recordings?limit=5"
    refused = "listRecordings: the answer has no cursor (HTTP 200). Quote the request ID to the provider's support."
    assert run(process, answers, program) == ["GET", url, ["a", "b"], 200, refused]


def test_failure(process: subprocess.Popen[str]) -> None:
    """A failure: its code and reason at once; with one line by hand its class, its advice and its explanation."""
    program = """
def refused():
    try:
        client.mix.start("r", "c", 1, storage_config=storage, retry=None)
    except cloudrec.RecordingMayBeRunningError as error:
        return error.__cause__
    except cloudrec.CloudRecordingError as error:
        return error

first, second = refused(), refused()
told = [type(first).__name__, first.code, first.reason, str(first), type(second).__name__, second.code]
print(json.dumps([*told, "region is full" in str(cloudrec.explain(1042))]))
"""
    answers = [{"code": 1042, "reason": "region is full"}, {"code": 1043, "reason": "nobody knows"}]
    assert run(process, answers, program, status=400) == [
        "TooManyRecordingsError", 1042, "region is full",
        "start: region is full (HTTP 400, code 1042). Stop recordings you no longer need, or have the limit raised.",
        "BadRequestError", 1043, True,
    ]  # fmt: skip


def test_new_event(process: subprocess.Popen[str]) -> None:
    """An event: by its number and name at once, with all that was sent; with a class by hand, with its fields."""
    program = """
def read(number, name):
    details = {"msgName": name, "seconds": 7}
    payload = {"sid": "s", "details": details}
    return webhooks.parse(json.dumps({"productId": 3, "eventType": number, "payload": payload}).encode())

parked, waved = read(13, "session_parked"), read(14, "session_waved")
print(json.dumps([repr(parked.details), parked.details.seconds, waved.event_type.name, type(waved.details).__name__,
                  waved.details.raw["seconds"]]))
"""
    assert run(process, [], program) == ["SessionParked(seconds=7)", 7, "SESSION_WAVED", "UnknownEvent", 7]


def test_edits_by_hand() -> None:
    """None for fields and values; one for an endpoint and for a failure; one class, in one file, for an event."""
    assert {what: len({file for file, _, _ in edits}) for what, edits in BY_HAND.items()} == {
        "a field of a response": 0, "a field of a request": 0, "a listed value": 0,
        "a failure": 1, "an event": 1, "an endpoint": 1,
    }  # fmt: skip
    assert len(BY_HAND["an endpoint"]) == len(BY_HAND["a failure"]) == 1


def test_the_steps_are_those_of_the_page(package: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Edit, generate, look, check, commit, see what changes: each runs here, in the copy, within minutes.

    What `./scripts/test` runs is this test among others; of it the document's own validator stands here.
    """
    page = (ROOT / "openapi" / "README.md").read_text(encoding="utf-8")
    section = page.partition("## To change it")[2].partition("\n## ")[0]
    assert re.findall(r"^   (\./scripts/\w+)", section, re.MULTILINE) == [
        "./scripts/generate", "./scripts/test", "./scripts/changes",
    ]  # fmt: skip
    assert [line[0] for line in section.splitlines() if re.match(r"\d\. ", line)] == list("123456")
    begun = time.monotonic()
    validate(extended())
    new = package / "openapi" / "cloud-recording.yaml"
    code = changes.main([str(ROOT / "openapi" / "cloud-recording.yaml"), str(new), "--changelog"])
    TOOK["check and changes"] = time.monotonic() - begun
    entry = capsys.readouterr().out
    assert code == 0
    assert all(word in entry for word in ("bitrateKbps", "watermark", "session_parked", "recordings"))
    edits = {what: sum(len(new.splitlines()) - len(old.splitlines()) for _, old, new in how)
             for what, how in BY_HAND.items()}  # fmt: skip
    minutes = sum(TOOK.values()) / 60
    print(f"a change of the service, followed: {minutes:.1f} minutes of commands; lines by hand: {edits}")  # with -rP
    assert minutes < 5


def test_nobody_is_broken() -> None:
    """`./scripts/changes` says of all this that it widens."""
    old = read_contract()
    found = compare(old, extended())
    assert not [change for change in found if change.level == BREAKS]
    assert {change.at for change in found if change.kind.endswith("-added")} >= {
        "QueryMixHlsServerResponse.bitrateKbps", "MixRecordingConfig.watermark", "start 400", "session_parked",
        "GET /v1/apps/{appid}/cloud_recording/recordings",
    }  # fmt: skip
