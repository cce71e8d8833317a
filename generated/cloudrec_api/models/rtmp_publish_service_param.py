from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, TypeVar

from attrs import define as _attrs_define

if TYPE_CHECKING:
    from ..models.rtmp_output import RtmpOutput


T = TypeVar("T", bound="RtmpPublishServiceParam")


@_attrs_define
class RtmpPublishServiceParam:
    """Where the recorded page is pushed to: one address of a CDN."""

    outputs: list[RtmpOutput]
    """ The address of the CDN; one, although it is a list. """

    def to_dict(self) -> dict[str, Any]:
        """The fields of this RtmpPublishServiceParam by the names that they have on the wire."""
        outputs = []
        for outputs_item_data in self.outputs:
            outputs_item = outputs_item_data.to_dict()
            outputs.append(outputs_item)

        field_dict: dict[str, Any] = {}

        field_dict.update(
            {
                "outputs": outputs,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        """The RtmpPublishServiceParam of these fields, which have the names of the wire."""
        from ..models.rtmp_output import RtmpOutput  # noqa: PLC0415

        d = dict(src_dict)
        outputs = []
        _outputs = d.pop("outputs")
        for outputs_item_data in _outputs:
            outputs_item = RtmpOutput.from_dict(outputs_item_data)

            outputs.append(outputs_item)

        rtmp_publish_service_param = cls(
            outputs=outputs,
        )

        return rtmp_publish_service_param
