"""The fleet's page, in a browser: what runs and what became of it, a stop, and closed to other pages."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
import uvicorn
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import expect
from starlette.applications import Starlette
from starlette.routing import Mount

from cloudrec import MixRecipe, Named, grid
from cloudrec.emulator import Emulator, Fault
from cloudrec.emulator.emulator import DEFAULT_APP_ID
from cloudrec.fleet import BlockingFleet, State
from cloudrec.fleet._page import FleetPage
from cloudrec.fleet._queries import Queries
from cloudrec.fleet._store import Store
from tests.fleet.support import STORAGE, TOKEN, client_of, quicken
from tests.page.attack import attacked
from tests.page.conftest import REBOUND, opening

Opened = Callable[..., Any]
RECIPE = json.dumps({"version": 1, "mode": "mix", "storage": "lessons"})


@pytest.fixture
def database(tmp_path: Path) -> str:
    return f"sqlite:///{tmp_path / 'fleet.db'}"


@pytest.fixture
def store(database: str) -> Iterator[Store]:
    """The tables of a fleet without workers."""
    made = Store(database, DEFAULT_APP_ID)
    made.prepare(10)
    yield made
    made.close()


@contextmanager
def served(store: Store) -> Iterator[str]:
    """Where the page is, mounted in an application as users mount it."""
    page = FleetPage(store, Queries())
    config = uvicorn.Config(
        Starlette(routes=[Mount("/fleet", page)]), port=0, log_config=None, lifespan="off", timeout_graceful_shutdown=0
    )
    started = threading.Event()

    class Served(uvicorn.Server):
        async def startup(self, sockets: Any = None) -> None:
            await super().startup(sockets)
            started.set()

    server = Served(config)
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    assert started.wait(20)
    yield f"http://127.0.0.1:{server.servers[0].sockets[0].getsockname()[1]}/fleet/"
    server.should_exit = True
    thread.join()


@pytest.fixture
def url(store: Store) -> Iterator[str]:
    with served(store) as url:
        yield url


@pytest.fixture
def opened(browser: Any, url: str) -> Iterator[Opened]:
    """`opened(locale=…, color_scheme=…)` is the page."""
    with opening(browser, url) as opened:
        yield opened


def add(store: Store, *keys: str) -> None:
    for key in keys:
        store.add({"key": key, "cname": key, "mode": "mix", "recipe": RECIPE, "restart": False}, again=False)


def several(store: Store) -> None:
    """One of each that has something to show: taken over, failed, in line, ended by itself and begun anew."""
    add(store, "lesson-1", "lesson-2", "lesson-3", "lesson-4")
    for worker in ("first", "second"):
        store.join(worker, [])
    problem = json.dumps({"error": "NetworkError", "message": "start: away"})
    handle = {
        "version": 1, "app_id": DEFAULT_APP_ID, "mode": "mix", "cname": "lesson-1", "uid": "7",
        "resource_id": "r" * 200, "sid": "s" * 32, "started_at": 1.7e9, "resource_expired_hour": 72,
        "max_idle_time": 30, "max_recording_hour": None, "prefix": [], "files": ["hls"],
        "uids": [], "stream_types": 2, "kinds": [],
    }  # fmt: skip
    result = {
        "uploading_status": "uploaded", "nothing_recorded": False, "is_predicted": True,
        "files": [{"key": "k.m3u8", "uid": "0", "is_predicted": True}],
    }  # fmt: skip
    for run in store.admit(3, lambda _: frozenset())[0]:
        store.hold([run], "first")
        if run.key == "lesson-3":
            store.change(run, "first", {"state": State.FAILED, "problem": problem})
            continue
        first = {"handle": handle, "causes": ["Nobody sent."], "result": result, "lasted": 60.0}
        store.change(run, "first", {"state": State.RUNNING, "sid": "s" * 32}, (0, first))
        store.change(run, "first", {"state": State.STARTING})
        store.change(run, "first", {"state": State.RUNNING, "problem": problem}, (1, {"handle": handle}))
        if run.key == "lesson-1":
            store.hold([run], "second")


def test_a_recording_from_its_line_to_its_end(
    opened: Opened, emulator: Emulator, database: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It appears, waits, runs, is stopped by a click that is confirmed, and has its files; no secret is in the page."""
    quicken(monkeypatch.setattr)
    page = opened()
    page.get_by_text("no worker").wait_for()
    emulator.channel("lesson-42").join(101)
    fleet = BlockingFleet(client_of(emulator), database, requests=1000)
    fleet.storage("lessons", STORAGE)
    fleet.secret("tokens", TOKEN)
    emulator.fail("acquire", Fault.status(503), times=5, cname="lesson-42")
    fleet_without = BlockingFleet(client_of(emulator), database)
    fleet_without.storage("lessons", STORAGE)
    fleet_without.secret("tokens", TOKEN)
    fleet_without.record("lesson-42", MixRecipe(storage="lessons", layout=grid(4), token=Named("tokens")))
    fleet_without.close()
    page.get_by_role("option", name="lesson-42").click()
    page.locator(".head .pill", has_text="waiting 1").wait_for()
    with fleet:
        page.locator(".head .pill", has_text="running").wait_for()
        page.locator("#sums", has_text="workers 1").wait_for()
        emulator.clock.advance(60)
        page.get_by_role("button", name="Stop", exact=True).click()
        page.get_by_role("button", name="Let it run").click()
        found = fleet.get("lesson-42")
        assert found is not None
        assert found.stop_asked_at is None
        page.keyboard.press("s")
        page.get_by_role("heading", name="Stop lesson-42?").wait_for()
        page.locator("#sure button", has_text="Stop").click()
        page.locator(".head .pill", has_text="done").wait_for()
    page.locator("[role=tabpanel]", has_text="Somebody asked to stop it").wait_for()
    told = page.locator("[role=tabpanel] .thing").all_inner_texts()
    assert [line.split()[1] for line in told] == [
        "waiting", "starting", "held", "Went", "running", "Somebody", "stopping", "done",
    ]  # fmt: skip
    assert any("ServiceUnavailableError" in line for line in told)
    page.get_by_role("tab", name="Files").click()
    page.get_by_text("lesson-42.m3u8").wait_for()
    page.get_by_role("tab", name="Parts").click()
    page.get_by_role("button", name="Copy handle").click()
    page.get_by_text("Copied", exact=True).wait_for()
    assert json.loads(page.evaluate("navigator.clipboard.readText()"))["sid"] == emulator.recordings[0].sid
    page.get_by_role("tab", name="Recipe").click()
    page.get_by_text('"storage": "lessons"').wait_for()
    assert "canary" not in page.content()


