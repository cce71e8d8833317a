"""Contract of the service: its routes, and the requests that it allows."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
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
    """The document, ready to be asked."""

    def __init__(self, document: Json) -> None:
        self.document = document
        self.routes: tuple[Route, ...] = tuple(_routes(document))
        self._client_requests = {route.body: route.client_requests for route in self.routes}
        self._validators: dict[tuple[str, Mode | None], Validator] = {}

    @classmethod
    @cache
    def shipped(cls) -> Contract:
        """The contract that is part of the package."""
        return cls(json.loads(files("cloudrec").joinpath("contract.json").read_text("utf-8")))

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
            self._validators[component, mode] = ContractValidator(_spelt_out(schema, schemas))
        return self._validators[component, mode]

    def problem(self, component: str, value: Any, mode: Mode | None = None) -> str | None:
        """What is wrong with a request's body, in words; None when it is good."""
        return most_helpful(list(self.validator(component, mode).iter_errors(value)))


def _routes(document: Json) -> Iterator[Route]:
    for path, item in document["paths"].items():
        for method in _METHODS:
            if method in item:
                operation = item[method]
                yield Route(
                    operation=operation["operationId"],
                    method=method.upper(),
                    template=tuple(path.removeprefix("/").split("/")),
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


def _spelt_out(node: Any, schemas: Mapping[str, Json]) -> Any:
    """A schema with what it refers to in its place. None refers to itself, and `jsonschema` is slow with references."""
    if isinstance(node, list):
        return [_spelt_out(item, schemas) for item in node]
    if not isinstance(node, dict):
        return node
    if "$ref" in node:
        return _spelt_out(schemas[node["$ref"].rpartition("/")[2]], schemas)
    return {name: _spelt_out(item, schemas) for name, item in node.items()}
