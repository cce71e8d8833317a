"""The ASGI adapter: over a socket, and message by message on both event loops."""

from __future__ import annotations

import logging
import threading
from collections.abc import Awaitable, Callable
from functools import partial
from typing import Any

import anyio
import anyio.lowlevel
import httpx
import pytest
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.middleware.base import BaseHTTPMiddleware
from starlette.routing import Mount, Route

from cloudrec import ConfigurationError
from cloudrec.webhooks import Deduplicator, Event, HealthCheck, MemoryStore, Met, Ordered, OtherProductEvent, sign
from cloudrec.webhooks.asgi import WebhookApp
from tests.support import Json
from tests.webhooks.support import SECRET, Heard, encoded, post, sent, serve_asgi

LOOPS = ["asyncio", "trio"]
Messages = list[dict[str, Any]]


# ------------------------------------------------------------------------------------------- over a socket


def test_over_a_socket() -> None:
    """Served alone, by uvicorn: answers with JSON, and hands over."""
    heard = Heard()
    with serve_asgi(WebhookApp(SECRET, heard)) as url:
        response = post(url, sent(notice="a"))
        assert (response.status_code, response.json()) == (200, {})
        assert response.headers["content-type"] == "application/json"
        [event] = heard.wait_for(1)
        assert event.raw == sent(notice="a")


@pytest.mark.parametrize("path", ["/agora", "/mounted/", "/mounted/below"])
def test_in_starlette(path: str) -> None:
    """As a route of its own, or mounted, where no lifespan reaches it."""
    heard = Heard()

    async def handle(event: Event) -> None:
        await anyio.lowlevel.checkpoint()
        heard(event)

    hook = WebhookApp(SECRET, handle)
    with serve_asgi(Starlette(routes=[Route("/agora", hook), Mount("/mounted", hook)])) as url:
        with httpx.Client(verify=False) as client:
            # Over one connection, as the provider advises.
            for name in "abc":
                body = encoded(sent(notice=name))
                assert client.post(url + path, content=body, headers=sign(body, SECRET)).status_code == 200
        heard.wait_for(3)
        assert heard.ids == ["a", "b", "c"]
        assert httpx.get(url + path, verify=False).status_code == 405


def test_answers_before_it_handles() -> None:
    """A handler that takes its time does not keep the service waiting, nor does the next event."""
    release, heard = threading.Event(), Heard()

    def handle(event: Event) -> None:
        assert release.wait(10)
        heard(event)

    with serve_asgi(WebhookApp(SECRET, handle)) as url:
        for name in "abc":
            assert post(url, sent(notice=name)).status_code == 200
        assert heard.events == []
        release.set()
        heard.wait_for(3)
    assert heard.ids == ["a", "b", "c"]


def test_behind_middleware() -> None:
    """Also where an application looks at every answer, the service gets its own before the handler has done."""
    release, heard = threading.Event(), Heard()

    def handle(event: Event) -> None:
        assert release.wait(10)
        heard(event)

    async def look(request: Any, call_next: Any) -> Any:
        response = await call_next(request)
        response.headers["X-Looked-At"] = "yes"
        return response

    hook = WebhookApp(SECRET, handle)
    app = Starlette(routes=[Route("/agora", hook)], middleware=[Middleware(BaseHTTPMiddleware, dispatch=look)])
    with serve_asgi(app) as url, httpx.Client(verify=False, timeout=5) as client:
        for name in "ab":
            body = encoded(sent(notice=name))
            response = client.post(f"{url}/agora", content=body, headers=sign(body, SECRET))
            assert (response.status_code, response.headers["x-looked-at"]) == (200, "yes")
        assert heard.events == []
        release.set()
        heard.wait_for(2)


def test_a_server_that_stops_lets_events_be_handled() -> None:
    """What was answered is handled before uvicorn ends."""
    release, heard = threading.Event(), Heard()

    def handle(event: Event) -> None:
        assert release.wait(10)
        heard(event)

    with serve_asgi(WebhookApp(SECRET, handle)) as url:
        for name in "abc":
            assert post(url, sent(notice=name)).status_code == 200
        release.set()
    assert heard.ids == ["a", "b", "c"]


