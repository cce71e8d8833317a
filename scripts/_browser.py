"""The system's Chromium, driven by Playwright: for tests of the emulator's page, its pictures and its speed.

Playwright brings no browser here, and is never told to fetch one: what Debian, Ubuntu or CI has installed is used.
"""

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from playwright.sync_api import Browser

# By the names that distributions and CI give it. The headless shell shows the same for half the work.
NAMES = ("chromium-headless-shell", "chromium", "chromium-browser", "google-chrome-stable", "google-chrome")
# As root in a container, without a screen, and without anything of its own that it would look for in the network.
ARGUMENTS = (
    "--no-sandbox --headless --disable-gpu --disable-quic --no-first-run --disable-background-networking "
    "--disable-component-update --disable-sync"
).split()
MISSING = "no Chromium is here, for the emulator's page (Debian: apt install chromium-headless-shell fonts-noto-cjk)"


def find() -> str | None:
    """Where it is; None where it is not installed."""
    return next((path for name in NAMES if (path := shutil.which(name)) is not None), None)


def is_required() -> bool:
    """Whether it has to be there: a person may be without, CI that is has not checked what it says it has."""
    return os.environ.get("CI", "").lower() in {"1", "true"}


@contextmanager
def launched(*more: str) -> Iterator["Browser"]:
    """A running browser."""
    from playwright.sync_api import sync_playwright

    path = find()
    if path is None:
        raise RuntimeError(MISSING)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=[*ARGUMENTS, *more])
        yield browser
        browser.close()
