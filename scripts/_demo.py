"""Makes four recordings, one in each mode, from the first call to the list of files, and shows every step.

The process that begins the `mix` recording is killed; this one finds the recording again by its handle.

Without settings it talks to an emulator that it starts on this machine. With all of these in the environment it makes
the same recordings on the real service, which are real and are billed:

    AGORA_APP_ID, AGORA_CUSTOMER_ID, AGORA_CUSTOMER_SECRET
    AGORA_AREA                  US, EU, AP or CN: where to send the calls
    CLOUDREC_STORAGE_VENDOR     the bucket's vendor, by number or name: 1 or AMAZON_S3, 2 or ALIBABA_CLOUD, ...
    CLOUDREC_STORAGE_REGION     the region's number in that vendor's list
    CLOUDREC_STORAGE_BUCKET, CLOUDREC_STORAGE_ACCESS_KEY, CLOUDREC_STORAGE_SECRET_KEY

and these where they are wanted:

    CLOUDREC_STORAGE_PREFIX     folders in the bucket, such as lessons/42
    CLOUDREC_STORAGE_ENDPOINT   host name of a storage that speaks S3 (vendor 11)
    CLOUDREC_CNAME              channel to record; somebody must be sending in it (default: cloudrec-demo)
    CLOUDREC_UID                the recorder's user ID (default: derived from the channel)
    CLOUDREC_TOKEN              token for that channel and user ID, where the project has an App Certificate
    CLOUDREC_WEB_URL            page to record (default: https://example.com/)
    CLOUDREC_BASE_URL           host to ask in place of the area's, such as `cloudrec emulator`
    CLOUDREC_DEMO_SECONDS       how long each recording runs (default: 40)
    CLOUDREC_DEMO_WAIT_SCALE    what every wait is multiplied by (default: 1; the tests make it small)

Exit code: 0 all went well, 1 not all did, 2 settings are missing or wrong, 130 interrupted. What was started is stopped
in every case, and where that fails the last lines say so.
"""

import argparse
import json
import os
import signal
import sys
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from enum import IntEnum
from io import TextIOWrapper
from multiprocessing import Pipe
from typing import Any, TypeVar

from cloudrec import (
    CloudRecording,
    CloudRecordingError,
    ConfigurationError,
    IndividualRecording,
    InvalidRequestError,
    MixRecording,
    Mode,
    RawRecording,
    RecordingEnded,
    RecordingHandle,
    RecordingMayBeRunningError,
    RecordingResult,
    RecordingStatus,
    ResultFile,
    StorageConfig,
    StorageExtensionParams,
    StorageVendor,
    Transcoding,
    WebPage,
    WebRecording,
    __version__,
    everyone_but,
)
from cloudrec.answers import QueryWebRecording
from cloudrec.results import QueryResult

T = TypeVar("T")
Recording = IndividualRecording | MixRecording | RawRecording | WebRecording
Hook = Callable[[RecordingHandle], None]
# A recording's life may go on without anybody looking: what is over, and what runs.
RUNS = (RecordingStatus.READY, RecordingStatus.IN_PROGRESS)
OVER = (
    RecordingStatus.STOPPING,
    RecordingStatus.STOPPED,
    RecordingStatus.EXITED,
    RecordingStatus.EXITED_ABNORMALLY,
)


class SettingsError(Exception):
    """Settings are missing or wrong; the text says which."""


class NotRecorded(Exception):
    """A recording that the service took on did not come to files; the text says why."""


# ------------------------------------------------------------------------------------------- what a person sees


