"""What stands before every operation: credentials, rate, App ID, routes, bodies."""

from __future__ import annotations

import json
from base64 import b64encode
from typing import Any

import httpx
import pytest

from cloudrec import explain
from cloudrec.emulator import Emulator, Fault


def basic(text: str) -> str:
    """An Authorization header."""
    return "Basic " + b64encode(text.encode()).decode()


@pytest.mark.parametrize(
    ("authorization", "message"),
    [
        (None, "Unauthorized"),
        ("", "Unauthorized"),
        (basic("emulated-customer:wrong"), "Invalid authentication credentials"),
        (basic("emulated-customer"), "Invalid authentication credentials"),
        (basic(":"), "Invalid authentication credentials"),
        ("Basic", "Invalid authentication credentials"),
        ("Basic not base64!", "Invalid authentication credentials"),
        ("Basic é", "Invalid authentication credentials"),
        ("Bearer " + basic("emulated-customer:emulated-secret")[6:], "Invalid authentication credentials"),
    ],
)
def test_credentials_are_checked(caller: Any, authorization: str | None, message: str) -> None:
    """Absent and wrong credentials are told apart, before anything else is looked at."""
    caller.client.auth = None
    headers = {} if authorization is None else {"Authorization": authorization.encode()}
    response = caller.send("POST", "/nowhere", headers=headers)
    assert (response.status_code, response.json()) == (401, {"message": message})


def test_a_secret_does_not_show(emulator: Emulator) -> None:
    """Neither the credential's repr nor the emulator's holds the secret."""
    assert emulator.credential.customer_secret not in repr(emulator.credential) + repr(emulator)


def test_ten_requests_a_second(caller_of: Any) -> None:
    """The limit counts requests of the last second of the emulator's clock."""
    emulator = Emulator(rate_limit=10)
    caller = caller_of(emulator)
    path = f"{caller.base}/resourceid/r/sid/s/mode/mix/query"
    statuses = [caller.send("GET", path).status_code for _ in range(11)]
    assert statuses == [400] * 10 + [429]
    assert caller.send("GET", path).json() == {"message": "API rate limit exceeded"}
    emulator.clock.advance(0.999)
    assert caller.send("GET", path).status_code == 429
    emulator.clock.advance(0.001)
    assert caller.send("GET", path).status_code == 400


def test_a_standing_clock_has_no_rate_limit_of_its_own(caller: Any) -> None:
    """A test that never moves the clock is not refused for it."""
    assert all(caller.send("GET", "/v1/ncs/ip").status_code == 200 for _ in range(50))


def test_a_running_clock_has_the_service_s_limit(caller_of: Any) -> None:
    """On a real clock ten requests a second pass."""
    caller = caller_of(Emulator(clock="real"))
    assert 429 in {caller.send("GET", "/v1/ncs/ip").status_code for _ in range(200)}


@pytest.mark.parametrize("app_id", ["other", "", "..", "%2e%2e", "0" * 32])
def test_another_app_id_is_invalid(caller: Any, app_id: str) -> None:
    """Only the emulator's own App ID is served."""
    response = caller.send("POST", f"http://emulator/v1/apps/{app_id}/cloud_recording/acquire", json={})
    if app_id == "..":  # httpx resolves it before sending
        assert response.status_code == 404
    else:
        assert (response.status_code, response.json()) == (400, {"message": "appid is invalid"})


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("GET", "/"),
        ("GET", "/v1"),
        ("GET", "/v3/ncs/ip"),
        ("POST", "/v1/ncs/ip"),
        ("GET", "/v1/ncs/ip/"),
        ("GET", "/v1//ncs/ip"),
        ("GET", "/v1/ncs/ip%0A"),
        ("GET", "/v1/ncs%2Fip"),
        ("GET", "/%FF"),
        ("GET", "{base}/acquire"),
        ("DELETE", "{base}/acquire"),
        ("OPTIONS", "{base}/acquire"),
        ("POST", "{base}/resourceid/r/sid/s/mode/mix/query"),
        ("POST", "{base}/resourceid//mode/mix/start"),
        ("POST", "{base}/resourceid/r/sid/s/mode/mix/updatelayout"),
    ],
)
def test_other_routes_do_not_exist(caller: Any, method: str, path: str) -> None:
    """Method and path are matched exactly, case and slashes included."""
    response = caller.send(method, path.format(base=caller.base))
    assert response.status_code == 404
    assert response.json() == {"message": "no Route matched with those values"}
    assert response.headers["x-request-id"]


