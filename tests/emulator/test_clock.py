"""Time stands still until it is moved."""

from __future__ import annotations

import threading
from datetime import UTC, datetime, timedelta
from typing import Any

import anyio
import anyio.lowlevel
import pytest

from cloudrec.emulator import Clock, Emulator
from tests.emulator.conftest import until


def test_it_stands_still() -> None:
    """A clock shows the same moment however often it is asked."""
    clock = Clock()
    assert {clock.now() for _ in range(1000)} == {clock.now()}


@pytest.mark.parametrize("by", [90, 90.0, timedelta(minutes=1, seconds=30)])
def test_it_moves_by_seconds_and_by_timedelta(by: float | timedelta) -> None:
    """advance() takes both."""
    clock = Clock(datetime(2026, 5, 1, 12, tzinfo=UTC))
    clock.advance(by)
    assert clock.time == datetime(2026, 5, 1, 12, 1, 30, tzinfo=UTC)


def test_milliseconds_count() -> None:
    """A quarter of a second is one."""
    clock = Clock()
    before = clock.now()
    clock.advance(0.25)
    assert clock.now() - before == 250


@pytest.mark.parametrize("by", [-1, float("nan"), float("inf"), timedelta(seconds=-1)])
def test_it_never_goes_back(by: float | timedelta) -> None:
    """Back, nowhere and forever are refused."""
    with pytest.raises(ValueError, match="forward only"):
        Clock().advance(by)


def test_it_can_be_stopped_and_let_run() -> None:
    """Whoever sleeps by it goes on with the rest of the time, at the new speed; who watches it is called."""
    clock, watched, woken = Clock(), [], threading.Event()
    clock.watch(lambda: watched.append(clock.ticking))
    began = clock.now()

    def sleep() -> None:
        clock.sleep(3600)
        woken.set()

    thread = threading.Thread(target=sleep)
    thread.start()
    until(lambda: clock.next_due is not None)
    clock.run(speed=36_000)
    assert woken.wait(30)
    thread.join()
    assert clock.ticking
    clock.stand()
    assert clock.now() - began >= 3_600_000
    assert {clock.now() for _ in range(1000)} == {clock.now()}
    assert watched == [True, False]
    with pytest.raises(ValueError, match=r"^speed must be"):
        clock.run(0)


def test_async_sleepers_go_on_with_the_rest_of_the_time() -> None:
    """The same in an event loop."""
    clock = Clock()

    async def sleep() -> None:
        async with anyio.create_task_group() as group:
            group.start_soon(clock.sleep_async, 3600)
            while clock.next_due is None:
                await anyio.lowlevel.checkpoint()
            clock.run(speed=36_000)

    anyio.run(sleep)
    assert clock.ticking


def test_requests_are_counted_while_the_clock_runs_at_its_own_pace(caller_of: Any) -> None:
    """Where it stands, or runs fast, the eleventh request of a test would be refused however slowly it came."""
    emulator = Emulator(clock="real")
    caller = caller_of(emulator)

    def refused() -> int:
        return [caller.send("GET", "/v1/ncs/ip").status_code for _ in range(40)].count(429)

    emulator.clock.stand()
    assert refused() == 0
    emulator.clock.run(speed=60)
    assert refused() == 0
    emulator.clock.run()
    assert refused() > 0


def test_a_start_needs_a_time_zone() -> None:
    """A naive datetime is refused: nobody knows which moment it means."""
    with pytest.raises(ValueError, match="aware"):
        Clock(datetime(2026, 1, 1))  # noqa: DTZ001


def test_a_real_clock_shows_the_present_and_can_be_moved() -> None:
    """The real clock agrees with the machine's, and advance() works on it too."""
    clock = Clock.real()
    assert abs(clock.time - datetime.now(UTC)) < timedelta(seconds=5)
    clock.advance(3600)
    assert clock.time - datetime.now(UTC) > timedelta(minutes=59)
    assert clock.ticking
