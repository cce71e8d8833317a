"""Every failure, documented and not, becomes the exception that a caller can act on."""

from __future__ import annotations

import copy
import json
import pickle
from collections.abc import AsyncIterator, Iterator
from typing import Any

import httpx
import pytest
from hypothesis import given, settings, strategies as st
from pytest_httpx import HTTPXMock

import cloudrec
from cloudrec import errors, explain
from cloudrec.errors import (
    AccountInactiveError,
    AlreadyStartedError,
    AlreadyStoppingError,
    AppNotEnabledError,
    AuthenticationError,
    BadRequestError,
    ClientClosedError,
    CloudRecordingError,
    InvalidRequestError,
    InvalidResourceError,
    InvalidResponseError,
    NetworkError,
    NotCompletedError,
    PermissionDeniedError,
    Problem,
    RateLimitError,
    RecordingMayBeRunningError,
    RequestTimeoutError,
    RouteNotFoundError,
    ServiceError,
    ServiceTimeoutError,
    ServiceUnavailableError,
    TaskConflictError,
    TaskNotFoundError,
    TooManyRecordingsError,
)
from tests.support import CALLS, CNAME, ENDPOINTS, RESOURCE_ID, SID, UID, Json, answered, each, read_json

# What each documented failure is: endpoint, HTTP status, code, words of the gateway: class, and whether the same call
# may be sent again.
DOCUMENTED: dict[tuple[str, int, int | None, str | None], tuple[type[ServiceError], bool]] = {
    ("general", 400, None, "appid is invalid"): (AppNotEnabledError, False),
    ("general", 401, None, "Unauthorized"): (AuthenticationError, False),
    ("general", 401, None, "Invalid authentication credentials"): (AuthenticationError, False),
    ("general", 404, None, "no Route matched with those values"): (RouteNotFoundError, False),
    ("general", 429, None, "API rate limit exceeded"): (RateLimitError, True),
    ("acquire", 400, 2, None): (BadRequestError, False),
    ("acquire", 400, 400, None): (AppNotEnabledError, False),
    ("acquire", 400, 401, None): (BadRequestError, False),
    ("acquire", 400, 405, None): (AccountInactiveError, False),
    ("acquire", 400, 406, None): (TooManyRecordingsError, True),
    ("acquire", 500, 500, None): (ServiceUnavailableError, True),
    ("acquire", 500, 501, None): (ServiceUnavailableError, True),
    ("acquire", 500, 504, None): (ServiceTimeoutError, True),
    ("start", 201, 7, None): (AlreadyStartedError, False),
    ("start", 206, 65, None): (NotCompletedError, True),
    ("start", 400, 2, None): (BadRequestError, False),
    ("start", 400, 53, None): (TaskConflictError, False),
    ("start", 500, 502, None): (ServiceUnavailableError, False),
    ("start", 500, 62, None): (ServiceTimeoutError, True),
    ("stop", 400, 49, None): (AlreadyStoppingError, False),
    **{(name, 206, 65, None): (NotCompletedError, True) for name in ("query", "update", "updateLayout", "stop")},
    **{(name, 400, 2, None): (BadRequestError, False) for name in ("query", "update", "updateLayout", "stop")},
    **{(name, 404, 404, None): (TaskNotFoundError, False) for name in ("query", "update", "updateLayout", "stop")},
    **{(name, 504, 62, None): (ServiceTimeoutError, True) for name in ("query", "update", "updateLayout", "stop")},
}  # fmt: skip
# Not a failure to the caller: a result that says so (test_answers.py).
RESULTS = {("stop", 206, 435, None)}


def failure(response: httpx.Response | Exception, endpoint: str = "query") -> CloudRecordingError:
    """The exception of a call that is answered so."""
    with pytest.raises(CloudRecordingError) as caught:
        answered(response, CALLS[endpoint])
    check_form(caught.value, endpoint)
    return unwrapped(caught.value)


