"""Settings of a start request, with the service's defaults filled in."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from .clock import HOUR, MINUTE, SECOND, Millis
from .subscription import Subscription

JsonObject = Mapping[str, Any]


class Mode(StrEnum):
    """The modes, as they stand in a path."""

    INDIVIDUAL = "individual"
    MIX = "mix"
    WEB = "web"
    RAW = "raw"

    @property
    def by_user(self) -> bool:
        """Whether every user's media goes to files of their own."""
        return self in {Mode.INDIVIDUAL, Mode.RAW}


WEB_SCENE = 1

DEFAULT_MAX_IDLE_TIME = 30
DEFAULT_CAPTURE_INTERVAL = 10
DEFAULT_MAX_VIDEO_DURATION = 120
DEFAULT_LAYOUT: JsonObject = {"mixedVideoLayout": 0, "backgroundColor": "#000000"}
LAYOUT_FIELDS = (
    "mixedVideoLayout",
    "maxResolutionUid",
    "backgroundColor",
    "backgroundImage",
    "defaultUserBackgroundImage",
    "layoutConfig",
    "backgroundConfig",
)

#: A composite recording begins a new MP4 file after about two hours (the page of `start`) or three
#: (the page on files). The reference page is the newer one. Both also name 2 GB, which a recorder
#: without bytes never reaches.
MIX_MP4_LENGTH: Millis = 2 * HOUR


@dataclass(frozen=True, repr=False)
class Settings:
    """A start request, read."""

    mode: Mode
    prefix: tuple[str, ...]
    #: Live streaming (1) is idle without hosts, communication (0) without users.
    live: bool
    stream_types: int
    stream_mode: str
    subscription: Subscription
    #: None: this recording does not mind an empty channel.
    max_idle: Millis | None
    #: None: no limit of its own.
    max_length: Millis | None
    #: Files of audio and video are made; not so when only screenshots are asked for.
    records: bool
    #: Playlists and slices: always but in raw mode, where one may ask for another kind alone.
    makes_playlists: bool
    makes_mp4: bool
    makes_mp3: bool
    mp4_length: Millis
    #: None: no screenshots.
    capture_interval: Millis | None
    onhold: bool
    #: None: the start did not ask to push to a CDN.
    outputs: tuple[str, ...] | None
    layout: JsonObject

    @classmethod
    def of(cls, mode: Mode, request: JsonObject) -> Settings:
        """Read a `clientRequest` that the contract has already found good."""
        config: JsonObject = request.get("recordingConfig") or {}
        file_types = (request.get("recordingFileConfig") or {}).get("avFileType") or ["hls"]
        snapshots: JsonObject | None = request.get("snapshotConfig")
        services = {
            service["serviceName"]: service.get("serviceParam") or {}
            for service in (request.get("extensionServiceConfig") or {}).get("extensionServices", ())
        }
        page: JsonObject = services.get("web_recorder_service", {})
        push: JsonObject | None = services.get("rtmp_publish_service")
        web = mode is Mode.WEB
        hours = page.get("maxRecordingHour")
        stream_types = int(config.get("streamTypes", 2))
        return cls(
            mode=mode,
            prefix=tuple(request["storageConfig"].get("fileNamePrefix") or ()),
            live=config.get("channelType", 0) == 1,
            stream_types=stream_types,
            stream_mode=config.get("streamMode", "default"),
            subscription=Subscription.of(config, stream_types),
            max_idle=None if web else int(config.get("maxIdleTime", DEFAULT_MAX_IDLE_TIME)) * SECOND,
            max_length=None if hours is None else int(hours) * HOUR,
            records=snapshots is None or "recordingFileConfig" in request,
            makes_playlists=mode is not Mode.RAW or "hls" in file_types,
            makes_mp4="mp4" in file_types,
            makes_mp3="mp3" in file_types,
            mp4_length=int(page.get("maxVideoDuration", DEFAULT_MAX_VIDEO_DURATION)) * MINUTE
            if web
            else MIX_MP4_LENGTH,
            capture_interval=None
            if snapshots is None
            else int(snapshots.get("captureInterval", DEFAULT_CAPTURE_INTERVAL)) * SECOND,
            onhold=bool(page.get("onhold", False)),
            outputs=None if push is None else output_urls(push),
            layout=layout_of(config.get("transcodingConfig") or {}),
        )


def layout_of(request: JsonObject) -> JsonObject:
    """A whole layout: what a request leaves out falls back to its default."""
    return {**DEFAULT_LAYOUT, **{field: request[field] for field in LAYOUT_FIELDS if field in request}}


def output_urls(request: JsonObject) -> tuple[str, ...]:
    """The CDN addresses of an `outputs` list."""
    return tuple(output["rtmpUrl"] for output in request.get("outputs") or () if "rtmpUrl" in output)
