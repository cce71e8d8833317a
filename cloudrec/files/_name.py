"""`FileName`: the parts of a recorded file's name, and the forms that names have."""

import re
from datetime import datetime

from attrs import frozen

from cloudrec_api.models.track_type import TrackType

TYPES = {"audio": TrackType.AUDIO, "video": TrackType.VIDEO, "av": TrackType.AUDIO_AND_VIDEO}
TYPE_WORDS = {kind: word for word, kind in TYPES.items()}

# How files are named, by extension: the pages "Manage recorded files" and "Screen capture" and, for what is made after
# the recording (MP4 of one user, MP3, M4A, AAC), the Chinese page of the first. On no page, but in buckets: `av`, the
# merged playlist of streamMode standard. Those with `<codec>`, and screenshots without `<type>`, are of `raw` mode and
# on an unmerged branch of the provider's alone, which does not say how a codec is spelt; for MP3 it has no form, so MP3
# is read in the forms of MP4. Here `<time>` stands for what the pages call utc.
ALL, USER = "<sid>_<cname>", "<sid>_<cname>__uid_s_<uid>__uid_e_"
FORMS: dict[str, tuple[str, ...]] = {
    "m3u8": (
        ALL,
        f"{ALL}_<tick>_<index>",
        f"{USER}<type>",
        f"{USER}<type>_<tick>_<index>",
        f"{USER}<codec>",
        f"{USER}<codec>_<tick>_<index>",
    ),
    "mpd": (f"{USER}<type>", f"{USER}<codec>"),
    "ts": (f"{ALL}_<time>", f"{USER}<type>_<time>", f"{USER}<time>_<codec>"),
    "webm": (f"{ALL}_<time>", f"{USER}<type>_<time>", f"{USER}<stream>_<segment>_<codec>"),
    "jpg": (f"{USER}<type>_<time>", f"{USER}<time>"),
    "mp4": (f"{ALL}_<index>", f"{USER}<index>", f"{USER}<index>_<codec>"),
    "mp3": (f"{ALL}_<index>", f"{USER}<index>", f"{USER}<index>_<codec>", f"{USER}<codec>"),
    "m4a": (f"{ALL}_<index>",),
    "aac": (f"{ALL}_<index>",),
}
# Each pattern can end in one place only, so that no name takes long, whatever is in it.
PATTERNS = {
    "sid": "(?!bak[0-9]+_)[^_]+",
    "cname": "(?:(?!__uid_s_).)+",
    "uid": "(?:(?!__uid_e_).)+",
    "type": "|".join(TYPES),
    "time": "[0-9]{17}",
    "tick": "[0-9]{1,19}",
    "index": "[0-9]{1,19}",
    "codec": "(?!(?:audio|video|av)_)(?=[0-9._+-]*[A-Za-z])[0-9A-Za-z][0-9A-Za-z._+-]{0,63}",
    "stream": "[0-9A-Za-z]{1,32}",
    "segment": "[0-9A-Za-z]{1,32}",
}
PLACE = re.compile(r"<(\w+)>")


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
