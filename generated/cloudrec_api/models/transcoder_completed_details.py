from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, TypeVar, cast

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..models.transcoding_result import TranscodingResult
from ..types import UNSET, Unset

if TYPE_CHECKING:
    from ..models.transcoded_user_details import TranscodedUserDetails


T = TypeVar("T", bound="TranscoderCompletedDetails")


@_attrs_define
class TranscoderCompletedDetails:
    """Event 81."""

    result: str | TranscodingResult
    """ What came of it. """
    msg_name: str | Unset = UNSET
    """ "transcoder_completed". """
    uids: list[TranscodedUserDetails] | Unset = UNSET
    """ Every user's share of it. """
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        result: str
        if isinstance(self.result, TranscodingResult):
            result = self.result
        else:
            result = self.result

        msg_name = self.msg_name

        uids: list[dict[str, Any]] | Unset = UNSET
        if not isinstance(self.uids, Unset):
            uids = []
            for uids_item_data in self.uids:
                uids_item = uids_item_data.to_dict()
                uids.append(uids_item)

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "result": result,
            }
        )
        if msg_name is not UNSET:
            field_dict["msgName"] = msg_name
        if uids is not UNSET:
            field_dict["uids"] = uids

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        from ..models.transcoded_user_details import TranscodedUserDetails  # noqa: PLC0415

        d = dict(src_dict)

        def _parse_result(data: object) -> str | TranscodingResult:
            try:
                if not isinstance(data, str):
                    raise TypeError()
                result_type_0 = TranscodingResult(data)

                return result_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(str | TranscodingResult, data)

        result = _parse_result(d.pop("result"))

        msg_name = d.pop("msgName", UNSET)

        _uids = d.pop("uids", UNSET)
        uids: list[TranscodedUserDetails] | Unset = UNSET
        if _uids is not UNSET:
            uids = []
            for uids_item_data in _uids:
                uids_item = TranscodedUserDetails.from_dict(uids_item_data)

                uids.append(uids_item)

        transcoder_completed_details = cls(
            result=result,
            msg_name=msg_name,
            uids=uids,
        )

        transcoder_completed_details.additional_properties = d
        return transcoder_completed_details

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
