"""Handles from outside: whether one is ours, and of which recording."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, cast

from cloudrec_api.models.mode import Mode

from .._call.requests import stop
from .._contract.redact import shown
from .._numbers import FARTHEST
from ..errors import HandleError, InvalidRequestError
from ..handles import VERSION, RecordingHandle

if TYPE_CHECKING:
    from ..webhooks import Event

# Field: its types, and the rule in words.
_FIELDS: dict[str, tuple[tuple[type, ...], str]] = {
    "app_id": ((str,), "must be a string"),
    "mode": ((str,), "must be individual, raw, mix or web"),
    "cname": ((str,), "must be a string"),
    "uid": ((str,), "must be a string"),
    "resource_id": ((str,), "must be a string"),
    "sid": ((str, type(None)), "must be a string or null"),
    "started_at": ((int, float, type(None)), "must be seconds since 1970 or null"),
    "resource_expired_hour": ((int,), "must be a whole number"),
    "max_idle_time": ((int, type(None)), "must be a whole number or null"),
    "max_recording_hour": ((int, type(None)), "must be a whole number or null"),
    "prefix": ((list,), "must be a list of strings"),
    "files": ((list,), "must be a list of strings"),
    "uids": ((list,), "must be a list of strings"),
    "stream_types": ((int,), "must be a whole number"),
    "kinds": ((list,), "must be a list of strings"),
}


def read_handle(
    given: RecordingHandle | Mapping[str, Any] | str | bytes,
    app_id: str,
    mode: Mode | None,
    sid: str | None = None,
    event: Event | None = None,
) -> RecordingHandle:
    """The handle, found good for this client, with this sid, or that of this event, if it has none.

    Raises:
        HandleError: what is wrong with it: the field, the value and the rule.
    """
    sent = parsed(given)
    version = sent.get("version")
    if isinstance(version, bool) or not isinstance(version, int) or version < 1:
        raise _wrong("version", version, f"must be {VERSION}; this is no handle")
    if version > VERSION:
        raise _wrong("version", version, f"this version of cloudrec reads {VERSION}; upgrade it to use this handle")
    if missing := [name for name in _FIELDS if name not in sent]:
        raise HandleError(f"handle: {', '.join(missing)} missing; it has been cut short")
    for name, (kinds, rule) in _FIELDS.items():
        value = sent[name]
        right = isinstance(value, kinds) and not isinstance(value, bool)
        right = right and not (isinstance(value, (int, float)) and not abs(value) <= FARTHEST)
        if isinstance(value, list):
            right = right and all(isinstance(item, str) for item in value)
        if not right:
            raise _wrong(name, value, rule)
    if sent["mode"] not in tuple(Mode):
        raise _wrong("mode", sent["mode"], _FIELDS["mode"][1])
    if mode is not None and sent["mode"] != mode:
        raise _wrong("mode", sent["mode"], f"these are the calls of {mode} recordings; client.attach takes every mode")
    if sent["app_id"] != app_id:
        raise _wrong("app_id", sent["app_id"], f"this client's App ID is {app_id}")
    found: dict[str, Any] = {"version": VERSION, **{name: sent[name] for name in _FIELDS}}
    if event is not None:
        from .events import sid_of_start

        sid = sid_of_start(event, found["cname"], found["uid"])
    if sid is not None and found["sid"] not in (None, sid):
        raise _wrong("sid", found["sid"], f"the sid given beside it is {shown(sid)}")
    found["sid"] = found["sid"] or sid
    if found["sid"] is None:
        rule = (
            "start was never answered, and whether it runs is not known; its webhook event 40 carries the sid: "
            "attach(handle, event=...) or attach(handle, sid=...)"
        )
        raise _wrong("sid", None, rule)
    try:
        # What every call of it needs is looked at here, and not when it is to be stopped.
        stop(
            app_id, found["resource_id"], found["sid"], found["mode"], found["cname"], found["uid"], False, checks=False
        )
    except InvalidRequestError as wrong:
        raise HandleError(f"handle: {'; '.join(map(str, wrong.problems))}") from None
    return cast("RecordingHandle", found)


def parsed(given: object) -> Mapping[str, Any]:
    """A handle as an object: as it is, or from its JSON.

    Raises:
        HandleError: it is none.
    """
    if isinstance(given, (str, bytes)):
        try:
            given = json.loads(given)
        except (ValueError, RecursionError) as wrong:
            raise HandleError(f"handle: not JSON ({wrong}); it has been cut short or changed") from None
    if not isinstance(given, Mapping):
        raise HandleError(f"handle: must be an object, not {type(given).__name__}")
    return given


def _wrong(field: str, value: object, rule: str) -> HandleError:
    return HandleError(f"handle: {field}: {shown(value)} ({rule})")
