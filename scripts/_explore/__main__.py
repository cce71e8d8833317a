"""Explores with several processes, and tells what was found."""

from __future__ import annotations

import argparse
import json
import os
import queue
import re
import subprocess
import sys
import threading
import time
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from itertools import islice
from typing import Any

from . import __doc__ as description
from .plan import CUTS, WORKLOADS, draw
from .worker import work

# Runs that a process makes before another takes its place.
BATCH = 250


def seeds(first: int, only: Sequence[str]) -> Iterator[int]:
    """The seeds of the runs that are wanted, without end."""
    seed = first * 1_000_000
    while True:
        if not only or draw(seed).words.issuperset(only):
            yield seed
        seed += 1


class Batch(threading.Thread):
    """Runs in a process of their own; one that hangs or crashes takes no other with it."""

    def __init__(self, mine: list[int], limit: float, news: queue.Queue[dict[str, Any]]) -> None:
        super().__init__(daemon=True)
        self._mine = mine
        self._limit = limit
        self._news = news

    def run(self) -> None:
        while self._mine:
            self._some()
        self._news.put({"done": True})

    def _some(self) -> None:
        command = [sys.executable, "-m", __package__, "--limit", str(self._limit), "--worker"]
        with subprocess.Popen(
            command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, errors="replace"
        ) as process:
            assert process.stdin
            assert process.stdout
            assert process.stderr
            heard: list[str] = []
            stderr = process.stderr
            listener = threading.Thread(target=lambda: heard.extend(stderr), daemon=True)
            listener.start()
            process.stdin.write(" ".join(map(str, self._mine)))
            process.stdin.close()
            seed = None
            for line in process.stdout:
                news = json.loads(line)
                if "begins" in news:
                    seed = news["begins"]
                else:
                    self._mine.remove(news["ended"])
                    self._news.put(news)
                    seed = None
            process.wait()
            listener.join(5)
        if seed is None:
            if process.returncode or self._mine:
                self._news.put({"broken": "".join(heard)[-4000:] or f"exit code {process.returncode}"})
                self._mine.clear()
            return
        story = "".join(heard)[-20_000:]
        if process.returncode == 1 and "Timeout (" not in story:
            self._news.put({"broken": f"--repeat {seed}\n{story[-4000:]}"})
            self._mine.clear()
            return
        self._mine.remove(seed)
        what = "did not end" if "Timeout (" in story else f"crashed (exit code {process.returncode})"
        self._news.put(
            {"ended": seed, "faults": {}, "calls": 0, "findings": [["hang", f"the run {what}"]], "story": story}
        )


class Table:
    """What was run, and what was found."""

    def __init__(self) -> None:
        self.runs: Counter[tuple[str, str, str]] = Counter()
        self.faults: Counter[str] = Counter()
        self.calls = 0
        self.total = 0
        self.findings: dict[str, list[tuple[int, str]]] = defaultdict(list)

    def add(self, news: dict[str, Any]) -> None:
        """One more run."""
        plan = draw(news["ended"])
        self.total += 1
        self.calls += news["calls"]
        self.faults.update(news["faults"])
        for workload in plan.workloads:
            self.runs[workload, plan.cut, plan.backend] += 1
        for kind, what in news["findings"]:
            self.findings[kind].append((plan.seed, f"{plan}: {what}"))

    def lines(self) -> Iterator[str]:
        """All of it, for people."""
        yield f"{'workloads cut off by':22}" + "".join(f"{backend:>9}" for backend in CUTS)
        for cut in dict.fromkeys(cut for cuts in CUTS.values() for cut in cuts):
            sums = [sum(self.runs[workload, cut, backend] for workload in WORKLOADS) for backend in CUTS]
            yield f"{cut:22}" + "".join(f"{times or '':9}" for times in sums)
        yield ""
        for workload in WORKLOADS:
            sums = [sum(self.runs[workload, cut, backend] for cut in set(CUTS[backend])) for backend in CUTS]
            yield f"{workload:22}" + "".join(f"{times or '':9}" for times in sums)
        yield ""
        yield f"{self.calls:,} calls, {self.faults.total():,} faults: " + ", ".join(
            f"{name} {times:,}" for name, times in self.faults.most_common()
        )
        yield ""
        for kind in ("hang", "untold", "doubled", "crossed", "foreign", "kept", "left"):
            found = self.findings[kind]
            yield f"{len(found):7,}  {kind}" + ("  <- must be 0" if found else "")
            kinds: dict[str, list[tuple[int, str]]] = defaultdict(list)
            for seed, what in found:
                # By what is said, without numbers and addresses, and without the workload.
                kinds[re.sub(r"0x[0-9a-f]+|[0-9a-f]{8,}|\d+", "#", what.partition(": ")[2])].append((seed, what))
            for alike in sorted(kinds.values(), key=len, reverse=True):
                words = alike[0][1].replace("\n", " ")
                yield f"{len(alike):12,}  {words[:240]}{' …' if len(words) > 240 else ''}"
                yield f"              --repeat {', '.join(str(seed) for seed, _ in alike[:12])}"


