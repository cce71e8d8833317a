from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar

from attrs import define as _attrs_define

from ..models.container_format import ContainerFormat
from ..types import UNSET, Unset

T = TypeVar("T", bound="TranscodeContainer")


@_attrs_define
class TranscodeContainer:
    """Format of the files that are made after the recording."""

    format_: ContainerFormat | Unset = UNSET
    """ `mp4` for deferred transcoding; `mp3`, `m4a` or `aac` for deferred mixing. """

    def to_dict(self) -> dict[str, Any]:
        """The fields of this TranscodeContainer by the names that they have on the wire."""
        format_: str | Unset = UNSET
        if not isinstance(self.format_, Unset):
            format_ = self.format_

        field_dict: dict[str, Any] = {}

        field_dict.update({})
        if format_ is not UNSET:
            field_dict["format"] = format_

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        """The TranscodeContainer of these fields, which have the names of the wire."""
        d = dict(src_dict)
        _format_ = d.pop("format", UNSET)
        format_: ContainerFormat | Unset
        if isinstance(_format_, Unset):
            format_ = UNSET
        else:
            format_ = ContainerFormat(_format_)

        transcode_container = cls(
            format_=format_,
        )

        return transcode_container