class Screen:
    """Prints: in colour on a terminal, plain everywhere else."""

    def __init__(self) -> None:
        terminal = sys.stdout.isatty()
        self.colour = terminal and not os.environ.get("NO_COLOR") and os.environ.get("TERM") != "dumb"
        self.moves = terminal and os.environ.get("TERM") != "dumb"
        if isinstance(sys.stdout, TextIOWrapper):
            sys.stdout.reconfigure(errors="replace")

    def paint(self, text: str, *codes: int) -> str:
        return f"\x1b[{';'.join(map(str, codes))}m{text}\x1b[0m" if self.colour and text else text

    def bold(self, text: str) -> str:
        return self.paint(text, 1)

    def dim(self, text: str) -> str:
        return self.paint(text, 2)

    def call(self, text: str) -> str:
        return self.paint(text, 36)

    def good(self, text: str) -> str:
        return self.paint(text, 32)

    def soon(self, text: str) -> str:
        return self.paint(text, 33)

    def bad(self, text: str) -> str:
        return self.paint(text, 31)

    def line(self, text: str = "", end: str = "\n") -> None:
        try:
            print(text, end=end, flush=True)
        except BrokenPipeError:
            # Nobody reads on (`| head`). What runs is stopped all the same, and says so to nobody.
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
            raise KeyboardInterrupt from None

    def passing(self, text: str) -> None:
        """A line that the next one takes the place of; only where that can be done."""
        if self.moves:
            self.line(f"\r\x1b[K{self.dim(text) if text else ''}", end="")


def status_words(screen: Screen, status: object) -> str:
    match status:
        case RecordingStatus.READY | RecordingStatus.IN_PROGRESS:
            return screen.good(named(status))
        case RecordingStatus():
            return (screen.bad if status in OVER else screen.soon)(named(status))
        case _:
            return screen.soon("no status" if status is None else f"status {status}")


def named(value: object) -> str:
    """A named value by its name and, where that is a number, the number."""
    return f"{value} ({value:d})" if isinstance(value, IntEnum) else str(value)


def counted(number: int, noun: str) -> str:
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"


def clock_face(seconds: float) -> str:
    minutes, seconds = divmod(int(seconds), 60)
    return f"{minutes:02}:{seconds:02}"


# ------------------------------------------------------------------------------------------- time


class Pace:
    """Time as the recordings live it, and how to wait in it."""

    # Seconds from `start` to the first query, and between the next ones: the provider's advice.
    looks: tuple[float, ...] = (5, 7, 10, 13, 15, 20, 20)

    def now(self) -> float:
        raise NotImplementedError

    def wait(self, seconds: float) -> None:
        raise NotImplementedError


class EmulatedPace(Pace):
    """The emulator's clock. It stands still, and is moved to wait."""

    # More often than advised, since it costs nothing and shows how a recording begins.
    looks = (0, 1, 1, 1, 2)

    def __init__(self, now: Callable[[], datetime], advance: Callable[[float], None]) -> None:
        self._now = now
        self._advance = advance

    def now(self) -> float:
        return self._now().timestamp()

    def wait(self, seconds: float) -> None:
        self._advance(seconds)


class RealPace(Pace):
    """The time of this machine."""

    def __init__(self, screen: Screen, scale: float) -> None:
        self._screen = screen
        self._scale = scale

    def now(self) -> float:
        return time.monotonic()

    def wait(self, seconds: float) -> None:
        if seconds:
            self._screen.passing(f"  waiting {seconds:g} s ...")
            time.sleep(seconds * self._scale)
            self._screen.passing("")


# ------------------------------------------------------------------------------------------- one recording


@dataclass
class Job:
    """One recording to be made."""

    mode: Mode
    about: str
    details: str
    # Begins it, and calls these two with its handle when it is acquired and when it is started.
    begin: Callable[[Hook, Hook], Recording]
    # Finds it again by what is kept of it.
    attach: Callable[[RecordingHandle], Recording]
    # What is changed while it runs: (call, what it says, how).
    changes: list[tuple[str, str, Callable[[Any], object]]]
    seconds: float
    # Everything in the bucket, where somebody can look into it: the emulator's.
    bucket: Callable[[str], int] | None = None
    # Whether the process that begins it is killed.
    is_cut_off: bool = False


