from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar

from attrs import define as _attrs_define

from ..types import UNSET, Unset

T = TypeVar("T", bound="WebRecordingConfig")


@_attrs_define
class WebRecordingConfig:
    """Pauses the recording of a web page, or goes on with it."""

    onhold: bool | Unset = UNSET
    """ True pauses the recording and false goes on. """

    def to_dict(self) -> dict[str, Any]:
        """The fields of this WebRecordingConfig by the names that they have on the wire."""
        onhold = self.onhold

        field_dict: dict[str, Any] = {}

        field_dict.update({})
        if onhold is not UNSET:
            field_dict["onhold"] = onhold

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        """The WebRecordingConfig of these fields, which have the names of the wire."""
        d = dict(src_dict)
        onhold = d.pop("onhold", UNSET)

        web_recording_config = cls(
            onhold=onhold,
        )

        return web_recording_config