def unwrapped(error: CloudRecordingError) -> CloudRecordingError:
    """The failure itself; of a start that may have taken effect, what the error says beside it is looked at first."""
    if not isinstance(error, RecordingMayBeRunningError):
        return error
    assert (error.cname, error.uid, error.resource_id, error.mode) == (CNAME, UID, RESOURCE_ID, "mix")
    assert isinstance(error.__cause__, CloudRecordingError)
    for name in ("http_status", "code", "reason", "request_id", "response_body"):
        assert getattr(error, name) == getattr(error.__cause__, name)
    assert str(error.__cause__) in error.args[0]
    assert not error.retryable
    return error.__cause__


def check_form(error: CloudRecordingError, endpoint: str) -> None:
    """What holds for every exception of a call: one readable line, advice, the endpoint; it pickles and copies."""
    told = error.args[0]
    assert told.startswith(f"{endpoint}: ")
    assert len(told.splitlines()) == 1
    assert told.isprintable()
    assert len(told) < 1500
    assert error.endpoint == endpoint
    assert error.advice
    for twin in (pickle.loads(pickle.dumps(error)), copy.copy(error), copy.deepcopy(error)):
        assert type(twin) is type(error)
        assert twin.args == error.args
        assert vars(twin) == vars(error)


def rows() -> Iterator[Any]:
    """Every documented failure with each endpoint that answers with it."""
    for row in read_json("data", "errors.json"):
        key = (row["endpoint"], row["http"], row["code"], row["message"])
        if key not in RESULTS:
            for endpoint in ENDPOINTS if row["endpoint"] == "general" else [row["endpoint"]]:
                yield endpoint, row, key


@each(("endpoint", "row", "key"), rows())
def test_documented_failure(endpoint: str, row: Json, key: Any, call: Any, httpx_mock: HTTPXMock) -> None:
    """A documented failure is its class, with the service's own facts as fields, in the sync and the async client."""
    body = (
        {"message": row["message"]} if row["message"] else {"code": row["code"], "reason": row["reason"] or "bad uid"}
    )
    # Of `ncsIps`, two paths are asked.
    httpx_mock.reset()
    httpx_mock.add_response(
        status_code=row["http"], json=body, headers={"X-Request-Id": "req-9"}, is_reusable=endpoint == "ncsIps"
    )
    with pytest.raises(CloudRecordingError) as caught:
        call(CALLS[endpoint])
    check_form(caught.value, endpoint)
    error = unwrapped(caught.value)
    assert (type(error), error.retryable) == DOCUMENTED[key]
    assert (error.http_status, error.code, error.request_id) == (row["http"], row["code"], "req-9")
    assert error.reason == body.get("message", body.get("reason"))
    assert json.loads(error.response_body or "") == body
    assert error.reason in error.args[0]
    assert "req-9" in error.args[0]
    assert f"HTTP {row['http']}" in error.args[0]


def test_every_documented_failure_is_known() -> None:
    """The table above speaks of every failure of the reference, and of no other."""
    keys = {(row["endpoint"], row["http"], row["code"], row["message"]) for row in read_json("data", "errors.json")}
    assert keys == set(DOCUMENTED) | RESULTS


@pytest.mark.parametrize("endpoint", ["start", "query", "update", "updateLayout", "stop"])
@pytest.mark.parametrize("code", [432, 433, 1001, 1003])
def test_resource_ids_that_are_not_right(endpoint: str, code: int) -> None:
    """The codes of the provider's Chinese page for expired and foreign resource IDs have a class of their own."""
    error = failure(httpx.Response(400, json={"code": code, "reason": "resource expired"}), endpoint)
    assert type(error) is InvalidResourceError
    assert not error.retryable


