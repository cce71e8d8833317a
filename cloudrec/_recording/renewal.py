"""Renewal of storage credentials: when. No I/O here."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from typing import TYPE_CHECKING, Any, TypeAlias

from .._contract.redact import secrets_in

if TYPE_CHECKING:
    from cloudrec_api import models

    from ..storage import Storage

    AnyStorage: TypeAlias = models.StorageConfig | Storage | Mapping[str, Any]

# Seconds. The provider wants them renewed every 60 minutes; so there is time for some tries more.
RENEW_AFTER = 50 * 60.0
# Seconds before they end at which they are renewed at the latest, where they live shorter than they should.
BEFORE_END = 5 * 60.0
# Seconds before the next try after one that failed; the last counts from then on.
AGAIN_AFTER = (30.0, 60.0, 120.0)

Provider: TypeAlias = "Callable[[], AnyStorage | Awaitable[AnyStorage]]"
"""Gives storage with credentials that are good from now on; for the async client it may be an async function."""


class Renewal:
    """The credentials in use: how old they are, and when the next ones are due."""

    def __init__(self, wall: Callable[[], float], storage: Mapping[str, Any] | None) -> None:
        self.wall: Callable[[], float] = wall
        self.secrets: frozenset[str] = frozenset(secrets_in(storage))
        self._failures = 0
        # Of what another process began it is not known how old the credentials are: they are due at once.
        self._due = wall() if storage is None else self._next(storage)

    def wait(self) -> float:
        """Seconds until they are due."""
        return max(0.0, self._due - self.wall())

    def done(self, storage: Mapping[str, Any]) -> None:
        """New ones are in use."""
        self._failures = 0
        self._due = self._next(storage)

    def failed(self) -> None:
        """They could not be renewed."""
        self._due = self.wall() + AGAIN_AFTER[min(self._failures, len(AGAIN_AFTER) - 1)]
        self._failures += 1

    def _next(self, storage: Mapping[str, Any]) -> float:
        now, ends = self.wall(), storage.get("stsExpiration")
        latest = now + RENEW_AFTER
        if ends is None:
            return latest
        return float(min(latest, max(ends - BEFORE_END, now + (ends - now) / 2)))


def are_short_lived(storage: Mapping[str, Any]) -> bool:
    """Whether these credentials end by themselves."""
    return "stsToken" in storage or "stsExpiration" in storage
