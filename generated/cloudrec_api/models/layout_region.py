from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar

from attrs import define as _attrs_define

from ..models.render_mode import RenderMode
from ..types import UNSET, Unset

T = TypeVar("T", bound="LayoutRegion")


@_attrs_define
class LayoutRegion:
    """One user's place on the canvas. Positions and sizes are fractions of the canvas, to six decimals."""

    x_axis: float
    """ Left edge. 0 to 1. """
    y_axis: float
    """ Top edge. 0 to 1. """
    width: float
    """ Width. 0 to 1. """
    height: float
    """ Height. 0 to 1. """
    uid: str | Unset = UNSET
    """ User ID of somebody in the channel, a decimal number from 1 to 4294967295 as a string. """
    alpha: float | Unset = UNSET
    """ Opacity. 0 invisible to 1 opaque. """
    render_mode: RenderMode | Unset = UNSET
    """ 0 fills the region and crops, 1 shows everything and may leave bars. """

    def to_dict(self) -> dict[str, Any]:
        """The fields of this LayoutRegion by the names that they have on the wire."""
        x_axis = self.x_axis

        y_axis = self.y_axis

        width = self.width

        height = self.height

        uid = self.uid

        alpha = self.alpha

        render_mode: int | Unset = UNSET
        if not isinstance(self.render_mode, Unset):
            render_mode = self.render_mode

        field_dict: dict[str, Any] = {}

        field_dict.update(
            {
                "x_axis": x_axis,
                "y_axis": y_axis,
                "width": width,
                "height": height,
            }
        )
        if uid is not UNSET:
            field_dict["uid"] = uid
        if alpha is not UNSET:
            field_dict["alpha"] = alpha
        if render_mode is not UNSET:
            field_dict["render_mode"] = render_mode

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        """The LayoutRegion of these fields, which have the names of the wire."""
        d = dict(src_dict)
        x_axis = d.pop("x_axis")

        y_axis = d.pop("y_axis")

        width = d.pop("width")

        height = d.pop("height")

        uid = d.pop("uid", UNSET)

        alpha = d.pop("alpha", UNSET)

        _render_mode = d.pop("render_mode", UNSET)
        render_mode: RenderMode | Unset
        if isinstance(_render_mode, Unset):
            render_mode = UNSET
        else:
            render_mode = RenderMode(_render_mode)

        layout_region = cls(
            x_axis=x_axis,
            y_axis=y_axis,
            width=width,
            height=height,
            uid=uid,
            alpha=alpha,
            render_mode=render_mode,
        )

        return layout_region
