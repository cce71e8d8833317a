"""Pictures of a fleet's page, with lessons in it. `_pictures_fleet.py [FOLDER]`, docs/pictures by default.

Two workers record with the emulator; one of them is killed, and the other takes over what it held.
"""

import multiprocessing
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from typing import Any

from _browser import launched
from _env import ROOT
from cloudrec import AsyncCloudRecording, BasicAuth, MixRecipe, grid
from cloudrec.emulator import Emulator, Fault
from cloudrec.fleet import BlockingFleet, FleetRecording

PICTURES: dict[str, dict[str, Any]] = {
    "fleet.png": {"locale": "en-US", "color_scheme": "light"},
    "fleet.zh-CN.png": {"locale": "zh-CN", "color_scheme": "dark"},
}
STORAGE = {"vendor": 1, "region": 7, "bucket": "lessons", "accessKey": "AKEXAMPLE", "secretKey": "secret"}
RECIPE = MixRecipe(storage="lessons", layout=grid(4), files=["hls", "mp4"])
LESSON = timedelta(minutes=45)


def fleet_of(urls: list[str], app_id: str, customer: tuple[str, str], database: str) -> BlockingFleet:
    """A worker of it, once it is entered."""
    client = AsyncCloudRecording(app_id, BasicAuth(*customer), base_url=urls)
    fleet = BlockingFleet(client, database, most=5)
    fleet.storage("lessons", STORAGE)
    return fleet


def work(*about: Any) -> None:
    """In a process of its own: a worker, until it is killed."""
    with fleet_of(*about):
        time.sleep(600)


def reach(fleet: BlockingFleet, key: str, is_there: Callable[[FleetRecording], object]) -> None:
    """Waits for a recording."""
    while (found := fleet.get(key)) is None or not is_there(found):
        time.sleep(0.1)


@contextmanager
def lessons(database: str) -> Iterator[None]:
    """What the pictures show, while it goes on."""
    with Emulator(clock="real") as emulator:
        customer = emulator.credential.customer_id, emulator.credential.customer_secret
        about = list(emulator.urls), emulator.app_id, customer, database
        for number in range(36, 50):
            emulator.channel(f"lesson-{number}").join(101)
        emulator.fail("start", Fault.status(400, 2), cname="lesson-37")
        dead = multiprocessing.get_context("spawn").Process(target=work, args=about, daemon=True)
        dead.start()
        with_it = fleet_of(*about)
        with_it.record("lesson-36", RECIPE, until=5.0)
        for number in range(38, 42):
            with_it.record(f"lesson-{number}", RECIPE, until=LESSON)
        reach(with_it, "lesson-36", lambda one: one.state == "done")
        for number in range(38, 42):
            reach(with_it, f"lesson-{number}", lambda one: one.state == "running")
        dead.kill()
        dead.join()
        with with_it as fleet:
            reach(fleet, "lesson-41", lambda one: one.takeovers)
            fleet.record("lesson-37", RECIPE)
            for number in range(42, 47):
                fleet.record(f"lesson-{number}", RECIPE, until=LESSON)
            reach(fleet, "lesson-37", lambda one: one.state == "failed")
            reach(fleet, "lesson-42", lambda one: one.state == "running")
            fleet.stop("lesson-40")
            reach(fleet, "lesson-40", lambda one: one.is_over)
            reach(fleet, "lesson-43", lambda one: one.state == "running")
            yield


@contextmanager
def page_of(database: str) -> Iterator[str]:
    """Where the page is."""
    command = [sys.executable, "-m", "cloudrec", "fleet", "page", "--fleet", database, "--port", "0"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        try:
            yield next(word for word in process.stdout.readline().split() if word.startswith("http"))
        finally:
            process.terminate()


def main(folder: Path) -> None:
    """Takes them."""
    with tempfile.TemporaryDirectory() as place:
        database = f"sqlite:///{place}/fleet.db"
        with lessons(database), page_of(database) as url, launched() as browser:
            for name, options in PICTURES.items():
                page: Any = browser.new_page(viewport={"width": 1360, "height": 850}, **options)
                page.goto(url)
                page.locator("[role=option]", has_text="lesson-41").click()
                page.locator("[role=tabpanel] .thing").nth(4).wait_for()
                page.screenshot(path=folder / name)
                print(f"{folder / name}: {(folder / name).stat().st_size // 1000} kB")


if __name__ == "__main__":
    main(Path(sys.argv[1]) if len(sys.argv) > 1 else ROOT / "docs" / "pictures")
