"""A recording's life as the clock moves."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from typing import Any

import pytest
from hypothesis import given, strategies as st

from cloudrec.emulator import Clock, Emulator, EndReason
from cloudrec.emulator.world.channels import Channel
from cloudrec.emulator.world.recording import Recording
from cloudrec.emulator.world.settings import Mode, Settings

MODES = ["individual", "mix", "web"]


def statuses(call: Any, emulator: Emulator, seconds: int) -> Iterator[int]:
    """The status now and after each of so many seconds; 404 when it is gone."""
    for _ in range(seconds + 1):
        answer = call.query()
        yield answer.json()["serverResponse"]["status"] if answer.status_code == 200 else answer.status_code
        emulator.clock.advance(1)


@pytest.mark.parametrize(("mode", "first_file"), [("individual", 18), ("mix", 18), ("web", 20)])
def test_it_passes_through_the_statuses(caller: Any, emulator: Emulator, mode: str, first_file: int) -> None:
    """1, 2, 3, 4 a second each, 5 when the first file is there; 6, 7, 8 a second each when stopped."""
    call = caller.begin(mode)
    ready = [4] * (first_file - 3)
    assert list(statuses(call, emulator, first_file)) == [1, 2, 3, *ready, 5]
    call.stop()
    assert list(statuses(call, emulator, 4)) == [6, 7, 8, 404, 404]


@pytest.mark.parametrize("mode", MODES)
def test_after_its_end_every_call_answers_404(caller: Any, emulator: Emulator, mode: str) -> None:
    """query, update, updateLayout (in mix) and stop do not find it any more."""
    call = caller.begin(mode)
    call.stop()
    emulator.clock.advance(3)
    answers = [call.query(), call.send("update"), call.stop()]
    if mode == "mix":
        answers.append(call.send("updateLayout"))
    for answer in answers:
        assert (answer.status_code, answer.json()) == (404, {"code": 404, "reason": "failed to find worker"})


@pytest.mark.parametrize(("config", "seconds"), [({}, 30), ({"maxIdleTime": 5}, 5), ({"maxIdleTime": 300}, 300)])
def test_an_empty_channel_ends_it(caller: Any, emulator: Emulator, config: Any, seconds: int) -> None:
    """After maxIdleTime, 30 s unless said otherwise, on the second."""
    emulator.channel("lesson-42")
    call = caller.begin("mix", caller.request("mix", recordingConfig={"channelType": 0, **config}))
    emulator.clock.advance(seconds - 0.001)
    assert emulator.recording(call.sid).running
    emulator.clock.advance(0.001)
    assert emulator.recording(call.sid).ended is EndReason.IDLE
    assert call.state()["status"] == 6
    assert call.stop().json() == {"code": 49, "reason": "invalid operation"}
    assert call.send("update").status_code == 404
    emulator.clock.advance(3)
    assert call.query().status_code == 404


def test_idle_time_begins_anew_when_somebody_comes(caller: Any, emulator: Emulator) -> None:
    """A visit of a second resets it."""
    channel = emulator.channel("lesson-42")
    call = caller.begin()
    emulator.clock.advance(29)
    channel.join(1)
    emulator.clock.advance(1)
    channel.leave(1)
    emulator.clock.advance(29)
    assert emulator.recording(call.sid).running
    emulator.clock.advance(1)
    assert not emulator.recording(call.sid).running


@pytest.mark.parametrize(("channel_type", "ends"), [(0, False), (1, True)])
def test_who_keeps_a_channel_busy(caller: Any, emulator: Emulator, channel_type: int, ends: bool) -> None:
    """Users in a communication channel, hosts (who send something) in a live one."""
    channel = emulator.channel("lesson-42")
    channel.join(1, audio=False, video=False)
    call = caller.begin("mix", caller.request("mix", recordingConfig={"channelType": channel_type}))
    emulator.clock.advance(30)
    assert emulator.recording(call.sid).running is not ends


def test_a_web_recording_does_not_mind_an_empty_channel(caller: Any, emulator: Emulator) -> None:
    """maxIdleTime is not for web pages; maxRecordingHour is."""
    emulator.channel("lesson-42")
    call = caller.begin("web")
    emulator.clock.advance(2 * 3600 - 1)
    assert emulator.recording(call.sid).running
    emulator.clock.advance(1)
    assert emulator.recording(call.sid).ended is EndReason.MAX_RECORDING_HOUR
    assert call.state()["status"] == 6


@pytest.mark.parametrize(("acquire", "hours"), [({}, 72), ({"resourceExpiredHour": 1}, 1)])
def test_an_expired_resource_ends_it_at_once(caller: Any, emulator: Emulator, acquire: Any, hours: int) -> None:
    """resourceExpiredHour counts from the start, 72 unless said otherwise; there is no way out to see."""
    call = caller.begin(**acquire)
    emulator.clock.advance(hours * 3600 - 1)
    assert call.query().status_code == 200
    emulator.clock.advance(1)
    assert call.query().status_code == 404
    assert emulator.recording(call.sid).ended is EndReason.RESOURCE_EXPIRED


def test_the_first_end_counts_after_a_jump(caller: Any, emulator: Emulator) -> None:
    """A clock that jumped a year finds the recording ended by what came first."""
    emulator.channel("lesson-42")
    idle, page = caller.begin("mix"), caller.begin("web", uid="2")
    emulator.clock.advance(365 * 24 * 3600)
    assert emulator.recording(idle.sid).ended is EndReason.IDLE
    assert emulator.recording(page.sid).ended is EndReason.MAX_RECORDING_HOUR


def test_what_ended_stays_ended(caller: Any, emulator: Emulator) -> None:
    """Somebody who comes after the idle time changes nothing, even if nobody had looked."""
    channel = emulator.channel("lesson-42")
    call = caller.begin()
    emulator.clock.advance(60)
    channel.join(1)
    assert emulator.recording(call.sid).ended is EndReason.IDLE


def test_an_abnormal_end(caller: Any, emulator: Emulator) -> None:
    """A recording told to crash shows status 20 on its way out."""
    call = caller.begin()
    emulator.clock.advance(20)
    emulator.crash(call.sid)
    assert list(statuses(call, emulator, 3)) == [20, 20, 20, 404]
    assert emulator.recording(call.sid).ended is EndReason.CRASHED
    with pytest.raises(ValueError, match="ended already"):
        emulator.crash(call.sid)


def recording_in(channel: Channel, clock: Clock, idle: int, live: bool) -> Recording:
    """A mix recording, started now."""
    request = {
        "storageConfig": {},
        "recordingConfig": {"maxIdleTime": idle, "channelType": int(live)},
    }
    settings = Settings.of(Mode.MIX, request)
    now = clock.now()
    return Recording("s", "r", channel.name, "9", Mode.MIX, request, settings, channel, now, now + 10**9)


#: (seconds to wait, how many are there afterwards: 0 nobody, 1 a silent user, 2 a host)
EVENTS = st.lists(st.tuples(st.integers(1, 12), st.integers(0, 2)), max_size=12)


@given(EVENTS, st.integers(5, 15), st.booleans(), st.integers(0, 40))
def test_idle_time_under_any_events(events: list[tuple[int, int]], idle: int, live: bool, rest: int) -> None:
    """Looked at once at the end, a recording has ended exactly where counting second by second ends it."""
    clock = Clock()
    channel = Channel("c", clock, threading.RLock())
    recording = recording_in(channel, clock, idle, live)
    needed = 2 if live else 1
    empty_for, ended_at, second, there = 0, None, 0, 0
    for wait, then in [*events, (rest, 0)]:
        for _ in range(wait):
            second += 1
            empty_for = 0 if there >= needed else empty_for + 1
            if empty_for >= idle and ended_at is None:
                ended_at = second
        clock.advance(wait)
        if then >= needed:
            empty_for = 0
        there = then
        channel.clear()
        if there:
            channel.join(1, audio=there == 2, video=False)
    end = recording.end(clock.now())
    seconds = None if end is None else (end.at - recording.started) // 1000
    assert seconds == ended_at


@given(EVENTS, st.lists(st.integers(1, 20), max_size=6))
def test_looking_changes_nothing(events: list[tuple[int, int]], steps: list[int]) -> None:
    """A recording looked at every step is at the end as one that nobody looked at."""
    seen = []
    for look in (True, False):
        clock = Clock()
        channel = Channel("c", clock, threading.RLock())
        recording = recording_in(channel, clock, 7, live=True)
        for wait, there in [*events, *((step, 0) for step in steps)]:
            clock.advance(wait)
            if look:
                recording.status(clock.now())
            channel.clear()
            if there:
                channel.join(1, audio=there == 2, video=False)
        now = clock.now()
        seen.append((recording.end(now), recording.status(now), recording.media(now)))
    assert seen[0] == seen[1]
