"""The calls themselves, without any I/O: from arguments to a request, from a reply to a result.

Sync and async clients only differ in how they send what is made here.
"""

import json
from collections.abc import Callable, Iterable, Mapping
from functools import partial
from typing import Any, Generic, TypeVar, cast

from cloudrec_api.models.mode import Mode
from cloudrec_api.models.scene import Scene

from ._checker import check, is_plainly_right, unsendable
from ._contract import component, operations
from ._redact import secrets_in, shown
from ._reply import Reply, nothing_recorded, parsed, read
from ._uids import on_wire
from ._words import TYPE
from .answers import AlreadyStopped, NothingRecorded, query_answer, stop_answer
from .errors import (
    AlreadyStartedError,
    CloudRecordingError,
    InvalidRequestError,
    InvalidResponseError,
    Problem,
    RecordingMayBeRunningError,
)
from .results import (
    AcquireResult,
    NcsIpsResult,
    QueryResult,
    Result,
    StartResult,
    StopResult,
    UpdateLayoutResult,
    UpdateResult,
)

R = TypeVar("R", bound=Result)
Fields = Mapping[str, Any]

_MODES = tuple(mode.value for mode in Mode)

# Which component of the contract says what `clientRequest` may hold.
_CLIENT_REQUESTS = {
    "start": {
        "individual": "IndividualStartClientRequest",
        "mix": "MixStartClientRequest",
        "web": "WebStartClientRequest",
    },
    "update": {
        "individual": "IndividualUpdateClientRequest",
        "mix": "MixUpdateClientRequest",
        "web": "WebUpdateClientRequest",
    },
    "updateLayout": {"mix": "UpdateLayoutClientRequest"},
    "stop": dict.fromkeys(_MODES, "StopClientRequest"),
}


class Call(Generic[R]):
    """One request, and how to read its reply."""

    __slots__ = ("_decode", "body", "endpoint", "ids", "method", "path")

    def __init__(
        self, endpoint: str, decode: Callable[[Any, Reply], R], ids: Mapping[str, str], body: Fields | None = None
    ) -> None:
        operation = operations()[endpoint]
        self.endpoint: str = endpoint
        self.method: str = operation.method
        # Nothing is escaped, since _ids lets only characters pass that stand for themselves.
        self.path: str = operation.path.format_map(ids)
        self.ids: Mapping[str, str] = ids
        self.body: Fields | None = body
        self._decode = decode

    @property
    def content(self) -> bytes | None:
        """The body as it is sent."""
        if self.body is None:
            return None
        return json.dumps(self.body, ensure_ascii=False, separators=(",", ":")).encode()

    def result(self, reply: Reply, secrets: Iterable[str]) -> R:
        """The result; or the exception that the reply stands for is raised."""
        sent = read(self.endpoint, reply, [*secrets, *secrets_in(self.body)])
        return self._decode(sent, reply)

    def stopped(self, reply: Reply) -> R:
        """The result of a stop that is answered as if there were nothing to stop, after one that may have arrived."""
        sent = parsed(reply.body)
        raw = sent if isinstance(sent, dict) else {}
        found = StopResult(raw, AlreadyStopped(raw), http_status=reply.http_status, request_id=reply.request_id)
        return cast("R", found)

    def may_run(self, error: CloudRecordingError) -> RecordingMayBeRunningError:
        """The error for a start that may have taken effect, ended by that one."""
        cname, uid = (self.body or {})["cname"], (self.body or {})["uid"]
        runs = isinstance(error, AlreadyStartedError)
        what = "a recording is running" if runs else "a recording may be running"
        made = RecordingMayBeRunningError(
            f"start: {what} whose sid is not known: cname {cname!r}, uid {uid}, resource ID "
            f"{self.ids['resourceid']} (the last of it: {error})",
            endpoint="start",
            http_status=error.http_status,
            code=error.code,
            reason=error.reason,
            request_id=error.request_id,
            response_body=error.response_body,
            advice=_LOST,
            cname=cname,
            uid=uid,
            resource_id=self.ids["resourceid"],
            mode=self.ids["mode"],
            is_running=runs or None,
        )
        made.__cause__ = error
        return made


_LOST = (
    "Wait for its webhook event 40, which carries the sid, or let it end by itself (maxIdleTime). A start with this "
    "cname and another uid makes a second recording."
)


