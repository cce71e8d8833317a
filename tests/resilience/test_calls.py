"""A call from its first attempt to its end: waits, deadlines, time-outs, and what can be seen of it."""

from __future__ import annotations

import json
import logging
import pickle
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from typing import Any

import pytest

from cloudrec import (
    Attempt,
    ConfigurationError,
    InvalidResponseError,
    NetworkError,
    RateLimit,
    RateLimitError,
    RequestTimeoutError,
    Retry,
    ServiceUnavailableError,
    Timeouts,
)
from cloudrec._call.line import Ticket, Urgency
from tests.resilience.support import (
    DROP,
    HANG_UP,
    HTML,
    INSIDE,
    SILENCE,
    TOO_MANY,
    UNAVAILABLE,
    Answer,
    Server,
    Time,
    drive,
    free_port,
    tell,
)
from tests.support import CALLS, CNAME, CUSTOMER_SECRET, ENDPOINTS, RESOURCE_ID, SID, STORAGE, UID

REPEATABLE = ("acquire", "query", "update", "updateLayout", "ncsIps")


def within(waits: list[float], advised: list[float]) -> bool:
    """Each wait is what was advised, or up to a quarter more."""
    return len(waits) == len(advised) and all(
        low <= wait <= low * 1.25 for wait, low in zip(waits, advised, strict=True)
    )


@pytest.mark.parametrize("endpoint", ENDPOINTS)
def test_every_call_survives_what_passes(kind: str, endpoint: str) -> None:
    """429, 5xx and a connection that breaks: the fourth attempt is answered, and so is the caller."""
    story = tell(kind, CALLS[endpoint], TOO_MANY, UNAVAILABLE, DROP)
    assert story.error is None
    assert story.outcomes == ["rate limited", "unavailable", "lost", "success"]
    assert len({(request.line, request.body) for request in story.requests}) == 1
    assert len(story.requests) == 4


def test_waits_are_as_advised_and_a_little_longer(kind: str) -> None:
    """1, 3, 6 s, each longer by up to a quarter at random."""
    story = tell(kind, CALLS["query"], *[UNAVAILABLE] * 3)
    assert within(story.waits, [1, 3, 6])
    assert story.waits != tell(kind, CALLS["query"], *[UNAVAILABLE] * 3).waits


def test_in_the_end_the_last_failure_is_raised(kind: str) -> None:
    """After four attempts, with all of them to be read."""
    story = tell(kind, CALLS["query"], HTML, DROP, INSIDE, UNAVAILABLE)
    assert type(story.error) is ServiceUnavailableError
    assert story.outcomes == ["garbled", "lost", "not completed", "unavailable"]
    assert [attempt.number for attempt in story.error.attempts] == [1, 2, 3, 4]
    assert [attempt.http_status for attempt in story.error.attempts] == [200, None, 206, 503]
    assert [attempt.request_id for attempt in story.error.attempts] == ["req-1", None, "req-1", "req-1"]
    assert str(story.error).endswith("[4 attempts]")
    again = pickle.loads(pickle.dumps(story.error))
    assert again.attempts == story.error.attempts
    assert str(again) == str(story.error)


def test_what_can_be_read_of_a_result(kind: str) -> None:
    """Which host served it, and what was tried before."""
    port = free_port()
    time = Time(kind)
    with Server() as server:
        result = drive(kind, CALLS["query"], [f"http://127.0.0.1:{port}", server.url], time, timeout=5)
    assert result.host == f"127.0.0.1:{server.port}"
    assert [(attempt.host, attempt.outcome) for attempt in result.attempts] == [
        (f"127.0.0.1:{port}", "no connection"),
        (f"127.0.0.1:{server.port}", "success"),
    ]
    assert {attempt.endpoint for attempt in result.attempts} == {"query"}
    assert within(time.waits, [1])


@pytest.mark.parametrize(
    ("asked", "seconds"),
    [("7", 7), ("0", 0), (" 2 ", 2), ("-5", 1), ("soon", 1), ("", 1), ("1.5", 1), ("9" * 30, 1), ("nan", 1)],
)
def test_retry_after_in_seconds(asked: str, seconds: float) -> None:
    """The service's own wait counts; what is no number of seconds does not."""
    story = tell("sync", CALLS["query"], TOO_MANY._replace(headers={"Retry-After": asked}))
    assert within(story.waits, [seconds])


