"""`client.api`: the generated functions, with this client's credentials, hosts, retries, rate limit and errors."""

from __future__ import annotations

import json
import logging
from importlib import import_module
from typing import Any

import httpx
import pytest

from cloudrec import (
    AsyncCloudRecording,
    CloudRecording,
    ConfigurationError,
    InvalidRequestError,
    Mode,
    NetworkError,
    RateLimit,
    RateLimitError,
    RecordingMayBeRunningError,
    ServiceUnavailableError,
    TaskNotFoundError,
)
from cloudrec_api import models
from tests.resilience.support import DROP, SILENCE, TOO_MANY, UNAVAILABLE, Answer, Time, tell
from tests.support import APP_ID, CALLS, CNAME, CREDENTIAL, ENDPOINTS, RESOURCE_ID, SID, STORAGE, UID

WHOSE = {"appid": APP_ID, "resourceid": RESOURCE_ID}
WHICH = {**WHOSE, "sid": SID, "mode": Mode.MIX}
NAMES = {"cname": CNAME, "uid": UID}
# The same calls as CALLS makes: the function's name, and what it is given.
GENERATED: dict[str, tuple[str, dict[str, Any]]] = {
    "acquire": (
        "recording.acquire",
        {"appid": APP_ID, "body": models.AcquireRequest(**NAMES, client_request=models.AcquireClientRequest())},
    ),
    "start": (
        "recording.start",
        {
            **WHOSE,
            "mode": Mode.MIX,
            "body": models.StartRequest.from_dict({**NAMES, "clientRequest": {"storageConfig": STORAGE}}),
        },
    ),
    "query": ("recording.query", WHICH),
    "update": ("recording.update", {**WHICH, "body": models.UpdateRequest.from_dict({**NAMES, "clientRequest": {}})}),
    "updateLayout": (
        "recording.update_layout",
        {**WHICH, "body": models.UpdateLayoutRequest.from_dict({**NAMES, "clientRequest": {}})},
    ),
    "stop": ("recording.stop", {**WHICH, "body": models.StopRequest.from_dict({**NAMES, "clientRequest": {}})}),
    "ncsIps": ("notifications.ncs_ips", {}),
}


def generated(endpoint: str, change: Any = lambda api: api) -> Any:
    """Calls the generated function of an endpoint on whatever client, sync or async."""
    name, arguments = GENERATED[endpoint]
    module = import_module(f"cloudrec_api.api.{name}")

    def use(client: Any) -> Any:
        if isinstance(client, CloudRecording):
            return Told(module.sync_detailed(**arguments, client=change(client.api)))

        async def wait() -> Any:
            return Told(await module.asyncio_detailed(**arguments, client=change(client.api)))

        return wait()

    return use


class Told:
    """What a generated function returns, with the attempts that a story asks for."""

    attempts = ()

    def __init__(self, response: Any) -> None:
        self.response = response


@pytest.mark.parametrize("endpoint", ENDPOINTS)
def test_it_sends_what_the_methods_send(kind: str, endpoint: str) -> None:
    """Byte for byte, with the same headers, and again after what passes."""
    script = (TOO_MANY, UNAVAILABLE, DROP)
    by_method, by_function = tell(kind, CALLS[endpoint], *script), tell(kind, generated(endpoint), *script)
    assert by_function.error is None
    assert by_function.result.response.parsed.raw == by_method.result.raw
    assert len(by_function.requests) == len(by_method.requests) == 4
    for one, other in zip(by_function.requests, by_method.requests, strict=True):
        assert one.line == other.line
        assert {**one.headers, "host": ""} == {**other.headers, "host": ""}
        assert (json.loads(one.body or "0")) == (json.loads(other.body or "0"))


def test_it_raises_what_the_methods_raise(kind: str) -> None:
    gone = Answer(404, {"code": 404, "reason": "task not exist"})
    assert type(tell(kind, generated("query"), gone).error) is TaskNotFoundError
    assert type(tell(kind, generated("query"), *[DROP] * 4).error) is NetworkError
    busy = tell(kind, generated("query"), *[UNAVAILABLE] * 4).error
    assert type(busy) is ServiceUnavailableError
    assert [attempt.outcome for attempt in busy.attempts] == ["unavailable"] * 4


def test_a_start_that_may_run_is_told_with_its_handle(kind: str) -> None:
    orphans: list[Any] = []
    error = tell(kind, generated("start"), *[DROP] * 4, on_orphan=orphans.append).error
    assert type(error) is RecordingMayBeRunningError
    assert orphans == [error.handle]
    assert (error.handle["cname"], error.handle["uid"]) == (CNAME, UID)