def check_app_id(app_id: str) -> list[Problem]:
    """What is wrong with an App ID."""
    return check(app_id, component("AppId"), "app_id")


def acquire(app_id: str, cname: Any, uid: Any, fields: Fields, *, checks: bool = True) -> Call[AcquireResult]:
    """POST …/acquire"""
    body, problems = _body("AcquireClientRequest", fields.get("scene") == Scene.WEB_PAGE, cname, uid, fields)

    def decode(sent: Any, reply: Reply) -> AcquireResult:
        return _needed("acquire", AcquireResult, "resourceId", sent, reply)

    return _checked("acquire", _all([], problems, checks, body), decode, {"appid": app_id}, body)


def acquire_problems(cname: Any, uid: Any, fields: Fields) -> list[Problem]:
    """What is wrong with an acquire, before there is a call."""
    return _body("AcquireClientRequest", fields.get("scene") == Scene.WEB_PAGE, cname, uid, fields)[1]


def start_problems(mode: Mode, cname: Any, uid: Any, fields: Fields) -> list[Problem]:
    """What is wrong with a start, before there is a resource ID for it."""
    return _body_of("start", mode, cname, uid, fields)[1]


def start(
    app_id: str, resource_id: Any, mode: Any, cname: Any, uid: Any, fields: Fields, *, checks: bool = True
) -> Call[StartResult]:
    """POST …/start"""
    ids, problems = _ids(app_id, mode=mode, resource_id=resource_id)
    body, more = _body_of("start", ids["mode"], cname, uid, fields)

    def decode(sent: Any, reply: Reply) -> StartResult:
        return _needed("start", StartResult, "sid", sent, reply)

    return _checked("start", _all(problems, more, checks, body), decode, ids, body)


def query(app_id: str, resource_id: Any, sid: Any, mode: Any) -> Call[QueryResult[Any]]:
    """GET …/query"""
    ids, problems = _ids(app_id, mode=mode, resource_id=resource_id, sid=sid)

    def decode(sent: Any, reply: Reply) -> QueryResult[Any]:
        answer = query_answer(ids["mode"], sent.get("serverResponse"))
        return QueryResult(sent, answer, http_status=reply.http_status, request_id=reply.request_id)

    return _checked("query", problems, decode, ids)


def update(
    app_id: str, resource_id: Any, sid: Any, mode: Any, cname: Any, uid: Any, fields: Fields, *, checks: bool = True
) -> Call[UpdateResult]:
    """POST …/update"""
    ids, problems = _ids(app_id, mode=mode, resource_id=resource_id, sid=sid)
    body, more = _body_of("update", ids["mode"], cname, uid, fields)
    return _checked("update", _all(problems, more, checks, body), partial(_plain, UpdateResult), ids, body)


def update_layout(
    app_id: str, resource_id: Any, sid: Any, mode: Any, cname: Any, uid: Any, fields: Fields, *, checks: bool = True
) -> Call[UpdateLayoutResult]:
    """POST …/updateLayout"""
    ids, problems = _ids(app_id, mode=mode, resource_id=resource_id, sid=sid)
    body, more = _body_of("updateLayout", ids["mode"], cname, uid, fields)
    return _checked("updateLayout", _all(problems, more, checks, body), partial(_plain, UpdateLayoutResult), ids, body)


def stop(
    app_id: str, resource_id: Any, sid: Any, mode: Any, cname: Any, uid: Any, async_stop: Any, *, checks: bool = True
) -> Call[StopResult[Any]]:
    """POST …/stop"""
    ids, problems = _ids(app_id, mode=mode, resource_id=resource_id, sid=sid)
    # `async_stop` is only sent where it changes something; what is left out is false.
    fields = {} if async_stop is False else {"async_stop": async_stop}
    body, more = _body_of("stop", ids["mode"], cname, uid, fields)

    def decode(sent: Any, reply: Reply) -> StopResult[Any]:
        nothing = nothing_recorded(sent)
        answer = NothingRecorded(sent) if nothing else stop_answer(ids["mode"], sent.get("serverResponse"))
        return StopResult(
            sent, answer, nothing_recorded=nothing, http_status=reply.http_status, request_id=reply.request_id
        )

    return _checked("stop", _all(problems, more, checks, body), decode, ids, body)


def ncs_ips() -> Call[NcsIpsResult]:
    """GET /v1/ncs/ip"""
    return Call("ncsIps", partial(_plain, NcsIpsResult), {})


