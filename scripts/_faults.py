"""Makes docs/faults.md and its Chinese twin: every call of the client meets every fault, and what comes of it.

`--check` writes nothing and fails where the page is not what it would be. What *ought* to come of each fault is not
said here but in tests/resilience/test_fault_table.py, which runs the same cells in every kind of client.
"""

import argparse
import json
import logging
import sys
from collections.abc import Awaitable, Callable, Iterable
from itertools import groupby
from pathlib import Path
from typing import Any, NamedTuple

import anyio
import anyio.lowlevel
import httpx

from cloudrec import AsyncCloudRecording, CloudRecording, CloudRecordingError, RecordingMayBeRunningError, Timeouts
from cloudrec.emulator import Emulator, Fault
from cloudrec.results import StopResult

DOCS = Path(__file__).resolve().parent.parent / "docs"

# Two dates for one answer: when it was written, and when to come again, 30 seconds later.
_DATE, _LATER = "Thu, 01 Jan 2026 00:00:00 GMT", "Thu, 01 Jan 2026 00:00:30 GMT"
_YEAR = 365 * 24 * 3600
# What waits are in truth, before up to a quarter is added to each at random. No two of them can be mixed up.
_WAITS = (1, 2, 3, 4, 6, 20, 30)
NOMINAL = {"start": (*_WAITS, 9), "stop": (*_WAITS, 10, 15)}

# Real seconds until a call that hangs is given up. Shorter where no attempt is answered, so none can be too late.
PATIENCE = {False: 1.0, True: 0.04}

STORAGE = {"vendor": 1, "region": 7, "bucket": "lessons", "accessKey": "AK", "secretKey": "SK"}
UID = "527841"


class Case(NamedTuple):
    """One way in which a call goes wrong."""

    key: str
    words: str
    """What happens, as the page says it."""
    fault: Fault | None
    """None: the port of the first host is closed; if it fails every time, of all hosts."""
    took_effect: bool = False
    """Whether the service did what it was asked each time that it met the fault."""
    is_twin: bool = False
    """Whether there is the same with the other effect. The one without stands first."""


def _both(key: str, words: str, make: Callable[[bool], Fault]) -> list[Case]:
    """One way of going wrong before the service did what it was asked, and after."""
    return [Case(key, words, make(False), False, True), Case(f"{key}+", words, make(True), True, True)]


def _status(status: int, code: int | None = None) -> Callable[[bool], Fault]:
    return lambda done: Fault.status(status, code, after_effect=done)


CASES: tuple[Case, ...] = (
    Case("refused", "connection refused", None),
    *_both("drop", "connection closed without an answer", lambda done: Fault.drop(after_effect=done)),
    *_both("reset", "connection reset without an answer", lambda done: Fault.drop(after_effect=done, reset=True)),
    *_both("hang", "no answer in time", lambda done: Fault.hang(after_effect=done)),
    Case("delay", "an answer that is late, but in time", Fault.delay(0.02), True),
    Case("cut", "an answer that breaks off", Fault.cut(), True),
    Case("cut-consistent", "half of the JSON", Fault.cut(consistent=True), True),
    *_both("garbage", "bytes that are no HTTP", lambda done: Fault.garbage(after_effect=done)),
    *_both("html", "502 with HTML", lambda done: Fault.html(after_effect=done)),
    *_both("empty", "200 without a body", lambda done: Fault.empty(after_effect=done)),
    Case("redirect", "a redirect to a login page", Fault.redirect()),
    Case("429", "429", Fault.rate_limited()),
    Case("429-seconds", "429, `Retry-After: 20`", Fault.rate_limited(20)),
    Case(
        "429-date",
        "429, `Retry-After:` a date in 30 s",
        Fault.status(429, message="API rate limit exceeded", headers={"Retry-After": _LATER, "Date": _DATE}),
    ),
    Case("429-negative", "429, `Retry-After: -5`", Fault.rate_limited("-5")),
    Case("429-year", "429, `Retry-After:` a year", Fault.rate_limited(_YEAR)),
    *_both("500/62", "500, code 62", _status(500, 62)),
    Case("500/502", "500, code 502", Fault.status(500, 502)),
    *_both("503", "503", _status(503)),
    *_both("520", "520", _status(520)),
    *_both("504/62", "504, code 62", _status(504, 62)),
    *_both("206/65", "206, code 65", lambda done: Fault.not_completed(after_effect=done)),
    Case("failover", "404, while the recording is moved (30 s)", Fault.failover(30)),
)
BY_KEY = {case.key: case for case in CASES}

