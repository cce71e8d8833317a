"""State of a recording while it lives, and what a 404 means. No I/O here: sync and async share it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from copy import copy
from datetime import UTC, datetime
from inspect import iscoroutinefunction
from typing import TYPE_CHECKING, Any, NamedTuple, Unpack

from cloudrec_api.models.mode import Mode
from cloudrec_api.models.recording_status import RecordingStatus
from cloudrec_api.models.uploading_status import UploadingStatus
from cloudrec_api.views import mapping

from .._call.retry import MOVED_WAITS
from .._contract.redact import shown
from .._contract.rule_texts import TYPE, UNKNOWN_IN_FORCE
from .._contract.wire import on_wire
from .._contract.written import client_request
from ..errors import (
    InvalidRequestError,
    Problem,
    RecordingEnded,
    RecordingNotStartedError,
    RecordingNotStoppedError,
    ServiceError,
)
from ..subscriptions import Subscription, for_update, of_recording_config
from .options import LayoutChanges, on_wire_names, refuse_unknown
from .result import key_of, outcome

if TYPE_CHECKING:
    from .._call.call import Call
    from ..answers import RecordedFile
    from ..errors import CloudRecordingError
    from ..handles import RecordingHandle
    from ..results import QueryResult, StartResult, StopResult
    from .result import RecordingResult

Wire = dict[str, Any]

# Seconds after the start, and then between queries, until one shows it run: the provider's advice is to begin at five
# seconds, to wait longer each time, and to give up after 90. The last one must have some time to be answered.
CONFIRM_WAITS = (5.0, 5.0, 10.0, 15.0, 20.0, 25.0, 5.0)
CONFIRM_WITHIN = 90.0
# Where an event has told that it is being moved, a 404 is not believed for the 90 seconds that it may take.
MOVING_WAITS = (*MOVED_WAITS, 20.0, 20.0, 20.0)
# Seconds between the queries of a recording that is watched, as the provider advises.
WATCH_INTERVAL = 120.0

_RUNS = (RecordingStatus.READY, RecordingStatus.IN_PROGRESS)
_OVER = (
    RecordingStatus.STOPPING,
    RecordingStatus.STOPPED,
    RecordingStatus.EXITED,
    RecordingStatus.EXITED_ABNORMALLY,
)
# What a layout is made of beside the size of the canvas.
_CANVAS = ("width", "height", "fps", "bitrate")


class _End(NamedTuple):
    """An end that an event told of."""

    uid: str | None
    """The recorder whose end it is; None where the event does not say."""
    cause: str
    status: RecordingStatus
    """What a query would say of it."""
    is_for_sure: bool
    """Whether it cannot be the end of an old recorder, of a recording that goes on elsewhere."""


class Life:
    """What this process knows of one recording."""

    def __init__(
        self,
        handle: RecordingHandle,
        wall: Callable[[], float],
        config: Mapping[str, Any] | None,
        *,
        checks: bool = True,
    ) -> None:
        self.handle: RecordingHandle = handle
        self.checks: bool = checks
        self._wall = wall
        self.start: Call[StartResult] | None = None
        """The call that started it; None in a process that did not."""
        self._answered: RecordingStatus | int | None = None
        self.last_seen: datetime | None = None
        self.files: tuple[RecordedFile, ...] = ()
        self.was_asked: bool = False
        """Whether a query came as far as the service, whatever that said."""
        self.is_stopping: bool = False
        self.is_done: bool = False
        self._stopped: StopResult[Any] | None = None
        self._result: RecordingResult | None = None
        # In force now; None in a process that did not start it.
        self._layout: Wire | None = None
        self._subscriptions: tuple[Subscription, Subscription] | None = None
        self._is_confirmed = False
        self._is_stall_told = False
        self._not_found_since: float | None = None
        self._believed: RecordingEnded | None = None
        # What events have told.
        self.uploading_status: UploadingStatus | None = None
        self.events: int = 0
        """How many were about it."""
        self._status_told: RecordingStatus | int | None = None
        self._streams: dict[tuple[str, str], tuple[float, bool]] = {}
        self._moves: set[tuple[int, str]] = set()
        self._moved_at: float | None = None
        self._ends: tuple[_End, ...] = ()
        self._told: RecordingEnded | None = None
        if config is not None:
            canvas = mapping(config.get("transcodingConfig"))
            self._layout = {name: value for name, value in canvas.items() if name not in _CANVAS}
            self._subscriptions = of_recording_config(config)

    @property
    def ids(self) -> tuple[str, str, Mode]:
        """What a query names it by."""
        return self.handle["resource_id"], self.handle["sid"] or "", Mode(self.handle["mode"])

    def started(self, sid: str) -> None:
        """It has a sid from now on."""
        self.handle = with_sid(self.handle, sid)

    @property
    def ended(self) -> RecordingEnded | None:
        """Why it is over, as far as it is known to be."""
        return self._believed or self._told

    def ended_anew(self) -> RecordingEnded:
        """The same as an exception to raise: one that is raised twice would gather tracebacks."""
        ended = self.ended
        assert ended is not None
        again = copy(ended)
        again.__cause__ = ended.__cause__
        return again

    @property
    def waits(self) -> tuple[float, ...]:
        """How long to wait before a query or an update believes a 404; not at all where it is known to be over."""
        return () if self.is_stopping or self.is_done else self.waits_of_stop

    @property
    def waits_of_stop(self) -> tuple[float, ...]:
        """How long to wait before a stop believes a 404."""
        if self._believed or any(end.is_for_sure for end in self._valid_ends()):
            return ()
        is_moving = self._moved_at is not None and self._wall() - self._moved_at < sum(MOVING_WAITS)
        return MOVING_WAITS if is_moving else MOVED_WAITS

    # -- what the service says ----------------------------------------------------------------

    def saw(self, result: QueryResult[Any]) -> None:
        """A query was answered."""
        self._answered, self.last_seen = result.status, datetime.fromtimestamp(self._wall(), UTC)
        self._status_told = None
        self._is_confirmed = self._is_confirmed or self.runs
        self._not_found_since = None
        if result.files:
            self.files = result.files
        if self._answered not in _OVER:
            # It answers, so it lives, whatever was believed or told.
            self._believed, self._told, self._ends = None, None, ()
        elif not (self.is_stopping or self.is_done or self.ended):
            self._believed = self._over_by_status()

    @property
    def runs(self) -> bool:
        """Whether the last query showed it run."""
        return self._answered in _RUNS

    @property
    def last_status(self) -> RecordingStatus | int | None:
        """Status in the last answer, or the later one that follows from events since then."""
        # Later ones have greater numbers.
        known = [status for status in (self._answered, self._status_told) if status is not None]
        if self._told is not None:
            known += [end.status for end in self._valid_ends()]
        return max(known, default=None)

    def stalled(self) -> RecordingNotStartedError | None:
        """What is to be told, once, of a start that has not come to run for longer than it should take."""
        age = self._age()
        is_late = age is not None and age >= CONFIRM_WITHIN and self._answered is not None
        if not is_late or self._is_confirmed or self._is_stall_told or self.runs or self._answered in _OVER:
            return None
        self._is_stall_told = True
        return self.not_started()

    def is_to_be_believed(self) -> bool:
        """Whether a 404 of right now is: whether they have come for as long as the waits before that take."""
        now = self._wall()
        if self._not_found_since is None:
            self._not_found_since = now
        return now - self._not_found_since >= sum(self.waits)

    def not_found(self, error: CloudRecordingError, *, of_stop: bool = False) -> RecordingEnded:
        """A 404 is believed: it is over. That of a stop says that it was so before."""
        is_ours = self.is_done or (self.is_stopping and not of_stop)
        words = "was stopped" if is_ours else "is over" if self._is_confirmed else "is over, or never ran"
        ended = (
            self._told
            if self._told and not is_ours
            else self._ended(f"the recording {words}", self._causes(is_ours=is_ours))
        )
        ended.__cause__ = error
        if not is_ours:
            self._believed = ended
        return ended

    def was_found_over(self, causes: tuple[str, ...]) -> None:
        """Somebody else who had it has found it over."""
        self._believed = self._believed or self._told or self._ended("the recording is over", causes)

    def already_stopping(self, error: ServiceError) -> None:
        """A stop was answered 49: it is on its way out, and not by us. Files that the answer named are known then."""
        self.told_files(error.files)
        causes = tuple(cause for cause in self._causes(is_ours=False) if "being moved" not in cause)
        self._believed = self._told or self._ended("the recording was on its way out already", causes)
        self._believed.__cause__ = error

    def _over_by_status(self) -> RecordingEnded:
        status = self._answered
        name = status.name if isinstance(status, RecordingStatus) else str(status)
        causes = self._causes()
        if status == RecordingStatus.EXITED_ABNORMALLY:
            causes = ("its recorder exited abnormally (status 20); what it had recorded is uploaded from the backup",)
        return self._ended(f"the recording is over or on its way out: status {name}", causes)

    def _ended(self, what: str, causes: tuple[str, ...]) -> RecordingEnded:
        cname, uid, sid = self.handle["cname"], self.handle["uid"], self.handle["sid"]
        return RecordingEnded(
            f"{what} (cname {cname!r}, uid {uid}). Likely causes: {'; '.join(causes)} (sid {sid})",
            causes=causes,
            handle=self.handle,
            last_status=self.last_status,
            last_seen=self.last_seen,
            advice="stop() gives a result, with its files.",
        )

    def not_started(self) -> RecordingNotStartedError:
        """90 seconds have passed, and no query showed it run."""
        return RecordingNotStartedError(
            f"not seen to run within {CONFIRM_WITHIN:g} seconds: {self._names()}; last status {self.last_status}",
            handle=self.handle,
            last_status=self.last_status,
            advice="Check token, channel_type and encryption. Then record again, with another uid.",
        )

    def _names(self) -> str:
        handle = self.handle
        return f"{handle['mode']}, cname {handle['cname']!r}, uid {handle['uid']}, sid {handle['sid']}"

    def _causes(self, *, is_ours: bool | None = None) -> tuple[str, ...]:
        stopped = self.is_stopping or self.is_done if is_ours is None else is_ours
        return tuple(_causes(self.handle, self._age(), is_confirmed=self._is_confirmed, is_stopping=stopped))

    def _age(self) -> float | None:
        """Seconds since the start."""
        started = self.handle["started_at"]
        return None if started is None else max(0.0, self._wall() - started)

    # -- what events say ----------------------------------------------------------------------

    @property
    def current_uid(self) -> str:
        """The user ID that the recorder has now."""
        return max(self._moves)[1] if self._moves else self.handle["uid"]

    def told_started(self) -> None:
        """A recorder of it runs."""
        self._is_confirmed = True
        self.told_status(RecordingStatus.READY)

    def told_status(self, status: RecordingStatus | int) -> None:
        """It has come as far as this."""
        self._status_told = status if self._status_told is None else max(self._status_told, status)

    def told_stream(self, uid: str, medium: str, changed: datetime | None, *, comes: bool) -> None:
        """Somebody's sound or picture came or went."""
        if uid:
            at = changed.timestamp() if changed is not None else self._wall()
            self._streams[uid, medium] = max(self._streams.get((uid, medium), (at, comes)), (at, comes))
        if comes:
            self.told_status(RecordingStatus.IN_PROGRESS)

    @property
    def users(self) -> dict[str, tuple[str, ...]]:
        """Who sends what, as far as events have told."""
        sending: dict[str, tuple[str, ...]] = {}
        for (uid, medium), (_, comes) in sorted(self._streams.items()):
            if comes:
                sending[uid] = (*sending.get(uid, ()), medium)
        return sending

    def told_moved(self, new_uid: str, sequence: int) -> None:
        """It is being moved to another server, where its recorder has this uid."""
        if (sequence, new_uid) not in self._moves:
            self._moves.add((sequence, new_uid))
            self._moved_at = self._wall()
            self._review()

    def told_files(self, files: tuple[RecordedFile, ...]) -> None:
        """It has these files, and maybe others: in `individual` mode there is an event for each playlist."""
        known = {key_of(self.handle, file) for file in self.files}
        self.files = (*self.files, *[file for file in files if key_of(self.handle, file) not in known])
        self._result = None

    def told_uploaded(self, status: UploadingStatus, files: tuple[RecordedFile, ...]) -> None:
        """All its files are uploaded: to the bucket, or to the provider's backup first."""
        if self.uploading_status != UploadingStatus.UPLOADED:
            self.uploading_status = status
        self.told_files(files)

    def told_ended(
        self, uid: str | None, cause: str, *, is_for_sure: bool, status: RecordingStatus = RecordingStatus.EXITED
    ) -> None:
        """A recorder of it is gone, for this reason."""
        end = _End(uid, cause, status, is_for_sure)
        if not (self.is_stopping or self.is_done or end in self._ends):
            self._ends = (*self._ends, end)
            self._review()

    def _valid_ends(self) -> list[_End]:
        """The ends of recorders that it is not known to have been moved away from.

        One of a uid that nobody has told of is that of a recorder after a move, told to another process.
        """
        old = {self.handle["uid"], *(uid for _, uid in self._moves)} - {self.current_uid}
        return [end for end in self._ends if end.uid not in old]

    def _review(self) -> None:
        ends = self._valid_ends()
        self._told = self._ended("the recording is over", (max(end.cause for end in ends),)) if ends else None

    # -- the end ------------------------------------------------------------------------------

    @property
    def result(self) -> RecordingResult:
        """What came of it, as it is known now: events that come after the stop may tell more."""
        if not self.is_done:
            raise RecordingNotStoppedError(
                f"the recording has no result before it is stopped ({self._names()})", advice="Call stop() first."
            )
        result = self._result
        if result is None:
            result = self._result = outcome(
                self.handle,
                self.files,
                stopped=self._stopped,
                ended=self.ended,
                uploading_status=self.uploading_status,
            )
        return result

    def finish(self, stopped: StopResult[Any] | None) -> None:
        """It is stopped, by this answer, or was found to be over."""
        if stopped is not None and not stopped.already_stopped:
            # It was this stop that ended it.
            self._believed, self._told, self._ends = None, None, ()
        self._stopped, self._result, self.is_done = stopped, None, True

    # -- what is in force ---------------------------------------------------------------------

    def next_layout(self, changes: Wire) -> Wire:
        """The whole layout after these changes of the one in force.

        Raises:
            InvalidRequestError: the layout in force is not known here, and the changes are no whole layout.
        """
        if self._layout is None and "mixedVideoLayout" not in changes:
            rule = "must be given, since this process did not start the recording and does not know its layout"
            raise InvalidRequestError.of(
                "updateLayout", [Problem("mixedVideoLayout", "left out", rule, UNKNOWN_IN_FORCE)]
            )
        whole = {**(self._layout or {}), **changes}
        # What belongs to another kind of layout goes with it.
        if whole.get("mixedVideoLayout") != 3:
            whole.pop("layoutConfig", None)
        if whole.get("mixedVideoLayout") != 2:
            whole.pop("maxResolutionUid", None)
        return whole

    def set_layout(self, layout: Wire) -> None:
        """This layout is in force now."""
        self._layout = layout

    def next_subscriptions(
        self, audio: Subscription | None, video: Subscription | None
    ) -> tuple[Subscription, Subscription]:
        """Whose audio and whose video, after this change of what is in force.

        Raises:
            InvalidRequestError: one was left out, and what is in force is not known here.
        """
        given = {"audio": audio, "video": video}
        if self._subscriptions is None and (missing := [name for name, value in given.items() if value is None]):
            rule = "must be given, since this process did not start the recording and does not know what is in force"
            raise InvalidRequestError.of(
                "update", [Problem(name, "left out", rule, UNKNOWN_IN_FORCE) for name in missing]
            )
        in_force = self._subscriptions or (audio, video)
        chosen = (audio or in_force[0], video or in_force[1])
        assert chosen[0] is not None
        assert chosen[1] is not None
        return chosen[0], chosen[1]

    def subscribe_fields(self, chosen: tuple[Subscription, Subscription]) -> Wire:
        """The `streamSubscribe` that says so."""
        return for_update(*chosen, stream_types=self.handle["stream_types"])

    def set_subscriptions(self, chosen: tuple[Subscription, Subscription]) -> None:
        """These are in force now."""
        self._subscriptions = chosen