def test_chunks_and_large_bodies() -> None:
    """A body in pieces is put together; one that is too large is not read to its end."""
    heard = Heard()
    with serve_asgi(WebhookApp(SECRET, heard, max_size=2000)) as url:
        body = encoded(sent(new="x" * 1000))
        pieces = iter([body[:10], body[10:500], body[500:]])
        assert httpx.post(url, content=pieces, headers=sign(body, SECRET), verify=False).status_code == 200
        heard.wait_for(1)
        assert post(url, b"x" * 2001).status_code == 413
        large = encoded(sent(new="x" * 5000))
        assert httpx.post(url, content=iter([large]), headers=sign(large, SECRET), verify=False).status_code == 413


# ------------------------------------------------------------------------------------------- message by message


def http(headers: dict[str, str], method: str = "POST") -> dict[str, Any]:
    """The scope of a request."""
    pairs = [(name.lower().encode(), value.encode()) for name, value in headers.items()]
    return {"type": "http", "method": method, "headers": pairs}


class Exchange:
    """One request, message by message."""

    def __init__(self, body: bytes | Json, *, secret: str = SECRET, method: str = "POST", **headers: str) -> None:
        raw = body if isinstance(body, bytes) else encoded(body)
        self.scope = http({**sign(raw, secret), **headers}, method)
        self.incoming: Messages = [{"type": "http.request", "body": raw, "more_body": False}]
        self.outgoing: Messages = []
        self.answered = anyio.Event()

    async def receive(self) -> dict[str, Any]:
        """What the client sends."""
        await anyio.lowlevel.checkpoint()
        return self.incoming.pop(0)

    async def send(self, message: Any) -> None:
        """What the application answers."""
        await anyio.lowlevel.checkpoint()
        self.outgoing.append(message)
        if message["type"] == "http.response.body":
            self.answered.set()

    @property
    def status(self) -> int | None:
        """The status that was answered."""
        return self.outgoing[0]["status"] if self.outgoing else None

    async def ask(self, app: WebhookApp) -> int | None:
        """The status, when everything is over that the application does about it."""
        await app(self.scope, self.receive, self.send)
        return self.status


def on(loop: str, main: Callable[[], Awaitable[Any]]) -> Any:
    """Runs it there."""
    return anyio.run(main, backend=loop)


def asked(loop: str, app: WebhookApp, *exchanges: Exchange) -> list[int | None]:
    """The answers to some requests, one after the other."""

    async def main() -> list[int | None]:
        return [await exchange.ask(app) for exchange in exchanges]

    return on(loop, main)


@pytest.mark.parametrize("loop", LOOPS)
def test_answers(loop: str) -> None:
    """Each kind of request gets its answer, all with JSON."""
    heard = Heard()
    app = WebhookApp(SECRET, heard)
    for status, exchange in [
        (200, Exchange(sent())),
        (200, Exchange({"productId": 1, "eventType": 101})),
        (200, Exchange(sent(cname="test_webhook", uid="12121212"))),
        (200, Exchange(sent(), **{"Content-Length": "0500"})),
        (400, Exchange(b"[]")),
        (400, Exchange(b"")),
        (400, Exchange(sent(), **{"Content-Length": "-1"})),
        (400, Exchange(sent(), **{"Content-Length": "ten"})),
        (401, Exchange(sent(), secret="another")),
        (401, Exchange(sent(), **{"Agora-Signature-V2": "x"})),
        (405, Exchange(sent(), method="GET")),
        (405, Exchange(sent(), method="PUT")),
        (413, Exchange(b"x" * 2_000_000)),
        (413, Exchange(b"", **{"Content-Length": "2000000"})),
        (413, Exchange(b"", **{"Content-Length": "9" * 5000})),
    ]:
        assert asked(loop, app, exchange) == [status]
        headers = dict(exchange.outgoing[0]["headers"])
        assert headers[b"content-type"] == b"application/json"
        body = exchange.outgoing[1]["body"]
        assert headers[b"content-length"] == str(len(body)).encode()
        assert (httpx.Response(status, content=body).json() == {}) is (status == 200)
        assert (b"allow" in headers) is (status == 405)
    assert len(heard.events) == 2


