# Made from cloudrec/_async/ending.py by scripts/generate. Do not edit.
"""The end of recorders, of one or of several: each is stopped, or else it is told that it may be running."""

from __future__ import annotations

import logging
from collections.abc import Callable, Sequence
from typing import Any

from .._call.settings import Options
from .._call.telemetry import under_way
from .._io._sync.loops import current_loop
from .._io._sync.tasks import shielded
from ..errors import RecordingMayBeRunningError
from .recorder import STOP, Recorder

# Seconds that a stop has when the task it runs in is cancelled: its own time-out, and once more.
STOP_WITHIN = 60.0


def stop_each(
    recorders: Sequence[Recorder[Any]],
    fail: Callable[[Exception], object],
    async_stop: bool = False,
    options: Options = STOP,
    tell: Callable[[Any, Exception], object] = lambda recorder, error: None,
) -> None:
    """Stops one after the other, each also where those before it could not be. Cut off, it says which are left."""
    try:
        for recorder in recorders:
            try:
                recorder._stop_alone(async_stop, options)
            except Exception as error:
                tell(recorder, error)
                fail(error)
    except BaseException as cut:
        tell_of(recorders, cut)
        raise


def stopped_in_any_case(recorders: Sequence[Recorder[Any]]) -> list[Exception]:
    """Stops these recorders also where the task is cancelled; what went wrong with that, logged."""
    failures: list[Exception] = []

    def failed(recorder: Recorder[Any], error: BaseException) -> None:
        said = f"The recording could not be stopped: {error} ({recorder._may_run()})"
        recorder._session.report.orphan(said, recorder.handle, logging.ERROR)
        recorder._is_told = True

    def unheard(error: BaseException) -> None:
        for recorder in recorders:
            if not (recorder._life.is_done or recorder._is_told):
                failed(recorder, error)

    def stop_all() -> None:
        stop_each(recorders, failures.append, tell=failed)

    shielded(stop_all, STOP_WITHIN * len(recorders), unheard)
    return failures


def tell_of(recorders: Sequence[Recorder[Any]], cut: BaseException) -> None:
    """Tells of those that nobody has stopped, nor told of: this came in between."""
    for recorder in recorders:
        call = recorder._life.start
        if not recorder.sid and call is not None:
            if not call.is_told:
                recorder._session.report.cut_off(call, cut)
        elif not (recorder._life.is_done or recorder._is_told):
            recorder._is_not_stopped(cut)
        under_way.pop(recorder, None)


class Held:
    """The `with` around recorders: at its end they are stopped."""

    def __init__(self, recorders: Sequence[Recorder[Any]]) -> None:
        self._recorders = recorders
        self._loop = current_loop()
        for recorder in recorders:
            recorder._must_be_stopped()

    def end(self, kind: type[BaseException] | None, error: BaseException | None) -> None:
        """Stops them; what goes wrong with that is raised, or noted at the exception of the body."""
        if kind is GeneratorExit and current_loop() is not self._loop:
            # The event loop is gone, and this coroutine is thrown away: nothing can be sent any more.
            for recorder in self._recorders:
                recorder._is_not_stopped(error or GeneratorExit())
            return
        failures = stopped_in_any_case(self._recorders)
        for recorder in self._recorders:
            under_way.pop(recorder, None)
        if not failures:
            return
        if error is None:
            raise failures[0]
        # The body's exception is the one that is seen; the others must not be lost for it.
        for failure in failures:
            error.add_note(f"The recording could not be stopped: {failure} ({'; '.join(failure.__notes__)})")


def abandoned(recorders: Sequence[Recorder[Any]], error: BaseException) -> None:
    """Stops what nobody will get to hold, since this went wrong; what may run all the same is told."""
    for recorder in recorders:
        call = recorder._life.start
        if not recorder.sid and call is not None and not isinstance(error, RecordingMayBeRunningError):
            recorder._session.report.cut_off(call, error)
    running = [recorder for recorder in recorders if recorder.sid and not recorder._life.is_done]
    if isinstance(error, GeneratorExit):
        for recorder in running:
            recorder._is_not_stopped(error)  # there is no event loop any more to stop it by
        return
    if not running:
        return
    failures = stopped_in_any_case(running)
    for failure in failures:
        error.add_note(f"A recording may be running: {failure} ({'; '.join(failure.__notes__)})")
    left = next((recorder for recorder in running if not recorder._life.is_done), None)
    if left is None:
        error.add_note(f"The recording was stopped: {running[0]!r}")
    elif isinstance(error, Exception):
        raise RecordingMayBeRunningError(
            f"record: a recording may be running that could not be stopped: {left!r} ({failures[0]})",
            endpoint="stop",
            cname=left.cname,
            uid=left.uid,
            resource_id=left.resource_id,
            mode=left.mode.value,
            sid=left.sid,
            handle=left.handle,
            advice="attach(error.handle) gives it back: stop it, or go on with it.",
        ) from error
