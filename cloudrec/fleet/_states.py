"""`FleetRecording`: what a fleet knows of one recording, and the states that it goes through."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import UTC, datetime
from enum import StrEnum
from typing import Any, Final, Literal, TypeAlias

from attrs import asdict, field, fields, frozen

from ..handles import RecordingHandle


class State(StrEnum):
    """How far a recording of a fleet has come."""

    WAITING = "waiting"
    """It stands in line: as many as may run at once do."""
    STARTING = "starting"
    """It is being acquired and started, or is not seen to run yet."""
    RUNNING = "running"
    """It records."""
    UNKNOWN = "unknown"
    """Its start was sent, and nobody can know whether it runs: its sid is not known. It is looked after until an event
    tells, or until it cannot run any more."""
    LOST = "lost"
    """It was begun, and what its worker had written down of that is gone: whether it runs is asked, and it is gone on
    with, or at its end."""
    STOPPING = "stopping"
    """It is being stopped."""
    UPLOADING = "uploading"
    """It is over, and its files are on their way."""
    DONE = "done"
    """It is over, and what came of it is known."""
    FAILED = "failed"
    """It never came to run, or with ``restart`` not once more; ``problem`` says why."""


ACTIVE: Final = (State.STARTING, State.RUNNING, State.UNKNOWN, State.LOST, State.STOPPING, State.UPLOADING)
"""Those in which a worker holds it."""
RECORDING: Final = tuple(state for state in ACTIVE if state != State.UPLOADING)
"""Those in which it may record, and has one of the places that there are."""
FINAL: Final = (State.DONE, State.FAILED)
"""Those in which it stays."""


@frozen
class Part:
    """One of the recordings that a key had, one after the other: with ``restart``, there may be several."""

    handle: RecordingHandle
    """What finds it again, with ``client.attach``; its ``sid`` is None as long as that is not known."""
    causes: tuple[str, ...] = ()
    """Likely causes of an end that came by itself; empty where it was stopped."""
    result: Mapping[str, Any] | None = None
    """What came of it, as ``RecordingResult.to_dict()`` says it; None before its end."""

    def to_dict(self) -> dict[str, Any]:
        """The same for JSON."""
        return {"handle": self.handle, "causes": list(self.causes), "result": self.result}

    @classmethod
    def from_dict(cls, given: Mapping[str, Any]) -> Part:
        """The part that was written so."""
        return cls(given["handle"], tuple(given.get("causes", ())), given.get("result"))


What: TypeAlias = Literal["state", "held", "taken over", "handed over", "stop asked", "problem"]


@frozen
class Change:
    """One thing that happened to a recording of a fleet."""

    at: datetime
    """When, in UTC by the database's clock."""
    what: What
    """``state``: it came into its state. ``held``, ``taken over``, ``handed over``: its worker holds it from now on,
    after one that died or left. ``stop asked``: somebody asked to stop it. ``problem``: something went wrong."""
    state: State
    """Where it stood then."""
    worker: str | None
    """Who held it then."""
    problem: Mapping[str, Any] | None = None
    """What had gone wrong, where that was another thing than before: ``message``, and ``error``."""

    def to_dict(self) -> dict[str, Any]:
        """The same for JSON."""
        return {**asdict(self, recurse=False), "at": self.at.isoformat(), "state": self.state.value}


def happened(at: float, **what: Any) -> str:
    """A line of a recording's story, which is only ever added to: what has changed, and when."""
    return json.dumps({"at": round(at, 3), **what}) + "\n"


def story_of(lines: str) -> tuple[Change, ...]:
    """The story that is told by these lines. Each says only what was new then."""
    found: list[Change] = []
    state, worker = State.WAITING, None
    for line in lines.splitlines():
        told = json.loads(line)
        state, worker = State(told.get("state", state)), told.get("worker", worker)
        what: What = told.get("what") or ("state" if "state" in told else "problem")
        found.append(Change(_time(told["at"]), what, state, worker, told.get("problem")))
    return tuple(found)


