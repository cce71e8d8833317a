"""What `record` will send: from words to one set of parameters, for `acquire` and `start` alike. No I/O here."""

from __future__ import annotations

import json
from collections.abc import Callable, Container, Iterable, Mapping
from contextlib import suppress
from hashlib import blake2b
from itertools import count
from typing import Any

from cloudrec_api.models.mode import Mode
from cloudrec_api.models.scene import Scene
from cloudrec_api.models.stream_mode import StreamMode
from cloudrec_api.models.stream_types import StreamTypes
from cloudrec_api.views import mapping, number

from .._call.access_token import LONGEST_LIFE
from .._call.requests import Call, acquire_problems, client_request, start_problems
from .._contract.document import default
from .._contract.redact import shown
from .._contract.rule_texts import FORBIDDEN, GIVEN_TWICE, LISTED_VALUE, RANGE, TYPE
from .._contract.uids import on_wire
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

Wire = dict[str, Any]

# Seconds; the provider's advice for channels that may be empty for a while. Its default is 30.
DEFAULT_MAX_IDLE_TIME = 300
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
    for place in count():
        # As JSON, since that writes whatever a name may hold.
        told = json.dumps([mode.value, parts, place]).encode()
        uid = str(1 + int.from_bytes(blake2b(told, digest_size=8).digest()) % LARGEST_PICKED_UID)
        if uid not in avoid:
            return uid
    raise AssertionError("there is always another")


class Gathered:
    """What is wrong with the words of a request, gathered so that all of it can be told at once."""

    def __init__(self) -> None:
        self.problems: list[Problem] = []

    def __call__(self, make: Callable[..., Wire], *arguments: Any, **words: Any) -> Wire:
        """What a function makes of its arguments; nothing, where they are wrong."""
        try:
            return make(*arguments, **words)
        except InvalidRequestError as wrong:
            self.problems += wrong.problems
            return {}


class Plan:
    """What one recorder is asked to do."""

    def __init__(
        self,
        app_id: str,
        mode: Mode,
        cname: str,
        uid: int | str | None,
        avoid: Iterable[int | str],
        acquire: Wire,
        start: Wire,
        redundancy: int = 1,
        *,
        check: bool,
        key: object = None,
        problems: Iterable[Problem] = (),
    ) -> None:
        self._problems = list(problems)
        if redundancy not in (1, 2) or isinstance(redundancy, bool):
            rule = "must be 1, or 2 for a second recorder"
            self._problems.append(Problem("redundancy", shown(redundancy), rule, LISTED_VALUE))
        self.redundancy: int = redundancy
        self.app_id: str = app_id
        self.mode: Mode = mode
        self.cname: str = cname
        self.given_uid = on_wire(uid)
        avoided = [on_wire(item) for item in _list("avoid", avoid)]
        self._problems += [
            Problem(f"avoid[{place}]", shown(item), "must be a user ID: a whole number", TYPE)
            for place, item in enumerate(avoided)
            if not isinstance(item, str)
        ]
        self.avoid: frozenset[str] = frozenset(item for item in avoided if isinstance(item, str))
        self._acquire = acquire
        self._start = start
        self.check: bool = check
        self._key = key
        if key is not None and not isinstance(key, (str, int)):
            self._problems.append(Problem("key", shown(key), "must be a string or a number", TYPE))
        if key is not None and uid is not None:
            self._problems.append(
                Problem("key", shown(key), "goes with no uid: it is what one is derived from", FORBIDDEN)
            )
        if isinstance(self.given_uid, str) and self.given_uid in self.avoid:
            self._problems.append(Problem("uid", shown(uid), "must not be one of those in avoid", FORBIDDEN))

    def beside(self, uid: str, resource_id: str) -> Plan:
        """The plan of a second recorder: another uid, and away from the region of the first."""
        excluded = [*_items(self._acquire.get("excludeResourceIds")), resource_id]
        acquire = {**self._acquire, "excludeResourceIds": excluded}
        start = self._start
        if "extensionServiceConfig" in start:
            start = {**start, "extensionServiceConfig": _without_push(mapping(start["extensionServiceConfig"]))}
        key, avoid = f"second recorder of {self._key}", {*self.avoid, uid}
        return Plan(self.app_id, self.mode, self.cname, None, avoid, acquire, start, check=self.check, key=key)

    def next_uid(self) -> str:
        """The uid that was given, or the one of the channel."""
        if self.given_uid is None:
            return uid_for(self.mode, self.cname, self._key, self.avoid)
        return self.given_uid if isinstance(self.given_uid, str) else shown(self.given_uid)

    def fields(self, uid: str, token: str | None, storage: Wire) -> tuple[Wire, Wire]:
        """The `clientRequest` of acquire and that of start, checked.

        Raises:
            InvalidRequestError: everything that is wrong with either.
        """
        start = {**({} if token is None else {"token": token}), "storageConfig": storage, **self._start}
        problems = list(self._problems)
        if self.check:
            problems += start_problems(self.mode, self.cname, uid, start)
            problems += acquire_problems(self.cname, uid, self._acquire)
        if problems:
            raise InvalidRequestError.of("record", list(dict.fromkeys(problems)))
        return {**self._acquire, "startParameter": start}, start

    def handle(self, uid: str, resource_id: str, storage: Wire) -> RecordingHandle:
        """What is kept of it from here on; of what was not checked, as much as can be read."""
        start = {**self._start, "storageConfig": storage}
        return handle_of(self.app_id, self.mode, self.cname, uid, resource_id, start, self._expires_after)

    @property
    def _expires_after(self) -> int:
        """Hours after which it can be neither queried nor stopped."""
        hours = number(self._acquire.get("resourceExpiredHour"))
        return int(default("AcquireClientRequest", "resourceExpiredHour")) if hours is None else hours

    @property
    def recording_config(self) -> Mapping[str, Any]:
        """`recordingConfig` as it will be sent; empty in `web` mode."""
        return mapping(self._start.get("recordingConfig"))

    @property
    def most_hours(self) -> float:
        """Hours after which it ends at the latest, as far as a token can last."""
        hours, most = self._expires_after, _records_for(self._start)
        return min(hours, hours if most is None else most, LONGEST_TOKEN)

    @property
    def token_hours(self) -> float:
        """Hours that a token made for it is to live: half an hour more than it may last, and no more than it can."""
        return min(self.most_hours + TOKEN_SPARE, LONGEST_LIFE)

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
    with suppress(AttributeError, TypeError, ValueError):
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


