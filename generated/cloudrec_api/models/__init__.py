"""Contains all the data models used in inputs/outputs"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from .abort_policy import AbortPolicy
    from .acquire_client_request import AcquireClientRequest
    from .acquire_request import AcquireRequest
    from .acquire_response import AcquireResponse
    from .ali_vod_details import AliVodDetails
    from .apps_collection import AppsCollection
    from .audio_channels import AudioChannels
    from .audio_profile import AudioProfile
    from .audio_sample_rate import AudioSampleRate
    from .audio_uid_list import AudioUidList
    from .av_file_type import AvFileType
    from .backuped_details import BackupedDetails
    from .capability_limit_type import CapabilityLimitType
    from .channel_type import ChannelType
    from .cloud_recording_error_details import CloudRecordingErrorDetails
    from .cloud_recording_file_infos_details import CloudRecordingFileInfosDetails
    from .cloud_recording_status_update_details import CloudRecordingStatusUpdateDetails
    from .cloud_recording_warning_details import CloudRecordingWarningDetails
    from .combination_policy import CombinationPolicy
    from .container_format import ContainerFormat
    from .decryption_mode import DecryptionMode
    from .download_failed_details import DownloadFailedDetails
    from .error_level import ErrorLevel
    from .event_module import EventModule
    from .event_service import EventService
    from .event_type import EventType
    from .exit_status import ExitStatus
    from .extension_service_config import ExtensionServiceConfig
    from .extension_service_name import ExtensionServiceName
    from .failure import Failure
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
    from .ncs_host import NcsHost
    from .ncs_ips_data import NcsIpsData
    from .ncs_ips_response import NcsIpsResponse
    from .ncs_ips_service import NcsIpsService
    from .notice import Notice
    from .notice_details import NoticeDetails
    from .notice_payload import NoticePayload
    from .notice_response import NoticeResponse
    from .postpone_transcode_final_result_details import (
        PostponeTranscodeFinalResultDetails,
    )
    from .postponed_transcoding_result import PostponedTranscodingResult
    from .publish_status import PublishStatus
    from .query_cdn_push_server_response import QueryCdnPushServerResponse
    from .query_individual_recording_server_response import (
        QueryIndividualRecordingServerResponse,
    )
    from .query_individual_screenshots_server_response import (
        QueryIndividualScreenshotsServerResponse,
    )
    from .query_mix_hls_and_mp4_server_response import QueryMixHlsAndMp4ServerResponse
    from .query_mix_hls_server_response import QueryMixHlsServerResponse
    from .query_response import QueryResponse
    from .query_response_server_response import QueryResponseServerResponse
    from .query_web_recording_server_response import QueryWebRecordingServerResponse
    from .recorded_file import RecordedFile
    from .recorder_audio_stream_state_changed_details import (
        RecorderAudioStreamStateChangedDetails,
    )
    from .recorder_leave_details import RecorderLeaveDetails
    from .recorder_slice_start_details import RecorderSliceStartDetails
    from .recorder_snapshot_file_details import RecorderSnapshotFileDetails
    from .recorder_started_details import RecorderStartedDetails
    from .recorder_video_stream_state_changed_details import (
        RecorderVideoStreamStateChangedDetails,
    )
    from .recording_file_config import RecordingFileConfig
    from .recording_status import RecordingStatus
    from .region_affinity import RegionAffinity
    from .reload_reason import ReloadReason
    from .render_mode import RenderMode
    from .rtmp_output import RtmpOutput
    from .rtmp_output_state import RtmpOutputState
    from .rtmp_publish_config import RtmpPublishConfig
    from .rtmp_publish_payload import RtmpPublishPayload
    from .rtmp_publish_service import RtmpPublishService
    from .rtmp_publish_service_param import RtmpPublishServiceParam
    from .rtmp_publish_service_state import RtmpPublishServiceState
    from .rtmp_publish_status_details import RtmpPublishStatusDetails
    from .scene import Scene
    from .server_side_encryption import ServerSideEncryption
    from .service_region import ServiceRegion
    from .service_state import ServiceState
    from .session_exit_details import SessionExitDetails
    from .session_failover_details import SessionFailoverDetails
    from .snapshot_config import SnapshotConfig
    from .snapshot_file_type import SnapshotFileType
    from .start_request import StartRequest
    from .start_response import StartResponse
    from .stop_client_request import StopClientRequest
    from .stop_individual_recording_server_response import (
        StopIndividualRecordingServerResponse,
    )
    from .stop_individual_screenshots_server_response import (
        StopIndividualScreenshotsServerResponse,
    )
    from .stop_mix_hls_and_mp4_server_response import StopMixHlsAndMp4ServerResponse
    from .stop_mix_hls_server_response import StopMixHlsServerResponse
    from .stop_request import StopRequest
    from .stop_response import StopResponse
    from .stop_response_server_response import StopResponseServerResponse
    from .stop_upload_service_server_response import StopUploadServiceServerResponse
    from .stop_web_recording_server_response import StopWebRecordingServerResponse
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
    from .transcoded_user_details import TranscodedUserDetails
    from .transcoder_completed_details import TranscoderCompletedDetails
    from .transcoder_started_details import TranscoderStartedDetails
    from .transcoding_config import TranscodingConfig
    from .transcoding_result import TranscodingResult
    from .update_layout_client_request import UpdateLayoutClientRequest
    from .update_layout_request import UpdateLayoutRequest
    from .update_layout_response import UpdateLayoutResponse
    from .update_request import UpdateRequest
    from .update_response import UpdateResponse
    from .upload_payload import UploadPayload
    from .upload_service_state import UploadServiceState
    from .uploaded_details import UploadedDetails
    from .uploader_started_details import UploaderStartedDetails
    from .uploading_progress_details import UploadingProgressDetails
    from .uploading_status import UploadingStatus
    from .user_background import UserBackground
    from .user_transcoding_result import UserTranscodingResult
    from .video_stream_type import VideoStreamType
    from .video_uid_list import VideoUidList
    from .vod_started_details import VodStartedDetails
    from .vod_triggered_details import VodTriggeredDetails
    from .web_recorded_file import WebRecordedFile
    from .web_recorder_capability_limit_details import WebRecorderCapabilityLimitDetails
    from .web_recorder_payload import WebRecorderPayload
    from .web_recorder_reload_details import WebRecorderReloadDetails
    from .web_recorder_service import WebRecorderService
    from .web_recorder_service_param import WebRecorderServiceParam
    from .web_recorder_service_state import WebRecorderServiceState
    from .web_recorder_started_details import WebRecorderStartedDetails
    from .web_recorder_stopped_details import WebRecorderStoppedDetails
    from .web_recording_config import WebRecordingConfig
    from .web_start_client_request import WebStartClientRequest
    from .web_stop_code import WebStopCode
    from .web_update_client_request import WebUpdateClientRequest

_MODULES = {
    "AbortPolicy": ".abort_policy",
    "AcquireClientRequest": ".acquire_client_request",
    "AcquireRequest": ".acquire_request",
    "AcquireResponse": ".acquire_response",
    "AliVodDetails": ".ali_vod_details",
    "AppsCollection": ".apps_collection",
    "AudioChannels": ".audio_channels",
    "AudioProfile": ".audio_profile",
    "AudioSampleRate": ".audio_sample_rate",
    "AudioUidList": ".audio_uid_list",
    "AvFileType": ".av_file_type",
    "BackupedDetails": ".backuped_details",
    "CapabilityLimitType": ".capability_limit_type",
    "ChannelType": ".channel_type",
    "CloudRecordingErrorDetails": ".cloud_recording_error_details",
    "CloudRecordingFileInfosDetails": ".cloud_recording_file_infos_details",
    "CloudRecordingStatusUpdateDetails": ".cloud_recording_status_update_details",
    "CloudRecordingWarningDetails": ".cloud_recording_warning_details",
    "CombinationPolicy": ".combination_policy",
    "ContainerFormat": ".container_format",
    "DecryptionMode": ".decryption_mode",
    "DownloadFailedDetails": ".download_failed_details",
    "ErrorLevel": ".error_level",
    "EventModule": ".event_module",
    "EventService": ".event_service",
    "EventType": ".event_type",
    "ExitStatus": ".exit_status",
    "ExtensionServiceConfig": ".extension_service_config",
    "ExtensionServiceName": ".extension_service_name",
    "Failure": ".failure",
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
    "NcsHost": ".ncs_host",
    "NcsIpsData": ".ncs_ips_data",
    "NcsIpsResponse": ".ncs_ips_response",
    "NcsIpsService": ".ncs_ips_service",
    "Notice": ".notice",
    "NoticeDetails": ".notice_details",
    "NoticePayload": ".notice_payload",
    "NoticeResponse": ".notice_response",
    "PostponeTranscodeFinalResultDetails": ".postpone_transcode_final_result_details",
    "PostponedTranscodingResult": ".postponed_transcoding_result",
    "PublishStatus": ".publish_status",
    "QueryCdnPushServerResponse": ".query_cdn_push_server_response",
    "QueryIndividualRecordingServerResponse": ".query_individual_recording_server_response",
    "QueryIndividualScreenshotsServerResponse": ".query_individual_screenshots_server_response",
    "QueryMixHlsAndMp4ServerResponse": ".query_mix_hls_and_mp4_server_response",
    "QueryMixHlsServerResponse": ".query_mix_hls_server_response",
    "QueryResponse": ".query_response",
    "QueryResponseServerResponse": ".query_response_server_response",
    "QueryWebRecordingServerResponse": ".query_web_recording_server_response",
    "RecordedFile": ".recorded_file",
    "RecorderAudioStreamStateChangedDetails": ".recorder_audio_stream_state_changed_details",
    "RecorderLeaveDetails": ".recorder_leave_details",
    "RecorderSliceStartDetails": ".recorder_slice_start_details",
    "RecorderSnapshotFileDetails": ".recorder_snapshot_file_details",
    "RecorderStartedDetails": ".recorder_started_details",
    "RecorderVideoStreamStateChangedDetails": ".recorder_video_stream_state_changed_details",
    "RecordingFileConfig": ".recording_file_config",
    "RecordingStatus": ".recording_status",
    "RegionAffinity": ".region_affinity",
    "ReloadReason": ".reload_reason",
    "RenderMode": ".render_mode",
    "RtmpOutput": ".rtmp_output",
    "RtmpOutputState": ".rtmp_output_state",
    "RtmpPublishConfig": ".rtmp_publish_config",
    "RtmpPublishPayload": ".rtmp_publish_payload",
    "RtmpPublishService": ".rtmp_publish_service",
    "RtmpPublishServiceParam": ".rtmp_publish_service_param",
    "RtmpPublishServiceState": ".rtmp_publish_service_state",
    "RtmpPublishStatusDetails": ".rtmp_publish_status_details",
    "Scene": ".scene",
    "ServerSideEncryption": ".server_side_encryption",
    "ServiceRegion": ".service_region",
    "ServiceState": ".service_state",
    "SessionExitDetails": ".session_exit_details",
    "SessionFailoverDetails": ".session_failover_details",
    "SnapshotConfig": ".snapshot_config",
    "SnapshotFileType": ".snapshot_file_type",
    "StartRequest": ".start_request",
    "StartResponse": ".start_response",
    "StopClientRequest": ".stop_client_request",
    "StopIndividualRecordingServerResponse": ".stop_individual_recording_server_response",
    "StopIndividualScreenshotsServerResponse": ".stop_individual_screenshots_server_response",
    "StopMixHlsAndMp4ServerResponse": ".stop_mix_hls_and_mp4_server_response",
    "StopMixHlsServerResponse": ".stop_mix_hls_server_response",
    "StopRequest": ".stop_request",
    "StopResponse": ".stop_response",
    "StopResponseServerResponse": ".stop_response_server_response",
    "StopUploadServiceServerResponse": ".stop_upload_service_server_response",
    "StopWebRecordingServerResponse": ".stop_web_recording_server_response",
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
    "TranscodedUserDetails": ".transcoded_user_details",
    "TranscoderCompletedDetails": ".transcoder_completed_details",
    "TranscoderStartedDetails": ".transcoder_started_details",
    "TranscodingConfig": ".transcoding_config",
    "TranscodingResult": ".transcoding_result",
    "UpdateLayoutClientRequest": ".update_layout_client_request",
    "UpdateLayoutRequest": ".update_layout_request",
    "UpdateLayoutResponse": ".update_layout_response",
    "UpdateRequest": ".update_request",
    "UpdateResponse": ".update_response",
    "UploadPayload": ".upload_payload",
    "UploadServiceState": ".upload_service_state",
    "UploadedDetails": ".uploaded_details",
    "UploaderStartedDetails": ".uploader_started_details",
    "UploadingProgressDetails": ".uploading_progress_details",
    "UploadingStatus": ".uploading_status",
    "UserBackground": ".user_background",
    "UserTranscodingResult": ".user_transcoding_result",
    "VideoStreamType": ".video_stream_type",
    "VideoUidList": ".video_uid_list",
    "VodStartedDetails": ".vod_started_details",
    "VodTriggeredDetails": ".vod_triggered_details",
    "WebRecordedFile": ".web_recorded_file",
    "WebRecorderCapabilityLimitDetails": ".web_recorder_capability_limit_details",
    "WebRecorderPayload": ".web_recorder_payload",
    "WebRecorderReloadDetails": ".web_recorder_reload_details",
    "WebRecorderService": ".web_recorder_service",
    "WebRecorderServiceParam": ".web_recorder_service_param",
    "WebRecorderServiceState": ".web_recorder_service_state",
    "WebRecorderStartedDetails": ".web_recorder_started_details",
    "WebRecorderStoppedDetails": ".web_recorder_stopped_details",
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
    "AliVodDetails",
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
    "ExtensionServiceName",
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
    "NcsIpsData",
    "NcsIpsResponse",
    "NcsIpsService",
    "Notice",
    "NoticeDetails",
    "NoticePayload",
    "NoticeResponse",
    "PostponedTranscodingResult",
    "PostponeTranscodeFinalResultDetails",
    "PublishStatus",
    "QueryCdnPushServerResponse",
    "QueryIndividualRecordingServerResponse",
    "QueryIndividualScreenshotsServerResponse",
    "QueryMixHlsAndMp4ServerResponse",
    "QueryMixHlsServerResponse",
    "QueryResponse",
    "QueryResponseServerResponse",
    "QueryWebRecordingServerResponse",
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
    "RtmpPublishPayload",
    "RtmpPublishService",
    "RtmpPublishServiceParam",
    "RtmpPublishServiceState",
    "RtmpPublishStatusDetails",
    "Scene",
    "ServerSideEncryption",
    "ServiceRegion",
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
    "StopRequest",
    "StopResponse",
    "StopResponseServerResponse",
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
    "TranscodedUserDetails",
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
    "UploadPayload",
    "UploadServiceState",
    "UserBackground",
    "UserTranscodingResult",
    "VideoStreamType",
    "VideoUidList",
    "VodStartedDetails",
    "VodTriggeredDetails",
    "WebRecordedFile",
    "WebRecorderCapabilityLimitDetails",
    "WebRecorderPayload",
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
