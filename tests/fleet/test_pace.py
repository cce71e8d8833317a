"""The shared limit: never more than ten in any closed second, by the database's clock."""

from __future__ import annotations

import threading
from collections.abc import Awaitable, Callable, Iterator
from itertools import pairwise
from random import Random
from typing import Any

import pytest
import sqlalchemy as sa
from hypothesis import given, settings, strategies as st

from cloudrec._call.line import Ticket, Urgency
from cloudrec.emulator.emulator import DEFAULT_APP_ID
from cloudrec.errors import FleetDatabaseError, FleetError
from cloudrec.fleet import _pace as pace_module, _rows as rows_module
from cloudrec.fleet._pace import DatabasePace, FleetLimit
from cloudrec.fleet._rows import MARGIN
from cloudrec.fleet._store import QUICKER, SLOWER, SLOWEST, Fenced, Store

FIRST = MARGIN / 10


class Watched(Store):
    """Knows by the database's time when each request is to go."""

    def __init__(self, url: str) -> None:
        super().__init__(url, DEFAULT_APP_ID)
        self._of = threading.local()

    def _until(self, moment: float, now: float) -> float:
        self._of.moment = moment
        return super()._until(moment, now)

    def goes_at(self, worker: str) -> float:
        """The moment that it takes."""
        self.next_requests(worker, FIRST, 1)
        return float(self._of.moment)

    def takes(self, worker: str) -> tuple[int, float]:
        """The same, with its number."""
        number, *_ = self.next_requests(worker, FIRST, 1)
        return number, float(self._of.moment)


def most_in_a_second(moments: list[float]) -> int:
    """How many there are in any closed second."""
    return max(sum(first <= moment <= first + 1.0 for moment in moments) for first in moments)


@pytest.fixture
def store(database: str) -> Iterator[Watched]:
    """One in which two workers are there."""
    made = Watched(database)
    made.prepare(10)
    for worker in ("one", "two"):
        made.join(worker, [])
    yield made
    made.close()


