"""`cloudrec list`, `status`, `watch` and `files`: what runs, how it is, and what came of it."""

from __future__ import annotations

import time
from http import HTTPStatus
from typing import TYPE_CHECKING, Any

from .._recording.result import key_of
from ..errors import RecordingEnded
from .failures import DONE, INTERRUPTED, MAY_RUN, OVER, UsageError, nearest
from .fleets import files_of, fleet_of, known_to
from .found import Found, attached, find
from .holding import Holding, Orphans, view_for
from .interrupts import Interrupts
from .options import Fleet
from .output import as_json, fields, length, line, moment, note, printable, rows
from .settings import Settings
from .store import Kept, Store
from .views import state_of

if TYPE_CHECKING:
    from ..errors import Attempt
    from ..fleet import FleetRecording

_HEADS = ("NAME", "STATE", "MODE", "BEGUN", "FOR", "SID")
_STATES = ("starting", "running", "unknown", "stopped", "ended")


async def list_(*, state: str | None = None, json: bool = False, fleet: Fleet = None) -> int:
    """List recordings: those begun on this machine, the latest first, or those of a fleet.

    What stands here of a local one is what was known of it last; status asks the service. Without a terminal it is a
    line for each, with tabs between: name, state, mode, begun, seconds, sid.

    Args:
        state: Only those of this state, such as running.
        json: Print JSON, an object on each line.
        fleet: Database of a fleet, in place of the local store.
    """
    if fleet is not None:
        async with fleet_of(Settings.read(), fleet) as (opened, _):
            found = await opened.list(state=state)
        if json:
            for one in found:
                as_json(one.to_dict())
        else:
            rows(_HEADS, [_fleet_row(one) for one in found])
            if not found:
                note("The fleet has none of these.")
        return DONE
    if state is not None and state not in _STATES:
        raise UsageError("--state", state, f"must be one of {', '.join(_STATES)}{nearest(state, _STATES)}")
    kept = [one for one in Store().all() if state in (None, one.state)]
    if json:
        for each in kept:
            as_json(each.to_dict())
    else:
        rows(_HEADS, [_row(each) for each in kept])
        if not kept:
            note("Nothing was begun here. To begin: cloudrec record CHANNEL --storage NAME")
    return DONE


def _row(kept: Kept) -> tuple[object, ...]:
    begun = kept.handle["started_at"] or kept.begun_at
    ran = (kept.over_at or time.time()) - begun
    return (kept.name, kept.state, kept.handle["mode"], moment(begun), length(ran), kept.handle["sid"])


def _fleet_row(found: FleetRecording) -> tuple[object, ...]:
    begun = found.begun_at.timestamp() if found.begun_at else None
    ends = found.over_at.timestamp() if found.over_at else time.time()
    handle = found.handle
    state = f"{found.state} ({found.place})" if found.place else str(found.state)
    return (
        found.key, state, found.mode, moment(begun), length(ends - begun) if begun else "",
        handle["sid"] if handle else None,
    )  # fmt: skip


async def status(which: str, /, *, json: bool = False, fleet: Fleet = None) -> int:
    """Tell how a recording is doing.

    Exit code: 0 while it runs, 3 where it is over, 5 where nobody can know.

    Args:
        which: Name, sid (its first letters do), handle as JSON, or - for a handle on the standard input.
        json: Print JSON.
        fleet: Database of a fleet, of which it is a key.
    """
    if fleet is not None:
        async with fleet_of(Settings.read(), fleet) as (opened, _):
            found = await known_to(opened, which)
        _show(found.to_dict(), json=json, told=_fleet_fields(found))
        return OVER if found.is_over else DONE
    here = find(which, Store())
    if here.kept is not None and here.kept.is_over:
        _show(here.kept.to_dict(), json=json, told=_kept_fields(here.kept))
        return OVER
    if here.kept is not None and here.handle["sid"] is None:
        # Only the webhook of its start tells whether it runs.
        _show(here.kept.to_dict(), json=json, told=_kept_fields(here.kept))
        return MAY_RUN
    async with attached(here, on_attempt=_Patience()) as (
        at,
        recording,
        store,
    ):
        try:
            await recording.query()
        except RecordingEnded as ended:
            store.tell(at.handle, "ended")
            facts = {"name": at.name, "state": "ended", **recording.to_dict(), "causes": list(ended.causes)}
            _show(facts, json=json, told={**_fields(at, "ended", recording), "likely causes": list(ended.causes)})
            return OVER
        state = state_of(recording.last_status)
        store.tell(at.handle, "running" if state in ("running", "starting") else None)
        facts = {"name": at.name, "state": state, **recording.to_dict(), "known": at.known, "handle": at.handle}
        _show(facts, json=json, told=_fields(at, state, recording))
    return DONE


class _Patience:
    """Says why it takes long, where a recording is not found at first."""

    def __init__(self) -> None:
        self._is_told = False

    def __call__(self, attempt: Attempt) -> None:
        if attempt.http_status == HTTPStatus.NOT_FOUND and not self._is_told:
            self._is_told = True
            note("Not found: it is over, or being moved to another server, which takes half a minute to tell ...")


