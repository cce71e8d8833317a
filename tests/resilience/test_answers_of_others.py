"""An answer that was meant for somebody else is never taken for ours, and nothing more comes over its connection."""

from __future__ import annotations

import json
import ssl
import threading
from typing import Any

import anyio
import anyio.lowlevel
import httpx
import pytest
from hypothesis import given, strategies as st

from cloudrec import AsyncCloudRecording, CloudRecording, InvalidResponseError, RecordingMayBeRunningError
from cloudrec._call.queries import query
from cloudrec._call.requests import acquire, stop
from cloudrec._call.response import Reply
from tests.resilience.support import GOOD, Answer, Server, drive, tell
from tests.support import APP_ID, CALLS, CNAME, CREDENTIAL, RESOURCE_ID, SID, STORAGE, each

QUERY = (RESOURCE_ID, SID, "mix")
OTHER = {"cname": "another", "uid": "1", "resourceId": "another", "sid": "another"}
# What the answer to each call repeats of the question.
REPEATED = {
    "acquire": ("cname", "uid"),
    "start": ("cname", "uid", "resourceId"),
    "query": ("resourceId", "sid"),
    "update": tuple(OTHER),
    "updateLayout": tuple(OTHER),
    "stop": tuple(OTHER),
}
CASES = [(endpoint, name) for endpoint, names in REPEATED.items() for name in names]


@each("status", [200, 206, 400, 404, 500])
@each(("endpoint", "name"), CASES)
def test_another_name_is_another_question(endpoint: str, name: str, status: int) -> None:
    """Success or failure: an answer that names another channel, user or recording is not ours."""
    body = GOOD | {"code": 2, "reason": "no"} | {name: OTHER[name]}
    story = tell("sync", CALLS[endpoint], Answer(status, body), retry=None)
    assert story.outcomes == ["garbled"]
    error = story.error.__cause__ if endpoint == "start" else story.error
    assert type(error) is InvalidResponseError
    assert f"{name} is {OTHER[name]!r}, asked for was {GOOD[name]!r}" in error.args[0]
    assert (error.http_status, error.request_id) == (status, "req-1")


@pytest.mark.parametrize(("endpoint", "name"), CASES)
def test_names_that_are_not_told(endpoint: str, name: str) -> None:
    """A name that is missing, null or empty is no other one."""
    for body in ({key: value for key, value in GOOD.items() if key != name}, GOOD | {name: None}, GOOD | {name: ""}):
        if endpoint != "acquire" or body.get("resourceId"):
            assert tell("sync", CALLS[endpoint], Answer(200, body), retry=None).outcomes == ["success"]


def test_what_there_is_nothing_to_compare_with() -> None:
    """A resource ID is new in the answer to an acquire, a sid in that to a start."""
    assert tell("sync", CALLS["acquire"], Answer(200, GOOD | {"resourceId": "new", "sid": "new"})).result.attempts
    assert tell("sync", CALLS["start"], Answer(200, GOOD | {"sid": "new"})).result.sid == "new"
    assert tell("sync", CALLS["query"], Answer(200, GOOD | {"cname": "new", "uid": "1"})).result.cname == "new"
    assert tell("sync", CALLS["ncsIps"], Answer(200, GOOD | OTHER)).result.attempts


@given(st.integers(1, 2**32 - 1), st.integers(1, 2**32 - 1))
def test_uids_as_numbers_and_as_text(asked: int, told: int) -> None:
    """One is the other in any form, and no other."""
    calls = [acquire(APP_ID, CNAME, asked, {}), stop(APP_ID, RESOURCE_ID, SID, "mix", CNAME, asked, False)]
    for call in calls:
        for form in (told, str(told)):
            reply = Reply(200, {}, json.dumps({"resourceId": RESOURCE_ID, "uid": form, "serverResponse": {}}).encode())
            if told == asked:
                call.result(reply, [])
            else:
                with pytest.raises(InvalidResponseError, match="uid is"):
                    call.result(reply, [])


ANYTHING = st.none() | st.booleans() | st.integers() | st.floats() | st.text() | st.lists(st.text(), max_size=2)


@given(ANYTHING)
def test_names_that_are_no_names(value: Any) -> None:
    """Whatever stands in the place of an ID: text or a number is another's, the rest tells nothing."""
    reply = Reply(200, {}, json.dumps({"resourceId": value, "sid": SID}).encode())
    call = query(APP_ID, RESOURCE_ID, SID, "mix")
    if (isinstance(value, str) and value not in ("", RESOURCE_ID)) or type(value) is int:
        with pytest.raises(InvalidResponseError) as caught:
            call.result(reply, [])
        assert str(caught.value).isprintable()
        assert len(str(caught.value)) < 1000
    else:
        assert call.result(reply, []).sid == SID


def test_secrets_in_the_place_of_a_name() -> None:
    """An answer may repeat a secret where an ID belongs; the error does not."""
    body = GOOD | {"cname": STORAGE["secretKey"]}
    error = tell("sync", CALLS["start"], Answer(200, body), retry=None).error
    assert STORAGE["secretKey"] not in f"{error} {error.__cause__}"


