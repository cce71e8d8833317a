"""Bad input to a fleet: each a clear error of the tree, at the earliest moment, and nothing is lost."""

from __future__ import annotations

import json
import subprocess
import sys
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from cloudrec import MixRecipe, Named
from cloudrec.emulator import Emulator
from cloudrec.errors import ConfigurationError, FleetDatabaseError, FleetError, InvalidRequestError, RecipeError
from cloudrec.fleet import Fleet
from cloudrec.fleet._store import Store
from tests.fleet.support import STORAGE, ask, eventually, fleet_of, reaches

LESSON = MixRecipe(storage="lessons")

URLS = {
    None: r"^database: of type NoneType \(must be sqlite:///… or postgresql://…\)$",
    "": r"^database: of type str \(must be",
    "fleet.db": r"^database: not an address \(must be",
    "mysql://u:canary@host/fleet": r"^database: mysql://… \(must be",
    "nothing://u:canary@host/fleet": r"^database: nothing://… \(must be",
    "sqlite://": r"^database: in memory \(must be a file",
    "sqlite:///:memory:": r"^database: in memory \(must be a file",
    "sqlite:///file::memory:?uri=true": r"^database: in memory \(must be a file",
    "sqlite:///file:x?mode=memory&cache=shared&uri=true": r"^database: in memory \(must be a file",
}


@pytest.mark.parametrize(("url", "told"), URLS.items(), ids=map(str, URLS))
def test_what_is_no_database(emulator: Emulator, url: Any, told: str) -> None:
    with pytest.raises(ConfigurationError, match=told) as caught:
        Fleet(emulator.async_client(), url)
    assert "canary" not in str(caught.value)


@pytest.mark.parametrize(
    "url", ["sqlite:////nowhere/at/all/fleet.db", "postgresql://postgres:canary@127.0.0.1:9/fleet?connect_timeout=2"]
)
async def test_a_database_that_is_not_there(emulator: Emulator, url: str) -> None:
    fleet = fleet_of(emulator, url)
    for ask_it in (fleet.record("lesson-42", LESSON), fleet.get("lesson-42"), fleet.counts(), fleet.__aenter__()):
        with pytest.raises(FleetDatabaseError, match=r"^database: cannot be used: ") as caught:
            await ask_it
        assert "canary" not in f"{caught.value} {fleet!r}"
    await fleet.aclose()


async def test_a_database_of_another_version(emulator: Emulator, database: str) -> None:
    ask(database, "update cloudrec_fleet set version = 99")
    fleet = fleet_of(emulator, database)
    told = r"^database: of version 99, and this cloudrec reads 3 \("
    for ask_it in (fleet.record("lesson-42", LESSON), fleet.__aenter__()):
        with pytest.raises(FleetDatabaseError, match=told):
            await ask_it
    await fleet.aclose()
    assert ask(database, "select * from cloudrec_recordings") == []


async def test_a_database_of_another_app_id(database: str) -> None:
    with Emulator(app_id="f" * 32) as other:
        fleet = fleet_of(other, database)
        told = r"^database: of App ID 012345…cdef, and the client is of ffffff…ffff \("
        with pytest.raises(FleetDatabaseError, match=told):
            await fleet.record("lesson-42", LESSON)
        with pytest.raises(FleetDatabaseError, match=told):
            await fleet.__aenter__()
        await fleet.aclose()


async def test_a_database_that_is_only_read(emulator: Emulator, database: str) -> None:
    if database.startswith("sqlite"):
        database = database.replace("sqlite:///", "sqlite:///file:") + "?mode=ro&uri=true"
    else:
        database += "&options=-c%20default_transaction_read_only%3Don"
    fleet = fleet_of(emulator, database)
    for ask_it in (fleet.record("lesson-42", LESSON), fleet.__aenter__()):
        with pytest.raises(FleetDatabaseError, match=r"cannot be used: .*(readonly|read-only)"):
            await ask_it
    await fleet.aclose()


