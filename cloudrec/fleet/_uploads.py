"""Uploads: what events tell of the files of a part that is over. No I/O."""

from __future__ import annotations

import json
import time
from collections.abc import Iterable, Mapping
from typing import Any

from cloudrec_api.models.uploading_status import UploadingStatus

from .._recording.events import feed
from .._recording.state import Life
from ..webhooks._events import Event

JSON = dict[str, Any]


def is_there(result: Mapping[str, Any]) -> bool:
    """Whether all its files are where they belong, or there are none."""
    return bool(result["uploading_status"] == UploadingStatus.UPLOADED or result["nothing_recorded"])


def with_told(result: JSON, life: Life) -> JSON:
    """The result, as far as events have told more of it."""
    told_now = life.result.to_dict()
    if life.uploading_status is not None:
        result = {**result, "uploading_status": told_now["uploading_status"]}
    if told := [file for file in told_now["files"] if not file["is_predicted"]]:
        known = [file for file in result["files"] if not file["is_predicted"]]
        keys = {file["key"] for file in known}
        files = [*known, *(file for file in told if file["key"] not in keys)]
        result = {**result, "files": files, "is_predicted": False}
    return result


def followed(parts: list[JSON], bodies: Iterable[str]) -> list[JSON]:
    """Parts of a recording, each that is over with what these events tell of it."""
    lives = {place: _over(part) for place, part in enumerate(parts) if part.get("result") is not None}
    for body in bodies:
        event = Event(json.loads(body))
        for life in lives.values():
            feed(life, event)
    return [
        {**part, "result": with_told(part["result"], lives[place])} if place in lives else part
        for place, part in enumerate(parts)
    ]


def _over(part: JSON) -> Life:
    life = Life(part["handle"], time.time, None)
    life.finish(None)
    return life
