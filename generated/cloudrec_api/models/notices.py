"""What webhooks hold, as views; the document says of each what it is."""

from __future__ import annotations

from datetime import datetime
from typing import ClassVar

from ..views import (
    Field,
    View,
    flag,
    listed_number,
    listed_text,
    moment,
    number,
    several,
    text,
)
from .capability_limit_type import CapabilityLimitType
from .error_level import ErrorLevel
from .event_module import EventModule
from .event_service import EventService
from .event_type import EventType
from .exit_status import ExitStatus
from .postponed_transcoding_result import PostponedTranscodingResult
from .publish_status import PublishStatus
from .recording_status import RecordingStatus
from .reload_reason import ReloadReason
from .responses import RecordedFile
from .service_scene import ServiceScene
from .storage_vendor import StorageVendor
from .stream_state import StreamState
from .track_type import TrackType
from .transcoding_result import TranscodingResult
from .user_transcoding_result import UserTranscodingResult
from .web_stop_code import WebStopCode


class NoticeDetails(View):
    """What there is to say, as the component that belongs to `eventType`. Unknown events have some as well."""

    __slots__ = ()
    name: Field[str | None] = Field("msgName", text, doc='What the service calls the event, such as "uploaded".')
    """What the service calls the event, such as "uploaded"."""


class Notice(View):
    """Body of every webhook. What it is about stands in `productId` and `eventType`."""

    __slots__ = ()
    _shown: ClassVar[tuple[str, ...]] = (
        "notice_id",
        "product_id",
        "event_type",
        "notified_at",
        "cname",
        "uid",
        "sid",
        "sequence",
        "sent_at",
        "service",
        "scene",
    )
    notice_id: Field[str | None] = Field("noticeId", text, doc="Names the notice. The same when it is sent again.")
    """Names the notice. The same when it is sent again."""
    product_id: Field[int | None] = Field(
        "productId",
        number,
        doc="The product that it is about: 1 real-time communication, 3 cloud recording, 4 media pull, 5 media push.",
    )
    """The product that it is about: 1 real-time communication, 3 cloud recording, 4 media pull, 5 media push."""
    event_type: Field[EventType | int | None] = Field("eventType", listed_number(EventType), doc="What has happened.")
    """What has happened."""
    notified_at: Field[datetime | None] = Field(
        "notifyMs",
        moment,
        doc="When it was sent. Another when it is sent again. In UTC; the number that was sent is in `raw`.",
    )
    """When it was sent. Another when it is sent again. In UTC; the number that was sent is in `raw`."""
    cname: Field[str | None] = Field("cname", text, inside=("payload",), doc="Channel name.")
    """Channel name."""
    uid: Field[str | None] = Field(
        "uid", text, inside=("payload",), doc="Recorder's user ID. After a failover, the new one."
    )
    """Recorder's user ID. After a failover, the new one."""
    sid: Field[str | None] = Field("sid", text, aliases=("/sid",), inside=("payload",), doc="Recording ID.")
    """Recording ID."""
    sequence: Field[int | None] = Field(
        "sequence", number, inside=("payload",), doc="Place of the event among those of the recording, from 0."
    )
    """Place of the event among those of the recording, from 0."""
    sent_at: Field[datetime | None] = Field(
        "sendts", moment, inside=("payload",), doc="When it happened. In UTC; the number that was sent is in `raw`."
    )
    """When it happened. In UTC; the number that was sent is in `raw`."""
    service: Field[EventService | int | None] = Field(
        "serviceType", listed_number(EventService), inside=("payload",), doc="Part of the service that it happened in."
    )
    """Part of the service that it happened in."""
    scene: Field[ServiceScene | str | None] = Field(
        "serviceScene", listed_text(ServiceScene), inside=("payload",), doc="Kind of the recording."
    )
    """Kind of the recording."""