@pytest.mark.parametrize("body", [{}, {"cname": CNAME, "uid": UID, "clientRequest": 7}], ids=["empty", "odd"])
def test_a_start_that_may_run_and_says_not_of_what(kind: str, body: dict[str, Any]) -> None:
    """A body is sent as it was made; where it names no recording, there is no handle to tell."""
    path = f"/v1/apps/{APP_ID}/cloud_recording/resourceid/{RESOURCE_ID}/mode/mix/start"

    def ask(client: Any) -> Any:
        api = client.api
        is_sync = isinstance(client, CloudRecording)
        return (api.get_httpx_client() if is_sync else api.get_async_httpx_client()).post(path, json=body)

    orphans: list[Any] = []
    error = tell(kind, ask, *[DROP] * 4, on_orphan=orphans.append).error
    assert type(error) is RecordingMayBeRunningError
    assert (error.handle, orphans) == (None, [])


PUSH_FIRST = [
    {"serviceName": "rtmp_publish_service", "serviceParam": {"outputs": [{"rtmpUrl": "rtmp://a.example/live"}]}},
    {"serviceName": "web_recorder_service", "serviceParam": {"url": "https://a.example", "maxRecordingHour": 3}},
]


@pytest.mark.parametrize(
    ("mode", "request_", "field", "kept"),
    [
        ("web", {"extensionServiceConfig": {"extensionServices": PUSH_FIRST}}, "max_recording_hour", 3),
        ("individual", {"transcodeOptions": {}}, "files", ["mp4"]),
    ],
    ids=["push first", "format left out"],
)
def test_a_handle_keeps_what_can_be_read(mode: str, request_: dict[str, Any], field: str, kept: object) -> None:
    path = f"/v1/apps/{APP_ID}/cloud_recording/resourceid/{RESOURCE_ID}/mode/{mode}/start"
    body = {"cname": CNAME, "uid": UID, "clientRequest": request_}
    error = tell("sync", lambda client: client.api.get_httpx_client().post(path, json=body), *[DROP] * 4).error
    assert error.handle[field] == kept


def test_it_waits_for_the_rate_limit(kind: str) -> None:
    limit = RateLimit(1)
    story = tell(kind, generated("query"), rate_limit=limit, time=Time(kind))
    assert story.waits == []
    late = tell(kind, generated("query"), rate_limit=limit, time=Time(kind), retry=None, timeout=0.5)
    assert late.waits or type(late.error) is RateLimitError


def test_headers_and_time_outs_of_its_own(kind: str) -> None:
    """A client that is made of it stays on the session."""

    def change(api: Any) -> Any:
        return api.with_headers({"X-Team": "blue"}).with_timeout(httpx.Timeout(0.1))

    story = tell(kind, generated("query", change), SILENCE)
    assert story.error is None
    assert len(story.requests) == 2
    assert {request.headers["x-team"] for request in story.requests} == {"blue"}
    assert {"authorization"} <= story.requests[0].headers.keys()


@pytest.mark.parametrize(("method", "again"), [("GET", True), ("POST", False)])
def test_an_endpoint_that_nobody_knows(kind: str, method: str, again: bool) -> None:
    """It is sent where nothing arrived; one that only asks, after whatever passes."""
    path = f"/v1/apps/{APP_ID}/recordings?limit=5"

    def ask(client: Any) -> Any:
        body = None if method == "GET" else {"secretKey": "SK-do-not-show"}
        if isinstance(client, CloudRecording):
            return Told(client.api.get_httpx_client().request(method, path, json=body))

        async def wait() -> Any:
            return Told(await client.api.get_async_httpx_client().request(method, path, json=body))

        return wait()

    passing = tell(kind, ask, TOO_MANY, Answer(body={"recordings": []}))
    assert passing.result.response.json() == {"recordings": []}
    assert passing.requests[0].line == f"{method} {path} HTTP/1.1"
    broken = tell(kind, ask, UNAVAILABLE, Answer(body={"recordings": []}))
    assert (broken.error is None) is again
    assert again or "SK-do-not-show" not in str(broken.error)
    assert again or broken.error.endpoint == f"POST /v1/apps/{APP_ID}/recordings"


@pytest.mark.parametrize(
    ("content", "told"), [(b'["SK-do-not-show"]', "list"), (b"SK-do-not-show", "not JSON"), (b"\xff", "not JSON")]
)
def test_what_is_no_object_is_not_sent(content: bytes, told: str) -> None:
    with CloudRecording(APP_ID, CREDENTIAL, area="EU") as client, pytest.raises(InvalidRequestError) as caught:
        client.api.get_httpx_client().post("/v1/apps/x", content=content)
    assert str(caught.value).endswith(f"body: {told} (must be a JSON object)")


def test_the_function_of_the_other_kind() -> None:
    """`sync` on the async client would wait for ever, or block; it says so."""
    query = import_module("cloudrec_api.api.recording.query")
    client = AsyncCloudRecording(APP_ID, CREDENTIAL, area="EU")
    with pytest.raises(ConfigurationError, match="the functions `sync` are for CloudRecording"):
        query.sync(**WHICH, client=client.api)


def test_bodies_are_logged_without_secrets(kind: str, caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.DEBUG, "cloudrec"):
        tell(kind, generated("start"), Answer(400, {"code": 2, "reason": "SK-do-not-show is wrong"}), log_bodies=True)
    assert "start: sent" in caplog.text
    assert "do-not-show" not in caplog.text
