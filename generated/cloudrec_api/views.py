"""Reading an open JSON object: fields are read when asked for, nothing that was sent is lost, nothing raises.

A service that grows must not break its callers. So what it sends is kept as it came, and the classes of `responses` and
`notices` are views of it: a field that is missing is None, a value that is not known is shown as it is.
"""

from __future__ import annotations

import json
from datetime import UTC, datetime
from enum import Enum
from typing import TYPE_CHECKING, Any, ClassVar, Generic, TypeVar

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from typing import Never, Self, overload

E = TypeVar("E", bound=Enum)
R = TypeVar("R")
R_co = TypeVar("R_co", covariant=True)
V = TypeVar("V", bound="View")

# As seconds the year 5138, as milliseconds the year 1973: every time of a recording lies clearly on one side.
_MILLISECONDS_FROM = 100_000_000_000


class View:
    """A JSON object with names for what is in it. ``raw`` is the object as it was sent."""

    __slots__ = ("raw",)
    _shown: ClassVar[tuple[str, ...]] = ()
    _bare: ClassVar[str | None] = None
    """The field that a string is, where one stands in the place of the object."""

    def __init__(self, raw: Any) -> None:
        self.raw: Any = raw

    def __repr__(self) -> str:
        shown = ", ".join(f"{name}={getattr(self, name)!r}" for name in self._shown)
        return f"{type(self).__name__}({shown})"

    def __eq__(self, other: object) -> bool:
        return isinstance(other, View) and type(self) is type(other) and bool(self.raw == other.raw)

    __hash__: ClassVar[None] = None  # type: ignore[assignment]  # what a view shows may be changed through `raw`

    def to_dict(self) -> dict[str, Any]:
        """Its fields by their names here, as JSON has them: times by ISO 8601, members by their values."""
        return {name: plain(getattr(self, name)) for name in fields_of(type(self))}


def plain(value: Any) -> Any:
    """A value as JSON has it."""
    if isinstance(value, Enum):
        return value.value
    if isinstance(value, datetime):
        return value.isoformat()
    # Before tuples, since there are named ones.
    if hasattr(value, "to_dict"):
        return value.to_dict()
    if isinstance(value, dict):
        return {str(name): plain(item) for name, item in value.items()}
    if isinstance(value, (list, tuple, set, frozenset)):
        return [plain(item) for item in value]
    return value


class Field(property, Generic[R_co]):
    """A field of what was sent, read when it is asked for.

    Args:
        name: Its name on the wire.
        read: How it is read: None where it is not what it should be, or nothing.
        aliases: Names that it has as well, or once had; with ``/`` before it, one in the outermost object.
        inside: The objects that it stands in, from the outermost.
        needed: Whether there is nothing to say without it.
        otherwise: What it is where it was left out, is null, or is not what it should be.
        doc: What it says.
    """

    def __init__(
        self,
        name: str,
        read: Callable[[Any], R_co | None],
        *,
        aliases: tuple[str, ...] = (),
        inside: tuple[str, ...] = (),
        needed: bool = False,
        otherwise: Any = None,
        doc: str | None = None,
    ) -> None:
        self.path: tuple[str, ...] = (*inside, name)
        self.needed: bool = needed
        self._aliases = aliases
        self._read = read

        # A function that holds what it needs: an answer with a hundred files runs it six hundred times.
        if otherwise is None and not aliases and not inside:

            def get(view: View) -> Any:
                try:
                    return read(view.raw.get(name))
                except AttributeError:  # not an object
                    return None

        else:

            def get(view: View) -> Any:
                value = view.raw.get(name) if not inside and isinstance(view.raw, dict) else None
                found = read(value or self._sent(view.raw))
                return otherwise if found is None else found

        super().__init__(get)
        self.__doc__ = doc

    if TYPE_CHECKING:

        @overload
        def __get__(self, instance: None, owner: type, /) -> Self: ...
        @overload
        def __get__(self, instance: View, owner: type | None = None, /) -> R_co: ...
        def __get__(self, instance: Any, owner: type | None = None, /) -> Any: ...
        def __set__(self, instance: Any, value: Never, /) -> None: ...

    def _sent(self, raw: Any) -> Any:
        """What was sent, under whichever of its names; an empty string only where nothing else was."""
        inner = raw
        for outer in self.path[:-1]:
            inner = inner.get(outer) if isinstance(inner, dict) else None
        value = inner.get(self.path[-1]) if isinstance(inner, dict) else None
        if value is None or value == "":
            for alias in self._aliases:
                found = mapping(raw if alias[0] == "/" else inner).get(alias.removeprefix("/"))
                if found is not None and found != "":
                    return found
        return value

    def fits(self, view: View) -> bool:
        """Whether what was sent is what it should be."""
        around = view.raw
        for outer in self.path[:-1]:
            around = around.get(outer)
            if not isinstance(around, dict):
                return around is None
        value = self._sent(view.raw)
        if value is None:
            return not self.needed
        # A number too large for a time is a number all the same.
        found = number(value) if self._read is moment else self._read(value)
        # What may be a name alone has nothing that could be missing.
        parts = found if isinstance(found, tuple) else (found,)
        return found is not None and all(fits(part) for part in parts if isinstance(part, View) and part._bare is None)


