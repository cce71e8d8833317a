"""Never more requests in any second than the limit says, and who is urgent first."""

from __future__ import annotations

import asyncio
import sqlite3
import subprocess
import sys
from bisect import insort
from collections import Counter, deque
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from heapq import heappop, heappush
from itertools import count, pairwise
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, NamedTuple

import pytest
from hypothesis import HealthCheck, example, given, strategies as st

from cloudrec import AsyncCloudRecording, CloudRecording, ConfigurationError, RateLimit, RateLimitError, SQLiteRateLimit
from cloudrec._call.line import CapacityLimiter, Line, Ticket, Urgency, urgency_of
from cloudrec._call.rate import Paced
from cloudrec.emulator import Emulator
from tests.forks.support import in_child, needs_fork
from tests.support import APP_ID, BASE_URL, CREDENTIAL, examples

ALMOST = 1e-9


class Caller(NamedTuple):
    """One who comes, and may give up."""

    comes: float
    urgency: Urgency
    patience: float


class World:
    """Time, and callers who wait as they are told: nobody looks before its time unless it is woken."""

    def __init__(self, limit: RateLimit) -> None:
        self.limit = limit
        self.now = 0.0
        self.agenda: list[tuple[float, int, Callable[[], None]]] = []
        self.went: list[tuple[float, Urgency, int]] = []
        self.numbers = iter(range(1_000_000))

    def at(self, time: float, do: Callable[[], None]) -> None:
        insort(self.agenda, (time, next(self.numbers), do))

    def come(self, number: int, caller: Caller) -> None:
        ticket, gone = Ticket(caller.urgency), False

        def ask() -> None:
            nonlocal gone
            if gone:
                return
            wait = self.limit.ask(ticket, self.now)
            if wait == 0:
                gone = True
                self.went.append((self.now, caller.urgency, number))
                self.limit.answered(ticket, self.now, is_refused=False)
            else:
                assert wait > 0
                self.at(self.now + wait, ask)

        def give_up() -> None:
            nonlocal gone
            if not gone:
                gone = True
                self.limit.leave(ticket)

        ticket.wake = lambda: self.at(self.now, ask)
        self.at(caller.comes, ask)
        self.at(caller.comes + caller.patience, give_up)

    def run(self) -> None:
        while self.agenda:
            self.now, _, do = self.agenda.pop(0)
            do()


callers = st.lists(
    st.builds(
        Caller,
        st.floats(0, 3) | st.just(0.0),
        st.sampled_from(Urgency),
        st.floats(0.01, 2) | st.just(1e6),
    ),
    max_size=60,
)


RATES = st.integers(1, 12) | st.floats(0.2, 12)


@given(RATES, callers)
def test_they_go_evenly_and_none_is_wasted(rate: float, who: list[Caller]) -> None:
    """Whoever comes, waits and gives up: never two too close, and nobody waits while there is a place."""
    world = World(RateLimit(rate))
    for number, caller in enumerate(who):
        world.come(number, caller)
    world.run()
    times = [time for time, _, _ in world.went]
    assert times == sorted(times)
    for earlier, later in pairwise(times):
        assert later - earlier >= 1.05 / rate - ALMOST
    for time, _, number in world.went:
        # Who went later than it came waited for the one before.
        if time > who[number].comes + ALMOST:
            assert any(time - 1.05 / rate - ALMOST <= other < time - ALMOST for other in times)
    # All went, but for those who gave up first.
    patient = {number for number, caller in enumerate(who) if caller.patience == 1e6}
    assert patient <= {number for _, _, number in world.went}


class Flight(NamedTuple):
    """A request on its way: seconds until it is written, until it is counted after that, and until its answer then."""

    written: float
    there: float
    back: float


# Until it is written: a connection is made, and a process that begins reads its modules.
FLIGHTS = st.builds(
    Flight, st.floats(0, 2.5) | st.just(0.0), st.floats(0.001, 0.45), st.floats(0.001, 0.2) | st.floats(0.001, 30)
)


