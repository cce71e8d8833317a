"""What the contract says and the provider's own OpenAPI documents do not, and the other way round.

Every path, parameter, field, type, range, listed value, default and failure that one has and the other lacks or
contradicts, less what openapi/differences.yaml names as known. Values that a document lists in the words of a
description count as listed.

Exit code: 0 if all is known, 1 if something is not, 2 if a file cannot be read.
"""

from __future__ import annotations

import argparse
import datetime
import json
import re
import sys
from collections.abc import Iterable, Iterator, Mapping
from itertools import chain
from pathlib import Path
from typing import Any, NamedTuple

import yaml

from .document import (
    CONTRACT,
    Json,
    Operation,
    UnreadableError,
    examples_of,
    forms,
    operations,
    read,
    schema_of,
    told,
)

KNOWN = CONTRACT.with_name("differences.yaml")
KINDS = (
    *("path", "server", "parameter", "field", "type", "required", "range", "length", "items", "pattern", "values"),
    *("default", "failure"),
)
_TYPES = {bool: "boolean", int: "integer", float: "number", str: "string", list: "array", dict: "object"}


class Difference(NamedTuple):
    """One thing that the two say differently. None is said by whom it is missing."""

    what: str
    at: str
    ours: Json
    theirs: Json


class Known(NamedTuple):
    """A difference that somebody looked at."""

    what: list[str]
    at: list[str]
    sides: Json
    """What the sides say, by their names; a side that is left out may say anything."""
    evidence: str
    date: str

    def covers(self, difference: Difference) -> bool:
        """Whether it is this difference."""
        return (
            difference.what in self.what
            and any(re.fullmatch(_pattern(at), difference.at) for at in self.at)
            and all(getattr(difference, side) == value for side, value in self.sides.items())
        )


def _pattern(at: str) -> str:
    return ".*".join(map(re.escape, at.split("*")))


# ------------------------------------------------------------------------------------------- what a document says


class Said(NamedTuple):
    """What a document says of one place, by kind."""

    at: str
    facts: dict[str, Json]


def said(document: Json) -> dict[str, dict[str, Any]]:
    """All that a document says: by operation, and there by place."""
    found: dict[str, dict[str, Any]] = {}
    for key, operation in operations(document).items():
        places: dict[str, Any] = {}
        for (where, name), parameter in operation.parameters.items():
            # What a parameter may be, some documents say beside its schema.
            words = {name: parameter[name] for name in ("description",) if name in parameter}
            facts = _facts([words | form for form in forms(document, parameter.get("schema", {}))])
            places[f"{where} {name}"] = facts | {"required": bool(parameter.get("required"))}
        for side, holder in _bodies(operation):
            schema = schema_of(document, holder)
            if schema is not None:
                places |= {f"{side} {at}": facts for at, facts in _fields(document, [schema], "")}
        found[key] = places
    return found


def _bodies(operation: Operation) -> Iterator[tuple[str, Json]]:
    if "requestBody" in operation.node:
        yield "request", operation.node["requestBody"]
    if "200" in operation.node.get("responses", {}):
        yield "response", operation.node["responses"]["200"]


def _fields(document: Json, schemas: list[Json], path: str) -> Iterator[tuple[str, dict[str, Json]]]:
    """Every field below, and what is said of it in all of the forms that it has."""
    found = [form for schema in schemas for form in forms(document, schema)]
    if path:
        yield path, _facts(found)
    if items := [form["items"] for form in found if isinstance(form.get("items"), dict)]:
        yield from _fields(document, items, f"{path}[]")
    holders = [form for form in found if form.get("properties")]
    for name in dict.fromkeys(chain.from_iterable(form["properties"] for form in holders)):
        having = [form for form in holders if isinstance(form["properties"].get(name), dict)]
        if having:
            inner = f"{path}.{name}" if path else name
            for at, facts in _fields(document, [form["properties"][name] for form in having], inner):
                if at == inner:
                    facts["required"] = all(name in form.get("required", []) for form in having)
                yield at, facts