class CloudRecordingErrorDetails(View):
    """Event 1."""

    __slots__ = ()
    _shown: ClassVar[tuple[str, ...]] = ("module", "level", "code", "message")
    event_type: ClassVar[EventType] = EventType.CLOUD_RECORDING_ERROR
    name: Field[str | None] = Field("msgName", text, doc='What the service calls the event, such as "uploaded".')
    """What the service calls the event, such as "uploaded"."""
    module: Field[EventModule | int | None] = Field(
        "module", listed_number(EventModule), doc="Where the error comes from."
    )
    """Where the error comes from."""
    level: Field[ErrorLevel | int | None] = Field(
        "errorLevel",
        listed_number(ErrorLevel),
        doc="How grave it is. After 5 (FATAL), query the recording; it may be over.",
    )
    """How grave it is. After 5 (FATAL), query the recording; it may be over."""
    code: Field[int | None] = Field(
        "errorCode",
        number,
        doc="Number of the error. Of the uploader: 32 storage is set up wrongly, 47 a file could not be uploaded, 51 a file could not be worked on. Of the recording as a whole: 50 the upload took too long, 52 the start took too long.",
    )
    """Number of the error. Of the uploader: 32 storage is set up wrongly, 47 a file could not be uploaded, 51 a
    file could not be worked on. Of the recording as a whole: 50 the upload took too long, 52 the start took too
    long.
    """
    stat: Field[int | None] = Field("stat", number, doc="0 is normal, anything else is not.")
    """0 is normal, anything else is not."""
    message: Field[str | None] = Field("errorMsg", text, doc="The error in words.")
    """The error in words."""


class CloudRecordingWarningDetails(View):
    """Event 2."""

    __slots__ = ()
    _shown: ClassVar[tuple[str, ...]] = ("module", "code")
    event_type: ClassVar[EventType] = EventType.CLOUD_RECORDING_WARNING
    name: Field[str | None] = Field("msgName", text, doc='What the service calls the event, such as "uploaded".')
    """What the service calls the event, such as "uploaded"."""
    module: Field[EventModule | int | None] = Field(
        "module", listed_number(EventModule), doc="Where the warning comes from."
    )
    """Where the warning comes from."""
    code: Field[int | None] = Field(
        "warnCode",
        number,
        doc="Number of the warning. Of the uploader: 31 a slice is uploaded once more, 32 it is uploaded to the provider's backup.",
    )
    """Number of the warning. Of the uploader: 31 a slice is uploaded once more, 32 it is uploaded to the
    provider's backup.
    """


class CloudRecordingStatusUpdateDetails(View):
    """Event 3."""

    __slots__ = ()
    _shown: ClassVar[tuple[str, ...]] = ("status", "files")
    event_type: ClassVar[EventType] = EventType.CLOUD_RECORDING_STATUS_UPDATE
    name: Field[str | None] = Field("msgName", text, doc='What the service calls the event, such as "uploaded".')
    """What the service calls the event, such as "uploaded"."""
    status: Field[RecordingStatus | int] = Field(
        "status",
        listed_number(RecordingStatus),
        needed=True,
        doc="State of the recording; 4 (READY) and 5 (IN_PROGRESS) mean that it runs.",
    )
    """State of the recording; 4 (READY) and 5 (IN_PROGRESS) mean that it runs."""
    recording_mode: Field[int | None] = Field(
        "recordingMode", number, doc="Mode of the recording, 0 or 1. Sources disagree on which is which."
    )
    """Mode of the recording, 0 or 1. Sources disagree on which is which."""
    files: Field[tuple[RecordedFile, ...]] = Field(
        "fileList", several(RecordedFile), aliases=("fileListStr",), otherwise=(), doc="The playlist, by its name."
    )
    """The playlist, by its name."""


class CloudRecordingFileInfosDetails(View):
    """Event 4."""

    __slots__ = ()
    _shown: ClassVar[tuple[str, ...]] = ("files",)
    event_type: ClassVar[EventType] = EventType.CLOUD_RECORDING_FILE_INFOS
    name: Field[str | None] = Field("msgName", text, doc='What the service calls the event, such as "uploaded".')
    """What the service calls the event, such as "uploaded"."""
    files: Field[tuple[RecordedFile, ...]] = Field(
        "fileList",
        several(RecordedFile),
        aliases=("fileListStr",),
        needed=True,
        otherwise=(),
        doc="The playlist or MP4 file, by its name.",
    )
    """The playlist or MP4 file, by its name."""


class SessionExitDetails(View):
    """Event 11."""

    __slots__ = ()
    _shown: ClassVar[tuple[str, ...]] = ("exit_status",)
    event_type: ClassVar[EventType] = EventType.SESSION_EXIT
    name: Field[str | None] = Field("msgName", text, doc='What the service calls the event, such as "uploaded".')
    """What the service calls the event, such as "uploaded"."""
    exit_status: Field[ExitStatus | int | None] = Field(
        "exitStatus",
        listed_number(ExitStatus),
        aliases=("leaveStatus",),
        doc="Whether it ended as it should, with its files uploaded.",
    )
    """Whether it ended as it should, with its files uploaded."""


