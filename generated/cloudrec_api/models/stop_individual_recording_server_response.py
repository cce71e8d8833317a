from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, TypeVar, cast

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..models.file_list_mode import FileListMode
from ..models.uploading_status import UploadingStatus
from ..types import UNSET, Unset

if TYPE_CHECKING:
    from ..models.recorded_file import RecordedFile


T = TypeVar("T", bound="StopIndividualRecordingServerResponse")


@_attrs_define
class StopIndividualRecordingServerResponse:
    """End of an `individual` recording."""

    file_list_mode: FileListMode | str | Unset = UNSET
    """ Form of `fileList`; `json` here. """
    file_list: list[RecordedFile] | Unset = UNSET
    """ Files of the recording. """
    uploading_status: str | Unset | UploadingStatus = UNSET
    """ Where the files are. """
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        file_list_mode: str | Unset
        if isinstance(self.file_list_mode, Unset):
            file_list_mode = UNSET
        elif isinstance(self.file_list_mode, FileListMode):
            file_list_mode = self.file_list_mode
        else:
            file_list_mode = self.file_list_mode

        file_list: list[dict[str, Any]] | Unset = UNSET
        if not isinstance(self.file_list, Unset):
            file_list = []
            for file_list_item_data in self.file_list:
                file_list_item = file_list_item_data.to_dict()
                file_list.append(file_list_item)

        uploading_status: str | Unset
        if isinstance(self.uploading_status, Unset):
            uploading_status = UNSET
        elif isinstance(self.uploading_status, UploadingStatus):
            uploading_status = self.uploading_status
        else:
            uploading_status = self.uploading_status

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update({})
        if file_list_mode is not UNSET:
            field_dict["fileListMode"] = file_list_mode
        if file_list is not UNSET:
            field_dict["fileList"] = file_list
        if uploading_status is not UNSET:
            field_dict["uploadingStatus"] = uploading_status

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        from ..models.recorded_file import RecordedFile  # noqa: PLC0415

        d = dict(src_dict)

        def _parse_file_list_mode(data: object) -> FileListMode | str | Unset:
            if isinstance(data, Unset):
                return data
            try:
                if not isinstance(data, str):
                    raise TypeError()
                file_list_mode_type_0 = FileListMode(data)

                return file_list_mode_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(FileListMode | str | Unset, data)

        file_list_mode = _parse_file_list_mode(d.pop("fileListMode", UNSET))

        _file_list = d.pop("fileList", UNSET)
        file_list: list[RecordedFile] | Unset = UNSET
        if _file_list is not UNSET:
            file_list = []
            for file_list_item_data in _file_list:
                file_list_item = RecordedFile.from_dict(file_list_item_data)

                file_list.append(file_list_item)

        def _parse_uploading_status(data: object) -> str | Unset | UploadingStatus:
            if isinstance(data, Unset):
                return data
            try:
                if not isinstance(data, str):
                    raise TypeError()
                uploading_status_type_0 = UploadingStatus(data)

                return uploading_status_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(str | Unset | UploadingStatus, data)

        uploading_status = _parse_uploading_status(d.pop("uploadingStatus", UNSET))

        stop_individual_recording_server_response = cls(
            file_list_mode=file_list_mode,
            file_list=file_list,
            uploading_status=uploading_status,
        )

        stop_individual_recording_server_response.additional_properties = d
        return stop_individual_recording_server_response

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
