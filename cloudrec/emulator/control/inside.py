"""`Inside`: what an emulator is made of, for who steers it from outside."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from ..faults.calls import CallLog
from ..faults.schedule import FaultSchedule
from ..service.service import Service
from ..webhooks.webhooks import Webhooks
from ..world.clock import Clock


@dataclass(frozen=True)
class Inside:
    """The parts of one emulator."""

    service: Service
    schedule: FaultSchedule
    log: CallLog
    webhooks: Webhooks
    #: Where it answers.
    urls: Callable[[], tuple[str, ...]]
    heal: Callable[[], None]
    reset: Callable[[], None]

    @property
    def clock(self) -> Clock:
        """The clock."""
        return self.service.clock

    @property
    def stamp(self) -> object:
        """Another one whenever anything may have changed."""
        clock, service = self.clock, self.service
        channels = sum(channel.history.version for channel in service.channels.known.values())
        rules = [rule.met for rule in self.schedule.rules]
        return (
            (clock.now(), clock.ticking, clock.speed, channels, len(service.channels.known), len(service.recordings)),
            (self.log.changes, self.webhooks.version, self.webhooks.url, rules, self.schedule.raging),
            sum(move.back for recording in service.recordings.values() for move in recording.moves),
        )
