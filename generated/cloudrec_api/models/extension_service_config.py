from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, TypeVar

from attrs import define as _attrs_define

from ..models.abort_policy import AbortPolicy
from ..types import UNSET, Unset

if TYPE_CHECKING:
    from ..models.rtmp_publish_service import RtmpPublishService
    from ..models.web_recorder_service import WebRecorderService


T = TypeVar("T", bound="ExtensionServiceConfig")


@_attrs_define
class ExtensionServiceConfig:
    """The page to record and, if asked for, the CDN to push it to."""

    extension_services: list[RtmpPublishService | WebRecorderService]
    """ A web recorder, and at most one CDN push beside it. """
    api_version: str | Unset = UNSET
    """ Version of the extension's interface; `v1`. """
    error_handle_policy: AbortPolicy | Unset = UNSET
    """ `error_abort`: when this fails, everything beside it stops too. """

    def to_dict(self) -> dict[str, Any]:
        """The fields of this ExtensionServiceConfig by the names that they have on the wire."""
        from ..models.web_recorder_service import WebRecorderService  # noqa: PLC0415

        extension_services = []
        for extension_services_item_data in self.extension_services:
            extension_services_item: dict[str, Any]
            if isinstance(extension_services_item_data, WebRecorderService):
                extension_services_item = extension_services_item_data.to_dict()
            else:
                extension_services_item = extension_services_item_data.to_dict()

            extension_services.append(extension_services_item)

        api_version = self.api_version

        error_handle_policy: str | Unset = UNSET
        if not isinstance(self.error_handle_policy, Unset):
            error_handle_policy = self.error_handle_policy

        field_dict: dict[str, Any] = {}

        field_dict.update(
            {
                "extensionServices": extension_services,
            }
        )
        if api_version is not UNSET:
            field_dict["apiVersion"] = api_version
        if error_handle_policy is not UNSET:
            field_dict["errorHandlePolicy"] = error_handle_policy

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        """The ExtensionServiceConfig of these fields, which have the names of the wire."""
        from ..models.rtmp_publish_service import RtmpPublishService  # noqa: PLC0415
        from ..models.web_recorder_service import WebRecorderService  # noqa: PLC0415

        d = dict(src_dict)
        extension_services = []
        _extension_services = d.pop("extensionServices")
        for extension_services_item_data in _extension_services:

            def _parse_extension_services_item(data: object) -> RtmpPublishService | WebRecorderService:
                try:
                    if not isinstance(data, dict):
                        raise TypeError()
                    extension_services_item_type_0 = WebRecorderService.from_dict(data)

                    return extension_services_item_type_0
                except (TypeError, ValueError, AttributeError, KeyError):
                    pass
                if not isinstance(data, dict):
                    raise TypeError()
                extension_services_item_type_1 = RtmpPublishService.from_dict(data)

                return extension_services_item_type_1

            extension_services_item = _parse_extension_services_item(extension_services_item_data)

            extension_services.append(extension_services_item)

        api_version = d.pop("apiVersion", UNSET)

        _error_handle_policy = d.pop("errorHandlePolicy", UNSET)
        error_handle_policy: AbortPolicy | Unset
        if isinstance(_error_handle_policy, Unset):
            error_handle_policy = UNSET
        else:
            error_handle_policy = AbortPolicy(_error_handle_policy)

        extension_service_config = cls(
            extension_services=extension_services,
            api_version=api_version,
            error_handle_policy=error_handle_policy,
        )

        return extension_service_config
