"""Time stands still until it is moved."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from cloudrec.emulator import Clock


def test_it_stands_still() -> None:
    """A clock shows the same moment however often it is asked."""
    clock = Clock()
    assert {clock.now() for _ in range(1000)} == {clock.now()}


@pytest.mark.parametrize("by", [90, 90.0, timedelta(minutes=1, seconds=30)])
def test_it_moves_by_seconds_and_by_timedelta(by: float | timedelta) -> None:
    """advance() takes both."""
    clock = Clock(datetime(2026, 5, 1, 12, tzinfo=UTC))
    clock.advance(by)
    assert clock.time == datetime(2026, 5, 1, 12, 1, 30, tzinfo=UTC)


def test_milliseconds_count() -> None:
    """A quarter of a second is one."""
    clock = Clock()
    before = clock.now()
    clock.advance(0.25)
    assert clock.now() - before == 250


@pytest.mark.parametrize("by", [-1, float("nan"), float("inf"), timedelta(seconds=-1)])
def test_it_never_goes_back(by: float | timedelta) -> None:
    """Back, nowhere and forever are refused."""
    with pytest.raises(ValueError, match="forward only"):
        Clock().advance(by)


def test_a_start_needs_a_time_zone() -> None:
    """A naive datetime is refused: nobody knows which moment it means."""
    with pytest.raises(ValueError, match="aware"):
        Clock(datetime(2026, 1, 1))  # noqa: DTZ001


def test_a_real_clock_shows_the_present_and_can_be_moved() -> None:
    """The real clock agrees with the machine's, and advance() works on it too."""
    clock = Clock.real()
    assert abs(clock.time - datetime.now(UTC)) < timedelta(seconds=5)
    clock.advance(3600)
    assert clock.time - datetime.now(UTC) > timedelta(minutes=59)
    assert clock.ticking
