"""A second interrupt from the keyboard, at any line of what stops and tells of what the first one cut off."""

from __future__ import annotations

import asyncio
import gc
import json
import sys
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from types import FrameType
from typing import Any

import httpx
import pytest

from cloudrec import AsyncCloudRecording, BasicAuth, CloudRecording
from cloudrec._call.telemetry import under_way
from tests.recordings.support import STORAGE

# What stops and tells; the rest has tests of its own.
MODULES = ("ending", "launch", "pair", "recorder", "recording", "tasks", "telemetry")


SETTINGS: dict[str, Any] = {
    "app_id": "a" * 32,
    "credential": BasicAuth("id", "secret"),
    "base_url": "http://127.0.0.1:1",
    "rate_limit": None,
    "retry": None,
}


class Service:
    """Starts and stops in memory, and says what it is told to say."""

    def __init__(self) -> None:
        self.running: dict[str, str] = {}
        """Resource IDs, by sid."""
        self.started = 0
        self.refuses_stops = False
        self.at_start: Callable[[], object] = lambda: None

    def __call__(self, request: httpx.Request) -> httpx.Response:
        body = json.loads(request.content or b"{}")
        ids = {name: body.get(name) for name in ("cname", "uid")}
        endpoint = request.url.path.rpartition("/")[2]
        if endpoint == "acquire":
            return httpx.Response(200, json={**ids, "resourceId": f"resource-{body['uid']}"})
        place = request.url.path.split("/")
        resource_id = place[place.index("resourceid") + 1]
        if endpoint == "start":
            self.started += 1
            sid = f"{self.started:032x}"
            self.running[sid] = resource_id
            self.at_start()
            return httpx.Response(200, json={**ids, "resourceId": resource_id, "sid": sid})
        assert endpoint == "stop"
        if self.refuses_stops:
            return httpx.Response(500, json={})
        sid = place[place.index("sid") + 1]
        self.running.pop(sid, None)
        return httpx.Response(200, json={**ids, "resourceId": resource_id, "sid": sid, "serverResponse": {}})

    async def answer(self, request: httpx.Request) -> httpx.Response:
        response = self(request)
        await asyncio.sleep(0)  # who is cancelled hears of it
        return response


def name_of(frame: FrameType) -> str:
    return str(frame.f_globals.get("__name__", ""))


class Interrupts:
    """Raises KeyboardInterrupt before one of the lines that run once it is armed."""

    def __init__(self, at: int) -> None:
        self.lines = 0
        self.times: dict[str, list[int]] = {}
        """When each of them ran: as the first of all, or a later one."""
        self.where = ""
        self._at = at

    def arm(self) -> None:
        sys.settrace(self._call)

    def _call(self, frame: FrameType, event: str, argument: object) -> Any:
        name = name_of(frame)
        is_ours = name.startswith("cloudrec.") and name.rpartition(".")[2] in MODULES
        return self._line if is_ours else None

    def _line(self, frame: FrameType, event: str, argument: object) -> Any:
        if event == "line":
            self.lines += 1
            where = f"{name_of(frame)}:{frame.f_lineno}"
            self.times.setdefault(where, []).append(self.lines)
            if self.lines == self._at:
                self.where = where
                raise KeyboardInterrupt
        return self._line

    @contextmanager
    def raised(self) -> Iterator[None]:
        before = sys.gettrace()  # of who measures coverage
        try:
            yield
        except (KeyboardInterrupt, asyncio.CancelledError):
            pass
        finally:
            sys.settrace(before)


def at_each_line(play: Callable[[Service, Interrupts, list[Any]], None], turn: int) -> None:
    """Plays it once for each line, interrupted there at its first time, or at its last: that of the second recorder."""
    wrong: list[str] = []

    def interrupted(number: int) -> Interrupts:
        service, interrupts, handles = Service(), Interrupts(number), list[Any]()
        with interrupts.raised():
            play(service, interrupts, handles)
        # What comes just before a `with` ends is told of at the end of the program.
        for tell in list(under_way.values()):
            tell()
        under_way.clear()
        known = {handle.get("sid") for handle in handles} | {handle["resource_id"] for handle in handles}
        lost = {sid for sid, resource_id in service.running.items() if not known & {sid, resource_id}}
        if lost:
            wrong.append(f"{number}: {interrupts.where}: {sorted(lost)}")
        return interrupts

    for times in interrupted(0).times.values():
        if turn == 0 or len(times) > 1:  # else its first time is its last, and has been
            interrupted(times[turn])
    assert not wrong, "\n".join(wrong)


