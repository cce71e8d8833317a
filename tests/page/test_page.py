"""The emulator's page, in a browser: seen, steered, and closed to other pages."""

from __future__ import annotations

import http.server
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe

from cloudrec import S3, ServiceUnavailableError
from cloudrec._pages.sending import FILES, file
from cloudrec.emulator import Emulator, Fault
from cloudrec.layouts import grid
from tests.page.attack import attacked
from tests.page.conftest import REBOUND

Opened = Callable[..., Any]
STORAGE = S3("lessons", "eu-central-1", "AK-do-not-show", "SK-do-not-show")


def test_the_story_of_a_recording(opened: Opened, emulator: Emulator) -> None:
    """Users join by a click, another client records, time is moved, a call fails: all of it is a test that runs."""
    page = opened()
    page.get_by_label("Channel name").fill("lesson-42")
    for uid in ("101", "102"):
        page.get_by_label("User ID").fill(uid)
        page.get_by_role("button", name="Join").click()
        page.get_by_label(f"{uid} Video").wait_for()
    page.get_by_label("102 Video").click()
    page.locator("[aria-label='102 Video'][aria-pressed='false']").wait_for()
    assert [(who.uid, who.video) for who in emulator.channel("lesson-42").people] == [("101", True), ("102", False)]

    with emulator.client() as client:
        recording = client.mix.record("lesson-42", storage=STORAGE, layout=grid(2))
        page.get_by_role("option", name="lesson-42").click()
        page.get_by_role("heading", name="lesson-42").wait_for()
        before = emulator.clock.now()
        page.get_by_role("button", name="+1 min").click()
        page.locator(".lane", has_text="5 in progress").wait_for()
        assert emulator.clock.now() - before == 60_000
        drawn = page.get_by_role("img", name="Layout: 101, 102")
        drawn.wait_for()
        assert drawn.evaluate("image => image.decode().then(() => image.naturalWidth)") == 360
        page.get_by_role("tab", name="Files").click()
        page.get_by_text(f"{recording.sid}_lesson-42.m3u8").wait_for()

        page.get_by_role("tab", name="Requests").click()
        page.locator("#kind").select_option(label="500, code 62 (time-out)")
        page.get_by_label("Endpoint").select_option("query")
        page.get_by_role("button", name="Let it fail").click()
        page.get_by_text("0 of 1").wait_for()
        with pytest.raises(ServiceUnavailableError):
            client.mix.query(recording.resource_id, recording.sid, retry=None)
        page.get_by_text("500 · 62").click()
        page.get_by_text("X-Emulate-Fault: status; status=500; code=62").wait_for()
        page.get_by_text("1 of 1").wait_for()
        recording.stop()
    page.locator(".head .pill", has_text="stopping").wait_for()
    page.get_by_role("button", name="Copy as test").click()
    page.get_by_text("Copied", exact=True).wait_for()
    names: dict[str, Any] = {}
    code = page.evaluate("navigator.clipboard.readText()")
    exec(compile(code, "copied", "exec"), names)
    names["test_what_happened"]()
    assert ".join(102, video=False)" in code
    assert "status_code == 500" in code
    assert "do-not-show" not in page.content()


@contextmanager
def receiver(statuses: list[int]) -> Iterator[str]:
    """Somebody's webhook, which answers so, and 200 afterwards."""

    class Handler(http.server.BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            self.rfile.read(int(self.headers["Content-Length"]))
            self.send_response(statuses.pop(0) if statuses else 200)
            self.end_headers()

        def log_message(self, *_: Any) -> None:
            pass

    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}/agora"
        server.shutdown()


