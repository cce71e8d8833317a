"""Every fault as a bare client sees it, and what it did to the service."""

from __future__ import annotations

import gc
import itertools
import json
import logging
import random
import socket
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import partial
from typing import Any
from urllib.parse import urlsplit

import httpx
import pytest
from hypothesis import given, strategies as st

from cloudrec.emulator import STORM_FAULTS, Emulator, Fault, parse_fault
from cloudrec.emulator.faults.schedule import Storm
from tests.support import each

from .conftest import until

ENDPOINTS = ("acquire", "start", "query", "update", "updateLayout", "stop", "ncsIps")
HEADER = "X-Emulate-Fault"

#: What httpx makes of a connection that came to nothing.
BROKEN = (httpx.RemoteProtocolError, httpx.ReadError)


@dataclass
class Network:
    """An emulator on real sockets, someone who calls it there, and someone who sets things up behind its back."""

    emulator: Emulator
    client: httpx.Client
    caller: Any

    def request(self, endpoint: str, call: Any = None, cname: str = "lesson-42", uid: str = "527841") -> httpx.Request:
        """A good request for an endpoint, of a recording that has come that far."""
        base = f"{self.emulator.url}{self.caller.base}"
        if endpoint == "ncsIps":
            return self.client.build_request("GET", f"{self.emulator.url}/v1/ncs/ip")
        if endpoint == "acquire":
            body: dict[str, Any] = {"cname": cname, "uid": uid, "clientRequest": {}}
            return self.client.build_request("POST", f"{base}/acquire", json=body)
        body = {"cname": call.cname, "uid": call.uid, "clientRequest": {}}
        path = f"{base}/resourceid/{call.resource_id}"
        if endpoint == "start":
            body["clientRequest"] = self.caller.request("mix")
            return self.client.build_request("POST", f"{path}/mode/mix/start", json=body)
        path = f"{path}/sid/{call.sid}/mode/mix/{endpoint}"
        if endpoint == "query":
            return self.client.build_request("GET", path)
        if endpoint == "update":
            body["clientRequest"] = {"storageConfig": self.caller.storage(bucket="renewed")}
        if endpoint == "updateLayout":
            body["clientRequest"] = {"mixedVideoLayout": 1}
        return self.client.build_request("POST", path, json=body)

    def prepared(self, endpoint: str) -> httpx.Request:
        """The same, after the steps that come before it."""
        if endpoint in {"acquire", "ncsIps"}:
            return self.request(endpoint)
        call = self.caller.acquire() if endpoint == "start" else self.caller.begin()
        self.emulator.clock.advance(20)
        return self.request(endpoint, call)

    def send(self, request: httpx.Request, fault: Fault | str | None = None) -> httpx.Response:
        """Send a request, asking for a fault by header."""
        if fault is not None:
            request.headers[HEADER] = fault if isinstance(fault, str) else fault.header
        return self.client.send(request)

    def took_effect(self, endpoint: str) -> bool | None:
        """What the state says: whether the one request for this endpoint did anything. None where none shows."""
        recordings = self.emulator.recordings
        match endpoint:
            case "start":
                return bool(recordings)
            case "update":
                return recordings[-1].storage["bucket"] == "renewed"
            case "updateLayout":
                return recordings[-1].layout["mixedVideoLayout"] == 1
            case "stop":
                return not recordings[-1].running
            case _:
                return None

    def raw(self, request: httpx.Request, fault: Fault) -> bytes:
        """All bytes of the answer to a request that asks for a fault."""
        request.headers[HEADER] = fault.header
        head = f"{request.method} {request.url.raw_path.decode()} HTTP/1.1\r\n".encode()
        head += b"".join(b"%s: %s\r\n" % pair for pair in request.headers.raw)
        if "authorization" not in request.headers:
            auth = httpx.BasicAuth(*credential(self.emulator))
            head += f"Authorization: {next(auth.auth_flow(request)).headers['authorization']}\r\n".encode()
        parts = urlsplit(self.emulator.url)
        with socket.create_connection((parts.hostname, parts.port or 0), timeout=30) as connection:
            connection.sendall(head + b"\r\n" + request.read())
            return b"".join(iter(lambda: connection.recv(65536), b""))


def credential(emulator: Emulator) -> tuple[str, str]:
    """What httpx wants."""
    return emulator.credential.customer_id, emulator.credential.customer_secret


@pytest.fixture(scope="module", autouse=True)
def _kept() -> None:
    """What is there already need not be looked through after each of these cases."""
    gc.collect()
    gc.freeze()