@pytest.mark.parametrize("endpoint", ENDPOINTS)
def test_a_service_that_may_not_be_used(endpoint: str) -> None:
    """The gateway's 403 names both of its causes, as it does not say which it is."""
    error = failure(httpx.Response(403, json={"message": "You cannot consume this service"}), endpoint)
    assert type(error) is PermissionDeniedError
    assert not error.retryable
    assert error.reason == "You cannot consume this service"
    assert "Enable cloud recording" in error.advice
    assert "customer ID" in error.advice
    assert "proxy" in failure(httpx.Response(403, content=b"<html>"), endpoint).advice + str(explain(http_status=403))


@pytest.mark.parametrize("body", [{}, {"code": 404}], ids=repr)
@pytest.mark.parametrize("endpoint", ["query", "update", "updateLayout", "stop"])
def test_words_within_the_server_response(endpoint: str, body: Json) -> None:
    """A 404 may have its words deeper down: it is known by them, and they are the reason."""
    words = {"command": "QueryCloudRecording", "payload": {"message": "Failed to find worker."}}
    error = failure(
        httpx.Response(404, json={**body, "resourceId": RESOURCE_ID, "sid": SID, "serverResponse": words}), endpoint
    )
    assert (type(error), error.reason) == (TaskNotFoundError, "Failed to find worker.")


def test_stop_that_did_not_finish_uploading() -> None:
    """Code 50 on stop: it is stopped, the upload goes on; stopping again is of no use."""
    error = failure(httpx.Response(504, json={"code": 50, "reason": "upload timeout"}), "stop")
    assert type(error) is ServiceTimeoutError
    assert not error.retryable


def test_long_words_are_cut_in_the_text_alone() -> None:
    """A reason of a novel's length, or with escape sequences, still makes one short line; the field has all of it."""
    reason = "\x1b[31mno\u2028\0 " + "very " * 10_000
    error = failure(httpx.Response(400, json={"code": "7" * 5000, "reason": reason}))
    assert error.reason == reason
    assert "\x1b" not in error.args[0]


def test_retry_after() -> None:
    """A rate limit tells how long to wait where the service says so, in seconds or by a date, and None where not."""
    limited = {"message": "API rate limit exceeded"}
    date, later = "Wed, 21 Oct 2026 07:28:00 GMT", "Wed, 21 Oct 2026 07:28:30 GMT"
    for headers, seconds in (
        ({"Retry-After": "3"}, 3.0),
        ({"Retry-After": later, "Date": date}, 30.0),
        ({"Retry-After": date, "Date": later}, 0.0),
        ({"Retry-After": "-3"}, None),
        ({"Retry-After": "soon"}, None),
        ({}, None),
    ):
        error = failure(httpx.Response(429, json=limited, headers=headers))
        assert isinstance(error, RateLimitError)
        assert error.retry_after == seconds


@pytest.mark.parametrize(
    ("body", "kind", "code", "reason"),
    [
        ({"message": "appid is invalid"}, AppNotEnabledError, None, "appid is invalid"),
        ({"reason": "bad uid"}, BadRequestError, None, "bad uid"),
        ({"code": 2, "msg": "bad uid"}, BadRequestError, 2, "bad uid"),
        ({"code": "433", "reason": "resource expired"}, InvalidResourceError, 433, "resource expired"),
        ({"code": "E_QUOTA", "reason": "no"}, BadRequestError, "E_QUOTA", "no"),
        ({"code": 2, "reason": "bad uid", "serverResponse": {"status": 5}}, BadRequestError, 2, "bad uid"),
        ({"code": 2, "reason": None, "message": "bad uid"}, BadRequestError, 2, "bad uid"),
        ({"code": 2, "reason": ["bad", "uid"]}, BadRequestError, 2, None),
        ({"code": 2, "serverResponse": {"payload": {"message": "bad uid"}}}, BadRequestError, 2, "bad uid"),
        ({"code": 2, "reason": "uid", "serverResponse": {"payload": {"message": "?"}}}, BadRequestError, 2, "uid"),
        ({"code": 2, "serverResponse": {"payload": "bad uid"}}, BadRequestError, 2, None),
        ({"code": 2, "serverResponse": [{"payload": 1}]}, BadRequestError, 2, None),
        ({"code": 2, "reason": "bad\nuid\r\n\tvalue"}, BadRequestError, 2, "bad\nuid\r\n\tvalue"),
        ({"code": None, "reason": ""}, BadRequestError, None, None),
        ({"code": 2.5}, BadRequestError, None, None),
        ({"code": True}, BadRequestError, None, None),
        ({}, BadRequestError, None, None),
    ],
    ids=repr,
)
def test_bodies_seen_in_the_wild(body: Json, kind: type[Any], code: Any, reason: Any) -> None:
    """Only a message, only a reason, `msg`, a code as a string, a code beside an answer: all are read."""
    error = failure(httpx.Response(400, json=body))
    assert (type(error), error.code, error.reason) == (kind, code, reason)


