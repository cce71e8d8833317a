"""`History`: a value that changes over time and remembers what it was."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from typing import Generic, TypeVar

from .clock import Millis

T = TypeVar("T")


class History(Generic[T]):
    """A step function of time: who is in a channel, what is subscribed to, whether it is on hold.

    The emulator has no background tasks. What a recording did is worked out from its histories
    when somebody looks, so it comes out the same however far the clock jumped in between.
    """

    def __init__(self, initial: T) -> None:
        self._moments: list[Millis] = []
        self._values: list[T] = [initial]
        #: How often it was set.
        self.version: int = 0

    @property
    def latest(self) -> T:
        """The value in force."""
        return self._values[-1]

    def set(self, moment: Millis, value: T) -> None:
        """From this moment on the value is `value`. Moments never go back."""
        self.version += 1
        if self._moments and self._moments[-1] == moment:
            self._values[-1] = value
        else:
            self._moments.append(moment)
            self._values.append(value)

    def at(self, moment: Millis) -> T:
        """The value in force at a moment; a change counts from its own moment on."""
        return self._values[bisect_right(self._moments, moment)]

    @property
    def steps(self) -> list[tuple[Millis, T]]:
        """Each moment at which it was set, with what it was from then on."""
        return list(zip(self._moments, self._values[1:], strict=True))

    def changes(self, after: Millis, before: Millis) -> list[Millis]:
        """The moments strictly between two others at which the value changed."""
        return self._moments[bisect_right(self._moments, after) : bisect_left(self._moments, before)]
