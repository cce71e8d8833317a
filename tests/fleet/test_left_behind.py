"""What a fleet would lose without a hand: recordings of workers that are gone, and keys that were removed."""

from __future__ import annotations

import asyncio
import io
import json
import logging
import sqlite3
import time
from collections.abc import Mapping
from contextlib import closing
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from cloudrec import MixRecipe
from cloudrec._call.line import Ticket, Urgency
from cloudrec._io._async.waiting import LinkedEvent
from cloudrec.emulator import Emulator, Fault
from cloudrec.emulator.emulator import DEFAULT_APP_ID
from cloudrec.errors import ConfigurationError, FleetDatabaseError
from cloudrec.fleet import (
    _catching_up as catching_up,
    _engine as engine,
    _entry as entry,
    _recorded as recorded,
    _starting as starting,
    _worker as worker,
)
from cloudrec.fleet._database import Run
from cloudrec.fleet._store import Fenced, Store
from tests.fleet.support import PATIENCE, ask, client_of, eventually, fleet_of, reaches

LESSON = MixRecipe(storage="lessons")


async def test_a_key_that_was_removed_begins_with_its_first_run(emulator: Emulator, database: str) -> None:
    """The engine has forgotten each run of it, and not only the last."""
    async with fleet_of(emulator, database, keep=1e9) as fleet:
        for again in (False, True):
            await fleet.record("lesson-42", LESSON, again=again)
            await reaches(fleet, "lesson-42", "running")
            await fleet.stop("lesson-42")
            await reaches(fleet, "lesson-42", "done")
    async with fleet_of(emulator, database, keep=0.01) as fleet:
        await eventually(lambda: _is_gone(fleet))
    async with fleet_of(emulator, database) as fleet:
        assert (await fleet.record("lesson-42", LESSON)).run == 1
        await reaches(fleet, "lesson-42", "running")
        await fleet.stop("lesson-42")
        await reaches(fleet, "lesson-42", "done")
    assert len(emulator.recordings) == 3


async def _is_gone(fleet: Any) -> bool:
    return await fleet.get("lesson-42") is None


def test_who_was_taken_for_dead_is_given_nothing(database: str) -> None:
    """Nobody would look for it there."""
    store = Store(database, DEFAULT_APP_ID)
    store.prepare(10)
    for name in ("living", "dead"):
        store.join(name, [])
    row = {"key": "lesson-42", "cname": "lesson-42", "mode": "mix", "recipe": "{}", "until": None, "lasts": None}
    store.add({**row, "restart": False}, again=False)
    assert store.admit(50, lambda recipe: frozenset()) == ([Run("lesson-42", 1)], {})
    store.remove_worker("dead")
    with pytest.raises(Fenced, match="worker dead was taken for dead"):
        store.hold([Run("lesson-42", 1)], "dead")
    [held] = store.hold([Run("lesson-42", 1)], "living")
    assert held is not None
    assert held["worker"] == "living"
    assert store.left_behind(0.0) == ([], [])
    store.remove_worker("living")
    assert store.left_behind(0.0) == ([], [Run("lesson-42", 1)])
    store.close()


async def test_what_is_held_by_nobody_that_is_there(emulator: Emulator, database: str) -> None:
    """A worker that was taken for dead took one up again, and died before it knew: whoever is there goes on with it."""
    async with fleet_of(emulator, database) as fleet:
        await fleet.record("lesson-42", LESSON)
        before = await reaches(fleet, "lesson-42", "running")
    ask(database, "delete from cloudrec_workers")
    schema = "dbos." if database.startswith("postgresql") else ""
    gone = f"status = 'PENDING', executor_id = '{before.worker}'"
    ask(database, f"update {schema}workflow_status set {gone} where workflow_uuid = 'lesson-42#1'")
    async with fleet_of(emulator, database) as fleet:
        await fleet.stop("lesson-42")
        done = await reaches(fleet, "lesson-42", "done")
    assert done.worker != before.worker
    assert (len(emulator.recordings), emulator.running) == (1, ())


