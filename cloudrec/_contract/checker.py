"""Checker of requests: whether a value keeps a schema of the contract, and in words what is wrong.

This is the part of JSON Schema that the contract's requests use, and the contract's own three keywords; a test holds
it against the `jsonschema` package and fails on a keyword that is not known here. It exists because the messages of a
general validator speak of schemas, and people need to read of fields, values and rules. What the rules are called, and
what they say of a single field, is in `_words`.
"""

import math
import re
from collections.abc import Iterator, Sequence
from functools import cache
from typing import Any, NamedTuple

# Not `from . import`: type checkers take that for an import of the package, and the package imports this.
import cloudrec._contract.rule_texts as words

from ..errors import Problem
from .compiled import Compiler
from .document import Schema, is_url, spots
from .redact import redacted, shown, url_without_secrets
from .wire import Meant

# Keywords that say something and check nothing.
ANNOTATIONS = frozenset(
    {
        "default", "description", "examples", "format", "x-default", "x-enum-varnames", "x-enum-descriptions",
        "x-name", "x-rule", "x-regions",
        "x-nearest-without", "x-service", "x-withdrawn", "x-withdrawn-values", "x-region-aliases", "x-no-region",
        "$comment",
    }
)  # fmt: skip
ASSERTIONS = frozenset(
    {
        "type", "enum", "const", "minimum", "maximum", "minLength", "maxLength", "pattern", "minItems", "maxItems",
        "uniqueItems", "items", "contains", "maxContains", "properties", "required", "additionalProperties",
        "dependentRequired", "allOf", "anyOf", "not", "if", "then", "else", "$ref",
        "x-max-product", "x-max-sum", "x-max-joined-length", "x-named-once", "x-apart",
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
ALLOWS, IGNORES = "allows", "ignores"
"""What `x-service` says of a rule about what may be meant, and about what has no effect."""
_DEEPEST = 50
_MOST_BITS = 64
# Sums of fractions such as 0.7 + 0.3 land a little beside 1.
_ROUNDING = 1e-9


def check(value: Any, schema: Schema, field: str = "") -> list[Problem]:
    """All that is wrong with the value; nothing, if the list is empty."""
    return [] if is_right(value, schema) else _problems(value, schema, field)


def is_right(value: Any, schema: Schema) -> bool:
    """Whether nothing is wrong with a value, without words for what is."""
    return _compiler().is_right(value, schema)


@cache
def _compiler() -> Compiler:
    def is_right_by_its_problems(value: Any, schema: Schema) -> bool:
        return not _problems(value, schema, "")

    return Compiler(is_right_by_its_problems, _pattern, ANNOTATIONS, (ALLOWS, IGNORES))


class Across(Problem):
    """A broken rule between fields."""

    parts: tuple[str, ...]
    """Those of the fields that were given."""


class Note(NamedTuple):
    """Something of a request that the service takes, and that is worth knowing all the same."""

    field: str
    words: str
    is_withdrawn: bool
    """Whether the provider has withdrawn it; otherwise it has no effect, or is mostly a mistake."""


def notes(value: Any, schema: Schema, field: str = "") -> Iterator[Note]:
    """What of a value is sent and has no effect, may not be meant, or was withdrawn.

    Of a `startParameter` it is told at the start.
    """
    reason = schema.get("x-withdrawn")
    if reason is not None and value in schema.get("x-withdrawn-values", [value]):
        yield Note(field, reason, is_withdrawn=True)
    members, fields = _telling(schema)
    if members and isinstance(value, (dict, list)) and not isinstance(value, Meant):
        for member in members:
            if not is_right(value, member):
                yield Note(field, member["description"], is_withdrawn=False)
    if isinstance(value, dict):
        for name, inner in fields:
            if name in value:
                yield from notes(value[name], inner, _join(field, name))


_Telling = tuple[list[Schema], list[tuple[str, Schema]]]
# By the identity of schemas, which are kept here, too.
_tellings: dict[int, tuple[Schema, _Telling]] = {}


def _telling(schema: Schema) -> _Telling:
    """What of a schema there may be a note of: its rules, and its fields."""
    known = _tellings.get(id(schema))
    if known is None:
        members = [member for member in schema.get("allOf", ()) if member.get("x-service") in (ALLOWS, IGNORES)]
        parts = schema.get("properties", {}).items()
        fields = [(name, part) for name, part in parts if name != "startParameter" and part and _tells(part)]
        known = _tellings[id(schema)] = schema, (members, fields)
    return known[1]


def _tells(schema: Schema) -> bool:
    return "x-withdrawn" in schema or any(_telling(schema))


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


_OF_OBJECTS = {"required", "dependentRequired", "properties", "additionalProperties", "x-max-product", "x-max-sum"}


def _problems(value: Any, schema: Schema, field: str) -> list[Problem]:
    found: list[Problem] = []
    kind = schema.get("type")
    if kind is not None and not _is(value, kind):
        rule = f"must be {schema.get('x-rule') or words.TYPES[kind]}"
        return [_problem(field, value, schema, rule, words.TYPE)]
    if "enum" in schema or "const" in schema:
        found += _value_problems(value, schema, field)
    if isinstance(value, str):
        found += _string_problems(value, schema, field)
    elif isinstance(value, dict):
        if not _OF_OBJECTS.isdisjoint(schema):
            found += _object_problems(value, schema, field)
    elif isinstance(value, (list, tuple)):
        found += _list_problems(value, schema, field)
    elif _is(value, "number"):
        found += _number_problems(value, schema, field)
    if "allOf" in schema or "if" in schema or "anyOf" in schema or "not" in schema:
        found += _combined_problems(value, schema, field)
    return found


def _value_problems(value: Any, schema: Schema, field: str) -> list[Problem]:
    found = []
    if "enum" in schema and not any(_same(value, listed) for listed in schema["enum"]):
        found.append(_problem(field, value, schema, f"must be {words.listed(schema)}", words.LISTED_VALUE))
    if "const" in schema and not _same(value, schema["const"]):
        found.append(_problem(field, value, schema, f"must be {schema['const']}", words.LISTED_VALUE))
    return found


def _number_problems(value: float, schema: Schema, field: str) -> list[Problem]:
    low, high = schema.get("minimum"), schema.get("maximum")
    if isinstance(value, int) and not is_carried(value):
        told = f"a number of {value.bit_length()} bits"
        return [Problem(field, told, f"must fit into {_MOST_BITS} bits", words.JSON)]
    # Written so that a NaN, which is neither above nor below anything, is outside.
    if (low is not None and not value >= low) or (high is not None and not value <= high):
        return [_problem(field, value, schema, f"must be {words.range_of(schema)}", words.RANGE)]
    return []


def _string_problems(value: str, schema: Schema, field: str) -> list[Problem]:
    low, high = schema.get("minLength", 0), schema.get("maxLength")
    if not _is_text(value):
        return [_problem(field, value, schema, _NO_TEXT, words.JSON)]
    # Limits of the service are in bytes; only an ASCII string is as long as its bytes.
    size = len(value) if value.isascii() else len(value.encode("utf-8"))
    if size < low:
        return [_problem(field, value, schema, "must not be empty", words.LENGTH)]
    if high is not None and size > high:
        rule = f"must be {words.length_of(schema)}; this is {size}"
        return [_problem(field, value, schema, rule, words.LENGTH)]
    if "pattern" in schema and not _pattern(schema["pattern"]).search(value):
        rule = f"must be {schema['x-rule']}{_nearest(value, schema)}"
        return [_problem(field, value, schema, rule, words.named(schema, words.PATTERN))]
    return []


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


def _list_problems(value: Any, schema: Schema, field: str) -> list[Problem]:
    found = []
    low, high = schema.get("minItems", 0), schema.get("maxItems")
    if len(value) < low:
        found.append(_problem(field, value, schema, "must not be empty", words.COUNT))
    if high is not None and len(value) > high:
        rule = f"must have {words.count_of(schema)}"
        found.append(Problem(field, f"a list of {len(value)}", rule, words.COUNT))
    if schema.get("uniqueItems") and any(item in value[:place] for place, item in enumerate(value)):
        found.append(_problem(field, value, schema, "must not name anything twice", words.UNIQUE))
    if once := schema.get("x-named-once"):
        found += _named_twice(value, once, schema, field)
    if (edges := schema.get("x-apart")) and lying_over(value, edges):
        found.append(_problem(field, value, schema, "must not lie over each other", words.FORBIDDEN))
    if "items" in schema:
        for place, item in enumerate(value):
            found += check(item, schema["items"], f"{field}[{place}]")
    if "contains" in schema:
        times = sum(is_right(item, schema["contains"]) for item in value)
        if not 1 <= times <= schema.get("maxContains", times):
            found.append(_problem(field, value, schema, f"must hold {schema['contains']}", words.CONTENTS))
    if (limit := schema.get("x-max-joined-length")) and all(isinstance(item, str) for item in value):
        size = len("/".join(value)) + 1
        if size > limit:
            rule = f"must be {words.joined_length_of(schema)}; this is {size}"
            found.append(_problem(field, value, schema, rule, words.named(schema, words.LENGTH)))
    return found


def _named_twice(items: Sequence[Any], once: Any, schema: Schema, field: str) -> list[Problem]:
    names = [item if once is True else item.get(once) if isinstance(item, dict) else None for item in items]
    part = "" if once is True else f".{once}"
    rule = words.named(schema, words.UNIQUE)
    return [
        Problem(f"{field}[{place}]{part}", shown(name), "must not be named twice", rule)
        for place, name in enumerate(names)
        if name is not None and name in names[:place]
    ]


# Half of the last of six decimals, and a bit: what lies closer is a matter of rounding.
_HAIR = 1.5e-6


def lying_over(items: Sequence[Any], edges: Sequence[str]) -> dict[int, int]:
    """Rectangles that lie over others and do not only touch them, by their places, each with the first one beneath.

    `edges` are the fields of left, top, width and height. What is no rectangle lies over nothing.
    """
    places: dict[int, list[Any]] = {}
    found: dict[int, int] = {}
    for upper, item in enumerate(items):
        here: list[Any] = [item.get(edge) for edge in edges] if isinstance(item, dict) else []
        if not here or not all(_is(number, "number") and is_carried(number) for number in here):
            continue
        beneath = (number for number, there in places.items() if _share(here, there))
        if (lower := next(beneath, None)) is not None:
            found[upper] = lower
        places[upper] = here
    return found


def _share(one: Sequence[Any], other: Sequence[Any]) -> bool:
    """Whether two rectangles have an area in common, and not an edge alone."""
    return all(
        min(one[axis] + one[axis + 2], other[axis] + other[axis + 2]) - max(one[axis], other[axis]) > _HAIR
        for axis in (0, 1)
    )


def _object_problems(value: dict[str, Any], schema: Schema, field: str) -> list[Problem]:
    found = [
        Problem(_join(field, name), "missing", "is required", words.REQUIRED)
        for name in schema.get("required", ())
        if name not in value
    ]
    if "dependentRequired" in schema:
        found += [
            Problem(_join(field, other), "missing", f"is required with {name}", words.REQUIRED)
            for name, needed in schema["dependentRequired"].items()
            for other in needed
            if name in value and other not in value
        ]
    known = schema.get("properties", _NO_FIELDS)
    # A rule across fields speaks of one or two of many: what it does not speak of is not walked.
    for name in value if schema.get("additionalProperties") is False else known:
        if name not in value:
            continue
        inner: Any = known.get(name, False)
        if inner is False:
            taken = ", ".join(sorted(known))
            rule = f"{_elsewhere(name, field)}; {field or 'the request'} takes {taken}"
            found.append(Problem(_join(field, name), "given", rule, words.UNKNOWN_FIELD))
        else:
            found += _problems(value[name], inner, _join(field, name))
    for keyword in _COMBINATIONS:
        if keyword in schema:
            found += _product_problems(value, schema, field, keyword)
    return found


_NO_FIELDS: Schema = {}
_COMBINATIONS: dict[str, tuple[Any, str]] = {
    "x-max-product": (math.prod, words.PRODUCT),
    "x-max-sum": (sum, words.SUM),
}


def _product_problems(value: dict[str, Any], schema: Schema, field: str, keyword: str) -> list[Problem]:
    combine, rule_name = _COMBINATIONS[keyword]
    limit, known = schema[keyword], schema.get("properties", _NO_FIELDS)
    # What is left out counts with what the service will take for it.
    numbers: list[Any] = [value.get(name, known.get(name, {}).get("x-default")) for name in limit["fields"]]
    are_numbers = all(_is(number, "number") and is_carried(number) for number in numbers)
    if not are_numbers or combine(numbers) <= limit["maximum"] + _ROUNDING:
        return []
    told = f" {words.SIGNS[keyword]} ".join(map(str, numbers))
    place = _join(field, limit["fields"][0])
    return [Problem(place, told, words.combined(keyword, limit), words.named(schema, rule_name))]


def _elsewhere(name: object, field: str) -> str:
    """That a field is not taken here, and where it is, if it is anywhere."""
    found = spots().get(name, []) if isinstance(name, str) else []
    here = re.sub(r"\[\d+\]", "[]", field).removeprefix("startParameter").lstrip(".")
    if modes := [
        mode for mode in dict.fromkeys(call.partition(" ")[2] for call, inside in found if inside == here) if mode
    ]:
        return f"is taken in {' and '.join(modes)} mode only"
    places = dict.fromkeys(inside or "clientRequest" for _, inside in found if inside != here)
    return f"is not taken here, it belongs into {' or '.join(places)}" if places else "is not taken here"


def _combined_problems(value: Any, schema: Schema, field: str) -> list[Problem]:
    found: list[Problem] = []
    for member in schema.get("allOf", ()):
        if member.get("x-service") in (ALLOWS, IGNORES):
            continue
        broken = _problems(value, member, field)
        if broken and "description" in member:
            # A rule across fields: its own words say more than the keywords it is made of.
            name = words.named(member, words.FORBIDDEN)
            involved = _involved(value, schema, member)
            told = ", ".join(f"{each}={text}" for each, text in involved.items()) or "given"
            told = told if isinstance(value, dict) else _show(value, schema)
            # At the outermost level there is no name but those of the fields themselves.
            problem = Across(field or next(iter(involved), ""), told, member["description"], name)
            problem.parts = tuple(_join(field, each) for each in involved)
            found.append(problem)
        else:
            found += broken
    if "anyOf" in schema:
        # Of several forms the one that was meant: by its name, or else the one that the value comes closest to.
        named = [form for form in schema["anyOf"] if _is_named(value, form)]
        nearest: list[Problem] = min((check(value, form, field) for form in named or schema["anyOf"]), key=len)
        found += nearest
    if "not" in schema and is_right(value, schema["not"]):
        found.append(_problem(field, value, schema, f"must not be {schema['not']}", words.FORBIDDEN))
    if "if" in schema:
        branch = "then" if is_right(value, schema["if"]) else "else"
        if branch in schema:
            found += _problems(value, schema[branch], field)
    return found


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
    return {name: _show(value[name], known.get(name, {})) for name in names if name in value}


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