@pytest.mark.parametrize("files", [0, 1])
@example(flights=[Flight(0.0, 0.44, 0.001), *[Flight(0.0, 0.001, 0.001)] * 29])  # as many went meanwhile as 2 s hold
@given(flights=st.lists(FLIGHTS, min_size=30, max_size=60))
@examples(30, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_no_second_holds_more_as_the_service_counts(
    files: int, flights: list[Flight], monkeypatch: pytest.MonkeyPatch
) -> None:
    """However long each is on its way: the service counts it when it comes there. Also of two that share a file."""
    now, counted = 0.0, []
    with TemporaryDirectory() as folder, monkeypatch.context() as patch:
        patch.setattr("cloudrec._call.rate.time.monotonic", lambda: now)
        limits = [SQLiteRateLimit(Path(folder) / "rate.db") for _ in range(2)] if files else [RateLimit(10)]
        agenda: list[tuple[float, int, Callable[[], object]]] = []
        number = count()
        for place, flight in enumerate(flights):
            # What is long on its way to the service, and is answered at once, tells so; a start or stop need not.
            urgency = Urgency.ASK if flight.back < 0.3 else Urgency.CHANGE
            limit, ticket = limits[place % len(limits)], Ticket(urgency)
            while wait := limit.ask(ticket, now):
                until = now + wait
                while agenda and agenda[0][0] <= until:
                    now, _, do = heappop(agenda)
                    do()
                now = until
            there = flight.there if urgency is Urgency.CHANGE else 6 * flight.there
            at = now + flight.written
            heappush(agenda, (at, next(number), partial(limit.written, ticket, at)))
            counted.append(at + there)
            at += there + flight.back
            heappush(agenda, (at, next(number), partial(limit.answered, ticket, at, is_refused=False)))
        for limit in limits:
            close = getattr(limit, "_connection", None)
            if close is not None:
                close.close()
    counted.sort()
    # How long each way takes at the least is known as far as one of them took both; 20 ms are left for what is not.
    ways = [flight.there + flight.back for flight in flights]
    unknown = max(0.0, min(ways) - min(f.there for f in flights) - min(f.back for f in flights) - 0.02)
    for earlier, later in zip(counted, counted[10:], strict=False):
        assert later - earlier >= 1.0 - unknown - ALMOST


@given(RATES, st.lists(st.sampled_from(Urgency), min_size=1, max_size=40))
def test_the_urgent_go_first_and_then_who_came_first(rate: float, urgencies: list[Urgency]) -> None:
    limit, first = RateLimit(rate), Ticket(Urgency.ASK)
    assert limit.ask(first, 0.0) == 0
    limit.answered(first, 0.0, is_refused=False)
    world = World(limit)
    for number, urgency in enumerate(urgencies):
        world.come(number, Caller(0.0, urgency, 1e6))
    world.run()
    times = {number: time for time, _, number in world.went}
    in_order = [times[number] for number in sorted(range(len(urgencies)), key=lambda n: (urgencies[n], n))]
    assert in_order == sorted(in_order)
    assert world.went[-1][0] == pytest.approx(len(urgencies) * 1.05 / rate)


def test_in_this_order() -> None:
    order = [Urgency.STOP, Urgency.CHANGE, Urgency.CONFIRM, Urgency.ASK, Urgency.BEGIN, Urgency.WATCH]
    assert sorted(Urgency) == order
    assert [urgency_of(name) for name in ("stop", "start", "query", "acquire")] == [*order[:2], *order[3:5]]


def gaps(limit: Any, number: int, now: float) -> list[float]:
    """What is between so many, each as soon as it may go."""
    times = []
    for _ in range(number):
        ticket = Ticket(Urgency.ASK)
        while (wait := limit.ask(ticket, now)) > 0:
            now += wait
        times.append(now)
        limit.answered(ticket, now, is_refused=False)
    return [later - earlier for earlier, later in pairwise(times)]


def test_after_a_429_they_go_slower_and_recover() -> None:
    """Once for those of one second: by three tenths, most of which is back soon."""
    limit = RateLimit(10)
    assert gaps(limit, 3, 0.0) == pytest.approx([0.105] * 2)
    for _ in range(20):
        limit.answered(Ticket(Urgency.ASK), 10.0, is_refused=True)
    late = Ticket(Urgency.ASK)
    assert limit.ask(late, 10.0) == pytest.approx(0.105 / 0.7)
    limit.leave(late)
    at = {seconds: 0.105 / gaps(limit, 2, 10 + seconds)[0] for seconds in (0.2, 10, 20, 30, 40, 60)}
    assert at == pytest.approx({0.2: 0.7, 10: 0.87, 20: 0.96, 30: 0.995, 40: 1, 60: 1}, abs=0.01)
    for second in range(40):
        limit.answered(Ticket(Urgency.ASK), 300.0 + 2 * second, is_refused=True)
    # Never slower than that, and back within two minutes from there, too.
    assert gaps(limit, 2, 380.0)[0] == pytest.approx(0.105 * 16, rel=0.2)
    assert gaps(limit, 2, 500.0) == pytest.approx([0.105])


def test_a_429_says_how_much_is_let_through() -> None:
    """Ten are sent in a second, and three get through: there is no more, and less is used."""
    limit, now, tickets = RateLimit(10), 0.0, []
    for _ in range(10):
        tickets.append(Ticket(Urgency.ASK))
        while wait := limit.ask(tickets[-1], now):
            now += wait
    for place, ticket in enumerate(tickets):
        limit.answered(ticket, now + 0.01, is_refused=place >= 3)
    assert gaps(limit, 2, now + 1.0)[0] == pytest.approx(0.105 / (0.3 * 0.7), rel=0.1)


@pytest.mark.parametrize("number", [2, 4])
def test_several_that_share_no_limit_come_to_share_what_there_is(number: int) -> None:
    """Each on its own limit of ten, where ten are let through in all: few 429s, and nobody is left with nothing."""
    limits = [RateLimit(10) for _ in range(number)]
    waiting = [Ticket(Urgency.ASK) for _ in limits]
    counted: deque[float] = deque()
    went, refused = Counter[int](), 0
    agenda = [(place / 37, place) for place in range(number)]
    while agenda[0][0] < 200:
        now, place = heappop(agenda)
        if wait := limits[place].ask(waiting[place], now):
            heappush(agenda, (now + wait, place))
            continue
        while counted and counted[0] <= now - 1:
            counted.popleft()
        is_refused = len(counted) >= 10
        if not is_refused:
            counted.append(now)
            went[place] += 1
        refused += is_refused
        limits[place].answered(waiting[place], now, is_refused=is_refused)
        waiting[place] = Ticket(Urgency.ASK)
        heappush(agenda, (now, place))
    assert refused < 0.03 * went.total()
    assert went.total() > 0.75 * 10 * 200
    assert min(went.values()) > went.total() / number / 2


def test_it_counts_from_when_it_was_written_first() -> None:
    """Three seconds later it was counted, answered or not; what was never let go is nobody's."""
    limit, ticket = RateLimit(1), Ticket(Urgency.ASK)
    limit.written(ticket, 1.0)
    assert limit.ask(ticket, 5.0) == 0
    limit.written(ticket, 5.5)
    limit.written(ticket, 7.0)
    assert limit.ask(Ticket(Urgency.ASK), 9.0) == pytest.approx(0.5)


def test_who_gives_up_leaves_nothing_behind() -> None:
    limit = RateLimit(1)
    assert limit.ask(Ticket(Urgency.ASK), 0.0) == 0
    impatient = [Ticket(Urgency.ASK) for _ in range(100)]
    assert [limit.ask(ticket, 0.0) for ticket in impatient] == pytest.approx([1.05 * n for n in range(1, 101)])
    for ticket in impatient:
        limit.leave(ticket)
        limit.leave(ticket)
    assert limit.ask(Ticket(Urgency.ASK), 0.0) == pytest.approx(1.05)


def test_who_moves_up_is_woken() -> None:
    limit = RateLimit(1)
    woken: list[str] = []
    first, second = Ticket(Urgency.ASK), Ticket(Urgency.ASK)
    first.wake, second.wake = (lambda: woken.append("first")), (lambda: woken.append("second"))
    assert limit.ask(Ticket(Urgency.ASK), 0.0) == 0
    assert (limit.ask(first, 0.0), limit.ask(second, 0.0)) == pytest.approx((1.05, 2.1))
    limit.leave(first)
    assert woken == ["second"]
    assert limit.ask(second, 0.0) == pytest.approx(1.05)


def test_one_that_never_looks_again_holds_nobody_up() -> None:
    """Its event loop stands still, say, or is gone."""
    limit = RateLimit(1)
    assert limit.ask(Ticket(Urgency.ASK), 0.0) == 0
    lost, other = Ticket(Urgency.ASK), Ticket(Urgency.ASK)
    assert (limit.ask(lost, 0.0), limit.ask(other, 0.0)) == pytest.approx((1.05, 2.1))
    assert limit.ask(other, 6.5) == 0
    assert limit.ask(lost, 6.5) == pytest.approx(1.05)  # it may come back


@given(st.integers(1, 5), st.lists(st.floats(-1000, 1000), max_size=60))
def test_a_clock_that_jumps(most: int, jumps: list[float]) -> None:
    """Whatever the clock does, nobody waits longer than the queue is."""
    limit, now, waiting = RateLimit(most), 0.0, 0
    for jump in jumps:
        now += jump
        wait = limit.ask(Ticket(Urgency.ASK), now)
        assert 0 <= wait <= 1.05 * waiting / most + 3
        waiting += wait > 0


def test_a_clock_set_back_lets_nobody_through_sooner() -> None:
    """What was let through in the last second still counts when the clock is set back."""
    limit = RateLimit(2)
    waits = [limit.ask(Ticket(Urgency.ASK), now) for now in (5000.0, 5000.0, 10.0, 10.0, 10.0)]
    assert waits == pytest.approx([0, 0.525, 1.05, 1.575, 2.1])


def test_two_threads_that_looked_at_the_clock_in_the_other_order() -> None:
    """Who comes second goes second, whatever it read from the clock before."""
    limit = RateLimit(1)
    assert limit.ask(Ticket(Urgency.ASK), 1.5) == 0
    assert limit.ask(Ticket(Urgency.ASK), 1.25) == pytest.approx(1.05)
    assert limit.ask(Ticket(Urgency.ASK), 1.5) == pytest.approx(2.1)


def test_shared_by_threads() -> None:
    """Places are taken once, however many ask at the same time."""
    limit = RateLimit(10)
    with ThreadPoolExecutor(20) as pool:
        waits = list(pool.map(lambda _: limit.ask(Ticket(Urgency.ASK), 50.0), range(1000)))
    assert sorted(waits) == pytest.approx([0.105 * number for number in range(1000)])


def test_places_are_taken_once_and_given_on() -> None:
    places = CapacityLimiter(1)
    woken: list[int] = []
    tickets = [Ticket(Urgency.ASK) for _ in range(3)]
    for number, ticket in enumerate(tickets):
        ticket.wake = lambda number=number: woken.append(number)
    assert [places.take(ticket) for ticket in tickets] == [True, False, False]
    places.give(tickets[1])  # it gives up
    places.give(tickets[0])
    places.give(tickets[0])
    assert woken == [2, 2]
    urgent = Ticket(Urgency.STOP)
    assert places.take(urgent)
    assert not places.take(tickets[2])
    places.give(urgent)
    assert places.take(tickets[2])


def test_of_two_free_places_both_are_found() -> None:
    """Also where they became free before the first who waits has looked."""
    places = CapacityLimiter(2)
    holders, waiting = [Ticket(Urgency.ASK) for _ in range(2)], [Ticket(Urgency.ASK) for _ in range(2)]
    woken: list[int] = []
    for number, ticket in enumerate(waiting):
        ticket.wake = lambda number=number: woken.append(number)
    assert [places.take(ticket) for ticket in (*holders, *waiting)] == [True, True, False, False]
    for ticket in holders:
        places.give(ticket)
    assert places.take(waiting[0])
    assert woken == [0, 0, 1]
    assert places.take(waiting[1])


def test_an_interrupted_thread_is_not_waited_for() -> None:
    """A signal handler's call cannot wait for the one that it came upon."""
    places = CapacityLimiter(1)
    assert places.take(Ticket(Urgency.ASK), 1)
    assert not places.take(Ticket(Urgency.STOP), 2)
    handler = Ticket(Urgency.STOP)
    assert places.take(handler, 1)
    places.give(handler)
    assert not places.take(Ticket(Urgency.ASK), 2)


def test_a_line_holds_when_its_own_thread_comes_in_between() -> None:
    """As a signal handler does."""
    line = Line()
    ticket, other = Ticket(Urgency.ASK), Ticket(Urgency.STOP)
    with line.lock:
        line.join(ticket)
        with line.lock:
            line.join(other)
            assert line.first() is other
            assert line.size() == 2
            assert line.leave(other)
        assert line.first() is ticket
        assert line.size() == 1
    assert line.leave(ticket)
    assert not line.leave(ticket)
    assert line.first() is None


@pytest.mark.parametrize(
    "given_", [0, -1, True, False, "10", float("inf"), float("nan"), 10**10, 10**400, RateLimit], ids=repr
)
def test_limits_that_are_none(given_: Any) -> None:
    """A limit is a number above 0; what to give for none is told."""
    for make in (RateLimit, lambda rate: CloudRecording(APP_ID, CREDENTIAL, base_url=BASE_URL, rate_limit=rate)):
        with pytest.raises(
            ConfigurationError, match=r"^rate_limit: .*number above 0 and at most 1000000000, or None for no limit"
        ):
            make(given_)


def test_it_shows_what_it_is() -> None:
    """In a repr and as an attribute."""
    assert repr(RateLimit(25)) == "RateLimit(25)"
    assert repr(RateLimit(2.5)) == "RateLimit(2.5)"
    ours: Any = "a pace of one's own"
    assert repr(Paced(ours)) == repr(ours)
    assert RateLimit().requests == 10


# ------------------------------------------------------------------------------------------- shared by processes


# Fifteen requests of a process of its own, from when it is told to begin; it prints when each went.
FIFTEEN = """
import sys, time
from cloudrec import SQLiteRateLimit
from cloudrec._call.line import Ticket, Urgency

limit, went = SQLiteRateLimit(sys.argv[1], 100), []
print("ready", flush=True)
sys.stdin.readline()
for _ in range(15):
    ticket = Ticket(Urgency.ASK)
    while (wait := limit.ask(ticket, time.monotonic())) > 0:
        time.sleep(wait)
    went.append(time.monotonic())
print(*went)
"""


def test_processes_share_a_file(tmp_path: Path) -> None:
    """Whoever goes, no two of all of them go closer than the limit says; and each gets its turn."""
    command = [sys.executable, "-c", FIFTEEN, str(tmp_path / "rate.db")]
    pipes: Any = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "encoding": "utf-8"}
    with subprocess.Popen(command, **pipes) as one, subprocess.Popen(command, **pipes) as other:
        for process in (one, other):
            assert process.stdout is not None
            assert process.stdout.readline() == "ready\n"
        for process in (one, other):
            assert process.stdin is not None
            process.stdin.write("\n")
            process.stdin.flush()
        found = [process.communicate(timeout=60)[0].split() for process in (one, other)]
    assert [len(went) for went in found] == [15, 15]
    times = sorted(float(time) for went in found for time in went)
    # What is written down after it went may be late, but in 29 intervals that does not add up.
    assert times[-1] - times[0] >= 29 * 0.0105 - 0.01


