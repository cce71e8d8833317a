"""Every alteration of the contract that somebody might make by mistake, one place at a time."""

from __future__ import annotations

import copy
from collections.abc import Callable, Iterator
from typing import NamedTuple

from .document import METHODS, Json

_BOUNDS = (
    *("minimum", "maximum", "minLength", "maxLength", "minItems", "maxItems", "minContains", "maxContains"),
    *("x-max-joined-length",),
)
# Parts of a schema, in which schemas stand.
_INSIDE = ("properties", "items", "anyOf", "allOf")


class Mutant(NamedTuple):
    """One alteration."""

    kind: str
    at: str
    """Where, from the outermost name on."""
    change: Callable[[Json], None]
    """Makes it, in a copy of what stands at the path."""
    path: tuple[str | int, ...]

    @property
    def name(self) -> str:
        """What tells it from all others."""
        return f"{self.kind} {self.at}"

    def of(self, document: Json) -> Json:
        """The document with it; all but what is altered is shared with the original."""
        made: Json = dict(document)
        node = made
        for part in self.path:
            inner = copy.copy(node[part])
            node[part] = inner
            node = inner
        whole = copy.deepcopy(node)
        self.change(whole)
        if isinstance(node, dict):
            node.clear()
            node.update(whole)
        else:
            node[:] = whole
        return made


def mutants(document: Json) -> Iterator[Mutant]:
    """All of them, in the order of the document."""
    for path, item in document["paths"].items():
        yield from _of_path(path, item)
    for name, parameter in document["components"]["parameters"].items():
        place = ("components", "parameters", name)
        yield _setting("loosen-parameter", f"parameter {name}", place, "schema", {})
        if parameter.get("required"):
            yield _setting("optional", f"parameter {name}", place, "required", False)
        yield _setting("rename", f"parameter {name}", place, "name", f"{parameter['name']}X")
    for name, response in document["components"]["responses"].items():
        yield from _of_response(f"response {name}", ("components", "responses", name), response)
    for name, schema in document["components"]["schemas"].items():
        yield from _of_schema(name, ("components", "schemas", name), schema)
    for name, item in document["webhooks"].items():
        yield _deleting("drop-webhook", f"webhook {name}", ("webhooks",), name)
        [*_, operation] = [method for method in item if method in METHODS]
        schema = ("webhooks", name, operation, "requestBody", "content", "application/json", "schema")
        yield from _of_schema(
            f"webhook {name}", schema, item[operation]["requestBody"]["content"]["application/json"]["schema"]
        )


# ------------------------------------------------------------------------------------------- how they are made


def _deleting(kind: str, at: str, path: tuple[str | int, ...], key: str | int) -> Mutant:
    def change(node: Json) -> None:
        del node[key]

    return Mutant(kind, at, change, path)


def _setting(kind: str, at: str, path: tuple[str | int, ...], key: str | int, value: Json) -> Mutant:
    def change(node: Json) -> None:
        node[key] = value

    return Mutant(kind, at, change, path)


def _without(names: list[Json], gone: Json) -> list[Json]:
    return [name for name in names if name != gone]


# ------------------------------------------------------------------------------------------- operations


def _of_path(path: str, item: Json) -> Iterator[Mutant]:
    for method in item:
        if method not in METHODS:
            continue
        operation, place = item[method], ("paths", path, method)
        name = operation["operationId"]
        yield _deleting("drop-operation", name, ("paths", path), method)
        if "requestBody" in operation:
            yield _deleting("drop-request-body", name, place, "requestBody")
        if "x-client-request" in operation:
            for mode in operation["x-client-request"]:
                yield _deleting("drop-mode", f"{name} {mode}", (*place, "x-client-request"), mode)
        for status, response in operation["responses"].items():
            yield _deleting("drop-status", f"{name} {status}", (*place, "responses"), status)
            yield from _of_response(f"{name} {status}", (*place, "responses", status), response)
    for number, parameter in enumerate(item.get("parameters", [])):
        at = f"{path} {parameter['$ref'].rpartition('/')[2]}"
        yield _deleting("drop-parameter", at, ("paths", path, "parameters"), number)


def _of_response(at: str, path: tuple[str | int, ...], response: Json) -> Iterator[Mutant]:
    for media, content in response.get("content", {}).items():
        examples = content.get("examples", {})
        for name in examples if not at.endswith(" 200") else ():
            place = (*path, "content", media, "examples")
            yield _deleting("drop-failure", f"{at} {name}", place, name)
            value = examples[name].get("value", {})
            for key in ("code", "reason", "message"):
                if key in value:
                    other = value[key] + 1 if isinstance(value[key], int) else f"{value[key]}x"
                    yield _setting("change-failure", f"{at} {name} {key}", (*place, name, "value"), key, other)


# ------------------------------------------------------------------------------------------- schemas


