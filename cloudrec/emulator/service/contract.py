"""Contract of the service: its routes, and the requests that it allows."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any
from urllib.parse import unquote

from jsonschema.protocols import Validator

from ..world.settings import Mode
from .json_schema import ContractValidator
from .problems import most_helpful

Json = dict[str, Any]

#: The path item members that are methods, of those that OpenAPI knows.
_METHODS = ("get", "put", "post", "delete", "options", "head", "patch", "trace")


@dataclass(frozen=True)
class Route:
    """One operation of the contract."""

    operation: str
    method: str
    #: The path in segments; one in braces is a parameter.
    template: tuple[str, ...]
    #: Name of the request body's component, where the operation takes a body.
    body: str | None
    #: The component of `clientRequest` in each mode that the operation is for, where the mode is in the path.
    client_requests: Mapping[str, str]

    def match(self, method: str, segments: list[str]) -> dict[str, str] | None:
        """The path's parameters, where method and path are this operation's."""
        if method != self.method or len(segments) != len(self.template):
            return None
        parameters = {}
        for wanted, got in zip(self.template, segments, strict=True):
            if wanted.startswith("{"):
                if not got:
                    return None
                parameters[wanted[1:-1]] = got
            elif wanted != got:
                return None
        return parameters


def path_segments(raw_path: str) -> list[str]:
    """A path in segments. They are decoded after the split: an escaped slash stays in its segment."""
    return [unquote(segment) for segment in raw_path.removeprefix("/").split("/")]


class Contract:
    """The document, ready to be asked. A strict one also refuses what the service is not known to refuse."""

    def __init__(self, document: Json, *, strict: bool = False) -> None:
        self.document = document
        #: It also refuses what the service is not known to refuse.
        self.strict: bool = strict
        self.routes: tuple[Route, ...] = tuple(_routes(document))
        self._client_requests = {route.body: route.client_requests for route in self.routes}
        self._validators: dict[tuple[str, Mode | None], Validator] = {}
        self._spots: dict[str, dict[str, dict[str, None]]] | None = None

    @classmethod
    @cache
    def shipped(cls, *, strict: bool = False) -> Contract:
        """The contract that is part of the package."""
        return cls(json.loads(files("cloudrec").joinpath("contract.json").read_text("utf-8")), strict=strict)

    def find(self, method: str, segments: list[str]) -> tuple[Route, dict[str, str]] | None:
        """The operation that a method and a path mean, and the path's parameters."""
        for route in self.routes:
            parameters = route.match(method, segments)
            if parameters is not None:
                return route, parameters
        return None

    def validator(self, component: str, mode: Mode | None = None) -> Validator:
        """What checks a value against a component, as it stands for one mode."""
        if (component, mode) not in self._validators:
            schemas = self.document["components"]["schemas"]
            variant = self._client_requests.get(component, {}).get(mode or "")
            schema = schemas[component] if variant is None else _narrowed(schemas, component, variant)
            taken = (_ALLOWS, _IGNORES) if self.strict else (_ALLOWS, _IGNORES, _TAKES)
            self._validators[component, mode] = ContractValidator(_spelt_out(schema, schemas, taken))
        return self._validators[component, mode]

    def problem(self, component: str, value: Any, mode: Mode | None = None) -> str | None:
        """What is wrong with a request's body, in words; None when it is good."""
        return most_helpful(list(self.validator(component, mode).iter_errors(value)), self._elsewhere)

    def _elsewhere(self, name: str, place: str) -> str:
        """Where a field of `clientRequest` stands that is not one at this place."""
        if self._spots is None:
            self._spots = _spots(self.document["components"]["schemas"], self.routes)
        place = re.sub(r"\[\d+\]", "[]", place).removeprefix("clientRequest").removeprefix("startParameter").lstrip(".")
        found = self._spots.get(name, {})
        if modes := list(filter(None, found.get(place, ()))):
            return f"; it is one in {' and '.join(modes)} mode only"
        others = [inside or "clientRequest" for inside in found if inside != place]
        return f"; it belongs into {' or '.join(others)}" if others else ""


def _routes(document: Json) -> Iterator[Route]:
    for path, item in document["paths"].items():
        for method in _METHODS:
            if method in item:
                operation = item[method]
                for place in [path, *operation.get("x-also-at", [])]:
                    yield Route(
                        operation=operation["operationId"],
                        method=method.upper(),
                        template=tuple(place.removeprefix("/").split("/")),
                        body=_body_component(operation),
                        client_requests=operation.get("x-client-request", {}),
                    )


def _body_component(operation: Mapping[str, Any]) -> str | None:
    body = operation.get("requestBody")
    if body is None:
        return None
    reference: str = body["content"]["application/json"]["schema"]["$ref"]
    return reference.rpartition("/")[2]


def _narrowed(schemas: Mapping[str, Json], component: str, variant: str) -> Json:
    """The schema of a request whose `clientRequest` is that of one mode and no other.

    A body that is wrong for `mix` is then told what is wrong with it in `mix` mode, and not that it
    is none of three things.
    """
    schema = schemas[component]
    return schema | {"properties": schema["properties"] | {"clientRequest": schemas[variant]}}


def _spots(schemas: Mapping[str, Json], routes: Sequence[Route]) -> dict[str, dict[str, dict[str, None]]]:
    """Every field of a `clientRequest`: its name, the objects that it stands in, and in which modes."""
    found: dict[str, dict[str, dict[str, None]]] = {}

    def walk(node: Json, mode: str, inside: str) -> None:
        node = _referred(node, schemas)
        for form in (node, *(_referred(form, schemas) for form in node.get("anyOf", ()))):
            if "items" in form:
                walk(form["items"], mode, f"{inside}[]")
            for name, inner in form.get("properties", {}).items():
                found.setdefault(name, {}).setdefault(inside, {})[mode] = None
                if name != "startParameter":
                    walk(inner, mode, f"{inside}.{name}".lstrip("."))

    for route in routes:
        for mode, component in route.client_requests.items():
            walk(schemas[component], mode, "")
    walk(schemas["AcquireClientRequest"], "", "")
    return found


def _referred(node: Json, schemas: Mapping[str, Json]) -> Json:
    """A schema, or the one that it refers to."""
    while "$ref" in node:
        node = schemas[node["$ref"].rpartition("/")[2]]
    return node


#: What `x-service` says of rules that the service does not hold its callers to, as far as anybody knows.
_TAKES, _ALLOWS, _IGNORES = "takes", "allows", "ignores"
#: The keywords that are the contract's own, as far as they are enforced.
_OWN = ("x-max-", "x-named-once")


def _spelt_out(node: Any, schemas: Mapping[str, Json], taken: Sequence[str]) -> Any:
    """A schema with what it refers to in its place, and without the rules whose breach is taken.

    None refers to itself, and `jsonschema` is slow with references.
    """
    if isinstance(node, list):
        return [_spelt_out(item, schemas, taken) for item in node if not _is_taken(item, taken)]
    if not isinstance(node, dict):
        return node
    if "$ref" in node:
        return _spelt_out(schemas[node["$ref"].rpartition("/")[2]], schemas, taken)
    is_taken = _is_taken(node, taken)
    return {
        name: _spelt_out(item, schemas, taken)
        for name, item in node.items()
        if not (is_taken and name.startswith(_OWN))
    }


def _is_taken(node: Any, taken: Sequence[str]) -> bool:
    return isinstance(node, dict) and node.get("x-service") in taken
