from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, TypeVar, cast

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..models.storage_vendor import StorageVendor
from ..types import UNSET, Unset, hidden

if TYPE_CHECKING:
    from ..models.storage_extension_params import StorageExtensionParams


T = TypeVar("T", bound="StorageConfig")


@_attrs_define
class StorageConfig:
    """The bucket that the files go to. A wrong value is not refused by the service: the recording runs and nothing
    arrives.

    """

    vendor: StorageVendor
    """ 1 Amazon S3, 2 Alibaba Cloud OSS, 3 Tencent Cloud COS, 5 Microsoft Azure, 6 Google Cloud, 7 Huawei Cloud
    OBS, 8 Baidu BOS, 11 anything that speaks S3. """
    bucket: str
    """ Name of the bucket. For Azure, of the container. """
    access_key: str = _attrs_field(repr=hidden)
    """ Access key with the right to write. For Azure, the account name. """
    secret_key: str = _attrs_field(repr=hidden)
    """ Secret that belongs to the access key. """
    region: int | Unset = UNSET
    """ Number of the bucket's region in the vendor's list. Without effect for vendors 5, 6 and 11. """
    sts_token: str | Unset = _attrs_field(default=UNSET, repr=hidden)
    """ Session token of short-lived credentials, for vendors 1, 2 and 3. Renew it by `update` every 60 minutes. """
    sts_expiration: int | Unset = UNSET
    """ When the session token ends, in seconds since 1970. At least 4 hours of life are asked for. """
    file_name_prefix: list[str] | Unset = UNSET
    """ Folders to put the files into, outermost first. Letters and digits; 128 characters in all, slashes counted.
    """
    extension_params: StorageExtensionParams | Unset = UNSET
    """ What some vendors take beside the keys: encryption at rest, a tag, a host name. """

    def to_dict(self) -> dict[str, Any]:
        """The fields of this StorageConfig by the names that they have on the wire."""
        vendor = self.vendor

        bucket = self.bucket

        access_key = self.access_key

        secret_key = self.secret_key

        region = self.region

        sts_token = self.sts_token

        sts_expiration = self.sts_expiration

        file_name_prefix: list[str] | Unset = UNSET
        if not isinstance(self.file_name_prefix, Unset):
            file_name_prefix = self.file_name_prefix

        extension_params: dict[str, Any] | Unset = UNSET
        if not isinstance(self.extension_params, Unset):
            extension_params = self.extension_params.to_dict()

        field_dict: dict[str, Any] = {}

        field_dict.update(
            {
                "vendor": vendor,
                "bucket": bucket,
                "accessKey": access_key,
                "secretKey": secret_key,
            }
        )
        if region is not UNSET:
            field_dict["region"] = region
        if sts_token is not UNSET:
            field_dict["stsToken"] = sts_token
        if sts_expiration is not UNSET:
            field_dict["stsExpiration"] = sts_expiration
        if file_name_prefix is not UNSET:
            field_dict["fileNamePrefix"] = file_name_prefix
        if extension_params is not UNSET:
            field_dict["extensionParams"] = extension_params

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        """The StorageConfig of these fields, which have the names of the wire."""
        from ..models.storage_extension_params import StorageExtensionParams  # noqa: PLC0415

        d = dict(src_dict)
        vendor = StorageVendor(d.pop("vendor"))

        bucket = d.pop("bucket")

        access_key = d.pop("accessKey")

        secret_key = d.pop("secretKey")

        region = d.pop("region", UNSET)

        sts_token = d.pop("stsToken", UNSET)

        sts_expiration = d.pop("stsExpiration", UNSET)

        file_name_prefix = cast(list[str], d.pop("fileNamePrefix", UNSET))

        _extension_params = d.pop("extensionParams", UNSET)
        extension_params: StorageExtensionParams | Unset
        if isinstance(_extension_params, Unset):
            extension_params = UNSET
        else:
            extension_params = StorageExtensionParams.from_dict(_extension_params)

        storage_config = cls(
            vendor=vendor,
            bucket=bucket,
            access_key=access_key,
            secret_key=secret_key,
            region=region,
            sts_token=sts_token,
            sts_expiration=sts_expiration,
            file_name_prefix=file_name_prefix,
            extension_params=extension_params,
        )

        return storage_config