def test_ten_in_a_second_for_all_who_take_at_once(store: Watched) -> None:
    """Four threads of two workers, over two stores."""
    moments: list[float] = []
    other = Watched(store.engine_url)
    gate = threading.Barrier(4)

    def take(here: Watched, worker: str) -> None:
        gate.wait(30)
        moments.extend(here.goes_at(worker) for _ in range(15))

    threads = [
        threading.Thread(target=take, args=given)
        for given in ((store, "one"), (store, "two"), (other, "one"), (other, "two"))
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    other.close()
    moments.sort()
    assert len(moments) == 60
    assert most_in_a_second(moments) == 10
    assert store.counts()["requests"] == 60


def set_clock(store: Watched, monkeypatch: pytest.MonkeyPatch, now: list[float]) -> None:
    """It is that time."""
    if store.url.get_backend_name() == "sqlite":
        monkeypatch.setattr(rows_module, "time", type("Time", (), {"time": staticmethod(lambda: now[0])}))
    else:
        store._now = sa.bindparam("now", callable_=lambda: now[0], type_=sa.Double())


def set_own_clock(monkeypatch: pytest.MonkeyPatch, now: list[float]) -> None:
    """It is that time by the clock of this process."""
    monkeypatch.setattr(pace_module, "time", type("Time", (), {"monotonic": staticmethod(lambda: now[0])}))


async def directly(function: Callable[..., Any], *arguments: Any) -> Any:
    """A query without threads."""
    return function(*arguments)


def test_ten_in_a_second_however_time_passes(store: Watched, monkeypatch: pytest.MonkeyPatch) -> None:
    """Whoever comes after a pause has nothing saved up."""
    now = [2e9]
    set_clock(store, monkeypatch, now)

    @given(st.lists(st.one_of(st.floats(0, 3), st.just(0.0), st.just(FIRST)), min_size=20, max_size=40))
    @settings(max_examples=20)
    def holds(pauses: list[float]) -> None:
        moments = []
        for pause in pauses:
            now[0] += pause
            moments.append(store.goes_at("one"))
            assert moments[-1] >= now[0]
        assert most_in_a_second(moments) <= 10
        assert moments == sorted(moments)
        now[0] = moments[-1] + 10

    holds()


def test_ten_in_a_second_however_long_they_are_on_their_way(store: Watched, monkeypatch: pytest.MonkeyPatch) -> None:
    """The service counts when they arrive. What was late is told by who sent it, when it is answered."""
    now = [2e9]
    set_clock(store, monkeypatch, now)

    @given(st.lists(st.one_of(st.just(0.0), st.floats(0, 0.85)), min_size=20, max_size=30))
    @settings(max_examples=8)
    def holds(late: list[float]) -> None:
        counted: list[float] = []
        untold: list[tuple[float, int]] = []
        for by in late:
            number, moment = store.takes("one")
            counted.append(moment + by)
            untold.append((moment + by, number))
            # Others take theirs when this one goes.
            now[0] = max(now[0], moment)
            for told in [one for one in untold if one[0] <= now[0]]:
                untold.remove(told)
                store.counted(told[1], now[0] - told[0], 10, 1.0)
        assert most_in_a_second(counted) <= 10
        now[0] += 10

    holds()


def test_slower_after_a_429(store: Watched) -> None:
    """Once for all answers of a second; then a little quicker with each request, and never quicker than the limit."""
    for _ in range(3):
        store.refused(FIRST)
    gaps = _gaps(store, 40)
    assert gaps[0] == pytest.approx(FIRST * SLOWER * QUICKER, rel=0.01)
    assert all(later <= before + 1e-6 for before, later in pairwise(gaps))
    assert gaps[-1] == pytest.approx(FIRST, rel=0.01)


def test_no_slower_than_so_much(store: Watched, monkeypatch: pytest.MonkeyPatch) -> None:
    time = Watched._time
    ahead = [0.0]
    monkeypatch.setattr(Watched, "_time", lambda self, connection: time(self, connection) + ahead[0])
    for _ in range(20):
        ahead[0] += 2.0
        store.refused(FIRST)
    ahead[0] = 0.0
    assert _gaps(store, 2)[0] == pytest.approx(FIRST * SLOWEST * QUICKER, rel=0.01)


def _gaps(store: Watched, number: int) -> list[float]:
    moments = [store.goes_at("one") for _ in range(number)]
    return [later - before for before, later in pairwise(moments)]


def test_who_was_taken_for_dead_gets_none(store: Watched) -> None:
    """Nor is one used up."""
    assert sorted(store.take_from_dead("one", 1e9, ["one", "two"], 30.0)) == ["two"]
    with pytest.raises(Fenced, match=r"worker two was taken for dead"):
        store.goes_at("two")
    with pytest.raises(Fenced, match=r"worker nobody was taken for dead"):
        store.goes_at("nobody")
    assert store.counts()["requests"] == 0
    store.goes_at("one")
    assert store.counts()["requests"] == 1


async def test_a_moment_that_was_missed_is_not_used(store: Watched, monkeypatch: pytest.MonkeyPatch) -> None:
    """The event loop stood still: another moment is asked for."""
    now = [100.0]
    set_own_clock(monkeypatch, now)
    pace = DatabasePace(store, directly, "one", 0.1)
    assert await pace.take() == 0.0
    wait = await pace.take()
    assert 0 < wait <= 11.0
    now[0] += wait
    assert await pace.take() == 0.0
    assert store.counts()["requests"] == 2
    wait = await pace.take()
    now[0] += wait + 11.0
    assert await pace.take() >= 0.0
    assert store.counts()["requests"] == 4


async def test_who_stood_still_asks_the_database(store: Watched, monkeypatch: pytest.MonkeyPatch) -> None:
    """Also when it was late before: others may have taken over what it holds."""
    now = [100.0]
    set_own_clock(monkeypatch, now)
    pace = DatabasePace(store, directly, "two", 0.1)
    await pace.take()
    for _ in range(2):
        now[0] += await pace.take() + 1.0
    assert await pace.take() == 0.0  # a second time it is not given up for being late
    for _ in range(2):
        now[0] += await pace.take() + 1.0
    now[0] += 20.0
    assert store.take_from_dead("one", 1e9, ["two"], 30.0) == ["two"]
    with pytest.raises(FleetError, match="was taken for dead"):
        await pace.take()


@pytest.mark.parametrize(("requests", "at_once"), [(100, 9), (20, 1)])
async def test_several_moments_at_once(
    store: Watched, monkeypatch: pytest.MonkeyPatch, requests: int, at_once: int
) -> None:
    """Where many wait, those of a tenth of a second are asked for together; no second holds more than it may."""
    now = [2e9]
    set_clock(store, monkeypatch, now)
    set_own_clock(monkeypatch, now)
    asked, went = [0], list[float]()

    async def query(function: Callable[..., Any], *arguments: Any) -> Any:
        asked[0] += 1
        return function(*arguments)

    paces = [DatabasePace(store, query, worker, requests) for worker in ("one", "two")]
    drawn = Random(7)
    waits = [0.0, 0.0]
    while len(went) < 6 * requests:
        first = waits.index(min(waits))
        pace, pause = paces[first], drawn.choice([0.0, 0.0, 0.001, 0.03, 0.2])
        pace.waiting = lambda: 1000
        now[0] = max(now[0], 2e9 + waits[first])
        wait = await pace.take()
        if wait == 0.0:
            went.append(now[0])
            wait = pause if drawn.random() < 0.2 else 0.0
        waits[first] = now[0] - 2e9 + wait
    assert most_in_a_second(went) <= requests
    assert asked[0] <= len(went) / at_once * 1.5
    # Who waits alone takes one: nobody of another worker waits for what is not needed here.
    paces[0].waiting = lambda: 1
    before = store.counts()["requests"]
    now[0] += 10.0
    await paces[0].take()
    assert store.counts()["requests"] == before + 1


async def test_what_was_long_on_its_way(store: Watched, monkeypatch: pytest.MonkeyPatch) -> None:
    """The request that would be the eleventh of its second goes when that is over; one that was quick moves nothing."""
    now, counted = [100.0], []
    set_own_clock(monkeypatch, now)

    async def query(function: Callable[..., Any], *arguments: Any) -> Any:
        if function == store.counted:
            counted.append(arguments)
        return function(*arguments)

    limit = FleetLimit(DatabasePace(store, query, "one", 10))
    assert repr(limit) == "DatabasePace(10)"  # as errors name it

    async def gone() -> Ticket:
        ticket = Ticket(Urgency.ASK)
        assert limit.ask(ticket, 0.0) is None
        while wait := await limit.pace.take():
            now[0] += wait
        limit.leave(ticket)
        return ticket

    async def answered(ticket: Ticket, *, is_refused: bool = False) -> None:
        told = limit.answered(ticket, 0.0, is_refused=is_refused)
        assert isinstance(told, Awaitable)
        await told

    for _ in range(25):  # which all take 0.01 s, as it takes to answer
        ticket = await gone()
        limit.written(ticket, 0.0)
        now[0] += 0.01
        await answered(ticket)
    assert counted == []
    ticket = await gone()
    now[0] += 0.3
    await answered(ticket)
    [(number, ago, most, within)] = counted
    assert (number, most, within) == (26, 10, 1.0)
    assert ago == pytest.approx(0.0)
    # A stop says when it is over, and not when it was counted.
    ticket = await gone()
    ticket.sent.within = 0.05  # type: ignore[union-attr]
    limit.written(ticket, 0.0)
    now[0] += 5.0
    await answered(ticket)
    assert len(counted) == 1
    # What was cut off in the line has no moment; and what cannot be told to others is answered all the same.
    other = Ticket(Urgency.ASK)
    limit.ask(other, 0.0)
    limit.leave(other)
    assert other.sent is None

    async def away(*arguments: Any) -> None:
        raise FleetDatabaseError("database: cannot be used: it is away", retryable=True)

    ticket = await gone()
    limit.pace._query = away
    now[0] += 1.0
    await answered(ticket, is_refused=True)
