"""`explain`: every failure that anybody has seen has a meaning, causes and a way out, from the catalogue alone."""

from __future__ import annotations

import ast
import copy
import pickle
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

import httpx
import pytest
from hypothesis import given, strategies as st

from cloudrec import MixRecipe, Named, errors, fixtures, storage, webhooks
from cloudrec._call import failures as _catalogue
from cloudrec._call.explain import ENDPOINTS, Explanation, Explanations, explain
from cloudrec._call.failures import CATALOGUE, GENERAL, RESULTS, look_up
from cloudrec.errors import (
    BadRequestError,
    ClientClosedError,
    CloudRecordingError,
    ConfigurationError,
    InvalidRequestError,
    InvalidResponseError,
    NetworkError,
    Problem,
    RateLimitError,
    RecordingEnded,
    RecordingMayBeRunningError,
    RequestTimeoutError,
    ServiceUnavailableError,
)
from cloudrec.storage._diagnosis import no_endpoint
from tests.support import CALLS, Json, answered, each, read_json

ROWS = read_json("data", "errors.json")


def titles(found: Explanations) -> list[str]:
    """What the explanations are of."""
    return [explanation.title for explanation in found]


# ------------------------------------------------------------------------------------------- what is explained


@each("row", ROWS)
def test_documented_failures(row: Json) -> None:
    """Each of the reference's failures is explained as itself, by all that is known of it."""
    found = explain(
        row["code"],
        http_status=row["http"],
        endpoint=None if row["endpoint"] == "general" else row["endpoint"],
        reason=row["reason"] or row["message"],
    )
    assert found.is_known
    for explanation in found:
        assert explanation.is_known
        assert explanation.causes
        assert f"HTTP {row['http']}" in explanation.title
        assert row["code"] is None or f"code {row['code']}" in explanation.title
    if row["reason"] or row["message"]:
        [explanation] = found
        assert explanation.title.endswith(row["reason"] or row["message"])
    else:
        # Code 2, whose reason may be any: the ones that have been seen, and then the general one.
        assert found[-1].title == "any call, HTTP 400, code 2"


@each("row", ROWS)
def test_by_the_number_or_the_words_alone(row: Json) -> None:
    """One who knows only the code, or only the words, finds it too."""
    if row["code"] is not None:
        assert any(f"code {row['code']}" in title for title in titles(explain(row["code"])))
    if row["reason"] or row["message"]:
        assert any(
            title.endswith(row["reason"] or row["message"])
            for title in titles(explain(row["reason"] or row["message"]))
        )


@pytest.mark.parametrize(
    ("reason", "words"),
    [
        ("request_hash mismatch!", "startParameter"),
        ("services not selected!", "scene"),
        ("api body validate failed!", "uid"),
        ("post method api body check failed!", "uid"),
        ("uid inside the List can't be converted to uint32_t", "subscription list"),
    ],
)
def test_reasons_seen_in_the_field(reason: str, words: str) -> None:
    """What the service says and no page of the reference explains."""
    for said in (reason, reason.upper(), f"start: {reason} (HTTP 400, code 2)", reason[:14]):
        [explanation] = explain(said)
        assert explanation.is_known
        assert words in str(explanation)
        assert explanation.error == "BadRequestError"


@pytest.mark.parametrize("code", [2, 7, 8, 49, 50, 53, 62, 65, 109, 110, 432, 433, 435, 501, 1001, 1003, 1013, 1028])
def test_codes_of_the_older_pages(code: int) -> None:
    """Every code that the provider ever listed is known, as a number and as text."""
    assert explain(code).is_known
    assert explain(f" {code} ") == explain(code)


def test_a_code_with_several_meanings() -> None:
    """62 is one thing at acquire, another at start, and a third later."""
    found = explain(62)
    assert titles(found) == [
        "acquire, HTTP 400, code 62",
        "start, HTTP 500, code 62: request timeout",
        "any call, HTTP 504, code 62: request timeout",
    ]  # fmt: skip
    assert [explanation.error for explanation in found] == [
        "AppNotEnabledError", "ServiceTimeoutError", "ServiceTimeoutError",
    ]  # fmt: skip
    assert titles(explain(62, endpoint="stop")) == titles(found)[2:]
    assert titles(explain(62, http_status=500)) == titles(found)[1:2]


