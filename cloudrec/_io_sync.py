"""What a session needs of threads. The twin of `_io_async`, name for name."""

import socket
import ssl
from collections.abc import Callable, Sequence
from queue import Empty, SimpleQueue
from threading import Event, Lock, Semaphore, Thread
from time import monotonic
from types import TracebackType

import httpx

from ._ssl import proxies
from ._sync.transport import KEEPALIVE, ClientTransport, LifoTransport

Resolver = Callable[[str], object]
"""Looks a host name up: returns if there is one, raises if not."""
Wait = Callable[[float], object]
"""Waits for so many seconds."""

__all__ = ["Closing", "Lock", "Places", "Resolver", "Wait", "Within", "first_to_answer", "make_transport", "resolve"]


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


class Closing:
    """Whether a client is closed, and waiting that ends when it is."""

    def __init__(self, wait: Wait | None) -> None:
        self._wait = wait
        self._event = Event()

    @property
    def is_set(self) -> bool:
        """Whether it is closed."""
        return self._event.is_set()

    def set(self) -> None:
        """Closes; everyone who waits goes on at once."""
        self._event.set()

    def wait(self, seconds: float) -> None:
        """Waits, or until it is closed."""
        if self._wait is None:
            self._event.wait(seconds)
        elif not self._event.is_set():
            self._wait(seconds)


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
        return self._semaphore.acquire(timeout=max(seconds, 0.0))

    def give(self) -> None:
        """Gives a place back."""
        self._semaphore.release()
