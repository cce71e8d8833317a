"""JSON Schema as the contract speaks it: the standard's keywords, the contract's own, plain messages.

A message never holds a value that was sent, except a number, a boolean or a listed word, and never
the value of a secret.
"""

from __future__ import annotations

import json
import math
import re
from collections.abc import Callable, Iterator, Mapping
from functools import cache
from typing import Any

from jsonschema import Draft202012Validator
from jsonschema.exceptions import ValidationError
from jsonschema.protocols import Validator
from jsonschema.validators import extend

Errors = Iterator[ValidationError]
Keyword = Callable[[Any, Any, Any, Any], Errors]


def all_of(validator: Any, members: list[Any], instance: Any, _schema: Any) -> Errors:
    """A member with a description is a rule in words: those words are the message."""
    for index, member in enumerate(members):
        found = list(validator.descend(instance, member, schema_path=index))
        if found and "description" in member:
            yield ValidationError(" ".join(member["description"].split()))
        else:
            yield from found


def any_of(validator: Any, members: list[Any], instance: Any, _schema: Any) -> Errors:
    """Where nothing fits, speak of the variant that was most likely meant.

    That is one whose constants agree (they name the variant), then the one with the fewest faults.
    """
    attempts = []
    for index, member in enumerate(members):
        found = list(validator.descend(instance, member, schema_path=index))
        if not found:
            return
        attempts.append(found)
    yield from min(attempts, key=lambda found: (sum(e.validator == "const" for e in found), len(found)))


def pattern(_validator: Any, expression: str, instance: Any, schema: Any) -> Errors:
    """As the standard means it: `$` is the end of the text, and not also the place before a last newline."""
    if isinstance(instance, str) and not _compiled(expression).search(instance):
        # `x-rule` says in words what the expression says.
        yield ValidationError(f"is not {schema.get('x-rule', 'in the right form')}")


@cache
def _compiled(expression: str) -> re.Pattern[str]:
    return re.compile(re.sub(r"(?<!\\)\$$", r"\\Z", expression))


def max_product(_validator: Any, rule: Mapping[str, Any], instance: Any, schema: Any) -> Errors:
    """`x-max-product`: the product of some fields is at most so much."""
    numbers = _numbers(rule["fields"], instance, schema)
    if numbers and math.prod(numbers) > rule["maximum"]:
        names = " × ".join(rule["fields"])
        shown = " × ".join(str(number) for number in numbers)
        yield ValidationError(f"{names} is {shown}, more than the maximum of {rule['maximum']}")


def max_sum(_validator: Any, rule: Mapping[str, Any], instance: Any, schema: Any) -> Errors:
    """`x-max-sum`: the sum of some fields is at most so much."""
    numbers = _numbers(rule["fields"], instance, schema)
    # Six decimals are what the service reads; 0.7 + 0.3 must not fail by a rounding error.
    total = round(sum(numbers), 6) if numbers else 0
    if total > rule["maximum"]:
        names = " + ".join(rule["fields"])
        yield ValidationError(f"{names} is {total}, more than the maximum of {rule['maximum']}")


def max_joined_length(_validator: Any, limit: int, instance: Any, _schema: Any) -> Errors:
    """`x-max-joined-length`: the items with a slash after each are at most so long."""
    if isinstance(instance, list) and all(isinstance(item, str) for item in instance):
        length = sum(len(item) + 1 for item in instance)
        if length > limit:
            problem = f"is {length} characters long with its slashes, more than the maximum of {limit}"
            yield ValidationError(problem)


def named_once(_validator: Any, by: str | bool, instance: Any, _schema: Any) -> Errors:
    """`x-named-once`: no two items are the same, or the same in this field."""
    if isinstance(instance, list):
        names = [item if by is True else item.get(by) for item in instance if by is True or isinstance(item, dict)]
        named = [name for name in names if isinstance(name, str)]
        if len(named) > len(set(named)):
            yield ValidationError("names a user twice")


