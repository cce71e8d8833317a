"""Prediction of file names, where the service lists none."""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from attrs import frozen

from cloudrec_api.models.mode import Mode
from cloudrec_api.models.stream_mode import StreamMode
from cloudrec_api.models.stream_types import StreamTypes
from cloudrec_api.models.track_type import TrackType

from ._arguments import FILE_TYPES, check
from ._name import ALL, PLACE, TYPE_WORDS, TYPES, USER, FileName


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
    check("object_key", prefix=prefix, name=name)
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
    check("key_prefixes", sid=sid, prefix=prefix, failovers=failovers)
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
    check(
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
    shapes = [shape for file_type in FILE_TYPES if file_type in made for shape in find(file_type, users, of_each)]
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
    check("types_recorded", stream_types=stream_types, stream_mode=stream_mode, mode=mode)
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


def _of_everyone(file_type: str, _users: Iterable[Any], _kinds: Iterable[Any]) -> Iterator[_Shape]:
    if file_type == "hls":
        yield _Shape(ALL, "m3u8")
    elif file_type == "mp4":
        yield _Shape(f"{ALL}_<index>", "mp4", index=0)


def _of_users(file_type: str, users: Iterable[Any], kinds: Iterable[Any]) -> Iterator[_Shape]:
    if file_type == "hls":
        for user in users:
            for kind in map(_track_type, kinds):
                yield _Shape(f"{USER}<type>", "m3u8", str(user), kind)
                if kind is TrackType.AUDIO_AND_VIDEO:
                    yield _Shape(f"{USER}<type>", "mpd", str(user), kind)
    elif file_type == "mp4":
        for user in users:
            yield _Shape(f"{USER}<index>", "mp4", str(user), index=0)
    elif file_type != "jpg":
        yield _Shape(f"{ALL}_<index>", file_type, index=0)


def _of_raw(file_type: str, users: Iterable[Any], codecs: Iterable[Any]) -> Iterator[_Shape]:
    for user in users:
        for codec in codecs:
            if file_type == "hls":
                yield _Shape(f"{USER}<codec>", "m3u8", str(user), codec=codec)
                yield _Shape(f"{USER}<codec>", "mpd", str(user), codec=codec)
            elif file_type == "mp4":
                yield _Shape(f"{USER}<index>_<codec>", "mp4", str(user), codec=codec, index=0)


def _fill(shape: _Shape, backup: int | None, sid: str, cname: str, prefix: tuple[str, ...]) -> FileName:
    parts = {
        "sid": sid,
        "cname": cname,
        "uid": shape.uid,
        "type": None if shape.type is None else TYPE_WORDS[shape.type],
        "codec": shape.codec,
        "index": shape.index,
    }
    return FileName(
        name=f"{_before(backup)}{PLACE.sub(lambda part: str(parts[part[1]]), shape.form)}.{shape.extension}",
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
    return TYPES["av"] if kind == "av" else TrackType(kind)


def _entries(given: Any) -> Any:
    """A list's entries; what is no list stays as it is, for the check."""
    return list(given) if isinstance(given, Iterable) and not isinstance(given, (str, bytes, Mapping)) else given
