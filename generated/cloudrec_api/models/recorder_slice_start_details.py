from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar, cast

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..models.track_type import TrackType
from ..types import UNSET, Unset

T = TypeVar("T", bound="RecorderSliceStartDetails")


@_attrs_define
class RecorderSliceStartDetails:
    """Event 42."""

    start_utc_ms: int
    """ When the first slice begins, in milliseconds since 1970. """
    msg_name: str | Unset = UNSET
    """ "recorder_slice_start". """
    discontinue_utc_ms: int | Unset = UNSET
    """ The same, or, where the recording had been interrupted, when the last slice before that ended. In
    milliseconds since 1970. """
    mixed_all_user: bool | Unset = UNSET
    """ Whether everyone is in the one file. """
    stream_uid: str | Unset = UNSET
    """ Whose stream it is. "0" where everyone is in it. """
    track_type: str | TrackType | Unset = UNSET
    """ What the file holds. """
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        start_utc_ms = self.start_utc_ms

        msg_name = self.msg_name

        discontinue_utc_ms = self.discontinue_utc_ms

        mixed_all_user = self.mixed_all_user

        stream_uid = self.stream_uid

        track_type: str | Unset
        if isinstance(self.track_type, Unset):
            track_type = UNSET
        elif isinstance(self.track_type, TrackType):
            track_type = self.track_type
        else:
            track_type = self.track_type

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "startUtcMs": start_utc_ms,
            }
        )
        if msg_name is not UNSET:
            field_dict["msgName"] = msg_name
        if discontinue_utc_ms is not UNSET:
            field_dict["discontinueUtcMs"] = discontinue_utc_ms
        if mixed_all_user is not UNSET:
            field_dict["mixedAllUser"] = mixed_all_user
        if stream_uid is not UNSET:
            field_dict["streamUid"] = stream_uid
        if track_type is not UNSET:
            field_dict["trackType"] = track_type

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = dict(src_dict)
        start_utc_ms = d.pop("startUtcMs")

        msg_name = d.pop("msgName", UNSET)

        discontinue_utc_ms = d.pop("discontinueUtcMs", UNSET)

        mixed_all_user = d.pop("mixedAllUser", UNSET)

        stream_uid = d.pop("streamUid", UNSET)

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

        recorder_slice_start_details = cls(
            start_utc_ms=start_utc_ms,
            msg_name=msg_name,
            discontinue_utc_ms=discontinue_utc_ms,
            mixed_all_user=mixed_all_user,
            stream_uid=stream_uid,
            track_type=track_type,
        )

        recorder_slice_start_details.additional_properties = d
        return recorder_slice_start_details

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
