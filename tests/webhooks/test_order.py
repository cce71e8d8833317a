"""Events come out in the order of their sequence: no clock is waited for, none is lost, and what is held is bounded."""

from __future__ import annotations

import threading
from collections import defaultdict
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from hypothesis import given, strategies as st

from cloudrec import ConfigurationError
from cloudrec.webhooks import Event, Ordered, Placed, parse
from tests.support import examples
from tests.webhooks.support import encoded, event

Short = list[Any]


def numbered(sequence: Any, sid: Any = "s", notice: str = "n") -> Event:
    """An event in its place."""
    return event(sequence=sequence, sid=sid, notice=notice)


def short(placed: list[Placed]) -> Short:
    """The places; `5-2` after two missed ones, `5!` if late."""
    return [
        f"{item.event.sequence}{f'-{item.missed}' if item.missed else ''}{'!' if item.late else ''}" for item in placed
    ]


def test_in_order() -> None:
    """What comes in order goes out at once."""
    ordered = Ordered()
    assert [short(ordered.push(numbered(number), 0.0)) for number in range(4)] == [["0"], ["1"], ["2"], ["3"]]
    assert ordered.due_in(0.0) is None


def test_out_of_order() -> None:
    """What comes before its turn waits for the others."""
    ordered = Ordered(wait=5)
    pushed = [short(ordered.push(numbered(number), 1.0)) for number in (1, 3, 0, 4, 2)]
    assert pushed == [[], [], ["0", "1"], [], ["2", "3", "4"]]
    assert ordered.due_in(1.0) is None
    assert ordered.flush() == []


def test_recordings_do_not_wait_for_each_other() -> None:
    """Each has its own order."""
    ordered = Ordered()
    assert short(ordered.push(numbered(1, "a"), 0.0)) == []
    assert short(ordered.push(numbered(0, "b"), 0.0)) == ["0"]
    assert short(ordered.push(numbered(0, "a"), 0.0)) == ["0", "1"]


def test_a_gap_that_is_not_filled() -> None:
    """It is passed over when the first event behind it has been held for `wait`; what else it held up comes along."""
    ordered = Ordered(wait=5)
    assert short(ordered.push(numbered(0), 0.0)) == ["0"]
    assert short(ordered.push(numbered(3), 1.0)) == []
    assert short(ordered.push(numbered(4), 5.0)) == []
    assert ordered.due_in(4.0) == 2.0
    assert ordered.due(5.99) == []
    assert short(ordered.due(6.0)) == ["3-2", "4"]
    assert ordered.due_in(6.0) is None
    # The missing ones may come yet.
    assert short(ordered.push(numbered(2), 7.0)) == ["2!"]
    assert short(ordered.push(numbered(5), 7.0)) == ["5"]


def test_no_event_waits_longer_than_said() -> None:
    """Also not behind several gaps."""
    ordered = Ordered(wait=5)
    assert short(ordered.push(numbered(9), 0.0)) == []
    assert short(ordered.push(numbered(5), 1.0)) == []
    assert short(ordered.push(numbered(2), 2.0)) == []
    # 9 is due first, and with it all before it.
    assert short(ordered.due(5.0)) == ["2-2", "5-2", "9-3"]
    assert ordered.due(100.0) == []


def test_the_first_that_is_heard_of() -> None:
    """Whoever starts to listen late waits once for what came before."""
    ordered = Ordered(wait=5)
    assert short(ordered.push(numbered(57), 0.0)) == []
    assert short(ordered.due(5.0)) == ["57-57"]
    assert short(ordered.push(numbered(58), 5.0)) == ["58"]


def test_a_push_gives_out_what_is_due() -> None:
    """Of any recording, so that a busy receiver needs nothing else."""
    ordered = Ordered(wait=5)
    assert short(ordered.push(numbered(1, "a"), 0.0)) == []
    assert short(ordered.push(numbered(0, "b"), 5.0)) == ["1-1", "0"]


def test_two_events_for_one_place() -> None:
    """After a failover there may be: neither is lost."""
    ordered = Ordered(wait=5)
    first, second = numbered(1, notice="first"), numbered(1, notice="second")
    assert ordered.push(first, 0.0) == ordered.push(second, 0.0) == []
    out = ordered.push(numbered(0), 0.0)
    assert [item.event.notice_id for item in out] == ["n", "first", "second"]
    assert short(ordered.push(numbered(1), 0.0)) == ["1!"]


def test_without_a_place() -> None:
    """An event without `sid` or `sequence` goes out at once."""
    ordered = Ordered()
    for odd in (numbered(None), numbered([]), numbered(5, None), parse(encoded({"productId": 3}))):
        assert isinstance(odd, Event)
        assert ordered.push(odd, 0.0) == [Placed(odd)]


def test_flush() -> None:
    """Before the end everything goes out, in order."""
    ordered = Ordered()
    for number, sid in [(5, "a"), (3, "a"), (7, "b")]:
        assert ordered.push(numbered(number, sid), 0.0) == []
    assert short(ordered.flush()) == ["3-3", "5-1", "7-7"]
    assert ordered.flush() == []
    assert ordered.due_in(0.0) is None


