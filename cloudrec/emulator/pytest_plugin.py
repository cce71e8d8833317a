"""The pytest fixture that every project gets by installing `cloudrec[emulator]`."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from .emulator import Emulator


@pytest.fixture
def cloudrec_emulator() -> Iterator[Emulator]:
    """A fresh emulator of Agora Cloud Recording, its clock standing until the test moves it."""
    from . import Emulator

    with Emulator() as emulator:
        yield emulator
