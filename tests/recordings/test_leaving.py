"""However a `with` is left, and wherever a start is cut off, nothing runs on unsaid."""

from __future__ import annotations

import asyncio
import logging
import os
import signal
import threading
from collections.abc import Callable
from typing import Any

import anyio
import httpx
import pytest

from cloudrec import AsyncCloudRecording, ClientClosedError, CloudRecording
from cloudrec._async import recording
from cloudrec._sync import ending as sync_ending
from cloudrec.emulator import Emulator, Fault
from tests.recordings.support import STORAGE, Time

BACKENDS = ("asyncio", "trio")


class Interrupts(httpx.BaseTransport):
    """Sends, and is interrupted from the keyboard before the answer of one endpoint is read."""

    def __init__(self, endpoint: str) -> None:
        self._endpoint = endpoint
        self._transport = httpx.HTTPTransport()

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        response = self._transport.handle_request(request)
        if request.url.path.endswith(self._endpoint):
            response.read()
            response.close()
            self._endpoint = "nothing more"
            raise KeyboardInterrupt
        return response

    def close(self) -> None:
        self._transport.close()


class Holds(httpx.AsyncBaseTransport):
    """Sends, and holds the answer of one endpoint back."""

    def __init__(self, endpoint: str) -> None:
        self._endpoint = endpoint
        self._transport = httpx.AsyncHTTPTransport()
        self.has_it = anyio.Event()
        self.gives_it = anyio.Event()

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        response = await self._transport.handle_async_request(request)
        if request.url.path.endswith(self._endpoint):
            self.has_it.set()
            await self.gives_it.wait()
        return response

    async def aclose(self) -> None:
        await self._transport.aclose()


def sync_client(emulator: Emulator, time: Time, **words: Any) -> CloudRecording:
    settings: dict[str, Any] = {"base_url": emulator.url, "clock": time, "wait": time.wait, "rate_limit": None}
    return CloudRecording(emulator.app_id, emulator.credential, **settings | words)


def async_client(emulator: Emulator, time: Time, **words: Any) -> AsyncCloudRecording:
    settings: dict[str, Any] = {"base_url": emulator.url, "clock": time, "wait": time.wait_async, "rate_limit": None}
    return AsyncCloudRecording(emulator.app_id, emulator.credential, **settings | words)


# ------------------------------------------------------------------------------------------- the with


@pytest.mark.parametrize("error", [ValueError("in the body"), KeyboardInterrupt(), SystemExit(3)])
def test_the_exception_of_the_body_is_the_one_that_is_seen(emulator: Emulator, time: Time, error: Any) -> None:
    with (
        sync_client(emulator, time) as client,
        pytest.raises(type(error)) as seen,
        client.mix.record("lesson-42", storage=STORAGE) as recording,
    ):
        raise error
    assert seen.value is error
    assert recording.result
    assert not emulator.running


@pytest.mark.parametrize("backend", BACKENDS)
def test_the_exception_of_the_body_is_the_one_that_is_seen_async(emulator: Emulator, time: Time, backend: str) -> None:
    async def main() -> None:
        async with async_client(emulator, time) as client:
            error = ValueError("in the body")
            with pytest.raises(ValueError, match="in the body") as seen:
                async with client.mix.record("lesson-42", storage=STORAGE) as recording:
                    raise error
            assert seen.value is error
            assert recording.result

    anyio.run(main, backend=backend)
    assert not emulator.running


def test_without_an_exception_the_stops_own_failure_is_seen(emulator: Emulator, time: Time) -> None:
    emulator.fail("stop", Fault.status(401))
    with sync_client(emulator, time) as client:
        with (
            pytest.raises(Exception, match="stop"),
            client.mix.record("lesson-42", storage=STORAGE) as recording,
        ):
            pass
        emulator.heal()
        recording.stop()
    assert not emulator.running


def test_a_stop_that_fails_beside_the_bodys_exception_is_not_lost(
    emulator: Emulator, time: Time, caplog: pytest.LogCaptureFixture
) -> None:
    emulator.fail("stop", Fault.status(401))
    with sync_client(emulator, time) as client:
        with (
            pytest.raises(ValueError, match="in the body") as seen,
            client.mix.record("lesson-42", storage=STORAGE) as recording,
        ):
            raise ValueError("in the body")
        told = "The recording could not be stopped"
        assert any(told in note and recording.sid in note for note in seen.value.__notes__)
        errors = [record.message for record in caplog.records if record.levelno == logging.ERROR]
        assert any(told in message and recording.sid in message for message in errors)
        emulator.heal()
        recording.stop()


def test_stopping_inside_is_as_good(emulator: Emulator, time: Time) -> None:
    with sync_client(emulator, time) as client:
        with client.mix.record("lesson-42", storage=STORAGE) as recording:
            result = recording.stop()
        assert recording.result is result
    assert [call.endpoint for call in emulator.calls].count("stop") == 1


