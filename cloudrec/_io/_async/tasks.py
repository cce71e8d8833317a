"""Tasks: one that a cancellation does not end (`shielded`), and one beside a recording (`BackgroundTask`)."""

import asyncio
from collections.abc import Awaitable, Callable, Iterable
from contextlib import suppress
from typing import Any, TypeVar

import anyio

from ..interrupts import held_back
from .loops import running_loop, tell

T = TypeVar("T")


async def shielded(run: Callable[[], Awaitable[T]], seconds: float, unheard: Callable[[BaseException], None]) -> T:
    """Runs to its end also when cancelled meanwhile: then for so many seconds more, and the cancellation goes on.

    It does so when everything is cancelled at once, as ``asyncio.run`` does at its end, and however often. The failure
    that nobody gets to see then is given to ``unheard``.
    """
    try:
        asyncio.get_running_loop()
    except RuntimeError:
        return await _shielded_in_trio(run, seconds, unheard)
    return await _shielded_in_asyncio(run, seconds, unheard)


# Seconds in which what was cancelled gives back what it holds.
_LAST_STEPS = 1.0


async def _shielded_in_asyncio(
    run: Callable[[], Awaitable[T]], seconds: float, unheard: Callable[[BaseException], None]
) -> T:
    loop = asyncio.get_running_loop()
    task: asyncio.Task[T] | None = None
    is_heard = has_left = False

    async def main() -> T:
        if has_left:
            raise asyncio.CancelledError  # before anything was begun
        return await run()

    def over(task: asyncio.Task[T]) -> None:
        failure = None if task.cancelled() else task.exception()
        unheard(failure or InterruptedError("whoever waited for it was interrupted"))

    try:
        # A task of its own, which is none of `all_tasks()`: a loop that ends cancels those, and would cancel this one,
        # too, maybe before its first step.
        task = loop.create_task(main(), name="cloudrec-to-the-end")
        asyncio._unregister_task(task)
        try:
            await asyncio.wait([task])
            found = task.result()
        except BaseException as cut:
            if not task.done() or task.cancelled() or task.exception() is not cut:  # it is not its own failure
                await _after_cut(task, cut, seconds, unheard)
            is_heard = True
            raise
        is_heard = True
        return found
    finally:
        # A second interrupt from the keyboard comes in the midst of waiting, too.
        if not is_heard:
            has_left = True
            if task is not None:
                task.add_done_callback(over)


async def _after_cut(
    task: asyncio.Task[Any], cut: BaseException, seconds: float, unheard: Callable[[BaseException], None]
) -> None:
    """Waits for it all the same, and tells of what nobody gets to see."""
    if isinstance(cut, GeneratorExit):
        # Nothing more can be waited for.
        if not task.done():
            unheard(RuntimeError("the event loop is gone, and no answer can come any more"))
        return
    loop = asyncio.get_running_loop()
    until = loop.time() + seconds
    for wait in (seconds, _LAST_STEPS):
        # Cancelled once more, it goes on as well. (The scope, since anyio's own cancel again and again.)
        with anyio.CancelScope(shield=True):
            while not task.done() and (left := until - loop.time()) > 0:
                with suppress(asyncio.CancelledError):
                    await asyncio.wait([task], timeout=left)
        if task.done() or wait is _LAST_STEPS:
            break
        task.cancel()
        until = loop.time() + _LAST_STEPS
    if not task.done() or task.cancelled():
        unheard(TimeoutError(f"no answer within {seconds:g} s of being cancelled"))
    elif (failure := task.exception()) is not None:
        unheard(failure)


async def _shielded_in_trio(
    run: Callable[[], Awaitable[T]], seconds: float, unheard: Callable[[BaseException], None]
) -> T:
    ended: list[T | Exception] = []
    is_over = anyio.Event()
    shield = anyio.CancelScope(shield=True)
    async with anyio.create_task_group() as group:
        group.start_soon(_keep, run, shield, ended.append, is_over.set)
        try:
            await is_over.wait()
        except BaseException:
            # Its own deadline counts only from here on.
            shield.deadline = anyio.current_time() + seconds
            with anyio.CancelScope(shield=True):
                await is_over.wait()
            if not ended:
                unheard(TimeoutError(f"no answer within {seconds:g} s of being cancelled"))
            elif isinstance(ended[0], Exception):
                unheard(ended[0])
            raise
    found = ended[0]
    if isinstance(found, Exception):
        raise found
    return found


# An interrupt from the keyboard is raised where it is waited for.
@held_back
async def _keep(
    run: Callable[[], Awaitable[object]],
    shield: anyio.CancelScope,
    keep: Callable[[Any], object],
    over: Callable[[], object],
) -> None:
    try:
        with shield:
            keep(await run())
    except Exception as error:
        keep(error)
    finally:
        over()


def is_of_others(cut: BaseException) -> bool:
    """Whether it is a cancellation that nobody asked of this task: of a task that a connection is made of."""
    task = asyncio.current_task() if isinstance(cut, asyncio.CancelledError) else None
    return task is not None and not task.cancelling()


class BackgroundTask:
    """Something that runs beside its recording, and ends with it; and with its event loop."""

    def __init__(self, name: str, run: Callable[[], Awaitable[None]]) -> None:
        self._loop = running_loop()
        self._scope = anyio.CancelScope()
        self._is_over = anyio.Event()
        self._own: int | None = None
        self._run = run
        if isinstance(self._loop, asyncio.AbstractEventLoop):
            # Held, since the loop holds its tasks weakly.
            self._task = self._loop.create_task(self._main(), name=name)
            # Also where it is cancelled before its first step.
            self._task.add_done_callback(lambda _: self._is_over.set())
        else:
            import trio

            trio.lowlevel.spawn_system_task(self._main, name=name)

    async def _main(self) -> None:
        self._own = anyio.get_current_task().id
        try:
            with self._scope:
                await self._run()
        finally:
            self._is_over.set()

    async def end(self) -> None:
        """Ends it, and waits until it has; from within, it ends by itself. In another loop nobody can wait for it."""
        if self._loop is not running_loop():
            tell(self._loop, self._scope.cancel)
        elif anyio.get_current_task().id != self._own:
            self._scope.cancel()
            await self._is_over.wait()


async def end_all(tasks: Iterable[BackgroundTask]) -> None:
    """Ends all of them, and waits until they have."""
    for task in list(tasks):
        await task.end()
