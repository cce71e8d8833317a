from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar

from attrs import define as _attrs_define

from ..models.server_side_encryption import ServerSideEncryption
from ..types import UNSET, Unset

T = TypeVar("T", bound="StorageExtensionParams")


@_attrs_define
class StorageExtensionParams:
    """What some vendors take beside the keys: encryption at rest, a tag, a host name."""

    sse: ServerSideEncryption | Unset = UNSET
    """ Whose keys the files are encrypted with at rest; Amazon S3 only. """
    tag: str | Unset = UNSET
    """ Tag put on every file. Amazon S3 and Alibaba Cloud only. """
    endpoint: str | Unset = UNSET
    """ Host name of the S3-compatible storage. """

    def to_dict(self) -> dict[str, Any]:
        """The fields of this StorageExtensionParams by the names that they have on the wire."""
        sse: str | Unset = UNSET
        if not isinstance(self.sse, Unset):
            sse = self.sse

        tag = self.tag

        endpoint = self.endpoint

        field_dict: dict[str, Any] = {}

        field_dict.update({})
        if sse is not UNSET:
            field_dict["sse"] = sse
        if tag is not UNSET:
            field_dict["tag"] = tag
        if endpoint is not UNSET:
            field_dict["endpoint"] = endpoint

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        """The StorageExtensionParams of these fields, which have the names of the wire."""
        d = dict(src_dict)
        _sse = d.pop("sse", UNSET)
        sse: ServerSideEncryption | Unset
        if isinstance(_sse, Unset):
            sse = UNSET
        else:
            sse = ServerSideEncryption(_sse)

        tag = d.pop("tag", UNSET)

        endpoint = d.pop("endpoint", UNSET)

        storage_extension_params = cls(
            sse=sse,
            tag=tag,
            endpoint=endpoint,
        )

        return storage_extension_params
