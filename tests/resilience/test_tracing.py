"""OpenTelemetry's instrumentation of httpx sees every attempt, without our help."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest

from tests.resilience.conftest import choose_pool
from tests.resilience.support import DROP, TOO_MANY, Server, Time, drive
from tests.support import CALLS


@pytest.fixture
def spans() -> Iterator[Callable[[], list[Any]]]:
    """The spans so far, while httpx is instrumented."""
    from opentelemetry.instrumentation.httpx import HTTPXClientInstrumentor
    from opentelemetry.sdk.trace import TracerProvider
    from opentelemetry.sdk.trace.export import SimpleSpanProcessor
    from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter

    exporter, provider, instrumentor = InMemorySpanExporter(), TracerProvider(), HTTPXClientInstrumentor()
    provider.add_span_processor(SimpleSpanProcessor(exporter))
    instrumentor.instrument(tracer_provider=provider)
    yield lambda: list(exporter.get_finished_spans())
    instrumentor.uninstrument()


# Not on aiohttp's pool, where OpenTelemetry's instrumentation of aiohttp is in charge.
@pytest.mark.parametrize("kind", ["sync", "asyncio", "trio"])
def test_a_span_for_each_attempt(kind: str, spans: Callable[[], list[Any]], monkeypatch: pytest.MonkeyPatch) -> None:
    """With method, status and host; and the service is told which trace it is part of."""
    choose_pool(kind, monkeypatch)
    with Server(TOO_MANY, DROP) as server:
        result = drive(kind, CALLS["query"], server.url, Time(kind))
    seen = spans()
    assert len(seen) == len(result.attempts) == len(server.requests) == 3
    assert [span.name for span in seen] == ["GET"] * 3
    assert [span.attributes.get("http.status_code") for span in seen] == [429, None, 200]
    assert [span.status.is_ok for span in seen] == [False, False, True]
    traces = [format(span.context.trace_id, "032x") for span in seen]
    assert [request.headers["traceparent"].split("-")[1] for request in server.requests] == traces
