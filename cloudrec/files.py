"""Names of recorded files: read into their parts, and predicted where the service lists none.

>>> file = parse_file_name("lessons/42/bak0_38f8e3cf_lesson-42__uid_s_101__uid_e_audio_20260101000003250.ts")
>>> file.prefix, file.sid, file.cname, file.uid, str(file.type), file.backup
(('lessons', '42'), '38f8e3cf', 'lesson-42', '101', 'audio', 0)
>>> str(file.time)
'2026-01-01 00:00:03.250000+00:00'

Pure functions: nothing here asks the service, or a bucket.
"""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import UTC, datetime
from functools import cache
from typing import Any, TypeAlias, TypeVar, overload

from attrs import frozen

from cloudrec_api.models.mode import Mode
from cloudrec_api.models.stream_mode import StreamMode
from cloudrec_api.models.stream_types import StreamTypes
from cloudrec_api.models.track_type import TrackType

from ._contract.redact import shown
from ._contract.rule_texts import LISTED_VALUE, PATTERN, RANGE
from .errors import InvalidRequestError, Problem

_TYPES = {"audio": TrackType.AUDIO, "video": TrackType.VIDEO, "av": TrackType.AUDIO_AND_VIDEO}
_TYPE_WORDS = {kind: word for word, kind in _TYPES.items()}

# How files are named, by extension: the pages "Manage recorded files" and "Screen capture" and, for what is made after
# the recording (MP4 of one user, MP3, M4A, AAC), the Chinese page of the first. On no page, but in buckets: `av`, the
# merged playlist of streamMode standard. Those with `<codec>`, and screenshots without `<type>`, are of `raw` mode and
# on an unmerged branch of the provider's alone, which does not say how a codec is spelt; for MP3 it has no form, so MP3
# is read in the forms of MP4. Here `<time>` stands for what the pages call utc.
_ALL, _USER = "<sid>_<cname>", "<sid>_<cname>__uid_s_<uid>__uid_e_"
_FORMS: dict[str, tuple[str, ...]] = {
    "m3u8": (
        _ALL,
        f"{_ALL}_<tick>_<index>",
        f"{_USER}<type>",
        f"{_USER}<type>_<tick>_<index>",
        f"{_USER}<codec>",
        f"{_USER}<codec>_<tick>_<index>",
    ),
    "mpd": (f"{_USER}<type>", f"{_USER}<codec>"),
    "ts": (f"{_ALL}_<time>", f"{_USER}<type>_<time>", f"{_USER}<time>_<codec>"),
    "webm": (f"{_ALL}_<time>", f"{_USER}<type>_<time>", f"{_USER}<stream>_<segment>_<codec>"),
    "jpg": (f"{_USER}<type>_<time>", f"{_USER}<time>"),
    "mp4": (f"{_ALL}_<index>", f"{_USER}<index>", f"{_USER}<index>_<codec>"),
    "mp3": (f"{_ALL}_<index>", f"{_USER}<index>", f"{_USER}<index>_<codec>", f"{_USER}<codec>"),
    "m4a": (f"{_ALL}_<index>",),
    "aac": (f"{_ALL}_<index>",),
}
# Each pattern can end in one place only, so that no name takes long, whatever is in it.
_PATTERNS = {
    "sid": "(?!bak[0-9]+_)[^_]+",
    "cname": "(?:(?!__uid_s_).)+",
    "uid": "(?:(?!__uid_e_).)+",
    "type": "|".join(_TYPES),
    "time": "[0-9]{17}",
    "tick": "[0-9]{1,19}",
    "index": "[0-9]{1,19}",
    "codec": "(?!(?:audio|video|av)_)(?=[0-9._+-]*[A-Za-z])[0-9A-Za-z][0-9A-Za-z._+-]{0,63}",
    "stream": "[0-9A-Za-z]{1,32}",
    "segment": "[0-9A-Za-z]{1,32}",
}
_WORDS = {"type": "audio|video|av", "time": "YYYYMMDDhhmmssSSS"}
_PLACE = re.compile(r"<(\w+)>")


D = TypeVar("D")
# Stands for a default that was not given, as None is one.
_RAISE: Any = object()


