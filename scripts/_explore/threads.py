"""Runs of the sync client, in the main thread and in several; and forks."""

from __future__ import annotations

import asyncio
import faulthandler
import json
import os
import select
import signal
import socket
import traceback
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from functools import partial
from threading import Event, Thread, get_ident
from types import FrameType
from typing import Any

from cloudrec import CloudRecordingError, Retry

from .judge import chain, check_errors, names_it
from .run import Ask, Opcodes, Run, told
from .workloads import act, at_once, drive


def run_sync(run: Run, limit: float) -> None:
    """The life of a sync client."""
    http_client = run.http_client()
    client = run.make_client(http_client)
    threads: list[_Worker] = []
    try:
        with _cut(run):
            _work(run, threads, limit)
    except BaseException as error:
        run.errors.append(error)
    for thread in threads:
        # It may have been started no more; or was, and the interrupt came while it was.
        if thread.has_begun.wait(0.2):
            thread.join()
    run.emulator.heal()
    if run.plan.cut != "close":
        _check_given_back(run, client)
    client.close()
    run.is_closed_well = True
    if http_client is not None:
        http_client.close()


def _check_given_back(run: Run, client: Any) -> None:
    run.settle()
    check = run.given_back(get_ident())
    next(check)
    with suppress(StopIteration):
        while True:
            error = None
            try:
                client.ncs_ips(timeout=5, retry=Retry(attempts=1, deadline=5))
            except Exception as raised:
                error = raised
            check.send(error)


class _Worker(Thread):
    """A thread that is waited for by an event of its own.

    An interrupt in `Thread.join` makes Python 3.11 take a thread for over that still runs.
    """

    def __init__(self, run: Run, ask: Ask) -> None:
        super().__init__(daemon=True)
        self.has_begun = Event()
        self._over = Event()
        self._work = run, ask

    def run(self) -> None:
        self.has_begun.set()
        try:
            _alone(*self._work)
        finally:
            self._over.set()

    def join(self, timeout: float | None = None) -> None:
        self._over.wait(timeout)

    def is_alive(self) -> bool:
        return not self._over.is_set()


def _work(run: Run, threads: list[_Worker], limit: float) -> None:
    first, *others = run.asks
    if run.plan.backend == "threads":
        threads += [_Worker(run, ask) for ask in others]
        for thread in threads:
            thread.start()
        others = []
    if run.plan.cut == "fork":
        _fork_between(run, first, limit)
    else:
        drive(act(run, first))
    for ask in others:
        drive(act(run, ask))
    for thread in threads:
        thread.join()


def _alone(run: Run, ask: Ask) -> None:
    # What reached it is noted in `act`.
    with suppress(BaseException):
        drive(act(run, ask))


# -- cutting off ------------------------------------------------------------------------------


@contextmanager
def _at_the_moment(run: Run, what: Callable[[], object]) -> Iterator[None]:
    """Does it from another thread, if the moment comes."""
    over = Event()

    def wait() -> None:
        while not run.has_come():
            if over.wait(0.0005):
                return
        if not over.wait(run.plan.after):
            what()

    thread = Thread(target=wait, daemon=True)
    thread.start()
    try:
        yield
    finally:
        over.set()
        thread.join()


@contextmanager
def _cut(run: Run) -> Iterator[None]:
    plan = run.plan
    if plan.cut == "close":
        with _at_the_moment(run, run.client.close):
            yield
    elif plan.cut.startswith("signal"):

        def handler(number: int, frame: FrameType | None) -> None:
            if not run.armed:
                return
            run.armed = False
            if plan.cut == "signal-stops":
                _stop_all(run)
            else:
                raise KeyboardInterrupt if plan.cut == "signal" else SystemExit(3)

        before = signal.signal(signal.SIGALRM, handler)
        main = get_ident()
        try:
            with _at_the_moment(run, lambda: signal.pthread_kill(main, signal.SIGALRM)):
                run.armed = True
                try:
                    yield
                finally:
                    run.armed = False
        finally:
            signal.signal(signal.SIGALRM, before)
    elif plan.cut == "interrupt":

        def interrupt() -> None:
            raise KeyboardInterrupt

        with Opcodes({int(plan.share * run.bytecodes): interrupt}) as run.opcodes:
            yield
    else:
        yield


