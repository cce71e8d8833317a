"""The OpenAPI document agrees with the facts of the provider's reference, and with itself."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import pytest
import yaml
from jsonschema import Draft202012Validator
from openapi_spec_validator import validate
from referencing import Registry
from referencing.jsonschema import DRAFT202012

from cloudrec._contract.checker import check, notes
from tests.support import Json, each, read_contract, read_json

DOCUMENT: Json = read_contract()
SCHEMAS: Json = DOCUMENT["components"]["schemas"]
REGISTRY = Registry().with_resource("urn:contract", DRAFT202012.create_resource(DOCUMENT))
OPERATIONS: dict[str, Json] = {
    item["operationId"]: {"parameters": path.get("parameters", []), **item}
    for path in DOCUMENT["paths"].values()
    for method, item in path.items()
    if method != "parameters"
}


def resolved(node: Json) -> Json:
    """A node of the document, or what it refers to."""
    while "$ref" in node:
        target = DOCUMENT
        for part in node["$ref"].removeprefix("#/").split("/"):
            target = target[part]
        node = target
    return node


def forms(schema: Json) -> list[Json]:
    """A schema, resolved, and its alternatives."""
    schema = resolved(schema)
    return [schema, *(form for choice in schema.get("anyOf", []) for form in forms(choice))]


# ------------------------------------------------------------------------------------------- the document itself


def test_is_openapi() -> None:
    """It is a valid OpenAPI 3.1 document."""
    assert DOCUMENT["openapi"].startswith("3.1")
    validate(DOCUMENT)


def test_operations() -> None:
    """It has the six endpoints and the one that lists addresses, at their documented paths."""
    base = "/v1/apps/{appid}/cloud_recording"
    running = base + "/resourceid/{resourceid}/sid/{sid}/mode/{mode}"
    found = {
        (item["operationId"], method, path)
        for path, methods in DOCUMENT["paths"].items()
        for method, item in methods.items()
        if method != "parameters"
    }
    assert found == {
        ("acquire", "post", f"{base}/acquire"),
        ("start", "post", f"{base}/resourceid/{{resourceid}}/mode/{{mode}}/start"),
        ("query", "get", f"{running}/query"),
        ("update", "post", f"{running}/update"),
        ("updateLayout", "post", f"{running}/updateLayout"),
        ("stop", "post", f"{running}/stop"),
        ("ncsIps", "get", "/v1/ncs/ip"),
    }


def test_hosts() -> None:
    """It names every host that the provider does."""
    regional, across, *others = DOCUMENT["servers"]
    assert across["url"] == "https://api.sd-rtn.com/{region}"
    assert across["variables"]["region"]["enum"] == ["cn", "eu", "ap", "us"]
    assert set(regional["variables"]["domain"]["enum"]) == {"agora.io", "sd-rtn.com"}
    assert set(regional["variables"]["prefix"]["enum"]) == {
        "api-us-west-1", "api-us-east-1", "api-eu-west-1", "api-eu-central-1", "api-ap-southeast-1",
        "api-ap-northeast-1", "api-cn-east-1", "api-cn-north-1",
    }  # fmt: skip
    assert [server["url"] for server in others] == ["https://api.agora.io", "https://api.sd-rtn.com"]
    assert DOCUMENT["components"]["securitySchemes"]["basic"]["scheme"] == "basic"


def contents(node: Json, place: str = "") -> Iterator[tuple[str, Json]]:
    """Every content of a request or response in the document."""
    if isinstance(node, dict):
        if "schema" in node and "examples" in node:
            yield place, node
        for key, value in node.items():
            yield from contents(value, f"{place}/{key}")


CONTENTS = dict(contents({"paths": DOCUMENT["paths"], "responses": DOCUMENT["components"]["responses"]}))


@each("place", CONTENTS)
def test_examples_are_valid(place: str) -> None:
    """Every example is what its schema says."""
    content = CONTENTS[place]
    assert content["examples"]
    schema = json.loads(json.dumps(content["schema"]).replace("#/components", "urn:contract#/components"))
    for example in content["examples"].values():
        Draft202012Validator(schema, registry=REGISTRY).validate(resolved(example)["value"])


@pytest.mark.parametrize(
    "name", [name for name in DOCUMENT["components"]["examples"] if name.startswith(("Query", "Stop"))]
)
def test_examples_of_server_responses(name: str) -> None:
    """Every example of a serverResponse is what the component of its name says."""
    component = {"StopUploadService": "StopUploadServiceServerResponse"}.get(name, f"{name}ServerResponse")
    schema = {"$ref": f"urn:contract#/components/schemas/{component}"}
    body = DOCUMENT["components"]["examples"][name]["value"]["serverResponse"]
    Draft202012Validator(schema, registry=REGISTRY).validate(body)


def test_schema_examples_are_valid() -> None:
    """The same for examples inside of schemas."""
    found = {name: schema["examples"] for name, schema in SCHEMAS.items() if "examples" in schema}
    assert found
    for name, examples in found.items():
        for example in examples:
            Draft202012Validator({"$ref": f"urn:contract#/components/schemas/{name}"}, registry=REGISTRY).validate(
                example
            )


def referred(*names: str) -> set[str]:
    """These components and all below them."""
    found: set[str] = set()
    waiting: list[Any] = [{"$ref": f"#/components/schemas/{name}"} for name in names]
    while waiting:
        node = waiting.pop()
        if isinstance(node, dict):
            if "$ref" in node and (name := node["$ref"].rpartition("/")[2]) not in found:
                found.add(name)
                waiting.append(SCHEMAS[name])
            waiting += node.values()
        elif isinstance(node, list):
            waiting += node
    return found


REQUESTS = referred("AcquireRequest", "StartRequest", "UpdateRequest", "UpdateLayoutRequest", "StopRequest")
RESPONSES = referred(
    # Webhooks come from the service as answers do.
    *[name for name in SCHEMAS if name.endswith(("Response", "Failure", "Notice", "Details"))],
)


@each("name", [name for name, schema in SCHEMAS.items() if schema.get("type") == "object"])
def test_objects_are_strict_or_open(name: str) -> None:
    """Objects of requests take nothing that is not listed, objects of responses take everything."""
    assert (name in REQUESTS) != (name in RESPONSES)
    assert SCHEMAS[name]["additionalProperties"] is (name not in REQUESTS)


@each("name", SCHEMAS)
def test_required_names_are_properties(name: str) -> None:
    """What is required is described, and everything is described in words."""
    schema = SCHEMAS[name]
    assert set(schema.get("required", [])) <= set(schema.get("properties", {}))
    assert schema["description"]
    for item in schema.get("properties", {}).values():
        assert item is False or "$ref" in item or item.get("description") or "anyOf" in item


@each("name", [name for name in SCHEMAS if "enum" in SCHEMAS[name]])
def test_enumerations_are_open_in_responses(name: str) -> None:
    """A response takes values that are not listed: an enumeration stands beside the plain type there."""
    schema = SCHEMAS[name]
    assert len(schema.get("x-enum-varnames", schema["enum"])) == len(schema["enum"])
    assert len(set(schema.get("x-enum-varnames", schema["enum"]))) == len(schema["enum"])
    for other in RESPONSES:
        for field, item in SCHEMAS[other].get("properties", {}).items():
            assert item.get("$ref", "").rpartition("/")[2] != name, (other, field)
            if {"$ref": f"#/components/schemas/{name}"} in item.get("anyOf", []):
                assert {"type": schema["type"]} in item["anyOf"], (other, field)


def test_only_what_nothing_works_without_is_required_of_a_response() -> None:
    """Responses require next to nothing."""
    needed = {name: SCHEMAS[name]["required"] for name in RESPONSES if SCHEMAS[name].get("required")}
    assert needed == {
        "AcquireResponse": ["resourceId"],
        "StartResponse": ["sid"],
        "WebRecorderServiceState": ["serviceName"],
        "RtmpPublishServiceState": ["serviceName"],
        "UploadServiceState": ["serviceName"],
        "CloudRecordingStatusUpdateDetails": ["status"],
        "CloudRecordingFileInfosDetails": ["fileList"],
        "SessionFailoverDetails": ["newUid"],
        "UploadingProgressDetails": ["progress"],
        "RecorderSliceStartDetails": ["startUtcMs"],
        "RecorderAudioStreamStateChangedDetails": ["streamUid", "state"],
        "RecorderVideoStreamStateChangedDetails": ["streamUid", "state"],
        "RecorderSnapshotFileDetails": ["fileName"],
        "AliVodDetails": ["videoId"],
        "TranscoderCompletedDetails": ["result"],
        "DownloadFailedDetails": ["fileName"],
        "RtmpPublishStatusDetails": ["status"],
        "PostponeTranscodeFinalResultDetails": ["result"],
    }


def test_no_defaults() -> None:
    """No schema but a constant's has a `default`, which the generated models send."""
    waiting: list[Json] = list(SCHEMAS.values())
    while waiting:
        node = waiting.pop()
        if isinstance(node, dict):
            assert "default" not in node or node["default"] == node["const"]
            waiting += [*node.get("properties", {}).values(), *(node[key] for key in node if key != "properties")]
        elif isinstance(node, list):
            waiting += node


