from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..types import UNSET, Unset

T = TypeVar("T", bound="CloudRecordingFileInfosDetails")


@_attrs_define
class CloudRecordingFileInfosDetails:
    """Event 4."""

    file_list: str
    """ Name of the playlist. """
    msg_name: str | Unset = UNSET
    """ "cloud_recording_file_infos". """
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        file_list = self.file_list

        msg_name = self.msg_name

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "fileList": file_list,
            }
        )
        if msg_name is not UNSET:
            field_dict["msgName"] = msg_name

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = dict(src_dict)
        file_list = d.pop("fileList")

        msg_name = d.pop("msgName", UNSET)

        cloud_recording_file_infos_details = cls(
            file_list=file_list,
            msg_name=msg_name,
        )

        cloud_recording_file_infos_details.additional_properties = d
        return cloud_recording_file_infos_details

    @property
    def additional_keys(self) -> list[str]:
        return list(self.additional_properties.keys())

    def __getitem__(self, key: str) -> Any:
        return self.additional_properties[key]

    def __setitem__(self, key: str, value: Any) -> None:
        self.additional_properties[key] = value

    def __delitem__(self, key: str) -> None:
        del self.additional_properties[key]

    def __contains__(self, key: str) -> bool:
        return key in self.additional_properties
