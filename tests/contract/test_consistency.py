"""The parts of the OpenAPI document say the same: words and keywords, what stands in two places, requests and examples.

Nothing but the document and tables of facts is read here, so that each mistake in it is found without making anything.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import Any

import pytest
import yaml
from jsonschema import Draft202012Validator

from tests.bodies import COMPONENTS, REQUESTS as BODIES
from tests.contract.test_document import DOCUMENT, OPERATIONS, REGISTRY, REQUESTS, RESPONSES, SCHEMAS, resolved
from tests.support import TESTS, Json, each, read_json

EVENTS: Json = read_json("data", "events.json")
FIXTURES = sorted((TESTS / "contract" / "fixtures").glob("*.json"))


def places(at: str, schema: Json) -> Iterator[tuple[str, Json]]:
    """A schema and all that are written within it, by their places; not those of rules."""
    yield at, schema
    for name, inner in schema.get("properties", {}).items():
        yield from places(f"{at}.{name}", inner)
    if "items" in schema:
        yield from places(f"{at}[]", schema["items"])
    for number, inner in enumerate(schema.get("anyOf", [])):
        yield from places(f"{at}|{number}", inner)


PLACES = dict(place for name, schema in SCHEMAS.items() for place in places(name, schema))
ASKED = {at: schema for at, schema in PLACES.items() if re.match(r"\w+", at)[0] in REQUESTS}  # type: ignore[index]


def test_everything_has_a_type() -> None:
    """What a value may be is said: by a type, a reference, a constant or alternatives."""
    for at, schema in PLACES.items():
        assert {"type", "$ref", "const", "anyOf"} & set(schema), at


def test_alternatives_are_several() -> None:
    """One alternative alone is none; in answers the plain type stands beside what is listed."""
    for at, schema in PLACES.items():
        if "anyOf" in schema:
            assert len(schema["anyOf"]) > 1, at
            if at.partition(".")[0] in RESPONSES and at.rpartition(".")[2] not in ("serverResponse", "clientRequest"):
                listed = [form for form in schema["anyOf"] if "enum" in resolved(form)]
                assert not listed or any(set(form) == {"type"} for form in schema["anyOf"]), at


def named(place: str) -> set[str]:
    """The components that are alternatives at a place."""
    return {form["$ref"].rpartition("/")[2] for form in PLACES[place]["anyOf"]}


def test_alternatives_are_all_there_are() -> None:
    """What may stand in serverResponse, in its services, and in clientRequest is every component that is one."""
    for call in ("Query", "Stop"):
        every = {name for name in SCHEMAS if re.fullmatch(rf"{call}\w+ServerResponse", name)}
        assert named(f"{call}Response.serverResponse") == every
    for call in ("Start", "Update"):
        modes = OPERATIONS[call.lower()]["x-client-request"]
        assert set(modes) == set(SCHEMAS["Mode"]["enum"])
        assert named(f"{call}Request.clientRequest") == set(modes.values())
    assert named("AcquireClientRequest.startParameter") == named("StartRequest.clientRequest")
    assert set(OPERATIONS["stop"]["x-client-request"]) == set(SCHEMAS["Mode"]["enum"])
    assert set(OPERATIONS["updateLayout"]["x-client-request"]) == {"mix"}
    assert named("ExtensionServiceConfig.extensionServices[]") == {"WebRecorderService", "RtmpPublishService"}
    recorder, push, upload = (f"{name}ServiceState" for name in ("WebRecorder", "RtmpPublish", "Upload"))
    assert named("QueryWebRecordingServerResponse.extensionServiceState[]") == {recorder, push}
    assert named("StopWebRecordingServerResponse.extensionServiceState[]") == {recorder, upload}


# ------------------------------------------------------------------------------------------- words and keywords

# Values that the words leave to the reference, or to the pages of webhooks.
UNSAID: dict[str, list[Any]] = {
    "AudioSampleRate": ["48000", "32000", "16000"],
    "ErrorLevel": [1, 2, 3, 4, 5],
    "CapabilityLimitType": ["resolution", "WebGL", "bandwidth"],
    "ReloadReason": ["audio_silence", "page_load_timeout"],
    "TranscodingResult": ["all_success", "partial_success", "fail"],
    "UserTranscodingResult": ["success", "fail"],
    "PostponedTranscodingResult": ["total_success", "partial_success", "failed"],
    "ServiceRegion": ["CN", "AP", "EU", "NA"],
    "ServerSideEncryption": ["kms", "aes256"],
    "DecryptionMode": [0, 1, 2, 3, 4, 5, 6, 7, 8],
    "SnapshotFileType": ["jpg"],
    "TrackType": ["audio", "video", "audio_and_video"],
    "PublishStatus": ["connecting", "publishing", "onhold", "disconnected"],
    "EventType": [int(number) for number in EVENTS],
}


@each("name", [name for name in SCHEMAS if "enum" in SCHEMAS[name]])
def test_values_stand_in_words(name: str) -> None:
    """Each listed value is in the description, and each that is told there is listed; or all are here."""
    schema = SCHEMAS[name]
    if name in UNSAID:
        assert schema["enum"] == UNSAID[name]
        return
    words = re.sub(r"\b\d+ × \d+|\d+ (kHz|kbit/s)|of \d+|for \d[^,;.]*", "", schema["description"])
    told = set(re.findall(r"`([^`]+)`", words)) if schema["type"] == "string" else set(re.findall(r"\b\d+\b", words))
    told -= {*SCHEMAS["Mode"]["enum"], "maxResolutionUid", "layoutConfig", "fileList"} - set(schema["enum"])
    assert told == {str(value) for value in schema["enum"]}


# Bounds that no description tells, as nobody needs to be told them.
OWN: dict[str, Json] = {
    "StorageConfig.stsExpiration": {"minimum": 0},
    "TranscodingConfig.fps": {"minimum": 1},
    **{f"TranscodingConfig.{name}": {"minimum": 1, "maximum": 1920} for name in ("width", "height")},
    **{f"WebRecorderServiceParam.{name}": {"minimum": 240, "maximum": 1920} for name in ("videoWidth", "videoHeight")},
    "WebRecorderServiceParam.videoBitrate": {"minimum": 1},
    "TranscodingConfig.bitrate": {"minimum": 1, "maximum": 6500},
    "StorageConfig.region": {"minimum": 0},
    "StorageConfig.fileNamePrefix": {"x-max-joined-length": 128},
    "ChannelName": {"minLength": 1, "maxLength": 1024},
    "RecordingFileConfig.avFileType": {"minItems": 1, "maxItems": 2},
    "IndividualRecordingFileConfig.avFileType": {"minItems": 1, "maxItems": 1},
    "RawRecordingFileConfig.avFileType": {"minItems": 1, "maxItems": 3},
    "SnapshotConfig.fileType": {"minItems": 1, "maxItems": 1},
    "ExtensionServiceConfig.extensionServices": {"minItems": 1, "maxItems": 2},
    "RtmpPublishServiceParam.outputs": {"minItems": 1, "maxItems": 1},
    "RtmpPublishConfig.outputs": {"maxItems": 1},
    "LayoutRegion.alpha": {"minimum": 0, "maximum": 1},
    **{
        f"{name}.backgroundConfig": {"minItems": 1, "maxItems": 17}
        for name in ("TranscodingConfig", "UpdateLayoutClientRequest")
    },
}
_BOUNDS = ("minimum", "maximum", "minLength", "maxLength", "minItems", "maxItems", "x-max-joined-length")


def told_bounds(schema: Json) -> Json:
    """The bounds that a description tells: `1 to 720`, `At most 17 regions`; and that a text is not empty."""
    words, found = schema.get("description", ""), {}
    if schema.get("type") in ("integer", "number") and (told := re.search(r"\b(\d+) to (\d+)\b", words)):
        found |= {"minimum": int(told[1]), "maximum": int(told[2])}
    if schema.get("type") == "array" and (told := re.search(r"\b[Aa]t most (\d+) (user IDs|regions)", words)):
        found |= {"minItems": 1, "maxItems": int(told[1])}
    return found


# Texts of any form, which are only not to be empty.
FREE = re.compile(
    r"StorageConfig\.(bucket|accessKey|secretKey|stsToken)|StorageExtensionParams\.(tag|endpoint)"
    r"|\w+RecordingConfig\.secret|ExtensionServiceConfig\.apiVersion"
)


@each("at", [at for at in ASKED if ASKED[at].get("type") in ("integer", "number", "array", "string")])
def test_bounds_stand_in_words(at: str) -> None:
    """What a request's value may be at least and at most is what its description says, to the unit."""
    schema = ASKED[at]
    if "enum" not in schema and "const" not in schema:
        wanted = {"minLength": 1} if FREE.fullmatch(at) else told_bounds(schema) | OWN.get(at, {})
        assert {key: schema[key] for key in _BOUNDS if key in schema} == wanted


