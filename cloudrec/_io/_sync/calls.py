"""Calls of functions that somebody else wrote."""

from collections.abc import Awaitable, Callable
from inspect import isawaitable, iscoroutine
from typing import ParamSpec, TypeVar

from ...errors import ConfigurationError

P = ParamSpec("P")
T = TypeVar("T")


def invoke(name: str, function: Callable[P, T | Awaitable[T]], *arguments: P.args, **words: P.kwargs) -> T:
    """What somebody else's function returns."""
    found = function(*arguments, **words)
    if isawaitable(found):
        if iscoroutine(found):
            found.close()
        raise ConfigurationError(f"{name}: must not be async; that is for AsyncCloudRecording")
    return found


invoke_in_thread = invoke
