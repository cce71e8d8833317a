"""What `serverResponse` holds: one class for each of its shapes, ready for `match`.

The service does not say which shape it sends. It follows from the mode, from ``fileListMode``, from the
``serviceName`` of each service, and from the fields that are there; :func:`query_answer` and :func:`stop_answer` are
the one place where that is decided. What fits nothing is :class:`Unknown`, with all that was sent in ``raw``.
"""

from collections.abc import Mapping
from datetime import datetime
from typing import Any, TypeAlias

from cloudrec_api.models.file_list_mode import FileListMode
from cloudrec_api.models.mode import Mode
from cloudrec_api.models.publish_status import PublishStatus
from cloudrec_api.models.recording_status import RecordingStatus
from cloudrec_api.models.responses import RecordedFile
from cloudrec_api.models.service_state import ServiceState
from cloudrec_api.models.uploading_status import UploadingStatus
from cloudrec_api.views import several

from ._views import View, flag, listed_number, listed_text, mapping, moment, objects, text

Files: TypeAlias = tuple[RecordedFile, ...]
_files = several(RecordedFile)


def _files_of(sent: Mapping[str, Any]) -> Files:
    return _files(sent.get("fileList")) or ()


class _WithStatus(View):
    __slots__ = ()

    @property
    def status(self) -> RecordingStatus | int | None:
        """State of the recording; 4 (READY) and 5 (IN_PROGRESS) mean that it runs."""
        return listed_number(RecordingStatus, self.raw.get("status"))


class _WithFiles(View):
    __slots__ = ()

    @property
    def file_list_mode(self) -> FileListMode | str | None:
        """Form in which the files were sent. :attr:`files` is the same for all of them."""
        return listed_text(FileListMode, self.raw.get("fileListMode"))

    @property
    def files(self) -> Files:
        """The files so far."""
        return _files_of(self.raw)


class _WithStart(View):
    __slots__ = ()

    @property
    def slice_start_time(self) -> datetime | None:
        """When the recording began, in UTC. The number as it was sent is ``raw["sliceStartTime"]``."""
        return moment(self.raw.get("sliceStartTime"))


class _WithUploadingStatus(View):
    __slots__ = ()

    @property
    def uploading_status(self) -> UploadingStatus | str | None:
        """Where the files are: in the bucket, still in the provider's backup, or not known."""
        return listed_text(UploadingStatus, self.raw.get("uploadingStatus"))


# ------------------------------------------------------------------------------------------- parts of web recordings


class WebRecorder(View):
    """State of the web recorder."""

    __slots__ = ()
    _shown = ("state", "onhold", "files")

    @property
    def _payload(self) -> Any:
        return mapping(self.raw.get("payload"))

    @property
    def state(self) -> ServiceState | str | None:
        """Whether it is starting, running or gone."""
        return listed_text(ServiceState, self._payload.get("state"))

    @property
    def onhold(self) -> bool | None:
        """Whether it is paused."""
        return flag(self._payload.get("onhold"))

    @property
    def files(self) -> Files:
        """The files so far."""
        return _files_of(self._payload)


class RtmpOutputState(View):
    """State of the push to one address."""

    __slots__ = ()
    _shown = ("status",)  # not the address: the stream key is in it

    @property
    def rtmp_url(self) -> str | None:
        """The address."""
        return text(self.raw.get("rtmpUrl"))

    @property
    def status(self) -> PublishStatus | str | None:
        """Whether the stream gets there."""
        return listed_text(PublishStatus, self.raw.get("status"))


class RtmpPublisher(View):
    """State of the push to a CDN."""

    __slots__ = ()
    _shown = ("state", "outputs")

    @property
    def state(self) -> ServiceState | str | None:
        """Whether it is starting, running or gone; None where the service does not say."""
        return listed_text(ServiceState, mapping(self.raw.get("payload")).get("state"))

    @property
    def outputs(self) -> tuple[RtmpOutputState, ...]:
        """State of each address."""
        return tuple([RtmpOutputState(item) for item in objects(mapping(self.raw.get("payload")).get("outputs")) or []])


class Uploader(View):
    """State of the upload."""

    __slots__ = ()
    _shown = ("uploading_status",)

    @property
    def uploading_status(self) -> UploadingStatus | str | None:
        """Where the files are: in the bucket, still in the provider's backup, or not known."""
        return listed_text(UploadingStatus, mapping(self.raw.get("payload")).get("uploadingStatus"))


class UnknownService(View):
    """A service that this version does not know."""

    __slots__ = ()
    _shown = ("name",)

    @property
    def name(self) -> str | None:
        """What it calls itself."""
        return text(self.raw.get("serviceName"))