KEYS = {
    "": r"^key: '' \(must be text that is not empty\)",
    None: r"^key: None \(must be text",
    42: r"^key: 42 \(must be text",
    "a\0b": r"^key: .*\(must be text that is not empty\)",
    "\ud800": r"^key: .*\(must be text that can be written as UTF-8\)",
    "k" * 10_000: r"^key: .*\(has 10000 bytes, and may have 255\)",
    "课" * 86: r"^key: .*\(has 258 bytes, and may have 255\)",
}


@pytest.mark.parametrize(("key", "told"), KEYS.items(), ids=[str(number) for number in range(len(KEYS))])
async def test_what_is_no_key(emulator: Emulator, tmp_path: Any, key: Any, told: str) -> None:
    fleet = fleet_of(emulator, f"sqlite:///{tmp_path / 'fleet.db'}")
    for ask_it in (fleet.record(key, LESSON), fleet.stop(key), fleet.get(key)):
        with pytest.raises(ConfigurationError, match=told) as caught:
            await ask_it
        assert len(str(caught.value)) < 500
    await fleet.aclose()


WRONG: dict[str, tuple[dict[str, Any], type[Exception], str]] = {
    "naive": ({"until": datetime(2999, 1, 1)}, ConfigurationError, "must say its time zone"),  # noqa: DTZ001
    "over": ({"until": datetime(2020, 1, 1, tzinfo=UTC)}, ConfigurationError, r"\(is over\)"),
    "negative": ({"until": -1}, ConfigurationError, "^until: -1"),
    "no time": ({"until": timedelta(0)}, ConfigurationError, "^until: 0"),
    "text": ({"until": "soon"}, ConfigurationError, "^until: 'soon'"),
    "mode": ({"mode": "film"}, ConfigurationError, r"^mode: 'film' \(must be one of individual, raw, mix, web"),
    "nothing": ({"mode": None}, ConfigurationError, "^mode: None"),
    "two ways": ({"recipe": LESSON}, ConfigurationError, "^recipe: goes alone"),
    "no recipe": ({"recipe": {}, "mode": None}, RecipeError, "^recipe: dict"),
    "cname": ({"cname": "课"}, InvalidRequestError, "cname"),
    "name": ({"storage": "elsewhere"}, RecipeError, "^recipe: nothing has the name 'elsewhere', here or with a worker"),
    "named": ({"token": Named("tokens")}, RecipeError, "nothing has the name 'tokens'"),
    "secret": ({"storage": STORAGE}, RecipeError, "storage"),
    "function": ({"storage": lambda: STORAGE}, RecipeError, "storage"),
}


@pytest.mark.parametrize("wrong", WRONG)
async def test_what_cannot_be_recorded(emulator: Emulator, tmp_path: Any, wrong: str) -> None:
    given, error, told = WRONG[wrong]
    url = f"sqlite:///{tmp_path / 'fleet.db'}"
    fleet = fleet_of(emulator, url)
    words: dict[str, Any] = {"mode": "mix", "storage": "lessons"} | given
    if words.get("recipe") is not None and words["mode"] is None:
        del words["storage"]
    with pytest.raises(error, match=told) as caught:
        await fleet.record("lesson-42", **words)
    assert "canary" not in str(caught.value)
    assert await fleet.list() == []
    await fleet.aclose()


async def test_wrong_words(emulator: Emulator, tmp_path: Any) -> None:
    url = f"sqlite:///{tmp_path / 'fleet.db'}"
    client = emulator.async_client()
    for words in ({"most": 0}, {"most": "2"}, {"requests": 0}, {"keep": -1}, {"upload_within": "1"}):
        [name] = words
        with pytest.raises(ConfigurationError, match=rf"^{name}: "):
            Fleet(client, url, **words)
    with pytest.raises(ConfigurationError, match=r"^client: CloudRecording \(must be an AsyncCloudRecording\)"):
        Fleet(emulator.client(), url)  # type: ignore[arg-type]
    fleet = fleet_of(emulator, url)
    with pytest.raises(ConfigurationError, match=r"^state: 'gone' \(must be one of waiting, starting"):
        await fleet.list(state="gone")
    with pytest.raises(ConfigurationError, match=r"^older_than: -1"):
        await fleet.list(older_than=-1)
    with pytest.raises(ConfigurationError, match=r"^name: "):
        fleet.storage("", STORAGE)
    with pytest.raises(ConfigurationError, match=r"^token: "):
        fleet.token("a token")  # type: ignore[arg-type]
    await fleet.aclose()