@pytest.mark.parametrize("loop", LOOPS)
@pytest.mark.parametrize("kind", ["async", "plain", "partial", "object", "async object", "lambda"])
def test_handlers(loop: str, kind: str) -> None:
    """A handler may be async, or plain and then runs in a thread, and may be anything that is called."""
    heard, threads = Heard(), []

    async def handle(more: str, event: Event) -> None:
        await anyio.lowlevel.checkpoint()
        threads.append(threading.current_thread())
        heard(event)

    def plain(event: Event) -> None:
        threads.append(threading.current_thread())
        heard(event)

    class AsyncObject:
        async def __call__(self, event: Event) -> None:
            await handle("", event)

    handlers: dict[str, Any] = {
        "async": partial(handle, ""),
        "plain": plain,
        "partial": partial(plain),
        "object": heard,
        "async object": AsyncObject(),
        "lambda": lambda event: handle("", event),
    }
    assert asked(loop, WebhookApp(SECRET, handlers[kind]), Exchange(sent())) == [200]
    assert heard.ids == ["notice-1"]
    here = {"async", "async object", "lambda"}
    assert [thread is threading.main_thread() for thread in threads] == ([] if kind == "object" else [kind in here])


@pytest.mark.parametrize("loop", LOOPS)
def test_other_notices(loop: str) -> None:
    """Events of other products and health checks are answered, and told to whoever wants to know."""
    heard, others = Heard(), Heard()
    requests = [{"productId": 1, "eventType": 101}, sent(cname="test_webhook", uid="12121212")]
    app = WebhookApp(SECRET, heard, on_other=others)
    assert asked(loop, app, *map(Exchange, requests)) == [200, 200]
    assert heard.events == []
    assert [type(notice) for notice in others.events] == [OtherProductEvent, HealthCheck]


@pytest.mark.parametrize("loop", LOOPS)
def test_a_handler_that_raises(loop: str, caplog: pytest.LogCaptureFixture) -> None:
    """The answer stays 200; the error is logged and told, and the next event is handled."""
    told: list[Any] = []

    async def handle(event: Event) -> None:
        raise KeyError("of the handler")

    async def on_error(notice: Any, error: Exception) -> None:
        told.append((notice.notice_id, error))
        raise ValueError("of on_error")

    app = WebhookApp(SECRET, handle, on_error=on_error)
    assert asked(loop, app, Exchange(sent(notice="a")), Exchange(sent(notice="b"))) == [200, 200]
    assert [(name, type(error)) for name, error in told] == [("a", KeyError), ("b", KeyError)]
    records = [(record.name, record.levelno, record.getMessage()) for record in caplog.records]
    [first, second, _, _] = records
    assert first[:2] == second[:2] == ("cloudrec.webhooks", logging.ERROR)
    assert "notice 'a', sid '38f8e3cfdc474cd56fc1ceba380d7e1a'" in first[2]
    assert "on_error failed" in second[2]
    assert "of the handler" in caplog.text


@pytest.mark.parametrize("loop", LOOPS)
def test_answering_last(loop: str) -> None:
    """With `answer_first=False` the answer tells what came of it, so that the service sends again what failed."""
    heard, order = Heard(), []

    async def handle(event: Event) -> None:
        order.append("handled")
        if not heard.events:
            heard(event)
            raise ValueError
        heard(event)

    app = WebhookApp(SECRET, handle, answer_first=False, deduplicator=Deduplicator())

    async def main() -> None:
        exchange = Exchange(sent(notice="a"))
        send = exchange.send

        async def noting(message: Any) -> None:
            order.append(message["type"])
            await send(message)

        exchange.send = noting  # type: ignore[method-assign]
        assert await exchange.ask(app) == 500
        assert [await Exchange(sent(notice="a")).ask(app) for _ in range(2)] == [200, 200]

    on(loop, main)
    assert order == ["handled", "http.response.start", "http.response.body", "handled"]
    assert heard.ids == ["a", "a"]


@pytest.mark.parametrize("loop", LOOPS)
def test_too_many_waiting(loop: str) -> None:
    """What does not fit is not taken, so that the service sends it again; nothing is lost in silence."""
    heard = Heard()

    async def main() -> None:
        release = anyio.Event()

        async def handle(event: Event) -> None:
            await release.wait()
            heard(event)

        app = WebhookApp(SECRET, handle, most_waiting=2)
        async with anyio.create_task_group() as group:
            first = [Exchange(sent(notice=name)) for name in "ab"]
            for exchange in first:
                group.start_soon(exchange.ask, app)
                await exchange.answered.wait()
            third = Exchange(sent(notice="c"))
            assert await third.ask(app) == 503
            assert dict(third.outgoing[0]["headers"])[b"retry-after"] == b"1"
            # What is nobody's business is answered all the same.
            assert await Exchange({"productId": 1}).ask(app) == 200
            release.set()
        assert await third_again(app) == 200

    async def third_again(app: WebhookApp) -> int | None:
        return await Exchange(sent(notice="c")).ask(app)

    on(loop, main)
    assert heard.ids == ["a", "b", "c"]


