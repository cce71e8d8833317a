"""Queries that many share, and connections that nobody has used for a while."""

from __future__ import annotations

import asyncio
import threading
import time
from collections.abc import Sequence
from typing import Any

import pytest
import sqlalchemy as sa

from cloudrec.emulator.emulator import DEFAULT_APP_ID
from cloudrec.errors import FleetDatabaseError
from cloudrec.fleet import _database as tables, _queries as queries
from cloudrec.fleet._database import Run
from cloudrec.fleet._queries import Together
from cloudrec.fleet._states import story_of
from cloudrec.fleet._store import Fenced, Store
from tests.fleet.support import PATIENCE, ask

ROW: dict[str, Any] = {"mode": "mix", "recipe": "{}", "until": None, "lasts": None, "restart": False}


class Asked:
    """Gives twice of what it is asked for, when it may."""

    def __init__(self) -> None:
        self.times: list[list[int]] = []
        self.may = asyncio.Event()

    async def __call__(self, wanted: Sequence[int]) -> list[int]:
        self.times.append(list(wanted))
        await self.may.wait()
        if 13 in wanted:
            raise FleetDatabaseError("database: away", retryable=True)
        return [2 * one for one in wanted]


async def test_all_who_wait_are_asked_for_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """Each gets its own; no more at once than may be; who is cancelled meanwhile is not asked for."""
    monkeypatch.setattr(queries, "_AT_ONCE", 3)
    asked = Asked()
    together = Together(asked)
    tasks = [asyncio.create_task(together(number)) for number in range(7)]
    await asyncio.sleep(0)
    await asyncio.sleep(0)
    tasks[5].cancel()
    asked.may.set()
    assert await asyncio.gather(*tasks[:5], tasks[6]) == [0, 2, 4, 6, 8, 12]
    assert asked.times == [[0, 1, 2], [3, 4, 6]]
    assert await together(9) == 18


async def test_what_fails_fails_for_each_of_them() -> None:
    """With an error of its own; and the next who asks is asked for anew."""
    asked = Asked()
    together = Together(asked)
    asked.may.set()
    failed = await asyncio.gather(together(1), together(13), together(2), return_exceptions=True)
    assert [str(error) for error in failed] == ["database: away"] * 3
    assert all(isinstance(error, FleetDatabaseError) and error.retryable for error in failed)
    assert len({id(error) for error in failed}) == 3
    assert await together(4) == 8

    async def fenced(wanted: Sequence[int]) -> list[int]:
        raise Fenced("taken for dead")

    with pytest.raises(Fenced, match="taken for dead"):
        await Together(fenced)(1)


def test_an_interrupt_ends_the_loop() -> None:
    """It is no failure, of which each who waits is told."""
    told: list[type[BaseException]] = []

    async def interrupted(wanted: Sequence[int]) -> list[int]:
        raise KeyboardInterrupt

    async def wait() -> None:
        try:
            await Together(interrupted)(1)
        except BaseException as error:
            told.append(type(error))
            raise

    with pytest.raises(KeyboardInterrupt):
        asyncio.run(wait())
    assert told == [asyncio.CancelledError]


async def test_nobody_waits_for_ever_when_the_asking_is_ended() -> None:
    """As at the end of an event loop."""
    asked = Asked()
    together = Together(asked)
    waiting = asyncio.create_task(together(1))
    for _ in range(3):
        await asyncio.sleep(0)
    later = asyncio.create_task(together(2))
    await asyncio.sleep(0)
    assert together._asking is not None
    together._asking.cancel()
    ended = await asyncio.wait_for(asyncio.gather(waiting, later, return_exceptions=True), PATIENCE)
    assert [type(error) for error in ended] == [asyncio.CancelledError] * 2


def store_with(database: str, keys: Sequence[str]) -> Store:
    store = Store(database, DEFAULT_APP_ID)
    store.prepare(10)
    for worker in ("first", "second"):
        store.join(worker, [])
    for key in keys:
        store.add({**ROW, "key": key, "cname": key}, again=False)
    assert len(store.admit(50, lambda _: frozenset())[0]) == len(keys)
    return store


