from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar

from attrs import define as _attrs_define

from ..models.combination_policy import CombinationPolicy
from ..types import UNSET, Unset

T = TypeVar("T", bound="AppsCollection")


@_attrs_define
class AppsCollection:
    """How the parts of the service are put together."""

    combination_policy: CombinationPolicy | Unset = UNSET
    """ `postpone_transcoding` makes files once more after the recording, `default` does not. """

    def to_dict(self) -> dict[str, Any]:
        """The fields of this AppsCollection by the names that they have on the wire."""
        combination_policy: str | Unset = UNSET
        if not isinstance(self.combination_policy, Unset):
            combination_policy = self.combination_policy

        field_dict: dict[str, Any] = {}

        field_dict.update({})
        if combination_policy is not UNSET:
            field_dict["combinationPolicy"] = combination_policy

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        """The AppsCollection of these fields, which have the names of the wire."""
        d = dict(src_dict)
        _combination_policy = d.pop("combinationPolicy", UNSET)
        combination_policy: CombinationPolicy | Unset
        if isinstance(_combination_policy, Unset):
            combination_policy = UNSET
        else:
            combination_policy = CombinationPolicy(_combination_policy)

        apps_collection = cls(
            combination_policy=combination_policy,
        )

        return apps_collection
