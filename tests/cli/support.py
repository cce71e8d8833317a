"""What the tests of commands share: a command in this process, on an emulator whose clock the command's waits move."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, NamedTuple

import pytest

from cloudrec.cli import main
from cloudrec.emulator import Emulator

SECRETS = {
    "AGORA_CUSTOMER_SECRET": "customer-canary-51e0",
    "LESSONS_KEY": "AK-canary-90f1",
    "LESSONS_SECRET": "SK-canary-77ab",
    "SCHOOL_TOKEN": "006token-canary-c3d4",
    "CHANNEL_KEY": "encryption-canary-8d2e",
}
"""Each of them must be found nowhere."""
CONFIGURATION = """
[storage.lessons]
vendor = "s3"
bucket = "lessons"
region = "eu-central-1"
prefix = "school/year1"
access_key = { env = "LESSONS_KEY" }
secret_key = { env = "LESSONS_SECRET" }

[secret]
school = { env = "SCHOOL_TOKEN" }

[encryption.school]
mode = "aes-128-xts"
secret = { env = "CHANNEL_KEY" }
"""


class Done(NamedTuple):
    """What a command came to."""

    code: int
    out: str
    err: str

    @property
    def objects(self) -> list[dict[str, Any]]:
        """The lines of its answer, as JSON."""
        return [json.loads(line) for line in self.out.splitlines()]

    @property
    def lines(self) -> list[str]:
        """The lines of its answer."""
        return self.out.splitlines()


class Terminal:
    """Runs commands, and looks each time that no secret was shown or kept."""

    def __init__(self, emulator: Emulator, folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
        self.emulator, self.folder = emulator, folder
        self._capsys = capsys
        self.waits: Iterator[Callable[[], object]] = iter(())
        """What happens while the command waits, one after the other."""

    def __call__(self, *argv: str) -> Done:
        try:
            code = main(list(argv))
        except SystemExit as left:  # of argparse
            code = int(left.code or 0)
        out, err = self._capsys.readouterr()
        kept = b"".join(path.read_bytes() for path in self.folder.glob("data/*")).decode("latin-1")
        for secret in SECRETS.values():
            assert secret not in f"{out}{err}{kept}"
        return Done(code, out, err)

    async def wait(self, seconds: float) -> None:
        """In place of sleeping: the emulator's clock moves."""
        await asyncio.sleep(0)
        next(self.waits, lambda: None)()
        await asyncio.sleep(0)
        self.emulator.clock.advance(seconds)

    def then(self, *happenings: Callable[[], object]) -> None:
        """These happen, one at each wait of the next command."""
        self.waits = iter(happenings)
