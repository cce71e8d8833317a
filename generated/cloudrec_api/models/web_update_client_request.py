from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, TypeVar

from attrs import define as _attrs_define

from ..types import UNSET, Unset

if TYPE_CHECKING:
    from ..models.rtmp_publish_config import RtmpPublishConfig
    from ..models.storage_config import StorageConfig
    from ..models.web_recording_config import WebRecordingConfig


T = TypeVar("T", bound="WebUpdateClientRequest")


@_attrs_define
class WebUpdateClientRequest:
    """What to change about a `web` recording."""

    web_recording_config: WebRecordingConfig | Unset = UNSET
    """ Pauses the recording of a web page, or goes on with it. """
    rtmp_publish_config: RtmpPublishConfig | Unset = UNSET
    """ The address to push to from now on, in place of the old one. """
    storage_config: StorageConfig | Unset = UNSET
    """ The bucket that the files go to. A wrong value is not refused by the service: the recording runs and nothing
    arrives. """

    def to_dict(self) -> dict[str, Any]:
        """The fields of this WebUpdateClientRequest by the names that they have on the wire."""
        web_recording_config: dict[str, Any] | Unset = UNSET
        if not isinstance(self.web_recording_config, Unset):
            web_recording_config = self.web_recording_config.to_dict()

        rtmp_publish_config: dict[str, Any] | Unset = UNSET
        if not isinstance(self.rtmp_publish_config, Unset):
            rtmp_publish_config = self.rtmp_publish_config.to_dict()

        storage_config: dict[str, Any] | Unset = UNSET
        if not isinstance(self.storage_config, Unset):
            storage_config = self.storage_config.to_dict()

        field_dict: dict[str, Any] = {}

        field_dict.update({})
        if web_recording_config is not UNSET:
            field_dict["webRecordingConfig"] = web_recording_config
        if rtmp_publish_config is not UNSET:
            field_dict["rtmpPublishConfig"] = rtmp_publish_config
        if storage_config is not UNSET:
            field_dict["storageConfig"] = storage_config

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        """The WebUpdateClientRequest of these fields, which have the names of the wire."""
        from ..models.rtmp_publish_config import RtmpPublishConfig  # noqa: PLC0415
        from ..models.storage_config import StorageConfig  # noqa: PLC0415
        from ..models.web_recording_config import WebRecordingConfig  # noqa: PLC0415

        d = dict(src_dict)
        _web_recording_config = d.pop("webRecordingConfig", UNSET)
        web_recording_config: WebRecordingConfig | Unset
        if isinstance(_web_recording_config, Unset):
            web_recording_config = UNSET
        else:
            web_recording_config = WebRecordingConfig.from_dict(_web_recording_config)

        _rtmp_publish_config = d.pop("rtmpPublishConfig", UNSET)
        rtmp_publish_config: RtmpPublishConfig | Unset
        if isinstance(_rtmp_publish_config, Unset):
            rtmp_publish_config = UNSET
        else:
            rtmp_publish_config = RtmpPublishConfig.from_dict(_rtmp_publish_config)

        _storage_config = d.pop("storageConfig", UNSET)
        storage_config: StorageConfig | Unset
        if isinstance(_storage_config, Unset):
            storage_config = UNSET
        else:
            storage_config = StorageConfig.from_dict(_storage_config)

        web_update_client_request = cls(
            web_recording_config=web_recording_config,
            rtmp_publish_config=rtmp_publish_config,
            storage_config=storage_config,
        )

        return web_update_client_request