def test_a_client_that_is_closed_too_soon_is_told_of(emulator: Emulator, time: Time) -> None:
    client = sync_client(emulator, time)
    recording = client.mix.record("lesson-42", storage=STORAGE)
    client.close()
    with pytest.raises(ClientClosedError) as failed:
        recording.stop()
    assert "may still be running" in failed.value.__notes__[0]
    with sync_client(emulator, time) as other:
        other.attach(recording.handle).stop()


# ------------------------------------------------------------------------------------------- interrupts


def test_an_interrupt_while_it_is_being_confirmed_stops_it(emulator: Emulator, time: Time) -> None:
    def interrupted(seconds: float) -> None:
        raise KeyboardInterrupt

    with sync_client(emulator, time, wait=interrupted) as client, pytest.raises(KeyboardInterrupt) as cut:
        client.mix.record("lesson-42", storage=STORAGE)
    assert "The recording was stopped" in cut.value.__notes__[0]
    assert len(emulator.recordings) == 1
    assert not emulator.running


def test_an_interrupt_while_the_start_is_under_way_is_told_of(
    emulator: Emulator, time: Time, caplog: pytest.LogCaptureFixture
) -> None:
    handles: list[Any] = []
    with (
        httpx.Client(transport=Interrupts("/start")) as http_client,
        sync_client(emulator, time, http_client=http_client) as client,
    ):
        with pytest.raises(KeyboardInterrupt) as cut:
            client.mix.record("lesson-42", storage=STORAGE, uid=7, on_acquired=handles.append)
        [running] = emulator.running
        for told in (" ".join(cut.value.__notes__), caplog.text):
            assert "a recording may be running" in told
            assert running.resource_id in told
        # What was kept when it was acquired, and the sid of event 40, give it back.
        client.attach(handles[0], sid=running.sid).stop()
    assert not emulator.running


def test_an_interrupt_while_the_stop_is_under_way_is_told_of(
    emulator: Emulator, time: Time, caplog: pytest.LogCaptureFixture
) -> None:
    with (
        httpx.Client(transport=Interrupts("/stop")) as http_client,
        sync_client(emulator, time, http_client=http_client) as client,
    ):
        recording = client.mix.record("lesson-42", storage=STORAGE)
        with pytest.raises(KeyboardInterrupt) as cut:
            recording.stop()
        assert recording.sid in cut.value.__notes__[0]
        assert "may still be running" in caplog.text
        recording.stop()


# ------------------------------------------------------------------------------------------- cancellation


@pytest.mark.parametrize("backend", BACKENDS)
def test_a_cancelled_body_stops_it(emulator: Emulator, time: Time, backend: str) -> None:
    async def main() -> None:
        async with async_client(emulator, time) as client:
            with anyio.CancelScope() as scope:
                async with client.mix.record("lesson-42", storage=STORAGE) as recording:
                    scope.cancel()
                    await anyio.sleep_forever()
            assert scope.cancelled_caught
            assert recording.result

    anyio.run(main, backend=backend)
    assert not emulator.running


def test_a_task_of_asyncio_that_is_cancelled_stops_it(emulator: Emulator, time: Time) -> None:
    async def main() -> None:
        async with async_client(emulator, time) as client:
            is_in = asyncio.Event()

            async def lesson() -> None:
                async with client.mix.record("lesson-42", storage=STORAGE):
                    is_in.set()
                    await asyncio.Event().wait()

            task = asyncio.create_task(lesson())
            await is_in.wait()
            task.cancel()
            with pytest.raises(asyncio.CancelledError):
                await task

    asyncio.run(main())
    assert len(emulator.recordings) == 1
    assert not emulator.running


@pytest.mark.parametrize("backend", BACKENDS)
def test_a_stop_that_fails_while_cancelled_is_told_of(
    emulator: Emulator, time: Time, backend: str, caplog: pytest.LogCaptureFixture
) -> None:
    emulator.fail("stop", Fault.status(401))

    async def main() -> None:
        async with async_client(emulator, time) as client:
            with anyio.CancelScope() as scope:
                async with client.mix.record("lesson-42", storage=STORAGE, redundancy=2):
                    scope.cancel()
                    await anyio.sleep_forever()
            assert scope.cancelled_caught

    anyio.run(main, backend=backend)
    errors = " ".join(record.message for record in caplog.records if record.levelno == logging.ERROR)
    assert len(emulator.running) == 2
    for running in emulator.running:
        assert running.sid in errors