def with_sid(handle: RecordingHandle, sid: str) -> RecordingHandle:
    """The handle with a sid."""
    changed = handle.copy()
    changed["sid"] = sid
    return changed


def met(condition: object) -> Callable[[Any], object]:
    """A function of an answer that says whether it is as wanted.

    Raises:
        InvalidRequestError: it is neither a status nor several nor a plain function.
    """
    if callable(condition) and not iscoroutinefunction(condition):
        found: Callable[[Any], object] = condition
        return found
    wanted = {condition} if isinstance(condition, int) else condition
    if isinstance(wanted, Iterable) and not isinstance(wanted, (str, bytes)):
        statuses = tuple(wanted)
        if statuses and all(isinstance(status, int) for status in statuses):
            return lambda state: state.status in statuses
    rule = "must be a RecordingStatus, several of them, or a function of the answer that is not async"
    raise InvalidRequestError.of("wait_until", [Problem("condition", shown(condition), rule, TYPE)])


def layout_fields(layout: object, **changes: Unpack[LayoutChanges]) -> Wire:
    """A layout and what to change of it, as they are sent."""
    if isinstance(layout, str):
        from ..layouts._ready_made import layout_by_word

        layout = layout_by_word(layout)
    given = client_request(layout=layout).get("layout", {})
    if not isinstance(given, dict):
        rule = "must be a layout such as grid(4), or a dict"
        raise InvalidRequestError.of("updateLayout", [Problem("layout", type(layout).__name__, rule, TYPE)])
    refuse_unknown("layout", changes, LayoutChanges)
    changes["max_resolution_uid"] = on_wire(changes.get("max_resolution_uid"))
    return {**given, **on_wire_names(changes)}