NOON = datetime(2026, 1, 1, 12, tzinfo=UTC)


@pytest.mark.parametrize(
    ("later", "seconds"), [(timedelta(seconds=5), 5), (timedelta(0), 0), (timedelta(days=-1), 0)], ids=str
)
def test_retry_after_as_a_date(later: timedelta, seconds: float) -> None:
    """A date counts from the answer's own Date; one that is over is no wait."""
    headers = {"Date": format_datetime(NOON, usegmt=True), "Retry-After": format_datetime(NOON + later, usegmt=True)}
    assert within(tell("sync", CALLS["query"], TOO_MANY._replace(headers=headers)).waits, [seconds])


def test_retry_after_as_a_date_without_another() -> None:
    """Without a Date in the answer, it counts from now."""
    until = format_datetime(datetime.now(UTC) + timedelta(seconds=30), usegmt=True)
    [wait] = tell("sync", CALLS["query"], TOO_MANY._replace(headers={"Retry-After": until})).waits
    assert 20 < wait < 30 * 1.25


@pytest.mark.parametrize("garbage", ["Thu, 99 Foo 2026 99:99:99 GMT", "Thu, 01 Jan 2026 12:00:00 -0000", "\x7f"])
def test_retry_after_as_a_date_that_is_none(garbage: str) -> None:
    """The table's own wait, then."""
    assert within(tell("sync", CALLS["query"], TOO_MANY._replace(headers={"Retry-After": garbage})).waits, [1])


@pytest.mark.parametrize("asked", [str(366 * 24 * 3600), "Fri, 01 Jan 2100 00:00:00 GMT"])
def test_retry_after_a_year(kind: str, asked: str) -> None:
    """Longer than the deadline: it is raised at once, and the caller can read how long."""
    story = tell(kind, CALLS["query"], TOO_MANY._replace(headers={"Retry-After": asked}))
    assert type(story.error) is RateLimitError
    assert story.error.retry_after > 365 * 24 * 3600
    assert story.waits == []
    assert len(story.requests) == 1


@pytest.mark.parametrize(("deadline", "attempts"), [(0.5, 1), (1, 1), (1.5, 2), (5.5, 3), (13, 4), (1000, 4)])
def test_one_deadline_for_the_whole_call(kind: str, deadline: float, attempts: int) -> None:
    """No attempt begins after it, and nobody waits for one that could not."""
    time = Time(kind)
    advised = [1.0, 3.0, 6.0][: attempts - 1]
    story = tell(kind, CALLS["query"], *[UNAVAILABLE] * 9, retry=Retry(deadline=deadline), time=time)
    # Each deadline leaves what is sent last a quarter of a second, which is real.
    assert within(story.waits, advised)
    assert time.now - 1000 < deadline
    assert type(story.error) is ServiceUnavailableError


def test_a_deadline_cuts_the_time_out(kind: str) -> None:
    """An attempt is not waited for longer than the call may take."""
    story = tell(kind, CALLS["query"], SILENCE, timeout=30, retry=Retry(deadline=0.1))
    assert type(story.error) is RequestTimeoutError
    assert "in 0.1 s" in str(story.error)
    assert story.outcomes == ["lost"]


def override(**options: Any) -> Any:
    """A query with options of its own."""
    return lambda client: client.query(RESOURCE_ID, SID, "mix", **options)


@pytest.mark.parametrize(
    ("of_client", "of_call", "attempts"),
    [
        ({}, {}, 4),
        ({"retry": None}, {}, 1),
        ({"retry": None}, {"retry": Retry(attempts=2)}, 2),
        ({"retry": Retry(attempts=2)}, {}, 2),
        ({"retry": Retry(attempts=2)}, {"retry": None}, 1),
        ({}, {"retry": Retry(attempts=6)}, 6),
    ],
)
def test_attempts_per_client_and_per_call(
    kind: str, of_client: dict[str, Any], of_call: dict[str, Any], attempts: int
) -> None:
    """The call's own go before the client's; None switches retries off."""
    story = tell(kind, override(**of_call), *[UNAVAILABLE] * 9, **of_client)
    assert len(story.requests) == attempts


