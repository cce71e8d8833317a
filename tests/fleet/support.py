"""What the tests of fleets share: databases, workers in this process and in others, and who waits for what."""

from __future__ import annotations

import asyncio
import os
import signal
import time
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from multiprocessing.connection import Connection
from typing import Any

import sqlalchemy as sa

from cloudrec import AsyncCloudRecording, BasicAuth
from cloudrec.emulator import Emulator
from cloudrec.fleet import (
    Fleet,
    FleetRecording,
    _catching_up as catching_up,
    _engine as engine,
    _entry as entry,
    _fleet as fleet_module,
    _recorded as recorded,
    _starting as starting,
    _worker as worker,
)
from tests.forkserver import processes as forked

# Secrets, each of which must be found nowhere.
STORAGE: dict[str, Any] = {
    "vendor": 1, "region": 7, "bucket": "lessons", "accessKey": "AK-canary-1c9f", "secretKey": "SK-canary-77ab",
}  # fmt: skip
STS: dict[str, Any] = {**STORAGE, "stsToken": "STS-canary-4e02"}
TOKEN = "006token-canary-90d1"
SECRET = "webhook-canary-3f5b"
CUSTOMER_SECRET = "customer-canary-e81c"
CANARIES = ("AK-canary", "SK-canary", "STS-canary", "006token-canary", "webhook-canary", "customer-canary")

# Seconds after which what is waited for is given up. Many of these run beside each other.
PATIENCE = 40.0

QUICK: tuple[tuple[Any, str, Any], ...] = (
    (engine, "_LOOK", 0.04),
    (engine, "_LISTENS", 0.02),
    (worker, "LOOK", 0.03),
    (worker, "BEAT", 0.2),
    (worker, "TIDY", 0.15),
    (catching_up, "QUIET", 0.01),
    (worker, "LEFT_BEHIND", 1.0),
    (worker, "MENDED_AFTER", 0.1),
    (recorded, "MENDED_AFTER", 0.1),
    (entry, "AGAIN_AFTER", (0.05,)),
    (starting, "PAUSES", (0.0, 0.05)),
    (recorded, "WATCH_INTERVAL", 0.3),
    (recorded, "ASK_IN_CASE", 0.3),
    (recorded, "TOGETHER", 0.05),
    (fleet_module, "_WATCH", 0.02),
)
"""Times that a test need not wait for."""


def quicken(change: Callable[[Any, str, Any], object] = setattr) -> None:
    """Has everything that waits for a while wait for a moment."""
    for module, name, value in QUICK:
        assert hasattr(module, name), name
        change(module, name, value)


def client_of(emulator: Emulator, **options: Any) -> AsyncCloudRecording:
    """A client whose longer waits move the emulator's clock, and take no time."""

    async def wait(seconds: float) -> None:
        if seconds < 1:
            await asyncio.sleep(seconds)  # it is the pace, which is of real time
        else:
            await asyncio.sleep(0)
            emulator.clock.advance(seconds)

    own: dict[str, Any] = {"base_url": emulator.urls, "clock": emulator.clock.seconds, "wait": wait}
    return AsyncCloudRecording(emulator.app_id, emulator.credential, **own | options)


class ClosingFleet(Fleet):
    """Closes its client, too."""

    emulator: Emulator

    async def aclose(self) -> None:
        # What is still on its way to it would open a database that it has closed.
        await asyncio.to_thread(self.emulator.webhooks.flush)
        await super().aclose()
        await self._client.aclose()


def fleet_of(emulator: Emulator, database: str, storage: Any = STORAGE, **options: Any) -> Fleet:
    """A fleet in this process, which has a storage."""
    fleet = ClosingFleet(client_of(emulator), database, **{"requests": 1000} | options)
    fleet.emulator = emulator
    fleet.storage("lessons", storage)
    return fleet


async def eventually(look: Callable[[], Awaitable[Any]], within: float = PATIENCE) -> Any:
    """What it gives when that is true at last."""
    async with asyncio.timeout(within):
        while not (found := await look()):  # noqa: ASYNC110 - it is done elsewhere, in other processes
            await asyncio.sleep(0.02)
    return found


