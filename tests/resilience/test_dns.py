"""Which of two domains: the first that DNS answers for, whatever a resolver does."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from functools import partial
from typing import Any

import anyio
import httpx
import pytest

from cloudrec import Area, AsyncCloudRecording, CloudRecording, ConfigurationError, Retry
from cloudrec._async import session as async_session
from cloudrec._io._async import waiting as _io_async
from cloudrec._io._sync import waiting as _io_sync
from cloudrec._sync import session as sync_session
from tests.resilience.support import GOOD, Time
from tests.support import APP_ID, CALLS, CREDENTIAL

KINDS = ("sync", "asyncio", "trio")
NEAR, FAR = "api-eu-west-1.agora.io", "api-eu-west-1.sd-rtn.com"


class Resolver:
    """Finds some names, raises for some, and hangs for the others until the test is over."""

    def __init__(self, found: tuple[str, ...] = (), missing: tuple[str, ...] = ()) -> None:
        self.asked: list[str] = []
        self.threads: set[int] = set()
        self.over = threading.Event()
        self._found = found
        self._missing = missing

    def __call__(self, name: str) -> None:
        self.asked.append(name)
        self.threads.add(threading.get_ident())
        if name in self._found:
            return
        if name not in self._missing:
            self.over.wait(20)
        raise OSError(f"no such name: {name}")


@pytest.fixture
def resolvers() -> Iterator[Callable[..., Resolver]]:
    """Makes resolvers, and lets what hangs in them go in the end."""
    made: list[Resolver] = []

    def make(**settings: Any) -> Resolver:
        made.append(Resolver(**settings))
        return made[-1]

    yield make
    for resolver in made:
        resolver.over.set()


def race(kind: str, resolver: Any, seconds: float = 10.0) -> int | None:
    """Who wins."""
    if kind == "sync":
        return _io_sync.first_to_answer(resolver, [NEAR, FAR], seconds)
    return anyio.run(_io_async.first_to_answer, resolver, [NEAR, FAR], seconds, backend=kind)


RACES = [
    ((NEAR,), (), 0),
    ((FAR,), (), 1),
    ((NEAR,), (FAR,), 0),
    ((FAR,), (NEAR,), 1),
    ((), (NEAR, FAR), None),
]


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize(("found", "missing", "winner"), RACES)
def test_the_first_to_answer_wins(
    kind: str, found: Any, missing: Any, winner: int | None, resolvers: Callable[..., Resolver]
) -> None:
    """Nobody waits for the other, whether it hangs or raises; both are asked."""
    resolver = resolvers(found=found, missing=missing)
    assert race(kind, resolver) == winner
    assert set(found) <= set(resolver.asked) <= {NEAR, FAR}
    assert winner is not None or set(resolver.asked) == {NEAR, FAR}


@pytest.mark.parametrize("kind", KINDS)
def test_both_answer(kind: str, resolvers: Callable[..., Resolver]) -> None:
    """One of them wins."""
    assert race(kind, resolvers(found=(NEAR, FAR))) in (0, 1)


@pytest.mark.parametrize("kind", KINDS)
def test_nobody_answers_in_time(kind: str, resolvers: Callable[..., Resolver]) -> None:
    """Both hang: after so many seconds, nobody has won."""
    assert race(kind, resolvers(), 0.05) is None
    assert race(kind, resolvers(missing=(NEAR,)), 0.05) is None


@pytest.mark.parametrize("kind", KINDS)
def test_resolvers_do_not_block(kind: str, resolvers: Callable[..., Resolver]) -> None:
    """They are called in threads of their own."""
    resolver = resolvers(missing=(NEAR, FAR))
    race(kind, resolver)
    assert threading.get_ident() not in resolver.threads


class Called:
    """An object with an async function for a call."""

    async def __call__(self, name: str) -> None:
        await resolve_far(name)


async def resolve_far(name: str) -> None:
    """Finds the far one; for the near one it hangs."""
    if name == NEAR:
        await anyio.sleep_forever()


async def resolve_none(name: str) -> None:
    """Finds nothing."""
    raise LookupError(name)


@pytest.mark.parametrize("backend", ["asyncio", "trio"])
@pytest.mark.parametrize("resolver", [resolve_far, Called(), partial(resolve_far)])
def test_async_resolvers(backend: str, resolver: Any) -> None:
    """A resolver of the async client may be an async function, in any form."""
    assert race(backend, resolver) == 1
    assert race(backend, resolve_none) is None


@pytest.mark.parametrize("backend", ["asyncio", "trio"])
def test_a_function_that_returns_something_to_wait_for(backend: str) -> None:
    """It is waited for too."""
    assert anyio.run(_io_async.first_to_answer, lambda name: resolve_far(name), [FAR], 10.0, backend=backend) == 0
    assert anyio.run(_io_async.first_to_answer, lambda name: resolve_none(name), [FAR], 10.0, backend=backend) is None


class Asked(httpx.MockTransport):
    """Answers for every host, or for those alone that are there."""

    def __init__(self, *gone: str, error: type[httpx.TransportError] = httpx.ConnectError) -> None:
        super().__init__(self._answer)
        self.hosts: list[str] = []
        self._gone = gone
        self._error = error

    def _answer(self, request: httpx.Request) -> httpx.Response:
        self.hosts.append(request.url.host)
        if request.url.host in self._gone:
            raise self._error("no")
        return httpx.Response(200, json=GOOD)


def with_client(kind: str, transport: Asked, use: Any, **settings: Any) -> Any:
    """What `use` makes of a client of an area whose hosts are that transport."""
    settings = {"area": Area.EU, "rate_limit": None} | settings
    if kind == "sync":
        with httpx.Client(transport=transport) as http_client:
            return use(CloudRecording(APP_ID, CREDENTIAL, http_client=http_client, **settings))

    async def main() -> Any:
        async with httpx.AsyncClient(transport=transport) as http_client:
            return await use(AsyncCloudRecording(APP_ID, CREDENTIAL, http_client=http_client, **settings))

    return anyio.run(main, backend=kind)


def repeat(kind: str, times: int, before_each: Callable[[int], None] = lambda _: None) -> Any:
    """So many queries."""

    def sync_use(client: Any) -> list[Any]:
        results = []
        for number in range(times):
            before_each(number)
            results.append(CALLS["query"](client))
        return results

    async def async_use(client: Any) -> list[Any]:
        results = []
        for number in range(times):
            before_each(number)
            results.append(await CALLS["query"](client))
        return results

    return sync_use if kind == "sync" else async_use


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize(("found", "host"), [((NEAR,), NEAR), ((FAR,), FAR)])
def test_a_client_asks_the_first_domain_to_answer(
    kind: str, found: Any, host: str, resolvers: Callable[..., Resolver]
) -> None:
    """DNS is asked once for both, and the choice kept."""
    resolver, transport = resolvers(found=found), Asked()
    results = with_client(kind, transport, repeat(kind, 3), resolver=resolver)
    assert transport.hosts == [host] * 3
    assert [result.host for result in results] == [host] * 3
    assert len(resolver.asked) <= 2


@pytest.mark.parametrize("kind", KINDS)
def test_the_choice_is_made_anew_after_half_a_minute(kind: str, resolvers: Callable[..., Resolver]) -> None:
    """DNS is asked again when the choice is 30 s old, and when the clock was set back."""
    time, transport = Time(kind), Asked()
    resolver = resolvers(found=(NEAR,), missing=(FAR,))
    asked: list[int] = []

    def later(number: int) -> None:
        asked.append(len(resolver.asked))
        time.now += [0, 29, 1, 29, -500][number]

    settings = {"resolver": resolver, "clock": time.clock, "wait": time.wait}
    with_client(kind, transport, repeat(kind, 5, later), **settings)
    assert set(transport.hosts) == {NEAR}
    # Who loses the race may be asked a moment later, or, where there is no thread for it yet, not at all.
    assert asked[1] > 0
    assert asked[2] <= 2
    assert asked[3] > asked[2] - 1
    assert len(resolver.asked) > asked[3]


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("missing", [(NEAR, FAR), ()], ids=["raises", "hangs"])
def test_a_resolver_that_fails_fails_no_call(
    kind: str, missing: Any, resolvers: Callable[..., Resolver], monkeypatch: pytest.MonkeyPatch
) -> None:
    """The nearer domain is asked then."""
    for session in (async_session, sync_session):
        monkeypatch.setattr(session, "LOOKUP_TIMEOUT", 0.05)
    transport = Asked()
    with_client(kind, transport, repeat(kind, 1), resolver=resolvers(missing=missing))
    assert transport.hosts == [NEAR]


@pytest.mark.parametrize("kind", KINDS)
def test_the_deadline_holds_for_the_lookup(kind: str, resolvers: Callable[..., Resolver]) -> None:
    """A resolver that hangs does not cost a call more than its deadline."""
    with_client(kind, Asked(), repeat(kind, 0))
    time = Time(kind)
    settings = {"clock": time.clock, "wait": time.wait, "retry": Retry(deadline=0.05)}
    transport = Asked()
    with_client(kind, transport, repeat(kind, 1), resolver=resolvers(), **settings)
    assert transport.hosts == [NEAR]


@pytest.mark.parametrize("backend", ["asyncio", "trio"])
def test_everybody_waits_for_the_first_choice(backend: str) -> None:
    """Of many tasks at once one asks DNS; all go where it says, also those that come meanwhile."""
    asked: list[str] = []
    go: list[anyio.Event] = []

    async def resolver(name: str) -> None:
        asked.append(name)
        await go[0].wait()
        if name == NEAR:
            await anyio.sleep_forever()

    async def use(client: Any) -> None:
        go.append(anyio.Event())
        async with anyio.create_task_group() as group:
            for _ in range(100):
                group.start_soon(CALLS["query"], client)
            await anyio.wait_all_tasks_blocked()
            group.start_soon(CALLS["query"], client)
            await anyio.wait_all_tasks_blocked()
            assert transport.hosts == []
            go[0].set()

    transport = Asked()
    with_client(backend, transport, use, resolver=resolver)
    assert transport.hosts == [FAR] * 101
    assert sorted(asked) == [NEAR, FAR]


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("area", Area)
def test_failover_within_an_area(kind: str, area: Area) -> None:
    """After a failed connection the adjacent region, in the same domain."""
    home, neighbour = (f"{prefix}.{area.domains[0]}" for prefix in area.prefixes)
    transport, time = Asked(home), Time(kind)
    settings = {"area": area, "resolver": near_only(area), "clock": time.clock, "wait": time.wait}
    results = with_client(kind, transport, repeat(kind, 2), **settings)
    assert transport.hosts == [home, neighbour, neighbour]
    assert [result.host for result in results] == [neighbour] * 2


def near_only(area: Area) -> Callable[[str], None]:
    """Finds names of the nearer domain alone."""

    def resolver(name: str) -> None:
        if not name.endswith(area.domains[0]):
            raise OSError(name)

    return resolver


@pytest.mark.parametrize("given", ["dns", 53, object()], ids=lambda given: type(given).__name__)
def test_resolvers_that_are_none(given: Any) -> None:
    """Something that cannot be called is refused."""
    for kind in (CloudRecording, AsyncCloudRecording):
        with pytest.raises(ConfigurationError, match=r"^resolver: must be a function"):
            kind(APP_ID, CREDENTIAL, area="EU", resolver=given)
