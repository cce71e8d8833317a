"""Whether a value is what a schema of the contract asks for, and in words what is wrong with it.

This is the part of JSON Schema that the contract's requests use, and the contract's own three keywords; a test holds
it against the `jsonschema` package and fails on a keyword that is not known here. It exists because the messages of a
general validator speak of schemas, and people need to read of fields, values and rules. What the rules are called, and
what they say of a single field, is in `_words`.
"""

import math
import re
from collections.abc import Iterator
from functools import cache
from typing import Any

# Not `from . import`: type checkers take that for an import of the package, and the package imports this.
import cloudrec._contract.rule_texts as words

from ..errors import Problem
from .document import Schema, is_url, resolve
from .redact import redacted, shown, url_without_secrets

# Keywords that say something and check nothing.
ANNOTATIONS = frozenset(
    {
        "default", "description", "examples", "format", "x-default", "x-enum-varnames", "x-name", "x-rule", "x-regions",
        "x-nearest-without",
        "$comment",
    }
)  # fmt: skip
ASSERTIONS = frozenset(
    {
        "type", "enum", "const", "minimum", "maximum", "minLength", "maxLength", "pattern", "minItems", "maxItems",
        "uniqueItems", "items", "contains", "maxContains", "properties", "required", "additionalProperties",
        "dependentRequired", "allOf", "anyOf", "not", "if", "then", "else", "$ref",
        "x-max-product", "x-max-sum", "x-max-joined-length",
    }
)  # fmt: skip


_TYPES: dict[str, tuple[type, ...]] = {
    "string": (str,),
    "integer": (int,),
    "number": (int, float),
    "boolean": (bool,),
    "array": (list, tuple),
    "object": (dict,),
}
_NO_TEXT = "must be text; this holds half a surrogate pair, which UTF-8 has no bytes for"
_DEEPEST = 50
_MOST_BITS = 64
# Sums of fractions such as 0.7 + 0.3 land a little beside 1.
_ROUNDING = 1e-9


def check(value: Any, schema: Schema, field: str = "") -> list[Problem]:
    """All that is wrong with the value; nothing, if the list is empty."""
    return list(_problems(value, resolve(schema), field))


def _holds(value: Any, schema: Schema) -> bool:
    """Whether a value is right: as `check`, but only as far as the first thing that is wrong."""
    return next(_problems(value, resolve(schema), ""), None) is None


def unsendable(value: Any, field: str = "", depth: int = 0) -> list[Problem]:
    """What of a value no JSON can carry. This holds also where somebody wants nothing else to be checked."""
    if depth > _DEEPEST:
        return [Problem(field, f"of type {type(value).__name__}", "must not be so deep", words.JSON)]
    if isinstance(value, dict):
        wrong = [Problem(field, "given", "must have strings for names", words.JSON)]
        found = [] if all(isinstance(name, str) and _is_text(name) for name in value) else wrong
        return found + [
            problem for name, item in value.items() for problem in unsendable(item, _join(field, name), depth + 1)
        ]
    if isinstance(value, (list, tuple)):
        return [
            problem for place, item in enumerate(value) for problem in unsendable(item, f"{field}[{place}]", depth + 1)
        ]
    if isinstance(value, str):
        return [] if _is_text(value) else [Problem(field, "text", _NO_TEXT, words.JSON)]
    if value is None or isinstance(value, bool) or (isinstance(value, (int, float)) and is_carried(value)):
        return []
    return [Problem(field, f"of type {type(value).__name__}", "must be what JSON has", words.JSON)]


def is_plainly_right(value: object, schema: Schema) -> bool:
    """Whether a value is what a schema of a listed or patterned string asks for, without words for what is wrong."""
    if type(value) is not str:
        return False
    return value in schema["enum"] if "enum" in schema else bool(_pattern(schema["pattern"]).search(value))


def _problems(value: Any, schema: Schema, field: str) -> Iterator[Problem]:
    if "type" in schema and not _is(value, schema["type"]):
        rule = f"must be {schema.get('x-rule') or words.TYPES[schema['type']]}"
        yield _problem(field, value, schema, rule, words.TYPE)
        return
    yield from _value_problems(value, schema, field)
    if isinstance(value, str):
        yield from _string_problems(value, schema, field)
    elif isinstance(value, (list, tuple)):
        yield from _list_problems(value, schema, field)
    elif isinstance(value, dict):
        yield from _object_problems(value, schema, field)
    elif _is(value, "number"):
        yield from _number_problems(value, schema, field)
    yield from _combined_problems(value, schema, field)


