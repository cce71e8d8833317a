from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, TypeVar, cast

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..models.file_list_mode import FileListMode
from ..models.recording_status import RecordingStatus
from ..types import UNSET, Unset

if TYPE_CHECKING:
    from ..models.recorded_file import RecordedFile


T = TypeVar("T", bound="QueryMixHlsAndMp4ServerResponse")


@_attrs_define
class QueryMixHlsAndMp4ServerResponse:
    """State of a `mix` recording that makes HLS and MP4."""

    status: int | RecordingStatus | Unset = UNSET
    """ State of the recording. """
    file_list_mode: FileListMode | str | Unset = UNSET
    """ Form of `fileList`; `json` here. """
    file_list: list[RecordedFile] | Unset = UNSET
    """ Files so far. """
    slice_start_time: int | str | Unset = UNSET
    """ When the recording began, in milliseconds since 1970. """
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        status: int | Unset
        if isinstance(self.status, Unset):
            status = UNSET
        elif isinstance(self.status, RecordingStatus):
            status = self.status
        else:
            status = self.status

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

        slice_start_time: int | str | Unset
        if isinstance(self.slice_start_time, Unset):
            slice_start_time = UNSET
        else:
            slice_start_time = self.slice_start_time

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update({})
        if status is not UNSET:
            field_dict["status"] = status
        if file_list_mode is not UNSET:
            field_dict["fileListMode"] = file_list_mode
        if file_list is not UNSET:
            field_dict["fileList"] = file_list
        if slice_start_time is not UNSET:
            field_dict["sliceStartTime"] = slice_start_time

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        from ..models.recorded_file import RecordedFile  # noqa: PLC0415

        d = dict(src_dict)

        def _parse_status(data: object) -> int | RecordingStatus | Unset:
            if isinstance(data, Unset):
                return data
            try:
                if not isinstance(data, int):
                    raise TypeError()
                status_type_0 = RecordingStatus(data)

                return status_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(int | RecordingStatus | Unset, data)

        status = _parse_status(d.pop("status", UNSET))

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

        def _parse_slice_start_time(data: object) -> int | str | Unset:
            if isinstance(data, Unset):
                return data
            return cast(int | str | Unset, data)

        slice_start_time = _parse_slice_start_time(d.pop("sliceStartTime", UNSET))

        query_mix_hls_and_mp4_server_response = cls(
            status=status,
            file_list_mode=file_list_mode,
            file_list=file_list,
            slice_start_time=slice_start_time,
        )

        query_mix_hls_and_mp4_server_response.additional_properties = d
        return query_mix_hls_and_mp4_server_response

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
