"""Never more requests in any second than the limit says, and who is urgent first."""

from __future__ import annotations

from bisect import insort
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any, NamedTuple

import pytest
from hypothesis import given, strategies as st

from cloudrec import CloudRecording, ConfigurationError, RateLimit
from cloudrec._call.line import Line, Places, Ticket, Urgency
from tests.support import APP_ID, BASE_URL, CREDENTIAL

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


@given(st.integers(1, 12), callers)
def test_any_second_holds_no_more_and_none_is_wasted(most: int, who: list[Caller]) -> None:
    """Whoever comes, waits and gives up: no more than the limit, and nobody waits while there is a place."""
    world = World(RateLimit(most))
    for number, caller in enumerate(who):
        world.come(number, caller)
    world.run()
    times = [time for time, _, _ in world.went]
    assert times == sorted(times)
    for earlier, later in zip(times, times[most:], strict=False):
        assert later - earlier >= 1.0 - ALMOST
    for time, _, number in world.went:
        # Who went later than it came waited for something: a second that was full until then.
        if time > who[number].comes + ALMOST:
            assert sum(time - 1.0 - ALMOST <= other < time - ALMOST for other in times) >= most - times.count(time)
    # All went, but for those who gave up first.
    patient = {number for number, caller in enumerate(who) if caller.patience == 1e6}
    assert patient <= {number for _, _, number in world.went}


@given(st.integers(1, 5), st.lists(st.sampled_from(Urgency), min_size=1, max_size=40))
def test_the_urgent_go_first_and_then_who_came_first(most: int, urgencies: list[Urgency]) -> None:
    limit = RateLimit(most)
    for _ in range(most):
        assert limit.ask(Ticket(Urgency.ASK), 0.0) == 0
    world = World(limit)
    for number, urgency in enumerate(urgencies):
        world.come(number, Caller(0.5, urgency, 1e6))
    world.run()
    times = {number: time for time, _, number in world.went}
    in_order = [times[number] for number in sorted(range(len(urgencies)), key=lambda n: (urgencies[n], n))]
    assert in_order == sorted(in_order)
    assert world.went[-1][0] == pytest.approx(1.0 + (len(urgencies) - 1) // most)


def test_who_gives_up_leaves_nothing_behind() -> None:
    limit = RateLimit(1)
    assert limit.ask(Ticket(Urgency.ASK), 0.0) == 0
    impatient = [Ticket(Urgency.ASK) for _ in range(100)]
    assert [limit.ask(ticket, 0.0) for ticket in impatient] == [float(n) for n in range(1, 101)]
    for ticket in impatient:
        limit.leave(ticket)
        limit.leave(ticket)
    assert limit.ask(Ticket(Urgency.ASK), 0.0) == 1


def test_who_moves_up_is_woken() -> None:
    limit = RateLimit(1)
    woken: list[str] = []
    first, second = Ticket(Urgency.ASK), Ticket(Urgency.ASK)
    first.wake, second.wake = (lambda: woken.append("first")), (lambda: woken.append("second"))
    assert limit.ask(Ticket(Urgency.ASK), 0.0) == 0
    assert (limit.ask(first, 0.0), limit.ask(second, 0.0)) == (1, 2)
    limit.leave(first)
    assert woken == ["second"]
    assert limit.ask(second, 0.0) == 1


def test_one_that_never_looks_again_holds_nobody_up() -> None:
    """Its event loop stands still, say, or is gone."""
    limit = RateLimit(1)
    assert limit.ask(Ticket(Urgency.ASK), 0.0) == 0
    lost, other = Ticket(Urgency.ASK), Ticket(Urgency.ASK)
    assert (limit.ask(lost, 0.0), limit.ask(other, 0.0)) == (1, 2)
    assert limit.ask(other, 6.5) == 0
    assert limit.ask(lost, 6.5) == 1  # it may come back


@given(st.integers(1, 5), st.lists(st.floats(-1000, 1000), max_size=60))
def test_a_clock_that_jumps(most: int, jumps: list[float]) -> None:
    """Whatever the clock does, nobody waits longer than the queue is."""
    limit, now, waiting = RateLimit(most), 0.0, 0
    for jump in jumps:
        now += jump
        wait = limit.ask(Ticket(Urgency.ASK), now)
        assert 0 <= wait <= waiting / most + 2
        waiting += wait > 0


def test_a_clock_set_back_lets_nobody_through_sooner() -> None:
    """What was let through in the last second still counts when the clock is set back."""
    limit = RateLimit(2)
    waits = [limit.ask(Ticket(Urgency.ASK), now) for now in (5000.0, 5000.0, 10.0, 10.0, 10.0)]
    assert waits == [0, 0, 1, 1, 2]


def test_two_threads_that_looked_at_the_clock_in_the_other_order() -> None:
    """Who comes second goes second, whatever it read from the clock before."""
    limit = RateLimit(1)
    assert limit.ask(Ticket(Urgency.ASK), 1.5) == 0
    assert limit.ask(Ticket(Urgency.ASK), 1.25) == 1.0
    assert limit.ask(Ticket(Urgency.ASK), 1.5) == 2.0


def test_shared_by_threads() -> None:
    """Places are taken once, however many ask at the same time."""
    limit = RateLimit(10)
    with ThreadPoolExecutor(20) as pool:
        waits = list(pool.map(lambda _: limit.ask(Ticket(Urgency.ASK), 50.0), range(1000)))
    assert sorted(waits) == [float(number // 10) for number in range(1000)]


def test_places_are_taken_once_and_given_on() -> None:
    places = Places(1)
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
    places = Places(2)
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
    places = Places(1)
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
            assert line.leave(other)
        assert line.first() is ticket
    assert line.leave(ticket)
    assert not line.leave(ticket)
    assert line.first() is None


@pytest.mark.parametrize("given_", [0, -1, True, False, 10.0, 0.5, "10", float("inf"), 10**10, 10**400], ids=repr)
def test_limits_that_are_none(given_: Any) -> None:
    """A limit is a whole number from 1; what to give for none is told."""
    for make in (RateLimit, lambda rate: CloudRecording(APP_ID, CREDENTIAL, base_url=BASE_URL, rate_limit=rate)):
        with pytest.raises(
            ConfigurationError, match=r"^rate_limit: .*number from 1 to 1000000000, or None for no limit"
        ):
            make(given_)


def test_it_shows_what_it_is() -> None:
    """In a repr and as an attribute."""
    assert repr(RateLimit(25)) == "RateLimit(25)"
    assert RateLimit().requests == 10
