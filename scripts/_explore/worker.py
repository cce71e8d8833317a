"""Makes runs, one after the other, and tells of each in a line of JSON."""

from __future__ import annotations

import asyncio
import faulthandler
import gc
import logging
import os
import random
import re
import secrets
import sys
import threading
import time
import traceback
import warnings
from collections.abc import Callable, Iterable, Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext, suppress
from dataclasses import replace
from typing import Any

from cloudrec._recording import renewal as _renewal
from cloudrec.emulator import Emulator
from cloudrec.emulator.faults.faults import Failover

from .judge import check_errors, judge
from .loops import run_async
from .plan import FAULTS, Plan, draw
from .run import Lines, Opcodes, Run
from .threads import run_sync

# Threads that anyio and trio keep for the next who wants one.
_POOLS = ("AnyIO", "Trio thread")
_bytecodes: dict[tuple[str, str], int] = {}


def explore(plan: Plan, limit: float) -> Run:
    """One run, judged."""
    _warm_up(plan.backend)
    random.seed(plan.seed)
    sys.setswitchinterval(plan.switches)
    _choose_pool(plan.backend)
    bytecodes = sum(_count(plan.backend, workload) for workload in plan.workloads) if _counts(plan) else 0
    emulator = Emulator(hosts=2, max_recordings=10**9)
    run = Run(plan, emulator)
    run.bytecodes = bytecodes
    with _watched(run, limit), _listening(run):
        threads, files = set(threading.enumerate()), _open_files()
        with emulator:
            # A child moves no clock but its own: for it a failover would never end.
            faults = [fault for fault in FAULTS if plan.cut != "fork" or not isinstance(fault, Failover)]
            emulator.storm(plan.rate, seed=plan.seed, faults=faults)
            for wish in plan.wishes:
                cname = run.asks[wish.workload].cname
                emulator.fail(wish.endpoint, wish.fault, times=wish.times, skip=wish.skip, cname=cname)
            (run_async if plan.is_async else run_sync)(run, limit)
            gc.collect()
            run.settle()
            check_errors(run)
            judge(run, emulator.recordings)
        run.forget()
        gc.collect()
        _check_left(run, threads, files)
    sys.setswitchinterval(0.005)
    return run


def _warm_up(backend: str) -> None:
    """What is loaded at the first use takes time, and stays."""
    if (backend, "warm") not in _bytecodes:
        _bytecodes[backend, "warm"] = 0
        _choose_pool(backend)
        _run_quietly(backend, "updates")
        gc.collect()
        gc.freeze()


def _counts(plan: Plan) -> bool:
    return plan.cut in ("interrupt", "sigint", "sigint-twice")


def _count(backend: str, workload: str) -> int:
    """How many bytecodes of the library a workload runs through when nothing goes wrong."""
    key = backend, workload
    if key not in _bytecodes:
        opcodes = Opcodes({})
        _run_quietly(backend, workload, opcodes)
        _bytecodes[key] = opcodes.count
    return _bytecodes[key]


def _run_quietly(backend: str, workload: str, watched: AbstractContextManager[Any] | None = None) -> None:
    """A run in which nothing goes wrong."""
    quiet = replace(
        draw(0),
        backend=backend,
        cut="none",
        workloads=(workload,),
        rate=0.0,
        wishes=(),
        limit=None,
        connections=50,
        gives_http_client=False,
        confirms=True,
        hook_raises=False,
    )
    with Emulator(hosts=2) as emulator, watched or nullcontext():
        (run_async if quiet.is_async else run_sync)(Run(quiet, emulator), 60)


def _choose_pool(backend: str) -> None:
    """Shows aiohttp's transport to the client, or hides it."""
    if backend == "aiohttp":
        if sys.modules.get("httpx_aiohttp", "") is None:
            del sys.modules["httpx_aiohttp"]
    else:
        sys.modules["httpx_aiohttp"] = None  # type: ignore[assignment]


@contextmanager
def _listening(run: Run) -> Iterator[None]:
    """Keeps what is logged, and what nobody else would hear of."""
    library, loop = logging.getLogger("cloudrec"), logging.getLogger("asyncio")
    lines, noise = Lines(run.log, logging.WARNING), Lines(run.noise, logging.WARNING)
    shown, unraisable, in_threads = warnings.showwarning, sys.unraisablehook, threading.excepthook
    library.addHandler(lines)
    loop.addHandler(noise)
    library.propagate = loop.propagate = False

    def show(message: Any, category: type[Warning], filename: str, *rest: Any) -> None:
        run.noise.append(f"{category.__name__}: {message} ({filename})")

    warnings.showwarning = show  # type: ignore[assignment]
    sys.unraisablehook = lambda found: run.noise.append(
        f"unraisable {found.err_msg} {found.object!r}: {''.join(traceback.format_exception(found.exc_value))}"
    )
    threading.excepthook = lambda found: run.noise.append(
        f"in a thread: {''.join(traceback.format_exception(found.exc_value))}" if found.exc_value else "in a thread"
    )
    try:
        yield
    finally:
        library.removeHandler(lines)
        loop.removeHandler(noise)
        warnings.showwarning, sys.unraisablehook, threading.excepthook = shown, unraisable, in_threads


