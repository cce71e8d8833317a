"""Answers: what `serverResponse` holds, one class for each of its shapes, ready for `match`.

What a class reads is the generated view of the shape (`cloudrec_api.models.responses`), made from the contract. The
service does not say which shape it sends. It follows from the mode, from ``fileListMode``, from the ``serviceName`` of
each service, and from the fields that are there; :func:`query_answer` and :func:`stop_answer` are the one place where
that is decided. What fits nothing is :class:`Unknown`, with all that was sent in ``raw``.
"""

from typing import Any, ClassVar, TypeAlias

from cloudrec_api.models.mode import Mode
from cloudrec_api.models.recording_status import RecordingStatus
from cloudrec_api.models.responses import (
    QueryCdnPushServerResponse,
    QueryIndividualRecordingServerResponse,
    QueryIndividualScreenshotsServerResponse,
    QueryMixHlsAndMp4ServerResponse,
    QueryMixHlsServerResponse,
    QueryRawRecordingServerResponse,
    QueryRawScreenshotsServerResponse,
    QueryWebRecordingServerResponse,
    RecordedFile,
    RtmpOutputState,
    RtmpPublishServiceState,
    StopIndividualRecordingServerResponse,
    StopIndividualScreenshotsServerResponse,
    StopMixHlsAndMp4ServerResponse,
    StopMixHlsServerResponse,
    StopRawRecordingServerResponse,
    StopRawScreenshotsServerResponse,
    StopUploadServiceServerResponse,
    StopWebRecordingServerResponse,
    UploadServiceState,
    WebRecorderServiceState,
)
from cloudrec_api.models.uploading_status import UploadingStatus
from cloudrec_api.views import Field, View, listed_number, listed_text, mapping, several, text

Files: TypeAlias = tuple[RecordedFile, ...]
_files = several(RecordedFile)


class _Unnamed(View):
    __slots__ = ()

    def to_dict(self) -> dict[str, Any]:
        """All that was sent, as there are no names for it here."""
        return dict(self.raw) if isinstance(self.raw, dict) else {"raw": self.raw}


# ------------------------------------------------------------------------------------------- parts of web recordings


class WebRecorder(WebRecorderServiceState):
    """State of the web recorder."""

    __slots__ = ()


class RtmpPublisher(RtmpPublishServiceState):
    """State of the push to a CDN."""

    __slots__ = ()


class Uploader(UploadServiceState):
    """State of the upload."""

    __slots__ = ()


class UnknownService(_Unnamed):
    """A service that this version does not know. What it shares with the others is read; ``raw`` is all of it."""

    __slots__ = ()
    _shown: ClassVar[tuple[str, ...]] = ("name",)
    files: Field[Files] = Field(
        "fileList", _files, inside=("payload",), otherwise=(), doc="Its files, where it has any."
    )
    """Its files, where it has any."""
    uploading_status: Field[UploadingStatus | str | None] = Field(
        "uploadingStatus", listed_text(UploadingStatus), inside=("payload",), doc="Where the files are, if it says so."
    )
    """Where the files are, if it says so."""
    name: Field[str | None] = Field("serviceName", text, doc="What it calls itself.")
    """What it calls itself."""


Service: TypeAlias = WebRecorder | RtmpPublisher | Uploader | UnknownService
_SERVICES: dict[Any, type[WebRecorder] | type[RtmpPublisher] | type[Uploader]] = {
    "web_recorder_service": WebRecorder,
    "rtmp_publish_service": RtmpPublisher,
    "upload_service": Uploader,
}


def services_of(sent: Any) -> tuple[Service, ...]:
    """The services of a ``serverResponse``, whatever else is in it; what is no object is none."""
    found = mapping(sent).get("extensionServiceState")
    return tuple(
        [
            _SERVICES.get(text(item.get("serviceName")), UnknownService)(item)
            for item in (found if isinstance(found, list) else [])
            if isinstance(item, dict)
        ]
    )


def uploading_status_of(sent: Any) -> UploadingStatus | str | None:
    """Where the files are, as the services of a ``serverResponse`` say.

    The uploader knows it of the bucket, and one that nobody knows may speak of files of its own: it is believed last.
    """
    found = sorted(services_of(sent), key=lambda one: (not isinstance(one, Uploader), isinstance(one, UnknownService)))
    told = (getattr(service, "uploading_status", None) for service in found)
    return next((status for status in told if status), None)


class _WithServices(View):
    __slots__ = ()

    @property
    def services(self) -> tuple[Service, ...]:
        """Every service that reported, in the order in which they did."""
        return services_of(self.raw)

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


class _WithAllServices(_WithServices):
    """An answer that is nothing but services, or that has some beside a shape that nobody foresaw."""

    __slots__ = ()
    _shown: ClassVar[tuple[str, ...]] = ("services",)
    _own_files: Field[Files] = Field("fileList", _files, aliases=("fileListStr",), otherwise=())

    @property
    def files(self) -> Files:
        """The files that are named anywhere in it."""
        return self._own_files or tuple([file for service in self.services for file in getattr(service, "files", ())])


