"""No call shows a secret, however it ends."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import Any, NamedTuple

import anyio
import httpx
import pytest

from cloudrec import errors
from tests.resilience.conftest import choose_pool
from tests.resilience.support import DROP, HTML, NOT_HTTP, RESET, SILENCE, Answer, Server, free_port
from tests.secrets.support import (
    ALL,
    CREDENTIAL,
    OTHER,
    OURS,
    PAGE,
    Use,
    acquire,
    clean,
    drive,
    ends_of,
    start_mix,
    start_page,
    told_of,
    update,
)
from tests.support import BASE_URL, CALLS, RESOURCE_ID, SID

Catch = Callable[[type[BaseException], Callable[[], Any]], BaseException]


class Failure(NamedTuple):
    """An answer whose words repeat all that was sent."""

    status: int
    code: int | None = None
    message: str | None = None

    def saying(self, secrets: str) -> Answer:
        if self.message is not None:
            return Answer(self.status, {"message": f"{self.message} {secrets}"})
        return Answer(self.status, {"code": self.code, "reason": secrets, "was": [secrets]})


# How each ends: the class, the call, and what the service does.
ENDS: list[tuple[type[errors.CloudRecordingError], Use, Failure | Answer | str]] = [
    (errors.BadRequestError, start_mix, Failure(400, 2)),
    (errors.BadRequestError, start_page, Failure(400, 2)),
    (errors.AuthenticationError, start_page, Failure(401, message="Unauthorized")),
    (errors.AppNotEnabledError, acquire, Failure(400, 400)),
    (errors.PermissionDeniedError, acquire, Failure(403)),
    (errors.AccountInactiveError, acquire, Failure(400, 405)),
    (errors.TooManyRecordingsError, acquire, Failure(400, 406)),
    (errors.InvalidResourceError, start_page, Failure(400, 433)),
    (errors.TaskConflictError, start_mix, Failure(400, 53)),
    (errors.AlreadyStartedError, start_page, Failure(201, 7)),
    (errors.AlreadyStoppingError, update, Failure(400, 501)),
    (errors.TaskNotFoundError, update, Failure(404, 404)),
    (errors.RouteNotFoundError, update, Failure(404)),
    (errors.RateLimitError, start_page, Failure(429)),
    (errors.NotCompletedError, update, Failure(206, 65)),
    (errors.ServiceTimeoutError, update, Failure(504, 62)),
    (errors.ServiceUnavailableError, update, Failure(503)),
    (errors.ServiceError, update, Failure(409, 1)),
    (errors.InvalidResponseError, update, HTML),
    (errors.InvalidResponseError, update, Answer(200, update.secrets.encode())),
    (errors.InvalidResponseError, acquire, Answer(200, {"cname": acquire.secrets})),
    (errors.NetworkError, update, DROP),
    (errors.NetworkError, update, RESET),
    (errors.NetworkError, update, NOT_HTTP),
    (errors.RecordingMayBeRunningError, start_mix, DROP),
    (errors.RecordingMayBeRunningError, start_page, Failure(503)),
]
# Those that need more than an answer, below.
OTHERS = {errors.RequestTimeoutError, errors.InvalidRequestError, errors.ClientClosedError, errors.ConfigurationError}


def test_what_the_service_does(kind: str) -> None:
    """All of it, one after the other, by one client."""
    script = [does.saying(use.secrets) if isinstance(does, Failure) else does for _, use, does in ENDS]
    with Server(*script) as server:
        found = drive(kind, ends_of([use for _, use, _ in ENDS]), server.url)
    assert [type(error) for error in found] == [expected for expected, _, _ in ENDS]
    for error in found:
        clean(told_of(error))


@pytest.mark.parametrize("use", [start_mix, start_page, update, acquire], ids=["mix", "page", "update", "acquire"])
def test_a_success(use: Use) -> None:
    """Its result shows nothing, nor do the bodies in the log, of which one repeats what was sent."""
    state = {"serverResponse": {"extensionServiceState": [{"payload": {"url": PAGE, "words": use.secrets}}]}}
    with Server(Answer(200, {"sid": SID, "resourceId": RESOURCE_ID, **state})) as server:
        clean([("result", repr(drive("sync", use, server.url)))])


def test_no_answer_in_time(kind: str, caught: Catch) -> None:
    with Server(SILENCE) as server:
        caught(errors.RequestTimeoutError, lambda: drive(kind, update, server.url, timeout=0.05))


def test_nobody_there(kind: str, caught: Catch) -> None:
    caught(errors.NetworkError, lambda: drive(kind, start_page, f"http://127.0.0.1:{free_port()}"))


@pytest.mark.parametrize("refuses", [True, False], ids=["refuses", "not-there"])
def test_a_proxy_with_a_password(kind: str, refuses: bool, caught: Catch, monkeypatch: pytest.MonkeyPatch) -> None:
    """The environment names it; it does not answer, or does not let us through."""
    with Server(Answer(407, {"message": "who are you?"})) as proxy:
        port = proxy.port if refuses else free_port()
        monkeypatch.setenv("HTTPS_PROXY", f"http://canaryUser:{OTHER}@127.0.0.1:{port}")
        caught(errors.NetworkError, lambda: drive(kind, update, BASE_URL))


WRONG: dict[str, Callable[[Any], Any]] = {
    "page": lambda client: client.web.start(
        "r" * 32, "p", "1", storage_config={}, token=ALL, extension_service_config=page(f"ftp:{PAGE}")
    ),
    "page without a scheme": lambda client: client.web.start(
        "r" * 32, "p", "1", storage_config={}, extension_service_config=page(PAGE.removeprefix("https://"))
    ),
    "page in bytes": lambda client: client.web.start(
        "r" * 32, "p", "1", storage_config={}, extension_service_config=page(PAGE.encode())
    ),
    "push": lambda client: client.web.update(
        "r" * 32, "s" * 32, "p", "1", rtmp_publish_config={"outputs": [{"rtmpUrl": f"x{ALL}"}]}
    ),
    "background": lambda client: client.mix.update_layout("r" * 32, "s" * 32, "p", "1", background_image=f"x:{PAGE}"),
    "storage": lambda client: client.mix.start("r" * 32, "p", "1", storage_config=ALL, token=ALL),
    "record": lambda client: client.mix.record("p", storage={"secretKey": ALL}, token=ALL, max_idle_time=1),
    "page of a record": lambda client: client.web.record("p", f"x:{PAGE}", max_recording_hour=0, storage={}),
}


def page(url: object) -> dict[str, Any]:
    return {"extensionServices": [{"serviceName": "web_recorder_service", "serviceParam": {"url": url}}]}


def test_refused_before_it_is_sent(kind: str) -> None:
    found = drive(kind, ends_of(list(WRONG.values())), BASE_URL)
    assert {type(error) for error in found} == {errors.InvalidRequestError}
    for error in found:
        clean(told_of(error))


def test_a_client_that_is_closed(kind: str, caught: Catch) -> None:
    def closed(client: Any) -> Any:
        if kind == "sync":
            client.close()
            return start_mix(client)

        async def later() -> None:
            await client.aclose()
            await start_mix(client)

        return later()

    caught(errors.ClientClosedError, lambda: drive(kind, closed, BASE_URL))


@pytest.mark.parametrize(
    "settings",
    [
        {"base_url": "https://canaryUser:canaryPassword@example.com"},
        {"base_url": ["https://example.com", "https://example.com?canaryQuery"]},
        {"credential": CREDENTIAL.header},
        {"credential": CREDENTIAL, "retry": 5},
    ],
)
def test_a_client_that_cannot_be(kind: str, settings: dict[str, Any], caught: Catch) -> None:
    caught(errors.ConfigurationError, lambda: drive(kind, start_mix, BASE_URL, **settings))


@pytest.mark.parametrize("raised", [KeyboardInterrupt(), SystemExit(), MemoryError(), ValueError("a hook's own")])
@pytest.mark.parametrize("use", [start_mix, start_page, update])
def test_cut_off(use: Use, raised: BaseException, caught: Catch) -> None:
    """By Ctrl-C, say, in the midst of sending; through all of httpx."""

    def send(request: httpx.Request) -> httpx.Response:
        raise raised

    with httpx.Client(transport=httpx.MockTransport(send)) as http_client:
        error = caught(type(raised), lambda: drive("sync", use, BASE_URL, http_client=http_client))
    assert any("send" in where for where in frames(error)), "the frames of others stay as they are"


def frames(error: BaseException) -> list[str]:
    """Names of the functions of a traceback."""
    found, trace = [], error.__traceback__
    while trace is not None:
        found.append(trace.tb_frame.f_code.co_name)
        trace = trace.tb_next
    return found


# On asyncio alone what cancels a task can be caught outside of it.
@pytest.mark.parametrize("pool", ["asyncio", "aiohttp"])
@pytest.mark.parametrize("use", [start_mix, update])
def test_cancelled(pool: str, use: Use, monkeypatch: pytest.MonkeyPatch) -> None:
    """While it is under way; what asyncio tells of the task shows nothing either."""
    choose_pool(pool, monkeypatch)

    async def cancelled(client: Any) -> None:
        task = asyncio.ensure_future(use(client))
        await anyio.to_thread.run_sync(server.until_asked, 1)
        clean([("task", repr(task))])
        task.cancel()
        with pytest.raises(asyncio.CancelledError) as info:
            await task
        clean([("task", repr(task)), *told_of(info.value)])

    with Server(SILENCE) as server:
        drive(pool, cancelled, server.url)


@pytest.mark.parametrize("words", [httpx.RemoteProtocolError, httpx.ConnectError, httpx.ReadTimeout])
def test_a_transport_that_repeats_what_it_was_given(words: type[httpx.TransportError], caught: Catch) -> None:
    """In its own words, which are printed as the cause; the request that hangs on it is gone with its headers."""

    def send(request: httpx.Request) -> httpx.Response:
        raise words(f"illegal header {update.secrets}", request=request) from ValueError(update.secrets)

    with httpx.Client(transport=httpx.MockTransport(send)) as http_client:
        expected = errors.RequestTimeoutError if words is httpx.ReadTimeout else errors.NetworkError
        error = caught(expected, lambda: drive("sync", update, BASE_URL, http_client=http_client))
    assert isinstance(error.__cause__, words)
    with pytest.raises(RuntimeError):
        _ = error.__cause__.request


def test_a_hook_that_raises(kind: str) -> None:
    """What it raised is logged, and shows its own frames alone."""

    def hook(attempt: errors.Attempt) -> None:
        raise LookupError("a hook's own")

    with Server() as server:
        drive(kind, start_page, server.url, on_attempt=hook)


def test_each_attempt_has_a_span_without_secrets(kind: str, caught: Catch) -> None:
    from opentelemetry.instrumentation.httpx import HTTPXClientInstrumentor
    from opentelemetry.sdk.trace import TracerProvider
    from opentelemetry.sdk.trace.export import SimpleSpanProcessor
    from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter

    exporter, provider, instrumentor = InMemorySpanExporter(), TracerProvider(), HTTPXClientInstrumentor()
    provider.add_span_processor(SimpleSpanProcessor(exporter))
    instrumentor.instrument(tracer_provider=provider)
    try:
        for does, expected in (
            (Failure(400, 2).saying(start_page.secrets), errors.BadRequestError),
            (DROP, errors.RecordingMayBeRunningError),
        ):
            with Server(does) as server:
                caught(expected, lambda url=server.url: drive(kind, start_page, url))
    finally:
        instrumentor.uninstrument()
    clean(("span", span.to_json()) for span in exporter.get_finished_spans())


def test_the_credential_in_every_call(kind: str) -> None:
    with Server(*[Failure(401, message="Unauthorized").saying(OURS)] * len(CALLS)) as server:
        found = drive(kind, ends_of(list(CALLS.values())), server.url)
    assert [type(error) for error in found] == [errors.AuthenticationError] * len(CALLS)
    for error in found:
        clean(told_of(error))