@pytest.mark.parametrize("loop", LOOPS)
@pytest.mark.parametrize("at_once", [1, 3])
def test_how_many_at_once(loop: str, at_once: int) -> None:
    """One after the other in the order of coming, or several at once, as was asked for."""
    running, most, heard = 0, 0, Heard()

    async def handle(event: Event) -> None:
        nonlocal running, most
        running += 1
        most = max(most, running)
        for _ in range(50):
            await anyio.lowlevel.checkpoint()
        running -= 1
        heard(event)

    async def main() -> None:
        app = WebhookApp(SECRET, handle, at_once=at_once)
        async with anyio.create_task_group() as group:
            for number in range(10):
                exchange = Exchange(sent(notice=str(number)))
                group.start_soon(exchange.ask, app)
                await exchange.answered.wait()

    on(loop, main)
    assert most == at_once
    assert heard.ids == [str(number) for number in range(10)] or at_once > 1


@pytest.mark.parametrize("loop", LOOPS)
def test_repeats(loop: str) -> None:
    """A repeat is answered 200 and not handled, also while the first is waiting; one that failed is handled again."""
    heard, store = Heard(), MemoryStore()
    deduplicator = Deduplicator(store)

    async def handle(event: Event) -> None:
        heard(event)
        if len(heard.events) == 1:
            raise ValueError

    app = WebhookApp(SECRET, handle, deduplicator=deduplicator)
    requests = [Exchange(sent(notice=name)) for name in ("a", "a", "b", "a", "b")]
    assert asked(loop, app, *requests) == [200] * 5
    assert heard.ids == ["a", "a", "b"]
    assert not app._waiting


@pytest.mark.parametrize("loop", LOOPS)
@pytest.mark.parametrize("answer_first", [True, False])
def test_a_copy_that_comes_meanwhile(loop: str, answer_first: bool) -> None:
    """We have it, if it has been answered; if not, the first may fail yet, and the service had better ask again."""
    heard = Heard()

    async def main() -> None:
        release, begun = anyio.Event(), anyio.Event()

        async def handle(event: Event) -> None:
            begun.set()
            await release.wait()
            heard(event)

        app = WebhookApp(SECRET, handle, deduplicator=Deduplicator(), answer_first=answer_first)
        async with anyio.create_task_group() as group:
            group.start_soon(Exchange(sent()).ask, app)
            await begun.wait()
            assert await Exchange(sent()).ask(app) == (200 if answer_first else 503)
            release.set()
        assert await Exchange(sent()).ask(app) == 200

    on(loop, main)
    assert heard.ids == ["notice-1"]


class Broken:
    """A store that is down."""

    def begin(self, key: str, now: float, until: float) -> Met:
        """Not now."""
        raise OSError("the store is down")

    def finish(self, key: str, until: float) -> None:
        """Not now."""
        raise OSError("the store is down")

    forget = finish


@pytest.mark.parametrize("loop", LOOPS)
def test_a_store_that_is_down(loop: str, caplog: pytest.LogCaptureFixture) -> None:
    """Nobody knows whether it is a repeat: the service had better send it again."""
    heard = Heard()
    app = WebhookApp(SECRET, heard, deduplicator=Deduplicator(Broken()))
    assert asked(loop, app, Exchange(sent())) == [503]
    assert heard.events == []
    assert "the store is down" in caplog.text


@pytest.mark.parametrize("loop", LOOPS)
def test_a_store_that_goes_down(loop: str, caplog: pytest.LogCaptureFixture) -> None:
    """What was handled is handled; that it may be handled again is logged."""
    heard, store = Heard(), Broken()
    store.begin = MemoryStore().begin  # type: ignore[method-assign]
    app = WebhookApp(SECRET, heard, deduplicator=Deduplicator(store))
    assert asked(loop, app, Exchange(sent())) == [200]
    assert heard.ids == ["notice-1"]
    assert "may be handled again" in caplog.text


@pytest.mark.parametrize("loop", LOOPS)
def test_order(loop: str) -> None:
    """Events come to the handler in their order, and a gap holds them up for a time only."""
    heard = Heard()

    async def main() -> None:
        app = WebhookApp(SECRET, heard, ordered=Ordered(wait=0.5))
        async with anyio.create_task_group() as group:
            for number in (1, 0, 5, 4, 2):
                exchange = Exchange(sent(notice=str(number), sequence=number))
                group.start_soon(exchange.ask, app)
                await exchange.answered.wait()
        assert not app._waiting

    on(loop, main)
    assert heard.ids == ["0", "1", "2", "4", "5"]


