"""What answers hold, as views; the document says of each what it is."""

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
from .file_list_mode import FileListMode
from .publish_status import PublishStatus
from .recording_status import RecordingStatus
from .service_state import ServiceState
from .track_type import TrackType
from .uploading_status import UploadingStatus


class AcquireResponse(View):
    """Answer to `acquire`."""

    __slots__ = ()
    _shown: ClassVar[tuple[str, ...]] = ("cname", "uid", "resource_id")
    cname: Field[str | None] = Field("cname", text, doc="Channel name, as the service repeats it.")
    """Channel name, as the service repeats it."""
    uid: Field[str | None] = Field("uid", text, doc="Recorder's user ID, as the service repeats it.")
    """Recorder's user ID, as the service repeats it."""
    resource_id: Field[str] = Field("resourceId", text, needed=True, doc="Good for one `start` within five minutes.")
    """Good for one `start` within five minutes."""


class Failure(View):
    """A failure. The service sends `code` and `reason`, the gateway before it `message` alone."""

    __slots__ = ()
    _shown: ClassVar[tuple[str, ...]] = ("code", "reason", "message")
    code: Field[int | None] = Field(
        "code", number, doc="Number of the failure. Its meaning can depend on the endpoint."
    )
    """Number of the failure. Its meaning can depend on the endpoint."""
    reason: Field[str | None] = Field("reason", text, doc="What is wrong.")
    """What is wrong."""
    message: Field[str | None] = Field("message", text, doc="What is wrong, in the gateway's words.")
    """What is wrong, in the gateway's words."""


class StartResponse(View):
    """Answer to `start`."""

    __slots__ = ()
    _shown: ClassVar[tuple[str, ...]] = ("cname", "uid", "resource_id", "sid")
    cname: Field[str | None] = Field("cname", text, doc="Channel name, as the service repeats it.")
    """Channel name, as the service repeats it."""
    uid: Field[str | None] = Field("uid", text, doc="Recorder's user ID, as the service repeats it.")
    """Recorder's user ID, as the service repeats it."""
    resource_id: Field[str | None] = Field("resourceId", text, doc="Resource ID, as the service repeats it.")
    """Resource ID, as the service repeats it."""
    sid: Field[str] = Field("sid", text, needed=True, doc="Names the recording in every later call.")
    """Names the recording in every later call."""


class RecordedFile(View):
    """One file of a recording: a playlist or an MP4, and what it holds."""

    __slots__ = ()
    _shown: ClassVar[tuple[str, ...]] = ("name", "track_type", "uid", "slice_start_time")
    _bare: ClassVar[str | None] = "fileName"
    name: Field[str] = Field(
        "fileName",
        text,
        aliases=("filename",),
        otherwise="",
        doc="Name of the playlist or MP4 file, with its folders in the bucket; empty where none was sent.",
    )
    """Name of the playlist or MP4 file, with its folders in the bucket; empty where none was sent."""
    track_type: Field[TrackType | str | None] = Field(
        "trackType",
        listed_text(TrackType),
        doc="Whether the file holds sound, picture or both. Not sent in `web` mode.",
    )
    """Whether the file holds sound, picture or both. Not sent in `web` mode."""
    uid: Field[str | None] = Field(
        "uid", text, doc='Whose stream it is. "0" where everyone is in it. Not sent in `web` mode.'
    )
    """Whose stream it is. "0" where everyone is in it. Not sent in `web` mode."""
    mixed_all_user: Field[bool | None] = Field("mixedAllUser", flag, doc="Whether everyone is in this one file.")
    """Whether everyone is in this one file."""
    is_playable: Field[bool | None] = Field("isPlayable", flag, doc="Whether the file can be played now.")
    """Whether the file can be played now."""
    slice_start_time: Field[datetime | None] = Field(
        "sliceStartTime", moment, doc="When the file begins. In UTC; the number that was sent is in `raw`."
    )
    """When the file begins. In UTC; the number that was sent is in `raw`."""


