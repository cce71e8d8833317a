"""Event loops: what a session needs of asyncio and trio. The twin of `_sync`, name for name."""

import asyncio
import socket
import sys
from collections.abc import Awaitable, Callable, Coroutine, Generator, Sequence
from contextlib import AbstractAsyncContextManager, suppress
from inspect import isawaitable, iscoroutinefunction
from threading import Lock as ThreadLock, get_ident
from types import TracebackType
from typing import TYPE_CHECKING, Any, Generic, Never, ParamSpec, TypeVar
from weakref import WeakSet

import anyio
import anyio.lowlevel
import anyio.to_thread

from ..errors import ConfigurationError
from .threads import ReadTimeout

Resolver = Callable[[str], object]
"""Looks a host name up: returns if there is one, raises if not. For the async client it may be an async function."""
Wait = Callable[[float], object]
"""Waits for so many seconds. May be an async function."""

P = ParamSpec("P")
T = TypeVar("T")
R_co = TypeVar("R_co", bound=AbstractAsyncContextManager[Any], covariant=True)

__all__ = [
    "Background", "Bell", "Closing", "Home", "OnlyWith", "OwnLock", "PerLoop", "Resolver", "Starting", "Wait", "called",
    "called_apart", "current_loop", "first_to_answer", "from_any_thread", "is_of_others", "own_thread", "resolve",
    "to_the_end", "within",
]  # fmt: skip


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

        try:
            return trio.lowlevel.current_trio_token()
        except RuntimeError:
            pass
    raise ConfigurationError(
        "no event loop runs here: the async client works in asyncio's or in trio's alone",
        advice="Call it from an async function, as by asyncio.run(); without a loop there is CloudRecording.",
    )


def _has_ended(loop: Any) -> bool:
    return not _told(loop, bool)


def _told(loop: Any, function: Callable[[], object]) -> bool:
    """Has a loop call this, from whatever thread; False where it has ended."""
    try:
        if isinstance(loop, asyncio.AbstractEventLoop):
            loop.call_soon_threadsafe(function)
        else:
            loop.run_sync_soon(function)
    except RuntimeError:  # trio's RunFinishedError is one, too
        return False
    return True


class PerLoop(Generic[T]):
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
                self._made = {other: made for other, made in self._made.items() if not _has_ended(other)}
                found = self._made[loop] = self._make()
        return found

    def all(self) -> list[T]:
        """Those of every loop."""
        return list(self._made.values())


class Home:
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


class _Lock:
    """A lock between the tasks of an event loop. Other loops have their own."""

    def __init__(self) -> None:
        self._locks = PerLoop(anyio.Lock)

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


class OwnLock(_Lock):
    """One that no two loops may want at once. (Its twin may be taken by its holder again, where a signal comes in.)"""

    def __init__(self) -> None:
        super().__init__()
        self._holder: Any = None
        self._changing = ThreadLock()

    async def __aenter__(self) -> None:
        await super().__aenter__()
        loop = running_loop()
        with self._changing:
            is_free = self._holder in (None, loop) or _has_ended(self._holder)
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


class Bell:
    """Waiting that others may end, from any thread."""

    def __init__(self) -> None:
        self._event = anyio.Event()
        self._has_rung = False
        self.ring = from_any_thread(self._ring)

    def _ring(self) -> None:
        """Whoever waits goes on; if nobody does, the next one will."""
        self._event.set()

    async def wait(self, seconds: float) -> bool:
        """Waits until it rings, which it then does no more; False if it did not in time."""
        if self._has_rung:
            self._event, self._has_rung = anyio.Event(), False
        with anyio.move_on_after(seconds):
            await self._event.wait()
        self._has_rung = self._event.is_set()
        return self._has_rung


def from_any_thread(function: Callable[[], object]) -> Callable[[], object]:
    """The same function, for other threads to call, too: it runs in the loop that runs now. Once that is over it does
    nothing.
    """
    loop, own = running_loop(), get_ident()

    def call() -> None:
        with suppress(RuntimeError):
            function() if get_ident() == own else _told(loop, function)

    return call


class Closing:
    """Whether a client is closed, and waiting that ends when it is."""

    def __init__(self, wait: Wait | None) -> None:
        self._wait = wait
        self._closed = False
        # Each with its loop, in which alone it can be cancelled.
        self._waiting: dict[anyio.CancelScope, Any] = {}
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
        try:
            here = running_loop()
        except ConfigurationError:
            here = None
        for scope, loop in tuple(self._waiting.items()):
            if loop is here:
                scope.cancel()
            else:
                _told(loop, scope.cancel)
        for part in tuple(self._parts):
            part.set()

    async def wait(self, seconds: float) -> None:
        """Waits, or until it is closed; by the function that was given for that, where one was."""
        if self._wait is None:
            await self.sleep(seconds)
        elif not self._closed:
            with anyio.CancelScope() as scope:
                self._waiting[scope] = running_loop()
                try:
                    # It may be a plain function that moves a clock; others get their turn all the same.
                    found = self._wait(seconds)
                    await (found if isawaitable(found) else anyio.lowlevel.checkpoint())
                finally:
                    del self._waiting[scope]

    async def sleep(self, seconds: float) -> None:
        """Waits, or until it is closed; by the machine's time, for what runs in the background."""
        if self._closed:
            return
        with anyio.CancelScope() as scope:
            self._waiting[scope] = running_loop()
            try:
                await anyio.sleep(seconds)
            finally:
                del self._waiting[scope]


