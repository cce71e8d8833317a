from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar

from attrs import define as _attrs_define

from ..models.raw_av_file_type import RawAvFileType
from ..types import UNSET, Unset

T = TypeVar("T", bound="RawRecordingFileConfig")


@_attrs_define
class RawRecordingFileConfig:
    """Kinds of files to make in `raw` mode. Leave it out to take screenshots and nothing else."""

    av_file_type: list[RawAvFileType] | Unset = UNSET
    """ `["hls"]`, `["hls", "mp4"]`, or `["mp3"]` where sound alone is recorded. """

    def to_dict(self) -> dict[str, Any]:
        """The fields of this RawRecordingFileConfig by the names that they have on the wire."""
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
        """The RawRecordingFileConfig of these fields, which have the names of the wire."""
        d = dict(src_dict)
        _av_file_type = d.pop("avFileType", UNSET)
        av_file_type: list[RawAvFileType] | Unset = UNSET
        if _av_file_type is not UNSET:
            av_file_type = []
            for av_file_type_item_data in _av_file_type:
                av_file_type_item = RawAvFileType(av_file_type_item_data)

                av_file_type.append(av_file_type_item)

        raw_recording_file_config = cls(
            av_file_type=av_file_type,
        )

        return raw_recording_file_config