def test_two_of_one_file_are_one(tmp_path: Path) -> None:
    one, other = SQLiteRateLimit(tmp_path / "rate.db", 1), SQLiteRateLimit(str(tmp_path / "rate.db"), 1)
    assert one.ask(Ticket(Urgency.ASK), 5.0) == 0
    assert 0.9 < (other.ask(Ticket(Urgency.ASK), 1000.0) or 0) <= 1.05 + ALMOST
    assert 1.9 < (other.ask(Ticket(Urgency.ASK), 1000.0) or 0) <= 2.1
    other.answered(Ticket(Urgency.ASK), 1000.0, is_refused=True)
    assert 1.05 < (one.ask(Ticket(Urgency.ASK), 7.0) or 0) <= 1.05 / 0.7 + ALMOST
    assert repr(one) == "SQLiteRateLimit(1)"


def test_a_file_that_is_locked_fails_no_request_that_is_on_its_way(tmp_path: Path) -> None:
    limit, ticket = SQLiteRateLimit(tmp_path / "rate.db", 1), Ticket(Urgency.ASK)
    assert limit.ask(ticket, 5.0) == 0
    assert limit._connection is not None
    limit._connection.execute("PRAGMA busy_timeout = 1")
    other = sqlite3.connect(tmp_path / "rate.db", isolation_level=None)
    other.execute("BEGIN EXCLUSIVE")
    limit.written(ticket, 5.1)
    limit.answered(ticket, 5.2, is_refused=False)
    other.execute("ROLLBACK")
    assert other.execute("SELECT written FROM sent").fetchall() == [(None,)]
    other.close()