def _numbers(fields: list[str], instance: Any, schema: Any) -> list[float] | None:
    """The fields' values, or what the service assumes for them; None unless all are numbers."""
    if not isinstance(instance, dict):
        return None
    properties = schema.get("properties", {})
    values = [instance.get(field, properties.get(field, {}).get("x-default")) for field in fields]
    if all(isinstance(value, int | float) and not isinstance(value, bool) for value in values):
        return values
    return None


def worded(keyword: str, say: Callable[[Any, Any], str]) -> Keyword:
    """A keyword of the standard, with a message of ours in place of one that repeats the value."""
    standard = Draft202012Validator.VALIDATORS[keyword]

    def check(validator: Any, rule: Any, instance: Any, schema: Any) -> Errors:
        for error in standard(validator, rule, instance, schema) or ():
            # Errors that come from further down have their own words already.
            if not error.path:
                error.message = say(rule, _shown(instance, schema))
            yield error

    return check


def _shown(instance: Any, schema: Any) -> str:
    """A value fit for a message, or an empty string."""
    if schema.get("format") == "password":
        return ""
    if isinstance(instance, str) and ("enum" in schema or "const" in schema) and len(instance) <= 40:
        return f"{json.dumps(instance, ensure_ascii=False)} "
    if isinstance(instance, bool | int | float):
        return f"{json.dumps(instance)} "
    return ""


def _listed(values: list[Any]) -> str:
    return ", ".join(json.dumps(value, ensure_ascii=False) for value in values)


_TYPES = {"object": "an object", "array": "an array", "integer": "a whole number", "number": "a number"}


def _type(rule: Any) -> str:
    names = [rule] if isinstance(rule, str) else rule
    return " or ".join(_TYPES.get(name, f"a {name}") for name in names)


_WORDED: dict[str, Callable[[Any, Any], str]] = {
    "type": lambda rule, shown: f"{shown}is not {_type(rule)}",
    "enum": lambda rule, shown: f"{shown}is not one of {_listed(rule)}",
    "const": lambda rule, shown: f"{shown}is not {json.dumps(rule)}",
    "minimum": lambda rule, shown: f"{shown}is less than the minimum of {rule}",
    "maximum": lambda rule, shown: f"{shown}is more than the maximum of {rule}",
    "minLength": lambda rule, _: "is empty" if rule == 1 else f"is shorter than {rule} characters",
    "maxLength": lambda rule, _: f"is longer than {rule} characters",
    "minItems": lambda rule, _: "is empty" if rule == 1 else f"has fewer than {rule} items",
    "maxItems": lambda rule, _: f"has more than {rule} items",
    "uniqueItems": lambda _, __: "lists something twice",
    "not": lambda _, __: "is not allowed",
    "contains": lambda _, __: "lacks an item that it needs",
}


def remembering(kind: type[Validator]) -> type[Validator]:
    """A class of validators for schemas without references, that makes one for each schema and not for each value.

    The package makes them anew for every value in a value, which takes most of its time.
    """
    make: Callable[..., Any] = kind.evolve
    # By the schema's identity, with the schema, lest another gets that.
    made: dict[int, tuple[Any, Any]] = {}

    def evolve(validator: Any, *, schema: Any, **_: Any) -> Any:
        if (found := made.get(id(schema))) is None:
            found = made[id(schema)] = schema, make(validator, schema=schema)
        return found[1]

    def descend(
        validator: Any, instance: Any, schema: Any, path: Any = None, schema_path: Any = None, resolver: Any = None
    ) -> Errors:
        for error in evolve(validator, schema=schema).iter_errors(instance):
            if path is not None:
                error.path.appendleft(path)
            if schema_path is not None:
                error.schema_path.appendleft(schema_path)
            yield error

    for faster in (evolve, descend):
        setattr(kind, faster.__name__, faster)
    return kind


ContractValidator: type[Validator] = remembering(
    extend(  # type: ignore[no-untyped-call]
        Draft202012Validator,
        {
            "allOf": all_of,
            "anyOf": any_of,
            "pattern": pattern,
            "x-max-product": max_product,
            "x-max-sum": max_sum,
            "x-max-joined-length": max_joined_length,
            "x-named-once": named_once,
            **{keyword: worded(keyword, say) for keyword, say in _WORDED.items()},
        },
    )
)
