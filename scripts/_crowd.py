"""Prints what becomes of many at once, against an emulator that allows ten requests a second, as the service does.

    ./scripts/crowd                    # 2,000 calls by 1, 2 and 4 processes; 200 recordings by four; 1,000 by one
    ./scripts/crowd calls --shared     # the processes share their limit by a file
    ./scripts/crowd recordings --recordings 5000 --speed 10

What it does is named by words: `same` is the same recording three times at once, `calls`, `processes` and `recordings`;
all of these where none is named. With --speed, the clocks of emulator and client run so many times as fast, in which a
request takes longer than it does: good to see in which order many go, and not to count what is refused.
"""

import argparse
import asyncio
import contextlib
import multiprocessing
import tempfile
import time
from collections import Counter
from collections.abc import Iterator
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any, NamedTuple

import cloudrec
from cloudrec import S3, AsyncCloudRecording, BasicAuth, CloudRecordingError
from cloudrec.emulator import Emulator

APP_ID = "0123456789abcdef0123456789abcdef"
CREDENTIAL = BasicAuth("customer", "secret")
STORAGE = S3("lessons", "eu-central-1", "AKEXAMPLE", "secret")
PROCESSES = multiprocessing.get_context("spawn")


def serve(speed: float, end: Connection) -> None:
    """An emulator, until the other end is closed."""
    emulator = Emulator(
        app_id=APP_ID,
        customer_id=CREDENTIAL.customer_id,
        customer_secret=CREDENTIAL.customer_secret,
        clock="real",
        speed=speed,
        max_recordings=10_000,
    )
    with emulator, contextlib.suppress(EOFError):
        end.send(emulator.url)
        end.recv()


@contextlib.contextmanager
def emulator(speed: float = 1) -> Iterator[str]:
    """The URL of an emulator in a process of its own, that allows ten requests a second."""
    here, there = PROCESSES.Pipe()
    process = PROCESSES.Process(target=serve, args=(speed, there))
    process.start()
    there.close()
    try:
        yield here.recv()
    finally:
        here.close()
        process.join()


class Refused:
    """Counts the attempts that were answered 429."""

    def __init__(self) -> None:
        self.attempts = self.refused = 0

    def __call__(self, attempt: Any) -> None:
        self.attempts += 1
        self.refused += attempt.http_status == 429


def client(url: str, seen: Refused, speed: float = 1, **options: Any) -> AsyncCloudRecording:
    """A client with nothing chosen but where it asks, and how fast its time goes."""
    if speed != 1:
        options |= {"clock": lambda: time.monotonic() * speed, "wait": lambda seconds: asyncio.sleep(seconds / speed)}
    return AsyncCloudRecording(APP_ID, CREDENTIAL, base_url=url, on_attempt=seen, **options)


class Recorded(NamedTuple):
    """What came of recordings that were begun at once."""

    ends: Counter[str]
    attempts: int
    refused: int
    seconds: float
    in_order: bool
    """Whether they were started in the order in which they were asked for."""
    places: list[int]
    """What those who had to wait were told: how many go before them."""


async def record(url: str, cnames: list[str], speed: float = 1) -> Recorded:
    """Records all of these at once; what came of it."""
    seen, ends, started, places = Refused(), Counter[str](), list[str](), list[int]()

    async def one(at: AsyncCloudRecording, cname: str) -> Any:
        recording = await at.mix.record(
            cname, storage=STORAGE, on_wait=places.append, on_started=lambda handle: started.append(handle["cname"])
        )
        ends["runs"] += 1
        return recording

    async with client(url, seen, speed) as at:
        began = time.monotonic()
        found = await asyncio.gather(*(one(at, cname) for cname in cnames), return_exceptions=True)
        took = time.monotonic() - began
    ends.update(type(item).__name__ for item in found if isinstance(item, BaseException))
    return Recorded(ends, seen.attempts, seen.refused, took, is_in_order(started, cnames), places)


def is_in_order(started: list[str], asked: list[str]) -> bool:
    """Whether nobody was started before somebody who was let in earlier: forty are under way at once."""
    position = {cname: place for place, cname in enumerate(asked)}
    return all(abs(position[cname] - place) < 40 for place, cname in enumerate(started))