def test_an_escaped_slash_stays_in_its_segment(caller: Any) -> None:
    """A resource ID with an escaped slash is one unknown resource ID, and no other route."""
    response = caller.get("/resourceid/a%2Fsid%2Fb/sid/s/mode/mix/query")
    assert (response.status_code, response.json()["code"]) == (400, 1001)


def test_each_answer_has_a_request_id_of_its_own(caller: Any) -> None:
    """X-Request-Id differs from call to call."""
    assert len({caller.send("GET", "/v1/ncs/ip").headers["x-request-id"] for _ in range(5)}) == 5


def test_ncs_ip(caller: Any) -> None:
    """The addresses that webhooks come from are addresses for documentation."""
    hosts = caller.send("GET", "/v1/ncs/ip").json()["data"]["service"]["hosts"]
    assert all(host["primaryIP"].startswith("192.0.2.") for host in hosts)


@pytest.mark.parametrize(
    ("content", "problem"),
    [
        (b"", "not JSON"),
        (b"{", "not JSON"),
        (b"\xff", "not JSON"),
        (b'{"cname": NaN}', "not JSON"),
        (b'{"cname": "\\ud800"}', "not JSON"),
        (b"[" * 200_000, "not JSON"),
        (b"1" * 10_000, "not JSON"),
        (b"[]", "must be a JSON object"),
        (b"null", "must be a JSON object"),
        (b" " * (1024 * 1024) + b"{}", "larger than"),
    ],
)
def test_a_body_that_is_no_json_object(caller: Any, content: bytes, problem: str) -> None:
    """It is refused with the reason: code 8 where it cannot be read, as the provider's page has it, else 2."""
    response = caller.send(
        "POST", f"{caller.base}/acquire", content=content, headers={"Content-Type": "application/json"}
    )
    assert (response.status_code, response.json()["code"]) == (400, 8 if problem == "not JSON" else 2)
    assert problem in response.json()["reason"]


@pytest.mark.parametrize("media_type", [None, "text/plain", "application/x-www-form-urlencoded"])
def test_the_content_type_must_be_json(caller: Any, media_type: str | None) -> None:
    """JSON under another name is refused, with the code that `explain` knows it by."""
    headers = {} if media_type is None else {"Content-Type": media_type}
    body = json.dumps({"cname": "a", "uid": "1", "clientRequest": {}})
    response = caller.send("POST", f"{caller.base}/acquire", content=body, headers=headers)
    assert response.json() == {"code": 8, "reason": "Acquire: Content-Type must be application/json"}
    assert "content type" in str(explain(8, http_status=400))


def test_the_content_type_may_have_a_charset(caller: Any) -> None:
    """`application/json;charset=utf-8` is what the provider writes."""
    response = caller.send(
        "POST",
        f"{caller.base}/acquire",
        content=json.dumps({"cname": "a", "uid": "1", "clientRequest": {}}),
        headers={"Content-Type": "application/json;charset=utf-8"},
    )
    assert response.status_code == 200


def test_head_has_no_route(caller: Any) -> None:
    """GET does not bring HEAD with it."""
    response: httpx.Response = caller.client.head("/v1/ncs/ip")
    assert response.status_code == 404


def test_date_is_by_the_clock_of_the_service(emulator: Emulator, caller: Any) -> None:
    """It moves with it, also with faults; a fault that has a date of its own has no other."""
    emulator.clock.advance(86400)
    for fault in (None, Fault.status(503), Fault.html(502)):
        if fault is not None:
            emulator.fail("ncsIps", fault, times=1)
        assert caller.client.get("/v1/ncs/ip").headers["Date"] == "Fri, 02 Jan 2026 00:00:00 GMT"
    own = "Thu, 01 Jan 1970 00:00:00 GMT"
    emulator.fail("ncsIps", Fault.status(429, headers={"date": own}), times=1)
    assert caller.client.get("/v1/ncs/ip").headers.get_list("Date") == [own]
