"""Subscription: whose audio and whose video a recording takes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from .channels import Stream
from .naming import Kind

#: In a list, this stands for everyone.
ALL_STREAMS = "#allstream#"

AUDIO_ONLY, VIDEO_ONLY = 0, 1


@dataclass(frozen=True)
class Listed:
    """One medium's list: these users and nobody else, or everybody but these."""

    uids: frozenset[str]
    except_them: bool

    @classmethod
    def of(cls, allow: Sequence[str] | None, deny: Sequence[str] | None) -> Listed | None:
        """The list of one medium, or None where there is none."""
        if allow is not None:
            return EVERYBODY if ALL_STREAMS in allow else cls(frozenset(allow), except_them=False)
        if deny is not None:
            return NOBODY if ALL_STREAMS in deny else cls(frozenset(deny), except_them=True)
        return None

    def takes(self, uid: str) -> bool:
        """Whether this user is subscribed to."""
        return (uid in self.uids) != self.except_them


EVERYBODY = Listed(frozenset(), except_them=True)
NOBODY = Listed(frozenset(), except_them=False)


@dataclass(frozen=True)
class Subscription:
    """Both media."""

    audio: Listed
    video: Listed

    @classmethod
    def of(cls, lists: Mapping[str, Any], stream_types: int) -> Subscription:
        """From the four lists of a request, by their names, and `streamTypes`.

        With no list at all everybody is recorded; a list for one medium turns the other off.
        """
        audio = Listed.of(lists.get("subscribeAudioUids"), lists.get("unSubscribeAudioUids"))
        video = Listed.of(lists.get("subscribeVideoUids"), lists.get("unSubscribeVideoUids"))
        unlisted = EVERYBODY if audio is None and video is None else NOBODY
        return cls(
            audio=NOBODY if stream_types == VIDEO_ONLY else audio or unlisted,
            video=NOBODY if stream_types == AUDIO_ONLY else video or unlisted,
        )

    def kinds(self, stream: Stream) -> tuple[Kind, ...]:
        """What is recorded of a user's stream."""
        taken = []
        if stream.audio and self.audio.takes(stream.uid):
            taken.append(Kind.AUDIO)
        if stream.video and self.video.takes(stream.uid):
            taken.append(Kind.VIDEO)
        return tuple(taken)
