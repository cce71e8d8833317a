"""What stands for event loops where there are threads: nothing is of one alone."""

from collections.abc import Callable
from typing import Generic, TypeVar

T = TypeVar("T")


def current_loop() -> object:
    """What there is to wait by: any thread can."""
    return None


def threadsafe(function: Callable[[], object]) -> Callable[[], object]:
    """The same function: threads may call each other's."""
    return function


class LoopLocal(Generic[T]):
    """One of something, for all threads."""

    def __init__(self, make: Callable[[], T]) -> None:
        self._made = make()

    def here(self) -> T:
        """It."""
        return self._made

    def all(self) -> list[T]:
        """It, in a list."""
        return [self._made]


class LoopAffinity:
    """Nothing: threads share an httpx client."""

    def __init__(self, is_of_one: bool) -> None:
        pass

    def check(self) -> None:
        """Nothing."""