CALLS: dict[str, Callable[[Any, "Stage"], Any]] = {
    "acquire": lambda client, at: client.acquire(at.cname, UID),
    "start": lambda client, at: client.start(at.resource_id, "mix", at.cname, UID, storage_config=STORAGE),
    "query": lambda client, at: client.query(at.resource_id, at.sid, "mix"),
    "update": lambda client, at: client.update(at.resource_id, at.sid, "mix", at.cname, UID, storage_config=STORAGE),
    "updateLayout": lambda client, at: client.update_layout(at.resource_id, at.sid, "mix", at.cname, UID),
    "stop": lambda client, at: client.stop(at.resource_id, at.sid, "mix", at.cname, UID),
    "ncsIps": lambda client, at: client.ncs_ips(),
}


def is_possible(endpoint: str, case: Case) -> bool:
    """Whether calls of this endpoint can meet it: what is about no recording cannot meet a recording that moves."""
    return case.key != "failover" or endpoint not in {"acquire", "ncsIps"}


class Cell(NamedTuple):
    """What came of a call that met a fault."""

    result: Any
    error: CloudRecordingError | None
    hosts: tuple[int, ...]
    """Which host each attempt went to."""
    waits: tuple[int, ...]
    """Seconds between the attempts, without what chance added to them."""
    recordings: int
    """How many recordings this call's channel has ever had."""
    running: int

    @property
    def ending(self) -> str:
        """What the caller gets, in a word."""
        if self.error is not None:
            return type(self.error).__name__
        if isinstance(self.result, StopResult) and self.result.already_stopped:
            return "already stopped"
        return "result"


class Time:
    """Seconds that pass when somebody waits: for the client and for the recordings alike."""

    def __init__(self, emulator: Emulator) -> None:
        self.now = 1000.0
        self.waits: list[float] = []
        self._clock = emulator.clock

    def clock(self) -> float:
        return self.now

    def wait(self, seconds: float) -> None:
        self.waits.append(seconds)
        self.now += seconds
        self._clock.advance(seconds)

    async def wait_async(self, seconds: float) -> None:
        self.wait(seconds)
        await anyio.lowlevel.checkpoint()


class _Inside(httpx.BaseTransport):
    """Takes a request to the emulator past every port. What waits for nothing needs no event loop, and is done here."""

    def __init__(self, emulator: Emulator) -> None:
        self._app = emulator.app

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        sent: list[Any] = []

        async def receive() -> dict[str, Any]:
            return {"type": "http.request", "body": request.read()}

        async def send(message: Any) -> None:
            sent.append(message)

        path = request.url.path
        headers = [(name.lower(), value) for name, value in request.headers.raw]
        scope = {"type": "http", "method": request.method, "path": path, "query_string": b"", "headers": headers}
        for _ in self._app(scope, receive, send).__await__():
            raise RuntimeError("the emulator waits, and was to do so for no call that meets no fault")
        start, *parts = sent
        return httpx.Response(
            start["status"], headers=start["headers"], content=b"".join(part.get("body", b"") for part in parts)
        )


