"""Waiting that others end: events, time limits, and the race of DNS lookups."""

import socket
from collections.abc import Awaitable, Callable, Sequence
from inspect import isawaitable
from typing import Any, TypeVar
from weakref import WeakSet

import anyio
import anyio.lowlevel

from ...errors import ConfigurationError
from ..interrupts import held_back
from ..threads import ReadTimeout
from .calls import invoke_in_thread
from .loops import running_loop, tell, threadsafe

Resolver = Callable[[str], object]
"""Looks a host name up: returns if there is one, raises if not. For the async client it may be an async function."""
Wait = Callable[[float], object]
"""Waits for so many seconds. May be an async function."""

T = TypeVar("T")


class AutoResetEvent:
    """An event that each who waited resets. It may be set from any thread."""

    def __init__(self) -> None:
        self._event = anyio.Event()
        self._was_set = False
        self.set = threadsafe(self._set)

    def _set(self) -> None:
        """Whoever waits goes on; if nobody does, the next one will."""
        self._event.set()

    async def wait(self, seconds: float) -> bool:
        """Waits until it is set, and resets it; False if it was not set in time."""
        if self._was_set:
            self._event, self._was_set = anyio.Event(), False
        with anyio.move_on_after(seconds):
            await self._event.wait()
        self._was_set = self._event.is_set()
        return self._was_set


class LinkedEvent:
    """An event whose children are set with it: of a client that is closed, of a recording that ends."""

    def __init__(self, wait: Wait | None) -> None:
        self._wait = wait
        self._is_set = False
        # Each with its loop, in which alone it can be cancelled.
        self._waiting: dict[anyio.CancelScope, Any] = {}
        # Made for the first of them: most have none, and a recording has two of these.
        self._children: dict[None, WeakSet[LinkedEvent]] = {}

    def child(self) -> "LinkedEvent":
        """One that can be set apart, and is set when this is."""
        child = LinkedEvent(self._wait)
        child._is_set = self._is_set
        # By several threads at once, maybe.
        self._children.setdefault(None, WeakSet()).add(child)
        return child

    @property
    def is_set(self) -> bool:
        """Whether it is set, which it then stays."""
        return self._is_set

    def set(self) -> None:
        """Sets it; everyone who waits goes on at once."""
        self._is_set = True
        try:
            here = running_loop()
        except ConfigurationError:
            here = None
        for scope, loop in tuple(self._waiting.items()):
            if loop is here:
                scope.cancel()
            else:
                tell(loop, scope.cancel)
        for child in tuple(self._children.get(None, ())):
            child.set()

    async def wait(self, seconds: float) -> None:
        """Waits, or until it is set; by the function that was given for that, where one was."""
        if self._wait is None:
            await self.sleep(seconds)
        elif not self._is_set:
            with anyio.CancelScope() as scope:
                self._waiting[scope] = running_loop()
                try:
                    # It may be a plain function that moves a clock; others get their turn all the same.
                    found = self._wait(seconds)
                    await (found if isawaitable(found) else anyio.lowlevel.checkpoint())
                finally:
                    del self._waiting[scope]

    async def sleep(self, seconds: float) -> None:
        """Waits, or until it is set; by the machine's time, for what runs in the background."""
        if self._is_set:
            return
        with anyio.CancelScope() as scope:
            self._waiting[scope] = running_loop()
            try:
                await anyio.sleep(seconds)
            finally:
                del self._waiting[scope]


async def fail_after(seconds: float, keeps_time: bool, run: Callable[[], Awaitable[T]]) -> T:
    """What a function returns. What takes longer than so many seconds ends as a time-out in the middle of an answer."""
    with anyio.CancelScope(deadline=anyio.current_time() + seconds):
        return await run()
    raise ReadTimeout("the answer took too long")


def resolve(name: str) -> object:
    """Asks the system's DNS."""
    return socket.getaddrinfo(name, 443, type=socket.SOCK_STREAM)


async def first_to_answer(resolver: Resolver, names: Sequence[str], seconds: float) -> int | None:
    """Looks all names up at once; the place of the first that was found, None if none was found in time."""
    send, receive = anyio.create_memory_object_stream[int | None](len(names))
    winner = None
    with send, receive:
        async with anyio.create_task_group() as group:
            for place, name in enumerate(names):
                group.start_soon(_ask, resolver, name, place, send.send_nowait)
            with anyio.move_on_after(seconds):
                for _ in names:
                    winner = await receive.receive()
                    if winner is not None:
                        break
            group.cancel_scope.cancel()
    return winner


@held_back
async def _ask(resolver: Resolver, name: str, place: int, tell_it: Callable[[int | None], object]) -> None:
    try:
        # A lookup blocks; one that hangs in its thread is left to itself.
        await invoke_in_thread("resolver", resolver, name)
    except Exception:  # whatever a resolver raises means that it found nothing
        tell_it(None)
    else:
        tell_it(place)
