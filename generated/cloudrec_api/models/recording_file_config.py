from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar

from attrs import define as _attrs_define

from ..models.av_file_type import AvFileType
from ..types import UNSET, Unset

T = TypeVar("T", bound="RecordingFileConfig")


@_attrs_define
class RecordingFileConfig:
    """Kinds of files to make in `mix` and `web` mode; HLS where it is left out."""

    av_file_type: list[AvFileType] | Unset = UNSET
    """ `["hls"]`, or `["hls", "mp4"]`. """

    def to_dict(self) -> dict[str, Any]:
        """The fields of this RecordingFileConfig by the names that they have on the wire."""
        av_file_type: list[str] | Unset = UNSET
        if not isinstance(self.av_file_type, Unset):
            av_file_type = []
            for av_file_type_item_data in self.av_file_type:
                av_file_type_item = av_file_type_item_data
                av_file_type.append(av_file_type_item)

        field_dict: dict[str, Any] = {}

        field_dict.update({})
        if av_file_type is not UNSET:
            field_dict["avFileType"] = av_file_type

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        """The RecordingFileConfig of these fields, which have the names of the wire."""
        d = dict(src_dict)
        _av_file_type = d.pop("avFileType", UNSET)
        av_file_type: list[AvFileType] | Unset = UNSET
        if _av_file_type is not UNSET:
            av_file_type = []
            for av_file_type_item_data in _av_file_type:
                av_file_type_item = AvFileType(av_file_type_item_data)

                av_file_type.append(av_file_type_item)

        recording_file_config = cls(
            av_file_type=av_file_type,
        )

        return recording_file_config