def _value_problems(value: Any, schema: Schema, field: str) -> Iterator[Problem]:
    if "enum" in schema and not any(_same(value, listed) for listed in schema["enum"]):
        yield _problem(field, value, schema, f"must be {words.listed(schema)}", words.LISTED_VALUE)
    if "const" in schema and not _same(value, schema["const"]):
        yield _problem(field, value, schema, f"must be {schema['const']}", words.LISTED_VALUE)


def _number_problems(value: float, schema: Schema, field: str) -> Iterator[Problem]:
    low, high = schema.get("minimum"), schema.get("maximum")
    if not is_carried(value) and isinstance(value, int):
        yield Problem(field, f"a number of {value.bit_length()} bits", f"must fit into {_MOST_BITS} bits", words.JSON)
        return
    # Written so that a NaN, which is neither above nor below anything, is outside.
    if (low is not None and not value >= low) or (high is not None and not value <= high):
        yield _problem(field, value, schema, f"must be {words.range_of(schema)}", words.RANGE)


def _string_problems(value: str, schema: Schema, field: str) -> Iterator[Problem]:
    low, high = schema.get("minLength", 0), schema.get("maxLength")
    if not _is_text(value):
        yield _problem(field, value, schema, _NO_TEXT, words.JSON)
        return
    # Limits of the service are in bytes; only an ASCII string is as long as its bytes.
    size = len(value) if value.isascii() else len(value.encode("utf-8"))
    if size < low:
        yield _problem(field, value, schema, "must not be empty", words.LENGTH)
    elif high is not None and size > high:
        yield _problem(field, value, schema, f"must be {words.length_of(schema)}; this is {size}", words.LENGTH)
    elif "pattern" in schema and not _pattern(schema["pattern"]).search(value):
        rule = f"must be {schema['x-rule']}{_nearest(value, schema)}"
        yield _problem(field, value, schema, rule, words.named(schema, words.PATTERN))


def _nearest(value: str, schema: Schema) -> str:
    """What to send instead of a string that does not fit; nothing where nothing of it would be left."""
    if "x-nearest-without" not in schema:
        return ""
    # A path that stands for one folder means several.
    parts = [re.sub(schema["x-nearest-without"], "", part) for part in value.split("/")]
    fitting = [shown(part) for part in parts if _pattern(schema["pattern"]).search(part)]
    if not fitting:
        return ""
    return f"; the nearest is {', '.join(fitting)}{', an entry each' if fitting[1:] else ''}"


@cache
def _pattern(pattern: str) -> re.Pattern[str]:
    # In JSON Schema `$` is the end; in Python it also stands before a last newline.
    return re.compile(re.sub(r"\$$", r"\\Z", pattern))


def _list_problems(value: Any, schema: Schema, field: str) -> Iterator[Problem]:
    low, high = schema.get("minItems", 0), schema.get("maxItems")
    if len(value) < low:
        yield _problem(field, value, schema, "must not be empty", words.COUNT)
    if high is not None and len(value) > high:
        yield Problem(field, f"a list of {len(value)}", f"must have {words.count_of(schema)}", words.COUNT)
    if schema.get("uniqueItems") and any(item in value[:place] for place, item in enumerate(value)):
        yield _problem(field, value, schema, "must not name anything twice", words.UNIQUE)
    for place, item in enumerate(value):
        yield from check(item, schema.get("items", {}), f"{field}[{place}]")
    if "contains" in schema:
        found = sum(_holds(item, schema["contains"]) for item in value)
        if not 1 <= found <= schema.get("maxContains", found):
            yield _problem(field, value, schema, f"must hold {schema['contains']}", words.CONTENTS)
    if (limit := schema.get("x-max-joined-length")) and all(isinstance(item, str) for item in value):
        size = len("/".join(value)) + 1
        if size > limit:
            rule = f"must be {words.joined_length_of(schema)}; this is {size}"
            yield _problem(field, value, schema, rule, words.named(schema, words.LENGTH))


