"""Requests: a call from its arguments to what is sent, and from the reply to its result. No I/O here.

Sync and async clients only differ in how they send what is made here.
"""

import json
import warnings
from collections.abc import Mapping
from functools import partial
from typing import Any, TypeVar

from cloudrec_api.models.mode import Mode
from cloudrec_api.models.scene import Scene
from cloudrec_api.views import fields_of

from .._contract.checker import check, notes, unsendable
from .._contract.document import component, document, operation_of, operations
from .._contract.frames import steps_to_the_caller
from .._contract.redact import shown
from .._contract.rule_texts import TYPE
from .._contract.storage_rules import bucket_in_host, vendor_problems, with_region
from .._contract.wire import on_wire
from .._contract.written import arguments_of, in_words, written_for
from ..answers import NothingRecorded, stop_answer
from ..errors import (
    InvalidRequestError,
    InvalidResponseError,
    Problem,
    RequestWarning,
)
from ..results import (
    AcquireResult,
    NcsIpsResult,
    Result,
    StartResult,
    StopResult,
    UpdateLayoutResult,
    UpdateResult,
)
from .call import Call
from .queries import explained, ids_of, refuse
from .response import Reply, nothing_recorded

R = TypeVar("R", bound=Result)
Fields = Mapping[str, Any]

_MODES = tuple(mode.value for mode in Mode)


def acquire(
    app_id: str, cname: Any, uid: Any, fields: Fields, *, checks: bool = True, is_right: bool = False
) -> Call[AcquireResult]:
    """POST …/acquire. A body that is right was checked before, and is not again."""
    from cloudrec_api.api.recording.acquire import _get_kwargs
    from cloudrec_api.models.acquire_request import AcquireRequest

    given, fields = fields, with_region(fields)
    body = AcquireRequest(cname=cname, uid=on_wire(uid), client_request=_given(fields))
    if not is_right:
        refuse("acquire", acquire_problems(cname, uid, fields) if checks else _unsendable(body), arguments_of(given))
    if checks:
        _warn("acquire", fields, "AcquireClientRequest", given)

    call = Call(
        "acquire", _get_kwargs(appid=app_id, body=body), partial(_made, "acquire", AcquireResult), {"appid": app_id}
    )
    call.lent_until = lent_until(fields) if checks else None
    return call


def acquire_problems(cname: Any, uid: Any, fields: Fields) -> list[Problem]:
    """What is wrong with an acquire, before there is a call."""
    return _problems("AcquireClientRequest", fields.get("scene") == Scene.WEB_PAGE, cname, uid, fields)


def start_problems(mode: Mode, cname: Any, uid: Any, fields: Fields) -> list[Problem]:
    """What is wrong with a start, before there is a resource ID for it."""
    return _problems_in("start", mode, cname, uid, fields)


def token_problems(token: Any) -> list[Problem]:
    """What is wrong with the token of a start."""
    return check(token, component("ChannelToken"), "token")


def start(
    app_id: str,
    resource_id: Any,
    mode: Any,
    cname: Any,
    uid: Any,
    fields: Fields,
    *,
    checks: bool = True,
    is_right: bool = False,
) -> Call[StartResult]:
    """POST …/start. A body that is right was checked before, and is not again."""
    from cloudrec_api.api.recording.start import _get_kwargs
    from cloudrec_api.models.start_request import StartRequest

    ids, problems = ids_of(app_id, mode=mode, resource_id=resource_id)
    given, fields = fields, with_region(fields)
    body = StartRequest(cname=cname, uid=on_wire(uid), client_request=_given(fields))
    if not is_right:
        problems += _problems_in("start", ids["mode"], cname, uid, fields) if checks else _unsendable(body)
    refuse("start", problems, arguments_of(given))
    if checks:
        _warn("start", fields, operations()["start"].client_requests[ids["mode"]], given)
    request = _get_kwargs(appid=app_id, resourceid=ids["resourceid"], mode=Mode(ids["mode"]), body=body)

    call = Call("start", request, partial(_made, "start", StartResult), ids)
    call.lent_until = lent_until(fields) if checks else None
    return call