def _facts(found: list[Json]) -> dict[str, Json]:
    """What is said of a value, in all of the forms that it has: only what holds in each counts as a limit."""
    facts: dict[str, Json] = {"type": sorted(set().union(*map(_types, found)))}
    for kind, low, high in [
        ("range", "minimum", "maximum"), ("length", "minLength", "maxLength"), ("items", "minItems", "maxItems"),
    ]:  # fmt: skip
        facts[kind] = _limits(found, low, high)
    facts["pattern"] = sorted({form["pattern"] for form in found if "pattern" in form}) or None
    facts["values"] = sorted(set().union(*map(_values, found)), key=lambda value: (str(type(value)), value)) or None
    defaults = [form.get("default", form.get("x-default")) for form in found if "const" not in form]
    facts["default"] = next((value for value in defaults if value is not None), None)
    return facts


def _limits(found: list[Json], low: str, high: str) -> list[Json] | None:
    lows, highs = [form.get(low) for form in found], [form.get(high) for form in found]
    limits = [None if None in lows else min(lows, default=None), None if None in highs else max(highs, default=None)]
    return None if limits == [None, None] else limits


def _types(form: Json) -> set[str]:
    kind = form.get("type", _TYPES.get(type(form.get("const"))))
    return {kind} if isinstance(kind, str) else set(kind or ())


_BULLET = re.compile(r"(?:^\s*[-*] |<li>)`([^`]+)`", re.MULTILINE)


def _values(form: Json) -> set[Json]:
    """The values that are listed: by the schema, or as the points of a list in its description."""
    if "const" in form:
        return {form["const"]}
    if "enum" in form:
        return set(form["enum"])
    kinds = _types(form)
    points = [point.strip("\"'") for point in _BULLET.findall(form.get("description", ""))]
    if len(points) < 2 or not kinds & {"integer", "number", "string"}:
        return set()
    if "string" in kinds:
        return set(points)
    return {int(point) for point in points if re.fullmatch(r"-?\d+", point)}


_FENCED = re.compile(r"```(?:json)?\s*(\{.*?\})\s*```", re.DOTALL)


def failures(document: Json, operation: Operation) -> set[tuple[str | None, str, str]]:
    """Every failure that an operation shows: HTTP status, code, and words; no status where a text shows it."""
    found = set()
    for status, response in operation.node.get("responses", {}).items():
        for body in examples_of(document, response):
            if str(status) != "200" and isinstance(body, dict):
                found |= set(_failure(str(status) if re.fullmatch(r"\d{3}", str(status)) else None, body))
    for text in _texts({key: value for key, value in operation.node.items() if key != "responses"}):
        for block in _FENCED.findall(text):
            try:
                body = json.loads(block)
            except ValueError:
                continue
            found |= set(_failure(None, body))
    return found


def _failure(status: str | None, body: Json) -> Iterator[tuple[str | None, str, str]]:
    words = body.get("reason") or body.get("message")
    # Words that name the parameter that is wrong are different each time.
    if ("code" in body or "message" in body) and isinstance(words, str | None):
        yield status, str(body.get("code", "")), words or ""


def _texts(node: Json) -> Iterator[str]:
    if isinstance(node, str):
        yield node
    for inner in node.values() if isinstance(node, dict) else node if isinstance(node, list) else ():
        yield from _texts(inner)


# ------------------------------------------------------------------------------------------- two documents


def differences(ours: Json, theirs: Json) -> Iterator[Difference]:
    """All that two documents say differently, in the order of the first."""
    my_operations, their_operations = operations(ours), operations(theirs)
    names = {key: operation.node["operationId"] for key, operation in my_operations.items()}
    yield from _sides("server", _servers(ours), _servers(theirs))
    mine, other = said(ours), said(theirs)
    for key in dict.fromkeys([*mine, *other]):
        if key not in mine or key not in other:
            has = (my_operations if key in mine else their_operations)[key]
            place = f"{has.method} {has.path}"
            yield Difference("path", names.get(key, place), *_pair(place, key in mine))
            continue
        name, my_operation, its_operation = names[key], my_operations[key], their_operations[key]
        for at in dict.fromkeys([*mine[key], *other[key]]):
            place = f"{name} {at}"
            here, there = mine[key].get(at), other[key].get(at)
            if here is None or there is None:
                if not _inside_of_missing(at, mine[key] if here is None else other[key]):
                    kind = "field" if at.startswith(("request", "response")) else "parameter"
                    present = here if here is not None else there
                    yield Difference(kind, place, *_pair((present or {})["type"], here is not None))
                continue
            yield from _contradictions(place, here, there)
        yield from _failures(name, failures(ours, my_operation), failures(theirs, its_operation))