def test_rules_have_words() -> None:
    """A pattern has its rule in words, and a rule in words its pattern; other texts are free, listed or secret."""
    for at, schema in PLACES.items():
        assert ("x-rule" in schema) == ("pattern" in schema), at
    for at, schema in ASKED.items():
        if schema.get("type") == "string" and not {"enum", "const", "pattern"} & set(schema):
            free = ("ChannelName", "ChannelToken", "privateParams")
            assert FREE.fullmatch(at) or at.rpartition(".")[2] in free, at


def test_products_and_sums() -> None:
    """A picture is at most 1920 × 1080, and a region stays on the canvas."""
    limits = {name: SCHEMAS[name]["x-max-product"] for name in SCHEMAS if "x-max-product" in SCHEMAS[name]}
    assert limits == {
        "TranscodingConfig": {"fields": ["width", "height"], "maximum": 1920 * 1080},
        "WebRecorderServiceParam": {"fields": ["videoWidth", "videoHeight"], "maximum": 1920 * 1080},
    }
    sums = [rule["x-max-sum"] for rule in SCHEMAS["LayoutRegion"]["allOf"]]
    assert sums == [
        {"fields": [f"{axis}_axis", size], "maximum": 1} for axis, size in (("x", "width"), ("y", "height"))
    ]
    assert {at: schema["x-named-once"] for at, schema in PLACES.items() if "x-named-once" in schema} == {
        "SubscribedUids": True, "UnsubscribedUids": True,
        **{f"{name}.{field}": "uid" for name in ("TranscodingConfig", "UpdateLayoutClientRequest")
           for field in ("layoutConfig", "backgroundConfig")},
    }  # fmt: skip
    assert [at for at, schema in PLACES.items() if schema.get("uniqueItems")] == [
        "RecordingFileConfig.avFileType", "RawRecordingFileConfig.avFileType",
    ]  # fmt: skip


