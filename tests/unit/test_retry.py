"""The table of retries, as what it means for a caller."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given, strategies as st

from cloudrec import ConfigurationError, Retry
from cloudrec._call.outcomes import MAY_HAVE_ARRIVED, Outcome
from cloudrec._call.retry import ONCE, Action, Decision, Move, decide
from tests.support import ENDPOINTS, each

endpoints = st.sampled_from(ENDPOINTS)
outcomes = st.sampled_from(Outcome)
counts = st.integers(1, 12)
READS = ("acquire", "query", "update", "updateLayout", "ncsIps")
PASSING = (
    Outcome.NO_NAME,
    Outcome.NO_CONNECTION,
    Outcome.LOST,
    Outcome.GARBLED,
    Outcome.RATE_LIMITED,
    Outcome.NOT_COMPLETED,
    Outcome.TIMED_OUT_INSIDE,
    Outcome.UNAVAILABLE,
)


def first(endpoint: str, outcome: Outcome) -> Decision:
    """What follows from the first of four attempts."""
    return decide(endpoint, outcome, 1, 4, may_have_arrived=False)


def waits(endpoint: str, outcome: Outcome) -> list[float]:
    """How long is waited after each of four attempts that end alike, five of which are allowed."""
    return [decide(endpoint, outcome, number, 5, may_have_arrived=False).wait for number in range(1, 5)]


def story(endpoint: str, ends: list[Outcome], attempts: int) -> list[Action]:
    """What is done after each attempt of a call."""
    done, arrived = [], False
    for number, outcome in enumerate(ends, 1):
        times = ends[:number].count(outcome)
        done.append(decide(endpoint, outcome, number, attempts, may_have_arrived=arrived, times=times).action)
        arrived = arrived or outcome in MAY_HAVE_ARRIVED
        if done[-1] is not Action.AGAIN:
            break
    return done


@each("endpoint", [*READS, "start", "stop"])
@each("outcome", PASSING)
def test_what_passes_is_tried_again(endpoint: str, outcome: Outcome) -> None:
    """Every endpoint is tried again after what passes by itself."""
    assert first(endpoint, outcome).action is Action.AGAIN


@pytest.mark.parametrize("endpoint", ENDPOINTS)
@pytest.mark.parametrize("outcome", [Outcome.REFUSED, Outcome.NOT_FOUND, Outcome.ALREADY_STOPPING, Outcome.CONFLICT])
def test_what_stays_so_is_raised(endpoint: str, outcome: Outcome) -> None:
    """The same request would be refused again."""
    assert first(endpoint, outcome) == Decision(Action.RAISE)


@pytest.mark.parametrize("endpoint", ENDPOINTS)
def test_success_returns(endpoint: str) -> None:
    """Whatever came before it."""
    for arrived in (False, True):
        assert decide(endpoint, Outcome.SUCCESS, 4, 4, may_have_arrived=arrived).action is Action.RETURN


@pytest.mark.parametrize(
    ("endpoint", "outcome", "advised"),
    [
        ("query", Outcome.LOST, [1, 3, 6, 6]),
        ("acquire", Outcome.UNAVAILABLE, [1, 3, 6, 6]),
        ("stop", Outcome.TIMED_OUT_INSIDE, [1, 3, 6, 6]),
        ("query", Outcome.NO_NAME, [1, 3, 6, 6]),
        ("start", Outcome.NO_CONNECTION, [1, 3, 6, 6]),
        ("start", Outcome.UNAVAILABLE, [3, 6, 9, 9]),
        ("start", Outcome.LOST, [3, 6, 9, 9]),
        ("start", Outcome.NOT_ALLOCATED, [3, 6, 9, 9]),
        ("start", Outcome.NOT_COMPLETED, [3, 6, 6, 6]),
        ("update", Outcome.NOT_COMPLETED, [3, 6, 6, 6]),
    ],
)
def test_waits_are_as_advised(endpoint: str, outcome: Outcome, advised: list[float]) -> None:
    """1, 3, 6 seconds; 3, 6, 9 for a start that failed inside; 3, 6 for code 65."""
    assert waits(endpoint, outcome) == advised


@pytest.mark.parametrize("endpoint", ENDPOINTS)
def test_where_the_next_attempt_goes(endpoint: str) -> None:
    """No name: the other domain. No connection, or a broken one: the next region. An answer: the same host."""
    moves = {outcome: first(endpoint, outcome).move for outcome in PASSING}
    assert moves.pop(Outcome.NO_NAME) is Move.DOMAIN
    assert moves.pop(Outcome.NO_CONNECTION) is Move.REGION
    assert moves.pop(Outcome.LOST) is Move.REGION
    assert set(moves.values()) == {Move.STAY}


@given(outcomes, counts, counts, st.booleans())
def test_start_that_may_have_arrived_is_never_just_raised(
    outcome: Outcome, number: int, attempts: int, arrived: bool
) -> None:
    """Whatever ends a start that may have taken effect, the caller is told that a recording may run."""
    decision = decide("start", outcome, number, attempts, may_have_arrived=arrived)
    if arrived or outcome in MAY_HAVE_ARRIVED:
        assert decision.action is not Action.RAISE
        assert (decision.action is Action.RETURN) is (outcome is Outcome.SUCCESS)
    else:
        assert decision.action is not Action.MAY_RUN


@given(endpoints, st.lists(outcomes, min_size=12, max_size=12), counts)
def test_every_call_ends(endpoint: str, ends: list[Outcome], attempts: int) -> None:
    """After at most as many attempts as are allowed, with something to return or to raise."""
    done = story(endpoint, ends, attempts)
    assert len(done) <= attempts
    assert done[-1] is not Action.AGAIN
    assert (done[-1] is Action.RETURN) is (ends[len(done) - 1] is Outcome.SUCCESS)


@given(endpoints, outcomes)
def test_one_attempt_is_one(endpoint: str, outcome: Outcome) -> None:
    """retry=None: whatever happens, there is no second attempt."""
    assert ONCE.attempts == 1
    assert decide(endpoint, outcome, 1, ONCE.attempts, may_have_arrived=False).action is not Action.AGAIN


@given(endpoints, outcomes, counts, counts, st.booleans())
def test_only_stop_is_taken_for_stopped(
    endpoint: str, outcome: Outcome, number: int, attempts: int, arrived: bool
) -> None:
    """49 or 404 means stopped after an attempt that may have arrived, and only for a stop; only start may run."""
    times = min(number, 4)
    action = decide(endpoint, outcome, number, attempts, may_have_arrived=arrived, times=times).action
    # A 404 is believed last, and when it was said three times: a recording that is being moved answers so, too.
    gone = outcome is Outcome.ALREADY_STOPPING or (outcome is Outcome.NOT_FOUND and number >= attempts and times >= 3)
    assert (action is Action.STOPPED) is (endpoint == "stop" and arrived and gone)
    assert action is not Action.MAY_RUN or endpoint == "start"


@given(endpoints, outcomes, counts, counts, st.booleans())
def test_waits_are_not_negative_and_not_long(
    endpoint: str, outcome: Outcome, number: int, attempts: int, arrived: bool
) -> None:
    """Nobody waits before a return or a raise, and nobody longer than is advised."""
    decision = decide(endpoint, outcome, number, attempts, may_have_arrived=arrived)
    assert 0 <= decision.wait <= (15 if outcome is Outcome.NOT_FOUND else 9)
    assert (decision.wait > 0) is (decision.action is Action.AGAIN)


@pytest.mark.parametrize("gone", [Outcome.ALREADY_STOPPING, Outcome.NOT_FOUND])
def test_stop_at_once_and_after_a_lost_answer(gone: Outcome) -> None:
    """At once it is an error; after an answer was lost it is what was wanted; after a refused connection an error."""
    assert story("stop", [gone], 4) == [Action.RAISE]
    tries = 3 if gone is Outcome.NOT_FOUND else 1
    assert story("stop", [Outcome.LOST] + [gone] * tries, 4) == [Action.AGAIN] * tries + [Action.STOPPED]
    assert story("stop", [Outcome.LOST, Outcome.NO_CONNECTION, *[gone] * tries], 3)[-1] is Action.STOPPED
    if gone is Outcome.NOT_FOUND:
        assert story("stop", [Outcome.LOST, Outcome.LOST, gone, gone], 3)[-1] is Action.AGAIN
        assert decide("stop", gone, 3, 3, may_have_arrived=True, is_last=True).action is Action.STOPPED
    assert story("stop", [Outcome.NO_CONNECTION, gone], 4)[-1] is Action.RAISE


def test_start_that_was_settled() -> None:
    """A lost answer, then the answer: as if nothing had been. 201/7 without a lost answer is the caller's own doing."""
    assert story("start", [Outcome.LOST, Outcome.SUCCESS], 4)[-1] is Action.RETURN
    assert story("start", [Outcome.LOST, Outcome.ALREADY_STARTED], 4)[-1] is Action.MAY_RUN
    assert story("start", [Outcome.ALREADY_STARTED], 4) == [Action.RAISE]
    assert story("start", [Outcome.RATE_LIMITED, Outcome.CONFLICT], 4)[-1] is Action.RAISE


@pytest.mark.parametrize("attempts", [0, -1, True, 1.0, "3", None, float("inf")], ids=repr)
def test_attempts_that_are_none(attempts: Any) -> None:
    """Attempts are counted from 1."""
    with pytest.raises(ConfigurationError, match=r"^attempts: .*whole number from 1"):
        Retry(attempts=attempts)


@pytest.mark.parametrize("deadline", [0, -1.5, True, "3", None, float("inf"), float("nan")], ids=repr)
def test_deadlines_that_are_none(deadline: Any) -> None:
    """A deadline is a number of seconds above 0."""
    with pytest.raises(ConfigurationError, match=r"^deadline: .*number of seconds above 0"):
        Retry(deadline=deadline)


def test_retry_is_a_value() -> None:
    """Equal ones are equal, and it shows what it is."""
    assert Retry(attempts=2, deadline=9) == Retry(attempts=2, deadline=9.0) != Retry()
    assert hash(Retry(attempts=2)) == hash(Retry(attempts=2))
    assert Retry() != "Retry()"
    assert repr(Retry(attempts=2, deadline=9)) == "Retry(attempts=2, deadline=9.0)"