async def within(seconds: float, keeps_time: bool, run: Callable[..., Awaitable[T]], *arguments: object) -> T:
    """What a function returns. What takes longer than so many seconds ends as a time-out in the middle of an answer."""
    with anyio.CancelScope(deadline=anyio.current_time() + seconds):
        return await run(*arguments)
    raise ReadTimeout("the answer took too long")


async def called(name: str, function: Callable[P, T | Awaitable[T]], *arguments: P.args, **words: P.kwargs) -> T:
    """What somebody else's function returns, or what it is when awaited."""
    return await _awaited(function(*arguments, **words))


async def called_apart(name: str, function: Callable[P, T | Awaitable[T]], *arguments: P.args, **words: P.kwargs) -> T:
    """The same of a function that may take its time: in a thread, unless it is async."""
    if iscoroutinefunction(function) or iscoroutinefunction(type(function).__call__):
        return await _awaited(function(*arguments, **words))
    # In a list, since trio refuses what turns out to be a coroutine.
    [found] = await anyio.to_thread.run_sync(lambda: [function(*arguments, **words)], abandon_on_cancel=True)
    return await _awaited(found)


async def _awaited(found: T | Awaitable[T]) -> T:
    given: Any = found
    result: T = await given if isawaitable(given) else given
    return result


class OnlyWith:
    """What is used with `async with`, and says so to who writes `with`."""

    if not TYPE_CHECKING:

        def __enter__(self) -> Never:
            error = ConfigurationError(
                f"{type(self).__name__} is used with `async with`, not with `with`",
                advice="Write `async with`; or use CloudRecording where there is no event loop.",
            )
            # A recording that was awaited already runs, and here it cannot be stopped.
            is_not_stopped = getattr(self, "_is_not_stopped", None)
            if is_not_stopped is not None:
                is_not_stopped(error)
            raise error

        def __exit__(self, *_: object) -> None:
            """There is nothing to end."""


class NotAwaited(ConfigurationError, AttributeError):
    """Something was asked of a recording that nobody has started."""


class Starting(OnlyWith, Coroutine[Any, Any, R_co]):
    """A recording that is about to be started: by ``await``, or by ``async with``, which stops it, too."""

    def __init__(self, run: Coroutine[Any, Any, R_co]) -> None:
        self._run = run
        self._started: R_co | None = None

    def __await__(self) -> Generator[Any, Any, R_co]:
        return self._run.__await__()

    if not TYPE_CHECKING:

        def __getattr__(self, name: str) -> Never:
            raise NotAwaited(
                f"record was not awaited: nothing was sent, and there is no recording yet to have a {name!r}",
                advice="Write `recording = await client.mix.record(...)`, or `async with client.mix.record(...)`.",
            )

        def __enter__(self) -> Never:
            self._run.close()
            super().__enter__()

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

    async def __aenter__(self) -> R_co:
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
    import trio

    ended: list[T | Exception] = []
    is_over = anyio.Event()
    shield = anyio.CancelScope(shield=True)

    # An interrupt from the keyboard would come in between any two steps of it, and is raised where it is waited for.
    @trio.lowlevel.enable_ki_protection
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
    with suppress(ConfigurationError):
        return running_loop()
    return None


def is_of_others(cut: BaseException) -> bool:
    """Whether it is a cancellation that nobody asked of this task: of a task that a connection is made of."""
    task = asyncio.current_task() if isinstance(cut, asyncio.CancelledError) else None
    return task is not None and not task.cancelling()


class Background:
    """Something that runs beside its recording, and ends with it; and with its event loop."""

    def __init__(self, name: str, run: Callable[[], Awaitable[None]]) -> None:
        self._loop = running_loop()
        self._scope = anyio.CancelScope()
        self._is_over = anyio.Event()
        self._own: int | None = None
        self._run = run
        if isinstance(self._loop, asyncio.AbstractEventLoop):
            # Held, since the loop holds its tasks weakly.
            self._task = self._loop.create_task(self._main(), name=name)
            # Also where it is cancelled before its first step.
            self._task.add_done_callback(lambda _: self._is_over.set())
        else:
            import trio

            trio.lowlevel.spawn_system_task(self._main, name=name)

    async def _main(self) -> None:
        self._own = anyio.get_current_task().id
        try:
            with self._scope:
                await self._run()
        finally:
            self._is_over.set()

    async def end(self) -> None:
        """Ends it, and waits until it has; from within, it ends by itself. In another loop nobody can wait for it."""
        if self._loop is not running_loop():
            _told(self._loop, self._scope.cancel)
        elif anyio.get_current_task().id != self._own:
            self._scope.cancel()
            await self._is_over.wait()
