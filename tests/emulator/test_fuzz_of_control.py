"""The control interface under what schemathesis makes of its document: every operation, valid and invalid requests."""

from __future__ import annotations

import copy
from collections.abc import Iterator
from typing import Any

import pytest
import requests

from cloudrec import S3
from cloudrec.emulator import Emulator
from cloudrec.emulator.control.document import document
from tests.emulator.fuzzing import conformance, for_any_request, operations


def schema() -> Any:
    """The document, but for the stream, which does not end, and for who is told, which would be told at random."""
    made = copy.deepcopy(document())
    for path in ("/_emulator/events", "/_emulator/webhooks/receiver"):
        del made["paths"][path]
    return made


@pytest.fixture(scope="module")
def emulator() -> Iterator[Emulator]:
    """One for all examples, in which something has happened."""
    with Emulator() as running, running.client() as client:
        storage = S3("lessons", "eu-central-1", "AKEXAMPLE", "secret")
        client.mix.record("lesson-42", storage=storage, confirm=False)
        running.clock.advance(30)
        yield running


@pytest.fixture(scope="module")
def session() -> Iterator[requests.Session]:
    """For schemathesis' own requests; looking for a proxy before each takes longer than the request."""
    with requests.Session() as made:
        made.trust_env = False
        yield made


@pytest.mark.parametrize("operation", operations(schema()))
def test_any_request_is_answered_as_documented(operation: str, emulator: Emulator, session: requests.Session) -> None:
    """Whatever is sent, the answer fits its schema, and nothing breaks."""

    def answered(case: Any) -> None:
        if case.path_parameters and "sid" in case.path_parameters and emulator.recordings:
            case.path_parameters["sid"] = emulator.recordings[0].sid
        case.call_and_validate(base_url=emulator.url, session=session, checks=conformance())

    for_any_request(schema, operation, 20, answered)
