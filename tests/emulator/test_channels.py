"""Who is in a channel."""

from __future__ import annotations

import pytest
from hypothesis import given, strategies as st

from cloudrec.emulator import Emulator, Stream
from cloudrec.emulator.world.history import History


def test_people_come_mute_and_go(emulator: Emulator) -> None:
    """join, mute, unmute and leave change what is sent."""
    channel = emulator.channel("lesson-42")
    channel.join(101)
    channel.join("102", video=False)
    channel.mute(101, video=True)
    assert channel.people == (Stream(101, video=False), Stream(102, video=False))
    channel.mute(101)
    channel.unmute(101, audio=True)
    channel.leave(102)
    assert channel.people == (Stream("101", audio=True, video=False),)


def test_a_described_channel_begins_empty(emulator: Emulator) -> None:
    """The default people are for channels that nobody described."""
    assert emulator.channel("lesson-42").people == ()


def test_describing_twice_keeps_who_is_there(emulator: Emulator) -> None:
    """channel() gives the same channel again."""
    emulator.channel("lesson-42").join(7)
    assert emulator.channel("lesson-42").people == (Stream(7),)


@pytest.mark.parametrize("uid", [0, -1, 2**32, "abc", "1.0", "", True, "١"])
def test_a_uid_is_a_number_from_1_to_4294967295(uid: int | str) -> None:
    """Everything else is refused by name."""
    with pytest.raises(ValueError, match="uid must be"):
        Stream(uid)


def test_nobody_is_in_a_channel_twice(emulator: Emulator) -> None:
    """Joining twice, and leaving without having joined, are mistakes of the test."""
    channel = emulator.channel("lesson-42")
    channel.join(1)
    with pytest.raises(ValueError, match="already"):
        channel.join("1")
    with pytest.raises(ValueError, match="not in channel"):
        channel.leave(2)


@given(st.lists(st.tuples(st.integers(0, 20), st.integers()), max_size=20), st.integers(-1, 21))
def test_a_history_remembers(changes: list[tuple[int, int]], asked: int) -> None:
    """The value at a moment is the last one set up to it."""
    history = History(-1)
    changes.sort(key=lambda change: change[0])
    for moment, value in changes:
        history.set(moment, value)
    assert history.at(asked) == next((value for at, value in reversed(changes) if at <= asked), -1)
