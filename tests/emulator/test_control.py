"""The control interface: what each operation does, who may ask, and that its document says what it does."""

from __future__ import annotations

import inspect
import json
import os
import re
import subprocess
import threading
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any

import anyio
import httpx
import pytest
from jsonschema import Draft202012Validator

from cloudrec import S3, CloudRecording, CloudRecordingError, MixRecording
from cloudrec._pages.guard import refusal
from cloudrec.emulator import Emulator, Fault
from cloudrec.emulator.control.document import OPERATIONS, document
from cloudrec.emulator.control.feed import Feed
from cloudrec.emulator.control.inside import Inside
from cloudrec.emulator.control.steering import Steering
from cloudrec.layouts import grid
from tests.emulator.conftest import until
from tests.support import ROOT as REPOSITORY, each

Json = dict[str, Any]

ROOT = "/_emulator"
DOCS = REPOSITORY / "docs"
#: What must be seen nowhere.
SECRETS = ("AK-do-not-show", "SK-do-not-show", "TOKEN-do-not-show", "rtmp-key-do-not-show", "emulated-secret")
STORAGE = S3("lessons", "eu-central-1", SECRETS[0], SECRETS[1])


class Control:
    """Somebody who steers an emulator over HTTP; each answer is held against the document."""

    def __init__(self, emulator: Emulator) -> None:
        self.emulator = emulator
        self.http = httpx.Client(base_url=f"{emulator.url}{ROOT}", verify=False)

    def ask(self, method: str, path: str, body: Any = None, status: int = 200) -> Any:
        response = self.http.request(method, path, json=body)
        assert response.status_code == status, response.text
        assert not any(secret in response.text for secret in SECRETS)
        if not response.headers["content-type"].startswith("application/json"):
            return response.text
        answer = response.json()
        check(method, path, status, answer)
        return answer

    def get(self, path: str, status: int = 200) -> Any:
        return self.ask("GET", path, None, status)

    def post(self, path: str, status: int = 200, **body: Any) -> Any:
        return self.ask("POST", path, body, status)


def check(method: str, path: str, status: int, answer: Any) -> None:
    """The answer is what the document says."""
    whole = document()
    for template, item in whole["paths"].items():
        if re.fullmatch(re.sub(r"\\{\w+\\}", "[^/]+", re.escape(template)), ROOT + path.partition("?")[0]):
            described = item.get(method.lower())
            if described is None:
                continue
            content = described["responses"].get(str(status), described["responses"]["default"])["content"]
            schema = {**content["application/json"]["schema"], "components": whole["components"]}
            Draft202012Validator(schema).validate(answer)
            return
    assert status in {404, 405}


@pytest.fixture
def served() -> Iterator[Emulator]:
    """An emulator with a socket, its clock standing."""
    with Emulator() as emulator:
        yield emulator


@pytest.fixture
def control(served: Emulator) -> Iterator[Control]:
    """Somebody who steers it."""
    control = Control(served)
    with control.http:
        yield control


@pytest.fixture
def client(served: Emulator) -> Iterator[CloudRecording]:
    """A client of it."""
    with served.client() as client:
        yield client


def test_a_test_in_any_language_can_do_all_of_it(control: Control, client: CloudRecording) -> None:
    """Users join, time passes, a call fails, the recording is moved: and all of it can be looked at."""
    control.post("/channels/join", channel="lesson-42", uid=101)
    control.post("/channels/join", channel="lesson-42", uid="102", video=False)
    recording = client.mix.record("lesson-42", storage=STORAGE, layout=grid(2), confirm=False)
    before = control.get("/clock")["now"]
    assert control.post("/clock/advance", seconds=30)["now"] == before + 30_000
    assert control.post("/channels/mute", channel="lesson-42", uid=101, video=True)["people"][0]["video"] is False
    control.post("/clock/advance", seconds=10)
    control.post("/channels/unmute", channel="lesson-42", uid=101)
    faults = control.post("/faults", fault="status; status=500; code=62", endpoints="query", times=1)
    assert faults["rules"][0]["met"] == 0
    story = control.get(f"/recordings/{recording.sid}")
    assert [step["status"] for step in story["steps"]] == [1, 2, 3, 4, 5]
    assert [step["at"] - story["started"] for step in story["steps"]] == [0, 1000, 2000, 3000, 18000]
    video = [[a - story["started"], b - story["started"]] for a, b in story["lanes"][0]["video"]]
    assert video == [[3000, 30000]]
    assert story["lanes"][1] == {"uid": "102", "audio": [[before + 3000, before + 40000]], "video": []}
    assert story["files"][0]["listed"]
    assert story["request"]["storageConfig"]["secretKey"] == "***"
    assert [call["endpoint"] for call in story["calls"]] == ["acquire", "start"]
    control.post(f"/recordings/{recording.sid}/failover", seconds=20, rename=True)
    assert control.get("/recordings")[0]["moving"]
    control.post("/heal")
    assert not control.get("/recordings?running=true&cname=lesson-42&limit=1")[0]["moving"]
    control.post(f"/recordings/{recording.sid}/crash")
    assert control.get("/recordings")[0]["end"]["reason"] == "crashed"
    assert control.get("/state")["running"] == 0
    assert control.post("/channels/leave", channel="lesson-42", uid=102)["people"][0]["uid"] == "101"
    assert control.post("/channels/clear", channel="lesson-42")["people"] == []
    assert control.get("/channels?name=lesson-42") == [{"name": "lesson-42", "people": []}]
    control.post("/reset")
    assert control.get("/recordings") == control.get("/channels") == control.get("/calls") == []


