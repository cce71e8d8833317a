"""Contains all the data models used in inputs/outputs"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from .abort_policy import AbortPolicy
    from .acquire_client_request import AcquireClientRequest
    from .acquire_request import AcquireRequest
    from .apps_collection import AppsCollection
    from .audio_channels import AudioChannels
    from .audio_profile import AudioProfile
    from .audio_sample_rate import AudioSampleRate
    from .audio_uid_list import AudioUidList
    from .av_file_type import AvFileType
    from .capability_limit_type import CapabilityLimitType
    from .channel_type import ChannelType
    from .combination_policy import CombinationPolicy
    from .container_format import ContainerFormat
    from .decryption_mode import DecryptionMode
    from .error_level import ErrorLevel
    from .event_module import EventModule
    from .event_service import EventService
    from .event_type import EventType
    from .exit_status import ExitStatus
    from .extension_service_config import ExtensionServiceConfig
    from .file_list_mode import FileListMode
    from .ignore_policy import IgnorePolicy
    from .individual_av_file_type import IndividualAvFileType
    from .individual_recording_config import IndividualRecordingConfig
    from .individual_recording_file_config import IndividualRecordingFileConfig
    from .individual_start_client_request import IndividualStartClientRequest
    from .individual_update_client_request import IndividualUpdateClientRequest
    from .layout_region import LayoutRegion
    from .leave_reason import LeaveReason
    from .mix_recording_config import MixRecordingConfig
    from .mix_start_client_request import MixStartClientRequest
    from .mix_update_client_request import MixUpdateClientRequest
    from .mixed_video_layout import MixedVideoLayout
    from .mode import Mode
    from .notices import (
        BackupedDetails,
        CloudRecordingErrorDetails,
        CloudRecordingFileInfosDetails,
        CloudRecordingStatusUpdateDetails,
        CloudRecordingWarningDetails,
        DownloadFailedDetails,
        Notice,
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
        TranscodedUser,
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
    from .postponed_transcoding_result import PostponedTranscodingResult
    from .publish_status import PublishStatus
    from .raw_av_file_type import RawAvFileType
    from .raw_recording_config import RawRecordingConfig
    from .raw_recording_file_config import RawRecordingFileConfig
    from .raw_start_client_request import RawStartClientRequest
    from .raw_update_client_request import RawUpdateClientRequest
    from .recording_file_config import RecordingFileConfig
    from .recording_status import RecordingStatus
    from .region_affinity import RegionAffinity
    from .reload_reason import ReloadReason
    from .render_mode import RenderMode
    from .responses import (
        AcquireResponse,
        Failure,
        NcsHost,
        NcsIpsResponse,
        QueryCdnPushServerResponse,
        QueryIndividualRecordingServerResponse,
        QueryIndividualScreenshotsServerResponse,
        QueryMixHlsAndMp4ServerResponse,
        QueryMixHlsServerResponse,
        QueryRawRecordingServerResponse,
        QueryRawScreenshotsServerResponse,
        QueryResponse,
        QueryWebRecordingServerResponse,
        RecordedFile,
        RtmpOutputState,
        RtmpPublishServiceState,
        StartResponse,
        StopIndividualRecordingServerResponse,
        StopIndividualScreenshotsServerResponse,
        StopMixHlsAndMp4ServerResponse,
        StopMixHlsServerResponse,
        StopRawRecordingServerResponse,
        StopRawScreenshotsServerResponse,
        StopResponse,
        StopUploadServiceServerResponse,
        StopWebRecordingServerResponse,
        UpdateLayoutResponse,
        UpdateResponse,
        UploadServiceState,
        WebRecorderServiceState,
    )
    from .rtmp_output import RtmpOutput
    from .rtmp_publish_config import RtmpPublishConfig
    from .rtmp_publish_service import RtmpPublishService
    from .rtmp_publish_service_param import RtmpPublishServiceParam
    from .scene import Scene
    from .server_side_encryption import ServerSideEncryption
    from .service_region import ServiceRegion
    from .service_scene import ServiceScene
    from .service_state import ServiceState
    from .snapshot_config import SnapshotConfig
    from .snapshot_file_type import SnapshotFileType
    from .start_request import StartRequest
    from .stop_client_request import StopClientRequest
    from .stop_request import StopRequest
    from .storage_config import StorageConfig
    from .storage_extension_params import StorageExtensionParams
    from .storage_vendor import StorageVendor
    from .stream_mode import StreamMode
    from .stream_state import StreamState
    from .stream_subscribe import StreamSubscribe
    from .stream_types import StreamTypes
    from .subscribe_uid_group import SubscribeUidGroup
    from .track_type import TrackType
    from .trans_config import TransConfig
    from .trans_mode import TransMode
    from .transcode_audio import TranscodeAudio
    from .transcode_container import TranscodeContainer
    from .transcode_options import TranscodeOptions
    from .transcoding_config import TranscodingConfig
    from .transcoding_result import TranscodingResult
    from .update_layout_client_request import UpdateLayoutClientRequest
    from .update_layout_request import UpdateLayoutRequest
    from .update_request import UpdateRequest
    from .uploading_status import UploadingStatus
    from .user_background import UserBackground
    from .user_transcoding_result import UserTranscodingResult
    from .video_stream_type import VideoStreamType
    from .video_uid_list import VideoUidList
    from .web_recorder_service import WebRecorderService
    from .web_recorder_service_param import WebRecorderServiceParam
    from .web_recording_config import WebRecordingConfig
    from .web_start_client_request import WebStartClientRequest
    from .web_stop_code import WebStopCode
    from .web_update_client_request import WebUpdateClientRequest

_MODULES = {
    "AbortPolicy": ".abort_policy",
    "AcquireClientRequest": ".acquire_client_request",
    "AcquireRequest": ".acquire_request",
    "AppsCollection": ".apps_collection",
    "AudioChannels": ".audio_channels",
    "AudioProfile": ".audio_profile",
    "AudioSampleRate": ".audio_sample_rate",
    "AudioUidList": ".audio_uid_list",
    "AvFileType": ".av_file_type",
    "CapabilityLimitType": ".capability_limit_type",
    "ChannelType": ".channel_type",
    "CombinationPolicy": ".combination_policy",
    "ContainerFormat": ".container_format",
    "DecryptionMode": ".decryption_mode",
    "ErrorLevel": ".error_level",
    "EventModule": ".event_module",
    "EventService": ".event_service",
    "EventType": ".event_type",
    "ExitStatus": ".exit_status",
    "ExtensionServiceConfig": ".extension_service_config",
    "FileListMode": ".file_list_mode",
    "IgnorePolicy": ".ignore_policy",
    "IndividualAvFileType": ".individual_av_file_type",
    "IndividualRecordingConfig": ".individual_recording_config",
    "IndividualRecordingFileConfig": ".individual_recording_file_config",
    "IndividualStartClientRequest": ".individual_start_client_request",
    "IndividualUpdateClientRequest": ".individual_update_client_request",
    "LayoutRegion": ".layout_region",
    "LeaveReason": ".leave_reason",
    "MixRecordingConfig": ".mix_recording_config",
    "MixStartClientRequest": ".mix_start_client_request",
    "MixUpdateClientRequest": ".mix_update_client_request",
    "MixedVideoLayout": ".mixed_video_layout",
    "Mode": ".mode",
    "BackupedDetails": ".notices",
    "CloudRecordingErrorDetails": ".notices",
    "CloudRecordingFileInfosDetails": ".notices",
    "CloudRecordingStatusUpdateDetails": ".notices",
    "CloudRecordingWarningDetails": ".notices",
    "DownloadFailedDetails": ".notices",
    "Notice": ".notices",
    "NoticeDetails": ".notices",
    "PostponeTranscodeFinalResultDetails": ".notices",
    "RecorderAudioStreamStateChangedDetails": ".notices",
    "RecorderLeaveDetails": ".notices",
    "RecorderSliceStartDetails": ".notices",
    "RecorderSnapshotFileDetails": ".notices",
    "RecorderStartedDetails": ".notices",
    "RecorderVideoStreamStateChangedDetails": ".notices",
    "RtmpPublishStatusDetails": ".notices",
    "SessionExitDetails": ".notices",
    "SessionFailoverDetails": ".notices",
    "TranscodedUser": ".notices",
    "TranscoderCompletedDetails": ".notices",
    "TranscoderStartedDetails": ".notices",
    "UploadedDetails": ".notices",
    "UploaderStartedDetails": ".notices",
    "UploadingProgressDetails": ".notices",
    "VodStartedDetails": ".notices",
    "VodTriggeredDetails": ".notices",
    "WebRecorderCapabilityLimitDetails": ".notices",
    "WebRecorderReloadDetails": ".notices",
    "WebRecorderStartedDetails": ".notices",
    "WebRecorderStoppedDetails": ".notices",
    "PostponedTranscodingResult": ".postponed_transcoding_result",
    "PublishStatus": ".publish_status",
    "RawAvFileType": ".raw_av_file_type",
    "RawRecordingConfig": ".raw_recording_config",
    "RawRecordingFileConfig": ".raw_recording_file_config",
    "RawStartClientRequest": ".raw_start_client_request",
    "RawUpdateClientRequest": ".raw_update_client_request",
    "RecordingFileConfig": ".recording_file_config",
    "RecordingStatus": ".recording_status",
    "RegionAffinity": ".region_affinity",
    "ReloadReason": ".reload_reason",
    "RenderMode": ".render_mode",
    "AcquireResponse": ".responses",
    "Failure": ".responses",
    "NcsHost": ".responses",
    "NcsIpsResponse": ".responses",
    "QueryCdnPushServerResponse": ".responses",
    "QueryIndividualRecordingServerResponse": ".responses",
    "QueryIndividualScreenshotsServerResponse": ".responses",
    "QueryMixHlsAndMp4ServerResponse": ".responses",
    "QueryMixHlsServerResponse": ".responses",
    "QueryRawRecordingServerResponse": ".responses",
    "QueryRawScreenshotsServerResponse": ".responses",
    "QueryResponse": ".responses",
    "QueryWebRecordingServerResponse": ".responses",
    "RecordedFile": ".responses",
    "RtmpOutputState": ".responses",
    "RtmpPublishServiceState": ".responses",
    "StartResponse": ".responses",
    "StopIndividualRecordingServerResponse": ".responses",
    "StopIndividualScreenshotsServerResponse": ".responses",
    "StopMixHlsAndMp4ServerResponse": ".responses",
    "StopMixHlsServerResponse": ".responses",
    "StopRawRecordingServerResponse": ".responses",
    "StopRawScreenshotsServerResponse": ".responses",
    "StopResponse": ".responses",
    "StopUploadServiceServerResponse": ".responses",
    "StopWebRecordingServerResponse": ".responses",
    "UpdateLayoutResponse": ".responses",
    "UpdateResponse": ".responses",
    "UploadServiceState": ".responses",
    "WebRecorderServiceState": ".responses",
    "RtmpOutput": ".rtmp_output",
    "RtmpPublishConfig": ".rtmp_publish_config",
    "RtmpPublishService": ".rtmp_publish_service",
    "RtmpPublishServiceParam": ".rtmp_publish_service_param",
    "Scene": ".scene",
    "ServerSideEncryption": ".server_side_encryption",
    "ServiceRegion": ".service_region",
    "ServiceScene": ".service_scene",
    "ServiceState": ".service_state",
    "SnapshotConfig": ".snapshot_config",
    "SnapshotFileType": ".snapshot_file_type",
    "StartRequest": ".start_request",
    "StopClientRequest": ".stop_client_request",
    "StopRequest": ".stop_request",
    "StorageConfig": ".storage_config",
    "StorageExtensionParams": ".storage_extension_params",
    "StorageVendor": ".storage_vendor",
    "StreamMode": ".stream_mode",
    "StreamState": ".stream_state",
    "StreamSubscribe": ".stream_subscribe",
    "StreamTypes": ".stream_types",
    "SubscribeUidGroup": ".subscribe_uid_group",
    "TrackType": ".track_type",
    "TransConfig": ".trans_config",
    "TransMode": ".trans_mode",
    "TranscodeAudio": ".transcode_audio",
    "TranscodeContainer": ".transcode_container",
    "TranscodeOptions": ".transcode_options",
    "TranscodingConfig": ".transcoding_config",
    "TranscodingResult": ".transcoding_result",
    "UpdateLayoutClientRequest": ".update_layout_client_request",
    "UpdateLayoutRequest": ".update_layout_request",
    "UpdateRequest": ".update_request",
    "UploadingStatus": ".uploading_status",
    "UserBackground": ".user_background",
    "UserTranscodingResult": ".user_transcoding_result",
    "VideoStreamType": ".video_stream_type",
    "VideoUidList": ".video_uid_list",
    "WebRecorderService": ".web_recorder_service",
    "WebRecorderServiceParam": ".web_recorder_service_param",
    "WebRecordingConfig": ".web_recording_config",
    "WebStartClientRequest": ".web_start_client_request",
    "WebStopCode": ".web_stop_code",
    "WebUpdateClientRequest": ".web_update_client_request",
}


def __getattr__(name: str) -> Any:
    if name not in _MODULES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    value = getattr(import_module(_MODULES[name], __package__), name)
    globals()[name] = value
    return value


__all__ = (
    "AbortPolicy",
    "AcquireClientRequest",
    "AcquireRequest",
    "AcquireResponse",
    "AppsCollection",
    "AudioChannels",
    "AudioProfile",
    "AudioSampleRate",
    "AudioUidList",
    "AvFileType",
    "BackupedDetails",
    "CapabilityLimitType",
    "ChannelType",
    "CloudRecordingErrorDetails",
    "CloudRecordingFileInfosDetails",
    "CloudRecordingStatusUpdateDetails",
    "CloudRecordingWarningDetails",
    "CombinationPolicy",
    "ContainerFormat",
    "DecryptionMode",
    "DownloadFailedDetails",
    "ErrorLevel",
    "EventModule",
    "EventService",
    "EventType",
    "ExitStatus",
    "ExtensionServiceConfig",
    "Failure",
    "FileListMode",
    "IgnorePolicy",
    "IndividualAvFileType",
    "IndividualRecordingConfig",
    "IndividualRecordingFileConfig",
    "IndividualStartClientRequest",
    "IndividualUpdateClientRequest",
    "LayoutRegion",
    "LeaveReason",
    "MixedVideoLayout",
    "MixRecordingConfig",
    "MixStartClientRequest",
    "MixUpdateClientRequest",
    "Mode",
    "NcsHost",
    "NcsIpsResponse",
    "Notice",
    "NoticeDetails",
    "PostponedTranscodingResult",
    "PostponeTranscodeFinalResultDetails",
    "PublishStatus",
    "QueryCdnPushServerResponse",
    "QueryIndividualRecordingServerResponse",
    "QueryIndividualScreenshotsServerResponse",
    "QueryMixHlsAndMp4ServerResponse",
    "QueryMixHlsServerResponse",
    "QueryRawRecordingServerResponse",
    "QueryRawScreenshotsServerResponse",
    "QueryResponse",
    "QueryWebRecordingServerResponse",
    "RawAvFileType",
    "RawRecordingConfig",
    "RawRecordingFileConfig",
    "RawStartClientRequest",
    "RawUpdateClientRequest",
    "RecordedFile",
    "RecorderAudioStreamStateChangedDetails",
    "RecorderLeaveDetails",
    "RecorderSliceStartDetails",
    "RecorderSnapshotFileDetails",
    "RecorderStartedDetails",
    "RecorderVideoStreamStateChangedDetails",
    "RecordingFileConfig",
    "RecordingStatus",
    "RegionAffinity",
    "ReloadReason",
    "RenderMode",
    "RtmpOutput",
    "RtmpOutputState",
    "RtmpPublishConfig",
    "RtmpPublishService",
    "RtmpPublishServiceParam",
    "RtmpPublishServiceState",
    "RtmpPublishStatusDetails",
    "Scene",
    "ServerSideEncryption",
    "ServiceRegion",
    "ServiceScene",
    "ServiceState",
    "SessionExitDetails",
    "SessionFailoverDetails",
    "SnapshotConfig",
    "SnapshotFileType",
    "StartRequest",
    "StartResponse",
    "StopClientRequest",
    "StopIndividualRecordingServerResponse",
    "StopIndividualScreenshotsServerResponse",
    "StopMixHlsAndMp4ServerResponse",
    "StopMixHlsServerResponse",
    "StopRawRecordingServerResponse",
    "StopRawScreenshotsServerResponse",
    "StopRequest",
    "StopResponse",
    "StopUploadServiceServerResponse",
    "StopWebRecordingServerResponse",
    "StorageConfig",
    "StorageExtensionParams",
    "StorageVendor",
    "StreamMode",
    "StreamState",
    "StreamSubscribe",
    "StreamTypes",
    "SubscribeUidGroup",
    "TrackType",
    "TranscodeAudio",
    "TranscodeContainer",
    "TranscodedUser",
    "TranscodeOptions",
    "TranscoderCompletedDetails",
    "TranscoderStartedDetails",
    "TranscodingConfig",
    "TranscodingResult",
    "TransConfig",
    "TransMode",
    "UpdateLayoutClientRequest",
    "UpdateLayoutRequest",
    "UpdateLayoutResponse",
    "UpdateRequest",
    "UpdateResponse",
    "UploadedDetails",
    "UploaderStartedDetails",
    "UploadingProgressDetails",
    "UploadingStatus",
    "UploadServiceState",
    "UserBackground",
    "UserTranscodingResult",
    "VideoStreamType",
    "VideoUidList",
    "VodStartedDetails",
    "VodTriggeredDetails",
    "WebRecorderCapabilityLimitDetails",
    "WebRecorderReloadDetails",
    "WebRecorderService",
    "WebRecorderServiceParam",
    "WebRecorderServiceState",
    "WebRecorderStartedDetails",
    "WebRecorderStoppedDetails",
    "WebRecordingConfig",
    "WebStartClientRequest",
    "WebStopCode",
    "WebUpdateClientRequest",
)