class QueryIndividualRecordingServerResponse(View):
    """State of an `individual` recording."""

    __slots__ = ()
    _shown: ClassVar[tuple[str, ...]] = ("status", "files", "slice_start_time")
    status: Field[RecordingStatus | int | None] = Field(
        "status",
        listed_number(RecordingStatus),
        doc="State of the recording; 4 (READY) and 5 (IN_PROGRESS) mean that it runs.",
    )
    """State of the recording; 4 (READY) and 5 (IN_PROGRESS) mean that it runs."""
    file_list_mode: Field[FileListMode | str | None] = Field(
        "fileListMode", listed_text(FileListMode), doc="Form of `fileList`; `json` here."
    )
    """Form of `fileList`; `json` here."""
    files: Field[tuple[RecordedFile, ...]] = Field(
        "fileList", several(RecordedFile), aliases=("fileListStr",), otherwise=(), doc="Files so far."
    )
    """Files so far."""
    slice_start_time: Field[datetime | None] = Field(
        "sliceStartTime", moment, doc="When the recording began. In UTC; the number that was sent is in `raw`."
    )
    """When the recording began. In UTC; the number that was sent is in `raw`."""


class QueryRawRecordingServerResponse(View):
    """State of a `raw` recording."""

    __slots__ = ()
    _shown: ClassVar[tuple[str, ...]] = ("status", "files", "slice_start_time")
    status: Field[RecordingStatus | int | None] = Field(
        "status",
        listed_number(RecordingStatus),
        doc="State of the recording; 4 (READY) and 5 (IN_PROGRESS) mean that it runs.",
    )
    """State of the recording; 4 (READY) and 5 (IN_PROGRESS) mean that it runs."""
    file_list_mode: Field[FileListMode | str | None] = Field(
        "fileListMode", listed_text(FileListMode), doc="Form of `fileList`; `json` here."
    )
    """Form of `fileList`; `json` here."""
    files: Field[tuple[RecordedFile, ...]] = Field(
        "fileList", several(RecordedFile), aliases=("fileListStr",), otherwise=(), doc="Files so far."
    )
    """Files so far."""
    slice_start_time: Field[datetime | None] = Field(
        "sliceStartTime", moment, doc="When the recording began. In UTC; the number that was sent is in `raw`."
    )
    """When the recording began. In UTC; the number that was sent is in `raw`."""


class QueryIndividualScreenshotsServerResponse(View):
    """State of an `individual` recording that takes screenshots only."""

    __slots__ = ()
    _shown: ClassVar[tuple[str, ...]] = ("status", "slice_start_time")
    status: Field[RecordingStatus | int | None] = Field(
        "status",
        listed_number(RecordingStatus),
        doc="State of the recording; 4 (READY) and 5 (IN_PROGRESS) mean that it runs.",
    )
    """State of the recording; 4 (READY) and 5 (IN_PROGRESS) mean that it runs."""
    slice_start_time: Field[datetime | None] = Field(
        "sliceStartTime", moment, doc="When the recording began. In UTC; the number that was sent is in `raw`."
    )
    """When the recording began. In UTC; the number that was sent is in `raw`."""


class QueryRawScreenshotsServerResponse(View):
    """State of a `raw` recording that takes screenshots only."""

    __slots__ = ()
    _shown: ClassVar[tuple[str, ...]] = ("status", "slice_start_time")
    status: Field[RecordingStatus | int | None] = Field(
        "status",
        listed_number(RecordingStatus),
        doc="State of the recording; 4 (READY) and 5 (IN_PROGRESS) mean that it runs.",
    )
    """State of the recording; 4 (READY) and 5 (IN_PROGRESS) mean that it runs."""
    slice_start_time: Field[datetime | None] = Field(
        "sliceStartTime", moment, doc="When the recording began. In UTC; the number that was sent is in `raw`."
    )
    """When the recording began. In UTC; the number that was sent is in `raw`."""


class QueryMixHlsServerResponse(View):
    """State of a `mix` recording that makes HLS."""

    __slots__ = ()
    _shown: ClassVar[tuple[str, ...]] = ("status", "files", "slice_start_time")
    status: Field[RecordingStatus | int | None] = Field(
        "status",
        listed_number(RecordingStatus),
        doc="State of the recording; 4 (READY) and 5 (IN_PROGRESS) mean that it runs.",
    )
    """State of the recording; 4 (READY) and 5 (IN_PROGRESS) mean that it runs."""
    file_list_mode: Field[FileListMode | str | None] = Field(
        "fileListMode", listed_text(FileListMode), doc="Form of `fileList`; `string` here."
    )
    """Form of `fileList`; `string` here."""
    files: Field[tuple[RecordedFile, ...]] = Field(
        "fileList",
        several(RecordedFile),
        aliases=("fileListStr",),
        otherwise=(),
        doc="Files so far: the name of the playlist, empty before the first slice.",
    )
    """Files so far: the name of the playlist, empty before the first slice."""
    slice_start_time: Field[datetime | None] = Field(
        "sliceStartTime", moment, doc="When the recording began. In UTC; the number that was sent is in `raw`."
    )
    """When the recording began. In UTC; the number that was sent is in `raw`."""


