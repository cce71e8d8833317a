"""Whose audio and whose video is recorded: what is written is what the service takes it for."""

from __future__ import annotations

import pickle
from typing import Any

import pytest
from hypothesis import given, strategies as st

from cloudrec import InvalidRequestError, StreamTypes
from cloudrec._contract.checker import check
from cloudrec._contract.document import component
from cloudrec.emulator.service.contract import Contract
from cloudrec.emulator.world.subscription import Listed, Subscription as Understood
from cloudrec.subscriptions import (
    Subscription,
    everyone,
    everyone_but,
    for_start,
    for_update,
    nobody,
    of_recording_config,
    only,
)
from tests.support import STORAGE, Json

LAST = 2**32 - 1
AUDIO_ONLY, VIDEO_ONLY, BOTH = StreamTypes
UIDS = st.integers(1, 6) | st.integers(1, LAST)
LISTS = st.lists(UIDS, min_size=1, max_size=32, unique=True)
SUBSCRIPTIONS = st.one_of(
    st.just(everyone()), st.just(nobody()), LISTS.map(lambda uids: only(*uids)), LISTS.map(lambda u: everyone_but(*u))
)


def problems(make: Any) -> dict[str, str]:
    """The broken rules by field."""
    with pytest.raises(InvalidRequestError) as caught:
        make()
    return {problem.field: problem.rule for problem in caught.value.problems}


def refused(component_name: str, value: Json) -> str | None:
    """Why the emulator would refuse it."""
    return Contract.shipped(strict=True).problem(component_name, value)


def understood(lists: Json, stream_types: int | None = None) -> tuple[Listed, Listed]:
    """What the emulator takes lists for."""
    found = Understood.of(lists, BOTH if stream_types is None else stream_types)
    return found.audio, found.video


def meant(subscription: Subscription) -> Listed:
    """The same in the emulator's words."""
    return Listed(frozenset(subscription.uids), subscription.all_others)


def flat(stream_subscribe: Json) -> Json:
    """The lists of both media side by side, as a start has them."""
    return {**stream_subscribe.get("audioUidList", {}), **stream_subscribe.get("videoUidList", {})}


# ------------------------------------------------------------------------------------------------- the four words


@pytest.mark.parametrize(
    ("made", "shown"),
    [
        (everyone(), "everyone()"),
        (nobody(), "nobody()"),
        (only(101, "102"), "only('101', '102')"),
        (everyone_but("7"), "everyone_but('7')"),
        (everyone_but(), "everyone()"),
        (only(1, LAST), f"only('1', '{LAST}')"),
    ],
)
def test_they_show_as_they_are_written(made: Subscription, shown: str) -> None:
    assert repr(made) == shown
    assert eval(shown) == made
    assert pickle.loads(pickle.dumps(made)) == made


def test_equality_is_by_meaning() -> None:
    assert only(1, 2) == only("2", "1")
    assert hash(only(1, 2)) == hash(only("2", "1"))
    assert everyone_but() == everyone()
    assert len({everyone(), nobody(), only(1), everyone_but(1), only(2)}) == 5
    assert only(1) != "only('1')"


def test_nothing_about_them_changes() -> None:
    with pytest.raises(AttributeError):
        only(1).uids = ("2",)


@pytest.mark.parametrize("word", [only, everyone_but])
def test_wrong_uids_are_told_all_at_once(word: Any) -> None:
    rule = "must be a whole number from 1 to 4294967295"
    wrong = [0, -1, LAST + 1, "", "01", "+1", " 1", "1\n", "x", "#allstream#", 1.0, True, None, b"1", "١"]
    assert problems(lambda: word(5, *wrong)) == {f"uids[{place}]": rule for place in range(1, len(wrong) + 1)}


@pytest.mark.parametrize("word", [only, everyone_but])
def test_32_uids_are_taken_and_no_more(word: Any) -> None:
    assert len(word(*range(1, 33)).uids) == 32
    assert problems(lambda: word(*range(1, 34))) == {"uids": "must have at most 32 entries"}


@pytest.mark.parametrize("word", [only, everyone_but])
def test_nobody_is_named_twice(word: Any) -> None:
    assert problems(lambda: word(1, 2, "1", 2)) == {"uids[2]": "must not be named twice"} | {
        "uids[3]": "must not be named twice"
    }


@pytest.mark.parametrize("word", [only, everyone_but])
@pytest.mark.parametrize("uids", [[1, 2], (1,), {1}, []])
def test_a_list_in_the_place_of_a_uid(word: Any, uids: Any) -> None:
    assert problems(lambda: word(uids, 0)) == {
        "uids": f"must be given one by one; for a list write {word.__name__}(*uids)",
        "uids[0]": "must be a whole number from 1 to 4294967295",
        "uids[1]": "must be a whole number from 1 to 4294967295",
    }


