"""Webhook events of a recording: what each says of its state. No I/O here.

Events come in any order and more than once; so each says what it says whatever came before. What ended stays ended,
what is uploaded stays uploaded.
"""

from __future__ import annotations

from cloudrec_api.models.exit_status import ExitStatus
from cloudrec_api.models.recording_status import RecordingStatus
from cloudrec_api.models.stream_state import StreamState
from cloudrec_api.models.uploading_status import UploadingStatus

from ..errors import HandleError
from ..webhooks._details import (
    Backuped,
    FileInfos,
    LeaveCode,
    RecorderAudioStreamStateChanged,
    RecorderLeave,
    RecorderSliceStart,
    RecorderStarted,
    RecorderVideoStreamStateChanged,
    SessionExit,
    SessionFailover,
    StatusUpdate,
    Uploaded,
    WebRecorderStarted,
    WebRecorderStopped,
)
from ..webhooks._events import Event
from .state import Life


def feed(life: Life, event: object) -> bool:
    """Takes in what an event says; False where it is about another recording."""
    if not isinstance(event, Event) or not event.sid or event.sid != life.handle["sid"]:
        return False
    life.events += 1
    match event.details:
        case RecorderStarted(status=0 | None):
            life.told_started()
        case WebRecorderStarted():
            life.told_started()
            life.told_status(RecordingStatus.IN_PROGRESS)
        case RecorderAudioStreamStateChanged(stream_uid=uid, state=state, changed_at=changed):
            life.told_stream(uid, "audio", changed, comes=state == StreamState.RECEIVING)
        case RecorderVideoStreamStateChanged(stream_uid=uid, state=state, changed_at=changed):
            life.told_stream(uid, "video", changed, comes=state == StreamState.RECEIVING)
        case RecorderSliceStart():
            life.told_status(RecordingStatus.IN_PROGRESS)
        case SessionFailover(new_uid=uid):
            life.told_moved(uid, event.sequence or 0)
        # Any other status than 0 says that it did not go as it should.
        case Uploaded(status=0 | None, files=files):
            life.told_uploaded(UploadingStatus.UPLOADED, files)
        case Backuped(status=0 | None, files=files):
            life.told_uploaded(UploadingStatus.BACKUPED, files)
        case Uploaded(files=files) | Backuped(files=files):
            life.told_files(files)
        case StatusUpdate(files=files, status=status):
            life.told_files(files)
            life.told_status(status)
        case FileInfos(files=files):
            life.told_files(files)
            life.told_status(RecordingStatus.IN_PROGRESS)
        case SessionExit(exit_status=status):
            # One that ends abnormally may be the old one of a move, told of before the move is.
            as_it_should = status in (ExitStatus.NORMAL, None)
            life.told_ended(
                event.uid,
                f"its session ended {'as it should' if as_it_should else 'abnormally'}",
                is_for_sure=status == ExitStatus.NORMAL,
                status=RecordingStatus.EXITED if as_it_should else RecordingStatus.EXITED_ABNORMALLY,
            )
        case RecorderLeave(leave_code=code):
            is_told = code is not None and bool(code & (LeaveCode.NO_USERS | LeaveCode.CLIENT_LEAVE))
            life.told_ended(event.uid, _why_left(life, code), is_for_sure=is_told)
        case WebRecorderStopped() as stopped:
            life.told_files(stopped.files)
            words = ", ".join(word for word in (stopped.message, stopped.explanation) if word)
            life.told_ended(None, f"the recorder of the page stopped: {words or stopped.code}", is_for_sure=True)
        case _:
            pass
    return True


def _why_left(life: Life, code: LeaveCode | None) -> str:
    if code is None:
        return "the recorder left the channel"
    if code == LeaveCode.INIT_FAILED:
        return "the recorder could not be set up (leave code 0)"
    if LeaveCode.NO_USERS in code:
        idle = life.handle["max_idle_time"]
        return f"nobody sent a stream for {idle} seconds (maxIdleTime; leave code {int(code)})"
    if LeaveCode.CLIENT_LEAVE in code:
        return f"the recorder was told to leave the channel (leave code {int(code)})"
    return f"the recorder left the channel (leave code {int(code)})"


def sid_of_start(event: object, cname: str, uid: str) -> str:
    """The sid that event 40 (or 70, of a page) carries, of the recording of this cname and uid.

    Raises:
        HandleError: it is another event, or about another recording.
    """
    if not isinstance(event, Event) or not isinstance(event.details, (RecorderStarted, WebRecorderStarted)):
        told = event.event_type if isinstance(event, Event) else type(event).__name__
        raise HandleError(f"event: {told} (must be event 40, or 70 of a page: the start of a recorder)")
    if (event.cname, event.uid) != (cname, uid):
        raise HandleError(f"event: is about cname {event.cname!r} and uid {event.uid}, not {cname!r} and {uid}")
    if not event.sid:
        raise HandleError("event: carries no sid")
    return event.sid
