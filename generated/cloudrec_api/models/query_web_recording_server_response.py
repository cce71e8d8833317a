from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, TypeVar, cast

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..models.recording_status import RecordingStatus
from ..types import UNSET, Unset

if TYPE_CHECKING:
    from ..models.rtmp_publish_service_state import RtmpPublishServiceState
    from ..models.web_recorder_service_state import WebRecorderServiceState


T = TypeVar("T", bound="QueryWebRecordingServerResponse")


@_attrs_define
class QueryWebRecordingServerResponse:
    """State of a `web` recording."""

    status: int | RecordingStatus | Unset = UNSET
    """ State of the recording. """
    extension_service_state: list[RtmpPublishServiceState | WebRecorderServiceState] | Unset = UNSET
    """ The web recorder, and the CDN push where there is one. """
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        from ..models.web_recorder_service_state import WebRecorderServiceState  # noqa: PLC0415

        status: int | Unset
        if isinstance(self.status, Unset):
            status = UNSET
        elif isinstance(self.status, RecordingStatus):
            status = self.status
        else:
            status = self.status

        extension_service_state: list[dict[str, Any]] | Unset = UNSET
        if not isinstance(self.extension_service_state, Unset):
            extension_service_state = []
            for extension_service_state_item_data in self.extension_service_state:
                extension_service_state_item: dict[str, Any]
                if isinstance(extension_service_state_item_data, WebRecorderServiceState):
                    extension_service_state_item = extension_service_state_item_data.to_dict()
                else:
                    extension_service_state_item = extension_service_state_item_data.to_dict()

                extension_service_state.append(extension_service_state_item)

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update({})
        if status is not UNSET:
            field_dict["status"] = status
        if extension_service_state is not UNSET:
            field_dict["extensionServiceState"] = extension_service_state

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        from ..models.rtmp_publish_service_state import RtmpPublishServiceState  # noqa: PLC0415
        from ..models.web_recorder_service_state import WebRecorderServiceState  # noqa: PLC0415

        d = dict(src_dict)

        def _parse_status(data: object) -> int | RecordingStatus | Unset:
            if isinstance(data, Unset):
                return data
            try:
                if not isinstance(data, int):
                    raise TypeError()
                status_type_0 = RecordingStatus(data)

                return status_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(int | RecordingStatus | Unset, data)

        status = _parse_status(d.pop("status", UNSET))

        _extension_service_state = d.pop("extensionServiceState", UNSET)
        extension_service_state: list[RtmpPublishServiceState | WebRecorderServiceState] | Unset = UNSET
        if _extension_service_state is not UNSET:
            extension_service_state = []
            for extension_service_state_item_data in _extension_service_state:

                def _parse_extension_service_state_item(
                    data: object,
                ) -> RtmpPublishServiceState | WebRecorderServiceState:
                    try:
                        if not isinstance(data, dict):
                            raise TypeError()
                        extension_service_state_item_type_0 = WebRecorderServiceState.from_dict(data)

                        return extension_service_state_item_type_0
                    except (TypeError, ValueError, AttributeError, KeyError):
                        pass
                    if not isinstance(data, dict):
                        raise TypeError()
                    extension_service_state_item_type_1 = RtmpPublishServiceState.from_dict(data)

                    return extension_service_state_item_type_1

                extension_service_state_item = _parse_extension_service_state_item(extension_service_state_item_data)

                extension_service_state.append(extension_service_state_item)

        query_web_recording_server_response = cls(
            status=status,
            extension_service_state=extension_service_state,
        )

        query_web_recording_server_response.additional_properties = d
        return query_web_recording_server_response

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