Story = Callable[[AsyncCloudRecording, Service, Callable[[], None]], Awaitable[None]]


async def of_two(client: AsyncCloudRecording, service: Service, cut: Callable[[], None]) -> None:
    async with client.mix.record("lesson-42", storage=STORAGE, confirm=False, check=False, redundancy=2):
        cut()
        await asyncio.sleep(60)


async def of_two_that_cannot_be_stopped(client: AsyncCloudRecording, service: Service, cut: Callable[[], None]) -> None:
    service.refuses_stops = True
    await of_two(client, service, cut)


async def at_its_start(client: AsyncCloudRecording, service: Service, cut: Callable[[], None]) -> None:
    service.at_start = cut
    await client.mix.record("lesson-42", storage=STORAGE, confirm=False, check=False)


async def at_the_start_of_a_spare_one(client: AsyncCloudRecording, service: Service, cut: Callable[[], None]) -> None:
    def at_the_second() -> None:
        if service.started == 2:
            cut()

    service.at_start, service.refuses_stops = at_the_second, True
    await client.mix.record("lesson-42", storage=STORAGE, confirm=False, check=False, redundancy=2)


async def at_a_start_alone(client: AsyncCloudRecording, service: Service, cut: Callable[[], None]) -> None:
    acquired = await client.mix.acquire("lesson-42", 7)
    service.at_start = cut
    await client.mix.start(acquired.resource_id, "lesson-42", 7, storage_config=STORAGE)


@pytest.mark.parametrize(
    ("story", "turn"),
    [
        (of_two_that_cannot_be_stopped, 0),
        (of_two_that_cannot_be_stopped, -1),
        (at_its_start, 0),
        (at_the_start_of_a_spare_one, 0),
        (at_a_start_alone, 0),
    ],
)
def test_what_a_second_interrupt_leaves_is_told(story: Story, turn: int) -> None:

    unheard: list[str] = []

    def play(service: Service, interrupts: Interrupts, handles: list[Any]) -> None:
        async def main() -> None:
            task = asyncio.current_task()
            assert task is not None
            asyncio.get_running_loop().set_exception_handler(lambda _, context: unheard.append(str(context)))

            def cut() -> None:
                interrupts.arm()
                task.cancel()

            async with httpx.AsyncClient(transport=httpx.MockTransport(service.answer), trust_env=False) as http_client:
                client = AsyncCloudRecording(**SETTINGS, on_orphan=handles.append, http_client=http_client)
                await story(client, service, cut)

        asyncio.run(main())

    at_each_line(play, turn)
    gc.collect()
    # A task that the interrupt came upon, and nobody waited for any more.
    assert [told for told in unheard if "KeyboardInterrupt()" not in told] == []


Blocking = Callable[[CloudRecording, Service, Callable[[], None]], object]


def in_its_body(client: CloudRecording, service: Service, cut: Callable[[], None]) -> None:
    service.refuses_stops = True
    with client.mix.record("lesson-42", storage=STORAGE, confirm=False, check=False, redundancy=2):
        cut()


def after_its_start(client: CloudRecording, service: Service, cut: Callable[[], None]) -> None:
    service.refuses_stops = True
    client.mix.record("lesson-42", storage=STORAGE, confirm=False, check=False, on_started=lambda _: cut())


def in_its_start(client: CloudRecording, service: Service, cut: Callable[[], None]) -> None:
    service.at_start = cut
    client.mix.record("lesson-42", storage=STORAGE, confirm=False, check=False)


def in_a_start_alone(client: CloudRecording, service: Service, cut: Callable[[], None]) -> None:
    acquired = client.mix.acquire("lesson-42", 7)
    service.at_start = cut
    client.mix.start(acquired.resource_id, "lesson-42", 7, storage_config=STORAGE)


@pytest.mark.parametrize("turn", [0, -1])
@pytest.mark.parametrize("story", [in_its_body, after_its_start, in_its_start, in_a_start_alone])
def test_what_a_second_interrupt_leaves_is_told_in_a_thread(story: Blocking, turn: int) -> None:
    """There, the first one is an exception, too."""

    def play(service: Service, interrupts: Interrupts, handles: list[Any]) -> None:
        def cut() -> None:
            interrupts.arm()
            raise KeyboardInterrupt

        with httpx.Client(transport=httpx.MockTransport(service), trust_env=False) as http_client:
            story(CloudRecording(**SETTINGS, on_orphan=handles.append, http_client=http_client), service, cut)

    at_each_line(play, turn)