def test_many_are_taken_over_at_once(database: str) -> None:
    """Each as if it were alone: counted, told in its story, and not where it is another run by now, or over."""
    store = store_with(database, [f"lesson-{number}" for number in range(6)])
    runs = [Run(f"lesson-{number}", 1) for number in range(6)]
    assert [row and row["worker"] for row in store.hold(runs[:5], "first")] == ["first"] * 5
    store.change(runs[1], "first", {"state": "done", "over_at": tables.NOW})
    store.let_go("first", "lesson-2")
    found = store.hold([*reversed(runs), Run("lesson-3", 2), Run("nobody", 1)], "second")
    assert [row and (row["key"], row["takeovers"], row["handovers"]) for row in found] == [
        ("lesson-5", 0, 0), ("lesson-4", 1, 0), ("lesson-3", 1, 0), ("lesson-2", 0, 1), None, ("lesson-0", 1, 0),
        None, None,
    ]  # fmt: skip
    counts = store.counts()
    assert (counts["takeovers"], counts["handovers"]) == (3, 1)
    rows = store.find(None, None, None, 10)
    told = {row["key"]: [change.what for change in story_of(row["story"]) if change.what != "state"] for row in rows}
    assert told == {
        "lesson-0": ["held", "taken over"], "lesson-1": ["held"], "lesson-2": ["held", "handed over"],
        "lesson-3": ["held", "taken over"], "lesson-4": ["held", "taken over"], "lesson-5": ["held"],
    }  # fmt: skip
    versions = [row and row["version"] for row in map(store.get, ("lesson-0", "lesson-5"))]
    # Again, by who has them: nothing is changed.
    store.hold([runs[0], runs[5]], "second")
    assert [row and row["version"] for row in map(store.get, ("lesson-0", "lesson-5"))] == versions
    store.take_from_dead("first", 1e9, ["second"], 30.0)
    with pytest.raises(Fenced):
        store.hold(runs, "second")
    with pytest.raises(Fenced):
        store.change(runs[0], "second", {"status": 5})
    row = store.get("lesson-0")
    assert row is not None
    assert (row["worker"], row["status"]) == ("second", None)
    store.close()


def test_who_lets_go_and_who_takes_over_do_not_lock_each_other_out(new_postgresql: Any) -> None:
    """Both lock many, in one order: none waits for what somebody has who waits for it."""
    database = new_postgresql()
    keys = ["c", "b", "a"]
    store = store_with(database, keys)
    store.hold([Run(key, 1) for key in keys], "first")
    leaves = threading.Thread(target=store.let_go, args=["first"])
    waits = "select count(*) from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'"
    with store._writing() as connection:
        store._locked(connection, "a")
        leaves.start()
        until = time.monotonic() + PATIENCE
        while ask(database, waits) != [(1,)]:
            assert time.monotonic() < until
        for key in ("b", "c"):
            store._locked(connection, key)
    leaves.join()
    assert [row["is_handed_over"] for row in store.find(None, None, None, 10)] == [True] * 3
    store.close()


def test_a_connection_that_has_rested_is_tried_first(new_postgresql: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    """It was ended by the server meanwhile. Of one that was used just now one hears, once."""
    database = new_postgresql()
    store = store_with(database, ["lesson"])
    other = sa.create_engine(sa.make_url(database).set(drivername="postgresql+psycopg"))

    def end_the_others() -> None:
        with other.begin() as connection:
            connection.execute(
                sa.text(
                    "select pg_terminate_backend(pid, 10000) from pg_stat_activity"
                    " where datname = current_database() and pid <> pg_backend_pid()"
                )
            ).all()

    monkeypatch.setattr(tables, "RESTS", -1.0)
    end_the_others()
    assert store.get("lesson") is not None
    monkeypatch.setattr(tables, "RESTS", 1000.0)
    end_the_others()
    with pytest.raises(FleetDatabaseError) as caught:
        store.get("lesson")
    assert caught.value.retryable
    assert store.get("lesson") is not None
    other.dispose()
    store.close()