def test_asked_again_the_right_answer_counts(kind: str) -> None:
    """The next attempt goes over another connection, and settles a start as well."""
    story = tell(kind, CALLS["start"], Answer(200, GOOD | {"resourceId": "another", "sid": "stray"}))
    assert story.result.sid == SID
    assert story.outcomes == ["garbled", "success"]


def test_a_start_that_nothing_settles(kind: str) -> None:
    """Every answer is another's: a recording may be running."""
    wrong = Answer(200, GOOD | {"cname": "another"})
    story = tell(kind, CALLS["start"], *[wrong] * 4)
    assert type(story.error) is RecordingMayBeRunningError
    assert story.error.sid is None
    assert story.outcomes == ["garbled"] * 4


WRONG = Answer(200, GOOD | {"sid": "another"})


def twice(kind: str) -> Any:
    """Asks for a recording once in vain, then again."""
    if kind == "sync":

        def use(client: Any) -> Any:
            with pytest.raises(InvalidResponseError):
                client.query(*QUERY, retry=None)
            return client.query(*QUERY, retry=None)

        return use

    async def use_async(client: Any) -> Any:
        with pytest.raises(InvalidResponseError):
            await client.query(*QUERY, retry=None)
        return await client.query(*QUERY, retry=None)

    return use_async


def test_its_connection_is_thrown_away(kind: str) -> None:
    """Over our own connections."""
    with Server(WRONG) as server:
        assert drive(kind, twice(kind), server.url).raw == GOOD
        assert server.connections == 2


@pytest.mark.parametrize("given_kind", ["sync", "asyncio", "trio"])
def test_its_connection_is_thrown_away_by_a_given_client(given_kind: str) -> None:
    """Over those of httpx, too."""
    with Server(WRONG) as server:
        settings: dict[str, Any] = {"base_url": server.url, "rate_limit": None}
        if given_kind == "sync":
            with httpx.Client(verify=False) as http_client:
                twice("sync")(CloudRecording(APP_ID, CREDENTIAL, http_client=http_client, **settings))
        else:

            async def main() -> None:
                async with httpx.AsyncClient(verify=False) as http_client:
                    await twice("asyncio")(AsyncCloudRecording(APP_ID, CREDENTIAL, http_client=http_client, **settings))

            anyio.run(main, backend=given_kind)
        assert server.connections == 2


def test_its_connection_is_thrown_away_by_a_proxy(kind: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """And over those to a proxy."""
    with Server(WRONG) as server:
        monkeypatch.setenv("http_proxy", server.url)
        drive(kind, twice(kind), "http://service.test")
        assert server.connections == 2


def response(body: Any, size: int = 0) -> bytes:
    """An HTTP response as it is on the wire, filled up to that size."""
    sent = json.dumps(body).encode()
    head = "HTTP/1.1 200 OK\r\nX-Request-Id: req-1\r\nContent-Type: application/json\r\nContent-Length: {:05}\r\n\r\n"
    sent = sent.ljust(size - len(head.format(0)))
    return head.format(len(sent)).encode() + sent


STRAY = GOOD | {"serverResponse": {"status": 1, "stray": True}}


def then_again(kind: str, server: Server) -> Any:
    """Queries, lets the server say more, and queries again."""
    if kind == "sync":

        def use(client: Any) -> Any:
            client.query(*QUERY)
            server.say_more()
            return client.query(*QUERY)

        return use

    async def use_async(client: Any) -> Any:
        await client.query(*QUERY)
        server.say_more()
        for _ in range(5):
            await anyio.lowlevel.checkpoint()
        return await client.query(*QUERY)

    return use_async


class Talkative(Server):
    """Says more than it is asked, with its first answer or after it."""

    def __init__(self, *, at_once: bool, size: int = 0, **options: Any) -> None:
        super().__init__(**options)
        self._first, self._more = response(GOOD, size), response(STRAY)
        self._at_once = at_once
        self._go, self._gone = threading.Event(), threading.Event()

    def say_more(self) -> None:
        self._go.set()
        assert self._gone.wait(5)

    def _do(self, told: Answer | str, connection: Any) -> bool:
        if self._gone.is_set():
            return super()._do(told, connection)
        if self._at_once:
            self._gone.set()
            connection.sendall(self._first + self._more)
        else:
            connection.sendall(self._first)
            self._go.wait(5)
            connection.sendall(self._more)
            self._gone.set()
        return True


@pytest.mark.parametrize("at_once", [True, False], ids=["at once", "later"])
def test_what_follows_an_answer_is_no_answer(kind: str, at_once: bool) -> None:
    """Bytes after an answer are not taken for the next one, even if they name what is asked for."""
    with Talkative(at_once=at_once) as server:
        found = drive(kind, then_again(kind, server), server.url)
        assert found.raw == GOOD
        assert server.connections == 2


@pytest.mark.parametrize("at_once", [True, False], ids=["at once", "later"])
def test_what_follows_an_answer_over_tls(kind: str, at_once: bool, tls: ssl.SSLContext) -> None:
    """Also where it came with the answer, and lies in TLS's own memory: the answer fills a record of its own."""
    with Talkative(at_once=at_once, size=2**14, context=tls) as server:
        found = drive(kind, then_again(kind, server), server.url)
        assert found.raw == GOOD
        assert server.connections == 2