@pytest.fixture
def network(caller_of: Any, caplog: pytest.LogCaptureFixture) -> Iterator[Network]:
    """An emulator with a socket. It leaves no thread, no socket and no complaint of uvicorn or asyncio."""
    threads = set(threading.enumerate())
    with (
        caplog.at_level(logging.WARNING),
        Emulator() as emulator,
        httpx.Client(auth=credential(emulator), timeout=30, verify=False) as client,
    ):
        yield Network(emulator, client, caller_of(emulator))
    gc.collect()  # a socket that nobody closed warns here
    assert set(threading.enumerate()) <= threads
    assert [record.getMessage() for record in caplog.records if record.levelno >= logging.WARNING] == []


WITH_EFFECT: dict[str, Callable[[bool], Fault]] = {
    "drop": lambda after: Fault.drop(after_effect=after),
    "reset": lambda after: Fault.drop(after_effect=after, reset=True),
    "garbage": lambda after: Fault.garbage(after_effect=after),
    "html": lambda after: Fault.html(502, after_effect=after),
    "empty": lambda after: Fault.empty(after_effect=after),
    "redirect": lambda after: Fault.redirect(after_effect=after),
    "status": lambda after: Fault.status(500, 62, after_effect=after),
    "not_completed": lambda after: Fault.not_completed(after_effect=after),
}


@pytest.mark.parametrize("after", [False, True])
@pytest.mark.parametrize("kind", WITH_EFFECT)
@pytest.mark.parametrize("endpoint", ENDPOINTS)
def test_effect_and_no_effect(network: Network, endpoint: str, kind: str, after: bool) -> None:
    """For each endpoint, a fault leaves the service changed if and only if it says so."""
    request = network.prepared(endpoint)
    network.emulator.fail(endpoint, WITH_EFFECT[kind](after), times=1)
    try:
        network.send(request)
    except BROKEN:
        assert kind in {"drop", "reset", "garbage"}
    call = network.emulator.calls[-1]
    assert (call.endpoint, call.took_effect, call.fault) == (endpoint, after, WITH_EFFECT[kind](after))
    assert network.took_effect(endpoint) in {after, None}


def test_dropped(network: Network) -> None:
    """Not one byte, and the connection is closed."""
    assert network.raw(network.request("ncsIps"), Fault.drop()) == b""
    with pytest.raises(httpx.RemoteProtocolError, match="without sending a response"):
        network.send(network.request("ncsIps"), Fault.drop())
    assert [call.status for call in network.emulator.calls] == [None, None]


def test_reset(network: Network) -> None:
    """A reset is told from an end."""
    with pytest.raises(ConnectionResetError):
        network.raw(network.request("ncsIps"), Fault.drop(reset=True))
    with pytest.raises(httpx.ReadError):
        network.send(network.request("ncsIps"), Fault.drop(reset=True))


def test_a_kept_connection_is_dropped(network: Network) -> None:
    """One that has answered before, and the next call has a new one."""
    for _ in range(3):
        assert network.send(network.request("ncsIps")).status_code == 200
        with pytest.raises(httpx.RemoteProtocolError):
            network.send(network.request("ncsIps"), Fault.drop())


def test_garbage(network: Network) -> None:
    """No HTTP at all."""
    answer = network.raw(network.request("ncsIps"), Fault.garbage())
    assert answer
    assert not answer.startswith(b"HTTP/")
    with pytest.raises(httpx.RemoteProtocolError, match="illegal status line"):
        network.send(network.request("ncsIps"), Fault.garbage())


@pytest.mark.parametrize("share", [0.0, 0.5, 0.999])
def test_cut_short(network: Network, share: float) -> None:
    """Content-Length says more than there is, and what there is begins like the answer."""
    whole = network.send(network.request("ncsIps")).content
    head, _, body = network.raw(network.request("ncsIps"), Fault.cut(share)).partition(b"\r\n\r\n")
    assert f"content-length: {len(whole)}".encode() in head.lower()
    assert len(body) < len(whole)
    assert whole.startswith(body)
    with pytest.raises(httpx.RemoteProtocolError, match="complete message body"):
        network.send(network.request("ncsIps"), Fault.cut(share))
    assert network.emulator.calls[-1].took_effect


def test_cut_short_and_consistent(network: Network) -> None:
    """Sound HTTP, broken JSON; the connection can be used again."""
    response = network.send(network.request("ncsIps"), Fault.cut(consistent=True))
    assert (response.status_code, int(response.headers["content-length"])) == (200, len(response.content))
    with pytest.raises(json.JSONDecodeError):
        response.json()
    assert network.send(network.request("ncsIps")).status_code == 200


