"""The views of what the service sends: a class for each open object of the document, as text of Python modules.

Requests are strict and answers are open, so the generator's models, which raise where an answer is not as foreseen, are
kept for requests alone. openapi/views.py says how a view reads, the document what (its keywords stand at its top).
"""

import json
import re
import textwrap
from collections.abc import Iterator
from typing import Any, NamedTuple

from openapi_python_client.strings import PythonIdentifier

Schema = dict[str, Any]

RESPONSES, NOTICES = "responses", "notices"
"""The modules that the views stand in: what answers hold, and what webhooks hold besides."""

# The generator's hooks leave out what a module does not use.
_READS = "Field, View, anything, each, flag, listed_number, listed_text, moment, number, one, several, text"
_SCALARS = {"string": ("text", "str"), "integer": ("number", "int"), "boolean": ("flag", "bool")}


class Views(NamedTuple):
    """All views of a document."""

    texts: dict[str, str]
    """Each module's text."""
    modules: dict[str, str]
    """The module of each open object; also of those that have no class of their own."""
    parts: frozenset[str]
    """Open objects that have none, since their fields stand in the view around them or nothing refers to them."""


class _Reader(NamedTuple):
    """How a value is read."""

    code: str
    kind: str
    """The type, None left out."""
    otherwise: str = "None"
    uses: tuple[str, ...] = ()
    """Views and enumerations that the code names."""


class _Field(NamedTuple):
    name: str
    wire: str
    schema: Schema
    inside: tuple[str, ...]
    needed: bool
    reader: _Reader


def make_views(document: Schema, secrets: set[str]) -> Views:
    return _Maker(document, secrets).views()


