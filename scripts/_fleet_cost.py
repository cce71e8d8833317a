"""Prints what a fleet costs: memory, writes, processor time, and how soon it acts.

    ./scripts/fleet-cost                        # 1,000 recordings, held by two workers on PostgreSQL
    ./scripts/fleet-cost --recordings 10000     # takes a quarter of an hour

The emulator runs in a process of its own, and counts no requests: the recordings are to be begun soon.
"""

import argparse
import asyncio
import json
import os
import signal
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from _fleet_storm import database, fleet_of, started
from cloudrec import MixRecipe
from cloudrec._recording.state import WATCH_INTERVAL
from cloudrec.fleet import Fleet, FleetRecording
from cloudrec.webhooks import Event

TICKS = os.sysconf("SC_CLK_TCK")
APP_ID = "0123456789abcdef0123456789abcdef"


@contextmanager
def emulator() -> Iterator[str]:
    """The URL of an emulator in a process of its own."""
    options = f"--port 0 --app-id {APP_ID} --customer-id customer --customer-secret secret --rate-limit 0"
    command = [sys.executable, "-m", "cloudrec.emulator", *options.split(), "--max-recordings", "1000000"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        try:
            yield next(line.split()[5] for line in process.stdout if " at http" in line)
        finally:
            process.terminate()


def resident(process: int) -> float:
    """Its memory in kB."""
    told = Path(f"/proc/{process}/status").read_text(encoding="utf-8")
    return float(next(line.split()[1] for line in told.splitlines() if line.startswith("VmRSS")))


def processor(process: int) -> float:
    """Seconds of processor time that it has used."""
    fields = Path(f"/proc/{process}/stat").read_text(encoding="utf-8").rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / TICKS


class Writes:
    """Rows that PostgreSQL has written."""

    def __init__(self, url: str) -> None:
        self._url = url

    def __call__(self) -> tuple[int, int]:
        """Of the fleet's tables, and of the engine's."""
        import psycopg

        asked = (
            "select coalesce(sum(n_tup_ins + n_tup_upd + n_tup_del) filter (where relname like 'cloudrec_%'), 0),"
            " coalesce(sum(n_tup_ins + n_tup_upd + n_tup_del) filter (where relname not like 'cloudrec_%'), 0)"
            " from pg_stat_user_tables"
        )
        with psycopg.connect(self._url) as connection:
            connection.execute("select pg_stat_force_next_flush()")
            ours, engine = connection.execute(asked).fetchone() or (0, 0)
            return int(ours), int(engine)


async def until(what: Callable[[], Awaitable[bool]], every: float = 1.0) -> float:
    """Seconds until it is so."""
    began = time.monotonic()
    while not await what():  # noqa: ASYNC110 - it is in another process
        await asyncio.sleep(every)
    return time.monotonic() - began


def start(given: dict[str, Any]) -> subprocess.Popen[str]:
    process = started("worker", json.dumps(given))
    assert process.stdout is not None
    process.stdout.readline()
    return process


async def measured(options: argparse.Namespace, url: str, at: str) -> None:
    given = {
        "app_id": APP_ID, "customer_id": "customer", "customer_secret": "secret", "urls": [at], "database": url,
        "most": options.recordings, "requests": 1000,
    }  # fmt: skip
    fleet, number, writes = fleet_of(given), options.recordings, Writes(url)
    await fleet.counts()
    workers = [start(given) for _ in range(2)]
    await asyncio.sleep(3)
    empty = [resident(worker.pid) for worker in workers]
    spent, written = sum(processor(worker.pid) for worker in workers), writes()

    async def run(first: int, last: int) -> float:
        """Begins these, and returns when all run: after so many seconds."""
        for place in range(first, last):
            await fleet.record(f"lesson-{place:05}", MixRecipe(storage="lessons"))

        async def all_run() -> bool:
            return bool((await fleet.counts())["running"] == last)

        return await until(all_run)

    # What a worker needs once, for the first of them, is not what each of them takes.
    few = min(100, number // 4)
    took = await run(0, few)
    first = [resident(worker.pid) for worker in workers]
    took += await run(few, number)
    print(f"{number} recordings run after {took:.0f} s")
    held = [resident(worker.pid) for worker in workers]
    print(f"memory for each one held: {(sum(held) - sum(first)) / (number - few):.1f} kB (goal: 50)")
    print(f"with what a worker needs once: {(sum(held) - sum(empty)) / number:.1f} kB")
    used = sum(processor(worker.pid) for worker in workers) - spent
    print(f"processor time for each one begun: {1000 * used / number:.1f} ms")
    # The first answer after one was seen to run has another status, which is written down; then nothing happens.
    await asyncio.sleep(1.1 * WATCH_INTERVAL)
    began, used = time.monotonic(), sum(processor(worker.pid) for worker in workers)
    await asyncio.sleep(options.idle)
    used = sum(processor(worker.pid) for worker in workers) - used
    share = 100 * used / (time.monotonic() - began)
    print(f"both workers while nothing happens: {share:.1f} % of a core (goal: 10 for each)")
    await _news(fleet)
    dead = workers.pop()
    name = next(one.worker for one in await fleet.list() if one.worker and f":{dead.pid}:" in one.worker)
    dead.kill()
    dead.wait()

    async def taken_over() -> bool:
        return not any(one.worker == name for one in await fleet.list(state="running", most=number))

    took = await until(taken_over, 0.2)
    print(f"all that a killed worker held is held by another after {took:.1f} s (goal: 30)")
    before_stop = writes()
    for place in range(number):
        await fleet.stop(f"lesson-{place:05}")

    async def all_over() -> bool:
        counts = await fleet.counts()
        return bool(counts["done"] + counts["failed"] == number)

    await until(all_over)
    ours, engine = (after - before for after, before in zip(writes(), written, strict=True))
    moved, _ = (after - before for after, before in zip(before_stop, written, strict=True))
    print(
        f"rows written for each one from its beginning to its end, one takeover for half of them among it: "
        f"{ours / number:.1f} by the fleet, {engine / number:.1f} by the engine ({moved} before the stops)"
    )
    for worker in workers:
        worker.send_signal(signal.SIGTERM)
        worker.wait(60)


async def _news(fleet: Fleet) -> None:
    """How soon an event changes a state."""
    taken = []
    for one in (await fleet.list(state="running"))[:20]:
        await fleet.feed(_left(one))
        began = time.monotonic()

        async def changed(key: str = one.key) -> bool:
            found = await fleet.get(key)
            return found is not None and found.state != "running"

        await until(changed, 0.01)
        taken.append(time.monotonic() - began)
    print(f"from an event to a changed state: {statistics.median(taken):.2f} s, {max(taken):.2f} at the most")


def _left(one: FleetRecording) -> Event:
    assert one.handle is not None
    payload = {
        "cname": one.cname, "uid": one.handle["uid"], "sid": one.handle["sid"], "sequence": 9, "sendts": 1,
        "serviceType": 1, "details": {"msgName": "recorder_leave", "leaveCode": 2},
    }  # fmt: skip
    return Event({"noticeId": one.key, "productId": 3, "eventType": 41, "notifyMs": 1, "payload": payload})


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--recordings", type=int, default=1000)
    parser.add_argument("--idle", type=float, default=30.0, help="seconds for which nothing happens")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as name, database("postgresql", Path(name)) as url, emulator() as at:
        asyncio.run(measured(options, url, at))
    return 0


if __name__ == "__main__":
    sys.exit(main())
