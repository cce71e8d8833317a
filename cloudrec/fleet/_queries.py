"""`Queries`: what asks a database and blocks, in threads; `Together`: one query for many who ask the same."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Awaitable, Callable, Iterable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor, wait
from contextlib import contextmanager
from contextvars import Context
from copy import copy
from functools import partial
from typing import Any, Final, Generic, ParamSpec, TypeVar

from .._io.forks import across_fork, in_child

P = ParamSpec("P")
T = TypeVar("T")
R = TypeVar("R")

_THREADS: Final = 4
# Seconds that a fork waits for a query, of a database that is away say.
_FORK_WAITS: Final = 5.0
# So many are asked for at once.
_AT_ONCE: Final = 500


class Queries:
    """Runs what blocks in threads of its own, as few as the database has connections for."""

    def __init__(self, threads: int = _THREADS) -> None:
        self._number = threads
        self._begin_anew()
        across_fork(self._at_rest)
        in_child(self._begin_anew)

    @contextmanager
    def _at_rest(self) -> Iterator[None]:
        """No query is under way: a child has neither its thread nor what SQLite has locked for it."""
        inside = self._inside
        taken = sum(inside.acquire(timeout=_FORK_WAITS) for _ in range(self._number))
        try:
            yield
        finally:
            if taken:
                inside.release(taken)

    def _begin_anew(self) -> None:
        self._inside = threading.Semaphore(self._number)
        self._threads = ThreadPoolExecutor(self._number, thread_name_prefix="cloudrec-fleet")
        self._under_way: set[Future[Any]] = set()

    async def __call__(self, function: Callable[P, T], *arguments: P.args, **words: P.kwargs) -> T:
        """What the function returns."""
        future = self._threads.submit(self._apart, partial(function, *arguments, **words))
        self._under_way.add(future)
        future.add_done_callback(self._under_way.discard)
        return await asyncio.wrap_future(future)

    def _apart(self, function: Callable[[], T]) -> T:
        with self._inside:
            return function()

    async def rest(self) -> None:
        """Waits for those that nobody waits for any more: they have connections."""
        if left := [future for future in tuple(self._under_way) if not future.done()]:
            await asyncio.to_thread(wait, left)


class Together(Generic[T, R]):
    """Asks once for all who want the same; those who come while it is asked are asked for after it, together again."""

    def __init__(self, ask: Callable[[Sequence[T]], Awaitable[Sequence[R]]]) -> None:
        self._ask = ask
        self._wanted: list[tuple[T, asyncio.Future[R]]] = []
        self._asking: asyncio.Task[None] | None = None

    async def __call__(self, one: T) -> R:
        """What is answered for this one."""
        waiting: asyncio.Future[R] = asyncio.get_running_loop().create_future()
        self._wanted.append((one, waiting))
        if self._asking is None:
            # For all of them, and not as a part of what the first one does.
            self._asking = asyncio.create_task(self._ask_for_all(), context=Context())
        return await waiting

    async def _ask_for_all(self) -> None:
        asked: list[tuple[T, asyncio.Future[R]]] = []
        try:
            while wanted := [(one, waiting) for one, waiting in self._wanted if not waiting.done()]:
                asked, self._wanted = wanted[:_AT_ONCE], wanted[_AT_ONCE:]
                try:
                    _answer(asked, await self._ask([one for one, _ in asked]))
                except (asyncio.CancelledError, KeyboardInterrupt, SystemExit):
                    raise
                except BaseException as error:
                    # To each an error of its own, as each adds to it where it was raised.
                    _answer(asked, [copy(error) for _ in asked])
        finally:
            self._asking = None
            for _, waiting in (*asked, *self._wanted):
                waiting.cancel()


def _answer(asked: Iterable[tuple[object, asyncio.Future[R]]], answers: Iterable[R | BaseException]) -> None:
    for (_, waiting), answer in zip(asked, answers, strict=True):
        if waiting.done():  # it was cancelled
            continue
        if isinstance(answer, BaseException):
            waiting.set_exception(answer)
            waiting.exception()  # who is cancelled just now need not hear of it
        else:
            waiting.set_result(answer)
