"""Token expiry: when an Agora token ends, where that can be read in it.

A token names its end in the clear; only its signature is secret, and nobody here can check that. What is read is the
provider's published layout: little-endian numbers, strings with their length before them, maps with their size.
"""

import base64
import struct
import zlib
from datetime import UTC, datetime

# A real token is a few hundred bytes, packed and unpacked. What is longer is none, and would take time and memory.
_LONGEST = 65_536
_SHORT, _LONG = struct.Struct("<H"), struct.Struct("<I")
# "A token is valid for 24 hours at most", whatever it says itself.
_DAY = 86_400
_JOIN_CHANNEL = 1  # the same privilege in both versions
_RTC = 1
# So many strings follow the privileges of the other services.
_STRINGS = {2: 1, 3: 2, 4: 0, 5: 1}


def ends_at(token: object) -> datetime | None:
    """When the recorder can no longer join a channel with this token; None where nobody can read that.

    It reads AccessToken2 (``007…``) and AccessToken (``006…``). Nothing raises and nothing is kept.
    """
    if not isinstance(token, str) or len(token) > _LONGEST:
        return None
    try:
        if token.startswith("007"):
            return datetime.fromtimestamp(_end_of_007(token), UTC)
        if token.startswith("006"):
            return datetime.fromtimestamp(_end_of_006(token), UTC)
    except (ValueError, KeyError, struct.error, zlib.error):
        pass  # no token, or one cut short
    return None


class _Reader:
    def __init__(self, content: bytes) -> None:
        self._content = content
        self._at = 0

    def short(self) -> int:
        return self._number(_SHORT)

    def long(self) -> int:
        return self._number(_LONG)

    def string(self) -> bytes:
        length = self.short()
        start, self._at = self._at, self._at + length
        if self._at > len(self._content):
            raise ValueError("cut short")
        return self._content[start : self._at]

    def privileges(self) -> dict[int, int]:
        return {self.short(): self.long() for _ in range(self.short())}

    def _number(self, form: struct.Struct) -> int:
        (value,) = form.unpack_from(self._content, self._at)
        self._at += form.size
        number: int = value
        return number


def _end_of_007(token: str) -> int:
    """signature, App ID, issued, expires after, salt, services: each its type, privileges, and strings."""
    unpacker = zlib.decompressobj()
    content = _Reader(unpacker.decompress(base64.b64decode(token[3:], validate=True), _LONGEST))
    if not unpacker.eof:
        raise ValueError("cut short, or too long")
    content.string()
    content.string()
    issued, lasts, _ = content.long(), content.long(), content.long()
    for _ in range(content.short()):
        service, privileges = content.short(), content.privileges()
        if service == _RTC:
            # 0, or none, is as long as the token lasts.
            lasts = min(lasts, privileges.get(_JOIN_CHANNEL) or lasts)
            break
        if service not in _STRINGS:
            break  # where it ends and the next begins is not known
        for _ in range(_STRINGS[service]):
            content.string()
    return issued + min(lasts, _DAY)


def _end_of_006(token: str) -> int:
    """App ID; then signature, checksums of channel and uid, and a string of: salt, end of the token, privileges."""
    content = _Reader(base64.b64decode(token[35:], validate=True))
    content.string()
    content.long()
    content.long()
    inner = _Reader(content.string())
    inner.long()
    # The token's own end, a day after its beginning, is what counts for a privilege that never ends (0).
    end = inner.long()
    return inner.privileges()[_JOIN_CHANNEL] or end