def test_the_layout_is_drawn_as_the_library_draws_it(control: Control, client: CloudRecording) -> None:
    """With whoever is in the channel, in its size."""
    for uid in (101, 102):
        control.post("/channels/join", channel="lesson-42", uid=uid)
    recording = client.mix.record("lesson-42", storage=STORAGE, layout=grid(2), confirm=False)
    drawn = control.get(f"/recordings/{recording.sid}/layout?v=1")
    assert drawn == grid(2).preview(["101", "102"], width=360, height=640).svg
    web = client.web.record("page", "https://example.com", max_recording_hour=1, storage=STORAGE, confirm=False)
    assert "has no layout" in control.get(f"/recordings/{web.sid}/layout", 400)["error"]
    control.post("/clock/advance", seconds=30)
    assert control.get(f"/recordings/{web.sid}")["page"]


def test_the_clock(control: Control, served: Emulator) -> None:
    """It is stopped, let run, and moved; also where somebody sleeps by it."""
    assert control.post("/clock/run", speed=60) | {"now": 0} == {"now": 0, "running": True, "speed": 60}
    assert served.clock.ticking
    stopped = control.post("/clock/stand")
    assert stopped["running"] is False
    assert control.get("/clock") == stopped


def test_storm_and_faults(control: Control, served: Emulator) -> None:
    """As `fail` and `storm` make them, with the same words for what makes no sense."""
    assert control.post("/storm", rate=0.5, seed=7)["storm"]["rate"] == 0.5
    assert control.post("/faults", fault="stall", endpoints=["start"], cname="a")["rules"][0]["cname"] == "a"
    assert control.get("/faults")["rules"][0]["fault"] == Fault.stall().header
    assert "did you mean drop?" in control.post("/faults", 400, fault="dorp")["error"]
    assert "cannot meet" in control.post("/faults", 400, fault="stall", endpoints="query")["error"]
    assert "there is no host 7" in control.post("/faults", 400, fault="drop", host=7)["error"]
    assert control.post("/heal") == {"rules": [], "storm": None}


def test_webhooks_are_seen_and_sent_again(control: Control, client: CloudRecording, served: Emulator) -> None:
    """Where they go, what came back, and once more."""
    heard: list[bytes] = []

    async def app(scope: Any, receive: Any, send: Any) -> None:
        if scope["type"] == "http":
            heard.append((await receive())["body"])
            await send({"type": "http.response.start", "status": 200, "headers": []})
            await send({"type": "http.response.body", "body": b"thanks"})

    assert "nobody is told" in control.post("/webhooks/1/resend", 409)["error"]
    control.post("/webhooks/receiver", url="http://127.0.0.1:1/agora?key=SK-do-not-show", secret=SECRETS[1])
    assert control.get("/state")["receiver"] == "http://127.0.0.1:1/agora?***"
    served.webhooks.send_to(app)
    client.mix.record("lesson-42", storage=STORAGE, confirm=False)
    control.post("/clock/advance", seconds=30)
    served.webhooks.flush()
    [first, *_] = control.get("/webhooks?limit=100")
    assert first["attempts"] == [{"status": 200, "answer": "thanks", "problem": "", "duplicate": False}]
    count = len(heard)
    control.post(f"/webhooks/{first['number']}/resend")
    served.webhooks.flush()
    assert [json.loads(body)["noticeId"] for body in heard[count:]] == [first["notice_id"]]
    for unknown in ("999", "x"):
        assert "there is no webhook" in control.post(f"/webhooks/{unknown}/resend", 404)["error"]


