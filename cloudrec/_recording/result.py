"""`RecordingResult`: files, keys and upload state after the end."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Any

from attrs import fields, frozen

from cloudrec_api.models.track_type import TrackType
from cloudrec_api.models.uploading_status import UploadingStatus
from cloudrec_api.views import plain

from ..errors import InvalidRequestError
from ..files import FileName, key_prefixes, parse_file_name, predict_files
from ..results import FILES_FOLLOW

if TYPE_CHECKING:
    from ..answers import RecordedFile
    from ..errors import RecordingEnded
    from ..handles import RecordingHandle
    from ..results import StopResult


@frozen(repr=False)
class ResultFile:
    """One file of a recording, and where it lies in the bucket."""

    name: str
    """Its name, without folders."""
    key: str
    """Its key in the bucket: the folders of ``fileNamePrefix``, and the name."""
    uid: str | None = None
    """Whose stream it is, ``"0"`` where everyone is in it; None where nobody said."""
    track_type: TrackType | str | None = None
    """Whether it holds sound, picture or both; None where nobody said."""
    slice_start_time: datetime | None = None
    """When it begins, in UTC; None where nobody said."""
    is_playable: bool | None = None
    """Whether it could be played at the end; None where nobody said."""
    is_predicted: bool = False
    """True where the service named no files, and this name follows from its rules: the file may not be there."""

    @property
    def parts(self) -> FileName:
        """The parts of its name.

        Raises:
            InvalidRequestError: the name follows none of the documented rules.
        """
        return parse_file_name(self.name)

    def to_dict(self) -> dict[str, Any]:
        """The file for JSON; its time by ISO 8601."""
        return {name: plain(getattr(self, name)) for name in _OF_A_FILE}

    def __repr__(self) -> str:
        predicted = ", is_predicted=True" if self.is_predicted else ""
        return f"ResultFile(key={self.key!r}{predicted})"


_OF_A_FILE = tuple(field.name for field in fields(ResultFile))


class RecordingResult:
    """What came of a recording, after its end."""

    __slots__ = ("ended", "files", "key_prefixes", "nothing_recorded", "stopped", "uploading_status")

    def __init__(
        self,
        files: tuple[ResultFile, ...],
        key_prefixes: tuple[str, ...],
        *,
        uploading_status: UploadingStatus | str = UploadingStatus.UNKNOWN,
        nothing_recorded: bool = False,
        stopped: StopResult[Any] | None = None,
        ended: RecordingEnded | None = None,
    ) -> None:
        self.files: tuple[ResultFile, ...] = files
        """Its files: as the stop named them, else as the last query did, else as the naming rules predict them.

        Predicted ones are marked (``is_predicted``), and come with the names that they have if the recording was moved
        to another server (``bak0_…``). Slices are not among them: the playlists name those.
        """
        self.key_prefixes: tuple[str, ...] = key_prefixes
        """What every key of this recording begins with, to list the bucket by; the second is for files after a move."""
        self.uploading_status: UploadingStatus | str = uploading_status
        """Where the files are: ``uploaded``; ``backuped`` or ``stranded`` (``files_follow``); or ``unknown``."""
        self.nothing_recorded: bool = nothing_recorded
        """True where the service said that there is no file, since nobody sent a stream."""
        self.stopped: StopResult[Any] | None = stopped
        """The service's answer to the stop; None where it was over before."""
        self.ended: RecordingEnded | None = ended
        """Why it was over before it was stopped; None where the stop ended it."""

    @property
    def files_follow(self) -> bool:
        """Whether some files are with the provider yet, and follow by themselves: ``backuped`` or ``stranded``.

        Mostly within 20 minutes, at times after more than 24 hours; the provider keeps a backup for 72 hours. Event 31
        (``uploaded``), given to ``feed``, tells that they are there.
        """
        return self.uploading_status in FILES_FOLLOW

    @property
    def is_predicted(self) -> bool:
        """Whether the files are only predicted."""
        return any(file.is_predicted for file in self.files)

    def to_dict(self) -> dict[str, Any]:
        """What came of it, for JSON: files with their keys, the state of their upload, and why it ended."""
        names = ("files", "key_prefixes", "uploading_status", "nothing_recorded", "is_predicted", "ended")
        return {name: plain(getattr(self, name)) for name in names}

    def __repr__(self) -> str:
        if self.nothing_recorded:
            return "RecordingResult(nothing_recorded=True)"
        predicted = ", is_predicted=True" if self.is_predicted else ""
        return f"RecordingResult(files={len(self.files)}, uploading_status={str(self.uploading_status)!r}{predicted})"


def outcome(
    handle: RecordingHandle,
    listed: tuple[RecordedFile, ...],
    *,
    stopped: StopResult[Any] | None = None,
    ended: RecordingEnded | None = None,
    uploading_status: UploadingStatus | None = None,
) -> RecordingResult:
    """The result of a recording, from what is known of it.

    ``listed`` are the files that a query or an event told of last, ``uploading_status`` is what an event said.
    """
    nothing = stopped is not None and stopped.nothing_recorded
    named = (stopped.files if stopped is not None else ()) or listed
    if nothing:
        files: tuple[ResultFile, ...] = ()
    elif named:
        files = tuple(_named(handle, file) for file in named if file.name)
    else:
        files = _predicted(handle)
    answered = stopped.uploading_status if stopped is not None else None
    status = uploading_status or answered
    return RecordingResult(
        files,
        _key_prefixes(handle),
        uploading_status=UploadingStatus.UNKNOWN if status is None else status,
        nothing_recorded=nothing,
        stopped=stopped,
        ended=ended,
    )


def key_of(handle: RecordingHandle, file: RecordedFile) -> str:
    """Where a file lies that was listed, with its folders or without them."""
    return file.name if "/" in file.name else "/".join([*handle["prefix"], file.name])


def _named(handle: RecordingHandle, file: RecordedFile) -> ResultFile:
    return ResultFile(
        file.name.rpartition("/")[2],
        key_of(handle, file),
        uid=file.uid,
        track_type=file.track_type,
        slice_start_time=file.slice_start_time,
        is_playable=file.is_playable,
    )


# One that was started with `check=False` may have what the rules do not foresee, and is to be stopped all the same.


def _key_prefixes(handle: RecordingHandle) -> tuple[str, ...]:
    try:
        return key_prefixes(handle["sid"] or "", prefix=handle["prefix"])
    except InvalidRequestError:
        return ()


def _predicted(handle: RecordingHandle) -> tuple[ResultFile, ...]:
    try:
        predicted = predict_files(
            mode=handle["mode"],
            sid=handle["sid"] or "",
            cname=handle["cname"],
            prefix=handle["prefix"],
            file_types=handle["files"],
            uids=handle["uids"],
            types=handle["kinds"],
        )
    except InvalidRequestError:
        return ()
    return tuple(
        ResultFile(file.name, file.key, uid=file.uid, track_type=file.type, is_predicted=True) for file in predicted
    )