class Stage:
    """An emulator with two hosts, and in each cell a recording that has come as far as the call under test needs."""

    def __init__(self, endpoint: str) -> None:
        self.endpoint = endpoint
        self.cname: str = "lesson-42"
        self.resource_id: str = ""
        self.sid: str = ""
        self._emulator = Emulator(hosts=2)

    def __enter__(self) -> "Stage":
        self._emulator.start()
        # Behind the back of the client under test: past every port.
        self._helper = CloudRecording(
            self._emulator.app_id,
            self._emulator.credential,
            base_url=self._emulator.urls,
            rate_limit=None,
            http_client=httpx.Client(transport=_Inside(self._emulator)),
        )
        return self

    def __exit__(self, *_: object) -> None:
        self._helper.close()
        self._emulator.stop()

    def _prepare(self, case: Case, always: bool) -> None:
        """Nothing is left of the cell before."""
        self._emulator.reset()
        if self.endpoint not in {"acquire", "ncsIps"}:
            self.resource_id = self._helper.acquire(self.cname, UID).resource_id
        if self.endpoint not in {"acquire", "ncsIps", "start"}:
            at = self.resource_id, "mix", self.cname, UID
            self.sid = self._helper.start(*at, storage_config=STORAGE).sid
            self._emulator.clock.advance(20)  # from 15 s on there are files
        if case.fault is None:
            self._emulator.refuse(*([] if always else [0]))
        else:
            self._emulator.fail(self.endpoint, case.fault, times=None if always else 1)

    def _options(self, case: Case, always: bool) -> dict[str, Any]:
        options: dict[str, Any] = {"base_url": self._emulator.urls, "rate_limit": None}
        if isinstance(case.fault, type(Fault.hang())):
            options["timeout"] = _same_for_all(PATIENCE[always])
        return options

    def _cell(self, time: Time, result: Any, error: CloudRecordingError | None) -> Cell:
        attempts = result.attempts if error is None else error.attempts
        names = [url.partition("//")[2] for url in self._emulator.urls]
        ours = self._emulator.recordings
        return Cell(
            result,
            error,
            tuple(names.index(attempt.host) for attempt in attempts),
            tuple(nominal(self.endpoint, wait) for wait in time.waits),
            len(ours),
            sum(recording.running for recording in ours),
        )

    def meet(self, case: Case, *, always: bool) -> Cell:
        """One cell, by the sync client."""
        self._prepare(case, always)
        time, result, error = Time(self._emulator), None, None
        app_id, credential = self._emulator.app_id, self._emulator.credential
        with CloudRecording(
            app_id, credential, clock=time.clock, wait=time.wait, **self._options(case, always)
        ) as client:
            try:
                result = CALLS[self.endpoint](client, self)
            except CloudRecordingError as caught:
                error = caught
        return self._cell(time, result, error)

    async def meet_async(self, case: Case, *, always: bool) -> Cell:
        """One cell, by the async client."""
        self._prepare(case, always)
        time, result, error = Time(self._emulator), None, None
        app_id, credential = self._emulator.app_id, self._emulator.credential
        async with AsyncCloudRecording(
            app_id, credential, clock=time.clock, wait=time.wait_async, **self._options(case, always)
        ) as client:
            try:
                result = await CALLS[self.endpoint](client, self)
            except CloudRecordingError as caught:
                error = caught
        return self._cell(time, result, error)


def _same_for_all(seconds: float) -> Timeouts:
    names = ("acquire", "start", "query", "update", "update_layout", "stop", "ncs_ips")
    return Timeouts(**dict.fromkeys(names, seconds))


def nominal(endpoint: str, seconds: float) -> int:
    """A wait without what chance added to it."""
    # A hair's breadth is for floating point.
    found = [wait for wait in NOMINAL.get(endpoint, _WAITS) if wait - 1e-9 <= seconds <= wait * 1.25 + 1e-9]
    if len(found) != 1:
        raise ValueError(f"a wait of {seconds} s is none that was expected")
    return found[0]


Column = dict[tuple[str, bool], Cell]
"""What came of each case, by its key and by whether it fails every time."""


def column(kind: str, endpoint: str, cases: Iterable[Case] = CASES) -> Column:
    """The cells of an endpoint, by one kind of client: sync, asyncio or trio."""
    some = [(case, always) for case in cases if is_possible(endpoint, case) for always in (False, True)]
    if kind == "sync":
        with Stage(endpoint) as stage:
            return {(case.key, always): stage.meet(case, always=always) for case, always in some}

    async def run() -> Column:
        with Stage(endpoint) as stage:
            return {(case.key, always): await stage.meet_async(case, always=always) for case, always in some}

    work: Callable[[], Awaitable[Column]] = run
    return anyio.run(work, backend=kind)


Say = Callable[[str], str]
"""Makes words of the page those of another language."""


def shown(endpoint: str, cell: Cell, say: Say = str) -> str:
    """A cell as the page shows it."""
    result = say("result")
    parts = [{"result": result, "already stopped": f"{result}, `already_stopped`"}.get(cell.ending, f"`{cell.ending}`")]
    if isinstance(cell.error, RecordingMayBeRunningError):
        parts[0] += ", `is_running=True`" if cell.error.is_running else ""
    if len(cell.hosts) > 1:
        parts.append(say("{} attempts").format(len(cell.hosts)))
        parts.append(say("{} s").format(sum(cell.waits)))
    if len(set(cell.hosts)) > 1:
        parts.append(say("both hosts" if len(cell.hosts) > 2 else "other host"))
    if endpoint == "start":
        parts.append(say(("nothing runs", "it runs")[cell.running]) if cell.running < 2 else f"{cell.running} RUN")
    if endpoint == "stop":
        parts.append(say("still runs" if cell.running else "stopped"))
    return " · ".join(parts)


