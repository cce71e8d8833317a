"""`sign` and `verify`: signatures of webhooks. Whatever is missing or odd does not fit."""

import hmac
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any, NamedTuple, TypeAlias

from .._contract.frames import discreet
from ..errors import ConfigurationError
from ._errors import MalformedNoticeError, SignatureError

Secret: TypeAlias = str | Sequence[str]
"""The secret of the project's notifications; or several, each of which is good."""
Headers: TypeAlias = (
    Mapping[str, str] | Mapping[bytes, bytes] | Iterable[tuple[str, str]] | Iterable[tuple[bytes, bytes]]
)
"""The headers of a request, as a mapping or as pairs; whether names are in capitals does not matter."""


class _Scheme(NamedTuple):
    header: str
    algorithm: str
    digits: int


_V2 = _Scheme("Agora-Signature-V2", "sha256", 64)
_V1 = _Scheme("Agora-Signature", "sha1", 40)
_NAMES = {scheme.header.lower(): scheme.header for scheme in (_V1, _V2)}
_HEXADECIMAL = re.compile(r"[0-9a-fA-F]*")


def keys(secret: Secret) -> list[bytes]:
    """The secrets as bytes.

    Raises:
        ConfigurationError: there is none, or one is empty or not a string.
    """
    found: object = [secret] if isinstance(secret, str) else secret
    if not isinstance(found, Sequence) or not all(isinstance(item, str) for item in found):
        raise ConfigurationError("secret: must be a string, or a list of strings")
    if not found or not all(found):
        raise ConfigurationError("secret: must not be empty")
    try:
        return [item.encode() for item in found]
    except UnicodeEncodeError:
        pass  # not raised from there: that error holds the secret
    raise ConfigurationError("secret: must be text that can be written as UTF-8")


@discreet
def verify(body: bytes, headers: Headers, secret: Secret, *, allow_v1: bool = False) -> None:
    """Returns if the body is signed with the secret, or with one of them; :func:`receive` does this and more.

    Where the body has a signature of version 2, that one counts, also where version 1 is allowed.

    Raises:
        SignatureError: it is not.
        MalformedNoticeError: the body is not bytes.
        ConfigurationError: there is no secret.
    """
    known = keys(secret)
    check_bytes(body)
    sent = _signatures(headers)
    scheme = _V1 if allow_v1 and not sent[_V2.header] else _V2
    wanted = bytes.fromhex(_only(sent[scheme.header], scheme))
    # Every secret is tried, whichever fits, so that the time taken tells nothing.
    if not max(hmac.compare_digest(hmac.digest(key, body, scheme.algorithm), wanted) for key in known):
        raise SignatureError(
            f"{scheme.header} is not the signature of the body",
            advice="Check the secret, and that the body is verified byte for byte, before anything decodes it.",
        )


@discreet
def sign(body: bytes, secret: str) -> dict[str, str]:
    """The headers that the service would send with this body: for tests of what receives it.

    >>> sign(b"{}", "secret")["Agora-Signature"]
    '5d61605c3feea9799210ddcb71307d4ba264225f'

    Raises:
        MalformedNoticeError: the body is not bytes.
        ConfigurationError: there is no secret.
    """
    [key] = keys([secret])
    check_bytes(body)
    return {scheme.header: hmac.digest(key, body, scheme.algorithm).hex() for scheme in (_V1, _V2)}


def check_bytes(body: object) -> None:
    """A body is signed byte for byte, so nothing else will do."""
    if not isinstance(body, (bytes, bytearray)):
        raise MalformedNoticeError(f"the body must be bytes as they came, not of type {type(body).__name__}")


def _signatures(headers: Any) -> dict[str, list[str]]:
    """What was sent under the names of signatures."""
    found: dict[str, list[str]] = {_V1.header: [], _V2.header: []}
    for name, value in _pairs(headers):
        if (known := _NAMES.get(name)) is not None:
            found[known].append(value)
    return found


def _pairs(headers: Any) -> Iterator[tuple[str, str]]:
    """Names, in small letters, and values."""
    try:
        for name, value in headers.items() if hasattr(headers, "items") else headers:
            yield _text(name).lower(), _text(value)
    except Exception:  # they are whatever a framework has made of them
        pass  # not raised from there: what stands in that error may be anything
    else:
        return
    raise SignatureError("headers must be a mapping, or pairs, of strings")


def _text(value: Any) -> str:
    if isinstance(value, str):
        return value
    # Header names and values are bytes in ASGI.
    return bytes(value).decode("latin-1") if isinstance(value, (bytes, bytearray)) else ""


def _only(sent: list[str], scheme: _Scheme) -> str:
    """The one signature, if it is one."""
    if not sent:
        raise SignatureError(f"{scheme.header} is missing")
    if len(sent) > 1:
        raise SignatureError(f"{scheme.header} is there {len(sent)} times")
    if len(sent[0]) != scheme.digits:
        raise SignatureError(f"{scheme.header} has {len(sent[0])} characters, not {scheme.digits}")
    if not _HEXADECIMAL.fullmatch(sent[0]):
        raise SignatureError(f"{scheme.header} is not hexadecimal")
    return sent[0]