def test_what_changes_comes_as_events(control: Control, client: CloudRecording) -> None:
    """At first everything, then what is new; and the stream ends with the emulator."""
    with control.http.stream("GET", "/events") as response:
        assert response.headers["content-type"].startswith("text/event-stream")
        lines = response.iter_lines()

        def news() -> Json:
            found: Json = json.loads(next(line for line in lines if line.startswith("data: "))[6:])
            return found

        assert news()["all"] is True
        recording = client.mix.record("lesson-42", storage=STORAGE, confirm=False)
        while "recordings" not in (found := news()):
            pass
        assert found["recordings"][0]["sid"] == recording.sid
        control.post("/clock/advance", seconds=30)
        while (found := news())["clock"]["now"] == control.get("/clock")["now"] - 30_000:
            pass
        control.post("/faults", fault="drop", endpoints="query")
        while "faults" not in (found := news()):
            pass
        assert found["faults"]["rules"][0]["fault"] == "drop"
        control.post("/reset")
        while "all" not in (found := news()):
            pass
        assert "recordings" not in found
        stopping = threading.Thread(target=control.emulator.stop)
        stopping.start()
        assert [line for line in lines if line.startswith("event: ") and "news" not in line] == []
        stopping.join()


def test_a_clock_that_runs_is_no_news() -> None:
    """Who knows how fast it runs knows what time it is. A jump is, and so is another speed."""
    emulator = Emulator(clock="real")
    parts = emulator._service, emulator._schedule, emulator._log, emulator._webhooks
    feed = Feed(Inside(*parts, urls=tuple, heal=emulator.heal, reset=emulator.reset))
    assert feed.news() is not None
    before = emulator.clock.now()
    until(lambda: emulator.clock.now() > before)
    assert feed.news() is None
    for change in (lambda: emulator.clock.advance(60), lambda: emulator.clock.run(2), emulator.clock.stand):
        change()
        news = feed.news()
        assert news is not None
        assert set(news) == {"clock"}
    assert feed.news() is None


def lived(control: Control, client: CloudRecording) -> MixRecording:
    """A recording with a bit of everything."""
    control.post("/channels/join", channel="lesson-42", uid=101)
    control.post("/channels/join", channel="lesson-42", uid=102, video=False)
    control.post("/faults", fault="drop; after_effect=true", endpoints="acquire", times=1)
    control.post("/faults", fault="status; status=500; code=62", endpoints="query", times=1)
    recording = client.mix.record("lesson-42", storage=STORAGE)
    control.post("/clock/advance", seconds=30)
    control.post("/channels/mute", channel="lesson-42", uid=101, video=True)
    control.post(f"/recordings/{recording.sid}/failover", seconds=5)
    control.post("/clock/advance", seconds=10)
    control.post("/channels/leave", channel="lesson-42", uid=102)
    recording.query()
    recording.stop()
    return recording


def test_what_happened_as_a_test_that_passes(control: Control, client: CloudRecording, tmp_path: Path) -> None:
    """It is run as it stands, against a fresh emulator, and fails where that behaves otherwise."""
    recording = lived(control, client)
    for name, path in (("all", "/export/python"), ("one", f"/export/python?sid={recording.sid}")):
        code = control.get(path)
        names: Json = {}
        exec(compile(code, str(tmp_path / name), "exec"), names)
        names["test_what_happened"]()
        assert "pytest.raises(httpx.TransportError)" in code
        assert "failover(sid_1, 5)" in code
        otherwise = code.replace('["status"] == 5', '["status"] == 4')
        assert otherwise != code
        exec(compile(otherwise, str(tmp_path / name), "exec"), names)
        with pytest.raises(AssertionError):
            names["test_what_happened"]()