class QueryMixHlsAndMp4ServerResponse(View):
    """State of a `mix` recording that makes HLS and MP4."""

    __slots__ = ()
    _shown: ClassVar[tuple[str, ...]] = ("status", "files", "slice_start_time")
    status: Field[RecordingStatus | int | None] = Field(
        "status",
        listed_number(RecordingStatus),
        doc="State of the recording; 4 (READY) and 5 (IN_PROGRESS) mean that it runs.",
    )
    """State of the recording; 4 (READY) and 5 (IN_PROGRESS) mean that it runs."""
    file_list_mode: Field[FileListMode | str | None] = Field(
        "fileListMode", listed_text(FileListMode), doc="Form of `fileList`; `json` here."
    )
    """Form of `fileList`; `json` here."""
    files: Field[tuple[RecordedFile, ...]] = Field(
        "fileList", several(RecordedFile), aliases=("fileListStr",), otherwise=(), doc="Files so far."
    )
    """Files so far."""
    slice_start_time: Field[datetime | None] = Field(
        "sliceStartTime", moment, doc="When the recording began. In UTC; the number that was sent is in `raw`."
    )
    """When the recording began. In UTC; the number that was sent is in `raw`."""


class WebRecorderServiceState(View):
    """State of the web recorder."""

    __slots__ = ()
    _shown: ClassVar[tuple[str, ...]] = ("state", "onhold", "files")
    state: Field[ServiceState | str | None] = Field(
        "state", listed_text(ServiceState), inside=("payload",), doc="Whether it is starting, running or gone."
    )
    """Whether it is starting, running or gone."""
    onhold: Field[bool | None] = Field("onhold", flag, inside=("payload",), doc="Whether it is paused.")
    """Whether it is paused."""
    files: Field[tuple[RecordedFile, ...]] = Field(
        "fileList",
        several(RecordedFile),
        aliases=("fileListStr",),
        inside=("payload",),
        otherwise=(),
        doc="Files so far.",
    )
    """Files so far."""


class RtmpOutputState(View):
    """State of the push of a recorded web page to one address."""

    __slots__ = ()
    _shown: ClassVar[tuple[str, ...]] = ("status",)
    rtmp_url: Field[str | None] = Field("rtmpUrl", text, doc="The address.")
    """The address."""
    status: Field[PublishStatus | str | None] = Field(
        "status", listed_text(PublishStatus), doc="Whether the stream gets there."
    )
    """Whether the stream gets there."""


class RtmpPublishServiceState(View):
    """State of the CDN push."""

    __slots__ = ()
    _shown: ClassVar[tuple[str, ...]] = ("state", "outputs")
    state: Field[ServiceState | str | None] = Field(
        "state",
        listed_text(ServiceState),
        inside=("payload",),
        doc="Whether it is starting, running or gone; not always sent.",
    )
    """Whether it is starting, running or gone; not always sent."""
    outputs: Field[tuple[RtmpOutputState, ...]] = Field(
        "outputs", several(RtmpOutputState), inside=("payload",), otherwise=(), doc="State of each address."
    )
    """State of each address."""


class QueryWebRecordingServerResponse(View):
    """State of a `web` recording."""

    __slots__ = ()
    _shown: ClassVar[tuple[str, ...]] = ("status",)
    status: Field[RecordingStatus | int | None] = Field(
        "status",
        listed_number(RecordingStatus),
        doc="State of the recording; 4 (READY) and 5 (IN_PROGRESS) mean that it runs.",
    )
    """State of the recording; 4 (READY) and 5 (IN_PROGRESS) mean that it runs."""


class QueryCdnPushServerResponse(View):
    """State of a `web` recording's push to a CDN, where it is reported alone."""

    __slots__ = ()
    _shown: ClassVar[tuple[str, ...]] = ("status",)
    status: Field[RecordingStatus | int | None] = Field(
        "status",
        listed_number(RecordingStatus),
        doc="State of the recording; 4 (READY) and 5 (IN_PROGRESS) mean that it runs.",
    )
    """State of the recording; 4 (READY) and 5 (IN_PROGRESS) mean that it runs."""


