"""`Service`: what each operation does to the recordings, and what it answers.

Plain synchronous code behind one lock. The web framework stands in `app.py`, the rules for requests
in the contract, what follows from the passing of time in `recording.py`.
"""

from __future__ import annotations

import json
import secrets
import threading
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from itertools import count
from typing import Any

# Not `from . import`: type checkers take that for an import of the package, and the package imports this.
import cloudrec.emulator.service.answers as answers
import cloudrec.emulator.service.failures as failures

from ..._call.auth import BasicAuth
from ..._io.forks import across_fork
from ..world.channels import Channels, Stream
from ..world.clock import HOUR, MINUTE, SECOND, Clock, Millis
from ..world.recording import Deed, Doing, Recording, Status
from ..world.settings import WEB_SCENE, Mode, Settings, layout_of, output_urls
from ..world.subscription import AUDIO_ONLY, VIDEO_ONLY, Subscription
from .contract import Contract, path_segments
from .failures import Refusal
from .messages import Answer, Request, Unfit, Unreadable, authorizes, read_json
from .tokens import WrongToken, end_of

Json = dict[str, Any]

RESOURCE_LIFE: Millis = 5 * MINUTE
DEFAULT_RESOURCE_EXPIRED_HOUR = 72


@dataclass(frozen=True)
class Limits:
    """What the service allows at once."""

    recordings: int = 50
    web_recordings: int = 200
    #: Requests a second for one App ID; None for any number.
    requests: int | None = None
    #: They are counted only while the clock runs, and no faster than the world: else the eleventh of a test is refused.
    in_real_time: bool = False


@dataclass(repr=False, eq=False)
class Resource:
    """A resource ID, and the recording it serves."""

    resource_id: str
    cname: str
    uid: str
    scene: int
    expired_hour: int
    start_parameter: Json | None
    acquired: Millis
    recording: Recording | None = None


@dataclass(frozen=True)
class Identity:
    """What a request is about, as far as it can be told without obeying it. Unknown is ""."""

    #: The operation, by its name in the contract.
    endpoint: str = ""
    cname: str = ""
    uid: str = ""
    resource_id: str = field(default="", repr=False)
    sid: str = ""


@dataclass(frozen=True, repr=False)
class Call:
    """An operation with what it was called with, found good by the contract."""

    operation: str
    parameters: dict[str, str]
    mode: Mode | None
    body: Json
    now: Millis

    @property
    def request(self) -> Json:
        """The body's `clientRequest`."""
        request: Json = self.body["clientRequest"]
        return request


