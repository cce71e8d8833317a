"""`Retry`: what happens after an attempt, as one table. Nothing in it waits, sends or looks at a clock.

The service's facts behind it: an unused resource ID costs nothing, so `acquire` may be repeated; `query` changes
nothing; `update` and `updateLayout` set a state and may be sent twice. A `start` may be repeated with the same resource
ID, which serves one recording: a second one is answered with 201/7, and no second recording is made. A `stop` may be
repeated: what is already stopped answers 49 or 404.
"""

from enum import Enum, auto
from typing import NamedTuple

from .._numbers import MOST, seconds, whole
from .outcomes import MAY_HAVE_ARRIVED, Outcome


class Move(Enum):
    """Where the next attempt goes."""

    STAY = auto()
    REGION = auto()
    DOMAIN = auto()


class Action(Enum):
    """What to do now."""

    RETURN = auto()
    AGAIN = auto()
    RAISE = auto()
    STOPPED = auto()
    """Return: the recording is stopped, by an attempt whose answer was lost."""
    MAY_RUN = auto()
    """Raise: a recording may be running whose sid nobody has."""


class Decision(NamedTuple):
    """What to do now and, if that is AGAIN, after how many seconds and where."""

    action: Action
    wait: float = 0.0
    move: Move = Move.STAY


class _Again(NamedTuple):
    waits: tuple[float, ...]
    move: Move = Move.STAY


# Seconds, as the provider advises: 1, 3, 6 between tries of a request; 3, 6, 9 for a start that failed with 5xx; 3, 6
# for code 65. Where there are more tries than waits, the last wait counts.
_QUICK, _SLOW, _INSIDE = (1.0, 3.0, 6.0), (3.0, 6.0, 9.0), (3.0, 6.0)
# Before a 404 is believed: a recording that is being moved answers so, and runs on.
MOVED_WAITS = (5.0, 10.0, 15.0)
_MOVED = _Again(MOVED_WAITS)

_SAFE = {
    Outcome.NO_NAME: _Again(_QUICK, Move.DOMAIN),
    Outcome.NO_CONNECTION: _Again(_QUICK, Move.REGION),
    # A limit is counted by the second.
    Outcome.RATE_LIMITED: _Again((1.0, 2.0, 4.0)),
}
_REPEATABLE = {
    **_SAFE,
    Outcome.LOST: _Again(_QUICK, Move.REGION),
    Outcome.GARBLED: _Again(_QUICK),
    Outcome.NOT_COMPLETED: _Again(_INSIDE),
    Outcome.TIMED_OUT_INSIDE: _Again(_QUICK),
    Outcome.UNAVAILABLE: _Again(_QUICK),
}
_START = {
    **_SAFE,
    Outcome.LOST: _Again(_SLOW, Move.REGION),
    Outcome.GARBLED: _Again(_SLOW),
    Outcome.NOT_COMPLETED: _Again(_INSIDE),
    Outcome.TIMED_OUT_INSIDE: _Again(_SLOW),
    Outcome.UNAVAILABLE: _Again(_SLOW),
    Outcome.NOT_ALLOCATED: _Again(_SLOW),
}
TABLE: dict[str, dict[Outcome, _Again]] = {
    "acquire": _REPEATABLE,
    "start": _START,
    "query": _REPEATABLE,
    "update": _REPEATABLE,
    "updateLayout": _REPEATABLE,
    "stop": _REPEATABLE,
    "ncsIps": _REPEATABLE,
}


def decide(
    endpoint: str,
    outcome: Outcome,
    attempt: int,
    attempts: int,
    *,
    may_have_arrived: bool,
    times: int = 1,
    is_last: bool = False,
) -> Decision:
    """What to do after the attempt of that number (from 1) of at most so many.

    ``may_have_arrived`` tells whether an attempt before this one may have had an effect, ``times`` how many have ended
    like this one, itself included, and ``is_last`` whether there is no time for another one.
    """
    if outcome is Outcome.SUCCESS:
        return Decision(Action.RETURN)
    # An endpoint without a row is tried again where nothing can have arrived, or where it only asks.
    again = TABLE.get(endpoint, _REPEATABLE if endpoint.startswith("GET ") else _SAFE).get(outcome)
    if endpoint == "stop" and may_have_arrived and outcome is Outcome.NOT_FOUND:
        # It must be said three times, however many attempts were lost before that.
        again, attempts = _MOVED, max(attempts, attempt + len(MOVED_WAITS) - times)
    if again is not None and attempt < attempts and not is_last:
        return Decision(Action.AGAIN, again.waits[min(attempt, len(again.waits)) - 1], again.move)
    if endpoint == "stop" and may_have_arrived and outcome in (Outcome.ALREADY_STOPPING, Outcome.NOT_FOUND):
        return Decision(Action.STOPPED)
    if endpoint == "start" and (may_have_arrived or outcome in MAY_HAVE_ARRIVED):
        return Decision(Action.MAY_RUN)
    return Decision(Action.RAISE)


class Retry:
    """How often a call is tried, and for how long.

    >>> Retry(attempts=3, deadline=20)
    Retry(attempts=3, deadline=20.0)

    What is tried again and when follows from the facts of the service: every call after transport failures,
    answers that cannot be read, 429, 5xx and 206/65; a `start` with the same resource ID, which the service records at
    most once. Waits follow the provider's advice (1, 3, 6 seconds; 3, 6, 9 for `start`; ``Retry-After`` where it was
    sent), lengthened by up to a quarter at random.

    Args:
        attempts: How often a call is sent at the most, 1 or more. 4 by default. As often as it takes for a stop that
            may have arrived and is answered 404, which is believed when it was said three times.
        deadline: Seconds for the whole call, from its beginning over all tries and waits: above 0, and at most
            1,000,000,000. 120 by default.

    Raises:
        ConfigurationError: an argument is out of its range.
    """

    __slots__ = ("attempts", "deadline")

    def __init__(self, *, attempts: int = 4, deadline: float = 120.0) -> None:
        self.attempts: int = whole("attempts", attempts)
        self.deadline: float = seconds("deadline", deadline)

    def __repr__(self) -> str:
        return f"Retry(attempts={self.attempts}, deadline={self.deadline})"

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Retry):
            return NotImplemented
        return (self.attempts, self.deadline) == (other.attempts, other.deadline)

    def __hash__(self) -> int:
        return hash((self.attempts, self.deadline))


DEFAULT_RETRY = Retry()
# For a client that does not retry: one attempt, and no deadline but its time-out.
ONCE = Retry(attempts=1, deadline=MOST)
