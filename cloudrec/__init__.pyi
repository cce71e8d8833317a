# The public names, each with the module that it is in. scripts/generate makes _names.py of it.

from cloudrec_api.models import (
    AbortPolicy as AbortPolicy,
    AppsCollection as AppsCollection,
    AudioChannels as AudioChannels,
    AudioProfile as AudioProfile,
    AudioSampleRate as AudioSampleRate,
    AudioUidList as AudioUidList,
    AvFileType as AvFileType,
    ChannelType as ChannelType,
    CombinationPolicy as CombinationPolicy,
    ContainerFormat as ContainerFormat,
    DecryptionMode as DecryptionMode,
    ExtensionServiceConfig as ExtensionServiceConfig,
    FileListMode as FileListMode,
    IgnorePolicy as IgnorePolicy,
    IndividualAvFileType as IndividualAvFileType,
    IndividualRecordingConfig as IndividualRecordingConfig,
    IndividualRecordingFileConfig as IndividualRecordingFileConfig,
    IndividualStartClientRequest as IndividualStartClientRequest,
    LayoutRegion as LayoutRegion,
    MixedVideoLayout as MixedVideoLayout,
    MixRecordingConfig as MixRecordingConfig,
    MixStartClientRequest as MixStartClientRequest,
    Mode as Mode,
    PublishStatus as PublishStatus,
    RawAvFileType as RawAvFileType,
    RawRecordingConfig as RawRecordingConfig,
    RawRecordingFileConfig as RawRecordingFileConfig,
    RawStartClientRequest as RawStartClientRequest,
    RecordingFileConfig as RecordingFileConfig,
    RecordingStatus as RecordingStatus,
    RegionAffinity as RegionAffinity,
    RenderMode as RenderMode,
    RtmpOutput as RtmpOutput,
    RtmpPublishConfig as RtmpPublishConfig,
    RtmpPublishService as RtmpPublishService,
    RtmpPublishServiceParam as RtmpPublishServiceParam,
    Scene as Scene,
    ServerSideEncryption as ServerSideEncryption,
    ServiceRegion as ServiceRegion,
    ServiceScene as ServiceScene,
    ServiceState as ServiceState,
    SnapshotConfig as SnapshotConfig,
    SnapshotFileType as SnapshotFileType,
    StorageConfig as StorageConfig,
    StorageExtensionParams as StorageExtensionParams,
    StorageVendor as StorageVendor,
    StreamMode as StreamMode,
    StreamSubscribe as StreamSubscribe,
    StreamTypes as StreamTypes,
    SubscribeUidGroup as SubscribeUidGroup,
    TrackType as TrackType,
    TranscodeAudio as TranscodeAudio,
    TranscodeContainer as TranscodeContainer,
    TranscodeOptions as TranscodeOptions,
    TranscodingConfig as TranscodingConfig,
    TransConfig as TransConfig,
    TransMode as TransMode,
    UploadingStatus as UploadingStatus,
    UserBackground as UserBackground,
    VideoStreamType as VideoStreamType,
    VideoUidList as VideoUidList,
    WebRecorderService as WebRecorderService,
    WebRecorderServiceParam as WebRecorderServiceParam,
    WebRecordingConfig as WebRecordingConfig,
    WebStartClientRequest as WebStartClientRequest,
)

