"""The texts of exceptions: short enough for an alert, in the words that were written."""

from __future__ import annotations

import pickle
from typing import Any

import pytest
from hypothesis import given, strategies as st

from cloudrec import S3, CloudRecording, CloudRecordingError, InvalidRequestError, TaskNotFoundError
from cloudrec._call.failures import CATALOGUE, GENERAL
from cloudrec.emulator import Emulator
from tests.support import CREDENTIAL

SID, RESOURCE_ID = "38f8e3cfdc474cd56fc1ceba380d7e1a", "JyvK8nXH" * 40


@given(st.text(max_size=600), st.text(max_size=250), st.integers(0, 9))
def test_no_text_is_longer_than_an_alert(message: str, advice: str, attempts: int) -> None:
    """What was said in full is in ``args``, also in another process."""
    error = CloudRecordingError(f"{message} {advice}", advice=advice, attempts=(None,) * attempts)
    assert len(str(error)) <= 200
    again = pickle.loads(pickle.dumps(error))
    assert (str(again), again.args) == (str(error), (f"{message} {advice}",))


def test_long_ids_are_shortened_in_the_middle() -> None:
    error = CloudRecordingError(f"query: nothing of sid {SID} and resource ID {RESOURCE_ID} here")
    assert str(error) == "query: nothing of sid 38f8e3…7e1a and resource ID JyvK8n…8nXH here"
    assert SID in error.args[0]
    assert RESOURCE_ID in error.args[0]


def test_what_to_do_stands_behind_what_happened() -> None:
    """It is not cut, however much has happened."""
    for entry in (*CATALOGUE, *GENERAL):
        advice = entry.text.advice
        error = TaskNotFoundError(f"query: {'something ' * 40}(HTTP 404). {advice}", advice=advice)
        assert len(str(error)) <= 200
        assert str(error).startswith("query: something")
        if len(advice) < 140:
            assert str(error).endswith(f"… {advice}")


STORAGE = S3("lessons", "eu-central-1", "AKEXAMPLE", "secret")
WRITTEN: list[tuple[str, dict[str, Any], str, str]] = [
    ("mix", {"layout": 7}, "layout", "int (must be a layout such as grid(4), or a dict)"),
    ("mix", {"layout": "tiling"}, "layout", "'tiling' (must be a layout such as grid(4), a dict, or one of "),
    ("mix", {"transcoding": "x"}, "transcoding", "str (must be one of its types or a dict)"),
    ("mix", {"transcoding": {"width": "x"}}, "transcoding.width", ": 'x' "),
    ("mix", {"layout": {"mixedVideoLayout": 9}}, "layout.mixedVideoLayout", ": 9 "),
    ("mix", {"files": ["mp4"]}, "files", "(recordingFileConfig.avFileType): "),
    ("mix", {"max_idle_time": 1}, "max_idle_time", "(recordingConfig.maxIdleTime): 1 (must be from 5 to 2592000)"),
    ("mix", {"channel_type": 9}, "channel_type", "(recordingConfig.channelType): 9 "),
    ("mix", {"storage": {"vendor": 1}}, "storage.accessKey", ": missing (is required)"),
    ("mix", {"resource_expired_hour": 0}, "resource_expired_hour", "(resourceExpiredHour): 0 "),
    ("mix", {"uid": 0}, "uid", ": '0' "),
    (
        "individual",
        {"snapshots": {"captureInterval": 10}},
        "snapshots.fileType",
        ": missing ",
    ),
    ("web", {"max_recording_hour": 0}, "max_recording_hour", "serviceParam.maxRecordingHour): 0 "),
]


@pytest.mark.parametrize(("mode", "words", "argument", "told"), WRITTEN, ids=lambda value: str(value)[:30])
def test_a_problem_names_the_argument_that_was_written(
    mode: str, words: dict[str, Any], argument: str, told: str
) -> None:
    """And the wire's name behind it, where it is another one."""
    given = {"storage": STORAGE, **({"max_recording_hour": 1} if mode == "web" else {}), **words}
    with CloudRecording("app", CREDENTIAL, area="EU") as client, pytest.raises(InvalidRequestError) as caught:
        getattr(client, mode).record("lesson-42", *(["https://example.com"] if mode == "web" else []), **given)
    [line] = [line for line in map(str, caught.value.problems) if line.startswith((f"{argument}:", f"{argument} ("))]
    assert told in line


@pytest.mark.parametrize(("word", "kind"), [("floating", 0), ("best_fit", 1), ("grid", 1), ("vertical", 2)])
def test_a_layout_may_be_named_by_a_word(word: str, kind: int) -> None:
    with Emulator() as emulator, emulator.client() as client:
        recording = client.mix.record("lesson-42", storage=STORAGE, layout=word, confirm=False)
        canvas = emulator.running[0].request["recordingConfig"]["transcodingConfig"]
        assert canvas["mixedVideoLayout"] == kind
        recording.layout("best_fit")
        with pytest.raises(InvalidRequestError, match="layout: 'tiling'"):
            recording.layout("tiling")
