"""OpenAPI documents as data: read, references resolved, and laid out by what stands where on the wire."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

import yaml

Json = Any

ROOT = Path(__file__).resolve().parent.parent.parent
CONTRACT = ROOT / "openapi" / "cloud-recording.yaml"
METHODS = ("get", "put", "post", "delete", "options", "head", "patch", "trace")

# libyaml where PyYAML was built with it, which takes a quarter of the time.
_LOADER: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


class UnreadableError(Exception):
    """A document that cannot be read, or is none; the message says which, and why."""


def parsed(text: str, name: str) -> Json:
    """The document that a text is, in YAML or JSON."""
    try:
        document = yaml.load(text, _LOADER)
    except yaml.YAMLError as error:
        raise UnreadableError(f"{name} is neither YAML nor JSON: {' '.join(str(error).split())}") from None
    if not isinstance(document, dict) or not isinstance(document.get("paths"), dict):
        raise UnreadableError(f"{name} is no OpenAPI document: it has no `paths`")
    return document


def read(path: Path) -> Json:
    """The document in a file."""
    try:
        text = path.read_text(encoding="utf-8")
    except OSError as error:
        raise UnreadableError(f"{path}: {error.strerror}") from None
    except UnicodeDecodeError:
        raise UnreadableError(f"{path} is not text in UTF-8") from None
    return parsed(text, str(path))


def name_of(node: Json) -> str | None:
    """The name of the component that a node refers to; None where it refers to none."""
    reference = node.get("$ref") if isinstance(node, dict) else None
    return reference.rpartition("/")[2] if isinstance(reference, str) else None


def resolved(document: Json, node: Json) -> Json:
    """A node, or what it refers to; what stands beside the reference counts more."""
    seen = set()
    while isinstance(node, dict) and "$ref" in node:
        reference = node["$ref"]
        if reference in seen:
            raise UnreadableError(f"{reference} refers to itself")
        seen.add(reference)
        target = document
        for part in reference.removeprefix("#/").split("/"):
            target = target.get(part.replace("~1", "/").replace("~0", "~")) if isinstance(target, dict) else None
        if not isinstance(target, dict):
            raise UnreadableError(f"{reference} refers to nothing in the document")
        node = target | {key: value for key, value in node.items() if key != "$ref"}
    return node


class Operation(NamedTuple):
    """A method of a path."""

    method: str
    path: str
    node: Json
    parameters: dict[tuple[str, str], Json]
    """By where they stand and their name, those of the whole path included."""

    @property
    def key(self) -> str:
        """What tells it from others, whatever it is called."""
        return f"{self.method} {re.sub(r'{[^}]*}', '{}', self.path)}"


def operations(document: Json) -> dict[str, Operation]:
    """Every method of every path."""
    found = {}
    for path, item in document["paths"].items():
        for method in METHODS:
            if isinstance(node := item.get(method), dict):
                listed = [resolved(document, one) for one in [*item.get("parameters", []), *node.get("parameters", [])]]
                parameters = {(one["in"], one["name"]): one for one in listed}
                operation = Operation(method.upper(), path, node, parameters)
                found[operation.key] = operation
    return found


def schema_of(document: Json, holder: Json) -> Json | None:
    """The schema of the JSON that a request body or a response holds; None where it holds none."""
    content = resolved(document, holder or {}).get("content", {})
    return next((value.get("schema") for kind, value in content.items() if "json" in kind), None)


def examples_of(document: Json, holder: Json) -> list[Json]:
    """The examples of the JSON that a request body or a response holds."""
    found: list[Json] = []
    for media in resolved(document, holder).get("content", {}).values():
        if "example" in media:
            found.append(media["example"])
        found += [resolved(document, example).get("value") for example in media.get("examples", {}).values()]
    return found


def forms(document: Json, schema: Json, depth: int = 0) -> Iterator[Json]:
    """The alternatives of a schema, each with what all have in common."""
    if depth > 40:
        raise UnreadableError("a schema contains itself")
    schema = resolved(document, schema)
    if not isinstance(schema, dict):
        return
    for part in schema.get("allOf", []):
        # A rule between fields says nothing of a field by itself.
        if not {"if", "not", "x-max-sum", "x-apart"} & set(part):
            schema = _joined(document, schema, part)
    choices = [*schema.get("anyOf", []), *schema.get("oneOf", [])]
    if not choices:
        yield schema
    common = {key: value for key, value in schema.items() if key not in ("anyOf", "oneOf")}
    for choice in choices:
        for form in forms(document, choice, depth + 1):
            yield form | {key: value for key, value in common.items() if key not in form}


def _joined(document: Json, schema: Json, part: Json) -> Json:
    """A schema, with what a member of its `allOf` adds."""
    part = resolved(document, part)
    for inner in part.get("allOf", []):
        part = _joined(document, part, inner)
    return (
        part
        | schema
        | {"properties": part.get("properties", {}) | schema.get("properties", {})}
        | {"required": [*part.get("required", []), *schema.get("required", [])]}
    )


def told(value: Json) -> str:
    """A value in one line, for people."""
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
