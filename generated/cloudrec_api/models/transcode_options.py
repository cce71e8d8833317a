from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, TypeVar

from attrs import define as _attrs_define

from ..types import UNSET, Unset

if TYPE_CHECKING:
    from ..models.trans_config import TransConfig
    from ..models.transcode_audio import TranscodeAudio
    from ..models.transcode_container import TranscodeContainer


T = TypeVar("T", bound="TranscodeOptions")


@_attrs_define
class TranscodeOptions:
    """Files made after the recording, with `combinationPolicy` `postpone_transcoding`."""

    trans_config: TransConfig
    """ What is made after the recording: a file for each user, or one with everyone's sound. """
    container: TranscodeContainer | Unset = UNSET
    """ Format of the files that are made after the recording. """
    audio: TranscodeAudio | Unset = UNSET
    """ Sound of the file that deferred mixing makes. Numbers are strings here. """

    def to_dict(self) -> dict[str, Any]:
        """The fields of this TranscodeOptions by the names that they have on the wire."""
        trans_config = self.trans_config.to_dict()

        container: dict[str, Any] | Unset = UNSET
        if not isinstance(self.container, Unset):
            container = self.container.to_dict()

        audio: dict[str, Any] | Unset = UNSET
        if not isinstance(self.audio, Unset):
            audio = self.audio.to_dict()

        field_dict: dict[str, Any] = {}

        field_dict.update(
            {
                "transConfig": trans_config,
            }
        )
        if container is not UNSET:
            field_dict["container"] = container
        if audio is not UNSET:
            field_dict["audio"] = audio

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        """The TranscodeOptions of these fields, which have the names of the wire."""
        from ..models.trans_config import TransConfig  # noqa: PLC0415
        from ..models.transcode_audio import TranscodeAudio  # noqa: PLC0415
        from ..models.transcode_container import TranscodeContainer  # noqa: PLC0415

        d = dict(src_dict)
        trans_config = TransConfig.from_dict(d.pop("transConfig"))

        _container = d.pop("container", UNSET)
        container: TranscodeContainer | Unset
        if isinstance(_container, Unset):
            container = UNSET
        else:
            container = TranscodeContainer.from_dict(_container)

        _audio = d.pop("audio", UNSET)
        audio: TranscodeAudio | Unset
        if isinstance(_audio, Unset):
            audio = UNSET
        else:
            audio = TranscodeAudio.from_dict(_audio)

        transcode_options = cls(
            trans_config=trans_config,
            container=container,
            audio=audio,
        )

        return transcode_options
