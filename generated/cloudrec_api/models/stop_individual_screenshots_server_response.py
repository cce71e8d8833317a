from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar, cast

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..models.uploading_status import UploadingStatus
from ..types import UNSET, Unset

T = TypeVar("T", bound="StopIndividualScreenshotsServerResponse")


@_attrs_define
class StopIndividualScreenshotsServerResponse:
    """End of an `individual` recording that took screenshots only."""

    uploading_status: str | Unset | UploadingStatus = UNSET
    """ Where the files are. """
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
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
        if uploading_status is not UNSET:
            field_dict["uploadingStatus"] = uploading_status

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = dict(src_dict)

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

        stop_individual_screenshots_server_response = cls(
            uploading_status=uploading_status,
        )

        stop_individual_screenshots_server_response.additional_properties = d
        return stop_individual_screenshots_server_response

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
