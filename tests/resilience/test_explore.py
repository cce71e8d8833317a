"""A short exploration; and its judge, who must see what went wrong."""

from __future__ import annotations

import asyncio
import subprocess
import sys
from types import SimpleNamespace
from typing import Any

import pytest

from cloudrec import CloudRecordingError, RecordingMayBeRunningError
from cloudrec._io._async.calls import invoke
from scripts._explore.__main__ import main
from scripts._explore.judge import check_errors, judge
from scripts._explore.plan import CUTS, WORKLOADS, Plan, draw
from scripts._explore.run import Ask, Opcodes
from tests.support import ROOT


def test_a_short_exploration(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    """Nothing hangs, nobody is left in the dark, nothing is made twice, and nothing is left behind."""
    monkeypatch.chdir(ROOT)  # where its two processes find it; the one that waits for them is this one
    status = main(["--runs", "12", "--seed", "3", "--jobs", "2"])
    told = capsys.readouterr()
    assert status == 0, told.out + told.err
    assert "\n12 runs in " in told.out
    for kind in ("hang", "untold", "doubled", "crossed", "foreign", "kept", "left"):
        assert f"      0  {kind}\n" in told.out


def test_what_was_found_can_be_repeated() -> None:
    """One run, and all that happened in it."""
    command = [sys.executable, "-m", "scripts._explore", "--repeat", "3000001"]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.stdout.startswith(f"{draw(3_000_001)}\n"), done.stdout + done.stderr


def test_wrong_arguments(capsys: pytest.CaptureFixture[str]) -> None:
    """They are told."""
    with pytest.raises(SystemExit) as ended:
        main(["--runs", "0"])
    assert ended.value.code == 2
    assert "--runs, --jobs and --times are from 1 on" in capsys.readouterr().err


def test_a_seed_is_a_run() -> None:
    """The same each time; and in a thousand of them there is everything."""
    plans = [draw(seed) for seed in range(1000)]
    assert plans == [draw(seed) for seed in range(1000)]
    assert {workload for plan in plans for workload in plan.workloads} == set(WORKLOADS)
    assert {plan.cut for plan in plans} == {cut for cuts in CUTS.values() for cut in cuts}


class Story:
    """What a run came to, as the judge looks at it."""

    def __init__(self, cut: str = "none") -> None:
        self.plan: Plan = draw(next(seed for seed in range(1000) if draw(seed).cut == cut))
        self.asks = [Ask("record", "lesson", 7)]
        self.log: list[str] = []
        self.errors: list[BaseException] = []
        self.unfinished: list[Any] = []
        self.held_elsewhere: list[str] = []
        self.findings: list[str] = []

    def find(self, kind: str, what: str) -> None:
        self.findings.append(kind)

    def judged(self, *recordings: Any) -> list[str]:
        judge(self, recordings)  # type: ignore[arg-type]
        check_errors(self)  # type: ignore[arg-type]
        return self.findings


def recording(sid: str = "a" * 32, cname: str = "lesson", uid: str = "7", *, running: bool = True) -> Any:
    """What the emulator would say of one."""
    return SimpleNamespace(sid=sid, cname=cname, uid=uid, resource_id="resource", running=running)


SID = "a" * 32
MAY_RUN = RecordingMayBeRunningError("start: ...", cname="lesson", uid="7", resource_id="resource")


def noted(text: str) -> BaseException:
    """A cancellation with a note."""
    error = BaseException()
    error.add_note(text)
    return error


def test_who_is_left_in_the_dark() -> None:
    """A recording runs, and nobody has it or was told."""
    assert Story().judged(recording()) == ["untold"]
    assert Story().judged(recording(running=False)) == []


@pytest.mark.parametrize(
    ("of", "what", "is_told"),
    [
        ("held", SimpleNamespace(sid=SID), True),
        ("held", SimpleNamespace(recorders=(SimpleNamespace(sid="b" * 32), SimpleNamespace(sid=SID))), True),
        ("held", SimpleNamespace(sid="b" * 32), False),
        ("error", MAY_RUN, True),
        ("error", ExceptionGroup("several", [MAY_RUN]), True),
        ("error", RecordingMayBeRunningError("start: ...", cname="lesson", uid="8", resource_id="resource"), False),
        ("error", CloudRecordingError(f"query: {SID}"), False),
        ("log", f"start was cut off: a recording may be running: sid={SID}", True),
        ("log", "a recording may be running: 'lesson', 7, resource", True),
        ("log", "a recording may be running: 'lesson', 7", False),
        ("log", f"The recording was stopped: a recording that may run, sid={SID}", False),
        ("unfinished", {"cname": "lesson", "uid": "7", "resource_id": "resource"}, True),
        ("unfinished", {"cname": "lesson", "uid": "8", "resource_id": "resource"}, False),
    ],
)
def test_who_is_told(of: str, what: Any, is_told: bool) -> None:
    """In hand, by an exception or its notes, by the log, by the hook: but of this very recording, and that it runs."""
    story = Story()
    if of == "held":
        story.asks[0].held = what
    elif of == "error":
        story.asks[0].errors.append(what)
    elif of == "log":
        story.log.append(what)
    else:
        story.unfinished.append(what)
    assert ("untold" not in story.judged(recording())) is is_told


def test_notes_are_read() -> None:
    """Also those of an exception that another one was raised from."""
    story = Story("timeout")
    error = TimeoutError()
    error.__cause__ = noted(f"a recording may be running: {SID}")
    story.errors.append(error)
    assert story.judged(recording()) == []


def test_what_was_made_twice() -> None:
    """Of one cname and uid, even where one of the two is over; or of one `record`."""
    story = Story()
    story.held_elsewhere = [SID, "b" * 32]
    assert story.judged(recording(), recording("b" * 32, running=False)) == ["doubled"]
    other = Story()
    other.held_elsewhere = [SID, "b" * 32]
    assert other.judged(recording(), recording("b" * 32, uid="8")) == ["doubled"]
    other.findings.clear()
    other.asks[0].workload = "redundant"
    assert other.judged(recording(), recording("b" * 32, uid="8")) == []


def test_whose_recording_it_is() -> None:
    """Not that of another caller."""
    story = Story()
    story.asks[0].held = SimpleNamespace(sid=SID)
    assert story.judged(recording(cname="another")) == ["crossed"]


def test_exceptions_of_others() -> None:
    """Only those of the library, and what the run itself threw in."""
    for error, cut, is_ours in (
        (MAY_RUN, "none", True),
        (ExceptionGroup("several", [MAY_RUN, ValueError()]), "none", False),
        (RuntimeError(), "cancel", False),
        (TimeoutError(), "timeout", True),
        (TimeoutError(), "cancel", False),
        (KeyboardInterrupt(), "sigint", True),
        (KeyboardInterrupt(), "cancel", False),
        (SystemExit(), "signal-exit", True),
    ):
        story = Story(cut)
        story.errors.append(error)
        assert (story.judged() == []) is is_ours, (error, cut)


# Those before its first step: nothing of it ran.
@pytest.mark.filterwarnings("ignore:coroutine .* was never awaited:RuntimeWarning")
def test_interrupts_leave_no_coroutine_as_it_stands() -> None:
    """They come where the interpreter raises them: never in a frame that only hands on what another one awaits."""
    left = []

    async def work() -> None:
        try:
            await asyncio.sleep(0)
            await asyncio.sleep(0)
        except GeneratorExit:
            left.append("to the garbage collector")
            raise

    def interrupt() -> None:
        raise KeyboardInterrupt

    async def interrupted(number: int) -> bool:
        try:
            with Opcodes({number: interrupt}) as opcodes:
                await invoke("work", work)
        except KeyboardInterrupt:
            return True
        return opcodes.count >= number

    async def main() -> int:
        number = 1
        while await interrupted(number):
            number += 1
        return number

    assert asyncio.run(main()) > 10
    assert left == []
