"""Closing a client while calls are under way: nobody hangs, nothing leaks, and nobody forgets a recording."""

from __future__ import annotations

import gc
import threading
from concurrent.futures import Future, ThreadPoolExecutor
from typing import Any

import anyio
import anyio.to_thread
import httpcore
import pytest

from cloudrec import ClientClosedError, CloudRecordingError, RateLimit, RecordingMayBeRunningError
from cloudrec._http.network import AsyncNetwork
from tests.resilience.support import DROP, HTML, TOO_MANY, Server, drive
from tests.support import CALLS, RESOURCE_ID, SID

# Waiting in these tests ends by closing or by failing.
LATER = TOO_MANY._replace(headers={"Retry-After": "60"})


def closed(error: Any) -> bool:
    """The error says which call it was, and that the client is closed."""
    return type(error) is ClientClosedError and error.args[0] == "query: the client is closed" and bool(error.advice)


def ends_of(kind: str, server: Server, uses: list[Any], asked: int, **settings: Any) -> list[Any]:
    """How those calls end whose client is closed when so many requests have come."""

    def of_threads(client: Any) -> list[Any]:
        with ThreadPoolExecutor(len(uses)) as pool:
            calls: list[Future[Any]] = [pool.submit(use, client) for use in uses]
            server.until_asked(asked)
            client.close()
            return [call.exception(20) for call in calls]

    async def of_tasks(client: Any) -> list[Any]:
        errors: list[Any] = [None] * len(uses)

        async def one(place: int) -> None:
            try:
                await uses[place](client)
            except CloudRecordingError as error:
                errors[place] = error

        with anyio.fail_after(20):
            async with anyio.create_task_group() as group:
                for place in range(len(uses)):
                    group.start_soon(one, place)
                await anyio.to_thread.run_sync(server.until_asked, asked)
                await anyio.wait_all_tasks_blocked()
                await client.aclose()
        return errors

    # A thread that reads cannot be woken: it goes on to its time-out.
    timeout = 0.2 if kind == "sync" else 20
    ends: list[Any] = drive(kind, of_threads if kind == "sync" else of_tasks, server.url,
                            **{"timeout": timeout} | settings)  # fmt: skip
    return ends


def test_in_flight_and_in_the_queue(kind: str) -> None:
    """Two calls are with the server, eight wait for a connection: all of them end, and every connection is closed."""
    with Server() as server:
        server.gate = threading.Event()
        errors = ends_of(kind, server, [CALLS["query"]] * 10, 2, max_connections=2)
        server.gate.set()
        server.until_left()
    assert all(map(closed, errors))
    assert len(server.requests) == 2


def test_between_two_attempts(kind: str) -> None:
    """A call that waits for its next attempt ends at once, and says what was tried."""
    with Server(LATER) as server:
        [error] = ends_of(kind, server, [CALLS["query"]], 1)
        server.until_left()
    assert type(error) is ClientClosedError
    assert [attempt.outcome for attempt in error.attempts] in (["rate limited"], ["lost"])
    assert len(server.requests) == 1


def test_under_the_rate_limit(kind: str) -> None:
    """Calls that wait for their turn end at once."""
    limit = RateLimit(1)
    with Server() as server:
        errors = ends_of(kind, server, [CALLS["query"]] * 20, 1, rate_limit=limit)
        server.until_left()
    assert sum(map(closed, errors)) >= 18
    assert len(server.requests) <= 2


@pytest.mark.parametrize("silent", [True, False], ids=["in flight", "between attempts"])
def test_a_start_may_have_arrived(kind: str, silent: bool) -> None:
    """The caller is told that a recording may be running."""
    with Server() as server:
        if silent:
            server.gate = threading.Event()
        else:
            server.script += [DROP]
        [error] = ends_of(kind, server, [CALLS["start"]], 1)
        if server.gate is not None:
            server.gate.set()
        server.until_left()
    assert type(error) is RecordingMayBeRunningError
    assert type(error.__cause__) is ClientClosedError
    assert error.resource_id == RESOURCE_ID
    assert [attempt.outcome for attempt in error.attempts] == ["lost"]
    assert len(server.requests) == 1


def test_a_start_that_was_not_sent(kind: str) -> None:
    """One that waits in the queue has started nothing, and is told no more than that."""
    with Server() as server:
        server.gate = threading.Event()
        errors = ends_of(kind, server, [CALLS["query"], CALLS["query"], CALLS["start"]], 1, max_connections=1)
        server.gate.set()
    sent = "start" if "/start" in server.requests[0].path else "query"
    assert type(errors[2]) is (RecordingMayBeRunningError if sent == "start" else ClientClosedError)
    assert len(server.requests) == 1


def test_an_answer_that_came_all_the_same(kind: str) -> None:
    """An answer that is there when the client is closed is not thrown away."""
    if kind == "sync":

        def use(client: Any) -> Any:
            with ThreadPoolExecutor(1) as pool:
                call = pool.submit(CALLS["start"], client)
                server.until_asked(1)
                client.close()
                assert server.gate is not None
                server.gate.set()
                return call.result(20)

        with Server() as server:
            server.gate = threading.Event()
            assert drive(kind, use, server.url, timeout=10).sid == SID
            server.until_left()


def test_closed_is_closed(kind: str) -> None:
    """Calls after it are refused, and it may be closed again."""
    if kind == "sync":

        def use(client: Any) -> None:
            CALLS["query"](client)
            for _ in range(3):
                client.close()
                with pytest.raises(ClientClosedError):
                    CALLS["query"](client)
    else:

        async def use(client: Any) -> None:
            await CALLS["query"](client)
            for _ in range(3):
                await client.aclose()
                with pytest.raises(ClientClosedError):
                    await CALLS["query"](client)

    with Server() as server:
        drive(kind, use, server.url)
        server.until_left()
    assert len(server.requests) == 1


def test_nothing_is_left_open(kind: str) -> None:
    """After a client with good, bad and broken answers is closed, nobody is connected."""
    with Server(HTML, DROP, TOO_MANY) as server:
        drive(kind, CALLS["query"], server.url, wait=(lambda _: None) if kind == "sync" else nothing)
        server.until_left()


async def nothing(_: float) -> None:
    """Does not wait."""


@pytest.mark.parametrize("backend", ["asyncio", "trio"])
def test_a_connection_that_no_pool_holds_is_closed(backend: str) -> None:
    """One that was made while its client was closed: nobody else would close it."""

    async def main() -> None:
        network = AsyncNetwork("unsent")
        network.deadline.begin({"timeout": {"read": 2.0}})
        connection = await network.connect_tcp("127.0.0.1", port)
        await network.aclose()
        with pytest.raises(httpcore.ReadError):
            await connection.read(1)
        with pytest.raises(httpcore.ConnectError, match="closed"):
            await network.connect_tcp("127.0.0.1", port)

    with Server() as server:
        port = int(server.url.rpartition(":")[2])
        anyio.run(main, backend=backend)
        gc.collect()  # an open one that is thrown away is a warning, and so an error
