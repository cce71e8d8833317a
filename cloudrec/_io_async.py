"""What a session needs of the event loop. The twin of `_io_sync`, name for name."""

import asyncio
import socket
import ssl
import sys
from collections.abc import Awaitable, Callable, Coroutine, Generator, Sequence
from contextlib import AbstractAsyncContextManager, suppress
from importlib.util import find_spec
from inspect import isawaitable, iscoroutinefunction
from threading import get_ident
from types import TracebackType
from typing import Any, TypeVar
from weakref import WeakSet

import anyio
import anyio.lowlevel
import anyio.to_thread
import httpx

from ._async.transport import KEEPALIVE, AsyncClientTransport, AsyncLifoTransport, AsyncRenewedTransport
from ._ssl import proxies

Resolver = Callable[[str], object]
"""Looks a host name up: returns if there is one, raises if not. For the async client it may be an async function."""
Wait = Callable[[float], object]
"""Waits for so many seconds. May be an async function."""

T = TypeVar("T")
R = TypeVar("R", bound=AbstractAsyncContextManager[Any])

__all__ = [
    "Background", "Bell", "Closing", "OwnLock", "Resolver", "Starting", "Wait", "called", "called_apart",
    "current_loop", "first_to_answer", "from_any_thread", "is_of_others", "make_transport", "own_thread", "resolve",
    "to_the_end", "within",
]  # fmt: skip
# One that its holder may take again, where a signal can come in between; no task comes in between itself.
OwnLock = anyio.Lock


def own_thread() -> int | None:
    """None: tasks share a thread."""
    return None


def resolve(name: str) -> object:
    """Asks the system's DNS."""
    return socket.getaddrinfo(name, 443, type=socket.SOCK_STREAM)


async def first_to_answer(resolver: Resolver, names: Sequence[str], seconds: float) -> int | None:
    """Looks all names up at once; the place of the first that was found, None if none was found in time."""
    is_async = iscoroutinefunction(resolver) or iscoroutinefunction(type(resolver).__call__)
    send, receive = anyio.create_memory_object_stream[int | None](len(names))

    async def ask(place: int) -> None:
        try:
            if is_async:
                found = resolver(names[place])
            else:
                # In a thread, since a lookup blocks; one that hangs is left to itself. (In a list, since trio refuses
                # what turns out to be a coroutine.)
                [found] = await anyio.to_thread.run_sync(lambda: [resolver(names[place])], abandon_on_cancel=True)
            if isawaitable(found):
                await found
        except Exception:  # whatever a resolver raises means that it found nothing
            send.send_nowait(None)
        else:
            send.send_nowait(place)

    winner = None
    with send, receive:
        async with anyio.create_task_group() as group:
            for place in range(len(names)):
                group.start_soon(ask, place)
            with anyio.move_on_after(seconds):
                for _ in names:
                    winner = await receive.receive()
                    if winner is not None:
                        break
            group.cancel_scope.cancel()
    return winner


def make_transport(context: ssl.SSLContext, most: int) -> AsyncRenewedTransport:
    """A transport of our own, with so many connections at the most."""

    def make() -> httpx.AsyncBaseTransport:
        if proxies():
            # httpx alone knows which request goes by which proxy of the environment, and only with pools of its own.
            limits = httpx.Limits(max_connections=most, max_keepalive_connections=most, keepalive_expiry=KEEPALIVE)
            return AsyncClientTransport(httpx.AsyncClient(verify=context, limits=limits))
        if find_spec("httpx_aiohttp") is not None:
            return _ByLoop(context, most)
        return AsyncLifoTransport(context, breaks_off=True)

    return AsyncRenewedTransport(make)


class _ByLoop(httpx.AsyncBaseTransport):
    """On aiohttp's pool under asyncio, where alone it runs; on our own under trio. Which it is shows in use."""

    def __init__(self, context: ssl.SSLContext, most: int) -> None:
        self._context = context
        self._most = most
        self._transport: httpx.AsyncBaseTransport | None = None

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        """Sends one request."""
        if self._transport is None:
            self._transport = self._choose()
        return await self._transport.handle_async_request(request)

    def _choose(self) -> httpx.AsyncBaseTransport:
        try:
            asyncio.get_running_loop()
        except RuntimeError:
            return AsyncLifoTransport(self._context, breaks_off=True)
        from ._aiohttp import PooledTransport

        return PooledTransport(self._context, self._most, KEEPALIVE)

    async def aclose(self) -> None:
        """Closes every connection."""
        if self._transport is not None:
            await self._transport.aclose()


