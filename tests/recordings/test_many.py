"""Many recordings at once: one client watches all of them, in turn and within the service's limit."""

from __future__ import annotations

import asyncio
import selectors
from collections import Counter
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from itertools import count
from typing import Any

import httpx

from cloudrec import AsyncCloudRecording, AsyncMixRecording
from cloudrec.emulator import Emulator
from tests.recordings.support import STORAGE

MANY = 1000


class _AtOnce(selectors.DefaultSelector):
    """Where the loop would wait for so many seconds, they have passed."""

    pass_time: Callable[[float], None]

    def select(self, timeout: float | None = None) -> Any:
        assert timeout is not None, "everybody waits for somebody else"
        self.pass_time(timeout)
        return super().select(0)


class _Loop(asyncio.SelectorEventLoop):
    """An event loop whose time passes when all wait, takes none, and moves an emulator's clock along."""

    def __init__(self, emulator: Emulator) -> None:
        self._emulator = emulator
        self._now = 0.0
        self._timers = count()
        selector = _AtOnce()
        selector.pass_time = self._pass
        super().__init__(selector)

    def time(self) -> float:
        return self._now

    def call_at(self, when: float, *arguments: Any, **more: Any) -> asyncio.TimerHandle:
        # What is due at one moment happens in the order in which it was asked for, as where time is real.
        return super().call_at(when + next(self._timers) * 1e-11, *arguments, **more)

    def _pass(self, seconds: float) -> None:
        before, self._now = self._now, self._now + seconds
        self._emulator.clock.advance((round(self._now * 1000) - round(before * 1000)) / 1000)


class Room:
    """An emulator that allows ten requests a second, a client of it, and recordings."""

    def __init__(self, emulator: Emulator, client: AsyncCloudRecording) -> None:
        self.emulator = emulator
        self.client = client

    async def recordings(self, number: int) -> list[AsyncMixRecording]:
        """So many that run, attached: another process began them."""
        mix = self.client.mix
        first = await mix.record("lesson-0", uid=100_000, storage=STORAGE, confirm=False)
        attached = [mix.attach(first.handle)]
        for place in range(1, number):
            # By the calls themselves: `record` sends the parameters of `start` with `acquire`, too, and all is checked.
            cname, uid = f"lesson-{place}", 100_000 + place
            acquired = await mix.acquire(cname, uid)
            started = await mix.start(acquired.resource_id, cname, uid, storage_config=STORAGE)
            of_this: Any = {
                "cname": cname, "uid": str(uid), "resource_id": acquired.resource_id, "sid": started.sid
            }  # fmt: skip
            attached.append(mix.attach({**first.handle, **of_this}))
        return attached

    def calls(self, endpoint: str) -> list[str]:
        """The sids of these calls, in the order of their arrival."""
        return [call.sid for call in self.emulator.calls if call.endpoint == endpoint]


def tell(story: Callable[[Room], Awaitable[None]]) -> None:
    """Plays a story on a loop that takes no time. The emulator refuses none of its calls, and counts by itself."""
    emulator = Emulator(rate_limit=10, max_recordings=2 * MANY)

    @asynccontextmanager
    async def room() -> AsyncIterator[Room]:
        async with (
            httpx.AsyncClient(transport=httpx.ASGITransport(app=emulator.app)) as http_client,
            AsyncCloudRecording(
                emulator.app_id,
                emulator.credential,
                base_url="http://emulator.test",
                http_client=http_client,
                clock=asyncio.get_running_loop().time,
                wait=asyncio.sleep,
            ) as client,
        ):
            yield Room(emulator, client)

    async def main() -> None:
        async with room() as here:
            await story(here)

    with asyncio.Runner(loop_factory=lambda: _Loop(emulator)) as runner:
        runner.run(main())
    assert 429 not in {call.status for call in emulator.calls}


def test_a_thousand_are_watched_in_turn_until_they_are_stopped() -> None:
    seen: Counter[str] = Counter()

    async def watch(recording: AsyncMixRecording) -> None:
        async for _ in recording.watch():
            seen[recording.sid] += 1

    async def story(room: Room) -> None:
        recordings = await room.recordings(MANY)
        sids = [recording.sid for recording in recordings]

        # Ten a second: the last of a thousand has its first turn after 100 seconds at the most, then one every 120.
        watching = [asyncio.create_task(watch(recording)) for recording in recordings]
        await asyncio.sleep(101 + 120)
        assert room.calls("query") == sids * 2
        assert seen.keys() == set(sids)

        await asyncio.gather(*(recording.stop() for recording in recordings))
        assert sorted(room.calls("stop")) == sorted(sids)
        assert room.emulator.running == ()
        assert all(recording.result.files for recording in recordings)
        async with asyncio.timeout(120):
            await asyncio.gather(*watching)

    tell(story)


def test_nobody_waits_for_those_that_are_only_watched() -> None:
    async def watch(recording: AsyncMixRecording) -> None:
        async for _ in recording.watch():
            pass

    async def story(room: Room) -> None:
        recordings = await room.recordings(300)
        watching = [asyncio.create_task(watch(recording)) for recording in recordings]
        await asyncio.sleep(3)
        began = asyncio.get_running_loop().time()
        await recordings[-1].stop()
        # Within a second there is a free place, though 270 queries stand in line.
        assert asyncio.get_running_loop().time() - began <= 1.0 + 1e-6
        assert len(room.calls("query")) < 50
        for task in watching:
            task.cancel()

    tell(story)
