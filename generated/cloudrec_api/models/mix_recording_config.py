from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, TypeVar, cast

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..models.audio_profile import AudioProfile
from ..models.channel_type import ChannelType
from ..models.decryption_mode import DecryptionMode
from ..models.stream_mode import StreamMode
from ..models.stream_types import StreamTypes
from ..models.subscribe_uid_group import SubscribeUidGroup
from ..models.video_stream_type import VideoStreamType
from ..types import UNSET, Unset, hidden

if TYPE_CHECKING:
    from ..models.transcoding_config import TranscodingConfig


T = TypeVar("T", bound="MixRecordingConfig")


@_attrs_define
class MixRecordingConfig:
    """Which streams of the channel are recorded in `mix` mode, and into what picture."""

    channel_type: ChannelType | Unset = UNSET
    """ Channel profile, the same as in the clients' RTC SDK. 0 communication, 1 live broadcasting. """
    decryption_mode: DecryptionMode | Unset = UNSET
    """ Encryption of the channel, the same as in the clients' RTC SDK. 0 none. """
    secret: str | Unset = _attrs_field(default=UNSET, repr=hidden)
    """ Key of an encrypted channel. Needed by every `decryptionMode` but 0. """
    salt: str | Unset = _attrs_field(default=UNSET, repr=hidden)
    """ Salt of an encrypted channel, 32 bytes in Base64. Needed by `decryptionMode` 7 and 8. """
    max_idle_time: int | Unset = UNSET
    """ Seconds after which a recording of an empty channel ends by itself. 5 to 2592000 (30 days); 300 is the
    advice. """
    stream_types: StreamTypes | Unset = UNSET
    """ Media to subscribe to. 0 sound alone, 1 picture alone, 2 sound and picture. """
    video_stream_type: VideoStreamType | Unset = UNSET
    """ Which of a user's two video streams to take. 0 the high-quality stream, 1 the low-quality stream. """
    subscribe_audio_uids: list[str] | Unset = UNSET
    """ Users whose sound is recorded: at most 32 IDs, or `["#allstream#"]` for everyone. """
    un_subscribe_audio_uids: list[str] | Unset = UNSET
    """ Users whose sound is not recorded, and everybody else's is: at most 32 IDs. """
    subscribe_video_uids: list[str] | Unset = UNSET
    """ Users whose picture is recorded: at most 32 IDs, or `["#allstream#"]` for everyone. """
    un_subscribe_video_uids: list[str] | Unset = UNSET
    """ Users whose picture is not recorded, and everybody else's is: at most 32 IDs. """
    subscribe_uid_group: SubscribeUidGroup | Unset = UNSET
    """ Expected peak of subscribed users: 0 for 1–2, 1 for 3–7, 2 for 8–12, 3 for 13–17, 4 for 18–32, 5 for 33–49.
    """
    audio_profile: AudioProfile | Unset = UNSET
    """ Sound at 48 kHz. 0 mono of 48 kbit/s, 1 mono of 128 kbit/s, 2 stereo of 192 kbit/s. """
    transcoding_config: TranscodingConfig | Unset = UNSET
    """ The composite picture, its size and its layout. """
    private_params: str | Unset = UNSET
    """ Switches that the provider's support names, as JSON in a string, e.g. `{"correctEXTINF":true}`. """
    stream_mode: StreamMode | Unset = UNSET
    """ Files per user. `default` audio and video apart, `standard` a merged playlist too, `original` audio as it
    was sent. """

    def to_dict(self) -> dict[str, Any]:
        """The fields of this MixRecordingConfig by the names that they have on the wire."""
        channel_type: int | Unset = UNSET
        if not isinstance(self.channel_type, Unset):
            channel_type = self.channel_type

        decryption_mode: int | Unset = UNSET
        if not isinstance(self.decryption_mode, Unset):
            decryption_mode = self.decryption_mode

        secret = self.secret

        salt = self.salt

        max_idle_time = self.max_idle_time

        stream_types: int | Unset = UNSET
        if not isinstance(self.stream_types, Unset):
            stream_types = self.stream_types

        video_stream_type: int | Unset = UNSET
        if not isinstance(self.video_stream_type, Unset):
            video_stream_type = self.video_stream_type

        subscribe_audio_uids: list[str] | Unset = UNSET
        if not isinstance(self.subscribe_audio_uids, Unset):
            subscribe_audio_uids = self.subscribe_audio_uids

        un_subscribe_audio_uids: list[str] | Unset = UNSET
        if not isinstance(self.un_subscribe_audio_uids, Unset):
            un_subscribe_audio_uids = self.un_subscribe_audio_uids

        subscribe_video_uids: list[str] | Unset = UNSET
        if not isinstance(self.subscribe_video_uids, Unset):
            subscribe_video_uids = self.subscribe_video_uids

        un_subscribe_video_uids: list[str] | Unset = UNSET
        if not isinstance(self.un_subscribe_video_uids, Unset):
            un_subscribe_video_uids = self.un_subscribe_video_uids

        subscribe_uid_group: int | Unset = UNSET
        if not isinstance(self.subscribe_uid_group, Unset):
            subscribe_uid_group = self.subscribe_uid_group

        audio_profile: int | Unset = UNSET
        if not isinstance(self.audio_profile, Unset):
            audio_profile = self.audio_profile

        transcoding_config: dict[str, Any] | Unset = UNSET
        if not isinstance(self.transcoding_config, Unset):
            transcoding_config = self.transcoding_config.to_dict()

        private_params = self.private_params

        stream_mode: str | Unset = UNSET
        if not isinstance(self.stream_mode, Unset):
            stream_mode = self.stream_mode

        field_dict: dict[str, Any] = {}

        field_dict.update({})
        if channel_type is not UNSET:
            field_dict["channelType"] = channel_type
        if decryption_mode is not UNSET:
            field_dict["decryptionMode"] = decryption_mode
        if secret is not UNSET:
            field_dict["secret"] = secret
        if salt is not UNSET:
            field_dict["salt"] = salt
        if max_idle_time is not UNSET:
            field_dict["maxIdleTime"] = max_idle_time
        if stream_types is not UNSET:
            field_dict["streamTypes"] = stream_types
        if video_stream_type is not UNSET:
            field_dict["videoStreamType"] = video_stream_type
        if subscribe_audio_uids is not UNSET:
            field_dict["subscribeAudioUids"] = subscribe_audio_uids
        if un_subscribe_audio_uids is not UNSET:
            field_dict["unSubscribeAudioUids"] = un_subscribe_audio_uids
        if subscribe_video_uids is not UNSET:
            field_dict["subscribeVideoUids"] = subscribe_video_uids
        if un_subscribe_video_uids is not UNSET:
            field_dict["unSubscribeVideoUids"] = un_subscribe_video_uids
        if subscribe_uid_group is not UNSET:
            field_dict["subscribeUidGroup"] = subscribe_uid_group
        if audio_profile is not UNSET:
            field_dict["audioProfile"] = audio_profile
        if transcoding_config is not UNSET:
            field_dict["transcodingConfig"] = transcoding_config
        if private_params is not UNSET:
            field_dict["privateParams"] = private_params
        if stream_mode is not UNSET:
            field_dict["streamMode"] = stream_mode

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        """The MixRecordingConfig of these fields, which have the names of the wire."""
        from ..models.transcoding_config import TranscodingConfig  # noqa: PLC0415

        d = dict(src_dict)
        _channel_type = d.pop("channelType", UNSET)
        channel_type: ChannelType | Unset
        if isinstance(_channel_type, Unset):
            channel_type = UNSET
        else:
            channel_type = ChannelType(_channel_type)

        _decryption_mode = d.pop("decryptionMode", UNSET)
        decryption_mode: DecryptionMode | Unset
        if isinstance(_decryption_mode, Unset):
            decryption_mode = UNSET
        else:
            decryption_mode = DecryptionMode(_decryption_mode)

        secret = d.pop("secret", UNSET)

        salt = d.pop("salt", UNSET)

        max_idle_time = d.pop("maxIdleTime", UNSET)

        _stream_types = d.pop("streamTypes", UNSET)
        stream_types: StreamTypes | Unset
        if isinstance(_stream_types, Unset):
            stream_types = UNSET
        else:
            stream_types = StreamTypes(_stream_types)

        _video_stream_type = d.pop("videoStreamType", UNSET)
        video_stream_type: VideoStreamType | Unset
        if isinstance(_video_stream_type, Unset):
            video_stream_type = UNSET
        else:
            video_stream_type = VideoStreamType(_video_stream_type)

        subscribe_audio_uids = cast(list[str], d.pop("subscribeAudioUids", UNSET))

        un_subscribe_audio_uids = cast(list[str], d.pop("unSubscribeAudioUids", UNSET))

        subscribe_video_uids = cast(list[str], d.pop("subscribeVideoUids", UNSET))

        un_subscribe_video_uids = cast(list[str], d.pop("unSubscribeVideoUids", UNSET))

        _subscribe_uid_group = d.pop("subscribeUidGroup", UNSET)
        subscribe_uid_group: SubscribeUidGroup | Unset
        if isinstance(_subscribe_uid_group, Unset):
            subscribe_uid_group = UNSET
        else:
            subscribe_uid_group = SubscribeUidGroup(_subscribe_uid_group)

        _audio_profile = d.pop("audioProfile", UNSET)
        audio_profile: AudioProfile | Unset
        if isinstance(_audio_profile, Unset):
            audio_profile = UNSET
        else:
            audio_profile = AudioProfile(_audio_profile)

        _transcoding_config = d.pop("transcodingConfig", UNSET)
        transcoding_config: TranscodingConfig | Unset
        if isinstance(_transcoding_config, Unset):
            transcoding_config = UNSET
        else:
            transcoding_config = TranscodingConfig.from_dict(_transcoding_config)

        private_params = d.pop("privateParams", UNSET)

        _stream_mode = d.pop("streamMode", UNSET)
        stream_mode: StreamMode | Unset
        if isinstance(_stream_mode, Unset):
            stream_mode = UNSET
        else:
            stream_mode = StreamMode(_stream_mode)

        mix_recording_config = cls(
            channel_type=channel_type,
            decryption_mode=decryption_mode,
            secret=secret,
            salt=salt,
            max_idle_time=max_idle_time,
            stream_types=stream_types,
            video_stream_type=video_stream_type,
            subscribe_audio_uids=subscribe_audio_uids,
            un_subscribe_audio_uids=un_subscribe_audio_uids,
            subscribe_video_uids=subscribe_video_uids,
            un_subscribe_video_uids=un_subscribe_video_uids,
            subscribe_uid_group=subscribe_uid_group,
            audio_profile=audio_profile,
            transcoding_config=transcoding_config,
            private_params=private_params,
            stream_mode=stream_mode,
        )

        return mix_recording_config
