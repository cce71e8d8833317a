"""What there is to say of each event: one class for each, ready for `match`.

:func:`details_of` holds what was sent against the fields of the event's class. What does not fit there, and what
nobody has heard of, is :class:`UnknownEvent`. So a field is what its type says, and None only where it was left out.
"""

import json
from datetime import datetime
from enum import IntFlag
from functools import partial
from typing import Any, ClassVar, TypeAlias, get_args

from cloudrec_api.models.capability_limit_type import CapabilityLimitType
from cloudrec_api.models.error_level import ErrorLevel
from cloudrec_api.models.event_module import EventModule
from cloudrec_api.models.event_type import EventType
from cloudrec_api.models.exit_status import ExitStatus
from cloudrec_api.models.leave_reason import LeaveReason
from cloudrec_api.models.postponed_transcoding_result import PostponedTranscodingResult
from cloudrec_api.models.publish_status import PublishStatus
from cloudrec_api.models.recording_status import RecordingStatus
from cloudrec_api.models.reload_reason import ReloadReason
from cloudrec_api.models.storage_vendor import StorageVendor
from cloudrec_api.models.stream_state import StreamState
from cloudrec_api.models.track_type import TrackType
from cloudrec_api.models.transcoding_result import TranscodingResult
from cloudrec_api.models.user_transcoding_result import UserTranscodingResult
from cloudrec_api.models.web_stop_code import WebStopCode

from .._views import View, flag, listed_number, listed_text, mapping, moment, number, objects, text
from ..answers import Files, RecordedFile, _files as files_of
from ._fields import Field, WithFields, fits, needed, optional, several


class LeaveCode(IntFlag):
    """Why the recorder left. Several may hold at once, and bits that are not listed are kept.

    >>> LeaveCode(6)
    <LeaveCode.SIGNAL|NO_USERS: 6>
    """

    INIT_FAILED = 0
    """The recorder could not be set up. No bit stands for it: compare with ``==``."""
    SIGNAL = LeaveReason.SIGNAL.value
    """A signal ended the recorder."""
    NO_USERS = LeaveReason.NO_USERS.value
    """Nobody was in the channel."""
    TIMER_CATCH = LeaveReason.TIMER_CATCH.value
    """Without meaning."""
    CLIENT_LEAVE = LeaveReason.CLIENT_LEAVE.value
    """It was told to leave."""


# ------------------------------------------------------------------------------------------- how fields are read


def _files(value: Any) -> Files | None:
    """Files from a name, from a list of names or of objects, or from such a list as JSON in a string."""
    if isinstance(value, str) and value.startswith("["):  # which no file's name does
        try:
            value = json.loads(value)
        except (ValueError, RecursionError):
            return None
    return files_of(value)


def _names(value: Any) -> Files | None:
    """Files from their names in one string, with ";" between them."""
    if not isinstance(value, str):
        return None
    return tuple([RecordedFile({"fileName": name.strip()}) for name in value.split(";") if name.strip()])


def _flag(value: Any) -> bool | None:
    """True or false; on older pages they are strings."""
    return {"true": True, "false": False}.get(value) if isinstance(value, str) else flag(value)


def _leave_code(value: Any) -> LeaveCode | None:
    code = number(value)
    # More than 32 bits are none of the service's, and Python keeps every combination that it has once met.
    return LeaveCode(code) if code is not None and 0 <= code < 1 << 32 else None


def _users(value: Any) -> "tuple[TranscodedUser, ...] | None":
    users = objects(value)
    found = tuple([TranscodedUser(user) for user in users or []])
    return None if users is None or not all(map(fits, found)) else found


_event_module = partial(listed_number, EventModule)
_stream_state = partial(listed_number, StreamState)
_track_type = partial(listed_text, TrackType)


def _time(*names: str, is_needed: bool = False) -> Field[datetime | None]:
    """A time; a number too large or too small for one is None as well."""
    return Field(names, moment, accepts=number, needed=is_needed)


# ------------------------------------------------------------------------------------------- what they share


class Details(WithFields):
    """What there is to say of an event. ``raw`` is the JSON object as it was sent."""

    __slots__ = ()
    event_type: ClassVar[EventType]
    """The event that the class belongs to."""
    name: Field[str | None] = optional(text, "msgName")
    """What the service calls the event, such as ``uploaded``."""


class _WithState(Details):
    __slots__ = ()
    status: Field[int | None] = optional(number, "status")
    """0 is normal, anything else is not."""


class _WithFiles(Details):
    __slots__ = ()
    files: Field[Files] = several(_files, "fileList")
    """The files, in the type that they have in query and stop."""


# ------------------------------------------------------------------------------------------- the recording as a whole