def _of_schema(at: str, path: tuple[str | int, ...], schema: Json) -> Iterator[Mutant]:
    if not isinstance(schema, dict):
        return
    if "type" in schema and "const" not in schema:
        yield _deleting("loosen-type", at, path, "type")
    for key in _BOUNDS:
        if key in schema:
            for step in (-1, 1):
                yield _setting("move", f"{at} {key} {step:+}", path, key, schema[key] + step)
            yield _deleting("drop-bound", f"{at} {key}", path, key)
    for key in ("x-max-product", "x-max-sum"):
        if key in schema:
            for step in (-1, 1):
                yield _setting("move", f"{at} {key} {step:+}", (*path, key), "maximum", schema[key]["maximum"] + step)
            yield _deleting("drop-bound", f"{at} {key}", path, key)
    yield from _of_values(at, path, schema)
    if schema.get("format") == "password":
        yield _deleting("drop-secret", at, path, "format")
    elif "format" in schema:
        yield _deleting("drop-format", at, path, "format")
    for key in ("pattern", "uniqueItems", "x-named-once"):
        if key in schema:
            yield _deleting("drop-rule", f"{at} {key}", path, key)
    if "x-default" in schema:
        yield _setting("change-default", at, path, "x-default", _another(schema["x-default"]))
        yield _deleting("drop-default", at, path, "x-default")
    if isinstance(schema.get("additionalProperties"), bool):
        yield _setting(
            "turn", f"{at} additionalProperties", path, "additionalProperties", not schema["additionalProperties"]
        )
    for key in ("x-client-name", "x-aliases", "x-inline", "x-list-of", "x-shorthand", "x-separator"):
        if key in schema:
            yield _deleting("drop-reading", f"{at} {key}", path, key)
    for name in schema.get("required", []):
        yield _setting("drop-required", f"{at} {name}", path, "required", _without(schema["required"], name))
    for name, inner in schema.get("properties", {}).items():
        yield from _of_property(at, path, schema, name)
        if "allOf" not in path or "if" not in path:
            yield from _of_schema(f"{at}.{name}", (*path, "properties", name), inner)
    if "items" in schema:
        yield from _of_schema(f"{at}[]", (*path, "items"), schema["items"])
    for number, inner in enumerate(schema.get("anyOf", [])):
        word = inner.get("$ref", inner.get("type", str(number))).rpartition("/")[2]
        yield _deleting("drop-form", f"{at} {word}", (*path, "anyOf"), number)
    for number, inner in enumerate(schema.get("allOf", [])):
        name = inner.get("x-name", inner.get("$ref", f"#{number}").rpartition("/")[2])
        yield _deleting("drop-rule", f"{at} {name}", (*path, "allOf"), number)
        if "if" in inner or "not" in inner:
            needed = {*schema.get("required", [])} if "if" in inner else set()
            yield from _of_rule(f"{at} {name}", (*path, "allOf", number), inner, needed)
        else:
            yield from _of_schema(f"{at}({name})", (*path, "allOf", number), inner)


def _of_rule(at: str, path: tuple[str | int, ...], rule: Json, needed: set[str]) -> Iterator[Mutant]:
    """What a rule between fields asks, and of whom. Of what is needed anyway, it may ask or not."""
    for key, value in rule.items():
        if key in ("enum", "required"):
            for one in value:
                if key == "required" and path[-1] == "if" and one in needed:
                    continue
                yield _setting(
                    f"rule-{key}", f"{at} {'.'.join(map(str, path[4:]))} {one}", path, key, _without(value, one)
                )
        elif key == "const":
            yield _setting("rule-const", f"{at} {'.'.join(map(str, path[4:]))}", path, key, _another(value))
        elif isinstance(value, dict) and key not in ("contains", "x-max-sum"):
            yield from _of_rule(at, (*path, key), value, needed)


def _of_property(at: str, path: tuple[str | int, ...], schema: Json, name: str) -> Iterator[Mutant]:
    def drop(node: Json) -> None:
        del node["properties"][name]
        if name in node.get("required", []):
            node["required"] = _without(node["required"], name)

    def rename(node: Json) -> None:
        node["properties"] = {f"{key}X" if key == name else key: value for key, value in node["properties"].items()}
        if name in node.get("required", []):
            node["required"] = [f"{key}X" if key == name else key for key in node["required"]]

    def need(node: Json) -> None:
        node["required"] = [*node.get("required", []), name]

    yield Mutant("drop-field", f"{at}.{name}", drop, path)
    yield Mutant("rename", f"{at}.{name}", rename, path)
    if schema.get("type") == "object" and name not in schema.get("required", []):
        yield Mutant("require", f"{at}.{name}", need, path)


def _of_values(at: str, path: tuple[str | int, ...], schema: Json) -> Iterator[Mutant]:
    for number, value in enumerate(schema.get("enum", [])):

        def drop(node: Json, number: int = number) -> None:
            del node["enum"][number]
            if "x-enum-varnames" in node:
                del node["x-enum-varnames"][number]

        if len(schema["enum"]) > 1:
            yield Mutant("drop-value", f"{at} {value}", drop, path)
        yield _setting("change-value", f"{at} {value}", (*path, "enum"), number, _another(value))
    if "const" in schema:
        yield _setting("change-value", f"{at} {schema['const']}", path, "const", _another(schema["const"]))


def _another(value: Json) -> Json:
    if isinstance(value, bool):
        return not value
    if isinstance(value, int):
        return value + 1000
    return [*value, "other"] if isinstance(value, list) else f"{value}x"
