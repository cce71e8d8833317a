"""Secrets of a fleet: in no table, in no file, in no log."""

from __future__ import annotations

import logging
from pathlib import Path

import pytest
import sqlalchemy as sa

from cloudrec import MixRecipe, Named
from cloudrec.emulator import Emulator, Fault
from tests.fleet.support import CANARIES, SECRET, STS, TOKEN, fleet_of, reaches, texts_in


async def test_no_secret_reaches_the_database(
    emulator: Emulator, database: str, caplog: pytest.LogCaptureFixture
) -> None:
    """Not with what runs, ends, fails or is told by events; nor does one reach the log or what a fleet shows."""
    caplog.set_level(logging.DEBUG)
    storage = {**STS, "stsExpiration": int(emulator.clock.seconds()) + 7200}
    fleet = fleet_of(emulator, database, lambda: storage)
    fleet.secret("tokens", TOKEN)
    recipe = MixRecipe(storage="lessons", token=Named("tokens"))
    emulator.fail("start", Fault.status(400, 2, reason=f"{TOKEN} is wrong"), cname="lesson-43")
    async with fleet:
        emulator.webhooks.send_to(fleet.webhooks(SECRET), secret=SECRET)
        await fleet.record("lesson-42", recipe, until=0.3)
        await fleet.record("lesson-43", recipe)
        shown = [await reaches(fleet, "lesson-42", "done"), await reaches(fleet, "lesson-43", "failed")]
    [one] = emulator.recordings
    assert one.storage["stsToken"] == STS["stsToken"]  # they were used
    found = "\n".join([*texts_in(database), repr(fleet), repr(shown), *(str(each.to_dict()) for each in shown)])
    assert "lesson-42" in found
    if database.startswith("sqlite"):
        path = sa.make_url(database).database
        assert path is not None
        found += "".join(file.read_bytes().decode("latin-1") for file in Path(path).parent.glob(f"{Path(path).name}*"))
    for canary in CANARIES:
        assert canary not in found
        assert canary not in caplog.text
