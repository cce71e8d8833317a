from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar, cast

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..models.recording_status import RecordingStatus
from ..types import UNSET, Unset

T = TypeVar("T", bound="QueryIndividualScreenshotsServerResponse")


@_attrs_define
class QueryIndividualScreenshotsServerResponse:
    """State of an `individual` recording that takes screenshots only."""

    status: int | RecordingStatus | Unset = UNSET
    """ State of the recording. """
    slice_start_time: int | str | Unset = UNSET
    """ When the recording began, in milliseconds since 1970. """
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        status: int | Unset
        if isinstance(self.status, Unset):
            status = UNSET
        elif isinstance(self.status, RecordingStatus):
            status = self.status
        else:
            status = self.status

        slice_start_time: int | str | Unset
        if isinstance(self.slice_start_time, Unset):
            slice_start_time = UNSET
        else:
            slice_start_time = self.slice_start_time

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update({})
        if status is not UNSET:
            field_dict["status"] = status
        if slice_start_time is not UNSET:
            field_dict["sliceStartTime"] = slice_start_time

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = dict(src_dict)

        def _parse_status(data: object) -> int | RecordingStatus | Unset:
            if isinstance(data, Unset):
                return data
            try:
                if not isinstance(data, int):
                    raise TypeError()
                status_type_0 = RecordingStatus(data)

                return status_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(int | RecordingStatus | Unset, data)

        status = _parse_status(d.pop("status", UNSET))

        def _parse_slice_start_time(data: object) -> int | str | Unset:
            if isinstance(data, Unset):
                return data
            return cast(int | str | Unset, data)

        slice_start_time = _parse_slice_start_time(d.pop("sliceStartTime", UNSET))

        query_individual_screenshots_server_response = cls(
            status=status,
            slice_start_time=slice_start_time,
        )

        query_individual_screenshots_server_response.additional_properties = d
        return query_individual_screenshots_server_response

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
