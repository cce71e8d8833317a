"""A start is never sent under another resource ID, and a recording that may run is never forgotten."""

from __future__ import annotations

import copy
import itertools
import pickle
from typing import Any

import anyio
import pytest

from cloudrec import (
    AlreadyStartedError,
    AlreadyStoppingError,
    AsyncCloudRecording,
    BadRequestError,
    CloudRecordingError,
    NetworkError,
    RateLimit,
    RateLimitError,
    RecordingMayBeRunningError,
    Retry,
    ServiceUnavailableError,
    TaskConflictError,
    TaskNotFoundError,
)
from cloudrec._call.line import Ticket, Urgency
from cloudrec.answers import AlreadyStopped
from tests.resilience.support import (
    CONFLICT,
    CUT,
    DROP,
    HANG_UP,
    HTML,
    INSIDE,
    NOT_FOUND,
    NOT_HTTP,
    RESET,
    SILENCE,
    STARTED,
    STOPPING,
    TIMED_OUT,
    TOO_MANY,
    UNAVAILABLE,
    Answer,
    Server,
    Time,
    drive,
    free_port,
    tell,
)
from tests.support import APP_ID, CALLS, CNAME, CREDENTIAL, RESOURCE_ID, SID, UID

# After these nobody knows whether the request took effect.
OPEN = {"drop": DROP, "reset": RESET, "hang up": HANG_UP, "cut": CUT, "garbage": HTML, "not http": NOT_HTTP,
        "65": INSIDE, "62": TIMED_OUT, "503": UNAVAILABLE, "empty": Answer(200, {})}  # fmt: skip
# After these it is known to have had none.
CLOSED = {"429": TOO_MANY, "502": Answer(500, {"code": 502, "reason": "no worker"})}
REFUSED = Answer(400, {"code": 2, "reason": "bad"})

opened = pytest.mark.parametrize("lost", list(OPEN.values()), ids=list(OPEN))


def check(error: Any, running: bool | None) -> None:
    """The error says all that is known of the recording, in words and in fields, and keeps it when it is copied."""
    assert type(error) is RecordingMayBeRunningError
    for twin in (error, pickle.loads(pickle.dumps(error)), copy.deepcopy(error)):
        assert (twin.cname, twin.uid, twin.resource_id, twin.mode) == (CNAME, UID, RESOURCE_ID, "mix")
        assert twin.is_running is running
        assert twin.attempts == error.attempts
        assert str(twin) == str(error)
        assert not twin.retryable
    for word in (CNAME, UID, RESOURCE_ID, "a recording is running" if running else "a recording may be running"):
        assert word in error.args[0]  # whole; str() shortens what is long
    assert isinstance(error.__cause__, CloudRecordingError)
    assert error.advice
    assert error.endpoint == "start"


@opened
def test_lost_then_answered(kind: str, lost: Any) -> None:
    """The documented retry settles it: the same request again, and the caller has a sid."""
    story = tell(kind, CALLS["start"], lost)
    assert story.result.sid == SID
    assert len(story.result.attempts) == 2
    assert len({(request.line, request.body) for request in story.requests}) <= 1
    assert f"/resourceid/{RESOURCE_ID}/" in story.requests[0].path


@opened
def test_lost_then_already_started(kind: str, lost: Any) -> None:
    """201/7: it runs, and nobody has its sid. The caller is told so."""
    story = tell(kind, CALLS["start"], lost, STARTED)
    check(story.error, running=True)
    assert type(story.error.__cause__) is AlreadyStartedError
    assert (story.error.http_status, story.error.code) == (201, 7)


@opened
@pytest.mark.parametrize("answer", [CONFLICT, REFUSED, NOT_FOUND], ids=["53", "2", "404"])
def test_lost_then_refused(lost: Any, answer: Answer) -> None:
    """Whatever refuses the second attempt, the first may have started a recording."""
    story = tell("sync", CALLS["start"], lost, answer)
    check(story.error, running=None)
    assert story.error.code == answer.body["code"]


