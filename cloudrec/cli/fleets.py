"""Fleets: recordings of a fleet's database, by their keys."""

from __future__ import annotations

import os
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from .failures import NoSuchRecording, UsageError, Word
from .settings import Settings

if TYPE_CHECKING:
    from .._async.client import AsyncCloudRecording
    from ..fleet import Fleet, FleetRecording


@asynccontextmanager
async def fleet_of(settings: Settings, url: str) -> AsyncIterator[tuple[Fleet, AsyncCloudRecording]]:
    """The fleet of that database, to ask, and a client of its App ID.

    Raises:
        UsageError: the address holds a password, and was an argument.
    """
    refuse_password(url)
    from ..fleet import Fleet

    async with settings.client() as client:
        fleet = Fleet(client, url)
        try:
            yield fleet, client
        finally:
            await fleet.aclose()


async def known_to(fleet: Fleet, key: str) -> FleetRecording:
    """The recording of that key.

    Raises:
        NoSuchRecording: there is none.
    """
    found = await fleet.get(key)
    if found is None:
        raise NoSuchRecording(f"{key!r}: no recording of the fleet has this key (cloudrec list --fleet ...)")
    return found


def files_of(found: FleetRecording) -> list[dict[str, Any]]:
    """The files of all its parts that are over."""
    return [file for part in found.parts for file in (part.result or {}).get("files", [])]


def refuse_password(url: str) -> None:
    """That of an address which others can read: it was an argument.

    Raises:
        UsageError: there is one.
    """
    try:
        password = urlsplit(url).password
    except ValueError:
        password = None
    if password and url != os.environ.get("CLOUDREC_FLEET"):
        rule = "holds a password, which others can read there: put the address into CLOUDREC_FLEET"
        raise UsageError("--fleet", Word("***"), rule)
