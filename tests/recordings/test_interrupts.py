"""Interrupts from the keyboard under trio, wherever they come: nothing breaks, and nothing is lost."""

from __future__ import annotations

import signal
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from types import FrameType
from typing import Any

import httpx
import pytest
import trio

import cloudrec._io._async
from cloudrec import AsyncCloudRecording
from cloudrec.emulator import Emulator, Fault
from cloudrec_api.api.recording import start
from cloudrec_api.models.mode import Mode
from cloudrec_api.models.start_request import StartRequest
from tests.recordings.support import STORAGE

MODULES = str(Path(cloudrec._io._async.__file__).parent)


@pytest.fixture(autouse=True)
def python_handles_sigint() -> Iterator[None]:
    """As in a program: trio puts its handler in the place of Python's own, and of no other."""
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    yield
    signal.signal(signal.SIGINT, before)


def client_of(emulator: Emulator, **words: Any) -> AsyncCloudRecording:
    return AsyncCloudRecording(
        emulator.app_id, emulator.credential, base_url=emulator.url, rate_limit=None, retry=None, **words
    )


class Lines:
    """Counts the lines that run where tasks wait, take locks and open scopes; something is done at one of them."""

    def __init__(self, at: int, todo: Callable[[], object], modules: str = MODULES) -> None:
        self.count = 0
        self.times: dict[tuple[str, int], list[int]] = {}
        """When each of them ran: as the first of all, or a later one."""
        self._at = at
        self._todo = todo
        self._modules = modules

    def _call(self, frame: FrameType, event: str, argument: object) -> Any:
        # (Not where `record` was called, and not awaited yet: that is somebody else's task.)
        code = frame.f_code
        is_ours = code.co_filename.startswith(self._modules) and "Starting." not in code.co_qualname
        return self._line if is_ours else None

    def _line(self, frame: FrameType, event: str, argument: object) -> Any:
        if event == "line":
            self.count += 1
            self.times.setdefault((frame.f_code.co_filename, frame.f_lineno), []).append(self.count)
            if self.count == self._at:
                self._todo()
        return self._line

    def turns(self) -> list[int]:
        """Each line's first time and its last: in between, nothing else is so."""
        return sorted({turn for times in self.times.values() for turn in (times[0], times[-1])})

    @contextmanager
    def counted(self) -> Iterator[None]:
        before = sys.gettrace()
        sys.settrace(self._call)
        try:
            yield
        finally:
            sys.settrace(before)


def send() -> None:
    signal.raise_signal(signal.SIGINT)


def leaves(error: BaseException) -> Iterator[BaseException]:
    """What a group is of."""
    for inner in error.exceptions if isinstance(error, BaseExceptionGroup) else ():
        yield from leaves(inner)
    if not isinstance(error, BaseExceptionGroup):
        yield error


def test_a_stop_may_be_interrupted_at_any_line(emulator: Emulator) -> None:
    """What its caller gets is the interrupt; it can be stopped again, and the client goes on."""
    raised: list[BaseException] = []

    async def lesson(at: int) -> list[int]:
        lines = Lines(at, send)
        async with client_of(emulator) as client:
            recording = await client.mix.record(f"lesson-{at}", storage=STORAGE, confirm=False)
            try:
                with lines.counted():
                    await recording.stop()
                    await trio.lowlevel.checkpoint()  # one that came at the end is given to the task here
            except BaseException as error:
                raised.append(error)
            await recording.stop()
            await client.ncs_ips()
        return lines.turns()

    turns = trio.run(lesson, 0)
    assert len(turns) > 30
    for at in turns:
        trio.run(lesson, at)
    assert {type(leaf) for error in raised for leaf in leaves(error)} == {KeyboardInterrupt}
    assert len(raised) == len(turns)
    assert emulator.running == ()


