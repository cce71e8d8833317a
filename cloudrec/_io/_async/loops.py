"""Event loops: which one runs, what is of one alone, and how other threads reach it."""

import asyncio
import sys
from collections.abc import Callable
from contextlib import suppress
from threading import Lock as ThreadLock, get_ident
from typing import Any, Generic, TypeVar

from ...errors import ConfigurationError
from ..interrupts import hold_back

T = TypeVar("T")


def running_loop() -> Any:
    """The event loop that runs here: asyncio's own object, or trio's token of its run.

    Raises:
        ConfigurationError: none does.
    """
    try:
        return asyncio.get_running_loop()
    except RuntimeError:
        pass
    if sys.modules.get("trio") is not None:
        import trio

        with suppress(RuntimeError):
            token = trio.lowlevel.current_trio_token()
            hold_back()
            return token
    raise ConfigurationError(
        "no event loop runs here: the async client works in asyncio's or in trio's alone",
        advice="Call it from an async function, as by asyncio.run(); without a loop there is CloudRecording.",
    )


def current_loop() -> object:
    """What there is to wait by: the event loop; None where none runs, as when a coroutine is thrown away."""
    with suppress(ConfigurationError):
        return running_loop()
    return None


def has_ended(loop: Any) -> bool:
    return not tell(loop, bool)


def tell(loop: Any, function: Callable[[], object]) -> bool:
    """Has a loop call this, from whatever thread; False where it has ended."""
    try:
        if isinstance(loop, asyncio.AbstractEventLoop):
            loop.call_soon_threadsafe(function)
        else:
            loop.run_sync_soon(function)
    except RuntimeError:  # trio's RunFinishedError is one, too
        return False
    return True


def threadsafe(function: Callable[[], object]) -> Callable[[], object]:
    """The same function, for other threads to call, too: it runs in the loop that runs now. Once that is over it does
    nothing.
    """
    loop, own = running_loop(), get_ident()

    def call() -> None:
        with suppress(RuntimeError):
            function() if get_ident() == own else tell(loop, function)

    return call


class LoopLocal(Generic[T]):
    """One of something for each event loop: what waits in one cannot be woken, nor read, from another."""

    def __init__(self, make: Callable[[], T]) -> None:
        self._make = make
        self._made: dict[Any, T] = {}
        self._making = ThreadLock()

    def here(self) -> T:
        """The one of the loop that runs here, made with its first use. Those of loops that have ended are let go."""
        loop = running_loop()
        found = self._made.get(loop)
        if found is None:
            with self._making:
                self._made = {other: made for other, made in self._made.items() if not has_ended(other)}
                found = self._made[loop] = self._make()
        return found

    def all(self) -> list[T]:
        """Those of every loop."""
        return list(self._made.values())


class LoopAffinity:
    """The event loop that an httpx client of somebody else's is of: where its first connection was made.

    What has no connections, such as a transport for tests, is at home everywhere.
    """

    def __init__(self, is_of_one: bool) -> None:
        self._is_of_one = is_of_one
        self._loop: Any = None

    def check(self) -> None:
        """Checks that it is used there.

        Raises:
            ConfigurationError: it is not.
        """
        if not self._is_of_one:
            return
        here = running_loop()
        self._loop = self._loop or here
        if self._loop is not here:
            raise ConfigurationError(
                "http_client: its connections are of another event loop; nothing was sent",
                advice="Make an httpx client and an AsyncCloudRecording for each loop, or leave http_client out.",
            )
