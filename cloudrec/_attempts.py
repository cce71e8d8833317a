"""How an attempt ended, told from what httpx or the service said."""

import socket
from collections.abc import Iterator

import httpx

from ._retry import Outcome
from .errors import (
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


def outcome_of_transport(error: Exception, *, is_unsent: bool = False) -> Outcome:
    """How an attempt ended that was not answered. ``is_unsent``: it is certain that nothing of it was sent."""
    if isinstance(error, (httpx.UnsupportedProtocol, httpx.LocalProtocolError)):
        return Outcome.REFUSED
    chain = list(_causes(error))
    if riding := [cause for cause in chain if _is_of_aiohttp(cause)]:
        # The httpx-aiohttp transport calls every broken connection a ConnectTimeout, also those over which the request
        # went out; what aiohttp itself called it is the truth.
        names = {kind.__name__ for cause in riding for kind in type(cause).__mro__}
        is_unsent = is_unsent or bool(names & _AIOHTTP_UNCONNECTED)
    else:
        is_unsent = is_unsent or isinstance(
            error, (httpx.ConnectError, httpx.ConnectTimeout, httpx.PoolTimeout, httpx.ProxyError)
        )
    if not is_unsent:
        return Outcome.LOST
    return Outcome.NO_NAME if any(map(_is_of_dns, chain)) else Outcome.NO_CONNECTION


def is_of_transport(error: Exception) -> bool:
    """Whether the error means that no answer came, or none that can be read."""
    # The httpx-aiohttp transport lets some errors through as they are, as for an answer that is not HTTP.
    return isinstance(error, (httpx.TransportError, httpx.DecodingError)) or _is_of_aiohttp(error)


def is_late(error: Exception) -> bool:
    """Whether no answer came in time."""
    riding = [cause for cause in _causes(error) if _is_of_aiohttp(cause)]
    if riding:
        return any(isinstance(cause, TimeoutError) for cause in riding)
    return isinstance(error, httpx.TimeoutException)


def _is_of_dns(error: BaseException) -> bool:
    # httpcore cuts its causes off; what it is about is still its argument.
    return any(isinstance(known, socket.gaierror) for known in (error, *error.args))


def _is_of_aiohttp(error: BaseException) -> bool:
    return type(error).__module__.startswith("aiohttp.")


# By name, so that aiohttp need not be there to be known.
_AIOHTTP_UNCONNECTED = {"ClientConnectorError", "ConnectionTimeoutError"}


def _causes(error: BaseException) -> Iterator[BaseException]:
    """The error and what led to it, back to the first."""
    cause: BaseException | None = error
    for _ in range(20):
        if cause is None:
            return
        yield cause
        # Not __context__: that is also what the caller was busy handling when it made the call.
        cause = cause.__cause__
