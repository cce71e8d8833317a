from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar

from attrs import define as _attrs_define

from ..models.render_mode import RenderMode
from ..types import UNSET, Unset

T = TypeVar("T", bound="UserBackground")


@_attrs_define
class UserBackground:
    """Picture shown for one user who has sent no video for 3.5 seconds."""

    uid: str
    """ User ID of somebody in the channel, a decimal number from 1 to 4294967295 as a string. """
    image_url: str
    """ URL of a JPG or BMP of at most 6 MB. """
    render_mode: RenderMode | Unset = UNSET
    """ 0 fills the region and crops, 1 shows everything and may leave bars. """

    def to_dict(self) -> dict[str, Any]:
        """The fields of this UserBackground by the names that they have on the wire."""
        uid = self.uid

        image_url = self.image_url

        render_mode: int | Unset = UNSET
        if not isinstance(self.render_mode, Unset):
            render_mode = self.render_mode

        field_dict: dict[str, Any] = {}

        field_dict.update(
            {
                "uid": uid,
                "image_url": image_url,
            }
        )
        if render_mode is not UNSET:
            field_dict["render_mode"] = render_mode

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        """The UserBackground of these fields, which have the names of the wire."""
        d = dict(src_dict)
        uid = d.pop("uid")

        image_url = d.pop("image_url")

        _render_mode = d.pop("render_mode", UNSET)
        render_mode: RenderMode | Unset
        if isinstance(_render_mode, Unset):
            render_mode = UNSET
        else:
            render_mode = RenderMode(_render_mode)

        user_background = cls(
            uid=uid,
            image_url=image_url,
            render_mode=render_mode,
        )

        return user_background
