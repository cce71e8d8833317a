"""Rules of the vendors, beside those of the contract, which asks for names "by the vendor's rules"."""

import re

from .._contract import secret_names
from .._redact import HIDDEN

# What is as long as this may be a key in the wrong place.
_KEY_LENGTH = 20


class Rule:
    """What a text must be like."""

    __slots__ = ("_pattern", "words")

    def __init__(self, pattern: str, words: str) -> None:
        self._pattern = re.compile(pattern)
        self.words: str = f"must be {words}"

    def is_kept_by(self, text: str) -> bool:
        """Whether the text is so."""
        return self._pattern.fullmatch(text) is not None


NAME = Rule(
    r"[a-z0-9$][a-z0-9._-]{1,220}[a-z0-9]",
    "the name alone, without address or folders: small letters a–z, digits, hyphens and dots, 3 or more",
)
# What was made in the first of Amazon's regions before 2018 may be called so.
OLD_NAME = Rule(
    r"[A-Za-z0-9._-]{3,255}",
    "the name alone, without address or folders: letters a–z, digits, hyphens, dots and underscores, 3 or more",
)
ANY_NAME = Rule(r"[^\s/\\]+", "the name alone, without address, folders or spaces")
HOST = Rule(
    r"[A-Za-z0-9]([A-Za-z0-9.-]*[A-Za-z0-9])?(:[0-9]{1,5})?",
    "the host's name alone, without https:// and without a path",
)
ADDRESS = Rule(
    r"https?://[A-Za-z0-9\[]([A-Za-z0-9.:-]*[A-Za-z0-9\]])?(:[0-9]{1,5})?/?",
    "scheme and host: https://s3.example.com, without bucket, path or credentials",
)
PRINTABLE = Rule(r"[!-~]+", "ASCII characters without spaces")
TRIMMED = Rule(r"(?s:\S|\S.*\S)", "without spaces or line ends around it")
ACCOUNT = Rule(r"[a-z0-9]{3,24}", "the storage account's name: 3 to 24 small letters a–z and digits")
BASE64 = Rule(
    r"([A-Za-z0-9+/]{4})*([A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?", "the account's key as the portal shows it, in Base64"
)


def shown(field: str, text: str) -> str:
    """A text that breaks a rule, by its field on the wire; not if it is a secret, or may be one in the wrong place."""
    if field in secret_names():
        return HIDDEN
    may_be_key = len(text) >= _KEY_LENGTH and "://" not in text and "." not in text
    return f"{len(text)} characters" if may_be_key or "@" in text or len(text) > 80 else repr(text)
