"""`Plan`: what `record` sends, as one set of parameters for acquire and start. No I/O here."""

from __future__ import annotations

import json
from collections.abc import Container, Mapping
from contextlib import suppress
from hashlib import blake2b
from itertools import count
from typing import Any

from cloudrec_api.models.mode import Mode
from cloudrec_api.models.stream_mode import StreamMode
from cloudrec_api.models.stream_types import StreamTypes
from cloudrec_api.views import mapping, number

from .._call.access_token import LONGEST_LIFE
from .._call.call import Call
from .._call.requests import token_problems
from .._contract.checker import unsendable
from .._contract.document import default
from .._contract.redact import shown
from .._contract.rule_texts import LISTED_VALUE, TYPE
from ..errors import (
    CloudRecordingError,
    InvalidRequestError,
    InvalidResourceError,
    Problem,
    ServiceUnavailableError,
    TaskConflictError,
)
from ..files import types_recorded
from ..handles import VERSION, RecordingHandle
from ..subscriptions import of_recording_config
from .arguments import Recorded, argument_of, named
from .recipe import Body, body_problems
from .words import Wire

# How often acquire and start are made anew where that is known to do no harm.
ROUNDS = 3
# Hours. No token lives longer than 24, so one that is good for nearly as long is as good as can be.
LONGEST_TOKEN = 23.5
# Hours more than the recording, for clocks that differ and for what goes before the start.
TOKEN_SPARE = 0.5
LARGEST_PICKED_UID = 2**31 - 1


def uid_for(mode: Mode, cname: object, key: object, avoid: Container[str] = ()) -> str:
    """The uid of the recorder of a channel: the same in every process, and none of these.

    So the service itself sees to it that the same is not recorded twice.
    """
    parts = [part if isinstance(part, str) else shown(part) for part in (cname, key) if part is not None]
    # As JSON, since that writes whatever a name may hold.
    told = (json.dumps([mode.value, parts, place]).encode() for place in count())
    uids = (str(1 + int.from_bytes(blake2b(text, digest_size=8).digest()) % LARGEST_PICKED_UID) for text in told)
    return next(uid for uid in uids if uid not in avoid)


