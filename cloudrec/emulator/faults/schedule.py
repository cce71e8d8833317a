"""`FaultSchedule`: which fault meets which call.

A call's own header is heard first, then the rules in the order in which they were made, then the
storm. A rule counts calls as they arrive. A storm does not: whether a call fails, and how, follows
from the seed, the endpoint, the recorder (cname and uid) and the how-manieth call of this endpoint
for this recorder it is, and from nothing else. Fifty recordings made at once meet the same faults
in whatever order the threads run.
"""

from __future__ import annotations

import threading
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from hashlib import blake2b

from ..._io.forks import in_child
from ..world.clock import MOST, check_number, check_whole
from .faults import STORM_FAULTS, Failover, Fault, Stall, Vanish
from .header import Wanted

#: What a call of a recorder is counted by.
Recorder = tuple[str, str, str]


@dataclass(frozen=True)
class Arrival:
    """A call, by what faults are chosen by. `endpoint` is an operation of the contract."""

    endpoint: str
    host: int
    cname: str
    uid: str

    @property
    def recorder(self) -> Recorder:
        """The endpoint, and the recorder that it is called for."""
        return self.endpoint, self.cname, self.uid


@dataclass
class Rule:
    """One wish for a fault."""

    fault: Fault
    endpoints: frozenset[str]
    host: int | None = None
    cname: str | None = None
    #: So many calls meet it; None for any number.
    times: int | None = None
    #: Of the calls that it is for, every so-manieth meets it.
    every: int = 1
    #: The first so many calls that it is for are spared.
    skip: int = 0
    _seen: int = field(default=0, init=False)
    #: How many calls have met it.
    met: int = field(default=0, init=False)

    def __post_init__(self) -> None:
        if self.times is not None:
            check_whole("times", self.times, 1, MOST)
        check_whole("every", self.every, 1, MOST)
        check_whole("skip", self.skip, 0, MOST)

    def meets(self, arrival: Arrival) -> bool:
        """Whether this call, which it then counts, meets the fault."""
        if (
            arrival.endpoint not in self.endpoints
            or self.host not in {None, arrival.host}
            or self.cname not in {None, arrival.cname}
            or self.met == self.times
        ):
            return False
        self._seen += 1
        turn = self._seen - self.skip
        if turn < 1 or turn % self.every:
            return False
        self.met += 1
        return True


@dataclass(frozen=True)
class Storm:
    """Faults by the dice, thrown anew for each call and the same in each run."""

    rate: float
    seed: int
    faults: tuple[Fault, ...]
    endpoints: frozenset[str]

    def __post_init__(self) -> None:
        check_number("rate", self.rate, 0, 1)
        if not self.faults:
            raise ValueError("faults must not be empty")

    def fault(self, recorder: Recorder, count: int) -> Fault | None:
        """What meets a recorder's `count`-th call of an endpoint."""
        endpoint = recorder[0]
        if endpoint not in self.endpoints:
            return None
        # Not random.Random: a number for each call, that no other call can shift. The parts are
        # told apart by their lengths, as a cname may hold anything.
        text = "".join(f"{len(part)}:{part}" for part in (str(self.seed), *recorder, str(count)))
        digest = blake2b(text.encode("utf-8", "surrogatepass"), digest_size=16).digest()
        chance, choice = int.from_bytes(digest[:8], "big"), int.from_bytes(digest[8:], "big")
        if chance >= self.rate * 2**64:
            return None
        possible = [fault for fault in self.faults if possible_at(fault, endpoint)]
        return possible[choice % len(possible)] if possible else None


def possible_at(fault: Fault, endpoint: str) -> bool:
    """Whether calls of this endpoint can meet this fault."""
    if isinstance(fault, (Stall, Vanish)):
        return endpoint == "start"
    return not isinstance(fault, Failover) or endpoint not in {"acquire", "ncsIps"}


