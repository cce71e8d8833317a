from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar

from attrs import define as _attrs_define

from ..models.audio_profile import AudioProfile
from ..types import UNSET, Unset

T = TypeVar("T", bound="WebRecorderServiceParam")


@_attrs_define
class WebRecorderServiceParam:
    """Which web page is recorded, at which size, with which sound, for how many hours at most."""

    url: str
    """ Address of the page. """
    audio_profile: AudioProfile
    """ Sound at 48 kHz. 0 mono of 48 kbit/s, 1 mono of 128 kbit/s, 2 stereo of 192 kbit/s. """
    video_width: int
    """ Width of the picture in pixels. 240 to 1920; videoWidth × videoHeight is at most 1920 × 1080. """
    video_height: int
    """ Height of the picture in pixels. 240 to 1920; videoWidth × videoHeight is at most 1920 × 1080. """
    max_recording_hour: int
    """ Hours after which the recording ends by itself. 1 to 720. It is billed until it ends. """
    video_bitrate: int | Unset = UNSET
    """ Video bitrate in kbit/s. Left out, 2000 from 1280 × 720 on and 1500 below. """
    video_fps: int | Unset = UNSET
    """ Frames per second. 5 to 60. """
    mobile: bool | Unset = UNSET
    """ Renders the page as a mobile browser does. """
    max_video_duration: int | Unset = UNSET
    """ Minutes after which a new MP4 file begins; after 2 GB one does, too. 30 to 240. """
    onhold: bool | Unset = UNSET
    """ Begins paused: the page is opened, nothing is recorded until an update. """
    ready_timeout: int | Unset = UNSET
    """ Seconds for the page to load, or the recording ends. 0 to 60; 0 does not look. """

    def to_dict(self) -> dict[str, Any]:
        """The fields of this WebRecorderServiceParam by the names that they have on the wire."""
        url = self.url

        audio_profile = self.audio_profile

        video_width = self.video_width

        video_height = self.video_height

        max_recording_hour = self.max_recording_hour

        video_bitrate = self.video_bitrate

        video_fps = self.video_fps

        mobile = self.mobile

        max_video_duration = self.max_video_duration

        onhold = self.onhold

        ready_timeout = self.ready_timeout

        field_dict: dict[str, Any] = {}

        field_dict.update(
            {
                "url": url,
                "audioProfile": audio_profile,
                "videoWidth": video_width,
                "videoHeight": video_height,
                "maxRecordingHour": max_recording_hour,
            }
        )
        if video_bitrate is not UNSET:
            field_dict["videoBitrate"] = video_bitrate
        if video_fps is not UNSET:
            field_dict["videoFps"] = video_fps
        if mobile is not UNSET:
            field_dict["mobile"] = mobile
        if max_video_duration is not UNSET:
            field_dict["maxVideoDuration"] = max_video_duration
        if onhold is not UNSET:
            field_dict["onhold"] = onhold
        if ready_timeout is not UNSET:
            field_dict["readyTimeout"] = ready_timeout

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        """The WebRecorderServiceParam of these fields, which have the names of the wire."""
        d = dict(src_dict)
        url = d.pop("url")

        audio_profile = AudioProfile(d.pop("audioProfile"))

        video_width = d.pop("videoWidth")

        video_height = d.pop("videoHeight")

        max_recording_hour = d.pop("maxRecordingHour")

        video_bitrate = d.pop("videoBitrate", UNSET)

        video_fps = d.pop("videoFps", UNSET)

        mobile = d.pop("mobile", UNSET)

        max_video_duration = d.pop("maxVideoDuration", UNSET)

        onhold = d.pop("onhold", UNSET)

        ready_timeout = d.pop("readyTimeout", UNSET)

        web_recorder_service_param = cls(
            url=url,
            audio_profile=audio_profile,
            video_width=video_width,
            video_height=video_height,
            max_recording_hour=max_recording_hour,
            video_bitrate=video_bitrate,
            video_fps=video_fps,
            mobile=mobile,
            max_video_duration=max_video_duration,
            onhold=onhold,
            ready_timeout=ready_timeout,
        )

        return web_recorder_service_param
