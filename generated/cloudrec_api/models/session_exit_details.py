from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar, cast

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..models.exit_status import ExitStatus
from ..types import UNSET, Unset

T = TypeVar("T", bound="SessionExitDetails")


@_attrs_define
class SessionExitDetails:
    """Event 11."""

    msg_name: str | Unset = UNSET
    """ "session_exit". """
    exit_status: ExitStatus | int | Unset = UNSET
    """ How it ended. """
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        msg_name = self.msg_name

        exit_status: int | Unset
        if isinstance(self.exit_status, Unset):
            exit_status = UNSET
        elif isinstance(self.exit_status, ExitStatus):
            exit_status = self.exit_status
        else:
            exit_status = self.exit_status

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update({})
        if msg_name is not UNSET:
            field_dict["msgName"] = msg_name
        if exit_status is not UNSET:
            field_dict["exitStatus"] = exit_status

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = dict(src_dict)
        msg_name = d.pop("msgName", UNSET)

        def _parse_exit_status(data: object) -> ExitStatus | int | Unset:
            if isinstance(data, Unset):
                return data
            try:
                if not isinstance(data, int):
                    raise TypeError()
                exit_status_type_0 = ExitStatus(data)

                return exit_status_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(ExitStatus | int | Unset, data)

        exit_status = _parse_exit_status(d.pop("exitStatus", UNSET))

        session_exit_details = cls(
            msg_name=msg_name,
            exit_status=exit_status,
        )

        session_exit_details.additional_properties = d
        return session_exit_details

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