def _causes(handle: RecordingHandle, age: float | None, *, is_confirmed: bool, is_stopping: bool) -> Iterable[str]:
    """What may have ended this very recording, the likeliest first."""
    if is_stopping:
        yield "stop() was called on it"
        return
    hours = None if age is None else age / 3600
    longest, most = handle["resource_expired_hour"], handle["max_recording_hour"]
    if hours is not None and hours >= longest:
        yield f"it was started {_told(age)} ago, and its resource ID is good for {longest} hours (resourceExpiredHour)"
    if most is not None and hours is not None and hours >= most:
        yield f"it was started {_told(age)} ago, and records for {most} hours at the most (maxRecordingHour)"
    idle = handle["max_idle_time"]
    if idle is not None and (age is None or age >= idle):
        yield f"nobody sent a stream for {idle} seconds (maxIdleTime)"
    if not is_confirmed:
        yield "it never got into the channel: token, channel_type or encryption are wrong"
    if handle["mode"] != Mode.WEB:
        yield f"somebody else in the channel has its uid {handle['uid']}, and it was thrown out"
    else:
        yield "the page could not be loaded, or the recorder of the page failed"
    yield "it was stopped from elsewhere, or removed from the channel"
    yield "it is still being moved to another server, which can take up to 90 seconds"


def _told(age: float | None) -> str:
    seconds = round(age or 0)
    return f"{seconds} s" if seconds < 120 else f"{seconds // 60} min" if seconds < 7200 else f"{seconds / 3600:.1f} h"