class Bell:
    """Waiting that others may end, from any thread."""

    def __init__(self) -> None:
        self._event = anyio.Event()
        self.ring = from_any_thread(self._ring)

    def _ring(self) -> None:
        """Whoever waits goes on; if nobody does, the next one will."""
        self._event.set()

    async def wait(self, seconds: float) -> bool:
        """Waits until it rings, which it then does no more; False if it did not in time."""
        with anyio.move_on_after(seconds):
            await self._event.wait()
        rang, self._event = self._event.is_set(), anyio.Event()
        return rang


def from_any_thread(function: Callable[[], object]) -> Callable[[], object]:
    """The same function, for other threads to call, too: it runs in the loop that runs now. Once that is over it does
    nothing.
    """
    own = get_ident()
    there: Callable[[Callable[[], object]], object]
    try:
        there = asyncio.get_running_loop().call_soon_threadsafe
    except RuntimeError:
        import trio

        there = trio.lowlevel.current_trio_token().run_sync_soon

    def call() -> None:
        with suppress(RuntimeError):
            function() if get_ident() == own else there(function)

    return call


class Closing:
    """Whether a client is closed, and waiting that ends when it is."""

    def __init__(self, wait: Wait | None) -> None:
        self._wait = wait
        self._closed = False
        self._waiting: set[anyio.CancelScope] = set()
        self._parts: WeakSet[Closing] = WeakSet()

    def part(self) -> "Closing":
        """One that can be closed apart, and is closed when this is."""
        part = Closing(self._wait)
        part._closed = self._closed
        self._parts.add(part)
        return part

    @property
    def is_set(self) -> bool:
        """Whether it is closed."""
        return self._closed

    def set(self) -> None:
        """Closes; everyone who waits goes on at once."""
        self._closed = True
        for scope in self._waiting:
            scope.cancel()
        for part in tuple(self._parts):
            part.set()

    async def wait(self, seconds: float) -> None:
        """Waits, or until it is closed; by the function that was given for that, where one was."""
        if self._wait is None:
            await self.sleep(seconds)
        elif not self._closed:
            with anyio.CancelScope() as scope:
                self._waiting.add(scope)
                try:
                    # It may be a plain function that moves a clock; others get their turn all the same.
                    found = self._wait(seconds)
                    await (found if isawaitable(found) else anyio.lowlevel.checkpoint())
                finally:
                    self._waiting.discard(scope)

    async def sleep(self, seconds: float) -> None:
        """Waits, or until it is closed; by the machine's time, for what runs in the background."""
        if self._closed:
            return
        with anyio.CancelScope() as scope:
            self._waiting.add(scope)
            try:
                await anyio.sleep(seconds)
            finally:
                self._waiting.discard(scope)


async def within(seconds: float, keeps_time: bool, run: Callable[..., Awaitable[T]], *arguments: object) -> T:
    """What a function returns. What takes longer than so many seconds ends as a time-out in the middle of an answer."""
    with anyio.CancelScope(deadline=anyio.current_time() + seconds):
        return await run(*arguments)
    raise httpx.ReadTimeout("the answer took too long")


async def called(name: str, function: Callable[..., Any], *arguments: object) -> Any:
    """What somebody else's function returns, or what it is when awaited."""
    found = function(*arguments)
    return await found if isawaitable(found) else found


async def called_apart(name: str, function: Callable[..., Any], *arguments: object) -> Any:
    """The same of a function that may take its time: in a thread, unless it is async."""
    if iscoroutinefunction(function) or iscoroutinefunction(type(function).__call__):
        return await function(*arguments)
    # In a list, since trio refuses what turns out to be a coroutine.
    [found] = await anyio.to_thread.run_sync(lambda: [function(*arguments)], abandon_on_cancel=True)
    return await found if isawaitable(found) else found


