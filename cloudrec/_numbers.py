"""Numbers that a client is set up with."""

from math import inf, isfinite

from ._redact import shown
from .errors import ConfigurationError


def whole(name: str, value: object, *, otherwise: str = "") -> int:
    """The value itself, if it is a whole number from 1.

    Raises:
        ConfigurationError: it is not.
    """
    # True is a number to Python, and a mistake here.
    if isinstance(value, int) and not isinstance(value, bool) and value >= 1:
        return value
    raise ConfigurationError(f"{name}: {shown(value)} (must be a whole number from 1{otherwise})")


def seconds(name: str, value: object) -> float:
    """The value itself, if it is a number above 0.

    Raises:
        ConfigurationError: it is not.
    """
    if isinstance(value, (int, float)) and not isinstance(value, bool) and value > 0:
        try:
            number = float(value)
        except OverflowError:
            number = inf
        if isfinite(number):
            return number
    raise ConfigurationError(f"{name}: {shown(value)} (must be a number of seconds above 0)")
