from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, TypeVar, cast

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..models.event_service import EventService
from ..types import UNSET, Unset

if TYPE_CHECKING:
    from ..models.notice_details import NoticeDetails


T = TypeVar("T", bound="NoticePayload")


@_attrs_define
class NoticePayload:
    """The recording that an event is of, and what there is to say."""

    cname: str | Unset = UNSET
    """ Channel name. """
    uid: int | str | Unset = UNSET
    """ Recorder's user ID. After a failover, the new one. """
    sid: str | Unset = UNSET
    """ Recording ID. """
    sequence: int | str | Unset = UNSET
    """ Place of the event among those of the recording, from 0. """
    sendts: int | str | Unset = UNSET
    """ When it happened, in milliseconds since 1970. """
    service_type: EventService | int | Unset = UNSET
    """ Part of the service that it happened in. """
    service_scene: str | Unset = UNSET
    """ Kind or stage of the recording, such as "rtc_record" or "web_record". """
    details: NoticeDetails | Unset = UNSET
    """ What there is to say, as the component that belongs to `eventType`. Unknown events have some as well. """
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        cname = self.cname

        uid: int | str | Unset
        if isinstance(self.uid, Unset):
            uid = UNSET
        else:
            uid = self.uid

        sid = self.sid

        sequence: int | str | Unset
        if isinstance(self.sequence, Unset):
            sequence = UNSET
        else:
            sequence = self.sequence

        sendts: int | str | Unset
        if isinstance(self.sendts, Unset):
            sendts = UNSET
        else:
            sendts = self.sendts

        service_type: int | Unset
        if isinstance(self.service_type, Unset):
            service_type = UNSET
        elif isinstance(self.service_type, EventService):
            service_type = self.service_type
        else:
            service_type = self.service_type

        service_scene = self.service_scene

        details: dict[str, Any] | Unset = UNSET
        if not isinstance(self.details, Unset):
            details = self.details.to_dict()

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update({})
        if cname is not UNSET:
            field_dict["cname"] = cname
        if uid is not UNSET:
            field_dict["uid"] = uid
        if sid is not UNSET:
            field_dict["sid"] = sid
        if sequence is not UNSET:
            field_dict["sequence"] = sequence
        if sendts is not UNSET:
            field_dict["sendts"] = sendts
        if service_type is not UNSET:
            field_dict["serviceType"] = service_type
        if service_scene is not UNSET:
            field_dict["serviceScene"] = service_scene
        if details is not UNSET:
            field_dict["details"] = details

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        from ..models.notice_details import NoticeDetails  # noqa: PLC0415

        d = dict(src_dict)
        cname = d.pop("cname", UNSET)

        def _parse_uid(data: object) -> int | str | Unset:
            if isinstance(data, Unset):
                return data
            return cast(int | str | Unset, data)

        uid = _parse_uid(d.pop("uid", UNSET))

        sid = d.pop("sid", UNSET)

        def _parse_sequence(data: object) -> int | str | Unset:
            if isinstance(data, Unset):
                return data
            return cast(int | str | Unset, data)

        sequence = _parse_sequence(d.pop("sequence", UNSET))

        def _parse_sendts(data: object) -> int | str | Unset:
            if isinstance(data, Unset):
                return data
            return cast(int | str | Unset, data)

        sendts = _parse_sendts(d.pop("sendts", UNSET))

        def _parse_service_type(data: object) -> EventService | int | Unset:
            if isinstance(data, Unset):
                return data
            try:
                if not isinstance(data, int):
                    raise TypeError()
                service_type_type_0 = EventService(data)

                return service_type_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(EventService | int | Unset, data)

        service_type = _parse_service_type(d.pop("serviceType", UNSET))

        service_scene = d.pop("serviceScene", UNSET)

        _details = d.pop("details", UNSET)
        details: NoticeDetails | Unset
        if isinstance(_details, Unset):
            details = UNSET
        else:
            details = NoticeDetails.from_dict(_details)

        notice_payload = cls(
            cname=cname,
            uid=uid,
            sid=sid,
            sequence=sequence,
            sendts=sendts,
            service_type=service_type,
            service_scene=service_scene,
            details=details,
        )

        notice_payload.additional_properties = d
        return notice_payload

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