class Plan:
    """What one recorder is asked to do: a recipe's body, for this cname."""

    def __init__(
        self, app_id: str, mode: Mode, cname: str, body: Body, redundancy: int = 1, *, check: bool = True
    ) -> None:
        self.app_id: str = app_id
        self.mode: Mode = mode
        self.cname: str = cname
        self._body = body
        self.redundancy: int = redundancy
        self.check: bool = check
        self._is_right = False

    def beside(self, uid: str, resource_id: str) -> Plan:
        """The plan of a second recorder: another uid, and away from the region of the first."""
        body = self._body
        excluded = [*_items(body.acquire.get("excludeResourceIds")), resource_id]
        start = body.start
        if "extensionServiceConfig" in start:
            start = {**start, "extensionServiceConfig": _without_push(mapping(start["extensionServiceConfig"]))}
        acquire = {**body.acquire, "excludeResourceIds": excluded}
        key = f"second recorder of {body.key}"
        beside = body._replace(uid=None, key=key, avoid=body.avoid | {uid}, acquire=acquire, start=start)
        return Plan(self.app_id, self.mode, self.cname, beside, check=self.check)

    def next_uid(self) -> str:
        """The uid that was given, or the one of the channel."""
        uid = self._body.uid
        if uid is None:
            return uid_for(self.mode, self.cname, self._body.key, self._body.avoid)
        return uid if isinstance(uid, str) else shown(uid)

    def refuse_what_is_wrong(self, uid: str, token: object, storage: Wire) -> None:
        """Checks all that will be sent, once: what the calls are made of later is known to be right.

        Raises:
            InvalidRequestError: everything that is wrong with acquire or start.
        """
        if self._is_right:
            return
        problems = list(self._body.problems)
        if self.redundancy not in (1, 2) or isinstance(self.redundancy, bool):
            rule = "must be 1, or 2 for a second recorder"
            problems.append(Problem("redundancy", shown(self.redundancy), rule, LISTED_VALUE))
        _, start = self.fields(token, storage)
        problems += body_problems(self.mode, self.cname, uid, self._body.acquire, start, check=self.check)
        if problems:
            raise InvalidRequestError.of(
                "record",
                list(
                    dict.fromkeys(
                        named(problems, {"storage": self._body.arguments.get("storage"), **self._body.arguments})
                    )
                ),
            )
        self._is_right = True

    def refuse_wrong_token(self, token: object) -> None:
        """The same for a token that was made after that.

        Raises:
            InvalidRequestError: it is none.
        """
        if problems := token_problems(token) if self.check else unsendable(token, "token"):
            raise InvalidRequestError.of("record", problems)

    def fields(self, token: object, storage: Wire) -> tuple[Wire, Wire]:
        """The `clientRequest` of acquire and that of start."""
        start = {**({} if token is None else {"token": token}), "storageConfig": storage, **self._body.start}
        acquire = Recorded({**self._body.acquire, "startParameter": start})
        acquire.arguments = self._body.arguments
        start = Recorded(start)
        start.arguments = self._body.arguments
        return acquire, start

    def handle(self, uid: str, resource_id: str, storage: Wire) -> RecordingHandle:
        """What is kept of it from here on; of what was not checked, as much as can be read."""
        start = {**self._body.start, "storageConfig": storage}
        return handle_of(self.app_id, self.mode, self.cname, uid, resource_id, start, self._expires_after)

    @property
    def _expires_after(self) -> int:
        """Hours after which it can be neither queried nor stopped."""
        hours = number(self._body.acquire.get("resourceExpiredHour"))
        return int(default("AcquireClientRequest", "resourceExpiredHour")) if hours is None else hours

    @property
    def recording_config(self) -> Mapping[str, Any]:
        """`recordingConfig` as it will be sent; empty in `web` mode."""
        return mapping(self._body.start.get("recordingConfig"))

    @property
    def most_hours(self) -> float:
        """Hours after which it ends at the latest, as far as a token can last."""
        hours, most = self._expires_after, _records_for(self._body.start)
        return min(hours, hours if most is None else most, LONGEST_TOKEN)

    @property
    def token_hours(self) -> float:
        """Hours that a token made for it is to live: half an hour more than it may last, and no more than it can."""
        return min(self.most_hours + TOKEN_SPARE, LONGEST_LIFE)

    @property
    def contradictions(self) -> list[str]:
        """Limits of acquire and of start that contradict each other."""
        if not self.check:
            return []
        hours = self._expires_after
        most, idle = _records_for(self._body.start), number(self.recording_config.get("maxIdleTime"))
        words = self._body.arguments
        after = (
            f"{argument_of('resourceExpiredHour', words)}={hours}, after which it can be neither queried nor stopped"
        )
        found = []
        if most is not None and most > hours:
            longest = argument_of("extensionServiceConfig.extensionServices[0].serviceParam.maxRecordingHour", words)
            found.append(f"{longest}={most} lets it last longer than {after}")
        if idle is not None and idle > hours * 3600:
            empty = argument_of("recordingConfig.maxIdleTime", words)
            found.append(f"{empty}={idle} lets it wait for longer than {after}")
        return found

    def may_begin_anew(self, error: CloudRecordingError) -> bool:
        """Whether acquire and start may be made anew after this: nothing was started, and it may do better."""
        if error.endpoint != "start":
            return False
        if isinstance(error, TaskConflictError):
            # Not with another uid, which may record the same twice; but ours may be over, and the service not know yet.
            return error.is_over
        # 500/502: no recorder could be had for this resource ID; or it expired on the way.
        return isinstance(error, InvalidResourceError) or (
            isinstance(error, ServiceUnavailableError) and error.code == 502
        )


