from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, TypeVar

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..types import UNSET, Unset, hidden

if TYPE_CHECKING:
    from ..models.mix_recording_config import MixRecordingConfig
    from ..models.recording_file_config import RecordingFileConfig
    from ..models.storage_config import StorageConfig


T = TypeVar("T", bound="MixStartClientRequest")


@_attrs_define
class MixStartClientRequest:
    """What to record in `mix` mode, and where to put it."""

    storage_config: StorageConfig
    """ The bucket that the files go to. A wrong value is not refused by the service: the recording runs and nothing
    arrives. """
    token: str | Unset = _attrs_field(default=UNSET, repr=hidden)
    """ Token for (cname, uid), where the project has an App Certificate. It cannot be renewed while recording, so
    it must outlive the recording. """
    recording_config: MixRecordingConfig | Unset = UNSET
    """ Which streams of the channel are recorded in `mix` mode, and into what picture. """
    recording_file_config: RecordingFileConfig | Unset = UNSET
    """ Kinds of files to make in `mix` and `web` mode; HLS where it is left out. """

    def to_dict(self) -> dict[str, Any]:
        """The fields of this MixStartClientRequest by the names that they have on the wire."""
        storage_config = self.storage_config.to_dict()

        token = self.token

        recording_config: dict[str, Any] | Unset = UNSET
        if not isinstance(self.recording_config, Unset):
            recording_config = self.recording_config.to_dict()

        recording_file_config: dict[str, Any] | Unset = UNSET
        if not isinstance(self.recording_file_config, Unset):
            recording_file_config = self.recording_file_config.to_dict()

        field_dict: dict[str, Any] = {}

        field_dict.update(
            {
                "storageConfig": storage_config,
            }
        )
        if token is not UNSET:
            field_dict["token"] = token
        if recording_config is not UNSET:
            field_dict["recordingConfig"] = recording_config
        if recording_file_config is not UNSET:
            field_dict["recordingFileConfig"] = recording_file_config

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        """The MixStartClientRequest of these fields, which have the names of the wire."""
        from ..models.mix_recording_config import MixRecordingConfig  # noqa: PLC0415
        from ..models.recording_file_config import RecordingFileConfig  # noqa: PLC0415
        from ..models.storage_config import StorageConfig  # noqa: PLC0415

        d = dict(src_dict)
        storage_config = StorageConfig.from_dict(d.pop("storageConfig"))

        token = d.pop("token", UNSET)

        _recording_config = d.pop("recordingConfig", UNSET)
        recording_config: MixRecordingConfig | Unset
        if isinstance(_recording_config, Unset):
            recording_config = UNSET
        else:
            recording_config = MixRecordingConfig.from_dict(_recording_config)

        _recording_file_config = d.pop("recordingFileConfig", UNSET)
        recording_file_config: RecordingFileConfig | Unset
        if isinstance(_recording_file_config, Unset):
            recording_file_config = UNSET
        else:
            recording_file_config = RecordingFileConfig.from_dict(_recording_file_config)

        mix_start_client_request = cls(
            storage_config=storage_config,
            token=token,
            recording_config=recording_config,
            recording_file_config=recording_file_config,
        )

        return mix_start_client_request