@dataclass
class Show:
    """One recording on the screen: a line for each call."""

    screen: Screen
    pace: Pace
    began: float = field(init=False)

    def __post_init__(self) -> None:
        self.began = self.pace.now()

    def step(self, name: str, call: Callable[[], T], told: Callable[[T], str | None]) -> T:
        """Makes a call and prints what came of it; nothing where there is nothing to tell."""
        at, began = self.pace.now(), time.monotonic()
        try:
            result = call()
        except CloudRecordingError as error:
            self.told(name, began, self.screen.bad(type(error).__name__), at)
            raise
        text = told(result)
        if text is not None:
            self.told(name, began, text, at)
        return result

    def told(self, name: str, began: float, text: str, at: float | None = None) -> None:
        """A line for a call that began at that time."""
        face = clock_face((self.pace.now() if at is None else at) - self.began)
        took = self.screen.dim(f"{(time.monotonic() - began) * 1000:6.0f} ms")
        self.screen.line(f"  {self.screen.dim(face)}   {self.screen.call(f'{name:<12}')} {took}   {text}")

    def note(self, text: str) -> None:
        self.screen.line(f"  {'':<31}{self.screen.dim(text)}")


@contextmanager
def uninterrupted() -> Iterator[None]:
    """Ctrl-C waits until the call is answered: what a call started must be known, to be stopped."""
    caught: list[int] = []
    before = {
        number: signal.signal(number, lambda n, _: caught.append(n)) for number in (signal.SIGINT, signal.SIGTERM)
    }
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
    if caught:
        raise KeyboardInterrupt


def begun(job: Job, show: Show) -> Recording:
    """Begins a recording, and prints both calls that it takes."""
    screen, began = show.screen, time.monotonic()

    def told(call: str, text: str) -> None:
        nonlocal began
        show.told(call, began, text)
        began = time.monotonic()

    def acquired(handle: RecordingHandle) -> None:
        number = screen.dim(f"({len(handle['resource_id'])} characters)")
        told("acquire", f"resource ID {handle['resource_id'][:6]}…{handle['resource_id'][-4:]} {number}")

    def started(handle: RecordingHandle) -> None:
        told("start", f"sid {handle['sid']}   uid {handle['uid']}")

    try:
        return job.begin(acquired, started)
    except CloudRecordingError as error:
        told("record", screen.bad(type(error).__name__))
        if isinstance(error, RecordingMayBeRunningError):
            may_run(screen, job, f"{error.cname} {error.uid}, whose start was not answered")
        raise


def begun_by_another(job: Job, show: Show) -> Recording:
    """Has another process begin it, kills that without a warning, and finds the recording by its handle."""
    ours, theirs = Pipe(duplex=False)
    process = os.fork()
    if not process:
        try:
            theirs.send(begun(job, show).handle)
            signal.pause()
        except BaseException as error:
            theirs.send(error)
        finally:
            os._exit(1)
    theirs.close()
    try:
        kept = ours.recv()
    finally:
        os.kill(process, signal.SIGKILL)
        os.waitpid(process, 0)
        ours.close()
    if isinstance(kept, BaseException):
        raise kept
    return job.attach(json.loads(json.dumps(kept)))


def record(job: Job, show: Show) -> int:
    """From acquire to the list of files; how many there are."""
    is_cut_off = job.is_cut_off and hasattr(os, "fork")
    recording: Recording | None = None
    result: RecordingResult | None = None
    try:
        with uninterrupted():
            recording = (begun_by_another if is_cut_off else begun)(job, show)
        if is_cut_off:
            show.note("kill -9: the process that began it is gone; its handle was kept")
            show.told("attach", time.monotonic(), f"sid {recording.sid}")
        look = Look(recording, show)
        look.until_it_runs()
        look.on(job.seconds / 2)
        for name, text, change in job.changes:
            show.step(name, lambda change=change: change(look.recording), lambda _, t=text: t)  # type: ignore[misc]
            look.on(job.seconds / 2 / len(job.changes))
    except RecordingEnded as ended:
        raise NotRecorded(f"The recording is over. What may have ended it: {'; '.join(ended.causes)}.") from ended
    finally:
        if recording is not None:
            with uninterrupted():
                result = stop(recording, job, show)
    assert recording is not None, "nothing was raised"
    assert result is not None, "nothing was raised"
    return tell_files(show.screen, job, recording, result)


