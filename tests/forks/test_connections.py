"""A forked process has connections of its own, and leaves those of its parent as they are."""

from __future__ import annotations

import gc
import threading
from collections.abc import Callable, Iterator
from typing import Any

import anyio
import httpx
import pytest

from cloudrec import AsyncCloudRecording, CloudRecording, CloudRecordingError
from tests.forks.support import in_child, needs_fork
from tests.resilience.conftest import choose_pool
from tests.resilience.support import KINDS, Server
from tests.support import APP_ID, CALLS, CREDENTIAL

pytestmark = needs_fork


@pytest.fixture(autouse=True)
def _no_proxy(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("http_proxy", "https_proxy", "all_proxy", "no_proxy"):
        monkeypatch.delenv(name, raising=False)
        monkeypatch.delenv(name.upper(), raising=False)


@pytest.fixture(params=KINDS)
def kind(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> str:
    """Every kind of client."""
    choose_pool(request.param, monkeypatch)
    return str(request.param)


@pytest.fixture
def server() -> Iterator[Server]:
    """A server that counts its connections."""
    with Server() as made:
        yield made


def around_a_fork(kind: str, url: str, child: Callable[[Any], Any], http_client: Any = None, uses: int = 1) -> str:
    """What a child makes of a client that its parent has used so often, and uses again afterwards."""
    settings = {"base_url": url, "rate_limit": None, "retry": None, "timeout": 3, "http_client": http_client}
    if kind == "sync":
        with CloudRecording(APP_ID, CREDENTIAL, **settings) as client:
            for _ in range(uses):
                CALLS["query"](client)
            told = in_child(lambda: child(client))
            CALLS["query"](client)
        if http_client is not None:
            http_client.close()
        return told

    async def main() -> str:
        async with AsyncCloudRecording(APP_ID, CREDENTIAL, **settings) as client:
            for _ in range(uses):
                await CALLS["query"](client)
            told = in_child(lambda: apart(kind, child, client))
            await CALLS["query"](client)
        if http_client is not None:
            await http_client.aclose()
        return told

    return anyio.run(main, backend=loop_of(kind))


def loop_of(kind: str) -> str:
    return "trio" if kind == "trio" else "asyncio"


def apart(kind: str, child: Callable[[Any], Any], client: Any) -> Any:
    """Runs a loop in a thread: the child's own is still in the midst of its parent's."""
    found: list[Any] = []
    thread = threading.Thread(target=lambda: found.append(anyio.run(child, client, backend=loop_of(kind))))
    thread.start()
    thread.join()
    return found[0]


def of_kind(kind: str, use: Callable[[Any], Any], then: Callable[[Any], Any] = lambda _: None) -> Callable[[Any], Any]:
    """Sends a call and closes or not, in a child."""
    if kind == "sync":

        def child(client: Any) -> Any:
            host = use(client).attempts[-1].outcome
            then(client)
            return host

        return child

    async def child_async(client: Any) -> Any:
        host = (await use(client)).attempts[-1].outcome
        closing = then(client)
        if closing is not None:
            await closing
        return host

    return child_async


def close(client: Any) -> Any:
    return client.close() if isinstance(client, CloudRecording) else client.aclose()


@pytest.mark.parametrize("then", [lambda _: None, close], ids=["left open", "closed"])
def test_a_child_connects_anew(kind: str, server: Server, then: Any) -> None:
    """It asks over a connection of its own; its parent goes on over the old one."""
    assert around_a_fork(kind, server.url, of_kind(kind, CALLS["query"], then)) == "success"
    assert server.connections == 2
    assert len(server.requests) == 3


def test_a_child_that_throws_the_client_away(kind: str, server: Server) -> None:
    """Nothing is said over the parent's connection when everything of it goes."""

    def throw_away(client: Any) -> str:
        vars(client).clear()
        gc.collect()
        return "gone"

    async def throw_away_async(client: Any) -> str:
        return throw_away(client)

    child = throw_away if kind == "sync" else throw_away_async
    assert around_a_fork(kind, server.url, child) == "gone"
    assert server.connections == 1


@pytest.mark.parametrize("kind", ["sync", "asyncio", "trio"])
def test_a_child_behind_a_proxy(kind: str, server: Server, monkeypatch: pytest.MonkeyPatch) -> None:
    """Connections to a proxy are as much its parent's."""
    monkeypatch.setenv("http_proxy", server.url)
    assert around_a_fork(kind, "http://service.test", of_kind(kind, CALLS["query"])) == "success"
    assert server.connections == 2


def made_for(kind: str) -> Any:
    return httpx.Client() if kind == "sync" else httpx.AsyncClient()


@pytest.mark.parametrize("kind", ["sync", "asyncio", "trio"])
def test_a_given_client_that_was_used_is_refused(kind: str, server: Server) -> None:
    """Its connections are its parent's, and nobody can make it anew: nothing is sent, and the error says why."""

    def told(error: CloudRecordingError) -> str:
        return f"{type(error).__name__}: {error}"

    def child(client: Any) -> str:
        try:
            CALLS["start"](client)
        except CloudRecordingError as error:
            return told(error)
        return "sent"

    async def child_async(client: Any) -> str:
        try:
            await CALLS["start"](client)
        except CloudRecordingError as error:
            return told(error)
        return "sent"

    use = child if kind == "sync" else child_async
    found = around_a_fork(kind, server.url, use, made_for(kind))
    assert found.startswith("ConfigurationError: start: not sent: http_client was used before this process was forked")
    assert len(server.requests) == 2


@pytest.mark.parametrize("kind", ["sync", "asyncio", "trio"])
def test_a_given_client_that_was_not_used_goes_on(kind: str, server: Server) -> None:
    """As where an application is loaded before its workers are forked."""
    assert around_a_fork(kind, server.url, of_kind(kind, CALLS["query"]), made_for(kind), uses=0) == "success"
    assert server.connections == 2
