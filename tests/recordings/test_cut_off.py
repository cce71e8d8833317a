"""Whatever cuts the program off: start and stop run to their end, or it is told what may be running."""

from __future__ import annotations

import asyncio
import importlib
import logging
import signal
import subprocess
import sys
import threading
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager, suppress
from types import FrameType
from typing import Any

import anyio
import pytest

from cloudrec import AsyncCloudRecording, CloudRecording, CloudRecordingError, ConfigurationError, Retry
from cloudrec.emulator import Emulator, Fault
from tests.recordings.support import STORAGE

SETTINGS: dict[str, Any] = {"rate_limit": None}


class Told:
    """What was told of recordings that may be running."""

    def __init__(self, caplog: pytest.LogCaptureFixture) -> None:
        self.handles: list[Any] = []
        self._caplog = caplog

    def __call__(self, handle: Any) -> None:
        self.handles.append(handle)

    @property
    def log(self) -> list[str]:
        return [record.getMessage() for record in self._caplog.records if record.levelno >= logging.WARNING]


@pytest.fixture
def told(caplog: pytest.LogCaptureFixture) -> Told:
    return Told(caplog)


def async_client(emulator: Emulator, told: Told, **words: Any) -> AsyncCloudRecording:
    settings: dict[str, Any] = {**SETTINGS, "base_url": emulator.url, "on_orphan": told, **words}
    return AsyncCloudRecording(emulator.app_id, emulator.credential, **settings)


def sync_client(emulator: Emulator, told: Told, **words: Any) -> CloudRecording:
    settings: dict[str, Any] = {**SETTINGS, "base_url": emulator.url, "on_orphan": told, **words}
    return CloudRecording(emulator.app_id, emulator.credential, **settings)