# What the reference's tables do not say, or say of another mode.
DEFAULTS = {
    "RegionAffinity": 0, "CombinationPolicy": "default", "TranscodeAudio.bitrate": "48000", "AudioSampleRate": "48000",
    "AudioChannels": "2", "AbortPolicy": "error_abort", "IgnorePolicy": "error_ignore", "RecordedFile.fileName": "",
    "UpdateLayoutClientRequest.backgroundColor": "#000000",
}  # fmt: skip


def test_defaults() -> None:
    """A default is of the reference, or of the table above; it is one of the listed values."""
    known: dict[str, set[str]] = {}
    for row in (row for rows in read_json("data", "fields.json").values() for row in rows):
        if row.get("default") is not None:
            name = row["path"].rpartition(".")[2]
            known.setdefault(name, set()).add(json.dumps(yaml.safe_load(row["default"])))
    for at, schema in PLACES.items():
        if "x-default" in schema:
            name = at.rpartition(".")[2]
            # A component is called as its field is, but for the case, and for a dash.
            names = {name, name[0].lower() + name[1:], re.sub(r"(?<=[a-z])[A-Z]", r"_\g<0>", name).lower()}
            said = (json.dumps(schema["x-default"]) in values for one, values in known.items() if one in names)
            assert DEFAULTS.get(at, ...) == schema["x-default"] or any(said), at
            assert schema["x-default"] in schema.get("enum", [schema["x-default"]]), at
    assert {at for at in DEFAULTS if "x-default" not in PLACES[at]} == set()
    # What has a default of the reference has it wherever it stands, but for the sizes of regions.
    for at, schema in ASKED.items():
        if at.rpartition(".")[2] in known and "." in at and not at.startswith("LayoutRegion."):
            assert "x-default" in resolved(schema), at


SECRETS = {"token", "accessKey", "secretKey", "stsToken", "secret", "salt", "rtmpUrl"}


def test_secrets() -> None:
    """What holds a key, in any request, is a secret; nothing else is."""
    for at, schema in ASKED.items():
        inner = resolved(schema)
        name = at.rpartition(".")[2]
        assert (inner.get("format") == "password") == (name in SECRETS or at == "ChannelToken"), at
    assert {at for at, schema in PLACES.items() if at not in ASKED and schema.get("format") == "password"} <= set()