def test_time_out_per_call(kind: str) -> None:
    """The call's own time-out goes before the client's."""
    story = tell(kind, override(timeout=0.1), SILENCE, timeout=20, retry=None)
    assert "in 0.1 s" in str(story.error)


@pytest.mark.parametrize("endpoint", ENDPOINTS)
def test_time_out_per_endpoint(endpoint: str) -> None:
    """Each endpoint has a time-out of its own."""
    name = {"updateLayout": "update_layout", "ncsIps": "ncs_ips"}.get(endpoint, endpoint)
    others = dict.fromkeys({"acquire", "start", "query", "update", "update_layout", "stop", "ncs_ips"} - {name}, 20.0)
    story = tell("sync", CALLS[endpoint], SILENCE, retry=None, timeout=Timeouts(**others, **{name: 0.05}))
    assert "in 0.05 s" in story.error.args[0]


def test_time_outs_by_default() -> None:
    """10 s; a stop waits for the upload, so 30 s; a shorter one for all leaves the stop its 30."""
    assert repr(Timeouts()) == (
        "Timeouts(acquire=10.0, start=10.0, query=10.0, update=10.0, update_layout=10.0, stop=30.0, ncs_ips=10.0)"
    )
    assert Timeouts.of(5).stop == 30
    assert Timeouts.of(60).stop == Timeouts.of(60).query == 60


@pytest.mark.parametrize("wrong", [0, -1, True, "5", float("nan"), float("inf")], ids=repr)
def test_time_outs_that_are_none(kind: str, wrong: Any) -> None:
    """Refused, for a call and for a client, before anything is sent."""
    with Server() as server:
        with pytest.raises(ConfigurationError, match=r"^timeout: "):
            drive(kind, override(timeout=wrong), server.url)
        with pytest.raises(ConfigurationError, match=r"^stop: "):
            Timeouts(stop=wrong)
    assert server.requests == []


@pytest.mark.parametrize("wrong", [3, True, "no", Retry], ids=repr)
def test_retries_that_are_none(kind: str, wrong: Any) -> None:
    """Something else than a Retry is refused before anything is sent."""
    with Server() as server, pytest.raises(ConfigurationError, match=r"^retry: must be a Retry or None"):
        drive(kind, override(retry=wrong), server.url)
    assert server.requests == []


def test_a_host_that_failed_is_not_asked_first_by_the_next_call(kind: str) -> None:
    """The next call goes to the host that answered; after a rest the first is asked again."""
    time = Time(kind)
    with Server(HANG_UP) as one, Server() as two:
        urls = [one.url, two.url]
        if kind == "sync":

            def use(client: Any) -> list[Any]:
                done = [client.ncs_ips(), client.ncs_ips()]
                time.now += 31
                return [*done, client.ncs_ips()]
        else:

            async def use(client: Any) -> list[Any]:
                done = [await client.ncs_ips(), await client.ncs_ips()]
                time.now += 31
                return [*done, await client.ncs_ips()]

        results = drive(kind, use, urls, time, timeout=5)
    ports = [[int(attempt.host.rpartition(":")[2]) for attempt in result.attempts] for result in results]
    assert ports == [[one.port, two.port], [two.port], [one.port]]


def test_the_hook_sees_every_attempt(kind: str) -> None:
    """With endpoint, host, number, outcome and time; the same that the result holds."""
    seen: list[Attempt] = []
    time = Time(kind)

    def hook(attempt: Attempt) -> None:
        seen.append(attempt)

    story = tell(kind, CALLS["update"], TOO_MANY, on_attempt=hook, time=time)
    assert tuple(seen) == story.result.attempts
    assert [(attempt.endpoint, attempt.number, attempt.outcome) for attempt in seen] == [
        ("update", 1, "rate limited"),
        ("update", 2, "success"),
    ]
    assert all(attempt.elapsed >= 0 and attempt.host.startswith("127.0.0.1:") for attempt in seen)