async def test_one_worker_in_a_process(emulator: Emulator, new_sqlite: Any) -> None:
    """A second one is refused, and changes nothing for the first; names are given before."""
    async with fleet_of(emulator, new_sqlite()) as fleet:
        with pytest.raises(FleetError, match=r"^fleet: it is entered already"):
            await fleet.__aenter__()
        elsewhere = new_sqlite()
        other = fleet_of(emulator, elsewhere)
        with pytest.raises(FleetError, match=r"^this process is a worker of a fleet already"):
            await other.__aenter__()
        await other.aclose()
        with pytest.raises(ConfigurationError, match=r"^fleet: names are given before it is entered"):
            fleet.storage("more", STORAGE)
        await fleet.record("lesson-42", LESSON, until=0.1)
        await reaches(fleet, "lesson-42", "done")
        assert (await fleet.counts())["workers"] == 1
    async with fleet_of(emulator, elsewhere) as other:
        await other.record("lesson-43", LESSON, until=0.1)
        await reaches(other, "lesson-43", "done")


@pytest.mark.parametrize(("offset", "told"), [(300.0, "300 s behind"), (-120.0, "120 s ahead of")])
async def test_a_clock_that_is_wrong(
    emulator: Emulator, new_sqlite: Any, monkeypatch: pytest.MonkeyPatch, offset: float, told: str
) -> None:
    """Told before anything is begun; a few seconds are nothing."""
    fleet = fleet_of(emulator, new_sqlite())
    with monkeypatch.context() as wrong:
        wrong.setattr(Store, "_time", lambda self, connection, time=Store._time: time(self, connection) + offset)
        with pytest.raises(FleetError, match=rf"^fleet: this machine's clock is {told} the database's"):
            await fleet.__aenter__()
    async with fleet:
        assert (await fleet.counts())["workers"] == 1


async def test_a_recipe_of_a_later_version(emulator: Emulator, database: str, caplog: pytest.LogCaptureFixture) -> None:
    """It waits for a worker that can read it, and takes no place from others; that is told once."""
    asking = fleet_of(emulator, database, most=1)
    for key in ("lesson-41", "lesson-42"):
        await asking.record(key, LESSON)
    [row] = ask(database, "select recipe from cloudrec_recordings where key = 'lesson-42'")
    later = json.dumps({**json.loads(row.recipe), "version": 99})
    ask(database, f"update cloudrec_recordings set recipe = '{later}'")
    async with asking:
        told = await eventually(lambda: _told(asking))
        assert told.problem["message"] == "it waits for a worker that has recipe 99"
        await asking.record("lesson-43", LESSON, until=0.1)
        await reaches(asking, "lesson-43", "done")
        waiting = await asking.get("lesson-42")
        assert waiting is not None
        assert (waiting.state, waiting.place) == ("waiting", 2)
        # As by a worker that reads it, and late. At once: whichever comes first takes the only place.
        read = f"case key when 'lesson-42' then '{row.recipe}' else recipe end"
        late = "case key when 'lesson-41' then 1 else until end"
        ask(database, f"update cloudrec_recordings set recipe = {read}, until = {late}")
        assert (await reaches(asking, "lesson-41", "done")).parts == ()
        assert (await reaches(asking, "lesson-42", "running")).problem is None
        await asking.stop("lesson-42")
        await reaches(asking, "lesson-42", "done")
    assert [one.cname for one in emulator.recordings] == ["lesson-43", "lesson-42"]
    assert len([line for line in caplog.messages if "it waits for a worker that has recipe 99" in line]) == 2


async def _told(fleet: Any) -> Any:
    found = await fleet.get("lesson-42")
    return found if found.problem is not None else None


def test_the_base_install_does_not_know_the_engine() -> None:
    code = "import sys, cloudrec; print(sorted({'dbos', 'sqlalchemy'} & {*sys.modules}))"
    assert subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout == "[]\n"
