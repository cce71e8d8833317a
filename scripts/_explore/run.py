"""One run: its emulator, its time, who wants a recording, and all that anybody was told."""

from __future__ import annotations

import asyncio
import dis
import inspect
import logging
import os
import ssl
import sys
import threading
import time
from collections import Counter
from collections.abc import Callable, Generator
from contextlib import suppress
from dataclasses import dataclass, field
from functools import cache
from http.client import HTTPConnection, HTTPException
from opcode import opmap
from types import CodeType, FrameType
from typing import Any, NamedTuple

import anyio
import httpx

import cloudrec
from cloudrec import AsyncCloudRecording, CloudRecording, RateLimit, Retry, Timeouts
from cloudrec.emulator import Emulator, Fault

from .plan import PATIENCE, Plan

STORAGE = {"vendor": 1, "region": 7, "bucket": "lessons", "accessKey": "AK", "secretKey": "SK"}
HERE = os.path.dirname(cloudrec.__file__)
_EMULATOR = os.path.join(HERE, "emulator")
_RETURNS = {number for name, number in opmap.items() if name in ("RETURN_VALUE", "RETURN_CONST")}
# Where a coroutine goes on at what it awaits: many frames, each awaiting the next. There, the interpreter looks for no
# signal: an exception in one of them would leave those that are further in as they stand.
_AWAITS = {opmap[name] for name in ("SEND", "YIELD_VALUE", "JUMP_BACKWARD_NO_INTERRUPT")}
_RESUME, _AFTER_YIELD = opmap["RESUME"], 1
_CALLS = ("acquire", "start", "query", "update", "update_layout", "stop", "ncs_ips")
# It trusts nobody, and nobody is asked by TLS: to read whom the system trusts takes 50 ms.
_CONTEXT = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
# The library's waiting takes a thousandth of its time, and never more than this many seconds.
_FASTER, _LONGEST = 1000, 0.02


class Finding(NamedTuple):
    """Something that must not be."""

    kind: str
    what: str


class Crash(Exception):
    """An exception of the workload's own."""


class Time:
    """The client's time: it stands still, but for those who wait."""

    def __init__(self, emulator: Emulator) -> None:
        self._emulator = emulator
        self._now = 1000.0
        self._process = os.getpid()
        self.waits: Counter[int] = Counter()
        """How often each thread or task waited."""
        self.renew()

    def renew(self) -> None:
        """To be used in a process that was forked while somebody held the lock."""
        self._lock = threading.Lock()

    def clock(self) -> float:
        """The present."""
        return self._now

    def reach(self, moment: float) -> None:
        """Lets time pass until then, at least."""
        with self._lock:
            if moment > self._now:
                if os.getpid() == self._process:  # the emulator's clock is of the process that it serves in
                    self._emulator.clock.advance(moment - self._now)
                self._now = moment

    def wait(self, seconds: float) -> None:
        """Waits, as a thread."""
        self.waits[threading.get_ident()] += 1
        moment = self._now + max(seconds, 0.0)
        time.sleep(min(max(seconds, 0.0) / _FASTER, _LONGEST))
        self.reach(moment)

    async def wait_async(self, seconds: float) -> None:
        """Waits, as a task."""
        self.waits[anyio.get_current_task().id] += 1
        moment = self._now + max(seconds, 0.0)
        await anyio.sleep(min(max(seconds, 0.0) / _FASTER, _LONGEST))
        self.reach(moment)


@dataclass
class Ask:
    """Somebody who wants a recording, and what came of it."""

    workload: str
    cname: str
    uid: int | None
    held: Any = None
    """What they have in hand: a recording, a pair of them, or the answer of a start."""
    errors: list[BaseException] = field(default_factory=list)
    """What reached them."""
    handles: list[Any] = field(default_factory=list)

    @property
    def recorders(self) -> int:
        """How many may run at once."""
        return 2 if self.workload == "redundant" else 1

    def sids(self) -> list[str]:
        """The recordings in hand."""
        recorders = getattr(self.held, "recorders", (self.held,))
        return [sid for held in recorders if isinstance(sid := getattr(held, "sid", None), str) and sid]


class Lines(logging.Handler):
    """Keeps what is logged."""

    def __init__(self, lines: list[str], level: int) -> None:
        super().__init__(level)
        self._lines = lines

    def emit(self, record: logging.LogRecord) -> None:
        text = record.getMessage()
        if record.exc_info and record.exc_info[1] is not None:
            text += f" | {record.exc_info[1]!r}"
        self._lines.append(text)


