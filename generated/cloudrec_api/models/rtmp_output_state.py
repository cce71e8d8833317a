from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar, cast

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..models.publish_status import PublishStatus
from ..types import UNSET, Unset, hidden

T = TypeVar("T", bound="RtmpOutputState")


@_attrs_define
class RtmpOutputState:
    """State of one address."""

    rtmp_url: str | Unset = _attrs_field(default=UNSET, repr=hidden)
    """ The address. """
    status: PublishStatus | str | Unset = UNSET
    """ State of the push to it. """
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        rtmp_url = self.rtmp_url

        status: str | Unset
        if isinstance(self.status, Unset):
            status = UNSET
        elif isinstance(self.status, PublishStatus):
            status = self.status
        else:
            status = self.status

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update({})
        if rtmp_url is not UNSET:
            field_dict["rtmpUrl"] = rtmp_url
        if status is not UNSET:
            field_dict["status"] = status

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = dict(src_dict)
        rtmp_url = d.pop("rtmpUrl", UNSET)

        def _parse_status(data: object) -> PublishStatus | str | Unset:
            if isinstance(data, Unset):
                return data
            try:
                if not isinstance(data, str):
                    raise TypeError()
                status_type_0 = PublishStatus(data)

                return status_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(PublishStatus | str | Unset, data)

        status = _parse_status(d.pop("status", UNSET))

        rtmp_output_state = cls(
            rtmp_url=rtmp_url,
            status=status,
        )

        rtmp_output_state.additional_properties = d
        return rtmp_output_state

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
