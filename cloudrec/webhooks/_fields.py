"""How a class says which fields it reads, each once: where it stands, how it is read, and whether it is needed."""

from collections.abc import Callable
from typing import Any, ClassVar, Generic, Self, TypeVar, overload

from .._views import View

R = TypeVar("R")
R_co = TypeVar("R_co", covariant=True)


class Field(Generic[R_co]):
    """A field of what was sent, read when it is asked for.

    Args:
        names: Its name on the wire, and older ones.
        read: How it is read: None where it is not what it should be.
        accepts: Whether it is what it should be, where ``read`` does not tell.
        needed: Whether there is nothing to say without it.
        otherwise: What it is where it was left out, or null.
    """

    __slots__ = ("_read", "accepts", "names", "needed", "otherwise")

    def __init__(
        self,
        names: tuple[str, ...],
        read: Callable[[Any], R_co | None],
        *,
        accepts: Callable[[Any], object] | None = None,
        needed: bool = False,
        otherwise: Any = None,
    ) -> None:
        self.names: tuple[str, ...] = names
        self._read = read
        self.accepts: Callable[[Any], object] = accepts or read
        self.needed: bool = needed
        self.otherwise: Any = otherwise

    @overload
    def __get__(self, instance: None, owner: type) -> Self: ...
    @overload
    def __get__(self, instance: View, owner: type | None = None) -> R_co: ...
    def __get__(self, instance: View | None, owner: type | None = None) -> Any:
        if instance is None:
            return self
        value = self.sent(instance)
        return self.otherwise if value is None else self._read(value)

    def sent(self, instance: View) -> Any:
        """What was sent, under whichever of its names."""
        return next((value for name in self.names if (value := instance.raw.get(name)) is not None), None)

    def fits(self, instance: View) -> bool:
        """Whether what was sent is what it should be."""
        value = self.sent(instance)
        return not self.needed if value is None else self.accepts(value) is not None


def optional(read: Callable[[Any], R | None], *names: str) -> Field[R | None]:
    """A field that may be left out."""
    return Field(names, read)


def needed(read: Callable[[Any], R | None], *names: str) -> Field[R]:
    """A field without which there is nothing to say."""
    return Field(names, read, needed=True)


def several(read: Callable[[Any], tuple[R, ...] | None], *names: str) -> Field[tuple[R, ...]]:
    """A field with several values; none where it was left out."""
    return Field(names, read, otherwise=())


class WithFields(View):
    """A view that knows its fields."""

    __slots__ = ()
    _fields: ClassVar[tuple[Field[Any], ...]] = ()

    def __init_subclass__(cls) -> None:
        found = {name: value for kind in reversed(cls.__mro__) for name, value in vars(kind).items()}
        cls._fields = tuple([value for value in found.values() if isinstance(value, Field)])


def fits(view: WithFields) -> bool:
    """Whether everything that was sent is what it should be, and nothing is missing that is needed."""
    return all(field.fits(view) for field in type(view)._fields)