# ------------------------------------------------------------------------------------------- query


class QueryServices(_WithAllServices):
    """Services that report without what their mode has otherwise: those of any mode, known ones and others."""

    __slots__ = ()
    _shown: ClassVar[tuple[str, ...]] = ("status", "services")
    status: Field[RecordingStatus | int | None] = Field(
        "status", listed_number(RecordingStatus), doc="State of the recording."
    )
    """State of the recording."""


class QueryIndividualRecording(QueryIndividualRecordingServerResponse, _WithServices):
    """An `individual` recording: every user's files."""

    __slots__ = ()


class QueryIndividualScreenshots(QueryIndividualScreenshotsServerResponse, _WithServices):
    """An `individual` recording that takes screenshots only."""

    __slots__ = ()


class QueryRawRecording(QueryRawRecordingServerResponse, _WithServices):
    """A `raw` recording: a file of each user, with sound and picture."""

    __slots__ = ()


class QueryRawScreenshots(QueryRawScreenshotsServerResponse, _WithServices):
    """A `raw` recording that takes screenshots only."""

    __slots__ = ()


class QueryMixHls(QueryMixHlsServerResponse, _WithServices):
    """A `mix` recording that makes HLS: one playlist, or none before the first slice."""

    __slots__ = ()


class QueryMixHlsAndMp4(QueryMixHlsAndMp4ServerResponse, _WithServices):
    """A `mix` recording that makes HLS and MP4."""

    __slots__ = ()


class QueryWebRecording(QueryWebRecordingServerResponse, _WithWebRecorder, _WithRtmpPublisher):
    """A `web` recording, with its push to a CDN where there is one."""

    __slots__ = ()
    _shown: ClassVar[tuple[str, ...]] = ("status", "services")


class QueryCdnPush(QueryCdnPushServerResponse, _WithRtmpPublisher):
    """The push of a `web` recording to a CDN, reported without the web recorder."""

    __slots__ = ()
    _shown: ClassVar[tuple[str, ...]] = ("status", "services")


# ------------------------------------------------------------------------------------------- stop


class StopServices(_WithAllServices):
    """Services that report at the end, without what their mode has otherwise: known ones and others."""

    __slots__ = ()
    _own_uploading_status: Field[UploadingStatus | str | None] = Field("uploadingStatus", listed_text(UploadingStatus))

    @property
    def uploading_status(self) -> UploadingStatus | str | None:
        """Where the files are: as it says itself, or the uploader, or any other of them."""
        return self._own_uploading_status or uploading_status_of(self.raw)


class StopIndividualRecording(StopIndividualRecordingServerResponse, _WithServices):
    """The end of an `individual` recording: every user's files."""

    __slots__ = ()


class StopIndividualScreenshots(StopIndividualScreenshotsServerResponse, _WithServices):
    """The end of an `individual` recording that took screenshots only."""

    __slots__ = ()


class StopRawRecording(StopRawRecordingServerResponse, _WithServices):
    """The end of a `raw` recording: a file of each user, with sound and picture."""

    __slots__ = ()


class StopRawScreenshots(StopRawScreenshotsServerResponse, _WithServices):
    """The end of a `raw` recording that took screenshots only."""

    __slots__ = ()


class StopMixHls(StopMixHlsServerResponse, _WithServices):
    """The end of a `mix` recording that made HLS."""

    __slots__ = ()


class StopMixHlsAndMp4(StopMixHlsAndMp4ServerResponse, _WithServices):
    """The end of a `mix` recording that made HLS and MP4."""

    __slots__ = ()


class StopWebRecording(StopWebRecordingServerResponse, _WithWebRecorder, _WithUploader):
    """The end of a `web` recording."""

    __slots__ = ()
    _shown: ClassVar[tuple[str, ...]] = ("services",)


class StopUpload(StopUploadServiceServerResponse, _WithUploader):
    """The upload at the end of a `web` recording, reported without the web recorder."""

    __slots__ = ()
    _shown: ClassVar[tuple[str, ...]] = ("services",)


class NothingRecorded(View):
    """The end of a recording that recorded nothing: nobody sent a stream (206, code 435)."""

    __slots__ = ()


class AlreadyStopped(View):
    """The end of a recording that an earlier attempt of the same call had stopped; the answer that told of it was lost.

    ``raw`` is what the service said to the last attempt.
    """

    __slots__ = ()


# ------------------------------------------------------------------------------------------- both


class Unknown(_Unnamed):
    """A shape that nobody foresaw. ``raw`` is what was sent, None where nothing was.

    What is where the other shapes have it is read all the same.
    """

    __slots__ = ()
    _shown: ClassVar[tuple[str, ...]] = ("raw",)

    files: Field[Files] = Field(
        "fileList", _files, aliases=("fileListStr",), otherwise=(), doc="Its files, where they are named as elsewhere."
    )
    """Its files, where they are named as elsewhere."""
    uploading_status: Field[UploadingStatus | str | None] = Field(
        "uploadingStatus", listed_text(UploadingStatus), doc="Where the files are, if it says so as elsewhere."
    )
    """Where the files are, if it says so as elsewhere."""
    status: Field[RecordingStatus | int | None] = Field(
        "status",
        listed_number(RecordingStatus),
        doc="State of the recording, where it is where the other shapes have it.",
    )
    """State of the recording, where it is where the other shapes have it."""


