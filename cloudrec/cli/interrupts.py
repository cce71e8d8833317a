"""Ctrl-C: once and once more; and the signals that end a process."""

from __future__ import annotations

import asyncio
import signal
from collections.abc import Awaitable, Callable
from types import FrameType, TracebackType
from typing import Any, Self

_ENDS = ("SIGTERM", "SIGHUP")


class Interrupts:
    """Counts them, in place of a KeyboardInterrupt somewhere in the middle."""

    def __init__(self) -> None:
        self.is_end: bool = False
        """Whether it was a signal that ends the process, and not somebody at the keyboard."""
        self._once, self._twice = asyncio.Event(), asyncio.Event()
        self._before: dict[int, Callable[[int, FrameType | None], Any] | int | None] = {}

    def __enter__(self) -> Self:
        loop = asyncio.get_running_loop()
        for name in ("SIGINT", *_ENDS):
            number = getattr(signal, name, None)
            # Who has it ignored, as nohup does, means it.
            if number is None or signal.getsignal(number) is signal.SIG_IGN:
                continue
            come = self._end if name in _ENDS else self._interrupt

            def told(_number: int, _frame: FrameType | None, come: Callable[[], None] = come) -> None:
                loop.call_soon_threadsafe(come)

            self._before[number] = signal.signal(number, told)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        for number, before in self._before.items():
            signal.signal(number, before)

    def _interrupt(self) -> None:
        (self._twice if self._once.is_set() else self._once).set()

    def _end(self) -> None:
        self.is_end = True
        self._once.set()

    async def or_once(self, work: Awaitable[Any], within: float | None = None) -> bool:
        """Waits until that is done, or Ctrl-C comes; whether it is done."""
        return await _first(work, self._once, within)

    async def or_twice(self, work: Awaitable[Any], within: float | None = None) -> bool:
        """The same for the second one."""
        return await _first(work, self._twice, within)

    async def comes_again(self, within: float) -> bool:
        """Whether the second one comes within so many seconds."""
        try:
            await asyncio.wait_for(self._twice.wait(), within)
        except TimeoutError:
            return False
        return True


async def _first(work: Awaitable[Any], event: asyncio.Event, within: float | None) -> bool:
    task = asyncio.ensure_future(work)
    waiting = asyncio.ensure_future(event.wait())
    try:
        await asyncio.wait({task, waiting}, timeout=within, return_when=asyncio.FIRST_COMPLETED)
    finally:
        waiting.cancel()
    return task.done()
