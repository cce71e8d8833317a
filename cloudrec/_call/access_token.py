"""Channel tokens: an App ID and its certificate, as far as a recorder needs them.

The format is the provider's AccessToken2: little-endian numbers, strings with their length before them, signed by a key
that is derived from the certificate, packed. `_recording.tokens` reads it.
"""

import math
import re
import struct
import time
import zlib
from base64 import b64encode
from collections.abc import Awaitable, Callable
from hashlib import sha256

from .._contract.frames import discreet
from .._contract.redact import shown
from .._contract.rule_texts import RANGE, TYPE
from .._numbers import seconds, time_of
from ..errors import ConfigurationError, InvalidRequestError, Problem

TokenMaker = Callable[[str, int], str | Awaitable[str]]
"""Makes a token for (cname, uid); for the async client it may be an async function."""

# Hours. No token lives longer, whatever it says itself.
LONGEST_LIFE = 24.0
_RTC, _JOIN_CHANNEL = 1, 1
_LARGEST_SALT = 99_999_999
_LARGEST = 2**32 - 1
_UID = re.compile(r"[0-9]{1,10}")
_ID = re.compile(r"[0-9a-fA-F]{32}")


@discreet
class AccessToken:
    """Makes channel tokens, for a project that has an App Certificate.

    Every recorder needs a token of its own, for its channel and its user ID. Give this to a client, and ``record``
    makes them: with the rights of a subscriber, and a life that fits the recording, 24 hours at the most::

        client = CloudRecording(app_id, credential, area=Area.EU, tokens=AccessToken(app_id, certificate))

    Or to one recording: ``record(..., token=AccessToken(app_id, certificate))``. Called by itself it gives a token:

    >>> tokens = AccessToken("970CA35de60c44645bbae8a215061b33", "5CFd2fd1755d40ecb72977518be15d3b")
    >>> tokens
    AccessToken(app_id='970CA35de60c44645bbae8a215061b33', certificate='***')
    >>> tokens("lesson-42", 527841, hours=2)[:3]
    '007'

    Args:
        app_id: App ID of the project: 32 hexadecimal digits.
        certificate: Its primary or secondary App Certificate, from the console: 32 hexadecimal digits.

    Raises:
        ConfigurationError: either is not that.
    """

    __slots__ = ("_certificate", "app_id")

    def __init__(self, app_id: str, certificate: str) -> None:
        given: dict[str, object] = {"app_id": app_id, "certificate": certificate}
        for name, value in given.items():
            # Not shown, as they may have been put the wrong way round.
            if not (isinstance(value, str) and _ID.fullmatch(value)):
                raise ConfigurationError(f"{name}: must be 32 hexadecimal digits, as the console shows them")
        self.app_id: str = app_id
        self._certificate = certificate

    def __call__(self, cname: str, uid: int | str, *, hours: float = LONGEST_LIFE, now: float | None = None) -> str:
        """A token for this channel and this user ID.

        Args:
            cname: Channel.
            uid: The recorder's user ID, 1 to 4294967295.
            hours: How long it is good for: above 0, and 24 at the most, which is the default.
            now: When it is made, in seconds since 1970, in place of the present; for tests.

        Raises:
            InvalidRequestError: cname or uid cannot be right.
            ConfigurationError: ``hours`` or ``now`` is not such a number.
        """
        problems = []
        name: object = cname
        if not (isinstance(name, str) and 0 < len(name.encode("utf-8", "surrogatepass")) <= 64):
            problems.append(Problem("cname", shown(cname), "must be a channel's name, 1 to 64 bytes", TYPE))
        number = int(uid) if isinstance(uid, str) and _UID.fullmatch(uid) else uid
        if not isinstance(number, int) or isinstance(number, bool) or not 0 < number <= _LARGEST:
            problems.append(Problem("uid", shown(uid), f"must be a user ID, 1 to {_LARGEST}", RANGE))
        if problems:
            raise InvalidRequestError.of("token", problems)
        if seconds("hours", hours) > LONGEST_LIFE:
            raise ConfigurationError(f"hours: {hours:g} (no token lives longer than {LONGEST_LIFE:g} hours)")
        issued = round(time.time() if now is None else time_of("now", now))
        if not 0 <= issued <= _LARGEST:
            raise ConfigurationError(f"now: {issued} (must be seconds since 1970, to the year 2106)")
        import secrets  # here, as most clients make no tokens

        salt = 1 + secrets.randbelow(_LARGEST_SALT)
        return built(self.app_id, self._certificate, cname, str(number), issued, math.ceil(hours * 3600), salt)

    def __repr__(self) -> str:
        return f"AccessToken(app_id={self.app_id!r}, certificate='***')"


def built(app_id: str, certificate: str, cname: str, uid: str, issued: int, lasts: int, salt: int) -> str:
    """The token that lets a subscriber join, issued at this second and good for so many."""
    service = _pack("<HHHI", _RTC, 1, _JOIN_CHANNEL, lasts) + _string(cname.encode()) + _string(uid.encode())
    signed = _string(app_id.encode()) + _pack("<IIIH", issued, lasts, salt, 1) + service
    key = _signed(_pack("<I", salt), _signed(_pack("<I", issued), certificate.encode()))
    return "007" + b64encode(zlib.compress(_string(_signed(key, signed)) + signed)).decode()


def _signed(key: bytes, content: bytes) -> bytes:
    import hmac

    return hmac.digest(key, content, sha256)


def _pack(form: str, *numbers: int) -> bytes:
    return struct.pack(form, *numbers)


def _string(content: bytes) -> bytes:
    return struct.pack("<H", len(content)) + content