def storage_fields(storage: object, now: float) -> Wire:
    """A storage configuration as it is sent at this time, in seconds since 1970.

    Raises:
        InvalidRequestError: it is none, or its session token has ended.
    """
    wire = client_request(storage=storage).get("storage")
    if not isinstance(wire, dict):
        told = type(storage).__name__
        rule = "must be a StorageConfig, a storage such as S3(...), a dict, or a function that gives one of these"
        raise InvalidRequestError.of("record", [Problem("storage", told, rule, TYPE)])
    ends = wire.get("stsExpiration")
    if isinstance(ends, int) and ends <= now:
        rule = "must be in the future; these short-lived credentials have ended"
        raise InvalidRequestError.of("record", [Problem("storage.stsExpiration", str(ends), rule, RANGE)])
    return wire


def acquire_fields(
    mode: Mode,
    *,
    deferred_transcoding: bool = False,
    resource_expired_hour: int | None,
    region: object,
    region_affinity: object,
    exclude_resource_ids: object,
) -> Wire:
    """The `clientRequest` of acquire, but for `startParameter`."""
    scene = None if mode is Mode.RAW else Scene.WEB_PAGE if mode is Mode.WEB else Scene.REALTIME
    return client_request(
        scene=Scene.DEFERRED_TRANSCODING if deferred_transcoding else scene,
        resourceExpiredHour=resource_expired_hour,
        excludeResourceIds=exclude_resource_ids,
        region=region,
        regionAffinity=region_affinity,
    )


def recording_config(given: object, max_idle_time: int | None, **words: object) -> Wire:
    """`recordingConfig`: what was given as a whole, and the words beside it.

    Raises:
        InvalidRequestError: something was given twice.
    """
    config = _wire(given, "recording_config")
    config = _joined("recording_config", config, client_request(maxIdleTime=max_idle_time, **words))
    config.setdefault("channelType", default("MixRecordingConfig", "channelType"))
    config.setdefault("maxIdleTime", DEFAULT_MAX_IDLE_TIME)
    return config


def joined(name: str, given: object, *words: object) -> Wire:
    """A part of a request that was given as a whole, and the values beside it.

    Raises:
        InvalidRequestError: something was given twice.
    """
    found = _wire(given, name)
    for word in words:
        found = _joined(name, found, _wire(word, name))
    return found


def file_config(given: object, files: Iterable[object] | str | None) -> Wire:
    """`recordingFileConfig`; HLS where nothing is said."""
    listed = None if files is None else _list("files", files)
    config = _joined("recording_file_config", _wire(given, "recording_file_config"), client_request(avFileType=listed))
    config.setdefault("avFileType", default("RecordingFileConfig", "avFileType"))
    return config


def _list(name: str, given: object) -> list[Any]:
    """Several of something; one alone is taken for a list of one."""
    if isinstance(given, (str, int)):
        return [given]
    if isinstance(given, Iterable):
        return list(given)
    raise InvalidRequestError.of("record", [Problem(name, shown(given), "must be a list", TYPE)])


def _wire(given: object, name: str) -> Wire:
    if given is None:
        return {}
    wire = client_request(**{name: given})[name]
    if not isinstance(wire, dict):
        rule = "must be one of its types or a dict"
        raise InvalidRequestError.of("record", [Problem(name, type(given).__name__, rule, TYPE)])
    return wire


def _joined(name: str, config: Wire, words: Wire) -> Wire:
    if twice := sorted(config.keys() & words.keys()):
        rule = "is given by an argument of its own, too"
        problems = [Problem(f"{name}.{field}", "given", rule, GIVEN_TWICE) for field in twice]
        raise InvalidRequestError.of("record", problems)
    return {**config, **words}


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
