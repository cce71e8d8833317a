"""The WSGI adapter: over a socket, and as a server calls it."""

from __future__ import annotations

import gc
import io
import logging
import os
import subprocess
import sys
import threading
from typing import Any
from wsgiref.validate import validator

import httpx
import pytest
from werkzeug.middleware.dispatcher import DispatcherMiddleware
from werkzeug.wrappers import Response

from cloudrec import ConfigurationError
from cloudrec.webhooks import Deduplicator, Event, HealthCheck, MemoryStore, Ordered, OtherProductEvent, parse, sign
from cloudrec.webhooks.wsgi import WebhookApp
from tests.support import ROOT, Json
from tests.webhooks.support import SECRET, Heard, encoded, post, running, sent, serve_wsgi
from tests.webhooks.test_asgi import BAD_SETTINGS, Broken

# ------------------------------------------------------------------------------------------- over a socket


def test_over_a_socket() -> None:
    """Served alone: answers with JSON, and hands over. The server finds nothing to complain of."""
    heard = Heard()
    with WebhookApp(SECRET, heard) as hook, serve_wsgi(validator(hook)) as url:
        response = post(url, sent(notice="a"))
        assert (response.status_code, response.json()) == (200, {})
        assert response.headers["content-type"] == "application/json"
        [event] = heard.wait_for(1)
        assert event.raw == sent(notice="a")
        assert post(url, b"[]").status_code == 400
        assert post(url, b"x" * 2_000_000).status_code == 413
        assert httpx.get(url, verify=False).status_code == 405


def test_mounted() -> None:
    """Below a path of a larger application, as in Flask."""
    heard = Heard()
    with WebhookApp(SECRET, heard) as hook:
        app = DispatcherMiddleware(Response("the rest", status=404), {"/agora": hook})
        with serve_wsgi(app) as url:
            assert [post(url + path, sent()).status_code for path in ("/agora", "/agora/", "/")] == [200, 200, 404]
    assert len(heard.events) == 2


def test_answers_before_it_handles() -> None:
    """A handler that takes its time does not keep the service waiting, nor does the next event."""
    release, heard = threading.Event(), Heard()

    def handle(event: Event) -> None:
        assert release.wait(10)
        heard(event)

    with WebhookApp(SECRET, handle) as hook, serve_wsgi(hook) as url:
        for name in "abc":
            assert post(url, sent(notice=name)).status_code == 200
        assert heard.events == []
        release.set()
    assert heard.ids == ["a", "b", "c"]


# ------------------------------------------------------------------------------------------- as a server calls it


def ask(app: WebhookApp, body: bytes | Json, *, secret: str = SECRET, method: str = "POST", **environ: Any) -> int:
    """The status of the answer to one request."""
    raw = body if isinstance(body, bytes) else encoded(body)
    signed = {f"HTTP_{name.upper().replace('-', '_')}": value for name, value in sign(raw, secret).items()}
    said: list[Any] = []
    answer = app(
        {
            "REQUEST_METHOD": method,
            "CONTENT_LENGTH": str(len(raw)),
            "wsgi.input": io.BytesIO(raw),
            **signed,
            **environ,
        },
        lambda status, headers: said.extend([status, dict(headers)]),
    )
    status, headers = said
    content = b"".join(answer)
    assert headers["Content-Type"] == "application/json"
    assert headers["Content-Length"] == str(len(content))
    assert (httpx.Response(200, content=content).json() == {}) is status.startswith("200")
    assert ("Allow" in headers) is status.startswith("405")
    return int(status.partition(" ")[0])


class Gone(io.BytesIO):
    """A connection that breaks."""

    def read(self, size: int | None = -1) -> bytes:
        """Not any more."""
        raise ConnectionResetError