class SessionFailoverDetails(View):
    """Event 12."""

    __slots__ = ()
    _shown: ClassVar[tuple[str, ...]] = ("new_uid",)
    event_type: ClassVar[EventType] = EventType.SESSION_FAILOVER
    name: Field[str | None] = Field("msgName", text, doc='What the service calls the event, such as "uploaded".')
    """What the service calls the event, such as "uploaded"."""
    new_uid: Field[str] = Field("newUid", text, needed=True, doc="The recorder's user ID from now on.")
    """The recorder's user ID from now on."""


class UploaderStartedDetails(View):
    """Event 30."""

    __slots__ = ()
    _shown: ClassVar[tuple[str, ...]] = ("status",)
    event_type: ClassVar[EventType] = EventType.UPLOADER_STARTED
    name: Field[str | None] = Field("msgName", text, doc='What the service calls the event, such as "uploaded".')
    """What the service calls the event, such as "uploaded"."""
    status: Field[int | None] = Field("status", number, doc="0 is normal, anything else is not.")
    """0 is normal, anything else is not."""


class UploadedDetails(View):
    """Event 31."""

    __slots__ = ()
    _shown: ClassVar[tuple[str, ...]] = ("status", "files")
    event_type: ClassVar[EventType] = EventType.UPLOADED
    name: Field[str | None] = Field("msgName", text, doc='What the service calls the event, such as "uploaded".')
    """What the service calls the event, such as "uploaded"."""
    status: Field[int | None] = Field("status", number, doc="0 is normal, anything else is not.")
    """0 is normal, anything else is not."""
    files: Field[tuple[RecordedFile, ...]] = Field(
        "fileList",
        several(RecordedFile),
        aliases=("fileListStr",),
        otherwise=(),
        doc="Files of the recording; not sent in `web` mode.",
    )
    """Files of the recording; not sent in `web` mode."""


class BackupedDetails(View):
    """Event 32."""

    __slots__ = ()
    _shown: ClassVar[tuple[str, ...]] = ("status", "files")
    event_type: ClassVar[EventType] = EventType.BACKUPED
    name: Field[str | None] = Field("msgName", text, doc='What the service calls the event, such as "uploaded".')
    """What the service calls the event, such as "uploaded"."""
    status: Field[int | None] = Field("status", number, doc="0 is normal, anything else is not.")
    """0 is normal, anything else is not."""
    files: Field[tuple[RecordedFile, ...]] = Field(
        "fileList",
        several(RecordedFile),
        aliases=("fileListStr",),
        otherwise=(),
        doc="Files of the recording; not sent in `web` mode.",
    )
    """Files of the recording; not sent in `web` mode."""


class UploadingProgressDetails(View):
    """Event 33."""

    __slots__ = ()
    _shown: ClassVar[tuple[str, ...]] = ("progress",)
    event_type: ClassVar[EventType] = EventType.UPLOADING_PROGRESS
    name: Field[str | None] = Field("msgName", text, doc='What the service calls the event, such as "uploaded".')
    """What the service calls the event, such as "uploaded"."""
    progress: Field[int] = Field(
        "progress",
        number,
        needed=True,
        doc="Files uploaded, of those recorded, in hundredths of a per cent, 0 to 10000.",
    )
    """Files uploaded, of those recorded, in hundredths of a per cent, 0 to 10000."""


class RecorderStartedDetails(View):
    """Event 40."""

    __slots__ = ()
    _shown: ClassVar[tuple[str, ...]] = ("status",)
    event_type: ClassVar[EventType] = EventType.RECORDER_STARTED
    name: Field[str | None] = Field("msgName", text, doc='What the service calls the event, such as "uploaded".')
    """What the service calls the event, such as "uploaded"."""
    status: Field[int | None] = Field("status", number, doc="0 is normal, anything else is not.")
    """0 is normal, anything else is not."""


class RecorderLeaveDetails(View):
    """Event 41."""

    __slots__ = ()
    _shown: ClassVar[tuple[str, ...]] = ("leave_code",)
    event_type: ClassVar[EventType] = EventType.RECORDER_LEAVE
    name: Field[str | None] = Field("msgName", text, doc='What the service calls the event, such as "uploaded".')
    """What the service calls the event, such as "uploaded"."""
    leave_code: Field[int | None] = Field(
        "leaveCode", number, doc="Sum of LeaveReason bits. 0 means that the recorder could not be set up."
    )
    """Sum of LeaveReason bits. 0 means that the recorder could not be set up."""


