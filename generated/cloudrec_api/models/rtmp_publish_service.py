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

from ..models.ignore_policy import IgnorePolicy
from ..types import UNSET, Unset

if TYPE_CHECKING:
    from ..models.rtmp_publish_service_param import RtmpPublishServiceParam


T = TypeVar("T", bound="RtmpPublishService")


@_attrs_define
class RtmpPublishService:
    """Pushes the recorded page to a CDN, beside the web recorder."""

    service_param: RtmpPublishServiceParam
    """ Where the recorded page is pushed to: one address of a CDN. """
    service_name: Literal["rtmp_publish_service"] = "rtmp_publish_service"
    """ Names the service. """
    error_handle_policy: IgnorePolicy | Unset = UNSET
    """ `error_ignore`: when this fails, what is beside it goes on. """

    def to_dict(self) -> dict[str, Any]:
        """The fields of this RtmpPublishService by the names that they have on the wire."""
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
        """The RtmpPublishService of these fields, which have the names of the wire."""
        from ..models.rtmp_publish_service_param import RtmpPublishServiceParam  # noqa: PLC0415

        d = dict(src_dict)
        service_name = cast(Literal["rtmp_publish_service"], d.pop("serviceName"))
        if service_name != "rtmp_publish_service":
            raise ValueError(f"serviceName must match const 'rtmp_publish_service', got '{service_name}'")

        service_param = RtmpPublishServiceParam.from_dict(d.pop("serviceParam"))

        _error_handle_policy = d.pop("errorHandlePolicy", UNSET)
        error_handle_policy: IgnorePolicy | Unset
        if isinstance(_error_handle_policy, Unset):
            error_handle_policy = UNSET
        else:
            error_handle_policy = IgnorePolicy(_error_handle_policy)

        rtmp_publish_service = cls(
            service_name=service_name,
            service_param=service_param,
            error_handle_policy=error_handle_policy,
        )

        return rtmp_publish_service