def test_times() -> None:
    """What is a time by its name is read as one."""
    for at, schema in PLACES.items():
        if at.partition(".")[0] in RESPONSES and "type" in schema:
            is_time = bool(re.search(r"(sliceStartTime|[Uu]tcMs|UtcMs|[Tt]imestamp|notifyMs|sendts|StartTime)$", at))
            assert (schema.get("format") == "unix-time") == is_time, at


# ------------------------------------------------------------------------------------------- what is required

NEEDED = {
    **{f"{name}Request": ["cname", "uid", "clientRequest"]
       for name in ("Acquire", "Start", "Update", "UpdateLayout", "Stop")},
    "IndividualStartClientRequest": ["storageConfig"],
    "RawStartClientRequest": ["storageConfig"],
    "MixStartClientRequest": ["storageConfig"],
    "WebStartClientRequest": ["storageConfig", "extensionServiceConfig"],
    "StorageConfig": ["vendor", "bucket", "accessKey", "secretKey"],
    "LayoutRegion": ["x_axis", "y_axis", "width", "height"],
    "UserBackground": ["uid", "image_url"],
    "SnapshotConfig": ["fileType"],
    "TranscodeOptions": ["transConfig"],
    "TransConfig": ["transMode"],
    "ExtensionServiceConfig": ["extensionServices"],
    "WebRecorderService": ["serviceName", "serviceParam"],
    "WebRecorderServiceParam": ["url", "audioProfile", "videoWidth", "videoHeight", "maxRecordingHour"],
    "RtmpPublishService": ["serviceName", "serviceParam"],
    "RtmpPublishServiceParam": ["outputs"],
    "RtmpOutput": ["rtmpUrl"],
}  # fmt: skip


def test_only_what_the_service_refuses_without_is_required_of_a_request() -> None:
    """Requests require what the service does, and nothing else."""
    assert {
        name: SCHEMAS[name]["required"] for name in SCHEMAS if name in REQUESTS and "required" in SCHEMAS[name]
    } == NEEDED


# ------------------------------------------------------------------------------------------- requests and examples


@pytest.mark.parametrize("call", BODIES)
def test_requests_that_the_service_takes(call: str) -> None:
    """Requests with every field there is are taken; a name that is written otherwise would not be."""
    judge = Draft202012Validator({"$ref": f"urn:contract#/components/schemas/{COMPONENTS[call]}"}, registry=REGISTRY)
    for body in BODIES[call]:
        # What the service only ignores is no reason to refuse.
        assert [error for error in judge.iter_errors(body) if error.schema.get("x-service") != "ignores"] == []


def undocumented(schema: Json, value: Json, at: str) -> Iterator[str]:
    """Fields of a value that no alternative of its schema has."""
    forms, found = [resolved(schema)], list[Json]()
    while forms:
        form = forms.pop()
        found.append(form)
        forms += [resolved(inner) for inner in [*form.get("anyOf", []), *form.get("allOf", [])]]
    if isinstance(value, dict):
        # A service is told from others by its name.
        found = [form for form in found if not _is_another(form, value)]
    if isinstance(value, dict) and any("properties" in form for form in found):
        for name, item in value.items():
            inner = [form["properties"][name] for form in found if name in form.get("properties", {})]
            if not inner:
                yield f"{at}.{name}"
            # What is within allOf says more of the same field.
            yield from undocumented({"allOf": inner}, item, f"{at}.{name}") if inner else ()
    elif isinstance(value, list):
        items = [form["items"] for form in found if "items" in form]
        for item in value:
            yield from undocumented({"anyOf": items}, item, f"{at}[]") if items else ()


def _is_another(form: Json, value: Json) -> bool:
    constants = {name: inner["const"] for name, inner in form.get("properties", {}).items() if "const" in inner}
    return any(name in value and value[name] != constant for name, constant in constants.items())