@pytest.mark.parametrize("endpoint", [name for name in ENDPOINTS if name != "stop"])
def test_nothing_recorded_is_for_stop_alone(endpoint: str) -> None:
    """206 with code 435 from another call than stop is a failure."""
    assert isinstance(failure(httpx.Response(206, json={"code": 435, "reason": "?"}), endpoint), ServiceError)


@each(
    ("status", "kind"),
    [
        (400, BadRequestError), (403, PermissionDeniedError), (404, RouteNotFoundError), (413, ServiceError),
        (500, ServiceUnavailableError), (502, ServiceUnavailableError), (503, ServiceUnavailableError),
        (504, ServiceTimeoutError), (520, ServiceUnavailableError), (599, ServiceUnavailableError),
    ],
)  # fmt: skip
@each("endpoint", ["start", "query"])
@each(
    "body", [b"<html><body>\n<h1>502 Bad Gateway</h1></body></html>", b"", b'{"code": 2, "rea', b"[]", b"\xff\xfe\x00"]
)
def test_gateways(endpoint: str, status: int, kind: type[Any], body: bytes) -> None:
    """A failure without the service's JSON is told by its status; after a start nobody knows whether it took effect."""
    error = failure(httpx.Response(status, content=body, headers={"Content-Type": "text/html"}), endpoint)
    assert type(error) is kind
    assert (error.http_status, error.code, error.reason) == (status, None, None)
    assert error.response_body == body.decode("utf-8", "replace")
    assert "<" not in error.args[0]
    assert error.retryable == (status >= 500 and (endpoint == "query" or status == 504))


@pytest.mark.parametrize(
    ("body", "content_type", "words"),
    [
        (b"", "application/json", "empty"),
        (b'{"resourceId": "abc', "application/json", "cut short"),
        (b"<html>welcome</html>", "text/html; charset=utf-8", "text/html"),
        (b"[]", "application/json", "not an object"),
        (b'"ok"', "application/json", "not an object"),
        (b"\xff\xfe{}", "application/json", "not JSON"),
        (b"[" * 100_000, "application/json", "not JSON"),
        (b"1" * 5000, "application/json", "not JSON"),
    ],
    ids=["empty", "cut", "html", "list", "string", "not UTF-8", "deep", "long number"],
)
@each("endpoint", ENDPOINTS)
def test_successes_that_are_none(endpoint: str, body: bytes, content_type: str, words: str) -> None:
    """200 with something else than a JSON object is InvalidResponseError, which says what it was instead."""
    headers = {"Content-Type": content_type, "X-Request-Id": "req-9"}
    error = failure(httpx.Response(200, content=body, headers=headers), endpoint)
    assert type(error) is InvalidResponseError
    assert words in error.args[0]
    assert (error.http_status, error.request_id) == (200, "req-9")
    assert len(error.response_body or "") <= 4096


