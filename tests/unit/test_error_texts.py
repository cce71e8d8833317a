"""The texts of exceptions: short enough for an alert, in the words that were written."""

from __future__ import annotations

import importlib
import pickle
import pkgutil
import re
from collections.abc import Callable
from itertools import product
from typing import Any

import pytest
from hypothesis import given, strategies as st

import cloudrec
from cloudrec import (
    S3,
    CloudRecording,
    CloudRecordingError,
    InvalidRequestError,
    MixRecipe,
    Region,
    Transcoding,
    WebPage,
)
from cloudrec._call.failures import CATALOGUE, GENERAL
from cloudrec._contract.document import spots
from cloudrec.emulator import Emulator
from cloudrec.errors import Problem
from cloudrec.storage._diagnosis import ADVICE
from tests.support import CREDENTIAL, each

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


def kinds() -> list[type[CloudRecordingError]]:
    """Every class of exceptions of the whole tree."""
    for module in pkgutil.walk_packages(cloudrec.__path__, "cloudrec."):
        if not module.name.endswith("__main__"):
            importlib.import_module(module.name)
    found = [CloudRecordingError]
    for kind in found:
        found += [each for each in kind.__subclasses__() if each not in found]
    return [kind for kind in found if kind.__module__.startswith("cloudrec.")]


TOLD_TO_DO = sorted(
    {*(entry.text.advice for entry in (*CATALOGUE, *GENERAL)), *ADVICE.values(), "Look into the bucket. " * 20}
)
HAPPENED = [
    "query: it is gone",
    "query: it is gone.",
    f"query: {'something ' * 40}(HTTP 404)",
    f"start: sid {SID}, resource ID {RESOURCE_ID}, cname {'lesson 42 ' * 7!r}, {RESOURCE_ID}",
    f"fleet: {'第四十二课' * 60!r}: no recording has this key",
]


@each("kind", kinds())
def test_what_to_do_stands_behind_what_happened(kind: type[CloudRecordingError]) -> None:
    """In an alert's length, whether the message says what to do or not, and however much has happened."""
    if kind is InvalidRequestError:
        return  # the rules say what to do, see below
    for advice, happened, attempts in product(TOLD_TO_DO, HAPPENED, (0, 4)):
        for message in (happened, f"{happened} {advice}"):
            told = str(kind(message, advice=advice, attempts=(None,) * attempts))
            assert len(told) <= 200
            assert told.endswith(" [4 attempts]") == bool(attempts)
            what, to_do = told.removesuffix(" [4 attempts]"), advice.rstrip()
            assert what.startswith(happened[:15])
            if len(advice) < 120:
                assert what.endswith(to_do)
                assert what.count(to_do) == 1
            else:
                assert f" {advice[:100]}" in what
            if len(happened) < 20:
                assert what.startswith(f"{happened.rstrip('.')}. ")


def test_what_is_wrong_is_told_with_what_it_must_be_or_counted() -> None:
    """As many problems as an alert has room for; none is cut in its middle where a whole one fits."""
    wrong: dict[str, Any] = {
        "files": ["mp4"], "max_idle_time": 1, "channel_type": 9, "region": "MOON", "resource_expired_hour": 0, "uid": 0,
        "transcoding": {"width": "x", "height": 9_999, "bitrate": 0}, "layout": {"mixedVideoLayout": 3},
    }  # fmt: skip
    for count in range(1, len(wrong) + 1):
        with pytest.raises(InvalidRequestError) as caught:
            MixRecipe(storage=STORAGE, **dict(list(wrong.items())[:count]))
        told, problems = str(caught.value), caught.value.problems
        whole = [problem for problem in problems if str(problem) in told]
        assert len(told) <= 200
        assert whole == list(problems[: len(whole)])
        assert whole
        if len(whole) < len(problems):
            assert told.endswith(f"; {len(problems) - len(whole)} more in problems")
        assert all(str(problem) in caught.value.args[0] for problem in problems)


