"""`Telemetry`: spans and metrics of a fleet, where OpenTelemetry is installed."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from typing import Any, ClassVar

from ._states import State

_NAME = "cloudrec.fleet"


class Telemetry:
    """What a worker tells: a span for each time that it holds a recording, and the counts of the whole fleet."""

    # Of the process, which is one worker at a time: a metric of the same name that is made again is the first one.
    _counts: ClassVar[Mapping[str, int]] = {}

    def __init__(self) -> None:
        self._tracer: Any = None
        try:
            from opentelemetry import metrics, trace
        except ImportError:
            return
        self._observation = metrics.Observation
        self._tracer = trace.get_tracer(_NAME)
        meter = metrics.get_meter(_NAME)
        meter.create_observable_gauge(
            "cloudrec.fleet.recordings", [self._observed], unit="{recording}", description="Recordings in each state"
        )
        meter.create_observable_counter(
            "cloudrec.fleet.requests", [self._requests], unit="{request}", description="Requests of all workers"
        )
        self._takeovers = meter.create_counter(
            "cloudrec.fleet.takeovers", unit="{recording}", description="Recordings taken over from dead workers"
        )

    def counted(self, counts: Mapping[str, int]) -> None:
        """How many there are now."""
        Telemetry._counts = counts

    def taken_over(self, number: int) -> None:
        """So many came from a worker that is dead."""
        if self._tracer is not None:
            self._takeovers.add(number)

    @contextmanager
    def span(self, key: str, run: int) -> Iterator[None]:
        """The time for which a recording is held here."""
        if self._tracer is None:
            yield
            return
        with self._tracer.start_as_current_span(
            "cloudrec.fleet.recording", attributes={"cloudrec.key": key, "cloudrec.run": run}
        ):
            yield

    def _observed(self, _: object) -> Iterable[Any]:
        states = (state.value for state in State)
        return [self._observation(self._counts[name], {"state": name}) for name in states if name in self._counts]

    def _requests(self, _: object) -> Iterable[Any]:
        return [self._observation(self._counts.get("requests", 0))]
