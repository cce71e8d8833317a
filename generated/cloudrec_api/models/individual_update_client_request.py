from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, TypeVar

from attrs import define as _attrs_define

from ..types import UNSET, Unset

if TYPE_CHECKING:
    from ..models.storage_config import StorageConfig
    from ..models.stream_subscribe import StreamSubscribe


T = TypeVar("T", bound="IndividualUpdateClientRequest")


@_attrs_define
class IndividualUpdateClientRequest:
    """What to change about an `individual` recording."""

    stream_subscribe: StreamSubscribe | Unset = UNSET
    """ New subscription lists. A list for one medium alone turns the other medium off. """
    storage_config: StorageConfig | Unset = UNSET
    """ The bucket that the files go to. A wrong value is not refused by the service: the recording runs and nothing
    arrives. """

    def to_dict(self) -> dict[str, Any]:
        """The fields of this IndividualUpdateClientRequest by the names that they have on the wire."""
        stream_subscribe: dict[str, Any] | Unset = UNSET
        if not isinstance(self.stream_subscribe, Unset):
            stream_subscribe = self.stream_subscribe.to_dict()

        storage_config: dict[str, Any] | Unset = UNSET
        if not isinstance(self.storage_config, Unset):
            storage_config = self.storage_config.to_dict()

        field_dict: dict[str, Any] = {}

        field_dict.update({})
        if stream_subscribe is not UNSET:
            field_dict["streamSubscribe"] = stream_subscribe
        if storage_config is not UNSET:
            field_dict["storageConfig"] = storage_config

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        """The IndividualUpdateClientRequest of these fields, which have the names of the wire."""
        from ..models.storage_config import StorageConfig  # noqa: PLC0415
        from ..models.stream_subscribe import StreamSubscribe  # noqa: PLC0415

        d = dict(src_dict)
        _stream_subscribe = d.pop("streamSubscribe", UNSET)
        stream_subscribe: StreamSubscribe | Unset
        if isinstance(_stream_subscribe, Unset):
            stream_subscribe = UNSET
        else:
            stream_subscribe = StreamSubscribe.from_dict(_stream_subscribe)

        _storage_config = d.pop("storageConfig", UNSET)
        storage_config: StorageConfig | Unset
        if isinstance(_storage_config, Unset):
            storage_config = UNSET
        else:
            storage_config = StorageConfig.from_dict(_storage_config)

        individual_update_client_request = cls(
            stream_subscribe=stream_subscribe,
            storage_config=storage_config,
        )

        return individual_update_client_request
