from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar, cast

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..models.recording_status import RecordingStatus
from ..types import UNSET, Unset

T = TypeVar("T", bound="CloudRecordingStatusUpdateDetails")


@_attrs_define
class CloudRecordingStatusUpdateDetails:
    """Event 3."""

    status: int | RecordingStatus
    """ State of the recording. """
    msg_name: str | Unset = UNSET
    """ "cloud_recording_status_update". """
    recording_mode: int | Unset = UNSET
    """ Mode of the recording, 0 or 1. Sources disagree on which is which. """
    file_list: str | Unset = UNSET
    """ Name of the playlist. """
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        status: int
        if isinstance(self.status, RecordingStatus):
            status = self.status
        else:
            status = self.status

        msg_name = self.msg_name

        recording_mode = self.recording_mode

        file_list = self.file_list

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "status": status,
            }
        )
        if msg_name is not UNSET:
            field_dict["msgName"] = msg_name
        if recording_mode is not UNSET:
            field_dict["recordingMode"] = recording_mode
        if file_list is not UNSET:
            field_dict["fileList"] = file_list

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = dict(src_dict)

        def _parse_status(data: object) -> int | RecordingStatus:
            try:
                if not isinstance(data, int):
                    raise TypeError()
                status_type_0 = RecordingStatus(data)

                return status_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(int | RecordingStatus, data)

        status = _parse_status(d.pop("status"))

        msg_name = d.pop("msgName", UNSET)

        recording_mode = d.pop("recordingMode", UNSET)

        file_list = d.pop("fileList", UNSET)

        cloud_recording_status_update_details = cls(
            status=status,
            msg_name=msg_name,
            recording_mode=recording_mode,
            file_list=file_list,
        )

        cloud_recording_status_update_details.additional_properties = d
        return cloud_recording_status_update_details

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