def test_a_file_of_so_many_that_each_is_not_looked_at(tmp_path: Path) -> None:
    """They share the pace, and nothing is kept of each of them."""
    limit, ticket = SQLiteRateLimit(tmp_path / "rate.db", 1000), Ticket(Urgency.ASK)
    assert limit.ask(ticket, 5.0) == 0
    limit.written(ticket, 5.1)
    limit.answered(ticket, 5.2, is_refused=False)
    with sqlite3.connect(tmp_path / "rate.db") as connection:
        [(kept,)] = connection.execute("SELECT count(*) FROM sent")
        [(following,)] = connection.execute("SELECT next FROM tempo")
    connection.close()
    assert kept == 0
    assert following > 0


@needs_fork
def test_a_process_that_was_forked_shares_the_file(tmp_path: Path) -> None:
    """Each opens it for itself, and the file is whole: what one took the other waits for."""
    limit = SQLiteRateLimit(tmp_path / "rate.db", 1)
    assert limit.ask(Ticket(Urgency.ASK), 5.0) == 0
    opened = limit._connection
    for _ in range(2):
        assert 0.5 < float(in_child(lambda: limit.ask(Ticket(Urgency.ASK), 5.0))) <= 1.05 + ALMOST
    assert 0.5 < (limit.ask(Ticket(Urgency.ASK), 5.0) or 0) <= 1.05 + ALMOST
    assert limit._connection is not opened


