"""Redaction: secrets out of what people see."""

import json
import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Any, NamedTuple
from urllib.parse import unquote_plus

from .document import secret_names, url_names
from .frames import chain

HIDDEN = "***"
# Addresses in a text. Not compiled here: most programs have no use for it, and `re` keeps what it compiled.
_URL = r"""[A-Za-z][A-Za-z0-9+.-]*://[^\s"'<>]*"""
# A host, perhaps with a user and a port, up to its end.
_PLACE = r"(?:([^/]*)@)?((?:\[[^\]@]*\]|[^/:@]*)(?::[0-9]*)?)(?=/|$)"
# Parts of an address that are shorter, or one of these, are found in texts that have nothing to do with it.
_LEAST = 4
_WORDS = frozenset({"true", "false", "null"})
# Deeper than any request of the service is.
_DEEPEST = 50


def secrets_in(value: Any, within: tuple[int, ...] = ()) -> Iterator[str]:
    """The values of all secret fields at and below a JSON value, and what is secret in addresses."""
    if _is_endless(value, within):
        return
    within = (*within, id(value))
    if isinstance(value, dict):
        for name, item in value.items():
            if name in secret_names():
                if isinstance(item, str) and item:
                    yield item
                    yield from _secrets_of_url(item) if "://" in item else ()
            elif name in url_names() and isinstance(item, str):
                yield from _secrets_of_url(item)
            else:
                yield from secrets_in(item, within)
    elif isinstance(value, (list, tuple)):
        for item in value:
            yield from secrets_in(item, within)
    elif isinstance(value, str) and "://" in value:
        for url in re.findall(_URL, value):
            yield from _secrets_of_url(url)


def _is_endless(value: Any, within: tuple[int, ...]) -> bool:
    """Whether a list or a dict holds itself, or is deeper than anything that can be sent."""
    return isinstance(value, (dict, list, tuple)) and (id(value) in within or len(within) > _DEEPEST)


def redacted(value: Any) -> Any:
    """A JSON value with secret fields hidden."""
    return _redacted(value, ())


def shown(value: object, most: int = 80) -> str:
    """A value as it would be written, in short. One that cannot be written is told by its type.

    Python does not write whole numbers of thousands of digits, and a class may have a `repr` of its own that fails.
    """
    try:
        told = repr(value)
    except Exception:
        told = f"of type {type(value).__name__}"
    return told if len(told) <= most else f"{told[: most - 3]}..."


def _redacted(value: Any, within: tuple[int, ...]) -> Any:
    if _is_endless(value, within):
        return HIDDEN
    within = (*within, id(value))
    if isinstance(value, dict):
        return {name: _redacted_field(name, item, within) for name, item in value.items()}
    if isinstance(value, (list, tuple)):
        return [_redacted(item, within) for item in value]
    if isinstance(value, str) and "://" in value:
        return re.sub(_URL, lambda found: url_without_secrets(found[0]), value)
    return value


def _redacted_field(name: object, value: Any, within: tuple[int, ...]) -> Any:
    if name in secret_names():
        return HIDDEN
    return url_without_secrets(value) if name in url_names() and isinstance(value, str) else _redacted(value, within)


def hidden_url(url: str) -> str:
    """An address as it would be written, without what may be a secret in it: who asks, the query, a stream's key."""
    return repr(url_without_secrets(url))


def url_without_secrets(url: str) -> str:
    """An address, as far as it may be told."""
    before, user, host, path, _, rest = _parts(url)
    if _is_of_stream(before) and path.strip("/"):
        return f"{before}{user and f'{HIDDEN}@'}{host}/{HIDDEN}"
    return f"{before}{user and f'{HIDDEN}@'}{host}{path}{rest and f'?{HIDDEN}'}"