def answers() -> Iterator[tuple[str, Json, Json]]:
    """Every body that is shown: in the document, of webhooks, and in fixtures; each with its schema."""
    for name, operation in OPERATIONS.items():
        for status, response in operation["responses"].items():
            content = resolved(response)["content"]["application/json"]
            for example in content["examples"].values():
                yield f"{name} {status}", content["schema"], resolved(example)["value"]
    for name, example in DOCUMENT["components"]["examples"].items():
        component = {"StopUploadService": "StopUploadServiceServerResponse"}.get(name, f"{name}ServerResponse")
        if component in SCHEMAS:
            yield name, SCHEMAS[component], example["value"]["serverResponse"]
    for name, item in DOCUMENT["webhooks"].items():
        content = item["post"]["requestBody"]["content"]["application/json"]
        for example in content["examples"].values():
            yield name, content["schema"], example["value"]
    for path in FIXTURES:
        fixture = json.loads(path.read_text(encoding="utf-8"))
        operation = re.sub(r"_(\w)", lambda found: found[1].upper(), fixture["call"]["method"])
        response = resolved(OPERATIONS[operation]["responses"][str(fixture["response"]["status"])])
        yield path.stem, response["content"]["application/json"]["schema"], fixture["response"]["body"]


# Seen in answers, whose form is nobody's concern: the words are read wherever they stand.
ELSEWHERE = {f"{call} 404.serverResponse" for call in ("query", "update", "updateLayout", "stop")} | {"start 500.sid"}


def test_what_is_shown_is_described() -> None:
    """No example and no fixture has a field that the document does not describe."""
    found = {place for at, schema, value in answers() for place in undocumented(schema, value, at)}
    assert found <= ELSEWHERE


def test_paths_name_their_parameters() -> None:
    """Each part of a path that varies is a parameter, required, of a component with a pattern or with listed values."""
    for path, item in DOCUMENT["paths"].items():
        parameters = [resolved(node) for node in item.get("parameters", [])]
        assert re.findall(r"{(\w+)}", path) == [one["name"] for one in parameters]
        for one in parameters:
            assert one["required"] is True
            assert {"pattern", "enum"} & set(resolved(one["schema"])), one["name"]
    signatures = [DOCUMENT["components"]["parameters"][name] for name in ("SignatureV2", "SignatureV1")]
    assert [(one["name"], one["in"], one["required"], one["schema"]) for one in signatures] == [
        ("Agora-Signature-V2", "header", True, {"type": "string"}),
        ("Agora-Signature", "header", False, {"type": "string"}),
    ]


def test_bodies_of_requests() -> None:
    """What is posted has a body, of the component of its name; what is asked for has none."""
    for name, operation in OPERATIONS.items():
        component = f"{name[0].upper()}{name[1:]}Request"
        if name in ("query", "ncsIps"):
            assert "requestBody" not in operation
        else:
            schema = operation["requestBody"]["content"]["application/json"]["schema"]
            assert schema == {"$ref": f"#/components/schemas/{component}"}
            assert operation["requestBody"]["required"] is True


# ------------------------------------------------------------------------------------------- failures

# Of the Chinese page of error codes, of the gateway, and seen in answers; beside those of tests/data/errors.json.
FAILURES = {
    "start": {("400", 432, "request parameter error"), ("400", 433, "resource expired"),
              ("400", 1001, "failed to parse resource id"), ("500", 15, None)},
    "updateLayout": {("400", 1028, "invalid layout"), ("400", 1003, "sid does not match resource id")},
    "stop": {("504", 50, "upload timeout"), ("206", 50, "upload timeout"), ("206", None, None),
             ("400", 1003, "sid does not match resource id")},
    "query": {("400", 1003, "sid does not match resource id")},
    "update": {("400", 1003, "sid does not match resource id")},
}  # fmt: skip


@pytest.mark.parametrize("operation", OPERATIONS)
def test_failures_are_all_there_are(operation: str) -> None:
    """A call's failures are those of the reference and those named here, with their statuses; it can also succeed."""
    shown = {
        (status, body.get("code"), body.get("reason", body.get("message")))
        for status, response in OPERATIONS[operation]["responses"].items()
        if status != "200"
        for example in resolved(response)["content"]["application/json"]["examples"].values()
        for body in [resolved(example)["value"]]
        if "serverResponse" not in body
    }
    wanted = {("403", None, "You cannot consume this service")} | FAILURES.get(operation, set())
    for row in read_json("data", "errors.json"):
        general = row["endpoint"] == "general" and (operation != "ncsIps" or row["http"] != 400)
        if general or row["endpoint"] == operation:
            # The reason of code 2 names the parameter that is wrong.
            reason = row["reason"] or row["message"] or "Acquire: invalid resourceExpiredHour value!"
            wanted.add((str(row["http"]), row["code"], reason))
    assert shown == wanted
    assert "200" in OPERATIONS[operation]["responses"]
    assert {status for status, *_ in shown} == set(OPERATIONS[operation]["responses"]) - {"200"}