@contextmanager
def _watched(run: Run, limit: float) -> Iterator[None]:
    """Ends the process where a run does not end, and shows where everybody stands."""

    def show_tasks() -> None:
        print(f"HANG {run.plan.seed}\n{run.tell()}", file=sys.stderr)
        if run.loop is not None:
            for task in asyncio.all_tasks(run.loop):
                print(f"{task!r}\n{''.join(_stack(task.get_coro()))}", file=sys.stderr)
        sys.stderr.flush()

    timer = threading.Timer(limit, show_tasks)
    timer.daemon = True
    timer.start()
    faulthandler.dump_traceback_later(limit + 0.5, exit=True)
    try:
        yield
    finally:
        timer.cancel()
        timer.join()
        faulthandler.cancel_dump_traceback_later()


def _stack(awaited: Any) -> Iterator[str]:
    """Where a task waits, from its outermost coroutine inwards."""
    while awaited is not None:
        frame = getattr(awaited, "cr_frame", None) or getattr(awaited, "gi_frame", None)
        if frame is not None:
            yield f"  {frame.f_code.co_filename}:{frame.f_lineno} in {frame.f_code.co_qualname}\n"
        awaited = getattr(awaited, "cr_await", None) or getattr(awaited, "gi_yieldfrom", None)


def _open_files() -> set[str]:
    """What they are; sockets with a number of their own."""
    found = set()
    for name in os.listdir("/proc/self/fd"):
        with suppress(OSError):
            found.add(f"{name}: {os.readlink(f'/proc/self/fd/{name}')}")
    return found


def _check_left(run: Run, threads: set[threading.Thread], files: set[str]) -> None:
    """What a client that was closed leaves behind."""
    unbegun = 0
    for line in run.noise:
        if run.plan.cut == "sigint-twice" and re.search(r"RuntimeWarning: coroutine '.*' was never awaited", line):
            # The second one is raised wherever it comes, so also between making a coroutine and awaiting it. Nothing
            # can guard that, and nothing of the coroutine ran. One interrupt leaves one of them.
            unbegun += 1
            if unbegun == 1:
                continue
        if "exception=KeyboardInterrupt()" in line:
            continue  # the second one ends whatever task it comes upon
        if line.startswith("unraisable") and line.rstrip().endswith(("KeyboardInterrupt", "SystemExit: 3")):
            continue  # one that comes into what the garbage collector calls is lost there, whoever wrote that
        if "was garbage collected before it had been exhausted" in line and "'http" in line:
            continue  # httpx leaves a body that breaks off to it, which trio remarks on
        if "coroutine 'connect_tcp.<locals>.try_connect' was never awaited" in line:
            continue  # anyio's, where all tasks were cancelled before its first step
        if "<TCPTransport closed=False" in line:
            continue  # uvloop leaves what it was connecting when that is cancelled
        if "cloudrec" in line.replace("cloudrec/emulator", "").replace("/_explore/", "") and "emulator" not in line:
            run.find("left", line[:300])
    if not run.is_closed_well:
        return

    def more_files() -> set[str]:
        return {file for file in _open_files() - files if "/proc/" not in file}

    def more_threads() -> list[threading.Thread]:
        return [
            thread for thread in threading.enumerate() if thread not in threads and not thread.name.startswith(_POOLS)
        ]

    until = time.monotonic() + 1
    while (more_files() or more_threads()) and time.monotonic() < until:
        time.sleep(0.003)
        gc.collect()
    if more_files():
        run.find("left", f"open files {more_files()}")
    if more_threads():
        run.find("left", f"threads {more_threads()}")


def work(seeds: Iterable[int], limit: float, tell: Callable[[dict[str, Any]], object], *, loud: bool = False) -> None:
    """All these runs."""
    warnings.simplefilter("always")
    # Fork where threads are: that is what is tried here.
    warnings.filterwarnings("ignore", "This process .* is multi-threaded", DeprecationWarning)
    _renewal.RENEW_AFTER, _renewal.AGAIN_AFTER = 0.02, (0.02, 0.02, 0.02)
    secrets.randbelow = random.randrange  # type: ignore[assignment]
    for seed in seeds:
        plan = draw(seed)
        tell({"begins": seed})
        run = explore(plan, limit)
        tell(
            {
                "ended": seed,
                "faults": run.faults(),
                "calls": len(run.emulator.calls),
                "findings": run.findings,
                "story": run.story if run.findings or loud else "",
            }
        )
