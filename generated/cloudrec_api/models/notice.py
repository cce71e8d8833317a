from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, TypeVar, cast

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..models.event_type import EventType
from ..types import UNSET, Unset

if TYPE_CHECKING:
    from ..models.notice_payload import NoticePayload


T = TypeVar("T", bound="Notice")


@_attrs_define
class Notice:
    """Body of every webhook. What it is about stands in `productId` and `eventType`."""

    notice_id: str | Unset = UNSET
    """ Names the notice. The same when it is sent again. """
    product_id: int | Unset = UNSET
    """ The product that it is about; 3 is cloud recording. """
    event_type: EventType | int | Unset = UNSET
    """ What has happened. """
    notify_ms: int | Unset = UNSET
    """ When it was sent, in milliseconds since 1970. Another when it is sent again. """
    sid: str | Unset = UNSET
    """ Recording ID. """
    payload: NoticePayload | Unset = UNSET
    """ The recording that an event is of, and what there is to say. """
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        notice_id = self.notice_id

        product_id = self.product_id

        event_type: int | Unset
        if isinstance(self.event_type, Unset):
            event_type = UNSET
        elif isinstance(self.event_type, EventType):
            event_type = self.event_type
        else:
            event_type = self.event_type

        notify_ms = self.notify_ms

        sid = self.sid

        payload: dict[str, Any] | Unset = UNSET
        if not isinstance(self.payload, Unset):
            payload = self.payload.to_dict()

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update({})
        if notice_id is not UNSET:
            field_dict["noticeId"] = notice_id
        if product_id is not UNSET:
            field_dict["productId"] = product_id
        if event_type is not UNSET:
            field_dict["eventType"] = event_type
        if notify_ms is not UNSET:
            field_dict["notifyMs"] = notify_ms
        if sid is not UNSET:
            field_dict["sid"] = sid
        if payload is not UNSET:
            field_dict["payload"] = payload

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        from ..models.notice_payload import NoticePayload  # noqa: PLC0415

        d = dict(src_dict)
        notice_id = d.pop("noticeId", UNSET)

        product_id = d.pop("productId", UNSET)

        def _parse_event_type(data: object) -> EventType | int | Unset:
            if isinstance(data, Unset):
                return data
            try:
                if not isinstance(data, int):
                    raise TypeError()
                event_type_type_0 = EventType(data)

                return event_type_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(EventType | int | Unset, data)

        event_type = _parse_event_type(d.pop("eventType", UNSET))

        notify_ms = d.pop("notifyMs", UNSET)

        sid = d.pop("sid", UNSET)

        _payload = d.pop("payload", UNSET)
        payload: NoticePayload | Unset
        if isinstance(_payload, Unset):
            payload = UNSET
        else:
            payload = NoticePayload.from_dict(_payload)

        notice = cls(
            notice_id=notice_id,
            product_id=product_id,
            event_type=event_type,
            notify_ms=notify_ms,
            sid=sid,
            payload=payload,
        )

        notice.additional_properties = d
        return notice

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
