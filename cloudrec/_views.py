"""Reading an open JSON object: fields are read when asked for, nothing that was sent is lost, nothing raises.

A service that grows must not break its callers. So an answer is kept as it came, and the classes here and in
`results` and `answers` are views of it: a field that is missing is None, a value that is not known is shown as it is.
"""

from collections.abc import Mapping
from datetime import UTC, datetime
from enum import Enum
from typing import Any, TypeVar

from cloudrec_api.views import View as View  # noqa: PLC0414

E = TypeVar("E", bound=Enum)

# As seconds the year 5138, as milliseconds the year 1973: every time of a recording lies clearly on one side.
_MILLISECONDS_FROM = 100_000_000_000


def text(value: Any) -> str | None:
    """A string; a number (some answers send uids so) as the string that it is elsewhere."""
    if isinstance(value, str):
        return value
    return str(value) if isinstance(value, int) and not isinstance(value, bool) else None


def number(value: Any) -> int | None:
    """A whole number, sent as one or as a string."""
    if isinstance(value, int):
        return None if isinstance(value, bool) else value
    # Not int() alone: that takes "1_000" and digits of other scripts, and raises on thousands of digits.
    if isinstance(value, str) and value.isascii() and value.isdigit() and len(value) < 20:
        return int(value)
    return None


def flag(value: Any) -> bool | None:
    """True or false."""
    return value if isinstance(value, bool) else None


def moment(value: Any) -> datetime | None:
    """A time, sent in seconds or milliseconds since 1970; None for none and for 0, which stands for "not yet"."""
    since = number(value)
    if not since or since < 0:
        return None
    try:
        return datetime.fromtimestamp(since / 1000 if since >= _MILLISECONDS_FROM else since, UTC)
    except (OverflowError, ValueError, OSError):
        return None  # beyond the year 9999, or beyond any float


_MEMBERS: dict[type[Enum], dict[Any, Any]] = {}


def _members(kind: type[E]) -> dict[Any, E]:
    """The enumeration's members by value; a lookup here costs a tenth of calling the enumeration."""
    if kind not in _MEMBERS:
        _MEMBERS[kind] = {member.value: member for member in kind}
    return _MEMBERS[kind]


def listed_number(kind: type[E], value: Any) -> E | int | None:
    """A member of the enumeration, or the number itself where the service has moved on."""
    found = number(value)
    return _members(kind).get(found, found)


def listed_text(kind: type[E], value: Any) -> E | str | None:
    """A member of the enumeration, or the string itself where the service has moved on."""
    return _members(kind).get(value, value) if isinstance(value, str) else None


def mapping(value: Any) -> Mapping[str, Any]:
    """An object; an empty one where something else was sent."""
    return value if isinstance(value, dict) else {}


def objects(value: Any) -> list[Mapping[str, Any]] | None:
    """A list of objects; None where something else was sent."""
    return value if isinstance(value, list) and all(isinstance(item, dict) for item in value) else None
