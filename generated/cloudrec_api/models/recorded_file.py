from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar, cast

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..models.track_type import TrackType
from ..types import UNSET, Unset

T = TypeVar("T", bound="RecordedFile")


@_attrs_define
class RecordedFile:
    """One file of a recording in `individual` or `mix` mode."""

    file_name: str | Unset = UNSET
    """ Name of the playlist or MP4 file. """
    track_type: str | TrackType | Unset = UNSET
    """ What the file holds. """
    uid: str | Unset = UNSET
    """ Whose stream it is. "0" where everyone is in it. """
    mixed_all_user: bool | Unset = UNSET
    """ Whether everyone is in this one file. """
    is_playable: bool | Unset = UNSET
    """ Whether the file can be played now. """
    slice_start_time: int | str | Unset = UNSET
    """ When the file begins, in milliseconds since 1970. """
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        file_name = self.file_name

        track_type: str | Unset
        if isinstance(self.track_type, Unset):
            track_type = UNSET
        elif isinstance(self.track_type, TrackType):
            track_type = self.track_type
        else:
            track_type = self.track_type

        uid = self.uid

        mixed_all_user = self.mixed_all_user

        is_playable = self.is_playable

        slice_start_time: int | str | Unset
        if isinstance(self.slice_start_time, Unset):
            slice_start_time = UNSET
        else:
            slice_start_time = self.slice_start_time

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update({})
        if file_name is not UNSET:
            field_dict["fileName"] = file_name
        if track_type is not UNSET:
            field_dict["trackType"] = track_type
        if uid is not UNSET:
            field_dict["uid"] = uid
        if mixed_all_user is not UNSET:
            field_dict["mixedAllUser"] = mixed_all_user
        if is_playable is not UNSET:
            field_dict["isPlayable"] = is_playable
        if slice_start_time is not UNSET:
            field_dict["sliceStartTime"] = slice_start_time

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = dict(src_dict)
        file_name = d.pop("fileName", UNSET)

        def _parse_track_type(data: object) -> str | TrackType | Unset:
            if isinstance(data, Unset):
                return data
            try:
                if not isinstance(data, str):
                    raise TypeError()
                track_type_type_0 = TrackType(data)

                return track_type_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(str | TrackType | Unset, data)

        track_type = _parse_track_type(d.pop("trackType", UNSET))

        uid = d.pop("uid", UNSET)

        mixed_all_user = d.pop("mixedAllUser", UNSET)

        is_playable = d.pop("isPlayable", UNSET)

        def _parse_slice_start_time(data: object) -> int | str | Unset:
            if isinstance(data, Unset):
                return data
            return cast(int | str | Unset, data)

        slice_start_time = _parse_slice_start_time(d.pop("sliceStartTime", UNSET))

        recorded_file = cls(
            file_name=file_name,
            track_type=track_type,
            uid=uid,
            mixed_all_user=mixed_all_user,
            is_playable=is_playable,
            slice_start_time=slice_start_time,
        )

        recorded_file.additional_properties = d
        return recorded_file

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
