"""A caller for the emulator that is no client of ours: httpx, straight into the application.

Whatever the emulator answers in these tests is checked against the contract on its way through.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any

import httpx
import pytest

from cloudrec.emulator import Emulator
from tests.support import is_documented

Json = dict[str, Any]

UID = "527841"
ACCESS_KEY, SECRET_KEY, TOKEN = "AK-do-not-show", "SK-do-not-show", "TOKEN-do-not-show"


class AppTransport(httpx.BaseTransport):
    """Takes a request to an ASGI application without a socket."""

    def __init__(self, app: Any) -> None:
        self._app = httpx.ASGITransport(app)

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        """One request, in an event loop of its own."""

        async def send() -> httpx.Response:
            response = await self._app.handle_async_request(request)
            return httpx.Response(response.status_code, headers=response.headers, content=await response.aread())

        return asyncio.run(send())


def until(condition: Callable[[], object], patience: float = 30) -> None:
    """Wait for what another thread is about to bring about."""
    deadline = time.monotonic() + patience
    while not condition():
        assert time.monotonic() < deadline


def check_against_contract(response: httpx.Response) -> None:
    """The contract documents this status for this operation, and the body fits its schema."""
    path = response.request.url.raw_path.decode().partition("?")[0]
    if not is_documented(response.request.method, path, response.status_code, response.json):
        assert response.status_code in {400, 401, 404, 429}
        return
    assert response.headers["content-type"].startswith("application/json")
    assert response.headers["x-request-id"]


@dataclass
class Call:
    """One recording, by all that names it."""

    caller: Caller
    mode: str
    cname: str
    uid: str
    resource_id: str
    sid: str = ""

    def _path(self, action: str) -> str:
        return f"/resourceid/{self.resource_id}/sid/{self.sid}/mode/{self.mode}/{action}"

    def start(self, request: Json, **changes: Any) -> httpx.Response:
        """`start`; what changes in the body is named."""
        body = {"cname": self.cname, "uid": self.uid, "clientRequest": request, **changes}
        response = self.caller.post(f"/resourceid/{self.resource_id}/mode/{self.mode}/start", body)
        self.sid = response.json().get("sid", self.sid)
        return response

    def query(self) -> httpx.Response:
        """`query`."""
        return self.caller.get(self._path("query"))

    def state(self) -> Json:
        """`serverResponse` of a query that succeeds."""
        response = self.query()
        assert response.status_code == 200, response.text
        body: Json = response.json()["serverResponse"]
        return body

    def send(self, action: str, request: Json | None = None, **changes: Any) -> httpx.Response:
        """`update`, `updateLayout` or `stop`."""
        body = {"cname": self.cname, "uid": self.uid, "clientRequest": request or {}, **changes}
        return self.caller.post(self._path(action), body)

    def stop(self, **request: Any) -> httpx.Response:
        """`stop`."""
        return self.send("stop", request)


@dataclass
class Caller:
    """Calls an emulator, and makes requests that are good unless changed."""

    emulator: Emulator
    client: httpx.Client = field(init=False)

    def __post_init__(self) -> None:
        credential = self.emulator.credential
        self.client = httpx.Client(
            transport=AppTransport(self.emulator.app),
            base_url="http://emulator",
            auth=(credential.customer_id, credential.customer_secret),
        )

    @property
    def base(self) -> str:
        """What every path of a recording begins with."""
        return f"/v1/apps/{self.emulator.app_id}/cloud_recording"

    def send(self, method: str, path: str, **options: Any) -> httpx.Response:
        """Any request, its answer checked against the contract."""
        response = self.client.request(method, path, **options)
        check_against_contract(response)
        return response

    def get(self, path: str) -> httpx.Response:
        """GET below the App ID."""
        return self.send("GET", self.base + path)

    def post(self, path: str, body: Any) -> httpx.Response:
        """POST below the App ID."""
        return self.send("POST", self.base + path, json=body)

    def acquire(self, mode: str = "mix", cname: str = "lesson-42", uid: str = UID, **request: Any) -> Call:
        """`acquire` that succeeds."""
        if mode == "web":
            request.setdefault("scene", 1)
        response = self.post("/acquire", {"cname": cname, "uid": uid, "clientRequest": request})
        assert response.status_code == 200, response.text
        return Call(self, mode, cname, uid, response.json()["resourceId"])

    def begin(
        self,
        mode: str = "mix",
        request: Json | None = None,
        *,
        cname: str = "lesson-42",
        uid: str = UID,
        **acquire: Any,
    ) -> Call:
        """`acquire` and `start` that succeed."""
        call = self.acquire(mode, cname, uid, **acquire)
        response = call.start(self.request(mode) if request is None else request)
        assert response.status_code == 200, response.text
        return call

    def request(self, mode: str = "mix", **changes: Any) -> Json:
        """A good `clientRequest` of start; None takes a field out."""
        request: Json = {"storageConfig": self.storage()}
        if mode == "web":
            request["extensionServiceConfig"] = {"extensionServices": [self.page()]}
        else:
            request["recordingConfig"] = {"channelType": 0}
        request.update(changes)
        return {name: value for name, value in request.items() if value is not None}

    def storage(self, **changes: Any) -> Json:
        """A good `storageConfig`."""
        storage = {
            "vendor": 1,
            "region": 7,
            "bucket": "lessons",
            "accessKey": ACCESS_KEY,
            "secretKey": SECRET_KEY,
        }
        return {**storage, **changes}

    def page(self, **changes: Any) -> Json:
        """A good web recorder."""
        page = {
            "url": "https://example.com/lesson",
            "audioProfile": 0,
            "videoWidth": 1280,
            "videoHeight": 720,
            "maxRecordingHour": 2,
        }
        return {"serviceName": "web_recorder_service", "serviceParam": {**page, **changes}}

    def push(self, *urls: str) -> Json:
        """A good CDN push."""
        outputs = [{"rtmpUrl": url} for url in urls or ("rtmp://cdn.example.com/live/1",)]
        return {"serviceName": "rtmp_publish_service", "serviceParam": {"outputs": outputs}}


@pytest.fixture
def emulator() -> Emulator:
    """An emulator without a socket, its clock standing."""
    return Emulator()


@pytest.fixture
def caller(emulator: Emulator) -> Iterator[Caller]:
    """Somebody who calls that emulator."""
    caller = Caller(emulator)
    yield caller
    caller.client.close()


@pytest.fixture
def caller_of() -> Iterator[Any]:
    """Somebody who calls an emulator made in the test."""
    callers: list[Caller] = []

    def make(emulator: Emulator) -> Caller:
        callers.append(Caller(emulator))
        return callers[-1]

    yield make
    for caller in callers:
        caller.client.close()
