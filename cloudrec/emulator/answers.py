"""`serverResponse` of `query` and `stop`, in the form that the mode and the request call for."""

from __future__ import annotations

from typing import Any

from .clock import Millis
from .files import RecordedFile, listed_files
from .recording import PUBLISHES_AFTER, Output, Recording
from .settings import Mode

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
    if not settings.records:
        return {}
    files = listed_files(recording, now)
    if recording.mode is Mode.MIX and not settings.makes_mp4:
        # One playlist, by name alone; "" before the first slice. After a failover it is the new server's.
        return {"fileListMode": "string", "fileList": files[-1].name if files else ""}
    mixed = recording.mode is Mode.MIX
    return {"fileListMode": "json", "fileList": [_file(file, mixed=mixed) for file in files]}


def _file(file: RecordedFile, *, mixed: bool) -> Json:
    return {
        "fileName": file.name,
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
            {"rtmpUrl": output.url, "status": _push_status(recording, output, now)} for output in recording.outputs
        ]
        payload = {"state": _service_state(recording, now), "outputs": outputs}
        services.append({"serviceName": "rtmp_publish_service", "payload": payload})
    return services


def _web_recorder(recording: Recording, now: Millis) -> Json:
    files = [{"filename": file.name, "sliceStartTime": file.slice_start_time} for file in listed_files(recording, now)]
    payload = {
        "fileList": files,
        "onhold": recording.onhold.latest,
        "state": _service_state(recording, now),
    }
    return {"serviceName": "web_recorder_service", "payload": payload}


def _service_state(recording: Recording, now: Millis) -> str:
    if not recording.running(now):
        return "exit"
    return "init" if now < recording.page_opens else "inProgress"


def _push_status(recording: Recording, output: Output, now: Millis) -> str:
    if not recording.running(now):
        return "disconnected"
    if recording.onhold.latest:
        return "onhold"
    return "publishing" if now >= output.since + PUBLISHES_AFTER else "connecting"
