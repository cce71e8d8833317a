"""Interrupts from the keyboard under trio: they wait until what is under way can be cut off."""

from collections.abc import Callable
from typing import Any, TypeVar

from .._contract.frames import discreet

F = TypeVar("F", bound=Callable[..., Any])


@discreet
async def _call() -> None:
    """Whatever is called from outside: all wrappers of async functions are of one code."""


@discreet
async def _items() -> Any:
    """And those of async generators."""
    yield


def theirs(function: Callable[..., Any], *arguments: Any, **words: Any) -> Any:
    """Calls somebody else's function, which may be interrupted: it may never return."""
    return function(*arguments, **words)


_held_back: list[Any] = [_call, _items]


def held_back(function: F) -> F:
    """Marks an async function that no interrupt from the keyboard comes into, under trio: nor into what it calls.

    There, its handler raises KeyboardInterrupt between any two bytecodes of a task, but in what is marked by its
    `enable_ki_protection`: that is given it where it waits, as a cancellation. Nothing else could hold in between,
    neither ``with`` nor a lock. (asyncio cancels the main task, and nothing has to be held back.)
    """
    _held_back.append(function)
    return function


def hold_back() -> None:
    """Tells trio of them. Called where trio runs, since it may be imported at any time."""
    if _held_back:
        from trio.lowlevel import disable_ki_protection, enable_ki_protection

        for function in _held_back:
            enable_ki_protection(function)
        disable_ki_protection(theirs)
        _held_back.clear()