def record_in_process(url: str, cnames: list[str]) -> Recorded:
    """The same, in a process of its own."""
    return asyncio.run(record(url, cnames))


async def call(url: str, number: int, limit: str | None) -> tuple[int, int, int]:
    """So many calls, as fast as the client sends them: attempts, those answered 429, and calls that failed."""
    seen, failed = Refused(), 0
    options: dict[str, Any] = {} if limit is None else {"rate_limit": cloudrec.SQLiteRateLimit(limit)}
    async with client(url, seen, **options) as at:
        for start in range(0, number, 100):
            found = await asyncio.gather(
                *(at.ncs_ips() for _ in range(min(100, number - start))), return_exceptions=True
            )
            failed += sum(isinstance(item, CloudRecordingError) for item in found)
    return seen.attempts, seen.refused, failed


def call_in_process(url: str, number: int, limit: str | None) -> tuple[int, int, int]:
    """The same, in a process of its own."""
    return asyncio.run(call(url, number, limit))


def show_same(args: argparse.Namespace) -> None:
    with emulator() as url:
        ends = asyncio.run(record(url, ["lesson-42"] * 3)).ends
    print(f"the same three times at once: {dict(ends)}", flush=True)


def show_calls(args: argparse.Namespace) -> None:
    for processes in (1, 2, 4):
        with emulator() as url, tempfile.TemporaryDirectory() as folder:
            limit = str(Path(folder) / "rate.db") if args.shared else None
            began = time.monotonic()
            with PROCESSES.Pool(processes) as pool:
                work = [(url, args.calls // processes, limit)] * processes
                attempts, refused, failed = map(sum, zip(*pool.starmap(call_in_process, work), strict=True))
            took = time.monotonic() - began
        print(
            f"{args.calls} calls by {processes} processes{', limit shared' if args.shared else ''}: "
            f"{refused} of {attempts} attempts answered 429, {failed} calls failed, {took:.0f} s",
            flush=True,
        )


def show_processes(args: argparse.Namespace) -> None:
    with emulator() as url:
        began = time.monotonic()
        with PROCESSES.Pool(4) as pool:
            work = [(url, [f"lesson-{place}-{number}" for number in range(50)]) for place in range(4)]
            found = pool.starmap(record_in_process, work)
        took = time.monotonic() - began
    ends = sum((each.ends for each in found), Counter[str]())
    refused, attempts = sum(each.refused for each in found), sum(each.attempts for each in found)
    print(
        f"200 recordings by 4 processes: {dict(ends)}, {refused} of {attempts} attempts answered 429, {took:.0f} s",
        flush=True,
    )


def show_recordings(args: argparse.Namespace) -> None:
    with emulator(args.speed) as url:
        cnames = [f"lesson-{number}" for number in range(args.recordings)]
        found = asyncio.run(record(url, cnames, args.speed))
    told = sorted(found.places)
    place = f"{len(told)} were told their place, {told[0]} to {told[-1]}" if told else "nobody had to wait"
    print(
        f"{args.recordings} recordings at once: {dict(found.ends)}, "
        f"{'in order' if found.in_order else 'NOT IN ORDER'}, "
        f"{place}, {found.refused} of {found.attempts} attempts answered 429, {found.seconds:.0f} s"
        f"{f', in which {found.seconds * args.speed:.0f} passed' if args.speed != 1 else ''}",
        flush=True,
    )


SHOWN = {"same": show_same, "calls": show_calls, "processes": show_processes, "recordings": show_recordings}


def main() -> None:
    """Prints it."""
    parser = argparse.ArgumentParser(
        prog="scripts/crowd", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("what", nargs="*", metavar="WHAT", help=f"{', '.join(SHOWN)}; all where none is named")
    parser.add_argument("--recordings", type=int, default=1000, metavar="N", help="how many at once")
    parser.add_argument("--calls", type=int, default=2000, metavar="N", help="how many in all")
    parser.add_argument("--shared", action="store_true", help="have the processes share their limit by a file")
    parser.add_argument("--speed", type=float, default=1, metavar="N", help="have the time of recordings go faster")
    args = parser.parse_args()
    for what in args.what or SHOWN:
        if what not in SHOWN:
            parser.error(f"unknown: {what} (choose from {', '.join(SHOWN)})")
        SHOWN[what](args)


if __name__ == "__main__":
    main()
