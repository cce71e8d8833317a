from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, TypeVar

from attrs import define as _attrs_define

if TYPE_CHECKING:
    from ..models.individual_start_client_request import IndividualStartClientRequest
    from ..models.mix_start_client_request import MixStartClientRequest
    from ..models.raw_start_client_request import RawStartClientRequest
    from ..models.web_start_client_request import WebStartClientRequest


T = TypeVar("T", bound="StartRequest")


@_attrs_define
class StartRequest:
    """Body of `start`. Which fields `clientRequest` takes depends on the mode in the path."""

    cname: str
    """ Channel to record. In `web` mode a name of your own for the recording, at most 1024 bytes. (App ID, cname,
    uid) names a recording; the same in every call. """
    uid: str
    """ User ID of the recorder in the channel, a decimal number from 1 to 4294967295 as a string. Nobody else in
    the channel may have it. """
    client_request: IndividualStartClientRequest | MixStartClientRequest | RawStartClientRequest | WebStartClientRequest

    def to_dict(self) -> dict[str, Any]:
        """The fields of this StartRequest by the names that they have on the wire."""
        from ..models.individual_start_client_request import (
            IndividualStartClientRequest,  # noqa: PLC0415
        )
        from ..models.mix_start_client_request import MixStartClientRequest  # noqa: PLC0415
        from ..models.web_start_client_request import WebStartClientRequest  # noqa: PLC0415

        cname = self.cname

        uid = self.uid

        client_request: dict[str, Any]
        if isinstance(self.client_request, IndividualStartClientRequest):
            client_request = self.client_request.to_dict()
        elif isinstance(self.client_request, MixStartClientRequest):
            client_request = self.client_request.to_dict()
        elif isinstance(self.client_request, WebStartClientRequest):
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
        """The StartRequest of these fields, which have the names of the wire."""
        from ..models.individual_start_client_request import (
            IndividualStartClientRequest,  # noqa: PLC0415
        )
        from ..models.mix_start_client_request import MixStartClientRequest  # noqa: PLC0415
        from ..models.raw_start_client_request import RawStartClientRequest  # noqa: PLC0415
        from ..models.web_start_client_request import WebStartClientRequest  # noqa: PLC0415

        d = dict(src_dict)
        cname = d.pop("cname")

        uid = d.pop("uid")

        def _parse_client_request(
            data: object,
        ) -> IndividualStartClientRequest | MixStartClientRequest | RawStartClientRequest | WebStartClientRequest:
            try:
                if not isinstance(data, dict):
                    raise TypeError()
                client_request_type_0 = IndividualStartClientRequest.from_dict(data)

                return client_request_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            try:
                if not isinstance(data, dict):
                    raise TypeError()
                client_request_type_1 = MixStartClientRequest.from_dict(data)

                return client_request_type_1
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            try:
                if not isinstance(data, dict):
                    raise TypeError()
                client_request_type_2 = WebStartClientRequest.from_dict(data)

                return client_request_type_2
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            if not isinstance(data, dict):
                raise TypeError()
            client_request_type_3 = RawStartClientRequest.from_dict(data)

            return client_request_type_3

        client_request = _parse_client_request(d.pop("clientRequest"))

        start_request = cls(
            cname=cname,
            uid=uid,
            client_request=client_request,
        )

        return start_request
