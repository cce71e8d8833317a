from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, TypeVar, cast

from attrs import define as _attrs_define

from ..models.region_affinity import RegionAffinity
from ..models.scene import Scene
from ..models.service_region import ServiceRegion
from ..types import UNSET, Unset

if TYPE_CHECKING:
    from ..models.individual_start_client_request import IndividualStartClientRequest
    from ..models.mix_start_client_request import MixStartClientRequest
    from ..models.raw_start_client_request import RawStartClientRequest
    from ..models.web_start_client_request import WebStartClientRequest


T = TypeVar("T", bound="AcquireClientRequest")


@_attrs_define
class AcquireClientRequest:
    """What the resource is for."""

    scene: Scene | Unset = UNSET
    """ 0 channels in `individual` and `mix` mode, 1 web pages, 2 deferred transcoding in `individual` mode. """
    resource_expired_hour: int | Unset = UNSET
    """ For how many hours after `start` the recording can be queried, updated and stopped. 1 to 720. """
    exclude_resource_ids: list[str] | Unset = UNSET
    """ Resource IDs of other recordings whose region this one is to avoid, so that one failure does not hit both.
    """
    region: ServiceRegion | Unset = UNSET
    """ The only region whose servers may record: mainland China, the rest of Asia, Europe or North America. Left
    out, the region of the caller. The storage must be in it. """
    region_affinity: RegionAffinity | Unset = UNSET
    """ Region to prefer: 0 closest to the caller, 1 China, 2 Southeast Asia, 3 Europe, 4 North America. """
    start_parameter: (
        IndividualStartClientRequest | MixStartClientRequest | RawStartClientRequest | Unset | WebStartClientRequest
    ) = UNSET
    """ The `clientRequest` of the `start` to come, word for word; lets the service pick better servers. A `start`
    that differs fails. """

    def to_dict(self) -> dict[str, Any]:
        """The fields of this AcquireClientRequest by the names that they have on the wire."""
        from ..models.individual_start_client_request import (
            IndividualStartClientRequest,  # noqa: PLC0415
        )
        from ..models.mix_start_client_request import MixStartClientRequest  # noqa: PLC0415
        from ..models.web_start_client_request import WebStartClientRequest  # noqa: PLC0415

        scene: int | Unset = UNSET
        if not isinstance(self.scene, Unset):
            scene = self.scene

        resource_expired_hour = self.resource_expired_hour

        exclude_resource_ids: list[str] | Unset = UNSET
        if not isinstance(self.exclude_resource_ids, Unset):
            exclude_resource_ids = self.exclude_resource_ids

        region: str | Unset = UNSET
        if not isinstance(self.region, Unset):
            region = self.region

        region_affinity: int | Unset = UNSET
        if not isinstance(self.region_affinity, Unset):
            region_affinity = self.region_affinity

        start_parameter: dict[str, Any] | Unset
        if isinstance(self.start_parameter, Unset):
            start_parameter = UNSET
        elif isinstance(self.start_parameter, IndividualStartClientRequest):
            start_parameter = self.start_parameter.to_dict()
        elif isinstance(self.start_parameter, MixStartClientRequest):
            start_parameter = self.start_parameter.to_dict()
        elif isinstance(self.start_parameter, WebStartClientRequest):
            start_parameter = self.start_parameter.to_dict()
        else:
            start_parameter = self.start_parameter.to_dict()

        field_dict: dict[str, Any] = {}

        field_dict.update({})
        if scene is not UNSET:
            field_dict["scene"] = scene
        if resource_expired_hour is not UNSET:
            field_dict["resourceExpiredHour"] = resource_expired_hour
        if exclude_resource_ids is not UNSET:
            field_dict["excludeResourceIds"] = exclude_resource_ids
        if region is not UNSET:
            field_dict["region"] = region
        if region_affinity is not UNSET:
            field_dict["regionAffinity"] = region_affinity
        if start_parameter is not UNSET:
            field_dict["startParameter"] = start_parameter

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        """The AcquireClientRequest of these fields, which have the names of the wire."""
        from ..models.individual_start_client_request import (
            IndividualStartClientRequest,  # noqa: PLC0415
        )
        from ..models.mix_start_client_request import MixStartClientRequest  # noqa: PLC0415
        from ..models.raw_start_client_request import RawStartClientRequest  # noqa: PLC0415
        from ..models.web_start_client_request import WebStartClientRequest  # noqa: PLC0415

        d = dict(src_dict)
        _scene = d.pop("scene", UNSET)
        scene: Scene | Unset
        if isinstance(_scene, Unset):
            scene = UNSET
        else:
            scene = Scene(_scene)

        resource_expired_hour = d.pop("resourceExpiredHour", UNSET)

        exclude_resource_ids = cast(list[str], d.pop("excludeResourceIds", UNSET))

        _region = d.pop("region", UNSET)
        region: ServiceRegion | Unset
        if isinstance(_region, Unset):
            region = UNSET
        else:
            region = ServiceRegion(_region)

        _region_affinity = d.pop("regionAffinity", UNSET)
        region_affinity: RegionAffinity | Unset
        if isinstance(_region_affinity, Unset):
            region_affinity = UNSET
        else:
            region_affinity = RegionAffinity(_region_affinity)

        def _parse_start_parameter(
            data: object,
        ) -> (
            IndividualStartClientRequest | MixStartClientRequest | RawStartClientRequest | Unset | WebStartClientRequest
        ):
            if isinstance(data, Unset):
                return data
            try:
                if not isinstance(data, dict):
                    raise TypeError()
                start_parameter_type_0 = IndividualStartClientRequest.from_dict(data)

                return start_parameter_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            try:
                if not isinstance(data, dict):
                    raise TypeError()
                start_parameter_type_1 = MixStartClientRequest.from_dict(data)

                return start_parameter_type_1
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            try:
                if not isinstance(data, dict):
                    raise TypeError()
                start_parameter_type_2 = WebStartClientRequest.from_dict(data)

                return start_parameter_type_2
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            if not isinstance(data, dict):
                raise TypeError()
            start_parameter_type_3 = RawStartClientRequest.from_dict(data)

            return start_parameter_type_3

        start_parameter = _parse_start_parameter(d.pop("startParameter", UNSET))

        acquire_client_request = cls(
            scene=scene,
            resource_expired_hour=resource_expired_hour,
            exclude_resource_ids=exclude_resource_ids,
            region=region,
            region_affinity=region_affinity,
            start_parameter=start_parameter,
        )

        return acquire_client_request
