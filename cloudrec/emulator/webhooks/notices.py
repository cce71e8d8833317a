"""Notices of a recording: which events the service sends, when, in which order.

Like everything about a recording it is worked out from time stamps when somebody looks, so the same
is told after one jump of the clock as after many small steps. What follows from the provider's
pages, and what does not, says the comment at each event.

A recording of a channel:

    +2 s   30 uploader_started      +3 s   40 recorder_started, 43 and 44 for every stream that is received
    then   42 recorder_slice_start for each piece of media, 4 cloud_recording_file_infos for each playlist,
           45 recorder_snapshot_file for each screenshot, 33 uploading_progress every minute,
           12 session_failover, and 40 again from the new server
    end    43 and 44 once more, 41 recorder_leave, 4 for each MP4 file, 33, 31 uploaded (or 32 backuped)
    +3 s   11 session_exit

Of a web page there is 70 in place of 40 and 71 in place of 41, 100 for each CDN push, and none of 42 to 45.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Hashable, Iterable, Iterator
from dataclasses import dataclass
from enum import IntEnum
from hashlib import blake2b
from typing import Any

from ..service.answers import file_entry, push_status, web_file_entry
from ..world.clock import HOUR, MINUTE, Millis
from ..world.files import RecordedFile, listed_files, screenshots, track_type
from ..world.history import History
from ..world.media import SLICE_LENGTH, Media, Run
from ..world.naming import Kind
from ..world.recording import NEVER, PUBLISHES_AFTER, START_SCHEDULE, End, EndReason, Recording, Status
from ..world.settings import Mode

Json = dict[str, Any]


class Module(IntEnum):
    """Which part of the service tells of an event: `serviceType`."""

    CLOUD_RECORDING = 0
    RECORDER = 1
    UPLOADER = 2
    EXTENSION = 4
    WEB_RECORDER = 6
    TRANSCODER = 7
    DOWNLOADER = 8


#: The documented events: number, `msgName`, and who tells of it.
EVENTS: dict[int, tuple[str, Module]] = {
    1: ("cloud_recording_error", Module.CLOUD_RECORDING),
    2: ("cloud_recording_warning", Module.CLOUD_RECORDING),
    3: ("cloud_recording_status_update", Module.CLOUD_RECORDING),
    4: ("cloud_recording_file_infos", Module.CLOUD_RECORDING),
    11: ("session_exit", Module.CLOUD_RECORDING),
    12: ("session_failover", Module.CLOUD_RECORDING),
    30: ("uploader_started", Module.UPLOADER),
    31: ("uploaded", Module.UPLOADER),
    32: ("backuped", Module.UPLOADER),
    33: ("uploading_progress", Module.UPLOADER),
    40: ("recorder_started", Module.RECORDER),
    41: ("recorder_leave", Module.RECORDER),
    42: ("recorder_slice_start", Module.RECORDER),
    43: ("recorder_audio_stream_state_changed", Module.RECORDER),
    44: ("recorder_video_stream_state_changed", Module.RECORDER),
    45: ("recorder_snapshot_file", Module.UPLOADER),
    60: ("vod_started", Module.EXTENSION),
    61: ("vod_triggered", Module.EXTENSION),
    70: ("web_recorder_started", Module.WEB_RECORDER),
    71: ("web_recorder_stopped", Module.WEB_RECORDER),
    72: ("web_recorder_capability_limit", Module.WEB_RECORDER),
    73: ("web_recorder_reload", Module.WEB_RECORDER),
    80: ("transcoder_started", Module.TRANSCODER),
    81: ("transcoder_completed", Module.TRANSCODER),
    90: ("download_failed", Module.DOWNLOADER),
    100: ("rtmp_publish_status", Module.WEB_RECORDER),
    1001: ("postpone_transcode_final_result", Module.CLOUD_RECORDING),
}

#: When the uploader is ready, after the start. The provider draws event 30 after the stop; but
#: status 3, "the uploader is ready", comes before status 4, and playlists are uploaded and progress
#: is told while the recording runs.
UPLOADER_STARTS_AFTER: Millis = next(after for after, status in START_SCHEDULE if status is Status.PARTLY_READY)

#: Why a recorder leaves, as a bit mask: 2 a signal, 4 nobody there, 8 without meaning, 16 it left by itself.
LEAVE_CODES = {
    EndReason.STOPPED: 16 | 8,
    EndReason.IDLE: 4,
    EndReason.RESOURCE_EXPIRED: 16,
    EndReason.CRASHED: 2,
    # Not documented either; it is not by itself that it leaves.
    EndReason.UID_TAKEN: 2,
}
#: What is no normal exit: `exitStatus` 1.
ABNORMAL = {EndReason.CRASHED, EndReason.UID_TAKEN, EndReason.VANISHED}
#: Why a web recording stopped: `code` and `message`. For a resource that expired nothing is documented.
STOP_CODES = {
    EndReason.STOPPED: (0, "ok"),
    EndReason.MAX_RECORDING_HOUR: (1, "max_recording_hour"),
    EndReason.RESOURCE_EXPIRED: (6, "recorder_error"),
    EndReason.CRASHED: (6, "recorder_error"),
}
#: `recordingMode` of event 3; none is documented for web pages.
RECORDING_MODES = {Mode.INDIVIDUAL: 0, Mode.MIX: 1}
#: `serviceScene`: "rtc_record", "rtc_snapshot" and "web_record" are on the Chinese page, "mix_record" in live traffic,
#: and that of raw mode on the unmerged branch of the provider.
SERVICE_SCENES = {
    Mode.INDIVIDUAL: "rtc_record",
    Mode.MIX: "mix_record",
    Mode.WEB: "web_record",
    Mode.RAW: "rtsc/raw-recording",
}
#: Which event tells of which medium.
STREAM_EVENTS = {Kind.AUDIO: 43, Kind.VIDEO: 44}
#: `progress` of an upload that is complete.
COMPLETE = 10_000


def service_scene(recording: Recording) -> str:
    """What kind of recording an event is of."""
    if recording.mode is Mode.INDIVIDUAL and not recording.settings.records:
        return "rtc_snapshot"
    return SERVICE_SCENES[recording.mode]


@dataclass(frozen=True)
class Event:
    """Something that happened to a recording."""

    at: Millis
    type: int
    #: The recorder's user ID: a new one after each failover.
    uid: str
    #: From 0 on, without a gap, for each recording.
    sequence: int
    #: Without `msgName`. CDN addresses can hold keys.
    details: Json

    def __repr__(self) -> str:
        return f"<Event {self.sequence}: {self.type} at {self.at}>"


#: An event on its way: when, which, what, and what it is known by, so that nothing is told twice.
#: What has no such key is a change of state, and told by whoever remembers the state.
_Found = tuple[Millis, int, Json, Hashable]


class Chronicle:
    """What has been told of one recording, and what is to be told next."""

    def __init__(self, recording: Recording, *, upload_time: Millis = 0, backup: bool = False) -> None:
        """`upload_time` is how long after its end all files are uploaded; `backup` is where to:
        to the provider's own storage first.
        """
        self.recording: Recording = recording
        #: Everything has been told.
        self.complete: bool = False
        self._upload_time = upload_time
        self._backup = backup
        self._looked: Millis = recording.started
        self._sequence = 0
        self._told: set[Hashable] = set()
        # What was told of states that come and go. They are compared with what was told, and not only
        # with the moment before: on a clock that stands, a state can change twice at one moment.
        self._received: dict[tuple[str, Kind], None] = {}
        self._pushes: dict[tuple[str, Millis], str] = {}
        self._progress = 0
        # With this stamp there is nothing new before this moment. Most looks end here.
        self._stamp: tuple[object, ...] | None = None
        self._due: Millis = recording.started

    def until(self, now: Millis) -> list[Event]:
        """What is new, in the order of happening."""
        if self.complete or (now < self._due and self.recording.stamp == self._stamp):
            return []
        end, media = self.recording.end(now), self.recording.media(now)
        # Of what happened at one moment, what `_everything` names first comes first.
        found = sorted(self._everything(now, end, media), key=lambda event: event[0])
        self._looked = now
        changed, self._stamp = self._stamp, self.recording.stamp
        self._due = now + 1 if changed != self._stamp else self._next(now, end, media)
        self.complete = (11, None) in self._told
        return [self._event(at, number, details) for at, number, details, _ in found]

    def _next(self, now: Millis, end: End | None, media: Media) -> Millis:
        """The earliest moment at which something can be new, if nothing is done to the recording."""
        recording = self.recording
        settings = recording.settings
        idles = settings.max_idle is not None and not recording.occupied(now)
        if end is not None or idles:
            return now + 1  # it is over soon
        moments = [
            recording.started + UPLOADER_STARTS_AFTER,
            recording.joins,
            recording.page_opens,
            recording.expires,
            recording.started + (settings.max_length or NEVER),
            now + MINUTE - (now - recording.started) % MINUTE,
            *(move.back for move in recording.moves),
            *(output.since + after for output in recording.outputs for after in (0, PUBLISHES_AFTER)),
        ]
        for runs in media.values():
            begins = runs[-1].start
            moments.append(begins + SLICE_LENGTH)
            if settings.capture_interval is not None:
                moments.append(now + (begins - now) % settings.capture_interval)
        # Media that begins at a moment is seen only after it.
        return min(moment for moment in (*moments, *(moment + 1 for moment in moments)) if moment > now)

    def add(self, now: Millis, number: int, details: Json) -> Event:
        """Something that no history shows."""
        return self._event(now, number, details)

    def _event(self, at: Millis, number: int, details: Json) -> Event:
        self._sequence += 1
        return Event(at, number, self._uid(at, number), self._sequence - 1, details)

    def _uid(self, moment: Millis, number: int) -> str:
        # The event of a failover names the new user ID and is the last to carry the old one.
        moves = sum(move.began < moment or (move.began == moment and number != 12) for move in self.recording.moves)
        return str(self._new_uid(moves)) if moves else self.recording.uid

    def _new_uid(self, failovers: int) -> int:
        digest = blake2b(f"{self.recording.sid}/{failovers}".encode(), digest_size=4).digest()
        return int.from_bytes(digest, "big") % (2**31 - 1) + 1

    # -- what happens ---------------------------------------------------------------------------

    def _everything(self, now: Millis, end: End | None, media: Media) -> Iterator[_Found]:
        web = self.recording.mode is Mode.WEB
        until = now if end is None else min(now, end.at)
        # At one moment, first comes what time brings, then what somebody did.
        yield from self._new(event for event in self._beginning() if event[0] <= until)
        playlists = self._playlists(now, media)
        # A playlist is uploaded again and again, and told of once.
        uploads = [(uploaded, 4, {"fileList": name}, name) for uploaded, name in playlists]
        yield from self._new(event for event in uploads if event[0] not in self.recording.restarts)
        yield from self._new(self._progress_by_minute(until, media))
        yield from self._new(event for event in self._failovers() if event[0] <= until)
        yield from self._new(self._mismatches(playlists))
        yield from self._changing_pushes(now, end) if web else self._changing_streams(now, end)
        # Media, and its end by a failover, is seen only after its moment has passed: what comes of it stands last.
        yield from self._new(uploads)
        if not web:  # slices are told of by the module that records channels
            yield from self._new(self._slices(media))
        yield from self._new(self._screenshots(now))
        if end is not None:
            yield from self._new(event for event in self._ending(now, end) if event[0] <= now)

    def _new(self, events: Iterable[_Found]) -> Iterator[_Found]:
        for event in events:
            _, number, _, key = event
            if (number, key) not in self._told:
                self._told.add((number, key))
                yield event

    def _beginning(self) -> Iterator[_Found]:
        recording = self.recording
        if recording.stalled is None or recording.stalled >= Status.PARTLY_READY:
            yield recording.started + UPLOADER_STARTS_AFTER, 30, {"status": 0}, None
        if recording.mode is Mode.WEB:
            yield recording.page_opens, 70, {"recorderStartTime": recording.page_opens}, None
        else:
            yield recording.joins, 40, {"status": 0}, None

    def _failovers(self) -> Iterator[_Found]:
        for number, move in enumerate(self.recording.moves, 1):
            yield move.began, 12, {"newUid": self._new_uid(number)}, number
            if self.recording.mode is not Mode.WEB:
                # "Some notifications may be sent twice", by the old server and by the new one under the
                # new user ID. Which ones is not said: the one about joining the channel again is.
                yield max(move.back, self.recording.joins), 40, {"status": 0}, number

    def _changing_streams(self, now: Millis, end: End | None) -> Iterator[_Found]:
        recording = self.recording
        joins = recording.joins
        if end is not None and end.at < joins:
            return
        changes = [*self._lately(recording.channel.history, now), *self._lately(recording.subscription, now)]
        moments = {joins, *changes, now} if end is None else {joins, *changes, end.at}
        first = max(joins, self._looked)
        for moment in sorted(moment for moment in moments if first <= moment <= now):
            over = end is not None and moment >= end.at
            streams = {} if over else self._streams(moment)
            for uid, kind in [stream for stream in self._received if stream not in streams]:
                yield self._stream(moment, uid, kind, state=1)
            for uid, kind in [stream for stream in streams if stream not in self._received]:
                yield self._stream(moment, uid, kind, state=0)
            self._received = streams

    def _streams(self, moment: Millis) -> dict[tuple[str, Kind], None]:
        # In composite mode it is told of user 0, the composite stream.
        by_user = self.recording.mode.by_user
        received = self.recording.received(moment)
        return dict.fromkeys((track.uid if by_user else "0", track.kind) for track in received)

    def _stream(self, moment: Millis, uid: str, kind: Kind, *, state: int) -> _Found:
        return moment, STREAM_EVENTS[kind], {"streamUid": uid, "state": state, "UtcMs": moment}, None

    def _changing_pushes(self, now: Millis, end: End | None) -> Iterator[_Found]:
        # Of an address that an update took away there is nothing more to tell; nothing is said of that in the facts.
        recording = self.recording
        told: dict[tuple[str, Millis], str] = {}
        found = []
        for output in recording.outputs:
            if end is not None and end.at < output.since:
                continue  # it never began
            key = output.url, output.since
            if key in self._pushes:
                told[key] = self._pushes[key]
            first = max(output.since, self._looked)
            moments = {output.since, output.since + PUBLISHES_AFTER, *self._lately(recording.onhold, now), now}
            if end is not None:
                moments.add(end.at)
            for moment in sorted(moment for moment in moments if first <= moment <= now):
                status = push_status(recording, output, moment)
                if told.get(key) != status:
                    told[key] = status
                    found.append((moment, 100, {"rtmpUrl": output.url, "status": status}, None))
        self._pushes = told
        yield from found

    def _playlists(self, now: Millis, media: Media) -> list[tuple[Millis, str]]:
        """Every playlist, by the moment at which it was uploaded for the first time."""
        playlists = [file for file in listed_files(self.recording, now) if file.name.endswith((".m3u8", ".mpd"))]
        return sorted((self._first_slice_closes(file, media), file.listed_as) for file in playlists)

    def _first_slice_closes(self, file: RecordedFile, media: Media) -> Millis:
        alone = {"audio": Kind.AUDIO, "video": Kind.VIDEO}.get(file.track_type)
        restarts = self.recording.restarts
        return min(
            closes
            for track, runs in media.items()
            if track.uid == file.uid and (alone is None or track.kind in {alone, Kind.AV})
            for run in runs
            if bisect_right(restarts, run.start) == bisect_right(restarts, file.slice_start_time)
            and (closes := run.first_slice_closes) is not None
        )

    def _mismatches(self, playlists: list[tuple[Millis, str]]) -> Iterator[_Found]:
        recording = self.recording
        for number, (at, status) in enumerate(recording.mismatches):
            names = [name for uploaded, name in playlists if uploaded <= at]
            details: Json = {"status": int(status), "fileList": names[-1] if names else ""}
            if recording.mode in RECORDING_MODES:
                details["recordingMode"] = RECORDING_MODES[recording.mode]
            yield at, 3, details, number

    def _progress_by_minute(self, until: Millis, media: Media) -> Iterator[_Found]:
        # "Once every minute after the recording starts", by an uploader that has started.
        if (30, None) not in self._told:
            return
        started = self.recording.started
        runs = [run for runs in media.values() for run in runs]
        minutes_told = (self._looked - started) // MINUTE
        for minute in range(minutes_told + 1, (until - started) // MINUTE + 1):
            moment = started + minute * MINUTE
            # The share of uploaded files falls when somebody joins, and what is told never does.
            self._progress = max(self._progress, _share_uploaded(runs, moment))
            yield moment, 33, {"progress": self._progress}, minute

    def _slices(self, media: Media) -> Iterator[_Found]:
        if not self.recording.settings.records:
            return
        for track, runs in media.items():
            stopped: Millis | None = None
            for run in runs:
                details = {
                    "startUtcMs": run.start,
                    # The last moment before an interruption; without one, the same.
                    "discontinueUtcMs": run.start if stopped is None else stopped,
                    "mixedAllUser": not self.recording.mode.by_user,
                    "streamUid": track.uid,
                    "trackType": track_type(track.kind, self.recording.settings.stream_types),
                }
                yield run.start, 42, details, (track, run.start)
                stopped = run.end

    def _screenshots(self, now: Millis) -> Iterator[_Found]:
        if self.recording.settings.capture_interval is None:
            return
        for file in screenshots(self.recording, now, self._looked):
            yield file.slice_start_time, 45, {"fileName": file.key}, file.name

    def _ending(self, now: Millis, end: End) -> Iterator[_Found]:
        recording = self.recording
        crashed = end.reason is EndReason.CRASHED
        if crashed:
            # No page names a code for a recorder that dies. This one stands for an internal error elsewhere.
            details = {"module": 0, "errorLevel": 5, "errorCode": 500, "stat": 1, "errorMsg": "internal_error"}
            yield end.at, 1, details, None
        if (40, None) in self._told:
            yield end.at, 41, {"leaveCode": LEAVE_CODES[end.reason]}, None
        if (70, None) in self._told:
            yield end.at, 71, self._stopped(now, end), None
        # A recorder that dies does not say that everything is uploaded, nor does one without files.
        uploads = not crashed and recording.has_finished_file(now)
        uploaded = end.at + self._upload_time if uploads else end.at
        if uploads:
            # "M3U8 and MP4", says the Chinese page of event 4, and not when: these are whole at the end.
            for file in listed_files(recording, now):
                if file.name.endswith((".mp4", ".mp3")):
                    yield uploaded, 4, {"fileList": file.listed_as}, file.listed_as
            yield uploaded, 33, {"progress": COMPLETE}, COMPLETE
            backup = self._backup or recording.storage_is_closed(end.at)
            yield uploaded, 32 if backup else 31, self._uploaded(now), None
        exited = max(recording.gone_at(end), uploaded)
        yield exited, 11, {"exitStatus": int(end.reason in ABNORMAL)}, None

    def _uploaded(self, now: Millis) -> Json:
        # Web recordings list their files in event 71; the provider's examples of 31 and 32 show none.
        recording = self.recording
        if recording.mode is Mode.WEB or not recording.settings.records:
            return {"status": 0}
        mixed = recording.mode is Mode.MIX
        return {"status": 0, "fileList": [file_entry(file, mixed=mixed) for file in listed_files(recording, now)]}

    def _stopped(self, now: Millis, end: End) -> Json:
        code, message = STOP_CODES[end.reason]
        length = self.recording.settings.max_length or 0
        words = {
            EndReason.MAX_RECORDING_HOUR: f"max recording hour is {length // HOUR}",
            EndReason.RESOURCE_EXPIRED: "resource expired",
        }
        # The page's own example has the playlist before the MP4 file, other than answers and event 31.
        files = sorted(listed_files(self.recording, now), key=lambda file: file.name.endswith(".mp4"))
        return {
            "code": code,
            "message": message,
            "details": words.get(end.reason, message),
            "fileList": [web_file_entry(file) for file in files],
        }

    def _lately(self, history: History[Any], now: Millis) -> list[Millis]:
        """The changes since the last look, from its moment on."""
        return history.changes(self._looked - 1, now + 1)


def _share_uploaded(runs: Iterable[Run], moment: Millis) -> int:
    """Uploaded slices of all slices at a moment, in ten thousandths. One that is being written is not uploaded."""
    closed = growing = 0
    for run in runs:
        received = min(moment, run.end) - run.start
        if received <= 0:
            continue
        full, rest = divmod(received, SLICE_LENGTH)
        closed += full
        if run.end >= moment:
            growing += 1
        elif rest:
            closed += 1
    return COMPLETE * closed // max(closed + growing, 1)