@pytest.mark.parametrize("endpoint", ["start", "update", "updateLayout", "stop"])
def test_a_cut_answer_took_effect(network: Network, endpoint: str) -> None:
    """It is the service's own."""
    request = network.prepared(endpoint)
    with pytest.raises(httpx.RemoteProtocolError):
        network.send(request, Fault.cut())
    assert network.took_effect(endpoint)


@pytest.mark.parametrize("status", [502, 200, 404, 520])
def test_html(network: Network, status: int) -> None:
    """A page, with any status."""
    response = network.send(network.request("ncsIps"), Fault.html(status))
    assert (response.status_code, response.headers["content-type"]) == (status, "text/html; charset=utf-8")
    assert f"<h1>{status} " in response.text


@pytest.mark.parametrize("status", [200, 204, 304, 500])
def test_empty(network: Network, status: int) -> None:
    """A status and nothing else."""
    response = network.send(network.request("ncsIps"), Fault.empty(status))
    assert (response.status_code, response.content) == (status, b"")
    assert network.send(network.request("ncsIps")).status_code == 200


def test_redirect(network: Network) -> None:
    """It says where to."""
    response = network.send(network.request("ncsIps"), Fault.redirect("https://example.com/login", 307))
    assert (response.status_code, response.headers["location"]) == (307, "https://example.com/login")
    assert response.is_redirect


@pytest.mark.parametrize(
    ("fault", "status", "body"),
    [
        (Fault.status(500, 62), 500, {"code": 62, "reason": "request timeout"}),
        (Fault.status(504, 62, "slow"), 504, {"code": 62, "reason": "slow"}),
        (Fault.status(400, 77), 400, {"code": 77, "reason": "emulated fault"}),
        (Fault.status(400, reason="no code"), 400, {"reason": "no code"}),
        (Fault.status(503), 503, {"message": "Service Unavailable"}),
        (Fault.status(520), 520, {"message": "Unknown Error"}),
        (Fault.status(429, message="slow down; please"), 429, {"message": "slow down; please"}),
        (Fault.status(204), 204, None),
        (Fault.status(403), 403, {"message": "You cannot consume this service"}),
        (
            Fault.status(404, 404, "Failed to find worker.", within=True),
            404,
            {
                "code": 404,
                "serverResponse": {
                    "command": "QueryCloudRecording",
                    "payload": {"message": "Failed to find worker."},
                },
            },
        ),
        (Fault.not_completed(), 206, {"code": 65, "reason": "request not completed"}),
        (Fault.rate_limited(), 429, {"message": "API rate limit exceeded"}),
    ],
)
def test_status(network: Network, fault: Fault, status: int, body: dict[str, Any] | None) -> None:
    """Any status, in the words of the service or of the gateway before it."""
    response = network.send(network.request("ncsIps"), fault)
    assert response.status_code == status
    assert (response.json() if body else response.content) == (body or b"")
    assert response.headers["x-request-id"]
    assert response.headers["x-emulated-host"] == "0"
    assert network.emulator.calls[-1].status == status


@pytest.mark.parametrize(
    ("given", "sent"),
    [
        (3, "3"),
        (-1, "-1"),
        (31_536_000, "31536000"),
        (0.5, "0.5"),
        ("soon", "soon"),
        (datetime(2026, 1, 1, 12, tzinfo=UTC), "Thu, 01 Jan 2026 12:00:00 GMT"),
    ],
)
def test_retry_after(network: Network, given: float | str | datetime, sent: str) -> None:
    """Seconds, a date, and what nobody should send."""
    response = network.send(network.request("ncsIps"), Fault.rate_limited(given))
    assert (response.status_code, response.headers["retry-after"]) == (429, sent)


def test_headers_of_a_status(network: Network) -> None:
    """As many as are wanted, the same name more than once."""
    fault = Fault.status(503, headers=[("Retry-After", "1"), ("Retry-After", "2"), ("X-Other", 'a "b"; c')])
    response = network.send(network.request("ncsIps"), fault)
    assert response.headers.get_list("retry-after") == ["1", "2"]
    assert response.headers["x-other"] == 'a "b"; c'


# -- time ---------------------------------------------------------------------------------------------


def test_delay(network: Network) -> None:
    """The answer is late and whole."""
    began = time.monotonic()
    response = network.send(network.request("ncsIps"), Fault.delay(0.1))
    assert response.status_code == 200
    assert time.monotonic() - began >= 0.1