def test_answers() -> None:
    """Each kind of request gets its answer, all with JSON."""
    heard = Heard()
    with WebhookApp(SECRET, heard) as app:
        assert ask(app, sent()) == 200
        assert ask(app, {"productId": 1, "eventType": 101}) == 200
        assert ask(app, sent(cname="test_webhook", uid="12121212")) == 200
        assert ask(app, b"[]") == 400
        assert ask(app, sent(), CONTENT_LENGTH="-1") == 400
        assert ask(app, sent(), CONTENT_LENGTH="ten") == 400
        assert ask(app, sent(), CONTENT_LENGTH="9999") == 400
        assert ask(app, sent(), **{"wsgi.input": Gone()}) == 400
        assert ask(app, sent(), secret="another") == 401
        assert ask(app, sent(), CONTENT_LENGTH="") == 401
        assert ask(app, sent(), HTTP_AGORA_SIGNATURE_V2="x") == 401
        assert ask(app, sent(), method="GET") == 405
        assert ask(app, b"x" * 2_000_000) == 413
        assert ask(app, b"", CONTENT_LENGTH="9" * 5000) == 413
    assert len(heard.events) == 1


def test_without_a_length() -> None:
    """Where the server marks the end of the body, it is read to there, and no further than it may be large."""
    heard = Heard()
    with WebhookApp(SECRET, heard, max_size=2000) as app:
        assert ask(app, sent(), CONTENT_LENGTH="", **{"wsgi.input_terminated": True}) == 200
        large = sent(new="x" * 5000)
        assert ask(app, large, CONTENT_LENGTH="", **{"wsgi.input_terminated": True}) == 413
    assert len(heard.events) == 1


def test_other_notices() -> None:
    """Events of other products and health checks are answered, and told to whoever wants to know."""
    heard, others = Heard(), Heard()
    with WebhookApp(SECRET, heard, on_other=others) as app:
        assert ask(app, {"productId": 1, "eventType": 101}) == 200
        assert ask(app, sent(cname="test_webhook", uid="12121212")) == 200
    assert heard.events == []
    assert [type(notice) for notice in others.events] == [OtherProductEvent, HealthCheck]


@pytest.mark.parametrize("error", [KeyError, SystemExit, KeyboardInterrupt])
def test_a_handler_that_raises(error: type[BaseException], caplog: pytest.LogCaptureFixture) -> None:
    """The answer stays 200; the error is logged and told, and the next event is handled, whatever was raised."""
    told: list[Any] = []

    def handle(event: Event) -> None:
        raise error("of the handler")

    def on_error(notice: Any, error: Exception) -> None:
        told.append((notice.notice_id, type(error)))
        raise ValueError("of on_error")

    with WebhookApp(SECRET, handle, on_error=on_error) as app:
        assert [ask(app, sent(notice=name)) for name in "ab"] == [200, 200]
    assert told == ([("a", KeyError), ("b", KeyError)] if error is KeyError else [])
    failures = [record.getMessage() for record in caplog.records if "not handled" in record.getMessage()]
    assert [text.partition("notice ")[2][:3] for text in failures] == ["'a'", "'b'"]
    assert {record.name for record in caplog.records} == {"cloudrec.webhooks"}


def test_answering_last() -> None:
    """With `answer_first=False` the answer tells what came of it, so that the service sends again what failed."""
    heard = Heard()

    def handle(event: Event) -> None:
        heard(event)
        if len(heard.events) == 1:
            raise ValueError

    with WebhookApp(SECRET, handle, answer_first=False, deduplicator=Deduplicator()) as app:
        assert [ask(app, sent()) for _ in range(3)] == [500, 200, 200]
    assert heard.ids == ["notice-1", "notice-1"]


def test_answering_last_does_not_hide_the_end() -> None:
    """A server that ends a request from outside, as gunicorn does, is not kept from it."""

    def handle(event: Event) -> None:
        raise SystemExit(1)

    app = WebhookApp(SECRET, handle, answer_first=False)
    with pytest.raises(SystemExit):
        ask(app, sent())
    assert app.close()


def test_too_many_waiting() -> None:
    """What does not fit is not taken, so that the service sends it again; nothing is lost in silence."""
    release, heard = threading.Event(), Heard()

    def handle(event: Event) -> None:
        assert release.wait(10)
        heard(event)

    with WebhookApp(SECRET, handle, most_waiting=2, deduplicator=Deduplicator()) as app:
        assert [ask(app, sent(notice=name)) for name in "abc"] == [200, 200, 503]
        assert ask(app, {"productId": 1}) == 200
        release.set()
        heard.wait_for(2)
        while ask(app, sent(notice="c")) == 503:
            pass
    assert heard.ids == ["a", "b", "c"]


