from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar, cast

from attrs import define as _attrs_define

from ..types import UNSET, Unset

T = TypeVar("T", bound="VideoUidList")


@_attrs_define
class VideoUidList:
    """Whose picture is recorded from this update on; one of the two lists."""

    subscribe_video_uids: list[str] | Unset = UNSET
    """ Users whose picture is recorded: at most 32 IDs, or `["#allstream#"]` for everyone. """
    un_subscribe_video_uids: list[str] | Unset = UNSET
    """ Users whose picture is not recorded, and everybody else's is: at most 32 IDs. """

    def to_dict(self) -> dict[str, Any]:
        """The fields of this VideoUidList by the names that they have on the wire."""
        subscribe_video_uids: list[str] | Unset = UNSET
        if not isinstance(self.subscribe_video_uids, Unset):
            subscribe_video_uids = self.subscribe_video_uids

        un_subscribe_video_uids: list[str] | Unset = UNSET
        if not isinstance(self.un_subscribe_video_uids, Unset):
            un_subscribe_video_uids = self.un_subscribe_video_uids

        field_dict: dict[str, Any] = {}

        field_dict.update({})
        if subscribe_video_uids is not UNSET:
            field_dict["subscribeVideoUids"] = subscribe_video_uids
        if un_subscribe_video_uids is not UNSET:
            field_dict["unSubscribeVideoUids"] = un_subscribe_video_uids

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        """The VideoUidList of these fields, which have the names of the wire."""
        d = dict(src_dict)
        subscribe_video_uids = cast(list[str], d.pop("subscribeVideoUids", UNSET))

        un_subscribe_video_uids = cast(list[str], d.pop("unSubscribeVideoUids", UNSET))

        video_uid_list = cls(
            subscribe_video_uids=subscribe_video_uids,
            un_subscribe_video_uids=un_subscribe_video_uids,
        )

        return video_uid_list