@dataclass(repr=False, eq=False)
class Service:
    """Everything that an emulator knows."""

    app_id: str
    credential: BasicAuth
    clock: Clock
    contract: Contract
    limits: Limits
    default_streams: Iterable[Stream]
    #: How long a stop that waits for the upload takes where the clock runs, in seconds.
    upload_time: float = 0.0
    #: The customer's storage does not take every file: the provider's own has it first.
    backup: bool = False
    #: A stop that waits answers "stranded": the files follow.
    stranded: bool = False
    #: Files are listed without their folders.
    bare_names: bool = False
    lock: threading.RLock = field(default_factory=threading.RLock)
    #: The project's App Certificate, which tokens are checked by; None where it has none.
    certificate: str | None = field(default=None, repr=False)
    #: Called after each request: whatever it changed may be something to tell by webhook.
    handled: Callable[[], None] | None = None

    def __post_init__(self) -> None:
        across_fork(self._hold)
        self.channels: Channels = Channels(self.clock, self.lock, self.default_streams)
        #: Every recording ever started, by sid, in the order of starting.
        self.recordings: dict[str, Recording] = {}
        #: What was done to recordings, and not by a call, in its order.
        self.doings: list[Doing] = []
        self._turns = count(1)
        self._running: dict[str, Recording] = {}
        self._resources: dict[str, Resource] = {}
        self._arrivals: dict[str, deque[Millis]] = {}
        self._operations = {
            "acquire": self._acquire,
            "start": self._start,
            "query": self._query,
            "update": self._update,
            "updateLayout": self._update_layout,
            "stop": self._stop,
            "ncsIps": self._ncs_ips,
        }

    @contextmanager
    def _hold(self) -> Iterator[None]:
        """Nobody is in the midst of a request. The channels have this lock too, so it cannot be made anew."""
        with self.lock:
            yield

    def handle(self, request: Request) -> Answer:
        """Answer one request."""
        with self.lock:
            try:
                answer = self._dispatch(request)
            except Refusal as refusal:
                answer = Answer(refusal.status, refusal.body)
            self._told()
            return answer

    def identify(self, request: Request) -> Identity:
        """What a request is about. It changes nothing."""
        found = self.contract.find(request.method, path_segments(request.path))
        if found is None:
            return Identity()
        route, parameters = found
        resource_id, sid = parameters.get("resourceid", ""), parameters.get("sid", "")
        with self.lock:
            resource = self._resources.get(resource_id)
        if resource is not None:
            return Identity(route.operation, resource.cname, resource.uid, resource_id, sid)
        names: dict[str, str] = {}
        if route.body is not None:
            try:
                body = read_json(request)
            except (Unreadable, Unfit):
                body = {}
            names = {name: value for name in ("cname", "uid") if isinstance(value := body.get(name), str)}
        return Identity(route.operation, resource_id=resource_id, sid=sid, **names)

    def fail_over(self, resource_id: str, seconds: float, *, rename: bool) -> None:
        """Move the recording of a resource ID to another server, where there is one that runs."""
        with self.lock:
            now = self.clock.now()
            resource = self._resources.get(resource_id)
            recording = None if resource is None else resource.recording
            if recording is not None and recording.running(now):
                recording.fail_over(now, now + round(seconds * SECOND), rename=rename)

    def move(self, sid: str, seconds: float, *, rename: bool) -> None:
        """The same, by its recording ID. KeyError when there is none."""
        with self.lock:
            self.fail_over(self.recordings[sid].resource_id, seconds, rename=rename)
            self._note("move", sid, seconds, rename=rename)
            self._told()

    def crash(self, sid: str) -> None:
        """End a recording abnormally. KeyError when there is none, ValueError where it has ended."""
        with self.lock:
            now, recording = self.clock.now(), self.recordings[sid]
            if not recording.running(now):
                raise ValueError(f"recording {sid} has ended already")
            recording.crash(now)
            self._note("crash", sid)
            self._told()

    def turn(self) -> int:
        """Whose turn it is: of two things of one moment, the lesser one came first."""
        return next(self._turns)

    def _note(self, what: Deed, sid: str = "", seconds: float = 0, *, rename: bool = False) -> None:
        self.doings.append(Doing(self.clock.now(), self.turn(), what, sid, seconds, rename))

    def _told(self) -> None:
        if self.handled is not None:
            self.handled()

    def spoil(self, resource_id: str, status: int | None) -> None:
        """Let the recording that was just started never get past a status; with None, let it be gone."""
        with self.lock:
            recording = self._resources[resource_id].recording
            assert recording is not None, "it was just started"
            if status is None:
                recording.vanish(self.clock.now())
            else:
                recording.stall(Status(status))

    def reset(self) -> None:
        """Know of no recording, no resource ID and no channel, as at the beginning. Time does not go back."""
        with self.lock:
            self.channels.clear()
            for kept in (self.recordings, self._running, self._resources, self._arrivals):
                kept.clear()
            self.doings.clear()

    def end_failovers(self) -> None:
        """Every recording is where it was moved to."""
        with self.lock:
            now = self.clock.now()
            if any(recording.moving(now) for recording in self.recordings.values()):
                self._note("heal")
            for recording in self.recordings.values():
                recording.return_now(now)

    # -- before an operation --------------------------------------------------------------------

    def _dispatch(self, request: Request) -> Answer:
        now = self.clock.now()
        segments = path_segments(request.path)
        app_id = segments[2] if segments[:2] == ["v1", "apps"] and len(segments) > 2 else None
        self._check_credentials(request)
        self._check_rate(app_id or "", now)
        if app_id is not None and app_id != self.app_id:
            raise failures.invalid_app_id()
        found = self.contract.find(request.method, segments)
        if found is None:
            raise failures.no_route()
        route, parameters = found
        mode = _read_mode(route.operation, parameters)
        body: Json = {}
        if route.body is not None:
            body = self._read_body(route.operation, route.body, mode, request)
        return self._operations[route.operation](Call(route.operation, parameters, mode, body, now))

    def _check_credentials(self, request: Request) -> None:
        authorization = request.headers.get("authorization")
        if not authorization:
            raise failures.unauthorized()
        if not authorizes(authorization, self.credential):
            raise failures.wrong_credentials()

    def _check_rate(self, app_id: str, now: Millis) -> None:
        # The second is one of the emulator's clock, so that a test which sets a limit can count on
        # it: so many calls pass, the next is refused, and after advance(1) they pass again. By the
        # wall clock it would depend on how fast the machine is.
        if self.limits.requests is None:
            return
        if self.limits.in_real_time and not (self.clock.ticking and self.clock.speed <= 1):
            return
        arrivals = self._arrivals.setdefault(app_id, deque())
        while arrivals and arrivals[0] <= now - SECOND:
            arrivals.popleft()
        if len(arrivals) >= self.limits.requests:
            raise failures.rate_limited()
        arrivals.append(now)

    def _read_body(self, operation: str, component: str, mode: Mode | None, request: Request) -> Json:
        try:
            body = read_json(request)
        except Unreadable as unreadable:
            raise failures.unreadable(operation, str(unreadable)) from None
        except Unfit as unfit:
            raise failures.invalid(operation, str(unfit)) from None
        if operation == "acquire":
            self._check_channel_name(body)
        problem = self.contract.problem(component, body, mode)
        if problem is not None:
            raise failures.invalid(operation, problem)
        return body

    def _check_channel_name(self, body: Json) -> None:
        """A name that no channel can have is refused with a code of its own, the only field that is."""
        cname, request = body.get("cname"), body.get("clientRequest")
        web = isinstance(request, dict) and request.get("scene") == WEB_SCENE
        if isinstance(cname, str) and not web and self.contract.problem("RtcChannelName", cname):
            raise failures.invalid_channel_name()

    # -- the operations -------------------------------------------------------------------------

    def _acquire(self, call: Call) -> Answer:
        cname, uid, request = call.body["cname"], call.body["uid"], call.request
        scene = int(request.get("scene", 0))
        self._check_room(web=scene == WEB_SCENE, now=call.now)
        resource = Resource(
            resource_id=secrets.token_urlsafe(225),  # 300 characters, as the service's are
            cname=cname,
            uid=uid,
            scene=scene,
            expired_hour=int(request.get("resourceExpiredHour", DEFAULT_RESOURCE_EXPIRED_HOUR)),
            start_parameter=request.get("startParameter"),
            acquired=call.now,
        )
        self._resources[resource.resource_id] = resource
        return Answer(200, {"cname": cname, "uid": uid, "resourceId": resource.resource_id})

    def _start(self, call: Call) -> Answer:
        assert call.mode is not None, "the route of start has a mode"
        resource = self._resource(call)
        if resource.recording is not None:
            # The resource ID is spent: its recording still runs, or has run.
            if resource.recording.gone(call.now):
                raise failures.resource_expired()
            resource.recording.note_mismatch(call.now)
            raise failures.already_started()
        if call.now >= resource.acquired + RESOURCE_LIFE:
            raise failures.resource_expired()
        # In raw mode the scene is not looked at, says the provider's unmerged branch; no other page speaks of it.
        if call.mode is not Mode.RAW and (call.mode is Mode.WEB) != (resource.scene == WEB_SCENE):
            problem = f"mode {call.mode} does not go with scene {resource.scene} of acquire"
            raise failures.invalid(call.operation, problem)
        if resource.start_parameter is not None and not _same(resource.start_parameter, call.request):
            raise failures.start_parameter_differs()
        if self.certificate is not None and call.mode is not Mode.WEB:
            self._check_token(call.request.get("token"), resource, self.certificate, call.now)
        same = [r for r in self._running.values() if (r.cname, r.uid) == (resource.cname, resource.uid)]
        if any(r.running(call.now) for r in same):
            raise failures.task_conflict()
        recording = Recording(
            sid=secrets.token_hex(16),
            resource_id=resource.resource_id,
            cname=resource.cname,
            uid=resource.uid,
            mode=call.mode,
            request=call.request,
            settings=Settings.of(call.mode, call.request),
            channel=self.channels.get(resource.cname),
            started=call.now,
            expires=call.now + resource.expired_hour * HOUR,
            lists_bare_names=self.bare_names,
        )
        resource.recording = recording
        self.recordings[recording.sid] = self._running[recording.sid] = recording
        return Answer(200, answers.identifiers(recording))

    def _check_token(self, token: object, resource: Resource, certificate: str, now: Millis) -> None:
        try:
            end = end_of(token, self.app_id, certificate, resource.cname, resource.uid)
        except WrongToken:
            raise failures.token_wrong() from None
        if end * SECOND <= now:
            raise failures.token_ended()

    def _query(self, call: Call) -> Answer:
        recording = self._recording(call)
        if recording.gone(call.now):
            raise failures.no_such_task()
        body = {**answers.identifiers(recording), "serverResponse": answers.query(recording, call.now)}
        return Answer(200, body)

    def _update(self, call: Call) -> Answer:
        recording = self._running_recording(call)
        request = call.request
        subscribe = request.get("streamSubscribe")
        push = request.get("rtmpPublishConfig")
        # What can be refused is looked at before anything is changed.
        if push is not None and recording.settings.outputs is None:
            raise failures.invalid(call.operation, "rtmpPublishConfig needs a rtmp_publish_service in start")
        if subscribe is not None:
            lists = self._subscription_lists(call, recording, subscribe)
            subscription = Subscription.of(lists, recording.settings.stream_types)
            recording.subscription.set(call.now, subscription)
        if push is not None and "outputs" in push:
            recording.push_to(output_urls(push), call.now)
        if "webRecordingConfig" in request:
            recording.onhold.set(call.now, bool(request["webRecordingConfig"].get("onhold", False)))
        if "storageConfig" in request:
            recording.renew_storage(request["storageConfig"], call.now)
        return Answer(200, answers.identifiers(recording))

    def _subscription_lists(self, call: Call, recording: Recording, subscribe: Json) -> Json:
        stream_types = recording.settings.stream_types
        if "audioUidList" in subscribe and stream_types == VIDEO_ONLY:
            raise failures.invalid(call.operation, "streamSubscribe.audioUidList needs streamTypes 0 or 2")
        if "videoUidList" in subscribe and stream_types == AUDIO_ONLY:
            raise failures.invalid(call.operation, "streamSubscribe.videoUidList needs streamTypes 1 or 2")
        return {**subscribe.get("audioUidList", {}), **subscribe.get("videoUidList", {})}

    def _update_layout(self, call: Call) -> Answer:
        if call.mode is not Mode.MIX:
            raise failures.invalid(call.operation, f"mode {call.mode} has no layout; it must be mix")
        recording = self._running_recording(call)
        recording.layout = layout_of(call.request)
        return Answer(200, answers.identifiers(recording))

    def _stop(self, call: Call) -> Answer:
        recording = self._recording(call)
        if recording.gone(call.now):
            raise failures.no_such_task()
        if not recording.running(call.now):
            recording.note_mismatch(call.now)
            raise failures.already_stopping()
        recording.stop(call.now)
        if not recording.has_finished_file(call.now):
            raise failures.no_recorded_data()
        waits = not call.request.get("async_stop", False)
        # A stop that waits answers after the upload. A clock that stands has nothing to wait for:
        # the upload then takes no time, and the answer says that it is done.
        backup = self.backup or recording.storage_is_closed(call.now)
        status = ("backuped" if backup else "stranded" if self.stranded else "uploaded") if waits else "unknown"
        body = {
            **answers.identifiers(recording),
            "serverResponse": answers.stop(recording, call.now, uploading_status=status),
        }
        return Answer(200, body, delay=self.upload_time / self.clock.speed if waits and self.clock.ticking else 0.0)

    def _ncs_ips(self, _call: Call) -> Answer:
        # Addresses that RFC 5737 keeps for documentation: nobody's firewall opens to a real host.
        hosts = [{"primaryIP": "192.0.2.10"}, {"primaryIP": "192.0.2.11"}]
        return Answer(200, {"data": {"service": {"hosts": hosts}}})

    # -- what operations share ------------------------------------------------------------------

    def running(self, now: Millis) -> list[Recording]:
        """The recordings that have not ended."""
        self._running = {sid: r for sid, r in self._running.items() if r.running(now)}
        return list(self._running.values())

    def _check_room(self, *, web: bool, now: Millis) -> None:
        limit = self.limits.web_recordings if web else self.limits.recordings
        # Whether each of them still runs is worth a look only where they could be too many.
        if len(self._running) >= limit and sum((r.mode is Mode.WEB) == web for r in self.running(now)) >= limit:
            raise failures.overloaded()

    def _resource(self, call: Call) -> Resource:
        resource = self._resources.get(call.parameters["resourceid"])
        if resource is None:
            raise failures.unknown_resource()
        if call.body and (call.body["cname"], call.body["uid"]) != (resource.cname, resource.uid):
            raise failures.resource_mismatch()
        return resource

    def _recording(self, call: Call) -> Recording:
        recording = self._resource(call).recording
        if recording is None or recording.sid != call.parameters["sid"]:
            raise failures.sid_mismatch()
        if recording.mode is not call.mode:
            problem = f"mode {call.mode} is not that of the recording, {recording.mode}"
            raise failures.invalid(call.operation, problem)
        if recording.moving(call.now):
            raise failures.no_such_task()
        return recording

    def _running_recording(self, call: Call) -> Recording:
        recording = self._recording(call)
        if not recording.running(call.now):
            raise failures.no_such_task()
        return recording


def _read_mode(operation: str, parameters: dict[str, str]) -> Mode | None:
    name = parameters.get("mode")
    if name is None:
        return None
    try:
        return Mode(name)
    except ValueError:
        problem = f"mode in the path is not one of {', '.join(Mode)}"
        raise failures.invalid(operation, problem) from None


def _same(one: Json, other: Json) -> bool:
    """Equal as JSON: unlike Python, it tells true from 1."""
    return json.dumps(one, sort_keys=True) == json.dumps(other, sort_keys=True)
