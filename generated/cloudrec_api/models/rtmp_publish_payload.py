from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, TypeVar, cast

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..models.service_state import ServiceState
from ..types import UNSET, Unset

if TYPE_CHECKING:
    from ..models.rtmp_output_state import RtmpOutputState


T = TypeVar("T", bound="RtmpPublishPayload")


@_attrs_define
class RtmpPublishPayload:
    """What the CDN push reports."""

    state: ServiceState | str | Unset = UNSET
    """ State of the CDN push. """
    outputs: list[RtmpOutputState] | Unset = UNSET
    """ State of each address. """
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        state: str | Unset
        if isinstance(self.state, Unset):
            state = UNSET
        elif isinstance(self.state, ServiceState):
            state = self.state
        else:
            state = self.state

        outputs: list[dict[str, Any]] | Unset = UNSET
        if not isinstance(self.outputs, Unset):
            outputs = []
            for outputs_item_data in self.outputs:
                outputs_item = outputs_item_data.to_dict()
                outputs.append(outputs_item)

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update({})
        if state is not UNSET:
            field_dict["state"] = state
        if outputs is not UNSET:
            field_dict["outputs"] = outputs

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        from ..models.rtmp_output_state import RtmpOutputState  # noqa: PLC0415

        d = dict(src_dict)

        def _parse_state(data: object) -> ServiceState | str | Unset:
            if isinstance(data, Unset):
                return data
            try:
                if not isinstance(data, str):
                    raise TypeError()
                state_type_0 = ServiceState(data)

                return state_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(ServiceState | str | Unset, data)

        state = _parse_state(d.pop("state", UNSET))

        _outputs = d.pop("outputs", UNSET)
        outputs: list[RtmpOutputState] | Unset = UNSET
        if _outputs is not UNSET:
            outputs = []
            for outputs_item_data in _outputs:
                outputs_item = RtmpOutputState.from_dict(outputs_item_data)

                outputs.append(outputs_item)

        rtmp_publish_payload = cls(
            state=state,
            outputs=outputs,
        )

        rtmp_publish_payload.additional_properties = d
        return rtmp_publish_payload

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