def test_only_no_one_is_not_nobody_by_accident() -> None:
    """An empty list is more often a mistake than a wish."""
    assert problems(only) == {"uids": "must name at least one user; for no one at all there is nobody()"}


@given(SUBSCRIPTIONS, UIDS)
def test_takes(subscription: Subscription, uid: int) -> None:
    assert subscription.takes(uid) == subscription.takes(str(uid)) == meant(subscription).takes(str(uid))


# ------------------------------------------------------------------------------------------------- in a start


def test_nothing_said_is_nothing_sent() -> None:
    assert for_start(None, None) == {}


@pytest.mark.parametrize(
    ("audio", "video", "fields"),
    [
        # The provider's table of use cases (its guide to subscription lists), row by row.
        (everyone(), only(111, 222), {"subscribeAudioUids": ["#allstream#"], "subscribeVideoUids": ["111", "222"]}),
        (
            everyone(),
            everyone_but(111, 222),
            {"subscribeAudioUids": ["#allstream#"], "unSubscribeVideoUids": ["111", "222"]},
        ),
        (everyone(), nobody(), {"streamTypes": 0, "subscribeAudioUids": ["#allstream#"]}),
        (everyone_but(222), only(111), {"unSubscribeAudioUids": ["222"], "subscribeVideoUids": ["111"]}),
        # And the rest.
        (None, only(1), {"subscribeAudioUids": ["#allstream#"], "subscribeVideoUids": ["1"]}),
        (everyone_but(1), None, {"unSubscribeAudioUids": ["1"], "subscribeVideoUids": ["#allstream#"]}),
        (nobody(), None, {"streamTypes": 1, "subscribeVideoUids": ["#allstream#"]}),
        (everyone(), None, {"subscribeAudioUids": ["#allstream#"], "subscribeVideoUids": ["#allstream#"]}),
    ],
)
def test_the_fields_of_a_start(audio: Subscription | None, video: Subscription | None, fields: Json) -> None:
    assert for_start(audio, video) == fields


@given(SUBSCRIPTIONS | st.none(), SUBSCRIPTIONS | st.none(), st.sampled_from([None, *StreamTypes]))
def test_a_start_means_what_was_written(
    audio: Subscription | None, video: Subscription | None, stream_types: int | None
) -> None:
    """The emulator finds the fields good and takes them for what was meant; so do we when we read them back.

    What is refused would leave nothing to record, or contradicts the stream types.
    """
    takes_audio, takes_video = stream_types != VIDEO_ONLY, stream_types != AUDIO_ONLY
    hears = audio or (everyone() if takes_audio else nobody())
    sees = video or (everyone() if takes_video else nobody())
    try:
        fields = for_start(audio, video, stream_types)
    except InvalidRequestError:
        contradicts = (hears != nobody() and not takes_audio) or (sees != nobody() and not takes_video)
        assert contradicts or hears == sees == nobody()
        return
    fields = fields if stream_types is None else {**fields, "streamTypes": stream_types}
    for mode in ("Individual", "Mix"):
        assert refused(f"{mode}RecordingConfig", {"channelType": 0, **fields}) is None
    assert understood(fields, fields.get("streamTypes")) == (meant(hears), meant(sees))
    assert of_recording_config(fields) == (hears, sees)


def test_a_medium_may_be_off_for_now() -> None:
    """With `streamTypes` 2 a list that is left out turns a medium off until an update."""
    fields = for_start(everyone(), nobody(), BOTH)
    assert fields == {"subscribeAudioUids": ["#allstream#"]}
    assert of_recording_config({"streamTypes": 2, **fields}) == (everyone(), nobody())


@pytest.mark.parametrize("make", [for_start, for_update])
def test_one_medium_must_be_on(make: Any) -> None:
    """No list for either would be the service's word for everyone."""
    rule = "a recording takes audio or video; one of them must be on"
    assert problems(lambda: make(nobody(), nobody())) == {"audio, video": rule}


@pytest.mark.parametrize("make", [for_start, for_update])
@pytest.mark.parametrize("wrong", ["all", ["1"], 101, everyone, True])
def test_what_is_no_subscription(make: Any, wrong: Any) -> None:
    rule = "must be everyone(), only(…), everyone_but(…) or nobody()"
    assert problems(lambda: make(wrong, everyone())) == {"audio": rule}
    assert problems(lambda: make(wrong, wrong)) == {"audio": rule, "video": rule}


@pytest.mark.parametrize("make", [for_start, for_update])
def test_stream_types_that_contradict(make: Any) -> None:
    rule = "must be nobody(): a recording with streamTypes {} takes no {}"
    assert problems(lambda: make(everyone(), only(1), 0)) == {"video": rule.format(0, "video")}
    assert problems(lambda: make(only(1), everyone(), VIDEO_ONLY)) == {"audio": rule.format(1, "audio")}


# ------------------------------------------------------------------------------------------------- in an update


