"""Forks: what begins anew in a process that was forked.

The child has all of its parent's memory, but of its threads only the one that forked. A lock that another thread held
is held for ever there, and what that thread was changing is changed by half. So whatever has a lock, a thread or a
connection for longer than a call says here what becomes of it.
"""

import os
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, ExitStack
from itertools import count
from threading import local
from typing import Any
from weakref import ref

# By number, so that they are called in the order in which they came. Nothing here takes a lock: each step is one of the
# interpreter's own, and whole at any fork.
_anew: "dict[int, tuple[ref[Any], str]]" = {}
_held: "dict[int, tuple[ref[Any], str]]" = {}
_number = count()


class _Forking(local):
    """What a thread holds while it forks."""

    stack = ExitStack()


_forking = _Forking()


def in_child(method: Callable[[], object]) -> None:
    """Has a method called in every process that is forked from now on, as long as its object is in use elsewhere.

    It makes the object's locks anew, and drops what belongs to the parent. It must be quick, wait for nothing and not
    raise. The object is referred to weakly: one with ``__slots__`` has ``__weakref__`` among them.
    """
    _keep(_anew, method)


def across_fork(method: Callable[[], AbstractContextManager[object]]) -> None:
    """Has a fork happen inside of the context that a method gives, as long as its object is in use elsewhere.

    For what cannot be made anew if a thread is in the midst of it: others wait outside, and it is left again in both
    processes. A fork waits for it, so no thread may be inside for long.
    """
    _keep(_held, method)


def _keep(hooks: "dict[int, tuple[ref[Any], str]]", method: Any) -> None:
    number = next(_number)
    # Not a WeakMethod, which is loud when the interpreter ends.
    hooks[number] = ref(method.__self__, lambda _: hooks.pop(number, None)), method.__name__


def _living(hooks: "dict[int, tuple[ref[Any], str]]") -> Iterator[Callable[[], Any]]:
    for reference, name in list(hooks.values()):
        if (found := reference()) is not None:
            yield getattr(found, name)


def _before() -> None:
    # The same order in every thread, so that two that fork at once do not wait for each other.
    _forking.stack = ExitStack()
    for hold in _living(_held):
        _forking.stack.enter_context(hold())


def _after() -> None:
    _forking.stack.close()


def _after_in_child() -> None:
    _after()
    for begin in _living(_anew):
        begin()


if hasattr(os, "register_at_fork"):  # not on Windows, which has no fork
    os.register_at_fork(before=_before, after_in_parent=_after, after_in_child=_after_in_child)