def _pair(value: Json, is_ours: bool) -> tuple[Json, Json]:
    return (value, None) if is_ours else (None, value)


def _sides(what: str, ours: set[str], theirs: set[str]) -> Iterator[Difference]:
    for value in sorted(ours ^ theirs):
        yield Difference(what, value, *_pair(value, value in ours))


def _servers(document: Json) -> set[str]:
    nodes = [document, *document["paths"].values(), *(one.node for one in operations(document).values())]
    return {server["url"].rstrip("/") for node in nodes for server in node.get("servers", [])}


def _inside_of_missing(at: str, present: Mapping[str, Any]) -> bool:
    """Whether what is missing is only a part of what is missing."""
    side, _, path = at.partition(" ")
    outer = re.sub(r"(\.[^.\[]+|\[\])$", "", path)
    return outer not in ("", path) and f"{side} {outer}" not in present


def _contradictions(at: str, ours: Mapping[str, Json], theirs: Mapping[str, Json]) -> Iterator[Difference]:
    for what in ("type", "required", "range", "length", "items", "pattern", "default"):
        if ours.get(what) != theirs.get(what):
            yield Difference(what, at, ours.get(what), theirs.get(what))
    mine, other = ours.get("values") or [], theirs.get("values") or []
    if ours["type"] != ["boolean"] and mine != other:
        # What both list is no difference; where one lists nothing, all that the other lists is.
        yield Difference(
            "values", at,
            [value for value in mine if value not in other] or None,
            [value for value in other if value not in mine] or None,
        )  # fmt: skip


def _failures(name: str, ours: set[Any], theirs: set[Any]) -> Iterator[Difference]:
    def same(one: Any, other: Any) -> bool:
        status = one[0] == other[0] or None in (one[0], other[0])
        return status and one[1] == other[1] and (one[2].lower() == other[2].lower() or not (one[2] and other[2]))

    for found, others, is_ours in [(ours, theirs, True), (theirs, ours, False)]:
        for failure in sorted(found, key=lambda one: tuple(map(str, one))):
            if not any(same(failure, other) for other in others):
                status, code, words = failure
                shown = " ".join(part for part in (f"HTTP {status}" if status else "", code, words) if part)
                yield Difference("failure", name, *_pair(shown, is_ours))


# ------------------------------------------------------------------------------------------- what is known


def known(path: Path) -> list[Known]:
    """The differences that a file names."""
    try:
        listed = yaml.safe_load(path.read_text(encoding="utf-8"))
    except (OSError, yaml.YAMLError) as error:
        raise UnreadableError(f"{path}: {' '.join(str(error).split())}") from None
    found = []
    for number, entry in enumerate(listed or [], 1):
        try:
            found.append(_entry(entry))
        except (KeyError, TypeError, ValueError) as error:
            raise UnreadableError(f"{path}, number {number}: {error}") from None
    return found


def _entry(entry: Json) -> Known:
    names = {"what", "at", "ours", "theirs", "evidence", "date"}
    if not isinstance(entry, dict) or set(entry) - names:
        raise ValueError(f"an entry has {', '.join(sorted(names))}, and nothing else")
    missing = [name for name in ("what", "at", "evidence", "date") if not entry.get(name)]
    if missing or not {"ours", "theirs"} & set(entry):
        raise ValueError(f"{', '.join(missing) or 'what ours or theirs says'} is missing")
    what, at = (value if isinstance(value, list) else [value] for value in (entry["what"], entry["at"]))
    if wrong := [one for one in what if one not in KINDS]:
        raise ValueError(f"{wrong[0]!r} is no kind of difference; these are: {', '.join(KINDS)}")
    if not isinstance(entry["date"], datetime.date):
        raise ValueError(f"date {entry['date']!r} is no date, such as 2026-11-26")
    sides = {side: entry[side] for side in ("ours", "theirs") if side in entry}
    return Known(what, at, sides, entry["evidence"], entry["date"].isoformat())


