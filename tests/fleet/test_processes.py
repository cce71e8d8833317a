"""Workers that are processes: killed, stopped for a while, many at once."""

from __future__ import annotations

import signal
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from typing import Any

import pytest

from cloudrec import MixRecipe
from cloudrec.emulator import Emulator
from cloudrec.emulator.emulator import DEFAULT_APP_ID
from cloudrec.errors import FleetDatabaseError
from cloudrec.fleet import _database as tables
from cloudrec.fleet._order import order
from cloudrec.fleet._recorded import Recorded
from cloudrec.fleet._store import Store
from tests.fleet.support import Process, ask, eventually, fleet_of, processes, reaches

LESSON = MixRecipe(storage="lessons", files=["hls", "mp4"])


@pytest.fixture
def fast() -> Iterator[Emulator]:
    """The service, a minute in each second."""
    with Emulator(clock="real", speed=60) as running:
        yield running


async def test_a_worker_that_is_killed(fast: Emulator, database: str) -> None:
    """Another one, which was there or comes, goes on with what it held, and with what it had not begun."""
    asking = fleet_of(fast, database)
    first = Process(fast, database)
    with processes(first):
        await first.ready()
        for number in range(3):
            await asking.record(f"lesson-{number}", LESSON)
        for number in range(3):
            await reaches(asking, f"lesson-{number}", "running")
        await asking.record("lesson-3", LESSON)
        first.kill()
        await asking.stop("lesson-0")
        second = Process(fast, database)
        with processes(second):
            for number in (1, 2, 3):
                await eventually(lambda number=number: _is_held(asking, number, second.pid))  # type: ignore[misc]
                await asking.stop(f"lesson-{number}")
            for number in range(4):
                await reaches(asking, f"lesson-{number}", "done")
            counts = await asking.counts()
            assert counts["takeovers"] >= 3
            assert counts["handovers"] == 0
            assert second.end() == 0
    await asking.aclose()
    assert (len(fast.recordings), fast.running) == (4, ())


async def _is_held(fleet: Any, number: int, pid: int) -> bool:
    found = await fleet.get(f"lesson-{number}")
    return f":{pid}:" in (found.worker or "")


async def test_a_worker_that_stands_still(fast: Emulator, database: str) -> None:
    """It is taken for dead. When it goes on it does nothing more for what others hold, and joins anew."""
    asking = fleet_of(fast, database)
    first = Process(fast, database, dead_after=1.0)
    with processes(first):
        await first.ready()
        await asking.record("lesson-0", LESSON)
        await reaches(asking, "lesson-0", "running")
        await _stand_still(first, database)
        second = Process(fast, database, dead_after=1.0)
        with processes(second):
            await eventually(lambda: _is_held(asking, 0, second.pid))
            first.signal(signal.SIGCONT)
            await eventually(lambda: _two_work(database, first.pid, second.pid))
            await asking.stop("lesson-0")
            await reaches(asking, "lesson-0", "done")
    await asking.aclose()
    assert (len(fast.recordings), fast.running) == (1, ())


async def _stand_still(process: Process, database: str) -> None:
    """Stops it, and not while it writes: nobody could write to SQLite until it goes on."""
    while True:
        process.signal(signal.SIGSTOP)
        if not database.startswith("sqlite"):
            return
        with closing(sqlite3.connect(database.removeprefix("sqlite:///"), timeout=0)) as connection:
            try:
                connection.execute("begin immediate")
            except sqlite3.OperationalError:
                process.signal(signal.SIGCONT)
            else:
                return


async def _two_work(database: str, *pids: int) -> bool:
    names = [row.worker for row in ask(database, "select worker from cloudrec_workers where taken_at is null")]
    return all(any(f":{pid}:" in name for name in names) for pid in pids)


async def test_the_limit_is_that_of_all_processes(database: str) -> None:
    """Nothing is ever answered 429, however many workers there are."""
    with Emulator(clock="real", rate_limit=30) as emulator:
        asking = fleet_of(emulator, database)
        options: dict[str, Any] = {"speed": 20, "requests": 30}
        workers = [Process(emulator, database, **options) for _ in range(2)]
        with processes(*workers):
            keys = [f"lesson-{number}" for number in range(12)]
            for key in keys:
                await asking.record(key, LESSON)
            for key in keys:
                await reaches(asking, key, "running")
                await asking.stop(key)
            rows = [await reaches(asking, key, "done") for key in keys]
        counts = await asking.counts()
        await asking.aclose()
        assert [call for call in emulator.calls if call.handled == 429] == []
        # Each request was counted, by whoever it was sent.
        assert counts["requests"] >= len(emulator.calls) >= 3 * len(keys)
        assert len(emulator.recordings) == len(keys)
        assert {row.worker for row in rows} != {None}


async def test_newer_code_goes_on_with_what_older_code_began(
    emulator: Emulator, database: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Its steps as they were then; what is begun after the change, with the steps of now."""
    async with fleet_of(emulator, database) as fleet:
        await fleet.record("older", LESSON)
        await reaches(fleet, "older", "running")
    before, new = Recorded._live_once, []

    async def live_once(self: Recorded, part: int, *found: Any) -> bool:
        if await self._engine.changed("noted"):

            async def note() -> None:
                new.append(self.key)

            await self._engine.step("note", note)
        return await before(self, part, *found)

    monkeypatch.setattr(Recorded, "_live_once", live_once)
    async with fleet_of(emulator, database) as fleet:
        await fleet.record("newer", LESSON)
        await reaches(fleet, "newer", "running")
        for key in ("older", "newer"):
            await fleet.stop(key)
            await reaches(fleet, key, "done")
    assert set(new) == {"newer"}
    assert (len(emulator.recordings), emulator.running) == (2, ())


def test_who_stands_still_in_a_transaction_holds_up_nobody(
    new_postgresql: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    """PostgreSQL ends it, and what it had locked is free; it is told when it goes on."""
    monkeypatch.setattr(tables, "STANDS_STILL", 300)
    url = new_postgresql()
    stands_still, goes_on = Store(url, DEFAULT_APP_ID), Store(url, DEFAULT_APP_ID)
    row = order("lesson-42", LESSON, None, None, None, {}, restart=False, now=0.0)
    goes_on.add(row, again=False)

    def stand_still() -> None:
        with stands_still._writing() as connection:
            stands_still._locked(connection, "lesson-42")
            assert goes_on.ask_to_stop("lesson-42") is not None
            stands_still._row(connection, "lesson-42")

    with pytest.raises(FleetDatabaseError, match=r"idle-in-transaction timeout") as caught:
        stand_still()
    assert caught.value.retryable
    found = goes_on.get("lesson-42")
    assert found is not None
    assert found["state"] == "done"
    stands_still.close()
    goes_on.close()