def test_webhooks_storm_and_reset(opened: Opened, emulator: Emulator) -> None:
    """Where they go is set, what came back is seen, one is sent again; a storm begins and ends; all is forgotten."""
    page = opened()
    with receiver([500]) as url, emulator.client() as client:
        page.get_by_label("Where to send webhooks").fill(url)
        page.get_by_role("button", name="Send there").click()
        page.get_by_text(f"They go to {url}").wait_for()
        recording = client.mix.record("lesson-42", storage=STORAGE)
        emulator.webhooks.flush()
        page.get_by_role("option", name="lesson-42").click()
        page.get_by_role("tab", name="Webhooks").click()
        page.get_by_text("30 uploader_started").click()
        page.get_by_role("button", name="Send again").click()
        page.get_by_text("200 · again").wait_for()
        emulator.webhooks.flush()
        assert [attempt.status for attempt in emulator.notices[0].attempts] == [500, 200, 200]
        page.get_by_label("Seed").fill("7")
        page.get_by_role("button", name="Begin").click()
        page.get_by_text("20 % of all calls fail, seed 7").wait_for()
        page.get_by_role("button", name="Heal").click()
        page.get_by_text("20 % of all calls fail").wait_for(state="detached")
        page.get_by_role("button", name="Move to another server").click()
        page.locator(".head .pill", has_text="moving").wait_for()
        page.get_by_role("button", name="Crash").click()
        page.get_by_text("crashed").first.wait_for()
        assert emulator.recording(recording.sid).ended == "crashed"
        page.on("dialog", lambda dialog: dialog.accept())
        page.get_by_role("button", name="Reset").click()
        page.get_by_text("Waiting for a recording").wait_for()
        assert emulator.recordings == ()


def test_by_the_keyboard(opened: Opened, emulator: Emulator) -> None:
    """Everything that is done often has a key, and what is written into a field is no key."""
    with emulator.client() as client:
        for name in ("first", "second", "third"):
            client.individual.record(name, storage=STORAGE, confirm=False)
    page = opened()
    page.get_by_role("option", name="third").wait_for()
    chosen = page.locator("[role=option][aria-selected=true] .name")
    for key, name in (("j", "third"), ("j", "second"), ("j", "first"), ("j", "first"), ("k", "second")):
        page.keyboard.press(key)
        page.locator("[role=option][aria-selected=true]", has_text=name).wait_for()
    assert chosen.inner_text() == "second"
    before = emulator.clock.now()
    page.keyboard.press(".")
    page.get_by_text("00:00:10", exact=True).first.wait_for()
    assert emulator.clock.now() - before == 10_000
    page.keyboard.press("Space")
    page.locator("#pace", has_text="runs").wait_for()
    assert emulator.clock.ticking
    page.keyboard.press("Space")
    page.locator("#pace", has_text="stands").wait_for()
    page.keyboard.press("/")
    page.keyboard.type("fir.")
    assert page.locator("[role=option]").count() == 0
    page.keyboard.press("Backspace")
    assert page.locator("[role=option]").all_inner_texts()[0].startswith("first")
    page.keyboard.press("Tab")
    page.keyboard.press("l")
    page.get_by_text("全部流量").first.wait_for()
    page.keyboard.press("t")
    assert page.locator("html[data-theme=dark]").count() == 1
    page.reload()
    page.get_by_text("全部流量").first.wait_for()
    assert page.locator("html[data-theme=dark]").count() == 1
    page.keyboard.press("?")
    page.get_by_role("heading", name="键盘快捷键").wait_for()


@pytest.mark.parametrize(("color_scheme", "locale"), [("light", "en-US"), ("dark", "zh-CN")])
def test_axe_finds_nothing(opened: Opened, emulator: Emulator, color_scheme: str, locale: str) -> None:
    """Neither on an empty page nor with everything open, wide and narrow."""
    page = opened(color_scheme=color_scheme, locale=locale)

    def look() -> None:
        found = Axe().run(page)
        assert found.violations_count == 0, found.generate_report()

    look()
    emulator.fail("query", Fault.status(500, 62), times=1)
    with receiver([500]) as url, emulator.client() as client:
        emulator.webhooks.send_to(url)
        recording = client.mix.record("lesson-42", storage=STORAGE, layout=grid(2))
        emulator.clock.advance(30)
        emulator.failover(recording.sid)
        emulator.clock.advance(5)
        emulator.storm(0.1)
        emulator.webhooks.flush()
    page.locator("[role=option]").first.click()
    page.locator("[data-key='call 1']").click()
    look()
    page.locator("[data-key='tab webhooks']").click()
    page.locator("[data-key='notice 1']").click()
    look()
    page.locator("[data-key='tab files']").click()
    page.set_viewport_size({"width": 390, "height": 800})
    look()
    page.locator("#help").click()
    look()


