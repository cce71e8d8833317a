"""What a change of an OpenAPI document means for those who call the API that it describes.

Requests and answers are judged from opposite sides: a request that takes less breaks callers, one that takes more does
not; an answer that may hold more than before breaks those who read it, one that holds less of what was possible does
not. What is listed in an answer is open in the contract, so that a value more breaks nobody.

Levels are those of oasdiff's published checks, ERR and WARN of which break, with the exceptions that
tests/following/test_compare.py lists.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Any, NamedTuple

from .document import Json, Operation, examples_of, name_of, operations, resolved, told

BREAKS, WIDENS, WORDS = LEVELS = ("breaks", "widens", "words")
REQUEST, RESPONSE, NEITHER = "request", "response", ""


class Change(NamedTuple):
    """One thing that is different, and what it means."""

    level: str
    """`breaks`, `widens` or `words`."""
    kind: str
    side: str
    """`request`, `response`, or nothing where it is of neither."""
    at: str
    """The component and the field in it, or the operation."""
    text: str
    calls: tuple[str, ...]
    """The operations that it is of."""


def compare(old: Json, new: Json) -> list[Change]:
    """All that is different, what breaks first."""
    comparison = _Comparison(old, new)
    comparison.whole()
    found = [Change(level, *key, tuple(calls)) for key, (level, calls) in comparison.found.items()]
    return sorted(found, key=lambda change: LEVELS.index(change.level))


# Keywords that bound a value from below and from above.
_LOWER = ("minimum", "exclusiveMinimum", "minLength", "minItems", "minProperties", "minContains")
_UPPER = (
    *("maximum", "exclusiveMaximum", "maxLength", "maxItems", "maxProperties", "maxContains"),
    *("x-max-product", "x-max-sum", "x-max-joined-length"),
)
# What a value must be beside its type: with it fewer values are allowed, without it more.
_CONSTRAINTS = (
    *("multipleOf", "uniqueItems", "not", "if", "then", "else", "contains", "dependentRequired", "dependentSchemas"),
    *(
        "x-named-once",
        "propertyNames",
        "patternProperties",
        "unevaluatedItems",
        "unevaluatedProperties",
        "contentSchema",
    ),
    *("contentMediaType", "contentEncoding"),
)
_WORDS = re.compile(
    r"(x-(?!max-|named-|default).*|title|description|summary|examples?|externalDocs|deprecated|readOnly|writeOnly|discriminator|xml)"
)


class _Comparison:
    def __init__(self, old: Json, new: Json) -> None:
        self._old, self._new = old, new
        self._call = ""
        self.found: dict[tuple[str, str, str, str], tuple[str, list[str]]] = {}

    def _tell(self, level: str, kind: str, side: str, at: str, text: str) -> None:
        _, calls = self.found.setdefault((kind, side, at, text), (level, []))
        if self._call and self._call not in calls:
            calls.append(self._call)

    # --------------------------------------------------------------------------------------- the whole document

    def whole(self) -> None:
        old, new = operations(self._old), operations(self._new)
        self._existence("endpoint", NEITHER, {key: _title(one) for key, one in old.items()},
                        {key: _title(one) for key, one in new.items()})  # fmt: skip
        for key in _in_both(old, new):
            self._operation(old[key], new[key])
        self._webhooks(self._old.get("webhooks", {}), self._new.get("webhooks", {}))
        servers = [
            {server["url"]: server["url"] for server in one.get("servers", [])} for one in (self._old, self._new)
        ]
        self._call = ""
        self._existence("server", NEITHER, *servers)
        for what in ("info", "tags", "openapi", "externalDocs"):
            if self._old.get(what) != self._new.get(what):
                self._tell(WORDS, f"{what}-changed", NEITHER, what, "says something else")

    def _existence(self, what: str, side: str, old: Mapping[str, str], new: Mapping[str, str]) -> None:
        for key in _only_in(old, new):
            self._tell(BREAKS, f"{what}-removed", side, old[key], "is gone")
        for key in _only_in(new, old):
            self._tell(WIDENS, f"{what}-added", side, new[key], "is new")

    def _webhooks(self, old: Json, new: Json) -> None:
        self._call = ""
        self._existence("webhook", RESPONSE, {name: name for name in old}, {name: name for name in new})
        for name in _in_both(old, new):
            self._call = name
            for method in _in_both(old[name], new[name]):
                # What the service sends, and what it takes for an answer.
                bodies = [one[name][method].get("requestBody") for one in (old, new)]
                self._contents(name, RESPONSE, *bodies)

    def _operation(self, old: Operation, new: Operation) -> None:
        title = self._call = old.node.get("operationId", old.key)
        if old.path != new.path:
            self._tell(WORDS, "path-parameter-renamed", NEITHER, title, f"path is {new.path}, was {old.path}")
        for what in ("operationId", "tags", "summary", "description", "deprecated"):
            if old.node.get(what) != new.node.get(what):
                self._tell(WORDS, f"{what}-changed", NEITHER, title, f"{what} says something else")
        secured = [
            one.node.get("security", document.get("security", []))
            for one, document in ((old, self._old), (new, self._new))
        ]
        if secured[0] != secured[1]:
            # No requirement at all is met by any call.
            level = WIDENS if not secured[1] else BREAKS
            self._tell(
                level, "security-changed", REQUEST, title, f"asks for {told(secured[1])}, was {told(secured[0])}"
            )
        self._parameters(title, old, new)
        self._request(title, old.node.get("requestBody"), new.node.get("requestBody"))
        self._responses(title, old.node.get("responses", {}), new.node.get("responses", {}))

    def _parameters(self, title: str, old: Operation, new: Operation) -> None:
        # A path parameter is told by its place; what it is called is of the document alone.
        before, after = _parameters(old), _parameters(new)
        for key in _in_either(before, after):
            at = f"{title} {(before.get(key) or after[key])['name']}"
            if key not in after:
                self._tell(BREAKS, "parameter-removed", REQUEST, at, "is gone")
            elif key not in before:
                needed = after[key].get("required") or key[0] == "path"
                self._tell(
                    BREAKS if needed else WIDENS, "parameter-added", REQUEST, at,
                    "is new and required" if needed else "is new",
                )  # fmt: skip
            else:
                self._required(REQUEST, at, bool(before[key].get("required")), bool(after[key].get("required")))
                self._schema(at, REQUEST, before[key].get("schema"), after[key].get("schema"))
                self._words(at, REQUEST, before[key], after[key])

    def _request(self, title: str, old: Json, new: Json) -> None:
        if (old is None) != (new is None):
            needed = new is not None and resolved(self._new, new).get("required")
            kind, level = ("removed", BREAKS) if new is None else ("added", BREAKS if needed else WIDENS)
            self._tell(level, f"request-body-{kind}", REQUEST, title, "is gone" if new is None else "is new")
        elif old is not None:
            both = resolved(self._old, old), resolved(self._new, new)
            self._required(REQUEST, f"{title} body", *(bool(one.get("required")) for one in both))
            self._contents(title, REQUEST, old, new)

    def _responses(self, title: str, old: Json, new: Json) -> None:
        for status in dict.fromkeys([*map(str, old), *map(str, new)]):
            at = f"{title} {status}"
            before, after = _by_status(old, status), _by_status(new, status)
            if before is None or after is None:
                is_success = status.startswith("2")
                if after is None:
                    self._tell(BREAKS if is_success else WIDENS, "status-removed", RESPONSE, at, "is gone")
                else:
                    self._tell(WIDENS, "status-added", RESPONSE, at, "is new")
            else:
                self._headers(at, resolved(self._old, before).get("headers", {}),
                              resolved(self._new, after).get("headers", {}))  # fmt: skip
                self._contents(at, RESPONSE, before, after)
            if status != "200":
                self._failures(title, status, before or {}, after or {})

    def _headers(self, at: str, old: Json, new: Json) -> None:
        for name in _in_either(old, new):
            if name not in new:
                self._tell(BREAKS, "header-removed", RESPONSE, f"{at} {name}", "is gone")
            elif name not in old:
                self._tell(WIDENS, "header-added", RESPONSE, f"{at} {name}", "is new")
            else:
                before, after = resolved(self._old, old[name]), resolved(self._new, new[name])
                self._required(RESPONSE, f"{at} {name}", bool(before.get("required")), bool(after.get("required")))
                self._schema(f"{at} {name}", RESPONSE, before.get("schema"), after.get("schema"))

    def _failures(self, title: str, status: str, old: Json, new: Json) -> None:
        before, after = (
            {_failure(body): _failure(body) for body in examples_of(document, response) if isinstance(body, dict)}
            for document, response in ((self._old, old), (self._new, new))
        )
        for words in _only_in(before, after):
            self._tell(WIDENS, "failure-removed", RESPONSE, f"{title} {status}", f"no longer answers {words}")
        for words in _only_in(after, before):
            self._tell(WIDENS, "failure-added", RESPONSE, f"{title} {status}", f"may answer {words}")

    def _contents(self, at: str, side: str, old: Json, new: Json) -> None:
        before, after = (
            resolved(document, holder or {}).get("content", {})
            for document, holder in ((self._old, old), (self._new, new))
        )
        for media in _in_either(before, after):
            if media not in after:
                self._tell(BREAKS, "media-type-removed", side, at, f"no longer in {media}")
            elif media not in before:
                self._tell(WIDENS, "media-type-added", side, at, f"also in {media}")
            else:
                self._schema(at, side, before[media].get("schema"), after[media].get("schema"))

    # --------------------------------------------------------------------------------------- schemas

    def _schema(self, at: str, side: str, old: Json, new: Json, *, is_open: bool = False) -> None:
        """Compares what two schemas allow. `is_open`: any other value of the type is allowed beside it."""
        if old is None or new is None:
            if (old is None) != (new is None):
                narrower = old is None
                self._constraint(side, at, "schema", narrower, "is described" if narrower else "may be anything")
            return
        if name := name_of(old) or name_of(new):
            at = name if name_of(old) in (name_of(new), None) else at
            self._words(at, side, *({k: v for k, v in one.items() if k != "$ref"} for one in _dicts(old, new)))
        old, new = resolved(self._old, old), resolved(self._new, new)
        old, new = _dicts(old, new)
        self._types(at, side, old, new)
        self._values(at, side, old, new, is_open)
        self._bounds(at, side, old, new)
        self._pattern(at, side, old, new)
        self._format(at, side, old, new)
        self._default(at, side, old, new)
        for keyword in _CONSTRAINTS:
            before, after = old.get(keyword), new.get(keyword)
            if _bare(before) != _bare(after):
                shown = f"{keyword} is {told(after)}" if after is not None else f"no longer has {keyword}"
                if before is None or after is None:
                    self._constraint(side, at, keyword, before is None, shown)
                else:
                    self._tell(BREAKS, f"{keyword}-changed", side, at, f"{shown}, was {told(before)}")
        self._properties(at, side, old, new)
        self._items(at, side, old, new)
        for keyword in ("anyOf", "oneOf"):
            self._alternatives(at, side, keyword, old.get(keyword, []), new.get(keyword, []))
        self._rules(at, side, old.get("allOf", []), new.get("allOf", []))
        self._words(at, side, old, new)

    def _constraint(self, side: str, at: str, what: str, narrower: bool, text: str) -> None:
        """Fewer values than before, or more."""
        breaks = narrower == (side == REQUEST)
        self._tell(BREAKS if breaks else WIDENS, f"{what}-{'added' if narrower else 'removed'}", side, at, text)

    def _types(self, at: str, side: str, old: Json, new: Json) -> None:
        before, after = _types(old), _types(new)
        if before == after:
            return
        text = f"is {_any_of(after)}, was {_any_of(before)}"
        wider, narrower = _within(before, after), _within(after, before)
        if not wider and not narrower:
            self._tell(BREAKS, "type-changed", side, at, text)
        elif wider != narrower:
            self._constraint(side, at, "type", narrower, text)

    def _values(self, at: str, side: str, old: Json, new: Json, is_open: bool) -> None:
        before, after = _values(old), _values(new)
        if before is None and after is None:
            return
        if before is None or after is None:
            narrower = before is None
            text = f"is one of {_any_of(map(told, after or []))}" if narrower else "may be any other value, too"
            if is_open:
                self._tell(WIDENS, "values-changed", side, at, text)
            else:
                self._constraint(side, at, "enum", narrower, text)
            return
        gone, added = [one for one in before if one not in after], [one for one in after if one not in before]
        if gone:
            level = BREAKS if side == REQUEST else WIDENS
            self._tell(level, "value-removed", side, at, f"no longer {_any_of(map(told, gone))}")
        if added:
            level = BREAKS if side == RESPONSE and not is_open else WIDENS
            self._tell(level, "value-added", side, at, f"may be {_any_of(map(told, added))}")

    def _bounds(self, at: str, side: str, old: Json, new: Json) -> None:
        for keywords, sign in ((_LOWER, 1), (_UPPER, -1)):
            for keyword in keywords:
                before, after = _bound(old.get(keyword)), _bound(new.get(keyword))
                if before == after:
                    continue
                narrower = before is None or (after is not None and (after - before) * sign > 0)
                text = f"{keyword} is {told(new[keyword])}" if after is not None else f"has no {keyword} any more"
                if before is not None and after is not None:
                    text += f", was {told(old[keyword])}"
                self._constraint(side, at, keyword, narrower, text)
            for keyword in keywords:
                if _bound(old.get(keyword)) == _bound(new.get(keyword)) and old.get(keyword) != new.get(keyword):
                    self._tell(BREAKS, f"{keyword}-changed", side, at, f"{keyword} is {told(new.get(keyword))}")

    def _pattern(self, at: str, side: str, old: Json, new: Json) -> None:
        before, after = old.get("pattern"), new.get("pattern")
        if before != after:
            text = f"matches {after}" if after is not None else "matches no pattern any more"
            if before is not None and after is not None:
                text += f", was {before}"
            kind = "added" if before is None else "removed" if after is None else "changed"
            # Which of two patterns takes more cannot be told; what is read is text either way.
            level = BREAKS if side == REQUEST and after is not None else WIDENS
            self._tell(level, f"pattern-{kind}", side, at, text)

    def _format(self, at: str, side: str, old: Json, new: Json) -> None:
        before, after = old.get("format"), new.get("format")
        if before == after:
            return
        if "password" in (before, after):
            text = "is a secret" if after == "password" else "is no secret any more, and may be shown"
            self._tell(WIDENS if after == "password" else BREAKS, "secret", side, at, text)
        elif before is None or after is None:
            self._constraint(side, at, "format", before is None, f"format is {after}" if after else "has no format")
        else:
            self._tell(BREAKS, "format-changed", side, at, f"format is {after}, was {before}")

    def _default(self, at: str, side: str, old: Json, new: Json) -> None:
        before, after = ([one.get("default", one.get("x-default"))] for one in (old, new))
        if before == after:
            return
        kind = "added" if before == [None] else "removed" if after == [None] else "changed"
        text = f"default is {told(after[0])}" if after != [None] else "has no default any more"
        if kind == "changed":
            text += f", was {told(before[0])}"
        # Whoever leaves it out gets something else than before.
        level = BREAKS if side == REQUEST and kind == "changed" else WIDENS
        self._tell(level, f"default-{kind}", side, at, text)

    def _required(self, side: str, at: str, old: bool, new: bool) -> None:
        if old != new:
            self._constraint(side, at, "required", new, "is required" if new else "is not required any more")

    def _properties(self, at: str, side: str, old: Json, new: Json) -> None:
        before, after = old.get("properties", {}), new.get("properties", {})
        needed = [set(one.get("required", [])) for one in (old, new)]
        for name in _in_either(before, after):
            inner = f"{at}.{name}"
            if name not in after:
                self._tell(BREAKS, "property-removed", side, inner, "is gone")
            elif name not in before:
                must = side == REQUEST and name in needed[1]
                text = "is new and required" if must else "is new"
                self._tell(BREAKS if must else WIDENS, "property-added", side, inner, text)
            else:
                self._required(side, inner, name in needed[0], name in needed[1])
                self._schema(inner, side, before[name], after[name])
        for name in sorted((needed[0] ^ needed[1]) - before.keys() - after.keys()):
            self._required(side, f"{at}.{name}", name in needed[0], name in needed[1])
        closed = [one.get("additionalProperties", True) for one in (old, new)]
        if closed[0] != closed[1]:
            if all(isinstance(one, dict) for one in closed):
                self._schema(f"{at}.*", side, *closed)
            else:
                narrower = closed[1] is False or closed[0] is True
                text = "takes no other fields any more" if narrower else "takes other fields, too"
                self._constraint(side, at, "additional-properties", narrower, text)

    def _items(self, at: str, side: str, old: Json, new: Json) -> None:
        if "items" in old or "items" in new:
            self._schema(f"{at}[]", side, old.get("items"), new.get("items"))
        before, after = old.get("prefixItems", []), new.get("prefixItems", [])
        for number, (one, other) in enumerate(zip(before, after, strict=False)):
            self._schema(f"{at}[{number}]", side, one, other)
        if len(before) != len(after):
            kind, breaks = ("added", RESPONSE) if len(after) > len(before) else ("removed", REQUEST)
            level = BREAKS if side == breaks else WIDENS
            self._tell(level, f"prefix-items-{kind}", side, at, f"names {len(after)} items, was {len(before)}")

    def _alternatives(self, at: str, side: str, keyword: str, old: Json, new: Json) -> None:
        before, after = _named(self._old, old), _named(self._new, new)
        for name in _in_either(before, after):
            if name not in after:
                level = BREAKS if side == REQUEST else WIDENS
                self._tell(level, f"{keyword}-removed", side, at, f"no longer {name}")
            elif name not in before:
                level = BREAKS if side == RESPONSE and keyword == "oneOf" else WIDENS
                self._tell(level, f"{keyword}-added", side, at, f"may be {name}")
            else:
                self._schema(
                    f"{at}({name})", side, before[name], after[name], is_open=_is_open(self._new, new, after[name])
                )

    def _rules(self, at: str, side: str, old: Json, new: Json) -> None:
        before, after = _named(self._old, old), _named(self._new, new)
        for name in _in_either(before, after):
            if name in before and name in after:
                self._schema(f"{at}({name})" if name.startswith("rule ") else at, side, before[name], after[name])
                continue
            is_new = name in after
            schema = (after if is_new else before)[name]
            if not _bare(schema):
                self._tell(WORDS, f"allOf-{'added' if is_new else 'removed'}", side, at, name)
                continue
            said = schema.get("description", name) if isinstance(schema, dict) else name
            # Without it, an answer may hold what it could not before; who reads it was told to expect anything.
            level = BREAKS if is_new and side == REQUEST else WIDENS
            self._tell(
                level, f"allOf-{'added' if is_new else 'removed'}", side, at, f"{'' if is_new else 'no longer: '}{said}"
            )

    def _words(self, at: str, side: str, old: Json, new: Json) -> None:
        for keyword in sorted({*old, *new}):
            if _WORDS.fullmatch(keyword) and old.get(keyword) != new.get(keyword):
                self._tell(WORDS, f"{keyword}-changed", side, at, f"{keyword} says something else")


# ------------------------------------------------------------------------------------------- in the documents' order


def _in_both(old: Json, new: Json) -> list[Any]:
    return [key for key in old if key in new]


def _only_in(one: Json, other: Json) -> list[Any]:
    return [key for key in one if key not in other]


def _in_either(old: Json, new: Json) -> list[Any]:
    return [*old, *_only_in(new, old)]


# ------------------------------------------------------------------------------------------- what schemas say


def _title(operation: Operation) -> str:
    return f"{operation.method} {operation.path}"


def _parameters(operation: Operation) -> dict[tuple[str, str], Json]:
    order = re.findall(r"{([^}]*)}", operation.path)
    return {
        (where, str(order.index(name)) if where == "path" and name in order else name): parameter
        for (where, name), parameter in operation.parameters.items()
    }


def _by_status(responses: Json, status: str) -> Json:
    return next((response for key, response in responses.items() if str(key) == status), None)


def _failure(body: Json) -> str:
    words = body.get("reason", body.get("message", ""))
    return " ".join(str(part) for part in (body.get("code", ""), words) if part != "")


def _dicts(*schemas: Json) -> tuple[Json, ...]:
    """Schemas that are true or false as what they mean."""
    return tuple({} if one is True else {"not": {}} if one is False else one for one in schemas)


def _types(schema: Json) -> frozenset[str]:
    kind = schema.get("type")
    found = {kind} if isinstance(kind, str) else set(kind or ())
    return frozenset(found | {"null"} if schema.get("nullable") and found else found)


def _within(inner: frozenset[str], outer: frozenset[str]) -> bool:
    """Whether every value of some types is of others; no type at all is all of them."""
    return not outer or (bool(inner) and inner <= outer | ({"integer"} if "number" in outer else set()))


def _values(schema: Json) -> list[Json] | None:
    return [schema["const"]] if "const" in schema else schema.get("enum")


def _bound(value: Json) -> Any:
    """The number in a bound; OpenAPI 3.0 has true and false where 3.1 has numbers."""
    if isinstance(value, dict):
        return value.get("maximum")
    return value if isinstance(value, int | float) else None


def _any_of(names: Iterable[str]) -> str:
    return " or ".join(sorted(names)) or "anything"


def _bare(node: Json) -> Json:
    """A part of a schema without what are words alone."""
    if isinstance(node, dict):
        return {key: _bare(value) for key, value in node.items() if not _WORDS.fullmatch(key)}
    return [_bare(value) for value in node] if isinstance(node, list) else node


def _named(document: Json, schemas: Iterable[Json]) -> dict[str, Json]:
    """Alternatives, or members of `allOf`, by what tells them apart: a name, or what they say."""
    found: dict[str, Json] = {}
    for schema in schemas:
        name = name_of(schema)
        if name is None and isinstance(schema, dict):
            constants = [resolved(document, one).get("const") for one in schema.get("properties", {}).values()]
            constant = schema.get("const", next((one for one in constants if one is not None), None))
            name = (
                f"rule {schema['x-name']}"
                if "x-name" in schema
                else schema.get("title") or (constant and told(constant))
            )
        key = str(name or told(_bare(schema)))
        while key in found:
            key += "'"
        found[key] = schema
    return found


def _is_open(document: Json, alternatives: Iterable[Json], listed: Json) -> bool:
    """Whether any other value of a listed value's type is an alternative, too."""
    kinds = _types(resolved(document, listed)) if isinstance(listed, dict) else frozenset()
    return any(
        isinstance(one, dict) and one is not listed and not _bare(one).keys() - {"type"} and kinds <= _types(one)
        for one in alternatives
    )


def by_level(changes: Iterable[Change]) -> Iterator[tuple[str, list[Change]]]:
    """The changes of each level, what breaks first."""
    listed = list(changes)
    for level in LEVELS:
        yield level, [change for change in listed if change.level == level]
