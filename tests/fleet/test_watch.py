"""`watch`: each change once, in whichever order they come to be seen."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, Callable
from contextlib import asynccontextmanager
from typing import Any

import pytest

from cloudrec import MixRecipe
from cloudrec.emulator import Emulator
from cloudrec.emulator.emulator import DEFAULT_APP_ID
from cloudrec.fleet import Fleet, FleetRecording, _seen as seen_module, _store as store_module
from cloudrec.fleet._store import Store
from tests.fleet.support import PATIENCE, eventually, fleet_of, reaches

LESSON = MixRecipe(storage="lessons")
Next = Callable[[], Any]


@asynccontextmanager
async def watching(fleet: Fleet, monkeypatch: pytest.MonkeyPatch) -> AsyncGenerator[tuple[Next, list[int]], None]:
    """What gives the next change, and the pages that were looked at: it has looked for the first time."""
    changes, looks, look = fleet.watch(), [0], fleet._store.changes

    def counted(page: Any) -> Any:
        looks[0] += 1
        return look(page)

    monkeypatch.setattr(fleet._store, "changes", counted)
    asking = asyncio.ensure_future(changes.__anext__())

    async def following() -> FleetRecording:
        nonlocal asking
        one = await asyncio.wait_for(asking, PATIENCE)
        asking = asyncio.ensure_future(changes.__anext__())
        return one

    try:
        await eventually(lambda: _is(looks, 2))
        yield following, looks
    finally:
        asking.cancel()
        await asyncio.gather(asking, return_exceptions=True)
        await changes.aclose()


async def _is(looks: list[int], number: int) -> bool:
    return looks[0] >= number


async def test_changes_are_seen(emulator: Emulator, database: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Each state in turn, and nothing of before."""
    async with fleet_of(emulator, database) as fleet:
        await fleet.record("before", LESSON, until=0.05)
        await reaches(fleet, "before", "done")
        seen: list[FleetRecording] = []
        async with watching(fleet, monkeypatch) as (following, _):
            await fleet.record("lesson-42", LESSON, until=0.3)
            while not seen or not seen[-1].is_over:
                seen.append(await following())
    assert {one.key for one in seen} == {"lesson-42"}
    assert len({one.version for one in seen}) == len(seen)
    assert "running" in [one.state for one in seen]


async def test_a_change_that_takes_long_is_seen(
    emulator: Emulator, new_postgresql: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It has its number and its time before others that are at their end sooner; these are told at once, and once."""
    database = new_postgresql()
    fleet, other = fleet_of(emulator, database), Store(database, DEFAULT_APP_ID)
    for key in ("slow", "quick", "quicker"):
        await fleet.record(key, LESSON)
    async with watching(fleet, monkeypatch) as (following, looks):
        with other._writing() as connection:
            other._change(
                connection, store_module.recordings.c.key == "slow", {"status": 5}, other._time(connection) - 60
            )
            for key in ("quick", "quicker"):
                await fleet.stop(key)
                assert (await following()).key == key
            before = looks[0]
            await eventually(lambda: _is(looks, before + 3))
        slow = await following()
        assert (slow.key, slow.status) == ("slow", 5)
        await fleet.stop("slow")
        assert (await following()).version == slow.version + 1
    other.close()
    await fleet.aclose()


async def test_many_changes_at_once_are_seen_in_parts(
    emulator: Emulator, database: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What is looked at is never more than a page."""
    monkeypatch.setattr(seen_module, "AT_A_TIME", 2)
    fleet = fleet_of(emulator, database)
    keys = [f"lesson-{number}" for number in range(7)]
    async with watching(fleet, monkeypatch) as (following, looks):
        before = looks[0]
        with fleet._store._writing() as connection:
            connection.execute(store_module.recordings.insert(), [_row(key) for key in keys])
            for key in keys:
                fleet._store._change(connection, store_module.recordings.c.key == key, {}, 0.0)
        assert [(await following()).key for _ in keys] == keys
        assert looks[0] - before >= 4
        await fleet.stop("lesson-3")
        assert (await following()).key == "lesson-3"
    await fleet.aclose()


def _row(key: str) -> dict[str, Any]:
    return {
        "key": key, "run": 1, "cname": key, "mode": "mix", "recipe": "{}", "restart": False, "state": "waiting",
        "parts": "[]", "asked_at": 0.0, "changed_at": 0.0, "change": 0, "takeovers": 0, "version": 1,
    }  # fmt: skip