def test_of_a_long_problem_the_argument_and_the_rule_are_told_whole() -> None:
    path = "transcodingConfig.layoutConfig[0]"
    problem = Problem(
        f"recordingConfig.{path}.x_axis",
        "a text " * 11,
        "must be a number from 0 to 1",
        "range",
        f"recording_config.{path}.x",
    )
    for more in (0, 3):
        told = str(InvalidRequestError.of("record", [problem, *[Problem("uid", "0", "must be positive")] * more]))
        assert len(told) <= 200
        assert told.startswith(f"record: recording_config.{path}.x: a text")
        assert "(must be a number from 0 to 1)" in told
        assert told.endswith("; 3 more in problems" if more else ")")


STORAGE = S3("lessons", "eu-central-1", "AKEXAMPLE", "secret")
WRITTEN: list[tuple[str, dict[str, Any], str, str]] = [
    ("mix", {"layout": 7}, "layout", "int (must be a layout such as grid(4), or a dict)"),
    ("mix", {"layout": "tiling"}, "layout", "'tiling' (must be a layout such as grid(4), a dict, or one of "),
    ("mix", {"transcoding": "x"}, "transcoding", "str (must be one of its types or a dict)"),
    ("mix", {"transcoding": {"width": "x"}}, "transcoding.width", ": 'x' "),
    ("mix", {"layout": {"mixedVideoLayout": 9}}, "layout.mixedVideoLayout", ": 9 "),
    ("mix", {"files": ["mp4"]}, "files", "(recordingFileConfig.avFileType): "),
    ("mix", {"encryption": {"mode": 9}}, "encryption.mode", "encryption takes decryptionMode, salt, secret"),
    ("mix", {"avoid": ["7", "x"]}, "avoid[1]", ": 'x' (must be a user ID: a whole number)"),
    ("mix", {"transcoding": Transcoding}, "transcoding", ": type (must be one of its types or a dict)"),
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
    # Rules between fields: `record` puts them into one configuration, which nobody wrote.
    (
        "mix",
        {"encryption": {"decryptionMode": 7, "secret": "s"}},
        "encryption.decryptionMode",
        "(recordingConfig): dec",
    ),
    ("individual", {"stream_mode": "original"}, "stream_mode", "(recordingConfig): stream_mode='original' "),
    (
        "individual",
        {"stream_mode": "original", "stream_types": 2},
        "stream_mode, stream_types",
        "(recordingConfig): stream_mode='original', stream_types=2 ",
    ),
    (
        "mix",
        {"recording_config": {"decryptionMode": 7, "secret": "s"}},
        "recording_config",
        "(recordingConfig): decryptionMode=7",
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
    # What it must be, and what was given, are told in the caller's words alone.
    for problem in caught.value.problems:
        said = {name for name in spots() if re.search(rf"\b{name}\b", f"{problem.value} {problem.rule}")}
        assert {name for name in said if not name.islower()} <= set(re.findall(r"\w+", f"{words} {told}")), line


@pytest.mark.parametrize(("word", "kind"), [("floating", 0), ("best_fit", 1), ("grid", 1), ("vertical", 2)])
def test_a_layout_may_be_named_by_a_word(word: str, kind: int) -> None:
    with Emulator() as emulator, emulator.client() as client:
        recording = client.mix.record("lesson-42", storage=STORAGE, layout=word, confirm=False)
        canvas = emulator.running[0].request["recordingConfig"]["transcodingConfig"]
        assert canvas["mixedVideoLayout"] == kind
        recording.layout("best_fit")
        with pytest.raises(InvalidRequestError, match="layout: 'tiling'"):
            recording.layout("tiling")


@pytest.mark.parametrize(
    ("make", "told"),
    [
        (lambda: WebPage("https://a.test", width=1920, height=1920), "(width × height must be at most 2073600)"),
        (lambda: Region(1, x=0.9, y=0, width=0.5, height=0.1), "x=0.9, width=0.5 (x + width is at most 1, so that"),
    ],
    ids=["page", "region"],
)
def test_a_value_tells_of_its_attributes(make: Callable[[], object], told: str) -> None:
    with pytest.raises(InvalidRequestError) as caught:
        make()
    assert told in str(caught.value)
