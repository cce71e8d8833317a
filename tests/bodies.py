"""Requests that the service takes, which together hold every field; and their places, for the tests that spoil them."""

from __future__ import annotations

import copy
import re
from collections.abc import Iterator

from tests.support import Json

STORAGE: Json = {
    "vendor": 1, "region": 7, "bucket": "lessons", "accessKey": "AK", "secretKey": "SK", "stsToken": "STS",
    "stsExpiration": 1893456000, "fileNamePrefix": ["lessons", "42"],
    "extensionParams": {"sse": "kms", "tag": "lesson"},
}  # fmt: skip
COMPATIBLE: Json = {
    "vendor": 11, "region": 0, "bucket": "lessons", "accessKey": "AK", "secretKey": "SK",
    "extensionParams": {"endpoint": "s3.example.com"},
}  # fmt: skip
SALT = "c2FsdA" * 7 + "s="
RECORDING: Json = {
    "channelType": 1, "decryptionMode": 8, "secret": "key", "salt": SALT, "maxIdleTime": 300, "streamTypes": 2,
    "videoStreamType": 1, "subscribeAudioUids": ["#allstream#"], "subscribeVideoUids": ["101", "102"],
    "subscribeUidGroup": 1, "privateParams": '{"correctEXTINF":true}',
}  # fmt: skip
EXCLUDING: Json = {"channelType": 0, "unSubscribeAudioUids": ["103"], "unSubscribeVideoUids": ["103", "104"]}
LAYOUT: Json = {
    "mixedVideoLayout": 3, "maxResolutionUid": "101", "backgroundColor": "#FF0000",
    "backgroundImage": "https://example.com/canvas.jpg", "defaultUserBackgroundImage": "https://example.com/user.jpg",
    "layoutConfig": [
        {"uid": "101", "x_axis": 0, "y_axis": 0, "width": 0.5, "height": 1, "alpha": 0.5, "render_mode": 1},
        {"x_axis": 0.5, "y_axis": 0.25, "width": 0.5, "height": 0.5},
    ],
    "backgroundConfig": [{"uid": "102", "image_url": "https://example.com/102.jpg", "render_mode": 0}],
}  # fmt: skip
PAGE: Json = {
    "serviceName": "web_recorder_service", "errorHandlePolicy": "error_abort",
    "serviceParam": {
        "url": "https://example.com/lesson", "audioProfile": 1, "videoWidth": 1280, "videoHeight": 720,
        "maxRecordingHour": 2, "videoBitrate": 2000, "videoFps": 15, "mobile": False, "maxVideoDuration": 120,
        "onhold": False, "readyTimeout": 30,
    },
}  # fmt: skip
PUSH: Json = {
    "serviceName": "rtmp_publish_service", "errorHandlePolicy": "error_ignore",
    "serviceParam": {"outputs": [{"rtmpUrl": "rtmps://cdn.example.com/live/1"}]},
}  # fmt: skip