@opened
def test_lost_to_the_end(kind: str, lost: Any) -> None:
    """Four times, the same request each time."""
    story = tell(kind, CALLS["start"], *[lost] * 4)
    check(story.error, running=None)
    assert len(story.error.attempts) == 4
    assert len({(request.line, request.body) for request in story.requests}) <= 1


@opened
def test_lost_and_not_tried_again(kind: str, lost: Any) -> None:
    """Without retries, the caller is told at once."""
    story = tell(kind, CALLS["start"], lost, retry=None)
    check(story.error, running=None)
    assert len(story.error.attempts) == 1


def test_no_answer_in_time(kind: str) -> None:
    """A time-out is a lost answer."""
    check(tell(kind, CALLS["start"], SILENCE, timeout=0.05, retry=None).error, running=None)


@pytest.mark.parametrize(("waited", "endings"), list(itertools.product(CLOSED.values(), [CONFLICT, REFUSED, STARTED])))
def test_what_had_no_effect_is_not_feared(waited: Answer, endings: Answer) -> None:
    """After a 429 or 502 nothing runs, and the service's own error is the answer."""
    story = tell("sync", CALLS["start"], waited, endings)
    assert type(story.error) in (TaskConflictError, BadRequestError, AlreadyStartedError)
    assert len(story.error.attempts) == 2


@pytest.mark.parametrize("refused", list(CLOSED.values()), ids=list(CLOSED))
def test_never_let_in(kind: str, refused: Answer) -> None:
    """Four times refused: nothing runs."""
    story = tell(kind, CALLS["start"], *[refused] * 4)
    assert type(story.error) in (RateLimitError, ServiceUnavailableError)
    assert len(story.requests) == 4


def test_never_connected(kind: str) -> None:
    """Nobody there: nothing was sent, so nothing runs, and it may be tried again."""
    with pytest.raises(NetworkError) as caught:
        drive(kind, CALLS["start"], f"http://127.0.0.1:{free_port()}", Time(kind))
    assert caught.value.retryable


@pytest.mark.parametrize("loop", ["asyncio", "trio"])
def test_a_start_that_is_cancelled_says_what_may_be_running(loop: str, caplog: pytest.LogCaptureFixture) -> None:
    """No error can tell the caller, who has gone: the log does, and so does the exception that ended it."""

    async def cancel(url: str) -> None:
        async with AsyncCloudRecording(APP_ID, CREDENTIAL, base_url=url) as client:
            with anyio.move_on_after(0.2):
                await CALLS["start"](client)

    with Server(SILENCE) as server:
        anyio.run(cancel, server.url, backend=loop)
    [record] = [record for record in caplog.records if record.levelname == "WARNING"]
    assert record.name == "cloudrec"
    for told in (CNAME, UID, RESOURCE_ID, "may be running"):
        assert told in record.getMessage()


def test_lost_then_never_connected(kind: str) -> None:
    """The last failure is harmless; the first may not have been."""
    with Server(DROP) as server, pytest.raises(RecordingMayBeRunningError) as caught:
        drive(kind, CALLS["start"], [server.url, f"http://127.0.0.1:{free_port()}"], Time(kind),
              retry=Retry(attempts=2), timeout=5)  # fmt: skip
    check(caught.value, running=None)
    assert [attempt.outcome for attempt in caught.value.attempts] == ["lost", "no connection"]


def test_lost_then_out_of_time(kind: str) -> None:
    """The deadline leaves no time for the second attempt."""
    check(tell(kind, CALLS["start"], DROP, retry=Retry(deadline=2)).error, running=None)
    # Nor where the first had no effect and the wait was too long; then nothing runs.
    assert type(tell(kind, CALLS["start"], TOO_MANY, retry=Retry(deadline=0.5)).error) is RateLimitError


