from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, TypeVar

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..types import UNSET, Unset

if TYPE_CHECKING:
    from ..models.recorded_file import RecordedFile


T = TypeVar("T", bound="BackupedDetails")


@_attrs_define
class BackupedDetails:
    """Event 32."""

    msg_name: str | Unset = UNSET
    """ "backuped". """
    status: int | Unset = UNSET
    """ 0 is normal, anything else is not. """
    file_list: list[RecordedFile] | Unset = UNSET
    """ Files of the recording; not sent in `web` mode. """
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        msg_name = self.msg_name

        status = self.status

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
        if status is not UNSET:
            field_dict["status"] = status
        if file_list is not UNSET:
            field_dict["fileList"] = file_list

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        from ..models.recorded_file import RecordedFile  # noqa: PLC0415

        d = dict(src_dict)
        msg_name = d.pop("msgName", UNSET)

        status = d.pop("status", UNSET)

        _file_list = d.pop("fileList", UNSET)
        file_list: list[RecordedFile] | Unset = UNSET
        if _file_list is not UNSET:
            file_list = []
            for file_list_item_data in _file_list:
                file_list_item = RecordedFile.from_dict(file_list_item_data)

                file_list.append(file_list_item)

        backuped_details = cls(
            msg_name=msg_name,
            status=status,
            file_list=file_list,
        )

        backuped_details.additional_properties = d
        return backuped_details

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
