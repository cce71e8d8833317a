from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, TypeVar

from attrs import define as _attrs_define

if TYPE_CHECKING:
    from ..models.stop_client_request import StopClientRequest


T = TypeVar("T", bound="StopRequest")


@_attrs_define
class StopRequest:
    """Body of `stop`."""

    cname: str
    """ Channel to record. In `web` mode a name of your own for the recording, at most 1024 bytes. (App ID, cname,
    uid) names a recording; the same in every call. """
    uid: str
    """ User ID of the recorder in the channel, a decimal number from 1 to 4294967295 as a string. Nobody else in
    the channel may have it. """
    client_request: StopClientRequest
    """ Whether `stop` is answered at once or after the upload. """

    def to_dict(self) -> dict[str, Any]:
        """The fields of this StopRequest by the names that they have on the wire."""
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
        """The StopRequest of these fields, which have the names of the wire."""
        from ..models.stop_client_request import StopClientRequest  # noqa: PLC0415

        d = dict(src_dict)
        cname = d.pop("cname")

        uid = d.pop("uid")

        client_request = StopClientRequest.from_dict(d.pop("clientRequest"))

        stop_request = cls(
            cname=cname,
            uid=uid,
            client_request=client_request,
        )

        return stop_request
