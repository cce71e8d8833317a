"""`X-Emulate-Fault`: the request header that asks for a fault, for a client in any language.

    X-Emulate-Fault: drop; after_effect=true
    X-Emulate-Fault: status; status=500; code=62; header="Retry-After: 3"
    X-Emulate-Fault: rate_limited; retry_after=3; times=2

Kinds and parameters are those of `Fault`. `times` is the header's own: a client that tries again
sends the same header again, and after so many calls it is heard no more.
"""

from __future__ import annotations

import inspect
import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from difflib import get_close_matches
from typing import Any

from .faults import Fault

#: Its name.
HEADER = "X-Emulate-Fault"


@dataclass(frozen=True)
class Wanted:
    """What a request asks for by its header."""

    fault: Fault
    #: Of the calls of this endpoint and recorder that carry this very header, so many meet it; None for all.
    times: int | None


_KINDS: dict[str, Callable[..., Fault]] = {
    name: getattr(Fault, name)
    for name in (
        "cut delay drop empty failover garbage hang html not_completed rate_limited redirect refuse stall status vanish"
    ).split()
}

_PARAMETER = re.compile(r'\s*;\s*([a-z_]+)\s*=\s*("(?:[^"\\]|\\.)*"|[^;"]*)(?=\s*(?:;|$))')


def read_header(text: str) -> Wanted:
    """What a header's value means; ValueError says what is wrong with it."""
    name, separator, _ = text.partition(";")
    kind = name.strip()
    if kind not in _KINDS:
        raise ValueError(f"{kind[:60]!r} is no fault; {_guess(kind, _KINDS)}")
    given = _parameters(text[len(name) :] if separator else "")
    times = given.pop("times", None)
    try:
        fault = _KINDS[kind](**_checked(kind, given))
    except TypeError:
        raise ValueError(f"{kind} needs {_missing(kind, given)}") from None
    return Wanted(fault, times)


def parse_fault(text: str) -> Fault:
    """The fault that a header's value means: `Fault.header` the other way round."""
    return read_header(text).fault


def _parameters(text: str) -> dict[str, Any]:
    values: dict[str, Any] = {}
    place = 0
    while text[place:].strip(" \t;"):
        match = _PARAMETER.match(text, place)
        if match is None:
            raise ValueError(f"cannot be read from {text[place : place + 40].strip(' ;')!r} on; it is name=value; ...")
        place = match.end()
        name, value = match[1], match[2].strip()
        if value.startswith('"'):
            value = re.sub(r"\\(.)", r"\1", value[1:-1])
        if name == "header":
            key, colon, content = value.partition(":")
            if not colon:
                raise ValueError(f'header must be "Name: value", not {value!r}')
            values.setdefault("headers", []).append((key.strip(), content.strip()))
        elif name in values:
            raise ValueError(f"{name} is given twice")
        else:
            values[name] = _read(name, value)
    return values


def _read(name: str, value: str) -> Any:
    reader, wanted = _READERS.get(name, (str, "text"))
    try:
        return reader(value)
    except ValueError:
        raise ValueError(f"{name} must be {wanted}, not {value!r}") from None


def _checked(kind: str, given: dict[str, Any]) -> dict[str, Any]:
    known = {"header" if name == "headers" else name for name in inspect.signature(_KINDS[kind]).parameters}
    for name in given:
        shown = "header" if name == "headers" else name
        if shown not in known:
            raise ValueError(f"{kind} has no {shown!r}; {_guess(shown, {*known, 'times'})}")
    return given


def _missing(kind: str, given: dict[str, Any]) -> str:
    parameters = inspect.signature(_KINDS[kind]).parameters.values()
    return ", ".join(p.name for p in parameters if p.default is p.empty and p.name not in given)


def _guess(wrong: str, known: Iterable[str]) -> str:
    close = get_close_matches(wrong, list(known), n=1)
    return f"did you mean {close[0]}?" if close else f"there is {', '.join(sorted(known))}"


def _boolean(text: str) -> bool:
    if text not in {"true", "false"}:
        raise ValueError(text)
    return text == "true"


def _natural(text: str) -> int:
    if int(text) < 1:
        raise ValueError(text)
    return int(text)


_READERS: dict[str, tuple[Callable[[str], Any], str]] = {
    "after_effect": (_boolean, "true or false"),
    "reset": (_boolean, "true or false"),
    "consistent": (_boolean, "true or false"),
    "within": (_boolean, "true or false"),
    "rename": (_boolean, "true or false"),
    "status": (int, "a whole number"),
    "code": (int, "a whole number"),
    "times": (_natural, "a whole number from 1"),
    "seconds": (float, "a number"),
    "share": (float, "a number"),
}