def test_a_file_of_before_the_machine_was_started_anew(tmp_path: Path) -> None:
    """Its clock began anew, and what was kept is long ahead of it."""
    SQLiteRateLimit(tmp_path / "rate.db", 10)
    with sqlite3.connect(tmp_path / "rate.db") as connection:
        connection.execute("UPDATE tempo SET next = 1e12, part = 0.1, refused_at = 1e12")
    connection.close()
    assert SQLiteRateLimit(tmp_path / "rate.db", 10).ask(Ticket(Urgency.ASK), 0.0) == 0


def test_a_call_in_a_signal_handler_does_not_break_into_the_file(tmp_path: Path) -> None:
    """The handler came while its own thread was writing: it goes at once, and what was begun is written."""
    limit = SQLiteRateLimit(tmp_path / "rate.db", 1)
    waits: list[float | None] = []

    def written(sql: str) -> None:
        if sql.startswith("UPDATE"):
            waits.append(limit.ask(Ticket(Urgency.STOP), 5.0))

    assert limit._connection is not None
    limit._connection.set_trace_callback(written)
    assert limit.ask(Ticket(Urgency.ASK), 5.0) == 0
    limit._connection.set_trace_callback(None)
    assert waits == [0]
    assert 0.9 < (SQLiteRateLimit(tmp_path / "rate.db", 1).ask(Ticket(Urgency.ASK), 5.0) or 0) <= 1.05 + ALMOST


