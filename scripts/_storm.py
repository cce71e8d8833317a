"""Makes many recordings while one call in five fails, and tells what became of each.

The calls go over real sockets to an emulator with several hosts. Time alone is not real: it passes when every recording
waits, so that hours of waiting take no time, and the recordings on the emulator live by the same clock.

Two numbers must be 0, and the exit code says whether they are:

    leaked   a recording runs on the emulator, and its caller neither has its sid nor was told that it may run
             (or was told that it is stopped)
    twice    two recordings were made for one that was asked for
"""

import argparse
import asyncio
import heapq
import logging
import sys
import time
from collections import Counter
from collections.abc import Callable, Generator, Iterator, Sequence
from functools import partial
from itertools import count
from threading import Event, Lock, Thread
from typing import Any, NamedTuple

from cloudrec import (
    AsyncCloudRecording,
    CloudRecording,
    CloudRecordingError,
    RecordingMayBeRunningError,
    TaskNotFoundError,
    Timeouts,
)
from cloudrec.emulator import STORM_FAULTS, Emulator, Fault, RecordingSnapshot

HOSTS = 4
# Real seconds until a call is given up: long for a busy machine, short for whoever waits for the storm to pass.
PATIENCE = 0.5
STORAGE = {"vendor": 1, "region": 7, "bucket": "lessons", "accessKey": "AK", "secretKey": "SK"}

# Every way of failing that takes no real time, and between them, rarer, those that do.
FAULTS: tuple[Fault, ...] = (
    *STORM_FAULTS * 5,
    *[Fault.redirect(), Fault.status(500, 502), Fault.rate_limited("-5"), Fault.failover(20)] * 2,
    *[Fault.delay(0.02), Fault.delay(0.02, after_effect=False), Fault.refuse(0.02)] * 2,
    # What is asked for arrives when the caller has given up; no answer ever.
    Fault.delay(PATIENCE + 0.1, after_effect=False),
    Fault.hang(),
    Fault.hang(after_effect=True),
)

_CALLS = ("acquire", "start", "query", "update", "update_layout", "stop", "ncs_ips")

Step = Callable[[], Any]


class Ask:
    """Somebody who wants one recording, and what came of it."""

    def __init__(self, number: int) -> None:
        self.cname = f"lesson-{number:05}"
        self.uid = str(100_000 + number)
        self.sid: str | None = None
        """What it takes to stop the recording; None where the caller was never given it."""
        self.was_told_that_it_may_run = False
        self.was_told_that_it_stopped = False
        self.errors: list[tuple[str, str]] = []
        """Calls that failed in the end, each with the class of its error."""
        self.attempts: list[int] = []
        """How many attempts each call took."""

    def note(self, error: CloudRecordingError) -> None:
        """A call failed in the end."""
        self.errors.append((error.endpoint or "?", type(error).__name__))
        self.attempts.append(len(error.attempts))

    @property
    def is_made(self) -> bool:
        """Whether there was a recording that its caller had in hand."""
        return self.sid is not None


def life(client: Any, wait: Callable[[float], Any], ask: Ask) -> Generator[Step, Any, None]:
    """A recording from acquire to stop, as the provider advises, one step after the other, for either kind of client.

    A step that fails is thrown in. Whoever has a sid stops what it names, whatever else failed.
    """
    resource_id = ""
    try:
        acquired = yield lambda: client.mix.acquire(ask.cname, ask.uid)
        ask.attempts.append(len(acquired.attempts))
        resource_id = acquired.resource_id
        started = yield lambda: client.mix.start(resource_id, ask.cname, ask.uid, storage_config=STORAGE)
    except RecordingMayBeRunningError as error:
        ask.note(error)
        told = error.cname, error.uid, error.resource_id
        ask.was_told_that_it_may_run = told == (ask.cname, ask.uid, resource_id)
        return
    except CloudRecordingError as error:
        ask.note(error)
        return
    ask.attempts.append(len(started.attempts))
    sid = ask.sid = started.sid
    at = resource_id, sid, ask.cname, ask.uid
    yield lambda: wait(5)
    yield from _patiently(lambda: client.mix.query(resource_id, sid), wait, ask)
    yield lambda: wait(15)
    yield from _patiently(lambda: client.mix.update(*at, storage_config=STORAGE), wait, ask)
    ask.was_told_that_it_stopped = yield from _patiently(lambda: client.mix.stop(*at), wait, ask)