def test_several_at_once() -> None:
    """As many threads handle as was asked for."""
    together, heard = threading.Barrier(3), Heard()

    def handle(event: Event) -> None:
        together.wait(10)
        heard(event)

    with WebhookApp(SECRET, handle, at_once=3) as app:
        assert [ask(app, sent(notice=str(number))) for number in range(6)] == [200] * 6
    assert len(heard.events) == 6


def test_repeats() -> None:
    """A repeat is answered 200 and not handled; one that failed is handled again."""
    heard = Heard()

    def handle(event: Event) -> None:
        heard(event)
        if len(heard.events) == 1:
            raise ValueError

    with WebhookApp(SECRET, handle, deduplicator=Deduplicator(MemoryStore()), answer_first=False) as app:
        assert [ask(app, sent(notice=name)) for name in ("a", "a", "b", "a", "b")] == [500, 200, 200, 200, 200]
    assert heard.ids == ["a", "a", "b"]
    assert app._waiting == 0


@pytest.mark.parametrize("answer_first", [True, False])
def test_a_copy_that_comes_meanwhile(answer_first: bool) -> None:
    """We have it, if it has been answered; if not, the first may fail yet, and the service had better ask again."""
    release, begun, heard = threading.Event(), threading.Event(), Heard()

    def handle(event: Event) -> None:
        begun.set()
        assert release.wait(10)
        heard(event)

    with WebhookApp(SECRET, handle, deduplicator=Deduplicator(), answer_first=answer_first) as app:
        with running(lambda: ask(app, sent())):
            assert begun.wait(10)
            assert ask(app, sent()) == (200 if answer_first else 503)
            release.set()
        heard.wait_for(1)
        assert ask(app, sent()) == 200
    assert heard.ids == ["notice-1"]


def test_a_copy_that_comes_long_after() -> None:
    """An event may wait for longer than the lease: this process has it all the same."""
    release, heard, now = threading.Event(), Heard(), [1e9]

    def handle(event: Event) -> None:
        assert release.wait(10)
        heard(event)

    with WebhookApp(SECRET, handle, deduplicator=Deduplicator(clock=lambda: now[0])) as app:
        assert [ask(app, sent(notice=name)) for name in "ab"] == [200, 200]
        now[0] += 3600
        assert ask(app, sent(notice="b")) == 200
        release.set()
        heard.wait_for(2)
    assert heard.ids == ["a", "b"]
    assert app._intake._taken == {}


def test_a_process_that_was_killed() -> None:
    """What it had answered and not handled is asked for again, and is new when the lease is over."""
    heard, store, now = Heard(), MemoryStore(), [1e9]
    deduplicator = Deduplicator(store, clock=lambda: now[0])
    deduplicator.begin(parse(encoded(sent())))
    with WebhookApp(SECRET, heard, deduplicator=deduplicator) as app:
        assert ask(app, sent()) == 503
        now[0] += 60
        assert ask(app, sent()) == 200
        heard.wait_for(1)


def test_an_on_error_that_ends_the_program(caplog: pytest.LogCaptureFixture) -> None:
    """It ends no thread: the next event is handled."""
    heard = Heard()

    def handle(event: Event) -> None:
        heard(event)
        raise ValueError

    def on_error(notice: Any, error: Exception) -> None:
        raise SystemExit(1)

    with WebhookApp(SECRET, handle, on_error=on_error) as app:
        assert [ask(app, sent(notice=name)) for name in "ab"] == [200, 200]
        heard.wait_for(2)
    assert caplog.text.count("on_error failed") == 2


def test_head_has_no_body() -> None:
    """As HTTP wants it."""
    with WebhookApp(SECRET, Heard()) as app:
        assert app({"REQUEST_METHOD": "HEAD"}, lambda *_: None) == []