class QueryResponse(View):
    """Answer to `query`."""

    __slots__ = ()
    _shown: ClassVar[tuple[str, ...]] = ("cname", "uid", "resource_id", "sid")
    cname: Field[str | None] = Field("cname", text, doc="Channel name, as the service repeats it.")
    """Channel name, as the service repeats it."""
    uid: Field[str | None] = Field("uid", text, doc="Recorder's user ID, as the service repeats it.")
    """Recorder's user ID, as the service repeats it."""
    resource_id: Field[str | None] = Field("resourceId", text, doc="Resource ID, as the service repeats it.")
    """Resource ID, as the service repeats it."""
    sid: Field[str | None] = Field("sid", text, doc="Recording ID, as the service repeats it.")
    """Recording ID, as the service repeats it."""


class UpdateResponse(View):
    """Answer to `update`."""

    __slots__ = ()
    _shown: ClassVar[tuple[str, ...]] = ("cname", "uid", "resource_id", "sid")
    cname: Field[str | None] = Field("cname", text, doc="Channel name, as the service repeats it.")
    """Channel name, as the service repeats it."""
    uid: Field[str | None] = Field("uid", text, doc="Recorder's user ID, as the service repeats it.")
    """Recorder's user ID, as the service repeats it."""
    resource_id: Field[str | None] = Field("resourceId", text, doc="Resource ID, as the service repeats it.")
    """Resource ID, as the service repeats it."""
    sid: Field[str | None] = Field("sid", text, doc="Recording ID, as the service repeats it.")
    """Recording ID, as the service repeats it."""


class UpdateLayoutResponse(View):
    """Answer to `updateLayout`."""

    __slots__ = ()
    _shown: ClassVar[tuple[str, ...]] = ("cname", "uid", "resource_id", "sid")
    cname: Field[str | None] = Field("cname", text, doc="Channel name, as the service repeats it.")
    """Channel name, as the service repeats it."""
    uid: Field[str | None] = Field("uid", text, doc="Recorder's user ID, as the service repeats it.")
    """Recorder's user ID, as the service repeats it."""
    resource_id: Field[str | None] = Field("resourceId", text, doc="Resource ID, as the service repeats it.")
    """Resource ID, as the service repeats it."""
    sid: Field[str | None] = Field("sid", text, doc="Recording ID, as the service repeats it.")
    """Recording ID, as the service repeats it."""


class StopIndividualRecordingServerResponse(View):
    """End of an `individual` recording."""

    __slots__ = ()
    _shown: ClassVar[tuple[str, ...]] = ("files", "uploading_status")
    file_list_mode: Field[FileListMode | str | None] = Field(
        "fileListMode", listed_text(FileListMode), doc="Form of `fileList`; `json` here."
    )
    """Form of `fileList`; `json` here."""
    files: Field[tuple[RecordedFile, ...]] = Field(
        "fileList", several(RecordedFile), aliases=("fileListStr",), otherwise=(), doc="Files of the recording."
    )
    """Files of the recording."""
    uploading_status: Field[UploadingStatus | str | None] = Field(
        "uploadingStatus",
        listed_text(UploadingStatus),
        doc="Where the files are: in the bucket, still in the provider's backup, or not known.",
    )
    """Where the files are: in the bucket, still in the provider's backup, or not known."""


class StopRawRecordingServerResponse(View):
    """End of a `raw` recording."""

    __slots__ = ()
    _shown: ClassVar[tuple[str, ...]] = ("files", "uploading_status")
    file_list_mode: Field[FileListMode | str | None] = Field(
        "fileListMode", listed_text(FileListMode), doc="Form of `fileList`; `json` here."
    )
    """Form of `fileList`; `json` here."""
    files: Field[tuple[RecordedFile, ...]] = Field(
        "fileList", several(RecordedFile), aliases=("fileListStr",), otherwise=(), doc="Files of the recording."
    )
    """Files of the recording."""
    uploading_status: Field[UploadingStatus | str | None] = Field(
        "uploadingStatus",
        listed_text(UploadingStatus),
        doc="Where the files are: in the bucket, still in the provider's backup, or not known.",
    )
    """Where the files are: in the bucket, still in the provider's backup, or not known."""


class StopIndividualScreenshotsServerResponse(View):
    """End of an `individual` recording that took screenshots only."""

    __slots__ = ()
    _shown: ClassVar[tuple[str, ...]] = ("uploading_status",)
    uploading_status: Field[UploadingStatus | str | None] = Field(
        "uploadingStatus",
        listed_text(UploadingStatus),
        doc="Where the files are: in the bucket, still in the provider's backup, or not known.",
    )
    """Where the files are: in the bucket, still in the provider's backup, or not known."""


