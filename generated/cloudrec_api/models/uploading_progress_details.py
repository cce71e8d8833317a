from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..types import UNSET, Unset

T = TypeVar("T", bound="UploadingProgressDetails")


@_attrs_define
class UploadingProgressDetails:
    """Event 33."""

    progress: int
    """ Files uploaded, of those recorded, in hundredths of a per cent, 0 to 10000. """
    msg_name: str | Unset = UNSET
    """ "uploading_progress". """
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        progress = self.progress

        msg_name = self.msg_name

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "progress": progress,
            }
        )
        if msg_name is not UNSET:
            field_dict["msgName"] = msg_name

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = dict(src_dict)
        progress = d.pop("progress")

        msg_name = d.pop("msgName", UNSET)

        uploading_progress_details = cls(
            progress=progress,
            msg_name=msg_name,
        )

        uploading_progress_details.additional_properties = d
        return uploading_progress_details

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
