"""Storages: by their names in the configuration, or by an address such as s3://bucket/folder?region=eu-central-1."""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, urlsplit

from ..errors import ConfigurationError, InvalidRequestError
from ..storage import (
    S3,
    AlibabaOSS,
    AlibabaRegion,
    AzureBlob,
    BaiduBOS,
    BaiduRegion,
    GoogleCloudStorage,
    HuaweiOBS,
    HuaweiRegion,
    S3Compatible,
    S3Region,
    Storage,
    StorageRegion,
    TencentCOS,
    TencentRegion,
)
from .failures import UsageError, Word, nearest
from .secrets import secret

KINDS: dict[str, type[Storage]] = {
    "s3": S3, "oss": AlibabaOSS, "cos": TencentCOS, "azure": AzureBlob, "gcs": GoogleCloudStorage, "obs": HuaweiOBS,
    "bos": BaiduBOS, "s3-compatible": S3Compatible,
}  # fmt: skip
REGIONS: dict[str, type[StorageRegion]] = {
    "s3": S3Region, "oss": AlibabaRegion, "cos": TencentRegion, "obs": HuaweiRegion, "bos": BaiduRegion,
}  # fmt: skip
_SCHEMES = {kind: kind for kind in KINDS if "-" not in kind and kind != "gcs"}
_SCHEMES |= {"gs": "gcs", "s3+https": "s3-compatible"}
# What the classes call the same.
_NAMES = {
    "azure": {"bucket": "container", "access_key": "account_name", "secret_key": "key"},
    "gcs": {"access_key": "hmac_access_key", "secret_key": "hmac_secret"},
}
_SECRET = ("access_key", "secret_key", "session_token")
_LENT = ("s3", "oss", "cos")
_PLAIN: dict[str, tuple[str, ...]] = {
    "s3": ("region", "sse", "tag"), "oss": ("region", "tag"), "cos": ("region",), "obs": ("region",),
    "bos": ("region",), "s3-compatible": ("endpoint",),
}  # fmt: skip
# Where keys of Amazon's lie by custom.
_CUSTOM = {
    "access_key": "AWS_ACCESS_KEY_ID", "secret_key": "AWS_SECRET_ACCESS_KEY", "session_token": "AWS_SESSION_TOKEN",
}  # fmt: skip


def of_table(what: str, table: object, folder: Path) -> Storage:
    """The storage that a table of the configuration describes.

    Raises:
        UsageError: it is none; which key of it, and the rule.
        ConfigurationError: a value breaks a rule.
    """
    if not isinstance(table, Mapping):
        raise UsageError(what, Word(type(table).__name__), "must be a table: [storage.NAME]")
    kind = table.get("vendor")
    if kind not in KINDS:
        rule = f"must be one of {', '.join(KINDS)}{nearest(str(kind), list(KINDS))}"
        raise UsageError(f"{what}.vendor", Word("missing") if kind is None else kind, rule)
    allowed = ("vendor", "bucket", "prefix", *_PLAIN.get(kind, ()), *(_SECRET if kind in _LENT else _SECRET[:2]))
    for name in table:
        if name not in allowed:
            rule = f"is no key of an {kind} storage{nearest(name, allowed)}"
            raise UsageError(f"{what}.{name}", Word("given"), rule)
    given = {name: value for name, value in table.items() if name not in ("vendor", *_SECRET)}
    for name in _SECRET:
        if name in table:
            given[name] = secret(f"{what}.{name}", table[name], folder)
    return _made(what, kind, given)


def of_address(what: str, address: str) -> Storage:
    """The storage of an address. Its keys come from the environment.

    Raises:
        UsageError: it is none.
        ConfigurationError: a value breaks a rule.
    """
    try:
        parts = urlsplit(address)
        hostname = parts.hostname or ""
    except ValueError:
        raise UsageError(what, Word("***"), "must be an address such as s3://bucket/folder?region=...") from None
    if "@" in parts.netloc:
        rule = (
            "must hold no keys, which others can read there: they stand in CLOUDREC_ACCESS_KEY and CLOUDREC_SECRET_KEY"
        )
        raise UsageError(what, Word(f"{parts.scheme}://***@{hostname}"), rule)
    kind = _SCHEMES.get(parts.scheme)
    if kind is None:
        known = [f"{scheme}://" for scheme in _SCHEMES]
        raise UsageError(what, f"{parts.scheme}://", f"must begin with one of {', '.join(known)}")
    query = dict(parse_qsl(parts.query))
    for name in query:
        if name not in _PLAIN.get(kind, ()) or name == "endpoint":
            shown_name = Word("***") if name in _SECRET else name
            raise UsageError(what, shown_name, f"is nothing that is said of {parts.scheme}:// there")
    path = parts.path.strip("/")
    bucket, prefix = parts.netloc, path
    if kind == "s3-compatible":
        query["endpoint"] = parts.netloc
        bucket, _, prefix = path.partition("/")
    return _made(what, kind, {"bucket": bucket, "prefix": prefix, **query})


def _made(what: str, kind: str, given: dict[str, Any]) -> Storage:
    """The storage, with keys from the environment where the configuration has none."""
    for name in _SECRET if kind in _LENT else _SECRET[:2]:
        if name not in given:
            custom = os.environ.get(_CUSTOM[name], "") if kind == "s3" else ""
            given[name] = os.environ.get(f"CLOUDREC_{name.upper()}", "") or custom
    required = [
        "bucket",
        *(("region",) if kind in REGIONS else ()),
        *(("endpoint",) if kind == "s3-compatible" else ()),
    ]
    for name in required:
        if not given.get(name):
            raise UsageError(f"{what}.{name}", Word("missing"), f"no {kind} storage can do without")
    for name in _SECRET[:2]:
        if not given[name]:
            where = f"set CLOUDREC_{name.upper()}" + (f" or {_CUSTOM[name]}" if kind == "s3" else "")
            raise UsageError(f"{what}.{name}", Word("missing"), f"{where}, or name where it lies in cloudrec.toml")
    if not given.get("session_token"):
        given.pop("session_token", None)
    if not given.get("prefix"):
        given.pop("prefix", None)
    names = _NAMES.get(kind, {})
    make: Any = KINDS[kind]
    try:
        made: Storage = make(**{names.get(name, name): value for name, value in given.items()})
    except InvalidRequestError as error:
        raise ConfigurationError(f"{what}: {'; '.join(map(str, error.problems))}") from None
    return made