@frozen(kw_only=True)
class FileName:
    """The parts of a recorded file's name, as :func:`parse_file_name` and :func:`predict_files` give them."""

    name: str
    """The name itself, without folders."""
    prefix: tuple[str, ...] = ()
    """The folders before it, as in ``fileNamePrefix``."""
    sid: str
    """The recording's ID."""
    cname: str
    """The channel name as it stands in file names, where its special characters have become ``-``."""
    uid: str | None = None
    """Whose stream it holds; None where it holds everyone's."""
    type: TrackType | None = None
    """What it holds of a user's stream. None where the name does not say: in the modes `mix`, `web` and `raw`, and of a
    file that was made after the recording (deferred transcoding, audio mix)."""
    extension: str
    """``m3u8`` (playlist), ``mpd`` (playlist of WebM slices), ``ts`` and ``webm`` (slices), ``mp4``, ``mp3``, ``m4a``,
    ``aac``, ``jpg`` (screenshot)."""
    time: datetime | None = None
    """When the slice begins, or the screenshot was taken: in UTC, to the millisecond."""
    codec: str | None = None
    """In `raw` mode, what it is coded in, as it is spelt in the name, such as ``H264``; nobody says how that is."""
    stream: str | None = None
    """In `raw` mode, of a WebM slice, which of the MPD's streams it belongs to."""
    segment: str | None = None
    """In `raw` mode, of a WebM slice, which segment of its stream it is."""
    index: int | None = None
    """Of MP4, MP3, M4A and AAC files, which one it is, from 0; of a playlist that was sent again from the provider's
    backup, which version, from 0."""
    tick: int | None = None
    """Of a playlist that was sent again from the provider's backup: a number that goes by its time. The same playlist
    lies there under the name without tick and index, too; the larger of the two counts."""
    backup: int | None = None
    """The n of ``bak<n>_``: 0 after the recording's first move to another server, 1 after its second; None before."""

    @property
    def key(self) -> str:
        """Its key in the bucket: folders and name."""
        return "/".join((*self.prefix, self.name))

    @property
    def is_playlist(self) -> bool:
        """Whether it lists slices, and holds no media itself."""
        return self.extension in ("m3u8", "mpd")


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
    _check("parse_file_name", name=name)
    *prefix, last = name.split("/")
    stem, _, extension = last.rpartition(".")
    if extension not in _FORMS:
        raise _wrong(name, f"must end in .{', .'.join(_FORMS)}")
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
        type=_TYPES[parts["type"]] if "type" in parts else None,
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
    forms = sorted(_FORMS[extension], key=lambda form: ("<codec>" in form, -len(form)))
    return tuple(
        re.compile(
            "(?:bak(?P<backup>[0-9]{1,19})_)?" + _PLACE.sub(lambda part: f"(?P{part[0]}{_PATTERNS[part[1]]})", form),
            re.DOTALL,
        )
        for form in forms
    )


def _in_words(extension: str) -> str:
    forms = [_PLACE.sub(lambda part: f"<{_WORDS.get(part[1], part[1])}>", form) for form in _FORMS[extension]]
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


# ------------------------------------------------------------------------------------------- prediction


def object_key(prefix: Sequence[str], name: str) -> str:
    """The key in the bucket of a file that the service lists, with its folders or without them.

    >>> object_key(["lessons", "42"], "38f8e3cf_lesson-42.m3u8")
    'lessons/42/38f8e3cf_lesson-42.m3u8'
    >>> object_key(["lessons", "42"], "lessons/42/38f8e3cf_lesson-42.m3u8")
    'lessons/42/38f8e3cf_lesson-42.m3u8'

    Args:
        prefix: The folders, as in ``fileNamePrefix``.
        name: The file's name. One that has folders is the key already: the name itself has no ``/``.

    Raises:
        InvalidRequestError: an argument breaks its rule.
    """
    _check("object_key", prefix=prefix, name=name)
    return name if "/" in name else "/".join((*prefix, name))


def key_prefixes(sid: str, *, prefix: Sequence[str] = (), failovers: int = 1) -> tuple[str, ...]:
    """What the keys of all files of a recording begin with, for listing a bucket.

    >>> key_prefixes("38f8e3cf", prefix=["lessons", "42"])
    ('lessons/42/38f8e3cf_', 'lessons/42/bak0_38f8e3cf_')

    Args:
        sid: The recording's ID.
        prefix: The folders, as in ``fileNamePrefix``. None by default.
        failovers: How many moves to another server are reckoned with, 0 to 100. 1 by default.

    Raises:
        InvalidRequestError: an argument breaks its rule.
    """
    _check("key_prefixes", sid=sid, prefix=prefix, failovers=failovers)
    return tuple("/".join((*prefix, f"{_before(backup)}{sid}_")) for backup in _backups(failovers))


