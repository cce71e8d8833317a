"""Every call meets every fault, in every kind of client; and docs/faults.md says what comes of it.

What is expected is written down here from the service's rules, fault by fault. The page is made from what happens.
"""

from __future__ import annotations

import json
from functools import cache
from importlib.util import find_spec
from typing import NamedTuple

import pytest

from cloudrec import CloudRecordingError, RecordingMayBeRunningError
from scripts import _faults as table, _layouts, _rules_page

# Nobody can know whether the service obeyed: the connection broke (then the next host is asked), an answer cannot be
# read, or it is a failure that leaves it open. What is raised if it goes on like that:
LOST = {
    "drop": "NetworkError",
    "reset": "NetworkError",
    "hang": "RequestTimeoutError",
    "cut": "NetworkError",
    "garbage": "NetworkError",
}
UNREAD = {"cut-consistent": "InvalidResponseError", "empty": "InvalidResponseError"}
FAILED = {
    "html": "ServiceUnavailableError",
    "500/62": "ServiceUnavailableError",
    "500/502": "ServiceUnavailableError",
    "503": "ServiceUnavailableError",
    "520": "ServiceUnavailableError",
    "504/62": "ServiceTimeoutError",
    "206/65": "NotCompletedError",
}
# How long to wait after each of four attempts.
QUICK, SLOW, INSIDE, LIMITED = (1, 3, 6), (3, 6, 9), (3, 6, 6), (1, 2, 4)
RETRY_AFTER = {
    "429": LIMITED,
    "429-seconds": (20, 20, 20),
    "429-date": (30, 30, 30),
    "429-negative": LIMITED,
    "429-year": None,
}


class Expected(NamedTuple):
    """What must come of a cell."""

    ending: str
    waits: tuple[int, ...] = ()
    moves: bool = False
    """Whether each attempt goes to the other host than the one before."""
    is_running: bool | None = None
    """What RecordingMayBeRunningError knows."""


def expected(endpoint: str, case: table.Case, always: bool) -> Expected:
    """What must come of a call that meets this fault once, or every time, by the rules of the service."""
    key = case.key.removesuffix("+")
    is_start, is_stop = endpoint == "start", endpoint == "stop"
    if key == "delay" or (key == "failover" and is_start):
        return Expected("result")  # nothing went wrong, or not yet
    if key == "failover":
        return Expected("TaskNotFoundError")  # whether to believe it is the caller's business
    if key == "redirect":
        return Expected("InvalidResponseError")  # never followed; again, it would be the same
    if key in RETRY_AFTER:
        # Nothing was done, and everybody may come back when it was said, if that is before the deadline.
        waits = RETRY_AFTER[key]
        if waits is None:
            return Expected("RateLimitError")
        return Expected("RateLimitError", waits) if always else Expected("result", waits[:1])
    if key == "refused":
        # Nothing was sent, so no call is too dangerous to be sent again.
        return Expected("NetworkError", QUICK, True) if always else Expected("result", QUICK[:1], True)

    error = (LOST | UNREAD | FAILED)[key]
    moves = key in LOST
    waits = INSIDE if key == "206/65" else SLOW if is_start else QUICK
    if is_start and key == "500/502":
        # "No recorder could be had": the one 5xx of a start that says that nothing runs.
        return Expected("ServiceUnavailableError", waits) if always else Expected("result", waits[:1])
    if always:
        if is_stop and key == "cut-consistent":
            # The second answer is a 400. That refuses, whether or not its words can be read.
            return Expected("BadRequestError", waits[:1])
        # To the end, nobody knows.
        return Expected("RecordingMayBeRunningError" if is_start else error, waits, moves)
    if case.took_effect and is_start:
        # The second attempt says that it runs (201/7), and not under which sid.
        return Expected("RecordingMayBeRunningError", waits[:1], moves, is_running=True)
    if case.took_effect and is_stop:
        if key == "206/65":
            # Three seconds later the service has forgotten it: 404, which is believed when it was said three times.
            return Expected("already stopped", (3, 10, 15))
        return Expected("already stopped", waits[:1], moves)  # the second attempt says 49
    return Expected("result", waits[:1], moves)


def running(endpoint: str, case: table.Case, cell: table.Cell) -> int:
    """How many recordings must run in the end: never two, and none that this call did not ask for."""
    if endpoint in {"acquire", "ncsIps"}:
        return 0
    effect = case.took_effect or cell.ending in {"result", "already stopped"}
    if endpoint == "start":
        return int(effect)
    return int(not effect) if endpoint == "stop" else 1


