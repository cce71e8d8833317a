from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, TypeVar

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..types import UNSET, Unset, hidden

if TYPE_CHECKING:
    from ..models.raw_recording_config import RawRecordingConfig
    from ..models.raw_recording_file_config import RawRecordingFileConfig
    from ..models.snapshot_config import SnapshotConfig
    from ..models.storage_config import StorageConfig


T = TypeVar("T", bound="RawStartClientRequest")


@_attrs_define
class RawStartClientRequest:
    """What to record in `raw` mode, and where to put it."""

    storage_config: StorageConfig
    """ The bucket that the files go to. A wrong value is not refused by the service: the recording runs and nothing
    arrives. """
    token: str | Unset = _attrs_field(default=UNSET, repr=hidden)
    """ Token for (cname, uid), where the project has an App Certificate. It cannot be renewed while recording, so
    it must outlive the recording. """
    recording_config: RawRecordingConfig | Unset = UNSET
    """ Which streams of the channel are recorded in `raw` mode, and how. """
    recording_file_config: RawRecordingFileConfig | Unset = UNSET
    """ Kinds of files to make in `raw` mode. Leave it out to take screenshots and nothing else. """
    snapshot_config: SnapshotConfig | Unset = UNSET
    """ Screenshots of each user, beside the recording or (without `recordingFileConfig`) instead of it. """

    def to_dict(self) -> dict[str, Any]:
        """The fields of this RawStartClientRequest by the names that they have on the wire."""
        storage_config = self.storage_config.to_dict()

        token = self.token

        recording_config: dict[str, Any] | Unset = UNSET
        if not isinstance(self.recording_config, Unset):
            recording_config = self.recording_config.to_dict()

        recording_file_config: dict[str, Any] | Unset = UNSET
        if not isinstance(self.recording_file_config, Unset):
            recording_file_config = self.recording_file_config.to_dict()

        snapshot_config: dict[str, Any] | Unset = UNSET
        if not isinstance(self.snapshot_config, Unset):
            snapshot_config = self.snapshot_config.to_dict()

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
        if snapshot_config is not UNSET:
            field_dict["snapshotConfig"] = snapshot_config

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        """The RawStartClientRequest of these fields, which have the names of the wire."""
        from ..models.raw_recording_config import RawRecordingConfig  # noqa: PLC0415
        from ..models.raw_recording_file_config import RawRecordingFileConfig  # noqa: PLC0415
        from ..models.snapshot_config import SnapshotConfig  # noqa: PLC0415
        from ..models.storage_config import StorageConfig  # noqa: PLC0415

        d = dict(src_dict)
        storage_config = StorageConfig.from_dict(d.pop("storageConfig"))

        token = d.pop("token", UNSET)

        _recording_config = d.pop("recordingConfig", UNSET)
        recording_config: RawRecordingConfig | Unset
        if isinstance(_recording_config, Unset):
            recording_config = UNSET
        else:
            recording_config = RawRecordingConfig.from_dict(_recording_config)

        _recording_file_config = d.pop("recordingFileConfig", UNSET)
        recording_file_config: RawRecordingFileConfig | Unset
        if isinstance(_recording_file_config, Unset):
            recording_file_config = UNSET
        else:
            recording_file_config = RawRecordingFileConfig.from_dict(_recording_file_config)

        _snapshot_config = d.pop("snapshotConfig", UNSET)
        snapshot_config: SnapshotConfig | Unset
        if isinstance(_snapshot_config, Unset):
            snapshot_config = UNSET
        else:
            snapshot_config = SnapshotConfig.from_dict(_snapshot_config)

        raw_start_client_request = cls(
            storage_config=storage_config,
            token=token,
            recording_config=recording_config,
            recording_file_config=recording_file_config,
            snapshot_config=snapshot_config,
        )

        return raw_start_client_request