def test_a_number_may_be_a_status() -> None:
    """404 is a code and a status; both are meant, unless the status is said."""
    assert titles(explain(404)) == [
        "any call, HTTP 404, code 404: failed to find worker", "any call, HTTP 404: no Route matched with those values",
    ]  # fmt: skip
    assert titles(explain(404, http_status=404)) == titles(explain(404))[:1]
    assert len(explain(206)) == 3
    assert explain(429) == explain(http_status=429)
    # 400 means too many things to tell them all: those are told that have no code.
    assert len(explain(400)) < 6


def test_by_the_call_alone() -> None:
    """What a call alone is answered with."""
    assert {title.partition(",")[0] for title in titles(explain(endpoint="stop"))} == {"stop"}


def test_a_result_is_no_exception() -> None:
    """435 is explained, and said to be a result."""
    [explanation] = explain(435)
    assert explanation.error is None
    assert "nothing_recorded" in explanation.advice
    assert "Raised" not in str(explanation)


# ------------------------------------------------------------------------------------------- what is not known


@pytest.mark.parametrize(
    "facts",
    [
        {"code": 77}, {"code": -1}, {"code": "E_QUOTA"}, {"reason": "who knows"}, {"http_status": 418},
        {"code": 53, "http_status": 503}, {"code": 435, "endpoint": "query"},
    ],
    ids=str,
)  # fmt: skip
def test_unknown(facts: Any) -> None:
    """What is in no catalogue is said to be that, with what holds for any failure, and not raised."""
    [explanation] = explain(**facts)
    assert not explanation.is_known
    assert not explain(**facts).is_known
    assert explanation.title.endswith("not in the catalogue")
    assert explanation.advice
    assert explanation.error is None


def test_unknown_5xx() -> None:
    """Of an unknown failure of the service something is known all the same."""
    assert explain(http_status=503)[0].advice != explain(http_status=503, endpoint="start")[0].advice
    assert "running" in explain(http_status=503, endpoint="start")[0].advice


@pytest.mark.parametrize(
    ("facts", "field"),
    [
        ({}, "code"), ({"reason": " "}, "code"), ({"code": ""}, "code"), ({"code": 4.5}, "code"),
        ({"code": True}, "code"), ({"code": 10**40}, "code"), ({"code": [1]}, "code"),
        ({"http_status": "404"}, "http_status"),
        ({"endpoint": "update_layout"}, "endpoint"), ({"endpoint": 7}, "endpoint"), ({"reason": 7}, "reason"),
        ({"code": 2, "reason": b"x"}, "reason"),
    ],
    ids=str,
)  # fmt: skip
def test_what_cannot_be_explained(facts: Any, field: str) -> None:
    """Arguments that make no sense are told of by their name."""
    with pytest.raises(InvalidRequestError) as caught:
        explain(**facts)
    assert [problem.field for problem in caught.value.problems] == [field]


@given(
    st.none() | st.integers(-(10**9), 10**9) | st.text(max_size=30),
    st.none() | st.integers(100, 599),
    st.none() | st.sampled_from(ENDPOINTS),
    st.none() | st.text(max_size=30),
)
def test_anything(code: Any, http_status: int | None, endpoint: str | None, reason: str | None) -> None:
    """Whatever is given, something readable is said."""
    try:
        found = explain(code, http_status=http_status, endpoint=endpoint, reason=reason)
    except InvalidRequestError:
        assert code is None or not str(code).strip()
        return
    assert found
    for explanation in found:
        assert explanation.meaning
        assert explanation.advice


# ------------------------------------------------------------------------------------------- errors

# But for 435, of which a result is made.
FAILURES = [row for row in ROWS if row["code"] != 435]


@each("row", FAILURES)
def test_an_error_explains_itself(row: Json) -> None:
    """An exception is explained by the entry that it was made from: same class, same advice."""
    endpoint = "query" if row["endpoint"] == "general" else row["endpoint"]
    body = (
        {"message": row["message"]} if row["message"] else {"code": row["code"], "reason": row["reason"] or "bad uid"}
    )
    with pytest.raises(CloudRecordingError) as caught:
        answered(httpx.Response(row["http"], json=body), CALLS[endpoint])
    error = caught.value
    found = explain(error)
    assert found.is_known
    if isinstance(error, RecordingMayBeRunningError):
        # Two things to know: that one may be running, and what came last.
        assert found[0].error == "RecordingMayBeRunningError"
        assert found[0].advice == error.advice
        assert isinstance(error.__cause__, CloudRecordingError)
        assert found[1:] == explain(error.__cause__)
        return
    [explanation] = found
    assert explanation.error == type(error).__name__
    assert explanation.advice == error.advice
    assert explanation.retryable == error.retryable
    assert error.advice in error.args[0]


