from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..types import UNSET, Unset

T = TypeVar("T", bound="RecorderLeaveDetails")


@_attrs_define
class RecorderLeaveDetails:
    """Event 41."""

    msg_name: str | Unset = UNSET
    """ "recorder_leave". """
    leave_code: int | Unset = UNSET
    """ Sum of LeaveReason bits. 0 means that the recorder could not be set up. """
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        msg_name = self.msg_name

        leave_code = self.leave_code

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update({})
        if msg_name is not UNSET:
            field_dict["msgName"] = msg_name
        if leave_code is not UNSET:
            field_dict["leaveCode"] = leave_code

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = dict(src_dict)
        msg_name = d.pop("msgName", UNSET)

        leave_code = d.pop("leaveCode", UNSET)

        recorder_leave_details = cls(
            msg_name=msg_name,
            leave_code=leave_code,
        )

        recorder_leave_details.additional_properties = d
        return recorder_leave_details

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
