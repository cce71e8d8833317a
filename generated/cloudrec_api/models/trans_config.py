from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar

from attrs import define as _attrs_define

from ..models.trans_mode import TransMode

T = TypeVar("T", bound="TransConfig")


@_attrs_define
class TransConfig:
    """What is made after the recording: a file for each user, or one with everyone's sound."""

    trans_mode: TransMode
    """ `postponeTranscoding` a file per user, `audioMix` one file with everyone's sound. """

    def to_dict(self) -> dict[str, Any]:
        """The fields of this TransConfig by the names that they have on the wire."""
        trans_mode = self.trans_mode

        field_dict: dict[str, Any] = {}

        field_dict.update(
            {
                "transMode": trans_mode,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        """The TransConfig of these fields, which have the names of the wire."""
        d = dict(src_dict)
        trans_mode = TransMode(d.pop("transMode"))

        trans_config = cls(
            trans_mode=trans_mode,
        )

        return trans_config
