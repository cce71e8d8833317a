"""Threads: what a session needs of them. The twin of `_async`, name for name."""

import logging
import socket
from collections.abc import Awaitable, Callable, Sequence
from contextlib import suppress
from inspect import isawaitable, iscoroutine
from queue import Empty, SimpleQueue
from threading import TIMEOUT_MAX, Lock, RLock, Thread, current_thread, get_ident
from time import monotonic
from typing import TYPE_CHECKING, Generic, Never, ParamSpec, TypeVar
from weakref import WeakSet

from ..errors import ConfigurationError
from .threads import ReadTimeout, in_thread

Resolver = Callable[[str], object]
"""Looks a host name up: returns if there is one, raises if not."""
Wait = Callable[[float], object]
"""Waits for so many seconds."""

P = ParamSpec("P")
T = TypeVar("T")

__all__ = [
    "Background", "Bell", "Closing", "Home", "OnlyWith", "OwnLock", "PerLoop", "Resolver", "Wait", "called",
    "called_apart", "current_loop", "first_to_answer", "from_any_thread", "is_of_others", "own_thread", "resolve",
    "to_the_end", "within",
]  # fmt: skip
# One that its holder may take again: a signal handler may stop what is being stopped by the thread it came upon.
OwnLock = RLock
own_thread = get_ident
# Seconds that the end of a recording waits for a call in the background.
LAST_CALL = 2.0

logger = logging.getLogger("cloudrec")


def resolve(name: str) -> object:
    """Asks the system's DNS."""
    return socket.getaddrinfo(name, 443, type=socket.SOCK_STREAM)


def first_to_answer(resolver: Resolver, names: Sequence[str], seconds: float) -> int | None:
    """Looks all names up at once; the place of the first that was found, None if none was found in time."""
    answers: SimpleQueue[int | None] = SimpleQueue()

    def ask(place: int) -> None:
        try:
            resolver(names[place])
        except Exception:  # whatever a resolver raises means that it found nothing
            answers.put(None)
        else:
            answers.put(place)

    for place in range(len(names)):
        # A daemon: one that hangs is left to itself, and does not keep the process from ending.
        Thread(target=ask, args=(place,), name="cloudrec-resolver", daemon=True).start()
    until = monotonic() + seconds
    for _ in names:
        try:
            winner = answers.get(timeout=max(0.0, until - monotonic()))
        except Empty:
            return None
        if winner is not None:
            return winner
    return None


class Bell:
    """Waiting that others may end. Its own thread may ring it from a signal handler, whatever it was doing.

    Made of a bare lock: what waits in `threading` holds a lock of its own, which a handler might wait for in vain.
    """

    def __init__(self) -> None:
        self._lock = Lock()
        self._lock.acquire()

    def ring(self) -> None:
        """Whoever waits goes on; if nobody does, the next one will."""
        with suppress(RuntimeError):  # it rings already
            self._lock.release()

    def wait(self, seconds: float) -> bool:
        """Waits until it rings, which it then does no more; False if it did not in time."""
        return self._lock.acquire(timeout=min(max(seconds, 0.0), TIMEOUT_MAX))


class PerLoop(Generic[T]):
    """One of something, for all threads."""

    def __init__(self, make: Callable[[], T]) -> None:
        self._made = make()

    def here(self) -> T:
        """It."""
        return self._made

    def all(self) -> list[T]:
        """It, in a list."""
        return [self._made]


class Home:
    """Nothing: threads share an httpx client."""

    def __init__(self, is_of_one: bool) -> None:
        pass

    def check(self) -> None:
        """Nothing."""


class Closing:
    """Whether a client is closed, and waiting that ends when it is."""

    def __init__(self, wait: Wait | None) -> None:
        self._wait = wait
        self._is_set = False
        self._bell = Bell()
        self._parts: WeakSet[Closing] = WeakSet()
        self._adding = RLock()

    def part(self) -> "Closing":
        """One that can be closed apart, and is closed when this is."""
        part = Closing(self._wait)
        with self._adding:
            self._parts.add(part)
        if self._is_set:
            part.set()
        return part

    @property
    def is_set(self) -> bool:
        """Whether it is closed."""
        return self._is_set

    def set(self) -> None:
        """Closes; everyone who waits goes on at once."""
        self._is_set = True
        self._bell.ring()
        with self._adding:
            parts = tuple(self._parts)
        for part in parts:
            part.set()

    def wait(self, seconds: float) -> None:
        """Waits, or until it is closed; by the function that was given for that, where one was."""
        if self._wait is None:
            self.sleep(seconds)
        elif not self._is_set:
            self._wait(seconds)

    def sleep(self, seconds: float) -> None:
        """Waits, or until it is closed; by the machine's time, for what runs in the background."""
        if not self._is_set and self._bell.wait(seconds):
            self._bell.ring()  # for the others


def from_any_thread(function: Callable[[], object]) -> Callable[[], object]:
    """The same function: threads may call each other's."""
    return function


def within(seconds: float, keeps_time: bool, run: Callable[..., T], *arguments: object) -> T:
    """What a function returns. What takes longer than so many seconds ends as a time-out in the middle of an answer.

    A thread cannot be ended from outside. So what does not keep the time itself has a thread of its own, where it is
    left to itself when its time is over.
    """
    if keeps_time:
        return run(*arguments)
    return in_thread(seconds, lambda: run(*arguments), ReadTimeout("the answer took too long"))


def called(name: str, function: Callable[P, T | Awaitable[T]], *arguments: P.args, **words: P.kwargs) -> T:
    """What somebody else's function returns."""
    found = function(*arguments, **words)
    if isawaitable(found):
        if iscoroutine(found):
            found.close()
        raise ConfigurationError(f"{name}: must not be async; that is for AsyncCloudRecording")
    return found


called_apart = called


def to_the_end(run: Callable[[], T], seconds: float, unheard: Callable[[BaseException], None]) -> T:
    """Runs it. Nothing but an interrupt from the keyboard ends a thread from outside, and that is not held back."""
    return run()


def current_loop() -> object:
    """What there is to wait by: any thread can."""
    return None


def is_of_others(cut: BaseException) -> bool:
    """No: there are no cancellations."""
    return False


class OnlyWith:
    """What is used with `with`, and says so to who writes `async with`."""

    if not TYPE_CHECKING:

        async def __aenter__(self) -> Never:
            # A recording runs already: what stands behind `async with` is made before it.
            stop = getattr(self, "_stopped_in_any_case", None)
            if stop is not None:
                stop()
            raise ConfigurationError(
                f"{type(self).__name__} is used with `with`, not with `async with`",
                advice="Write `with`; or use AsyncCloudRecording in async functions.",
            )

        async def __aexit__(self, *_: object) -> None:
            """There is nothing to end."""


class Background:
    """Something that runs beside its recording, and ends with it."""

    def __init__(self, name: str, run: Callable[[], None]) -> None:
        # A daemon: what forgets to stop its recordings can still end.
        self._thread = Thread(target=run, name=name, daemon=True)
        self._thread.start()

    def end(self) -> None:
        """Waits until it has ended, as it does by itself when its recording does, or when the call it is in does."""
        if self._thread is not current_thread():
            self._thread.join(LAST_CALL)
            if self._thread.is_alive():
                logger.warning("%s is in the midst of a call, and ends after it", self._thread.name)
