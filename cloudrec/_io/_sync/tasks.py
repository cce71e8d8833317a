"""A shield that threads need not (`shielded`), and a thread beside a recording (`BackgroundTask`)."""

import logging
from collections.abc import Callable, Iterable
from threading import Thread, current_thread
from typing import TypeVar

T = TypeVar("T")
# Seconds that the end of a recording waits for a call in the background.
LAST_CALL = 2.0

logger = logging.getLogger("cloudrec")


def shielded(run: Callable[[], T], seconds: float, unheard: Callable[[BaseException], None]) -> T:
    """Runs it. Nothing but an interrupt from the keyboard ends a thread from outside, and that is not held back."""
    return run()


def is_of_others(cut: BaseException) -> bool:
    """No: there are no cancellations."""
    return False


class BackgroundTask:
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


def end_all(tasks: Iterable[BackgroundTask]) -> None:
    """Nothing: each thread ends by itself, with the answer that it waits for or with its time-out."""
