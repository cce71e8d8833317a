"""Hosts of an area: which is asked first, and which after a failure."""

from collections.abc import Sequence
from threading import RLock
from typing import NamedTuple
from urllib.parse import urlsplit

from .._io.forks import in_child
from .areas import Area, CrossRegion
from .outcomes import Outcome
from .retry import Move

# Seconds. For so long the domain that answered DNS first is used, as in the provider's own SDKs.
CHOICE_LIFE = 30.0
# Seconds. For so long a host that failed is not the first to be asked.
REST = 30.0


class Host(NamedTuple):
    """A host, and its place among the others."""

    base_url: str
    name: str
    """Host and, if it is not the usual one, port: for people."""
    region: int
    domain: int


class Hosts:
    """The hosts that a client may ask: regions by domains. Safe to use from many threads."""

    def __init__(self, base_urls: Sequence[Sequence[str]]) -> None:
        self._grid = [
            [Host(url, urlsplit(url).netloc, region, domain) for domain, url in enumerate(urls)]
            for region, urls in enumerate(base_urls)
        ]
        self._domain = 0
        self._chosen_at: float | None = None
        self._is_chosen = False
        self._rests_until: dict[Host, float] = {}
        self._begin_anew()
        in_child(self._begin_anew)

    def _begin_anew(self) -> None:
        """At the beginning, and in a process that was forked: whoever was about to choose is not there."""
        self._lock = RLock()  # a signal handler may come in between, and has left when it returns
        self._chosen_at = self._chosen_at if self._is_chosen else None

    @classmethod
    def of_area(cls, area: Area, cross_region: CrossRegion | None = None) -> "Hosts":
        """The hosts of an area, its primary region and nearer domain first; then what is reached from anywhere."""
        grid = [[f"https://{prefix}.{domain}" for domain in area.domains] for prefix in area.prefixes]
        if cross_region is not None:
            grid.append([cross_region.base_url] * len(area.domains))
        return cls(grid)

    @classmethod
    def of_urls(cls, base_urls: Sequence[str]) -> "Hosts":
        """Hosts that stand in for each other, in this order."""
        return cls([[url] for url in base_urls])

    @property
    def is_undecided(self) -> bool:
        """Whether no domain was ever chosen where there are several."""
        return not self._is_chosen and len(self._grid[0]) > 1

    def names_to_ask(self, now: float) -> list[str]:
        """Host names, one a domain, to look up before the next call; none while the last choice is fresh.

        Only one caller is given the names, and must look them up; the others go on with what there is.
        """
        if len(self._grid[0]) == 1:
            return []
        with self._lock:
            # A clock that went backwards makes a choice old, not young for ever.
            if self._chosen_at is not None and 0 <= now - self._chosen_at < CHOICE_LIFE:
                return []
            self._chosen_at = now
        return [urlsplit(host.base_url).hostname or "" for host in self._grid[0]]

    def choose(self, domain: int | None) -> None:
        """The domain whose name was looked up first; None, and no change, if none was in time."""
        self._is_chosen = True
        if domain is not None:
            self._domain = domain

    def first(self, now: float) -> Host:
        """The host to ask first: of the nearest region that is not at rest."""
        if self._rests_until:
            with self._lock:
                for urls in self._grid:
                    if not self._is_resting(urls[self._domain], now):
                        return urls[self._domain]
        return self._grid[0][self._domain]

    def after(self, host: Host, move: Move) -> Host:
        """The host to ask after that one failed."""
        if move is Move.DOMAIN and len(self._grid[0]) > 1:
            return self._grid[host.region][(host.domain + 1) % len(self._grid[0])]
        if move is Move.STAY:
            return host
        return self._grid[(host.region + 1) % len(self._grid)][host.domain]

    def note(self, host: Host, outcome: Outcome, now: float) -> None:
        """Remembers that a host failed, and that it answers again."""
        if outcome in (Outcome.NO_NAME, Outcome.NO_CONNECTION, Outcome.LOST):
            with self._lock:
                self._rests_until[host] = now + REST
        elif self._rests_until:
            with self._lock:
                self._rests_until.pop(host, None)

    def _is_resting(self, host: Host, now: float) -> bool:
        # Not later than a whole rest from now, in case the clock went backwards.
        return now < self._rests_until.get(host, now) <= now + REST
