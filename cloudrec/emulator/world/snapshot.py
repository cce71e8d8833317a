"""`RecordingSnapshot`: a recording as it stood at one moment, for a test to look at."""

from __future__ import annotations

from copy import deepcopy
from dataclasses import dataclass, field
from datetime import UTC, datetime

from .clock import SECOND, Millis
from .files import RecordedFile, all_files
from .recording import EndReason, Recording, Status
from .settings import JsonObject, Mode
from .subscription import Subscription


@dataclass(frozen=True)
class RecordingSnapshot:
    """One recording. It does not change when the recording does: ask the emulator again."""

    sid: str
    """Which recording."""
    resource_id: str = field(repr=False)
    """The resource ID that it was started with."""
    cname: str
    """Channel that is recorded."""
    uid: str
    """The recorder's user ID."""
    mode: Mode
    """How it records."""
    status: Status
    """What a query would answer."""
    ended: EndReason | None
    """Why it ended; None while it runs."""
    files: tuple[RecordedFile, ...] = field(repr=False)
    """Everything in the bucket: playlists, MP4 files, slices, screenshots."""
    onhold: bool
    """Whether the page is paused."""
    outputs: tuple[str, ...] = field(repr=False)
    """CDN addresses pushed to."""
    layout: JsonObject = field(repr=False)
    """The whole layout in force, defaults filled in."""
    subscription: Subscription = field(repr=False)
    """Whose audio and whose video it takes now: `subscription.audio.takes("101")`."""
    storage: JsonObject = field(repr=False)
    """The storage in force, with its secrets. Not part of the repr."""
    storage_renewals: tuple[datetime, ...] = field(repr=False)
    """When updates replaced the storage, one moment for each."""
    request: JsonObject = field(repr=False)
    """`clientRequest` of `start` as received, with its secrets. Not part of the repr."""

    @property
    def running(self) -> bool:
        """Whether it has not ended."""
        return self.ended is None

    @property
    def keys(self) -> tuple[str, ...]:
        """The keys of all its files in the bucket."""
        return tuple(file.key for file in self.files)

    @classmethod
    def of(cls, recording: Recording, now: Millis) -> RecordingSnapshot:
        """The recording as it stands."""
        end = recording.end(now)
        return cls(
            sid=recording.sid,
            resource_id=recording.resource_id,
            cname=recording.cname,
            uid=recording.uid,
            mode=recording.mode,
            status=recording.status(now),
            ended=None if end is None else end.reason,
            files=tuple(all_files(recording, now)),
            onhold=recording.onhold.latest,
            outputs=tuple(output.url for output in recording.outputs),
            layout=deepcopy(dict(recording.layout)),
            subscription=recording.subscription.latest,
            storage=deepcopy(dict(recording.storage)),
            storage_renewals=tuple(datetime.fromtimestamp(at / SECOND, UTC) for at in recording.storage_renewals),
            request=deepcopy(recording.request),
        )