def test_a_store_that_is_down(caplog: pytest.LogCaptureFixture) -> None:
    """Nobody knows whether it is a repeat: the service had better send it again."""
    with WebhookApp(SECRET, Heard(), deduplicator=Deduplicator(Broken())) as app:
        assert ask(app, sent()) == 503
        assert app._waiting == 0
    assert "the store is down" in caplog.text


def test_order() -> None:
    """Events come to the handler in their order, and a gap holds them up for a time only."""
    heard = Heard()
    with WebhookApp(SECRET, heard, ordered=Ordered(wait=0.02)) as app:
        for number in (1, 0, 5, 4, 2):
            assert ask(app, sent(notice=str(number), sequence=number)) == 200
        assert ask(app, {"productId": 1}) == 200
        heard.wait_for(5)
    assert heard.ids == ["0", "1", "2", "4", "5"]


def test_what_is_held_comes_out_at_the_end() -> None:
    """Closing waits for no gap."""
    heard = Heard()
    with WebhookApp(SECRET, heard, ordered=Ordered(wait=3600)) as app:
        for number in (7, 5):
            assert ask(app, sent(notice=str(number), sequence=number)) == 200
    assert heard.ids == ["5", "7"]


def test_close() -> None:
    """What was taken is handled, nothing more is taken, and closing twice does no harm."""
    release, heard = threading.Event(), Heard()

    def handle(event: Event) -> None:
        assert release.wait(10)
        heard(event)

    app = WebhookApp(SECRET, handle, deduplicator=Deduplicator())
    assert ask(app, sent(notice="a")) == 200
    assert not app.close(timeout=0)
    assert ask(app, sent(notice="b")) == 503
    release.set()
    assert app.close()
    assert heard.ids == ["a"]
    assert WebhookApp(SECRET, handle).close()


def test_what_is_not_handled_in_time_is_told(caplog: pytest.LogCaptureFixture) -> None:
    """Not lost in silence."""
    release = threading.Event()
    app = WebhookApp(SECRET, lambda event: release.wait(10))
    assert [ask(app, sent(notice=name)) for name in "abc"] == [200] * 3
    assert not app.close(timeout=0)
    assert [record.getMessage() for record in caplog.records] == ["webhooks not handled in time: 3"]
    release.set()
    assert app.close()


def test_closing_in_a_handler() -> None:
    """It does not wait for itself."""
    heard = Heard()

    def handle(event: Event) -> None:
        heard(app.close(timeout=0.01))

    app = WebhookApp(SECRET, handle)
    assert ask(app, sent()) == 200
    assert heard.wait_for(1) == [False]
    assert app.close()


PROGRAM = """
import io, sys, time
from cloudrec.webhooks import sign
from cloudrec.webhooks.wsgi import WebhookApp

def handle(event):
    time.sleep(0.05)
    print(event.notice_id, flush=True)

app = WebhookApp("secret", handle)
for name in "abc":
    body = b'{"productId": 3, "noticeId": "%s"}' % name.encode()
    environ = {"REQUEST_METHOD": "POST", "CONTENT_LENGTH": str(len(body)), "wsgi.input": io.BytesIO(body)}
    environ["HTTP_AGORA_SIGNATURE_V2"] = sign(body, "secret")["Agora-Signature-V2"]
    app(environ, lambda status, headers: None)
"""


def test_the_end_of_the_program() -> None:
    """What was taken is handled before the interpreter goes."""
    command = [sys.executable, "-W", "error", "-c", PROGRAM]
    done = subprocess.run(command, capture_output=True, encoding="utf-8", cwd=ROOT, timeout=60, check=False)
    assert (done.stdout.split(), done.stderr) == (["a", "b", "c"], "")


FORK = """
import os
if hasattr(os, "fork"):
    child = os.fork()
    environ["wsgi.input"] = io.BytesIO(body)
    app(environ, lambda status, headers: None)
    handled = app.close()
    if child == 0:
        os._exit(0 if handled else 1)
    assert os.waitpid(child, 0)[1] == 0
"""