@pytest.mark.parametrize("loop", LOOPS)
def test_what_is_held_comes_out_at_the_end(loop: str) -> None:
    """When the server shuts down, nothing is held any longer."""
    heard = Heard()
    app = WebhookApp(SECRET, heard, ordered=Ordered(wait=3600))

    async def main() -> None:
        said: Messages = []
        incoming = [{"type": "lifespan.startup"}, {"type": "lifespan.shutdown"}]

        async def receive() -> Any:
            return incoming.pop(0)

        async def send(message: Any) -> None:
            said.append(message)

        async with anyio.create_task_group() as group:
            exchange = Exchange(sent(sequence=7))
            group.start_soon(exchange.ask, app)
            await anyio.wait_all_tasks_blocked()
            await app({"type": "lifespan"}, receive, send)
            assert said == [{"type": "lifespan.startup.complete"}, {"type": "lifespan.shutdown.complete"}]
            group.cancel_scope.cancel()

    on(loop, main)
    assert heard.ids == ["notice-1"]


@pytest.mark.parametrize("loop", LOOPS)
def test_a_server_that_waits_no_longer(loop: str, caplog: pytest.LogCaptureFixture) -> None:
    """What is cancelled is not lost in silence: it is logged, and new when it comes again."""
    deduplicator, begun = Deduplicator(), []

    async def main() -> None:
        async def handle(event: Event) -> None:
            begun.append(event.notice_id)
            await anyio.sleep_forever()

        app = WebhookApp(SECRET, handle, deduplicator=deduplicator)
        async with anyio.create_task_group() as group:
            for name in "ab":
                exchange = Exchange(sent(notice=name))
                group.start_soon(exchange.ask, app)
                await exchange.answered.wait()
            while not begun:
                await anyio.lowlevel.checkpoint()
            group.cancel_scope.cancel()
        assert not app._waiting

    on(loop, main)
    assert begun == ["a"]
    assert sorted(record.getMessage().partition("notice ")[2][:3] for record in caplog.records) == ["'a'", "'b'"]
    heard = Heard()
    app = WebhookApp(SECRET, heard, deduplicator=deduplicator)
    assert asked(loop, app, *[Exchange(sent(notice=name)) for name in "ab"]) == [200, 200]
    assert heard.ids == ["a", "b"]


@pytest.mark.parametrize("loop", LOOPS)
@pytest.mark.parametrize("told", [False, True])
def test_what_is_held_when_the_server_waits_no_longer(loop: str, told: bool, caplog: pytest.LogCaptureFixture) -> None:
    """It is logged as not handled, unless the server will say that it ends: then it is handled."""
    heard, deduplicator = Heard(), Deduplicator()
    app = WebhookApp(SECRET, heard, ordered=Ordered(wait=3600), deduplicator=deduplicator)

    async def main() -> None:
        begin, proceed = anyio.create_memory_object_stream[Any](2)

        async def send(message: Any) -> None:
            await anyio.lowlevel.checkpoint()

        async with begin, proceed, anyio.create_task_group() as server:
            if told:
                server.start_soon(app, {"type": "lifespan"}, proceed.receive, send)
                await begin.send({"type": "lifespan.startup"})
            async with anyio.create_task_group() as group:
                for name in "ab":
                    exchange = Exchange(sent(notice=name, sequence=7))
                    group.start_soon(exchange.ask, app)
                    await exchange.answered.wait()
                while app._over is None:
                    await anyio.lowlevel.checkpoint()
                await anyio.wait_all_tasks_blocked()
                group.cancel_scope.cancel()
            await begin.send({"type": "lifespan.shutdown"})
        assert not app._waiting

    on(loop, main)
    assert heard.ids == (["a", "b"] if told else [])
    assert caplog.text.count("webhook not handled") == (0 if told else 2)
    assert app._intake._taken == {}


class Elsewhere(MemoryStore):
    """A store that keeps in which threads it is called."""

    def __init__(self) -> None:
        super().__init__()
        self.threads: set[int] = set()

    def begin(self, key: str, now: float, until: float) -> Met:
        """Is kept."""
        self.threads.add(threading.get_ident())
        return super().begin(key, now, until)

    def finish(self, key: str, until: float) -> None:
        """Is kept."""
        self.threads.add(threading.get_ident())
        super().finish(key, until)

    def forget(self, key: str) -> None:
        """Is kept."""
        self.threads.add(threading.get_ident())
        super().forget(key)