@frozen
class FleetRecording:
    """What a fleet knows of one recording, as it was when it was asked for."""

    key: str
    """The name that it was given, which by default is that of its channel."""
    state: State
    """Where it stands: whether it waits, runs, is over or has failed."""
    cname: str
    """Channel, or in `web` mode the name that was given."""
    mode: str
    """``individual``, ``raw``, ``mix`` or ``web``."""
    place: int | None
    """Its place in line, from 1; None where it does not wait."""
    status: int | None
    """The recording's own status, as a query or an event told it last; None before that."""
    parts: tuple[Part, ...]
    """Its recordings, the latest last: one, or more where it was restarted."""
    problem: Mapping[str, Any] | None
    """What went wrong last: ``message``, and ``error``, the name of an exception. None where nothing did, or it was
    seen to run since; ``story`` keeps it."""
    asked_at: datetime
    """When it was asked for, in UTC by the database's clock, as all times here."""
    begun_at: datetime | None
    """When it was let in to be started."""
    running_at: datetime | None
    """When it was first seen to run."""
    over_at: datetime | None
    """When it was over."""
    changed_at: datetime
    """When this changed last."""
    until: datetime | None
    """When it is to be stopped; None where nothing was said, or a duration and it does not run yet."""
    stop_asked_at: datetime | None
    """When somebody asked to stop it."""
    worker: str | None
    """Who holds it, or held it last."""
    takeovers: int
    """How often another worker has taken it over from one that died."""
    handovers: int
    """How often a worker that left, in a deploy say, has handed it over to another."""
    losses: int
    """How often it was ``lost``, and was looked for."""
    run: int = field(repr=False)
    """How often its key was recorded: 1, and one more each time with ``again``."""
    version: int = field(repr=False)
    """Goes up with every change."""
    story: tuple[Change, ...] = field(default=(), repr=False)
    """All that happened to it, since its key was last asked for."""

    @property
    def is_over(self) -> bool:
        """Whether nothing more will become of it."""
        return self.state in FINAL

    @property
    def handle(self) -> RecordingHandle | None:
        """The handle of its latest part; None before that was acquired."""
        return self.parts[-1].handle if self.parts else None

    def to_dict(self) -> dict[str, Any]:
        """The same for JSON."""
        found: dict[str, Any] = {}
        for each in fields(type(self)):
            value = getattr(self, each.name)
            found[each.name] = value.isoformat() if isinstance(value, datetime) else value
        parts, story = ([each.to_dict() for each in several] for several in (self.parts, self.story))
        return {**found, "state": self.state.value, "parts": parts, "story": story}

    @classmethod
    def from_row(cls, row: Mapping[str, Any]) -> FleetRecording:
        """What a row of the store says."""
        return cls(
            key=row["key"],
            state=State(row["state"]),
            cname=row["cname"],
            mode=row["mode"],
            place=row.get("place"),
            status=row["status"],
            parts=tuple(map(Part.from_dict, json.loads(row["parts"]))),
            problem=None if row["problem"] is None else json.loads(row["problem"]),
            asked_at=_time(row["asked_at"]),
            begun_at=_at(row["begun_at"]),
            running_at=_at(row["running_at"]),
            over_at=_at(row["over_at"]),
            changed_at=_time(row["changed_at"]),
            until=_at(row["until"]),
            stop_asked_at=_at(row["stop_at"]),
            worker=row["worker"],
            takeovers=row["takeovers"],
            handovers=row["handovers"],
            losses=row["losses"],
            run=row["run"],
            version=row["version"],
            story=story_of(row.get("story", "")),
        )


def _time(seconds: float) -> datetime:
    return datetime.fromtimestamp(seconds, UTC)


def _at(seconds: float | None) -> datetime | None:
    return None if seconds is None else _time(seconds)