async def reaches(fleet: Fleet, key: str, *states: str, within: float = PATIENCE) -> FleetRecording:
    """The recording, when it is in one of these states."""
    last: FleetRecording | None = None

    async def look() -> FleetRecording | None:
        nonlocal last
        last = await fleet.get(key)
        return last if last is not None and last.state in states else None

    try:
        found: FleetRecording = await eventually(look, within)
    except TimeoutError:
        raise AssertionError(f"{key} never came to {states}; it is {last}") from None
    return found


def texts_in(url: str) -> Iterator[str]:
    """Every value in every table of a database, as text."""
    database = sa.create_engine(sa.make_url(url).set(**_driver(url)))
    try:
        with database.connect() as connection:
            inspector = sa.inspect(connection)
            for schema in inspector.get_schema_names():
                if schema in ("information_schema", "pg_catalog"):
                    continue
                for name in inspector.get_table_names(schema=schema):
                    for row in connection.execute(sa.text(f'select * from "{schema}"."{name}"')):
                        yield from map(str, row)
    finally:
        database.dispose()


def _driver(url: str) -> dict[str, str]:
    return {"drivername": "postgresql+psycopg"} if url.startswith("postgresql") else {}


def ask(url: str, statement: str) -> list[Any]:
    """The rows that a statement gives; it is committed."""
    database = sa.create_engine(sa.make_url(url).set(**_driver(url)))
    try:
        with database.begin() as connection:
            done = connection.execute(sa.text(statement))
            return list(done.all()) if done.returns_rows else []
    finally:
        database.dispose()


# -- workers that are processes --------------------------------------------------------------------


class Process:
    """A worker in a process of its own."""

    def __init__(
        self, emulator: Emulator, database: str, *, speed: float = 60.0, dead_after: float | None = None, **options: Any
    ) -> None:
        self._ready, ready = forked.Pipe(duplex=False)
        given = {
            "app_id": emulator.app_id,
            "customer": (emulator.credential.customer_id, emulator.credential.customer_secret),
            "urls": list(emulator.urls),
            "database": database,
            "options": {"requests": 1000} | options,
            "dead_after": dead_after or worker.DEAD_AFTER,
            # The emulator's time, in another process.
            "clock": (emulator.clock.seconds(), time.monotonic(), speed),
        }
        self._process = forked.Process(target=_work, args=(given, ready), daemon=True)
        self._process.start()
        ready.close()

    @property
    def pid(self) -> int:
        """Its number."""
        assert self._process.pid is not None
        return self._process.pid

    async def ready(self) -> Process:
        """Returns when it works."""
        found = await asyncio.to_thread(self._ready.poll, PATIENCE)
        assert found
        assert self._ready.recv() == "ready"
        return self

    def signal(self, number: int) -> None:
        """Sends it a signal."""
        os.kill(self.pid, number)

    def kill(self) -> None:
        """kill -9."""
        self._process.kill()
        self._process.join(PATIENCE)

    def end(self) -> int | None:
        """Has it leave; its exit code."""
        self._process.terminate()
        self._process.join(PATIENCE)
        return self._process.exitcode


@contextmanager
def processes(*all_of_them: Process) -> Iterator[None]:
    """Leaves none behind."""
    try:
        yield
    finally:
        for process in all_of_them:
            process.kill()


def _work(given: dict[str, Any], ready: Connection) -> None:
    quicken()
    worker.DEAD_AFTER = given["dead_after"]  # type: ignore[misc]
    began, here, speed = given["clock"]

    async def wait(seconds: float) -> None:
        await asyncio.sleep(seconds if seconds < 1 else seconds / speed)

    async def main() -> None:
        ended = asyncio.Event()
        asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, ended.set)
        client = AsyncCloudRecording(
            given["app_id"], BasicAuth(*given["customer"]), base_url=given["urls"],
            clock=lambda: began + (time.monotonic() - here) * speed, wait=wait,
        )  # fmt: skip
        fleet = Fleet(client, given["database"], **given["options"])
        fleet.storage("lessons", STORAGE)
        async with fleet:
            ready.send("ready")
            await ended.wait()

    asyncio.run(main())