def handle_of(
    app_id: str, mode: Mode, cname: str, uid: str, resource_id: str, start: Wire, expires_after: int | None = None
) -> RecordingHandle:
    """What is kept of a recording that is started by this `clientRequest`; as much of it as can be read."""
    config = mapping(start.get("recordingConfig"))
    stream_types, stream_mode = StreamTypes.AUDIO_AND_VIDEO, StreamMode.DEFAULT
    if config.get("streamTypes") in tuple(StreamTypes):
        stream_types = StreamTypes(config["streamTypes"])
    if config.get("streamMode") in tuple(StreamMode):
        stream_mode = StreamMode(config["streamMode"])
    files = [str(kind) for kind in _items(mapping(start.get("recordingFileConfig")).get("avFileType"))]
    return RecordingHandle(
        version=VERSION,
        app_id=app_id,
        mode=mode.value,
        cname=cname,
        uid=uid,
        resource_id=resource_id,
        sid=None,
        started_at=None,
        resource_expired_hour=expires_after or int(default("AcquireClientRequest", "resourceExpiredHour")),
        max_idle_time=number(config.get("maxIdleTime")),
        max_recording_hour=_records_for(start),
        prefix=[str(folder) for folder in _items(mapping(start.get("storageConfig")).get("fileNamePrefix"))],
        files=[*files, *_others(start)],
        uids=_named_uids(config) if mode in (Mode.INDIVIDUAL, Mode.RAW) else [],
        stream_types=int(stream_types),
        kinds=[str(kind) for kind in types_recorded(stream_types, stream_mode, mode=mode)],
    )


def _records_for(start: Mapping[str, Any]) -> int | None:
    """Hours after which it ends by itself; None but of a page."""
    return number(_recorder_param(mapping(start.get("extensionServiceConfig"))).get("maxRecordingHour"))


def handle_of_call(app_id: str, call: Call[Any], now: float) -> RecordingHandle | None:
    """What is kept of the recording of a start that `record` did not make; None where its parameters are too odd."""
    body = call.body or {}
    with suppress(AttributeError, LookupError, TypeError, ValueError):
        mode = Mode(call.ids["mode"])
        handle = handle_of(app_id, mode, body["cname"], body["uid"], call.ids["resourceid"], body["clientRequest"])
        handle["started_at"] = now
        return handle
    return None


def number_of(uid: str) -> int:
    """The uid as a number.

    Raises:
        InvalidRequestError: it is none.
    """
    if not (uid.isascii() and uid.isdigit()):
        raise InvalidRequestError.of("record", [Problem("uid", shown(uid), "must be a whole number", TYPE)])
    return int(uid)


def _items(value: Any) -> list[Any]:
    """A list; an empty one where something else was given."""
    return list(value) if isinstance(value, (list, tuple)) else []


def _recorder_param(extension_service_config: Mapping[str, Any]) -> Mapping[str, Any]:
    for service in map(mapping, _items(extension_service_config.get("extensionServices"))):
        if service.get("serviceName") == "web_recorder_service":
            return mapping(service.get("serviceParam"))
    return {}


def _others(start: Wire) -> list[str]:
    """Kinds of files beside those of `recordingFileConfig`: screenshots, and what is made after the recording."""
    later = mapping(mapping(start.get("transcodeOptions")).get("container")).get("format")
    if later is None and "transcodeOptions" in start:
        later = "mp4"
    shots = _items(mapping(start.get("snapshotConfig")).get("fileType"))
    return [*map(str, shots), *([str(later)] if later else [])]


def _without_push(extension_service_config: Mapping[str, Any]) -> Wire:
    """Without the push to a CDN: two that push to one address would be in each other's way."""
    services = [
        service
        for service in _items(extension_service_config.get("extensionServices"))
        if mapping(service).get("serviceName") != "rtmp_publish_service"
    ]
    return {**extension_service_config, "extensionServices": services}


def _named_uids(config: Mapping[str, Any]) -> list[str]:
    """Users that are named to be recorded; none where everyone is."""
    subscriptions = of_recording_config(config)
    if any(subscription.all_others for subscription in subscriptions):
        return []
    named = {uid for subscription in subscriptions for uid in subscription.uids}
    return sorted(named, key=lambda uid: (len(uid), uid))