class Look:
    """Queries a recording, and prints what changed since the last time."""

    def __init__(self, recording: Recording, show: Show) -> None:
        self.recording = recording
        self.show = show
        self._last = ""

    def until_it_runs(self) -> None:
        """Queries until the status says so; the provider gives it 90 seconds."""
        for seconds in self.show.pace.looks:
            self.show.pace.wait(seconds)
            if self.once() in RUNS:
                return
        raise NotRecorded("90 seconds after start it does not run yet, so it did not start.")

    def on(self, seconds: float) -> None:
        """Lets it run, and looks every ten seconds."""
        while seconds > 0:
            step = min(10, seconds)
            self.show.pace.wait(step)
            self.once()
            seconds -= step

    def once(self) -> RecordingStatus | int | None:
        result = self.show.step("query", self.recording.query, self._told)
        if result.status in OVER:
            raise NotRecorded(f"It ended by itself, with status {named(result.status)}.")
        return result.status

    def _told(self, result: QueryResult[Any]) -> str | None:
        words = [status_words(self.show.screen, result.status)]
        if result.files:
            words.append(counted(len(result.files), "file"))
        match result.server_response:
            case QueryWebRecording(web_recorder=recorder) if recorder and recorder.onhold:
                words.append("paused")
        text = "   ".join(words)
        changed, self._last = text != self._last, text
        return text if changed else None


def stop(recording: Recording, job: Job, show: Show) -> RecordingResult:
    """Stops a recording. What may be lost on the way is the client's to try again."""

    def told(result: RecordingResult) -> str:
        if result.ended is not None:
            return "it was over already"
        if result.nothing_recorded:
            return show.screen.bad("nothing recorded")
        return show.screen.good(f"upload: {result.uploading_status}")

    try:
        return show.step("stop", recording.stop, told)
    except CloudRecordingError as error:
        show.note(str(error))
        may_run(show.screen, job, f"{recording.cname} {recording.uid}, sid {recording.sid}")
        raise


def may_run(screen: Screen, job: Job, which: str) -> None:
    """What to know of a recording that could not be stopped."""
    end = "an hour after its start" if job.mode is Mode.WEB else f"once nobody has been sending for {IDLE} s"
    screen.line()
    screen.line(screen.bad(f"  A recording may be running: {job.mode} {which}."))
    screen.line(f"  It ends by itself {end}.")


def tell_files(screen: Screen, job: Job, recording: Recording, result: RecordingResult) -> int:
    """Prints the files of a recording that was stopped; how many there are."""
    if result.ended is not None:
        causes = "; ".join(result.ended.causes)
        raise NotRecorded(f"It was over before it was stopped. What may have ended it: {causes}.")
    if result.nothing_recorded:
        raise NotRecorded(
            "The service says that there is no file (code 435): nobody sent a stream that was recorded. Is somebody"
            f" sending in channel {recording.cname!r} of this App ID, and for long enough?"
        )
    screen.line()
    if result.stopped is not None and result.stopped.already_stopped:
        screen.line("  The answer that named the files was lost; a query had named these:")
    for line in table(screen, result.files, recording.sid):
        screen.line(f"  {line}")
    if job.bucket is not None:
        held = counted(job.bucket(recording.sid), "object")
        screen.line(screen.dim(f"  the emulated bucket holds {held}, the slices that the playlists name among them"))
    return len(result.files)


def table(screen: Screen, files: tuple[ResultFile, ...], sid: str) -> Iterator[str]:
    """The files, a line for each, without the columns that would be empty."""
    columns = [
        [
            "begins (UTC)",
            *(f"{file.slice_start_time:%Y-%m-%d %H:%M:%S}" if file.slice_start_time else "" for file in files),
        ],
        ["user", *({None: "", "0": "everyone"}.get(file.uid, file.uid) or "" for file in files)],
        ["holds", *(named(file.track_type) if file.track_type else "" for file in files)],
    ]
    columns = [[cell.ljust(max(map(len, column))) for cell in column] for column in columns if any(column[1:])]
    names = [
        ("file", ""),
        *((f"{before}{sid}", after) for before, _, after in (file.name.partition(sid) for file in files)),
    ]
    for *cells, (dim, bright) in zip(*columns, names, strict=True):
        yield screen.dim("   ".join([*cells, dim])) + screen.bold(bright)


