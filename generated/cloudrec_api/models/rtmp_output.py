from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..types import hidden

T = TypeVar("T", bound="RtmpOutput")


@_attrs_define
class RtmpOutput:
    """One address of a CDN that a recorded web page is pushed to."""

    rtmp_url: str = _attrs_field(repr=hidden)
    """ An rtmp or rtmps address. """

    def to_dict(self) -> dict[str, Any]:
        """The fields of this RtmpOutput by the names that they have on the wire."""
        rtmp_url = self.rtmp_url

        field_dict: dict[str, Any] = {}

        field_dict.update(
            {
                "rtmpUrl": rtmp_url,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        """The RtmpOutput of these fields, which have the names of the wire."""
        d = dict(src_dict)
        rtmp_url = d.pop("rtmpUrl")

        rtmp_output = cls(
            rtmp_url=rtmp_url,
        )

        return rtmp_output