from . import (
    answers as answers,
    errors as errors,
    files as files,
    layouts as layouts,
    results as results,
    storage as storage,
    subscriptions as subscriptions,
    values as values,
    webhooks as webhooks,
)
from ._async.client import (
    AsyncCloudRecording as AsyncCloudRecording,
)
from ._async.pair import (
    AsyncRecordingPair as AsyncRecordingPair,
)
from ._async.recordings import (
    AsyncIndividualRecording as AsyncIndividualRecording,
    AsyncMixRecording as AsyncMixRecording,
    AsyncRawRecording as AsyncRawRecording,
    AsyncWebRecording as AsyncWebRecording,
)
from ._call.access_token import (
    AccessToken as AccessToken,
)
from ._call.areas import (
    Area as Area,
    CrossRegion as CrossRegion,
)
from ._call.auth import (
    BasicAuth as BasicAuth,
)
from ._call.explain import (
    Explanation as Explanation,
    Explanations as Explanations,
    explain as explain,
)
from ._call.rate import (
    Pace as Pace,
    RateLimit as RateLimit,
    SQLiteRateLimit as SQLiteRateLimit,
)
from ._call.retry import (
    Retry as Retry,
)
from ._call.settings import (
    Timeouts as Timeouts,
)
from ._recording.named import (
    Named as Named,
)
from ._recording.options import (
    LaunchOptions as LaunchOptions,
    RecordOptions as RecordOptions,
)
from ._recording.recipe import (
    IndividualRecipe as IndividualRecipe,
    MixRecipe as MixRecipe,
    RawRecipe as RawRecipe,
    Recipe as Recipe,
    WebRecipe as WebRecipe,
)
from ._recording.result import (
    RecordingResult as RecordingResult,
    ResultFile as ResultFile,
)
from ._sync.client import (
    CloudRecording as CloudRecording,
)
from ._sync.pair import (
    RecordingPair as RecordingPair,
)
from ._sync.recordings import (
    IndividualRecording as IndividualRecording,
    MixRecording as MixRecording,
    RawRecording as RawRecording,
    WebRecording as WebRecording,
)
from ._version import (
    __version__ as __version__,
)
from .errors import (
    AccountInactiveError as AccountInactiveError,
    AlreadyStartedError as AlreadyStartedError,
    AlreadyStoppingError as AlreadyStoppingError,
    AppNotEnabledError as AppNotEnabledError,
    Attempt as Attempt,
    AuthenticationError as AuthenticationError,
    BadRequestError as BadRequestError,
    ClientClosedError as ClientClosedError,
    CloudRecordingError as CloudRecordingError,
    ConfigurationError as ConfigurationError,
    FleetDatabaseError as FleetDatabaseError,
    FleetError as FleetError,
    HandleError as HandleError,
    InvalidRequestError as InvalidRequestError,
    InvalidResourceError as InvalidResourceError,
    InvalidResponseError as InvalidResponseError,
    NetworkError as NetworkError,
    NotCompletedError as NotCompletedError,
    PermissionDeniedError as PermissionDeniedError,
    Problem as Problem,
    RateLimitError as RateLimitError,
    RecipeError as RecipeError,
    RecordingEnded as RecordingEnded,
    RecordingMayBeRunningError as RecordingMayBeRunningError,
    RecordingNotStartedError as RecordingNotStartedError,
    RecordingNotStoppedError as RecordingNotStoppedError,
    RequestTimeoutError as RequestTimeoutError,
    RequestWarning as RequestWarning,
    RouteNotFoundError as RouteNotFoundError,
    ServiceError as ServiceError,
    ServiceTimeoutError as ServiceTimeoutError,
    ServiceUnavailableError as ServiceUnavailableError,
    TaskConflictError as TaskConflictError,
    TaskNotFoundError as TaskNotFoundError,
    TokenExpiryWarning as TokenExpiryWarning,
    TooManyRecordingsError as TooManyRecordingsError,
    WaitTimeoutError as WaitTimeoutError,
)
from .files import (
    FileName as FileName,
    key_prefixes as key_prefixes,
    parse_file_name as parse_file_name,
    predict_files as predict_files,
)
from .handles import (
    RecordingHandle as RecordingHandle,
)
from .layouts import (
    Background as Background,
    BestFit as BestFit,
    Custom as Custom,
    Floating as Floating,
    Layout as Layout,
    Preview as Preview,
    Region as Region,
    Vertical as Vertical,
    grid as grid,
    picture_in_picture as picture_in_picture,
    screen_share_with_camera as screen_share_with_camera,
    side_by_side as side_by_side,
    speaker_with_strip as speaker_with_strip,
)
from .storage import (
    S3 as S3,
    AlibabaOSS as AlibabaOSS,
    AlibabaRegion as AlibabaRegion,
    AzureBlob as AzureBlob,
    BaiduBOS as BaiduBOS,
    BaiduRegion as BaiduRegion,
    GoogleCloudStorage as GoogleCloudStorage,
    HuaweiOBS as HuaweiOBS,
    HuaweiRegion as HuaweiRegion,
    S3Compatible as S3Compatible,
    S3Region as S3Region,
    Storage as Storage,
    StorageCheck as StorageCheck,
    StorageCheckError as StorageCheckError,
    StorageProblem as StorageProblem,
    TencentCOS as TencentCOS,
    TencentRegion as TencentRegion,
)
from .subscriptions import (
    Subscription as Subscription,
    everyone as everyone,
    everyone_but as everyone_but,
    nobody as nobody,
    only as only,
)
from .values import (
    CdnPush as CdnPush,
    DeferredTranscoding as DeferredTranscoding,
    Encryption as Encryption,
    Snapshots as Snapshots,
    Transcoding as Transcoding,
    WebPage as WebPage,
)