# ------------------------------------------------------------------------------------------- fields.json

# Every deliberate difference between the reference's fields and the document; each has its evidence there, too.
RENAMED = {
    # The guides, the Chinese pages and all SDKs, which speak to the live service, write it so; case counts.
    "unsubscribeAudioUids": "unSubscribeAudioUids",
    "unsubscribeVideoUids": "unSubscribeVideoUids",
}
# By the end of the path: what the document says instead.
DELIBERATE: dict[str, tuple[str, Any]] = {
    # From 1 in the release notes, the guide and the newer Chinese document.
    "snapshotConfig.captureInterval": ("range", {(1, 3600)}),
    # The reference has no range of its own for the page's picture; both Chinese documents do.
    # Required in the reference, which also says what it is where it is left out.
    "recordingConfig.channelType": ("required", {False}),
    # Without effect for three vendors, by the Chinese reference.
    "storageConfig.region": ("required", {False}),
    # `mp3` is of `raw` mode, which is newer than these tables.
    "recordingFileConfig.avFileType": ("values", {"hls", "mp4", "mp3"}),
    # `stranded` is on the provider's unmerged branch alone.
    "uploadingStatus": ("values", {"uploaded", "backuped", "unknown", "stranded"}),
    # 2, deferred transcoding, stands on older pages and still works.
    "acquire clientRequest.scene": ("values", {0, 1, 2}),
    # Marked required in the reference, although its regions page lets `endpoint` stand alone for vendor 11.
    "extensionParams.sse": ("required", {False}),
    "extensionParams.tag": ("required", {False}),
    # Optional in the reference, which has one table for all modes: `web` mode does nothing without it.
    "extensionServiceConfig": ("required", {True}),
    # An output without an address is none.
    "rtmpPublishConfig.outputs[].rtmpUrl": ("required", {True}),
    # The reference lists its default, 0, as if it were the only value; it gives the range 0 to 60 beside it.
    "serviceParam.readyTimeout": ("values", set()),
}