@cache
def _exits(code: CodeType) -> frozenset[int]:
    """Where `__exit__(None, None, None)` is about to be called: by what a `with` that ended as it should is made of."""
    steps = [step for step in dis.get_instructions(code) if step.opname not in ("CACHE", "PRECALL")]
    found = set()
    for place, step in enumerate(steps):
        of_exit = steps[place : place + 4]
        nothing = [each.opname == "LOAD_CONST" and each.argval is None for each in of_exit[:3]]
        if len(of_exit) == 4 and all(nothing) and of_exit[3].opname == "CALL":
            found |= set(range(step.offset, of_exit[3].offset + 2, 2))
    return frozenset(found)


def _is_at_await(code: CodeType, place: int) -> bool:
    step, argument = code.co_code[place], code.co_code[place + 1]
    return step in _AWAITS or (step == _RESUME and argument & 3 >= _AFTER_YIELD)


class Opcodes:
    """Counts the bytecodes that the library runs through in this thread, and does something at some of them."""

    def __init__(self, at: dict[int, Callable[[], object]]) -> None:
        self.count = 0
        self.where = ""
        self._at = at

    def __enter__(self) -> Opcodes:
        self._before = sys.gettrace()  # of who measures coverage
        sys.settrace(self._call)
        return self

    def __exit__(self, *error: object) -> None:
        sys.settrace(self._before)

    def _call(self, frame: FrameType, event: str, argument: object) -> Any:
        name = frame.f_code.co_filename
        if not name.startswith(HERE) or name.startswith(_EMULATOR):
            return None
        frame.f_trace_opcodes, frame.f_trace_lines = True, False
        return self._step

    def _step(self, frame: FrameType, event: str, argument: object) -> Any:
        code = frame.f_code
        if (
            event == "opcode"
            and frame.f_lineno != code.co_firstlineno
            and not _is_at_await(code, frame.f_lasti)
            and code.co_code[frame.f_lasti] not in _RETURNS
            and frame.f_lasti not in _exits(code)
        ):
            self.count += 1
            todo = self._at.get(self.count)
            if todo is not None:
                self.where = f"{os.path.relpath(code.co_filename, HERE)}:{frame.f_lineno} in {code.co_qualname}"
                todo()
        return self._step