class _Maker:
    def __init__(self, document: Schema, secrets: set[str]) -> None:
        self._document = document
        self._schemas: dict[str, Schema] = document["components"]["schemas"]
        self._secrets = secrets
        # The event that each webhook's `details` are of, by their component.
        self._events: dict[str, int] = {}

    def views(self) -> Views:
        answers = [
            response["content"]["application/json"]["schema"]
            for path in self._document["paths"].values()
            for name, operation in path.items()
            if name != "parameters"
            for response in map(self._response, operation["responses"].values())
        ]
        notices = [
            item["post"]["requestBody"]["content"]["application/json"]["schema"]
            for item in self._document.get("webhooks", {}).values()
        ]
        for schema in notices:
            said = schema["allOf"][1]["properties"]
            details = said["payload"]["properties"]["details"]["$ref"].rpartition("/")[2]
            self._events[details] = said["eventType"]["const"]
        found: dict[str, list[str]] = {RESPONSES: [], NOTICES: []}
        for module, schemas in ((RESPONSES, answers), (NOTICES, notices)):
            for name in self._reached(schemas):
                if name not in found[RESPONSES]:
                    found[module].append(name)
        modules = dict.fromkeys(filter(self._is_open, self._schemas), RESPONSES)
        modules |= {name: module for module, names in found.items() for name in names}
        parts = frozenset(modules) - {name for names in found.values() for name in names}
        return Views({module: self._module(module, names, modules) for module, names in found.items()}, modules, parts)

    def _response(self, response: Schema) -> Schema:
        shared: dict[str, Schema] = self._document["components"]["responses"]
        return shared[response["$ref"].rpartition("/")[2]] if "$ref" in response else response

    def _is_open(self, name: str) -> bool:
        return self._schemas[name].get("additionalProperties") is True

    def _resolve(self, schema: Schema) -> Schema:
        """A schema, with what stands beside its reference added."""
        if "$ref" not in schema:
            return schema
        target = self._resolve(self._schemas[schema["$ref"].rpartition("/")[2]])
        return target | {key: value for key, value in schema.items() if key != "$ref"}

    def _reached(self, schemas: list[Schema]) -> Iterator[str]:
        """The open objects that these schemas are made of, parts first."""
        done: set[str] = set()

        def below(node: Any) -> Iterator[str]:
            if isinstance(node, list):
                for item in node:
                    yield from below(item)
            elif isinstance(node, dict):
                name = node.get("$ref", "").rpartition("/")[2]
                if "x-list-of" in node:
                    yield from below({"$ref": f"#/components/schemas/{node['x-list-of']}"})
                elif name and node.get("x-inline"):
                    yield from below(self._schemas[name].get("properties", {}))
                elif name and self._is_open(name) and name not in done:
                    done.add(name)
                    yield from below(self._schemas[name])
                    yield name
                elif not name:
                    for inner in node.values():
                        yield from below(inner)

        for schema in schemas:
            yield from below(schema)

    # --------------------------------------------------------------------------------------- fields

    def _fields(self, schema: Schema, inside: tuple[str, ...] = ()) -> Iterator[_Field]:
        for wire, item in schema.get("properties", {}).items():
            field = self._resolve(item)
            if "const" in field or field.get("x-by-hand"):
                continue
            if field.get("x-inline"):
                yield from self._fields(field, (*inside, wire))
                continue
            name = field.get("x-client-name") or PythonIdentifier(wire, "field_")
            yield _Field(name, wire, field, inside, wire in schema.get("required", []), self._reader(item))

    def _reader(self, item: Schema) -> _Reader:
        schema = self._resolve(item)
        name = item.get("$ref", "").rpartition("/")[2]
        types = schema.get("type", "object")
        first = types if isinstance(types, str) else types[0]
        if "x-list-of" in schema:
            return self._several(schema["x-list-of"], schema.get("x-separator"))
        if schema.get("format") == "unix-time":
            return _Reader("moment", "datetime")
        if "anyOf" in schema:
            return self._listed(schema["anyOf"])
        if name and self._is_open(name):
            return _Reader(f"one({name})", name, uses=(name,))
        if first == "array":
            part = schema["items"].get("$ref", "").rpartition("/")[2]
            if part and self._is_open(part):
                return self._several(part)
            each = self._reader(schema["items"])
            return _Reader(f"each({each.code})", f"tuple[{each.kind}, ...]", "()", each.uses)
        if first in _SCALARS:
            return _Reader(*_SCALARS[first])
        return _Reader("anything", "Any")

    def _several(self, kind: str, separator: str | None = None) -> _Reader:
        code = f"several({kind})" if separator is None else f"several({kind}, {json.dumps(separator)})"
        return _Reader(code, f"tuple[{kind}, ...]", "()", (kind,))

    def _listed(self, forms: list[Schema]) -> _Reader:
        """An enumeration, and beside it what else the service may send."""
        kind = next((form["$ref"].rpartition("/")[2] for form in forms if "$ref" in form), "")
        if "enum" not in self._schemas.get(kind, {}):
            return _Reader("anything", "Any")
        if self._schemas[kind]["type"] == "integer":
            return _Reader(f"listed_number({kind})", f"{kind} | int", uses=(kind,))
        numbers = ", numbers=True" if {"type": "integer"} in forms else ""
        return _Reader(f"listed_text({kind}{numbers})", f"{kind} | str", uses=(kind,))

    # --------------------------------------------------------------------------------------- text

    def _module(self, module: str, names: list[str], modules: dict[str, str]) -> str:
        classes = [self._class(name) for name in names]
        uses = {use for name in names for field in self._fields(self._schemas[name]) for use in field.reader.uses}
        uses |= {"EventType"} & self._schemas.keys() if self._events.keys() & set(names) else set()
        imports = [
            f"from .{modules.get(use) or PythonIdentifier(use, 'field_')} import {use}"
            for use in sorted(uses)
            if modules.get(use) != module
        ]
        title = "What answers hold" if module == RESPONSES else "What webhooks hold"
        head = f'''"""{title}, as views; the document says of each what it is."""

from __future__ import annotations

from datetime import datetime
from typing import Any, ClassVar

from ..views import {_READS}
'''
        return "\n".join([head, *imports, *classes]) + "\n"

    def _class(self, name: str) -> str:
        schema = self._schemas[name]
        fields = list(self._fields(schema))
        if len({field.name for field in fields}) < len(fields):
            raise SystemExit(f"generate: two fields of {name} have one name; give one of them an x-client-name")
        shown = [field.name for field in fields if field.schema.get("x-repr", True) and field.wire not in self._secrets]
        lines = [f"class {name}(View):", *_docstring(schema["description"]), "    __slots__ = ()"]
        if shown:
            lines.append(f"    _shown: ClassVar[tuple[str, ...]] = {tuple(shown)!r}")
        if "x-shorthand" in schema:
            lines.append(f"    _bare: ClassVar[str | None] = {json.dumps(schema['x-shorthand'])}")
        if name in self._events:
            event = self._schemas["EventType"]
            member = event["x-enum-varnames"][event["enum"].index(self._events[name])]
            lines.append(f"    event_type: ClassVar[EventType] = EventType.{member}")
        for field in fields:
            lines += self._declared(field)
        return "\n".join(lines)

    def _declared(self, field: _Field) -> list[str]:
        schema, reader = field.schema, field.reader
        otherwise = repr(schema["x-default"]) if "x-default" in schema else reader.otherwise
        told = schema.get("description", "")
        if reader.code == "moment":
            told = re.sub(r",? [Ii]n milliseconds since 1970(?=\.)", "", told).replace("..", ".")
            told += " In UTC; the number that was sent is in `raw`."
        is_there = otherwise != "None" or (field.needed and not field.inside and reader.code != "moment")
        options = [repr(field.wire), reader.code]
        options += [f"aliases={tuple(schema['x-aliases'])!r}"] if "x-aliases" in schema else []
        options += [f"inside={field.inside!r}"] if field.inside else []
        options += ["needed=True"] if field.needed else []
        options += [f"otherwise={otherwise}"] if otherwise != "None" else []
        options += [f"doc={json.dumps(told, ensure_ascii=False)}"]
        kind = reader.kind if is_there or reader.kind == "Any" else f"{reader.kind} | None"
        return [f"    {field.name}: Field[{kind}] = Field({', '.join(options)})", *_docstring(told)]


def _docstring(words: str) -> list[str]:
    lines = textwrap.wrap(words.replace("\\", "\\\\").replace('"""', "'''"), 108) or [""]
    if len(lines) == 1 and not lines[0].endswith('"'):
        return [f'    """{lines[0]}"""']
    return [f'    """{lines[0]}', *(f"    {line}" for line in lines[1:]), '    """']