def test_what_is_to_be_looked_at(opened: Opened, store: Store) -> None:
    """Counts, what failed, what was taken over and by whom, and the line; each leads to its recording."""
    several(store)
    page = opened()
    page.locator(".tiles button", has_text="running").filter(has_text="2").wait_for()
    page.locator("[data-key^='taken']", has_text="from first by second").click()
    page.get_by_role("heading", name="lesson-1").wait_for()
    page.get_by_text("taken over by second (from first)").wait_for()
    page.get_by_role("tab", name="Parts 2").click()
    page.get_by_text("Nobody sent.").wait_for()
    page.keyboard.press("o")
    page.locator("[data-key^='look']", has_text="start: away").first.click()
    page.locator(".problem", has_text="start: away").wait_for()
    for state, keys in (("failed 1", ["lesson-3"]), ("Taken over 1", ["lesson-1"]), ("waiting 1", ["lesson-4"])):
        page.locator("#states").get_by_role("button", name=state).click()
        page.locator("#count", has_text="1").wait_for()
        expect(page.locator("#rows .name")).to_have_text(keys)
    page.locator("#states").get_by_role("button", name="All 4").click()
    # Places in line go on without the waiting ones being changed.
    add(store, "lesson-5")
    page.get_by_role("option", name="lesson-5").get_by_text("waiting 2").wait_for()
    store.ask_to_stop("lesson-4")
    page.get_by_role("option", name="lesson-5").get_by_text("waiting 1").wait_for()
    # What was removed is not shown any more when it is looked at.
    page.get_by_role("option", name="lesson-3").click()
    page.get_by_role("heading", name="lesson-3").wait_for()


def test_by_the_keyboard(opened: Opened, store: Store) -> None:
    """Everything has a key, and what is written into a field is no key."""
    several(store)
    page = opened()
    page.get_by_role("option", name="lesson-4").wait_for()
    first = page.locator("#rows .name").all_inner_texts()
    for key, name in (("j", first[0]), ("j", first[1]), ("k", first[0])):
        page.keyboard.press(key)
        page.locator("[role=option][aria-selected=true]", has_text=name).wait_for()
    page.keyboard.press("s")
    page.keyboard.press("Escape")
    page.locator("#sure").wait_for(state="hidden")
    page.keyboard.press("/")
    page.keyboard.type("LESSON-2j")
    expect(page.locator("[role=option]")).to_have_count(0)
    page.keyboard.press("Backspace")
    expect(page.locator("#rows .name")).to_have_text(["lesson-2"])
    page.keyboard.press("Tab")
    page.keyboard.press("l")
    page.get_by_text("概览").first.wait_for()
    page.keyboard.press("t")
    page.reload()
    page.get_by_text("概览").first.wait_for()
    assert page.locator("html[data-theme=dark]").count() == 1
    page.keyboard.press("?")
    page.get_by_role("heading", name="键盘快捷键").wait_for()
    assert [row for row in map(store.get, first) if row is not None and row["stop_at"]] == []


