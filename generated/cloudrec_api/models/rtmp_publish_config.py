from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, TypeVar

from attrs import define as _attrs_define

from ..types import UNSET, Unset

if TYPE_CHECKING:
    from ..models.rtmp_output import RtmpOutput


T = TypeVar("T", bound="RtmpPublishConfig")


@_attrs_define
class RtmpPublishConfig:
    """The address to push to from now on, in place of the old one."""

    outputs: list[RtmpOutput] | Unset = UNSET
    """ The address of the CDN; one, although it is a list. """

    def to_dict(self) -> dict[str, Any]:
        """The fields of this RtmpPublishConfig by the names that they have on the wire."""
        outputs: list[dict[str, Any]] | Unset = UNSET
        if not isinstance(self.outputs, Unset):
            outputs = []
            for outputs_item_data in self.outputs:
                outputs_item = outputs_item_data.to_dict()
                outputs.append(outputs_item)

        field_dict: dict[str, Any] = {}

        field_dict.update({})
        if outputs is not UNSET:
            field_dict["outputs"] = outputs

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        """The RtmpPublishConfig of these fields, which have the names of the wire."""
        from ..models.rtmp_output import RtmpOutput  # noqa: PLC0415

        d = dict(src_dict)
        _outputs = d.pop("outputs", UNSET)
        outputs: list[RtmpOutput] | Unset = UNSET
        if _outputs is not UNSET:
            outputs = []
            for outputs_item_data in _outputs:
                outputs_item = RtmpOutput.from_dict(outputs_item_data)

                outputs.append(outputs_item)

        rtmp_publish_config = cls(
            outputs=outputs,
        )

        return rtmp_publish_config