def _object_problems(value: dict[str, Any], schema: Schema, field: str) -> Iterator[Problem]:
    known = schema.get("properties", {})
    for name in schema.get("required", []):
        if name not in value:
            yield Problem(_join(field, name), "missing", "is required", words.REQUIRED)
    for name, needed in schema.get("dependentRequired", {}).items():
        for other in needed:
            if name in value and other not in value:
                yield Problem(_join(field, other), "missing", f"is required with {name}", words.REQUIRED)
    is_closed = schema.get("additionalProperties") is False
    # A rule across fields speaks of one or two of many: what it does not speak of is not walked.
    for name in value if is_closed else [name for name in known if name in value]:
        if known.get(name) is False or name not in known:
            taken = ", ".join(sorted(known))
            rule = f"is not taken here; {field or 'the request'} takes {taken}"
            yield Problem(_join(field, name), "given", rule, words.UNKNOWN_FIELD)
        else:
            yield from check(value[name], known[name], _join(field, name))
    for keyword, combine, rule_name in (("x-max-product", math.prod, words.PRODUCT), ("x-max-sum", sum, words.SUM)):
        if limit := schema.get(keyword):
            # What is left out counts with what the service will take for it.
            numbers: list[Any] = [value.get(name, known.get(name, {}).get("x-default")) for name in limit["fields"]]
            are_numbers = all(_is(number, "number") and is_carried(number) for number in numbers)
            if are_numbers and combine(numbers) > limit["maximum"] + _ROUNDING:
                told = f" {words.SIGNS[keyword]} ".join(map(str, numbers))
                place = _join(field, limit["fields"][0])
                yield Problem(place, told, words.combined(keyword, limit), words.named(schema, rule_name))


def _combined_problems(value: Any, schema: Schema, field: str) -> Iterator[Problem]:
    for member in schema.get("allOf", []):
        found = check(value, member, field)
        if found and "description" in member:
            # A rule across fields: its own words say more than the keywords it is made of.
            name = words.named(member, words.FORBIDDEN)
            involved = _involved(value, schema, member)
            told = ", ".join(f"{each}={text}" for each, text in involved.items()) or "given"
            told = told if isinstance(value, dict) else _show(value, schema)
            # At the outermost level there is no name but those of the fields themselves.
            yield Problem(field or next(iter(involved), ""), told, member["description"], name)
        else:
            yield from found
    if "anyOf" in schema:
        # Of several forms the one that was meant: by its name, or else the one that the value comes closest to.
        named = [form for form in map(resolve, schema["anyOf"]) if _is_named(value, form)]
        yield from min((check(value, form, field) for form in named or schema["anyOf"]), key=len)
    if "not" in schema and _holds(value, schema["not"]):
        yield _problem(field, value, schema, f"must not be {schema['not']}", words.FORBIDDEN)
    if "if" in schema:
        branch = "then" if _holds(value, schema["if"]) else "else"
        if branch in schema:
            yield from check(value, schema[branch], field)


def _is_named(value: Any, form: Schema) -> bool:
    names = {name: item["const"] for name, item in form.get("properties", {}).items() if "const" in item}
    return bool(names) and isinstance(value, dict) and all(value.get(name) == const for name, const in names.items())


def _involved(value: Any, schema: Schema, member: Schema) -> dict[str, str]:
    """The values of the fields that a rule speaks of."""
    if not isinstance(value, dict):
        return {}
    parts = [member, *(member[part] for part in ("not", "if", "then", "else") if part in member)]
    names = [name for part in parts for name in [*part.get("required", []), *part.get("properties", {})]]
    names += member.get("x-max-sum", {}).get("fields", [])
    known = schema.get("properties", {})
    return {name: _show(value[name], resolve(known.get(name, {}))) for name in names if name in value}


def _problem(field: str, value: Any, schema: Schema, rule: str, name: str) -> Problem:
    return Problem(field, _show(value, schema), rule, name)


def _show(value: Any, schema: Schema) -> str:
    if schema.get("format") == "password":
        return "***"
    if is_url(schema):
        # Who asks, tickets and signatures stand in addresses.
        return shown(url_without_secrets(value)) if isinstance(value, str) else "***"
    if isinstance(value, dict):
        return "given" if value else "empty"
    if schema.get("type") in ("object", "array") and not isinstance(value, (list, tuple)):
        # Something else in the place of a whole configuration may be, or hold, what must not be seen.
        return f"of type {type(value).__name__}"
    return shown(redacted(getattr(value, "value", value)))


def _join(field: str, name: object) -> str:
    name = name if isinstance(name, str) else shown(name)
    return f"{field}.{name}" if field else name


def _is(value: Any, kind: str) -> bool:
    # True and False are ints to Python, and are not to JSON.
    return isinstance(value, _TYPES[kind]) and (kind == "boolean" or not isinstance(value, bool))


def is_carried(value: float) -> bool:
    """Whether JSON, and the service's own numbers, can hold it."""
    return value.bit_length() <= _MOST_BITS if isinstance(value, int) else math.isfinite(value)


def _is_text(value: str) -> bool:
    if value.isascii():
        return True
    try:
        value.encode("utf-8")
    except UnicodeEncodeError:
        return False
    return True


def _same(value: Any, listed: Any) -> bool:
    return bool(value == listed) and isinstance(value, bool) == isinstance(listed, bool)