@pytest.mark.parametrize("path", ["", None, 7, "/nowhere/at/all.db", __file__])
def test_a_path_that_is_none(path: Any) -> None:
    with pytest.raises(ConfigurationError, match=r"^path: "):
        SQLiteRateLimit(path)


# ------------------------------------------------------------------------------------------- a pace of one's own


class Ours:
    """Lets every second one go at once, and is told of a 429."""

    def __init__(self, waits: list[Any]) -> None:
        self.waits = waits
        self.refusals = 0

    def take(self) -> Any:
        return self.waits.pop(0) if self.waits else 0

    def refused(self) -> None:
        self.refusals += 1


class OursAsync(Ours):
    async def take(self) -> Any:  # type: ignore[override]
        await asyncio.sleep(0)
        return super().take()

    async def refused(self) -> None:  # type: ignore[override]
        self.refusals += 1


def test_a_pace_of_ones_own() -> None:
    """It is asked by one at a time, after as long as it said, and told of what is refused."""
    waits: list[float] = []
    with Emulator(rate_limit=2) as emulator:
        ours = Ours([0.25, 0.5, 0, 0, 0, 0])
        options: dict[str, Any] = {"base_url": emulator.url, "rate_limit": ours, "wait": waits.append}
        with CloudRecording(emulator.app_id, emulator.credential, clock=emulator.clock.seconds, **options) as client:
            client.ncs_ips()
            assert waits == [0.25, 0.5]
            client.ncs_ips()
            with pytest.raises(RateLimitError):
                client.ncs_ips(retry=None)
    assert ours.refusals == 1


def test_an_async_pace_of_ones_own() -> None:
    async def main() -> None:
        with Emulator(rate_limit=20) as emulator:
            ours = OursAsync([0.01] * 5)
            options: dict[str, Any] = {"base_url": emulator.url, "rate_limit": ours}
            async with AsyncCloudRecording(emulator.app_id, emulator.credential, **options) as client:
                async with asyncio.timeout(20):
                    await asyncio.gather(*(client.ncs_ips() for _ in range(20)))
                with pytest.raises(RateLimitError):
                    await client.ncs_ips(retry=None)
            assert (ours.waits, ours.refusals) == ([], 1)

    asyncio.run(main())


@pytest.mark.parametrize("said", [-1, "0", None, True, float("nan")])
def test_a_pace_that_says_no_seconds(said: Any) -> None:
    with Emulator() as emulator:
        options: dict[str, Any] = {"base_url": emulator.url, "rate_limit": Ours([said])}
        with CloudRecording(emulator.app_id, emulator.credential, **options) as client:
            with pytest.raises(ConfigurationError, match=r"rate_limit: take\(\) gave "):
                client.ncs_ips()
            assert client.ncs_ips().addresses
