"""Results of the calls."""

from typing import Any, ClassVar, Generic, TypeVar

from cloudrec_api.models.recording_status import RecordingStatus
from cloudrec_api.models.responses import (
    AcquireResponse,
    NcsIpsResponse,
    QueryResponse,
    StartResponse,
    StopResponse,
    UpdateLayoutResponse,
    UpdateResponse,
)
from cloudrec_api.models.uploading_status import UploadingStatus
from cloudrec_api.views import Field, View, mapping, number, plain, text

from ._contract.redact import redacted
from .answers import AlreadyStopped, Files, Unknown, services_of, uploading_status_of
from .errors import Attempt

FILES_FOLLOW = (UploadingStatus.BACKUPED, UploadingStatus.STRANDED)
S_co = TypeVar("S_co", covariant=True)


class Result(View):
    """An answer of the service. ``raw`` is the JSON object as it was sent."""

    __slots__ = ("attempts", "http_status", "meaning", "request_id")
    _kept: ClassVar[tuple[str, ...]] = ("request_id", "http_status", "attempts")
    """What is shown as JSON beside the fields of the answer."""

    def __init__(self, raw: Any, *, http_status: int = 200, request_id: str | None = None) -> None:
        super().__init__(raw)
        self.http_status: int = http_status
        """HTTP status, 200 but for a stop that recorded nothing."""
        self.request_id: str | None = request_id
        """The ``X-Request-Id`` of the answer. Quote it to the provider's support."""
        self.meaning: str | None = None
        """What the failure's code means that stands beside the answer; None where there is none."""
        self.attempts: tuple[Attempt, ...] = ()
        """Every attempt of the call, in order; the last is the one that succeeded."""

    @property
    def code(self) -> int | str | None:
        """The service's number for what is not as it should be; None where there is none, or 0."""
        sent = mapping(self.raw).get("code")
        return (text(sent) if number(sent) is None else number(sent)) or None

    @property
    def host(self) -> str | None:
        """Host that served the result."""
        return self.attempts[-1].host if self.attempts else None

    cname: Field[str | None] = Field("cname", text, doc="Channel name, as the service repeats it.")
    """Channel name, as the service repeats it."""
    uid: Field[str | None] = Field("uid", text, doc="The recorder's user ID, as the service repeats it.")
    """The recorder's user ID, as the service repeats it."""

    def to_dict(self) -> dict[str, Any]:
        """The answer as JSON has it, by the names of this class; addresses without what is secret in them."""
        shown = {name: plain(getattr(self, name, None)) for name in self._kept}
        found: dict[str, Any] = redacted({**super().to_dict(), **shown})
        return found


class AcquireResult(AcquireResponse, Result):
    """Answer to ``acquire``."""

    __slots__ = ()
    _shown: ClassVar[tuple[str, ...]] = ("resource_id", "request_id")


class StartResult(StartResponse, Result):
    """Answer to ``start``."""

    __slots__ = ()
    _shown: ClassVar[tuple[str, ...]] = ("sid", "request_id")


class UpdateResult(UpdateResponse, Result):
    """Answer to ``update``."""

    __slots__ = ()
    _shown: ClassVar[tuple[str, ...]] = ("sid", "request_id")


class UpdateLayoutResult(UpdateLayoutResponse, Result):
    """Answer to ``updateLayout``."""

    __slots__ = ()
    _shown: ClassVar[tuple[str, ...]] = ("sid", "request_id")


class QueryResult(QueryResponse, Result, Generic[S_co]):
    """Answer to ``query``."""

    __slots__ = ("server_response",)
    _shown: ClassVar[tuple[str, ...]] = ("status", "server_response", "request_id")
    _kept: ClassVar[tuple[str, ...]] = ("status", "files", "server_response", *Result._kept)

    def __init__(
        self, raw: Any, server_response: S_co, *, http_status: int = 200, request_id: str | None = None
    ) -> None:
        super().__init__(raw, http_status=http_status, request_id=request_id)
        self.server_response: S_co = server_response
        """State and files, in one of the classes of :mod:`cloudrec.answers`."""

    @property
    def status(self) -> RecordingStatus | int | None:
        """State of the recording, whatever the shape; 4 (READY) and 5 (IN_PROGRESS) mean that it runs."""
        return Unknown(self.raw.get("serverResponse")).status

    @property
    def files(self) -> Files:
        """The files so far, whatever the shape; empty where it has none."""
        return _files(self.server_response)


def _files(server_response: object) -> Files:
    """Its own files, or else those of services beside them."""
    found: Files = getattr(server_response, "files", ())
    beside = services_of(getattr(server_response, "raw", None))
    return found or tuple([file for service in beside for file in getattr(service, "files", ())])


class StopResult(StopResponse, Result, Generic[S_co]):
    """Answer to ``stop``."""

    __slots__ = ("nothing_recorded", "server_response")
    _shown: ClassVar[tuple[str, ...]] = ("nothing_recorded", "server_response", "request_id")
    _kept: ClassVar[tuple[str, ...]] = (
        "files", "uploading_status", "nothing_recorded", "already_stopped", "server_response", *Result._kept,
    )  # fmt: skip

    def __init__(
        self,
        raw: Any,
        server_response: S_co,
        *,
        nothing_recorded: bool = False,
        http_status: int = 200,
        request_id: str | None = None,
    ) -> None:
        super().__init__(raw, http_status=http_status, request_id=request_id)
        self.server_response: S_co = server_response
        """Files and upload, in one of the classes of :mod:`cloudrec.answers`."""
        self.nothing_recorded: bool = nothing_recorded
        """True where the service says that there is no file, since nobody sent a stream."""

    @property
    def files(self) -> Files:
        """The files of the recording, whatever the shape; empty where the service named none."""
        return _files(self.server_response)

    @property
    def uploading_status(self) -> UploadingStatus | str | None:
        """Where the files are, whatever the shape; None where the service did not say."""
        own: UploadingStatus | str | None = getattr(self.server_response, "uploading_status", None)
        return own or uploading_status_of(getattr(self.server_response, "raw", None))

    @property
    def files_follow(self) -> bool:
        """Whether some files are with the provider yet, and follow by themselves: ``backuped`` or ``stranded``.

        Mostly within 20 minutes, at times after more than 24 hours; the provider keeps a backup for 72 hours.
        """
        return self.uploading_status in FILES_FOLLOW

    @property
    def already_stopped(self) -> bool:
        """True where an earlier attempt of this call had stopped it and its answer, with the files, was lost."""
        return isinstance(self.server_response, AlreadyStopped)


class NcsIpsResult(NcsIpsResponse, Result):
    """Answer to ``ncs/ip``."""

    __slots__ = ()
    _shown: ClassVar[tuple[str, ...]] = ("addresses",)

    @property
    def addresses(self) -> tuple[str, ...]:
        """IP addresses that webhooks come from."""
        return tuple([host.primary_ip for host in self.hosts if host.primary_ip])


__all__ = [
    "AcquireResult", "NcsIpsResult", "QueryResult", "Result", "StartResult", "StopResult",
    "UpdateLayoutResult", "UpdateResult",
]  # fmt: skip
