"""Media: from who sent what, and when, to the slices that are recorded."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator
from dataclasses import dataclass
from itertools import pairwise

from .clock import SECOND, Millis
from .naming import Kind

#: A slice closes when it is this long, or when its stream stops.
SLICE_LENGTH: Millis = 15 * SECOND


@dataclass(frozen=True)
class Track:
    """One line of media: a user's audio or video, or (uid "0") everything in one."""

    uid: str
    kind: Kind
    #: In raw mode, what it is coded in.
    codec: str = ""


#: The one track of a composite or a web recording.
WHOLE = Track("0", Kind.AV)


@dataclass(frozen=True)
class Run:
    """Media without interruption."""

    start: Millis
    end: Millis
    #: Nothing more is coming: the stream stopped, or the recording ended.
    closed: bool

    @property
    def first_slice_closes(self) -> Millis | None:
        """When its first slice was finished; None when that is still to come."""
        full = self.start + SLICE_LENGTH
        if full <= self.end:
            return full
        return self.end if self.closed else None

    def slices(self) -> Iterator[Millis]:
        """When each finished slice begins."""
        begins = self.start
        while begins + SLICE_LENGTH <= self.end or (self.closed and begins < self.end):
            yield begins
            begins += SLICE_LENGTH


Media = dict[Track, list[Run]]


def collect(
    changes: Iterable[Millis],
    start: Millis,
    until: Millis,
    ended: bool,
    live_at: Callable[[Millis], Iterable[Track]],
    breaks: Collection[Millis] = (),
) -> Media:
    """The runs of each track between two moments.

    `live_at` says which tracks receive media at a moment; between two `changes` the answer is the
    same. `ended` says that nothing follows `until`. At a break every run ends, and what goes on is a new one.
    """
    media: Media = {}
    if start >= until:
        return media
    edges = [start, *sorted({moment for moment in (*changes, *breaks) if start < moment < until}), until]
    going_on = set() if ended else set(live_at(until))
    for begin, end in pairwise(edges):
        for track in live_at(begin):
            closed = end < until or track not in going_on
            runs = media.setdefault(track, [])
            if runs and runs[-1].end == begin and begin not in breaks:
                runs[-1] = Run(runs[-1].start, end, closed)
            else:
                runs.append(Run(begin, end, closed))
    return media


def split(runs: Iterable[Run], length: Millis) -> Iterator[Millis]:
    """When each file begins, where a new one is begun after so much media."""
    room = 0
    for run in runs:
        begins = run.start
        while begins < run.end:
            if room == 0:
                yield begins
                room = length
            step = min(room, run.end - begins)
            begins += step
            room -= step