ROWS = [
    ("updateLayout" if name == "update-layout" else name, row)
    for name, rows in read_json("data", "fields.json").items()
    for row in rows
]


def parents_of(operation: str, row: Json) -> tuple[list[Json], str]:
    """The schemas that a field stands in, and its name there."""
    if row["where"] == "request":
        found = [OPERATIONS[operation]["requestBody"]["content"]["application/json"]["schema"]]
    else:
        found = [OPERATIONS[operation]["responses"]["200"]["content"]["application/json"]["schema"]]
    *path, name = [RENAMED.get(part, part) for part in row["path"].replace("[]", "").split(".")]
    for part in path:
        if part == "serverResponse":
            # Open in the document; its shapes are components of their own.
            prefix = operation.capitalize()
            found = [SCHEMAS[key] for key in SCHEMAS if key.startswith(prefix) and key.endswith("ServerResponse")]
        else:
            found = [parent["properties"][part] for parent in objects(found) if part in parent.get("properties", {})]
    return [parent for parent in objects(found) if name in parent.get("properties", {})], name


def objects(schemas: list[Json]) -> list[Json]:
    """The object schemas among the forms of these schemas, those of the items of lists included."""
    found = [form for schema in schemas for form in forms(schema)]
    items = [form for schema in found if "items" in schema for form in forms(schema["items"])]
    return [schema for schema in [*found, *items] if "properties" in schema]


def types_of(schema: Json) -> set[str]:
    """Types of a field, in the words of the reference."""
    found: set[str] = set()
    for form in forms(schema):
        listed = form.get("type", [])
        for kind in [listed] if isinstance(listed, str) else listed:
            if kind == "array":
                found |= {f"array[{item['type']}]" for item in forms(form["items"]) if "type" in item}
            else:
                found.add({"integer": "number"}.get(kind, kind))
    return found


def values_of(schema: Json) -> set[Any]:
    """What a field may be, of what is listed."""
    found: set[Any] = set()
    for form in forms(schema):
        found |= set(form.get("enum", [])) | ({form["const"]} if "const" in form else set())
        if "items" in form:
            found |= values_of(form["items"])
    return found


def differences(operation: str, row: Json) -> Iterator[tuple[str, Any]]:
    """In what the document says something else than a row of the reference."""
    parents, name = parents_of(operation, row)
    if not parents:
        yield "missing", name
        return
    fields = [parent["properties"][name] for parent in parents]
    wanted = {part.replace(" (float)", "") for part in row["type"].split(" or ")}
    got = set().union(*map(types_of, fields))
    if not wanted <= got:
        yield "type", got
    required = {name in parent.get("required", []) for parent in parents}
    if row["where"] == "request" and required != {row["required"]}:
        yield "required", required
    values = set().union(*map(values_of, fields))
    listed = {yaml.safe_load(value) for value in row.get("values", [])}
    if listed and "boolean" not in wanted and values != listed:
        yield "values", values
    defaults = [form["x-default"] for field in fields for form in forms(field) if "x-default" in form]
    if row.get("default") is not None and yaml.safe_load(row["default"]) not in defaults:
        yield "default", defaults
    if row.get("range") and row["type"].startswith("number"):
        low, high = map(float, row["range"].strip("[]").replace(" to ", ",").split(","))
        ranges = {(form.get("minimum"), form.get("maximum")) for field in fields for form in forms(field)}
        if ranges != {(low, high)}:
            yield "range", ranges


