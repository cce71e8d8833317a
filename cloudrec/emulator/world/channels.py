"""Channels: who is in them, and which streams they send."""

from __future__ import annotations

import threading
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from .clock import Clock
from .history import History

MAX_UID = 2**32 - 1
DEFAULT_CODEC = "H264"


@dataclass(frozen=True)
class Stream:
    """What one user sends into a channel."""

    uid: str
    """Whose it is."""
    audio: bool = True
    """Whether there is sound."""
    video: bool = True
    """Whether there is a picture."""
    codec: str = DEFAULT_CODEC
    """What the picture is coded in, spelt as the names of files in raw mode are to spell it: nobody says how."""

    def __init__(self, uid: int | str, *, audio: bool = True, video: bool = True, codec: str = DEFAULT_CODEC) -> None:
        object.__setattr__(self, "uid", checked_uid(uid))
        object.__setattr__(self, "audio", audio)
        object.__setattr__(self, "video", video)
        object.__setattr__(self, "codec", codec)

    @property
    def sends(self) -> bool:
        """Whether anything is sent at all."""
        return self.audio or self.video


#: Who is in a channel at one moment, in the order in which they joined.
People = Mapping[str, Stream]


def checked_uid(uid: int | str) -> str:
    """A user ID as the decimal string that the service uses; ValueError when it cannot be one."""
    text = str(uid)
    if isinstance(uid, bool) or not (text.isascii() and text.isdigit()) or not 1 <= int(text) <= MAX_UID:
        raise ValueError(f"uid must be a whole number from 1 to {MAX_UID}, not {uid!r}")
    return str(int(text))


class Channel:
    """One channel. People join it, mute and unmute themselves, and leave it.

    Every change counts from the emulator's present on; nobody can change the past.
    """

    def __init__(self, name: str, clock: Clock, lock: threading.RLock, people: Iterable[Stream] = ()) -> None:
        self.name = name
        self.history: History[People] = History({stream.uid: stream for stream in people})
        self._clock = clock
        self._lock = lock

    @property
    def people(self) -> tuple[Stream, ...]:
        """Who is in the channel now, in the order in which they joined."""
        return tuple(self.history.latest.values())

    def join(self, uid: int | str, *, audio: bool = True, video: bool = True, codec: str = DEFAULT_CODEC) -> None:
        """Somebody comes in, sending audio and video unless told otherwise.

        `codec` is what the picture is coded in, for recordings in raw mode: of "VP8" and "VP9" they make MPD and WebM
        in place of M3U8 and TS, and no MP4; of "AV1" no MP4.
        """
        stream = Stream(uid, audio=audio, video=video, codec=codec)
        with self._lock:
            if stream.uid in self.history.latest:
                raise ValueError(f"{stream.uid} is already in channel {self.name!r}")
            self._put(stream)

    def leave(self, uid: int | str) -> None:
        """Somebody goes."""
        with self._lock:
            gone = self._present(uid).uid
            self._set({key: stream for key, stream in self.history.latest.items() if key != gone})

    def mute(self, uid: int | str, *, audio: bool = False, video: bool = False) -> None:
        """Somebody stops sending audio, or video, or (with neither named) both."""
        self._switch(uid, audio, video, on=False)

    def unmute(self, uid: int | str, *, audio: bool = False, video: bool = False) -> None:
        """Somebody sends audio, or video, or (with neither named) both again."""
        self._switch(uid, audio, video, on=True)

    def clear(self) -> None:
        """Everybody goes."""
        with self._lock:
            self._set({})

    def _switch(self, uid: int | str, audio: bool, video: bool, *, on: bool) -> None:
        both = not audio and not video
        with self._lock:
            stream = self._present(uid)
            self._put(
                Stream(
                    uid,
                    audio=on if audio or both else stream.audio,
                    video=on if video or both else stream.video,
                    codec=stream.codec,
                )
            )

    def _present(self, uid: int | str) -> Stream:
        key = checked_uid(uid)
        if key not in self.history.latest:
            raise ValueError(f"{key} is not in channel {self.name!r}")
        return self.history.latest[key]

    def _put(self, stream: Stream) -> None:
        self._set({**self.history.latest, stream.uid: stream})

    def _set(self, people: People) -> None:
        self.history.set(self._clock.now(), people)

    def __repr__(self) -> str:
        return f"<Channel {self.name!r}: {', '.join(self.history.latest) or 'empty'}>"


class Channels:
    """All channels of an emulator.

    A channel that nobody described holds the default people, so that a first recording has
    something to record. Describing one with `describe` empties it.
    """

    def __init__(self, clock: Clock, lock: threading.RLock, default: Iterable[Stream]) -> None:
        self._clock = clock
        self._lock = lock
        self._default = tuple(default)
        self._channels: dict[str, Channel] = {}
        self._described: set[str] = set()

    def get(self, name: str) -> Channel:
        """The channel of this name, as it is."""
        with self._lock:
            if name not in self._channels:
                self._channels[name] = Channel(name, self._clock, self._lock, self._default)
            return self._channels[name]

    def keep(self, name: str) -> Channel:
        """The channel of this name, for somebody who changes who is in it; a new one is empty."""
        with self._lock:
            if name in self._channels:
                self._described.add(name)
                return self._channels[name]
            return self.describe(name)

    @property
    def known(self) -> dict[str, Channel]:
        """Every channel that was described or recorded, by name."""
        with self._lock:
            return dict(self._channels)

    def clear(self) -> None:
        """Know of none."""
        with self._lock:
            self._channels.clear()
            self._described.clear()

    def describe(self, name: str) -> Channel:
        """The channel of this name, for somebody who says who is in it: at first, nobody."""
        with self._lock:
            if name not in self._described:
                self._described.add(name)
                if name in self._channels:
                    self._channels[name].clear()
                else:
                    self._channels[name] = Channel(name, self._clock, self._lock)
            return self._channels[name]
