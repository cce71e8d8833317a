"""The blocking face: from threads, before and after a fork, with WSGI."""

from __future__ import annotations

import asyncio
import threading
import time
from collections.abc import Callable
from contextlib import ExitStack
from typing import Any

import dbos
import pytest

from cloudrec import MixRecipe
from cloudrec._io import forks
from cloudrec.emulator import Emulator
from cloudrec.errors import FleetError
from cloudrec.fleet import BlockingFleet, FleetRecording
from tests.fleet.support import PATIENCE, SECRET, STORAGE, client_of
from tests.forks.support import in_child, needs_fork

LESSON = MixRecipe(storage="lessons")


def blocking(emulator: Emulator, database: str) -> BlockingFleet:
    fleet = BlockingFleet(client_of(emulator), database, requests=1000)
    fleet.storage("lessons", STORAGE)
    return fleet


def until(look: Callable[[], Any]) -> Any:
    end = time.monotonic() + PATIENCE
    while not (found := look()):
        assert time.monotonic() < end
        time.sleep(0.02)
    return found


def is_in(fleet: BlockingFleet, key: str, state: str) -> Callable[[], FleetRecording | None]:
    def look() -> FleetRecording | None:
        found = fleet.get(key)
        return found if found is not None and found.state == state else None

    return look


def test_a_recording(emulator: Emulator, database: str) -> None:
    """Asked for by many threads, told by WSGI, seen by `watch`."""
    with blocking(emulator, database) as fleet:
        emulator.webhooks.send_to(fleet.webhooks(SECRET), secret=SECRET)
        asked: list[FleetRecording] = []
        threads = [threading.Thread(target=lambda: asked.append(fleet.record("lesson-42", LESSON))) for _ in range(4)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert {(one.key, one.run) for one in asked} == {("lesson-42", 1)}
        until(is_in(fleet, "lesson-42", "running"))
        assert [one.key for one in fleet.list(state="running")] == ["lesson-42"]
        assert fleet.counts()["running"] == 1
        changes = fleet.watch()
        threading.Timer(0.2, fleet.stop, ["lesson-42"]).start()
        assert next(one for one in changes if one.is_over).state == "done"
        changes.close()  # type: ignore[attr-defined]
        with pytest.raises(FleetError, match=r"no recording has this key"):
            fleet.stop("lesson-43")
        emulator.webhooks.flush()  # what comes later opens it again
    assert (len(emulator.recordings), emulator.running) == (1, ())
    assert threading.active_count() < 100
    assert "cloudrec-fleet-loop" not in [thread.name for thread in threading.enumerate()]


def test_who_waits_while_it_is_closed_is_told(
    emulator: Emulator, new_sqlite: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A web server's thread has a webhook for it, and waits for no end of what nobody goes on with."""
    waits, told = threading.Event(), list[str]()

    async def for_ever(_: object) -> None:
        waits.set()
        await asyncio.Event().wait()

    def ask() -> None:
        try:
            fleet.get("lesson-42")
        except FleetError as error:
            told.append(str(error))

    fleet = blocking(emulator, new_sqlite())
    monkeypatch.setattr(fleet._fleet, "get", for_ever)
    thread = threading.Thread(target=ask, daemon=True)
    thread.start()
    assert waits.wait(PATIENCE)
    fleet.close()
    thread.join(PATIENCE)
    assert told == ["fleet: it was closed meanwhile"]


@needs_fork
def test_made_before_a_fork_and_used_after(emulator: Emulator, database: str) -> None:
    """As gunicorn does with `--preload`: the parent has asked already; each process goes on by itself."""
    fleet = blocking(emulator, database)
    fleet.record("parent", LESSON)

    def use() -> str:
        fleet.record("child", LESSON)
        return f"{[one.key for one in fleet.list()]}"

    try:
        assert in_child(use) == "['parent', 'child']"
        assert [one.key for one in fleet.list()] == ["parent", "child"]
    finally:
        fleet.close()


def test_a_fork_waits_for_the_engine(emulator: Emulator, new_sqlite: Any) -> None:
    """Its threads may have locked SQLite, which would be locked in the child for ever."""
    may_fork = threading.Event()

    def fork_elsewhere() -> None:
        with ExitStack() as stack:
            for hold in list(forks._living(forks._held)):
                stack.enter_context(hold())
            may_fork.set()

    with blocking(emulator, new_sqlite()):
        with dbos._dbos._get_dbos_instance()._sys_db.engine.connect():
            thread = threading.Thread(target=fork_elsewhere)
            thread.start()
            assert not may_fork.wait(0.1)
        assert may_fork.wait(30)
        thread.join()


@needs_fork
def test_a_worker_forks(emulator: Emulator, database: str) -> None:
    """The child is no worker, and the parent goes on."""
    with blocking(emulator, database) as fleet:
        fleet.record("lesson-42", LESSON)
        until(is_in(fleet, "lesson-42", "running"))
        assert in_child(lambda: fleet.stop("lesson-42").stop_asked_at is not None) == "True"
        until(is_in(fleet, "lesson-42", "done"))


def test_in_a_loop_of_somebody_else(emulator: Emulator, database: str) -> None:
    """It works in a thread of its own, whatever the thread has that asks."""

    async def main() -> None:
        fleet = blocking(emulator, database)
        assert fleet.get("lesson-42") is None
        fleet.close()
        fleet.close()

    asyncio.run(main())
