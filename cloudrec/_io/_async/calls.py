"""Calls of functions that somebody else wrote, async or not."""

from collections.abc import Awaitable, Callable
from inspect import isawaitable, iscoroutinefunction
from typing import Any, ParamSpec, TypeVar

import anyio.to_thread

from ..interrupts import theirs

P = ParamSpec("P")
T = TypeVar("T")


async def invoke(name: str, function: Callable[P, T | Awaitable[T]], *arguments: P.args, **words: P.kwargs) -> T:
    """What somebody else's function returns, or what it is when awaited."""
    return await _awaited(theirs(function, *arguments, **words))


async def invoke_in_thread(
    name: str, function: Callable[P, T | Awaitable[T]], *arguments: P.args, **words: P.kwargs
) -> T:
    """The same of a function that may take its time: in a thread, unless it is async."""
    if iscoroutinefunction(function) or iscoroutinefunction(type(function).__call__):
        return await _awaited(theirs(function, *arguments, **words))
    # In a list, since trio refuses what turns out to be a coroutine.
    [found] = await anyio.to_thread.run_sync(lambda: [function(*arguments, **words)], abandon_on_cancel=True)
    return await _awaited(found)


async def _awaited(found: T | Awaitable[T]) -> T:
    given: Any = found
    result: T = await given if isawaitable(given) else given
    return result