def test_an_error_that_is_not_in_the_catalogue() -> None:
    """It is said so, with class and advice of the exception."""
    with pytest.raises(ServiceUnavailableError) as caught:
        answered(httpx.Response(503, json={"code": 9, "reason": "who\nknows"}), CALLS["query"])
    [explanation] = explain(caught.value)
    assert not explanation.is_known
    assert explanation.title == r"query, HTTP 503, code 9, 'who\nknows': not in the catalogue"
    assert (explanation.error, explanation.advice) == ("ServiceUnavailableError", caught.value.advice)


def test_a_novel_for_a_reason() -> None:
    """A reason of any length does not flood the explanation."""
    error = BadRequestError("x", endpoint="query", http_status=418, reason="very " * 10_000)
    assert len(str(explain(error))) < 2000


def test_an_invalid_request() -> None:
    """All broken rules are listed."""
    error = InvalidRequestError.of(
        "start", [Problem("uid", "'0'", "must be 1"), Problem("token", "***", "must be a string")]
    )
    [explanation] = explain(error)
    assert explanation.causes == ("uid: '0' (must be 1)", "token: *** (must be a string)")
    assert "rules" in explanation.advice


@pytest.mark.parametrize(
    "error",
    [
        ConfigurationError("area: missing"),
        ClientClosedError("closed", endpoint="query", advice="Keep it open."),
        NetworkError("no answer", endpoint="query", advice="Try again.", retryable=True),
        RequestTimeoutError("no answer", endpoint="query", advice="Try again.", retryable=True),
        InvalidResponseError("HTML", endpoint="query", http_status=200, advice="Check the host."),
        RateLimitError("queue", endpoint="query", advice="Send fewer.", retryable=True),
        RecordingEnded("over", endpoint="query", http_status=404, code=404, advice="Look.", causes=("idle", "moved")),
    ],
    ids=lambda error: type(error).__name__,
)
def test_errors_of_the_client(error: CloudRecordingError) -> None:
    """Errors that no answer is behind, or that know their causes, are explained by themselves."""
    [explanation] = explain(error)
    assert explanation.error == type(error).__name__
    assert explanation.title == type(error).__name__
    assert explanation.meaning
    assert explanation.advice == (error.advice or "Correct what the message names.")
    assert explanation.retryable == error.retryable
    assert not isinstance(error, RecordingEnded) or explanation.causes == ("idle", "moved")


def test_an_error_whose_causes_nobody_knows() -> None:
    """It says what to do, and has no heading with nothing below it."""
    text = str(explain(CloudRecordingError("what nobody has seen", advice="Keep it whole.")))
    assert "what nobody has seen" in text
    assert "Keep it whole." in text
    assert "Usual causes" not in text


KINDS = [
    kind for kind in vars(errors).values() if isinstance(kind, type) and issubclass(kind, CloudRecordingError)
]  # fmt: skip


@each("kind", KINDS)
def test_every_class_can_be_explained(kind: type[CloudRecordingError]) -> None:
    """With nothing but a message, too."""
    assert explain(kind("message"))[0].meaning
    assert explain(kind("message", endpoint="start", http_status=400, code=53, reason="task conflict"))


# ------------------------------------------------------------------------------------------- how it reads


def test_how_it_reads() -> None:
    """Title, meaning, causes, advice and class, in lines that fit, of words and no markup."""
    assert str(explain(433)) == (
        "any call, HTTP 400, code 433\n"
        "  The resource ID is of no more use.\n"
        "\n"
        "  Usual causes\n"
        "  - more than five minutes passed between acquire and start\n"
        "  - it has served its one recording\n"
        "  - many resource IDs were acquired first and started afterwards\n"
        "\n"
        "  What to do\n"
        "  Acquire a new resource ID, and start within five minutes with the same App ID,\n"
        "  cname and uid.\n"
        "\n"
        "  Raised as InvalidResourceError."
    )
    assert str(explain(62)) == "\n\n".join(map(str, explain(62)))


@pytest.mark.parametrize("width", [40, 80, 200])
def test_width(width: int) -> None:
    """Lines are as long as they may be and no longer."""
    for entry in CATALOGUE:
        for explanation in explain(entry.code or entry.http_status):
            assert all(len(line) <= width for line in explanation.text(width).splitlines())


def test_copies() -> None:
    """Explanations can be compared, hashed, pickled and copied."""
    found = explain(62)
    for twin in (pickle.loads(pickle.dumps(found)), copy.copy(found), copy.deepcopy(found)):
        assert twin == found
        assert isinstance(twin, Explanations)
        assert all(isinstance(item, Explanation) for item in twin)
    assert hash(found) == hash(explain(62))


