from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, TypeVar

from attrs import define as _attrs_define

from ..models.mixed_video_layout import MixedVideoLayout
from ..types import UNSET, Unset

if TYPE_CHECKING:
    from ..models.layout_region import LayoutRegion
    from ..models.user_background import UserBackground


T = TypeVar("T", bound="TranscodingConfig")


@_attrs_define
class TranscodingConfig:
    """The composite picture, its size and its layout."""

    width: int | Unset = UNSET
    """ Width of the picture in pixels. At most 1920; width × height is at most 1920 × 1080. """
    height: int | Unset = UNSET
    """ Height of the picture in pixels. At most 1920; width × height is at most 1920 × 1080. """
    fps: int | Unset = UNSET
    """ Frames per second. 1, 7, 10, 15, 24, 30 or 60. """
    bitrate: int | Unset = UNSET
    """ Video bitrate in kbit/s. At most 6500. """
    max_resolution_uid: str | Unset = UNSET
    """ User ID of somebody in the channel, a decimal number from 1 to 4294967295 as a string. """
    mixed_video_layout: MixedVideoLayout | Unset = UNSET
    """ 0 floating (the first user fills the canvas), 1 best fit (all the same size), 2 vertical (`maxResolutionUid`
    large on the left), 3 custom (`layoutConfig`). """
    background_color: str | Unset = UNSET
    """ Colour of the canvas, `#` and six hexadecimal digits. """
    background_image: str | Unset = UNSET
    """ URL of a picture for the canvas, scaled until it is filled. """
    default_user_background_image: str | Unset = UNSET
    """ URL of the picture shown for a user who has sent no video for 3.5 seconds. """
    layout_config: list[LayoutRegion] | Unset = UNSET
    """ At most 17 regions, for `mixedVideoLayout` 3. """
    background_config: list[UserBackground] | Unset = UNSET
    """ Pictures for single users who send no video. """

    def to_dict(self) -> dict[str, Any]:
        """The fields of this TranscodingConfig by the names that they have on the wire."""
        width = self.width

        height = self.height

        fps = self.fps

        bitrate = self.bitrate

        max_resolution_uid = self.max_resolution_uid

        mixed_video_layout: int | Unset = UNSET
        if not isinstance(self.mixed_video_layout, Unset):
            mixed_video_layout = self.mixed_video_layout

        background_color = self.background_color

        background_image = self.background_image

        default_user_background_image = self.default_user_background_image

        layout_config: list[dict[str, Any]] | Unset = UNSET
        if not isinstance(self.layout_config, Unset):
            layout_config = []
            for layout_config_item_data in self.layout_config:
                layout_config_item = layout_config_item_data.to_dict()
                layout_config.append(layout_config_item)

        background_config: list[dict[str, Any]] | Unset = UNSET
        if not isinstance(self.background_config, Unset):
            background_config = []
            for background_config_item_data in self.background_config:
                background_config_item = background_config_item_data.to_dict()
                background_config.append(background_config_item)

        field_dict: dict[str, Any] = {}

        field_dict.update({})
        if width is not UNSET:
            field_dict["width"] = width
        if height is not UNSET:
            field_dict["height"] = height
        if fps is not UNSET:
            field_dict["fps"] = fps
        if bitrate is not UNSET:
            field_dict["bitrate"] = bitrate
        if max_resolution_uid is not UNSET:
            field_dict["maxResolutionUid"] = max_resolution_uid
        if mixed_video_layout is not UNSET:
            field_dict["mixedVideoLayout"] = mixed_video_layout
        if background_color is not UNSET:
            field_dict["backgroundColor"] = background_color
        if background_image is not UNSET:
            field_dict["backgroundImage"] = background_image
        if default_user_background_image is not UNSET:
            field_dict["defaultUserBackgroundImage"] = default_user_background_image
        if layout_config is not UNSET:
            field_dict["layoutConfig"] = layout_config
        if background_config is not UNSET:
            field_dict["backgroundConfig"] = background_config

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        """The TranscodingConfig of these fields, which have the names of the wire."""
        from ..models.layout_region import LayoutRegion  # noqa: PLC0415
        from ..models.user_background import UserBackground  # noqa: PLC0415

        d = dict(src_dict)
        width = d.pop("width", UNSET)

        height = d.pop("height", UNSET)

        fps = d.pop("fps", UNSET)

        bitrate = d.pop("bitrate", UNSET)

        max_resolution_uid = d.pop("maxResolutionUid", UNSET)

        _mixed_video_layout = d.pop("mixedVideoLayout", UNSET)
        mixed_video_layout: MixedVideoLayout | Unset
        if isinstance(_mixed_video_layout, Unset):
            mixed_video_layout = UNSET
        else:
            mixed_video_layout = MixedVideoLayout(_mixed_video_layout)

        background_color = d.pop("backgroundColor", UNSET)

        background_image = d.pop("backgroundImage", UNSET)

        default_user_background_image = d.pop("defaultUserBackgroundImage", UNSET)

        _layout_config = d.pop("layoutConfig", UNSET)
        layout_config: list[LayoutRegion] | Unset = UNSET
        if _layout_config is not UNSET:
            layout_config = []
            for layout_config_item_data in _layout_config:
                layout_config_item = LayoutRegion.from_dict(layout_config_item_data)

                layout_config.append(layout_config_item)

        _background_config = d.pop("backgroundConfig", UNSET)
        background_config: list[UserBackground] | Unset = UNSET
        if _background_config is not UNSET:
            background_config = []
            for background_config_item_data in _background_config:
                background_config_item = UserBackground.from_dict(background_config_item_data)

                background_config.append(background_config_item)

        transcoding_config = cls(
            width=width,
            height=height,
            fps=fps,
            bitrate=bitrate,
            max_resolution_uid=max_resolution_uid,
            mixed_video_layout=mixed_video_layout,
            background_color=background_color,
            background_image=background_image,
            default_user_background_image=default_user_background_image,
            layout_config=layout_config,
            background_config=background_config,
        )

        return transcoding_config