def predict_files(
    *,
    mode: Mode | str,
    sid: str,
    cname: str,
    prefix: Sequence[str] = (),
    file_types: Iterable[str] = ("hls",),
    uids: Iterable[str | int] = (),
    types: Iterable[TrackType | str] = (TrackType.AUDIO, TrackType.VIDEO),
    codecs: Iterable[str] = (),
    failovers: int = 1,
) -> tuple[FileName, ...]:
    """The files that a recording leaves by the rules of naming: its playlists, and the first of its other files.

    >>> for file in predict_files(mode="mix", sid="38f8e3cf", cname="a+b", prefix=["42"], file_types=["hls", "mp4"]):
    ...     print(file.key)
    42/38f8e3cf_a-b.m3u8
    42/38f8e3cf_a-b_0.mp4
    42/bak0_38f8e3cf_a-b.m3u8
    42/bak0_38f8e3cf_a-b_0.mp4

    Which of them are there, the bucket knows: those with ``bak<n>_`` only after a move to another server, a user's only
    where that user sent something, ``mpd`` only where a browser sent VP8 (in `raw` mode also VP9). Slices and
    screenshots are named by their moments, which nobody can predict; :func:`key_prefixes` finds all.

    By the provider's rules a ``_`` of the channel name becomes ``-``, but there are buckets where it stayed. Where the
    channel name has one, the names that keep it follow those that do not.

    Args:
        mode: The recording's mode.
        sid: The recording's ID.
        cname: The channel name, as in the calls.
        prefix: The folders, as in ``fileNamePrefix``. None by default.
        file_types: Kinds of files that were asked for: ``hls``, ``mp4`` (in `individual` mode the files of deferred
            transcoding), ``mp3``, ``m4a`` or ``aac`` (those of deferred audio mixing), and ``jpg``, of which nothing
            follows. ``["hls"]`` by default.
        uids: In `individual` and `raw` mode, the users whose files are meant. None by default.
        types: In `individual` mode, what is recorded of each; :func:`types_recorded` tells. Audio and video by default.
        codecs: In `raw` mode, how the codecs are spelt in names, such as ``["H264"]``. Nobody says how, so there are
            none by default, and no names follow then: :func:`key_prefixes` finds the files. Nor does anybody say how
            MP3 is named in that mode: of it no names follow.
        failovers: How many moves to another server are reckoned with, 0 to 100. 1 by default.

    Raises:
        InvalidRequestError: an argument breaks its rule.
    """
    made, users, kinds, coded = _entries(file_types), _entries(uids), _entries(types), _entries(codecs)
    _check(
        "predict_files",
        mode=mode,
        sid=sid,
        cname=cname,
        prefix=prefix,
        file_types=made,
        uids=users,
        types=kinds,
        codecs=coded,
        failovers=failovers,
    )
    find = {Mode.INDIVIDUAL: _of_users, Mode.RAW: _of_raw}.get(Mode(mode), _of_everyone)
    of_each = coded if mode == Mode.RAW else kinds
    shapes = [shape for file_type in _FILE_TYPES if file_type in made for shape in find(file_type, users, of_each)]
    return tuple(
        _fill(shape, backup, sid, spelled, tuple(prefix))
        for spelled in _spellings(cname)
        for backup in _backups(failovers)
        for shape in shapes
    )


def types_recorded(
    stream_types: StreamTypes | int = StreamTypes.AUDIO_AND_VIDEO,
    stream_mode: StreamMode | str = StreamMode.DEFAULT,
    *,
    mode: Mode | str = Mode.INDIVIDUAL,
) -> tuple[TrackType, ...]:
    """What the files of each user hold in `individual` and `raw` mode, by ``streamTypes`` and ``streamMode``.

    ``audio_and_video`` is the playlist of both that ``streamMode`` ``standard`` adds in `individual` mode. In `raw`
    mode a user has one file, of both, or of the one that is recorded.

    Raises:
        InvalidRequestError: an argument is none of the API's values.
    """
    _check("types_recorded", stream_types=stream_types, stream_mode=stream_mode, mode=mode)
    if mode == Mode.RAW:
        only = {StreamTypes.AUDIO_ONLY: TrackType.AUDIO, StreamTypes.VIDEO_ONLY: TrackType.VIDEO}
        return (only.get(StreamTypes(stream_types), TrackType.AUDIO_AND_VIDEO),)
    audio = (TrackType.AUDIO,) if stream_types != StreamTypes.VIDEO_ONLY else ()
    video = (TrackType.VIDEO,) if stream_types != StreamTypes.AUDIO_ONLY else ()
    both = (TrackType.AUDIO_AND_VIDEO,) if stream_mode == StreamMode.STANDARD else ()
    return (*audio, *video, *both)