# ------------------------------------------------------------------------------------------- what is told


class Found(NamedTuple):
    """A difference, the documents that have it, and what is known of it."""

    difference: Difference
    documents: list[str]
    known: Known | None


def compare(ours: Json, theirs: Mapping[str, Json], listed: Iterable[Known]) -> list[Found]:
    """Every difference once, with the documents that have it."""
    found: dict[str, Found] = {}
    for name, document in theirs.items():
        for difference in differences(ours, document):
            entry = next((entry for entry in listed if entry.covers(difference)), None)
            found.setdefault(json.dumps(difference), Found(difference, [], entry)).documents.append(name)
    return list(found.values())


_WIDEST = 60


def table(found: list[Found]) -> Iterator[str]:
    """Lines for people, aligned: what is the same in several calls is one line."""
    lines: dict[tuple[str, ...], list[str]] = {}
    for difference, documents, _ in found:
        sides = ["-" if side is None else told(side) for side in (difference.ours, difference.theirs)]
        call, _, place = difference.at.partition(" ")
        # What acquire takes as startParameter is what start takes.
        row = (difference.what, place.replace(".startParameter.", "."), *sides, ", ".join(documents))
        lines.setdefault(row, []).append(call)
    rows: list[tuple[str, ...]] = [("what", "where", "contract", "provider", "in", "call")]
    rows += [(*row, ", ".join(calls)) for row, calls in lines.items()]
    rows = [tuple(cell if len(cell) <= _WIDEST else f"…{cell[1 - _WIDEST :]}" for cell in row) for row in rows]
    widths = [max(len(row[column]) for row in rows) for column in range(len(rows[0]))]
    for row in rows:
        yield "  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True))


def main(arguments: list[str]) -> int:
    parser = argparse.ArgumentParser(
        prog="scripts/drift", description=__doc__, formatter_class=argparse.RawTextHelpFormatter
    )
    parser.add_argument("files", nargs="+", type=Path, metavar="FILE", help="an OpenAPI document of the provider's")
    parser.add_argument("--json", action="store_true", help="as JSON")
    parser.add_argument("--all", action="store_true", help="what is known, too")
    parser.add_argument("--known", type=Path, default=KNOWN, help="the file that names what is known")
    parser.add_argument("--contract", type=Path, default=CONTRACT, help="the contract")
    options = parser.parse_args(arguments)
    names = [path.name for path in options.files]
    labels = names if len(set(names)) == len(names) else [str(path) for path in options.files]
    try:
        theirs = {label: read(path) for label, path in zip(labels, options.files, strict=True)}
        listed = known(options.known)
        found = compare(read(options.contract), theirs, listed)
    except UnreadableError as error:
        print(f"scripts/drift: {error}", file=sys.stderr)
        return 2
    new = [one for one in found if one.known is None]
    shown = found if options.all else new
    if options.json:
        rows = [
            one.difference._asdict()
            | {
                "documents": one.documents,
                "known": one.known and {"evidence": one.known.evidence, "date": one.known.date},
            }
            for one in shown
        ]
        print(json.dumps(rows, ensure_ascii=False, indent=2))
    else:
        if shown:
            print("\n".join(line.rstrip() for line in table(shown)), end="\n\n")
        used = {id(one.known) for one in found}
        idle = [", ".join(entry.at) for entry in listed if id(entry) not in used]
        print(f"{len(new)} differences that are not known, {len(found) - len(new)} that are.")
        if idle:
            print(f"Known, and in none of these documents: {'; '.join(idle)}.")
    return 1 if new else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