def test_a_record_may_be_interrupted_at_any_line(emulator: Emulator) -> None:
    """Whatever runs in the end is in hand, or was told."""
    told: list[Any] = []
    held: dict[str, Any] = {}

    async def lesson(at: int) -> list[int]:
        lines = Lines(at, send)
        async with client_of(emulator, on_orphan=told.append) as client:
            with lines.counted():
                recording = await client.mix.record(f"lesson-{at}", storage=STORAGE, confirm=False)
            held[recording.sid] = recording
        return lines.turns()

    turns = trio.run(lesson, 0)
    assert len(turns) > 30
    interrupts = []
    for at in turns:
        try:
            trio.run(lesson, at)
        except BaseException as error:
            interrupts.append(error)
    assert len(interrupts) == len(turns)
    assert {type(leaf) for error in interrupts for leaf in leaves(error)} == {KeyboardInterrupt}
    known = {*held, *(handle["sid"] for handle in told)}
    resources = {handle["resource_id"] for handle in told}
    assert [each for each in emulator.running if each.sid not in known and each.resource_id not in resources] == []


def test_a_start_of_the_generated_client_may_be_interrupted_at_any_line_of_httpx(emulator: Emulator) -> None:
    """Its functions hold them back as ours do, and with them whatever they call."""
    answers: list[Any] = []
    told: list[Any] = []

    async def lesson(at: int) -> int:
        lines = Lines(at, send, str(Path(httpx.__file__).parent))
        async with client_of(emulator, on_orphan=told.append) as client:
            acquired = await client.mix.acquire(f"lesson-{at}", "1")
            body = StartRequest.from_dict({
                "cname": f"lesson-{at}", "uid": "1", "clientRequest": {"storageConfig": STORAGE},
            })  # fmt: skip

            with lines.counted():
                answers.append(await start.asyncio(
                    emulator.app_id, acquired.resource_id, Mode.MIX, client=client.api, body=body
                ))  # fmt: skip
            await trio.lowlevel.checkpoint()  # where it is given to the task
        return lines.count

    lines = trio.run(lesson, 0)
    assert lines > 100
    for at in range(1, lines, lines // 50):
        with pytest.raises(KeyboardInterrupt):
            trio.run(lesson, at)
    known = {*(answer.sid for answer in answers), *(handle["resource_id"] for handle in told)}
    assert [each for each in emulator.running if not {each.sid, each.resource_id} & known] == []


def test_a_start_that_is_interrupted_twice_runs_to_its_end(emulator: Emulator) -> None:
    """As with a second cancellation: it is waited for, and stopped."""
    emulator.fail("start", Fault.delay(0.2))

    def interrupt() -> None:
        for _ in range(3):
            while not any(call.endpoint == "start" for call in emulator.calls):
                pass
            signal.pthread_kill(main_thread, signal.SIGINT)
            delivered.wait(0.03)

    async def main() -> None:
        async with client_of(emulator) as client:
            await client.mix.record("lesson-42", storage=STORAGE, confirm=False)

    main_thread, delivered = threading.get_ident(), threading.Event()
    keyboard = threading.Thread(target=interrupt)
    keyboard.start()
    raised: list[BaseException] = []
    try:
        trio.run(main)
    except BaseException as error:
        raised.append(error)
    keyboard.join()
    assert {type(leaf) for error in raised for leaf in leaves(error)} == {KeyboardInterrupt}
    assert [call.endpoint for call in emulator.calls] == ["acquire", "start", "stop"]
    assert emulator.running == ()


def test_a_hook_of_somebody_else_may_be_interrupted(emulator: Emulator) -> None:
    """Where it is: it may be one that never returns."""

    def hook(handle: object) -> None:
        send()
        reached.append(handle)

    reached: list[object] = []

    async def main() -> None:
        async with client_of(emulator) as client:
            await client.mix.record("lesson-42", storage=STORAGE, confirm=False, on_started=hook)

    with pytest.raises(KeyboardInterrupt):
        trio.run(main)
    assert reached == []
    assert emulator.running == ()