def test_a_404_within() -> None:
    """The 404 whose words stand within, as it has been seen."""
    shown = resolved(
        DOCUMENT["components"]["responses"]["NotFound"]["content"]["application/json"]["examples"][
            "withinServerResponse"
        ]
    )
    assert shown["value"]["code"] == 404


# ------------------------------------------------------------------------------------------- webhooks


@pytest.mark.parametrize("number", EVENTS)
def test_webhook(number: str) -> None:
    """What is sent is a notice, whose number and details are the event's, with the fields of the provider's page."""
    name = EVENTS[number]["name"]
    component = "".join(part.capitalize() for part in name.split("_")) + "Details"
    details = {"$ref": f"#/components/schemas/{component}"}
    assert DOCUMENT["webhooks"][name]["post"]["requestBody"]["content"]["application/json"]["schema"] == {
        "allOf": [
            {"$ref": "#/components/schemas/Notice"},
            {"properties": {"eventType": {"const": int(number)}, "payload": {"properties": {"details": details}}}},
        ]
    }
    path = [SCHEMAS[component]]
    for field in EVENTS[number]["fields"]:
        path = path[: field["depth"] + 1]
        below = resolved(path[-1]["properties"][field["name"]])
        path.append(resolved(below["items"]) if "items" in below else below)
    top = {field["name"] for field in EVENTS[number]["fields"] if field["depth"] == 0}
    assert set(SCHEMAS[component]["properties"]) == top | {"msgName"}


def test_the_notice_around_every_event() -> None:
    """Its fields, as the provider's page of webhooks has them."""
    assert set(SCHEMAS["Notice"]["properties"]) == {"noticeId", "productId", "eventType", "notifyMs", "payload", "sid"}
    # serviceScene is on the Chinese page of events.
    assert set(SCHEMAS["NoticePayload"]["properties"]) == {
        "cname", "uid", "sid", "sequence", "sendts", "serviceType", "serviceScene", "details",
    }  # fmt: skip


# ------------------------------------------------------------------------------------------- what is said twice


def fields_of_rule(rule: Json) -> set[str]:
    """The fields of an object that a rule between fields speaks of."""
    parts = [rule, *(rule[key] for key in ("if", "then", "else", "not") if isinstance(rule.get(key), dict))]
    listed = (name for part in parts for name in [*part.get("required", []), *part.get("properties", {})])
    return {*listed, *rule.get("x-max-sum", {}).get("fields", [])}


RULES = {
    (name, rule["x-name"]): rule
    for name in SCHEMAS
    if name in REQUESTS
    for rule in SCHEMAS[name].get("allOf", [])
    if "x-name" in rule
}


# Only acquire says by its scene whether cname is a channel's; streamMode has no effect in mix; MP3 is of raw alone.
APART = ("channel-name", "original-audio-only", "stream-mode-in-mix", "mp3-is-sound")


@each("name", dict.fromkeys(name for _, name in RULES if name not in APART))
def test_a_rule_stands_wherever_its_fields_do(name: str) -> None:
    """A rule between fields is the same in every object that has them, and in each."""
    [rule, *others] = [rule for (_, other), rule in RULES.items() if other == name]
    assert all(other == rule for other in others)
    if fields := fields_of_rule(rule):
        for component in SCHEMAS:
            if component in REQUESTS and fields <= set(SCHEMAS[component].get("properties", {})):
                assert (component, name) in RULES, component


def said_within(rule: Json) -> Iterator[tuple[str, Any]]:
    """The names and the values that a rule has, however deep."""
    for key, value in rule.items():
        if key == "dependentRequired":
            yield from (("name", name) for names in value.items() for name in [names[0], *names[1]])
        elif key in ("required", "properties"):
            yield from (("name", name) for name in value)
        elif key in ("enum", "const"):
            yield from (("value", one) for one in (value if key == "enum" else [value]))
        for inner in value.values() if key == "properties" else [value]:
            if isinstance(inner, dict):
                yield from said_within(inner)


FIELDS = {name for schema in SCHEMAS.values() for name in schema.get("properties", {})} - {"audio", "service"}


# Words that are listed values of requests, and nothing else.
LISTED = {
    value for name in SCHEMAS if name in REQUESTS for value in SCHEMAS[name].get("enum", []) if isinstance(value, str)
} - {*SCHEMAS["Mode"]["enum"], "default"}


