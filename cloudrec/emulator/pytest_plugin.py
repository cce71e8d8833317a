"""The pytest fixtures that every project gets by installing `cloudrec[emulator]`."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from cloudrec import AsyncCloudRecording, CloudRecording

    from .emulator import Emulator


def pytest_configure(config: pytest.Config) -> None:
    """Makes the marker known."""
    config.addinivalue_line(
        "markers",
        "cloudrec(emulator={...}, client={...}): options of the emulator and of the clients of the test's fixtures",
    )


def _options(request: pytest.FixtureRequest, name: str) -> dict[str, Any]:
    """Those of all markers; of two that name the same, the one nearest to the test."""
    found: dict[str, Any] = {}
    for marker in reversed(list(request.node.iter_markers("cloudrec"))):
        if marker.args or marker.kwargs.keys() - {"emulator", "client"}:
            raise pytest.UsageError("the marker cloudrec takes emulator={...} and client={...}")
        found |= marker.kwargs.get(name, {})
    return found


@pytest.fixture
def cloudrec_emulator(request: pytest.FixtureRequest) -> Iterator[Emulator]:
    """A fresh emulator of Agora Cloud Recording, its clock standing until the test moves it."""
    from . import Emulator

    with Emulator(**_options(request, "emulator")) as emulator:
        yield emulator


@pytest.fixture
def cloudrec_client(request: pytest.FixtureRequest, cloudrec_emulator: Emulator) -> Iterator[CloudRecording]:
    """A client of the test's emulator. Where the test itself waits for it, time passes."""
    with cloudrec_emulator.client(**_options(request, "client")) as client:
        yield client


@pytest.fixture
def cloudrec_async_client(request: pytest.FixtureRequest, cloudrec_emulator: Emulator) -> AsyncCloudRecording:
    """An async client of the test's emulator: to be entered by `async with`, or given to the code under test."""
    return cloudrec_emulator.async_client(**_options(request, "client"))
