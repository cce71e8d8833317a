from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar, cast

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..models.error_level import ErrorLevel
from ..models.event_module import EventModule
from ..types import UNSET, Unset

T = TypeVar("T", bound="CloudRecordingErrorDetails")


@_attrs_define
class CloudRecordingErrorDetails:
    """Event 1."""

    msg_name: str | Unset = UNSET
    """ "cloud_recording_error". """
    module: EventModule | int | Unset = UNSET
    """ Where the error comes from. """
    error_level: ErrorLevel | int | Unset = UNSET
    """ How grave it is. """
    error_code: int | Unset = UNSET
    """ Number of the error. Of the uploader: 32 storage is set up wrongly, 47 a file could not be uploaded, 51 a
    file could not be worked on. Of the recording as a whole: 50 the upload took too long, 52 the start took too
    long. """
    stat: int | Unset = UNSET
    """ 0 is normal, anything else is not. """
    error_msg: str | Unset = UNSET
    """ The error in words. """
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

        error_level: int | Unset
        if isinstance(self.error_level, Unset):
            error_level = UNSET
        elif isinstance(self.error_level, ErrorLevel):
            error_level = self.error_level
        else:
            error_level = self.error_level

        error_code = self.error_code

        stat = self.stat

        error_msg = self.error_msg

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update({})
        if msg_name is not UNSET:
            field_dict["msgName"] = msg_name
        if module is not UNSET:
            field_dict["module"] = module
        if error_level is not UNSET:
            field_dict["errorLevel"] = error_level
        if error_code is not UNSET:
            field_dict["errorCode"] = error_code
        if stat is not UNSET:
            field_dict["stat"] = stat
        if error_msg is not UNSET:
            field_dict["errorMsg"] = error_msg

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

        def _parse_error_level(data: object) -> ErrorLevel | int | Unset:
            if isinstance(data, Unset):
                return data
            try:
                if not isinstance(data, int):
                    raise TypeError()
                error_level_type_0 = ErrorLevel(data)

                return error_level_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(ErrorLevel | int | Unset, data)

        error_level = _parse_error_level(d.pop("errorLevel", UNSET))

        error_code = d.pop("errorCode", UNSET)

        stat = d.pop("stat", UNSET)

        error_msg = d.pop("errorMsg", UNSET)

        cloud_recording_error_details = cls(
            msg_name=msg_name,
            module=module,
            error_level=error_level,
            error_code=error_code,
            stat=stat,
            error_msg=error_msg,
        )

        cloud_recording_error_details.additional_properties = d
        return cloud_recording_error_details

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