@pytest.mark.skipif(os.name == "nt", reason="there is no shell to run it on Windows")
def test_what_happened_as_lines_for_a_shell(control: Control, client: CloudRecording, tmp_path: Path) -> None:
    """They do the same to another emulator."""
    recording = lived(control, client)
    script = tmp_path / "again.sh"
    script.write_text(control.get(f"/export/curl?sid={recording.sid}"), encoding="utf-8")
    with Emulator() as other:
        environment = {
            **os.environ,
            "AGORA_BASE_URL": other.url,
            "AGORA_APP_ID": other.app_id,
            "AGORA_CUSTOMER_ID": other.credential.customer_id,
            "AGORA_CUSTOMER_SECRET": other.credential.customer_secret,
        }
        done = subprocess.run(["sh", script], env=environment, capture_output=True, text=True, check=False, timeout=60)
        assert done.returncode == 0, done.stderr
        [again] = other.recordings
        [before] = control.emulator.recordings
        assert (again.cname, again.status, again.ended) == (before.cname, before.status, before.ended)
        assert len(again.files) == len(before.files)
        assert [call.status for call in other.calls] == [call.status for call in control.emulator.calls]


def test_what_is_done_between_two_calls_of_one_moment_stays_between_them(
    control: Control, client: CloudRecording, tmp_path: Path
) -> None:
    """On a clock that stands: found, moved and not found, healed and found again, crashed. With default users, and one
    who joins later.
    """
    recording = client.mix.record("lesson-42", storage=STORAGE)
    control.post("/channels/join", channel="lesson-42", uid=7)

    def query() -> None:
        with suppress(CloudRecordingError):
            client.mix.query(recording.resource_id, recording.sid, retry=None)

    control.post("/clock/advance", seconds=30)
    query()
    control.post(f"/recordings/{recording.sid}/failover")
    query()
    control.post("/heal")
    query()
    control.post(f"/recordings/{recording.sid}/crash")
    query()
    told = [call.status for call in control.emulator.calls][-4:]
    assert told == [200, 404, 200, 200]
    names: Json = {}
    exec(compile(code := control.get("/export/python"), "exported", "exec"), names)
    names["test_what_happened"]()
    for line in ("join(102)", "join(7)", "emulator.heal()", "emulator.crash(sid_1)", '["status"] == 20'):
        assert line in code


def test_the_exported_test_has_the_options_of_its_emulator() -> None:
    """Where they change what is answered."""
    with Emulator(max_recordings=1, bare_names=True, strict=True) as emulator, emulator.client() as client:
        client.mix.record("lesson-42", storage=STORAGE)
        with pytest.raises(CloudRecordingError):
            client.acquire("another", "1", retry=None)
        control = Control(emulator)
        with control.http:
            code = control.get("/export/python")
    assert "Emulator(max_recordings=1, bare_names=True, strict=True) as emulator" in code
    names: Json = {}
    exec(compile(code, "exported", "exec"), names)
    names["test_what_happened"]()


def test_secrets_of_bodies_are_seen_nowhere(control: Control, served: Emulator) -> None:
    """Also not of what is no JSON, where nobody can tell what is one."""
    base = f"{served.url}/v1/apps/{served.app_id}/cloud_recording"
    auth = served.credential.customer_id, served.credential.customer_secret
    json_body = {"cname": "a", "uid": "1", "clientRequest": {"token": SECRETS[2], "x": f"rtmp://a/live/{SECRETS[3]}"}}
    for options in (
        {"json": json_body},
        {"content": SECRETS[1]},
        {"json": {"secretKey": SECRETS[1], "big": "x" * 40_000}},
    ):
        httpx.post(f"{base}/acquire", auth=auth, verify=False, **options)
    calls = control.get("/calls")
    assert calls[0]["sent"]["clientRequest"]["token"] == "***"
    assert calls[1]["sent"] == "(14 bytes that are not shown: they are no JSON)"
    assert "more than" in calls[2]["sent"]
    control.get("/export/python")
    control.get("/export/curl")


# -- who may ask ---------------------------------------------------------------------------------


HERE = {"host": "127.0.0.1:8080"}
ELSEWHERE = {**HERE, "sec-fetch-site": "cross-site", "sec-fetch-mode": "navigate"}