# ------------------------------------------------------------------------------------------- what is recorded


# Seconds after which a recording of an empty channel ends by itself.
IDLE = 30


@dataclass
class Plan:
    """Where and what to record."""

    storage: StorageConfig
    cname: str
    uid: int | None
    token: str | None
    url: str
    seconds: float
    # Somebody in the channel whose picture is left out half-way; None where nobody is known.
    leave_out: str | None
    bucket: Callable[[str], int] | None = None


def jobs(client: CloudRecording, plan: Plan) -> dict[str, Job]:
    """The four recordings."""
    channel = f"channel {plan.cname}"
    # What all have in common. That they run is looked at below, for it to be seen.
    common: Any = {"storage": plan.storage, "uid": plan.uid, "confirm": False}
    talk: Any = {**common, "token": plan.token, "max_idle_time": IDLE}
    page = WebPage(plan.url, audio_profile=1)
    leaving_out = (
        "subscribe",
        f"no picture of {plan.leave_out} from here on" if plan.leave_out else "picture of everyone",
        lambda recording: recording.subscribe(video=everyone_but(*([plan.leave_out] if plan.leave_out else []))),
    )

    def job(mode: Mode, about: str, details: str, begin: Callable[..., Any], *changes: Any, **more: bool) -> Job:
        def begun(acquired: Hook, started: Hook) -> Any:
            return begin(on_acquired=acquired, on_started=started)

        attach = getattr(client, mode.value).attach
        return Job(mode, about, details, begun, attach, list(changes), plan.seconds, plan.bucket, **more)

    made = [
        job(
            Mode.INDIVIDUAL,
            "every user to files of their own",
            channel,
            lambda **hooks: client.individual.record(plan.cname, files="hls", **talk, **hooks),
            leaving_out,
        ),
        job(
            Mode.MIX,
            "everyone in one picture",
            channel,
            lambda **hooks: client.mix.record(
                plan.cname, files=["hls", "mp4"], layout="floating", transcoding=Transcoding("720p"), **talk, **hooks
            ),
            ("layout", "best fit in place of floating", lambda recording: recording.layout("best_fit")),
            is_cut_off=True,
        ),
        job(
            Mode.RAW,
            "every user to a file with sound and picture: individual recording from now on",
            channel,
            lambda **hooks: client.raw.record(plan.cname, files=["hls", "mp4"], **talk, **hooks),
            leaving_out,
        ),
        job(
            Mode.WEB,
            "a web page",
            plan.url,
            lambda **hooks: client.web.record(
                "web-page", page, max_recording_hour=1, files=["hls", "mp4"], **common, **hooks
            ),
            ("pause", "nothing is recorded", lambda recording: recording.pause()),
            ("resume", "on it goes", lambda recording: recording.resume()),
        ),
    ]
    return {str(job.mode): job for job in made}


# ------------------------------------------------------------------------------------------- where it is recorded

NEEDED = (
    "AGORA_APP_ID",
    "AGORA_CUSTOMER_ID",
    "AGORA_CUSTOMER_SECRET",
    "AGORA_AREA",
    "CLOUDREC_STORAGE_VENDOR",
    "CLOUDREC_STORAGE_REGION",
    "CLOUDREC_STORAGE_BUCKET",
    "CLOUDREC_STORAGE_ACCESS_KEY",
    "CLOUDREC_STORAGE_SECRET_KEY",
)


