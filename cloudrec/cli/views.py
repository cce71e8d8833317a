"""Views of one recording while it lives: what is known of it, told as lines, as JSON, or in a live picture."""

from __future__ import annotations

import logging
import time
import warnings
from collections import deque
from contextlib import suppress
from types import TracebackType
from typing import TYPE_CHECKING, Any, Self

from cloudrec_api.models.recording_status import RecordingStatus

from .._recording.result import key_of
from .output import as_json, length, line, note, printable

if TYPE_CHECKING:
    from .._async.recording import AsyncRecording
    from .._recording.result import RecordingResult
    from ..errors import Attempt
    from ..handles import RecordingHandle
    from ..layouts import Layout

_MOST_LINES = 3
_STATES: dict[Any, str] = {
    RecordingStatus.READY: "running",
    RecordingStatus.IN_PROGRESS: "running",
    RecordingStatus.STOPPING: "stopping",
    RecordingStatus.STOPPED: "stopped",
    RecordingStatus.EXITED: "ended",
    RecordingStatus.EXITED_ABNORMALLY: "ended",
}


def state_of(status: Any) -> str:
    """A status of the service in the words of the command line."""
    return "starting" if status is None else _STATES.get(status, "starting")


class _ToView(logging.Handler):
    """Warnings of the library go where they do not break the picture."""

    def __init__(self, view: View) -> None:
        super().__init__(logging.WARNING)
        self._view = view

    def emit(self, record: logging.LogRecord) -> None:
        self._view.warn(record.getMessage())


class View:
    """What is known of a recording, and a line of the standard error for each change of it."""

    def __init__(
        self, name: str, mode: str, *, limit: float | None = None, layout: Layout | None = None, hint: str = ""
    ) -> None:
        self.name: str = name
        self.mode: str = mode
        self.limit: float | None = limit
        self.layout: Layout | None = layout
        self.hint: str = hint
        self.state: str = "starting"
        self.handle: RecordingHandle | None = None
        self.running_since: float | None = None
        self.files: dict[str, None] = {}
        self.attempts: deque[Attempt] = deque(maxlen=_MOST_LINES)
        self.warnings: deque[str] = deque(maxlen=_MOST_LINES)
        self._handler = _ToView(self)
        self._warnings = warnings.catch_warnings()

    def __enter__(self) -> Self:
        logging.getLogger("cloudrec").addHandler(self._handler)
        self._warnings.__enter__()
        warnings.simplefilter("always")
        warnings.showwarning = lambda message, *_: self.warn(str(message))
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self._warnings.__exit__(kind, error, traceback)
        logging.getLogger("cloudrec").removeHandler(self._handler)

    def close(self) -> None:
        """Gives the terminal back. It may be asked for more than once."""

    # -- what is told of it -------------------------------------------------------------------

    def started(self, handle: RecordingHandle) -> None:
        """It has a sid."""
        self.handle = handle
        self._told("started", f"started, sid {handle['sid']}", handle=handle)

    def follows(self, handle: RecordingHandle) -> None:
        """It was begun by somebody else, and some time ago."""
        self.handle = handle
        if (started_at := handle["started_at"]) is not None:
            self.running_since = time.monotonic() - max(time.time() - started_at, 0.0)

    def saw(self, recording: AsyncRecording[Any]) -> None:
        """A query was answered."""
        self.handle = recording.handle
        self.becomes(state_of(recording.last_status))
        for file in recording.files:
            key = key_of(recording.handle, file)
            if key not in self.files:
                self.files[key] = None
                self._told("file", f"file {key}", key=key)

    def becomes(self, state: str, *, told: str | None = None) -> None:
        """It is in this state now."""
        if state != self.state or told:
            self.state = state
            if state == "running" and self.running_since is None:
                self.running_since = time.monotonic()
            self._told("state", told or state, state=state)

    def attempt(self, attempt: Attempt) -> None:
        """A request was sent. Told is what went wrong, and what was tried again."""
        if attempt.number > 1 or attempt.outcome != "success":
            self.attempts.append(attempt)
            self._told("attempt", self.told(attempt), **attempt.to_dict())

    def warn(self, text: str) -> None:
        """Something is to be known that ends nothing."""
        told = printable(" ".join(text.split()))
        self.warnings.append(told)
        self._told("warning", f"warning: {told}", text=told)

    def ended(self, state: str, result: RecordingResult) -> None:
        """It is over, and this came of it: files go to the standard output."""
        self.state = state
        with suppress(OSError):
            self._show(state, result)

    def _show(self, state: str, result: RecordingResult) -> None:
        note(f"{printable(self.name)}: {summary(state, self.elapsed, result)}")
        for file in result.files:
            line(printable(file.key))

    @staticmethod
    def told(attempt: Attempt) -> str:
        """An attempt in a line."""
        status = f", HTTP {attempt.http_status}" if attempt.http_status else ""
        return (
            f"{attempt.endpoint}, attempt {attempt.number}: {attempt.outcome}{status} "
            f"({attempt.host}, {attempt.elapsed:.2f} s)"
        )

    @property
    def elapsed(self) -> float:
        """Seconds since it was first seen to run."""
        return 0.0 if self.running_since is None else time.monotonic() - self.running_since

    def _told(self, event: str, told: str, **facts: Any) -> None:
        """A terminal that was closed, or a reader that has had enough, is no reason to let a recording go."""
        with suppress(OSError):
            self._tell(event, told, **facts)

    def _tell(self, event: str, told: str, **facts: Any) -> None:
        note(f"{printable(self.name)}: {printable(told)}")


class JsonView(View):
    """The same as JSON, an object on each line of the standard output."""

    def _show(self, state: str, result: RecordingResult) -> None:
        self._tell("result", "", state=state, handle=self.handle, **result.to_dict())

    def _tell(self, event: str, told: str, **facts: Any) -> None:
        as_json({"event": event, "name": self.name, **facts})


def summary(state: str, elapsed: float, result: RecordingResult) -> str:
    """What became of it, in a line."""
    if result.nothing_recorded:
        return f"{state}; nothing was recorded: nobody sent"
    count = len(result.files)
    files = f"{count} file{'' if count == 1 else 's'}" if count else "no files"
    predicted = ", by the rules of names: the service named none" if result.is_predicted else ""
    ran = f" after {length(elapsed)}" if elapsed else ""
    return f"{state}{ran}; {files} ({result.uploading_status}{predicted})"