@each(
    ("headers", "client", "method", "allowed"),
    [
        (HERE, "127.0.0.1", "POST", True),
        (HERE, None, "POST", True),
        ({"host": "localhost:8080"}, "::1", "POST", True),
        ({"host": "[::1]:8080"}, "::ffff:127.0.0.1", "POST", True),
        ({**HERE, "origin": "http://127.0.0.1:8080", "sec-fetch-site": "same-origin"}, "127.0.0.1", "POST", True),
        # A name that leads here, as in DNS rebinding, and an SDK's fixed host.
        ({"host": "evil.example:8080"}, "127.0.0.1", "GET", False),
        ({"host": "localhost.evil.example"}, "127.0.0.1", "GET", False),
        ({"host": "api.agora.io"}, "127.0.0.1", "GET", False),
        ({"host": "127.0.0.1@evil.example"}, "127.0.0.1", "GET", False),
        ({"host": "127.0.0.1:x"}, "127.0.0.1", "GET", False),
        ({"host": "0.0.0.0:8080"}, "127.0.0.1", "GET", False),
        ({"host": ""}, "127.0.0.1", "GET", False),
        ({}, "127.0.0.1", "GET", False),
        # A page elsewhere; also on another port of this machine, or in a sandbox.
        ({**HERE, "origin": "https://evil.example"}, "127.0.0.1", "POST", False),
        ({**HERE, "origin": "http://127.0.0.1:3000"}, "127.0.0.1", "POST", False),
        ({**HERE, "origin": "https://127.0.0.1:8080"}, "127.0.0.1", "POST", False),
        ({**HERE, "origin": "null"}, "127.0.0.1", "POST", False),
        ({**HERE, "sec-fetch-site": "cross-site"}, "127.0.0.1", "GET", False),
        ({**HERE, "sec-fetch-site": "same-site"}, "127.0.0.1", "GET", False),
        # A link to the page may be followed; a frame, a form and a script may not.
        ({**ELSEWHERE, "sec-fetch-dest": "document"}, "127.0.0.1", "GET", True),
        ({**ELSEWHERE, "sec-fetch-dest": "document"}, "127.0.0.1", "POST", False),
        ({**ELSEWHERE, "sec-fetch-dest": "iframe"}, "127.0.0.1", "GET", False),
        # Another machine.
        (HERE, "192.0.2.7", "GET", False),
    ],
)
def test_a_page_of_another_origin_can_do_nothing(
    headers: dict[str, str], client: str | None, method: str, allowed: bool
) -> None:
    """Neither by a request (CSRF), nor by a name that leads to loopback (DNS rebinding)."""
    assert (refusal(method, "http", headers, client) is None) == allowed


def test_what_is_refused_is_refused_for_every_operation(control: Control) -> None:
    """The guard stands in front of all of it, the page and the stream included; and nothing of it may be framed."""
    paths = ["", "/openapi.json", "/page.js", "/nothing", *(f"{operation.path}" for operation in OPERATIONS)]
    for path in paths:
        for headers in ({"Host": "evil.example"}, {"Origin": "http://evil.example"}, {"Sec-Fetch-Site": "same-site"}):
            for method in ("GET", "POST"):
                response = control.http.request(method, path, headers=headers, json={})
                assert response.status_code == 403, path
                assert "access-control-allow-origin" not in response.headers
                assert "frame-ancestors 'none'" in response.headers["content-security-policy"]


def test_a_form_of_another_page_is_no_json(control: Control) -> None:
    """What a browser sends without asking first changes nothing, whatever its headers say."""
    for media_type in ("text/plain", "application/x-www-form-urlencoded", "multipart/form-data"):
        response = control.http.post("/reset", content=b"{}", headers={"Content-Type": media_type})
        assert response.status_code == 415


# -- the document --------------------------------------------------------------------------------


@pytest.mark.parametrize("page", ["emulator-control.md", "emulator-control.zh-CN.md"])
def test_the_page_of_the_docs_lists_every_operation_with_what_it_takes(page: str) -> None:
    """And no other; in both languages."""
    text = (DOCS / page).read_text(encoding="utf-8")
    listed = set(re.findall(r"`((?:GET|POST) /[\w/{}]*)`", text))
    assert listed == {f"{operation.method} {operation.path}" for operation in OPERATIONS}
    for operation in OPERATIONS:
        [row] = [line for line in text.splitlines() if f"`{operation.method} {operation.path}`" in line]
        fields = {} if operation.takes is None else operation.takes["properties"]
        for name in {*operation.query, *fields} - {"v"}:
            assert f"`{name}`" in row, (operation.name, name)


