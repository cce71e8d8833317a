from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, TypeVar

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..types import UNSET, Unset

if TYPE_CHECKING:
    from ..models.upload_service_state import UploadServiceState


T = TypeVar("T", bound="StopUploadServiceServerResponse")


@_attrs_define
class StopUploadServiceServerResponse:
    """End of a `web` recording's upload, where it is reported alone."""

    extension_service_state: list[UploadServiceState] | Unset = UNSET
    """ The upload. """
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        extension_service_state: list[dict[str, Any]] | Unset = UNSET
        if not isinstance(self.extension_service_state, Unset):
            extension_service_state = []
            for extension_service_state_item_data in self.extension_service_state:
                extension_service_state_item = extension_service_state_item_data.to_dict()
                extension_service_state.append(extension_service_state_item)

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update({})
        if extension_service_state is not UNSET:
            field_dict["extensionServiceState"] = extension_service_state

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        from ..models.upload_service_state import UploadServiceState  # noqa: PLC0415

        d = dict(src_dict)
        _extension_service_state = d.pop("extensionServiceState", UNSET)
        extension_service_state: list[UploadServiceState] | Unset = UNSET
        if _extension_service_state is not UNSET:
            extension_service_state = []
            for extension_service_state_item_data in _extension_service_state:
                extension_service_state_item = UploadServiceState.from_dict(extension_service_state_item_data)

                extension_service_state.append(extension_service_state_item)

        stop_upload_service_server_response = cls(
            extension_service_state=extension_service_state,
        )

        stop_upload_service_server_response.additional_properties = d
        return stop_upload_service_server_response

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