def test_a_stop_inside_of_a_stop_is_no_deadlock(emulator: Emulator, time: Time) -> None:
    """As a signal handler does that comes in between."""
    inside: list[Any] = []
    was_inside = threading.Event()

    def handler(*_: object) -> None:
        inside.append(recording.stop())
        was_inside.set()

    class Signals(httpx.BaseTransport):
        def __init__(self) -> None:
            self._transport = httpx.HTTPTransport()
            self._signalled = False

        def handle_request(self, request: httpx.Request) -> httpx.Response:
            if request.url.path.endswith("/stop") and not self._signalled:
                self._signalled = True
                os.kill(os.getpid(), signal.SIGUSR1)
                assert was_inside.wait(20)
            return self._transport.handle_request(request)

        def close(self) -> None:
            self._transport.close()

    before = signal.signal(signal.SIGUSR1, handler)
    try:
        with (
            httpx.Client(transport=Signals()) as http_client,
            sync_client(emulator, time, http_client=http_client) as client,
        ):
            recording = client.mix.record("lesson-42", storage=STORAGE)
            assert recording.stop()
    finally:
        signal.signal(signal.SIGUSR1, before)
    assert inside[0]
    assert not emulator.running


@pytest.mark.parametrize("backend", BACKENDS)
def test_what_is_cancelled_while_it_is_being_confirmed_is_stopped(emulator: Emulator, time: Time, backend: str) -> None:
    async def main() -> None:
        scope = anyio.CancelScope()

        async def cancels(seconds: float) -> None:
            scope.cancel()
            await anyio.sleep_forever()

        async with async_client(emulator, time, wait=cancels) as client:
            with scope:
                await client.mix.record("lesson-42", storage=STORAGE)
            assert scope.cancelled_caught

    anyio.run(main, backend=backend)
    assert len(emulator.recordings) == 1
    assert not emulator.running


@pytest.mark.parametrize("backend", BACKENDS)
@pytest.mark.parametrize("cancels", ["scope", "task"])
def test_what_is_cancelled_while_the_start_is_under_way_is_stopped(
    emulator: Emulator, time: Time, backend: str, cancels: str
) -> None:
    if cancels == "task" and backend == "trio":
        return  # trio has no tasks that can be cancelled one by one

    async def main() -> None:
        holds = Holds("/start")
        scope = anyio.CancelScope()

        async with (
            httpx.AsyncClient(transport=holds) as http_client,
            async_client(emulator, time, http_client=http_client) as client,
        ):

            async def lesson() -> None:
                with scope:
                    await client.mix.record("lesson-42", storage=STORAGE)

            async def meanwhile(cancel: Callable[[], object]) -> None:
                await holds.has_it.wait()
                assert emulator.running
                cancel()
                await anyio.lowlevel.checkpoint()
                holds.gives_it.set()

            if cancels == "task":
                task = asyncio.create_task(lesson())
                await meanwhile(task.cancel)
                with pytest.raises(asyncio.CancelledError):
                    await task
            else:
                async with anyio.create_task_group() as group:
                    group.start_soon(lesson)
                    await meanwhile(scope.cancel)
                assert scope.cancelled_caught

    anyio.run(main, backend=backend)
    assert len(emulator.recordings) == 1
    assert not emulator.running


def test_record_may_be_awaited(emulator: Emulator, time: Time) -> None:
    async def main() -> None:
        async with async_client(emulator, time) as client:
            recording = await client.mix.record("lesson-42", storage=STORAGE)
            async with recording:
                assert emulator.running
            assert recording.result

    asyncio.run(main())
    assert not emulator.running


@pytest.mark.parametrize("backend", BACKENDS)
def test_an_interrupt_while_a_with_is_entered_stops_it(
    emulator: Emulator, time: Time, backend: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It runs by then, and whoever wrote the `async with` has nothing in hand yet."""
    held = recording.Held

    def interrupted(recorders: Any) -> Any:
        monkeypatch.setattr(recording, "Held", held)
        raise KeyboardInterrupt

    async def main() -> None:
        async with async_client(emulator, time) as client:
            monkeypatch.setattr(recording, "Held", interrupted)
            with pytest.raises(KeyboardInterrupt):
                async with client.mix.record("lesson-42", storage=STORAGE, confirm=False):
                    raise AssertionError("entered")

    anyio.run(main, backend=backend)
    assert len(emulator.recordings) == 1
    assert emulator.running == ()


@pytest.mark.parametrize("redundancy", [1, 2])
def test_an_interrupt_while_a_with_is_left_is_told_of(
    emulator: Emulator, time: Time, redundancy: Any, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    """It comes before the stop is sent, and nothing else can be done."""

    def interrupted(*_: object) -> None:
        raise KeyboardInterrupt

    handles: list[Any] = []
    with sync_client(emulator, time, on_orphan=handles.append) as client:
        monkeypatch.setattr(sync_ending.Held, "end", interrupted)
        with (
            pytest.raises(KeyboardInterrupt),
            client.mix.record("lesson-42", storage=STORAGE, confirm=False, redundancy=redundancy),
        ):
            pass
    assert sorted(handle["sid"] for handle in handles) == sorted(one.sid for one in emulator.running)
    assert len(handles) == redundancy
    assert caplog.text.count("may still be running") == redundancy
