"""Contains all the data models used in inputs/outputs"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from .abort_policy import AbortPolicy
    from .acquire_client_request import AcquireClientRequest
    from .acquire_request import AcquireRequest
    from .acquire_response import AcquireResponse
    from .apps_collection import AppsCollection
    from .audio_channels import AudioChannels
    from .audio_profile import AudioProfile
    from .audio_sample_rate import AudioSampleRate
    from .audio_uid_list import AudioUidList
    from .av_file_type import AvFileType
    from .channel_type import ChannelType
    from .combination_policy import CombinationPolicy
    from .container_format import ContainerFormat
    from .decryption_mode import DecryptionMode
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
    from .mix_recording_config import MixRecordingConfig
    from .mix_start_client_request import MixStartClientRequest
    from .mix_update_client_request import MixUpdateClientRequest
    from .mixed_video_layout import MixedVideoLayout
    from .mode import Mode
    from .ncs_host import NcsHost
    from .ncs_ips_data import NcsIpsData
    from .ncs_ips_response import NcsIpsResponse
    from .ncs_ips_service import NcsIpsService
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
    from .recording_file_config import RecordingFileConfig
    from .recording_status import RecordingStatus
    from .region_affinity import RegionAffinity
    from .render_mode import RenderMode
    from .rtmp_output import RtmpOutput
    from .rtmp_output_state import RtmpOutputState
    from .rtmp_publish_config import RtmpPublishConfig
    from .rtmp_publish_payload import RtmpPublishPayload
    from .rtmp_publish_service import RtmpPublishService
    from .rtmp_publish_service_param import RtmpPublishServiceParam
    from .rtmp_publish_service_state import RtmpPublishServiceState
    from .scene import Scene
    from .server_side_encryption import ServerSideEncryption
    from .service_region import ServiceRegion
    from .service_state import ServiceState
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
    from .update_layout_client_request import UpdateLayoutClientRequest
    from .update_layout_request import UpdateLayoutRequest
    from .update_layout_response import UpdateLayoutResponse
    from .update_request import UpdateRequest
    from .update_response import UpdateResponse
    from .upload_payload import UploadPayload
    from .upload_service_state import UploadServiceState
    from .uploading_status import UploadingStatus
    from .user_background import UserBackground
    from .video_stream_type import VideoStreamType
    from .video_uid_list import VideoUidList
    from .web_recorded_file import WebRecordedFile
    from .web_recorder_payload import WebRecorderPayload
    from .web_recorder_service import WebRecorderService
    from .web_recorder_service_param import WebRecorderServiceParam
    from .web_recorder_service_state import WebRecorderServiceState
    from .web_recording_config import WebRecordingConfig
    from .web_start_client_request import WebStartClientRequest
    from .web_update_client_request import WebUpdateClientRequest

_MODULES = {
    "AbortPolicy": ".abort_policy",
    "AcquireClientRequest": ".acquire_client_request",
    "AcquireRequest": ".acquire_request",
    "AcquireResponse": ".acquire_response",
    "AppsCollection": ".apps_collection",
    "AudioChannels": ".audio_channels",
    "AudioProfile": ".audio_profile",
    "AudioSampleRate": ".audio_sample_rate",
    "AudioUidList": ".audio_uid_list",
    "AvFileType": ".av_file_type",
    "ChannelType": ".channel_type",
    "CombinationPolicy": ".combination_policy",
    "ContainerFormat": ".container_format",
    "DecryptionMode": ".decryption_mode",
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
    "MixRecordingConfig": ".mix_recording_config",
    "MixStartClientRequest": ".mix_start_client_request",
    "MixUpdateClientRequest": ".mix_update_client_request",
    "MixedVideoLayout": ".mixed_video_layout",
    "Mode": ".mode",
    "NcsHost": ".ncs_host",
    "NcsIpsData": ".ncs_ips_data",
    "NcsIpsResponse": ".ncs_ips_response",
    "NcsIpsService": ".ncs_ips_service",
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
    "RecordingFileConfig": ".recording_file_config",
    "RecordingStatus": ".recording_status",
    "RegionAffinity": ".region_affinity",
    "RenderMode": ".render_mode",
    "RtmpOutput": ".rtmp_output",
    "RtmpOutputState": ".rtmp_output_state",
    "RtmpPublishConfig": ".rtmp_publish_config",
    "RtmpPublishPayload": ".rtmp_publish_payload",
    "RtmpPublishService": ".rtmp_publish_service",
    "RtmpPublishServiceParam": ".rtmp_publish_service_param",
    "RtmpPublishServiceState": ".rtmp_publish_service_state",
    "Scene": ".scene",
    "ServerSideEncryption": ".server_side_encryption",
    "ServiceRegion": ".service_region",
    "ServiceState": ".service_state",
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
    "UpdateLayoutClientRequest": ".update_layout_client_request",
    "UpdateLayoutRequest": ".update_layout_request",
    "UpdateLayoutResponse": ".update_layout_response",
    "UpdateRequest": ".update_request",
    "UpdateResponse": ".update_response",
    "UploadPayload": ".upload_payload",
    "UploadServiceState": ".upload_service_state",
    "UploadingStatus": ".uploading_status",
    "UserBackground": ".user_background",
    "VideoStreamType": ".video_stream_type",
    "VideoUidList": ".video_uid_list",
    "WebRecordedFile": ".web_recorded_file",
    "WebRecorderPayload": ".web_recorder_payload",
    "WebRecorderService": ".web_recorder_service",
    "WebRecorderServiceParam": ".web_recorder_service_param",
    "WebRecorderServiceState": ".web_recorder_service_state",
    "WebRecordingConfig": ".web_recording_config",
    "WebStartClientRequest": ".web_start_client_request",
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
    "ChannelType",
    "CombinationPolicy",
    "ContainerFormat",
    "DecryptionMode",
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
    "MixedVideoLayout",
    "MixRecordingConfig",
    "MixStartClientRequest",
    "MixUpdateClientRequest",
    "Mode",
    "NcsHost",
    "NcsIpsData",
    "NcsIpsResponse",
    "NcsIpsService",
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
    "RecordingFileConfig",
    "RecordingStatus",
    "RegionAffinity",
    "RenderMode",
    "RtmpOutput",
    "RtmpOutputState",
    "RtmpPublishConfig",
    "RtmpPublishPayload",
    "RtmpPublishService",
    "RtmpPublishServiceParam",
    "RtmpPublishServiceState",
    "Scene",
    "ServerSideEncryption",
    "ServiceRegion",
    "ServiceState",
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
    "StreamSubscribe",
    "StreamTypes",
    "SubscribeUidGroup",
    "TrackType",
    "TranscodeAudio",
    "TranscodeContainer",
    "TranscodeOptions",
    "TranscodingConfig",
    "TransConfig",
    "TransMode",
    "UpdateLayoutClientRequest",
    "UpdateLayoutRequest",
    "UpdateLayoutResponse",
    "UpdateRequest",
    "UpdateResponse",
    "UploadingStatus",
    "UploadPayload",
    "UploadServiceState",
    "UserBackground",
    "VideoStreamType",
    "VideoUidList",
    "WebRecordedFile",
    "WebRecorderPayload",
    "WebRecorderService",
    "WebRecorderServiceParam",
    "WebRecorderServiceState",
    "WebRecordingConfig",
    "WebStartClientRequest",
    "WebUpdateClientRequest",
)
