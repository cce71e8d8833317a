"""What the service tells by itself: webhooks, verified and typed.

Start with :func:`receive`, or with one of the adapters, which call it: :class:`cloudrec.webhooks.asgi.WebhookApp` for
Starlette and FastAPI, :class:`cloudrec.webhooks.wsgi.WebhookApp` for Flask and Django.
"""

from typing import TYPE_CHECKING, Any

from cloudrec_api.models.capability_limit_type import CapabilityLimitType
from cloudrec_api.models.error_level import ErrorLevel
from cloudrec_api.models.event_module import EventModule
from cloudrec_api.models.event_service import EventService
from cloudrec_api.models.event_type import EventType
from cloudrec_api.models.exit_status import ExitStatus
from cloudrec_api.models.notices import TranscodedUser
from cloudrec_api.models.postponed_transcoding_result import PostponedTranscodingResult
from cloudrec_api.models.reload_reason import ReloadReason
from cloudrec_api.models.stream_state import StreamState
from cloudrec_api.models.transcoding_result import TranscodingResult
from cloudrec_api.models.user_transcoding_result import UserTranscodingResult
from cloudrec_api.models.web_stop_code import WebStopCode

from ..answers import RecordedFile
from ._details import (
    Backuped,
    Details,
    DownloadFailed,
    ErrorReported,
    EventDetails,
    FileInfos,
    LeaveCode,
    PostponeTranscodeFinalResult,
    RecorderAudioStreamStateChanged,
    RecorderLeave,
    RecorderSliceStart,
    RecorderSnapshotFile,
    RecorderStarted,
    RecorderVideoStreamStateChanged,
    RtmpPublishStatus,
    SessionExit,
    SessionFailover,
    StatusUpdate,
    TranscoderCompleted,
    TranscoderStarted,
    UnknownEvent,
    Uploaded,
    UploaderStarted,
    UploadingProgress,
    VodStarted,
    VodTriggered,
    WarningReported,
    WebRecorderCapabilityLimit,
    WebRecorderReload,
    WebRecorderStarted,
    WebRecorderStopped,
)
from ._errors import MalformedNoticeError, NoticeTooLargeError, SignatureError, WebhookError
from ._events import Event, HealthCheck, Notice, OtherProductEvent
from ._receive import MAX_SIZE, parse, receive
from ._signature import Headers, Secret, sign, verify
from .delivery.deduplicator import Deduplicator
from .delivery.ordered import Ordered, Placed
from .delivery.stores import MemoryStore, Met, Store

if TYPE_CHECKING:
    from .delivery.sqlite_store import SQLiteStore

__all__ = [
    "MAX_SIZE",
    "Backuped",
    "CapabilityLimitType",
    "Deduplicator",
    "Details",
    "DownloadFailed",
    "ErrorLevel",
    "ErrorReported",
    "Event",
    "EventDetails",
    "EventModule",
    "EventService",
    "EventType",
    "ExitStatus",
    "FileInfos",
    "Headers",
    "HealthCheck",
    "LeaveCode",
    "MalformedNoticeError",
    "MemoryStore",
    "Met",
    "Notice",
    "NoticeTooLargeError",
    "Ordered",
    "OtherProductEvent",
    "Placed",
    "PostponeTranscodeFinalResult",
    "PostponedTranscodingResult",
    "RecordedFile",
    "RecorderAudioStreamStateChanged",
    "RecorderLeave",
    "RecorderSliceStart",
    "RecorderSnapshotFile",
    "RecorderStarted",
    "RecorderVideoStreamStateChanged",
    "ReloadReason",
    "RtmpPublishStatus",
    "SQLiteStore",
    "Secret",
    "SessionExit",
    "SessionFailover",
    "SignatureError",
    "StatusUpdate",
    "Store",
    "StreamState",
    "TranscodedUser",
    "TranscoderCompleted",
    "TranscoderStarted",
    "TranscodingResult",
    "UnknownEvent",
    "Uploaded",
    "UploaderStarted",
    "UploadingProgress",
    "UserTranscodingResult",
    "VodStarted",
    "VodTriggered",
    "WarningReported",
    "WebRecorderCapabilityLimit",
    "WebRecorderReload",
    "WebRecorderStarted",
    "WebRecorderStopped",
    "WebStopCode",
    "WebhookError",
    "parse",
    "receive",
    "sign",
    "verify",
]


def __getattr__(name: str) -> Any:
    # Read when it is asked for: not every Python has SQLite.
    if name != "SQLiteStore":
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    from .delivery.sqlite_store import SQLiteStore

    return SQLiteStore
