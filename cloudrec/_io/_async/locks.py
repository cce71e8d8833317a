"""Locks between the tasks of an event loop."""

from threading import Lock as ThreadLock
from typing import Any

import anyio

from ...errors import ConfigurationError
from .loops import LoopLocal, has_ended, running_loop


class _Lock:
    """A lock between the tasks of an event loop. Other loops have their own."""

    def __init__(self) -> None:
        self._locks = LoopLocal(anyio.Lock)

    async def __aenter__(self) -> None:
        await self._locks.here().acquire()

    async def __aexit__(self, *_: object) -> None:
        self._let_go()

    def _let_go(self) -> bool:
        """Whether this task had it: one that is thrown away after the end of its loop has nothing to give back."""
        try:
            self._locks.here().release()
        except (ConfigurationError, RuntimeError):
            return False
        return True


class OwnedLock(_Lock):
    """One that no two loops may want at once. (Its twin may be taken by its holder again, where a signal comes in.)"""

    def __init__(self) -> None:
        super().__init__()
        self._holder: Any = None
        self._changing = ThreadLock()

    async def __aenter__(self) -> None:
        await super().__aenter__()
        loop = running_loop()
        with self._changing:
            is_free = self._holder in (None, loop) or has_ended(self._holder)
            if is_free:
                self._holder = loop
        if not is_free:
            self._let_go()
            raise ConfigurationError(
                "another event loop is at work on this recording; nothing was sent",
                advice="Use a recording from one event loop at a time.",
            )

    async def __aexit__(self, *_: object) -> None:
        if self._let_go():
            self._holder = None


def own_thread() -> int | None:
    """None: tasks share a thread."""
    return None
