"""Many recordings at once: one client watches all of them, in turn and within the service's limit."""

from __future__ import annotations

import asyncio
import selectors
from collections import Counter
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from functools import partial
from itertools import count
from typing import Any

import httpx

from cloudrec import AsyncCloudRecording, AsyncMixRecording, RecordingNotStartedError, RecordingStatus
from cloudrec._call.line import Ticket, Urgency
from cloudrec.emulator import Emulator, Fault
from tests.recordings.support import STORAGE

# What takes minutes at the service's ten calls a second takes as long with half the recordings at five of them.
HALF = 5
MANY = 100


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


def tell(story: Callable[[Room], Awaitable[None]], *, limit: int = 10, refuses: bool = False) -> None:
    """Plays a story on a loop that takes no time. The emulator refuses none of its calls, and counts by itself."""
    emulator = Emulator(rate_limit=limit, max_recordings=200)

    @asynccontextmanager
    async def room() -> AsyncIterator[Room]:
        async with (
            httpx.AsyncClient(transport=httpx.ASGITransport(app=emulator.app)) as http_client,
            AsyncCloudRecording(
                emulator.app_id,
                emulator.credential,
                base_url="http://emulator.test",
                http_client=http_client,
                rate_limit=limit,
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
    assert (429 in {call.status for call in emulator.calls}) == refuses


def test_a_hundred_are_watched_in_turn_until_they_are_stopped() -> None:
    seen: Counter[str] = Counter()

    async def watch(recording: AsyncMixRecording) -> None:
        async for _ in recording.watch():
            seen[recording.sid] += 1

    async def story(room: Room) -> None:
        recordings = await room.recordings(MANY)
        sids = [recording.sid for recording in recordings]

        # The last of them has its first turn after 22 seconds at the most, then one every 120.
        watching = [asyncio.create_task(watch(recording)) for recording in recordings]
        await asyncio.sleep(MANY * 1.05 / HALF + 1 + 120)
        assert room.calls("query") == sids * 2
        assert seen.keys() == set(sids)

        await asyncio.gather(*(recording.stop() for recording in recordings))
        assert sorted(room.calls("stop")) == sorted(sids)
        assert room.emulator.running == ()
        assert all(recording.result.files for recording in recordings)
        async with asyncio.timeout(120):
            await asyncio.gather(*watching)

    tell(story, limit=HALF)


def test_nobody_waits_for_those_that_are_only_watched() -> None:
    async def watch(recording: AsyncMixRecording) -> None:
        async for _ in recording.watch():
            pass

    async def story(room: Room) -> None:
        recordings = await room.recordings(150)
        watching = [asyncio.create_task(watch(recording)) for recording in recordings]
        await asyncio.sleep(3)
        began = asyncio.get_running_loop().time()
        await recordings[-1].stop()
        # Within a second there is a free place, though 120 queries stand in line.
        assert asyncio.get_running_loop().time() - began <= 1.0 + 1e-6
        assert len(room.calls("query")) < 50
        for task in watching:
            task.cancel()

    tell(story)


def test_more_than_a_hundred_are_begun_in_their_order_and_every_one_runs() -> None:
    """More than the limit can carry within a deadline: none is refused, none is stopped, each is told its place."""
    number, places, began = 125, list[int](), list[str]()

    async def story(room: Room) -> None:
        async def record(place: int) -> AsyncMixRecording:
            return await room.client.mix.record(
                f"lesson-{place}", storage=STORAGE, on_wait=places.append, on_started=lambda h: began.append(h["cname"])
            )

        recordings = await asyncio.gather(*(record(place) for place in range(number)))
        assert len(room.emulator.running) == len(recordings) == number
        assert room.calls("stop") == []
        # 20 at once; the others know how many go before them.
        assert places == list(range(number - 20))
        acquired = [call.cname for call in room.emulator.calls if call.endpoint == "acquire"]
        assert acquired == [f"lesson-{place}" for place in range(number)]

    tell(story, limit=HALF)


def test_who_waits_to_begin_may_give_up_and_a_client_that_closes_lets_all_go() -> None:
    async def story(room: Room) -> None:
        tasks = [asyncio.create_task(room.client.mix.record(f"lesson-{place}", storage=STORAGE)) for place in range(60)]
        await asyncio.sleep(1)
        for task in tasks[45:50]:
            task.cancel()
        await asyncio.sleep(1)
        await room.client.aclose()
        ends = await asyncio.gather(*tasks, return_exceptions=True)
        assert {type(end).__name__ for end in ends[45:50]} == {"CancelledError"}
        assert {type(end).__name__ for end in ends[50:]} == {"ClientClosedError"}
        # They left no place behind, taken or in line.
        limit = room.client._session.settings.rate_limit
        assert limit is not None
        assert limit.let_in.take(Ticket(Urgency.BEGIN))
        assert limit.let_in.ahead(Ticket(Urgency.STOP)) == 0

    tell(story)


def test_what_could_not_be_asked_is_not_stopped() -> None:
    """It runs, and the service answers 429 to every query: it is given back, and what is not known is told."""
    problems: list[Exception] = []

    async def story(room: Room) -> None:
        room.emulator.fail("query", Fault.rate_limited())
        recording = await room.client.mix.record("lesson-42", storage=STORAGE, on_problem=problems.append)
        assert recording.ended is None
        assert [running.sid for running in room.emulator.running] == [recording.sid]
        assert isinstance(problems[-1], RecordingNotStartedError)
        room.emulator.heal()
        assert (await recording.query()).status == RecordingStatus.IN_PROGRESS

    tell(story, refuses=True)


def test_the_ninety_seconds_count_from_when_it_could_be_asked() -> None:
    """Others keep the limit busy for minutes with what is more urgent."""

    async def story(room: Room) -> None:
        [busy] = await room.recordings(1)
        recording = asyncio.create_task(room.client.mix.record("lesson-42", storage=STORAGE))
        await asyncio.sleep(2)
        stop = partial(room.client.mix.stop, busy.resource_id, busy.sid, busy.cname, busy.uid, retry=None)
        await asyncio.gather(*(stop() for _ in range(500)), return_exceptions=True)
        began = asyncio.get_running_loop().time()
        assert began > 90
        await recording
        assert len([sid for sid in room.calls("stop") if sid != busy.sid]) == 0

    tell(story, limit=HALF)
