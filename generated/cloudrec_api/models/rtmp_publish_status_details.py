from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar, cast

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..models.publish_status import PublishStatus
from ..types import UNSET, Unset, hidden

T = TypeVar("T", bound="RtmpPublishStatusDetails")


@_attrs_define
class RtmpPublishStatusDetails:
    """Event 100."""

    status: int | PublishStatus | str
    """ Whether the stream gets there. """
    msg_name: str | Unset = UNSET
    """ "rtmp_publish_status". """
    rtmp_url: str | Unset = _attrs_field(default=UNSET, repr=hidden)
    """ The address that the stream is pushed to. """
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        status: int | str
        if isinstance(self.status, PublishStatus):
            status = self.status
        else:
            status = self.status

        msg_name = self.msg_name

        rtmp_url = self.rtmp_url

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "status": status,
            }
        )
        if msg_name is not UNSET:
            field_dict["msgName"] = msg_name
        if rtmp_url is not UNSET:
            field_dict["rtmpUrl"] = rtmp_url

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = dict(src_dict)

        def _parse_status(data: object) -> int | PublishStatus | str:
            try:
                if not isinstance(data, str):
                    raise TypeError()
                status_type_0 = PublishStatus(data)

                return status_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(int | PublishStatus | str, data)

        status = _parse_status(d.pop("status"))

        msg_name = d.pop("msgName", UNSET)

        rtmp_url = d.pop("rtmpUrl", UNSET)

        rtmp_publish_status_details = cls(
            status=status,
            msg_name=msg_name,
            rtmp_url=rtmp_url,
        )

        rtmp_publish_status_details.additional_properties = d
        return rtmp_publish_status_details

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