@pytest.mark.parametrize("fault", [Fault.delay(60), Fault.hang(after_effect=True), Fault.hang()])
def test_a_read_time_out(network: Network, fault: Fault) -> None:
    """A client that does not wait gives up; nothing of it stays in the emulator."""
    request = network.prepared("start")
    request.extensions["timeout"] = httpx.Timeout(30, read=0.05).as_dict()
    with pytest.raises(httpx.ReadTimeout):
        network.send(request, fault)
    assert network.took_effect("start") == (fault != Fault.hang())
    assert network.emulator.calls[-1].status is None or fault == Fault.delay(60)


def test_a_late_effect(network: Network) -> None:
    """The request that a client gave up on arrives nevertheless."""
    request = network.prepared("start")
    request.extensions["timeout"] = httpx.Timeout(30, read=0.05).as_dict()
    with pytest.raises(httpx.ReadTimeout):
        network.send(request, Fault.delay(60, after_effect=False))
    until(lambda: network.emulator.recordings)
    assert network.emulator.calls[-1].took_effect


@pytest.mark.parametrize("fault", [Fault.hang(), Fault.hang(after_effect=True), Fault.delay(60, after_effect=False)])
def test_the_end_of_the_emulator_ends_what_hangs(network: Network, fault: Fault) -> None:
    """Dropped, at once; what was on its way is lost."""
    emulator = network.emulator
    errors: list[Exception] = []

    def call(request: httpx.Request) -> None:
        try:
            network.send(request, fault)
        except BROKEN as error:
            errors.append(error)

    request = network.prepared("start")
    thread = threading.Thread(target=call, args=(request,))
    thread.start()
    until(lambda: any(call.fault for call in emulator.calls))
    began = time.monotonic()
    emulator.stop()
    thread.join()
    assert time.monotonic() - began < 4  # uvicorn's patience is 5
    assert len(errors) == 1
    assert bool(emulator.recordings) == (fault == Fault.hang(after_effect=True))


def test_the_end_of_the_emulator_ends_a_delay(network: Network) -> None:
    """The answer is there already, and is given."""
    statuses: list[int] = []
    request = network.prepared("ncsIps")
    thread = threading.Thread(target=lambda: statuses.append(network.send(request, Fault.delay(60)).status_code))
    thread.start()
    until(lambda: network.emulator.calls)
    network.emulator.stop()
    thread.join()
    assert statuses == [200]


# -- a failover ---------------------------------------------------------------------------------------


def test_a_failover(network: Network) -> None:
    """Every call on the recording answers 404 while it lives, and afterwards it answers again."""
    call = network.caller.begin()
    other = network.caller.begin(uid="2")
    network.emulator.clock.advance(20)
    network.emulator.fail("query", Fault.failover(30), times=1)
    assert network.send(network.request("query", call)).json() == {"code": 404, "reason": "failed to find worker"}
    for endpoint in ("query", "update", "updateLayout", "stop"):
        assert network.send(network.request(endpoint, call)).status_code == 404
        assert not network.emulator.calls[-1].took_effect
        assert network.send(network.request("query", other)).status_code == 200
    assert network.emulator.recording(call.sid).running
    network.emulator.clock.advance(29.999)
    assert network.send(network.request("query", call)).status_code == 404
    network.emulator.clock.advance(0.001)
    for endpoint in ("query", "update", "updateLayout", "stop"):
        assert network.send(network.request(endpoint, call)).status_code == 200


def test_a_failover_right_after_the_start(network: Network) -> None:
    """The start succeeds, and the recording cannot be found."""
    call = network.caller.acquire()
    response = network.send(network.request("start", call), Fault.failover(10))
    assert response.status_code == 200
    call.sid = response.json()["sid"]
    assert network.send(network.request("query", call)).status_code == 404
    network.emulator.clock.advance(10)
    assert network.send(network.request("query", call)).status_code == 200


def test_a_failover_by_sid_and_its_end(network: Network) -> None:
    """Asked for of the emulator, ended by `heal`."""
    call = network.caller.begin()
    network.emulator.failover(call.sid, 90)
    assert network.send(network.request("stop", call)).status_code == 404
    network.emulator.heal()
    assert network.send(network.request("query", call)).status_code == 200
    with pytest.raises(KeyError):
        network.emulator.failover("nobody")


