"""Stories about recordings, told once for the sync client and for the async one on both event loops."""

from __future__ import annotations

from collections.abc import Callable, Generator
from inspect import isawaitable
from typing import Any, TypeAlias

import anyio
import anyio.lowlevel

from cloudrec import AsyncCloudRecording, CloudRecording
from cloudrec.emulator import Emulator

KINDS = ("sync", "asyncio", "trio")
Story: TypeAlias = Callable[[Any], Generator[Callable[[], Any], Any, None]]

STORAGE: dict[str, Any] = {
    "vendor": 1,
    "region": 7,
    "bucket": "lessons",
    "accessKey": "AK-do-not-show",
    "secretKey": "SK-do-not-show",
    "fileNamePrefix": ["lessons", "42"],
}
PAGE = "https://example.com/lesson"


class Time:
    """The client's time, which moves the emulator's clock along and takes none itself."""

    def __init__(self, emulator: Emulator) -> None:
        self.emulator = emulator
        self.now = 0.0
        self.waits: list[float] = []

    def __call__(self) -> float:
        return self.now

    def advance(self, seconds: float) -> None:
        self.now += seconds
        self.emulator.clock.advance(seconds)

    def wait(self, seconds: float) -> None:
        self.waits.append(round(seconds, 3))
        self.advance(seconds)

    async def wait_async(self, seconds: float) -> None:
        await anyio.lowlevel.checkpoint()
        self.wait(seconds)


def play(kind: str, emulator: Emulator, time: Time, story: Story, **settings: Any) -> None:
    """Plays a story: a generator that yields calls and is sent their results, or their exceptions."""
    common: dict[str, Any] = {"base_url": emulator.url, "clock": time, "rate_limit": None} | settings

    async def main() -> None:
        if kind == "sync":
            with CloudRecording(emulator.app_id, emulator.credential, wait=time.wait, **common) as client:
                await _steps(story(client))
        else:
            async with AsyncCloudRecording(
                emulator.app_id, emulator.credential, wait=time.wait_async, **common
            ) as other:
                await _steps(story(other))

    anyio.run(main, backend="asyncio" if kind == "sync" else kind)


async def _steps(steps: Generator[Callable[[], Any], Any, None]) -> None:
    try:
        step = next(steps)
        while True:
            try:
                answer = step()
                if isawaitable(answer):
                    answer = await answer
                elif hasattr(answer, "__anext__"):
                    answer = [item async for item in answer]
                elif hasattr(answer, "__next__"):
                    answer = list(answer)
            except Exception as error:
                step = steps.throw(error)
            else:
                step = steps.send(answer)
    except StopIteration:
        return
