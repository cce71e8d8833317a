"""Messages: requests and responses, without a web framework."""

from __future__ import annotations

import hmac
import json
from base64 import b64decode
from binascii import Error as Base64Error
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from ..._call.auth import BasicAuth

#: A start with everything in it stays below 30 kB.
MAX_BODY = 1024 * 1024


@dataclass(frozen=True, repr=False)
class Request:
    """One HTTP request, the path as it came and still escaped. Without a repr: it is full of secrets."""

    method: str
    path: str
    #: By lower-case names.
    headers: Mapping[str, str]
    body: bytes


@dataclass(frozen=True)
class Answer:
    """One HTTP answer, and how long to hold it back in seconds of a running clock."""

    status: int
    body: dict[str, Any]
    delay: float = 0.0


@dataclass(frozen=True)
class Reply:
    """One HTTP answer in bytes, as it goes to the wire."""

    status: int
    content: bytes
    media_type: str | None = "application/json; charset=utf-8"
    headers: tuple[tuple[str, str], ...] = ()

    @classmethod
    def json(cls, status: int, body: dict[str, Any], headers: tuple[tuple[str, str], ...] = ()) -> Reply:
        """An answer in JSON."""
        content = json.dumps(body, ensure_ascii=False, separators=(",", ":")).encode("utf-8")
        return cls(status, content, headers=headers)


def authorizes(authorization: str, credential: BasicAuth) -> bool:
    """Whether an Authorization header is HTTP Basic with this customer ID and secret."""
    scheme, _, encoded = authorization.partition(" ")
    try:
        sent = b64decode(encoded.strip(), validate=True)
    except (Base64Error, ValueError):
        return False
    wanted = f"{credential.customer_id}:{credential.customer_secret}".encode()
    return scheme.lower() == "basic" and hmac.compare_digest(sent, wanted)


class Unreadable(Exception):
    """A body that is no JSON, or is not said to be; the text says why."""


class Unfit(Exception):
    """A body that is JSON, and no request; the text says why."""


def read_json(request: Request) -> dict[str, Any]:
    """The body as a JSON object, or Unreadable or Unfit."""
    media_type = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if media_type != "application/json":
        raise Unreadable("Content-Type must be application/json")
    if len(request.body) > MAX_BODY:
        raise Unfit(f"the body is larger than {MAX_BODY} bytes")
    try:
        value = json.loads(request.body.decode("utf-8"), parse_constant=_no_constant)
        # A lone surrogate can be escaped in JSON and cannot be written back.
        json.dumps(value, ensure_ascii=False).encode("utf-8")
    except (ValueError, RecursionError):
        raise Unreadable("the body is not JSON in UTF-8") from None
    if not isinstance(value, dict):
        raise Unfit("the body must be a JSON object")
    return value


def _no_constant(name: str) -> None:
    raise ValueError(f"{name} is no JSON")