@pytest.mark.parametrize("loop", LOOPS)
def test_the_store_does_not_hold_up_the_loop(loop: str) -> None:
    """It is asked and told in threads beside, whatever becomes of the event, also where handlers take every other."""
    store, release = Elsewhere(), threading.Event()

    async def main() -> None:
        async def handle(event: Event) -> None:
            await anyio.lowlevel.checkpoint()
            if event.notice_id == "a":
                raise ValueError

        app = WebhookApp(SECRET, handle, deduplicator=Deduplicator(store))
        anyio.to_thread.current_default_thread_limiter().total_tokens = 1
        async with anyio.create_task_group() as group:
            group.start_soon(anyio.to_thread.run_sync, partial(release.wait, 10))
            await anyio.wait_all_tasks_blocked()
            for name in "ab":
                await Exchange(sent(notice=name)).ask(app)
            release.set()
        assert not app._waiting

    on(loop, main)
    assert store.threads
    assert threading.get_ident() not in store.threads


@pytest.mark.parametrize("loop", LOOPS)
def test_a_client_that_goes(loop: str) -> None:
    """Before the body is there: nothing is done. Before the answer is: the event is handled all the same."""
    heard = Heard()
    app = WebhookApp(SECRET, heard)
    gone = Exchange(sent())
    gone.incoming = [{"type": "http.request", "body": b"{", "more_body": True}, {"type": "http.disconnect"}]
    assert asked(loop, app, gone) == [None]
    assert heard.events == []

    late = Exchange(sent())

    async def send(message: Any) -> None:
        raise OSError("the connection is gone")

    late.send = send  # type: ignore[method-assign]
    assert asked(loop, app, late) == [None]
    assert heard.ids == ["notice-1"]


@pytest.mark.parametrize("loop", LOOPS)
def test_websockets(loop: str) -> None:
    """Nothing for them here."""
    exchange = Exchange(b"")
    exchange.scope = {"type": "websocket", "headers": []}
    exchange.incoming = [{"type": "websocket.connect"}]

    async def main() -> None:
        await WebhookApp(SECRET, Heard())(exchange.scope, exchange.receive, exchange.send)

    on(loop, main)
    assert exchange.outgoing == [{"type": "websocket.close"}]


# ------------------------------------------------------------------------------------------- setting it up

BAD_SETTINGS: dict[str, dict[str, Any]] = {
    "secret": {"secret": ""},
    "secret: must not be empty": {"secret": []},
    "handler": {"handler": None},
    "on_other": {"on_other": 7},
    "on_error": {"on_error": "log"},
    "max_size": {"max_size": 0},
    "most_waiting": {"most_waiting": 0},
    "at_once": {"at_once": 1.5},
    "ordered": {"ordered": Ordered(), "at_once": 2},
    "ordered: given": {"ordered": Ordered(), "answer_first": False},
}


@pytest.mark.parametrize("name", BAD_SETTINGS)
def test_bad_settings(name: str) -> None:
    """Each is refused when the application is made, not when the first event comes; the secret is not shown."""
    given = {"secret": "do-not-show", "handler": Heard()} | BAD_SETTINGS[name]
    with pytest.raises(ConfigurationError, match=name) as caught:
        WebhookApp(**given)
    assert "do-not-show" not in str(caught.value)


def test_nothing_secret_is_logged(caplog: pytest.LogCaptureFixture) -> None:
    """Neither the secret nor what was sent stands in the log, or in the application's repr."""
    caplog.set_level(logging.DEBUG)

    def handle(event: Event) -> None:
        raise ValueError("of the handler")

    app = WebhookApp(SECRET, handle)
    exchanges = [
        Exchange(sent(100, {"rtmpUrl": "rtmp://x/do-not-show", "status": "publishing"})),
        Exchange(b'{"rtmpUrl": "do-not-show"'),
        Exchange(sent(), secret="another-do-not-show"),
        Exchange(sent(), **{"Agora-Signature-V2": "do-not-show"}),
    ]
    assert asked("asyncio", app, *exchanges) == [200, 400, 401, 401]
    assert len(caplog.records) >= 4
    assert "do-not-show" not in caplog.text + repr(app)
