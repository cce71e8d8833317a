"""What in a fixture, of whatever origin, this version does not expect."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import httpx

from cloudrec import CloudRecording, CloudRecordingError, InvalidRequestError, RecordingMayBeRunningError
from cloudrec.answers import Unknown, UnknownService
from cloudrec.emulator.service.contract import Contract, path_segments
from cloudrec.files import parse_file_name
from cloudrec_api.views import View, fields_of
from tests.support import BASE_URL, CREDENTIAL, ONCE, Json, variant_of

CONTRACT = Contract.shipped()
SCHEMAS: Json = CONTRACT.document["components"]["schemas"]


def surprises(fixture: Json) -> list[str]:
    """In words: of the request, of the answer as the contract has it, and of what the library makes of it."""
    request, answer = fixture["request"], fixture["response"]
    found = CONTRACT.find(request["method"], path_segments(request["path"]))
    if found is None:
        return [f"no operation is {request['method']} {request['path']}"]
    operation = found[0].operation
    item = CONTRACT.document["paths"]["/" + "/".join(found[0].template)][request["method"].lower()]
    return [*_of_request(fixture), *_of_answer(operation, item, answer), *_of_reading(fixture)]


def _resolved(node: Json) -> Json:
    while "$ref" in node:
        *_, group, name = node["$ref"].split("/")
        node = CONTRACT.document["components"][group][name]
    return node


# ------------------------------------------------------------------------------------------- the request


def _made(fixture: Json) -> tuple[httpx.Request | None, Any]:
    """The fixture's call, made again: what was sent, and its result or error."""
    answer, made, sent = fixture["response"], fixture["call"], list[httpx.Request]()

    def reply(request: httpx.Request) -> httpx.Response:
        sent.append(request)
        body = answer["body"]
        content = {"text": body} if isinstance(body, str) else {"json": body}
        return httpx.Response(answer["status"], headers={"x-request-id": "r"}, **content)

    app_id = (fixture["request"]["path"].split("/") + [""] * 4)[3] if "/apps/" in fixture["request"]["path"] else "a"
    with httpx.Client(transport=httpx.MockTransport(reply)) as http_client:
        client: Any = CloudRecording(app_id, CREDENTIAL, base_url=BASE_URL, http_client=http_client, **ONCE)
        arguments = made["arguments"] | made.get("only_top_level", {})
        if made["method"] not in ("acquire", "ncs_ips"):
            arguments["mode"] = made["mode"]
        try:
            result = getattr(client, made["method"])(**arguments)
        except CloudRecordingError as error:
            result = error.__cause__ if isinstance(error, RecordingMayBeRunningError) else error
    return (sent[0] if sent else None), result


def _of_request(fixture: Json) -> Iterator[str]:
    request, result = _made(fixture)
    wanted = fixture["request"]
    if request is None:
        yield f"the call is not sent by this version: {result}"
    elif (request.method, request.url.raw_path.decode()) != (wanted["method"], wanted["path"]):
        yield f"the call is sent to {request.method} {request.url.raw_path.decode()}"
    elif (request.content and httpx.Response(200, content=request.content).json()) != wanted.get("body", b""):
        yield f"the call sends {request.content.decode()}"


# ------------------------------------------------------------------------------------------- the answer


def _of_answer(operation: str, item: Json, answer: Json) -> Iterator[str]:
    status, body = str(answer["status"]), answer["body"]
    if status not in item["responses"]:
        yield f"HTTP {status} is not documented"
        return
    content = _resolved(item["responses"][status])["content"]["application/json"]
    if not isinstance(body, dict):
        yield f"the body is no JSON object: {body!r}"
        return
    if status != "200":
        shown = [_resolved(example)["value"] for example in content["examples"].values()]
        if not any(_is_the_same_failure(body, one) for one in shown):
            yield f"HTTP {status} with {body!r} is not documented"
    schema = content["schema"]["$ref"].rpartition("/")[2]
    yield from _of_object(SCHEMAS[schema], body, "")
    if problem := CONTRACT.problem(schema, body):
        yield f"the body is none of {schema}: {problem}"
    inner = body.get("serverResponse")
    if status == "200" and isinstance(inner, dict) and operation in ("query", "stop"):
        variant = variant_of(operation, inner)
        yield from _of_object(SCHEMAS[variant], inner, "serverResponse.")
        if problem := CONTRACT.problem(variant, inner):
            yield f"serverResponse is none of {variant}: {problem}"


def _is_the_same_failure(one: Json, other: Json) -> bool:
    # The reason of code 2 names what was wrong, which is different each time.
    if str(one.get("code")) == str(other.get("code")) == "2":
        return True
    return all(
        str(one.get(name, "")).lower() == str(other.get(name, "")).lower() for name in ("code", "reason", "message")
    )


def _forms(schema: Json) -> Iterator[Json]:
    schema = _resolved(schema)
    yield schema
    for choice in schema.get("anyOf", []):
        yield from _forms(choice)


def _of_object(schema: Json, value: Json, at: str) -> Iterator[str]:
    """Fields that the contract does not have, and values that it does not list."""
    forms = list(_forms(schema))
    properties: dict[str, list[Json]] = {}
    for form in forms:
        for name, inner in form.get("properties", {}).items():
            properties.setdefault(name, []).append(inner)
    if isinstance(value, dict) and (properties or not any(form.get("type") == "object" for form in forms)):
        for name, item in value.items():
            if name not in properties:
                yield f"{at}{name} is not documented: {item!r}"
            elif name != "serverResponse":
                for inner in properties[name][:1] if len(properties[name]) == 1 else [{"anyOf": properties[name]}]:
                    yield from _of_object(inner, item, f"{at}{name}.")
    elif isinstance(value, list):
        items = [form["items"] for form in forms if "items" in form]
        for item in value:
            yield from _of_object({"anyOf": items}, item, at) if items else ()
    else:
        listed = [one for form in forms for one in form.get("enum", [form["const"]] if "const" in form else [])]
        if listed and value not in listed:
            yield f"{at.rstrip('.')} is not listed: {value!r}"


# ------------------------------------------------------------------------------------------- what becomes of it


def _of_reading(fixture: Json) -> Iterator[str]:
    _, result = _made(fixture)
    if isinstance(result, CloudRecordingError):
        if not isinstance(result, InvalidRequestError) and fixture["response"]["status"] == 200:
            yield f"it is read as a failure: {result}"
        return
    # Names of files in the provider's examples are made up.
    told = _of_view(result, type(result).__name__, has_real_names=fixture["source"].startswith("Recorded"))
    yield from dict.fromkeys(told)


def _of_view(view: Json, at: str, *, has_real_names: bool) -> Iterator[str]:
    if isinstance(view, tuple):
        for item in view:
            yield from _of_view(item, at, has_real_names=has_real_names)
    elif isinstance(view, Unknown | UnknownService):
        yield f"{at} has a shape that nobody foresaw: {view.raw!r}"
    elif isinstance(view, View):
        fields = fields_of(type(view))
        for name, one in fields.items():
            if isinstance(view.raw, dict) and not one.fits(view):
                yield f"{at}.{name} cannot be read from {view.raw!r}"
        for name in {*fields, "server_response", "services", "files"}:
            yield from _of_view(getattr(view, name, None), f"{at}.{name}", has_real_names=has_real_names)
        file = getattr(view, "name", None) if type(view).__name__ == "RecordedFile" else None
        if has_real_names and isinstance(file, str) and file and parse_file_name(file, None) is None:
            yield f"{at} has a file whose name cannot be read: {file}"
