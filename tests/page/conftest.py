"""A real browser in front of an emulator: the system's Chromium, where there is one."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import pytest

from cloudrec.emulator import Emulator
from scripts._browser import MISSING, find, is_required, launched

#: Names that lead to this machine without being loopback, as a page that rebinds DNS makes them.
REBOUND = "rebound.example"


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    """One for all tests of a file. Not longer: an event loop runs in this thread until it is closed."""
    if find() is None and not is_required():
        pytest.skip(MISSING)
    with launched(f"--host-resolver-rules=MAP {REBOUND} 127.0.0.1") as browser:
        yield browser


@pytest.fixture
def emulator() -> Iterator[Emulator]:
    """Its clock stands."""
    with Emulator() as emulator:
        yield emulator


@pytest.fixture
def opened(browser: Any, emulator: Emulator) -> Iterator[Callable[..., Any]]:
    """`opened(locale=…, color_scheme=…)` is the page."""
    with opening(browser, f"{emulator.url}/_emulator") as opened:
        yield opened


@contextmanager
def opening(browser: Any, url: str) -> Iterator[Callable[..., Any]]:
    """Opens that page as often as one likes. What it asks of other hosts, or complains of, fails."""
    contexts, complaints = [], []

    def open_page(**options: Any) -> Any:
        context = browser.new_context(**{"locale": "en-US", "viewport": {"width": 1440, "height": 900}, **options})
        context.grant_permissions(["clipboard-read", "clipboard-write"], origin=url)
        contexts.append(context)
        page = context.new_page()
        page.set_default_timeout(20_000)
        # A recording that was asked about may have been forgotten by then: the browser tells of each 404.
        page.on("console", lambda message: "404" in message.text or complaints.append(message.text))
        page.on("pageerror", lambda error: complaints.append(str(error)))
        page.on("request", lambda request: request.url.startswith(url) or complaints.append(request.url))
        page.goto(url)
        page.get_by_text({"en-US": "live", "zh-CN": "实时"}[options.get("locale", "en-US")], exact=True).wait_for()
        return page

    yield open_page
    for context in contexts:
        context.close()
    assert complaints == []