class RecorderSliceStartDetails(View):
    """Event 42."""

    __slots__ = ()
    _shown: ClassVar[tuple[str, ...]] = ("started_at", "discontinued_at", "stream_uid", "track_type")
    event_type: ClassVar[EventType] = EventType.RECORDER_SLICE_START
    name: Field[str | None] = Field("msgName", text, doc='What the service calls the event, such as "uploaded".')
    """What the service calls the event, such as "uploaded"."""
    started_at: Field[datetime | None] = Field(
        "startUtcMs",
        moment,
        needed=True,
        doc="When the first slice begins. In UTC; the number that was sent is in `raw`.",
    )
    """When the first slice begins. In UTC; the number that was sent is in `raw`."""
    discontinued_at: Field[datetime | None] = Field(
        "discontinueUtcMs",
        moment,
        doc="The same, or, where the recording had been interrupted, when the last slice before that ended. In UTC; the number that was sent is in `raw`.",
    )
    """The same, or, where the recording had been interrupted, when the last slice before that ended. In UTC; the
    number that was sent is in `raw`.
    """
    mixed_all_user: Field[bool | None] = Field("mixedAllUser", flag, doc="Whether everyone is in the one file.")
    """Whether everyone is in the one file."""
    stream_uid: Field[str | None] = Field("streamUid", text, doc='Whose stream it is. "0" where everyone is in it.')
    """Whose stream it is. "0" where everyone is in it."""
    track_type: Field[TrackType | str | None] = Field(
        "trackType", listed_text(TrackType), doc="Whether it is sound, picture or both."
    )
    """Whether it is sound, picture or both."""


class RecorderAudioStreamStateChangedDetails(View):
    """Event 43."""

    __slots__ = ()
    _shown: ClassVar[tuple[str, ...]] = ("stream_uid", "state", "changed_at")
    event_type: ClassVar[EventType] = EventType.RECORDER_AUDIO_STREAM_STATE_CHANGED
    name: Field[str | None] = Field("msgName", text, doc='What the service calls the event, such as "uploaded".')
    """What the service calls the event, such as "uploaded"."""
    stream_uid: Field[str] = Field("streamUid", text, needed=True, doc='Whose sound it is. "0" is the mixed sound.')
    """Whose sound it is. "0" is the mixed sound."""
    state: Field[StreamState | int] = Field(
        "state", listed_number(StreamState), needed=True, doc="Whether the stream comes in."
    )
    """Whether the stream comes in."""
    changed_at: Field[datetime | None] = Field(
        "UtcMs", moment, aliases=("utcMs",), doc="When that changed. In UTC; the number that was sent is in `raw`."
    )
    """When that changed. In UTC; the number that was sent is in `raw`."""


class RecorderVideoStreamStateChangedDetails(View):
    """Event 44."""

    __slots__ = ()
    _shown: ClassVar[tuple[str, ...]] = ("stream_uid", "state", "changed_at")
    event_type: ClassVar[EventType] = EventType.RECORDER_VIDEO_STREAM_STATE_CHANGED
    name: Field[str | None] = Field("msgName", text, doc='What the service calls the event, such as "uploaded".')
    """What the service calls the event, such as "uploaded"."""
    stream_uid: Field[str] = Field("streamUid", text, needed=True, doc='Whose picture it is. "0" is the mixed picture.')
    """Whose picture it is. "0" is the mixed picture."""
    state: Field[StreamState | int] = Field(
        "state", listed_number(StreamState), needed=True, doc="Whether the stream comes in."
    )
    """Whether the stream comes in."""
    changed_at: Field[datetime | None] = Field(
        "UtcMs", moment, aliases=("utcMs",), doc="When that changed. In UTC; the number that was sent is in `raw`."
    )
    """When that changed. In UTC; the number that was sent is in `raw`."""


class RecorderSnapshotFileDetails(View):
    """Event 45."""

    __slots__ = ()
    _shown: ClassVar[tuple[str, ...]] = ("file_name",)
    event_type: ClassVar[EventType] = EventType.RECORDER_SNAPSHOT_FILE
    name: Field[str | None] = Field("msgName", text, doc='What the service calls the event, such as "uploaded".')
    """What the service calls the event, such as "uploaded"."""
    file_name: Field[str] = Field(
        "fileName", text, aliases=("filename",), needed=True, doc="Name of the JPG file, with its path in the bucket."
    )
    """Name of the JPG file, with its path in the bucket."""


