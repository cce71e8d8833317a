"""Recordings that are spoken of: by name or sid, by a handle, or by the key of a fleet."""

from __future__ import annotations

import sys
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING, Any, cast

from attrs import frozen

from .._recording.read_handle import parsed
from ..handles import RecordingHandle
from .failures import NoSuchRecording
from .settings import Settings
from .store import Kept, Store

if TYPE_CHECKING:
    from .._async.attach import AnyRecording
    from .._async.client import AsyncCloudRecording

STANDARD_INPUT = "<standard input>"
"""In the place of a hyphen."""


@frozen
class Found:
    """One that was asked for."""

    name: str
    handle: RecordingHandle
    kept: Kept | None
    """What the local store has of it; None where it was given by its handle."""

    @property
    def known(self) -> Mapping[str, Any]:
        """What is in force of it, as far as the store has that."""
        return {} if self.kept is None else self.kept.known


def find(which: str, store: Store) -> Found:
    """The recording that a word of the command line means.

    Raises:
        NoSuchRecording: there is none.
        HandleError: it is a handle that cannot be read.
    """
    given = sys.stdin.read() if which == STANDARD_INPUT else which
    if which != STANDARD_INPUT and not which.lstrip().startswith("{"):
        kept = store.find(which)
        return Found(kept.name, kept.handle, kept)
    handle = parsed(given)
    by_id = [kept for kept in store.all() if kept.handle["resource_id"] == handle.get("resource_id")]
    name = by_id[0].name if by_id else str(handle.get("cname"))
    return Found(name, cast("RecordingHandle", handle), by_id[0] if by_id else None)


@asynccontextmanager
async def attached(
    which: str | Found, fleet_url: str | None = None, *, on_attempt: Any = None
) -> AsyncIterator[tuple[Found, AnyRecording, Store]]:
    """The recording, as something to be asked and changed.

    Raises:
        NoSuchRecording: there is none, or nothing is known of it that could be asked for.
    """
    settings, store = Settings.read(), Store()
    if fleet_url is None:
        found = which if isinstance(which, Found) else find(which, store)
        async with settings.client(on_attempt=on_attempt) as client:
            yield found, _attached(client, found), store
        return
    assert isinstance(which, str)
    from .fleets import fleet_of, known_to

    async with fleet_of(settings, fleet_url) as (fleet, client):
        known = await known_to(fleet, which)
        if known.handle is None:
            raise NoSuchRecording(f"{which!r}: is {known.state}, and has not been begun")
        found = Found(known.key, known.handle, None)
        yield found, _attached(client, found), store


def _attached(client: AsyncCloudRecording, found: Found) -> AnyRecording:
    return client.attach(found.handle)
