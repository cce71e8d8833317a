"""Agora Cloud Recording for Python.

Start with :class:`CloudRecording` or :class:`AsyncCloudRecording`. What goes into a request are the models and named
values of the API's contract (:class:`StorageConfig`, :class:`StorageVendor`, …); what comes out is in
:mod:`cloudrec.results` and :mod:`cloudrec.answers`; what can go wrong is in :mod:`cloudrec.errors`.
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

from ._areas import Area
from ._auth import BasicAuth
from ._rate import RateLimit
from ._retry import Retry
from ._version import __version__
from .errors import (
    AccountInactiveError,
    AlreadyStartedError,
    AlreadyStoppingError,
    AppNotEnabledError,
    Attempt,
    AuthenticationError,
    BadRequestError,
    ClientClosedError,
    CloudRecordingError,
    ConfigurationError,
    InvalidRequestError,
    InvalidResourceError,
    InvalidResponseError,
    NetworkError,
    NotCompletedError,
    Problem,
    RateLimitError,
    RecordingMayBeRunningError,
    RequestTimeoutError,
    RouteNotFoundError,
    ServiceError,
    ServiceTimeoutError,
    ServiceUnavailableError,
    TaskConflictError,
    TaskNotFoundError,
    TooManyRecordingsError,
)

if TYPE_CHECKING:
    from cloudrec_api.models import (
        AbortPolicy,
        AppsCollection,
        AudioChannels,
        AudioProfile,
        AudioSampleRate,
        AudioUidList,
        AvFileType,
        ChannelType,
        CombinationPolicy,
        ContainerFormat,
        DecryptionMode,
        ExtensionServiceConfig,
        FileListMode,
        IgnorePolicy,
        IndividualAvFileType,
        IndividualRecordingConfig,
        IndividualRecordingFileConfig,
        IndividualStartClientRequest,
        LayoutRegion,
        MixedVideoLayout,
        MixRecordingConfig,
        MixStartClientRequest,
        Mode,
        PublishStatus,
        RecordingFileConfig,
        RecordingStatus,
        RegionAffinity,
        RenderMode,
        RtmpOutput,
        RtmpPublishConfig,
        RtmpPublishService,
        RtmpPublishServiceParam,
        Scene,
        ServerSideEncryption,
        ServiceRegion,
        ServiceState,
        SnapshotConfig,
        SnapshotFileType,
        StorageConfig,
        StorageExtensionParams,
        StorageVendor,
        StreamMode,
        StreamSubscribe,
        StreamTypes,
        SubscribeUidGroup,
        TrackType,
        TranscodeAudio,
        TranscodeContainer,
        TranscodeOptions,
        TranscodingConfig,
        TransConfig,
        TransMode,
        UploadingStatus,
        UserBackground,
        VideoStreamType,
        VideoUidList,
        WebRecorderService,
        WebRecorderServiceParam,
        WebRecordingConfig,
        WebStartClientRequest,
    )

    from ._async.client import AsyncCloudRecording
    from ._settings import Timeouts
    from ._sync.client import CloudRecording

__all__ = [
    "AbortPolicy",
    "AccountInactiveError",
    "AlreadyStartedError",
    "AlreadyStoppingError",
    "AppNotEnabledError",
    "AppsCollection",
    "Area",
    "AsyncCloudRecording",
    "Attempt",
    "AudioChannels",
    "AudioProfile",
    "AudioSampleRate",
    "AudioUidList",
    "AuthenticationError",
    "AvFileType",
    "BadRequestError",
    "BasicAuth",
    "ChannelType",
    "ClientClosedError",
    "CloudRecording",
    "CloudRecordingError",
    "CombinationPolicy",
    "ConfigurationError",
    "ContainerFormat",
    "DecryptionMode",
    "ExtensionServiceConfig",
    "FileListMode",
    "IgnorePolicy",
    "IndividualAvFileType",
    "IndividualRecordingConfig",
    "IndividualRecordingFileConfig",
    "IndividualStartClientRequest",
    "InvalidRequestError",
    "InvalidResourceError",
    "InvalidResponseError",
    "LayoutRegion",
    "MixRecordingConfig",
    "MixStartClientRequest",
    "MixedVideoLayout",
    "Mode",
    "NetworkError",
    "NotCompletedError",
    "Problem",
    "PublishStatus",
    "RateLimit",
    "RateLimitError",
    "RecordingFileConfig",
    "RecordingMayBeRunningError",
    "RecordingStatus",
    "RegionAffinity",
    "RenderMode",
    "RequestTimeoutError",
    "Retry",
    "RouteNotFoundError",
    "RtmpOutput",
    "RtmpPublishConfig",
    "RtmpPublishService",
    "RtmpPublishServiceParam",
    "Scene",
    "ServerSideEncryption",
    "ServiceError",
    "ServiceRegion",
    "ServiceState",
    "ServiceTimeoutError",
    "ServiceUnavailableError",
    "SnapshotConfig",
    "SnapshotFileType",
    "StorageConfig",
    "StorageExtensionParams",
    "StorageVendor",
    "StreamMode",
    "StreamSubscribe",
    "StreamTypes",
    "SubscribeUidGroup",
    "TaskConflictError",
    "TaskNotFoundError",
    "Timeouts",
    "TooManyRecordingsError",
    "TrackType",
    "TransConfig",
    "TransMode",
    "TranscodeAudio",
    "TranscodeContainer",
    "TranscodeOptions",
    "TranscodingConfig",
    "UploadingStatus",
    "UserBackground",
    "VideoStreamType",
    "VideoUidList",
    "WebRecorderService",
    "WebRecorderServiceParam",
    "WebRecordingConfig",
    "WebStartClientRequest",
    "__version__",
]


# Read when they are first asked for: a program that is sync does not wait for what the async client needs, and few
# programs use more than some of the many models.
_LATER = {
    "AsyncCloudRecording": "cloudrec._async.client",
    "CloudRecording": "cloudrec._sync.client",
    "Timeouts": "cloudrec._settings",
}


def __getattr__(name: str) -> Any:
    if name in _SUBMODULES:
        return import_module(f"cloudrec.{name}")
    if name not in __all__:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    value = getattr(import_module(_LATER.get(name, "cloudrec_api.models")), name)
    globals()[name] = value
    return value


_SUBMODULES = ("answers", "results")


def __dir__() -> list[str]:
    return [*__all__, *_SUBMODULES, "errors"]