@pytest.mark.skipif(os.name == "nt", reason="there is no shell to run it on Windows")
def test_the_lines_of_the_docs_run_as_they_stand(control: Control) -> None:
    """Against an emulator at another address."""
    [code] = re.findall(r"```sh\n(at=.*?)```", (DOCS / "emulator-control.md").read_text(encoding="utf-8"), re.DOTALL)
    assert code in (DOCS / "emulator-control.zh-CN.md").read_text(encoding="utf-8")
    script = code.replace("http://127.0.0.1:8080", control.emulator.url).replace("curl -s", "curl -sf")
    before = control.emulator.clock.now()
    done = subprocess.run(["sh", "-euc", script], capture_output=True, text=True, check=False, timeout=60)
    assert done.returncode == 0, done.stderr
    assert control.emulator.clock.now() - before == 90_000
    assert control.get("/channels")[0]["people"][0]["uid"] == "101"
    assert control.get("/faults")["rules"][0]["fault"] == Fault.drop(after_effect=True).header


def test_every_operation_is_there_and_takes_what_the_document_says() -> None:
    """Its body's fields are the arguments of what it calls."""
    for operation in OPERATIONS:
        if operation.name == "events":
            continue
        parameters = inspect.signature(getattr(Steering, operation.name)).parameters
        takes_any = any(parameter.kind is parameter.VAR_KEYWORD for parameter in parameters.values())
        fields = {} if operation.takes is None else operation.takes["properties"]
        for name in [*operation.parameters, *operation.query, *fields]:
            assert name in parameters or takes_any, (operation.name, name)


@each(
    ("method", "path", "body", "status", "said"),
    [
        ("GET", "/nothing", None, 404, "no such thing"),
        ("POST", "/recordings", {}, 405, "this takes GET"),
        ("PUT", "/faults", {}, 405, "this takes GET and POST"),
        ("POST", "/page.css", {}, 405, "can only be read"),
        ("GET", "/recordings/abc", None, 404, "there is no recording 'abc'"),
        ("POST", "/recordings/abc/crash", {}, 404, "there is no recording 'abc'"),
        ("GET", "/export/python?sid=abc", None, 404, "there is no recording 'abc'"),
        ("GET", "/calls?limit=x", None, 400, "limit is not a whole number"),
        ("GET", "/calls?limit=0", None, 400, "limit 0 is less than the minimum of 1"),
        ("GET", "/recordings?running=perhaps", None, 400, "running is not a boolean"),
        ("GET", "/recordings?limits=1", None, 400, "limits is no parameter of this"),
        ("POST", "/channels/join", {"channel": "a"}, 400, "uid is required"),
        ("POST", "/channels/join", {"channel": "a", "uid": 0}, 400, "uid"),
        ("POST", "/channels/join", {"channel": "a", "uid": 1, "adio": True}, 400, "did you mean audio"),
        ("POST", "/channels/leave", {"channel": "a", "uid": 1}, 400, "1 is not in channel 'a'"),
        ("POST", "/clock/advance", {"seconds": -1}, 400, "seconds -1 is less than the minimum of 0"),
        ("POST", "/clock/run", {"speed": "fast"}, 400, "speed is not a number"),
        ("POST", "/webhooks/receiver", {"url": "ftp://a"}, 400, "url must be an http or https URL"),
        ("POST", "/reset", [], 400, "is not an object"),
    ],
)
def test_what_makes_no_sense_is_told(method: str, path: str, body: Any, status: int, said: str) -> None:
    """By a status and a sentence."""
    transport = httpx.ASGITransport(Emulator().app)

    async def send() -> httpx.Response:
        async with httpx.AsyncClient(transport=transport, base_url="http://localhost") as http:
            return await http.request(method, ROOT + path, json=body)

    response = anyio.run(send)
    assert (response.status_code, said in response.json()["error"]) == (status, True), response.text
    check(method, path, status, response.json())


def test_bodies_that_cannot_be_read(control: Control) -> None:
    """Too large, or no JSON."""
    headers = {"Content-Type": "application/json"}
    assert control.http.post("/reset", content=b"{", headers=headers).status_code == 400
    assert control.http.post("/reset", content=b" " * 2_000_000, headers=headers).status_code == 413
    assert control.http.post("/reset", content=b"", headers=headers).status_code == 200


def test_calls_of_it_are_no_calls_of_the_service(control: Control, served: Emulator) -> None:
    """They are not counted, meet no fault, and nobody who waits for quiet waits for them."""
    served.fail("*", Fault.html())
    with control.http.stream("GET", "/events") as response:
        next(response.iter_lines())
        assert control.get("/calls") == []
        served.settle(timeout=5)
    until(lambda: not served.calls)
