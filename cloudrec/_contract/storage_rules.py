"""Rules of the vendors, beside those of the contract, which asks for names "by the vendor's rules".

A storage that is written as a value and one that is written as a dict keep the same ones.
"""

import re
from collections.abc import Mapping
from typing import Any

from ..errors import Problem
from .document import component, secret_names
from .redact import HIDDEN, hidden_url
from .rule_texts import PATTERN

# What is as long as this may be a key in the wrong place.
_KEY_LENGTH = 20
# A port, from 0 to 65535: what is more makes obstore panic.
_PORT = r"(:(6553[0-5]|655[0-2][0-9]|65[0-4][0-9]{2}|6[0-4][0-9]{3}|[0-5][0-9]{4}|[0-9]{1,4}))?"
_HOST = r"[A-Za-z0-9]([A-Za-z0-9.-]*[A-Za-z0-9])?"
# Where a path or a host's name is made of it, two dots in a row make another one.
_NO_DOTS = r"(?!.*\.\.)"


class NamingRule:
    """What a text must be like."""

    __slots__ = ("_pattern", "words")

    def __init__(self, pattern: str, words: str) -> None:
        self._pattern = pattern
        self.words: str = f"must be {words}"

    def is_kept_by(self, text: str) -> bool:
        """Whether the text is so."""
        # `re` keeps what it compiled; few programs write names of every kind.
        return re.fullmatch(self._pattern, text) is not None


NAME = NamingRule(
    _NO_DOTS + r"[a-z0-9$][a-z0-9._-]{1,220}[a-z0-9]",
    "the name alone, without address or folders: small letters a–z, digits, hyphens and single dots, 3 or more",
)
# What was made in the first of Amazon's regions before 2018 may be called so.
OLD_NAME = NamingRule(
    _NO_DOTS + r"[A-Za-z0-9._-]{3,255}",
    "the name alone, without address or folders: letters a–z, digits, hyphens, single dots and underscores, 3 or more",
)
ANY_NAME = NamingRule(
    _NO_DOTS + r"[A-Za-z0-9][A-Za-z0-9._-]{1,254}",
    "the name alone, without address, folders or spaces: letters a–z, digits, hyphens, single dots and underscores, "
    "2 to 255, the first a letter or digit",
)
HOST = NamingRule(
    _HOST + _PORT,
    "the host's name alone, without https:// and without a path; a port is at most 65535",
)
ADDRESS = NamingRule(
    rf"https?://({_HOST}|\[[0-9A-Fa-f:.]+\]){_PORT}/?",
    "scheme and host: https://s3.example.com, without bucket, path or credentials; a port is at most 65535",
)
PRINTABLE = NamingRule(r"[!-~]+", "ASCII characters without spaces")
TRIMMED = NamingRule(r"(?s:\S|\S.*\S)", "without spaces or line ends around it")
ACCOUNT = NamingRule(r"[a-z0-9]{3,24}", "the storage account's name: 3 to 24 small letters a–z and digits")
BASE64 = NamingRule(
    r"([A-Za-z0-9+/]{4})*([A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?", "the account's key as the portal shows it, in Base64"
)


def may_be_key(text: str) -> bool:
    """Whether a text may be a key in the wrong place."""
    return len(text) >= _KEY_LENGTH and "://" not in text and "." not in text


def shown(field: str, text: str) -> str:
    """A text that breaks a rule, by its field on the wire; not if it is a secret, or may be one in the wrong place."""
    if field in secret_names():
        return HIDDEN
    return f"{len(text)} characters" if may_be_key(text) or "@" in text or len(text) > 80 else hidden_url(text)


_COMMON: Mapping[str, NamingRule] = {
    "bucket": NAME,
    "accessKey": PRINTABLE,
    "secretKey": TRIMMED,
    "stsToken": PRINTABLE,
}
_AMAZON, _AZURE, _COMPATIBLE = 1, 5, 11
_BY_VENDOR: Mapping[int, Mapping[str, NamingRule]] = {
    _AZURE: {"bucket": NAME, "accessKey": ACCOUNT, "secretKey": BASE64},
    _COMPATIBLE: {**_COMMON, "bucket": ANY_NAME, "extensionParams.endpoint": HOST},
}
# The first of Amazon's regions.
_OLD_REGION = 0


def vendor_problems(storage: Mapping[str, Any]) -> list[Problem]:
    """What of a `storageConfig` breaks rules of its vendor, by the fields on the wire."""
    vendor = storage.get("vendor")
    params = storage.get("extensionParams")
    extension = params if isinstance(params, dict) else {}
    flat = {**storage, **{f"extensionParams.{name}": value for name, value in extension.items()}}
    rules = dict(_BY_VENDOR.get(vendor, _COMMON) if isinstance(vendor, int) else _COMMON)
    old = vendor == _AMAZON and storage.get("region") == _OLD_REGION and isinstance(flat.get("bucket"), str)
    if old and OLD_NAME.is_kept_by(flat["bucket"]):
        del rules["bucket"]
    return [
        Problem(field, shown(field, flat[field]), rule.words, PATTERN)
        for field, rule in rules.items()
        if isinstance(flat.get(field), str) and not rule.is_kept_by(flat[field])
    ]


def bucket_in_host(storage: Mapping[str, Any]) -> str | None:
    """In words, that the endpoint's host begins with the bucket's name, which is mostly one time too many."""
    params, bucket = storage.get("extensionParams"), storage.get("bucket")
    endpoint = params.get("endpoint") if isinstance(params, dict) else None
    if not (isinstance(bucket, str) and isinstance(endpoint, str) and bucket):
        return None
    if not endpoint.lower().startswith(f"{bucket.lower()}."):
        return None
    told, host = shown("bucket", bucket), shown("extensionParams.endpoint", endpoint)
    return f"extensionParams.endpoint={host} begins with bucket={told}; give the host without it, unless it is so"


def with_region(fields: Mapping[str, Any]) -> Mapping[str, Any]:
    """What is sent for fields that were left out and have no effect: the region of vendors that have none."""
    filled = dict(fields)
    if isinstance(start := fields.get("startParameter"), dict):
        filled["startParameter"] = with_region(start)
    storage, without = fields.get("storageConfig"), component("StorageConfig")["x-no-region"]
    if isinstance(storage, dict) and "region" not in storage and storage.get("vendor") in without:
        filled["storageConfig"] = {**storage, "region": 0}
    return filled