def _patiently(step: Step, wait: Callable[[float], Any], ask: Ask) -> Generator[Step, Any, bool]:
    """A call on a recording. That there is none is not believed before it was said after 5, 10 and 15 seconds more."""
    pauses = iter((5, 10, 15))
    while True:
        try:
            result = yield step
        except CloudRecordingError as error:
            pause = next(pauses, None) if isinstance(error, TaskNotFoundError) else None
            if pause is None:
                ask.note(error)
                return False
            yield partial(wait, pause)
        else:
            ask.attempts.append(len(result.attempts))
            return True


class Time:
    """Seconds that pass when all who live by them wait. Safe to use from many threads."""

    def __init__(self, emulator: Emulator) -> None:
        self._clock = emulator.clock
        self._now = 1000.0
        self._busy = 0
        self._lock = Lock()
        self._numbers = count()
        self._sleepers: list[tuple[float, int, Callable[[], object]]] = []

    def clock(self) -> float:
        """The present."""
        return self._now

    def come(self) -> None:
        """One more lives by this time."""
        with self._lock:
            self._busy += 1

    def go(self) -> None:
        """One less."""
        with self._lock:
            self._busy -= 1
            self._pass()

    def sleep(self, seconds: float, wake: Callable[[], object]) -> None:
        """One who lives by this time does nothing until it is woken."""
        with self._lock:
            self._busy -= 1
            heapq.heappush(self._sleepers, (self._now + max(seconds, 0.0), next(self._numbers), wake))
            self._pass()

    def _pass(self) -> None:
        if self._busy or not self._sleepers:
            return
        now = self._sleepers[0][0]
        self._clock.advance(now - self._now)
        self._now = now
        while self._sleepers and self._sleepers[0][0] <= now:
            self._busy += 1
            heapq.heappop(self._sleepers)[2]()

    def wait(self, seconds: float) -> None:
        """Waits, as a thread."""
        woken = Event()
        self.sleep(seconds, woken.set)
        woken.wait()

    async def wait_async(self, seconds: float) -> None:
        """Waits, as a task."""
        woken = asyncio.Event()
        self.sleep(seconds, woken.set)
        await woken.wait()


class Verdict(NamedTuple):
    """What is wrong in the end."""

    leaked: list[str]
    """Recordings that run, and nobody knows: their sids."""
    twice: list[str]
    """Recorders, cname and uid, that have more than one recording."""


def judge(asks: Sequence[Ask], recordings: Sequence[RecordingSnapshot]) -> Verdict:
    """Who was left in the dark, by what the emulator knows."""
    askers = {(ask.cname, ask.uid): ask for ask in asks}
    leaked = []
    for recording in recordings:
        ask = askers.get((recording.cname, recording.uid))
        if recording.running and not (ask is not None and _knows(ask, recording.sid)):
            leaked.append(recording.sid)
    made = Counter((recording.cname, recording.uid) for recording in recordings)
    return Verdict(leaked, [f"{cname} {uid}" for (cname, uid), times in made.items() if times > 1])


def _knows(ask: Ask, sid: str) -> bool:
    return ask.was_told_that_it_may_run or (ask.sid == sid and not ask.was_told_that_it_stopped)


class Storm(NamedTuple):
    """How it was, and what came of it."""

    asks: list[Ask]
    recordings: tuple[RecordingSnapshot, ...]
    verdict: Verdict
    calls: int
    faults: Counter[str]
    silent: int
    """Calls that the service obeyed without its caller being told."""
    waited: float
    """Seconds that were not real."""


def _all_arrived(emulator: Emulator) -> bool:
    """Whether nothing is under way any more that may still take effect."""
    late = type(Fault.delay(1))
    return all(call.handled is not None for call in emulator.calls if isinstance(call.fault, late))