@pytest.mark.parametrize(("color_scheme", "locale"), [("light", "en-US"), ("dark", "zh-CN")])
def test_axe_finds_nothing(opened: Opened, store: Store, color_scheme: str, locale: str) -> None:
    """Neither on an empty page nor with everything open, wide and narrow."""
    page = opened(color_scheme=color_scheme, locale=locale)

    def look() -> None:
        found = Axe().run(page)
        assert found.violations_count == 0, found.generate_report()

    look()
    several(store)
    page.get_by_role("option", name="lesson-1").wait_for()
    look()
    page.get_by_role("option", name="lesson-1").click()
    for tab in ("parts", "files", "recipe", "story"):
        page.locator(f"#tab-{tab}").click()
        look()
    page.set_viewport_size({"width": 380, "height": 800})
    look()
    page.locator("#stop").click()
    look()
    page.keyboard.press("Escape")
    page.locator("#help").click()
    look()


def test_a_thousand_of_them(opened: Opened, store: Store) -> None:
    """No more rows are there than are seen, and each can be found."""
    add(store, *(f"lesson-{number}" for number in range(1000)))
    page = opened()
    page.locator("#count", has_text="1000").wait_for()
    assert page.locator("[role=option]").count() < 40
    page.locator("#filter").fill("LESSON-777")
    expect(page.locator("#rows .row").first).to_contain_text("lesson-777")
    assert page.locator("#rows .row").all_inner_texts()[0].split("\n")[:2] == ["lesson-777", "waiting 778"]


def test_words_in_both_languages(opened: Opened, url: str) -> None:
    """What one of them has the other has, too; and every word that the page asks for is there."""
    page = opened()
    english, chinese = page.evaluate("""async () => {
        const { WORDS } = await import("./words.js");
        const within = (name, word) => (name === "keyList" ? [Object.keys(word).length] : names(word));
        const names = (of) => Object.entries(of).flatMap(([name, word]) =>
            typeof word === "object" ? within(name, word).map((each) => `${name} ${each}`) : [name]);
        return [names(WORDS.en).sort(), names(WORDS.zh).sort()];
    }""")
    assert english == chinese
    asked = page.evaluate("""() => [...document.querySelectorAll("*")].flatMap((element) =>
        ["w", "wLabel", "wTitle", "wPlace"].map((name) => element.dataset[name]).filter(Boolean))""")
    assert set(asked) <= set(english)


# A form sends as text what is read as JSON; and each way of `fetch`, with the cookies of a login.
FORM = """<form action="TARGET/stop" method="post" target="there" enctype="text/plain">
<input name='{"key":"lesson-4","a":"' value='"}'></form>"""
JSON = (
    '{ method: "POST", body: \'{"key":"lesson-4"}\', headers: { "Content-Type": "application/json" }, '
    'credentials: "include" }'
)
PLAIN = '{ method: "POST", body: \'{"key":"lesson-4"}\', mode: "no-cors", credentials: "include" }'
CALLS = f'get("/recording?key=lesson-4"), get("/stop", {JSON}), get("/stop", {PLAIN}), get("/", {{ mode: "no-cors" }})'


@pytest.mark.parametrize("host", ["127.0.0.1", REBOUND])
def test_another_page_can_do_nothing(browser: Any, store: Store, url: str, host: str) -> None:
    """A page of another port, by script, form, frame and stream: with the cookies of a login, it could be."""
    several(store)
    target = url.rstrip("/").replace("127.0.0.1", host)
    with attacked(browser, host, target, form=FORM, frame="TARGET/", calls=CALLS) as (page, seen):
        assert len(seen) == 5
        assert not [words for _, words in seen if "lesson-4" in words or "open" in words]
        assert all("Overview" not in frame.content() for frame in page.frames)
    row = store.get("lesson-4")
    assert row is not None
    assert row["stop_at"] is None