def test_a_hook_that_raises_harms_nobody(kind: str, caplog: pytest.LogCaptureFixture) -> None:
    """The call goes on; what was raised is in the log."""

    def hook(attempt: Attempt) -> None:
        raise ZeroDivisionError(f"at {attempt.number}")

    story = tell(kind, CALLS["start"], DROP, on_attempt=hook)
    assert story.outcomes == ["lost", "success"]
    told = [record for record in caplog.records if record.levelno == logging.ERROR]
    assert [str(record.exc_info[1]) for record in told if record.exc_info] == ["at 1", "at 2"]


def logged(kind: str, level: int, caplog: pytest.LogCaptureFixture, **settings: Any) -> list[tuple[int, str]]:
    """What stands in the log of a start that took two attempts."""
    echo = Answer(200, {"sid": SID, "cname": CNAME, "echo": [CUSTOMER_SECRET, STORAGE["secretKey"]], **STORAGE})
    with caplog.at_level(level, "cloudrec"):
        tell(kind, start_with_secrets, TOO_MANY, echo, **settings)
    return [(record.levelno, record.getMessage()) for record in caplog.records if record.name == "cloudrec"]


def start_with_secrets(client: Any) -> Any:
    """A start that holds secrets."""
    return client.start(RESOURCE_ID, "mix", CNAME, UID, token="token-do-not-show", storage_config=STORAGE)


def test_one_line_a_call(kind: str, caplog: pytest.LogCaptureFixture) -> None:
    """At INFO: what was called, how it ended, how long it took, how often it was tried, and where."""
    [(level, line)] = logged(kind, logging.INFO, caplog)
    assert level == logging.INFO
    assert line.startswith("start: success in 1.")
    assert "2 attempts" in line
    assert "HTTP 200, request req-1" in line
    assert logged(kind, logging.WARNING, caplog)[1:] == []


def test_a_line_for_each_attempt(kind: str, caplog: pytest.LogCaptureFixture) -> None:
    """At DEBUG, and no bodies unless they were asked for."""
    lines = logged(kind, logging.DEBUG, caplog)
    assert [level for level, _ in lines] == [logging.DEBUG, logging.DEBUG, logging.INFO]
    assert "attempt 1" in lines[0][1]
    assert "rate limited (HTTP 429" in lines[0][1]
    assert "attempt 2" in lines[1][1]
    assert not any("lessons" in line for _, line in lines)


def test_bodies_where_they_were_asked_for(kind: str, caplog: pytest.LogCaptureFixture) -> None:
    """What was sent and received, without the secrets: neither by name nor by value."""
    lines = [line for _, line in logged(kind, logging.DEBUG, caplog, log_bodies=True)]
    sent = [line.partition("sent ")[2] for line in lines if line.startswith("start: sent ")]
    received = [line for line in lines if line.startswith("start: received ")]
    assert len(sent) == len(received) == 2
    assert json.loads(sent[0])["clientRequest"]["storageConfig"]["secretKey"] == "***"
    assert json.loads(sent[0])["clientRequest"]["storageConfig"]["bucket"] == "lessons"
    assert "API rate limit exceeded" in received[0]
    assert not any("do-not-show" in line for line in lines)


def test_bodies_of_a_call_that_sends_none(kind: str, caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.DEBUG, "cloudrec"):
        tell(kind, CALLS["query"], log_bodies=True)
    assert "query: received {" in caplog.text
    assert "query: sent" not in caplog.text


def test_no_secret_anywhere_when_everything_is_logged(caplog: pytest.LogCaptureFixture) -> None:
    """Not with httpx's own log beside ours, and not in what goes wrong."""
    echo = f"<html>{CUSTOMER_SECRET} {STORAGE['secretKey']} token-do-not-show</html>".encode()
    with caplog.at_level(logging.DEBUG):
        story = tell("sync", start_with_secrets, *[Answer(502, echo), Answer(200, echo), DROP, SILENCE], timeout=0.1,
                     log_bodies=True)  # fmt: skip
    assert "do-not-show" not in caplog.text
    assert "do-not-show" not in f"{story.error!r} {story.error.__cause__!r} {vars(story.error)}"


