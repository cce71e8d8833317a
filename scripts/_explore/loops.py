"""Runs of the async client, on each event loop."""

from __future__ import annotations

import asyncio
import signal
from collections.abc import Awaitable, Callable
from contextlib import suppress
from typing import Any

import anyio
import anyio.to_thread

from cloudrec import Retry

from .run import Ask, Crash, Opcodes, Run
from .threads import fork, go_on
from .workloads import act


def run_async(run: Run, limit: float) -> None:
    """The life of an async client."""
    if run.plan.backend == "trio":
        import trio

        try:
            trio.run(_life, run)
        except BaseException as error:
            run.errors.append(error)
        return
    factory = None
    if run.plan.backend == "uvloop":
        import uvloop

        factory = uvloop.new_event_loop
    try:
        with asyncio.Runner(loop_factory=factory) as runner:
            run.loop = runner.get_loop()
            if run.plan.cut == "fork":
                _fork_between(run, runner, limit)
            else:
                runner.run(_life(run))
    except BaseException as error:
        run.errors.append(error)


async def _life(run: Run) -> None:
    http_client = run.http_client()
    client = run.make_client(http_client)
    try:
        await _CUTS[run.plan.cut](run)
    except BaseException as error:
        run.errors.append(error)
        if run.plan.cut.startswith("sigint") and isinstance(error, asyncio.CancelledError):
            task = asyncio.current_task()
            assert task is not None
            task.uncancel()
        elif not isinstance(error, Exception | BaseExceptionGroup | KeyboardInterrupt):
            raise
    if run.plan.cut in ("end", "cancel-and-end"):
        return
    with anyio.CancelScope(shield=True):
        await _close(run, client, http_client)


async def _close(run: Run, client: Any, http_client: Any) -> None:
    run.emulator.heal()
    if run.plan.cut != "close":
        await _check_given_back(run, client)
    await client.aclose()
    if http_client is not None:
        await http_client.aclose()
    run.is_closed_well = True
    if run.plan.backend != "trio":
        others: set[Any] = set()
        for _ in range(5):
            if not (others := asyncio.all_tasks() - {asyncio.current_task()}):
                return
            await asyncio.sleep(0.002)
        run.find("left", f"tasks of a closed client: {others}")


async def _check_given_back(run: Run, client: Any) -> None:
    # In a thread: meanwhile the loop hears which connections were ended.
    await anyio.to_thread.run_sync(run.settle)
    check = run.given_back(anyio.get_current_task().id)
    next(check)
    with suppress(StopIteration):
        while True:
            error = None
            try:
                await client.ncs_ips(timeout=5, retry=Retry(attempts=1, deadline=5))
            except Exception as raised:
                error = raised
            check.send(error)


# -- cutting off ------------------------------------------------------------------------------


async def _none(run: Run) -> None:
    async with anyio.create_task_group() as group:
        for ask in run.asks:
            group.start_soon(act, run, ask)


async def _scope(run: Run) -> None:
    async with anyio.create_task_group() as group:
        for ask in run.asks:
            group.start_soon(act, run, ask)
        await _moment(run)
        group.cancel_scope.cancel()


async def _crash(run: Run) -> None:
    """Somebody beside them raises."""
    async with anyio.create_task_group() as group:
        for ask in run.asks:
            group.start_soon(act, run, ask)
        await _moment(run)
        raise Crash("somebody else's")


async def _timeout(run: Run) -> None:
    """The time-out of each framework, which ends at that moment."""
    ends: list[Callable[[], object]] = []
    of_asyncio = run.plan.backend != "trio" and run.plan.again > 0.0

    async def within(ask: Ask) -> None:
        try:
            if of_asyncio:
                async with asyncio.timeout(None) as timeout:
                    ends.append(lambda: timeout.reschedule(asyncio.get_running_loop().time()))
                    await act(run, ask)
            else:
                with anyio.fail_after(None) as scope:
                    ends.append(lambda: setattr(scope, "deadline", anyio.current_time()))
                    await act(run, ask)
        except TimeoutError as error:
            ask.errors.append(error)

    async with anyio.create_task_group() as group:
        for ask in run.asks:
            group.start_soon(within, ask)
        await _moment(run)
        for end in ends:
            with suppress(RuntimeError):  # it is over already
                end()


