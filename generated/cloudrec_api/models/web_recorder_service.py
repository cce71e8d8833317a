from __future__ import annotations

from collections.abc import Mapping
from typing import (
    TYPE_CHECKING,
    Any,
    Literal,
    TypeVar,
    cast,
)

from attrs import define as _attrs_define

from ..models.abort_policy import AbortPolicy
from ..types import UNSET, Unset

if TYPE_CHECKING:
    from ..models.web_recorder_service_param import WebRecorderServiceParam


T = TypeVar("T", bound="WebRecorderService")


@_attrs_define
class WebRecorderService:
    """Opens a web page and records it; what every `web` recording has."""

    service_param: WebRecorderServiceParam
    """ Which web page is recorded, at which size, with which sound, for how many hours at most. """
    service_name: Literal["web_recorder_service"] = "web_recorder_service"
    """ Names the service. """
    error_handle_policy: AbortPolicy | Unset = UNSET
    """ `error_abort`: when this fails, everything beside it stops too. """

    def to_dict(self) -> dict[str, Any]:
        """The fields of this WebRecorderService by the names that they have on the wire."""
        service_name = self.service_name

        service_param = self.service_param.to_dict()

        error_handle_policy: str | Unset = UNSET
        if not isinstance(self.error_handle_policy, Unset):
            error_handle_policy = self.error_handle_policy

        field_dict: dict[str, Any] = {}

        field_dict.update(
            {
                "serviceName": service_name,
                "serviceParam": service_param,
            }
        )
        if error_handle_policy is not UNSET:
            field_dict["errorHandlePolicy"] = error_handle_policy

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        """The WebRecorderService of these fields, which have the names of the wire."""
        from ..models.web_recorder_service_param import WebRecorderServiceParam  # noqa: PLC0415

        d = dict(src_dict)
        service_name = cast(Literal["web_recorder_service"], d.pop("serviceName"))
        if service_name != "web_recorder_service":
            raise ValueError(f"serviceName must match const 'web_recorder_service', got '{service_name}'")

        service_param = WebRecorderServiceParam.from_dict(d.pop("serviceParam"))

        _error_handle_policy = d.pop("errorHandlePolicy", UNSET)
        error_handle_policy: AbortPolicy | Unset
        if isinstance(_error_handle_policy, Unset):
            error_handle_policy = UNSET
        else:
            error_handle_policy = AbortPolicy(_error_handle_policy)

        web_recorder_service = cls(
            service_name=service_name,
            service_param=service_param,
            error_handle_policy=error_handle_policy,
        )

        return web_recorder_service
