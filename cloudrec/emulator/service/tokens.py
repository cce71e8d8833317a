"""Channel tokens, as the service looks at them: whether one is good for a channel and a user, and for how long."""

from __future__ import annotations

import base64
import hashlib
import hmac
import struct
import zlib
from dataclasses import dataclass

#: A token is a few hundred bytes.
LONGEST = 65_536
#: Seconds. No token is good for longer, whatever it says.
DAY = 86_400
RTC, JOIN_CHANNEL = 1, 1


class WrongToken(Exception):
    """It is no token, or not of this project, channel and user."""


@dataclass
class _Content:
    """What is read from its beginning on."""

    left: bytes

    def take(self, count: int) -> bytes:
        taken, self.left = self.left[:count], self.left[count:]
        if len(taken) < count:
            raise WrongToken("cut short")
        return taken

    def number(self, size: int) -> int:
        return int.from_bytes(self.take(size), "little")

    def text(self) -> bytes:
        return self.take(self.number(2))


def end_of(token: object, app_id: str, certificate: str, cname: str, uid: str) -> int:
    """The second since 1970 at which this AccessToken2 stops letting the user into the channel.

    WrongToken where it never did. A token that names no user is good for all of them.
    """
    if not isinstance(token, str) or not token.startswith("007") or len(token) > LONGEST:
        raise WrongToken("no AccessToken2")
    try:
        unpacker = zlib.decompressobj()
        unpacked = unpacker.decompress(base64.b64decode(token[3:], validate=True), LONGEST)
    except (ValueError, zlib.error):
        raise WrongToken("no AccessToken2") from None
    if not unpacker.eof:
        raise WrongToken("cut short")
    content = _Content(unpacked)
    signature = content.text()
    signed = content.left
    issuer, issued, lasts, salt = content.text(), content.number(4), content.number(4), content.number(4)
    key = hmac.digest(struct.pack("<I", issued), certificate.encode(), hashlib.sha256)
    key = hmac.digest(struct.pack("<I", salt), key, hashlib.sha256)
    if issuer != app_id.encode() or not hmac.compare_digest(signature, hmac.digest(key, signed, hashlib.sha256)):
        raise WrongToken("signed for another App ID, or by another certificate")
    # Services stand in the order of their numbers, and RTC has the first.
    if content.number(2) < 1 or content.number(2) != RTC:
        raise WrongToken("not for channels")
    privileges = {content.number(2): content.number(4) for _ in range(content.number(2))}
    if JOIN_CHANNEL not in privileges or content.text() != cname.encode() or content.text() not in (b"", uid.encode()):
        raise WrongToken("for another channel or user")
    return issued + min(lasts, privileges[JOIN_CHANNEL] or lasts, DAY)