class ErrorReported(Details):
    """1, ``cloud_recording_error``: an error of the recording."""

    __slots__ = ()
    _shown = ("module", "level", "code", "message")
    event_type = EventType.CLOUD_RECORDING_ERROR
    module: Field[EventModule | int | None] = optional(_event_module, "module")
    """Where it comes from."""
    level: Field[ErrorLevel | int | None] = optional(partial(listed_number, ErrorLevel), "errorLevel")
    """How grave it is. After 5 (FATAL), query the recording; it may be over."""
    code: Field[int | None] = optional(number, "errorCode")
    """Its number, by module. Uploader: 32 storage set up wrongly, 47 upload failed, 51 a file could not be worked on.
    The recording as a whole: 50 the upload took too long, 52 the start did. Others: as in answers to calls."""
    stat: Field[int | None] = optional(number, "stat")
    """0 is normal, anything else is not."""
    message: Field[str | None] = optional(text, "errorMsg")
    """What is wrong, in words."""


class WarningReported(Details):
    """2, ``cloud_recording_warning``: a warning of the recording."""

    __slots__ = ()
    _shown = ("module", "code")
    event_type = EventType.CLOUD_RECORDING_WARNING
    module: Field[EventModule | int | None] = optional(_event_module, "module")
    """Where it comes from."""
    code: Field[int | None] = optional(number, "warnCode")
    """Its number, by module. Uploader: 31 a slice is uploaded once more, 32 it goes to the provider's backup."""


class StatusUpdate(_WithFiles):
    """3, ``cloud_recording_status_update``: a call did not fit the state of the recording."""

    __slots__ = ()
    _shown = ("status", "files")
    event_type = EventType.CLOUD_RECORDING_STATUS_UPDATE
    status: Field[RecordingStatus | int] = needed(partial(listed_number, RecordingStatus), "status")
    """State of the recording."""
    recording_mode: Field[int | None] = optional(number, "recordingMode")
    """Its mode, 0 or 1; the provider's pages disagree on which is which."""


class FileInfos(Details):
    """4, ``cloud_recording_file_infos``: the playlist was uploaded for the first time."""

    __slots__ = ()
    _shown = ("files",)
    event_type = EventType.CLOUD_RECORDING_FILE_INFOS
    files: Field[Files] = needed(_files, "fileList")
    """The playlist, in the type that files have in query and stop."""


class SessionExit(Details):
    """11, ``session_exit``: the recording is over."""

    __slots__ = ()
    _shown = ("exit_status",)
    event_type = EventType.SESSION_EXIT
    exit_status: Field[ExitStatus | int | None] = optional(
        partial(listed_number, ExitStatus), "exitStatus", "leaveStatus"
    )
    """Whether it ended as it should, with its files uploaded."""


class SessionFailover(Details):
    """12, ``session_failover``: the recording moves to another server, which takes up to 90 seconds."""

    __slots__ = ()
    _shown = ("new_uid",)
    event_type = EventType.SESSION_FAILOVER
    new_uid: Field[str] = needed(text, "newUid")
    """The recorder's user ID from now on."""


# ------------------------------------------------------------------------------------------- the uploader


class UploaderStarted(_WithState):
    """30, ``uploader_started``: the uploader has started."""

    __slots__ = ()
    _shown = ("status",)
    event_type = EventType.UPLOADER_STARTED


class Uploaded(_WithState, _WithFiles):
    """31, ``uploaded``: all files are in the bucket. In `web` mode it does not say which."""

    __slots__ = ()
    _shown = ("status", "files")
    event_type = EventType.UPLOADED


class Backuped(_WithState, _WithFiles):
    """32, ``backuped``: all files are uploaded, some to the provider's backup, from which they follow by themselves."""

    __slots__ = ()
    _shown = ("status", "files")
    event_type = EventType.BACKUPED


class UploadingProgress(Details):
    """33, ``uploading_progress``: how far the upload is, once a minute."""

    __slots__ = ()
    _shown = ("progress",)
    event_type = EventType.UPLOADING_PROGRESS
    progress: Field[int] = needed(number, "progress")
    """Files uploaded, of those recorded, in hundredths of a per cent: 10000 after the end means all."""


# ------------------------------------------------------------------------------------------- the recorder


class RecorderStarted(_WithState):
    """40, ``recorder_started``: the recorder has started."""

    __slots__ = ()
    _shown = ("status",)
    event_type = EventType.RECORDER_STARTED


class RecorderLeave(Details):
    """41, ``recorder_leave``: the recorder has left the channel."""

    __slots__ = ()
    _shown = ("leave_code",)
    event_type = EventType.RECORDER_LEAVE
    leave_code: Field[LeaveCode | None] = optional(_leave_code, "leaveCode")
    """Why."""