def test_json_with_another_content_type_is_read() -> None:
    """What is JSON is read as JSON whatever the header calls it."""
    response = httpx.Response(200, content=b'{"resourceId": "r"}', headers={"Content-Type": "text/plain"})
    assert answered(response, CALLS["acquire"]).resource_id == "r"


@pytest.mark.parametrize(
    "body", [{}, {"resourceId": None, "sid": None}, {"resourceId": "", "sid": ""}, {"sid": 7}], ids=repr
)
@pytest.mark.parametrize("endpoint", ["acquire", "start"])
def test_successes_without_what_they_are_for(endpoint: str, body: Json) -> None:
    """An acquire without resourceId and a start without sid are no success."""
    assert type(failure(httpx.Response(200, json=body), endpoint)) is InvalidResponseError


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
@pytest.mark.parametrize("body", [b"", b'{"resourceId": "r"}'])
def test_redirects(status: int, body: bytes, call: Any, httpx_mock: HTTPXMock) -> None:
    """A redirect is not followed, whatever it is answered with, and what its query holds is not told."""
    location = "https://user:pass-do-not-show@elsewhere.test/login?token=do-not-show#do-not-show"
    httpx_mock.add_response(status_code=status, headers={"Location": location}, content=body)
    with pytest.raises(InvalidResponseError) as caught:
        call(CALLS["acquire"])
    assert len(httpx_mock.get_requests()) == 1
    assert "elsewhere.test" in str(caught.value)
    assert "do-not-show" not in str(caught.value)
    check_form(caught.value, "acquire")


class Endless(httpx.SyncByteStream, httpx.AsyncByteStream):
    """A page without end that counts what is read of it."""

    def __init__(self) -> None:
        self.read = 0
        self.closed = False

    # No generators: what is left of those, trio speaks up about.

    def __iter__(self) -> Iterator[bytes]:
        return self

    def __next__(self) -> bytes:
        self.read += 65536
        return b"<p>" * 21845 + b"!"

    def __aiter__(self) -> AsyncIterator[bytes]:
        return self

    async def __anext__(self) -> bytes:
        return next(self)

    def close(self) -> None:
        self.closed = True

    async def aclose(self) -> None:
        self.closed = True


# trio speaks up about httpx's own generators, which nobody outside of httpx can close.
@pytest.mark.filterwarnings("ignore:Async generator 'httpx:ResourceWarning")
@pytest.mark.parametrize("status", [200, 404, 502])
def test_pages_without_end(status: int, call: Any, httpx_mock: HTTPXMock) -> None:
    """HTML without end is given up after 8 MiB, and the connection is let go."""
    page = Endless()
    httpx_mock.add_response(status_code=status, stream=page, headers={"X-Request-Id": "req-9"})
    with pytest.raises(InvalidResponseError, match="longer than 8 MiB") as caught:
        call(CALLS["query"])
    assert page.read < 9 * 1024 * 1024
    assert page.closed
    assert (caught.value.http_status, caught.value.request_id) == (status, "req-9")
    check_form(caught.value, "query")


@pytest.mark.parametrize(
    ("raised", "kind", "retryable", "start_retryable"),
    [
        (httpx.ConnectError("Name or service not known"), NetworkError, True, True),
        (httpx.ConnectTimeout("slow"), RequestTimeoutError, True, True),
        (httpx.PoolTimeout("busy"), RequestTimeoutError, True, True),
        (httpx.ReadTimeout("slow"), RequestTimeoutError, True, False),
        (httpx.WriteTimeout("slow"), RequestTimeoutError, True, False),
        (httpx.ReadError(""), NetworkError, True, False),
        (httpx.RemoteProtocolError("Server disconnected without sending a response."), NetworkError, True, False),
        (httpx.DecodingError("Error -3 while decompressing data"), NetworkError, True, False),
        (httpx.UnsupportedProtocol("ftp"), NetworkError, False, False),
        (httpx.ProxyError("407"), NetworkError, True, True),
    ],
    ids=lambda value: type(value).__name__ if isinstance(value, Exception) else None,
)
@pytest.mark.parametrize("endpoint", ["start", "query"])
def test_no_answer(
    raised: Exception, kind: type[Any], retryable: bool, start_retryable: bool, endpoint: str, call: Any,
    httpx_mock: HTTPXMock,
) -> None:  # fmt: skip
    """Where no answer comes, the error says from whom and why, and keeps httpx's own as its cause."""
    httpx_mock.add_exception(raised)
    with pytest.raises(CloudRecordingError) as caught:
        call(CALLS[endpoint])
    check_form(caught.value, endpoint)
    error = unwrapped(caught.value)
    assert type(error) is kind
    assert error.__cause__ is raised
    assert error.http_status is None
    assert "service.test" in error.args[0]
    assert type(raised).__name__ in error.args[0]
    assert error.retryable == (start_retryable if endpoint == "start" else retryable)


