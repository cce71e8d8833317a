from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, TypeVar

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..types import UNSET, Unset

if TYPE_CHECKING:
    from ..models.stop_response_server_response import StopResponseServerResponse


T = TypeVar("T", bound="StopResponse")


@_attrs_define
class StopResponse:
    """Answer to `stop`."""

    cname: str | Unset = UNSET
    """ Channel name as sent. """
    uid: str | Unset = UNSET
    """ Recorder's user ID as sent. """
    resource_id: str | Unset = UNSET
    """ Resource ID as sent. """
    sid: str | Unset = UNSET
    """ Recording ID as sent. """
    server_response: StopResponseServerResponse | Unset = UNSET
    """ One of the Stop…ServerResponse components: by the mode, by `fileListMode`, by the `serviceName`s and by the
    fields present. Open, because nothing in it says which. """
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        cname = self.cname

        uid = self.uid

        resource_id = self.resource_id

        sid = self.sid

        server_response: dict[str, Any] | Unset = UNSET
        if not isinstance(self.server_response, Unset):
            server_response = self.server_response.to_dict()

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update({})
        if cname is not UNSET:
            field_dict["cname"] = cname
        if uid is not UNSET:
            field_dict["uid"] = uid
        if resource_id is not UNSET:
            field_dict["resourceId"] = resource_id
        if sid is not UNSET:
            field_dict["sid"] = sid
        if server_response is not UNSET:
            field_dict["serverResponse"] = server_response

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        from ..models.stop_response_server_response import StopResponseServerResponse  # noqa: PLC0415

        d = dict(src_dict)
        cname = d.pop("cname", UNSET)

        uid = d.pop("uid", UNSET)

        resource_id = d.pop("resourceId", UNSET)

        sid = d.pop("sid", UNSET)

        _server_response = d.pop("serverResponse", UNSET)
        server_response: StopResponseServerResponse | Unset
        if isinstance(_server_response, Unset):
            server_response = UNSET
        else:
            server_response = StopResponseServerResponse.from_dict(_server_response)

        stop_response = cls(
            cname=cname,
            uid=uid,
            resource_id=resource_id,
            sid=sid,
            server_response=server_response,
        )

        stop_response.additional_properties = d
        return stop_response

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
