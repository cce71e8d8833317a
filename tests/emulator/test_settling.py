"""Tests of services: time that the test moves, waiting until all is quiet, clients and webhooks of the emulator."""

from __future__ import annotations

import asyncio
import itertools
import queue
import subprocess
import sys
import textwrap
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import anyio
import pytest
from fastapi import FastAPI
from flask import Flask

from cloudrec import AsyncMixRecording, CloudRecording, InvalidResourceError, RecordingStatus
from cloudrec.emulator import Clock, Emulator, settling
from cloudrec.webhooks import Event
from cloudrec.webhooks.asgi import WebhookApp as AsgiApp
from cloudrec.webhooks.wsgi import WebhookApp as WsgiApp
from tests.recordings.support import STORAGE
from tests.recordings.test_feed import event
from tests.support import PLAIN
from tests.webhooks.support import SECRET, Heard

MIX: dict[str, Any] = {"storage": STORAGE}


@pytest.fixture
def emulator() -> Iterator[Emulator]:
    with Emulator() as running:
        yield running


@pytest.fixture(params=["asyncio", "trio"])
def backend(request: pytest.FixtureRequest) -> str:
    return str(request.param)


# -- the clock ---------------------------------------------------------------------------------


def test_sleep_ends_when_the_clock_is_moved_so_far() -> None:
    clock, woken = Clock(), threading.Event()

    def sleep() -> None:
        clock.sleep(10)
        woken.set()

    thread = threading.Thread(target=sleep)
    thread.start()
    while clock.next_due is None:
        time.sleep(0.001)
    clock.advance(9.999)
    assert not woken.wait(0.02)
    clock.advance(0.001)
    assert woken.wait(10)
    thread.join()
    assert clock.next_due is None


def test_who_watches_in_a_thread_hears_every_event_and_the_end(emulator: Emulator) -> None:
    """Though nobody moves the clock: what is fed, and a stop, end the waiting of a client of the emulator."""
    with emulator.client() as client:
        recording, seen = client.mix.record("lesson-42", **MIX), queue.SimpleQueue[object]()

        def watch() -> None:
            for status in recording.watch():
                seen.put(status)
            seen.put(None)

        watching = threading.Thread(target=watch)
        watching.start()
        assert seen.get(timeout=10) is not None
        for number in range(3):
            emulator.settle()  # it waits for the next query
            recording.feed(event(recording, 4, fileList=f"{number}.m3u8"))
            assert seen.get(timeout=10) is not None
        emulator.settle()
        recording.stop()
        while seen.get(timeout=10) is not None:
            pass
        watching.join(10)
        assert emulator.clock.next_due is None


def test_async_sleep_ends_when_the_clock_is_moved_so_far(backend: str) -> None:
    """Also from another thread; and who is cancelled sleeps no more."""
    clock, order = Clock(), list[float]()

    async def sleep(seconds: float) -> None:
        await clock.sleep_async(seconds)
        order.append(seconds)

    async def main() -> None:
        with anyio.fail_after(10):
            async with anyio.create_task_group() as group:
                for seconds in (30.0, 10.0, 20.0, 0.0):
                    group.start_soon(sleep, seconds)
                with anyio.move_on_after(0.01):
                    await clock.sleep_async(5)
                for _ in range(3):
                    await anyio.to_thread.run_sync(clock.advance, 10)
                    await anyio.sleep(0.01)
        assert order == [0.0, 10.0, 20.0, 30.0]
        assert clock.next_due is None

    anyio.run(main, backend=backend)


def test_a_clock_that_runs_fast() -> None:
    """An hour in a moment, for who sleeps too."""
    clock = Clock.real(speed=100_000)
    before, began = clock.seconds(), time.monotonic()
    clock.sleep(3600)
    assert clock.seconds() - before >= 3600
    assert time.monotonic() - began < 5


def test_an_emulator_that_runs_fast(backend: str) -> None:
    """A client of it lives as fast: the confirming query after five seconds, a lesson of an hour."""

    async def main() -> None:
        with Emulator(clock="real", speed=3600) as emulator:
            async with emulator.async_client() as client:
                recording = await client.mix.record("lesson-42", **MIX)
                await emulator.clock.sleep_async(600)
                result = await recording.stop()
            assert result.files
            assert emulator.recordings[0].ended is not None

    anyio.run(main, backend=backend)


@pytest.mark.parametrize("speed", [0, -1, "2", float("nan")])
def test_a_speed_that_is_none(speed: Any) -> None:
    with pytest.raises(ValueError, match="speed must be more than 0"):
        Emulator(clock="real", speed=speed)
    with pytest.raises(ValueError, match='speed goes with clock="real" alone'):
        Emulator(speed=2)


# -- clients, and waiting until all is quiet --------------------------------------------------------------