def _show(facts: dict[str, Any], *, json: bool, told: dict[str, object]) -> None:
    if json:
        as_json(facts)
    else:
        fields(told)


def _fields(found: Found, state: str, recording: Any) -> dict[str, object]:
    handle = found.handle
    begun = handle["started_at"]
    return {
        "name": found.name,
        "state": f"{state} ({recording.last_status!s})" if recording.last_status is not None else state,
        "mode": handle["mode"],
        "channel": handle["cname"],
        "uid": recording.current_uid,
        "sid": handle["sid"],
        "begun": moment(begun),
        "for": length(time.time() - begun) if begun and state == "running" else None,
        "audio": found.known.get("audio"),
        "video": found.known.get("video"),
        "files": [key_of(handle, file) for file in recording.files],
    }


def _kept_fields(kept: Kept) -> dict[str, object]:
    result = kept.result or {}
    return {
        "name": kept.name,
        "state": kept.state,
        "mode": kept.handle["mode"],
        "channel": kept.handle["cname"],
        "sid": kept.handle["sid"],
        "begun": moment(kept.handle["started_at"]),
        "over": moment(kept.over_at),
        "upload": result.get("uploading_status"),
        "files": [file["key"] for file in result.get("files", [])],
    }


def _fleet_fields(found: FleetRecording) -> dict[str, object]:
    row = dict(zip(("name", "state", "mode", "begun", "for", "sid"), _fleet_row(found), strict=True))
    problem = (found.problem or {}).get("message")
    return {
        **row, "channel": found.cname, "worker": found.worker, "takeovers": found.takeovers or None,
        "problem": problem, "files": [file["key"] for file in files_of(found)],
    }  # fmt: skip


async def watch(which: str | None = None, /, *, json: bool = False, fleet: Fleet = None) -> int:
    """Look on until a recording is over; of a fleet, all of them if none is named.

    Ctrl-C ends the looking on, and not the recording.

    Args:
        which: Name, sid, handle as JSON, or - for a handle on the standard input.
        json: Print JSON, an object for each change on a line of its own.
        fleet: Database of a fleet.
    """
    if fleet is not None:
        return await _watch_fleet(fleet, which, json=json)
    if which is None:
        raise UsageError("WHICH", "", "must be a name, a sid or a handle; cloudrec list names them")
    from .record import shown_layout

    here = find(which, Store())
    layout = shown_layout(here.known["layout"]) if "layout" in here.known else None
    view = view_for(
        here.name, here.handle["mode"], json=json, layout=layout, hint="Ctrl-C ends the looking on alone"
    )  # fmt: skip
    async with attached(here, on_attempt=view.attempt) as (
        at,
        recording,
        store,
    ):
        with Interrupts() as interrupts, view:
            view.follows(at.handle)
            return await Holding(at.name, view, store, interrupts, Orphans(store)).look_on(recording)


async def _watch_fleet(url: str, which: str | None, *, json: bool) -> int:
    def told(one: FleetRecording) -> None:
        if json:
            as_json(one.to_dict())
        else:
            line("\t".join(printable(cell or "") for cell in (one.key, one.state, one.mode, one.worker)))

    async with fleet_of(Settings.read(), url) as (fleet, _):
        if which is not None:
            first = await known_to(fleet, which)
            told(first)
            if first.is_over:
                return OVER
        changes = fleet.watch()
        with Interrupts() as interrupts:
            try:
                while await interrupts.or_once(change := _next(changes)):
                    one = change.result()
                    if which in (None, one.key):
                        told(one)
                        if which is not None and one.is_over:
                            return DONE if one.stop_asked_at or one.until else OVER
                change.cancel()
                return INTERRUPTED
            finally:
                await changes.aclose()


def _next(changes: Any) -> Any:
    import asyncio

    return asyncio.ensure_future(anext(changes))


async def files(which: str, /, *, json: bool = False, fleet: Fleet = None) -> int:
    """List the files of a recording: their keys in the bucket, one a line.

    Args:
        which: Name, sid, handle as JSON, or - for a handle on the standard input.
        json: Print JSON, an object on each line.
        fleet: Database of a fleet, of which it is a key.
    """
    if fleet is not None:
        async with fleet_of(Settings.read(), fleet) as (opened, _):
            found = files_of(await known_to(opened, which))
    else:
        here = find(which, Store())
        result = here.kept.result if here.kept is not None and here.kept.is_over else None
        if result is not None:
            found = list(result.get("files", []))
        else:
            async with attached(here, on_attempt=_Patience()) as (
                at,
                recording,
                _,
            ):
                await recording.query()
                found = [{**file.to_dict(), "key": key_of(at.handle, file)} for file in recording.files]
    for file in found:
        if json:
            as_json(file)
        else:
            line(printable(file["key"]))
    return DONE
