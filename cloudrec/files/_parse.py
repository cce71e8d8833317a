"""Reading of file names."""

import re
from datetime import UTC, datetime
from functools import cache
from typing import Any, TypeVar, overload

from .._contract.redact import shown
from .._contract.rule_texts import PATTERN
from ..errors import InvalidRequestError, Problem
from ._arguments import check
from ._name import FORMS, PATTERNS, PLACE, TYPES, FileName

# How some of a form's parts are told to people.
_WORDS = {"type": "audio|video|av", "time": "YYYYMMDDhhmmssSSS"}

D = TypeVar("D")
# Stands for a default that was not given, as None is one.
_RAISE: Any = object()


@overload
def parse_file_name(name: str) -> FileName: ...
@overload
def parse_file_name(name: str, default: D) -> FileName | D: ...
def parse_file_name(name: str, default: Any = _RAISE) -> Any:
    """The parts of a recorded file's name, or of its key in the bucket.

    It reads playlists, slices, MP4 files and screenshots of every mode, with ``bak<n>_`` in front of them where
    the recording had moved to another server, and what deferred transcoding and audio mixing leave.

    A channel name has no ``_`` in file names by the provider's rules. Where a name has more of them than its form, they
    are taken for a part of the channel name.

    A bucket may hold other files, too. For these there is ``default``::

        for key in keys:
            if (file := parse_file_name(key, None)) is not None:
                print(file.sid, file.type, file.time)

    A name is read as a whole or not at all: with an extension that is none of :attr:`FileName.extension` (``.txt``,
    ``.MP4``), with something after it (``….mp4.part``), or with another form than files of that extension have, it is
    another's, whatever its beginning looks like. Nothing of it is guessed.

    Args:
        name: The name; or the key, which is the name with its folders before it.
        default: What to return for a name that recorded files do not have. Left out, that is an error.

    Raises:
        InvalidRequestError: recorded files are not named so, and there is no ``default``. The error tells how they are.
            Or the name is no string.
    """
    try:
        return _parsed(name)
    except InvalidRequestError:
        if default is _RAISE or not isinstance(name, str):
            raise
        return default


def _parsed(name: str) -> FileName:
    check("parse_file_name", name=name)
    *prefix, last = name.split("/")
    stem, _, extension = last.rpartition(".")
    if extension not in FORMS:
        raise _wrong(name, f"must end in .{', .'.join(FORMS)}")
    found = next((match for pattern in _patterns(extension) if (match := pattern.fullmatch(stem))), None)
    parts = {part: text for part, text in found.groupdict().items() if text is not None} if found else {}
    time = _time(parts["time"]) if "time" in parts else None
    if found is None or ("time" in parts and time is None):
        raise _wrong(name, f"must be named {_in_words(extension)}")
    return FileName(
        name=last,
        prefix=tuple(prefix),
        sid=parts["sid"],
        cname=parts["cname"],
        uid=parts.get("uid"),
        type=TYPES[parts["type"]] if "type" in parts else None,
        extension=extension,
        time=time,
        codec=parts.get("codec"),
        stream=parts.get("stream"),
        segment=parts.get("segment"),
        index=_number(parts.get("index")),
        tick=_number(parts.get("tick")),
        backup=_number(parts.get("backup")),
    )


@cache
def _patterns(extension: str) -> tuple[re.Pattern[str], ...]:
    """The forms of an extension, the longest first: a tick and an index are not the end of a channel name.

    Those with a codec come last, since that may be spelt in any way.
    """
    forms = sorted(FORMS[extension], key=lambda form: ("<codec>" in form, -len(form)))
    return tuple(
        re.compile(
            "(?:bak(?P<backup>[0-9]{1,19})_)?" + PLACE.sub(lambda part: f"(?P{part[0]}{PATTERNS[part[1]]})", form),
            re.DOTALL,
        )
        for form in forms
    )


def _in_words(extension: str) -> str:
    forms = [PLACE.sub(lambda part: f"<{_WORDS.get(part[1], part[1])}>", form) for form in FORMS[extension]]
    return " or ".join(f"{form}.{extension}" for form in forms) + ", after bak<n>_ or not"


def _time(digits: str) -> datetime | None:
    # Not strptime(): that takes a month 13 for January, and goes on with the 3.
    year, (month, day, hour, minute, second) = digits[:4], (int(digits[at : at + 2]) for at in range(4, 14, 2))
    try:
        return datetime(int(year), month, day, hour, minute, second, int(digits[14:]) * 1000, UTC)
    except ValueError:
        return None


def _number(digits: str | None) -> int | None:
    return None if digits is None else int(digits)


def _wrong(name: str, rule: str) -> InvalidRequestError:
    # A link to a file in a bucket has its signature after the question mark.
    path, mark, _ = name.partition("?")
    return InvalidRequestError.of("parse_file_name", [Problem("name", shown(path + mark), rule, PATTERN)])