def update(
    app_id: str, resource_id: Any, sid: Any, mode: Any, cname: Any, uid: Any, fields: Fields, *, checks: bool = True
) -> Call[UpdateResult]:
    """POST …/update"""
    from cloudrec_api.api.recording.update import _get_kwargs
    from cloudrec_api.models.update_request import UpdateRequest

    ids, problems = ids_of(app_id, mode=mode, resource_id=resource_id, sid=sid)
    given, fields = fields, with_region(fields)
    body = UpdateRequest(cname=cname, uid=on_wire(uid), client_request=_given(fields))
    more = _problems_in("update", ids["mode"], cname, uid, fields) if checks else _unsendable(body)
    refuse("update", problems + more, arguments_of(given))
    if checks:
        _warn("update", fields, operations()["update"].client_requests[ids["mode"]], given)
    request = _get_kwargs(appid=app_id, resourceid=ids["resourceid"], sid=ids["sid"], mode=Mode(ids["mode"]), body=body)
    call = Call("update", request, partial(_made, "update", UpdateResult), ids)
    call.lent_until = lent_until(fields) if checks else None
    return call


def update_layout(
    app_id: str, resource_id: Any, sid: Any, mode: Any, cname: Any, uid: Any, fields: Fields, *, checks: bool = True
) -> Call[UpdateLayoutResult]:
    """POST …/updateLayout"""
    from cloudrec_api.api.recording.update_layout import _get_kwargs
    from cloudrec_api.models.update_layout_request import UpdateLayoutRequest

    ids, problems = ids_of(app_id, mode=mode, resource_id=resource_id, sid=sid)
    body = UpdateLayoutRequest(cname=cname, uid=on_wire(uid), client_request=_given(fields))
    more = _problems_in("updateLayout", ids["mode"], cname, uid, fields) if checks else _unsendable(body)
    refuse("updateLayout", problems + more, arguments_of(fields))
    if checks:
        _warn("updateLayout", fields, "UpdateLayoutClientRequest", fields)
    request = _get_kwargs(appid=app_id, resourceid=ids["resourceid"], sid=ids["sid"], mode=Mode(ids["mode"]), body=body)
    return Call("updateLayout", request, partial(_made, "updateLayout", UpdateLayoutResult), ids)


def stop(
    app_id: str, resource_id: Any, sid: Any, mode: Any, cname: Any, uid: Any, async_stop: Any, *, checks: bool = True
) -> Call[StopResult[Any]]:
    """POST …/stop"""
    from cloudrec_api.api.recording.stop import _get_kwargs
    from cloudrec_api.models.stop_request import StopRequest

    ids, problems = ids_of(app_id, mode=mode, resource_id=resource_id, sid=sid)
    # `async_stop` is only sent where it changes something; what is left out is false.
    fields = {} if async_stop is False else {"async_stop": async_stop}
    body = StopRequest(cname=cname, uid=on_wire(uid), client_request=_given(fields))
    more = _problems_in("stop", ids["mode"], cname, uid, fields) if checks else _unsendable(body)
    refuse("stop", problems + more)
    request = _get_kwargs(appid=app_id, resourceid=ids["resourceid"], sid=ids["sid"], mode=Mode(ids["mode"]), body=body)

    def decode(sent: Any, reply: Reply) -> StopResult[Any]:
        nothing = nothing_recorded(sent)
        answer = NothingRecorded(sent) if nothing else stop_answer(ids["mode"], sent.get("serverResponse"))
        result = StopResult(
            sent, answer, nothing_recorded=nothing, http_status=reply.http_status, request_id=reply.request_id
        )
        return explained("stop", result)

    return Call("stop", request, decode, ids)


def ncs_ips(*, second: bool = False) -> Call[NcsIpsResult]:
    """GET /v1/ncs/ip, or by the second path that pages of the provider have for it"""
    from cloudrec_api.api.notifications.ncs_ips import _get_kwargs

    request = _get_kwargs()
    if second:
        request = {**request, "url": document()["paths"][request["url"]]["get"]["x-also-at"][0]}
    return Call("ncsIps", request, partial(_made, "ncsIps", NcsIpsResult), {})


class RawResult(Result):
    """An answer as it came, for who reads it by other means."""

    __slots__ = ("reply",)
    reply: Reply


def raw_call(method: str, path: str, headers: Mapping[str, str], content: bytes) -> Call[RawResult]:
    """Whatever endpoint: one of the document by its method and path, another by both as its name."""
    endpoint, ids = operation_of(method, path.partition("?")[0]) or (f"{method} {path.partition('?')[0]}", {})
    request: dict[str, Any] = {"method": method, "url": path}
    if content:
        request["json"] = _json_object(endpoint, content)

    def decode(sent: Any, reply: Reply) -> RawResult:
        made = RawResult(sent, http_status=reply.http_status, request_id=reply.request_id)
        made.reply = reply
        return made

    call = Call(endpoint, request, decode, ids)
    call.headers = headers
    return call


