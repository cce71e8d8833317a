"""Problem of a request: of all that is wrong with it, the one thing that helps most to know."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from difflib import get_close_matches
from typing import Any, cast

from jsonschema.exceptions import ValidationError

# A misspelt field shows up twice, as unknown and (where it is required) as missing: the unknown name
# is what the caller can find. After that what is missing, then wrong types, then wrong values; a
# rule across fields last, because its fields may have failed for a plainer reason.
_RANKS = {"additionalProperties": 0, "required": 1, "type": 2}
_VALUE_RANK, _RULE_RANK = 3, 4
_RULES = {"allOf", "not", "x-max-product", "x-max-sum", "contains"}


#: Where else a field stands, in words, by its name and where it was found; "" where nowhere.
Elsewhere = Callable[[str, str], str]


def most_helpful(errors: Sequence[ValidationError], elsewhere: Elsewhere) -> str | None:
    """The first error by rank and then by place, as `field problem`; None when there is none."""
    if not errors:
        return None
    return _describe(min(errors, key=_order), elsewhere)


def _meant(unknown: str, known: Sequence[str]) -> str:
    guess = get_close_matches(unknown, known, n=1)
    return f"; did you mean {guess[0]}" if guess else ""


def _order(error: ValidationError) -> tuple[int, list[str], str]:
    keyword = str(error.validator)
    rank = _RULE_RANK if keyword in _RULES else _RANKS.get(keyword, _VALUE_RANK)
    return rank, [str(part) for part in error.absolute_path], error.message


def _describe(error: ValidationError, elsewhere: Elsewhere) -> str:
    place = _place(error.absolute_path)
    instance = cast("dict[str, Any]", error.instance)  # an object, where it is looked into below
    match error.validator:
        case "additionalProperties":
            schema = cast("dict[str, Any]", error.schema)
            known = list(schema.get("properties", {}))
            unknown = min(set(instance) - set(known))
            hint = elsewhere(unknown, place) or _meant(unknown, known)
            return f"{_join(place, _short(unknown))} is not a field of this request{hint}"
        case "required":
            names = cast("list[str]", error.validator_value)
            missing = next(name for name in names if name not in instance)
            return f"{_join(place, missing)} is required"
        case "allOf":
            return error.message if place in {"", "clientRequest"} else f"{place}: {error.message}"
        case _:
            return f"{place or 'the body'} {error.message}"


def _place(path: Sequence[str | int]) -> str:
    """Where in the body, as `recordingConfig.layoutConfig[2].width`.

    `clientRequest` is left out: everything but cname and uid is in it.
    """
    place = ""
    for part in path:
        place = f"{place}[{part}]" if isinstance(part, int) else _join(place, part)
    return place.removeprefix("clientRequest.")


def _join(place: str, name: str) -> str:
    return f"{place}.{name}" if place and place != "clientRequest" else name


def _short(name: str) -> str:
    return name if len(name) <= 60 else f"{name[:57]}..."
