"""Compiled schemas: functions that tell whether a value is right, and nothing of what is wrong with it.

Nearly every request is right, and most of what its check took went into rules that do not apply. What a schema asks in
a way that is not here, the checker is asked, whose word it is; so it is of every value that is not plain JSON, such as
members of enumerations.
"""

import re
from collections.abc import Callable
from math import prod
from typing import Any

from .document import Schema

Check = Callable[[Any], bool]
Slow = Callable[[Any, Schema], bool]

_BETWEEN = {"allOf", "not", "if", "then", "else"}
_OF_KINDS = {
    "string": {"minLength", "maxLength", "pattern"},
    "integer": {"minimum", "maximum"},
    "number": {"minimum", "maximum"},
    "boolean": set[str](),
    "array": {"minItems", "maxItems", "items"},
    "object": {
        "properties", "required", "additionalProperties", "dependentRequired", "x-max-product", "x-max-sum",
    },
}  # fmt: skip
# The largest that 64 bits hold: a whole number of more is not sent. And no length comes near it.
_MOST = 2**64 - 1
_COMBINATIONS: dict[str, Callable[[list[Any]], float]] = {"x-max-product": prod, "x-max-sum": sum}


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

    def _compiled(self, schema: Schema, *, is_rule: bool = False) -> Check:
        """Of a rule, whose value is judged by what it is a rule of, no more than what it asks itself."""
        asked = schema.keys() - self._ignored
        if "enum" in schema or "const" in schema:
            return self._of_listed(schema) if asked <= {"type", "enum", "const"} else self._by_asking(schema)
        asked -= {"type", *_BETWEEN}
        # A schema without a type is of one kind all the same: what is of another is asked about.
        kind = schema.get("type") or next((kind for kind, words in _OF_KINDS.items() if words & asked), None)
        rules = self._rules(schema, asked - _OF_KINDS[kind] if kind else asked)
        match kind:
            case "string":
                made = self._of_strings(schema)
            case "integer" | "number":
                made = self._of_numbers(schema)
            case "boolean":
                made = _is_boolean
            case "array":
                made = self._of_lists(schema)
            case "object":
                return self._of_objects(schema, rules)
            case _:
                made = _always if is_rule else self._of_anything()
        return _all(made, rules)

    def _by_asking(self, schema: Schema) -> Check:
        slow = self._slow
        return lambda value: slow(value, schema)

    def _of_anything(self) -> Check:
        # Not all numbers and texts can be sent.
        slow, anything = self._slow, Schema()
        return lambda value: type(value) in (dict, list) or slow(value, anything)

    def _of_listed(self, schema: Schema) -> Check:
        lists = [schema["enum"]] if "enum" in schema else []
        lists += [[schema["const"]]] if "const" in schema else []
        # Without truth values, which equal numbers and are none.
        plain = [frozenset(item for item in items if type(item) in (str, int)) for items in lists]
        takes: dict[str | None, set[type]] = {None: {str, int}, "string": {str}, "integer": {int}, "number": {int}}
        kinds = takes.get(schema.get("type"), set())
        listed, slow = frozenset.intersection(*plain), self._slow

        def check(value: Any) -> bool:
            return value in listed if type(value) in kinds else slow(value, schema)

        return check

    def _of_strings(self, schema: Schema) -> Check:
        low, high, slow = schema.get("minLength", 0), schema.get("maxLength", _MOST), self._slow
        search = self._pattern(schema["pattern"]).search if "pattern" in schema else None

        def check(value: Any) -> bool:
            if type(value) is not str or not value.isascii():
                return slow(value, schema)
            return low <= len(value) <= high and (search is None or search(value) is not None)

        return check

    def _of_numbers(self, schema: Schema) -> Check:
        low, high = max(schema.get("minimum", -_MOST), -_MOST), min(schema.get("maximum", _MOST), _MOST)
        # A fraction has only the limits that the schema names.
        kinds = {int, float} if schema.get("type") == "number" and {"minimum", "maximum"} <= schema.keys() else {int}
        slow = self._slow

        def check(value: Any) -> bool:
            return low <= value <= high if type(value) in kinds else slow(value, schema)

        return check

    def _of_objects(self, schema: Schema, rules: list[Check]) -> Check:
        required, closed = tuple(schema.get("required", ())), schema.get("additionalProperties") is False
        fields = {
            name: _never if inner is False else self._compiled(inner)
            for name, inner in schema.get("properties", {}).items()
        }
        asked = [self._needed(name, {*others}) for name, others in schema.get("dependentRequired", {}).items()]
        asked += [self._combined(schema, keyword) for keyword in _COMBINATIONS if keyword in schema]
        known, then, slow = tuple(fields.items()), (*asked, *rules), self._slow

        def check(value: Any) -> bool:
            if type(value) is not dict:
                return slow(value, schema)
            for name in required:
                if name not in value:
                    return False
            for rule in then:
                if not rule(value):
                    return False
            if closed:
                for name, item in value.items():
                    if not fields.get(name, _never)(item):
                        return False
            else:
                for name, field in known:
                    if name in value and not field(value[name]):
                        return False
            return True

        return check

    def _needed(self, name: str, others: set[str]) -> Check:
        return lambda value: name not in value or value.keys() >= others

    def _combined(self, schema: Schema, keyword: str) -> Check:
        """Of numbers whose sum or product has a limit, of which what is left out counts by its default."""
        limit = schema[keyword]
        fields, most = [(name, _default(schema, name)) for name in limit["fields"]], limit["maximum"]
        combine, ask = _COMBINATIONS[keyword], self._by_asking(_part(schema, {keyword}))

        def check(value: Any) -> bool:
            numbers = [value.get(name, default) for name, default in fields]
            # What is above may be so by rounding, or be no number that counts.
            return ({*map(type, numbers)} <= {int, float} and combine(numbers) <= most) or ask(value)

        return check

    def _of_lists(self, schema: Schema) -> Check:
        low, high, slow = schema.get("minItems", 0), schema.get("maxItems", _MOST), self._slow
        item = self._compiled(schema["items"]) if "items" in schema else _always

        def check(value: Any) -> bool:
            if type(value) is not list:
                return slow(value, schema)
            return low <= len(value) <= high and all(map(item, value))

        return check

    def _rules(self, schema: Schema, unknown: set[str]) -> list[Check]:
        """Those between fields, and what is not known here of the schema."""
        members = [member for member in schema.get("allOf", ()) if member.get("x-service") not in self._unasked]
        rules = [self._compiled(member, is_rule=True) for member in members]
        if "not" in schema:
            wrong = self._compiled(schema["not"], is_rule=True)
            rules.append(lambda value: not wrong(value))
        if "if" in schema:
            when = self._compiled(schema["if"], is_rule=True)
            if "then" in schema:
                then = self._compiled(schema["then"], is_rule=True)
                rules.append(lambda value: not when(value) or then(value))
            if "else" in schema:
                otherwise = self._compiled(schema["else"], is_rule=True)
                rules.append(lambda value: when(value) or otherwise(value))
        if unknown:
            rules.append(self._by_asking(_part(schema, unknown)))
        return rules


def _default(schema: Schema, name: str) -> Any:
    return (schema.get("properties", {}).get(name) or {}).get("x-default")


def _part(schema: Schema, keywords: set[str]) -> Schema:
    """What a schema says by these keywords, and the defaults of its fields."""
    defaults = {name: {"x-default": _default(schema, name)} for name in schema.get("properties", {})}
    return {"properties": defaults} | {keyword: schema[keyword] for keyword in keywords}


def _all(made: Check, rules: list[Check]) -> Check:
    checks = rules if made is _always else [made, *rules]
    if len(checks) < 2:
        return checks[0] if checks else _always
    return lambda value: all(check(value) for check in checks)


def _is_boolean(value: Any) -> bool:
    return value is True or value is False


def _never(value: Any) -> bool:
    return False


def _always(value: Any) -> bool:
    return True
