from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, TypeVar

from attrs import define as _attrs_define

if TYPE_CHECKING:
    from ..models.update_layout_client_request import UpdateLayoutClientRequest


T = TypeVar("T", bound="UpdateLayoutRequest")


@_attrs_define
class UpdateLayoutRequest:
    """Body of `updateLayout`."""

    cname: str
    """ Channel to record. In `web` mode a name of your own for the recording, at most 1024 bytes. (App ID, cname,
    uid) names a recording; the same in every call. """
    uid: str
    """ User ID of the recorder in the channel, a decimal number from 1 to 4294967295 as a string. Nobody else in
    the channel may have it. """
    client_request: UpdateLayoutClientRequest
    """ The whole new layout. A field left out goes back to its default. """

    def to_dict(self) -> dict[str, Any]:
        """The fields of this UpdateLayoutRequest by the names that they have on the wire."""
        cname = self.cname

        uid = self.uid

        client_request = self.client_request.to_dict()

        field_dict: dict[str, Any] = {}

        field_dict.update(
            {
                "cname": cname,
                "uid": uid,
                "clientRequest": client_request,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        """The UpdateLayoutRequest of these fields, which have the names of the wire."""
        from ..models.update_layout_client_request import UpdateLayoutClientRequest  # noqa: PLC0415

        d = dict(src_dict)
        cname = d.pop("cname")

        uid = d.pop("uid")

        client_request = UpdateLayoutClientRequest.from_dict(d.pop("clientRequest"))

        update_layout_request = cls(
            cname=cname,
            uid=uid,
            client_request=client_request,
        )

        return update_layout_request
