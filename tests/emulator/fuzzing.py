"""Requests that schemathesis makes of a document, and its checks of answers.

It is imported where requests are made, and not where tests are listed: each process lists them all, and to schemathesis
that is more work than to make some requests.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from typing import Any

from hypothesis import HealthCheck, given, strategies as st

from tests.support import Json, examples


def operations(document: Json) -> list[str]:
    """Every operation of it, such as `GET /v1/ncs/ip`."""
    return [
        f"{method.upper()} {path}"
        for path, item in document["paths"].items()
        for method, operation in item.items()
        if "responses" in operation
    ]


@cache
def _schema(document: Callable[[], Json]) -> Any:
    import schemathesis

    return schemathesis.openapi.from_dict(document())


def for_any_request(document: Callable[[], Json], operation: str, many: int, answered: Callable[[Any], None]) -> None:
    """Whatever can be sent for an operation, right and wrong. The same in every run, as everything that is made up."""
    from schemathesis import GenerationMode

    method, path = operation.split(" ", 1)
    found = _schema(document)[path][method]
    cases = st.one_of([found.as_strategy(generation_mode=mode) for mode in GenerationMode])
    examples(many, suppress_health_check=list(HealthCheck))(given(cases)(answered))()


def conformance() -> list[Any]:
    """The answer fits its schema, its status and its type are documented, and nothing breaks."""
    from schemathesis.checks import not_a_server_error
    from schemathesis.specs.openapi.checks import (
        content_type_conformance,
        response_schema_conformance,
        status_code_conformance,
    )

    return [not_a_server_error, status_code_conformance, content_type_conformance, response_schema_conformance]
