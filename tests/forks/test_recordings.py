"""A recording that a process goes on with that was forked while a thread of its parent was at it."""

from __future__ import annotations

import logging
import os
import threading
from collections.abc import Callable
from typing import Any

import anyio
import httpx
import pytest

from cloudrec import AsyncCloudRecording, CloudRecording, only
from cloudrec._call.areas import Area
from cloudrec._call.hosts import Hosts
from cloudrec._call.outcomes import Outcome
from cloudrec._call.telemetry import _program_ends
from tests.forks.support import ALARM, hammering, in_child, needs_fork
from tests.support import APP_ID, BASE_URL, CNAME, CREDENTIAL, RESOURCE_ID, SID, STORAGE, UID

pytestmark = needs_fork


class Service:
    """Answers at once, but for one call of the parent, which it keeps."""

    def __init__(self, kept: str) -> None:
        self.kept = kept
        self.parent = os.getpid()
        self.inside, self.release = threading.Event(), threading.Event()
        self.calls: list[str] = []

    def __call__(self, request: httpx.Request) -> httpx.Response:
        name = request.url.path.rpartition("/")[2]
        if name == self.kept and os.getpid() == self.parent:
            self.inside.set()
            assert self.release.wait(ALARM)
        self.calls.append(name)
        answer: dict[str, Any] = {"resourceId": RESOURCE_ID, "sid": SID}
        if name in {"query", "stop"}:
            answer["serverResponse"] = {"status": 5, "fileList": [], "uploadingStatus": "uploaded"}
        return httpx.Response(200, json=answer)


KEPT: dict[str, Callable[[Any], Any]] = {
    "update": lambda recording: recording.subscribe(audio=only(101)),
    "stop": lambda recording: recording.stop(),
}


@pytest.mark.parametrize("kept", KEPT)
def test_a_call_of_the_parent_keeps_no_child_waiting(kept: str) -> None:
    service = Service(kept)
    transport = httpx.MockTransport(service)
    with (
        httpx.Client(transport=transport) as http,
        CloudRecording(APP_ID, CREDENTIAL, base_url=BASE_URL, http_client=http, rate_limit=None) as client,
    ):
        recording = client.mix.record("lesson-42", storage=STORAGE, confirm=False)
        calling = threading.Thread(target=lambda: KEPT[kept](recording))
        calling.start()
        assert service.inside.wait(ALARM)

        def child() -> object:
            service.calls.clear()
            recording.subscribe(video=only(101))
            recording.stop()
            return service.calls, recording.result.uploading_status.value

        try:
            assert in_child(child) == "(['update', 'stop'], 'uploaded')"
        finally:
            service.release.set()
            calling.join(ALARM)
        assert recording.stop().uploading_status == "uploaded"


def test_a_child_that_ends_tells_nothing_of_what_its_parent_is_at() -> None:
    service, told = Service("start"), list[Any]()
    with (
        httpx.Client(transport=httpx.MockTransport(service)) as http,
        CloudRecording(
            APP_ID, CREDENTIAL, base_url=BASE_URL, http_client=http, rate_limit=None, on_orphan=told.append
        ) as client,
    ):
        calling = threading.Thread(target=lambda: client.start(RESOURCE_ID, "mix", CNAME, UID, storage_config=STORAGE))
        calling.start()
        assert service.inside.wait(ALARM)

        def child() -> object:
            _program_ends()
            return told

        try:
            assert in_child(child) == "[]"
        finally:
            service.release.set()
            calling.join(ALARM)
    assert told == []


@pytest.mark.parametrize("loop", ["asyncio", "trio"])
def test_a_task_of_the_parent_keeps_no_child_waiting(loop: str) -> None:
    inside, release = threading.Event(), threading.Event()
    service = Service("nothing")

    async def answer(request: httpx.Request) -> httpx.Response:
        if request.url.path.endswith("/update") and os.getpid() == service.parent:
            inside.set()
            await anyio.to_thread.run_sync(release.wait, ALARM)
        return service(request)

    http = httpx.AsyncClient(transport=httpx.MockTransport(answer))
    client = AsyncCloudRecording(APP_ID, CREDENTIAL, base_url=BASE_URL, http_client=http, rate_limit=None)
    made: list[Any] = []

    async def parent() -> None:
        provider = lambda: {**STORAGE, "stsToken": "do-not-show"}  # noqa: E731
        made.append(await client.mix.record("lesson-42", storage=provider, confirm=False))
        await made[0].subscribe(audio=only(101))
        await made[0].stop()
        await client.aclose()
        await http.aclose()

    async def child() -> str:
        await made[0].subscribe(video=only(101))
        return str((await made[0].stop()).uploading_status)

    running = threading.Thread(target=lambda: anyio.run(parent, backend=loop))
    running.start()
    assert inside.wait(ALARM)
    try:
        assert in_child(lambda: anyio.run(child, backend=loop)) == "uploaded"
    finally:
        release.set()
        running.join(ALARM)
    assert made[0].result.uploading_status == "uploaded"


def test_credentials_are_renewed_by_the_parent_alone(caplog: pytest.LogCaptureFixture) -> None:
    """A child that goes on with the recording is told so, once; its stop waits for no thread that is not there."""
    service, provided = Service("nothing"), []

    def provider() -> dict[str, Any]:
        provided.append(os.getpid())
        return {**STORAGE, "stsToken": "do-not-show"}

    transport = httpx.MockTransport(service)
    with (
        httpx.Client(transport=transport) as http,
        CloudRecording(APP_ID, CREDENTIAL, base_url=BASE_URL, http_client=http, rate_limit=None) as client,
        client.mix.record("lesson-42", storage=provider, confirm=False) as recording,
    ):
        caplog.set_level(logging.WARNING, "cloudrec")
        caplog.clear()

        def child() -> object:
            for _ in range(2):
                recording.query()
            told = [record.getMessage() for record in caplog.records]
            assert len(told) == 1, told
            assert "are renewed by the process that this one was forked from" in told[0]
            threads = [thread.name for thread in threading.enumerate()]
            recording.stop()
            # And this is how the child takes it over.
            again = client.mix.attach(recording.handle, storage=provider)
            renewing = [thread.name for thread in threading.enumerate() if "renewal" in thread.name]
            again.stop()
            return len(threads), len(renewing)

        assert in_child(child) == "(1, 1)"
        assert [thread for thread in threading.enumerate() if thread.name == f"cloudrec-renewal-{SID}"]
        assert set(provided) == {os.getpid()}
        assert not caplog.records


def test_hosts_that_threads_of_the_parent_choose_from() -> None:
    """No child waits for them; a choice that the parent had not made yet the child makes itself."""
    hosts = Hosts.of_area(Area.EU)
    host = hosts.first(0.0)
    assert hosts.names_to_ask(0.0)

    def child() -> object:
        names = hosts.names_to_ask(1.0)
        hosts.choose(1)
        return len(names), hosts.first(1.0).domain

    outcomes = (Outcome.LOST, Outcome.SUCCESS)
    with hammering(*[lambda _, end=end: hosts.note(host, end, 0.0) for end in outcomes]):
        for _ in range(12):
            assert in_child(child) == "(2, 1)"
