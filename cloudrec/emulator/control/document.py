"""The control interface as OpenAPI: what is asked for and answered, written once. Requests are checked by it."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cache
from typing import Any

from ..._version import __version__

Json = dict[str, Any]

#: What every path begins with.
ROOT = "/_emulator"


def _object(required: str, **properties: Any) -> Json:
    """An object with these fields, of which some have to be there, and no others."""
    return {
        "type": "object",
        "properties": properties,
        "required": required.split(),
        "additionalProperties": False,
    }


def _array(items: Json) -> Json:
    return {"type": "array", "items": items}


def _ref(name: str) -> Json:
    return {"$ref": f"#/components/schemas/{name}"}


def _or_null(kind: str, **more: Any) -> Json:
    return {"type": [kind, "null"], **more}


_TEXT: Json = {"type": "string"}
_BOOL: Json = {"type": "boolean"}
_WHOLE: Json = {"type": "integer"}
_MOMENT: Json = {"type": "integer", "description": "Milliseconds since 1970, by the emulator's clock."}
_SPANS = _array({"type": "array", "prefixItems": [_MOMENT, _MOMENT], "minItems": 2, "maxItems": 2})
_UID: Json = {
    "description": "A user ID, 1 to 4294967295, as a number or in decimal digits.",
    "anyOf": [{"type": "integer", "minimum": 1, "maximum": 4294967295}, {"type": "string", "pattern": "^[0-9]{1,10}$"}],
}
_NAME: Json = {"type": "string", "minLength": 1, "description": "Name of the channel."}
_ANY: Json = {"description": "JSON, secrets hidden."}
_COUNT: Json = {"type": "integer", "minimum": 1, "maximum": 10**9}
_ENDPOINTS: Json = {
    "description": "Names of endpoints, as in the contract (`start`, `updateLayout`); `*` is all of them.",
    "anyOf": [_TEXT, {"type": "array", "items": _TEXT, "minItems": 1}],
}
_SHARE: Json = {"type": "number", "minimum": 0, "maximum": 1}

_SUMMARY: Json = {
    "sid": _TEXT,
    "cname": _TEXT,
    "uid": {**_TEXT, "description": "The recorder's user ID."},
    "mode": {"enum": ["individual", "mix", "web", "raw"]},
    "started": _MOMENT,
    "status": _or_null("integer", description="What a query would answer; null: the service knows it no more."),
    "moving": {**_BOOL, "description": "It is on its way to another server."},
    "end": {"anyOf": [_object("at reason", at=_MOMENT, reason=_TEXT), {"type": "null"}]},
}
_FAULT: Json = {**_TEXT, "minLength": 1, "description": "As in the header X-Emulate-Fault: `drop; after_effect=true`."}

SCHEMAS: Json = {
    "Error": _object("error", error=_TEXT),
    "Done": _object(""),
    "Clock": _object("now running speed", now=_MOMENT, running=_BOOL, speed={"type": "number"}),
    "Summary": _object(" ".join(_SUMMARY), **_SUMMARY),
    "Recording": _object(
        " ".join(_SUMMARY)
        + " resource_id steps lanes page moves layout canvas people files files_total request calls notices",
        **_SUMMARY,
        resource_id=_TEXT,
        steps=_array(_object("at status", at=_MOMENT, status=_or_null("integer"))),
        lanes=_array(_object("uid audio video", uid=_TEXT, audio=_SPANS, video=_SPANS)),
        page={**_SPANS, "description": "When a web page was recorded."},
        moves={**_SPANS, "description": "Moves to another server."},
        layout={"anyOf": [{"type": "object"}, {"type": "null"}]},
        canvas={"type": "array", "items": _WHOLE, "minItems": 2, "maxItems": 2},
        people=_array(_ref("Person")),
        files=_array(_ref("File")),
        files_total=_WHOLE,
        request={**_ANY, "description": "`clientRequest` of start, secrets hidden."},
        calls=_array(_ref("Call")),
        notices=_array(_ref("Notice")),
    ),
    "File": _object(
        "name key uid track_type begins listed",
        name=_TEXT,
        key=_TEXT,
        uid=_TEXT,
        track_type=_TEXT,
        begins=_MOMENT,
        listed=_BOOL,
    ),
    "Person": _object("uid audio video codec", uid=_TEXT, audio=_BOOL, video=_BOOL, codec=_TEXT),
    "Channel": _object("name people", name=_TEXT, people=_array(_ref("Person"))),
    "Call": _object(
        "number endpoint method path arrived host cname uid sid fault handled status sent answered told",
        number=_WHOLE,
        endpoint=_TEXT,
        method=_TEXT,
        path=_TEXT,
        arrived=_MOMENT,
        host=_WHOLE,
        cname=_TEXT,
        uid=_TEXT,
        sid=_TEXT,
        fault=_or_null("string"),
        handled=_or_null("integer"),
        status=_or_null("integer"),
        sent=_ANY,
        answered=_ANY,
        told=_ANY,
    ),
    "Notice": _object(
        "number notice_id event_type name cname uid sid sequence happened payload attempts settled delivered",
        number=_WHOLE,
        notice_id=_TEXT,
        event_type=_WHOLE,
        name=_TEXT,
        cname=_TEXT,
        uid=_TEXT,
        sid=_TEXT,
        sequence=_or_null("integer"),
        happened=_MOMENT,
        payload=_ANY,
        settled=_BOOL,
        delivered=_BOOL,
        attempts=_array(
            _object(
                "status answer problem duplicate",
                status=_or_null("integer"),
                answer=_TEXT,
                problem=_TEXT,
                duplicate=_BOOL,
            )
        ),
    ),
    "Rule": _object(
        "fault endpoints times every skip host cname met",
        fault=_TEXT,
        endpoints=_array(_TEXT),
        times=_or_null("integer"),
        every=_WHOLE,
        skip=_WHOLE,
        host=_or_null("integer"),
        cname=_or_null("string"),
        met=_WHOLE,
    ),
    "Faults": _object(
        "rules storm",
        rules=_array(_ref("Rule")),
        storm={
            "anyOf": [
                _object("rate seed endpoints", rate=_SHARE, seed=_WHOLE, endpoints=_array(_TEXT)),
                {"type": "null"},
            ]
        },
    ),
    "State": _object(
        "version app_id urls clock faults receiver recordings running calls notices",
        version=_TEXT,
        app_id=_TEXT,
        urls=_array(_TEXT),
        clock=_ref("Clock"),
        faults=_ref("Faults"),
        receiver=_or_null("string", description="Where webhooks go."),
        recordings=_WHOLE,
        running=_WHOLE,
        calls=_WHOLE,
        notices=_WHOLE,
    ),
}


@dataclass(frozen=True)
class Operation:
    """One operation."""

    name: str
    method: str
    #: Below the root.
    path: str
    summary: str
    #: The schema of what is answered, or its media type where that is no JSON.
    answers: Json | str
    #: What is sent, where anything is.
    takes: Json | None = None
    query: Json = field(default_factory=dict)

    @property
    def parameters(self) -> list[str]:
        """The parts of the path that are parameters."""
        return [part[1:-1] for part in self.path.split("/") if part.startswith("{")]


_DONE, _JOINED = _ref("Done"), _ref("Channel")
_WHICH: Json = {"sid": {**_TEXT, "description": "Of one recording alone."}}
_LATEST: Json = {"limit": {"type": "integer", "minimum": 1, "maximum": 10_000, "description": "The latest so many."}}
_MEDIA: Json = {"audio": _BOOL, "video": _BOOL}

OPERATIONS: tuple[Operation, ...] = (
    Operation("state", "GET", "/state", "What there is", _ref("State")),
    Operation(
        "recordings",
        "GET",
        "/recordings",
        "Recordings in the order of starting",
        _array(_ref("Summary")),
        query={**_LATEST, "cname": _TEXT, "running": _BOOL},
    ),
    Operation("recording", "GET", "/recordings/{sid}", "All of one recording", _ref("Recording")),
    Operation(
        "layout",
        "GET",
        "/recordings/{sid}/layout",
        "Its layout as it is now",
        "image/svg+xml",
        query={"v": {**_TEXT, "description": "Anything: another one for a browser that keeps pictures."}},
    ),
    Operation(
        "failover",
        "POST",
        "/recordings/{sid}/failover",
        "Move it to another server",
        _DONE,
        _object("", seconds={"type": "number", "exclusiveMinimum": 0, "maximum": 3600}, rename=_BOOL),
    ),
    Operation("crash", "POST", "/recordings/{sid}/crash", "End it abnormally", _DONE, _object("")),
    Operation("channels", "GET", "/channels", "Who is in which channel", _array(_JOINED), query={"name": _TEXT}),
    Operation(
        "join",
        "POST",
        "/channels/join",
        "Somebody joins. In a channel that nobody has recorded yet there is nobody else then",
        _JOINED,
        _object("channel uid", channel=_NAME, uid=_UID, **_MEDIA, codec={**_TEXT, "minLength": 1}),
    ),
    Operation(
        "leave", "POST", "/channels/leave", "Somebody leaves", _JOINED, _object("channel uid", channel=_NAME, uid=_UID)
    ),
    Operation(
        "clear",
        "POST",
        "/channels/clear",
        "Everybody leaves",
        _JOINED,
        _object("channel", channel=_NAME),
    ),
    Operation(
        "mute",
        "POST",
        "/channels/mute",
        "Somebody mutes audio, video, or (neither named) both",
        _JOINED,
        _object("channel uid", channel=_NAME, uid=_UID, **_MEDIA),
    ),
    Operation(
        "unmute",
        "POST",
        "/channels/unmute",
        "Somebody sends audio, video, or (neither named) both again",
        _JOINED,
        _object("channel uid", channel=_NAME, uid=_UID, **_MEDIA),
    ),
    Operation("clock", "GET", "/clock", "The clock", _ref("Clock")),
    Operation("stand", "POST", "/clock/stand", "Stop the clock", _ref("Clock"), _object("")),
    Operation(
        "run",
        "POST",
        "/clock/run",
        "Let the clock run, at so many times real speed",
        _ref("Clock"),
        _object("", speed={"type": "number", "exclusiveMinimum": 0, "maximum": 10**9}),
    ),
    Operation(
        "advance",
        "POST",
        "/clock/advance",
        "Move the clock forward",
        _ref("Clock"),
        _object("seconds", seconds={"type": "number", "minimum": 0, "maximum": 10**9}),
    ),
    Operation("faults", "GET", "/faults", "What goes wrong on purpose", _ref("Faults")),
    Operation(
        "fail",
        "POST",
        "/faults",
        "Let calls meet a fault",
        _ref("Faults"),
        _object(
            "fault",
            fault=_FAULT,
            endpoints=_ENDPOINTS,
            times=_COUNT,
            every=_COUNT,
            skip={"type": "integer", "minimum": 0, "maximum": 10**9},
            host={"type": "integer", "minimum": 0},
            cname=_TEXT,
        ),
    ),
    Operation(
        "storm",
        "POST",
        "/storm",
        "Let a share of all calls meet faults, the same ones for each seed",
        _ref("Faults"),
        _object("", rate=_SHARE, seed=_WHOLE, endpoints=_ENDPOINTS),
    ),
    Operation(
        "heal", "POST", "/heal", "End all faults, storm and failovers; open closed ports", _ref("Faults"), _object("")
    ),
    Operation("reset", "POST", "/reset", "Forget everything, and heal", _DONE, _object("")),
    Operation(
        "calls",
        "GET",
        "/calls",
        "The latest requests, and what became of them",
        _array(_ref("Call")),
        query={**_WHICH, **_LATEST},
    ),
    Operation(
        "notices",
        "GET",
        "/webhooks",
        "The latest webhooks, and what came back",
        _array(_ref("Notice")),
        query={**_WHICH, **_LATEST},
    ),
    Operation("resend", "POST", "/webhooks/{number}/resend", "Send a webhook again", _DONE, _object("")),
    Operation(
        "receiver",
        "POST",
        "/webhooks/receiver",
        "Send webhooks to this address from now on",
        _DONE,
        _object(
            "url",
            url={**_TEXT, "minLength": 1},
            secret={**_TEXT, "minLength": 1, "format": "password"},
            duplicates=_SHARE,
            disorder=_SHARE,
        ),
    ),
    Operation("python", "GET", "/export/python", "What happened, as a test for pytest", "text/x-python", query=_WHICH),
    Operation(
        "curl",
        "GET",
        "/export/curl",
        "What happened, as lines for a shell with curl",
        "text/x-shellscript",
        query=_WHICH,
    ),
    Operation("events", "GET", "/events", "What changes, as server-sent events (`news`)", "text/event-stream"),
)


@cache
def document() -> Json:
    """The whole document."""
    paths: Json = {}
    for operation in OPERATIONS:
        paths.setdefault(f"{ROOT}{operation.path}", {})[operation.method.lower()] = _described(operation)
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "Control interface of cloudrec's emulator",
            "version": __version__,
            "description": "For tests in any language: who is in a channel, what time it is, what fails. "
            "On loopback alone.",
        },
        "paths": paths,
        "components": {"schemas": SCHEMAS},
    }


def _described(operation: Operation) -> Json:
    answers, content = operation.answers, {}
    if isinstance(answers, str):
        content[answers] = {"schema": _TEXT}
    else:
        content["application/json"] = {"schema": answers}
    described: Json = {
        "operationId": operation.name,
        "summary": operation.summary,
        "parameters": [
            *({"name": name, "in": "path", "required": True, "schema": _TEXT} for name in operation.parameters),
            *({"name": name, "in": "query", "schema": schema} for name, schema in operation.query.items()),
        ],
        "responses": {
            "200": {"description": "Done.", "content": content},
            "default": {
                "description": "Not done: 400 it makes no sense, 403 not from here, 404 there is no such thing, "
                "405 not this method, 409 not now, 413 too large, 415 no JSON.",
                "content": {"application/json": {"schema": _ref("Error")}},
            },
        },
    }
    if operation.takes is not None:
        described["requestBody"] = {"required": True, "content": {"application/json": {"schema": operation.takes}}}
    return described