@each(("component", "name"), [place for place in RULES if not re.match("region-on-canvas|.*-key$", place[1])])
def test_rules_say_in_words_what_they_ask(component: str, name: str) -> None:
    """The fields and the values of a rule between fields are those that its words name, and no others."""
    rule = RULES[component, name]
    words = rule["description"]
    found = [*said_within(rule)]
    names, values = ({value for kind, value in found if kind == which} for which in ("name", "value"))
    told = set(re.findall(r"[A-Za-z_]\w*", words))
    # What a field stands in goes without saying, where it is one thing.
    assert {one for one in names if one not in told and f"{one}s" not in told} <= {"clientRequest", "transConfig"}
    assert told & FIELDS <= names
    numbers = {int(one) for one in re.findall(r"(?<![\w–])\d+(?![\w–])", words)}
    for first, last in re.findall(r"(\d+)–(\d+)", words):
        numbers |= {*range(int(first), int(last) + 1)}
    if "other than" in words:
        numbers = set(SCHEMAS["DecryptionMode"]["enum"]) - numbers
    if "any other with" in words:
        numbers -= {0, 2}
    assert {one for one in values if isinstance(one, int)} == numbers
    listed = {one for one in values if isinstance(one, str)}
    assert all(one in words for one in listed)
    assert told & LISTED <= listed


@pytest.mark.parametrize(("component", "name"), [place for place in RULES if place[1].endswith("-key")])
def test_keys_are_of_one_vendor_and_of_whoever_is_like_it(component: str, name: str) -> None:
    """How a key begins, and the vendor's number, stand in the words; an S3-compatible service may have any key."""
    rule = RULES[component, name]
    begins, number = re.search(r"begins with (.+) is of vendor (\d+)", rule["description"]).groups()  # type: ignore[union-attr]
    pattern = rule["if"]["properties"]["accessKey"]["pattern"]
    assert re.findall(r"[A-Z]{4}", pattern) == begins.split(" or ")
    assert rule["then"] == {"properties": {"vendor": {"enum": [int(number), 11]}}}


def test_what_is_told_alike_is_alike() -> None:
    """Fields of requests of the same name and in the same words are the same."""
    told: dict[tuple[str, str], tuple[str, Json]] = {}
    for at, schema in ASKED.items():
        name = at.rpartition(".")[2]
        # A push that is changed may be left without an address; one that begins may not.
        if "description" in schema and "const" not in schema and name != "outputs" and "|" not in name:
            first, other = told.setdefault((name, schema["description"]), (at, schema))
            assert schema == other, f"{at} and {first}"


def test_a_field_has_one_name_in_python() -> None:
    """Fields of answers of the same name are read under the same name, but for two that mean different things."""
    names: dict[str, set[str | None]] = {}
    for at, schema in PLACES.items():
        if at.partition(".")[0] in RESPONSES and "|" not in at and "." in at:
            names.setdefault(at.rpartition(".")[2], set()).add(schema.get("x-client-name"))
    assert {name for name, found in names.items() if len(found) > 1} == {"details", "fileName"}


# What a field of answers and events is called elsewhere, by its name.
ALIASES = {
    "fileName": ["filename"], "fileList": ["fileListStr"], "UtcMs": ["utcMs"], "exitStatus": ["leaveStatus"],
    "NoticePayload.sid": ["/sid"],
}  # fmt: skip


def test_other_names_of_a_field() -> None:
    """They are the same wherever it stands."""
    for at, schema in PLACES.items():
        if "." in at and "|" not in at and "[" not in at:
            name, known = at.rpartition(".")[2], at not in ASKED
            wanted = ALIASES.get(at, ALIASES.get(name, []) if known else [])
            assert schema.get("x-aliases", []) == wanted, at


def unasked(condition: Json, needed: set[str], at: str) -> Iterator[str]:
    """The fields that a condition speaks of and that may be left out, so that it holds where they are."""
    needed = needed | set(condition.get("required", []))
    for name, inner in condition.get("properties", {}).items():
        if name not in needed:
            yield f"{at}.{name}"
        if isinstance(inner, dict):
            yield from unasked(inner, set(), f"{at}.{name}")


def test_a_condition_asks_for_its_field() -> None:
    """JSON Schema takes a field that is left out for one of any value; so each condition asks that it is there."""
    for (component, name), rule in RULES.items():
        if "if" in rule:
            needed = set(SCHEMAS[component].get("required", []))
            assert not [*unasked(rule["if"], needed, f"{component} {name}")]