def _stop_all(run: Run) -> None:
    """As a signal handler would that lets a process end well."""
    for ask in run.asks:
        if hasattr(ask.held, "stop"):
            try:
                ask.held.stop()
            except CloudRecordingError as error:
                ask.errors.append(error)


# -- forks ------------------------------------------------------------------------------------


def _fork_between(run: Run, ask: Ask, limit: float) -> None:
    """A recording that was begun before a fork; parent and child go on with it, and with the client."""
    client = run.client
    ask.held = at_once(partial(client.mix.record, ask.cname, **run.options(ask)))

    def child() -> None:
        drive(go_on(run, ask))
        drive(act(run, run.asks[-1]))

    fork(run, child, lambda: drive(go_on(run, ask)), limit)


async def go_on(run: Run, ask: Ask) -> None:
    """Queries and stops what both processes have in hand."""
    try:
        one = getattr(ask.held, "first", ask.held)
        for call in (one.query, one.query, ask.held.stop):
            found = call()
            if run.plan.is_async:
                await found
        ask.held = None
    except CloudRecordingError as error:
        ask.errors.append(error)


def fork(run: Run, child: Callable[[], None], parent: Callable[[], None], limit: float) -> None:
    """Both, each in a process of its own; what the child has to tell is put beside what the parent knows."""
    asks = run.asks
    new = Ask("record", f"r{run.plan.seed}-child", 2000)
    run.asks = [*asks, new]
    reads, writes = os.pipe()
    # Its thread is not there in a child, which would wait for it.
    faulthandler.cancel_dump_traceback_later()
    pid = os.fork()
    faulthandler.dump_traceback_later(limit / 2 if pid == 0 else limit, exit=True)
    if pid == 0:
        code = 1
        try:
            os.close(reads)
            _leave_to_the_parent(run)
            run.log.clear()
            for ask in asks:
                ask.errors.clear()
            try:
                child()
            except BaseException as error:
                run.errors.append(error)
            check_errors(run)
            reached = [*run.errors, *(error for ask in run.asks for error in ask.errors)]
            found = [inner for error in reached for inner in chain(error)]
            news = {
                "log": [*run.log, *map(told, found)],
                "unfinished": [*run.unfinished, *(vars(error) for error in found if names_it(error))],
                "held": [sid for ask in run.asks for sid in ask.sids()],
                "findings": [(kind, f"in the child: {what}") for kind, what in run.findings],
            }
            with os.fdopen(writes, "w") as pipe:
                json.dump(news, pipe, default=str)
            code = 0
        except BaseException:
            traceback.print_exc()
        finally:
            os._exit(code)
    os.close(writes)
    try:
        parent()
    except BaseException as error:
        run.errors.append(error)
    heard = b""
    while select.select([reads], [], [], limit)[0] and (chunk := os.read(reads, 65536)):
        heard += chunk
    os.close(reads)
    with suppress(OSError):
        os.kill(pid, signal.SIGKILL) if not heard else None
    os.waitpid(pid, 0)
    if not heard:
        run.find("hang", f"the child of a fork did not end within {limit / 2:g} s, or broke")
        return
    news = json.loads(heard)
    run.log += news["log"]
    run.unfinished += news["unfinished"]
    run.held_elsewhere += news["held"]
    for kind, what in news["findings"]:
        run.find(kind, what)


def _leave_to_the_parent(run: Run) -> None:
    """Closes the emulator's ends of all connections: else they would not end where the parent closes them."""
    ports = {int(url.rpartition(":")[2]) for url in run.emulator.urls}
    for name in os.listdir("/proc/self/fd"):
        with suppress(OSError), socket.socket(fileno=os.dup(int(name))) as found:
            if found.family in (socket.AF_INET, socket.AF_INET6) and found.getsockname()[1] in ports:
                os.close(int(name))
    run.time.renew()
    run.loop = None
    asyncio.set_event_loop(None)