def test_failures_in_the_log(kind: str, caplog: pytest.LogCaptureFixture) -> None:
    """The line of a call that failed says which error the caller got."""
    with caplog.at_level(logging.INFO, "cloudrec"):
        tell(kind, CALLS["query"], HTML, retry=None)
    assert "query: InvalidResponseError (garbled) in" in caplog.text
    assert "1 attempt (" in caplog.text


def test_nothing_is_wrong_with_garbage_that_passes(kind: str) -> None:
    """A page of a proxy's and an empty answer; then the service's own."""
    story = tell(kind, CALLS["query"], HTML, Answer(200, b""))
    assert story.outcomes == ["garbled", "garbled", "success"]
    assert type(tell(kind, CALLS["query"], HTML, retry=None).error) is InvalidResponseError


def test_rate_limit_of_a_client(kind: str) -> None:
    """Ten a second by default: the eleventh call waits, on the same clock as everything."""
    time = Time(kind)
    if kind == "sync":

        def use(client: Any) -> None:
            for _ in range(25):
                client.ncs_ips()
    else:

        async def use(client: Any) -> None:
            for _ in range(25):
                await client.ncs_ips()

    with Server() as server:
        drive(kind, use, server.url, time, rate_limit=10)
    assert [round(wait, 6) for wait in time.waits] == [0.105] * 24


def test_attempts_count_under_the_rate_limit(kind: str) -> None:
    """Each attempt takes a place, not each call."""
    story = tell(kind, CALLS["query"], *[UNAVAILABLE] * 3, rate_limit=RateLimit(1.2))
    assert within(story.waits, [1, 3, 6])
    story = tell(kind, CALLS["query"], TOO_MANY._replace(headers={"Retry-After": "0"}), rate_limit=RateLimit(1))
    # Slower than the limit, since it was too much.
    assert within(story.waits, [0, 1.5])


def test_no_place_before_the_deadline(kind: str, caplog: pytest.LogCaptureFixture) -> None:
    """Not sent, and the error says why and what to do; the log names no host."""
    limit = RateLimit(1)
    limit.ask(Ticket(Urgency.ASK), 1000.0)
    with caplog.at_level(logging.INFO, "cloudrec"):
        story = tell(kind, CALLS["query"], retry=Retry(deadline=0.5), rate_limit=limit)
    assert caplog.messages == ["query: RateLimitError in 0.000 s, not sent"]
    assert type(story.error) is RateLimitError
    assert "not sent" in str(story.error)
    assert "deadline" in story.error.advice
    assert (story.error.http_status, story.error.attempts, story.requests) == (None, (), [])


def test_two_clients_share_a_limit() -> None:
    """A sync and an async client of one App ID, one after the other."""
    limit, time = RateLimit(2), Time("sync")
    with Server() as server:
        for _ in range(2):
            drive("sync", CALLS["ncsIps"], server.url, time, rate_limit=limit)
        other = Time("asyncio", time.now)
        drive("asyncio", CALLS["ncsIps"], server.url, other, rate_limit=limit)
    assert [round(wait, 6) for wait in (*time.waits, *other.waits)] == [0.525, 0.525]


@pytest.mark.parametrize("jump", [-1e6, 1e6], ids=["back", "forward"])
def test_a_clock_that_jumps_in_the_middle_of_a_call(kind: str, jump: float) -> None:
    """Set back, all attempts are made; set forward, the deadline has passed. Neither hangs."""
    time = Time(kind)

    def hook(attempt: Attempt) -> None:
        time.now += jump

    story = tell(kind, CALLS["query"], UNAVAILABLE, DROP, UNAVAILABLE, UNAVAILABLE, time=time, on_attempt=hook)
    assert type(story.error) is ServiceUnavailableError
    assert len(story.requests) == (4 if jump < 0 else 1)
    assert sum(story.waits) < 20


def test_network_errors_say_what_to_do(kind: str) -> None:
    """Which host, what happened, and how often it was tried."""
    port = free_port()
    with pytest.raises(NetworkError) as caught:
        drive(kind, CALLS["query"], f"http://127.0.0.1:{port}", Time(kind))
    assert f"no answer from 127.0.0.1:{port}" in str(caught.value)
    assert caught.value.advice
    assert caught.value.retryable
    assert caught.value.host == f"127.0.0.1:{port}"
    assert len(caught.value.attempts) == 4