Service: TypeAlias = WebRecorder | RtmpPublisher | Uploader | UnknownService
_SERVICES: dict[Any, type[WebRecorder] | type[RtmpPublisher] | type[Uploader]] = {
    "web_recorder_service": WebRecorder,
    "rtmp_publish_service": RtmpPublisher,
    "upload_service": Uploader,
}


class _WithServices(View):
    __slots__ = ()

    @property
    def services(self) -> tuple[Service, ...]:
        """Every service that reported, in the order in which they did."""
        sent = objects(self.raw.get("extensionServiceState")) or []
        return tuple([_SERVICES.get(text(item.get("serviceName")), UnknownService)(item) for item in sent])

    def _first(self, kind: type[Any]) -> Any:
        return next((service for service in self.services if isinstance(service, kind)), None)


class _WithRtmpPublisher(_WithServices):
    __slots__ = ()

    @property
    def rtmp_publisher(self) -> RtmpPublisher | None:
        """State of the push to a CDN, where there is one."""
        found: RtmpPublisher | None = self._first(RtmpPublisher)
        return found


class _WithUploader(_WithServices):
    __slots__ = ()

    @property
    def uploader(self) -> Uploader | None:
        """State of the upload, where it was reported."""
        found: Uploader | None = self._first(Uploader)
        return found

    @property
    def uploading_status(self) -> UploadingStatus | str | None:
        """Where the files are: in the bucket, still in the provider's backup, or not known."""
        return self.uploader.uploading_status if self.uploader else None


class _WithWebRecorder(_WithServices):
    __slots__ = ()

    @property
    def web_recorder(self) -> WebRecorder | None:
        """State of the web recorder."""
        found: WebRecorder | None = self._first(WebRecorder)
        return found

    @property
    def files(self) -> Files:
        """The web recorder's files so far."""
        return self.web_recorder.files if self.web_recorder else ()


# ------------------------------------------------------------------------------------------- query


class QueryIndividualRecording(_WithStatus, _WithFiles, _WithStart):
    """An `individual` recording: every user's files."""

    __slots__ = ()
    _shown = ("status", "files", "slice_start_time")


class QueryIndividualScreenshots(_WithStatus, _WithStart):
    """An `individual` recording that takes screenshots only."""

    __slots__ = ()
    _shown = ("status", "slice_start_time")


class QueryMixHls(_WithStatus, _WithFiles, _WithStart):
    """A `mix` recording that makes HLS: one playlist, or none before the first slice."""

    __slots__ = ()
    _shown = ("status", "files", "slice_start_time")


class QueryMixHlsAndMp4(_WithStatus, _WithFiles, _WithStart):
    """A `mix` recording that makes HLS and MP4."""

    __slots__ = ()
    _shown = ("status", "files", "slice_start_time")


class QueryWebRecording(_WithStatus, _WithWebRecorder, _WithRtmpPublisher):
    """A `web` recording, with its push to a CDN where there is one."""

    __slots__ = ()
    _shown = ("status", "services")


class QueryCdnPush(_WithStatus, _WithRtmpPublisher):
    """The push of a `web` recording to a CDN, reported without the web recorder."""

    __slots__ = ()
    _shown = ("status", "services")


# ------------------------------------------------------------------------------------------- stop


class StopIndividualRecording(_WithFiles, _WithUploadingStatus):
    """The end of an `individual` recording: every user's files."""

    __slots__ = ()
    _shown = ("files", "uploading_status")


class StopIndividualScreenshots(_WithUploadingStatus):
    """The end of an `individual` recording that took screenshots only."""

    __slots__ = ()
    _shown = ("uploading_status",)


class StopMixHls(_WithFiles, _WithUploadingStatus):
    """The end of a `mix` recording that made HLS."""

    __slots__ = ()
    _shown = ("files", "uploading_status")


class StopMixHlsAndMp4(_WithFiles, _WithUploadingStatus):
    """The end of a `mix` recording that made HLS and MP4."""

    __slots__ = ()
    _shown = ("files", "uploading_status")


class StopWebRecording(_WithWebRecorder, _WithUploader):
    """The end of a `web` recording."""

    __slots__ = ()
    _shown = ("services",)


class StopUpload(_WithUploader):
    """The upload at the end of a `web` recording, reported without the web recorder."""

    __slots__ = ()
    _shown = ("services",)


class NothingRecorded(View):
    """The end of a recording that recorded nothing: nobody sent a stream (206, code 435)."""

    __slots__ = ()


