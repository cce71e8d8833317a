"""Webhooks in the OpenAPI document, in the library and on the provider's pages are the same."""

from __future__ import annotations

import json
from typing import Any

import pytest
from jsonschema import Draft202012Validator

import cloudrec.webhooks
from cloudrec._contract.document import component, document, resolve
from cloudrec.webhooks import Event, EventType, LeaveCode, TranscodedUser, UnknownEvent, parse
from cloudrec.webhooks._details import DETAILS
from cloudrec_api import models
from cloudrec_api.views import View, fields_of
from tests.contract.test_document import REGISTRY
from tests.support import Json
from tests.webhooks.support import FACTS

WEBHOOKS: dict[str, Json] = {name: item["post"] for name, item in document()["webhooks"].items()}
TYPES = {"String": "string", "Number": "integer", "Boolean": "boolean", "JSONArray": "array", "JSON": "object"}
# Where the document says something else than the provider's pages; each has its evidence there.
DELIBERATE = {
    ("12", "newUid"): {"string", "integer"},
    ("100", "status"): {"string", "integer"},
    ("31", "sliceStartTime"): {"integer", "string"},
    ("32", "sliceStartTime"): {"integer", "string"},
    ("71", "sliceStartTime"): {"integer", "string"},
}


def example(name: str) -> Json:
    """What the service sends."""
    return WEBHOOKS[name]["requestBody"]["content"]["application/json"]["examples"]["sent"]["value"]


def schema_of(name: str) -> Json:
    """What it must be."""
    return WEBHOOKS[name]["requestBody"]["content"]["application/json"]["schema"]


def types_of(schema: Json) -> set[str]:
    """The types that a field may have."""
    schema = resolve(schema)
    listed = schema.get("type", [])
    own = {listed} if isinstance(listed, str) else set(listed)
    return own.union(*map(types_of, schema.get("anyOf", [])))


def test_every_event_is_there() -> None:
    """The 27 events of the provider's pages: in the document as webhooks, in the library as classes."""
    assert len(FACTS) == 27
    assert list(WEBHOOKS) == [fact["name"] for fact in FACTS.values()]
    assert set(DETAILS) == {int(number) for number in FACTS} == {kind.value for kind in EventType}
    assert [EventType(int(number)).name.lower() for number in FACTS] == [fact["name"] for fact in FACTS.values()]
    classes = [kind.__name__ for kind in DETAILS.values()]
    assert len(set(classes)) == 27
    assert set(classes) <= set(cloudrec.webhooks.__all__)


@pytest.mark.parametrize("number", FACTS)
def test_fields(number: str) -> None:
    """Every documented field is in the document, with its type and at its depth; a class reads those of the top."""
    fact = FACTS[number]
    name = "".join(part.capitalize() for part in fact["name"].split("_"))
    # What the fields of each depth stand in.
    path = [component(f"{name}Details")]
    for field in fact["fields"]:
        path = path[: field["depth"] + 1]
        schema = path[-1]["properties"][field["name"]]
        wanted = DELIBERATE.get((number, field["name"]), {TYPES[field["type"]]})
        assert types_of(schema) == wanted
        below = resolve(schema)
        path.append(resolve(below["items"]) if "items" in below else below)
    documented = {field["name"] for field in fact["fields"] if field["depth"] == 0} | {"msgName"}
    assert set(component(f"{name}Details")["properties"]) == documented
    check_class(DETAILS[int(number)], f"{name}Details")


def check_class(kind: type[View], name: str) -> None:
    """A class reads every field of its component, and needs those that are required."""
    fields = fields_of(kind).values()
    wanted = component(name)
    assert sorted(field.path[0] for field in fields) == sorted(wanted["properties"])
    needed = {field.path[0] for field in fields if field.needed and len(field.path) == 1}
    assert needed == set(wanted.get("required", []))
    assert issubclass(kind, getattr(models, name))


def test_parts() -> None:
    """So does the class of what an event has several of."""
    check_class(TranscodedUser, "TranscodedUser")


def test_leave_codes() -> None:
    """The bits of a leave code are those of the document."""
    bits = dict(zip(component("LeaveReason")["x-enum-varnames"], component("LeaveReason")["enum"], strict=True))
    assert {flag.name: flag.value for flag in LeaveCode} == bits


@pytest.mark.parametrize("name", WEBHOOKS)
def test_example(name: str) -> None:
    """The example is what the schema says and nothing of it is unforeseen."""
    value = example(name)
    text = json.dumps(schema_of(name)).replace("#/components", "urn:contract#/components")
    judge = Draft202012Validator(json.loads(text), registry=REGISTRY)
    judge.validate(value)
    assert not judge.is_valid(value | {"eventType": 0})
    details = value["payload"]["details"]

    found = parse(json.dumps(value).encode())
    assert isinstance(found, Event)
    assert not isinstance(found.details, UnknownEvent)
    assert found.details.name == name
    # Every field is there, so that the example is an example of each.
    assert set(details) == set(component(type_name(name))["properties"])


def type_name(name: str) -> str:
    """The component of an event."""
    return "".join(part.capitalize() for part in name.split("_")) + "Details"


@pytest.mark.parametrize("name", WEBHOOKS)
def test_operation(name: str) -> None:
    """It is signed, needs no credential, and wants a 200 with JSON."""
    operation: Any = WEBHOOKS[name]
    assert operation["security"] == []
    assert [item["$ref"].rpartition("/")[2] for item in operation["parameters"]] == ["SignatureV2", "SignatureV1"]
    assert set(operation["responses"]) == {"200", "401"}
    assert operation["tags"] == ["webhooks"]
    assert operation["summary"]


def test_operation_ids_are_unique() -> None:
    """No webhook has the operationId of a call, or of another."""
    calls = [item["operationId"] for path in document()["paths"].values() for item in path.values() if "tags" in item]
    ids = [operation["operationId"] for operation in WEBHOOKS.values()]
    assert len(set(calls) | set(ids)) == len(calls) + len(ids)
