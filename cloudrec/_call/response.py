"""Responses: the JSON object of a success, or the exception for a failure."""

import json
import zlib
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from http import HTTPStatus
from typing import Any, NamedTuple
from urllib.parse import urlsplit

from cloudrec_api.views import mapping, number, text

from .._contract.redact import scrub
from ..errors import InvalidResponseError, RateLimitError, ServiceError

# The longest answers, with hundreds of files, are some hundred kB. What is longer is not one, and is not read.
MAX_BODY = 8 * 1024 * 1024
SHOWN_BODY = 4096
SHOWN_WORDS = 500


class Reply(NamedTuple):
    """An HTTP response, read."""

    http_status: int
    headers: Mapping[str, str]
    body: bytes

    def __repr__(self) -> str:
        return f"Reply({self.http_status}, {len(self.body)} bytes)"  # what it holds may repeat what was sent

    @property
    def request_id(self) -> str | None:
        """The service's name for the call."""
        return self.headers.get("x-request-id")


def read(endpoint: str, reply: Reply, secrets: Iterable[str], asked: Iterable[tuple[str, str]] = ()) -> dict[str, Any]:
    """The JSON object of a success.

    That is 200, and for a stop 206 where nothing was recorded, or where the upload is not through yet.
    ``asked`` are the fields of the question that an answer repeats, and their values.

    Raises:
        InvalidResponseError: it is not an answer of this service, or not to this question.
        ServiceError: it is a failure; the class says which.
    """
    sent = parsed(reply.body)
    if isinstance(sent, dict):
        for name, value in asked:
            if not _repeats(sent.get(name), value):
                raise _not_ours(endpoint, reply, name, scrub(str(sent[name]), secrets), value)
        if reply.http_status == HTTPStatus.OK:
            return sent
        if reply.http_status == HTTPStatus.PARTIAL_CONTENT and endpoint == "stop":
            code = _code(sent)
            # 50 by the English pages, no code by the Chinese ones: it has stopped, and its upload takes longer.
            if code in (NOTHING_RECORDED, UPLOAD_TIMED_OUT, None, 0):
                return sent
    secrets = tuple(secrets)
    if reply.http_status < HTTPStatus.BAD_REQUEST and (
        not isinstance(sent, dict) or reply.http_status >= HTTPStatus.MULTIPLE_CHOICES
    ):
        raise _not_this_service(endpoint, reply, secrets)
    raise _failure(endpoint, reply, sent if isinstance(sent, dict) else {}, secrets)


NOTHING_RECORDED = 435
UPLOAD_TIMED_OUT = 50


def nothing_recorded(sent: Mapping[str, Any]) -> bool:
    """Whether a stop's answer says that there is no file."""
    return _code(sent) == NOTHING_RECORDED


def _repeats(sent: Any, asked: str) -> bool:
    """Whether what an answer names is what was asked for; if it names nothing, it may be."""
    # Some answers send IDs that are numbers as numbers.
    found = text(sent)
    return not found or found == asked or (isinstance(sent, int) and sent == number(asked))


def _not_ours(endpoint: str, reply: Reply, name: str, sent: str, asked: str) -> InvalidResponseError:
    return InvalidResponseError(
        f"{endpoint}: the answer is to another question: its {name} is {_line(sent)!r}, asked for was {asked!r} "
        f"(HTTP {reply.http_status})",
        endpoint=endpoint,
        http_status=reply.http_status,
        request_id=reply.request_id,
        advice="Check what stands between you and the service, such as a proxy: it mixes answers up.",
    )


# What is asked for, and what it is called besides.
_UNPACKED_BY = {"gzip": zlib.MAX_WBITS | 16, "x-gzip": zlib.MAX_WBITS | 16, "deflate": zlib.MAX_WBITS}
ACCEPT_ENCODING = "gzip, deflate"


def unpacked(endpoint: str, http_status: int, headers: Mapping[str, str], sent: bytes) -> bytes:
    """A body as it was before it was packed, of which no more than MAX_BODY is ever held.

    Raises:
        InvalidResponseError: it is packed in a way that was not asked for, wrongly, or is too long.
    """
    named = headers.get("content-encoding")
    if not named:
        return sent
    encodings = [name.strip().lower() for name in named.split(",")]
    encodings = [name for name in encodings if name not in ("", "identity")]
    if not encodings or not sent:
        return sent
    request_id = headers.get("x-request-id")
    if len(encodings) > 1 or encodings[0] not in _UNPACKED_BY:
        raise _packed_wrongly(endpoint, http_status, request_id, f"in a way that was not asked for ({_line(named)})")
    bits = _UNPACKED_BY[encodings[0]]
    if encodings[0] == "deflate" and (sent[0] & 15 != zlib.DEFLATED or int.from_bytes(sent[:2]) % 31):
        # As some send it, without the two bytes that stand before it.
        bits = -zlib.MAX_WBITS
    unpacking = zlib.decompressobj(bits)
    try:
        body = unpacking.decompress(sent, MAX_BODY + 1)
    except zlib.error as error:
        raise _packed_wrongly(endpoint, http_status, request_id, f"wrongly ({error})") from error
    if len(body) > MAX_BODY:
        raise too_long(endpoint, http_status, request_id)
    if not unpacking.eof or unpacking.unused_data:
        how = "with something after its end" if unpacking.eof else "and cut short"
        raise _packed_wrongly(endpoint, http_status, request_id, how)
    return body