class FaultSchedule:
    """All that was wished for, of these endpoints and hosts. Safe to use from many threads."""

    def __init__(self, endpoints: Iterable[str], hosts: range) -> None:
        #: The operations of the contract.
        self.endpoints: tuple[str, ...] = tuple(dict.fromkeys(endpoints))
        self._hosts = hosts
        self._rules: list[Rule] = []
        self._storm: Storm | None = None
        self._counts: Counter[Recorder] = Counter()
        self._headers: Counter[tuple[str, Recorder]] = Counter()
        self._begin_anew()
        in_child(self._begin_anew)

    def _begin_anew(self) -> None:
        self._lock = threading.Lock()

    def add(
        self,
        endpoints: str | Iterable[str],
        fault: Fault,
        *,
        times: int | None = None,
        every: int = 1,
        skip: int = 0,
        host: int | None = None,
        cname: str | None = None,
    ) -> None:
        """One more wish. ValueError or TypeError says what makes no sense."""
        given: object = fault
        if not isinstance(given, Fault):
            raise TypeError(f"fault must be a Fault, for example Fault.drop(), not {given!r}")
        names = checked_endpoints(endpoints, self.endpoints)
        if host is not None:
            self.check_host(host)
        rule = Rule(fault, names, host, cname, times, every, skip)
        for endpoint in sorted(names):
            if not possible_at(fault, endpoint):
                why = "is about" if isinstance(fault, Failover) else "begins"
                raise ValueError(f"{endpoint} {why} no recording and cannot meet {fault!r}")
        with self._lock:
            self._rules.append(rule)

    def check_host(self, host: int) -> None:
        """ValueError where there is no such host."""
        if host not in self._hosts:
            raise ValueError(f"there is no host {host!r}: they are 0 to {len(self._hosts) - 1}")

    @property
    def rules(self) -> tuple[Rule, ...]:
        """What was wished for, each with how many calls have met it so far."""
        with self._lock:
            return tuple(self._rules)

    @property
    def raging(self) -> Storm | None:
        """The storm, where there is one."""
        return self._storm

    def storm(
        self, rate: float, seed: int, faults: Iterable[Fault] = STORM_FAULTS, endpoints: str | Iterable[str] = "*"
    ) -> None:
        """A storm, in place of the one before. Calls are counted from here on. ValueError says what makes no sense."""
        storm = Storm(rate, seed, tuple(faults), checked_endpoints(endpoints, self.endpoints))
        with self._lock:
            self._storm = storm
            self._counts.clear()

    def clear(self) -> None:
        """Nothing fails any more."""
        with self._lock:
            self._rules.clear()
            self._storm = None
            self._counts.clear()
            self._headers.clear()

    def fault(self, arrival: Arrival, wanted: Wanted | None = None, header: str = "") -> Fault | None:
        """What meets this call, which is counted by it."""
        with self._lock:
            if wanted is not None and self._asked(arrival, wanted, header):
                return wanted.fault
            rule = next((rule for rule in self._rules if rule.meets(arrival)), None)
            if rule is not None:
                return rule.fault
            if self._storm is None:
                return None
            self._counts[arrival.recorder] += 1
            return self._storm.fault(arrival.recorder, self._counts[arrival.recorder])

    def _asked(self, arrival: Arrival, wanted: Wanted, header: str) -> bool:
        if not possible_at(wanted.fault, arrival.endpoint):
            return False
        if wanted.times is None:
            return True
        key = header, arrival.recorder
        self._headers[key] += 1
        return self._headers[key] <= wanted.times


def checked_endpoints(wanted: str | Iterable[str], known: Iterable[str]) -> frozenset[str]:
    """The operations that are meant; "*" is all of them. ValueError where one is unknown."""
    known = frozenset(known)
    if wanted == "*":
        return known
    names = frozenset([wanted] if isinstance(wanted, str) else wanted)
    for name in names - known:
        raise ValueError(f"{name!r} is no endpoint; there is {', '.join(sorted(known))}, and '*' for all")
    if not names:
        raise ValueError("endpoints must not be empty")
    return names