_HEAD = """# What a caller gets when something goes wrong

Every call of the client against every fault that the emulator knows. Not written by hand: `./scripts/faults` runs all
of it and makes this page anew, and a test fails when the page is no longer true.

Each call has two hosts to go to and the client's own settings: four attempts, 120 seconds. *Fails once*: the first
attempt meets the fault, and the service is well again after it. *Fails every time*: every attempt does.

How to read a cell:

- `result`: what was asked for. In code, `result.attempts` tells of every attempt, as `error.attempts` does.
- `SomeError`: the exception that is raised. Each has [a page of its own](errors.md).
- **attempts**, where there was more than one; **seconds** waited between them in all. Up to a quarter is added to each
  wait at random, lest all callers come back at once.
- **other host**, **both hosts**: a transport failure moves on to the next host; whatever was answered does not.
- For `start` and `stop`, the last words say how things stand on the service in the end.
- *Done* and *not done*: whether the service did what it was asked before things went wrong. Where a line says neither,
  it makes no difference to the caller, or follows from the fault.

*Done* is the worst that a network can do: the service obeyed, and the caller was not told. A `start` is then repeated
with its resource ID, which serves one recording: there is never a second one. Where the answer cannot be had again, and
with it the `sid`, the caller gets `RecordingMayBeRunningError`, which carries `cname`, `uid` and `resource_id`; with
`is_running=True` the service has said that it runs (201, code 7). A `stop` whose answer was lost is found stopped the
next time, and is a result.
"""

ORDER = ("start", "stop", "query", "update", "updateLayout", "acquire", "ncsIps")


def page(columns: dict[str, Column], say: Say = str) -> str:
    """The page."""
    tables = {endpoint: _table(endpoint, columns[endpoint], say) for endpoint in ORDER}
    parts = [say(_HEAD)]
    for table, endpoints in groupby(ORDER, key=tables.__getitem__):
        parts.append(f"## {', '.join(f'`{endpoint}`' for endpoint in endpoints)}\n\n{table}")
    return "\n".join(parts)


def _table(endpoint: str, cells: Column, say: Say) -> str:
    # What ends alike stands together.
    rows: dict[tuple[str, str], list[str]] = {}
    for case in CASES:
        if is_possible(endpoint, case):
            ends = tuple(shown(endpoint, cells[case.key, always], say) for always in (False, True))
            together = rows.setdefault((ends[0], ends[1]), [])
            words = say(case.words)
            undone = say("{}, not done").format(words)
            if case.took_effect and undone in together:
                together[together.index(undone)] = words  # it makes no difference
            elif case.is_twin:
                together.append(say("{}, **done**").format(words) if case.took_effect else undone)
            else:
                together.append(words)
    lines = [say("| what happens | fails once | fails every time |"), "| --- | --- | --- |"]
    lines += [f"| {'<br>'.join(words)} | {once} | {always} |" for (once, always), words in rows.items()]
    return "".join(f"{line}\n" for line in lines)


def wanted(columns: dict[str, Column]) -> dict[Path, str]:
    """The page in each language, by its file."""
    chinese = json.loads((DOCS / "words.zh-CN.json").read_text(encoding="utf-8"))
    return {DOCS / "faults.md": page(columns), DOCS / "faults.zh-CN.md": page(columns, chinese.__getitem__)}


def main(arguments: Iterable[str]) -> int:
    logging.getLogger("cloudrec").addHandler(logging.NullHandler())  # what it warns of is in the report
    parser = argparse.ArgumentParser(prog="scripts/faults", description=__doc__.partition("\n")[0] if __doc__ else None)
    parser.add_argument("--check", action="store_true", help="write nothing; fail if a page would change")
    options = parser.parse_args(list(arguments))
    files = wanted({endpoint: column("sync", endpoint) for endpoint in CALLS})
    if options.check:
        wrong = [path for path, text in files.items() if not path.exists() or path.read_text(encoding="utf-8") != text]
        for path in wrong:
            print(f"docs/{path.name} is out of date: run ./scripts/faults", file=sys.stderr)
        return 1 if wrong else 0
    for path, text in files.items():
        path.write_text(text, encoding="utf-8")
    print(f"docs/faults.md: {len(CASES)} faults, {len(CALLS)} calls")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