IndividualQuery: TypeAlias = QueryIndividualRecording | QueryIndividualScreenshots | QueryServices | Unknown
RawQuery: TypeAlias = QueryRawRecording | QueryRawScreenshots | QueryServices | Unknown
MixQuery: TypeAlias = QueryMixHls | QueryMixHlsAndMp4 | QueryServices | Unknown
WebQuery: TypeAlias = QueryWebRecording | QueryCdnPush | QueryServices | Unknown
IndividualStop: TypeAlias = (
    StopIndividualRecording | StopIndividualScreenshots | StopServices | NothingRecorded | AlreadyStopped | Unknown
)
RawStop: TypeAlias = StopRawRecording | StopRawScreenshots | StopServices | NothingRecorded | AlreadyStopped | Unknown
MixStop: TypeAlias = StopMixHls | StopMixHlsAndMp4 | StopServices | NothingRecorded | AlreadyStopped | Unknown
WebStop: TypeAlias = StopWebRecording | StopUpload | StopServices | NothingRecorded | AlreadyStopped | Unknown


def query_answer(mode: str, sent: Any) -> IndividualQuery | RawQuery | MixQuery | WebQuery:
    """The view of a query's ``serverResponse``."""
    if not isinstance(sent, dict):
        return Unknown(sent)
    match mode, _file_form(sent):
        case Mode.INDIVIDUAL | Mode.RAW | Mode.MIX, None if services_of(sent):
            return QueryServices(sent)
        case Mode.INDIVIDUAL, None if "status" in sent or "sliceStartTime" in sent:
            return QueryIndividualScreenshots(sent)
        case Mode.INDIVIDUAL, "string" | "json":
            return QueryIndividualRecording(sent)
        case Mode.RAW, None if "status" in sent or "sliceStartTime" in sent:
            return QueryRawScreenshots(sent)
        case Mode.RAW, "string" | "json":
            return QueryRawRecording(sent)
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
    return QueryServices(sent) if services_of(sent) else Unknown(sent)


def stop_answer(mode: str, sent: Any) -> IndividualStop | RawStop | MixStop | WebStop:
    """The view of a stop's ``serverResponse``."""
    if not isinstance(sent, dict):
        return Unknown(sent)
    match mode, _file_form(sent):
        case Mode.INDIVIDUAL | Mode.RAW | Mode.MIX, None if services_of(sent):
            return StopServices(sent)
        case Mode.INDIVIDUAL, None if "uploadingStatus" in sent:
            return StopIndividualScreenshots(sent)
        case Mode.INDIVIDUAL, "string" | "json":
            return StopIndividualRecording(sent)
        case Mode.RAW, None if "uploadingStatus" in sent:
            return StopRawScreenshots(sent)
        case Mode.RAW, "string" | "json":
            return StopRawRecording(sent)
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
    return StopServices(sent) if services_of(sent) else Unknown(sent)


def _file_form(sent: dict[str, Any]) -> str | None:
    """``string`` or ``json``, None where no files are spoken of, and ``?`` where they are in a form unheard of."""
    if not {"fileListMode", "fileList", "fileListStr"} & sent.keys():
        return None
    said = sent.get("fileListMode")
    # One of them, as a ticket has it: `fileListStr` in place of `fileList`.
    files = (
        sent["fileListStr"] if sent.get("fileList") in (None, "") and "fileListStr" in sent else sent.get("fileList")
    )
    found = () if files is None else _files(files)
    if said not in (None, "string", "json") or found is None or (said is None and files is None):
        return "?"
    # Where what is said and what is sent disagree, what is sent counts; an empty string is a list of no files, too.
    if isinstance(files, list):
        return "json"
    return "string" if files else said


def _service_names(sent: dict[str, Any]) -> set[str | None]:
    return {text(item.raw.get("serviceName")) for item in services_of(sent)}


__all__ = [
    "AlreadyStopped", "Files", "IndividualQuery", "IndividualStop", "MixQuery", "MixStop", "NothingRecorded",
    "QueryCdnPush", "QueryIndividualRecording", "QueryIndividualScreenshots", "QueryMixHls",
    "QueryMixHlsAndMp4", "QueryRawRecording", "QueryRawScreenshots", "QueryServices", "QueryWebRecording",
    "RawQuery", "RawStop", "RecordedFile", "RtmpOutputState", "RtmpPublisher", "Service",
    "StopIndividualRecording", "StopIndividualScreenshots", "StopMixHls", "StopMixHlsAndMp4",
    "StopRawRecording", "StopRawScreenshots", "StopServices", "StopUpload", "StopWebRecording", "Unknown",
    "UnknownService", "Uploader", "WebQuery", "WebRecorder", "WebStop",
]  # fmt: skip