def main(arguments: Sequence[str]) -> int:
    parser = argparse.ArgumentParser(
        prog="scripts/explore", description=description, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--runs", type=int, default=10_000, metavar="N", help="how many (default: 10000)")
    parser.add_argument("--seed", type=int, default=1, metavar="S", help="where the seeds begin (default: 1)")
    parser.add_argument("--jobs", type=int, default=os.cpu_count() or 1, metavar="N", help="processes (default: cores)")
    parser.add_argument("--limit", type=float, default=20.0, help="seconds after which a run hangs (default: 20)")
    words = sorted({*CUTS, *WORKLOADS, *(cut for cuts in CUTS.values() for cut in cuts)})
    parser.add_argument("--only", action="append", default=[], choices=words, metavar="WORD", help=", ".join(words))
    parser.add_argument("--repeat", type=int, metavar="SEED", help="makes one run again, and tells all about it")
    parser.add_argument("--times", type=int, default=1, metavar="N", help="how often, until something is found")
    parser.add_argument("--worker", action="store_true", help=argparse.SUPPRESS)
    parser.add_argument(
        "--stories", metavar="FILE", help="where to write all about each run in which was found something"
    )
    options = parser.parse_args(arguments)
    if options.runs < 1 or options.jobs < 1 or options.times < 1 or options.limit <= 0:
        parser.error("--runs, --jobs and --times are from 1 on, --limit is more than 0")
    if options.worker:
        work(map(int, sys.stdin.read().split()), options.limit, lambda news: print(json.dumps(news), flush=True))
        return 0
    if options.repeat is not None:
        return repeat(options.repeat, options.times, options.limit)
    return explore(options)


def repeat(seed: int, times: int, limit: float) -> int:
    """One run in this process, until something is found."""
    told: dict[str, Any] = {}
    for _ in range(times):
        work([seed], limit, told.update, loud=True)
        if told["findings"]:
            break
    print(told["story"])
    return 1 if told["findings"] else 0


def explore(options: argparse.Namespace) -> int:
    """All of them, in several processes."""
    began = time.monotonic()
    table, broken = Table(), list[str]()
    try:
        _explore(options, table, broken)
    except KeyboardInterrupt:
        print("\nInterrupted. Until then:")
    for line in table.lines():
        print(line)
    for words in broken:
        print(f"\nA process broke:\n{words}")
    seconds = time.monotonic() - began
    print(f"\n{table.total:,} runs in {seconds:.0f} s, {table.total / seconds:.0f} a second")
    return 1 if broken or any(table.findings.values()) else 0


def _explore(options: argparse.Namespace, table: Table, broken: list[str]) -> None:
    wanted = seeds(options.seed, options.only)
    news: queue.Queue[dict[str, Any]] = queue.Queue()
    left, running = options.runs, 0
    batch = max(1, min(BATCH, -(-options.runs // options.jobs)))
    while left or running:
        while left and running < options.jobs:
            mine = list(islice(wanted, min(batch, left)))
            left -= len(mine)
            running += 1
            Batch(mine, options.limit, news).start()
        found = news.get()
        if "done" in found:
            running -= 1
        elif "broken" in found:
            broken.append(found["broken"])
        else:
            table.add(found)
            if found["story"] and options.stories:
                with open(options.stories, "a", encoding="utf-8") as file:
                    file.write(f"=== {found['ended']}: {found['findings']}\n{found['story']}\n\n")
        if sys.stderr.isatty():
            print(f"\r{table.total:,} of {options.runs:,} ... ", end="", file=sys.stderr, flush=True)


if __name__ == "__main__":
    try:
        sys.exit(main(sys.argv[1:]))
    except KeyboardInterrupt:
        sys.exit(130)
