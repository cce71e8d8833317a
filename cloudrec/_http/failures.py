"""Exceptions of httpx, httpx2 and aiohttp: what each means for a request. Nothing else knows them."""

import socket
from collections.abc import Iterator

from .._call.outcomes import Outcome
from .._io.threads import ReadTimeout

# By name: a client that is given may be of httpx or of httpx2, whose exceptions are other classes of the same names.
_UNSENDABLE = {"UnsupportedProtocol", "LocalProtocolError"}
_UNCONNECTED = {"ConnectError", "ConnectTimeout", "PoolTimeout", "ProxyError"}
_OF_TRANSPORT = {"TransportError", "DecodingError"}


def outcome_of_transport(error: Exception, *, is_unsent: bool = False) -> Outcome:
    """How an attempt ended that was not answered. ``is_unsent``: it is certain that nothing of it was sent."""
    if _names(error) & _UNSENDABLE:
        return Outcome.REFUSED
    chain = list(_causes(error))
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
    # The httpx-aiohttp transport lets some errors through as they are, as for an answer that is not HTTP.
    return isinstance(error, ReadTimeout) or bool(_names(error) & _OF_TRANSPORT) or _is_of_aiohttp(error)


def is_late(error: Exception) -> bool:
    """Whether no answer came in time."""
    riding = [cause for cause in _causes(error) if _is_of_aiohttp(cause)]
    if riding:
        return any(isinstance(cause, TimeoutError) for cause in riding)
    return isinstance(error, ReadTimeout) or "TimeoutException" in _names(error)


def _names(error: BaseException) -> set[str]:
    """The names of the classes of httpx or httpx2 that an exception is of."""
    kinds = type(error).__mro__
    return {kind.__name__ for kind in kinds if kind.__module__.partition(".")[0] in ("httpx", "httpx2")}


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
