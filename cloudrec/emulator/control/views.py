"""Views: what an emulator holds, as JSON without secrets."""

from __future__ import annotations

import json
from collections.abc import Iterable
from typing import Any

from ..._contract.redact import redacted, url_without_secrets
from ..faults.calls import BODY_KEPT, Bodies, RecordedCall
from ..faults.schedule import FaultSchedule
from ..webhooks.sender import NoticeAttempt, SentNotice
from ..world.channels import Channel
from ..world.clock import Clock, Millis
from ..world.files import RecordedFile, all_files
from ..world.recording import Recording
from ..world.settings import Mode
from .story import lanes, page_spans, steps

Json = dict[str, Any]

#: How many files that the service does not list (slices, screenshots), calls and notices are shown of a recording.
SHOWN = 200
#: What a composite recording is as large as where nothing is said.
_CANVAS = (360, 640)


def clock(clock: Clock) -> Json:
    """The clock."""
    return {"now": clock.now(), "running": clock.ticking, "speed": clock.speed if clock.ticking else 0}


def summary(recording: Recording, now: Millis) -> Json:
    """A recording in a list."""
    end = recording.end(now)
    gone = end is not None and recording.gone_at(end) <= now
    return {
        "sid": recording.sid,
        "cname": recording.cname,
        "uid": recording.uid,
        "mode": str(recording.mode),
        "started": recording.started,
        "status": None if gone else int(recording.status(now)),
        "moving": recording.moving(now),
        "end": None if end is None else {"at": end.at, "reason": str(end.reason)},
    }


def recording(recording: Recording, now: Millis) -> Json:
    """All of a recording, but for what was said about it."""
    begun = steps(recording, now)
    files = all_files(recording, now)
    listed = [file for file in files if file.listed]
    others = [file for file in files if not file.listed]
    return {
        **summary(recording, now),
        "resource_id": recording.resource_id,
        "steps": [{"at": at.at, "status": None if at.status is None else int(at.status)} for at in begun],
        "lanes": [{"uid": lane.uid, "audio": lane.audio, "video": lane.video} for lane in lanes(recording, now)],
        "page": page_spans(recording, now),
        "moves": [[move.began, min(move.back, now)] for move in recording.moves],
        "layout": redacted(dict(recording.layout)) if recording.mode is Mode.MIX else None,
        "canvas": list(canvas(recording)),
        "people": [person(stream) for stream in recording.channel.people],
        "files": [file_view(file) for file in [*listed, *others[-SHOWN:]]],
        "files_total": len(files),
        "request": redacted(recording.request),
    }


def canvas(recording: Recording) -> tuple[int, int]:
    """Width and height of a composite picture."""
    size = (recording.request.get("recordingConfig") or {}).get("transcodingConfig") or {}
    return int(size.get("width", _CANVAS[0])), int(size.get("height", _CANVAS[1]))


def users(recording: Recording, now: Millis) -> list[str]:
    """Whom a composite picture has a place for: everybody whose picture is subscribed to, in the order of joining."""
    subscription = recording.subscription.at(now)
    present = recording.channel.history.at(now)
    return [uid for uid in present if uid != recording.uid and subscription.video.takes(uid)]


def drawn(recording: Recording, now: Millis) -> str:
    """The layout in force as SVG, as `preview()` of the library draws it; ValueError where it cannot."""
    from ...errors import InvalidRequestError
    from ...layouts import Layout

    if recording.mode is not Mode.MIX:
        raise ValueError(f"a recording in {recording.mode} mode has no layout")
    width, height = canvas(recording)
    try:
        return Layout.from_dict(recording.layout).preview(users(recording, now), width=width, height=height).svg
    except InvalidRequestError:  # the service takes more than the library does
        raise ValueError("this layout cannot be drawn") from None


def file_view(file: RecordedFile) -> Json:
    """A file in the bucket."""
    return {
        "name": file.name,
        "key": file.key,
        "uid": file.uid,
        "track_type": file.track_type,
        "begins": file.slice_start_time,
        "listed": file.listed,
    }


def person(stream: Any) -> Json:
    """Somebody in a channel."""
    return {"uid": stream.uid, "audio": stream.audio, "video": stream.video, "codec": stream.codec}


def channel(channel: Channel) -> Json:
    """Who is in a channel."""
    return {"name": channel.name, "people": [person(stream) for stream in channel.people]}


def call(call: RecordedCall, bodies: Bodies) -> Json:
    """A request, and what became of it."""
    return {
        "number": call.number,
        "endpoint": call.endpoint,
        "method": bodies.method,
        "path": bodies.path,
        "arrived": bodies.arrived,
        "host": call.host,
        "cname": call.cname,
        "uid": call.uid,
        "sid": call.sid,
        "fault": None if call.fault is None else call.fault.header,
        "handled": call.handled,
        "status": call.status,
        "sent": body(bodies.sent),
        "answered": body(bodies.answered),
        "told": body(bodies.told),
    }


def body(content: bytes | None) -> Any:
    """A body without its secrets; in words where nobody can tell what in it is one."""
    if not content:
        return None
    try:
        return redacted(json.loads(content))
    except (ValueError, RecursionError):
        size = f"more than {BODY_KEPT}" if len(content) == BODY_KEPT else f"{len(content)}"
        return f"({size} bytes that are not shown: they are no JSON)"


def notice(notice: SentNotice) -> Json:
    """A webhook, and what came back."""
    return {
        "number": notice.number,
        "notice_id": notice.notice_id,
        "event_type": notice.event_type,
        "name": notice.name,
        "cname": notice.cname,
        "uid": notice.uid,
        "sid": notice.sid,
        "sequence": notice.sequence,
        "happened": notice.happened,
        "payload": redacted(notice.payload),
        "attempts": [attempt(each) for each in notice.attempts],
        "settled": notice.settled,
        "delivered": notice.delivered,
    }


def attempt(attempt: NoticeAttempt) -> Json:
    """One time that it was sent."""
    return {
        "status": attempt.status,
        "answer": attempt.answer.decode("utf-8", "replace"),
        "problem": attempt.problem,
        "duplicate": attempt.duplicate,
    }


def faults(schedule: FaultSchedule) -> Json:
    """What goes wrong on purpose."""
    storm = schedule.raging
    return {
        "rules": [
            {
                "fault": rule.fault.header,
                "endpoints": sorted(rule.endpoints),
                "times": rule.times,
                "every": rule.every,
                "skip": rule.skip,
                "host": rule.host,
                "cname": rule.cname,
                "met": rule.met,
            }
            for rule in schedule.rules
        ],
        "storm": None
        if storm is None
        else {"rate": storm.rate, "seed": storm.seed, "endpoints": sorted(storm.endpoints)},
    }


def receiver(url: str | None) -> str | None:
    """Where webhooks go, as far as it may be told."""
    return None if url is None else url_without_secrets(url)


def is_about(call: RecordedCall, recording: Recording) -> bool:
    """Whether a call is about a recording; also one that was to bring it about, and came to nothing."""
    if call.sid or recording.resource_id == call.resource_id:
        return recording.sid == call.sid or recording.resource_id == call.resource_id
    return (call.endpoint, call.cname, call.uid) == ("acquire", recording.cname, recording.uid)


def concerning(recording: Recording, calls: Iterable[tuple[RecordedCall, Bodies]]) -> list[Json]:
    """The latest calls that are about a recording."""
    about = [pair for pair in calls if is_about(pair[0], recording)]
    return [call(*pair) for pair in about[-SHOWN:]]
