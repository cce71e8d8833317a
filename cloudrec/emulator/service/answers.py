"""Answers of the service: `serverResponse` of `query` and `stop`, by mode and request."""

from __future__ import annotations

from typing import Any

from ..world.clock import Millis
from ..world.files import RecordedFile, listed_files
from ..world.recording import PUBLISHES_AFTER, Output, Recording
from ..world.settings import Mode

Json = dict[str, Any]


def identifiers(recording: Recording) -> Json:
    """What every answer about a recording repeats."""
    return {
        "cname": recording.cname,
        "uid": recording.uid,
        "resourceId": recording.resource_id,
        "sid": recording.sid,
    }


def query(recording: Recording, now: Millis) -> Json:
    """State and files of a recording."""
    status = int(recording.status(now))
    if recording.mode is Mode.WEB:
        return {"status": status, "extensionServiceState": _web_services(recording, now)}
    return {
        "status": status,
        **_file_list(recording, now),
        "sliceStartTime": _first_media(recording, now),
    }


def stop(recording: Recording, now: Millis, *, uploading_status: str) -> Json:
    """The end of a recording, just stopped."""
    if recording.mode is Mode.WEB:
        upload = {"serviceName": "upload_service", "payload": {"uploadingStatus": uploading_status}}
        return {"extensionServiceState": [upload, _web_recorder(recording, now)]}
    return {**_file_list(recording, now), "uploadingStatus": uploading_status}


def _file_list(recording: Recording, now: Millis) -> Json:
    settings = recording.settings
    if settings.capture_interval is not None:
        # The pages list files where no screenshots are taken; those that are recorded beside them are told by webhook.
        return {}
    files = listed_files(recording, now)
    if recording.mode is Mode.MIX and not settings.makes_mp4:
        # One playlist, by name alone; "" before the first slice. After a failover it is the new server's.
        return {"fileListMode": "string", "fileList": files[-1].listed_as if files else ""}
    mixed = recording.mode is Mode.MIX
    return {"fileListMode": "json", "fileList": [file_entry(file, mixed=mixed) for file in files]}


def file_entry(file: RecordedFile, *, mixed: bool) -> Json:
    """A file as `query` and `stop` list it, and the webhooks too."""
    return {
        "fileName": file.listed_as,
        "trackType": file.track_type,
        "uid": file.uid,
        "mixedAllUser": mixed,
        "isPlayable": True,
        "sliceStartTime": file.slice_start_time,
    }


def _first_media(recording: Recording, now: Millis) -> Millis:
    """When the first media came; 0 before that."""
    return min((run.start for runs in recording.media(now).values() for run in runs), default=0)


def _web_services(recording: Recording, now: Millis) -> list[Json]:
    services = [_web_recorder(recording, now)]
    if recording.settings.outputs is not None:
        outputs = [
            {"rtmpUrl": output.url, "status": push_status(recording, output, now)} for output in recording.outputs
        ]
        payload = {"state": _service_state(recording, now), "outputs": outputs}
        services.append({"serviceName": "rtmp_publish_service", "payload": payload})
    return services


def _web_recorder(recording: Recording, now: Millis) -> Json:
    payload = {
        "fileList": [web_file_entry(file) for file in listed_files(recording, now)],
        "onhold": recording.onhold.latest,
        "state": _service_state(recording, now),
    }
    return {"serviceName": "web_recorder_service", "payload": payload}


def web_file_entry(file: RecordedFile) -> Json:
    """A file as web recordings list it."""
    return {"filename": file.listed_as, "sliceStartTime": file.slice_start_time}


def _service_state(recording: Recording, now: Millis) -> str:
    if not recording.running(now):
        return "exit"
    return "init" if now < recording.page_opens else "inProgress"


def push_status(recording: Recording, output: Output, moment: Millis) -> str:
    """How a CDN push stands, or stood at a moment that has passed."""
    end = recording.end(moment)
    if end is not None and moment >= end.at:
        return "disconnected"
    if recording.onhold.at(moment):
        return "onhold"
    return "publishing" if moment >= output.since + PUBLISHES_AFTER else "connecting"