@pytest.mark.parametrize("mode", ["individual", "mix", "web"])
def test_file_names_after_a_failover(caller: Any, mode: str) -> None:
    """What the new server writes is named bak<n>_, and the files from before stay."""
    call = caller.begin(mode)
    emulator = caller.emulator
    emulator.clock.advance(60)
    before = {file.name for file in emulator.recording(call.sid).files}
    prefixes = {""}
    for number in range(2):
        emulator.failover(call.sid, 30, rename=True)
        emulator.clock.advance(30)
        files = emulator.recording(call.sid).files
        prefixes.add(f"bak{number}_")
        assert {file.name.partition(call.sid)[0] for file in files} == prefixes
        # The one that was cut off mid-slice is finished as it was.
        assert before <= {file.name for file in files}
        starts = {p: [f.slice_start_time for f in files if f.name.startswith(f"{p}{call.sid}")] for p in prefixes}
        assert all(starts.values())
    listed = json.dumps(call.state())
    assert f"bak1_{call.sid}" in listed
    assert call.stop().status_code == 200


def test_a_failover_without_new_names(caller: Any) -> None:
    """Unless they are asked for, names and slices are as they were."""
    call = caller.begin()
    caller.emulator.clock.advance(20)
    caller.emulator.failover(call.sid, 10)
    caller.emulator.clock.advance(60)
    assert not any(file.name.startswith("bak") for file in caller.emulator.recording(call.sid).files)


def test_what_ended_is_not_moved(network: Network) -> None:
    """It answers as it would have."""
    call = network.caller.begin()
    network.emulator.crash(call.sid)
    network.emulator.failover(call.sid, 90)
    assert network.send(network.request("query", call)).json()["serverResponse"]["status"] == 20


@pytest.mark.parametrize("endpoint", ["acquire", "ncsIps"])
def test_a_failover_is_about_a_recording(network: Network, endpoint: str) -> None:
    """Where there is none, the wish is refused, and the header has no effect."""
    with pytest.raises(ValueError, match=f"{endpoint} is about no recording"):
        network.emulator.fail(endpoint, Fault.failover())
    assert network.send(network.request(endpoint), Fault.failover()).status_code == 200
    assert network.emulator.calls[-1].fault is None


# -- which call meets it ------------------------------------------------------------------------------


def statuses(network: Network, count: int, endpoint: str = "ncsIps", **options: str) -> list[int]:
    """What so many calls are answered."""
    return [network.send(network.request(endpoint, **options)).status_code for _ in range(count)]


def test_times_every_and_skip(network: Network) -> None:
    """A wish counts the calls that it is for, and no others."""
    emulator = network.emulator
    emulator.fail("ncsIps", Fault.status(503), times=2, every=3, skip=1)
    emulator.fail("acquire", Fault.status(500))
    assert statuses(network, 3, "acquire") == [500] * 3
    assert statuses(network, 12) == [200, 200, 200, 503, 200, 200, 503, 200, 200, 200, 200, 200]


def test_the_first_wish_wins(network: Network) -> None:
    """When it is used up, it is the next one's turn; `heal` ends them all."""
    network.emulator.fail("*", Fault.status(503), times=1)
    network.emulator.fail(["ncsIps", "query"], Fault.status(500), times=1)
    network.emulator.storm(1, faults=[Fault.html(599)])
    assert statuses(network, 3) == [503, 500, 599]
    network.emulator.heal()
    assert statuses(network, 3) == [200, 200, 200]


def test_one_cname(network: Network) -> None:
    """The others go on undisturbed."""
    network.emulator.fail("*", Fault.status(503), cname="b")
    assert [statuses(network, 1, "acquire", cname=cname)[0] for cname in "abc"] == [200, 503, 200]


def test_one_host() -> None:
    """Only calls that come to it."""
    with Emulator(hosts=2) as emulator, httpx.Client(auth=credential(emulator), verify=False) as client:
        emulator.fail("*", Fault.status(503), host=1)
        answers = [client.get(f"{url}/v1/ncs/ip").status_code for url in (*emulator.urls, *emulator.urls)]
        assert answers == [200, 503, 200, 503]
        with pytest.raises(ValueError, match="no host 2"):
            emulator.fail("*", Fault.drop(), host=2)


def test_paths_that_are_no_operation(network: Network) -> None:
    """They meet no fault but one of their own asking, and are recorded without a name."""
    network.emulator.fail("*", Fault.drop())
    assert network.client.get(f"{network.emulator.url}/nowhere").status_code == 404
    assert network.emulator.calls[-1].endpoint == ""
    response = network.client.get(f"{network.emulator.url}/nowhere", headers={HEADER: "html; status=503"})
    assert response.status_code == 503