def check(endpoint: str, case: table.Case, always: bool, cell: table.Cell) -> None:
    """One cell."""
    want = expected(endpoint, case, always)
    assert cell.ending == want.ending
    assert cell.waits == want.waits
    tries = len(want.waits) + 1
    assert cell.hosts == tuple(number % 2 if want.moves else 0 for number in range(tries))
    assert cell.running == running(endpoint, case, cell)
    assert cell.recordings == (cell.running if endpoint == "start" else int(endpoint not in {"acquire", "ncsIps"}))

    attempts = cell.result.attempts if cell.error is None else cell.error.attempts
    assert [attempt.number for attempt in attempts] == list(range(1, tries + 1))
    assert {attempt.endpoint for attempt in attempts} == {endpoint}
    assert (attempts[-1].outcome == "success") == (cell.ending == "result")
    assert "success" not in [attempt.outcome for attempt in attempts[:-1]]
    if cell.error is not None:
        check_error(endpoint, cell, cell.error, want.is_running)


def check_error(endpoint: str, cell: table.Cell, error: CloudRecordingError, is_running: bool | None) -> None:
    """It says what happened, what was tried and what to do; and no recording runs that the caller was not told of."""
    assert str(error).startswith(f"{endpoint}: ")
    assert error.advice
    assert (f"[{len(error.attempts)} attempts]" in str(error)) == (len(error.attempts) > 1)
    if endpoint != "start":
        return
    if isinstance(error, RecordingMayBeRunningError):
        assert error.cname.startswith("lesson-")
        assert (error.uid, error.mode) == (table.UID, "mix")
        for word in (error.cname, error.uid, error.resource_id[:12]):
            assert word
            assert word in error.args[0]  # whole; str() shortens what is long
        assert error.is_running is is_running
        assert isinstance(error.__cause__, CloudRecordingError)
    else:
        assert cell.recordings == 0


@cache
def column(kind: str, endpoint: str) -> table.Column:
    """The cells of an endpoint in one kind of client, made once."""
    return table.column("asyncio" if kind == "aiohttp" else kind, endpoint, cases(kind))


def cases(kind: str) -> list[table.Case]:
    """What it meets. What is answered whole, and not a moment too late, is the same to the others as to asyncio."""
    whole = {*FAILED, *RETRY_AFTER, "redirect"} - {"503", "429"} if kind in {"trio", "aiohttp"} else set()
    return [case for case in table.CASES if case.key.removesuffix("+") not in whole]


# Every call in one kind; in the others, which are made of the same source, those that are treated apart. The pool of
# aiohttp is used on asyncio.
COLUMNS = [("sync", endpoint) for endpoint in table.CALLS]
COLUMNS += [("asyncio", endpoint) for endpoint in ("start", "query")]
COLUMNS += [(kind, endpoint) for kind in ("trio", "aiohttp") for endpoint in ("start", "stop")]


@pytest.mark.parametrize(("kind", "endpoint"), COLUMNS)
def test_what_comes_of_every_fault(kind: str, endpoint: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Whatever happens, what the rules say comes of it."""
    if kind == "aiohttp":
        if find_spec("httpx_aiohttp") is None:
            pytest.skip("the extra `aiohttp` is not installed")
    else:
        monkeypatch.setattr("cloudrec._http.choice_async.find_spec", lambda name: None)
    cells = column(kind, endpoint)
    assert len(cells) == 2 * sum(table.is_possible(endpoint, case) for case in cases(kind))
    for (key, always), cell in cells.items():
        try:
            check(endpoint, table.BY_KEY[key], always, cell)
        except AssertionError as wrong:
            wrong.add_note(f"{endpoint}, {key}, {'every time' if always else 'once'}: {cell}")
            raise


def test_the_fault_and_the_case_agree_on_the_effect() -> None:
    """What a case says of itself is what its fault does."""
    for case in table.CASES:
        if case.fault is not None:
            assert case.took_effect == getattr(case.fault, "after_effect", case.key.startswith("cut")), case.key


def test_the_page_is_true() -> None:
    """docs/faults.md shows what comes of every cell, and so does the Chinese one. If not: run ./scripts/faults."""
    columns = {endpoint: column("sync", endpoint) for endpoint in table.CALLS}
    for path, made in table.wanted(columns).items():
        assert path.read_text(encoding="utf-8") == made, f"docs/{path.name} is out of date: run ./scripts/faults"
    used = set[str]()

    def say(words: str) -> str:
        used.add(words)
        return words

    # Whatever is not made with them any more goes from docs/words.zh-CN.json.
    pages = [table.page(columns, say), _layouts.page(say), _rules_page.page(say)]
    assert all(pages)
    assert used == set(json.loads((table.DOCS / "words.zh-CN.json").read_text(encoding="utf-8")))


def test_a_wait_that_nobody_expects() -> None:
    """The table's own reading of waits refuses what it does not know, rather than round it."""
    assert [table.nominal("query", seconds) for seconds in (1.0, 1.25, 3.1, 37.5)] == [1, 1, 3, 30]
    for seconds in (0.5, 1.3, 9.0, 100.0):
        with pytest.raises(ValueError, match="none that was expected"):
            table.nominal("query", seconds)
