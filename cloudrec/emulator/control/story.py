"""Story of a recording: which states it was in, and who was heard and seen when."""

from __future__ import annotations

from dataclasses import dataclass

from ..world.clock import Millis
from ..world.media import collect
from ..world.naming import Kind
from ..world.recording import EXIT_SCHEDULE, START_SCHEDULE, EndReason, Recording, Status
from ..world.settings import Mode

#: A length of time: from, and to.
Span = tuple[Millis, Millis]


@dataclass(frozen=True)
class Step:
    """A state, and when it began. None: the service knows the recording no more."""

    at: Millis
    status: Status | None


@dataclass
class Lane:
    """When somebody was heard, and when seen."""

    uid: str
    audio: list[Span]
    video: list[Span]


def steps(recording: Recording, now: Millis) -> list[Step]:
    """The states until now, in their order."""
    end = recording.end(now)
    until = now if end is None else end.at
    begun = [(recording.started + after, status) for after, status in reversed(START_SCHEDULE)]
    if recording.stalled is not None:
        begun = [(at, status) for at, status in begun if status <= recording.stalled]
    if (first := _first_file(recording, now)) is not None:
        begun.append((first, Status.IN_PROGRESS))
    found = [Step(at, status) for at, status in begun if at <= until]
    if end is not None:
        if end.reason is EndReason.CRASHED:
            exits = [(end.at, Status.EXITED_ABNORMALLY)]
        else:
            exits = [(end.at + after, status) for after, status in reversed(EXIT_SCHEDULE)]
        gone = recording.gone_at(end)
        found += [Step(at, status) for at, status in exits if at <= now and at < gone]
        found += [Step(gone, None)] if gone <= now else []
    return found


def _first_file(recording: Recording, now: Millis) -> Millis | None:
    if not recording.settings.records:
        return min((run.start for runs in recording.pictures(now).values() for run in runs), default=None)
    closed = (run.first_slice_closes for runs in recording.media(now).values() for run in runs)
    return min((at for at in closed if at is not None), default=None)


def lanes(recording: Recording, now: Millis) -> list[Lane]:
    """Who was heard and seen, in the order in which they were first."""
    if recording.mode is Mode.WEB:
        return []
    end, start = recording.end(now), recording.joins
    until = now if end is None else end.at
    changes = [*recording.channel.history.changes(start, until), *recording.subscription.changes(start, until)]
    found: dict[str, Lane] = {}
    for track, runs in collect(changes, start, until, end is not None, recording.received).items():
        lane = found.setdefault(track.uid, Lane(track.uid, [], []))
        spans = lane.audio if track.kind is Kind.AUDIO else lane.video
        spans += [(run.start, run.end) for run in runs]
    return list(found.values())


def page_spans(recording: Recording, now: Millis) -> list[Span]:
    """When a web page was recorded, and not on hold."""
    if recording.mode is not Mode.WEB:
        return []
    return [(run.start, run.end) for runs in recording.media(now).values() for run in runs]