@pytest.mark.parametrize(
    ("wish", "message"),
    [
        (lambda e: e.fail("begin", Fault.drop()), "'begin' is no endpoint; there is acquire"),
        (lambda e: e.fail([], Fault.drop()), "must not be empty"),
        (lambda e: e.fail("stop", Fault.drop(), times=0), "times must be a whole number from 1"),
        (lambda e: e.fail("stop", Fault.drop(), every=0), "every must be a whole number from 1"),
        (lambda e: e.fail("stop", Fault.drop(), skip=-1), "skip must be a whole number from 0"),
        (lambda e: e.storm(1.5), "rate must be from 0 to 1"),
        (lambda e: e.storm(float("nan")), "rate must be from 0 to 1"),
        (lambda e: e.storm(faults=[]), "faults must not be empty"),
        (lambda e: e.storm(endpoints="nothing"), "'nothing' is no endpoint"),
        (lambda _: Fault.delay(0), "seconds must be more than 0"),
        (lambda _: Fault.delay(float("inf")), "seconds must be more than 0"),
        (lambda _: Fault.failover(-1), "seconds must be more than 0"),
        (lambda _: Fault.refuse(1e9), "seconds must be more than 0"),
        (lambda _: Fault.cut(1), "share must be from 0 to less than 1"),
        (lambda _: Fault.html(100), "status must be a whole number from 200 to 599"),
        (lambda _: Fault.redirect(status=200), "status of a redirect"),
        (lambda _: Fault.redirect("/\r\nX: y"), "printable ASCII"),
        (lambda _: Fault.status(500, 62, message="both"), "give one or the other"),
        (lambda _: Fault.status(500, headers={"Content-Length": "1"}), "is no header that"),
        (lambda _: Fault.status(500, headers={"A b": "1"}), "is no header that"),
    ],
    ids=itertools.count(),
)
def test_wishes_that_make_no_sense(wish: Callable[[Emulator], object], message: str) -> None:
    """They are refused where they are made."""
    with pytest.raises(ValueError, match=message):
        wish(Emulator())


def test_only_faults() -> None:
    """No text, and not the class of all faults itself."""
    with pytest.raises(TypeError, match="must be a Fault"):
        Emulator().fail("stop", "drop")  # type: ignore[arg-type]
    with pytest.raises(TypeError, match=r"for example Fault\.drop\(\)"):
        Fault()


# -- by header ----------------------------------------------------------------------------------------

ALL = [
    *STORM_FAULTS,
    Fault.refuse(0.5),
    Fault.delay(1.5, after_effect=False),
    Fault.hang(after_effect=True),
    Fault.cut(0.25),
    Fault.redirect("/a?b=c;d", 308),
    Fault.failover(90),
    Fault.rate_limited(datetime(2026, 1, 1, tzinfo=UTC)),
    Fault.status(400, 2, 'a "reason"; with \\ all', headers={"X-A": "b; c", "X-D": '"'}),
]


@each("fault", ALL)
def test_a_fault_as_text(fault: Fault) -> None:
    """Written and read again it is the same; its repr is the Python that makes it."""
    assert parse_fault(fault.header) == fault
    assert eval(repr(fault), {"Fault": Fault}) == fault
    assert hash(parse_fault(fault.header)) == hash(fault)


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        ("drop", Fault.drop()),
        (" drop ;after_effect = true ; ", Fault.drop(after_effect=True)),
        ("status; status=404; code=404; within=true", Fault.status(404, 404, within=True)),
        ("not_completed; after_effect=true", Fault.not_completed(after_effect=True)),
        ("rate_limited; retry_after=-5", Fault.rate_limited(-5)),
        ('rate_limited; retry_after="Thu, 01 Jan 2026"', Fault.rate_limited("Thu, 01 Jan 2026")),
        ("status; status=503; header=Retry-After: 7", Fault.status(503, headers={"Retry-After": "7"})),
        ("status; status=503; reason=a b", Fault.status(503, reason="a b")),
    ],
)
def test_ways_to_write_a_header(text: str, fault: Fault) -> None:
    """Blanks do not matter, and quotes are for what needs them."""
    assert parse_fault(text) == fault


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("", "'' is no fault; there is cut, delay, drop"),
        ("dorp", "'dorp' is no fault; did you mean drop?"),
        ("drop; afer_effect=true", "drop has no 'afer_effect'; did you mean after_effect?"),
        ("drop; header=a: b", "drop has no 'header'"),
        ("drop; after_effect=yes", "after_effect must be true or false, not 'yes'"),
        ("drop; after_effect", "cannot be read from 'after_effect' on"),
        ("drop; after_effect=true; after_effect=true", "after_effect is given twice"),
        ('html; status="503', "cannot be read from"),
        ("delay", "delay needs seconds"),
        ("delay; seconds=long", "seconds must be a number, not 'long'"),
        ("delay; seconds=nan", "seconds must be more than 0"),
        ("status; status=9", "status must be a whole number from 200 to 599"),
        ("status; status=500; header=x", 'header must be "Name: value"'),
        ("drop; times=0", "times must be a whole number from 1, not '0'"),
    ],
)
def test_a_header_that_is_wrong(network: Network, text: str, problem: str) -> None:
    """400 with code 2 and what is wrong with it; nothing else happens."""
    request = network.prepared("start")
    response = network.send(request, text)
    assert (response.status_code, response.json()["code"]) == (400, 2)
    assert response.json()["reason"].startswith(f"{HEADER}: {problem}")
    assert network.emulator.recordings == ()