_FIELDS: dict[type[View], dict[str, Field[Any]]] = {}


def fields_of(kind: type[View]) -> dict[str, Field[Any]]:
    """What a view reads, by the names of its attributes."""
    if kind not in _FIELDS:
        found = {name: value for base in reversed(kind.__mro__) for name, value in vars(base).items()}
        _FIELDS[kind] = {name: value for name, value in found.items() if isinstance(value, Field)}
    return _FIELDS[kind]


def fits(view: View) -> bool:
    """Whether everything that was sent is what it should be, and nothing is missing that is needed."""
    return all(field.fits(view) for field in fields_of(type(view)).values())


# ------------------------------------------------------------------------------------------- how fields are read


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
    """True or false; some versions of the service send them as strings."""
    if isinstance(value, str):
        return {"true": True, "false": False}.get(value)
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


def anything(value: Any) -> Any:
    """What it is, as it was sent."""
    return value


def mapping(value: Any) -> Mapping[str, Any]:
    """An object; an empty one where something else was sent."""
    return value if isinstance(value, dict) else {}


def objects(value: Any) -> list[Mapping[str, Any]] | None:
    """A list of objects; None where something else was sent."""
    return value if isinstance(value, list) and all(isinstance(item, dict) for item in value) else None


_MEMBERS: dict[type[Enum], dict[Any, Any]] = {}


def _members(kind: type[E]) -> dict[Any, E]:
    """The enumeration's members by value; a lookup here costs a tenth of calling the enumeration."""
    if kind not in _MEMBERS:
        _MEMBERS[kind] = {member.value: member for member in kind}
    return _MEMBERS[kind]


def listed_number(kind: type[E]) -> Callable[[Any], E | int | None]:
    """A member of the enumeration, or the number itself where the service has moved on."""
    members = _members(kind)

    def read(value: Any) -> E | int | None:
        found = number(value)
        return members.get(found, found)

    return read


def listed_text(kind: type[E], *, numbers: bool = False) -> Callable[[Any], E | str | None]:
    """A member of the enumeration, or the string itself where the service has moved on; a number too, if need be."""
    members = _members(kind)

    def read(value: Any) -> E | str | None:
        found = text(value) if numbers else value
        return members.get(found, found) if isinstance(found, str) else None

    return read


def one(kind: type[V]) -> Callable[[Any], V | None]:
    """A part that is an object of its own."""

    def read(value: Any) -> V | None:
        return kind(value) if isinstance(value, dict) else None

    return read


def several(kind: type[V], separator: str | None = None) -> Callable[[Any], tuple[V, ...] | None]:
    """Parts, from a list of objects.

    Where a string may stand for one, also from a list of strings, from one string, and from either list as JSON in a
    string; or from their strings in one, with a separator between them.
    """
    name = kind._bare

    def read(value: Any) -> tuple[V, ...] | None:
        if isinstance(value, str) and name is not None:
            if separator is not None:
                value = [part.strip() for part in value.split(separator) if part.strip()]
            elif value.startswith("["):  # which no name does
                try:
                    value = json.loads(value)
                except (ValueError, RecursionError):
                    return None
            else:
                value = [value] if value else []
        elif separator is not None:
            return None
        if not isinstance(value, list):
            return None
        found: list[V] = []
        for item in value:
            if isinstance(item, dict):
                found.append(kind(item))
            elif name is not None and isinstance(item, str):
                found.append(kind({name: item}))
            else:
                return None
        return tuple(found)

    return read


def each(read: Callable[[Any], R | None]) -> Callable[[Any], tuple[R, ...] | None]:
    """Values of one kind, from a list; those that are of another are left out."""

    def read_all(value: Any) -> tuple[R, ...] | None:
        if not isinstance(value, list):
            return None
        return tuple([found for item in value if (found := read(item)) is not None])

    return read_all