def _packed_wrongly(endpoint: str, http_status: int, request_id: str | None, how: str) -> InvalidResponseError:
    return InvalidResponseError(
        f"{endpoint}: the answer is packed {how} (HTTP {http_status})",
        endpoint=endpoint,
        http_status=http_status,
        request_id=request_id,
        advice=_CHECK_HOST,
    )


def too_long(endpoint: str, http_status: int, request_id: str | None) -> InvalidResponseError:
    """The error for a body that was not read to its end."""
    told = f"{endpoint}: the answer is longer than {MAX_BODY // 1024 // 1024} MiB (HTTP {http_status}) and was not read"
    return InvalidResponseError(
        told, endpoint=endpoint, http_status=http_status, request_id=request_id, advice=_CHECK_HOST
    )


_CHECK_HOST = "Check the host (area or base_url) and what stands between you and it, such as a proxy."


def _not_this_service(endpoint: str, reply: Reply, secrets: Iterable[str]) -> InvalidResponseError:
    location = reply.headers.get("location")
    if location is not None:
        what = f"a redirect to {_host(location) or 'another path'}, which is not followed"
    elif not reply.body:
        what = "empty"
    elif parsed(reply.body) is None:
        kind = reply.headers.get("content-type", "no content type").partition(";")[0]
        what = f"not JSON, or JSON cut short ({kind}, {len(reply.body)} bytes)"
    else:
        what = "JSON, but not an object"
    return InvalidResponseError(
        f"{endpoint}: the answer is {scrub(what, secrets)} (HTTP {reply.http_status})",
        endpoint=endpoint,
        http_status=reply.http_status,
        request_id=reply.request_id,
        advice=_CHECK_HOST,
        response_body=_shown(reply.body, secrets),
    )


def _failure(endpoint: str, reply: Reply, sent: Mapping[str, Any], secrets: Iterable[str]) -> ServiceError:
    code = _code(sent)
    if isinstance(code, str):
        code = scrub(code, secrets)
    said = words_of(sent)
    reason = scrub(said, secrets) if said else None
    # Here, since a program whose calls succeed has no use for the table.
    from .failures import look_up

    entry = look_up(endpoint, reply.http_status, code, reason)
    facts = [f"HTTP {reply.http_status}"]
    facts += [f"code {_line(str(code))}"] if code is not None else []
    facts += [f"request {reply.request_id}"] if reply.request_id else []
    words = _line(reason or "") or _phrase(reply.http_status)
    fields: dict[str, Any] = {}
    if entry.error is RateLimitError:
        fields["retry_after"] = retry_after(reply.headers)
    error = entry.error(
        f"{endpoint}: {words} ({', '.join(facts)}). {entry.advice}",
        endpoint=endpoint,
        http_status=reply.http_status,
        code=code,
        reason=reason,
        request_id=reply.request_id,
        retryable=entry.retryable,
        advice=entry.advice,
        response_body=_shown(reply.body, secrets),
        **fields,
    )
    # A stop that is refused may name the files all the same.
    from ..answers import Unknown

    error.files = Unknown(mapping(sent.get("serverResponse"))).files
    return error


def words_of(sent: Mapping[str, Any]) -> str | None:
    """The words in a failure's body; None where there are none.

    They are ``reason`` from the service, ``msg`` from some of its versions, ``message`` from the gateway before it; and
    of some that are not found they stand within ``serverResponse``.
    """
    payload = mapping(mapping(sent.get("serverResponse")).get("payload"))
    places = ((sent, "reason"), (sent, "msg"), (sent, "message"), (payload, "message"))
    return next((said for place, name in places if (said := text(place.get(name)))), None)


def retry_after(headers: Mapping[str, str]) -> float | None:
    """Seconds that the service asks to wait; None where it does not, or not in a form that can be understood."""
    asked = headers.get("retry-after")
    if asked is None:
        return None
    if (seconds := number(asked.strip())) is not None:
        return float(seconds)
    try:
        until = parsedate_to_datetime(asked)
        # By the clock of whoever wrote the date, which need not be right.
        now = parsedate_to_datetime(headers["date"]) if "date" in headers else datetime.now(UTC)
        return max(0.0, (until - now).total_seconds())
    except (ValueError, TypeError):
        return None


def _host(location: str) -> str | None:
    """The host of a URL. The rest is not told: user, path and query may hold what is nobody's business."""
    try:
        return urlsplit(location).hostname
    except ValueError:
        return None


def parsed(body: bytes) -> Any:
    """The JSON of a body; None where it is not JSON."""
    try:
        return json.loads(body)
    # ValueError: not JSON, or not UTF-8. RecursionError: brackets without end.
    except (ValueError, RecursionError):
        return None


def _code(sent: Mapping[str, Any]) -> int | str | None:
    found = number(sent.get("code"))
    return text(sent.get("code")) if found is None else found


def _phrase(http_status: int) -> str:
    try:
        return HTTPStatus(http_status).phrase.lower()
    except ValueError:
        return "a status that HTTP does not know"


def _line(words: str) -> str:
    """Words from outside as part of a line that people read: no line breaks or control characters, not too long."""
    line = " ".join(words.split())[:SHOWN_WORDS]
    return "".join(character if character.isprintable() else "?" for character in line)


def _shown(body: bytes, secrets: Iterable[str]) -> str:
    # Scrubbed before it is cut, so that no half of a secret is left at the edge.
    return scrub(body[: 4 * SHOWN_BODY].decode("utf-8", "replace"), secrets)[:SHOWN_BODY]