class RecorderSliceStart(Details):
    """42, ``recorder_slice_start``: a recording begins, or goes on after an interruption."""

    __slots__ = ()
    _shown = ("started_at", "discontinued_at", "stream_uid", "track_type")
    event_type = EventType.RECORDER_SLICE_START
    started_at: Field[datetime | None] = _time("startUtcMs", is_needed=True)
    """When the slice begins, in UTC."""
    discontinued_at: Field[datetime | None] = _time("discontinueUtcMs")
    """The same; or, after an interruption, when the last slice before it ended. In UTC."""
    mixed_all_user: Field[bool | None] = optional(_flag, "mixedAllUser")
    """Whether everyone is in the one file."""
    stream_uid: Field[str | None] = optional(text, "streamUid")
    """Whose stream it is, ``"0"`` where everyone is in it."""
    track_type: Field[TrackType | str | None] = optional(_track_type, "trackType")
    """Whether it is sound, picture or both."""


class _StreamStateChanged(Details):
    __slots__ = ()
    _shown = ("stream_uid", "state", "changed_at")
    stream_uid: Field[str] = needed(text, "streamUid")
    """Whose stream it is, ``"0"`` for that of everyone together."""
    state: Field[StreamState | int] = needed(_stream_state, "state")
    """Whether it comes in."""
    changed_at: Field[datetime | None] = _time("UtcMs", "utcMs")  # the second in what public receivers read
    """When that changed, in UTC."""


class RecorderAudioStreamStateChanged(_StreamStateChanged):
    """43, ``recorder_audio_stream_state_changed``: someone's sound came or went."""

    __slots__ = ()
    event_type = EventType.RECORDER_AUDIO_STREAM_STATE_CHANGED


class RecorderVideoStreamStateChanged(_StreamStateChanged):
    """44, ``recorder_video_stream_state_changed``: someone's picture came or went."""

    __slots__ = ()
    event_type = EventType.RECORDER_VIDEO_STREAM_STATE_CHANGED


class RecorderSnapshotFile(Details):
    """45, ``recorder_snapshot_file``: a screenshot is in the bucket."""

    __slots__ = ()
    _shown = ("file_name",)
    event_type = EventType.RECORDER_SNAPSHOT_FILE
    file_name: Field[str] = needed(text, "fileName", "filename")
    """The JPG file, with its path in the bucket."""


# ------------------------------------------------------------------------------------------- ApsaraVideo VOD


class VodStarted(Details):
    """60, ``vod_started``: the upload to ApsaraVideo VOD has started."""

    __slots__ = ()
    _shown = ("video_id",)
    event_type = EventType.VOD_STARTED
    video_id: Field[str | None] = optional(lambda value: text(mapping(value).get("videoId")), "aliVodInfo")
    """Names the video there."""


class VodTriggered(Details):
    """61, ``vod_triggered``: all files are in ApsaraVideo VOD."""

    __slots__ = ()
    event_type = EventType.VOD_TRIGGERED


# ------------------------------------------------------------------------------------------- the web page recorder


class WebRecorderStarted(Details):
    """70, ``web_recorder_started``: the web page recorder has started."""

    __slots__ = ()
    _shown = ("started_at",)
    event_type = EventType.WEB_RECORDER_STARTED
    started_at: Field[datetime | None] = _time("recorderStartTime")
    """When, in UTC."""


class WebRecorderStopped(_WithFiles):
    """71, ``web_recorder_stopped``: the web page recorder has stopped."""

    __slots__ = ()
    _shown = ("code", "message", "files")
    event_type = EventType.WEB_RECORDER_STOPPED
    code: Field[WebStopCode | int | None] = optional(partial(listed_number, WebStopCode), "code")
    """Why. Anything but 0 (OK) means that it was not told to."""
    message: Field[str | None] = optional(text, "message")
    """Why, in a word, such as ``max_recording_hour``."""
    explanation: Field[str | None] = optional(text, "details")
    """Why, in more words."""


class WebRecorderCapabilityLimit(Details):
    """72, ``web_recorder_capability_limit``: the page uses what cannot be recorded; the recording is about to stop."""

    __slots__ = ()
    _shown = ("limit_type",)
    event_type = EventType.WEB_RECORDER_CAPABILITY_LIMIT
    limit_type: Field[CapabilityLimitType | str | None] = optional(
        partial(listed_text, CapabilityLimitType), "limitType"
    )
    """What it is."""


class WebRecorderReload(Details):
    """73, ``web_recorder_reload``: the page is loaded again."""

    __slots__ = ()
    _shown = ("reason",)
    event_type = EventType.WEB_RECORDER_RELOAD
    reason: Field[ReloadReason | str | None] = optional(partial(listed_text, ReloadReason), "reason")
    """Why."""


class RtmpPublishStatus(Details):
    """100, ``rtmp_publish_status``: the push to a CDN came up or went down."""

    __slots__ = ()
    _shown = ("status",)  # not the address: the stream key is in it
    event_type = EventType.RTMP_PUBLISH_STATUS
    rtmp_url: Field[str | None] = optional(text, "rtmpUrl")
    """The address."""
    status: Field[PublishStatus | str] = needed(lambda value: listed_text(PublishStatus, text(value)), "status")
    """Whether the stream gets there."""


