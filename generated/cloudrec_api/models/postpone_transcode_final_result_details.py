from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, TypeVar, cast

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..models.postponed_transcoding_result import PostponedTranscodingResult
from ..types import UNSET, Unset

if TYPE_CHECKING:
    from ..models.recorded_file import RecordedFile


T = TypeVar("T", bound="PostponeTranscodeFinalResultDetails")


@_attrs_define
class PostponeTranscodeFinalResultDetails:
    """Event 1001."""

    result: PostponedTranscodingResult | str
    """ What came of it. """
    msg_name: str | Unset = UNSET
    """ "postpone_transcode_final_result". """
    file_list: list[RecordedFile] | Unset = UNSET
    """ MP4 files. """
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        result: str
        if isinstance(self.result, PostponedTranscodingResult):
            result = self.result
        else:
            result = self.result

        msg_name = self.msg_name

        file_list: list[dict[str, Any]] | Unset = UNSET
        if not isinstance(self.file_list, Unset):
            file_list = []
            for file_list_item_data in self.file_list:
                file_list_item = file_list_item_data.to_dict()
                file_list.append(file_list_item)

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "result": result,
            }
        )
        if msg_name is not UNSET:
            field_dict["msgName"] = msg_name
        if file_list is not UNSET:
            field_dict["fileList"] = file_list

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        from ..models.recorded_file import RecordedFile  # noqa: PLC0415

        d = dict(src_dict)

        def _parse_result(data: object) -> PostponedTranscodingResult | str:
            try:
                if not isinstance(data, str):
                    raise TypeError()
                result_type_0 = PostponedTranscodingResult(data)

                return result_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(PostponedTranscodingResult | str, data)

        result = _parse_result(d.pop("result"))

        msg_name = d.pop("msgName", UNSET)

        _file_list = d.pop("fileList", UNSET)
        file_list: list[RecordedFile] | Unset = UNSET
        if _file_list is not UNSET:
            file_list = []
            for file_list_item_data in _file_list:
                file_list_item = RecordedFile.from_dict(file_list_item_data)

                file_list.append(file_list_item)

        postpone_transcode_final_result_details = cls(
            result=result,
            msg_name=msg_name,
            file_list=file_list,
        )

        postpone_transcode_final_result_details.additional_properties = d
        return postpone_transcode_final_result_details

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
