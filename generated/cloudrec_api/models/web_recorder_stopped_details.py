from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, TypeVar, cast

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..models.web_stop_code import WebStopCode
from ..types import UNSET, Unset

if TYPE_CHECKING:
    from ..models.recorded_file import RecordedFile


T = TypeVar("T", bound="WebRecorderStoppedDetails")


@_attrs_define
class WebRecorderStoppedDetails:
    """Event 71."""

    msg_name: str | Unset = UNSET
    """ "web_recorder_stopped". """
    code: int | Unset | WebStopCode = UNSET
    """ Why it stopped. """
    message: str | Unset = UNSET
    """ Why it stopped, in a word, such as "max_recording_hour". """
    details: str | Unset = UNSET
    """ Why it stopped, in more words. """
    file_list: list[RecordedFile] | Unset = UNSET
    """ Files of the recording. """
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        msg_name = self.msg_name

        code: int | Unset
        if isinstance(self.code, Unset):
            code = UNSET
        elif isinstance(self.code, WebStopCode):
            code = self.code
        else:
            code = self.code

        message = self.message

        details = self.details

        file_list: list[dict[str, Any]] | Unset = UNSET
        if not isinstance(self.file_list, Unset):
            file_list = []
            for file_list_item_data in self.file_list:
                file_list_item = file_list_item_data.to_dict()
                file_list.append(file_list_item)

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update({})
        if msg_name is not UNSET:
            field_dict["msgName"] = msg_name
        if code is not UNSET:
            field_dict["code"] = code
        if message is not UNSET:
            field_dict["message"] = message
        if details is not UNSET:
            field_dict["details"] = details
        if file_list is not UNSET:
            field_dict["fileList"] = file_list

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        from ..models.recorded_file import RecordedFile  # noqa: PLC0415

        d = dict(src_dict)
        msg_name = d.pop("msgName", UNSET)

        def _parse_code(data: object) -> int | Unset | WebStopCode:
            if isinstance(data, Unset):
                return data
            try:
                if not isinstance(data, int):
                    raise TypeError()
                code_type_0 = WebStopCode(data)

                return code_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(int | Unset | WebStopCode, data)

        code = _parse_code(d.pop("code", UNSET))

        message = d.pop("message", UNSET)

        details = d.pop("details", UNSET)

        _file_list = d.pop("fileList", UNSET)
        file_list: list[RecordedFile] | Unset = UNSET
        if _file_list is not UNSET:
            file_list = []
            for file_list_item_data in _file_list:
                file_list_item = RecordedFile.from_dict(file_list_item_data)

                file_list.append(file_list_item)

        web_recorder_stopped_details = cls(
            msg_name=msg_name,
            code=code,
            message=message,
            details=details,
            file_list=file_list,
        )

        web_recorder_stopped_details.additional_properties = d
        return web_recorder_stopped_details

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