class Starting(Coroutine[Any, Any, R]):
    """A recording that is about to be started: by ``await``, or by ``async with``, which stops it, too."""

    def __init__(self, run: Coroutine[Any, Any, R]) -> None:
        self._run = run
        self._started: R | None = None

    def __await__(self) -> Generator[Any, Any, R]:
        return self._run.__await__()

    # A coroutine in full, so that tasks can be made of it.

    def send(self, value: Any) -> Any:
        """As of any coroutine."""
        return self._run.send(value)

    def throw(self, *error: Any) -> Any:
        """As of any coroutine."""
        return self._run.throw(*error)

    def close(self) -> None:
        """As of any coroutine."""
        self._run.close()

    async def __aenter__(self) -> R:
        self._started = await self._run
        await self._started.__aenter__()
        return self._started

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        if self._started is not None:
            await self._started.__aexit__(kind, error, traceback)


async def to_the_end(run: Callable[[], Awaitable[T]], seconds: float, unheard: Callable[[BaseException], None]) -> T:
    """Runs to its end also when cancelled meanwhile: then for so many seconds more, and the cancellation goes on.

    It does so when everything is cancelled at once, as ``asyncio.run`` does at its end, and however often. The failure
    that nobody gets to see then is given to ``unheard``.
    """
    try:
        asyncio.get_running_loop()
    except RuntimeError:
        return await _to_the_end_of_trio(run, seconds, unheard)
    return await _to_the_end_of_asyncio(run, seconds, unheard)


async def _to_the_end_of_asyncio(
    run: Callable[[], Awaitable[T]], seconds: float, unheard: Callable[[BaseException], None]
) -> T:
    loop = asyncio.get_running_loop()

    async def main() -> T:
        return await run()

    # A task of its own, which is none of `all_tasks()`: a loop that ends cancels those, and would cancel this one, too,
    # maybe before its first step.
    task = loop.create_task(main(), name="cloudrec-to-the-end")
    asyncio._unregister_task(task)
    try:
        await asyncio.wait([task])
        return task.result()
    except BaseException as cut:
        if task.done() and not task.cancelled() and task.exception() is cut:
            raise  # its own failure
        if isinstance(cut, GeneratorExit):
            # Nothing more can be waited for.
            if not task.done():
                unheard(RuntimeError("the event loop is gone, and no answer can come any more"))
            raise
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
        raise


# Seconds in which what was cancelled gives back what it holds.
_LAST_STEPS = 1.0


async def _to_the_end_of_trio(
    run: Callable[[], Awaitable[T]], seconds: float, unheard: Callable[[BaseException], None]
) -> T:
    ended: list[T | Exception] = []
    is_over = anyio.Event()
    shield = anyio.CancelScope(shield=True)

    async def main() -> None:
        try:
            with shield:
                ended.append(await run())
        except Exception as error:
            ended.append(error)
        finally:
            is_over.set()

    async with anyio.create_task_group() as group:
        group.start_soon(main)
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


def current_loop() -> object:
    """What there is to wait by: the event loop; None where none runs, as when a coroutine is thrown away."""
    try:
        return asyncio.get_running_loop()
    except RuntimeError:
        trio = sys.modules.get("trio")
        try:
            return None if trio is None else trio.lowlevel.current_trio_token()
        except RuntimeError:
            return None


def is_of_others(cut: BaseException) -> bool:
    """Whether it is a cancellation that nobody asked of this task: of a task that a connection is made of."""
    task = asyncio.current_task() if isinstance(cut, asyncio.CancelledError) else None
    return task is not None and not task.cancelling()


class Background:
    """Something that runs beside its recording, and ends with it."""

    def __init__(self, name: str, run: Callable[[], Awaitable[None]]) -> None:
        self._scope = anyio.CancelScope()
        self._is_over = anyio.Event()
        self._own: int | None = None
        self._run = run
        try:
            loop = asyncio.get_running_loop()
        except RuntimeError:
            import trio

            trio.lowlevel.spawn_system_task(self._main, name=name)
        else:
            # Held, since the loop holds its tasks weakly.
            self._task = loop.create_task(self._main(), name=name)
            # Also where it is cancelled before its first step.
            self._task.add_done_callback(lambda _: self._is_over.set())

    async def _main(self) -> None:
        self._own = anyio.get_current_task().id
        try:
            with self._scope:
                await self._run()
        finally:
            self._is_over.set()

    async def end(self) -> None:
        """Ends it, and waits until it has; from within, it ends by itself."""
        if anyio.get_current_task().id != self._own:
            self._scope.cancel()
            await self._is_over.wait()