def test_a_fork_after_the_first_notice() -> None:
    """The child handles what comes to it, in threads of its own, and the parent the rest."""
    command = [sys.executable, "-W", "error", "-W", "ignore::DeprecationWarning", "-c", PROGRAM + FORK]
    done = subprocess.run(command, capture_output=True, encoding="utf-8", cwd=ROOT, timeout=60, check=False)
    # Letter by letter, since the two may write into each other's lines.
    assert (sorted("".join(done.stdout.split())), done.stderr) == (list("abccc" if hasattr(os, "fork") else "abc"), "")


def test_an_application_that_was_never_asked_leaves_nothing() -> None:
    """No thread is started before the first event."""
    before = set(threading.enumerate())
    WebhookApp(SECRET, Heard())
    gc.collect()
    assert set(threading.enumerate()) <= before


@pytest.mark.parametrize("name", BAD_SETTINGS)
def test_bad_settings(name: str) -> None:
    """Each is refused when the application is made; the secret is not shown."""
    given = {"secret": "do-not-show", "handler": Heard()} | BAD_SETTINGS[name]
    with pytest.raises(ConfigurationError, match=name) as caught:
        WebhookApp(**given)
    assert "do-not-show" not in str(caught.value)


@pytest.mark.parametrize("name", ["handler", "on_other", "on_error"])
def test_async_functions(name: str) -> None:
    """Nobody would await them here."""

    async def function(*_: Any) -> None:
        pass

    class Object:
        async def __call__(self, *_: Any) -> None:
            pass

    for given in (function, Object()):
        with pytest.raises(ConfigurationError, match=f"{name}: an async function"):
            WebhookApp(SECRET, **({"handler": Heard()} | {name: given}))  # type: ignore[arg-type]


def test_nothing_secret_is_logged(caplog: pytest.LogCaptureFixture) -> None:
    """Neither the secret nor what was sent stands in the log, or in the application's repr."""
    caplog.set_level(logging.DEBUG)

    def handle(event: Event) -> None:
        raise ValueError("of the handler")

    with WebhookApp(SECRET, handle) as app:
        assert ask(app, sent(100, {"rtmpUrl": "rtmp://x/do-not-show", "status": "publishing"})) == 200
        assert ask(app, b'{"rtmpUrl": "do-not-show"') == 400
        assert ask(app, sent(), secret="another-do-not-show") == 401
        assert ask(app, sent(), HTTP_AGORA_SIGNATURE_V2="do-not-show") == 401
    assert len(caplog.records) >= 4
    assert "do-not-show" not in caplog.text + repr(app)


@pytest.mark.parametrize("timeout", [-1, float("nan"), 1.1e9, 10**400, "10", None])
def test_a_time_to_close_in_that_is_none(timeout: Any) -> None:
    """It is refused before anything is closed; 0 does not wait."""
    heard = Heard()
    with WebhookApp(SECRET, heard) as app:
        with pytest.raises(ConfigurationError, match=r"^timeout: .*from 0, and at most 1000000000"):
            app.close(timeout)
        assert ask(app, sent()) == 200
        heard.wait_for(1)
    assert app.close(0)


def test_a_clock_that_goes_far_back() -> None:
    """What is held is waited for as long as a thread can wait, and comes out at the end."""
    heard, now = Heard(), [2.9e10]
    with WebhookApp(SECRET, heard, ordered=Ordered(wait=1e9, clock=lambda: now[0])) as app:
        assert ask(app, sent(sequence=1)) == 200
        now[0] = -2.9e10
        assert ask(app, sent(notice="other", sid="another", sequence=0)) == 200
        heard.wait_for(1)
        assert app._threads[0].is_alive()
    assert heard.ids == ["other", "notice-1"]


def test_more_threads_than_there_can_be() -> None:
    """They are counted where the application is made, and not where the first notice comes."""
    with pytest.raises(ConfigurationError, match=r"^at_once: 10000 \(must be a whole number from 1 to 1000\)"):
        WebhookApp(SECRET, print, at_once=10_000)


@pytest.mark.parametrize("name", ["deduplicator", "ordered"])
def test_parts_that_are_none(name: str) -> None:
    """What is given for them must be one."""
    part: dict[str, Any] = {name: object()}
    with pytest.raises(ConfigurationError, match=f"^{name}: of type object"):
        WebhookApp(SECRET, print, **part)
