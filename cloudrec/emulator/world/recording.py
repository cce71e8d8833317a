"""Recording in the emulator: what was asked of it, what was done to it, and what follows at a moment.

Nothing here runs by itself. Every answer is worked out from what was recorded in time stamps, so a
recording looks the same after one jump of the clock as after a thousand small steps.

A recording's life, in seconds after `start`:

    0  status 1   1  status 2   2  status 3   3  status 4: the recorder is in the channel
    then   status 5 once the first file is finished: 15 s of media, or a shorter piece whose stream stopped

and after its end, whatever ended it:

    0  status 6   1  status 7   2  status 8   3  gone: every call on it answers 404

An abnormal end shows status 20 for those three seconds. A resource that expired is gone at once, and so is a recorder
whose user ID somebody in the channel has.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from enum import IntEnum, StrEnum
from typing import Any, Literal

from .channels import Channel, Stream
from .clock import SECOND, Millis
from .history import History
from .media import WHOLE, Media, Track, collect
from .naming import Kind
from .settings import JsonObject, Mode, Settings
from .subscription import AUDIO_ONLY, Subscription


class Status(IntEnum):
    """The service's status numbers."""

    NOT_STARTED = 0
    """Nothing of it has begun."""
    INITIALIZED = 1
    """Its parts are known."""
    STARTING = 2
    """Its parts begin."""
    PARTLY_READY = 3
    """Some parts are ready."""
    READY = 4
    """All parts are ready: it runs."""
    IN_PROGRESS = 5
    """It records."""
    STOPPING = 6
    """It was asked to stop."""
    STOPPED = 7
    """All parts have stopped."""
    EXITED = 8
    """It is gone."""
    EXITED_ABNORMALLY = 20
    """It is gone, by a failure."""


#: (so long after the start, status), latest first.
START_SCHEDULE = (
    (3 * SECOND, Status.READY),
    (2 * SECOND, Status.PARTLY_READY),
    (1 * SECOND, Status.STARTING),
    (0 * SECOND, Status.INITIALIZED),
)
#: (so long after the end, status), latest first.
EXIT_SCHEDULE = (
    (2 * SECOND, Status.EXITED),
    (1 * SECOND, Status.STOPPED),
    (0 * SECOND, Status.STOPPING),
)
#: For so long after its end a recording is still on its way out: `query` shows it, `stop` is
#: refused with code 49.
EXIT_LENGTH: Millis = 3 * SECOND

#: When the recorder is in the channel, after the start.
JOINS_AFTER: Millis = START_SCHEDULE[0][0]
#: A web recording begins about five seconds after the request; the provider says so.
PAGE_OPENS_AFTER: Millis = 5 * SECOND
#: What sound alone is coded in, in raw mode.
AUDIO_CODEC = "AAC"
#: The moment of what does not happen.
NEVER: Millis = 1 << 62
#: How long a CDN takes to accept a stream. Silent in the facts.
PUBLISHES_AFTER: Millis = 2 * SECOND


class EndReason(StrEnum):
    """What ended a recording."""

    STOPPED = "stopped"
    """Somebody called `stop`."""
    IDLE = "idle"
    """Nobody had been sending for `maxIdleTime`."""
    MAX_RECORDING_HOUR = "max_recording_hour"
    """It had recorded a page for `maxRecordingHour`."""
    RESOURCE_EXPIRED = "resource_expired"
    """Its resource ID was good for no longer (`resourceExpiredHour`)."""
    CRASHED = "crashed"
    """Its recorder failed. The emulator was asked for that."""
    UID_TAKEN = "uid_taken"
    """Somebody in the channel has the recorder's user ID: it was thrown out. That the ID must be unique is documented,
    and that calls answer 404 afterwards is what people report; when exactly, nobody says."""
    VANISHED = "vanished"
    """It was started, and gone. The emulator was asked for that."""


@dataclass(frozen=True)
class End:
    """When a recording ended, and why."""

    at: Millis
    reason: EndReason


@dataclass
class Move:
    """A move to another server: when it began, and when the recording can be found there."""

    began: Millis
    back: Millis


#: What may be done to recordings from outside.
Deed = Literal["move", "crash", "heal"]


@dataclass(frozen=True)
class Doing:
    """Something that was done to a recording, and not by a call."""

    at: Millis
    turn: int
    what: Deed
    sid: str
    seconds: float
    rename: bool


@dataclass(frozen=True, repr=False)
class Output:
    """A CDN address that is pushed to."""

    url: str
    since: Millis