def test_errors_are_also_the_builtin_ones() -> None:
    """Time-outs are TimeoutErrors, wrong arguments ValueErrors, a closed client a RuntimeError."""
    assert issubclass(RequestTimeoutError, TimeoutError)
    assert issubclass(InvalidRequestError, ValueError)
    assert issubclass(cloudrec.ConfigurationError, ValueError)
    assert issubclass(ClientClosedError, RuntimeError)


CLASSES = sorted(
    (kind for kind in vars(errors).values() if isinstance(kind, type) and issubclass(kind, CloudRecordingError)),
    key=lambda kind: kind.__name__,
)


@each("kind", CLASSES)
@each("protocol", range(2, pickle.HIGHEST_PROTOCOL + 1))
def test_pickle(kind: type[CloudRecordingError], protocol: int) -> None:
    """Every class survives pickle and copy with all its fields, in any protocol."""
    fields = {"endpoint": "start", "http_status": 400, "code": 53, "reason": "task conflict", "request_id": "req-9",
              "retryable": True, "advice": "Wait.", "response_body": "{}", "problems": (Problem("uid", "0", "is"),),
              "retry_after": 3.0}  # fmt: skip
    error = kind("start: task conflict", **fields)
    error.add_note("seen twice")
    for twin in (pickle.loads(pickle.dumps(error, protocol)), copy.copy(error), copy.deepcopy(error)):
        assert type(twin) is kind
        assert (str(twin), twin.args) == (str(error), ("start: task conflict",))
        assert {name: getattr(twin, name) for name in fields} == fields
        assert twin.__notes__ == ["seen twice"]


@each("kind", CLASSES)
def test_tree(kind: type[CloudRecordingError]) -> None:
    """Every class stands in the drawing at the top of the module and can be imported from the package."""
    assert f"── {kind.__name__} " in (errors.__doc__ or "") or kind is CloudRecordingError
    assert getattr(cloudrec, kind.__name__) is kind
    assert kind.__doc__


BODY = st.fixed_dictionaries(
    {},
    optional={
        "code": st.integers() | st.text(max_size=5) | st.none(),
        "reason": st.text(max_size=20) | st.none(),
        "serverResponse": st.dictionaries(st.text(max_size=4), st.integers()),
        "sid": st.text(),
        "resourceId": st.text(),
    },
)


@settings(deadline=None)
@given(
    st.sampled_from(ENDPOINTS),
    st.integers(200, 599),
    st.binary(max_size=40) | BODY.map(lambda body: json.dumps(body).encode()),
)
def test_any_answer(endpoint: str, status: int, body: bytes) -> None:
    """Whatever status and body: a result or an exception of ours, in one line."""
    error = None
    try:
        result = answered(httpx.Response(status, content=body), CALLS[endpoint])
    except CloudRecordingError as raised:
        error = raised
    if error:
        check_form(error, endpoint)
        assert error.http_status == status
    else:
        assert status == 200 or (status == 206 and endpoint == "stop")
        assert result.raw == json.loads(body)
