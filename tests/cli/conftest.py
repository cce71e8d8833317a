"""Fixtures for the tests of commands."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from cloudrec.cli import settings
from cloudrec.emulator import Emulator
from tests.cli.support import CONFIGURATION, SECRETS, Terminal


@pytest.fixture
def emulator() -> Iterator[Emulator]:
    """The service, with a clock that the commands move."""
    with Emulator(customer_secret=SECRETS["AGORA_CUSTOMER_SECRET"], keep_calls=1000) as running:
        yield running


@pytest.fixture
def environment(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    """A folder with a configuration, and nothing of this machine's in the environment."""
    for name in ("AGORA_APP_CERTIFICATE", "AGORA_AREA", "CLOUDREC_FLEET", "AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"):
        monkeypatch.delenv(name, raising=False)
    path = tmp_path / "cloudrec.toml"
    path.write_text(CONFIGURATION, encoding="utf-8")
    monkeypatch.setenv("CLOUDREC_CONFIG", str(path))
    monkeypatch.setenv("CLOUDREC_DATA", str(tmp_path / "data"))
    monkeypatch.setenv("TERM", "xterm-256color")
    for name, value in SECRETS.items():
        monkeypatch.setenv(name, value)
    return tmp_path


@pytest.fixture
def cloudrec(
    emulator: Emulator, environment: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> Terminal:
    """Runs a command, in this process."""
    terminal = Terminal(emulator, environment, capsys)
    monkeypatch.setenv("AGORA_APP_ID", emulator.app_id)
    monkeypatch.setenv("AGORA_CUSTOMER_ID", emulator.credential.customer_id)
    monkeypatch.setenv("AGORA_BASE_URL", " ".join(emulator.urls))
    own = {"clock": emulator.clock.seconds, "wait": terminal.wait, "rate_limit": None}
    monkeypatch.setattr(settings, "CLIENT", own)
    return terminal
