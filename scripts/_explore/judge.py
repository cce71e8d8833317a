"""What is wrong in the end."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING

from cloudrec import CloudRecordingError, RecordingMayBeRunningError

from .run import Crash, Run, told

if TYPE_CHECKING:
    from cloudrec.emulator import RecordingSnapshot

# What says of a recording that it may be running; and what says the contrary, though it may sound like it.
_SAYS = re.compile(r"\b(may|might|still|running|runs)\b|not be stopped|not stopped")
_DENIES = re.compile(r"\bwas stopped: ")
_OF_FRAMEWORKS = ("CancelledError", "Cancelled", "GeneratorExit")


def chain(error: BaseException, seen: set[int] | None = None) -> Iterator[BaseException]:
    """An exception, and all that a traceback of it shows."""
    seen = set() if seen is None else seen
    if id(error) in seen:
        return
    seen.add(id(error))
    yield error
    inner = error.exceptions if isinstance(error, BaseExceptionGroup) else ()
    for other in (error.__cause__, error.__context__, *inner):
        if other is not None:
            yield from chain(other, seen)


def names_it(error: BaseException) -> bool:
    """Whether it says by its fields which recording may be running."""
    return isinstance(error, RecordingMayBeRunningError)


def check_errors(run: Run) -> None:
    """Only what the library promises to raise, and what the run threw in."""
    for error in (*run.errors, *(error for ask in run.asks for error in ask.errors)):
        for found in _foreign(run, error):
            run.find("foreign", f"{_place(found)}: {told(found)}")


def _foreign(run: Run, error: BaseException) -> Iterator[BaseException]:
    if isinstance(error, BaseExceptionGroup):
        for inner in error.exceptions:
            yield from _foreign(run, inner)
        return
    cut = run.plan.cut
    allowed = (
        isinstance(error, CloudRecordingError)
        or type(error).__name__ in _OF_FRAMEWORKS
        or (isinstance(error, KeyboardInterrupt) and cut in ("signal", "interrupt", "sigint", "sigint-twice"))
        or (isinstance(error, SystemExit) and cut == "signal-exit")
        or (isinstance(error, Crash) and (cut == "crash" or run.plan.hook_raises))
        or (type(error).__name__ in ("TimeoutError", "TooSlowError") and cut == "timeout")
    )
    if not allowed:
        yield error


def _place(error: BaseException) -> str:
    """Where in the library it came up."""
    places = []
    traceback = error.__traceback__
    while traceback is not None:
        code = traceback.tb_frame.f_code
        if "cloudrec" in code.co_filename and "_explore" not in code.co_filename:
            places.append(f"{code.co_filename.rpartition('cloudrec/')[2]}:{traceback.tb_lineno}")
        traceback = traceback.tb_next
    return " > ".join(places[-3:]) or "outside the library"


def judge(run: Run, recordings: Iterable[RecordingSnapshot]) -> None:
    """Who was left in the dark, and what was made twice."""
    recordings = tuple(recordings)
    errors = [*run.errors, *(error for ask in run.asks for error in ask.errors)]
    chained = [found for error in errors for found in chain(error)]
    texts = [*run.log, *(told(found) for found in chained)]
    texts = [part for text in texts for part in text.split("\n") if _SAYS.search(part) and not _DENIES.search(part)]
    handles = [*(vars(found) for found in chained if names_it(found)), *run.unfinished]
    named = [(handle["cname"], handle["uid"], handle["resource_id"]) for handle in handles]
    held = {sid for ask in run.asks for sid in ask.sids()} | set(run.held_elsewhere)
    for recording in recordings:
        ids = recording.cname, recording.uid, recording.resource_id
        if not recording.running or recording.sid in held or ids in named:
            continue
        if not any(recording.sid in text or all(part in text for part in ids) for text in texts):
            run.find("untold", f"cname {recording.cname!r}, uid {recording.uid}, sid {recording.sid[:8]}… runs")
    for (cname, uid), times in Counter((found.cname, found.uid) for found in recordings).items():
        if times > 1:
            run.find("doubled", f"{times} recordings were made of cname {cname!r}, uid {uid}")
    running = Counter(found.cname for found in recordings if found.running)
    cnames = {recording.sid: recording.cname for recording in recordings}
    for ask in run.asks:
        if running[ask.cname] > ask.recorders:
            run.find("doubled", f"{running[ask.cname]} run of one record of {ask.cname!r}")
        for sid in ask.sids():
            if cnames.get(sid, ask.cname) != ask.cname:
                run.find("crossed", f"{ask.cname!r} was given the recording of {cnames[sid]!r}")
