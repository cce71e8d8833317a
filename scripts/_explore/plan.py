"""What a run is, drawn from its seed."""

from __future__ import annotations

from dataclasses import dataclass
from importlib.util import find_spec
from random import Random

from cloudrec.emulator import STORM_FAULTS, Fault

WORKLOADS = ("record", "with", "calls", "watch", "redundant", "attach", "updates", "renewed")
_ON_ASYNCIO = (
    "none", "cancel", "cancel-twice", "cancel-all", "scope", "crash", "timeout", "move-on", "end", "cancel-and-end",
    "close", "sigint", "sigint-twice", "fork",
)  # fmt: skip
CUTS: dict[str, tuple[str, ...]] = {
    "sync": ("none", "close", "signal", "signal-exit", "signal-stops", "interrupt", "interrupt", "fork"),
    "threads": ("none", "close", "signal", "interrupt", "fork"),
    "asyncio": _ON_ASYNCIO,
    "aiohttp": _ON_ASYNCIO,
    "uvloop": _ON_ASYNCIO,
    "trio": ("none", "scope", "crash", "timeout", "move-on", "close", "sigint", "sigint"),
}

# Real seconds until a call is given up.
PATIENCE = 0.15

# Every way of failing that takes no real time; and between them, rarer, those that do.
FAULTS: tuple[Fault, ...] = (
    *STORM_FAULTS,
    # (One failover may follow the other: together they must end before a 404 is believed, which is after 30 s.)
    *[Fault.redirect(), Fault.status(404), Fault.status(404, 404), Fault.rate_limited(2), Fault.failover(7)],
    *[Fault.delay(0.02), Fault.delay(0.02, after_effect=False)] * 2,
    # What is asked for arrives when the caller has given up; no answer ever.
    Fault.delay(PATIENCE + 0.05, after_effect=False),
    Fault.delay(PATIENCE + 0.05),
    Fault.hang(),
    Fault.hang(after_effect=True),
    Fault.refuse(0.02),
)
# What is worth being met at a certain call, more often than the dice would have it.
_WISHES: tuple[Fault, ...] = (
    Fault.drop(after_effect=True),
    Fault.drop(),
    Fault.delay(0.02, after_effect=False),
    Fault.delay(0.02),
    Fault.delay(PATIENCE + 0.05),
    Fault.hang(after_effect=True),
    Fault.status(503),
    Fault.status(503, after_effect=True),
    Fault.rate_limited(2),
)


@dataclass(frozen=True)
class Wish:
    """A fault for certain calls of one of the workloads."""

    endpoint: str
    fault: Fault
    times: int
    skip: int
    workload: int


@dataclass(frozen=True)
class Plan:
    """One run."""

    seed: int
    backend: str
    cut: str
    workloads: tuple[str, ...]
    moment: str | None
    """The call whose arrival at the emulator is waited for before it is cut off; None: not at all."""
    after: float
    """Real seconds from then until it is cut off."""
    again: float
    """Real seconds until it is cut off once more."""
    share: float
    """Where between its bytecodes it is interrupted: a share of all that the workloads run through undisturbed."""
    rate: float
    """Share of all calls that fail."""
    wishes: tuple[Wish, ...]
    limit: int | None
    """Requests a second."""
    connections: int
    hosts: int
    attempts: int
    """How often a call is tried; 1 for no retries."""
    gives_http_client: bool
    gives_uid: bool
    confirms: bool
    hook_raises: bool
    switches: float
    """Seconds after which a thread must let another one run."""

    def __str__(self) -> str:
        return f"{self.backend}, {' and '.join(self.workloads)}, cut off by {self.cut}"

    @property
    def words(self) -> set[str]:
        """What it is known by on the command line."""
        return {self.backend, self.cut, *self.workloads}

    @property
    def is_async(self) -> bool:
        """Whether it is of the async client."""
        return self.backend not in ("sync", "threads")


def draw(seed: int) -> Plan:
    """The run of this seed: the same on every machine, but that asyncio stands in for a uvloop that is not there."""
    dice = Random(seed)
    backend = dice.choice(tuple(CUTS))
    cut = dice.choice(CUTS[backend])
    most = dice.choice((1, 1, 2) if cut in ("interrupt", "sigint", "sigint-twice", "fork") else (1, 1, 1, 2, 2, 3, 4))
    workloads = tuple(dice.choice(WORKLOADS) for _ in range(most))
    wishes = []
    for _ in range(dice.choice((0, 1, 1, 2))):
        endpoint = dice.choice(("acquire", "start", "start", "start", "query", "stop", "stop"))
        times, skip, of = dice.randint(1, 2), dice.choice((0, 0, 1)), dice.randrange(len(workloads))
        wishes.append(Wish(endpoint, dice.choice(_WISHES), times, skip, of))
    moment = dice.choice((None, None, "acquire", "start", "start", "query", "stop", "stop"))
    if backend == "uvloop" and find_spec("uvloop") is None:
        backend = "asyncio"
    return Plan(
        seed=seed,
        backend=backend,
        cut=cut,
        workloads=workloads,
        moment=moment,
        after=10 ** (dice.uniform(-4.0, -1.7) if moment else dice.uniform(-3.3, -1.1)),
        again=dice.choice((0.0, 0.0, 0.001, 0.01, 0.03)),
        share=dice.random() * 1.3,
        rate=dice.choice((0.0, 0.0, 0.1, 0.3, 0.5)),
        wishes=tuple(wishes),
        limit=dice.choice((None, None, 2, 10)),
        # (A handler that comes upon a call that holds the only connection waits for it until its deadline.)
        connections=dice.choice((2 if cut == "signal-stops" else 1, 2, 50, 50)),
        hosts=dice.choice((1, 2)),
        attempts=dice.choice((1, 4, 4, 4)),
        gives_http_client=dice.random() < 0.15 and backend != "aiohttp",
        gives_uid=dice.random() < 0.7,
        confirms=dice.random() < 0.5,
        hook_raises=dice.random() < 0.05,
        switches=dice.choice((0.005, 0.00001)),
    )
