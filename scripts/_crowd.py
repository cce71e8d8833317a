"""Prints what becomes of many at once, in real time, against an emulator that counts as the service does.

    ./scripts/crowd              # 1,000 recordings at once; 2,000 calls by 1, 2 and 4 processes; the same three times
    ./scripts/crowd --recordings 200 --calls 400
    ./scripts/crowd --shared     # the processes share their limit by a file

The first takes some five minutes, and four with the rest of it.
"""

import argparse
import asyncio
import contextlib
import multiprocessing
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import cloudrec
from cloudrec import S3, AsyncCloudRecording, BasicAuth, CloudRecordingError

APP_ID = "0123456789abcdef0123456789abcdef"
CREDENTIAL = BasicAuth("customer", "secret")
STORAGE = S3("lessons", "eu-central-1", "AKEXAMPLE", "secret")


@contextlib.contextmanager
def emulator() -> Iterator[str]:
    """The URL of an emulator in a process of its own, in real time, that allows ten requests a second."""
    options = f"--port 0 --app-id {APP_ID} --customer-id customer --customer-secret secret --max-recordings 10000"
    command = [sys.executable, "-m", "cloudrec.emulator", *options.split()]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        try:
            yield next(line.split()[5] for line in process.stdout if " at http" in line)
        finally:
            process.terminate()


class Refused:
    """Counts the attempts that were answered 429."""

    def __init__(self) -> None:
        self.attempts = self.refused = 0

    def __call__(self, attempt: Any) -> None:
        self.attempts += 1
        self.refused += attempt.http_status == 429


def client(url: str, seen: Refused, **options: Any) -> AsyncCloudRecording:
    """A client with nothing chosen but where it asks."""
    return AsyncCloudRecording(APP_ID, CREDENTIAL, base_url=url, on_attempt=seen, **options)


async def record(url: str, cnames: list[str]) -> tuple[Counter[str], Refused, float]:
    """Records all of these at once; what came of it."""
    seen, ends = Refused(), Counter[str]()
    began = time.monotonic()

    async def one(at: AsyncCloudRecording, cname: str) -> Any:
        recording = await at.mix.record(cname, storage=STORAGE)
        ends["runs"] += 1
        return recording

    async with client(url, seen) as at:
        found = await asyncio.gather(*(one(at, cname) for cname in cnames), return_exceptions=True)
        took = time.monotonic() - began
    ends.update(type(item).__name__ for item in found if isinstance(item, BaseException))
    return ends, seen, took


async def call(url: str, number: int, limit: str | None) -> tuple[int, int, int]:
    """So many calls, as fast as the client sends them: attempts, those answered 429, and calls that failed."""
    seen, failed = Refused(), 0
    options = {} if limit is None else {"rate_limit": cloudrec.SQLiteRateLimit(limit)}
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


def main() -> None:
    """Prints it."""
    parser = argparse.ArgumentParser(
        prog="scripts/crowd", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--recordings", type=int, default=1000, metavar="N", help="how many at once; 0 for none")
    parser.add_argument("--calls", type=int, default=2000, metavar="N", help="how many in all; 0 for none")
    parser.add_argument("--shared", action="store_true", help="have the processes share their limit by a file")
    args = parser.parse_args()
    with emulator() as url:
        ends, _, _ = asyncio.run(record(url, ["lesson-42"] * 3))
    print(f"the same three times at once: {dict(ends)}", flush=True)
    for processes in (1, 2, 4) if args.calls else ():
        with emulator() as url, tempfile.TemporaryDirectory() as folder:
            limit = str(Path(folder) / "rate.db") if args.shared else None
            began = time.monotonic()
            with multiprocessing.get_context("spawn").Pool(processes) as pool:
                work = [(url, args.calls // processes, limit)] * processes
                attempts, refused, failed = map(sum, zip(*pool.starmap(call_in_process, work), strict=True))
            took = time.monotonic() - began
        print(
            f"{args.calls} calls by {processes} processes{', limit shared' if args.shared else ''}: "
            f"{refused} of {attempts} attempts answered 429, {failed} calls failed, {took:.0f} s",
            flush=True,
        )
    if args.recordings:
        with emulator() as url:
            ends, seen, took = asyncio.run(record(url, [f"lesson-{number}" for number in range(args.recordings)]))
        print(
            f"{args.recordings} recordings at once: {dict(ends)}, {seen.refused} of {seen.attempts} attempts "
            f"answered 429, {took:.0f} s"
        )


if __name__ == "__main__":
    main()
