"""`cloudrec stop`, `subscribe`, `pause` and `resume`: what changes a recording that runs."""

from __future__ import annotations

from typing import Any

from .failures import DONE, NOTHING, UsageError, Word
from .fleets import fleet_of
from .found import attached, find
from .options import Fleet
from .output import as_json, line, note, printable
from .settings import Settings
from .store import Store
from .views import summary
from .words import as_word, subscription


async def stop(which: str, /, *, no_wait: bool = False, json: bool = False, fleet: Fleet = None) -> int:
    """Stop a recording; its files are printed, one a line. Harmless where it is over.

    Args:
        which: Name, sid (its first letters do), handle as JSON, or - for a handle on the standard input.
        no_wait: Do not wait for the upload of its files.
        json: Print JSON.
        fleet: Database of a fleet, of which it is a key. Whoever holds it stops it.
    """
    if fleet is not None:
        async with fleet_of(Settings.read(), fleet) as (opened, _):
            found = await opened.stop(which)
        if json:
            as_json(found.to_dict())
        else:
            line(f"{printable(found.key)}: {found.state}")
        return DONE
    here = find(which, Store())
    kept = here.kept
    if kept is not None and kept.is_over and kept.result is not None:
        _stopped(kept.name, kept.state, dict(kept.result), f"was {kept.state} before", json=json)
        return DONE
    async with attached(here) as (at, recording, store):
        result = await recording.stop(async_stop=no_wait)
        state = "ended" if result.ended is not None else "stopped"
        store.tell(at.handle, state, result.to_dict())
        _stopped(at.name, state, result.to_dict(), summary(state, 0.0, result), json=json)
    return NOTHING if result.nothing_recorded else DONE


def _stopped(name: str, state: str, result: dict[str, Any], told: str, *, json: bool) -> None:
    if json:
        as_json({"name": name, "state": state, **result})
        return
    note(f"{printable(name)}: {told}")
    for file in result.get("files", []):
        line(printable(file["key"]))


async def subscribe(
    which: str, /, *, audio: str | None = None, video: str | None = None, json: bool = False, fleet: Fleet = None
) -> int:
    """Change whose sound and whose picture is recorded. What is left out stays as it is.

    Args:
        which: Name, sid, handle as JSON, or - for a handle on the standard input.
        audio: everyone, nobody, only:101,102 or everyone-but:101.
        video: The same.
        json: Print JSON.
        fleet: Database of a fleet, of which it is a key.
    """
    if audio is None and video is None:
        raise UsageError("--audio, --video", Word("missing"), "must be given, one of them or both")
    async with attached(which, fleet) as (at, recording, store):
        # This process did not start it: what is not spoken of is what the store says of it.
        chosen = {
            "audio": subscription("--audio", audio or at.known.get("audio")),
            "video": subscription("--video", video or at.known.get("video")),
        }
        for medium, value in chosen.items():
            if value is None:
                raise UsageError(
                    f"--{medium}", Word("missing"), "must be given, too: what is in force is not known here"
                )
        if at.handle["mode"] == "web":
            raise UsageError("WHICH", at.name, "must be a recording of a channel; this is one of a page")
        channel: Any = recording
        result = await channel.subscribe(**chosen)
        words = {medium: as_word(value) for medium, value in chosen.items()}
        store.tell(at.handle, known=words)
        _changed(at.name, result, f"audio {words['audio']}, video {words['video']}", json=json)
    return DONE


async def pause(which: str, /, *, json: bool = False, fleet: Fleet = None) -> int:
    """Pause the recording of a web page. The page stays open, and is billed.

    Args:
        which: Name, sid, handle as JSON, or - for a handle on the standard input.
        json: Print JSON.
        fleet: Database of a fleet, of which it is a key.
    """
    return await _hold("pause", which, json=json, fleet=fleet)


async def resume(which: str, /, *, json: bool = False, fleet: Fleet = None) -> int:
    """Go on with the recording of a web page.

    Args:
        which: Name, sid, handle as JSON, or - for a handle on the standard input.
        json: Print JSON.
        fleet: Database of a fleet, of which it is a key.
    """
    return await _hold("resume", which, json=json, fleet=fleet)


async def _hold(what: str, which: str, *, json: bool, fleet: str | None) -> int:
    async with attached(which, fleet) as (at, recording, _):
        if at.handle["mode"] != "web":
            rule = f"must be a recording of a page; this is one of mode {at.handle['mode']}, which cannot be paused"
            raise UsageError("WHICH", at.name, rule)
        result = await getattr(recording, what)()
        _changed(at.name, result, "paused" if what == "pause" else "goes on", json=json)
    return DONE


def _changed(name: str, result: Any, told: str, *, json: bool) -> None:
    if json:
        as_json({"name": name, **result.to_dict()})
    else:
        line(f"{printable(name)}: {told}")
