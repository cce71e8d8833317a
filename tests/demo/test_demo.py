"""`scripts/demo`, as a person runs it, its output read: in a process of its own where that is what matters."""

from __future__ import annotations

import os
import pty
import re
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from cloudrec.emulator import Clock, Emulator, Fault
from scripts import _demo

ROOT = Path(__file__).resolve().parent.parent.parent
DEMO = [sys.executable, str(ROOT / "scripts" / "_demo.py")]
STEP = re.compile(r"^  (\d\d:\d\d)   (\w+) +(\d+) ms   (.+)$", re.MULTILINE)
SECRETS = {"AGORA_CUSTOMER_SECRET": "CS-do-not-show", "CLOUDREC_STORAGE_SECRET_KEY": "SK-do-not-show"}


def environment(**more: str) -> dict[str, str]:
    ours = ("AGORA_", "CLOUDREC_", "NO_COLOR")
    return {name: value for name, value in os.environ.items() if not name.startswith(ours)} | more


def demo(*arguments: str, **environ: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [*DEMO, *arguments],
        env=environment(**environ),
        stdin=subprocess.DEVNULL,
        capture_output=True,
        encoding="utf-8",
        timeout=60,
        check=False,
    )


@pytest.fixture
def demo_here(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> Callable[..., subprocess.CompletedProcess[str]]:
    """The same in this process, where it begins at once. Not for `mix`, which forks."""
    monkeypatch.setattr(signal, "signal", lambda *_: None)

    def run(*arguments: str, **environ: str) -> subprocess.CompletedProcess[str]:
        monkeypatch.setattr(sys, "argv", ["demo", *arguments])
        monkeypatch.setattr(os, "environ", environment(**environ))
        try:
            code = _demo.main()
        except SystemExit as end:
            code = int(end.code or 0)
        said = capsys.readouterr()
        return subprocess.CompletedProcess(["demo", *arguments], code, said.out, said.err)

    return run


Here = Callable[..., "subprocess.CompletedProcess[str]"]


def by_mode(output: str) -> dict[str, str]:
    """What was printed of each recording."""
    parts = re.split(r"^(individual|mix|raw|web)   .*$", output, flags=re.MULTILINE)
    return dict(zip(parts[1::2], parts[2::2], strict=True))


def steps(text: str) -> list[str]:
    """The calls with what came of them, times and IDs left out."""
    return [
        f"{call} {said.partition(' ')[0] if call in {'acquire', 'start', 'attach'} else said}"
        for _, call, _, said in STEP.findall(text)
    ]


def service(emulator: Emulator, **more: str) -> dict[str, str]:
    """An environment that takes an emulator for the service."""
    return {
        "AGORA_APP_ID": emulator.app_id,
        "AGORA_CUSTOMER_ID": emulator.credential.customer_id,
        "AGORA_CUSTOMER_SECRET": emulator.credential.customer_secret,
        "AGORA_AREA": "eu",
        "CLOUDREC_STORAGE_VENDOR": "amazon_s3",
        "CLOUDREC_STORAGE_REGION": "7",
        "CLOUDREC_STORAGE_BUCKET": "lessons",
        "CLOUDREC_STORAGE_ACCESS_KEY": "AK-do-not-show",
        "CLOUDREC_STORAGE_SECRET_KEY": SECRETS["CLOUDREC_STORAGE_SECRET_KEY"],
        "CLOUDREC_BASE_URL": emulator.url,
        "CLOUDREC_DEMO_WAIT_SCALE": "0.005",
        **more,
    }


@contextmanager
def hurried(step: float = 2, **options: object) -> Iterator[Emulator]:
    """An emulator on a clock that runs, and is moved on by so many seconds a hundred times a second."""
    clock = Clock.real()
    done = threading.Event()

    def hurry() -> None:
        while not done.wait(0.01):
            clock.advance(step)

    thread = threading.Thread(target=hurry)
    with Emulator(
        clock=clock, customer_secret=SECRETS["AGORA_CUSTOMER_SECRET"], rate_limit=None, **options
    ) as emulator:  # type: ignore[arg-type]
        thread.start()
        try:
            yield emulator
        finally:
            done.set()
            thread.join()


def test_four_recordings_from_acquire_to_files_against_the_emulator() -> None:
    done = demo()
    assert (done.returncode, done.stderr) == (0, "")
    assert "an emulator" in done.stdout
    assert "\x1b" not in done.stdout  # plain when it is piped
    recordings = by_mode(done.stdout)
    beginning = [
        "acquire resource",
        "start sid",
        "query INITIALIZED (1)",
        "query STARTING (2)",
        "query PARTLY_READY (3)",
    ]
    assert steps(recordings["individual"]) == [
        *beginning,
        "query READY (4)",
        "query IN_PROGRESS (5)   4 files",
        "subscribe no picture of 102 from here on",
        "stop upload: uploaded",
    ]
    # The process that began it was killed, and this one goes on with its handle.
    assert "kill -9: the process that began it is gone" in recordings["mix"]
    assert steps(recordings["mix"]) == [
        *beginning[:2],
        "attach sid",
        *beginning[2:],
        "query READY (4)",
        "query IN_PROGRESS (5)   2 files",
        "layout best fit in place of floating",
        "stop upload: uploaded",
    ]
    assert steps(recordings["raw"]) == steps(recordings["individual"])
    assert steps(recordings["web"]) == [
        *beginning,
        "query READY (4)",
        "query IN_PROGRESS (5)   2 files",
        "pause nothing is recorded",
        "query IN_PROGRESS (5)   2 files   paused",
        "resume on it goes",
        "query IN_PROGRESS (5)   2 files",
        "stop upload: uploaded",
    ]
    assert [at for at, *_ in STEP.findall(recordings["mix"])] == [
        "00:00", "00:00", "00:00", "00:00", "00:01", "00:02", "00:03", "00:23", "00:23", "00:43",
    ]  # fmt: skip
    for mode, ends in {
        "individual": [f"__uid_s_{uid}__uid_e_{kind}.m3u8" for uid in (101, 102) for kind in ("audio", "video")],
        "mix": ["_lesson-42_0.mp4", "_lesson-42.m3u8"],
        "raw": [f"__uid_s_{uid}__uid_e_{end}" for uid in (101, 102) for end in ("0_H264.mp4", "H264.m3u8")],
        "web": ["_web-page_0.mp4", "_web-page.m3u8"],
    }.items():
        sid = re.search(r"sid (\w{32})", recordings[mode])
        assert sid
        names = re.findall(rf"{sid[1]}(\S*\.\w+)$", recordings[mode], re.MULTILINE)
        assert len(names) == len(ends)
        assert all(name.endswith(end) for name, end in zip(names, ends, strict=True))
    assert re.search(r"^done: 4 recordings, 12 files, 02:52 of emulated time in \d+\.\d s$", done.stdout, re.MULTILINE)


def test_it_makes_the_recordings_that_are_named(demo_here: Here) -> None:
    assert list(by_mode(demo_here("web", "individual").stdout)) == ["web", "individual"]


def test_an_unknown_mode_is_told(demo_here: Here) -> None:
    done = demo_here("mixed")
    assert done.returncode == 2
    assert "unknown mode: mixed (choose from individual, mix, raw, web)" in done.stderr


@pytest.mark.parametrize(("environ", "coloured"), [({}, True), ({"NO_COLOR": "1"}, False), ({"TERM": "dumb"}, False)])
def test_colour_only_where_it_is_wanted(
    environ: dict[str, str], coloured: bool, demo_here: Here, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys.stdout, "isatty", lambda: True)
    output = demo_here("web", **{"TERM": "xterm-256color", **environ}).stdout
    assert ("\x1b[32mREADY (4)\x1b[0m" in output) is coloured
    assert ("\x1b" in output) is coloured


def test_colour_on_a_terminal() -> None:
    ours, theirs = pty.openpty()
    with (
        os.fdopen(ours, "rb") as reader,
        subprocess.Popen(
            [*DEMO, "mix"], env=environment(TERM="xterm-256color"), stdin=theirs, stdout=theirs
        ) as running,
    ):
        os.close(theirs)
        output = b""
        try:
            while chunk := reader.read1():  # type: ignore[attr-defined]
                output += chunk
        except OSError:  # how Linux says that the other end is closed
            pass
        assert running.wait(60) == 0
    assert b"\x1b[32mREADY (4)\x1b[0m" in output


def test_settings_in_part_are_told_and_nothing_is_sent(demo_here: Here) -> None:
    done = demo_here(AGORA_APP_ID="0123", AGORA_AREA="EU", CLOUDREC_STORAGE_BUCKET="lessons")
    assert (done.returncode, by_mode(done.stdout)) == (2, {})
    assert "set as well: AGORA_CUSTOMER_ID, AGORA_CUSTOMER_SECRET, CLOUDREC_STORAGE_VENDOR," in done.stderr
    assert "(Set: AGORA_APP_ID, AGORA_AREA, CLOUDREC_STORAGE_BUCKET.)" in done.stderr


def test_emulator_can_be_asked_for_whatever_is_set(demo_here: Here) -> None:
    done = demo_here("--emulator", "web", AGORA_APP_ID="0123")
    assert done.returncode == 0
    assert "an emulator" in done.stdout


@pytest.mark.parametrize(
    ("name", "value", "said"),
    [
        ("CLOUDREC_STORAGE_VENDOR", "4", "CLOUDREC_STORAGE_VENDOR: must be one of 1 (AMAZON_S3), 2 (ALIBABA_CLOUD)"),
        ("CLOUDREC_STORAGE_REGION", "eu", "CLOUDREC_STORAGE_REGION: must be a whole number"),
        ("CLOUDREC_STORAGE_REGION", "17", "region of vendor 1 (Amazon S3) is one of"),
        ("CLOUDREC_TOKEN", "t", "set CLOUDREC_UID to it"),
        ("CLOUDREC_DEMO_SECONDS", "-1", "CLOUDREC_DEMO_SECONDS: must be a number above 0"),
        ("AGORA_AREA", "MARS", "area: 'MARS' (must be Area.US, EU, AP or CN"),
        ("AGORA_APP_ID", "a/b", "app_id: 'a/b'"),
    ],
)
def test_wrong_settings_are_told_in_one_line_and_nothing_is_recorded(
    name: str, value: str, said: str, demo_here: Here
) -> None:
    with Emulator() as emulator:
        done = demo_here("mix", **{**service(emulator), name: value})
        assert done.returncode == 2
        assert said in done.stderr
        assert emulator.recordings == ()


def test_the_same_recordings_on_a_service() -> None:
    with hurried() as emulator:
        settings = {"CLOUDREC_CNAME": "lesson 7", "CLOUDREC_STORAGE_PREFIX": "a/b/", "CLOUDREC_UID": "77"}
        done = demo(**service(emulator, **settings, CLOUDREC_TOKEN="TOKEN-do-not-show"))
        assert (done.returncode, done.stderr) == (0, "")
        recordings = emulator.recordings
    assert "do-not-show" not in done.stdout
    assert f"{emulator.app_id}" not in done.stdout
    assert "(CLOUDREC_BASE_URL)" in done.stdout
    assert "emulat" not in done.stdout
    assert [(str(r.mode), r.cname, r.uid, r.ended) for r in recordings] == [
        ("individual", "lesson 7", "77", "stopped"),
        ("mix", "lesson 7", "77", "stopped"),
        ("raw", "lesson 7", "77", "stopped"),
        ("web", "web-page", "77", "stopped"),
    ]
    assert all(key.startswith("a/b/") for recording in recordings for key in recording.keys)
    for mode, change in {"individual": "subscribe", "mix": "layout", "raw": "subscribe", "web": "pause"}.items():
        calls = [call.split()[0] for call in steps(by_mode(done.stdout)[mode])]
        assert calls[:3] == ["acquire", "start", "attach" if mode == "mix" else "query"]
        assert change in calls
        assert calls[-1] == "stop"
    assert re.search(r"^done: 4 recordings, 12 files, in \d\d:\d\d$", done.stdout, re.MULTILINE)


def test_an_empty_channel_is_explained_and_is_no_success(demo_here: Here) -> None:
    # Slowly enough for the calls, which are paced by real time.
    with hurried(0.4, default_streams=()) as emulator:
        # The first recording is stopped before maxIdleTime ends it, the second is not.
        short = demo_here("individual", **service(emulator, CLOUDREC_DEMO_SECONDS="1"))
        long = demo_here("raw", "web", **service(emulator, CLOUDREC_DEMO_SECONDS="150"))
    assert short.returncode == 1
    assert "nobody sent a stream that was recorded" in short.stdout
    assert long.returncode == 1
    # By the demo's own clock it is seconds old, and the likeliest cause may be another.
    assert any(told in long.stdout for told in ("maxIdleTime", "ended by itself", "What may have ended it"))
    assert "1 of 2 failed; 1 recording, 2 files" in long.stdout


@pytest.mark.parametrize(
    ("call", "said", "code"),
    [("start", "A recording may be running: individual", 1), ("stop", "The answer that named the files was lost", 0)],
)
def test_a_lost_answer_is_explained(call: str, said: str, code: int, demo_here: Here) -> None:
    with hurried() as emulator:
        emulator.fail(call, Fault.drop(after_effect=True), times=1)
        if call == "stop":
            # By this hurried clock it would be gone, and not still stopping, when it is asked again.
            emulator.fail("stop", Fault.status(400, 49, "invalid operation"), times=1)
        done = demo_here("individual", **service(emulator))
    assert done.returncode == code
    assert said in done.stdout
    assert "Traceback" not in done.stderr


def test_wrong_credentials_end_it_at_once(demo_here: Here) -> None:
    with hurried() as emulator:
        done = demo_here(**service(emulator, AGORA_CUSTOMER_SECRET="CS-wrong"))
    assert done.returncode == 1
    assert list(by_mode(done.stdout)) == ["individual"]
    assert "acquire: invalid authentication credentials" in done.stderr.lower()
    assert "Traceback" not in done.stderr
    assert "CS-wrong" not in done.stdout + done.stderr


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_what_was_started_is_stopped_when_it_is_interrupted(number: signal.Signals) -> None:
    with (
        Emulator(clock="real") as emulator,
        subprocess.Popen(
            [*DEMO, "mix"],
            env=environment(**service(emulator, CLOUDREC_DEMO_WAIT_SCALE="1")),
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            encoding="utf-8",
        ) as running,
    ):
        deadline = time.monotonic() + 30
        while not emulator.recordings and time.monotonic() < deadline:
            time.sleep(0.01)
        running.send_signal(number)
        output, errors = running.communicate(timeout=30)
        assert running.returncode == 130
        assert [recording.ended for recording in emulator.recordings] == ["stopped"]
    assert steps(output)[-1].startswith("stop ")
    assert "interrupted; what had been started was stopped" in errors
    assert "Traceback" not in errors


def test_what_was_started_is_stopped_when_nobody_reads_on() -> None:
    with (
        hurried() as emulator,
        subprocess.Popen(
            [*DEMO, "mix"], env=environment(**service(emulator)), stdout=subprocess.PIPE, stderr=subprocess.PIPE
        ) as running,
    ):
        assert running.stdout is not None
        assert running.stderr is not None
        while b"sid" not in running.stdout.readline():
            pass
        running.stdout.close()
        errors = running.stderr.read().decode()
        assert running.wait(30) == 130
        assert [recording.ended for recording in emulator.recordings] == ["stopped"]
    assert "Traceback" not in errors


def test_help_names_every_variable_that_is_read(demo_here: Here) -> None:
    source = (ROOT / "scripts" / "_demo.py").read_text(encoding="utf-8")
    help_text = demo_here("--help").stdout
    for name in set(re.findall(r'"((?:AGORA|CLOUDREC)_[A-Z_]+)"', source)):
        assert name in help_text
