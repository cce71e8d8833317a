"""The OpenAPI document as the library reads it: operations, components, names of secrets."""

import json
import re
from collections.abc import Callable
from functools import cache
from typing import Any, NamedTuple
from urllib.parse import unquote

Schema = dict[str, Any]


class Operation(NamedTuple):
    """One endpoint."""

    method: str
    path: str
    client_requests: dict[str, str]
    """The component of `clientRequest` in each mode that it is for; empty where no mode is in the path."""


@cache
def document() -> dict[str, Any]:
    """The whole document, read once."""
    # Not above: it is read when there is something to check, and by then there is time.
    from pkgutil import get_data

    loaded: dict[str, Any] = json.loads(get_data("cloudrec", "contract.json") or b"")
    return loaded


@cache
def operations() -> dict[str, Operation]:
    """Every endpoint by its operationId."""
    return {
        item["operationId"]: Operation(method.upper(), path, item.get("x-client-request", {}))
        for path, methods in document()["paths"].items()
        for method, item in methods.items()
        if method != "parameters"
    }


@cache
def _patterns() -> list[tuple[str, re.Pattern[str], str]]:
    """Method, path as a pattern, and operationId of every endpoint."""
    return [
        (known.method, re.compile(re.sub(r"\\{(\w+)\\}", r"(?P<\1>[^/]+)", re.escape(known.path))), name)
        for name, known in operations().items()
    ]


def operation_of(method: str, path: str) -> tuple[str, dict[str, str]] | None:
    """The operationId of a request and the parameters in its path; None if the document has no such endpoint."""
    for known, pattern, name in _patterns():
        found = pattern.fullmatch(path) if known == method else None
        if found is not None:
            return name, {key: unquote(value) for key, value in found.groupdict().items()}
    return None


_components: dict[str, Schema] = {}


def component(name: str) -> Schema:
    """The schema of that name, with what it refers to in the place of each reference."""
    found = _components.get(name)
    if found is None:
        made: dict[str, Schema] = {}
        _resolve(name, made)
        # Not before all of it is there: other threads look, too.
        _components.update(made)
        found = made[name]
    return found


def _resolve(name: str, made: dict[str, Schema]) -> Schema:
    """Makes a component, and those that it refers to, as far as they are not there yet."""
    if name in _components:
        return _components[name]
    if name not in made:
        made[name] = {}
        made[name].update(_whole(document()["components"]["schemas"][name], made))
    return made[name]


def _whole(part: Any, made: dict[str, Schema]) -> Any:
    if isinstance(part, list):
        return [_whole(item, made) for item in part]
    if not isinstance(part, dict):
        return part
    beside = {key: _whole(item, made) for key, item in part.items() if key != "$ref"}
    if "$ref" not in part:
        return beside
    meant = _resolve(part["$ref"].rpartition("/")[2], made)
    # What stands beside a reference is of this place alone.
    return {**meant, **beside} if beside else meant


def resolve(schema: Schema) -> Schema:
    """A schema of the document, or the component that it refers to."""
    return component(schema["$ref"].rpartition("/")[2]) if "$ref" in schema else schema


@cache
def secret_names() -> frozenset[str]:
    """Names, on the wire, of the fields that hold secrets."""
    return _names(lambda schema: schema.get("format") == "password")


@cache
def url_names() -> frozenset[str]:
    """Names, on the wire, of the fields that hold addresses of the web, in which secrets may stand."""
    return _names(is_url)


def is_url(schema: Schema) -> bool:
    """Whether a schema asks for an address of the web."""
    return schema.get("x-name") == "http-url"


def _names(are: Callable[[Schema], bool]) -> frozenset[str]:
    return frozenset(
        name
        for part in document()["components"]["schemas"]
        for name, value in component(part).get("properties", {}).items()
        if are(value)
    )


class Spot(NamedTuple):
    """Where a field of a `clientRequest` stands."""

    call: str
    """The call, and the mode where it depends on that: ``start raw``."""
    inside: str
    """The objects around it: ``recordingConfig.transcodingConfig``; empty for none."""


@cache
def spots() -> dict[str, list[Spot]]:
    """Where each field of a request stands, by its name on the wire."""
    found: dict[str, list[Spot]] = {}

    def walk(schema: Schema, call: str, inside: str) -> None:
        schema = resolve(schema)
        for form in [schema, *schema.get("anyOf", [])]:
            if "items" in form:
                walk(form["items"], call, f"{inside}[]")
            for name, inner in resolve(form).get("properties", {}).items():
                found.setdefault(name, []).append(Spot(call, inside))
                if name != "startParameter":
                    walk(inner, call, f"{inside}.{name}".lstrip("."))

    for name, operation in operations().items():
        for mode, request in operation.client_requests.items():
            walk(component(request), f"{name} {mode}", "")
    walk(component("AcquireClientRequest"), "acquire", "")
    return found


def default(name: str, field: str) -> Any:
    """What the service takes a field of a component for that is left out."""
    return component(name)["properties"][field]["x-default"]