class AlreadyStopped(View):
    """The end of a recording that an earlier attempt of the same call had stopped; the answer that told of it was lost.

    ``raw`` is what the service said to the last attempt.
    """

    __slots__ = ()


# ------------------------------------------------------------------------------------------- both


class Unknown(View):
    """A shape that nobody foresaw. ``raw`` is what was sent, None where nothing was."""

    __slots__ = ()
    _shown = ("raw",)

    @property
    def status(self) -> RecordingStatus | int | None:
        """State of the recording, where it is where the other shapes have it."""
        return listed_number(RecordingStatus, mapping(self.raw).get("status"))


IndividualQuery: TypeAlias = QueryIndividualRecording | QueryIndividualScreenshots | Unknown
MixQuery: TypeAlias = QueryMixHls | QueryMixHlsAndMp4 | Unknown
WebQuery: TypeAlias = QueryWebRecording | QueryCdnPush | Unknown
IndividualStop: TypeAlias = (
    StopIndividualRecording | StopIndividualScreenshots | NothingRecorded | AlreadyStopped | Unknown
)
MixStop: TypeAlias = StopMixHls | StopMixHlsAndMp4 | NothingRecorded | AlreadyStopped | Unknown
WebStop: TypeAlias = StopWebRecording | StopUpload | NothingRecorded | AlreadyStopped | Unknown


def query_answer(mode: str, sent: Any) -> IndividualQuery | MixQuery | WebQuery:
    """The view of a query's ``serverResponse``."""
    if not isinstance(sent, dict):
        return Unknown(sent)
    match mode, _file_form(sent):
        case Mode.INDIVIDUAL, None if "status" in sent or "sliceStartTime" in sent:
            return QueryIndividualScreenshots(sent)
        case Mode.INDIVIDUAL, "string" | "json":
            return QueryIndividualRecording(sent)
        case Mode.MIX, "string":
            return QueryMixHls(sent)
        case Mode.MIX, "json":
            return QueryMixHlsAndMp4(sent)
        case Mode.WEB, _:
            names = _service_names(sent)
            if "web_recorder_service" in names:
                return QueryWebRecording(sent)
            if "rtmp_publish_service" in names:
                return QueryCdnPush(sent)
    return Unknown(sent)


def stop_answer(mode: str, sent: Any) -> IndividualStop | MixStop | WebStop:
    """The view of a stop's ``serverResponse``."""
    if not isinstance(sent, dict):
        return Unknown(sent)
    match mode, _file_form(sent):
        case Mode.INDIVIDUAL, None if "uploadingStatus" in sent:
            return StopIndividualScreenshots(sent)
        case Mode.INDIVIDUAL, "string" | "json":
            return StopIndividualRecording(sent)
        case Mode.MIX, "string":
            return StopMixHls(sent)
        case Mode.MIX, "json":
            return StopMixHlsAndMp4(sent)
        case Mode.WEB, _:
            names = _service_names(sent)
            if "web_recorder_service" in names:
                return StopWebRecording(sent)
            if "upload_service" in names:
                return StopUpload(sent)
    return Unknown(sent)


def _file_form(sent: dict[str, Any]) -> str | None:
    """``string`` or ``json``, None where no files are spoken of, and ``?`` where they are in a form unheard of."""
    if "fileListMode" not in sent and "fileList" not in sent:
        return None
    said, files = sent.get("fileListMode"), sent.get("fileList")
    found = () if files is None else _files(files)
    if said not in (None, "string", "json") or found is None or (said is None and files is None):
        return "?"
    # Where what is said and what is sent disagree, what is sent counts; an empty string is a list of no files, too.
    if isinstance(files, list):
        return "json"
    return "string" if files else said


def _service_names(sent: dict[str, Any]) -> set[str | None]:
    return {text(item.get("serviceName")) for item in objects(sent.get("extensionServiceState")) or []}


__all__ = [
    "AlreadyStopped", "Files", "IndividualQuery", "IndividualStop", "MixQuery", "MixStop", "NothingRecorded",
    "QueryCdnPush", "QueryIndividualRecording", "QueryIndividualScreenshots", "QueryMixHls", "QueryMixHlsAndMp4",
    "QueryWebRecording", "RecordedFile", "RtmpOutputState", "RtmpPublisher", "Service", "StopIndividualRecording",
    "StopIndividualScreenshots", "StopMixHls", "StopMixHlsAndMp4", "StopUpload", "StopWebRecording", "Unknown",
    "UnknownService", "Uploader", "WebQuery", "WebRecorder", "WebStop",
]  # fmt: skip
