"""Clients of every kind, and a look at all that was printed meanwhile."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from tests.resilience.conftest import choose_pool
from tests.secrets.support import KINDS, clean, told_by, told_of


@pytest.fixture(params=KINDS)
def kind(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> str:
    """Sync, on asyncio, on trio, and on asyncio with aiohttp's pool."""
    choose_pool(request.param, monkeypatch)
    return str(request.param)


@pytest.fixture
def caught(caplog: pytest.LogCaptureFixture) -> Callable[..., Any]:
    """The error in which a call ends, after a look at all that is told of it."""

    def catch(expected: type[BaseException], call: Callable[[], Any]) -> BaseException:
        with pytest.raises(expected) as info:
            call()
        assert type(info.value) is expected
        clean(told_of(info.value))
        return info.value

    return catch


@pytest.fixture(autouse=True)
def _nothing_is_logged(caplog: pytest.LogCaptureFixture, recwarn: pytest.WarningsRecorder) -> Iterator[None]:
    """Whatever was logged, by anybody, and whatever was warned of shows nothing either."""
    caplog.set_level(logging.DEBUG)
    for name in ("cloudrec", "asyncio", "httpx", "httpcore"):
        caplog.set_level(logging.DEBUG, name)
    yield
    clean(told_by([*caplog.get_records("setup"), *caplog.get_records("call")]))
    clean(("warning", str(warning.message)) for warning in recwarn)