class VodStartedDetails(View):
    """Event 60."""

    __slots__ = ()
    _shown: ClassVar[tuple[str, ...]] = ("video_id",)
    event_type: ClassVar[EventType] = EventType.VOD_STARTED
    name: Field[str | None] = Field("msgName", text, doc='What the service calls the event, such as "uploaded".')
    """What the service calls the event, such as "uploaded"."""
    video_id: Field[str | None] = Field(
        "videoId", text, inside=("aliVodInfo",), needed=True, doc="Names the video there."
    )
    """Names the video there."""


class VodTriggeredDetails(View):
    """Event 61."""

    __slots__ = ()
    event_type: ClassVar[EventType] = EventType.VOD_TRIGGERED
    name: Field[str | None] = Field("msgName", text, doc='What the service calls the event, such as "uploaded".')
    """What the service calls the event, such as "uploaded"."""


class WebRecorderStartedDetails(View):
    """Event 70."""

    __slots__ = ()
    _shown: ClassVar[tuple[str, ...]] = ("started_at",)
    event_type: ClassVar[EventType] = EventType.WEB_RECORDER_STARTED
    name: Field[str | None] = Field("msgName", text, doc='What the service calls the event, such as "uploaded".')
    """What the service calls the event, such as "uploaded"."""
    started_at: Field[datetime | None] = Field(
        "recorderStartTime", moment, doc="When it started. In UTC; the number that was sent is in `raw`."
    )
    """When it started. In UTC; the number that was sent is in `raw`."""


class WebRecorderStoppedDetails(View):
    """Event 71."""

    __slots__ = ()
    _shown: ClassVar[tuple[str, ...]] = ("code", "message", "files")
    event_type: ClassVar[EventType] = EventType.WEB_RECORDER_STOPPED
    name: Field[str | None] = Field("msgName", text, doc='What the service calls the event, such as "uploaded".')
    """What the service calls the event, such as "uploaded"."""
    code: Field[WebStopCode | int | None] = Field(
        "code", listed_number(WebStopCode), doc="Why it stopped. Anything but 0 (OK) means that it was not told to."
    )
    """Why it stopped. Anything but 0 (OK) means that it was not told to."""
    message: Field[str | None] = Field("message", text, doc='Why it stopped, in a word, such as "max_recording_hour".')
    """Why it stopped, in a word, such as "max_recording_hour"."""
    explanation: Field[str | None] = Field("details", text, doc="Why it stopped, in more words.")
    """Why it stopped, in more words."""
    files: Field[tuple[RecordedFile, ...]] = Field(
        "fileList", several(RecordedFile), aliases=("fileListStr",), otherwise=(), doc="Files of the recording."
    )
    """Files of the recording."""


class WebRecorderCapabilityLimitDetails(View):
    """Event 72."""

    __slots__ = ()
    _shown: ClassVar[tuple[str, ...]] = ("limit_type",)
    event_type: ClassVar[EventType] = EventType.WEB_RECORDER_CAPABILITY_LIMIT
    name: Field[str | None] = Field("msgName", text, doc='What the service calls the event, such as "uploaded".')
    """What the service calls the event, such as "uploaded"."""
    limit_type: Field[CapabilityLimitType | str | None] = Field(
        "limitType", listed_text(CapabilityLimitType), doc="What of the page cannot be recorded."
    )
    """What of the page cannot be recorded."""


class WebRecorderReloadDetails(View):
    """Event 73."""

    __slots__ = ()
    _shown: ClassVar[tuple[str, ...]] = ("reason",)
    event_type: ClassVar[EventType] = EventType.WEB_RECORDER_RELOAD
    name: Field[str | None] = Field("msgName", text, doc='What the service calls the event, such as "uploaded".')
    """What the service calls the event, such as "uploaded"."""
    reason: Field[ReloadReason | str | None] = Field(
        "reason", listed_text(ReloadReason), doc="Why the page was loaded again."
    )
    """Why the page was loaded again."""


class TranscoderStartedDetails(View):
    """Event 80."""

    __slots__ = ()
    event_type: ClassVar[EventType] = EventType.TRANSCODER_STARTED
    name: Field[str | None] = Field("msgName", text, doc='What the service calls the event, such as "uploaded".')
    """What the service calls the event, such as "uploaded"."""