# ------------------------------------------------------------------------------------------- transcoding


class TranscoderStarted(Details):
    """80, ``transcoder_started``: transcoding has started."""

    __slots__ = ()
    event_type = EventType.TRANSCODER_STARTED


class TranscodedUser(WithFields):
    """One user's share of a transcoding."""

    __slots__ = ()
    _shown = ("uid", "result", "files")
    uid: Field[str | None] = optional(text, "uid")
    """The user's ID."""
    result: Field[UserTranscodingResult | str | None] = optional(partial(listed_text, UserTranscodingResult), "result")
    """What came of it."""
    files: Field[Files] = several(_files, "fileList")
    """The MP4 files."""


class TranscoderCompleted(Details):
    """81, ``transcoder_completed``: transcoding has ended."""

    __slots__ = ()
    _shown = ("result", "users")
    event_type = EventType.TRANSCODER_COMPLETED
    result: Field[TranscodingResult | str] = needed(partial(listed_text, TranscodingResult), "result")
    """What came of it."""
    users: Field[tuple[TranscodedUser, ...]] = several(_users, "uids")
    """Every user's share of it."""


class PostponeTranscodeFinalResult(_WithFiles):
    """1001, ``postpone_transcode_final_result``: deferred transcoding has ended for good."""

    __slots__ = ()
    _shown = ("result", "files")
    event_type = EventType.POSTPONE_TRANSCODE_FINAL_RESULT
    result: Field[PostponedTranscodingResult | str] = needed(partial(listed_text, PostponedTranscodingResult), "result")
    """What came of it."""


class DownloadFailed(Details):
    """90, ``download_failed``: files could not be fetched from the bucket. Sent once in a recording."""

    __slots__ = ()
    _shown = ("vendor", "region", "bucket", "files")
    event_type = EventType.DOWNLOAD_FAILED
    vendor: Field[StorageVendor | int | None] = optional(partial(listed_number, StorageVendor), "vendor")
    """Vendor of the bucket."""
    region: Field[int | None] = optional(number, "region")
    """Region of the bucket, as the vendor's regions are numbered for `start`."""
    bucket: Field[str | None] = optional(text, "bucket")
    """Name of the bucket."""
    files: Field[Files] = needed(_names, "fileName", "filename")
    """The files, in the type that they have in query and stop; only their names are known."""


# ------------------------------------------------------------------------------------------- the rest


class UnknownEvent(View):
    """An event that this version does not know, or one in a shape that nobody foresaw. ``raw`` is what was sent."""

    __slots__ = ("event_type",)
    _shown = ("event_type", "name")  # not what was sent: that may be anything

    def __init__(self, raw: Any, event_type: EventType | int | None = None) -> None:
        super().__init__(raw)
        self.event_type: EventType | int | None = event_type
        """Its number."""

    @property
    def name(self) -> str | None:
        """What the service calls it, where it is where other events have it."""
        return text(mapping(self.raw).get("msgName"))

    def __eq__(self, other: object) -> bool:
        return super().__eq__(other) and isinstance(other, UnknownEvent) and self.event_type == other.event_type

    __hash__ = None


KnownDetails: TypeAlias = (
    ErrorReported
    | WarningReported
    | StatusUpdate
    | FileInfos
    | SessionExit
    | SessionFailover
    | UploaderStarted
    | Uploaded
    | Backuped
    | UploadingProgress
    | RecorderStarted
    | RecorderLeave
    | RecorderSliceStart
    | RecorderAudioStreamStateChanged
    | RecorderVideoStreamStateChanged
    | RecorderSnapshotFile
    | VodStarted
    | VodTriggered
    | WebRecorderStarted
    | WebRecorderStopped
    | WebRecorderCapabilityLimit
    | WebRecorderReload
    | RtmpPublishStatus
    | TranscoderStarted
    | TranscoderCompleted
    | PostponeTranscodeFinalResult
    | DownloadFailed
)
EventDetails: TypeAlias = KnownDetails | UnknownEvent

DETAILS: dict[int, type[KnownDetails]] = {kind.event_type.value: kind for kind in get_args(KnownDetails)}
"""The class of each event, by its number."""


def details_of(event_type: EventType | int | None, sent: Any) -> EventDetails:
    """The view of an event's ``details``."""
    kind = DETAILS.get(event_type) if event_type is not None else None
    if kind is not None and (sent is None or isinstance(sent, dict)):
        # Events that say nothing more may leave it out altogether.
        found = kind({} if sent is None else sent)
        if fits(found):
            return found
    return UnknownEvent(sent, event_type)
