from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar, cast

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..models.storage_vendor import StorageVendor
from ..types import UNSET, Unset

T = TypeVar("T", bound="DownloadFailedDetails")


@_attrs_define
class DownloadFailedDetails:
    """Event 90."""

    file_name: str
    """ Names of the playlists and slices that could not be fetched, with ";" between them. """
    msg_name: str | Unset = UNSET
    """ "download_failed". """
    vendor: int | StorageVendor | Unset = UNSET
    """ Vendor of the bucket, as in `start`. """
    region: int | Unset = UNSET
    """ Region of the bucket, as in `start`. """
    bucket: str | Unset = UNSET
    """ Name of the bucket, as in `start`. """
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        file_name = self.file_name

        msg_name = self.msg_name

        vendor: int | Unset
        if isinstance(self.vendor, Unset):
            vendor = UNSET
        elif isinstance(self.vendor, StorageVendor):
            vendor = self.vendor
        else:
            vendor = self.vendor

        region = self.region

        bucket = self.bucket

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "fileName": file_name,
            }
        )
        if msg_name is not UNSET:
            field_dict["msgName"] = msg_name
        if vendor is not UNSET:
            field_dict["vendor"] = vendor
        if region is not UNSET:
            field_dict["region"] = region
        if bucket is not UNSET:
            field_dict["bucket"] = bucket

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = dict(src_dict)
        file_name = d.pop("fileName")

        msg_name = d.pop("msgName", UNSET)

        def _parse_vendor(data: object) -> int | StorageVendor | Unset:
            if isinstance(data, Unset):
                return data
            try:
                if not isinstance(data, int):
                    raise TypeError()
                vendor_type_0 = StorageVendor(data)

                return vendor_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(int | StorageVendor | Unset, data)

        vendor = _parse_vendor(d.pop("vendor", UNSET))

        region = d.pop("region", UNSET)

        bucket = d.pop("bucket", UNSET)

        download_failed_details = cls(
            file_name=file_name,
            msg_name=msg_name,
            vendor=vendor,
            region=region,
            bucket=bucket,
        )

        download_failed_details.additional_properties = d
        return download_failed_details

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