class TranscodedUser(View):
    """What deferred transcoding made for one user."""

    __slots__ = ()
    _shown: ClassVar[tuple[str, ...]] = ("uid", "result", "files")
    uid: Field[str | None] = Field("uid", text, doc="The user's ID.")
    """The user's ID."""
    result: Field[UserTranscodingResult | str | None] = Field(
        "result", listed_text(UserTranscodingResult), doc="Whether the files were made."
    )
    """Whether the files were made."""
    files: Field[tuple[RecordedFile, ...]] = Field(
        "fileList", several(RecordedFile), aliases=("fileListStr",), otherwise=(), doc="MP4 files."
    )
    """MP4 files."""


class TranscoderCompletedDetails(View):
    """Event 81."""

    __slots__ = ()
    _shown: ClassVar[tuple[str, ...]] = ("result", "users")
    event_type: ClassVar[EventType] = EventType.TRANSCODER_COMPLETED
    name: Field[str | None] = Field("msgName", text, doc='What the service calls the event, such as "uploaded".')
    """What the service calls the event, such as "uploaded"."""
    result: Field[TranscodingResult | str] = Field(
        "result", listed_text(TranscodingResult), needed=True, doc="Whether the files were made."
    )
    """Whether the files were made."""
    users: Field[tuple[TranscodedUser, ...]] = Field(
        "uids", several(TranscodedUser), otherwise=(), doc="Every user's share of it."
    )
    """Every user's share of it."""


class DownloadFailedDetails(View):
    """Event 90."""

    __slots__ = ()
    _shown: ClassVar[tuple[str, ...]] = ("vendor", "region", "bucket", "files")
    event_type: ClassVar[EventType] = EventType.DOWNLOAD_FAILED
    name: Field[str | None] = Field("msgName", text, doc='What the service calls the event, such as "uploaded".')
    """What the service calls the event, such as "uploaded"."""
    vendor: Field[StorageVendor | int | None] = Field(
        "vendor", listed_number(StorageVendor), doc="Vendor of the bucket, as in `start`."
    )
    """Vendor of the bucket, as in `start`."""
    region: Field[int | None] = Field("region", number, doc="Region of the bucket, as in `start`.")
    """Region of the bucket, as in `start`."""
    bucket: Field[str | None] = Field("bucket", text, doc="Name of the bucket, as in `start`.")
    """Name of the bucket, as in `start`."""
    files: Field[tuple[RecordedFile, ...]] = Field(
        "fileName",
        several(RecordedFile, ";"),
        aliases=("filename",),
        needed=True,
        otherwise=(),
        doc='Names of the playlists and slices that could not be fetched, with ";" between them.',
    )
    """Names of the playlists and slices that could not be fetched, with ";" between them."""


class RtmpPublishStatusDetails(View):
    """Event 100."""

    __slots__ = ()
    _shown: ClassVar[tuple[str, ...]] = ("status",)
    event_type: ClassVar[EventType] = EventType.RTMP_PUBLISH_STATUS
    name: Field[str | None] = Field("msgName", text, doc='What the service calls the event, such as "uploaded".')
    """What the service calls the event, such as "uploaded"."""
    rtmp_url: Field[str | None] = Field("rtmpUrl", text, doc="The address that the stream is pushed to.")
    """The address that the stream is pushed to."""
    status: Field[PublishStatus | str] = Field(
        "status", listed_text(PublishStatus, numbers=True), needed=True, doc="Whether the stream gets there."
    )
    """Whether the stream gets there."""


class PostponeTranscodeFinalResultDetails(View):
    """Event 1001."""

    __slots__ = ()
    _shown: ClassVar[tuple[str, ...]] = ("result", "files")
    event_type: ClassVar[EventType] = EventType.POSTPONE_TRANSCODE_FINAL_RESULT
    name: Field[str | None] = Field("msgName", text, doc='What the service calls the event, such as "uploaded".')
    """What the service calls the event, such as "uploaded"."""
    result: Field[PostponedTranscodingResult | str] = Field(
        "result", listed_text(PostponedTranscodingResult), needed=True, doc="Whether the files were made."
    )
    """Whether the files were made."""
    files: Field[tuple[RecordedFile, ...]] = Field(
        "fileList", several(RecordedFile), aliases=("fileListStr",), otherwise=(), doc="MP4 files."
    )
    """MP4 files."""