def test_lost_then_no_place_under_the_rate_limit(kind: str) -> None:
    """The second attempt is not even sent; the first still counts."""
    limit = RateLimit(1)

    def hook(_: Any) -> None:
        for _ in range(60):
            limit.ask(Ticket(Urgency.STOP), 1000.0)

    story = tell(kind, CALLS["start"], DROP, retry=Retry(deadline=30), rate_limit=limit, on_attempt=hook)
    check(story.error, running=None)
    assert type(story.error.__cause__) is RateLimitError
    assert [attempt.outcome for attempt in story.error.attempts] == ["lost"]


def test_refused_at_once(kind: str) -> None:
    """The service's own error, at once and once."""
    for answer, expected in ((CONFLICT, TaskConflictError), (STARTED, AlreadyStartedError), (REFUSED, BadRequestError)):
        story = tell(kind, CALLS["start"], answer)
        assert type(story.error) is expected
        assert len(story.requests) == 1


@pytest.mark.parametrize("gone", [STOPPING, NOT_FOUND], ids=["49", "404"])
@pytest.mark.parametrize("lost", [lost for name, lost in OPEN.items() if name != "empty"])
def test_stop_lost_then_gone(lost: Any, gone: Answer) -> None:
    """What may have been stopped and is not there any more was stopped: a result, and it says so."""
    # A recording that is being moved answers 404 too: it is not believed at once.
    times = 3 if gone is NOT_FOUND else 1
    story = tell("sync", CALLS["stop"], lost, *[gone] * times)
    assert story.result.already_stopped
    assert isinstance(story.result.server_response, AlreadyStopped)
    assert story.result.http_status == gone.status
    assert story.result.files == ()
    assert not story.result.nothing_recorded
    assert len(story.result.attempts) == 1 + times
    assert sum(story.waits[1:]) >= (25 if gone is NOT_FOUND else 0)


def test_stop_lost_while_the_recording_is_moved(kind: str) -> None:
    """It never arrived, and the 404 meant nothing: told that it is stopped, the caller would let it run."""
    story = tell(kind, CALLS["stop"], DROP, NOT_FOUND)
    assert not story.result.already_stopped
    assert [attempt.outcome for attempt in story.result.attempts] == ["lost", "not found", "success"]


@pytest.mark.parametrize("gone", [STOPPING, NOT_FOUND], ids=["49", "404"])
def test_stop_of_every_kind_of_client(kind: str, gone: Answer) -> None:
    """Lost once, then once more by a refused name, then gone."""
    times = 3 if gone is NOT_FOUND else 1
    story = tell(kind, CALLS["stop"], DROP, TOO_MANY, *[gone] * times, retry=Retry(attempts=3))
    assert story.result.already_stopped
    assert [attempt.number for attempt in story.result.attempts] == list(range(1, 3 + times))


def test_a_stop_lost_to_its_last_attempt_while_the_recording_is_moved(kind: str) -> None:
    """The first 404 comes with the last attempt: the waits that it takes to believe it are made all the same."""
    story = tell(kind, CALLS["stop"], DROP, DROP, NOT_FOUND, NOT_FOUND, retry=Retry(attempts=3))
    assert not story.result.already_stopped
    assert story.outcomes == ["lost", "lost", "not found", "not found", "success"]


def test_stop_of_what_is_not_there(kind: str) -> None:
    """At once, or after an attempt that had no effect, it is an error."""
    for before in ([], [TOO_MANY]):
        story = tell(kind, CALLS["stop"], *before, NOT_FOUND)
        assert type(story.error) is TaskNotFoundError
        assert type(tell(kind, CALLS["stop"], *before, STOPPING).error) is AlreadyStoppingError


def test_stop_lost_then_answered(kind: str) -> None:
    """The second attempt's own answer."""
    assert not tell(kind, CALLS["stop"], DROP).result.already_stopped


@pytest.mark.parametrize("endpoint", ["query", "update", "updateLayout"])
def test_others_are_not_taken_for_stopped(endpoint: str) -> None:
    """A lost answer and a 404 is a 404."""
    assert type(tell("sync", CALLS[endpoint], DROP, NOT_FOUND).error) is TaskNotFoundError
