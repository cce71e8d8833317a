"""Wire forms: models, values and user IDs as the JSON that is sent."""

from collections.abc import Mapping
from enum import Enum
from typing import Any

from ..errors import InvalidRequestError, Problem
from .rule_texts import TYPE


def on_wire(uid: Any) -> Any:
    """A user ID as the string that is sent. What is none stays as it is, for the check to tell of it."""
    # True is a number to Python, and one of thousands of digits is none that it would write.
    if isinstance(uid, int) and not isinstance(uid, bool) and uid.bit_length() <= 64:
        return str(int(uid))
    return uid


class Meant(list[Any]):
    """A list of what is mostly a mistake, and is meant."""

    __slots__ = ()


_PLAIN = (str, int, float, bool, type(None))


def to_wire(value: Any, *path: Any) -> Any:
    """JSON from values of this package and generated models, or from plain dicts and lists with these anywhere in them.

    Args:
        path: What was written for it: the argument, and the keys and places below that.

    Raises:
        InvalidRequestError: a model holds a dict in the place of a model.
    """
    if type(value) in _PLAIN:
        return value
    if isinstance(value, Enum) and isinstance(value, (str, int)):
        return value.value
    to_dict = None if isinstance(value, type) else getattr(value, "to_dict", None)
    if to_dict is not None:
        try:
            return to_wire(to_dict(), *path)
        except AttributeError as wrong:
            # The generated code only finds that it has no to_dict.
            name = "".join(f"[{part}]" if isinstance(part, int) else f".{part}" for part in path).removeprefix(".")
            rule = f"every part of a {type(value).__name__} must be one of its types, not a dict"
            problems = (Problem(name, "given", rule, TYPE),)
            raise InvalidRequestError(f"{name}: {rule}", problems=problems, advice="Correct the call.") from wrong
    if isinstance(value, Mapping):
        return {key: item if type(item) in _PLAIN else to_wire(item, *path, key) for key, item in value.items()}
    if isinstance(value, (list, tuple)):
        items = [to_wire(item, *path, place) for place, item in enumerate(value)]
        return Meant(items) if isinstance(value, Meant) else items
    return value
