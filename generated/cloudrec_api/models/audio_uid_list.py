from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar, cast

from attrs import define as _attrs_define

from ..types import UNSET, Unset

T = TypeVar("T", bound="AudioUidList")


@_attrs_define
class AudioUidList:
    """Whose sound is recorded from this update on; one of the two lists."""

    subscribe_audio_uids: list[str] | Unset = UNSET
    """ Users whose sound is recorded: at most 32 IDs, or `["#allstream#"]` for everyone. """
    un_subscribe_audio_uids: list[str] | Unset = UNSET
    """ Users whose sound is not recorded, and everybody else's is: at most 32 IDs. """

    def to_dict(self) -> dict[str, Any]:
        """The fields of this AudioUidList by the names that they have on the wire."""
        subscribe_audio_uids: list[str] | Unset = UNSET
        if not isinstance(self.subscribe_audio_uids, Unset):
            subscribe_audio_uids = self.subscribe_audio_uids

        un_subscribe_audio_uids: list[str] | Unset = UNSET
        if not isinstance(self.un_subscribe_audio_uids, Unset):
            un_subscribe_audio_uids = self.un_subscribe_audio_uids

        field_dict: dict[str, Any] = {}

        field_dict.update({})
        if subscribe_audio_uids is not UNSET:
            field_dict["subscribeAudioUids"] = subscribe_audio_uids
        if un_subscribe_audio_uids is not UNSET:
            field_dict["unSubscribeAudioUids"] = un_subscribe_audio_uids

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        """The AudioUidList of these fields, which have the names of the wire."""
        d = dict(src_dict)
        subscribe_audio_uids = cast(list[str], d.pop("subscribeAudioUids", UNSET))

        un_subscribe_audio_uids = cast(list[str], d.pop("unSubscribeAudioUids", UNSET))

        audio_uid_list = cls(
            subscribe_audio_uids=subscribe_audio_uids,
            un_subscribe_audio_uids=un_subscribe_audio_uids,
        )

        return audio_uid_list
