"""`Encryption` of a channel."""

from base64 import b64encode
from collections.abc import Mapping
from typing import Any, ClassVar, Self, cast

from attrs import field, frozen

from cloudrec_api.models.decryption_mode import DecryptionMode

from .._contract.checker import check
from .._contract.document import component
from .._contract.frames import discreet
from .._contract.redact import HIDDEN, shown
from .._contract.rule_texts import SECRET_WITHOUT_MODE
from .._contract.written import of_attributes
from ..errors import InvalidRequestError, Problem
from ._wire import fields_of


def _mode(mode: DecryptionMode | str | int) -> DecryptionMode:
    """The mode of that name or number. What is none stays as it is, for the check."""
    found: object = mode
    if isinstance(mode, str):
        found = DecryptionMode.__members__.get(mode.upper().replace("-", "_"), mode)
    elif not isinstance(mode, bool) and mode in DecryptionMode.__members__.values():
        found = DecryptionMode(mode)
    return cast("DecryptionMode", found)


def _text(salt: str | bytes | bytearray | None) -> str | None:
    """As it is on the wire; bytes are the salt itself."""
    return b64encode(salt).decode("ascii") if isinstance(salt, (bytes, bytearray)) else salt


def _hidden(value: object) -> str:
    return repr(value) if value is None else repr(HIDDEN)


@discreet
@frozen
class Encryption:
    """How the channel is encrypted: the same mode, key and salt as in the clients' RTC SDK.

    >>> Encryption("aes-256-gcm2", "a key", salt=bytes(32))
    Encryption(mode='AES_256_GCM2', secret='***', salt='***')

    Args:
        mode: A :class:`DecryptionMode`, its number, or its name in any case, such as ``"aes-256-gcm2"``.
        secret: The key. Never shown.
        salt: 32 bytes, or those in Base64. Needed by ``AES_128_GCM2`` and ``AES_256_GCM2``. Never shown.

    Raises:
        InvalidRequestError: something of it is wrong or missing.
    """

    mode: DecryptionMode = field(converter=_mode, repr=lambda mode: repr(mode.name))
    """The mode."""
    secret: str = field(repr=_hidden)
    """The key."""
    salt: str | None = field(default=None, converter=_text, repr=_hidden)
    """The salt in Base64; None where there is none."""

    _WRITTEN: ClassVar[Mapping[str, str]] = {"decryptionMode": "mode"}

    def __attrs_post_init__(self) -> None:
        # The rules are those of a whole recordingConfig, of either mode that has one. No mode has a number of -1.
        config = {"channelType": 0, **self._fields(getattr(self.mode, "value", -1))}
        problems: list[Problem] = check(config, component("MixRecordingConfig"))
        # What is neither a mode nor a number may well be the key, in the wrong place.
        mode: object = self.mode
        told = shown(mode) if isinstance(mode, int) else HIDDEN
        if not isinstance(mode, DecryptionMode):
            problems = [p._replace(value=told) if p.field == "decryptionMode" else p for p in problems]
        if self.mode == DecryptionMode.NONE:
            rule = "must encrypt; without encryption leave it out altogether"
            problems.append(Problem("decryptionMode", "NONE", rule, SECRET_WITHOUT_MODE))
        if problems:
            raise InvalidRequestError.of("Encryption", of_attributes(problems, self))

    @classmethod
    def from_dict(cls, wire: Mapping[str, Any]) -> Self:
        """The encryption that these fields, as they are on the wire, mean.

        Args:
            wire: Fields of ``recordingConfig``, of which others are passed over.

        Raises:
            InvalidRequestError: they mean none.
        """
        given = fields_of(cls, wire, "MixRecordingConfig", channelType=0)
        return cls(given.get("decryptionMode", DecryptionMode.NONE), given.get("secret", ""), given.get("salt"))

    def to_dict(self) -> dict[str, Any]:
        """Its fields of ``recordingConfig``."""
        return self._fields(self.mode.value)

    def _fields(self, mode: int) -> dict[str, Any]:
        fields = {"decryptionMode": mode, "secret": self.secret}
        return fields if self.salt is None else {**fields, "salt": self.salt}
