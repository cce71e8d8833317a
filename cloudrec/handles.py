"""`RecordingHandle`: what is kept of a recording to find it again, from another process or after a crash.

A handle is a plain dict, so that ``json.dumps(recording.handle)`` is all it takes to keep one.
"""

from typing import Final, TypedDict

VERSION: Final = 1


class RecordingHandle(TypedDict):
    """Which recording, and what is needed to say where its files are. JSON-able, and without secrets."""

    version: int
    """1."""
    app_id: str
    """App ID of the project."""
    mode: str
    """``individual``, ``raw``, ``mix`` or ``web``."""
    cname: str
    """Channel, or in `web` mode the name that was given."""
    uid: str
    """The recorder's user ID."""
    resource_id: str
    """From ``acquire``."""
    sid: str | None
    """From ``start``; None before that has answered."""
    started_at: float | None
    """When ``start`` was sent, in seconds since 1970; None before that."""
    resource_expired_hour: int
    """Hours after the start in which it can be queried and stopped."""
    max_idle_time: int | None
    """Seconds after which an empty channel ends it; None in `web` mode."""
    max_recording_hour: int | None
    """Hours after which it ends by itself; None but in `web` mode."""
    prefix: list[str]
    """Folders of the files in the bucket."""
    files: list[str]
    """Kinds of files: ``hls``, ``mp4``, ``mp3``, and ``jpg`` for screenshots."""
    uids: list[str]
    """Users that were named to be recorded, in `individual` and `raw` mode; empty where everyone is."""
    stream_types: int
    """Media that are recorded: 0 audio, 1 video, 2 both."""
    kinds: list[str]
    """What the files of each user hold, in `individual` and `raw` mode: ``audio``, ``video``, ``audio_and_video``."""
