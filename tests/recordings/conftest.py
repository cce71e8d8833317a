"""Fixtures for the tests of recordings."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import partial

import pytest

from cloudrec.emulator import Emulator
from tests.recordings.support import KINDS, Story, Time, play


@pytest.fixture
def emulator() -> Iterator[Emulator]:
    """The service, on a socket, with a clock that the test moves."""
    with Emulator() as running:
        yield running


@pytest.fixture
def time(emulator: Emulator) -> Time:
    """The client's time."""
    return Time(emulator)


@pytest.fixture(params=KINDS)
def kind(request: pytest.FixtureRequest) -> str:
    """Which client, on which event loop."""
    return str(request.param)


@pytest.fixture
def tell(kind: str, emulator: Emulator, time: Time) -> Callable[[Story], None]:
    """Plays a story with a client of each kind."""
    return partial(play, kind, emulator, time)