class Run:
    """Everything about one run."""

    def __init__(self, plan: Plan, emulator: Emulator) -> None:
        self.plan = plan
        self.emulator = emulator
        self.time = Time(emulator)
        self.findings: list[Finding] = []
        self.log: list[str] = []
        self.noise: list[str] = []
        """What the garbage collector, asyncio and the warnings had to say."""
        self.unfinished: list[Any] = []
        """Handles that `on_orphan` was called with."""
        self.errors: list[BaseException] = []
        """What reached whoever ran the workloads."""
        self.client: Any = None
        self.is_closed_well = False
        """Whether the client was closed by somebody who was not cut off at it."""
        self.loop: asyncio.AbstractEventLoop | None = None
        self.armed = False
        self.bytecodes = 0
        self._told = ""
        self.held_elsewhere: list[str] = []
        self.opcodes: Opcodes | None = None
        self.asks = [
            Ask(workload, f"r{plan.seed}-{number}", 1000 + number if plan.gives_uid else None)
            for number, workload in enumerate(plan.workloads)
        ]

    def find(self, kind: str, what: str) -> None:
        """Something is wrong."""
        self.findings.append(Finding(kind, what))

    # -- the client ---------------------------------------------------------------------------

    def make_client(self, http_client: Any) -> Any:
        """The client of this run."""
        plan = self.plan
        kind: Any = AsyncCloudRecording if plan.is_async else CloudRecording
        options: dict[str, Any] = {
            "base_url": self.emulator.urls[: plan.hosts],
            "timeout": Timeouts(**dict.fromkeys(_CALLS, PATIENCE)),
            "retry": Retry(attempts=plan.attempts) if plan.attempts > 1 else None,
            "rate_limit": None if plan.limit is None else RateLimit(plan.limit),
            "max_connections": plan.connections,
            "clock": self.time.clock,
            "wait": self.time.wait_async if plan.is_async else self.time.wait,
            "http_client": http_client,
        }
        if "on_orphan" in inspect.signature(kind).parameters:
            options["on_orphan"] = self.unfinished.append
        self.client = kind(self.emulator.app_id, self.emulator.credential, **options)
        return self.client

    def http_client(self) -> Any:
        """An httpx client to give to it, in some of the runs."""
        if not self.plan.gives_http_client:
            return None
        options: dict[str, Any] = {"trust_env": False, "verify": _CONTEXT}
        return httpx.AsyncClient(**options) if self.plan.is_async else httpx.Client(**options)

    def options(self, ask: Ask) -> dict[str, Any]:
        """What `record` is asked for."""
        options: dict[str, Any] = {
            "storage": _provider if ask.workload == "renewed" else STORAGE,
            "uid": ask.uid,
            # A child moves no clock but its own.
            "confirm": self.plan.confirms and not ask.cname.endswith("-child"),
            "on_started": ask.handles.append,
            "check": False,  # it is right, and half of a run would be spent on that
        }
        if self.plan.hook_raises:
            options["on_started"] = _raise
        if ask.workload == "redundant":
            options["redundancy"] = 2
        return options

    def has_come(self) -> bool:
        """Whether the moment has come after which it is cut off."""
        moment = self.plan.moment
        return moment is None or any(call.endpoint == moment for call in self.emulator.calls)

    # -- the end ------------------------------------------------------------------------------

    def settle(self) -> None:
        """Returns when nothing is in flight any more that may still take effect."""
        self.emulator.heal()
        until = time.monotonic() + 5
        late = type(Fault.delay(1))
        for _ in range(2):
            # What was sent before this is read before this.
            for url in self.emulator.urls:
                self._knock(url.removeprefix("http://"))
        while time.monotonic() < until:
            calls = self.emulator.calls
            if all(call.handled is not None for call in calls if isinstance(call.fault, late)):
                return
            time.sleep(0.003)

    def _knock(self, host: str) -> None:
        connection = HTTPConnection(host, timeout=5)
        with suppress(OSError, HTTPException):
            connection.request("GET", "/")
            connection.getresponse().read()
        connection.close()

    def given_back(self, me: int) -> Generator[None, Exception | None, None]:
        """Whether a call is made at once, when nobody else makes any. At each `yield` that task or thread makes it.

        The faults of calls that were cut off have met whom they meet by then.
        """
        self.emulator.heal()
        # Several times: who renews what could not be stopped goes on meanwhile, and what is lost is so each time.
        error = None
        for _ in range(5):
            self.time.reach(self.time.clock() + 61)  # what was sent and refused counts for the limit up to a minute
            mine, calls = self.time.waits[me], len(self.emulator.calls)
            error = yield
            if error is None and self.time.waits[me] == mine:
                return
            if error is not None and len(self.emulator.calls) <= calls + 1:
                break
        what = "had to wait for the rate limit" if error is None else f"failed: {told(error)}"
        self.find("kept", f"a query after the run {what}")

    def faults(self) -> Counter[str]:
        """What its calls met."""
        met = (call.fault for call in self.emulator.calls)
        return Counter(fault.header.partition(";")[0] for fault in met if fault is not None)

    @property
    def story(self) -> str:
        """All about it."""
        found = [f"{finding.kind}: {finding.what}" for finding in self.findings]
        return "\n".join([self._told, *(f"noise: {line}" for line in self.noise), *found])

    def forget(self) -> None:
        """Lets go of everything that the library has made, so that what is left of it shows."""
        self._told = self.tell()
        self.client = self.loop = None
        self.errors.clear()
        for ask in self.asks:
            ask.held = None
            ask.errors.clear()

    def tell(self) -> str:
        """What came to the emulator, and what people were told."""
        lines = [str(self.plan), repr(self.plan)]
        lines += [
            f"{call.number}: {call.endpoint} {call.cname or call.sid[:6]} at {call.host}: {call.fault or 'no fault'},"
            f" handled {call.handled}, told {call.status}"
            for call in self.emulator.calls
            if call.endpoint
        ]
        if self.opcodes is not None:
            lines.append(f"interrupted at {self.opcodes.where or '-'} ({self.opcodes.count} bytecodes)")
        for ask in self.asks:
            lines.append(f"{ask.cname} ({ask.workload}): holds {ask.held!r}; was given {[*map(told, ask.errors)]}")
        lines.append(f"the run was given {[*map(told, self.errors)]}")
        lines += [f"log: {line}" for line in self.log]
        lines += [f"on_orphan: {handle}" for handle in self.unfinished]
        return "\n".join(lines)


def told(error: BaseException) -> str:
    """An exception in short."""
    notes = "; ".join(getattr(error, "__notes__", ()))
    inner = f" of {[*map(told, error.exceptions)]}" if isinstance(error, BaseExceptionGroup) else ""
    return f"{type(error).__name__}: {error}{inner}" + (f" ({notes})" if notes else "")


def _raise(handle: object) -> None:
    raise Crash("a hook of the workload's")


def _provider() -> dict[str, Any]:
    return {**STORAGE, "stsToken": "a-token"}