@given(st.text(st.characters(codec="ascii"), max_size=40))
def test_no_header_breaks_the_reader(text: str) -> None:
    """A fault, or a ValueError."""
    for start in ("", "drop;", "status; status=500;"):
        with suppress(ValueError):
            assert isinstance(parse_fault(start + text), Fault)


def test_a_header_that_is_sent_again(network: Network) -> None:
    """`times` counts the calls of one endpoint and recorder that carry the same header."""
    text = "status; status=503; times=2"
    answers = [network.send(network.request("acquire", uid=uid), text).status_code for uid in "11211222"]
    assert answers == [503, 503, 503, 200, 200, 503, 200, 200]


# -- the record ---------------------------------------------------------------------------------------


def test_the_record_of_calls(network: Network) -> None:
    """Who called what, what it met, what the service said and what the caller was told; no secrets."""
    call = network.caller.acquire()
    network.emulator.fail("start", Fault.status(504, 62, after_effect=True), times=1)
    network.send(network.request("start", call))
    network.send(network.request("start", call))
    acquire, lost, again = network.emulator.calls
    sid = network.emulator.recordings[0].sid
    assert (acquire.number, acquire.endpoint, acquire.resource_id) == (1, "acquire", call.resource_id)
    assert (acquire.handled, acquire.status, acquire.took_effect) == (200, 200, True)
    assert (lost.number, lost.cname, lost.uid, lost.sid) == (2, "lesson-42", "527841", sid)
    assert (lost.handled, lost.status, lost.took_effect) == (200, 504, True)
    assert (again.handled, again.status, again.took_effect, again.fault) == (201, 201, False, None)
    shown = repr(network.emulator.calls)
    assert "do-not-show" not in shown
    assert call.resource_id not in shown


def test_the_record_is_bounded(caller_of: Any) -> None:
    """The latest are kept; they know their numbers."""
    emulator = Emulator(keep_calls=3)
    caller = caller_of(emulator)
    for _ in range(5):
        caller.send("GET", "/v1/ncs/ip")
    assert [call.number for call in emulator.calls] == [3, 4, 5]


def test_running(caller: Any) -> None:
    """The recordings that run now, for whoever looks for leaks."""
    first, second = caller.begin(uid="1"), caller.begin(uid="2")
    assert [recording.sid for recording in caller.emulator.running] == [first.sid, second.sid]
    first.stop()
    assert [recording.sid for recording in caller.emulator.running] == [second.sid]
    caller.emulator.clock.advance(100 * 3600)
    assert caller.emulator.running == ()


# -- storms -------------------------------------------------------------------------------------------


def life(network: Network, recorder: tuple[str, str]) -> None:
    """Calls by someone who goes on whatever happens."""
    cname, uid = recorder
    for endpoint in ("ncsIps", "acquire", "acquire", "acquire"):
        try:
            network.send(network.request(endpoint, cname=cname, uid=uid))
        except BROKEN:
            continue


def test_a_storm_is_the_same_in_any_order(caller_of: Any) -> None:
    """Calls of many recorders, shuffled and from many threads, meet the same faults."""
    seen = []
    for order in range(2):
        with Emulator() as emulator, httpx.Client(auth=credential(emulator), timeout=30, verify=False) as client:
            network = Network(emulator, client, caller_of(emulator))
            emulator.storm(0.5, seed=1, endpoints="acquire")
            recorders = [(f"lesson-{number}", str(number + 1)) for number in range(30)]
            random.Random(order).shuffle(recorders)
            with ThreadPoolExecutor(8) as pool:
                list(pool.map(partial(life, network), recorders))
            met: dict[str, list[Fault | None]] = {}
            for call in emulator.calls:
                met.setdefault(call.cname, []).append(call.fault)
            seen.append({cname: met[cname] for cname in sorted(met) if cname})
    assert seen[0] == seen[1]
    assert len({fault for faults in seen[0].values() for fault in faults}) > 10


