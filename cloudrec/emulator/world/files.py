"""The files of a recording, as they lie in the bucket and as the service lists them."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import count, groupby

# Not `from . import`: type checkers take that for an import of the package, and the package imports this.
import cloudrec.emulator.world.naming as naming

from .clock import Millis
from .media import WHOLE, Media, Run, Track, split
from .naming import Kind
from .recording import Recording
from .settings import Mode
from .subscription import AUDIO_ONLY, VIDEO_ONLY


@dataclass(frozen=True)
class RecordedFile:
    """One file in the bucket."""

    name: str
    """Its name, without folders."""
    key: str
    """Its key in the bucket, prefix and all."""
    uid: str
    """Whose it is; "0" where everyone is in it, and in web mode."""
    track_type: str
    """"audio", "video" or "audio_and_video"; "image" for a screenshot, which the service never lists."""
    slice_start_time: Millis
    """When it begins, in milliseconds since 1970."""
    listed: bool
    """Whether `query` and `stop` name it: playlists and MP4 files, not slices, not screenshots."""
    listed_as: str = ""
    """How they do."""


def listed_files(recording: Recording, now: Millis) -> list[RecordedFile]:
    """What the service names: playlists and MP4 files."""
    return _Bucket(recording, now).listed()


def all_files(recording: Recording, now: Millis) -> list[RecordedFile]:
    """What lies in the bucket."""
    bucket = _Bucket(recording, now)
    return [*bucket.listed(), *bucket.slices(), *bucket.screenshots()]


def screenshots(recording: Recording, now: Millis, since: Millis) -> list[RecordedFile]:
    """The screenshots that were taken from a moment on."""
    return list(_Bucket(recording, now).screenshots(since))


def track_type(kind: Kind, stream_types: int) -> str:
    """`trackType` of a file: what is in it, by its kind and by what is recorded at all."""
    if kind is not Kind.AV:
        return str(kind)
    only = {AUDIO_ONLY: "audio", VIDEO_ONLY: "video"}
    return only.get(stream_types, "audio_and_video")


def _plain(codec: str) -> str:
    """A codec without what its spellings differ in."""
    return "".join(filter(str.isalnum, codec)).upper()


def _is_dash(codec: str) -> bool:
    """Whether raw mode makes MPD and WebM of it."""
    return _plain(codec) in {"VP8", "VP9"}


def _finished(runs: list[Run]) -> Millis | None:
    """When the first finished slice begins."""
    return next((run.start for run in runs if run.first_slice_closes is not None), None)


class _Bucket:
    def __init__(self, recording: Recording, now: Millis) -> None:
        self._recording = recording
        self._settings = recording.settings
        self._now = now
        self._media: Media = recording.media(now)

    def listed(self) -> list[RecordedFile]:
        if not self._settings.records:
            return []
        match self._recording.mode:
            case Mode.INDIVIDUAL:
                return list(self._playlists_by_user())
            case Mode.RAW:
                return list(self._files_by_user())
        return list(self._playlist_and_mp4())

    def _files_by_user(self) -> Iterator[RecordedFile]:
        settings = self._settings
        for track, all_runs in self._media.items():
            for _, runs in self._by_restart(all_runs):
                begins = _finished(runs)
                if begins is None:
                    continue
                stem = self._stem(track.uid, track.kind, begins)
                # As in mix mode, where both are made, what is whole comes first.
                for extension, codec in self._whole(track):
                    for index, start in enumerate(split(runs, settings.mp4_length)):
                        yield self._file(naming.coded(stem, index, codec, extension), track.uid, track.kind, start)
                if settings.makes_playlists:
                    make = naming.mpd if _is_dash(track.codec) else naming.playlist
                    yield self._file(make(f"{stem}_{track.codec}"), track.uid, track.kind, begins)

    def _whole(self, track: Track) -> Iterator[tuple[str, str]]:
        """What is made of a user's media beside playlists and slices: extension and codec."""
        if self._settings.makes_mp4 and not _is_dash(track.codec) and _plain(track.codec) != "AV1":
            yield "mp4", track.codec
        if self._settings.makes_mp3:
            yield "mp3", "MP3"

    def _playlists_by_user(self) -> Iterator[RecordedFile]:
        merged: dict[tuple[str, int], Millis] = {}
        for track, all_runs in self._media.items():
            for restart, runs in self._by_restart(all_runs):
                begins = _finished(runs)
                if begins is None:
                    continue
                yield self._playlist(track.uid, track.kind, begins)
                key = track.uid, restart
                merged[key] = min(begins, merged.get(key, begins))
        if self._settings.stream_mode == "standard":
            for (uid, _), begins in merged.items():
                yield self._playlist(uid, Kind.AV, begins)

    def _playlist_and_mp4(self) -> Iterator[RecordedFile]:
        for _, runs in self._by_restart(self._media.get(WHOLE, [])):
            begins = _finished(runs)
            if begins is None:
                continue
            stem = self._stem("0", Kind.AV, begins)
            # MP4 before its playlist: two public code bases take the first of the list for the MP4 file.
            if self._settings.makes_mp4:
                for index, start in enumerate(split(runs, self._settings.mp4_length)):
                    yield self._file(naming.mp4(stem, index), "0", Kind.AV, start)
            yield self._file(naming.playlist(stem), "0", Kind.AV, begins)

    def _by_restart(self, runs: list[Run]) -> Iterator[tuple[int, list[Run]]]:
        """The runs between one failover and the next: each server writes files of its own."""
        for restart, group in groupby(runs, lambda run: self._restart(run.start)):
            yield restart, list(group)

    def _restart(self, moment: Millis) -> int:
        return bisect_right(self._recording.restarts, moment)

    def slices(self) -> Iterator[RecordedFile]:
        if not (self._settings.records and self._settings.makes_playlists):
            return
        for track, runs in self._media.items():
            numbers: dict[int, Iterator[int]] = {}
            for run in runs:
                stem = self._stem(track.uid, track.kind, run.start)
                for begins in run.slices():
                    if self._recording.mode is not Mode.RAW:
                        name = naming.slice_file(stem, begins)
                    elif _is_dash(track.codec):
                        number = next(numbers.setdefault(self._restart(begins), count(1)))
                        name = naming.segment(stem, 0, number, track.codec)
                    else:
                        name = naming.coded_slice(stem, begins, track.codec)
                    yield self._file(name, track.uid, track.kind, begins, listed=False)

    def screenshots(self, since: Millis = 0) -> Iterator[RecordedFile]:
        interval = self._settings.capture_interval
        if interval is None:
            return
        for track, runs in self._recording.pictures(self._now).items():
            for run in runs:
                stem = self._stem(track.uid, Kind.VIDEO, run.start)
                first = max(0, -((run.start - since) // interval))  # the number of the first that is not before `since`
                for taken in range(run.start + first * interval, run.end, interval):
                    name = naming.screenshot(stem, taken)
                    yield RecordedFile(name, self._key(name), track.uid, "image", taken, listed=False)

    def _playlist(self, uid: str, kind: Kind, begins: Millis) -> RecordedFile:
        return self._file(naming.playlist(self._stem(uid, kind, begins)), uid, kind, begins)

    def _stem(self, uid: str, kind: Kind, begins: Millis) -> str:
        sid, cname = self._recording.sid, self._recording.cname
        match self._recording.mode:
            case Mode.INDIVIDUAL:
                stem = naming.individual_stem(sid, cname, uid, kind)
            case Mode.RAW:
                stem = naming.user_stem(sid, cname, uid)
            case _:
                stem = naming.stem(sid, cname)
        return naming.backup(stem, self._restart(begins))

    def _file(self, name: str, uid: str, kind: Kind, begins: Millis, *, listed: bool = True) -> RecordedFile:
        kept = track_type(kind, self._settings.stream_types)
        key = self._key(name)
        shown = name if self._recording.lists_bare_names else key
        return RecordedFile(name, key, uid, kept, begins, listed, shown if listed else "")

    def _key(self, name: str) -> str:
        # The prefix given at the start: an update renews credentials, and a playlist cannot move.
        return naming.object_key(self._settings.prefix, name)
