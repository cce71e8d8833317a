from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, TypeVar

from attrs import define as _attrs_define

from ..types import UNSET, Unset

if TYPE_CHECKING:
    from ..models.audio_uid_list import AudioUidList
    from ..models.video_uid_list import VideoUidList


T = TypeVar("T", bound="StreamSubscribe")


@_attrs_define
class StreamSubscribe:
    """New subscription lists. A list for one medium alone turns the other medium off."""

    audio_uid_list: AudioUidList | Unset = UNSET
    """ Whose sound is recorded from this update on; one of the two lists. """
    video_uid_list: VideoUidList | Unset = UNSET
    """ Whose picture is recorded from this update on; one of the two lists. """

    def to_dict(self) -> dict[str, Any]:
        """The fields of this StreamSubscribe by the names that they have on the wire."""
        audio_uid_list: dict[str, Any] | Unset = UNSET
        if not isinstance(self.audio_uid_list, Unset):
            audio_uid_list = self.audio_uid_list.to_dict()

        video_uid_list: dict[str, Any] | Unset = UNSET
        if not isinstance(self.video_uid_list, Unset):
            video_uid_list = self.video_uid_list.to_dict()

        field_dict: dict[str, Any] = {}

        field_dict.update({})
        if audio_uid_list is not UNSET:
            field_dict["audioUidList"] = audio_uid_list
        if video_uid_list is not UNSET:
            field_dict["videoUidList"] = video_uid_list

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        """The StreamSubscribe of these fields, which have the names of the wire."""
        from ..models.audio_uid_list import AudioUidList  # noqa: PLC0415
        from ..models.video_uid_list import VideoUidList  # noqa: PLC0415

        d = dict(src_dict)
        _audio_uid_list = d.pop("audioUidList", UNSET)
        audio_uid_list: AudioUidList | Unset
        if isinstance(_audio_uid_list, Unset):
            audio_uid_list = UNSET
        else:
            audio_uid_list = AudioUidList.from_dict(_audio_uid_list)

        _video_uid_list = d.pop("videoUidList", UNSET)
        video_uid_list: VideoUidList | Unset
        if isinstance(_video_uid_list, Unset):
            video_uid_list = UNSET
        else:
            video_uid_list = VideoUidList.from_dict(_video_uid_list)

        stream_subscribe = cls(
            audio_uid_list=audio_uid_list,
            video_uid_list=video_uid_list,
        )

        return stream_subscribe
