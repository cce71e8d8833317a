"""What a session needs of threads. The twin of `_io_async`, name for name."""

import logging
import socket
import ssl
from collections.abc import Callable, Sequence
from inspect import isawaitable, iscoroutine
from queue import Empty, SimpleQueue
from threading import TIMEOUT_MAX, Event, Lock, RLock, Semaphore, Thread, current_thread
from time import monotonic
from types import TracebackType
from typing import Any, TypeVar
from weakref import WeakSet

import httpx

from ._ssl import proxies
from ._sync.transport import KEEPALIVE, ClientTransport, LifoTransport
from .errors import ConfigurationError

Resolver = Callable[[str], object]
"""Looks a host name up: returns if there is one, raises if not."""
Wait = Callable[[float], object]
"""Waits for so many seconds."""

T = TypeVar("T")

__all__ = [
    "Background", "Closing", "Home", "Lock", "OwnLock", "Places", "Resolver", "Wait", "Within", "called",
    "called_apart", "first_to_answer", "make_transport", "resolve", "to_the_end",
]  # fmt: skip
# One that its holder may take again: a signal handler may stop what is being stopped by the thread it came upon.
OwnLock = RLock
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


def make_transport(context: ssl.SSLContext, most: int) -> httpx.BaseTransport:
    """A transport of our own, with so many connections at the most."""
    if proxies():
        # httpx alone knows which request goes by which proxy of the environment, and only with pools of its own.
        limits = httpx.Limits(max_connections=most, max_keepalive_connections=most, keepalive_expiry=KEEPALIVE)
        return ClientTransport(httpx.Client(verify=context, limits=limits))
    return LifoTransport(context, breaks_off=False)


class Home:
    """Nothing: threads share an httpx client."""

    def __init__(self, http_client: httpx.Client | None) -> None:
        pass

    def check(self) -> None:
        """Nothing."""


class Closing:
    """Whether a client is closed, and waiting that ends when it is."""

    def __init__(self, wait: Wait | None) -> None:
        self._wait = wait
        self._event = Event()
        self._parts: WeakSet[Closing] = WeakSet()
        self._adding = RLock()

    def part(self) -> "Closing":
        """One that can be closed apart, and is closed when this is."""
        part = Closing(self._wait)
        with self._adding:
            self._parts.add(part)
            if self._event.is_set():
                part.set()
        return part

    @property
    def is_set(self) -> bool:
        """Whether it is closed."""
        return self._event.is_set()

    def set(self) -> None:
        """Closes; everyone who waits goes on at once."""
        self._event.set()
        with self._adding:
            parts = tuple(self._parts)
        for part in parts:
            part.set()

    def wait(self, seconds: float) -> None:
        """Waits, or until it is closed; by the function that was given for that, where one was."""
        if self._wait is None:
            self.sleep(seconds)
        elif not self._event.is_set():
            self._wait(seconds)

    def sleep(self, seconds: float) -> None:
        """Waits, or until it is closed; by the machine's time, for what runs in the background."""
        self._event.wait(min(seconds, TIMEOUT_MAX))


class Within:
    """Nothing: a thread cannot be ended from outside. Its time-outs for each part of an answer are what ends it."""

    def __init__(self, seconds: float) -> None:
        pass

    def __enter__(self) -> None:
        pass

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        pass


class Places:
    """So many may be under way at once; more wait for their turn."""

    def __init__(self, most: int) -> None:
        self._semaphore = Semaphore(most)

    def take(self, seconds: float) -> bool:
        """Waits for a place; False if there was none in time."""
        return self._semaphore.acquire(timeout=min(max(seconds, 0.0), TIMEOUT_MAX))

    def give(self) -> None:
        """Gives a place back."""
        self._semaphore.release()


def called(name: str, function: Callable[..., Any], *arguments: object) -> Any:
    """What somebody else's function returns."""
    found = function(*arguments)
    if isawaitable(found):
        if iscoroutine(found):
            found.close()
        raise ConfigurationError(f"{name}: must not be async; that is for AsyncCloudRecording")
    return found


called_apart = called


def to_the_end(run: Callable[[], T], seconds: float, unheard: Callable[[BaseException], None]) -> T:
    """Runs it. Nothing but an interrupt from the keyboard ends a thread from outside, and that is not held back."""
    return run()


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
