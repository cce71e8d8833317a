"""`Telemetry`: spans and metrics of a fleet, where OpenTelemetry is installed."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from functools import partial
from typing import Any, ClassVar

from ._states import State

_NAME = "cloudrec.fleet"
# Of all workers, since the beginning.
_TOTALS = (
    ("requests", "{request}", "Requests to the service"),
    ("takeovers", "{recording}", "Recordings taken over from dead workers"),
    ("handovers", "{recording}", "Recordings handed over by workers that left"),
    ("losses", "{recording}", "Recordings that the engine had lost, and that were looked for"),
)


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
        for name, unit, description in _TOTALS:
            meter.create_observable_counter(
                f"cloudrec.fleet.{name}", [partial(self._total, name)], unit=unit, description=description
            )

    def counted(self, counts: Mapping[str, int]) -> None:
        """How many there are now."""
        Telemetry._counts = counts

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

    def _total(self, name: str, _: object) -> Iterable[Any]:
        return [self._observation(self._counts[name])] if name in self._counts else []