@dataclass(repr=False, eq=False)
class Recording:
    """The state of one recording. What takes `now` and answers is a function of state and now alone."""

    sid: str
    resource_id: str
    cname: str
    uid: str
    mode: Mode
    #: `clientRequest` as it came. It holds secrets and is shown nowhere by itself.
    request: dict[str, Any]
    settings: Settings
    channel: Channel
    started: Millis
    expires: Millis
    #: Files are listed without their folders.
    lists_bare_names: bool = False

    def __post_init__(self) -> None:
        #: The status that it never gets past; None where nothing holds it up.
        self.stalled: Status | None = None
        self.subscription: History[Subscription] = History(self.settings.subscription)
        self.onhold: History[bool] = History(self.settings.onhold)
        self.outputs: tuple[Output, ...] = tuple(Output(url, self.page_opens) for url in self.settings.outputs or ())
        self.storage: JsonObject = self.request["storageConfig"]
        #: When updates replaced it.
        self.storage_renewals: list[Millis] = []
        self.layout: JsonObject = self.settings.layout
        self._end: End | None = None
        self._back: Millis = self.started
        #: When it began anew on another server, with new file names.
        self.restarts: list[Millis] = []
        self.moves: list[Move] = []
        #: Calls that did not fit its state: when, and which status it had.
        self.mismatches: list[tuple[Millis, Status]] = []

    # -- what is done to it -------------------------------------------------------------------

    def stop(self, now: Millis) -> None:
        """End it, as asked by `stop`."""
        self._end = End(now, EndReason.STOPPED)

    def crash(self, now: Millis) -> None:
        """End it abnormally."""
        self._end = End(now, EndReason.CRASHED)

    def vanish(self, now: Millis) -> None:
        """End it without a trace."""
        self._end = End(now, EndReason.VANISHED)

    def stall(self, status: Status) -> None:
        """Keep it, as it was just started, from getting past this status: it records nothing."""
        self.stalled = status
        self.outputs = tuple(Output(output.url, NEVER) for output in self.outputs)

    def renew_storage(self, storage: JsonObject, now: Millis) -> None:
        """Write to this storage from now on."""
        self.storage = storage
        self.storage_renewals.append(now)

    def fail_over(self, now: Millis, until: Millis, *, rename: bool) -> None:
        """Move it to another server. It goes on, and cannot be found before it is there."""
        self._back = max(self._back, until)
        self.moves.append(Move(now, until))
        if rename:
            self.restarts.append(now)

    def return_now(self, now: Millis) -> None:
        """End such a move."""
        self._back = min(self._back, now)
        for move in self.moves:
            move.back = min(move.back, now)

    def note_mismatch(self, now: Millis) -> None:
        """Somebody asked for what its state does not allow."""
        self.mismatches.append((now, self.status(now)))

    def push_to(self, urls: Iterable[str], now: Millis) -> None:
        """Push to these addresses from now on; one that was there before goes on undisturbed."""
        known = {output.url: output for output in self.outputs}
        since = max(now, self.page_opens)
        self.outputs = tuple(known.get(url, Output(url, since)) for url in urls)

    @property
    def stamp(self) -> tuple[object, ...]:
        """Another one whenever something was done to it; what comes with time alone does not change it."""
        histories = (self.channel.history, self.subscription, self.onhold)
        moves = (move.back for move in self.moves)
        return self._end, self.stalled, self.outputs, len(self.mismatches), *(h.version for h in histories), *moves

    # -- its life -----------------------------------------------------------------------------

    def end(self, now: Millis) -> End | None:
        """Its end, where that is not in the future."""
        if self._end is None:
            due = [end for end in self._own_ends(now) if end.at <= now]
            # Past is past: a change in the channel counts from now on, so what ended stays ended.
            self._end = min(due, key=lambda end: end.at, default=None)
        return self._end

    def _own_ends(self, now: Millis) -> Iterable[End]:
        yield End(self.expires, EndReason.RESOURCE_EXPIRED)
        if self.settings.max_length is not None:
            yield End(self.started + self.settings.max_length, EndReason.MAX_RECORDING_HOUR)
        taken = self._uid_taken(now)
        if taken is not None:
            yield End(taken, EndReason.UID_TAKEN)
        idle = self._idle_end(now)
        if idle is not None:
            yield End(idle, EndReason.IDLE)

    def _idle_end(self, now: Millis) -> Millis | None:
        limit = self.settings.max_idle
        if limit is None:
            return None
        history = self.channel.history
        idle_since: Millis | None = None
        for moment in (self.started, *history.changes(self.started, now), now):
            if idle_since is not None and moment - idle_since >= limit:
                return idle_since + limit
            if self.occupied(moment):
                idle_since = None
            elif idle_since is None:
                idle_since = moment
        return None

    def _uid_taken(self, now: Millis) -> Millis | None:
        """When the recorder and somebody else of its user ID were first in the channel."""
        if self.mode is Mode.WEB or now < self.joins:
            return None
        history = self.channel.history
        moments = (self.joins, *history.changes(self.joins, now), now)
        return next((moment for moment in moments if self.uid in history.at(moment)), None)

    def occupied(self, moment: Millis) -> bool:
        """Whether somebody was in the channel for whom it records."""
        # Idle means no hosts in a live channel, no users in a communication channel. A host is
        # somebody who sends.
        people = self.channel.history.at(moment)
        return any(stream.sends or not self.settings.live for stream in people.values())

    def running(self, now: Millis) -> bool:
        """Whether it has not ended."""
        return self.end(now) is None

    def gone(self, now: Millis) -> bool:
        """Whether the service does not know it any more."""
        end = self.end(now)
        if end is None:
            return False
        return now >= self.gone_at(end)

    def gone_at(self, end: End) -> Millis:
        """When the service does not know it any more, after this end."""
        if end.reason in {EndReason.UID_TAKEN, EndReason.VANISHED}:
            return end.at
        return min(self.expires, end.at + EXIT_LENGTH)

    def storage_is_closed(self, now: Millis) -> bool:
        """Whether its short-lived credentials have ended: then only the provider's own storage takes its files."""
        expires: float | None = self.storage.get("stsExpiration")
        return expires is not None and now >= expires * SECOND

    def moving(self, now: Millis) -> bool:
        """Whether it is on its way to another server."""
        return now < self._back

    def status(self, now: Millis) -> Status:
        """Its status number."""
        end = self.end(now)
        if end is not None:
            if end.reason is EndReason.CRASHED:
                return Status.EXITED_ABNORMALLY
            return next(status for after, status in EXIT_SCHEDULE if now >= end.at + after)
        if self.has_finished_file(now):
            return Status.IN_PROGRESS
        status = next(status for after, status in START_SCHEDULE if now >= self.started + after)
        return status if self.stalled is None else min(status, self.stalled)

    # -- what it recorded ---------------------------------------------------------------------

    @property
    def joins(self) -> Millis:
        """When the recorder is in the channel."""
        return self.started + JOINS_AFTER if self.stalled is None else NEVER

    @property
    def page_opens(self) -> Millis:
        """When a web recording begins."""
        return self.started + PAGE_OPENS_AFTER if self.stalled is None else NEVER

    def media(self, now: Millis) -> Media:
        """What it received until now, or until its end."""
        end = self.end(now)
        until = now if end is None else end.at
        if self.mode is Mode.WEB:
            start = self.page_opens
            changes = self.onhold.changes(start, until)
            return collect(changes, start, until, end is not None, self._page_at, self.restarts)
        start = self.joins
        changes = [*self.channel.history.changes(start, until), *self.subscription.changes(start, until)]
        return collect(changes, start, until, end is not None, self._streams_at, self.restarts)

    def pictures(self, now: Millis) -> Media:
        """Whose picture it received until now, or until its end: what screenshots are taken of."""
        end = self.end(now)
        until = now if end is None else end.at
        changes = [*self.channel.history.changes(self.joins, until), *self.subscription.changes(self.joins, until)]
        return collect(changes, self.joins, until, end is not None, self._pictures_at, self.restarts)

    def _pictures_at(self, moment: Millis) -> Iterable[Track]:
        return [track for track in self.received(moment) if track.kind is Kind.VIDEO]

    def _page_at(self, moment: Millis) -> Iterable[Track]:
        return () if self.onhold.at(moment) else (WHOLE,)

    def received(self, moment: Millis) -> list[Track]:
        """Whose audio and whose video it subscribes to and is sent, while it is in the channel."""
        subscription = self.subscription.at(moment)
        return [
            Track(uid, kind)
            for uid, stream in self.channel.history.at(moment).items()
            if uid != self.uid
            for kind in subscription.kinds(stream)
        ]

    def _streams_at(self, moment: Millis) -> Iterable[Track]:
        tracks = self.received(moment)
        match self.mode:
            case Mode.INDIVIDUAL:
                return tracks
            case Mode.RAW:
                people = self.channel.history.at(moment)
                return dict.fromkeys(Track(track.uid, Kind.AV, self._codec(people[track.uid])) for track in tracks)
        return [WHOLE] if tracks else []

    def _codec(self, stream: Stream) -> str:
        return AUDIO_CODEC if self.settings.stream_types == AUDIO_ONLY else stream.codec

    def has_finished_file(self, now: Millis) -> bool:
        """Whether anything is in the bucket yet."""
        if not self.settings.records:
            return bool(self.pictures(now))
        media = self.media(now)
        return any(run.first_slice_closes is not None for runs in media.values() for run in runs)