def test_more_recordings_than_fit(opened: Opened, emulator: Emulator) -> None:
    """No more rows are there than are seen, and each can be found. How long it takes, scripts/page-speed measures."""
    with emulator.client() as client:
        for number in range(40):
            client.individual.record(f"lesson-{number}", storage=STORAGE, confirm=False)
    page = opened()
    page.get_by_role("option", name="lesson-39").wait_for()
    assert page.locator("[role=option]").count() < 40
    assert page.locator("#rows").evaluate("rows => rows.offsetHeight") == 40 * 48
    page.locator("#scroll").evaluate("box => { box.scrollTop = box.scrollHeight; }")
    page.get_by_role("option", name="lesson-0", exact=False).first.wait_for()
    page.locator("#filter").fill("LESSON-17")
    assert page.locator("[role=option]").count() == 1


def test_words_in_both_languages(opened: Opened) -> None:
    """What one of them has the other has, too; and every word that the page asks for is there."""
    page = opened()
    script = """async () => {
        const { WORDS } = await import("/_emulator/words.js");
        const within = (name, word) => (name === "keyList" ? [Object.keys(word).length] : names(word));
        const names = (of) => Object.entries(of).flatMap(([name, word]) =>
            typeof word === "object" ? within(name, word).map((each) => `${name} ${each}`) : [name]);
        return [names(WORDS.en).sort(), names(WORDS.zh).sort()];
    }"""  # fmt: skip
    english, chinese = page.evaluate(script)
    assert english == chinese
    asked = page.evaluate("""() => [...document.querySelectorAll("*")].flatMap((element) =>
        ["w", "wLabel", "wTitle", "wPlace"].map((name) => element.dataset[name]).filter(Boolean))""")
    assert set(asked) <= set(english)


def test_it_is_light() -> None:
    """All of it, without a build, in no more than 80 kB."""
    assert sum(len(file("cloudrec.emulator.control", name)[0]) for name in FILES) <= 80_000


FORM = """<form action="TARGET/reset" method="post" target="there" enctype="text/plain">
<input name='{"a":"' value='"}'></form>"""
JSON = '{ method: "POST", body: "{}", headers: { "Content-Type": "application/json" } }'
PLAIN = '{ method: "POST", body: "{}", mode: "no-cors" }'
CALLS = (
    f'get("/state"), get("/recordings"), get("/reset", {JSON}), get("/reset", {PLAIN}), '
    'get("/calls", { mode: "no-cors" })'
)


@pytest.mark.parametrize("host", ["127.0.0.1", REBOUND])
def test_another_page_can_do_nothing(browser: Any, emulator: Emulator, host: str) -> None:
    """A page of another port, and one whose name leads here: by script, form, frame and stream."""
    with emulator.client() as client:
        client.mix.record("lesson-42", storage=STORAGE, confirm=False)
    target = f"{emulator.url.replace('127.0.0.1', host)}/_emulator"
    with attacked(browser, host, target, form=FORM, frame="TARGET", calls=CALLS) as (page, seen):
        assert len(seen) == 6
        assert not [words for _, words in seen if "lesson-42" in words or "open" in words]
        assert all("Recordings" not in frame.content() for frame in page.frames)
        # The very page of the emulator, asked for by a name that leads here.
        if host == REBOUND:
            response = page.goto(target)
            assert response.status == 403
    assert [recording.cname for recording in emulator.recordings] == ["lesson-42"]