def _secrets_of_url(url: str) -> Iterator[str]:
    """What must not be told of an address: user and password, query and fragment, the key of a stream; as they stand
    there, and as they are read.
    """
    before, user, _, path, query, rest = _parts(url)
    if not (user or rest or _is_of_stream(before)):
        return
    name, _, password = user.partition(":")
    found = [user, name, rest[1:], query, *query.split("&"), rest[1:].partition("#")[2]]
    found += [pair.partition("=")[2] for pair in re.split("[&;?#]", rest)]
    # Of a few letters anything may be made, and most of it is no secret. These are secrets of any length.
    told = [password, *(part for part in found if len(part) >= _LEAST and part not in _WORDS)]
    if _is_of_stream(before):
        told += [path.strip("/"), path.rpartition("/")[2]]
    yield from dict.fromkeys(form for part in filter(None, told) for form in (part, unquote_plus(part)))


class _Url(NamedTuple):
    """What an address is made of, whether it is a right one or not."""

    before: str
    """Scheme and slashes, where they are there."""
    user: str
    """User and password, with the colon."""
    host: str
    path: str
    query: str
    rest: str
    """Query and fragment, with their signs."""


def _parts(url: str) -> _Url:
    whole, sign = re.match(r"([^?#]*)(.*)", url, re.DOTALL).groups()  # type: ignore[union-attr]  # matches anything
    before = (re.match(r"[A-Za-z][A-Za-z0-9+.-]*:/+|/+|", whole) or [""])[0]
    place = whole[len(before) :]
    known = re.match(_PLACE, place)
    if known and (before or "@" not in place):
        user, host, path = known[1] or "", known[2], place[known.end() :]
    else:
        # Without a right scheme, or with a password that holds what ends a host: all that may be of a user is taken.
        user, at, place = place.rpartition("@")
        if not at and "@" in sign:
            user, place = place, ""
        host, slash, path = place.partition("/")
        path = slash + path
    query = sign[1:].partition("#")[0] if sign.startswith("?") else ""
    return _Url(before, user, host, path, query, sign)


def _is_of_stream(before: str) -> bool:
    return before.lower().startswith("rtmp")


def cleared(error: BaseException, secrets: Iterable[str]) -> BaseException:
    """An exception of what we send through, without these secrets: in its words, and in the request that hangs on it.

    In those that led to it, too. Nothing else of them is changed: one of somebody else's may be among them.
    """
    known = tuple(secrets)
    for each in chain(error):
        words = tuple(_cleared(word, known) for word in each.args)
        if any(new is not old for new, old in zip(words, each.args, strict=True)):
            each.args = words
        for name, value in vars(each).items():
            if (new := _cleared(value, known)) is not value:
                vars(each)[name] = new
    return error


def _cleared(value: Any, secrets: Iterable[str]) -> Any:
    if isinstance(value, str):
        text = scrub(value, secrets)
        return value if text == value else text
    headers = getattr(value, "headers", None)
    held = " ".join(map(str, headers.values())) if isinstance(headers, Mapping) else ""
    if not any(secret in held for secret in secrets):
        return value
    # httpx's requests may be missing; aiohttp's, which are tuples, are read where the exception is told.
    return value._replace(headers={}) if hasattr(value, "_replace") else None


def scrub(text: str, secrets: Iterable[str]) -> str:
    """A text from outside, with these secrets taken out wherever it repeats them."""
    # The longest first, so that one which is part of another leaves nothing of it behind.
    for secret in sorted(set(secrets), key=len, reverse=True):
        # As it stands in JSON, too: by Python, and by those who write a slash with a backslash.
        for form in {secret, json.dumps(secret)[1:-1], json.dumps(secret)[1:-1].replace("/", r"\/")}:
            # A short one is only taken out where it stands alone: "id" would be found in every "invalid".
            edge = r"(?<![A-Za-z0-9])%s(?![A-Za-z0-9])" if len(secret) < 6 else "%s"
            text = re.sub(edge % re.escape(form), HIDDEN, text)
    return text
