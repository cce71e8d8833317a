"""What results and the state of a recording say where what they are made from is not as it should be."""

from __future__ import annotations

import pytest

from cloudrec import HandleError, InvalidRequestError, InvalidResponseError
from cloudrec._call.response import Reply, read
from cloudrec._recording.events import sid_of_start
from cloudrec._recording.result import RecordingResult, ResultFile, outcome
from cloudrec._recording.state import layout_fields
from cloudrec.webhooks import Event
from tests.support import CNAME, RESOURCE_ID, SID, UID, Json

HANDLE: Json = {
    "version": 1, "app_id": "a", "mode": "mix", "cname": CNAME, "uid": UID, "resource_id": RESOURCE_ID, "sid": SID,
    "started_at": 0.0, "resource_expired_hour": 72, "max_idle_time": 30, "max_recording_hour": None, "prefix": ["a"],
    "files": ["hls"], "uids": [], "stream_types": 2, "kinds": [],
}  # fmt: skip


def test_a_file_shows_its_key_and_reads_its_name() -> None:
    """What is only predicted is marked so."""
    file = ResultFile(f"{SID}_{CNAME}.m3u8", f"a/{SID}_{CNAME}.m3u8")
    assert repr(file) == f"ResultFile(key='a/{SID}_{CNAME}.m3u8')"
    assert (file.parts.sid, file.parts.cname) == (SID, CNAME)
    assert repr(ResultFile("n", "k", is_predicted=True)) == "ResultFile(key='k', is_predicted=True)"
    with pytest.raises(InvalidRequestError):
        _ = ResultFile("n", "k").parts


def test_a_result_shows_what_came() -> None:
    """How many files and their upload, or that there is none."""
    predicted = outcome(HANDLE, ())
    assert predicted.is_predicted
    assert repr(predicted) == (
        f"RecordingResult(files={len(predicted.files)}, uploading_status='unknown', is_predicted=True)"
    )
    nothing = RecordingResult(
        (), (), uploading_status=predicted.uploading_status, nothing_recorded=True, stopped=None, ended=None
    )
    assert repr(nothing) == "RecordingResult(nothing_recorded=True)"


def test_what_was_started_against_the_rules_has_a_result() -> None:
    """Then no name can be predicted, and that is no error: the recording is to be stopped all the same."""
    result = outcome({**HANDLE, "prefix": ["a/b"]}, ())
    assert (result.files, result.key_prefixes) == ((), ())


@pytest.mark.parametrize(
    ("location", "told"),
    [
        ("https://login.example.com/a?b=c", "a redirect to login.example.com, which"),
        ("/login", "a redirect to another path, which"),
        ("http://[half", "a redirect to another path, which"),
    ],
)
def test_a_redirect_names_its_host_alone(location: str, told: str) -> None:
    """The rest may hold what is nobody's business; an address that is none is no error of its own."""
    with pytest.raises(InvalidResponseError) as caught:
        read("query", Reply(302, {"location": location}, b""), ())
    assert told in str(caught.value)
    assert "b=c" not in str(caught.value)


@pytest.mark.parametrize("layout", [[1], "tiling", 3], ids=repr)
def test_a_layout_that_is_none(layout: object) -> None:
    """It is refused by its type: the value could be anything."""
    with pytest.raises(InvalidRequestError) as caught:
        layout_fields(layout)
    assert [problem.field for problem in caught.value.problems] == ["layout"]


def test_an_event_that_is_none() -> None:
    """The sid of a start is in an event and nothing else."""
    with pytest.raises(HandleError, match="event: dict "):
        sid_of_start({}, CNAME, UID)


def test_a_start_without_a_sid() -> None:
    """An event of the right recorder that names no recording is told of, and no handle is made of it."""
    payload = {"cname": CNAME, "uid": UID, "sequence": 1, "sendts": 1, "serviceType": 1, "details": {"status": 0}}
    event = Event({"noticeId": "1", "productId": 3, "eventType": 40, "notifyMs": 1, "payload": payload})
    with pytest.raises(HandleError, match="carries no sid"):
        sid_of_start(event, CNAME, UID)