async def test_a_worker_lives_while_it_takes_over(
    emulator: Emulator, database: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """That of thousands takes longer than a sign of life may be away, and so may all else that it asks."""
    began, goes_on = asyncio.Event(), asyncio.Event()

    async def slow(self: Any, dead: str) -> None:
        began.set()
        await goes_on.wait()

    monkeypatch.setattr(worker.Worker, "_take_over", slow)
    fleet = fleet_of(emulator, database)
    await fleet.counts()
    ask(database, "insert into cloudrec_workers (worker, names, seen_at) values ('dead', '[]', 0)")

    def seen() -> float:
        [(seen_at,)] = ask(database, "select seen_at from cloudrec_workers where worker <> 'dead'")
        return float(seen_at)

    async with fleet:
        await began.wait()
        for _ in range(2):
            before = seen()

            async def is_later(before: float = before) -> bool:
                return seen() > before

            await eventually(is_later)
        goes_on.set()


async def test_what_cannot_be_handed_on_at_once(
    emulator: Emulator, database: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Something goes wrong, and then the engine, too: the recording is gone on with when that is well again."""
    goes_wrong, move = [ValueError("a fault of ours"), OSError("the engine's database")], engine.Engine.move
    acquire = recorded.Recorded._acquire

    async def wrong(self: Any, part: int) -> Any:
        if len(goes_wrong) == 2:
            raise goes_wrong.pop(0)
        return await acquire(self, part)

    async def away(self: Any, ids: Any) -> None:
        if len(goes_wrong) == 1:
            raise goes_wrong.pop(0)
        await move(self, ids)

    monkeypatch.setattr(recorded.Recorded, "_acquire", wrong)
    monkeypatch.setattr(engine.Engine, "move", away)
    async with fleet_of(emulator, database) as fleet:
        await fleet.record("lesson-42", LESSON)
        await reaches(fleet, "lesson-42", "running")
    assert goes_wrong == []


async def test_what_goes_wrong_between_two_steps(
    emulator: Emulator, database: str, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    """Where others are written down already: it is handed on at once all the same, and gone on with."""
    async with fleet_of(emulator, database) as fleet:
        await fleet.record("lesson-42", LESSON)
        await reaches(fleet, "lesson-42", "running")
    goes_wrong, is_able = [ValueError("a fault of ours")], recorded.Recorded._is_able

    async def wrong(self: Any) -> None:
        if goes_wrong:
            raise goes_wrong.pop()
        await is_able(self)

    monkeypatch.setattr(recorded.Recorded, "_is_able", wrong)
    async with fleet_of(emulator, database) as fleet:
        await fleet.stop("lesson-42")
        await reaches(fleet, "lesson-42", "done")
    assert goes_wrong == []
    assert [line for line in caplog.messages if "cannot be handed on" in line] == []
    assert (len(emulator.recordings), emulator.running) == (1, ())


def test_machines_of_the_same_name(monkeypatch: pytest.MonkeyPatch) -> None:
    """The number of a process tells nothing of one of another machine: all have the same first name space."""
    read = worker.Path.read_text
    here = worker._place()

    def of_another(path: Any, *given: Any, **words: Any) -> str:
        return "another-machine" if path.name == "boot_id" else read(path, *given, **words)

    monkeypatch.setattr(worker.Path, "read_text", of_another)
    assert worker._place() != here


async def test_a_later_part_that_nobody_can_know(emulator: Emulator, database: str) -> None:
    """It is looked after for as long as it can run itself, however long ago the first part began."""
    async with fleet_of(emulator, database) as fleet:
        await fleet.record("lesson-42", LESSON, restart=True)
        await reaches(fleet, "lesson-42", "running")
        ask(database, "update cloudrec_recordings set begun_at = begun_at - 400000")
        emulator.fail("start", Fault.drop(after_effect=True), times=1)
        emulator.crash(emulator.running[0].sid)
        await reaches(fleet, "lesson-42", "unknown")
        await fleet.stop("lesson-42")  # which has it looked at
        assert (await reaches(fleet, "lesson-42", "unknown", "done")).state == "unknown"
        emulator.clock.advance(73 * 3600)
        ask(database, "update cloudrec_recordings set stop_at = null")
        await fleet.stop("lesson-42")
        assert len(emulator.recordings) == 2


async def test_an_engine_that_cannot_begin(emulator: Emulator, database: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Told in words of ours, without what was said of the address; the client goes on at its own pace."""

    def refused() -> None:
        raise RuntimeError("no right to make a schema in postgresql://user:password-canary@host/database")

    monkeypatch.setattr(engine.DBOS, "launch", refused)
    client = client_of(emulator)
    fleet = fleet_of(emulator, database)
    fleet._client = client
    before = client._session.settings
    with pytest.raises(FleetDatabaseError, match=r"DBOS cannot use it \(RuntimeError\)") as raised:
        await fleet.__aenter__()
    assert "canary" not in str(raised.value)
    assert client._session.settings is before
    assert (await fleet.counts())["workers"] == 0
    await fleet.aclose()


async def test_a_console_that_was_closed_since(emulator: Emulator, database: str) -> None:
    """DBOS logs to what was the standard error when it was imported, as in a test whose output was captured."""
    console = logging.StreamHandler(io.TextIOWrapper(io.BytesIO(), encoding="utf-8"))
    console.name = "__dbos_console_log_handler__"
    console.stream.close()
    logging.getLogger("dbos").addHandler(console)
    try:
        async with fleet_of(emulator, database) as fleet:
            assert (await fleet.counts())["workers"] == 1
    finally:
        logging.getLogger("dbos").removeHandler(console)


def test_a_password_in_the_query_of_an_address(emulator: Emulator) -> None:
    store = Store("postgresql://host/fleet?password=canary&sslmode=require", DEFAULT_APP_ID)
    assert repr(store) == "postgresql+psycopg://host/fleet"
    assert "canary" in store.engine_url
    store.close()


async def test_a_mode_that_is_none(emulator: Emulator, database: str) -> None:
    fleet = fleet_of(emulator, database)
    with pytest.raises(ConfigurationError, match=r"^mode: 'mixed' \(must be one of individual, raw, mix, web\)"):
        await fleet.list(mode="mixed")
    assert await fleet.list(mode="mix") == []
    await fleet.aclose()


def test_what_is_over_is_forgotten_before_it_is_removed(database: str) -> None:
    """Who dies between the two is followed by one who finds it again; what is recorded again meanwhile stays."""
    store = Store(database, DEFAULT_APP_ID)
    store.prepare(10)
    row = {"key": "lesson-42", "cname": "lesson-42", "mode": "mix", "recipe": "{}", "until": None, "lasts": None}
    row["restart"] = False
    store.add(row, again=False)
    store.ask_to_stop("lesson-42")
    assert store.old(-1.0) == store.old(-1.0) == [Run("lesson-42", 1)]
    store.add(row, again=True)
    store.remove([Run("lesson-42", 1)])
    assert store.get("lesson-42") is not None
    store.ask_to_stop("lesson-42")
    store.remove([Run("lesson-42", 2)])
    assert store.get("lesson-42") is None
    store.close()


def test_no_process_is_asked_for_on_windows(monkeypatch: pytest.MonkeyPatch) -> None:
    """What asks elsewhere is Ctrl-C there, for every process of the console."""
    asked: list[tuple[int, int]] = []

    def kill(process: int, number: int) -> None:
        asked.append((process, number))
        raise ProcessLookupError

    monkeypatch.setattr(worker.os, "kill", kill)
    assert not worker._lives("12345:ab")
    monkeypatch.setattr(worker, "IS_WINDOWS", True)
    assert worker._lives("12345:ab")
    assert asked == [(12345, 0)]


def test_an_old_sqlite_has_parts_of_a_second(tmp_path: Path) -> None:
    """As DBOS asks for them from Python 3.12 on: in a statement, and where a column is left out."""
    assert "connect_args" not in engine._connecting("postgresql://u:p@h/d", (3, 40, 1))
    assert engine._connecting("sqlite:///f", (3, 42, 0)) == {}
    given = engine._connecting("sqlite:///fleet.db", (3, 41, 2))["connect_args"]
    before = time.time()
    with closing(sqlite3.connect(tmp_path / "fleet.db", **given)) as database:
        database.execute("CREATE TABLE t (a, at INTEGER NOT NULL DEFAULT (unixepoch('subsec') * 1000))")
        database.execute("INSERT INTO t (a) VALUES (1)")
        [[default, now]] = database.execute("SELECT at, CAST(unixepoch('subsec') * 1000 AS INTEGER) FROM t")
        assert before * 1000 - 1 <= default <= now + 1 <= time.time() * 1000 + 2
        with pytest.raises(sqlite3.OperationalError):
            database.execute("SELECT unixepoch('2026-01-01')")


@pytest.mark.parametrize("endpoint", ["query", "stop"])
async def test_a_404_is_waited_for_no_longer_by_each_worker(emulator: Emulator, database: str, endpoint: str) -> None:
    """They are believed when they have come for half a minute, however often another worker goes on with it."""
    waits: list[float] = []
    is_gone = False

    async def wait(seconds: float) -> None:
        if seconds >= 1:  # and not for the pace
            waits.append(seconds)
        await asyncio.sleep(3600 if is_gone else 0)
        emulator.clock.advance(seconds)

    async def is_not_found(seconds: int) -> bool:
        """So many seconds are gone since, of those that nobody waited for here."""
        [(written,)] = ask(database, "select parts from cloudrec_recordings")
        [part] = json.loads(written)
        if part.get("not_found_since") is None:
            return False
        part["not_found_since"] -= seconds
        ask(database, f"update cloudrec_recordings set parts = '{json.dumps(part).join('[]')}'")
        return True

    fleets = [fleet_of(emulator, database) for _ in range(3)]
    for fleet in fleets:
        fleet._client = client_of(emulator, wait=wait)
    async with fleets[0] as fleet:
        await fleet.record("lesson-42", LESSON)
        await reaches(fleet, "lesson-42", "running")
        waits.clear()
        is_gone = True
        emulator.fail(["query", "stop"], Fault.status(404, 404, "failed to find worker"))
        if endpoint == "stop":
            await fleet.stop("lesson-42")
        await eventually(lambda: is_not_found(6), 10)
    async with fleets[1]:
        # Asked again by this one, and not for the first time.
        await eventually(lambda: _are(waits, 2))
        await is_not_found(30)
    async with fleets[2] as fleet:
        done = await reaches(fleet, "lesson-42", "done", within=10)
    assert len(waits) == 2
    assert waits[1] != waits[0] == 5.0
    assert bool(done.parts[0].causes) == (endpoint == "query")


async def _are(found: list[Any], number: int) -> bool:
    return len(found) == number


def _recorded(**session: Any) -> recorded.Recorded:
    """One with a session of the test's, and nothing else."""
    nothing: Any = None
    given: Any = SimpleNamespace(**session)
    return recorded.Recorded(
        Run("lesson-42", 1), worker="one", store=nothing, session=given,
        engine=nothing, secrets={}, token=None, upload_within=1, query=nothing, hold=nothing, events_of=nothing,
        catching_up=nothing,
    )  # fmt: skip


async def test_who_gets_news_asks_no_more() -> None:
    """It stands in line no longer, either; whoever has none asks when it is its turn."""
    left: list[object] = []
    asked: list[object] = []
    is_turn = asyncio.Event()

    async def turn(ticket: Ticket, until: LinkedEvent) -> None:
        if not is_turn.is_set():
            await until.sleep(PATIENCE)

    async def ask(ticket: Ticket) -> None:
        asked.append(ticket)

    one = _recorded(turn=turn, leave=left.append)
    recording: Any = SimpleNamespace(_ending=LinkedEvent(None))
    waits = asyncio.create_task(one._asked(ask, recording, Urgency.WATCH))
    await asyncio.sleep(0)
    one.news.rang.set()
    async with asyncio.timeout(PATIENCE / 2):
        await waits
        await one._asked(ask, recording, Urgency.WATCH)
    assert (asked, len(left)) == ([], 2)
    one.news.rang.clear()
    is_turn.set()
    await one._asked(ask, recording, Urgency.WATCH)
    assert asked == left[2:]
    assert one.news.rang._calls == ()


async def test_many_catch_up_a_few_at_a_time_when_all_have_come(monkeypatch: pytest.MonkeyPatch) -> None:
    """None while others come in, unless that goes on for too long; whoever gives up leaves its place to the next."""
    monkeypatch.setattr(catching_up, "CATCH_UP", 2)
    monkeypatch.setattr(catching_up, "QUIET", 3600.0)
    monkeypatch.setattr(catching_up, "LONGEST", 3600.0)
    all_of_them = catching_up.CatchingUp()
    all_of_them.comes()
    begun: list[int] = []

    async def catch_up(number: int) -> None:
        await all_of_them.begin()
        begun.append(number)

    tasks = [asyncio.create_task(catch_up(number)) for number in range(4)]
    await asyncio.sleep(0.01)
    assert begun == []
    tasks[0].cancel()
    tasks[1].cancel()
    monkeypatch.setattr(catching_up, "QUIET", 0.0)
    async with asyncio.timeout(PATIENCE):
        await asyncio.wait(tasks[2:])
        assert begun == [2, 3]
        all_of_them.end()
        monkeypatch.setattr(catching_up, "QUIET", 3600.0)
        monkeypatch.setattr(catching_up, "LONGEST", 0.0)
        await catch_up(4)


async def test_what_waits_to_catch_up_is_let_go_of_by_who_leaves() -> None:
    """Not brought to where it was first, one after the other; and the next one has its place."""
    one = _recorded()
    row = dict.fromkeys(entry._KEPT) | {"recipe": '{"version": 1}'}

    async def hold(run: Run) -> Mapping[str, Any]:
        return row

    one._take_hold, one._catching_up = hold, catching_up.CatchingUp()
    one.news.is_leaving = True
    with pytest.raises(asyncio.CancelledError, match="handed over to another worker"):
        await one.live()
    assert one._catching_up._places._value == catching_up.CATCH_UP


async def test_a_pause_is_no_longer_by_each_worker(monkeypatch: pytest.MonkeyPatch) -> None:
    """What ends soon each time is begun anew so many seconds after its end, and not after it was taken over."""
    monkeypatch.setattr(starting, "PAUSES", (0.0, 30.0))
    waits: list[float] = []

    async def wait(self: Any, seconds: float) -> None:
        waits.append(seconds)

    monkeypatch.setattr(entry.News, "wait", wait)
    one = _recorded(wall=lambda: 1000.0)
    for started_at in (970.0, 900.0, 500.0):
        one._row = {"parts": json.dumps([{"handle": {"started_at": started_at}, "lasted": 20.0}])}
        await one._pause(1)
    assert waits == [20.0, -50.0, -450.0]


async def test_what_comes_back_to_who_leaves_is_not_told(
    emulator: Emulator, database: str, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    """Where no other worker is there, its own engine takes up again what it hands over, and is ended meanwhile."""
    stop, run = engine.Engine.stop, worker.Worker._run
    leaves, came_back = False, asyncio.Event()

    async def running(self: Any, id_: str) -> None:
        if leaves:
            came_back.set()
        await run(self, id_)

    async def stopping(self: Any) -> None:
        await asyncio.wait_for(came_back.wait(), PATIENCE)
        await stop(self)

    monkeypatch.setattr(worker.Worker, "_run", running)
    monkeypatch.setattr(engine.Engine, "stop", stopping)
    async with fleet_of(emulator, database) as fleet:
        keys = [f"lesson-{number}" for number in range(4)]
        for key in keys:
            await fleet.record(key, LESSON)
        for key in keys:
            await reaches(fleet, key, "running")
        caplog.clear()
        leaves = True
    assert [record.message for record in caplog.records if record.levelno >= logging.WARNING] == []


async def test_a_bell_wakes_all_who_wait() -> None:
    """Once it has rung, nobody waits until that was heard; who gave up waiting leaves nothing behind."""
    bell = entry.Bell()
    async with asyncio.timeout(PATIENCE):
        waiting = [asyncio.create_task(bell.wait(*given)) for given in ((), (3600.0,), ())]
        await asyncio.sleep(0)
        waiting[2].cancel()
        bell.set()
        await asyncio.wait(waiting)
        assert [each.cancelled() for each in waiting] == [False, False, True]
        await bell.wait()
        bell.clear()
        assert not bell.is_set()
        await bell.wait(-1.0)
    assert bell._calls == ()
