"""Events: one class for each, ready for `match`.

What a class reads is the generated view of the event (`cloudrec_api.models.notices`), made from the contract.
:func:`details_of` holds what was sent against it. What does not fit there, and what nobody has heard of, is
:class:`UnknownEvent`. So a field is what its type says, and None only where it was left out.
"""

from enum import IntFlag
from typing import Any, ClassVar, TypeAlias, get_args

from cloudrec_api.models.event_type import EventType
from cloudrec_api.models.leave_reason import LeaveReason
from cloudrec_api.models.notices import (
    BackupedDetails,
    CloudRecordingErrorDetails,
    CloudRecordingFileInfosDetails,
    CloudRecordingStatusUpdateDetails,
    CloudRecordingWarningDetails,
    DownloadFailedDetails,
    NoticeDetails,
    PostponeTranscodeFinalResultDetails,
    RecorderAudioStreamStateChangedDetails,
    RecorderLeaveDetails,
    RecorderSliceStartDetails,
    RecorderSnapshotFileDetails,
    RecorderStartedDetails,
    RecorderVideoStreamStateChangedDetails,
    RtmpPublishStatusDetails,
    SessionExitDetails,
    SessionFailoverDetails,
    TranscoderCompletedDetails,
    TranscoderStartedDetails,
    UploadedDetails,
    UploaderStartedDetails,
    UploadingProgressDetails,
    VodStartedDetails,
    VodTriggeredDetails,
    WebRecorderCapabilityLimitDetails,
    WebRecorderReloadDetails,
    WebRecorderStartedDetails,
    WebRecorderStoppedDetails,
)
from cloudrec_api.views import Field, fits, number


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


class Details(NoticeDetails):
    """What there is to say of an event. ``raw`` is the JSON object as it was sent."""

    __slots__ = ()
    event_type: ClassVar[EventType]
    """The event that the class belongs to."""


# ------------------------------------------------------------------------------------------- the recording as a whole


class ErrorReported(CloudRecordingErrorDetails, Details):
    """1, ``cloud_recording_error``: an error of the recording."""

    __slots__ = ()


class WarningReported(CloudRecordingWarningDetails, Details):
    """2, ``cloud_recording_warning``: a warning of the recording."""

    __slots__ = ()


class StatusUpdate(CloudRecordingStatusUpdateDetails, Details):
    """3, ``cloud_recording_status_update``: a call did not fit the state of the recording."""

    __slots__ = ()


class FileInfos(CloudRecordingFileInfosDetails, Details):
    """4, ``cloud_recording_file_infos``: the playlist was uploaded for the first time."""

    __slots__ = ()


class SessionExit(SessionExitDetails, Details):
    """11, ``session_exit``: the recording is over."""

    __slots__ = ()


class SessionFailover(SessionFailoverDetails, Details):
    """12, ``session_failover``: the recording moves to another server, which takes up to 90 seconds."""

    __slots__ = ()


# ------------------------------------------------------------------------------------------- the uploader


class UploaderStarted(UploaderStartedDetails, Details):
    """30, ``uploader_started``: the uploader has started."""

    __slots__ = ()


class Uploaded(UploadedDetails, Details):
    """31, ``uploaded``: all files are in the bucket. In `web` mode it does not say which."""

    __slots__ = ()


class Backuped(BackupedDetails, Details):
    """32, ``backuped``: all files are uploaded, some to the provider's backup, from which they follow by themselves."""

    __slots__ = ()


class UploadingProgress(UploadingProgressDetails, Details):
    """33, ``uploading_progress``: how far the upload is, once a minute."""

    __slots__ = ()


# ------------------------------------------------------------------------------------------- the recorder


class RecorderStarted(RecorderStartedDetails, Details):
    """40, ``recorder_started``: the recorder has started."""

    __slots__ = ()


def _leave_code(value: Any) -> LeaveCode | None:
    code = number(value)
    # More than 32 bits are none of the service's, and Python keeps every combination that it has once met.
    return LeaveCode(code) if code is not None and 0 <= code < 1 << 32 else None