def real_plan(environ: Mapping[str, str]) -> Plan:
    """What the environment asks for, of which something is there."""
    if missing := [name for name in NEEDED if not environ.get(name, "").strip()]:
        there = [name for name in NEEDED if name not in missing]
        raise SettingsError(
            f"To record on the real service, set as well: {', '.join(missing)}."
            f" (Set: {', '.join(there) or 'CLOUDREC_BASE_URL alone'}.)\n"
            "./scripts/demo --help explains them; ./scripts/demo --emulator leaves them aside."
        )

    def value(name: str, default: str = "") -> str:
        return environ.get(name, "").strip() or default

    def number(name: str, default: str) -> float:
        try:
            found = float(value(name, default))
        except ValueError:
            found = -1
        if not 0 < found < 86400:
            raise SettingsError(f"{name}: must be a number above 0 and below 86400")
        return found

    def whole(name: str, default: str = "") -> int:
        text = value(name, default)
        if not (text.isascii() and text.isdigit()):
            raise SettingsError(f"{name}: must be a whole number")
        return int(text)

    vendor = value("CLOUDREC_STORAGE_VENDOR").upper()
    vendors = {text: member for member in StorageVendor for text in (member.name, str(member.value))}
    if vendor not in vendors:
        raise SettingsError(
            "CLOUDREC_STORAGE_VENDOR: must be one of " + ", ".join(f"{v.value} ({v.name})" for v in StorageVendor)
        )
    storage = StorageConfig(
        vendor=vendors[vendor],
        region=whole("CLOUDREC_STORAGE_REGION"),
        bucket=value("CLOUDREC_STORAGE_BUCKET"),
        access_key=value("CLOUDREC_STORAGE_ACCESS_KEY"),
        secret_key=value("CLOUDREC_STORAGE_SECRET_KEY"),
    )
    if prefix := value("CLOUDREC_STORAGE_PREFIX").strip("/"):
        storage.file_name_prefix = prefix.split("/")
    if endpoint := value("CLOUDREC_STORAGE_ENDPOINT"):
        storage.extension_params = StorageExtensionParams(endpoint=endpoint)
    uid = whole("CLOUDREC_UID") if value("CLOUDREC_UID") else None
    token = value("CLOUDREC_TOKEN") or None
    if token and uid is None:
        raise SettingsError("CLOUDREC_TOKEN is for one user ID: set CLOUDREC_UID to it")
    return Plan(
        storage=storage,
        cname=value("CLOUDREC_CNAME", "cloudrec-demo"),
        uid=uid,
        token=token,
        url=value("CLOUDREC_WEB_URL", "https://example.com/"),
        seconds=number("CLOUDREC_DEMO_SECONDS", "40"),
        leave_out=None,
    )


@dataclass
class Stage:
    """What to record with."""

    client: CloudRecording
    plan: Plan
    pace: Pace


@contextmanager
def on_the_service(screen: Screen) -> Iterator[Stage]:
    """A client for what the environment names."""
    plan = real_plan(os.environ)
    try:
        scale = float(os.environ.get("CLOUDREC_DEMO_WAIT_SCALE") or 1)
    except ValueError:
        raise SettingsError("CLOUDREC_DEMO_WAIT_SCALE: must be a number") from None
    base_url = os.environ.get("CLOUDREC_BASE_URL", "").strip() or None
    pace = RealPace(screen, scale)
    with CloudRecording.from_env(base_url=base_url, wait=pace.wait) as client:
        if base_url:
            screen.line(f"  service   {screen.bold(base_url)} (CLOUDREC_BASE_URL), whatever that is")
        else:
            screen.line(f"  service   {screen.bold('Agora Cloud Recording')}, area {os.environ['AGORA_AREA'].upper()}")
            screen.line(
                "            These recordings are real: the provider bills them, and the files go to your bucket."
            )
        screen.line(
            f"  storage   {plan.storage.vendor.name}, region {plan.storage.region}, bucket {plan.storage.bucket}"
        )
        screen.line(f"  channel   {plan.cname}; somebody must be sending in it")
        screen.line("  time      The left column is the time since acquire, the right one what each call took.")
        yield Stage(client, plan, pace)