def client_request(**fields: Any) -> dict[str, Any]:
    """A `clientRequest` from keyword arguments named as on the wire, in which None stands for left out."""
    return {name: _to_wire(name, value) for name, value in fields.items() if value is not None}


def _to_wire(name: str, value: Any) -> Any:
    """JSON from a generated model, or from plain dicts and lists, with models anywhere in them."""
    if hasattr(value, "to_dict"):
        try:
            return _to_wire(name, value.to_dict())
        except AttributeError as wrong:
            # A dict in the place of a model inside of a model; the generated code only finds that it has no to_dict.
            rule = f"every part of a {type(value).__name__} must be one of its types, not a dict"
            problems = (Problem(name, "given", rule, TYPE),)
            raise InvalidRequestError(f"{name}: {rule}", problems=problems, advice="Correct the call.") from wrong
    if isinstance(value, Mapping):
        return {key: _to_wire(f"{name}.{key}", item) for key, item in value.items()}
    if isinstance(value, (list, tuple)):
        return [_to_wire(f"{name}[{place}]", item) for place, item in enumerate(value)]
    return value


# Argument of a call: its schema, and its name in the path.
_PATH = {"mode": ("Mode", "mode"), "resource_id": ("ResourceId", "resourceid"), "sid": ("Sid", "sid")}


def _ids(app_id: str, **given: Any) -> tuple[dict[str, str], list[Problem]]:
    """The parameters of the path, and what is wrong with them."""
    ids, problems = {"appid": app_id}, []
    for argument, value in given.items():
        schema, name = _PATH[argument]
        # First in the shortest way: this is all that a query has to check, and most calls are queries.
        if not is_plainly_right(value, component(schema)):
            problems += check(value, component(schema), argument)
        ids[name] = value.value if isinstance(value, Mode) else value
    return ids, problems


def _body(schema: str, is_web: bool, cname: Any, uid: Any, fields: Fields) -> tuple[dict[str, Any], list[Problem]]:
    """The body, and what is wrong with it. A uid may be given as a number; on the wire it is a string."""
    uid = on_wire(uid)
    problems = check(cname, component("ChannelName" if is_web else "RtcChannelName"), "cname")
    problems += check(uid, component("RecorderUid"), "uid")
    problems += check(fields, component(schema))
    return {"cname": cname, "uid": uid, "clientRequest": fields}, problems


def _body_of(endpoint: str, mode: Any, cname: Any, uid: Any, fields: Fields) -> tuple[dict[str, Any], list[Problem]]:
    modes = _CLIENT_REQUESTS[endpoint]
    # A mode that is none at all is told of with the path; the rest is then checked as if for any.
    known = mode if isinstance(mode, str) and mode in modes else next(iter(modes))
    body, problems = _body(modes[known], known == Mode.WEB, cname, uid, fields)
    if mode != known and mode in _MODES:
        problems = [Problem("mode", shown(mode), f"{endpoint} is for {', '.join(modes)} recordings", "mode-of-call")]
    return body, problems


def _all(problems: list[Problem], more: list[Problem], checks: bool, fields: Any) -> list[Problem]:
    """What is wrong with path and body.

    Where nothing is to be checked, what cannot be sent at all is told of all the same: an ID that would lead elsewhere,
    and what JSON cannot carry.
    """
    return [*problems, *(more if checks else unsendable(fields))]


def _checked(
    endpoint: str,
    problems: list[Problem],
    decode: Callable[[Any, Reply], R],
    ids: Mapping[str, str],
    body: Fields | None = None,
) -> Call[R]:
    if problems:
        raise InvalidRequestError.of(endpoint, list(dict.fromkeys(problems)))
    return Call(endpoint, decode, ids, body)


def _plain(kind: Callable[..., R], sent: Any, reply: Reply) -> R:
    return kind(sent, http_status=reply.http_status, request_id=reply.request_id)


def _needed(endpoint: str, kind: Callable[..., R], name: str, sent: Any, reply: Reply) -> R:
    """A result that is of no use without one field."""
    value = sent.get(name)
    if not isinstance(value, str) or not value:
        raise InvalidResponseError(
            f"{endpoint}: the answer has no {name} (HTTP {reply.http_status})",
            endpoint=endpoint,
            http_status=reply.http_status,
            request_id=reply.request_id,
            advice="Quote the request ID to the provider's support.",
        )
    return _plain(kind, sent, reply)
