from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar, cast

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..models.event_module import EventModule
from ..types import UNSET, Unset

T = TypeVar("T", bound="CloudRecordingWarningDetails")


@_attrs_define
class CloudRecordingWarningDetails:
    """Event 2."""

    msg_name: str | Unset = UNSET
    """ "cloud_recording_warning". """
    module: EventModule | int | Unset = UNSET
    """ Where the warning comes from. """
    warn_code: int | Unset = UNSET
    """ Number of the warning. Of the uploader: 31 a slice is uploaded once more, 32 it is uploaded to the
    provider's backup. """
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        msg_name = self.msg_name

        module: int | Unset
        if isinstance(self.module, Unset):
            module = UNSET
        elif isinstance(self.module, EventModule):
            module = self.module
        else:
            module = self.module

        warn_code = self.warn_code

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update({})
        if msg_name is not UNSET:
            field_dict["msgName"] = msg_name
        if module is not UNSET:
            field_dict["module"] = module
        if warn_code is not UNSET:
            field_dict["warnCode"] = warn_code

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = dict(src_dict)
        msg_name = d.pop("msgName", UNSET)

        def _parse_module(data: object) -> EventModule | int | Unset:
            if isinstance(data, Unset):
                return data
            try:
                if not isinstance(data, int):
                    raise TypeError()
                module_type_0 = EventModule(data)

                return module_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(EventModule | int | Unset, data)

        module = _parse_module(d.pop("module", UNSET))

        warn_code = d.pop("warnCode", UNSET)

        cloud_recording_warning_details = cls(
            msg_name=msg_name,
            module=module,
            warn_code=warn_code,
        )

        cloud_recording_warning_details.additional_properties = d
        return cloud_recording_warning_details

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