@contextmanager
def on_the_emulator(screen: Screen) -> Iterator[Stage]:
    """A client for an emulator of its own."""
    from cloudrec.emulator import Emulator

    plan = Plan(
        storage=StorageConfig(
            vendor=StorageVendor.AMAZON_S3, region=7, bucket="lessons", access_key="none", secret_key="none"
        ),
        cname="lesson-42",
        uid=None,
        token=None,
        url="https://example.com/lesson",
        seconds=40,
        leave_out="102",
    )
    with (
        Emulator() as emulator,
        # Without a limit of requests a second: the seconds between them are the emulator's, and pass at once.
        emulator.client(rate_limit=None, wait=emulator.clock.advance) as client,
    ):
        plan.bucket = lambda sid: len(emulator.recording(sid).files)
        channel = emulator.channel(plan.cname)
        channel.join(101)
        channel.join(102)
        screen.line(
            f"  service   {screen.bold('an emulator')} of Agora Cloud Recording, on this machine: {emulator.url}"
        )
        screen.line("            HTTP over a real socket. Nothing leaves this machine, and nothing is really recorded.")
        screen.line(f"  channel   {plan.cname}, in which users 101 and 102 are said to send sound and picture")
        screen.line("  time      The left column is the emulator's clock, moved forward between the calls.")
        screen.line("            The right one is what each call really took.")
        clock = emulator.clock  # the process that begins one has no emulator of its own to ask
        yield Stage(client, plan, EmulatedPace(lambda: clock.time, clock.advance))


# ------------------------------------------------------------------------------------------- all of it


def run(screen: Screen, stage: Stage, modes: list[str]) -> bool:
    """Makes the recordings; whether all of them came to files."""
    began, at = time.monotonic(), stage.pace.now()
    files, failed = 0, 0
    planned = jobs(stage.client, stage.plan)
    for mode in modes:
        job = planned[mode]
        screen.line()
        screen.line(f"{screen.bold(mode)}   {job.about}")
        screen.line(screen.dim(f"  {job.details}"))
        screen.line()
        try:
            files += record(job, Show(screen, stage.pace))
        except NotRecorded as reason:
            failed += 1
            screen.line()
            screen.line(f"  {screen.bad(str(reason))}")
    took = time.monotonic() - began
    screen.line()
    done = f"{counted(len(modes) - failed, 'recording')}, {counted(files, 'file')}"
    if isinstance(stage.pace, EmulatedPace):
        spent = f"{clock_face(stage.pace.now() - at)} of emulated time in {took:.1f} s"
    else:
        spent = f"in {clock_face(took)}"
    if failed:
        screen.line(screen.bad(f"{failed} of {len(modes)} failed") + f"; {done} {spent}")
    else:
        screen.line(f"{screen.good('done')}: {done}, {spent}")
    return not failed


def main() -> int:
    parser = argparse.ArgumentParser(
        prog="scripts/demo", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("modes", nargs="*", metavar="MODE", help="individual, mix, web, raw; all four if none is named")
    parser.add_argument("--emulator", action="store_true", help="use the emulator, whatever is in the environment")
    options = parser.parse_args()
    known = [str(mode) for mode in Mode]
    if wrong := [mode for mode in options.modes if mode not in known]:
        parser.error(f"unknown mode: {', '.join(wrong)} (choose from {', '.join(known)})")

    screen = Screen()
    # A service manager, or a `timeout`, ends a process by SIGTERM: the same clean end as Ctrl-C.
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    for_real = any(os.environ.get(name, "").strip() for name in (*NEEDED, "CLOUDREC_BASE_URL"))
    place = on_the_service if for_real and not options.emulator else on_the_emulator
    try:
        screen.line(f"{screen.bold('cloudrec')} {__version__}   recordings from acquire to the list of files")
        screen.line()
        with place(screen) as stage:
            went_well = run(screen, stage, list(dict.fromkeys(options.modes)) or known)
    except (SettingsError, ConfigurationError) as error:
        print(f"demo: {error}", file=sys.stderr)
        return 2
    except CloudRecordingError as error:
        # Nothing that another mode would do better: credentials, the network, an argument.
        print(f"\ndemo: {error}", file=sys.stderr)
        return 2 if isinstance(error, InvalidRequestError) else 1
    except KeyboardInterrupt:
        print("\ndemo: interrupted; what had been started was stopped", file=sys.stderr)
        return 130
    if place is on_the_emulator:
        screen.line(screen.dim("The same on the real service: ./scripts/demo --help"))
    return 0 if went_well else 1


if __name__ == "__main__":
    sys.exit(main())
