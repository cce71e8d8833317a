from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar, cast

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..models.stream_state import StreamState
from ..types import UNSET, Unset

T = TypeVar("T", bound="RecorderVideoStreamStateChangedDetails")


@_attrs_define
class RecorderVideoStreamStateChangedDetails:
    """Event 44."""

    stream_uid: str
    """ Whose picture it is. "0" is the mixed picture. """
    state: int | StreamState
    """ Whether it comes in. """
    msg_name: str | Unset = UNSET
    """ "recorder_video_stream_state_changed". """
    utc_ms: int | Unset = UNSET
    """ When that changed, in milliseconds since 1970. """
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        stream_uid = self.stream_uid

        state: int
        if isinstance(self.state, StreamState):
            state = self.state
        else:
            state = self.state

        msg_name = self.msg_name

        utc_ms = self.utc_ms

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "streamUid": stream_uid,
                "state": state,
            }
        )
        if msg_name is not UNSET:
            field_dict["msgName"] = msg_name
        if utc_ms is not UNSET:
            field_dict["UtcMs"] = utc_ms

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = dict(src_dict)
        stream_uid = d.pop("streamUid")

        def _parse_state(data: object) -> int | StreamState:
            try:
                if not isinstance(data, int):
                    raise TypeError()
                state_type_0 = StreamState(data)

                return state_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(int | StreamState, data)

        state = _parse_state(d.pop("state"))

        msg_name = d.pop("msgName", UNSET)

        utc_ms = d.pop("UtcMs", UNSET)

        recorder_video_stream_state_changed_details = cls(
            stream_uid=stream_uid,
            state=state,
            msg_name=msg_name,
            utc_ms=utc_ms,
        )

        recorder_video_stream_state_changed_details.additional_properties = d
        return recorder_video_stream_state_changed_details

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