class StopRawScreenshotsServerResponse(View):
    """End of a `raw` recording that took screenshots only."""

    __slots__ = ()
    _shown: ClassVar[tuple[str, ...]] = ("uploading_status",)
    uploading_status: Field[UploadingStatus | str | None] = Field(
        "uploadingStatus",
        listed_text(UploadingStatus),
        doc="Where the files are: in the bucket, still in the provider's backup, or not known.",
    )
    """Where the files are: in the bucket, still in the provider's backup, or not known."""


class StopMixHlsServerResponse(View):
    """End of a `mix` recording that made HLS."""

    __slots__ = ()
    _shown: ClassVar[tuple[str, ...]] = ("files", "uploading_status")
    file_list_mode: Field[FileListMode | str | None] = Field(
        "fileListMode", listed_text(FileListMode), doc="Form of `fileList`; `string` here."
    )
    """Form of `fileList`; `string` here."""
    files: Field[tuple[RecordedFile, ...]] = Field(
        "fileList",
        several(RecordedFile),
        aliases=("fileListStr",),
        otherwise=(),
        doc="Files of the recording: the name of the playlist.",
    )
    """Files of the recording: the name of the playlist."""
    uploading_status: Field[UploadingStatus | str | None] = Field(
        "uploadingStatus",
        listed_text(UploadingStatus),
        doc="Where the files are: in the bucket, still in the provider's backup, or not known.",
    )
    """Where the files are: in the bucket, still in the provider's backup, or not known."""


class StopMixHlsAndMp4ServerResponse(View):
    """End of a `mix` recording that made HLS and MP4."""

    __slots__ = ()
    _shown: ClassVar[tuple[str, ...]] = ("files", "uploading_status")
    file_list_mode: Field[FileListMode | str | None] = Field(
        "fileListMode", listed_text(FileListMode), doc="Form of `fileList`; `json` here."
    )
    """Form of `fileList`; `json` here."""
    files: Field[tuple[RecordedFile, ...]] = Field(
        "fileList", several(RecordedFile), aliases=("fileListStr",), otherwise=(), doc="Files of the recording."
    )
    """Files of the recording."""
    uploading_status: Field[UploadingStatus | str | None] = Field(
        "uploadingStatus",
        listed_text(UploadingStatus),
        doc="Where the files are: in the bucket, still in the provider's backup, or not known.",
    )
    """Where the files are: in the bucket, still in the provider's backup, or not known."""


class UploadServiceState(View):
    """State of the upload of a `web` recording."""

    __slots__ = ()
    _shown: ClassVar[tuple[str, ...]] = ("uploading_status",)
    uploading_status: Field[UploadingStatus | str | None] = Field(
        "uploadingStatus",
        listed_text(UploadingStatus),
        inside=("payload",),
        doc="Where the files are: in the bucket, still in the provider's backup, or not known.",
    )
    """Where the files are: in the bucket, still in the provider's backup, or not known."""


class StopWebRecordingServerResponse(View):
    """End of a `web` recording."""

    __slots__ = ()


class StopUploadServiceServerResponse(View):
    """End of a `web` recording's upload, where it is reported alone."""

    __slots__ = ()


class StopResponse(View):
    """Answer to `stop`."""

    __slots__ = ()
    _shown: ClassVar[tuple[str, ...]] = ("cname", "uid", "resource_id", "sid")
    cname: Field[str | None] = Field("cname", text, doc="Channel name, as the service repeats it.")
    """Channel name, as the service repeats it."""
    uid: Field[str | None] = Field("uid", text, doc="Recorder's user ID, as the service repeats it.")
    """Recorder's user ID, as the service repeats it."""
    resource_id: Field[str | None] = Field("resourceId", text, doc="Resource ID, as the service repeats it.")
    """Resource ID, as the service repeats it."""
    sid: Field[str | None] = Field("sid", text, doc="Recording ID, as the service repeats it.")
    """Recording ID, as the service repeats it."""


class NcsHost(View):
    """One address."""

    __slots__ = ()
    _shown: ClassVar[tuple[str, ...]] = ("primary_ip",)
    primary_ip: Field[str | None] = Field("primaryIP", text, doc="The address.")
    """The address."""


class NcsIpsResponse(View):
    """Addresses that webhooks come from."""

    __slots__ = ()
    _shown: ClassVar[tuple[str, ...]] = ("hosts",)
    hosts: Field[tuple[NcsHost, ...]] = Field(
        "hosts", several(NcsHost), inside=("data", "service"), otherwise=(), doc="One entry an address."
    )
    """One entry an address."""
