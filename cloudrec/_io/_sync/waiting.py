"""Waiting that others end: events, time limits, and the race of DNS lookups."""

import socket
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from threading import TIMEOUT_MAX, Lock, RLock, Thread
from time import monotonic
from typing import TypeVar
from weakref import WeakSet

from ..threads import ReadTimeout, in_thread

Resolver = Callable[[str], object]
"""Looks a host name up: returns if there is one, raises if not."""
Wait = Callable[[float], object]
"""Waits for so many seconds."""

T = TypeVar("T")


class AutoResetEvent:
    """An event that each who waited resets. Its own thread may set it from a signal handler, whatever it was doing.

    Made of a bare lock: what waits in `threading` holds a lock of its own, which a handler might wait for in vain.
    """

    def __init__(self) -> None:
        self._lock = Lock()
        self._lock.acquire()

    def set(self) -> None:
        """Whoever waits goes on; if nobody does, the next one will."""
        with suppress(RuntimeError):  # it is set already
            self._lock.release()

    def wait(self, seconds: float) -> bool:
        """Waits until it is set, and resets it; False if it was not set in time."""
        return self._lock.acquire(timeout=min(max(seconds, 0.0), TIMEOUT_MAX))


class LinkedEvent:
    """An event whose children are set with it: of a client that is closed, of a recording that ends."""

    def __init__(self, wait: Wait | None) -> None:
        self._wait = wait
        self._is_set = False
        self._event = AutoResetEvent()
        self._calling: set[Callable[[], object]] = set()
        self._children: WeakSet[LinkedEvent] = WeakSet()
        self._adding = RLock()

    def child(self) -> "LinkedEvent":
        """One that can be set apart, and is set when this is."""
        child = LinkedEvent(self._wait)
        with self._adding:
            self._children.add(child)
        if self._is_set:
            child.set()
        return child

    @property
    def is_set(self) -> bool:
        """Whether it is set, which it then stays."""
        return self._is_set

    def set(self) -> None:
        """Sets it; everyone who waits goes on at once."""
        self._is_set = True
        self._event.set()
        for wake in tuple(self._calling):
            wake()
        with self._adding:
            children = tuple(self._children)
        for child in children:
            child.set()

    def wait(self, seconds: float) -> None:
        """Waits, or until it is set; by the function that was given for that, where one was."""
        if self._wait is None:
            self.sleep(seconds)
        elif not self._is_set:
            # A thread cannot be ended from outside: the emulator's clock is told what ends its waiting.
            if _takes_event(self._wait):
                self._wait(seconds, event=self)  # type: ignore[call-arg]
            else:
                self._wait(seconds)

    @contextmanager
    def calling(self, wake: Callable[[], object]) -> Iterator[None]:
        """Inside of this a function is called when it is set."""
        self._calling.add(wake)
        try:
            yield
        finally:
            self._calling.discard(wake)

    def sleep(self, seconds: float) -> None:
        """Waits, or until it is set; by the machine's time, for what runs in the background."""
        if not self._is_set and self._event.wait(seconds):
            self._event.set()  # for the others


def _takes_event(wait: Wait) -> bool:
    from inspect import signature

    with suppress(TypeError, ValueError):  # what has no signature
        return "event" in signature(wait).parameters
    return False


def fail_after(seconds: float, keeps_time: bool, run: Callable[[], T]) -> T:
    """What a function returns. What takes longer than so many seconds ends as a time-out in the middle of an answer.

    A thread cannot be ended from outside. So what does not keep the time itself has a thread of its own, where it is
    left to itself when its time is over.
    """
    if keeps_time:
        return run()
    return in_thread(seconds, run, ReadTimeout("the answer took too long"))


def resolve(name: str) -> object:
    """Asks the system's DNS."""
    return socket.getaddrinfo(name, 443, type=socket.SOCK_STREAM)


def first_to_answer(resolver: Resolver, names: Sequence[str], seconds: float) -> int | None:
    """Looks all names up at once; the place of the first that was found, None if none was found in time."""
    # Not above, since only clients with two domains look names up.
    from queue import Empty, SimpleQueue

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