def storm(
    recordings: int,
    at_once: int,
    seed: int,
    rate: float,
    *,
    threads: bool = False,
    tell: Callable[[int], object] = lambda done: None,
) -> Storm:
    """Lets it blow: by the async client, or with `threads` by the sync one."""
    asks = [Ask(number) for number in range(1, recordings + 1)]
    with Emulator(hosts=HOSTS, max_recordings=10**9, keep_calls=10**9) as emulator:
        emulator.storm(rate, seed=seed, faults=FAULTS)
        passing = Time(emulator)
        options: dict[str, Any] = {
            "base_url": emulator.urls,
            "timeout": Timeouts(**dict.fromkeys(_CALLS, PATIENCE)),
            "rate_limit": None,
            "max_connections": at_once,
            "clock": passing.clock,
        }
        if threads:
            _with_threads(emulator, options, asks, at_once, passing, tell)
        else:
            asyncio.run(_with_tasks(emulator, options, asks, at_once, passing, tell))
        patience = time.monotonic() + 10 * PATIENCE
        while not _all_arrived(emulator) and time.monotonic() < patience:
            time.sleep(0.01)
        found = emulator.recordings
        faults = Counter(_name(call.fault) for call in emulator.calls if call.fault is not None)
        silent = sum(call.took_effect and call.status != call.handled for call in emulator.calls)
        return Storm(asks, found, judge(asks, found), len(emulator.calls), faults, silent, passing.clock() - 1000.0)


def _name(fault: Fault) -> str:
    return fault.header.partition(";")[0]


async def _with_tasks(
    emulator: Emulator,
    options: dict[str, Any],
    asks: Sequence[Ask],
    at_once: int,
    passing: Time,
    tell: Callable[[int], object],
) -> None:
    queue, done = iter(asks), count(1)

    async def live(client: AsyncCloudRecording) -> None:
        try:
            for ask in queue:
                steps = life(client, passing.wait_async, ask)
                step = next(steps, None)
                while step is not None:
                    try:
                        result = await step()
                    except CloudRecordingError as error:
                        step = _after(steps.throw, error)
                    else:
                        step = _after(steps.send, result)
                tell(next(done))
        finally:
            passing.go()

    client = AsyncCloudRecording(emulator.app_id, emulator.credential, wait=passing.wait_async, **options)
    async with client, asyncio.TaskGroup() as group:
        for _ in range(at_once):
            passing.come()
            group.create_task(live(client))


def _with_threads(
    emulator: Emulator,
    options: dict[str, Any],
    asks: Sequence[Ask],
    at_once: int,
    passing: Time,
    tell: Callable[[int], object],
) -> None:
    queue, done, lock = iter(asks), count(1), Lock()
    broken: list[BaseException] = []

    def live(client: CloudRecording) -> None:
        try:
            while (ask := _next(queue, lock)) is not None:
                steps = life(client, passing.wait, ask)
                step = next(steps, None)
                while step is not None:
                    try:
                        result = step()
                    except CloudRecordingError as error:
                        step = _after(steps.throw, error)
                    else:
                        step = _after(steps.send, result)
                tell(next(done))
        except BaseException as error:
            broken.append(error)
        finally:
            passing.go()

    with CloudRecording(emulator.app_id, emulator.credential, wait=passing.wait, **options) as client:
        workers = [Thread(target=live, args=(client,)) for _ in range(at_once)]
        for _ in workers:
            passing.come()
        for worker in workers:
            worker.start()
        for worker in workers:
            worker.join()
    if broken:
        raise broken[0]


def _next(queue: Iterator[Ask], lock: Lock) -> Ask | None:
    with lock:
        return next(queue, None)


def _after(go_on: Callable[[Any], Step], news: Any) -> Step | None:
    """The step after this one; None at the end."""
    try:
        return go_on(news)
    except StopIteration:
        return None