class RecorderLeave(RecorderLeaveDetails, Details):
    """41, ``recorder_leave``: the recorder has left the channel."""

    __slots__ = ()
    leave_code: Field[LeaveCode | None] = Field("leaveCode", _leave_code, doc="Why.")
    """Why."""


class RecorderSliceStart(RecorderSliceStartDetails, Details):
    """42, ``recorder_slice_start``: a recording begins, or goes on after an interruption."""

    __slots__ = ()


class RecorderAudioStreamStateChanged(RecorderAudioStreamStateChangedDetails, Details):
    """43, ``recorder_audio_stream_state_changed``: someone's sound came or went."""

    __slots__ = ()


class RecorderVideoStreamStateChanged(RecorderVideoStreamStateChangedDetails, Details):
    """44, ``recorder_video_stream_state_changed``: someone's picture came or went."""

    __slots__ = ()


class RecorderSnapshotFile(RecorderSnapshotFileDetails, Details):
    """45, ``recorder_snapshot_file``: a screenshot is in the bucket."""

    __slots__ = ()


# ------------------------------------------------------------------------------------------- ApsaraVideo VOD


class VodStarted(VodStartedDetails, Details):
    """60, ``vod_started``: the upload to ApsaraVideo VOD has started."""

    __slots__ = ()


class VodTriggered(VodTriggeredDetails, Details):
    """61, ``vod_triggered``: all files are in ApsaraVideo VOD."""

    __slots__ = ()


# ------------------------------------------------------------------------------------------- the web page recorder


class WebRecorderStarted(WebRecorderStartedDetails, Details):
    """70, ``web_recorder_started``: the web page recorder has started."""

    __slots__ = ()


class WebRecorderStopped(WebRecorderStoppedDetails, Details):
    """71, ``web_recorder_stopped``: the web page recorder has stopped."""

    __slots__ = ()


class WebRecorderCapabilityLimit(WebRecorderCapabilityLimitDetails, Details):
    """72, ``web_recorder_capability_limit``: the page uses what cannot be recorded; the recording is about to stop."""

    __slots__ = ()


class WebRecorderReload(WebRecorderReloadDetails, Details):
    """73, ``web_recorder_reload``: the page is loaded again."""

    __slots__ = ()


class RtmpPublishStatus(RtmpPublishStatusDetails, Details):
    """100, ``rtmp_publish_status``: the push to a CDN came up or went down."""

    __slots__ = ()


# ------------------------------------------------------------------------------------------- transcoding


class TranscoderStarted(TranscoderStartedDetails, Details):
    """80, ``transcoder_started``: transcoding has started."""

    __slots__ = ()


class TranscoderCompleted(TranscoderCompletedDetails, Details):
    """81, ``transcoder_completed``: transcoding has ended."""

    __slots__ = ()


class PostponeTranscodeFinalResult(PostponeTranscodeFinalResultDetails, Details):
    """1001, ``postpone_transcode_final_result``: deferred transcoding has ended for good."""

    __slots__ = ()


class DownloadFailed(DownloadFailedDetails, Details):
    """90, ``download_failed``: files could not be fetched from the bucket. Sent once in a recording."""

    __slots__ = ()


# ------------------------------------------------------------------------------------------- the rest


class UnknownEvent(NoticeDetails):
    """An event that this version does not know, or one in a shape that nobody foresaw. ``raw`` is what was sent."""

    __slots__ = ("event_type",)
    _shown = ("event_type", "name")  # not what was sent: that may be anything

    def to_dict(self) -> dict[str, Any]:
        """All that was sent, as there are no names for it here."""
        return dict(self.raw) if isinstance(self.raw, dict) else {"raw": self.raw}

    def __init__(self, raw: Any, event_type: EventType | int | None = None) -> None:
        super().__init__(raw)
        self.event_type: EventType | int | None = event_type
        """Its number."""

    def __eq__(self, other: object) -> bool:
        return super().__eq__(other) and isinstance(other, UnknownEvent) and self.event_type == other.event_type

    __hash__: ClassVar[None] = None  # type: ignore[assignment]


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
