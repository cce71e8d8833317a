"""Two recorders of one thing: what is done to the pair is done to both, and neither is lost."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import httpx
import pytest

from cloudrec import InvalidRequestError, RecordingEnded, RecordingNotStartedError, RecordingPair, only
from cloudrec._call import telemetry
from cloudrec.emulator import Emulator, Fault
from tests.recordings.support import PAGE, STORAGE, Story, Time, play
from tests.recordings.test_feed import event

Tell = Callable[[Story], None]


def test_two_recorders(tell: Tell, emulator: Emulator, time: Time) -> None:
    def story(client: Any) -> Any:
        pair = yield lambda: client.mix.record("lesson-42", storage=STORAGE, redundancy=2)
        first, spare = pair.recorders
        assert (first, spare) == (pair.first, pair.spare)
        assert [seen.sid for seen in emulator.running] == [first.sid, spare.sid]
        assert spare.uid != first.uid
        assert [handle["sid"] for handle in pair.handles] == [first.sid, spare.sid]
        assert (pair.cname, pair.mode) == ("lesson-42", "mix")
        yield lambda: pair.layout(background_color="#202020")
        assert [seen.layout["backgroundColor"] for seen in emulator.running] == ["#202020", "#202020"]
        time.advance(60)
        one, other = yield pair.stop
        assert one.files
        assert other.files
        assert {file.key for file in one.files}.isdisjoint(file.key for file in other.files)
        assert pair.results == (one, other)

    tell(story)
    assert not emulator.running


def test_the_second_recorder_keeps_away_from_the_first(emulator: Emulator, time: Time) -> None:
    sent: list[Any] = []

    def story(client: Any) -> Any:
        pair = yield lambda: client.mix.record("lesson-42", storage=STORAGE, redundancy=2, exclude_resource_ids=["A"])
        acquired = [json.loads(request.content) for request in sent if request.url.path.endswith("acquire")]
        excluded = [body["clientRequest"]["excludeResourceIds"] for body in acquired]
        assert excluded == [["A"], ["A", pair.first.resource_id]]
        yield pair.stop

    with httpx.Client(verify=False, event_hooks={"request": [sent.append]}) as http_client:
        play("sync", emulator, time, story, http_client=http_client)


def test_a_second_recorder_that_cannot_be_started_is_reported_and_the_first_goes_on(
    tell: Tell, emulator: Emulator
) -> None:
    emulator.fail("acquire", Fault.status(400, 406), skip=1)
    problems: list[Exception] = []

    def story(client: Any) -> Any:
        pair = yield lambda: client.mix.record("lesson-42", storage=STORAGE, redundancy=2, on_problem=problems.append)
        assert pair.spare is None
        assert [type(problem).__name__ for problem in problems] == ["TooManyRecordingsError"]
        yield pair.stop

    tell(story)
    assert not emulator.running


def test_the_second_recorder_of_a_page_does_not_push(tell: Tell, emulator: Emulator) -> None:
    def story(client: Any) -> Any:
        pair = yield lambda: client.web.record(
            "page-7", PAGE, max_recording_hour=1, storage=STORAGE, push_to=["rtmp://a.example/live"], redundancy=2
        )
        assert [seen.outputs for seen in emulator.running] == [("rtmp://a.example/live",), ()]
        yield pair.stop

    tell(story)


def test_where_only_the_second_recorder_comes_to_run_it_is_the_recording(tell: Tell, emulator: Emulator) -> None:
    emulator.fail("start", Fault.stall(), times=1)
    problems: list[Exception] = []

    def story(client: Any) -> Any:
        pair = yield lambda: client.mix.record("lesson-42", storage=STORAGE, redundancy=2, on_problem=problems.append)
        assert [seen.sid for seen in emulator.running] == [pair.first.sid] == [emulator.recordings[1].sid]
        assert pair.spare is None
        assert [type(problem).__name__ for problem in problems] == ["RecordingNotStartedError"]
        yield pair.stop

    tell(story)


def test_where_neither_comes_to_run_nothing_does(tell: Tell, emulator: Emulator, time: Time) -> None:
    emulator.fail("start", Fault.stall())

    def story(client: Any) -> Any:
        with pytest.raises(RecordingNotStartedError):
            yield lambda: client.mix.record("lesson-42", storage=STORAGE, redundancy=2)
        assert sum(time.waits) <= 90

    tell(story)
    assert len(emulator.recordings) == 2
    assert not emulator.running


def test_a_provider_that_fails_for_the_second_recorder_does_not_stop_the_first(tell: Tell, emulator: Emulator) -> None:
    calls: list[None] = []
    problems: list[Exception] = []

    def provider() -> Any:
        calls.append(None)
        if len(calls) == 2:
            raise LookupError("no role")
        return STORAGE

    def story(client: Any) -> Any:
        pair = yield lambda: client.mix.record("lesson-42", storage=provider, redundancy=2, on_problem=problems.append)
        assert [seen.sid for seen in emulator.running] == [pair.first.sid]
        assert [type(problem) for problem in problems] == [LookupError]
        yield pair.stop

    tell(story)


def test_what_is_done_to_the_recording_is_done_to_both_also_where_one_is_gone(tell: Tell, emulator: Emulator) -> None:
    def story(client: Any) -> Any:
        pair = yield lambda: client.mix.record("lesson-42", storage=STORAGE, redundancy=2, max_idle_time=60)
        emulator.crash(pair.first.sid)
        emulator.clock.advance(10)
        with pytest.raises(RecordingEnded):
            yield lambda: pair.layout(background_color="#202020")
        assert [seen.layout["backgroundColor"] for seen in emulator.running] == ["#202020"]
        with pytest.raises(RecordingEnded):
            yield lambda: pair.subscribe(video=only(101))
        assert pair.spare._life._subscriptions[1] == only(101)
        with pytest.raises(RecordingEnded):
            yield lambda: pair.update_storage({**STORAGE, "accessKey": "new"})
        assert emulator.running[0].storage["accessKey"] == "new"
        one, other = yield pair.stop
        assert one.ended is not None
        assert other.ended is None

    tell(story)
    assert not emulator.running


def test_where_neither_can_be_stopped_both_are_told_of(tell: Tell, emulator: Emulator) -> None:
    def story(client: Any) -> Any:
        pair = yield lambda: client.mix.record("lesson-42", storage=STORAGE, redundancy=2)
        emulator.fail("stop", Fault.status(401))
        with pytest.raises(Exception, match="stop") as failed:
            yield pair.stop
        told = " ".join(failed.value.__notes__)
        assert all(recorder.sid in told for recorder in pair.recorders)
        emulator.heal()
        yield pair.stop

    tell(story)
    assert not emulator.running


def test_both_are_told_of_where_the_program_ends_first(emulator: Emulator, time: Time) -> None:
    told: list[Any] = []

    def story(client: Any) -> Any:
        pair = yield lambda: client.mix.record("lesson-42", storage=STORAGE, redundancy=2)
        with pair:
            telemetry._program_ends()
            assert [handle["sid"] for handle in told] == [handle["sid"] for handle in pair.handles]
        telemetry._program_ends()
        assert len(told) == 2

    play("sync", emulator, time, story, on_orphan=told.append)
    assert not emulator.running


def test_an_event_finds_its_recorder(tell: Tell, emulator: Emulator) -> None:
    def story(client: Any) -> Any:
        pair = yield lambda: client.mix.record("lesson-42", storage=STORAGE, redundancy=2)
        other = yield lambda: client.mix.record("lesson-43", storage=STORAGE)
        assert pair.feed(event(pair.spare, 11, exitStatus=0))
        assert (pair.first.ended, pair.spare.ended is None) == (None, False)
        assert not pair.feed(event(other, 11, exitStatus=0))
        assert pair.first.ended is None
        for held in (pair, other):
            yield held.stop

    tell(story)


def test_after_a_crash_two_handles_make_a_pair_again(tell: Tell, emulator: Emulator) -> None:
    def story(client: Any) -> Any:
        pair = yield lambda: client.mix.record("lesson-42", storage=STORAGE, redundancy=2)
        handles = json.loads(json.dumps(pair.handles))
        again = type(pair)(*map(client.mix.attach, handles))
        assert again.handles == pair.handles
        results = yield again.stop
        assert len(results) == 2

    tell(story)
    assert not emulator.running


def test_what_is_no_pair(emulator: Emulator, time: Time) -> None:
    def story(client: Any) -> Any:
        mix = yield lambda: client.mix.record("lesson-42", storage=STORAGE)
        individual = yield lambda: client.individual.record("lesson-42", storage=STORAGE)
        for first, spare in ((mix, mix), (mix, individual), (mix, "x"), ("x", None)):
            with pytest.raises(InvalidRequestError, match="must be two recordings of one mode"):
                RecordingPair(first, spare)
        for change in (RecordingPair(mix).pause, RecordingPair(individual).layout, RecordingPair(mix).push_to):
            with pytest.raises(InvalidRequestError, match="this is for"):
                change()
        for held in (mix, individual):
            yield held.stop

    play("sync", emulator, time, story)