@each(("operation", "row"), ROWS)
def test_field_of_the_reference(operation: str, row: Json) -> None:
    """A documented field stands in the document with its type, range, listed values, default, and whether required."""
    if row["where"] == "path":
        parameters = [resolved(node) for node in OPERATIONS[operation]["parameters"]]
        [parameter] = [found for found in parameters if found["name"] == row["path"]]
        assert (parameter["in"], parameter["required"]) == ("path", row["required"])
        schema = resolved(parameter["schema"])
        assert schema["type"] == row["type"]
        # `raw` is newer than these tables.
        assert "possibleValues" not in row or schema["enum"] == [*row["possibleValues"].split(","), "raw"]
    else:
        place = f"{operation} {row['path']}"
        meant = [value for end, value in DELIBERATE.items() if place.endswith(end)]
        assert list(differences(operation, row)) == meant


# ------------------------------------------------------------------------------------------- errors.json


def failures(operation: str) -> list[tuple[str, Json]]:
    """Every failure that the document shows for an operation: status and body."""
    return [
        (status, resolved(example)["value"])
        for status, response in OPERATIONS[operation]["responses"].items()
        if status != "200"
        for example in resolved(response)["content"]["application/json"]["examples"].values()
    ]


@each(
    "row",
    read_json("data", "errors.json"),
)
def test_failure_of_the_reference(row: Json) -> None:
    """A documented failure is an example of that status of its endpoint; the gateway's are of every recording call."""
    general = row["endpoint"] == "general"
    # `ncsIps` has no App ID that could be wrong.
    everywhere = [name for name in OPERATIONS if name != "ncsIps" or row["http"] != 400]
    operations = everywhere if general else [row["endpoint"]]
    for operation in operations:
        shown = [body for status, body in failures(operation) if status == str(row["http"])]
        if row["message"]:
            assert {"message": row["message"]} in shown, operation
        elif row["reason"]:
            assert {"code": row["code"], "reason": row["reason"]} in shown
        else:
            # Its reason names the parameter, so any will do.
            assert row["code"] in [body.get("code") for body in shown]


# ------------------------------------------------------------------------------------------- storage_regions.json


def numbered(regions: Json) -> dict[int, dict[int, str]]:
    """Vendors and their regions by numbers; JSON has them as strings."""
    return {int(vendor): {int(number): name for number, name in names.items()} for vendor, names in regions.items()}


REGIONS = numbered(read_json("data", "storage_regions.json"))


def test_vendors() -> None:
    """The vendors are those of the reference, with all of their regions by name."""
    assert SCHEMAS["StorageVendor"]["enum"] == sorted(REGIONS)
    assert sum(map(len, REGIONS.values())) == 98
    named = numbered(SCHEMAS["StorageConfig"]["x-regions"])
    assert named[8].pop(0) == "Beijing"  # on an older page
    assert named == {vendor: regions for vendor, regions in REGIONS.items() if vendor in named}
    # The others have one region, which is no place.
    assert {vendor: set(REGIONS[vendor]) for vendor in REGIONS if vendor not in named} == {5: {0}, 6: {0}, 11: {0}}


@pytest.mark.parametrize("vendor", REGIONS)
def test_regions(vendor: int) -> None:
    """Each region number of a vendor is accepted and every other is refused, the gaps too."""
    judge = Draft202012Validator({"$ref": "urn:contract#/components/schemas/StorageConfig"}, registry=REGISTRY)
    config = {"vendor": vendor, "bucket": "b", "accessKey": "a", "secretKey": "s"}
    if vendor == 11:
        config["extensionParams"] = {"endpoint": "s3.example.com"}
    accepted = {region for region in range(-1, 40) if judge.is_valid(config | {"region": region})}
    beijing = {0} if vendor == 8 else set()  # on an older page
    assert accepted == set(REGIONS[vendor]) | beijing
    schema = SCHEMAS["StorageConfig"]
    # Where it has no effect, it may be any; there it is noted.
    taken = set(range(40)) if vendor in schema["x-no-region"] else accepted
    assert taken == {region for region in range(-1, 40) if not check(config | {"region": region}, schema)}
    noted = {region for region in range(40) if list(notes(config | {"region": region}, schema))}
    assert noted == taken - accepted
