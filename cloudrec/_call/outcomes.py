"""`Outcome`: how an attempt ended."""

from enum import Enum

from ..errors import (
    AlreadyStartedError,
    AlreadyStoppingError,
    CloudRecordingError,
    InvalidResponseError,
    NotCompletedError,
    RateLimitError,
    ServiceError,
    ServiceTimeoutError,
    TaskConflictError,
    TaskNotFoundError,
)


class Outcome(Enum):
    """How an attempt ended. The values are for people: :class:`cloudrec.Attempt` has them."""

    SUCCESS = "success"
    NO_NAME = "no name"
    """The host's name could not be looked up. The request was not sent."""
    NO_CONNECTION = "no connection"
    """No connection to the host. The request was not sent."""
    LOST = "lost"
    """The connection broke, or no answer came in time. The request may have arrived."""
    GARBLED = "garbled"
    """An answer that cannot be read. The request has probably arrived."""
    RATE_LIMITED = "rate limited"
    """429. The request had no effect."""
    NOT_COMPLETED = "not completed"
    """206/65. The request arrived; whether it had an effect is not known."""
    TIMED_OUT_INSIDE = "timed out inside"
    """Code 62 or a 504. The request arrived; whether it had an effect is not known."""
    UNAVAILABLE = "unavailable"
    """Any other 5xx. Whether the request had an effect is not known."""
    NOT_ALLOCATED = "not allocated"
    """500/502 of a start: no recorder could be had. The request had no effect."""
    ALREADY_STARTED = "already started"
    """201/7: the recording of this resource ID runs."""
    CONFLICT = "conflict"
    """400/53: a recording with this cname and uid runs."""
    ALREADY_STOPPING = "already stopping"
    """400/49: the recording is on its way out."""
    NOT_FOUND = "not found"
    """404: no such recording."""
    REFUSED = "refused"
    """Any other failure. The request had no effect, and will not have one."""


MAY_HAVE_ARRIVED = frozenset(
    {Outcome.LOST, Outcome.GARBLED, Outcome.NOT_COMPLETED, Outcome.TIMED_OUT_INSIDE, Outcome.UNAVAILABLE}
)
# Those after which it is known, or not known not to be, that a recording runs.
HAS_ARRIVED = MAY_HAVE_ARRIVED | {Outcome.SUCCESS, Outcome.ALREADY_STARTED}

_OF_FAILURES: dict[type[CloudRecordingError], Outcome] = {
    RateLimitError: Outcome.RATE_LIMITED,
    NotCompletedError: Outcome.NOT_COMPLETED,
    AlreadyStartedError: Outcome.ALREADY_STARTED,
    AlreadyStoppingError: Outcome.ALREADY_STOPPING,
    TaskConflictError: Outcome.CONFLICT,
    TaskNotFoundError: Outcome.NOT_FOUND,
}
_UPLOAD_TIMED_OUT, _NOT_ALLOCATED = 50, 502


def outcome_of_failure(error: ServiceError | InvalidResponseError) -> Outcome:
    """How an attempt ended that was answered with this failure."""
    if type(error) in _OF_FAILURES:
        return _OF_FAILURES[type(error)]
    status = error.http_status or 0
    if isinstance(error, InvalidResponseError):
        return Outcome.REFUSED if 300 <= status < 400 else Outcome.GARBLED
    if isinstance(error, ServiceTimeoutError):
        # A stop whose upload takes too long has stopped.
        return Outcome.REFUSED if error.code == _UPLOAD_TIMED_OUT else Outcome.TIMED_OUT_INSIDE
    if error.endpoint == "start" and error.code == _NOT_ALLOCATED:
        return Outcome.NOT_ALLOCATED
    return Outcome.UNAVAILABLE if status >= 500 else Outcome.REFUSED
