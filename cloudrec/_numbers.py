"""Checked numbers, times and functions."""

import time
from collections.abc import Callable
from math import inf, isfinite

from ._contract.redact import shown
from .errors import ConfigurationError

MOST = 10**9
"""The most that a number may be. As seconds nearly 32 years: more is a mistake, or means "without a limit"."""
FARTHEST = 3e10
"""Seconds that a time may be from where its clock begins: 950 years, so that it has a date. Milliseconds since 1970 are
more."""
TELLS_THE_TIME = 1e9
"""Seconds from which on a clock is taken to count from 1970: those of 2001, and 31 years that no machine has run."""
# What these tell need not be looked at.
_OF_THE_MACHINE = (time.monotonic, time.time, time.perf_counter)


def whole(name: str, value: object, *, most: int = MOST, otherwise: str = "") -> int:
    """The value itself, if it is a whole number from 1 to that many.

    Raises:
        ConfigurationError: it is not.
    """
    # True is a number to Python, and a mistake here.
    if isinstance(value, int) and not isinstance(value, bool) and 1 <= value <= most:
        return value
    raise ConfigurationError(f"{name}: {shown(value)} (must be a whole number from 1 to {most}{otherwise})")


def seconds(name: str, value: object, *, or_none: bool = False) -> float:
    """The value itself, if it is a number of seconds above 0 and at most :data:`MOST`.

    Args:
        name: What it is called by who gave it.
        value: The value.
        or_none: Whether it may be 0, too.

    Raises:
        ConfigurationError: it is not.
    """
    number = _finite(value)
    if number is not None and (0 < number <= MOST or (or_none and number == 0)):
        return number
    least = "from 0" if or_none else "above 0"
    raise ConfigurationError(f"{name}: {shown(value)} (must be a number of seconds {least}, and at most {MOST})")


def time_of(name: str, value: object) -> float:
    """The value itself, if it is what a clock may tell: seconds, from wherever it counts.

    Raises:
        ConfigurationError: it is not.
    """
    number = _finite(value)
    if number is not None and abs(number) <= FARTHEST:
        return number
    raise ConfigurationError(f"{name}: {shown(value)} (must tell seconds, from {-FARTHEST:.0f} to {FARTHEST:.0f})")


def checked_clock(clock: Callable[[], float]) -> Callable[[], float]:
    """The same clock; whoever asks it gets a time, or an error that says so.

    Raises:
        ConfigurationError: it is no function; later, it has told no time.
    """
    if not callable(clock):
        raise _no_function("clock", clock)
    return clock if clock in _OF_THE_MACHINE else lambda: time_of("clock", clock())


def check_functions(**functions: object) -> None:
    """Checks that each of them can be called; None stands for one that was not given.

    Raises:
        ConfigurationError: one cannot.
    """
    for name, given in functions.items():
        if given is not None and not callable(given):
            raise _no_function(name, given)


def _no_function(name: str, given: object) -> ConfigurationError:
    return ConfigurationError(f"{name}: must be a function, not {type(given).__name__}")


def _finite(value: object) -> float | None:
    """As a float; None for what is no number, or none that has an end."""
    if not isinstance(value, (int, float)) or isinstance(value, bool):
        return None
    try:
        number = float(value)
    except OverflowError:
        number = inf
    return number if isfinite(number) else None