@pytest.fixture(params=[False, True], ids=["ours", "aiohttp"])
def no_aiohttp(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """With aiohttp's pool, and with our own."""
    if not request.param:
        monkeypatch.setattr("cloudrec._http.choice_async.find_spec", lambda name: None)


# ------------------------------------------------------------------------------ the event loop ends


async def until(condition: Callable[[], object]) -> None:
    """Lets the loop turn until it is so."""
    with anyio.fail_after(20):
        while not condition():  # noqa: ASYNC110  # what it waits for happens in another thread
            await anyio.sleep(0.001)  # what it waits for happens in another thread


async def lesson(client: AsyncCloudRecording, **words: Any) -> None:
    async with client, client.mix.record("lesson-42", storage=STORAGE, confirm=False, **words):
        await asyncio.Event().wait()


async def leave(task: asyncio.Task[Any]) -> None:
    """`main` returns, and the task runs on."""


async def cancel_and_leave(task: asyncio.Task[Any]) -> None:
    task.cancel()


async def cancel_and_turn(task: asyncio.Task[Any]) -> None:
    task.cancel()
    await asyncio.sleep(0)


async def cancel_twice(task: asyncio.Task[Any]) -> None:
    for _ in range(4):
        task.cancel()
        await asyncio.sleep(0)
    task.cancel()


async def cancel_all(task: asyncio.Task[Any]) -> None:
    for other in asyncio.all_tasks() - {asyncio.current_task()}:
        other.cancel()


async def cancel_all_until_done(task: asyncio.Task[Any]) -> None:
    while not task.done():
        await cancel_all(task)
        await asyncio.sleep(0.001)


ENDS = [leave, cancel_and_leave, cancel_and_turn, cancel_twice, cancel_all, cancel_all_until_done]


@pytest.mark.usefixtures("no_aiohttp")
@pytest.mark.parametrize("end", ENDS, ids=lambda end: end.__name__)
@pytest.mark.parametrize("moment", ["starting", "running", "stopping"])
def test_the_end_of_the_loop_leaves_nothing_running(
    emulator: Emulator, told: Told, end: Callable[[Any], Awaitable[None]], moment: str
) -> None:
    if moment == "starting":
        emulator.fail("start", Fault.delay(0.1), times=1)
    if moment == "stopping":
        emulator.fail("stop", Fault.delay(0.1, after_effect=False), times=1)

    async def main() -> None:
        task = asyncio.create_task(lesson(async_client(emulator, told)))
        if moment == "starting":
            await until(lambda: any(call.endpoint == "start" for call in emulator.calls))
        else:
            await until(lambda: emulator.running)
        if moment == "stopping":
            task.cancel()
            await until(lambda: any(call.endpoint == "stop" for call in emulator.calls))
        await end(task)

    asyncio.run(main())
    assert len(emulator.recordings) == 1
    assert not emulator.running
    assert told.log == told.handles == []


@pytest.mark.parametrize("asked", ["start", "stop"])
def test_there_is_a_limit_to_that_and_what_is_open_then_is_told(
    emulator: Emulator, told: Told, asked: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    for module in ("launch", "ending"):
        monkeypatch.setattr(f"cloudrec._async.{module}.STOP_WITHIN", 0.05)
    emulator.fail(asked, Fault.hang())

    async def main() -> None:
        task = asyncio.create_task(lesson(async_client(emulator, told)))
        if asked == "stop":
            await until(lambda: emulator.running)
            task.cancel()
        await until(lambda: any(call.endpoint == asked for call in emulator.calls))
        task.cancel()

    asyncio.run(main())
    emulator.heal()
    [handle] = told.handles
    assert (handle["cname"], handle["mode"]) == ("lesson-42", "mix")
    [line] = told.log
    assert handle["resource_id"] in line if asked == "start" else handle["sid"] in line
    if asked == "stop":
        with sync_client(emulator, told) as client:
            client.attach(handle).stop()


LEFT_STANDING = """
import asyncio, sys
from threading import Event, Thread
from cloudrec import AsyncCloudRecording, BasicAuth, CloudRecording

url, app_id, customer, secret, storage = sys.argv[1:]
told = lambda handle: print("told", handle["cname"], bool(handle["sid"]), flush=True)
words = {"base_url": url, "on_orphan": told, "rate_limit": None}

async def main():
    async def lesson(cname):
        async with client.mix.record(cname, storage=storage, confirm=False):
            reached.set()
            await asyncio.Event().wait()

    client = AsyncCloudRecording(app_id, BasicAuth(customer, secret), **words)
    for cname in ("running", "stopping", "starting"):
        reached = asyncio.Event()
        task = asyncio.create_task(lesson(cname))
        await (asyncio.wait_for(reached.wait(), 20) if cname != "starting" else asyncio.sleep(0.3))
        if cname == "stopping":
            task.cancel()
            await asyncio.sleep(0.3)
        tasks.append(task)

def in_a_thread(reached):
    client = CloudRecording(app_id, BasicAuth(customer, secret), **words)
    with client.mix.record("thread", storage=storage, confirm=False):
        reached.set()
        Event().wait()

storage = {"vendor": 1, "region": 7, "bucket": "lessons", "accessKey": "a", "secretKey": "s"}
tasks = []
loop = asyncio.new_event_loop()
loop.run_until_complete(main())
reached = Event()
Thread(target=in_a_thread, args=[reached], daemon=True).start()
reached.wait(20)
print("ends", flush=True)
"""


def test_what_is_under_way_when_the_program_ends_is_told(emulator: Emulator) -> None:
    """A loop that is not run to its end, and a thread that nobody waits for."""
    emulator.fail("stop", Fault.hang())
    credential = emulator.credential
    words = [emulator.url, emulator.app_id, credential.customer_id, credential.customer_secret, "x"]
    emulator.fail("start", Fault.delay(0.001), times=2)
    emulator.fail("start", Fault.hang(), times=1)
    done = subprocess.run(
        [sys.executable, "-c", LEFT_STANDING, *words], capture_output=True, text=True, timeout=60, check=False
    )
    lines = [line for line in done.stdout.splitlines() if line]
    assert "ends" in lines, done.stderr
    assert sorted(line for line in lines if line.startswith("told")) == [
        "told running True", "told starting False", "told stopping True", "told thread True"
    ]  # fmt: skip


# ------------------------------------------------------------------------------ sent and not answered


def cut_by_cancel(task: asyncio.Task[Any], scope: anyio.CancelScope) -> None:
    task.cancel()


def cut_by_scope(task: asyncio.Task[Any], scope: anyio.CancelScope) -> None:
    scope.cancel()


@pytest.mark.parametrize("cut", [cut_by_cancel, cut_by_scope])
@pytest.mark.parametrize("by", ["start", "record"])
def test_a_start_that_is_cut_off_between_two_attempts_is_told(
    emulator: Emulator, told: Told, cut: Callable[..., None], by: str
) -> None:
    """Not only while an attempt is under way: the first one may have started a recording."""
    emulator.fail("start", Fault.drop(after_effect=True), times=1)
    seen: list[BaseException] = []

    async def main() -> None:
        scope, waits = anyio.CancelScope(), asyncio.Event()

        async def wait(seconds: float) -> None:
            waits.set()
            await asyncio.Event().wait()

        async with async_client(emulator, told, wait=wait) as client:
            acquired = await client.mix.acquire("lesson-42", 7)

            async def start() -> None:
                with scope:
                    try:
                        if by == "record":
                            await client.mix.record("lesson-42", uid=7, storage=STORAGE, confirm=False)
                        else:
                            await client.mix.start(acquired.resource_id, "lesson-42", 7, storage_config=STORAGE)
                    except BaseException as error:
                        seen.append(error)
                        raise

            task = asyncio.create_task(start())
            await waits.wait()
            cut(task, scope)
            await asyncio.wait([task])

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("cloudrec._async.launch.STOP_WITHIN", 0.05)
        asyncio.run(main())
    [running] = emulator.running
    [handle] = told.handles
    assert (handle["cname"], handle["uid"], handle["resource_id"]) == ("lesson-42", "7", running.resource_id)
    assert handle["prefix"] == ["lessons", "42"]
    assert running.resource_id in " ".join(told.log)
    assert any(running.resource_id in note for note in seen[0].__notes__)
    with sync_client(emulator, told) as client:
        client.attach(handle, sid=running.sid).stop()


def test_a_start_that_is_interrupted_between_two_attempts_is_told(emulator: Emulator, told: Told) -> None:
    emulator.fail("start", Fault.drop(after_effect=True), times=1)

    def interrupt(seconds: float) -> None:
        raise KeyboardInterrupt

    with sync_client(emulator, told, wait=interrupt) as client:
        acquired = client.mix.acquire("lesson-42", 7)
        with pytest.raises(KeyboardInterrupt) as cut:
            client.mix.start(acquired.resource_id, "lesson-42", 7, storage_config=STORAGE)
    [running] = emulator.running
    assert running.resource_id in cut.value.__notes__[0]
    assert [handle["resource_id"] for handle in told.handles] == [running.resource_id]


def test_a_start_that_was_not_sent_is_not_told(emulator: Emulator, told: Told) -> None:
    emulator.fail("acquire", Fault.drop(), times=1)

    def interrupt(seconds: float) -> None:
        raise KeyboardInterrupt

    with sync_client(emulator, told, wait=interrupt) as client, pytest.raises(KeyboardInterrupt):
        client.mix.record("lesson-42", storage=STORAGE)
    assert told.log == told.handles == []


def test_a_start_that_nobody_can_settle_is_told_to_the_hook_too(emulator: Emulator, told: Told) -> None:
    emulator.fail("start", Fault.drop(after_effect=True), times=1)
    with sync_client(emulator, told, retry=None) as client:
        acquired = client.mix.acquire("lesson-42", 7)
        with pytest.raises(CloudRecordingError) as failed:
            client.mix.start(acquired.resource_id, "lesson-42", 7, storage_config=STORAGE)
    assert told.handles == [failed.value.handle]  # type: ignore[attr-defined]


def test_a_hook_that_raises_changes_nothing(emulator: Emulator, caplog: pytest.LogCaptureFixture) -> None:
    def hook(handle: Any) -> None:
        raise ValueError("in the hook")

    emulator.fail("start", Fault.drop(after_effect=True), times=1)
    with sync_client(emulator, hook, retry=None) as client:  # type: ignore[arg-type]
        acquired = client.mix.acquire("lesson-42", 7)
        with pytest.raises(CloudRecordingError, match="may be running"):
            client.mix.start(acquired.resource_id, "lesson-42", 7, storage_config=STORAGE)
    assert "on_orphan raised" in caplog.text


def test_the_hook_must_not_be_async(emulator: Emulator) -> None:
    async def hook(handle: Any) -> None: ...

    with pytest.raises(ConfigurationError, match="on_orphan: must not be async"):
        sync_client(emulator, hook)  # type: ignore[arg-type]


# ------------------------------------------------------------------------------ two recorders


def test_cancelling_the_stop_of_two_recorders_loses_neither(emulator: Emulator, told: Told) -> None:
    async def main() -> None:
        async with async_client(emulator, told) as client:
            pair = await client.mix.record("lesson-42", storage=STORAGE, confirm=False, redundancy=2)
            emulator.fail("stop", Fault.hang())
            with pytest.raises(TimeoutError):
                async with asyncio.timeout(0.05):
                    await pair.stop(retry=None)
            emulator.heal()
            assert {handle["sid"] for handle in told.handles} == {running.sid for running in emulator.running}
            assert len(told.log) == len(emulator.running) == 2
            await pair.stop()

    asyncio.run(main())
    assert not emulator.running


def test_both_are_stopped_when_the_body_is_cancelled(emulator: Emulator, told: Told) -> None:
    async def main() -> None:
        task = asyncio.create_task(lesson(async_client(emulator, told), redundancy=2))
        await until(lambda: len(emulator.running) == 2)
        task.cancel()

    asyncio.run(main())
    assert len(emulator.recordings) == 2
    assert not emulator.running


# ------------------------------------------------------------------------------ threads and signals


def test_a_watch_in_another_thread_ends_with_its_recording(
    emulator: Emulator, told: Told, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Also where that thread had just looked whether it is over, and lost its turn before it waits."""
    import cloudrec._sync.recording as module

    is_about_to_wait, is_stopped, ends = threading.Event(), threading.Event(), threading.Event()
    pause = module.Recording._pause

    def late(self: Any, *arguments: Any) -> None:
        is_about_to_wait.set()
        is_stopped.wait(20)
        pause(self, *arguments)

    monkeypatch.setattr(module.Recording, "_pause", late)
    with sync_client(emulator, told) as client:
        recording = client.mix.record("lesson-42", storage=STORAGE, confirm=False)

        def watch() -> None:
            list(recording.watch(interval=3600))
            ends.set()

        thread = threading.Thread(target=watch, daemon=True)
        thread.start()
        assert is_about_to_wait.wait(20)
        recording.stop()
        is_stopped.set()
        assert ends.wait(20)
        thread.join()


@contextmanager
def at_line(number: int, do: Callable[[], None]) -> Iterator[Callable[[], int]]:
    """Does something before that line of the library, as a signal handler would: in this thread, in between."""
    lines = 0
    before = sys.gettrace()  # of who measures coverage

    def trace(frame: FrameType, event: str, argument: object) -> Any:
        nonlocal lines
        if not frame.f_globals.get("__name__", "").startswith("cloudrec.") or "emulator" in frame.f_code.co_filename:
            return None
        if event == "line":
            lines += 1
            if lines == number:
                sys.settrace(before)
                do()
        return trace

    sys.settrace(trace)
    try:
        yield lambda: lines
    finally:
        sys.settrace(before)


def test_a_stop_in_a_signal_handler_whatever_the_thread_was_doing(emulator: Emulator, told: Told) -> None:
    with sync_client(emulator, told, rate_limit=1_000_000) as client:

        def played(number: int) -> int:
            recording = client.mix.record("lesson-42", storage=STORAGE, confirm=False)
            with at_line(number, recording.stop) as lines:
                recording.query()
                recording.stop()
            assert recording.result
            return lines()

        def play(number: int) -> int:
            with suppress(CloudRecordingError):  # a query finds that it is over
                return played(number)
            return number

        most = play(0)
        assert most > 200
        for number in range(1, most, 23):
            play(number)
    assert not emulator.running
    assert told.handles == []


def test_a_signal_handler_stops_what_is_watched(emulator: Emulator, told: Told) -> None:
    with sync_client(emulator, told) as client:
        recording = client.mix.record("lesson-42", storage=STORAGE, confirm=False)
        before = signal.signal(signal.SIGALRM, lambda *_: recording.stop() and None)
        try:
            signal.setitimer(signal.ITIMER_REAL, 0.05)
            list(recording.watch(interval=3600))
        finally:
            signal.signal(signal.SIGALRM, before)
        assert recording.result


def test_an_interrupt_while_a_call_gives_its_places_back_is_told(
    emulator: Emulator, told: Told, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The start was answered, and its caller is not given the answer."""
    with sync_client(emulator, told) as client:
        acquired = client.mix.acquire("lesson-42", 7)
        leave = client._session.leave
        left: list[object] = []

        def interrupted(ticket: Any) -> None:
            leave(ticket)
            left.append(ticket)
            if len(left) == 2:  # once after the attempt, and at the end
                raise KeyboardInterrupt

        monkeypatch.setattr(client._session, "leave", interrupted)
        with pytest.raises(KeyboardInterrupt):
            client.mix.start(acquired.resource_id, "lesson-42", 7, storage_config=STORAGE)
    assert [handle["resource_id"] for handle in told.handles] == [emulator.running[0].resource_id]


def test_a_call_that_is_interrupted_twice_gives_its_places_back(
    emulator: Emulator, told: Told, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The second time while it does so: else nobody could ever send by that connection again."""
    times = iter([True])

    async def main() -> None:
        # In a thread it may go on all the same: whoever is interrupted is served in any case.
        async with async_client(emulator, told, max_connections=1, retry=Retry(attempts=1, deadline=1)) as client:
            leave = client._session.leave

            async def interrupted(*_: Any) -> None:
                raise KeyboardInterrupt

            def interrupted_once(ticket: Any) -> None:
                if next(times, False):
                    raise KeyboardInterrupt
                leave(ticket)

            with monkeypatch.context() as patched:
                patched.setattr(client._session, "_attempt", interrupted)
                patched.setattr(client._session, "leave", interrupted_once)
                with pytest.raises(KeyboardInterrupt):
                    await client.ncs_ips()
            assert (await client.ncs_ips()).http_status == 200

    asyncio.run(main())


def test_an_interrupt_when_record_is_just_done_stops_it(
    emulator: Emulator, told: Told, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Its place is given back at last: what comes in between is no reason to forget what runs."""
    with sync_client(emulator, told) as client:
        give = client._session.let_out
        times = iter([True])

        def let_out(ticket: Any) -> None:
            give(ticket)
            if next(times, False):
                raise KeyboardInterrupt

        monkeypatch.setattr(client._session, "let_out", let_out)
        with pytest.raises(KeyboardInterrupt):
            client.mix.record("lesson-42", storage=STORAGE, confirm=False)
    assert len(emulator.recordings) == 1
    assert emulator.running == ()


@pytest.mark.parametrize("half", ["_async", "_sync"])
def test_a_second_interrupt_before_what_runs_is_stopped_is_told(
    half: str, emulator: Emulator, told: Told, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The first one ends `record` after its start, and another comes just where it would be stopped."""

    def interrupted(*_: object) -> None:
        raise KeyboardInterrupt

    def leave(_: object) -> None:
        raise SystemExit

    monkeypatch.setattr(importlib.import_module(f"cloudrec.{half}.launch"), "abandoned", interrupted)
    words: Any = {"storage": STORAGE, "confirm": False, "on_started": leave}

    async def record() -> None:
        async with async_client(emulator, told) as client:
            await client.mix.record("lesson-42", **words)

    def go() -> None:
        if half == "_async":
            asyncio.run(record())
        else:
            with sync_client(emulator, told) as client:
                client.mix.record("lesson-42", **words)

    with pytest.raises(KeyboardInterrupt):
        go()
    [one] = emulator.running
    assert [handle["sid"] for handle in told.handles] == [one.sid]
