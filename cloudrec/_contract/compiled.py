"""Compiled schemas: functions that tell whether a value is right, and nothing of what is wrong with it.

Nearly every request is right, and most of what its check took went into rules that do not apply. What a schema asks in
a way that is not here, the checker is asked, whose word it is.
"""

import re
from collections.abc import Callable
from typing import Any

from .document import Schema

Check = Callable[[Any], bool]
Slow = Callable[[Any, Schema], bool]

_KNOWN = {
    "type", "enum", "const", "minimum", "maximum", "minLength", "maxLength", "pattern", "minItems", "maxItems", "items",
    "properties", "required", "additionalProperties", "allOf", "not", "if", "then", "else",
}  # fmt: skip
_MOST_BITS = 64


class Compiler:
    """Makes a function of each schema, once."""

    def __init__(
        self, slow: Slow, pattern: Callable[[str], re.Pattern[str]], ignored: frozenset[str], unasked: tuple[str, ...]
    ) -> None:
        self._slow, self._pattern, self._ignored, self._unasked = slow, pattern, ignored, unasked
        # By the identity of schemas, which are kept here, too.
        self._made: dict[int, tuple[Schema, Check]] = {}

    def is_right(self, value: Any, schema: Schema) -> bool:
        """Whether the value keeps the schema."""
        known = self._made.get(id(schema))
        if known is None:
            known = self._made[id(schema)] = schema, self._compiled(schema)
        return known[1](value)

    def _compiled(self, schema: Schema) -> Check:
        slow, asked = self._slow, schema.keys() - self._ignored
        if not asked <= _KNOWN:
            return lambda value: slow(value, schema)
        kinds: dict[type[Any], Check] = {
            str: self._of_strings(schema),
            int: self._of_numbers(schema),
            float: self._of_numbers(schema),
            dict: self._of_objects(schema),
            list: self._of_lists(schema),
        }
        takes = {"string": (str,), "integer": (int,), "number": (int, float), "object": (dict,), "array": (list,)}
        if (kind := schema.get("type")) is not None:
            kinds = {each: made for each, made in kinds.items() if each in takes.get(kind, ())}
        if "enum" in schema or "const" in schema:
            kinds = {each: made for each, made in kinds.items() if each in (str, int)}
        rules = self._rules(schema)

        def check(value: Any) -> bool:
            made = kinds.get(type(value))
            if made is None:
                # Members of enumerations, tuples, truth values: seldom, and as good as anything.
                return slow(value, schema)
            return made(value) and all(rule(value) for rule in rules)

        return check

    def _of_strings(self, schema: Schema) -> Check:
        low, high, listed = schema.get("minLength", 0), schema.get("maxLength", float("inf")), _listed(schema)
        search = self._pattern(schema["pattern"]).search if "pattern" in schema else None
        slow = self._slow

        def check(value: str) -> bool:
            if not value.isascii():
                return slow(value, schema)
            return (
                low <= len(value) <= high
                and (listed is None or value in listed)
                and (search is None or search(value) is not None)
            )

        return check

    def _of_numbers(self, schema: Schema) -> Check:
        low, high = schema.get("minimum", float("-inf")), schema.get("maximum", float("inf"))
        listed, slow = _listed(schema), self._slow

        def check(value: float) -> bool:
            if type(value) is not int or value.bit_length() > _MOST_BITS:
                return slow(value, schema)
            return low <= value <= high and (listed is None or value in listed)

        return check

    def _of_objects(self, schema: Schema) -> Check:
        required = tuple(schema.get("required", ()))
        closed = schema.get("additionalProperties") is False
        fields = {
            name: _never if inner is False else self._compiled(inner)
            for name, inner in schema.get("properties", {}).items()
        }

        def check(value: dict[Any, Any]) -> bool:
            for name in required:
                if name not in value:
                    return False
            if closed:
                return all(fields.get(name, _never)(item) for name, item in value.items())
            return all(field(value[name]) for name, field in fields.items() if name in value)

        return check

    def _of_lists(self, schema: Schema) -> Check:
        low, high = schema.get("minItems", 0), schema.get("maxItems", float("inf"))
        item = self._compiled(schema["items"]) if "items" in schema else None

        def check(value: list[Any]) -> bool:
            return low <= len(value) <= high and (item is None or all(map(item, value)))

        return check

    def _rules(self, schema: Schema) -> list[Check]:
        """Those between fields."""
        members = [member for member in schema.get("allOf", ()) if member.get("x-service") not in self._unasked]
        rules = [self._compiled(member) for member in members]
        if "not" in schema:
            wrong = self._compiled(schema["not"])
            rules.append(lambda value: not wrong(value))
        if "if" in schema:
            when = self._compiled(schema["if"])
            then, otherwise = (self._compiled(schema[name]) if name in schema else _always for name in ("then", "else"))
            rules.append(lambda value: then(value) if when(value) else otherwise(value))
        return rules


def _never(value: Any) -> bool:
    return False


def _always(value: Any) -> bool:
    return True


def _listed(schema: Schema) -> frozenset[Any] | None:
    """What may be given, without truth values, which equal numbers and are none; None for anything."""
    lists = [schema["enum"]] if "enum" in schema else []
    lists += [[schema["const"]]] if "const" in schema else []
    if not lists:
        return None
    plain = [{item for item in items if isinstance(item, (str, int)) and not isinstance(item, bool)} for items in lists]
    return frozenset.intersection(*map(frozenset, plain))