def report(storm: Storm) -> Iterator[str]:
    """What became of it all, line by line."""
    asks = storm.asks
    made = [ask for ask in asks if ask.is_made]
    told = [ask for ask in asks if ask.was_told_that_it_may_run]
    failed = [ask for ask in asks if not ask.is_made and not ask.was_told_that_it_may_run]
    running = {(recording.cname, recording.uid) for recording in storm.recordings if recording.running}
    tries = Counter(tries for ask in asks for tries in ask.attempts)

    yield _line(storm.calls, "calls came to the emulator")
    yield _line(storm.faults.total(), "of them failed")
    for name, times in storm.faults.most_common():
        yield _line(times, name.replace("_", " "), 1)
    yield _line(storm.silent, "of all calls were obeyed, and the caller was not told")
    yield ""
    yield _line(len(asks), "recordings asked for")
    yield _line(len(made), "made: the caller was given the sid", 1)
    stopped = sum(ask.was_told_that_it_stopped for ask in made)
    yield _line(stopped, "stopped, as was asked", 2)
    if len(made) > stopped:
        yield _line(len(made) - stopped, "not stopped, with a clear error; the sid is at hand", 2)
    yield _line(len(failed), "failed with a clear error; nothing runs", 1)
    for (endpoint, name), times in Counter(ask.errors[-1] for ask in failed).most_common():
        yield _line(times, f"{endpoint}: {name}", 2)
    yield _line(len(told), "were told that it may run (RecordingMayBeRunningError)", 1)
    runs = sum((ask.cname, ask.uid) in running for ask in told)
    yield _line(runs, "and it runs", 2)
    yield _line(len(told) - runs, "and it does not", 2)
    if lost := Counter(error for ask in made for error in ask.errors):
        yield ""
        yield _line(lost.total(), "calls on recordings that were made failed in the end")
        for (endpoint, name), times in lost.most_common():
            yield _line(times, f"{endpoint}: {name}", 1)
    yield ""
    ended = ", ".join(f"{times:,} took {tries}" for tries, times in sorted(tries.items()))
    yield f"Attempts: {ended}. {storm.waited / 60:,.0f} minutes passed, none of them real."
    yield ""
    for words, found in (("leaked", storm.verdict.leaked), ("made twice", storm.verdict.twice)):
        yield _line(len(found), words + ("" if not found else f"  <- must be 0: {', '.join(found[:5])}"))


def _line(number: int, words: str, depth: int = 0) -> str:
    return f"{'    ' * depth}{number:7,}  {words}"


def main(arguments: Sequence[str]) -> int:
    logging.getLogger("cloudrec").addHandler(logging.NullHandler())  # what it warns of is in the report
    parser = argparse.ArgumentParser(
        prog="scripts/storm", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--recordings", type=int, default=2000, metavar="N", help="how many (default: 2000)")
    parser.add_argument("--at-once", type=int, default=50, metavar="N", help="how many at a time (default: 50)")
    parser.add_argument("--seed", type=int, default=1, metavar="S", help="which storm (default: 1)")
    parser.add_argument("--rate", type=float, default=0.2, help="share of the calls that fail (default: 0.2)")
    parser.add_argument("--threads", action="store_true", help="the sync client in threads, not the async one")
    options = parser.parse_args(arguments)
    if options.recordings < 1 or options.at_once < 1 or not 0 <= options.rate <= 1:
        parser.error("--recordings and --at-once are from 1 on, --rate is from 0 to 1")
    print(
        f"{options.recordings:,} recordings, {options.at_once} at a time, on {HOSTS} hosts where"
        f" {options.rate:.0%} of the calls fail (storm {options.seed})\n",
        flush=True,
    )
    shows = sys.stderr.isatty()

    def tell(done: int) -> None:
        if shows and (done % 10 == 0 or done == options.recordings):
            print(f"\r{done:,} of {options.recordings:,} ... ", end="", file=sys.stderr, flush=True)

    began = time.monotonic()
    blown = storm(options.recordings, options.at_once, options.seed, options.rate, threads=options.threads, tell=tell)
    if shows:
        print("\r" + " " * 40 + "\r", end="", file=sys.stderr, flush=True)
    for line in report(blown):
        print(line)
    print(f"\n{time.monotonic() - began:.0f} s")
    return 1 if any(blown.verdict) else 0


if __name__ == "__main__":
    try:
        sys.exit(main(sys.argv[1:]))
    except KeyboardInterrupt:
        sys.exit(130)
