"""Texts of rules: what each rule is called, and what it says.

A rule of a field is a keyword of the contract, which may give it a name (``x-name``) and words (``x-rule``) of its own;
what values and calls check beside the contract is in `OF_VALUES`.
"""

from collections.abc import Iterator
from typing import Any, NamedTuple

from .document import Schema

# Names of the rules that the contract does not name itself. People and programs look rules up by them, so they stay.
TYPE = "type"
LISTED_VALUE = "listed-value"
RANGE = "range"
LENGTH = "length"
PATTERN = "pattern"
COUNT = "count"
UNIQUE = "unique"
CONTENTS = "contents"
REQUIRED = "required"
UNKNOWN_FIELD = "unknown-field"
FORBIDDEN = "forbidden"
JSON = "json"
PRODUCT = "product"
SUM = "sum"
# Those of rules of the contract that values tell of, too.
USER_ONCE = "user-once"
OVERLAP = "overlap"
MIXED_SOUND = "mixed-sound"
SECRET_WITHOUT_MODE = "secret-without-mode"
# Those of the rules that values and calls have beside the contract.
MODE_OF_CALL = "mode-of-call"
GIVEN_TWICE = "given-twice"
UNKNOWN_IN_FORCE = "unknown-in-force"
NEITHER_MEDIUM = "neither-medium"
MEDIUM_OFF = "medium-off"
VISIBLE = "visible"
PRESET_OR_SIZE = "preset-or-size"
IN_THE_FUTURE = "in-the-future"

NAMES = frozenset(
    {
        TYPE, LISTED_VALUE, RANGE, LENGTH, PATTERN, COUNT, UNIQUE, CONTENTS, REQUIRED, UNKNOWN_FIELD, FORBIDDEN, JSON,
        PRODUCT, SUM,
    }
)  # fmt: skip

TYPES = {
    "string": "a string",
    "integer": "a whole number",
    "number": "a number",
    "boolean": "true or false",
    "array": "a list",
    "object": "an object",
}
SIGNS = {"x-max-product": "×", "x-max-sum": "+"}
# What is checked beside the contract and is more than the kind, the range or the like of one argument.
OF_VALUES = {
    JSON: (
        "what is sent must be what JSON can carry: strings for names, text that UTF-8 has bytes for, numbers that have "
        "an end and fit into 64 bits, and no part within itself or too deep"
    ),
    MODE_OF_CALL: "a call is for recordings of the modes that have it, as updateLayout is for mix recordings alone",
    GIVEN_TWICE: "what an argument of its own says is not said by a whole config beside it, too",
    UNKNOWN_IN_FORCE: (
        "of a recording that another process started, an update says all parts, since what is in force for those that "
        "it leaves out is not known here"
    ),
    NEITHER_MEDIUM: "audio and video are not both nobody(), since a recording takes one of them at least",
    MEDIUM_OFF: "a medium that the streamTypes of the recording leave out is nobody()",
    VISIBLE: "no region of a ready-made layout is so small that it is rounded to 0",
    PRESET_OR_SIZE: "a Transcoding takes a preset, which portrait turns, or else width and height",
    IN_THE_FUTURE: "the end of short-lived credentials is in the future",
}


class Rule(NamedTuple):
    """One rule of a field."""

    name: str
    words: str
    """What it says; of a single field, to be read after "must"."""


def named(schema: Schema, name: str) -> str:
    """The contract's name for the rule of a schema that has words of its own, or else this one."""
    found: str = schema.get("x-name", name)
    return found


def rules_of(schema: Schema) -> Iterator[Rule]:
    """The rules of one field, without those of what is in it."""
    if "type" in schema:
        yield Rule(TYPE, f"be {TYPES[schema['type']]}")
    if "enum" in schema:
        yield Rule(LISTED_VALUE, f"be {listed(schema)}")
    if "const" in schema:
        yield Rule(LISTED_VALUE, f"be {schema['const']}")
    if "minimum" in schema or "maximum" in schema:
        yield Rule(RANGE, f"be {range_of(schema)}")
    if "pattern" in schema:
        yield Rule(named(schema, PATTERN), f"be {schema['x-rule']}")
    yield from _sizes(schema)


def rules_across(schema: Schema) -> Iterator[Rule]:
    """The rules between the fields of one object, each a sentence."""
    for keyword, name in (("x-max-product", PRODUCT), ("x-max-sum", SUM)):
        if limit := schema.get(keyword):
            yield Rule(named(schema, name), combined(keyword, limit))
    for member in schema.get("allOf", []):
        yield Rule(named(member, FORBIDDEN), member["description"])


def _sizes(schema: Schema) -> Iterator[Rule]:
    if schema.get("minLength") or schema.get("minItems"):
        yield Rule(LENGTH if "minLength" in schema else COUNT, "not be empty")
    if "maxLength" in schema:
        yield Rule(LENGTH, f"be {length_of(schema)}")
    if "maxItems" in schema:
        yield Rule(COUNT, f"have {count_of(schema)}")
    if schema.get("uniqueItems"):
        yield Rule(UNIQUE, "not name anything twice")
    if "x-named-once" in schema:
        yield Rule(named(schema, UNIQUE), "not name a user twice")
    if "x-max-joined-length" in schema:
        yield Rule(named(schema, LENGTH), f"be {joined_length_of(schema)}")


def listed(schema: Schema) -> str:
    """The values that may be given, numbers with their names."""
    names = schema.get("x-enum-varnames", [""] * len(schema["enum"]))
    told = [
        f"{item} ({name})" if name not in ("", item) else str(item)
        for item, name in zip(schema["enum"], names, strict=True)
    ]
    return f"{', '.join(told[:-1])} or {told[-1]}" if told[1:] else told[0]


def range_of(schema: Schema) -> str:
    """From where to where."""
    low, high = schema.get("minimum"), schema.get("maximum")
    return f"from {low} to {high}" if high is not None else f"at least {low}"


def length_of(schema: Schema) -> str:
    """How long a string may be."""
    return f"at most {schema['maxLength']} bytes long"


def joined_length_of(schema: Schema) -> str:
    """How long a list of strings may be, with slashes between them."""
    return f"at most {schema['x-max-joined-length']} characters in all, slashes counted"


def count_of(schema: Schema) -> str:
    """How many entries a list may have."""
    most = schema["maxItems"]
    return f"at most {most} {'entry' if most == 1 else 'entries'}"


def combined(keyword: str, limit: dict[str, Any]) -> str:
    """What fields may come to together."""
    return f"{f' {SIGNS[keyword]} '.join(limit['fields'])} must be at most {limit['maximum']}"