async def _move_on(run: Run) -> None:
    with anyio.move_on_after(run.plan.after):
        await _none(run)


async def _moment(run: Run) -> None:
    """Waits until it is time."""
    for _ in range(100):  # it may never come
        if run.has_come():
            break
        await anyio.sleep(0.0005)
    await anyio.sleep(run.plan.after)


async def _close_it(run: Run) -> None:
    async with anyio.create_task_group() as group:
        for ask in run.asks:
            group.start_soon(act, run, ask)
        await _moment(run)
        await run.client.aclose()


async def _sigint(run: Run) -> None:
    """From the keyboard, between two bytecodes of the library: what comes of it is up to the event loop."""

    def send() -> None:
        signal.raise_signal(signal.SIGINT)

    first = int(run.plan.share * run.bytecodes)
    at: dict[int, Callable[[], object]] = {first: send}
    if run.plan.cut == "sigint-twice":
        at[first + 1 + int(run.plan.again * 20_000)] = send
    with Opcodes(at) as run.opcodes:
        await _none(run)


def _tasks(run: Run) -> list[asyncio.Task[None]]:
    return [asyncio.create_task(act(run, ask)) for ask in run.asks]


async def _over(tasks: list[asyncio.Task[None]]) -> None:
    await asyncio.gather(*tasks, return_exceptions=True)


async def _cancel(run: Run) -> None:
    tasks = _tasks(run)
    await _moment(run)
    for task in tasks:
        task.cancel()
    if run.plan.cut == "cancel-twice":
        await asyncio.sleep(run.plan.again)
        for task in tasks:
            task.cancel()
    await _over(tasks)


async def _cancel_all(run: Run) -> None:
    """As asyncio.run does it, but that the loop goes on."""
    tasks = _tasks(run)
    await _moment(run)
    for task in asyncio.all_tasks():
        if task is not asyncio.current_task():
            task.cancel()
    await _over(tasks)


async def _end(run: Run) -> None:
    """The loop ends while they are under way."""
    tasks = _tasks(run)
    await _moment(run)
    if run.plan.cut == "cancel-and-end":
        for task in tasks:
            task.cancel()
        if run.plan.again:
            await asyncio.sleep(0)


_CUTS: dict[str, Callable[[Run], Awaitable[None]]] = {
    "none": _none,
    "cancel": _cancel,
    "cancel-twice": _cancel,
    "cancel-all": _cancel_all,
    "scope": _scope,
    "crash": _crash,
    "timeout": _timeout,
    "move-on": _move_on,
    "end": _end,
    "cancel-and-end": _end,
    "close": _close_it,
    "sigint": _sigint,
    "sigint-twice": _sigint,
}


def _fork_between(run: Run, runner: asyncio.Runner, limit: float) -> None:
    """A recording that was begun before a fork; the child goes on with it in a loop of its own."""
    first = run.asks[0]
    http_client = run.http_client()

    async def begin() -> None:
        client = run.make_client(http_client)
        first.held = client.mix.record(first.cname, **run.options(first))
        first.held = await first.held

    async def parent() -> None:
        await go_on(run, first)
        await _close(run, run.client, http_client)

    async def child() -> None:
        await go_on(run, first)
        await act(run, run.asks[-1])

    try:
        runner.run(begin())
    except Exception as error:
        first.errors.append(error)
        runner.run(_close(run, run.client, http_client))
        return
    fork(run, lambda: asyncio.run(child()), lambda: runner.run(parent()), limit)
