"""File names, by the provider's rules.

The service lists files with the folders of `storageConfig.fileNamePrefix`. No page shows it; three public code bases
say so, one of them as the mending of keys that had their folders twice, and a support ticket shows
`quickstart/<sid>_….m3u8`. `Emulator(bare_names=True)` lists names alone.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import UTC, datetime
from enum import StrEnum

from .clock import SECOND, Millis

# The provider names the characters that become "-": every special character of a channel name.
# Letters, digits, the space and "-" itself are what is left. Web recordings take any cname, so the
# rule is written the other way round: whatever is none of these is replaced.
_SPECIAL = re.compile(r"[^0-9A-Za-z \-]")


class Kind(StrEnum):
    """What a file of an individual recording holds."""

    AUDIO = "audio"
    VIDEO = "video"
    #: The merged playlist of `streamMode` standard. Not on the provider's page of names; buckets
    #: in the wild hold `…__uid_e_av.m3u8`.
    AV = "av"


def stem(sid: str, cname: str) -> str:
    """What every name of a recording begins with."""
    return f"{sid}_{_SPECIAL.sub('-', cname)}"


def backup(stem: str, failovers: int) -> str:
    """A stem after so many failovers. The first is number 0."""
    return f"bak{failovers - 1}_{stem}" if failovers else stem


def individual_stem(sid: str, cname: str, uid: str, kind: Kind) -> str:
    """What the names of one user's audio or video begin with."""
    return f"{stem(sid, cname)}__uid_s_{uid}__uid_e_{kind}"


def user_stem(sid: str, cname: str, uid: str) -> str:
    """What the names of one user's files in raw mode begin with."""
    return f"{stem(sid, cname)}__uid_s_{uid}__uid_e"


def timestamp(moment: Millis) -> str:
    """A moment as `YYYYMMDDhhmmssSSS` in UTC."""
    seconds, millis = divmod(moment, SECOND)
    return datetime.fromtimestamp(seconds, tz=UTC).strftime("%Y%m%d%H%M%S") + f"{millis:03d}"


def playlist(stem: str) -> str:
    """The playlist of a stem."""
    return f"{stem}.m3u8"


def slice_file(stem: str, begins: Millis) -> str:
    """One slice of a playlist, by the moment at which it begins."""
    return f"{stem}_{timestamp(begins)}.ts"


def mp4(stem: str, index: int) -> str:
    """The MP4 file of this index; the first is 0."""
    return f"{stem}_{index}.mp4"


def mpd(stem: str) -> str:
    """The playlist of a stem in raw mode, of VP8 and VP9."""
    return f"{stem}.mpd"


def coded_slice(stem: str, begins: Millis, codec: str) -> str:
    """One slice in raw mode, by the moment at which it begins."""
    return f"{stem}_{timestamp(begins)}_{codec}.ts"


def segment(stem: str, stream: int, number: int, codec: str) -> str:
    """One slice in raw mode, of VP8 and VP9, by its number in its stream."""
    return f"{stem}_{stream}_{number}_{codec}.webm"


def coded(stem: str, index: int, codec: str, extension: str) -> str:
    """The MP4 or MP3 file of this index in raw mode; the first is 0. How MP3 is named, nobody says."""
    return f"{stem}_{index}_{codec}.{extension}"


def screenshot(stem: str, taken: Millis) -> str:
    """A screenshot, by the moment at which it was taken."""
    return f"{stem}_{timestamp(taken)}.jpg"


def object_key(prefix: Sequence[str], name: str) -> str:
    """Where a file lies in the bucket."""
    return "/".join([*prefix, name])
