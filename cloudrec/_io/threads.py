"""Threads with a time limit, left to themselves when it is over."""

from collections.abc import Callable
from threading import TIMEOUT_MAX, Thread
from typing import Any, TypeVar

T = TypeVar("T")


class ReadTimeout(TimeoutError):
    """The whole of an answer took too long. Called as httpx calls what takes too long in one part of it."""


def in_thread(seconds: float | None, run: Callable[[], T], late: Exception) -> T:
    """What a function returns or raises, if it does so in time: for what nothing can end from outside.

    Otherwise ``late`` is raised. The function goes on in its thread, a daemon, and nobody hears what came of it.
    """
    # Not above, since most of those who import this never have such a thread.
    from contextvars import copy_context
    from queue import Empty, SimpleQueue

    ended: SimpleQueue[Callable[[], T]] = SimpleQueue()
    context = copy_context()

    def main() -> None:
        try:
            found = context.run(run)
        except BaseException as error:
            ended.put(_raising(error))
        else:
            ended.put(lambda: found)

    Thread(target=main, name="cloudrec-in-time", daemon=True).start()
    try:
        told = ended.get(timeout=None if seconds is None else min(max(seconds, 0.0), TIMEOUT_MAX))
    except Empty:
        raise late from None
    return told()


def _raising(error: BaseException) -> Callable[[], Any]:
    def told() -> Any:
        raise error

    return told
