from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar, cast

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..models.capability_limit_type import CapabilityLimitType
from ..types import UNSET, Unset

T = TypeVar("T", bound="WebRecorderCapabilityLimitDetails")


@_attrs_define
class WebRecorderCapabilityLimitDetails:
    """Event 72."""

    msg_name: str | Unset = UNSET
    """ "web_recorder_capability_limit". """
    limit_type: CapabilityLimitType | str | Unset = UNSET
    """ What of the page cannot be recorded. """
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        msg_name = self.msg_name

        limit_type: str | Unset
        if isinstance(self.limit_type, Unset):
            limit_type = UNSET
        elif isinstance(self.limit_type, CapabilityLimitType):
            limit_type = self.limit_type
        else:
            limit_type = self.limit_type

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update({})
        if msg_name is not UNSET:
            field_dict["msgName"] = msg_name
        if limit_type is not UNSET:
            field_dict["limitType"] = limit_type

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = dict(src_dict)
        msg_name = d.pop("msgName", UNSET)

        def _parse_limit_type(data: object) -> CapabilityLimitType | str | Unset:
            if isinstance(data, Unset):
                return data
            try:
                if not isinstance(data, str):
                    raise TypeError()
                limit_type_type_0 = CapabilityLimitType(data)

                return limit_type_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(CapabilityLimitType | str | Unset, data)

        limit_type = _parse_limit_type(d.pop("limitType", UNSET))

        web_recorder_capability_limit_details = cls(
            msg_name=msg_name,
            limit_type=limit_type,
        )

        web_recorder_capability_limit_details.additional_properties = d
        return web_recorder_capability_limit_details

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
