"""Never more requests in any second than the limit says."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from hypothesis import given, strategies as st

from cloudrec import CloudRecording, ConfigurationError, RateLimit
from tests.support import APP_ID, BASE_URL, CREDENTIAL

FOREVER = float("inf")


def check(slots: list[float], most: int) -> None:
    """No window of one second holds more than so many."""
    for earlier, later in zip(slots, slots[most:], strict=False):
        assert later - earlier >= 1.0 - 1e-9


@given(st.integers(1, 12), st.lists(st.floats(0, 3), max_size=80))
def test_any_second_holds_no_more(most: int, gaps: list[float]) -> None:
    """Whenever people come: no more than the limit in any second, in the order of coming, and nobody waits in vain."""
    limit, now, slots = RateLimit(most), 0.0, []
    for number, gap in enumerate(gaps):
        now += gap
        wait = limit.reserve(now, FOREVER)
        assert wait is not None
        assert wait >= 0
        if number < most:
            assert wait == 0
        elif wait > 0:
            assert now + wait == pytest.approx(slots[-most] + 1.0)
        slots.append(now + wait)
    assert slots == sorted(slots)
    check(slots, most)


@given(st.integers(1, 5), st.lists(st.floats(-1000, 1000), max_size=60))
def test_a_clock_that_jumps(most: int, jumps: list[float]) -> None:
    """Whatever the clock does, nobody waits longer than the queue is."""
    limit, now = RateLimit(most), 0.0
    for number, jump in enumerate(jumps, 1):
        now += jump
        wait = limit.reserve(now, FOREVER)
        assert wait is not None
        assert 0 <= wait <= number / most + 2


def test_a_clock_set_back_lets_nobody_through_sooner() -> None:
    """What was let through in the last second still counts when the clock is set back."""
    limit = RateLimit(2)
    assert [limit.reserve(now, FOREVER) for now in (5000.0, 5000.0, 10.0, 10.0, 10.0)] == [0, 0, 1, 1, 2]


def test_two_threads_that_looked_at_the_clock_in_the_other_order() -> None:
    """Who comes second goes second, whatever it read from the clock before."""
    limit = RateLimit(1)
    assert limit.reserve(1.5, FOREVER) == 0
    assert limit.reserve(1.25, FOREVER) == 1.25
    assert limit.reserve(1.5, FOREVER) == 2.0


def test_a_place_after_the_deadline_is_not_taken() -> None:
    """Who cannot wait so long gets nothing, and takes nothing from the next."""
    limit = RateLimit(1)
    assert limit.reserve(0.0, 0.0) == 0
    assert limit.reserve(0.0, 0.9) is None
    assert limit.reserve(0.0, 1.0) == 1.0
    assert limit.reserve(0.0, 1.5) is None


def test_shared_by_threads() -> None:
    """Places are taken once, however many ask at the same time."""
    limit = RateLimit(10)
    with ThreadPoolExecutor(20) as pool:
        waits = list(pool.map(lambda _: limit.reserve(50.0, FOREVER), range(1000)))
    assert sorted(wait for wait in waits if wait is not None) == [float(number // 10) for number in range(1000)]


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