def test_a_background_watch_does_not_run_away_with_the_clock(backend: str, emulator: Emulator) -> None:
    """It asks every two minutes of the test's time, and of no other."""
    states: list[Any] = []

    async def main() -> None:
        async with emulator.async_client() as client:
            recording = await emulator.until(client.mix.record("lesson-42", **MIX))
            assert emulator.clock.time.second == 5

            async def watch() -> None:
                async for state in recording.watch():
                    states.append(state.status)  # noqa: PERF401 (while it runs)

            async with anyio.create_task_group() as group:
                group.start_soon(watch)
                await emulator.settle_async()
                assert len(states) == 1
                before = emulator.clock.now()
                await anyio.sleep(0.05)
                assert emulator.clock.now() == before
                emulator.channel("lesson-42")
                await emulator.advance_async(600)
                queries = [call for call in emulator.calls if call.endpoint == "query"]
                # One of `record`; then one each two minutes, until a 404 was believed.
                assert 4 <= len(queries) <= 9
            assert recording.ended is not None
            await recording.stop()

    anyio.run(main, backend=backend)


def test_many_that_wait_move_the_clock_once(backend: str, emulator: Emulator) -> None:
    async def main() -> None:
        async with emulator.async_client() as client:

            async def record(cname: str) -> AsyncMixRecording:
                return await client.mix.record(cname, **MIX)

            async def all_of_them() -> None:
                async with anyio.create_task_group() as group:
                    for number in range(20):
                        group.start_soon(record, f"lesson-{number}")

            await emulator.until(all_of_them())
        assert emulator.clock.time.second == 5
        assert len(emulator.running) == 20

    anyio.run(main, backend=backend)


