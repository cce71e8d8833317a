from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar

from attrs import define as _attrs_define

from ..types import UNSET, Unset

T = TypeVar("T", bound="StopClientRequest")


@_attrs_define
class StopClientRequest:
    """Whether `stop` is answered at once or after the upload."""

    async_stop: bool | Unset = UNSET
    """ True answers at once, false after the upload. """

    def to_dict(self) -> dict[str, Any]:
        """The fields of this StopClientRequest by the names that they have on the wire."""
        async_stop = self.async_stop

        field_dict: dict[str, Any] = {}

        field_dict.update({})
        if async_stop is not UNSET:
            field_dict["async_stop"] = async_stop

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        """The StopClientRequest of these fields, which have the names of the wire."""
        d = dict(src_dict)
        async_stop = d.pop("async_stop", UNSET)

        stop_client_request = cls(
            async_stop=async_stop,
        )

        return stop_client_request
