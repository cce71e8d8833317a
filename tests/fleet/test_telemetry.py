"""Spans, metrics and log lines of a fleet."""

from __future__ import annotations

import logging
from typing import Any

import pytest
from opentelemetry import metrics, trace
from opentelemetry.sdk.metrics import MeterProvider
from opentelemetry.sdk.metrics.export import InMemoryMetricReader
from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.sdk.trace.export import SimpleSpanProcessor
from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter

from cloudrec import MixRecipe
from cloudrec.emulator import Emulator
from tests.fleet.support import ask, eventually, fleet_of, reaches

LESSON = MixRecipe(storage="lessons")


async def test_spans_metrics_and_log(
    emulator: Emulator, new_sqlite: Any, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    """A span for the time for which a worker holds a recording; counts of the whole fleet; a line for each change."""
    caplog.set_level(logging.INFO, "cloudrec.fleet")
    spans, reader = InMemorySpanExporter(), InMemoryMetricReader()
    traces, meters = TracerProvider(), MeterProvider([reader])
    traces.add_span_processor(SimpleSpanProcessor(spans))
    monkeypatch.setattr(trace, "get_tracer", traces.get_tracer)
    monkeypatch.setattr(metrics, "get_meter", meters.get_meter)
    database = new_sqlite()
    async with fleet_of(emulator, database) as fleet:
        await fleet.record("lesson-42", LESSON)
        await reaches(fleet, "lesson-42", "running")
        await eventually(lambda: _counted(reader, "running"))
    async with fleet_of(emulator, database) as fleet:
        await fleet.stop("lesson-42")
        await reaches(fleet, "lesson-42", "done")
        await eventually(lambda: _counted(reader, "done"))
        await fleet.record("lesson-43", LESSON)
        await reaches(fleet, "lesson-43", "running")
    ask(database, "update cloudrec_recordings set is_handed_over = false")  # as of one that died
    async with fleet_of(emulator, database) as fleet:
        await eventually(lambda: _total(reader, "takeovers", 1))
        counts = await fleet.counts()
    held = [span.attributes for span in spans.get_finished_spans() if span.name == "cloudrec.fleet.recording"]
    assert [dict(one or {}) for one in held].count({"cloudrec.key": "lesson-42", "cloudrec.run": 1}) == 2
    assert _values(reader, "cloudrec.fleet.handovers") == [counts["handovers"]] == [1]
    assert _values(reader, "cloudrec.fleet.requests")[0] >= 4
    told = [record.getMessage() for record in caplog.records if "lesson-42: " in record.getMessage()]
    for change in ("starting, was waiting", "running, was starting", "stopping, was running", "done, was stopping"):
        assert any(f"lesson-42: {change}" in line for line in told), change
    meters.shutdown()
    traces.shutdown()


def _points(reader: InMemoryMetricReader, name: str) -> list[Any]:
    data = reader.get_metrics_data()
    found = [
        metric
        for resource in (data.resource_metrics if data else ())
        for scope in resource.scope_metrics
        for metric in scope.metrics
        if metric.name == name
    ]
    return [point for metric in found for point in metric.data.data_points]


def _values(reader: InMemoryMetricReader, name: str) -> list[Any]:
    return [getattr(point, "value", None) for point in _points(reader, name)]


async def _total(reader: InMemoryMetricReader, name: str, least: int) -> bool:
    return any(value >= least for value in _values(reader, f"cloudrec.fleet.{name}"))


async def _counted(reader: InMemoryMetricReader, state: str) -> bool:
    return any(
        point.attributes["state"] == state and point.value == 1
        for point in _points(reader, "cloudrec.fleet.recordings")
    )