# ------------------------------------------------------------------------------------------- the catalogue


@each("entry", [*CATALOGUE, *GENERAL, *RESULTS])
def test_every_entry_says_everything(entry: _catalogue.Entry) -> None:
    """Meaning, causes and advice are sentences that end, and none of them is empty."""
    assert entry.text.meaning.endswith(".")
    assert entry.advice.endswith(".")
    assert entry.text.causes
    assert not any(cause.endswith(".") for cause in entry.text.causes)
    assert entry.reason is None or (entry.reason == entry.reason.lower() and entry.reason in (entry.says or "").lower())


def test_no_entry_hides_another() -> None:
    """Each can be reached: the particular stand before the general."""
    for entry in (*CATALOGUE, *GENERAL):
        status, reason = entry.http_status or 500, entry.says if entry.reason else "bad uid"
        found = look_up(entry.endpoint or "query", status, entry.code, reason)
        assert found == entry


def test_general_entries_by_the_status() -> None:
    """What nobody has seen yet is told by its status."""
    assert look_up("query", 418, None, None).error is errors.ServiceError
    assert look_up("query", 520, 1, "x").retryable
    assert not look_up("start", 520, 1, "x").retryable


def every(kind: type[CloudRecordingError]) -> Iterator[type[CloudRecordingError]]:
    yield kind
    for below in kind.__subclasses__():
        yield from every(below)


def test_every_class_is_known_by_its_name() -> None:
    """And in words; with what stands in the catalogue, or what the class says of itself."""
    for kind in every(CloudRecordingError):
        if kind.__module__ == "cloudrec.errors":
            words = re.sub(r"(?<=[a-z])(?=[A-Z])", " ", kind.__name__).removesuffix(" Error").lower()
            # Of two the service has words of its own.
            given_as = [kind.__name__, f"cloudrec.{kind.__name__}"]
            if not any(words in (entry.says or "").lower() for entry in CATALOGUE):
                given_as.append(words)
            for given in given_as:
                found = explain(given)
                assert {explanation.error for explanation in found} == {kind.__name__}
                assert all(explanation.meaning and explanation.advice for explanation in found)


def test_a_text_from_a_log_is_explained_as_the_error_is() -> None:
    for use, status, body in (
        (CALLS["query"], 404, {"code": 404, "reason": "failed to find worker"}),
        (CALLS["start"], 400, {"code": 53, "reason": "task conflict"}),
        (CALLS["stop"], 401, {"message": "Invalid authentication credentials"}),
    ):
        with pytest.raises(CloudRecordingError) as caught:
            answered(httpx.Response(status, json=body), use)
        assert titles(explain(str(caught.value))) == titles(explain(caught.value))
        assert explain(str(caught.value)).is_known


@pytest.mark.parametrize(("status", "code"), [(400, 433), (400, 1003), (503, 9), (503, None)])
def test_a_text_without_words_of_the_service_is_explained_by_its_numbers(status: int, code: int | None) -> None:
    with pytest.raises(CloudRecordingError) as caught:
        answered(httpx.Response(status, json={} if code is None else {"code": code}), CALLS["query"])
    assert titles(explain(str(caught.value))) == titles(explain(caught.value))


def test_how_many_recordings_there_may_be() -> None:
    """Pages contradict one another, and nobody but the account's owner knows: both are told."""
    words = " ".join(str(explain(406)).split())
    assert "50, or 200 of web pages" in words
    assert "from 10 to 1000" in words


# ------------------------------------------------------------------------------------------- texts of our own

PUBLIC = [
    kind for kind in every(CloudRecordingError)
    if any(vars(module).get(kind.__name__) is kind for module in (errors, fixtures, storage, webhooks))
]  # fmt: skip
SOURCES = Path(errors.__file__).parent


def texts_of_our_own() -> Iterator[tuple[str, str]]:
    """Every text that an exception of ours is made with, with something for what is filled in, and the class."""
    known = {kind.__name__ for kind in PUBLIC}
    for path in SOURCES.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in known and node.args:
                given = node.args[0]
                parts = given.values if isinstance(given, ast.JoinedStr) else [given]
                if any(isinstance(part, ast.Constant) and len(str(part.value)) > len(": ") for part in parts):
                    yield node.func.id, "".join(filled_in(part, ast.unparse(given)) for part in parts)