@frozen
class _Shape:
    """A name to be filled in."""

    form: str
    extension: str
    uid: str | None = None
    type: TrackType | None = None
    codec: str | None = None
    index: int | None = None


_FILE_TYPES = ("hls", "mp4", "mp3", "m4a", "aac", "jpg")


def _of_everyone(file_type: str, _users: Iterable[Any], _kinds: Iterable[Any]) -> Iterator[_Shape]:
    if file_type == "hls":
        yield _Shape(_ALL, "m3u8")
    elif file_type == "mp4":
        yield _Shape(f"{_ALL}_<index>", "mp4", index=0)


def _of_users(file_type: str, users: Iterable[Any], kinds: Iterable[Any]) -> Iterator[_Shape]:
    if file_type == "hls":
        for user in users:
            for kind in map(_track_type, kinds):
                yield _Shape(f"{_USER}<type>", "m3u8", str(user), kind)
                if kind is TrackType.AUDIO_AND_VIDEO:
                    yield _Shape(f"{_USER}<type>", "mpd", str(user), kind)
    elif file_type == "mp4":
        for user in users:
            yield _Shape(f"{_USER}<index>", "mp4", str(user), index=0)
    elif file_type != "jpg":
        yield _Shape(f"{_ALL}_<index>", file_type, index=0)


def _of_raw(file_type: str, users: Iterable[Any], codecs: Iterable[Any]) -> Iterator[_Shape]:
    for user in users:
        for codec in codecs:
            if file_type == "hls":
                yield _Shape(f"{_USER}<codec>", "m3u8", str(user), codec=codec)
                yield _Shape(f"{_USER}<codec>", "mpd", str(user), codec=codec)
            elif file_type == "mp4":
                yield _Shape(f"{_USER}<index>_<codec>", "mp4", str(user), codec=codec, index=0)


def _fill(shape: _Shape, backup: int | None, sid: str, cname: str, prefix: tuple[str, ...]) -> FileName:
    parts = {
        "sid": sid,
        "cname": cname,
        "uid": shape.uid,
        "type": None if shape.type is None else _TYPE_WORDS[shape.type],
        "codec": shape.codec,
        "index": shape.index,
    }
    return FileName(
        name=f"{_before(backup)}{_PLACE.sub(lambda part: str(parts[part[1]]), shape.form)}.{shape.extension}",
        prefix=prefix,
        sid=sid,
        cname=cname,
        uid=shape.uid,
        type=shape.type,
        extension=shape.extension,
        codec=shape.codec,
        index=shape.index,
        backup=backup,
    )


def _spellings(cname: str) -> list[str]:
    """How the channel name may stand in file names: by the provider's rule, and with `_` as it is."""
    # What is no letter, digit, space or "-" is special; the provider's list of the others says "including".
    ruled, kept = re.sub(r"[^0-9A-Za-z -]", "-", cname), re.sub(r"[^0-9A-Za-z _-]", "-", cname)
    return [ruled] if ruled == kept else [ruled, kept]


def _backups(failovers: int) -> tuple[int | None, ...]:
    return (None, *range(failovers))


def _before(backup: int | None) -> str:
    return "" if backup is None else f"bak{backup}_"


def _track_type(kind: TrackType | str) -> TrackType:
    return _TYPES["av"] if kind == "av" else TrackType(kind)


# ------------------------------------------------------------------------------------------- arguments


def _entries(given: Any) -> Any:
    """A list's entries; what is no list stays as it is, for the check."""
    return list(given) if isinstance(given, Iterable) and not isinstance(given, (str, bytes, Mapping)) else given


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
    "file_types": _among(_FILE_TYPES, each=True),
    "types": _among([*TrackType, "av"], each=True),
    "codecs": (
        _each(lambda value: isinstance(value, str) and bool(re.fullmatch(_PATTERNS["codec"], value))),
        "must be a list of codecs, as they are spelt in file names",
        PATTERN,
    ),
}


def _check(where: str, **given: object) -> None:
    """Raise InvalidRequestError that names every argument which breaks its rule."""
    problems = []
    for name, value in given.items():
        holds, rule, rule_name = _RULES[name]
        if not holds(value):
            problems.append(Problem(name, shown(value), rule, rule_name))
    if problems:
        raise InvalidRequestError.of(where, problems)


def _wrong(name: str, rule: str) -> InvalidRequestError:
    # A link to a file in a bucket has its signature after the question mark.
    path, mark, _ = name.partition("?")
    return InvalidRequestError.of("parse_file_name", [Problem("name", shown(path + mark), rule, PATTERN)])
