from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar, cast

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..types import UNSET, Unset

T = TypeVar("T", bound="WebRecordedFile")


@_attrs_define
class WebRecordedFile:
    """One file of a `web` recording."""

    filename: str | Unset = UNSET
    """ Name of the playlist or MP4 file. """
    slice_start_time: int | str | Unset = UNSET
    """ When the file begins, in milliseconds since 1970. """
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        filename = self.filename

        slice_start_time: int | str | Unset
        if isinstance(self.slice_start_time, Unset):
            slice_start_time = UNSET
        else:
            slice_start_time = self.slice_start_time

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update({})
        if filename is not UNSET:
            field_dict["filename"] = filename
        if slice_start_time is not UNSET:
            field_dict["sliceStartTime"] = slice_start_time

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = dict(src_dict)
        filename = d.pop("filename", UNSET)

        def _parse_slice_start_time(data: object) -> int | str | Unset:
            if isinstance(data, Unset):
                return data
            return cast(int | str | Unset, data)

        slice_start_time = _parse_slice_start_time(d.pop("sliceStartTime", UNSET))

        web_recorded_file = cls(
            filename=filename,
            slice_start_time=slice_start_time,
        )

        web_recorded_file.additional_properties = d
        return web_recorded_file

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
