from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, TypeVar

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..types import UNSET, Unset, hidden

if TYPE_CHECKING:
    from ..models.extension_service_config import ExtensionServiceConfig
    from ..models.recording_file_config import RecordingFileConfig
    from ..models.storage_config import StorageConfig


T = TypeVar("T", bound="WebStartClientRequest")


@_attrs_define
class WebStartClientRequest:
    """Which page to record in `web` mode, and where to put it."""

    storage_config: StorageConfig
    """ The bucket that the files go to. A wrong value is not refused by the service: the recording runs and nothing
    arrives. """
    extension_service_config: ExtensionServiceConfig
    """ The page to record and, if asked for, the CDN to push it to. """
    token: str | Unset = _attrs_field(default=UNSET, repr=hidden)
    """ Token for (cname, uid), where the project has an App Certificate. It cannot be renewed while recording, so
    it must outlive the recording. """
    recording_file_config: RecordingFileConfig | Unset = UNSET
    """ Kinds of files to make in `mix` and `web` mode; HLS where it is left out. """

    def to_dict(self) -> dict[str, Any]:
        """The fields of this WebStartClientRequest by the names that they have on the wire."""
        storage_config = self.storage_config.to_dict()

        extension_service_config = self.extension_service_config.to_dict()

        token = self.token

        recording_file_config: dict[str, Any] | Unset = UNSET
        if not isinstance(self.recording_file_config, Unset):
            recording_file_config = self.recording_file_config.to_dict()

        field_dict: dict[str, Any] = {}

        field_dict.update(
            {
                "storageConfig": storage_config,
                "extensionServiceConfig": extension_service_config,
            }
        )
        if token is not UNSET:
            field_dict["token"] = token
        if recording_file_config is not UNSET:
            field_dict["recordingFileConfig"] = recording_file_config

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        """The WebStartClientRequest of these fields, which have the names of the wire."""
        from ..models.extension_service_config import ExtensionServiceConfig  # noqa: PLC0415
        from ..models.recording_file_config import RecordingFileConfig  # noqa: PLC0415
        from ..models.storage_config import StorageConfig  # noqa: PLC0415

        d = dict(src_dict)
        storage_config = StorageConfig.from_dict(d.pop("storageConfig"))

        extension_service_config = ExtensionServiceConfig.from_dict(d.pop("extensionServiceConfig"))

        token = d.pop("token", UNSET)

        _recording_file_config = d.pop("recordingFileConfig", UNSET)
        recording_file_config: RecordingFileConfig | Unset
        if isinstance(_recording_file_config, Unset):
            recording_file_config = UNSET
        else:
            recording_file_config = RecordingFileConfig.from_dict(_recording_file_config)

        web_start_client_request = cls(
            storage_config=storage_config,
            extension_service_config=extension_service_config,
            token=token,
            recording_file_config=recording_file_config,
        )

        return web_start_client_request
