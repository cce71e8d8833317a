from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar

from attrs import define as _attrs_define

from ..models.snapshot_file_type import SnapshotFileType
from ..types import UNSET, Unset

T = TypeVar("T", bound="SnapshotConfig")


@_attrs_define
class SnapshotConfig:
    """Screenshots of each user, beside the recording or (without `recordingFileConfig`) instead of it."""

    file_type: list[SnapshotFileType]
    """ `["jpg"]`. """
    capture_interval: int | Unset = UNSET
    """ Seconds between two screenshots, which are taken at key frames alone. 1 to 3600. """

    def to_dict(self) -> dict[str, Any]:
        """The fields of this SnapshotConfig by the names that they have on the wire."""
        file_type = []
        for file_type_item_data in self.file_type:
            file_type_item = file_type_item_data
            file_type.append(file_type_item)

        capture_interval = self.capture_interval

        field_dict: dict[str, Any] = {}

        field_dict.update(
            {
                "fileType": file_type,
            }
        )
        if capture_interval is not UNSET:
            field_dict["captureInterval"] = capture_interval

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        """The SnapshotConfig of these fields, which have the names of the wire."""
        d = dict(src_dict)
        file_type = []
        _file_type = d.pop("fileType")
        for file_type_item_data in _file_type:
            file_type_item = SnapshotFileType(file_type_item_data)

            file_type.append(file_type_item)

        capture_interval = d.pop("captureInterval", UNSET)

        snapshot_config = cls(
            file_type=file_type,
            capture_interval=capture_interval,
        )

        return snapshot_config