def filled_in(part: ast.expr, beside: str) -> str:
    if isinstance(part, ast.Constant):
        return str(part.value)
    assert isinstance(part, ast.FormattedValue)
    name = ast.unparse(part.value)
    if name == "what" and "sid is not known" in beside:
        return "a recording may be running"
    for of, value in FILLED.items():
        if of in name:
            return value
    return "12"


FILLED = {
    "endpoint": "start", "host": "api.agora.io", "scheme.header": "Agora-Signature-V2", "argument": "token",
    "rule": "must be text", "_instead_of_policy": "this vendor has none; write one by hand",
    "what": "the recording is over", "how": "as br",
    "fenced": "it was taken for dead",
}  # fmt: skip


@cache
def our_texts() -> list[tuple[str, str]]:
    return sorted({*texts_of_our_own(), *OTHER_TEXTS})


OTHER_TEXTS = {
    ("ConfigurationError", "record was not awaited: nothing was sent, and there is no recording yet to have a 'stop'"),
    ("StorageCheckError", "check: bucket lessons at s3.amazonaws.com did not take an object"),
    ("StorageCheckError", str(no_endpoint("buckets in Beijing"))),
    ("RequestTimeoutError", "query: no answer from api.agora.io in 10 s (ReadTimeout)"),
    ("NetworkError", "query: no answer from api.agora.io (ConnectError: refused)"),
    ("RecordingEnded", "the recording was on its way out already. Likely causes: it was empty (mix, cname 'x', uid 1"),
}  # fmt: skip


def test_there_are_texts_of_our_own() -> None:
    """The next test stands on them."""
    assert len(our_texts()) > 100
    assert {name for name, _ in our_texts()} > {"ConfigurationError", "FleetError", "HandleError", "SignatureError"}


@each("row", our_texts)
def test_a_text_of_our_own_is_known(row: tuple[str, str]) -> None:
    """Whatever an exception of ours says, `explain` says what that is; with its class before it, and without."""
    name, text = row
    for line in (f"cloudrec.errors.{name}: {text}", f"12:31 ERROR lessons {name}: {text}"):
        assert name in {explanation.error for explanation in explain(line)}, line
    found = explain(text)
    assert found.is_known
    # What breaks a rule may be an argument of a call, or a value that something is set up with: they look alike.
    alike = {"ConfigurationError", "InvalidRequestError", "RecipeError", "FleetError", "HandleError"}
    errors_told = {explanation.error for explanation in found}
    assert name in errors_told or (name in alike and errors_told & alike), text


def test_a_rule_that_was_broken_is_named() -> None:
    """By its text, wherever it stands."""
    with pytest.raises(InvalidRequestError) as caught:
        MixRecipe(storage=Named("lessons"), max_idle_time=1)
    for line in (str(caught.value), f"lesson 42 failed: {caught.value}"):
        [explanation] = explain(line)
        assert explanation.error == "InvalidRequestError"
        assert len(explanation.causes) == 1
        assert explanation.causes[0] in str(caught.value)


@pytest.mark.parametrize(
    "line", ["OSError: no space left (errno 28)", "ValueError: bad (must)", "TypeError: f() takes 1", "who: knows (it)"]
)
def test_what_others_say_is_not_known(line: str) -> None:
    """What looks a little like ours is none of ours."""
    assert not explain(line).is_known


@pytest.mark.parametrize("kind", PUBLIC, ids=lambda kind: kind.__name__)
def test_every_class_has_words_and_a_way_out(kind: type[CloudRecordingError]) -> None:
    """Of the service or of our own; those of storages and webhooks, too."""
    found = explain(kind.__name__)
    assert explain(kind) == found
    assert found.is_known
    assert all(explanation.meaning and explanation.advice for explanation in found)


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ('{"code": "433"}', ["any call, HTTP 400, code 433"]),
        ('{"code": 53, "reason": "task conflict"}', ["start, HTTP 400, code 53: task conflict"]),
        ("must be 1 to 64 letters, digits, `_` and `-`", ["InvalidRequestError"]),
        (
            "start: a recording may be running: cname 'a', uid 1 (the last of it: request timeout (HTTP 504, code 62))",
            ["RecordingMayBeRunningError", "any call, HTTP 504, code 62: request timeout"],
        ),
    ],
    ids=["json", "json with words", "a rule alone", "two things to know"],
)
def test_what_stands_in_a_log(text: str, wanted: list[str]) -> None:
    """The JSON of an answer, a rule's words, and a line that says two things."""
    assert titles(explain(text)) == wanted
