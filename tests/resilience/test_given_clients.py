"""Clients that are given: those of httpx2 do what those of httpx do."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import httpx
import httpx2
import pytest

from cloudrec import AsyncCloudRecording, CloudRecording, CloudRecordingError, ConfigurationError
from tests.resilience.support import DROP, HANG_UP, HTML, SILENCE, TOO_MANY, UNAVAILABLE, Server, Time, drive, free_port
from tests.support import APP_ID, CALLS, CREDENTIAL, ENDPOINTS

SCRIPTS = {
    "well": (),
    "breaks": (DROP, HANG_UP),
    "is busy": (TOO_MANY, UNAVAILABLE),
    "is not understood": (HTML,) * 4,
}


@pytest.fixture(params=["sync", "asyncio", "trio"])
def kind(request: pytest.FixtureRequest) -> str:
    """Each with a pool of the client that is given."""
    return str(request.param)


def story(library: Any, kind: str, use: Callable[[Any], Any], url: str, timeout: float = 10.0) -> Any:
    """How a call went that was sent by a client of this library: its attempts, and its result or error."""

    def tell(ended: Any) -> Any:
        attempts = [(attempt.outcome, attempt.http_status) for attempt in ended.attempts]
        return attempts, type(ended), str(ended) if isinstance(ended, CloudRecordingError) else ended.raw

    settings: dict[str, Any] = {"time": Time(kind), "timeout": timeout}
    try:
        if kind == "sync":
            with library.Client(verify=False, headers={"X-Team": "blue"}) as http_client:
                return tell(drive(kind, use, url, http_client=http_client, **settings))

        async def use_and_close(client: Any) -> Any:
            async with http_client:
                return await use(client)

        http_client = library.AsyncClient(verify=False, headers={"X-Team": "blue"})
        return tell(drive(kind, use_and_close, url, http_client=http_client, **settings))
    except CloudRecordingError as error:
        return tell(error)


@pytest.mark.parametrize("script", SCRIPTS)
@pytest.mark.parametrize("endpoint", ENDPOINTS)
def test_a_call_goes_as_it_does_by_httpx(kind: str, endpoint: str, script: str) -> None:
    """The same attempts with the same outcomes, the same result or error; with what the client sends of itself."""
    stories = []
    for library in (httpx, httpx2):
        with Server(*SCRIPTS[script]) as server:
            stories.append(story(library, kind, CALLS[endpoint], server.url))
            assert {request.headers["x-team"] for request in server.requests} == {"blue"}
    # Where the servers were is all that differs.
    assert str(stories[0][:2]) == str(stories[1][:2])


def test_no_answer(kind: str) -> None:
    stories = []
    for library in (httpx, httpx2):
        with Server(*[SILENCE] * 4) as server:
            stories.append(story(library, kind, CALLS["query"], server.url, timeout=0.1))
    assert str(stories[0][:2]) == str(stories[1][:2])
    assert {outcome for outcome, _ in stories[1][0]} == {"lost"}


def test_nobody_there(kind: str) -> None:
    url = f"http://127.0.0.1:{free_port()}"
    stories = [story(library, kind, CALLS["start"], url) for library in (httpx, httpx2)]
    assert stories[0] == stories[1]
    assert {outcome for outcome, _ in stories[1][0]} == {"no connection"}


@pytest.mark.parametrize("library", [httpx, httpx2, None], ids=["httpx", "httpx2", "neither"])
def test_what_is_no_client_of_the_right_kind(library: Any) -> None:
    """Told by what it can do, where the client is made."""
    other: Any = object if library is None else library.AsyncClient
    with pytest.raises(ConfigurationError, match=r"must be an httpx\.Client \(or httpx2's\), not "):
        CloudRecording(APP_ID, CREDENTIAL, area="EU", http_client=other())
    other = object if library is None else library.Client
    with pytest.raises(ConfigurationError, match=r"must be an httpx\.AsyncClient \(or httpx2's\), not "):
        AsyncCloudRecording(APP_ID, CREDENTIAL, area="EU", http_client=other())