@given(SUBSCRIPTIONS, SUBSCRIPTIONS)
def test_an_update_means_what_was_written(audio: Subscription, video: Subscription) -> None:
    """Both media are spoken of, so that neither is turned off unawares."""
    if audio == video == nobody():
        return
    sent = for_update(audio, video)
    assert refused("StreamSubscribe", sent) is None
    assert not check(sent, component("StreamSubscribe"))
    assert ("audioUidList" in sent, "videoUidList" in sent) == (audio != nobody(), video != nobody())
    assert understood(flat(sent)) == (meant(audio), meant(video))


@given(SUBSCRIPTIONS | st.none(), SUBSCRIPTIONS | st.none(), SUBSCRIPTIONS)
def test_an_update_of_one_medium_keeps_the_other(
    audio: Subscription | None, video: Subscription | None, new: Subscription
) -> None:
    """What a start said is read back from it and said again."""
    if audio == video == nobody() or nobody() in (audio, new):
        return
    start = for_start(audio, video)
    _, seen = of_recording_config(start)
    sent = for_update(new, seen, start.get("streamTypes"))
    assert understood(flat(sent), start.get("streamTypes")) == (meant(new), meant(seen))


# ------------------------------------------------------------------------------------------------- read from a config


@pytest.mark.parametrize(
    ("config", "audio", "video"),
    [
        ({}, everyone(), everyone()),
        ({"channelType": 1, "maxIdleTime": 30}, everyone(), everyone()),
        ({"streamTypes": 0}, everyone(), nobody()),
        ({"streamTypes": VIDEO_ONLY}, nobody(), everyone()),
        ({"streamTypes": 2, "subscribeAudioUids": ["1"]}, only(1), nobody()),
        ({"unSubscribeVideoUids": ["1"]}, nobody(), everyone_but(1)),
        ({"subscribeVideoUids": ["1", "#allstream#"], "subscribeAudioUids": ["1", "1"]}, only(1), everyone()),
        ({"unSubscribeVideoUids": ["1", "1", "2"], "streamTypes": 1}, nobody(), everyone_but(2, 1)),
    ],
)
def test_a_config_that_was_written_by_hand(config: Json, audio: Subscription, video: Subscription) -> None:
    """Also what our own words never make: a list for one medium alone, the same user twice."""
    assert of_recording_config(config) == (audio, video)
    assert understood(config, config.get("streamTypes")) == (meant(audio), meant(video))


def test_a_config_that_breaks_rules_is_read_all_the_same() -> None:
    """It may have been sent unchecked, to a service that has moved on; a running recording must not fail over it."""
    many = [str(uid) for uid in range(1, 50)]
    audio, video = of_recording_config({"subscribeAudioUids": many, "unSubscribeVideoUids": ["x", 5]})
    assert audio.uids == tuple(many)
    assert repr(video) == "everyone_but('x', '5')"
    assert for_update(audio, video)["audioUidList"] == {"subscribeAudioUids": many}
    assert of_recording_config({"subscribeAudioUids": "x", "streamTypes": []}) == (everyone(), everyone())


WIRE_UIDS = st.lists(st.sampled_from(["1", "2", "3", "#allstream#", "0", "x"]), max_size=4) | st.lists(
    UIDS.map(str), max_size=34
)
CONFIGS = st.fixed_dictionaries(
    {"channelType": st.just(0)},
    optional={
        "streamTypes": st.sampled_from(StreamTypes),
        **{f"{word}{medium}Uids": WIRE_UIDS for word in ("subscribe", "unSubscribe") for medium in ("Audio", "Video")},
    },
)


@given(CONFIGS)
def test_every_config_that_the_service_takes_is_read_as_it_reads_it(config: Json) -> None:
    """And said again in our words, it means the same."""
    if refused("MixStartClientRequest", {"storageConfig": STORAGE, "recordingConfig": config}):
        return
    audio, video = of_recording_config(config)
    stream_types = config.get("streamTypes")
    assert understood(config, stream_types) == (meant(audio), meant(video))
    said = for_start(audio, video, stream_types)
    assert understood(said, stream_types) == (meant(audio), meant(video))


@given(WIRE_UIDS)
def test_what_the_service_refuses_is_refused_first(uids: list[str]) -> None:
    """For every list: if the emulator would refuse it, the word for it does."""
    for word, field in ((only, "subscribeAudioUids"), (everyone_but, "unSubscribeAudioUids")):
        if uids and refused("MixRecordingConfig", {"channelType": 0, field: uids}):
            with pytest.raises(InvalidRequestError):
                word(*uids)


def test_arguments_of_other_kinds() -> None:
    wrong: Any = None
    assert list(problems(lambda: Subscription(wrong))) == ["uids[0]"]
    assert list(problems(lambda: only(10**5000))) == ["uids[0]"]
    wrong = "no"
    assert list(problems(lambda: Subscription([1], all_others=wrong))) == ["all_others"]
