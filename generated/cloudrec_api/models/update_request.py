from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, TypeVar

from attrs import define as _attrs_define

if TYPE_CHECKING:
    from ..models.individual_update_client_request import IndividualUpdateClientRequest
    from ..models.mix_update_client_request import MixUpdateClientRequest
    from ..models.raw_update_client_request import RawUpdateClientRequest
    from ..models.web_update_client_request import WebUpdateClientRequest


T = TypeVar("T", bound="UpdateRequest")


@_attrs_define
class UpdateRequest:
    """Body of `update`. Which fields `clientRequest` takes depends on the mode in the path."""

    cname: str
    """ Channel to record. In `web` mode a name of your own for the recording, at most 1024 bytes. (App ID, cname,
    uid) names a recording; the same in every call. """
    uid: str
    """ User ID of the recorder in the channel, a decimal number from 1 to 4294967295 as a string. Nobody else in
    the channel may have it. """
    client_request: (
        IndividualUpdateClientRequest | MixUpdateClientRequest | RawUpdateClientRequest | WebUpdateClientRequest
    )

    def to_dict(self) -> dict[str, Any]:
        """The fields of this UpdateRequest by the names that they have on the wire."""
        from ..models.individual_update_client_request import (
            IndividualUpdateClientRequest,  # noqa: PLC0415
        )
        from ..models.mix_update_client_request import MixUpdateClientRequest  # noqa: PLC0415
        from ..models.web_update_client_request import WebUpdateClientRequest  # noqa: PLC0415

        cname = self.cname

        uid = self.uid

        client_request: dict[str, Any]
        if isinstance(self.client_request, IndividualUpdateClientRequest):
            client_request = self.client_request.to_dict()
        elif isinstance(self.client_request, MixUpdateClientRequest):
            client_request = self.client_request.to_dict()
        elif isinstance(self.client_request, WebUpdateClientRequest):
            client_request = self.client_request.to_dict()
        else:
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
        """The UpdateRequest of these fields, which have the names of the wire."""
        from ..models.individual_update_client_request import (
            IndividualUpdateClientRequest,  # noqa: PLC0415
        )
        from ..models.mix_update_client_request import MixUpdateClientRequest  # noqa: PLC0415
        from ..models.raw_update_client_request import RawUpdateClientRequest  # noqa: PLC0415
        from ..models.web_update_client_request import WebUpdateClientRequest  # noqa: PLC0415

        d = dict(src_dict)
        cname = d.pop("cname")

        uid = d.pop("uid")

        def _parse_client_request(
            data: object,
        ) -> IndividualUpdateClientRequest | MixUpdateClientRequest | RawUpdateClientRequest | WebUpdateClientRequest:
            try:
                if not isinstance(data, dict):
                    raise TypeError()
                client_request_type_0 = IndividualUpdateClientRequest.from_dict(data)

                return client_request_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            try:
                if not isinstance(data, dict):
                    raise TypeError()
                client_request_type_1 = MixUpdateClientRequest.from_dict(data)

                return client_request_type_1
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            try:
                if not isinstance(data, dict):
                    raise TypeError()
                client_request_type_2 = WebUpdateClientRequest.from_dict(data)

                return client_request_type_2
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            if not isinstance(data, dict):
                raise TypeError()
            client_request_type_3 = RawUpdateClientRequest.from_dict(data)

            return client_request_type_3

        client_request = _parse_client_request(d.pop("clientRequest"))

        update_request = cls(
            cname=cname,
            uid=uid,
            client_request=client_request,
        )

        return update_request
