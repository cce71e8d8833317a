from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar

from attrs import define as _attrs_define

from ..models.audio_channels import AudioChannels
from ..models.audio_sample_rate import AudioSampleRate
from ..types import UNSET, Unset

T = TypeVar("T", bound="TranscodeAudio")


@_attrs_define
class TranscodeAudio:
    """Sound of the file that deferred mixing makes. Numbers are strings here."""

    sample_rate: AudioSampleRate | Unset = UNSET
    """ Samples of the sound per second, as a string: 48000, 32000 or 16000. """
    bitrate: str | Unset = UNSET
    """ Bitrate in bit/s. """
    channels: AudioChannels | Unset = UNSET
    """ Channels of the sound, as a string. `1` mono, `2` stereo. """

    def to_dict(self) -> dict[str, Any]:
        """The fields of this TranscodeAudio by the names that they have on the wire."""
        sample_rate: str | Unset = UNSET
        if not isinstance(self.sample_rate, Unset):
            sample_rate = self.sample_rate

        bitrate = self.bitrate

        channels: str | Unset = UNSET
        if not isinstance(self.channels, Unset):
            channels = self.channels

        field_dict: dict[str, Any] = {}

        field_dict.update({})
        if sample_rate is not UNSET:
            field_dict["sampleRate"] = sample_rate
        if bitrate is not UNSET:
            field_dict["bitrate"] = bitrate
        if channels is not UNSET:
            field_dict["channels"] = channels

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        """The TranscodeAudio of these fields, which have the names of the wire."""
        d = dict(src_dict)
        _sample_rate = d.pop("sampleRate", UNSET)
        sample_rate: AudioSampleRate | Unset
        if isinstance(_sample_rate, Unset):
            sample_rate = UNSET
        else:
            sample_rate = AudioSampleRate(_sample_rate)

        bitrate = d.pop("bitrate", UNSET)

        _channels = d.pop("channels", UNSET)
        channels: AudioChannels | Unset
        if isinstance(_channels, Unset):
            channels = UNSET
        else:
            channels = AudioChannels(_channels)

        transcode_audio = cls(
            sample_rate=sample_rate,
            bitrate=bitrate,
            channels=channels,
        )

        return transcode_audio
