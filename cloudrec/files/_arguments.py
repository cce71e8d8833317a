"""Rules for the arguments of functions on file names."""

import re
from collections.abc import Callable, Iterable
from typing import Any, TypeAlias

from cloudrec_api.models.mode import Mode
from cloudrec_api.models.stream_mode import StreamMode
from cloudrec_api.models.stream_types import StreamTypes
from cloudrec_api.models.track_type import TrackType

from .._contract.redact import shown
from .._contract.rule_texts import LISTED_VALUE, PATTERN, RANGE
from ..errors import InvalidRequestError, Problem
from ._name import PATTERNS

FILE_TYPES = ("hls", "mp4", "mp3", "m4a", "aac", "jpg")


def _is_text(value: Any) -> bool:
    return isinstance(value, str) and value != ""


def _is_segment(value: Any) -> bool:
    return _is_text(value) and "/" not in value


def _is_user(value: Any) -> bool:
    return str(value).isascii() and str(value).isdigit() and isinstance(value, (int, str))


# Whether a value keeps it, its words, and its name.
_Rule: TypeAlias = tuple[Callable[[Any], bool], str, str]


def _each(holds: Callable[[Any], bool]) -> Callable[[Any], bool]:
    return lambda value: isinstance(value, (list, tuple)) and all(map(holds, value))


def _among(values: Iterable[Any], *, each: bool = False) -> _Rule:
    listed = list(values)
    words = ", ".join(str(getattr(item, "value", item)) for item in listed)

    def holds(value: Any) -> bool:
        # True is 1 to Python, and no value of the API.
        return value in listed and not isinstance(value, bool)

    if each:
        return _each(holds), f"must be a list of any of {words}", LISTED_VALUE
    return holds, f"must be one of {words}", LISTED_VALUE


_RULES: dict[str, _Rule] = {
    "name": (_is_text, "must be a string that is not empty", PATTERN),
    "sid": (_is_segment, "must be a string that is not empty, without /", PATTERN),
    "cname": (_is_text, "must be a string that is not empty", PATTERN),
    "prefix": (_each(_is_segment), "must be a list of folders, without /", PATTERN),
    "uids": (_each(_is_user), "must be a list of user IDs", PATTERN),
    "failovers": (
        lambda value: isinstance(value, int) and not isinstance(value, bool) and 0 <= value <= 100,
        "must be a whole number from 0 to 100",
        RANGE,
    ),
    "mode": _among(Mode),
    "stream_types": _among(StreamTypes),
    "stream_mode": _among(StreamMode),
    "file_types": _among(FILE_TYPES, each=True),
    "types": _among([*TrackType, "av"], each=True),
    "codecs": (
        _each(lambda value: isinstance(value, str) and bool(re.fullmatch(PATTERNS["codec"], value))),
        "must be a list of codecs, as they are spelt in file names",
        PATTERN,
    ),
}


def check(where: str, **given: object) -> None:
    """Raise InvalidRequestError that names every argument which breaks its rule."""
    problems = []
    for name, value in given.items():
        holds, rule, rule_name = _RULES[name]
        if not holds(value):
            problems.append(Problem(name, shown(value), rule, rule_name))
    if problems:
        raise InvalidRequestError.of(where, problems)