def test_until_gives_what_goes_wrong_and_says_where_nothing_can_come(
    backend: str, emulator: Emulator, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(settling, "LAST_CHANCE", 0.2)

    async def main() -> None:
        async with emulator.async_client(retry=None) as client:
            with pytest.raises(InvalidResourceError):
                await emulator.until(client.mix.query("a", "b"))
            with pytest.raises(TimeoutError, match="waits for nothing that the clock could bring"):
                await emulator.until(anyio.sleep_forever())

    anyio.run(main, backend=backend)


def test_the_sync_client_waits_for_the_test_in_other_threads(emulator: Emulator) -> None:
    """In the test's own thread time passes as far as it waits; a worker's waits until the test moves the clock."""
    with emulator.client() as client:
        first = client.mix.record("lesson-1", **MIX)
        assert (emulator.clock.time.second, first.last_status) == (5, RecordingStatus.READY)
        found: list[Any] = []
        worker = threading.Thread(target=lambda: found.append(client.mix.record("lesson-2", **MIX)))
        worker.start()
        emulator.settle()
        assert (found, emulator.clock.time.second) == ([], 5)
        emulator.advance(5)
        worker.join(10)
        assert found[0].last_status == RecordingStatus.READY


def test_settle_would_block_an_event_loop(emulator: Emulator) -> None:
    async def main() -> None:
        with pytest.raises(RuntimeError, match="await settle_async"):
            emulator.settle()
        with pytest.raises(RuntimeError, match="await advance_async"):
            emulator.advance(1)

    asyncio.run(main())


def test_settle_waits_for_an_emulator_that_is_behind(emulator: Emulator) -> None:
    """On a busy machine its thread has not come yet to a call that was sent."""
    may_go_on, found = threading.Event(), list[object]()
    with emulator.client() as client:
        client.ncs_ips()
        server = emulator._server._server
        assert server is not None
        assert server._loop is not None
        server._loop.call_soon_threadsafe(may_go_on.wait)
        caller = threading.Thread(target=lambda: found.append(client.ncs_ips()))
        caller.start()
        looks = emulator._settling.settle(30)
        for pause in itertools.islice(looks, 10 * settling.LOOKS):
            time.sleep(pause)
        assert not found
        may_go_on.set()
        for pause in looks:
            time.sleep(pause)
        assert found
        caller.join()


def test_settle_waits_longer_where_its_looks_come_late(emulator: Emulator) -> None:
    """On a busy machine who was woken may not have had its turn either."""
    began = time.monotonic()
    late = 3 * settling.LOOK_EVERY
    for number, _ in enumerate(emulator._settling.settle(30)):
        time.sleep(late if number == 0 else settling.LOOK_EVERY)
    assert time.monotonic() - began >= settling.LOOKS * late


def test_settle_says_when_it_never_is(emulator: Emulator) -> None:
    stop = threading.Event()

    def busy() -> None:
        with CloudRecording(emulator.app_id, emulator.credential, base_url=emulator.url, rate_limit=None) as client:
            while not stop.is_set():
                client.ncs_ips()

    thread = threading.Thread(target=busy)
    thread.start()
    try:
        with pytest.raises(TimeoutError, match=r"still busy after 0\.2 s"):
            emulator.settle(timeout=0.2)
    finally:
        stop.set()
        thread.join()


def test_a_client_has_what_the_emulator_wants() -> None:
    certificate = "5CFd2fd1755d40ecb72977518be15d3b"
    with Emulator(app_id="a" * 32, hosts=2, certificate=certificate) as emulator, emulator.client() as client:
        emulator.refuse(0)
        client.mix.record("lesson-42", confirm=False, **MIX)
        assert len(emulator.running) == 1


# -- webhooks without a socket ---------------------------------------------------------------------


def test_webhooks_to_an_asgi_application(emulator: Emulator) -> None:
    """All is handled when it has settled."""
    heard, app = list[Event](), FastAPI()

    async def handle(event: Event) -> None:
        await asyncio.sleep(0.01)
        heard.append(event)

    app.mount("/webhooks", AsgiApp(SECRET, handle))
    emulator.webhooks.send_to((app, "/webhooks"), secret=SECRET)
    with emulator.client() as client:
        with client.mix.record("lesson-42", **MIX):
            emulator.advance(60)
        emulator.advance(10)
    assert [event.event_type for event in heard] == [notice.event_type for notice in emulator.notices]
    assert {attempt.status for notice in emulator.notices for attempt in notice.attempts} == {200}


def test_webhooks_to_a_wsgi_application(emulator: Emulator) -> None:
    heard, app = Heard(), Flask("lessons")
    with WsgiApp(SECRET, heard) as hook:
        for target in (hook, (app, "/no/such/path")):
            emulator.webhooks.send_to(target, secret=SECRET, retries=0)
            with emulator.client() as client, client.mix.record("lesson-42", **MIX):
                emulator.advance(1)
            emulator.advance(10)
    assert heard.events
    assert {notice.attempts[-1].status for notice in emulator.webhooks.failed} == {404}


@pytest.mark.parametrize("target", [(FastAPI(), "webhooks"), (FastAPI(), None), 7])
def test_what_webhooks_cannot_be_sent_to(emulator: Emulator, target: Any) -> None:
    with pytest.raises((ValueError, AttributeError, TypeError)):
        emulator.webhooks.send_to(target)


# -- fixtures ------------------------------------------------------------------------------------------

FIXTURES = """
    import httpx
    import pytest
    from cloudrec import RateLimitError, S3, TaskNotFoundError

    STORAGE = S3("lessons", "eu-central-1", "AKEXAMPLE", "secret")
    pytestmark = pytest.mark.cloudrec(client={"retry": None})

    @pytest.mark.parametrize("turn", range(2))
    def test_fresh(turn, cloudrec_emulator):
        emulator = cloudrec_emulator
        assert not emulator.clock.ticking
        assert emulator.calls == emulator.recordings == ()
        assert httpx.get(emulator.url + "/v1/ncs/ip", verify=False).status_code == 401

    def test_sync(cloudrec_emulator, cloudrec_client):
        with cloudrec_client.mix.record("lesson-42", storage=STORAGE) as recording:
            cloudrec_emulator.advance(60)
        assert recording.result.files

    @pytest.mark.cloudrec(emulator={"rate_limit": 2}, client={"rate_limit": None})
    def test_options(cloudrec_client):
        cloudrec_client.ncs_ips()
        cloudrec_client.ncs_ips()
        with pytest.raises(RateLimitError):
            cloudrec_client.ncs_ips()

    async def test_async(cloudrec_emulator, cloudrec_async_client):
        async with cloudrec_async_client as client:
            recording = await cloudrec_emulator.until(client.mix.record("lesson-42", storage=STORAGE))
            await cloudrec_emulator.advance_async(60)
            assert (await recording.stop()).files

    @pytest.mark.cloudrec(clients={})
    @pytest.mark.xfail(raises=pytest.UsageError, strict=True)
    def test_wrong(cloudrec_client):
        pass
"""


def test_the_fixtures(tmp_path: Path) -> None:
    """A test that asks for one gets what is fresh, whose clock stands, with what its markers say."""
    (tmp_path / "test_lessons.py").write_text(textwrap.dedent(FIXTURES), encoding="utf-8")
    (tmp_path / "pytest.ini").write_text("[pytest]\nanyio_mode = auto\n", encoding="utf-8")
    command = [sys.executable, "-W", "error", "-m", "pytest", "-q", *PLAIN, "--strict-markers", "."]
    done = subprocess.run(command, capture_output=True, encoding="utf-8", cwd=tmp_path, check=False, timeout=120)
    assert done.returncode == 0, done.stdout + done.stderr
    assert "6 passed, 1 xfailed" in done.stdout
