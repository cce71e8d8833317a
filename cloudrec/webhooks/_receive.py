"""`receive`: from bytes and headers to a verified event."""

import json
from math import isinf
from typing import Any

from .._contract.frames import discreet
from .._numbers import whole
from ._errors import MalformedNoticeError, NoticeTooLargeError
from ._events import Notice, notice_of
from ._signature import Headers, Secret, check_bytes, keys, verify

MAX_SIZE = 1 << 20
"""Bytes of a body that are read: 1 MiB. That is room for the files of thousands of users."""
# Nothing that is sent is deeper than six. What is a thousand deep ends in a RecursionError, if not here, then where
# somebody prints it.
_MAX_DEPTH = 32


@discreet
def receive(
    body: bytes, headers: Headers, secret: Secret, *, allow_v1: bool = False, max_size: int = MAX_SIZE
) -> Notice:
    """What a webhook tells, if it comes from the service.

    ::

        match receive(request.body, request.headers, secret):
            case Event(details=Uploaded(files=files), sid=sid):
                ...
            case Event(details=SessionFailover(new_uid=uid)):
                ...

    An event that is not known, or not in this shape, has :class:`UnknownEvent` as its details. So once the signature
    is right and the body is a JSON object whose numbers a float can hold, nothing that stands in it makes this fail.

    Args:
        body: The body of the request, byte for byte.
        headers: Its headers, as a mapping or as pairs.
        secret: The secret of the project's notifications, from the provider's console. While it is being changed, a
            list of the old one and the new one.
        allow_v1: Whether to take a body that is signed with SHA-1 alone. The service sends both signatures.
        max_size: Bytes of a body that are read, 1 MiB by default.

    Raises:
        SignatureError: the body is not signed with the secret, or it cannot be told.
        NoticeTooLargeError: it is larger than ``max_size``.
        MalformedNoticeError: it is signed, and not a JSON object.
        ConfigurationError: there is no secret, or ``max_size`` is not a whole number from 1.
    """
    keys(secret)  # before anything is said about the body: without a secret nothing is right
    _check_size(body, max_size)
    verify(body, headers, secret, allow_v1=allow_v1)
    return parse(body, max_size=max_size)


@discreet
def parse(body: bytes, *, max_size: int = MAX_SIZE) -> Notice:
    """What a webhook tells, whoever sent it: for bodies that were verified before, and kept.

    Raises:
        NoticeTooLargeError: the body is larger than ``max_size`` bytes.
        MalformedNoticeError: it is not a JSON object.
        ConfigurationError: ``max_size`` is not a whole number from 1.
    """
    _check_size(body, max_size)
    try:
        sent = _DECODER.decode(body.decode("utf-8"))
    except UnicodeDecodeError:
        problem = "it is not UTF-8"
    except RecursionError:
        problem = "it is nested too deeply"
    except OverflowError:
        problem = "it holds a number that is too large"
    except ValueError:  # also a number of thousands of digits
        problem = "it is not JSON"
    else:
        if not isinstance(sent, dict):
            problem = f"it is {_WORDS.get(type(sent), 'a value')}"
        elif _too_deep(sent, body):
            problem = "it is nested too deeply"
        else:
            return notice_of(sent)
    # Not raised from there: those errors hold the body, and with it addresses and keys.
    raise MalformedNoticeError(f"the body is not a JSON object: {problem}")


def _check_size(body: bytes, max_size: int) -> None:
    whole("max_size", max_size)
    check_bytes(body)
    if len(body) > max_size:
        raise NoticeTooLargeError(f"the body has {len(body)} bytes; at most {max_size} are read")


def _not_json(constant: str) -> Any:
    raise ValueError(constant)


def _finite(digits: str) -> float:
    number = float(digits)
    if isinf(number):  # which no JSON can be written of again
        raise OverflowError
    return number


# Python's own takes NaN and Infinity, which are not JSON.
_DECODER = json.JSONDecoder(parse_constant=_not_json, parse_float=_finite)
_WORDS = {
    list: "an array",
    str: "a string",
    int: "a number",
    float: "a number",
    bool: "true or false",
    type(None): "null",
}


def _too_deep(sent: dict[str, Any], body: bytes) -> bool:
    if body.count(b"{") + body.count(b"[") <= _MAX_DEPTH:
        return False
    level: list[Any] = [sent]
    for _ in range(_MAX_DEPTH):
        level = [
            item
            for outer in level
            for item in (outer.values() if isinstance(outer, dict) else outer)
            if isinstance(item, (dict, list))
        ]
        if not level:
            return False
    return True