def _json_object(endpoint: str, content: bytes) -> Fields:
    try:
        body = json.loads(content)
    except (ValueError, RecursionError):
        body = None
    if not isinstance(body, dict):
        kind = "not JSON" if body is None else type(body).__name__
        raise InvalidRequestError.of(endpoint, [Problem("body", kind, "must be a JSON object", TYPE)])
    return body


class _Json:
    """A body's part that is JSON already, in the place of a generated model."""

    __slots__ = ("_json",)

    def __init__(self, json: Fields) -> None:
        self._json = json

    def to_dict(self) -> Fields:
        return self._json


def _given(fields: Fields) -> Any:
    """`clientRequest` as the caller gave it: what the contract does not know of goes with it."""
    return _Json(fields)


def _storage_problems(fields: Fields, told: list[Problem]) -> list[Problem]:
    """What of a `storageConfig` breaks rules of its vendor, and is not told of already."""
    storage = fields.get("storageConfig")
    if not isinstance(storage, dict):
        return []
    known = {problem.field for problem in told}
    found = [problem._replace(field=f"storageConfig.{problem.field}") for problem in vendor_problems(storage)]
    return [problem for problem in found if problem.field not in known]


def lent_until(fields: Fields) -> int | None:
    """When the short-lived storage credentials end that a request holds, in seconds since 1970."""
    start = fields.get("startParameter")
    storage = (start if isinstance(start, dict) else fields).get("storageConfig")
    ends = storage.get("stsExpiration") if isinstance(storage, dict) else None
    return ends if isinstance(ends, int) else None


def _problems(schema: str, is_web: bool, cname: Any, uid: Any, fields: Fields) -> list[Problem]:
    """What is wrong with a body. A uid may be given as a number; on the wire it is a string."""
    problems = check(cname, component("ChannelName" if is_web else "RtcChannelName"), "cname")
    problems += check(on_wire(uid), component("RecorderUid"), "uid")
    return problems + check(fields, component(schema))


def _problems_in(endpoint: str, mode: Any, cname: Any, uid: Any, fields: Fields) -> list[Problem]:
    """What is wrong with a body whose `clientRequest` depends on the mode."""
    modes = operations()[endpoint].client_requests
    # A mode that is none at all is told of with the path; the rest is then checked as if for any.
    known = mode if isinstance(mode, str) and mode in modes else next(iter(modes))
    problems = _problems(modes[known], known == Mode.WEB, cname, uid, fields)
    problems += _storage_problems(fields, problems)
    if mode != known and mode in _MODES:
        problems = [Problem("mode", shown(mode), f"{endpoint} is for {', '.join(modes)} recordings", "mode-of-call")]
    return problems


def _unsendable(body: Any) -> list[Problem]:
    """What of a body no JSON can carry, by the names that its fields have where it is checked."""
    return [found._replace(field=found.field.removeprefix("clientRequest.")) for found in unsendable(body.to_dict())]


def _warn(endpoint: str, fields: Fields, schema: str, given: Fields) -> None:
    """Warns of what of a request is taken, and has no effect, is mostly a mistake, or was withdrawn."""
    told: list[tuple[str, str, type[Warning]]] = [
        (note.field, note.words, DeprecationWarning if note.is_withdrawn else RequestWarning)
        for note in notes(fields, component(schema))
    ]
    if isinstance(storage := fields.get("storageConfig"), dict) and (said := bucket_in_host(storage)):
        told.append(("storageConfig", said, RequestWarning))
    written = partial(written_for, fields=given)
    for field, words, kind in told:
        where = f"{endpoint}: {written(field)}" if field else endpoint
        warnings.warn(f"{where}: {in_words(words, field, written)}", kind, stacklevel=steps_to_the_caller())


def _made(endpoint: str, kind: type[R], sent: Any, reply: Reply) -> R:
    """A result. Of some there is no use without one field, which the contract requires."""
    for field in fields_of(kind).values():
        value = sent.get(field.path[0])
        if field.needed and (not isinstance(value, str) or not value):
            raise InvalidResponseError(
                f"{endpoint}: the answer has no {field.path[0]} (HTTP {reply.http_status})",
                endpoint=endpoint,
                http_status=reply.http_status,
                request_id=reply.request_id,
                advice="Quote the request ID to the provider's support.",
            )
    return kind(sent, http_status=reply.http_status, request_id=reply.request_id)
