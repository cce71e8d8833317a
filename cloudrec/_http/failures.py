"""Exceptions of httpx, httpx2 and aiohttp: what each means for a request. Nothing else knows them."""

import socket
from collections.abc import Iterator
from ssl import SSLError

from .._call.outcomes import Outcome
from .._io.threads import ReadTimeout

# By name: a client that is given may be of httpx or of httpx2, whose exceptions are other classes of the same names.
_UNSENDABLE = {"UnsupportedProtocol", "LocalProtocolError"}
_UNCONNECTED = {"ConnectError", "ConnectTimeout", "PoolTimeout", "ProxyError"}
_OF_TRANSPORT = {"TransportError", "DecodingError", "StreamError"}
# What httpx stands on, some of whose errors it lets through as they are: h11's of a connection that an interrupt left
# in the middle of an exchange, those of event loops at the end of a body, or at its closing.
_BELOW = {"httpcore", "httpcore2", "h11"}
_OF_STREAMS = {"BrokenResourceError", "BusyResourceError", "ClosedResourceError", "EndOfStream", "IncompleteRead"}


def outcome_of_transport(error: Exception, *, is_unsent: bool = False) -> Outcome:
    """How an attempt ended that was not answered. ``is_unsent``: it is certain that nothing of it was sent."""
    if _names(error) & _UNSENDABLE:
        return Outcome.REFUSED
    chain = list(_causes(error))
    # Whatever h11 refuses to send it has not sent.
    is_unsent = is_unsent or (_library(error) == "h11" and type(error).__name__ == "LocalProtocolError")
    if riding := [cause for cause in chain if _is_of_aiohttp(cause)]:
        # The httpx-aiohttp transport calls every broken connection a ConnectTimeout, also those over which the request
        # went out; what aiohttp itself called it is the truth.
        names = {kind.__name__ for cause in riding for kind in type(cause).__mro__}
        is_unsent = is_unsent or bool(names & _AIOHTTP_UNCONNECTED)
    else:
        is_unsent = is_unsent or bool(_names(error) & _UNCONNECTED)
    if not is_unsent:
        return Outcome.LOST
    return Outcome.NO_NAME if any(map(_is_of_dns, chain)) else Outcome.NO_CONNECTION


def is_of_transport(error: Exception) -> bool:
    """Whether the error means that no answer came, or none that can be read."""
    return (
        isinstance(error, (ReadTimeout, ConnectionError, SSLError))
        or bool(_names(error) & _OF_TRANSPORT)
        # The httpx-aiohttp transport lets some errors through as they are, as for an answer that is not HTTP.
        or _is_of_aiohttp(error)
        or _library(error) in _BELOW
        or (_library(error) in ("anyio", "trio") and type(error).__name__ in _OF_STREAMS)
    )


def is_late(error: Exception) -> bool:
    """Whether no answer came in time."""
    riding = [cause for cause in _causes(error) if _is_of_aiohttp(cause)]
    if riding:
        return any(isinstance(cause, TimeoutError) for cause in riding)
    below = _library(error) in _BELOW and any(kind.__name__ == "TimeoutException" for kind in type(error).__mro__)
    return isinstance(error, ReadTimeout) or "TimeoutException" in _names(error) or below


def _names(error: BaseException) -> set[str]:
    """The names of the classes of httpx or httpx2 that an exception is of."""
    kinds = type(error).__mro__
    return {kind.__name__ for kind in kinds if kind.__module__.partition(".")[0] in ("httpx", "httpx2")}


def _library(error: BaseException) -> str:
    """The library that an exception is of."""
    return type(error).__module__.partition(".")[0]


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
