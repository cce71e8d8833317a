"""Events are told apart by `match`, and a checker notices one that is left out."""

from datetime import datetime
from typing import assert_never, assert_type

from cloudrec import PublishStatus, TrackType
from cloudrec.answers import RecordedFile
from cloudrec.webhooks import (
    Backuped,
    Deduplicator,
    DownloadFailed,
    ErrorLevel,
    ErrorReported,
    Event,
    EventService,
    EventType,
    ExitStatus,
    FileInfos,
    HealthCheck,
    LeaveCode,
    Ordered,
    OtherProductEvent,
    PostponeTranscodeFinalResult,
    RecorderAudioStreamStateChanged,
    RecorderLeave,
    RecorderSliceStart,
    RecorderSnapshotFile,
    RecorderStarted,
    RecorderVideoStreamStateChanged,
    RtmpPublishStatus,
    SessionExit,
    SessionFailover,
    SQLiteStore,
    StatusUpdate,
    StreamState,
    TranscodedUser,
    TranscoderCompleted,
    TranscoderStarted,
    UnknownEvent,
    Uploaded,
    UploaderStarted,
    UploadingProgress,
    VodStarted,
    VodTriggered,
    WarningReported,
    WebRecorderCapabilityLimit,
    WebRecorderReload,
    WebRecorderStarted,
    WebRecorderStopped,
    receive,
)
from cloudrec.webhooks.asgi import WebhookApp as AsgiApp
from cloudrec.webhooks.wsgi import WebhookApp as WsgiApp


def taken(body: bytes, headers: dict[str, str]) -> Event | None:
    """Three kinds of notice."""
    notice = receive(body, headers, ["old", "new"])
    match notice:
        case Event():
            return notice
        case OtherProductEvent(product_id=product):
            assert_type(product, int | None)
        case HealthCheck():
            pass
        case _:
            assert_never(notice)
    return None


def handle(event: Event) -> None:
    """Every event, by its class; whoever leaves one out is told so."""
    assert_type(event.cname, str | None)
    assert_type(event.sequence, int | None)
    assert_type(event.sent_at, datetime | None)
    assert_type(event.service, EventService | int | None)
    assert_type(event.event_type, EventType | int | None)
    details = event.details
    match details:
        case ErrorReported(level=level, message=message):
            assert_type(level, ErrorLevel | int | None)
            assert_type(message, str | None)
        case Uploaded(files=files) | Backuped(files=files) | FileInfos(files=files) | WebRecorderStopped(files=files):
            assert_type(files, tuple[RecordedFile, ...])
        case DownloadFailed(files=files) | PostponeTranscodeFinalResult(files=files) | StatusUpdate(files=files):
            assert_type(files, tuple[RecordedFile, ...])
        case SessionExit(exit_status=status):
            assert_type(status, ExitStatus | int | None)
        case SessionFailover(new_uid=uid):
            assert_type(uid, str)
        case UploadingProgress(progress=progress):
            assert_type(progress, int)
        case RecorderLeave(leave_code=code):
            assert_type(code, LeaveCode | None)
        case RecorderSliceStart(started_at=started, track_type=track):
            assert_type(started, datetime | None)
            assert_type(track, TrackType | str | None)
        case RecorderAudioStreamStateChanged(state=state) | RecorderVideoStreamStateChanged(state=state):
            assert_type(state, StreamState | int)
        case TranscoderCompleted(users=users):
            assert_type(users, tuple[TranscodedUser, ...])
        case RtmpPublishStatus(status=push):
            assert_type(push, PublishStatus | str)
        case WarningReported() | UploaderStarted() | RecorderStarted() | RecorderSnapshotFile() | VodStarted():
            pass
        case VodTriggered() | WebRecorderStarted() | WebRecorderCapabilityLimit() | WebRecorderReload():
            pass
        case TranscoderStarted():
            pass
        case UnknownEvent(raw=raw):
            print(raw)
        case _:
            assert_never(details)


async def handle_async(event: Event) -> None:
    """A handler of the ASGI adapter."""


def adapters() -> None:
    """Either kind of handler, where it belongs."""
    deduplicator = Deduplicator(SQLiteStore("notices.db"))
    AsgiApp("secret", handle, deduplicator=deduplicator)
    AsgiApp("secret", handle_async, ordered=Ordered(wait=2))
    with WsgiApp("secret", handle) as app:
        assert_type(app.close(), bool)
    for event, missed, late in Ordered().flush():
        assert_type(event, Event)
        assert_type(missed, int)
        assert_type(late, bool)
    with deduplicator.once(receive(b"", {}, "secret")) as new:
        assert_type(new, bool)