STARTS: dict[str, list[Json]] = {
    "individual": [
        {
            "token": "token", "storageConfig": STORAGE, "recordingConfig": {**RECORDING, "streamMode": "standard"},
            "recordingFileConfig": {"avFileType": ["hls"]},
            "snapshotConfig": {"captureInterval": 10, "fileType": ["jpg"]},
        },
        {"storageConfig": COMPATIBLE, "recordingConfig": EXCLUDING},
        {
            "storageConfig": COMPATIBLE,
            "recordingConfig": {"channelType": 0, "streamTypes": 0, "streamMode": "original"},
            "appsCollection": {"combinationPolicy": "postpone_transcoding"},
            "transcodeOptions": {
                "transConfig": {"transMode": "audioMix"}, "container": {"format": "mp3"},
                "audio": {"sampleRate": "48000", "bitrate": "48000", "channels": "2"},
            },
        },
    ],
    "raw": [
        {
            "token": "token", "storageConfig": STORAGE, "recordingConfig": RECORDING,
            "recordingFileConfig": {"avFileType": ["hls", "mp4"]},
            "snapshotConfig": {"captureInterval": 10, "fileType": ["jpg"]},
        },
        {"storageConfig": COMPATIBLE, "recordingConfig": EXCLUDING},
        {
            "storageConfig": COMPATIBLE, "recordingConfig": {"channelType": 0, "streamTypes": 0},
            "recordingFileConfig": {"avFileType": ["mp3"]},
        },
    ],
    "mix": [
        {
            "token": "token", "storageConfig": STORAGE,
            "recordingConfig": {
                **RECORDING, "audioProfile": 2,
                "transcodingConfig": {"width": 1280, "height": 720, "fps": 30, "bitrate": 1710, **LAYOUT},
            },
            "recordingFileConfig": {"avFileType": ["hls", "mp4"]},
        },
        {"storageConfig": COMPATIBLE, "recordingConfig": EXCLUDING},
        {"storageConfig": COMPATIBLE, "recordingConfig": {"streamMode": "default"}},
    ],
    "web": [
        {
            "token": "token", "storageConfig": STORAGE, "recordingFileConfig": {"avFileType": ["hls", "mp4"]},
            "extensionServiceConfig": {
                "apiVersion": "v1", "errorHandlePolicy": "error_abort", "extensionServices": [PAGE, PUSH],
            },
        },
        {"storageConfig": COMPATIBLE, "extensionServiceConfig": {"extensionServices": [PAGE]}},
    ],
}  # fmt: skip
ACQUIRES: list[Json] = [
    {"scene": 0, "resourceExpiredHour": 24, "excludeResourceIds": ["another"], "region": "EU"},
    {"regionAffinity": 3},
    *({"scene": 0, "startParameter": start} for start in STARTS["mix"] + STARTS["individual"] + STARTS["raw"]),
    *({"scene": 1, "startParameter": start} for start in STARTS["web"]),
    {"scene": 2, "region": "EU", "startParameter": STARTS["individual"][2]},
]
UPDATES: dict[str, list[Json]] = {
    **{
        mode: [
            {
                "streamSubscribe": {
                    "audioUidList": {"subscribeAudioUids": ["#allstream#"]},
                    "videoUidList": {"unSubscribeVideoUids": ["103"]},
                },
                "storageConfig": STORAGE,
            },
            {
                "streamSubscribe": {
                    "audioUidList": {"unSubscribeAudioUids": ["103"]},
                    "videoUidList": {"subscribeVideoUids": ["101", "102"]},
                },
                "storageConfig": COMPATIBLE,
            },
        ]
        for mode in ("individual", "raw", "mix")
    },
    "web": [
        {
            "webRecordingConfig": {"onhold": True}, "storageConfig": STORAGE,
            "rtmpPublishConfig": {"outputs": [{"rtmpUrl": "rtmp://cdn.example.com/live/2"}]},
        },
        {"storageConfig": COMPATIBLE},
    ],
}  # fmt: skip
LAYOUTS: list[Json] = [LAYOUT]
STOPS: list[Json] = [{"async_stop": True}]

# Every call that has a clientRequest, as rules name it, with good ones. They are not to be changed.
REQUESTS: dict[str, list[Json]] = {
    "acquire": ACQUIRES,
    **{f"start {mode}": bodies for mode, bodies in STARTS.items()},
    **{f"update {mode}": bodies for mode, bodies in UPDATES.items()},
    "updateLayout": LAYOUTS,
    "stop": STOPS,
}
COMPONENTS = {
    "acquire": "AcquireClientRequest",
    **{f"start {mode}": f"{mode.capitalize()}StartClientRequest" for mode in STARTS},
    **{f"update {mode}": f"{mode.capitalize()}UpdateClientRequest" for mode in UPDATES},
    "updateLayout": "UpdateLayoutClientRequest",
    "stop": "StopClientRequest",
}

Place = tuple[str | int, ...]


def place_of(body: Json, field: str) -> Place | None:
    """Where a field such as `a.b[].c` or `a.b[name].c` is in a body; None where it is not there."""
    places: list[Place] = [()]
    for part in re.findall(r"[^.\[\]]+|\[[^\]]*\]", field):
        places = [(*place, key) for place in places for key in _keys(at(body, place), part)]
    return places[0] if places else None


def _keys(node: Json, part: str) -> Iterator[str | int]:
    if not part.startswith("["):
        if isinstance(node, dict) and part in node:
            yield part
    elif isinstance(node, list):
        name = part[1:-1]
        yield from (place for place, item in enumerate(node) if not name or item.get("serviceName") == name)


def at(body: Json, place: Place) -> Json:
    """What is at a place."""
    for key in place:
        body = body[key]
    return body


def changed(body: Json, place: Place, value: Json) -> Json:
    """A copy of the body with another value at a place."""
    made = copy.deepcopy(body)
    at(made, place[:-1])[place[-1]] = value
    return made


def without(body: Json, place: Place) -> Json:
    """A copy of the body without what is at a place."""
    made = copy.deepcopy(body)
    del at(made, place[:-1])[place[-1]]
    return made
