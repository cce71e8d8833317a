from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, TypeVar, cast

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..models.service_state import ServiceState
from ..types import UNSET, Unset

if TYPE_CHECKING:
    from ..models.web_recorded_file import WebRecordedFile


T = TypeVar("T", bound="WebRecorderPayload")


@_attrs_define
class WebRecorderPayload:
    """What the web recorder reports."""

    state: ServiceState | str | Unset = UNSET
    """ State of the web recorder. """
    onhold: bool | Unset = UNSET
    """ Whether it is paused. """
    file_list: list[WebRecordedFile] | Unset = UNSET
    """ Files so far. """
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        state: str | Unset
        if isinstance(self.state, Unset):
            state = UNSET
        elif isinstance(self.state, ServiceState):
            state = self.state
        else:
            state = self.state

        onhold = self.onhold

        file_list: list[dict[str, Any]] | Unset = UNSET
        if not isinstance(self.file_list, Unset):
            file_list = []
            for file_list_item_data in self.file_list:
                file_list_item = file_list_item_data.to_dict()
                file_list.append(file_list_item)

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update({})
        if state is not UNSET:
            field_dict["state"] = state
        if onhold is not UNSET:
            field_dict["onhold"] = onhold
        if file_list is not UNSET:
            field_dict["fileList"] = file_list

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        from ..models.web_recorded_file import WebRecordedFile  # noqa: PLC0415

        d = dict(src_dict)

        def _parse_state(data: object) -> ServiceState | str | Unset:
            if isinstance(data, Unset):
                return data
            try:
                if not isinstance(data, str):
                    raise TypeError()
                state_type_0 = ServiceState(data)

                return state_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(ServiceState | str | Unset, data)

        state = _parse_state(d.pop("state", UNSET))

        onhold = d.pop("onhold", UNSET)

        _file_list = d.pop("fileList", UNSET)
        file_list: list[WebRecordedFile] | Unset = UNSET
        if _file_list is not UNSET:
            file_list = []
            for file_list_item_data in _file_list:
                file_list_item = WebRecordedFile.from_dict(file_list_item_data)

                file_list.append(file_list_item)

        web_recorder_payload = cls(
            state=state,
            onhold=onhold,
            file_list=file_list,
        )

        web_recorder_payload.additional_properties = d
        return web_recorder_payload

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
