from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar, cast

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..types import UNSET, Unset

T = TypeVar("T", bound="SessionFailoverDetails")


@_attrs_define
class SessionFailoverDetails:
    """Event 12."""

    new_uid: int | str
    """ The recorder's user ID from now on. """
    msg_name: str | Unset = UNSET
    """ "session_failover". """
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        new_uid: int | str
        new_uid = self.new_uid

        msg_name = self.msg_name

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "newUid": new_uid,
            }
        )
        if msg_name is not UNSET:
            field_dict["msgName"] = msg_name

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = dict(src_dict)

        def _parse_new_uid(data: object) -> int | str:
            return cast(int | str, data)

        new_uid = _parse_new_uid(d.pop("newUid"))

        msg_name = d.pop("msgName", UNSET)

        session_failover_details = cls(
            new_uid=new_uid,
            msg_name=msg_name,
        )

        session_failover_details.additional_properties = d
        return session_failover_details

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