def test_many_recordings() -> None:
    """The one that has been silent for the longest makes room; what it held is not lost."""
    ordered = Ordered(recordings=2)
    assert short(ordered.push(numbered(1, "a"), 0.0)) == []
    assert short(ordered.push(numbered(1, "b"), 0.0)) == []
    assert short(ordered.push(numbered(2, "a"), 0.0)) == []
    assert [item.event.sid for item in ordered.push(numbered(0, "c"), 0.0)] == ["c", "b"]
    assert short(ordered.push(numbered(0, "a"), 0.0)) == ["0", "1", "2"]
    # It is followed anew when it is heard of again, and what was held before does not come twice.
    assert short(ordered.push(numbered(3, "b"), 1.0)) == []
    assert short(ordered.due(5.5)) == []
    assert short(ordered.due(6.0)) == ["3-3"]


def test_many_events_behind_a_gap() -> None:
    """More than so many are not held: the gap is passed over."""
    ordered = Ordered(held=3)
    assert [short(ordered.push(numbered(number), 0.0)) for number in (1, 2, 4)] == [[], [], []]
    assert short(ordered.push(numbered(6), 0.0)) == ["1-1", "2"]
    assert short(ordered.push(numbered(3), 0.0)) == ["3", "4"]


def test_memory_does_not_grow() -> None:
    """Over many recordings and gaps nothing is left behind."""
    ordered = Ordered(wait=1, recordings=10)
    for number in range(2000):
        ordered.push(numbered(number % 7 + 1, str(number % 50)), number / 10)
    ordered.due(1e9)
    assert len(ordered._lines) <= 10
    assert not ordered._arrivals
    assert not any(line.held for line in ordered._lines.values())


def test_the_clock_that_is_given() -> None:
    """Without a time the clock is asked."""
    now = [10.0]
    ordered = Ordered(wait=2, clock=lambda: now[0])
    assert ordered.push(numbered(1)) == []
    assert ordered.due_in() == 2.0
    now[0] = 12.0
    assert ordered.due_in() == 0.0
    assert short(ordered.due()) == ["1-1"]


@pytest.mark.parametrize("given", [{"wait": 0}, {"wait": float("inf")}, {"recordings": 0}, {"held": 1.5}])
def test_bad_settings(given: dict[str, Any]) -> None:
    """Each setting is checked."""
    with pytest.raises(ConfigurationError, match=next(iter(given))):
        Ordered(**given)


@examples(200)
@given(
    st.lists(st.tuples(st.integers(0, 12), st.sampled_from("ab"), st.floats(0, 3)), max_size=40),
    st.integers(1, 5),
    st.integers(1, 2),
)
def test_whatever_comes(pushes: list[tuple[int, str, float]], held: int, recordings: int) -> None:
    """Each event comes out once, held for `wait` at the most, in order but for those that are marked late."""
    ordered, now = Ordered(wait=5, held=held, recordings=recordings), 0.0
    came: dict[str | None, float] = {}
    out: list[Placed] = []

    def take(placed: list[Placed]) -> None:
        for item in placed:
            assert now - came[item.event.notice_id] < 5 + 3
        out.extend(placed)

    for number, (sequence, sid, gap) in enumerate(pushes):
        now += gap
        came[str(number)] = now
        take(ordered.push(numbered(sequence, sid, str(number)), now))
        assert sum(len(line.held) for line in ordered._lines.values()) <= held * recordings
        due = ordered.due_in(now)
        if due is not None and due < 0.5:
            now += due
            take(ordered.due(now))
    now += 5
    out += ordered.due(now)
    assert sorted(item.event.notice_id or "" for item in out) == sorted(came)
    if recordings == 2:
        last: dict[str | None, int] = defaultdict(lambda: -1)
        for item in out:
            assert item.event.sequence is not None
            if not item.late:
                assert item.event.sequence >= last[item.event.sid]
                assert item.missed == max(0, item.event.sequence - last[item.event.sid] - 1)
                last[item.event.sid] = item.event.sequence
            else:
                assert item.event.sequence <= last[item.event.sid]


def test_threads() -> None:
    """Of many threads that push, each gets some of the events, and none is lost or given out twice."""
    ordered, out, lock = Ordered(), [], threading.Lock()

    def work(start: int) -> None:
        for number in range(start, 200, 4):
            placed = ordered.push(numbered(number))
            with lock:
                out.extend(placed)

    with ThreadPoolExecutor(4) as pool:
        list(pool.map(work, range(4)))
    assert sorted(int(item.event.sequence or 0) for item in out) == list(range(200))
    assert not any(item.late or item.missed for item in out)


@pytest.mark.parametrize("now", [float("nan"), float("inf"), 1e12, 10**400, "1", True], ids=repr)
def test_a_time_that_is_none(now: Any) -> None:
    """A time that nobody could wait until is refused, and nothing is held for it."""
    ordered = Ordered()
    for ask in (lambda: ordered.push(numbered(3), now), lambda: ordered.due(now), lambda: ordered.due_in(now)):
        with pytest.raises(ConfigurationError, match=r"^now: .*must tell seconds"):
            ask()
    assert ordered.due_in() is None