def test_the_share_of_a_storm() -> None:
    """As many calls fail as were asked for, all kinds about as often, and another seed is another storm."""
    recorders = [("start", f"lesson-{number}", "1") for number in range(10_000)]
    kinds = (Fault.drop(), Fault.html(), Fault.hang(), Fault.garbage())
    storms = [Storm(0.2, seed, kinds, frozenset({"start"})) for seed in (1, 2)]
    met = [[storm.fault(recorder, 1) for recorder in recorders] for storm in storms]
    for faults in met:
        assert 0.18 < sum(fault is not None for fault in faults) / 10_000 < 0.22
        assert all(400 < faults.count(kind) < 600 for kind in kinds)
    assert met[0] != met[1]
    assert storms[0].fault(("stop", "a", "1"), 1) is None


@pytest.mark.parametrize(("rate", "share"), [(0, 0), (1, 1)])
def test_no_storm_and_nothing_but_storm(rate: float, share: int) -> None:
    """The ends of the scale are exact."""
    storm = Storm(rate, 0, (Fault.drop(),), frozenset({"start"}))
    assert sum(storm.fault(("start", str(n), "1"), 1) is not None for n in range(1000)) == 1000 * share


def test_a_storm_skips_what_cannot_be(network: Network) -> None:
    """There is no failover before there is a recording."""
    network.emulator.storm(1, faults=[Fault.failover(), Fault.status(503)])
    assert statuses(network, 5, "acquire") == [503] * 5
    network.emulator.storm(1, faults=[Fault.failover()])
    assert statuses(network, 5) == [200] * 5


def test_a_storm_over_many_connections(network: Network) -> None:
    """Every fault of the storm, from twenty threads: nothing is left behind (the fixture looks)."""
    network.emulator.storm(0.5, seed=3, faults=[*STORM_FAULTS, Fault.refuse(0.005), Fault.delay(0.005)])

    def call(number: int) -> str:
        try:
            return str(network.send(network.request("acquire", cname=f"lesson-{number}")).status_code)
        except httpx.TransportError as error:
            return type(error).__name__

    with ThreadPoolExecutor(20) as pool:
        outcomes = set(pool.map(call, range(150)))
    # Which calls never arrive, because the port is closed for the moment, is a matter of timing.
    assert {"200", "RemoteProtocolError"} <= outcomes
    assert len({call.fault for call in network.emulator.calls}) > 15
    network.emulator.heal()
    assert network.send(network.request("ncsIps")).status_code == 200


# -- without a socket ---------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("fault", "error"),
    [
        (Fault.refuse(), httpx.ConnectError),
        (Fault.drop(), httpx.RemoteProtocolError),
        (Fault.drop(after_effect=True), httpx.RemoteProtocolError),
        (Fault.drop(reset=True), httpx.ReadError),
        (Fault.hang(), httpx.ReadTimeout),
        (Fault.garbage(), httpx.RemoteProtocolError),
        (Fault.cut(), httpx.RemoteProtocolError),
    ],
)
def test_without_a_socket(caller: Any, fault: Fault, error: type[Exception]) -> None:
    """`emulator.app` raises what httpx raises on a connection; the effect is the same."""
    call = caller.acquire()
    caller.emulator.fail("start", fault, times=1)
    with pytest.raises(error):
        call.start(caller.request())
    effect = fault in {Fault.drop(after_effect=True), Fault.cut()}
    assert bool(caller.emulator.recordings) == effect


def test_answers_without_a_socket(caller: Any) -> None:
    """What is an answer is one here too."""
    caller.emulator.fail("ncsIps", Fault.delay(0.01), times=1)
    caller.emulator.fail("ncsIps", Fault.delay(0.01, after_effect=False), times=1)
    caller.emulator.fail("ncsIps", Fault.html(503), times=1)
    answers = [caller.client.get("/v1/ncs/ip") for _ in range(4)]
    assert [response.status_code for response in answers] == [200, 200, 503, 200]
    assert {response.headers["x-emulated-host"] for response in answers} == {"0"}
