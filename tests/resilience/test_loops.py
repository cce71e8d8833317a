"""One async client in several event loops: one after the other, at once, and in none."""

from __future__ import annotations

import asyncio
import sys
import threading
import time
from collections.abc import Callable, Coroutine, Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import anyio
import httpx
import pytest

from cloudrec import AsyncCloudRecording, ClientClosedError, ConfigurationError, RateLimit, RateLimitError, Retry
from cloudrec.emulator import Emulator, Fault
from tests.resilience.conftest import choose_pool
from tests.support import STORAGE

Make = Callable[..., AsyncCloudRecording]
RUNS = {"asyncio": "asyncio", "aiohttp": "asyncio", "trio": "trio"}


@pytest.fixture
def emulator() -> Iterator[Emulator]:
    with Emulator() as running:
        yield running


@pytest.fixture(params=RUNS)
def run(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> Callable[..., Any]:
    """Runs an async function in an event loop of its own."""
    choose_pool(request.param, monkeypatch)
    return lambda main: anyio.run(main, backend=RUNS[request.param])


@pytest.fixture
def make(emulator: Emulator) -> Make:
    """Makes clients of the emulator."""

    def made(**settings: Any) -> AsyncCloudRecording:
        given: dict[str, Any] = {"base_url": emulator.url, "rate_limit": None, **settings}
        return AsyncCloudRecording(emulator.app_id, emulator.credential, **given)

    return made


async def several(client: AsyncCloudRecording, calls: int = 4) -> None:
    """More calls at once than there are connections."""
    async with anyio.create_task_group() as group:
        for _ in range(calls):
            group.start_soon(client.ncs_ips)


async def one_by_one(client: AsyncCloudRecording, calls: int) -> None:
    for _ in range(calls):
        await client.ncs_ips()


def until(is_so: Callable[[], bool]) -> None:
    """Waits for what comes in a moment."""
    ends = time.monotonic() + 10
    while not is_so():
        assert time.monotonic() < ends
        threading.Event().wait(0.001)


def updates(emulator: Emulator) -> int:
    return len([call for call in emulator.calls if call.endpoint == "update"])


def test_one_loop_after_the_other(make: Make, run: Callable[..., Any], emulator: Emulator) -> None:
    """Each has connections of its own, which end with it: nobody closes the client, and nothing is left open."""
    client = make(max_connections=2)
    for _ in range(3):
        run(lambda: several(client))
    assert len(emulator.calls) == 12


def test_of_either_kind(make: Make, emulator: Emulator) -> None:
    client = make(max_connections=2)
    for backend in ("asyncio", "trio", "asyncio", "trio"):
        anyio.run(several, client, backend=backend)
    assert len(emulator.calls) == 16


def test_what_the_end_of_a_loop_cuts_off_keeps_nothing(make: Make, emulator: Emulator) -> None:
    """Neither a connection nor a place in the queue."""
    client = make(max_connections=2)
    emulator.fail("ncsIps", Fault.hang())

    async def left_behind() -> None:
        tasks = [asyncio.ensure_future(client.ncs_ips()) for _ in range(4)]
        await asyncio.to_thread(until, lambda: len(emulator.calls) == 2)
        assert not any(task.done() for task in tasks)

    asyncio.run(left_behind())
    emulator.heal()
    asyncio.run(several(client))


def test_a_loop_that_nobody_ended_well(make: Make, emulator: Emulator) -> None:
    """A loop that is closed in the midst of calls, as it must not be, holds up none after it."""
    client = make(max_connections=1, http_client=httpx.AsyncClient(transport=OnceNever()))
    loop = asyncio.new_event_loop()
    call = loop.create_task(client.ncs_ips())
    loop.run_until_complete(asyncio.sleep(0.01))
    loop.close()
    asyncio.run(several(client))
    call._log_destroy_pending = False  # type: ignore[attr-defined]


class OnceNever(httpx.AsyncBaseTransport):
    """Never answers the first request."""

    def __init__(self) -> None:
        self.requests = 0

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        self.requests += 1
        if self.requests == 1:
            await anyio.sleep_forever()
        return httpx.Response(200, json={})


def test_several_loops_at_once(make: Make, run: Callable[..., Any], emulator: Emulator) -> None:
    """Threads with a loop each share a client, and its rate limit."""
    client = make(max_connections=2)
    with ThreadPoolExecutor(4) as pool:
        for job in [pool.submit(run, lambda: several(client, 6)) for _ in range(4)]:
            job.result(20)
    assert len(emulator.calls) == 24


def test_closing_in_one_loop_ends_the_waiting_in_another(make: Make) -> None:
    """Who waits there is woken, and sees that it is closed."""
    limit = RateLimit(1)
    client = make(rate_limit=limit)
    waits = threading.Event()

    async def wait_there() -> None:
        await several(client, 1)
        waits.set()
        with pytest.raises(ClientClosedError):
            await one_by_one(client, 10)

    with ThreadPoolExecutor(1) as pool:
        job = pool.submit(asyncio.run, wait_there())
        assert waits.wait(10)
        asyncio.run(client.aclose())
        job.result(10)


def test_a_recording_goes_on_in_the_next_loop(make: Make, run: Callable[..., Any], emulator: Emulator) -> None:
    """What was begun in one loop is asked for, changed and stopped in another."""
    client = make()

    async def begin() -> Any:
        return await client.mix.record("lesson", storage=STORAGE, confirm=False)

    recording = run(begin)

    async def change() -> None:
        await recording.query()
        await recording.update_storage(STORAGE)

    run(change)
    assert run(recording.stop).stopped is not None
    assert emulator.running == ()


def test_a_recording_is_of_one_loop_at_a_time(make: Make, emulator: Emulator) -> None:
    """While one loop changes it, another one is told so, and sends nothing."""
    client = make()
    recording = asyncio.run(begun(client))
    emulator.fail("update", Fault.hang(), times=1)
    release: list[Any] = []

    async def hold() -> None:
        task = asyncio.ensure_future(recording.update_storage(STORAGE))
        release.append((asyncio.get_running_loop(), task))
        with pytest.raises(asyncio.CancelledError):
            await task

    with ThreadPoolExecutor(1) as pool:
        job = pool.submit(asyncio.run, hold())
        until(lambda: updates(emulator) == 1)
        with pytest.raises(ConfigurationError, match="another event loop is at work on this recording") as failed:
            asyncio.run(recording.update_storage(STORAGE))
        assert failed.value.advice
        loop, task = release[0]
        loop.call_soon_threadsafe(task.cancel)
        job.result(10)
    assert updates(emulator) == 1
    asyncio.run(recording.update_storage(STORAGE))


async def begun(client: AsyncCloudRecording, **options: Any) -> Any:
    return await client.mix.record("lesson", storage=STORAGE, confirm=False, **options)


@pytest.mark.parametrize("has_trio", [True, False])
def test_without_a_loop(has_trio: bool, make: Make, emulator: Emulator, monkeypatch: pytest.MonkeyPatch) -> None:
    """Where no event loop runs, that is said, with or without trio, and nothing is sent."""
    client = make()
    recording = asyncio.run(begun(client))
    sent = len(emulator.calls)
    if not has_trio:
        monkeypatch.setitem(sys.modules, "trio", None)
    with pytest.raises(ConfigurationError, match="no event loop runs here") as failed:
        client.attach(recording.handle, storage=lambda: STORAGE)
    assert "asyncio.run" in failed.value.advice
    call: Coroutine[Any, Any, Any] = client.ncs_ips()
    with pytest.raises(ConfigurationError, match="no event loop runs here"):
        call.send(None)
    assert len(emulator.calls) == sent
    assert client.attach(recording.handle).sid == recording.sid


def test_renewal_ends_with_its_loop(make: Make, emulator: Emulator) -> None:
    """A recording whose credentials are renewed can be stopped in the next loop: nobody waits for what has ended."""
    client = make()

    async def begin() -> Any:
        handle = (await begun(client)).handle
        return client.attach(handle, storage=lambda: STORAGE)

    recording = asyncio.run(begin())
    asyncio.run(asyncio.wait_for(recording.stop(), 10))
    assert emulator.running == ()


def test_an_http_client_is_of_its_loop(make: Make, emulator: Emulator) -> None:
    """Its connections are, so in another loop that is said before anything is sent."""
    http_client = httpx.AsyncClient(verify=False)
    client = make(http_client=http_client)

    async def first() -> None:
        await client.ncs_ips()
        await http_client.aclose()

    async def second() -> None:
        with pytest.raises(ConfigurationError, match="http_client: its connections are of another event loop"):
            await other.ncs_ips()

    async def third() -> None:
        await other.ncs_ips()

    other = make(http_client=httpx.AsyncClient(verify=False))
    loop = asyncio.new_event_loop()
    loop.run_until_complete(third())
    asyncio.run(second())
    loop.run_until_complete(third())
    loop.run_until_complete(other._session._given.aclose())  # type: ignore[union-attr]
    loop.close()
    asyncio.run(first())


def test_an_http_client_without_connections_is_at_home_everywhere(make: Make) -> None:
    """As are those of tests."""
    client = make(http_client=httpx.AsyncClient(transport=httpx.MockTransport(lambda _: httpx.Response(200, json={}))))
    for backend in ("asyncio", "trio"):
        anyio.run(client.ncs_ips, backend=backend)


def test_the_rate_limit_is_shared_by_loops(make: Make) -> None:
    """What one loop has used up, another has not."""
    client = make(rate_limit=RateLimit(1), retry=Retry(deadline=0.5))
    asyncio.run(client.ncs_ips())

    async def again() -> None:
        with pytest.raises(RateLimitError, match="not sent"):
            await client.ncs_ips()

    asyncio.run(again())
