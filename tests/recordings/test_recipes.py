"""Recipes: what is recorded as a value, which goes to JSON and back without its secrets."""

from __future__ import annotations

import copy
import json
import pickle
from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given, strategies as st

from cloudrec import (
    S3,
    AudioProfile,
    CdnPush,
    ChannelType,
    DecryptionMode,
    DeferredTranscoding,
    Encryption,
    Floating,
    IndividualRecipe,
    InvalidRequestError,
    MixRecipe,
    MixRecordingConfig,
    Named,
    RawRecipe,
    Recipe,
    RecipeError,
    RegionAffinity,
    ServiceRegion,
    Snapshots,
    StreamMode,
    StreamTypes,
    SubscribeUidGroup,
    Transcoding,
    Vertical,
    WebPage,
    WebRecipe,
    everyone,
    everyone_but,
    grid,
    nobody,
    only,
)
from cloudrec._recording.words import DEFAULT_MAX_IDLE_TIME
from cloudrec.emulator import Emulator
from tests.recordings.support import PAGE, STORAGE, Story, Time, play
from tests.support import examples
from tests.unit.test_layouts import BACKGROUNDS, UIDS, ready_made

Tell = Callable[[Story], None]
CANARY = "canary-4711"

# ------------------------------------------------------------------------------------------- every value there is


def through_json(value: Any) -> Any:
    return json.loads(json.dumps(value))


WHOLE = st.integers
LAYOUTS = st.one_of(
    st.builds(Floating, background_color=st.just("#202020")),
    BACKGROUNDS.map(lambda given: Floating(**given)),
    st.tuples(UIDS, BACKGROUNDS).map(lambda given: Vertical(given[0], **given[1])),
    ready_made(),
)
TRANSCODINGS = st.builds(
    Transcoding, st.sampled_from(["360p", "480p", "720p", "1080p"]), fps=st.sampled_from([7, 15, 30]),
    bitrate=st.none() | WHOLE(1, 6500), live=st.booleans(), portrait=st.booleans(),
)  # fmt: skip
SNAPSHOTS = st.builds(Snapshots, WHOLE(5, 3600))
DEFERRED = st.builds(DeferredTranscoding) | st.builds(
    DeferredTranscoding, st.sampled_from(["mp3", "M4A", "aac"]), sample_rate=st.sampled_from([None, 48000, 16000]),
    channels=st.sampled_from([None, 1, 2]),
)  # fmt: skip
PAGES = st.builds(
    WebPage, st.sampled_from(["https://example.com", "http://a.test/x"]), width=WHOLE(240, 1280),
    height=WHOLE(240, 1080), audio_profile=st.sampled_from([0, 1, 2, *AudioProfile]),
    bitrate=st.none() | WHOLE(1, 5000), fps=st.none() | WHOLE(5, 60), mobile=st.booleans(),
    max_video_duration=st.none() | WHOLE(30, 240),
    start_paused=st.booleans(), ready_timeout=st.none() | WHOLE(0, 60),
)  # fmt: skip
PUSHES = st.builds(CdnPush, st.sampled_from(["rtmp://a.test/app/key", "rtmps://b.test/x?y=z"]))
SALT = bytes(range(32))
ENCRYPTIONS = st.one_of(
    st.builds(Encryption, st.sampled_from([DecryptionMode.AES_128_XTS, "aes-128-ecb"]), st.text("ab", min_size=1)),
    st.builds(Encryption, st.sampled_from(["aes-256-gcm2", "AES_128_GCM2"]), st.just("ab"), salt=st.just(SALT)),
)  # fmt: skip


@pytest.mark.parametrize("values", [LAYOUTS, TRANSCODINGS, SNAPSHOTS, DEFERRED, PAGES, PUSHES, ENCRYPTIONS])
def test_every_value_is_itself_again_after_json(values: st.SearchStrategy[Any]) -> None:
    @examples(40)
    @given(values)
    def again(value: Any) -> None:
        assert type(value).from_dict(through_json(value.to_dict())) == value

    again()


@pytest.mark.parametrize(
    ("kind", "wrong"),
    [
        (Transcoding, {"fps": 2}), (Transcoding, "720p"), (Snapshots, {}), (Snapshots, {"captureInterval": 4}),
        (DeferredTranscoding, {"transcodeOptions": {}}), (WebPage, {"url": "https://a.test"}), (WebPage, None),
        (CdnPush, {"outputs": "x"}), (Encryption, {}), (Encryption, {"decryptionMode": 0}), (Encryption, [CANARY]),
    ],
)  # fmt: skip
def test_what_is_no_value_is_refused(kind: Any, wrong: Any) -> None:
    with pytest.raises(InvalidRequestError, match=f"^{kind.__name__}: ") as failed:
        kind.from_dict(wrong)
    assert CANARY not in str(failed.value)


# ------------------------------------------------------------------------------------------- every recipe there is

NAMES = st.text(min_size=1, max_size=9)
SUBSCRIPTIONS = st.one_of(
    st.just(everyone()),
    st.lists(UIDS, min_size=1, max_size=5, unique_by=str).map(lambda uids: only(*uids)),
    st.lists(UIDS, min_size=1, max_size=5, unique_by=str).map(lambda uids: everyone_but(*uids)),
)
COMMON: dict[str, Any] = {
    "uid": st.integers(1, 9) | st.integers(1, 9).map(str),
    "avoid": st.lists(st.integers(10, 99), max_size=3),
    "token": NAMES.map(Named),
    "resource_expired_hour": WHOLE(1, 720),
    "exclude_resource_ids": st.lists(st.text("ab", min_size=1, max_size=5), max_size=2),
    "check": st.booleans(),
}
REGION = st.sampled_from([{}, {"region": next(iter(ServiceRegion))}, {"region_affinity": next(iter(RegionAffinity))}])
OF_CHANNEL: dict[str, Any] = {
    **COMMON,
    "channel_type": st.sampled_from([0, 1, *ChannelType]),
    "audio": SUBSCRIPTIONS,
    "video": SUBSCRIPTIONS,
    "encryption": NAMES | NAMES.map(Named),
    "max_idle_time": WHOLE(5, 2_592_000),
}
STORED = {"storage": NAMES | NAMES.map(Named)}


def recipes(kind: Any, always: dict[str, Any], sometimes: dict[str, Any]) -> st.SearchStrategy[Any]:
    words = st.fixed_dictionaries({**STORED, **always}, optional=sometimes)

    def made(given: tuple[dict[str, Any], dict[str, Any]]) -> Any:
        found, where = given
        # Without a region there is no deferred transcoding.
        return kind(**found, **({"region": ServiceRegion.CN} if "deferred_transcoding" in found else where))

    return st.tuples(words, REGION).map(made)


RECIPES = {
    "individual": recipes(IndividualRecipe, {}, {
        **OF_CHANNEL,
        "files": st.just(["hls"]),
        "stream_mode": st.sampled_from([StreamMode.DEFAULT, StreamMode.STANDARD]),
        "subscribe_uid_group": st.sampled_from(list(SubscribeUidGroup)),
        "deferred_transcoding": DEFERRED,
    }) | recipes(IndividualRecipe, {"snapshots": SNAPSHOTS}, COMMON),
    "raw": recipes(RawRecipe, {}, {
        **OF_CHANNEL,
        "files": st.sampled_from([["hls"], ["hls", "mp4"]]),
        "subscribe_uid_group": st.sampled_from(list(SubscribeUidGroup)),
    }) | recipes(RawRecipe, {"snapshots": SNAPSHOTS}, COMMON),
    "mix": recipes(MixRecipe, {}, {
        **OF_CHANNEL,
        "files": st.sampled_from([["hls"], ["hls", "mp4"], ("hls",), "hls"]),
        "layout": LAYOUTS | NAMES.map(Named),
        "transcoding": TRANSCODINGS | TRANSCODINGS.map(lambda value: value.to_dict()),
        "recording_config": st.sampled_from([{"videoStreamType": 1}, {"audioProfile": 1}]),
    }),
    "web": recipes(WebRecipe, {"page": PAGES | PAGES.map(lambda page: page.url) | NAMES.map(Named),
                               "max_recording_hour": WHOLE(1, 720)}, {
        **COMMON, "files": st.sampled_from([["hls"], ["hls", "mp4"]]), "push_to": NAMES.map(Named),
    }),
}  # fmt: skip


@pytest.mark.parametrize("mode", RECIPES)
def test_every_recipe_is_itself_again_after_json(mode: str) -> None:
    @examples(60)
    @given(RECIPES[mode])
    def again(recipe: Any) -> None:
        written = recipe.to_dict()
        assert (written["version"], written["mode"]) == (1, mode)
        for reader in (Recipe, type(recipe)):
            read = reader.from_dict(through_json(written))
            assert type(read) is type(recipe)
            assert read == recipe
            assert hash(read) == hash(recipe)
            assert read.to_dict() == written
            # Not only alike: what it sends is the same to the letter.
            for part in ("acquire", "start"):
                assert through_json(getattr(read.body(), part)) == through_json(getattr(recipe.body(), part))
        assert copy.copy(recipe) == copy.deepcopy(recipe) == pickle.loads(pickle.dumps(recipe)) == recipe

    again()


def test_values_are_read_as_values() -> None:
    recipe = MixRecipe(storage="lessons", layout=grid(4), transcoding=Transcoding("720p"), video=only(101))
    read = Recipe.from_dict(through_json(recipe.to_dict())).arguments
    assert (read["layout"], read["transcoding"], read["video"]) == (grid(4), Transcoding("720p"), only(101))
    assert read["storage"] == Named("lessons")
    assert Recipe.from_dict(MixRecipe(storage="lessons", key="teacher").to_dict()).arguments["key"] == "teacher"
    page = Recipe.from_dict(WebRecipe(WebPage(PAGE, fps=30), max_recording_hour=2, storage="lessons").to_dict())
    assert page.arguments["page"] == WebPage(PAGE, fps=30)


def test_it_is_equal_in_words_and_in_the_apis_own_names() -> None:
    in_words = MixRecipe(storage="lessons", layout=grid(4), uid=7, channel_type=ChannelType.LIVE_BROADCASTING)
    in_wire = MixRecipe(storage=Named("lessons"), layout=grid(4).to_dict(), uid="7", channel_type=1)  # type: ignore[arg-type]
    assert in_words == in_wire
    assert len({in_words, in_wire}) == 1
    assert in_words != in_words.replace(uid=8)
    assert in_words != IndividualRecipe(storage="lessons")
    config = MixRecordingConfig(channel_type=1)
    assert MixRecipe(storage="a", recording_config=config) == MixRecipe(storage="a", recording_config=config.to_dict())


def test_it_cannot_be_changed_but_replaced() -> None:
    recipe = MixRecipe(storage="lessons", max_idle_time=60)
    with pytest.raises(AttributeError):
        recipe.check = False  # type: ignore[misc]
    recipe.arguments["max_idle_time"] = 90  # type: ignore[index]
    assert recipe.replace(max_idle_time=90).arguments["max_idle_time"] == 90
    assert recipe.replace(max_idle_time=None) == MixRecipe(storage="lessons")
    assert recipe.arguments["max_idle_time"] == 60
    with pytest.raises(InvalidRequestError, match=r"maxIdleTime\): 4"):
        recipe.replace(max_idle_time=4)


# ------------------------------------------------------------------------------------------- checked when made


@pytest.mark.parametrize(
    ("words", "told"),
    [
        ({"files": ["mp4"]}, "recordingFileConfig.avFileType"),
        ({"max_idle_time": 4}, r"max_idle_time \(recordingConfig.maxIdleTime\): 4"),
        ({"uid": 0}, "uid: '0'"),
        ({"uid": 7, "avoid": [7]}, r"uid: 7 \(must not be one of those in avoid\)"),
        ({"uid": 7, "key": "teacher"}, r"key: 'teacher' \(goes with no uid"),
        ({"key": 1.5}, "key: 1.5"),
        ({"storage": {**STORAGE, "region": 17}}, "storageConfig"),
        ({"storage": 7}, "storage: int"),
        ({"storage": {**STORAGE, "stsToken": "T", "stsExpiration": 1}}, "storage.stsExpiration: 1"),
        ({"resource_expired_hour": 0}, r"resource_expired_hour \(resourceExpiredHour\): 0"),
        ({"token": 7}, "token: "),
        ({"layout": 7}, "layout: int"),
        ({"audio": "everyone"}, "audio: of type str"),
        ({"region": "CN", "region_affinity": "CN"}, "region"),
        ({"recording_config": {"streamTypes": object()}, "check": False}, "streamTypes: of type object"),
    ],
)
def test_what_breaks_a_rule_is_refused_when_it_is_made(words: dict[str, Any], told: str) -> None:
    with pytest.raises(InvalidRequestError, match=f"^MixRecipe: .*{told}"):
        MixRecipe(**{"storage": "lessons"} | words)


def test_everything_that_is_wrong_is_told_at_once() -> None:
    with pytest.raises(InvalidRequestError) as failed:
        MixRecipe(storage={**STORAGE, "bucket": ""}, files=["mp4"], max_idle_time=1, uid="x", transcoding=5)  # type: ignore[arg-type]
    fields = {problem.field for problem in failed.value.problems}
    assert {"storageConfig.bucket", "uid", "recordingConfig.maxIdleTime"} <= fields
    assert {"recordingFileConfig.avFileType", "transcoding"} <= fields


def test_without_checking_it_may_say_what_the_service_will_decide() -> None:
    recipe = MixRecipe(storage="lessons", files=["mp4", "flv"], layout={"new": 1}, check=False)
    assert Recipe.from_dict(through_json(recipe.to_dict())) == recipe


@pytest.mark.parametrize(
    ("make", "told"),
    [
        (lambda: MixRecipe(storage="a", layuot=grid(4)), "layuot.*did you mean 'layout'"),
        (lambda: MixRecipe(storage="a", stream_mode=1), "'stream_mode'; it is taken in individual mode only"),
        (lambda: RawRecipe(storage="a", layout=grid(4)), "'layout'; it is taken in mix mode only"),
        (lambda: MixRecipe(storage="a", confrm=False), "did you mean 'confirm'"),
        (
            lambda: RawRecipe(storage="a", strem_mode=1),
            "did you mean 'stream_mode'.* But it is taken in individual mode only",
        ),
        (
            lambda: WebRecipe("https://a.test", storage="a", max_recording_hour=1, max_idle_time=9),
            "it is taken in individual, raw and mix mode only",
        ),
        (lambda: RawRecipe(storage="a", videoWidth=640), "; it belongs into page, in web mode only"),
        (
            lambda: MixRecipe(storage="a", captureInterval=9),
            "; it belongs into snapshots, in individual and raw mode only",
        ),
        (lambda: RawRecipe(storage="a", background_color="#000000"), "; it belongs into layout, in mix mode only"),
        (lambda: MixRecipe(storage="a", transcode_options={}), "; it belongs into deferred_transcoding, in individual"),
        (lambda: MixRecipe(), "'storage'"),
        (lambda: WebRecipe("https://a.test", storage="a"), "'max_recording_hour'"),
        (
            lambda: MixRecipe(storage="a", on_started=print),
            r"it is given where .*record\(recipe, cname, on_started=...\)",
        ),
        (lambda: Recipe(storage="a"), "abstract"),
    ],
)
def test_arguments_that_are_none_are_errors_as_of_any_function(make: Callable[[], Any], told: str) -> None:
    with pytest.raises(TypeError, match=told):
        make()


# ------------------------------------------------------------------------------------------- secrets

SECRET_STORAGE = S3("lessons", "eu-central-1", CANARY, f"{CANARY}-secret")


@pytest.mark.parametrize(
    ("argument", "value"),
    [
        ("storage", SECRET_STORAGE),
        ("storage", {**STORAGE, "secretKey": CANARY}),
        ("storage", lambda: SECRET_STORAGE),
        ("token", f"007{CANARY}"),
        ("token", lambda cname, uid: CANARY),
        ("encryption", Encryption("aes-128-ecb", CANARY)),
        ("encryption", {"decryptionMode": 1, "secret": CANARY}),
        ("recording_config", {"channelType": 1, "decryptionMode": 1, "secret": CANARY}),
        ("layout", Floating(background_image=f"https://example.com/a.jpg?sig={CANARY}")),
        ("page", f"https://example.com/?ticket={CANARY}"),
        ("page", WebPage(f"https://user:{CANARY}@example.com/")),
        ("push_to", [f"rtmp://example.com/app/{CANARY}"]),
        ("push_to", CdnPush(f"rtmp://example.com/app/{CANARY}")),
    ],
)
def test_a_secret_has_a_name_or_is_not_written(argument: str, value: Any) -> None:
    words: dict[str, Any] = {"storage": "lessons", argument: value}
    if argument in ("page", "push_to"):
        recipe: Recipe = WebRecipe(**{"page": PAGE, "max_recording_hour": 1} | words)
    else:
        recipe = MixRecipe(**words)
    assert CANARY not in repr(recipe)
    with pytest.raises(RecipeError, match=rf"^{argument}: .*secrets=") as failed:
        recipe.to_dict()
    assert CANARY not in str(failed.value)
    # Named, it is written, and begun with what the name stands for.
    named = recipe.replace(**{argument: Named("it")})
    written = json.dumps(named.to_dict())
    assert CANARY not in written
    assert Recipe.from_dict(json.loads(written)).filled({"it": value, "lessons": STORAGE}).arguments[argument] in (
        value, tuple(value) if isinstance(value, list) else value
    )  # fmt: skip


def test_addresses_may_be_kept_whole_where_that_is_said() -> None:
    page = WebRecipe("https://example.com/?lesson=42", max_recording_hour=1, storage="lessons")
    with pytest.raises(RecipeError) as refused:
        page.to_dict()
    assert "to_dict(addresses=True)" in refused.value.args[0]
    written = page.to_dict(addresses=True)
    assert written["page"] == "https://example.com/?lesson=42"
    assert Recipe.from_dict(written) == page
    for kept in (page.replace(push_to=["rtmp://a.test/b"]), page.replace(storage=STORAGE)):
        with pytest.raises(RecipeError) as failed:
            kept.to_dict(addresses=True)
        assert "addresses=True" not in failed.value.args[0]


@pytest.mark.parametrize(
    ("argument", "value"),
    [
        ("storage", {**STORAGE, "secretKey": CANARY}), ("token", CANARY), ("encryption", {"secret": CANARY}),
        ("recording_config", {"channelType": 1, "secret": CANARY}),
    ],
)  # fmt: skip
def test_a_secret_that_was_written_by_hand_is_refused(argument: str, value: Any) -> None:
    with pytest.raises(RecipeError, match=f"^{argument}: ") as failed:
        Recipe.from_dict({"version": 1, "mode": "mix", "storage": "lessons", argument: value})
    assert CANARY not in str(failed.value)


# ------------------------------------------------------------------------------------------- read


@pytest.mark.parametrize(
    ("changes", "told"),
    [
        ({"version": 2}, "version: 2 .*upgrade"), ({"version": None}, "version: None"), ({"version": True}, "version"),
        ({"version": "1"}, "version: '1'"), ({"mode": "mixed"}, "mode: 'mixed' .*the nearest is 'mix'"),
        ({"mode": []}, r"mode: \[\]"), ({"layuot": {}}, "layuot: .*did you mean 'layout'"),
        ({"snapshots": {}}, "snapshots: is not part of a mix recipe.*; it is taken in individual and raw mode only"),
        ({"streamMode": "default"}, "streamMode: .*; it is taken in individual mode only"),
        ({"max_recording_hour": 1}, "; it is taken in web mode only"), ({"page": "https://a"}, "in web mode only"),
        ({"maxIdleTime": 9}, "did you mean 'max_idle_time'"), ({"bucket": "b"}, "; it belongs into storage"),
        ({"width": 640}, "; it belongs into layout or transcoding"), ({"salt": "s"}, "; it belongs into encryption"),
        ({"confirm": False}, r"; it is given where .* client.record\(recipe, cname, confirm=...\)"),
        ({"storage": None}, "storage"),
        ({"audio": "everybody"}, "audio, video: 'everybody'"), ({"video": {"only": "101"}}, "audio, video"),
        ({"layout": {"named": 7}}, "name: 7"), ({"token": {"named": ""}}, "name: ''"),
    ],
)  # fmt: skip
def test_what_is_no_recipe_is_told_with_its_key(changes: dict[str, Any], told: str) -> None:
    written = {"version": 1, "mode": "mix", "storage": "lessons"} | changes
    with pytest.raises(RecipeError, match=told):
        Recipe.from_dict(written)


def test_what_is_cut_short_or_of_another_mode() -> None:
    for written, told in [
        ({"version": 1, "mode": "mix"}, "^storage: missing"), ([], "list"), ("{}", "str"),
        ({"version": 1, "mode": "web", "storage": "a"}, "^max_recording_hour, page: missing"),
    ]:  # fmt: skip
        with pytest.raises(RecipeError, match=told):
            Recipe.from_dict(written)  # type: ignore[arg-type]
    with pytest.raises(RecipeError, match="this reads mix recipes"):
        MixRecipe.from_dict(IndividualRecipe(storage="a").to_dict())
    with pytest.raises(InvalidRequestError, match=r"maxIdleTime\): 4"):
        Recipe.from_dict({"version": 1, "mode": "mix", "storage": "a", "max_idle_time": 4})


TOML = """
version = 1
mode = "mix"
storage = "lessons"
token = {named = "school"}
files = ["hls", "mp4"]
audio = "everyone"
video = {only = ["101", "102"]}
max_idle_time = 600

[transcoding]
width = 1280
height = 720
fps = 15
bitrate = 1130

[layout]
mixedVideoLayout = 1
"""


def test_toml_says_the_same() -> None:
    recipe = Recipe.from_toml(TOML)
    assert recipe.arguments["transcoding"] == Transcoding("720p")
    assert recipe.arguments["video"] == only(101, 102)
    assert recipe.arguments["token"] == Named("school")
    assert MixRecipe.from_toml(TOML) == Recipe.from_dict(through_json(recipe.to_dict())) == recipe
    for wrong in ("version = ", 7):
        with pytest.raises(RecipeError, match=r"^recipe: "):
            Recipe.from_toml(wrong)  # type: ignore[arg-type]
    with pytest.raises(RecipeError, match=r"max_idel_time.*'max_idle_time'"):
        Recipe.from_toml(TOML.replace("max_idle_time", "max_idel_time"))


JSON: st.SearchStrategy[Any] = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=5,
)
KEYS = ["version", "mode", "storage", "layout", "audio", "token", "files", "uid", "avoid", "page", "check", "x"]


@examples(80)
@given(
    st.sampled_from(["individual", "mix", "web"]),
    st.dictionaries(st.sampled_from(KEYS), JSON | JSON.map(lambda value: {"named": value}), max_size=3),
)
def test_whatever_is_read_is_a_recipe_or_an_error_of_ours(mode: str, changes: dict[str, Any]) -> None:
    written = {"version": 1, "mode": mode, "storage": "a"}
    written |= {"page": PAGE, "max_recording_hour": 1} if mode == "web" else {}
    try:
        recipe = Recipe.from_dict(written | changes)
    except (RecipeError, InvalidRequestError):
        return
    repr(recipe)
    assert Recipe.from_dict(recipe.to_dict(addresses=True)) == recipe


# ------------------------------------------------------------------------------------------- begun


@pytest.mark.parametrize("mode", ["individual", "raw", "mix", "web"])
def test_what_it_records_is_what_record_records(emulator: Emulator, time: Time, mode: str) -> None:
    secrets = {"lessons": STORAGE, "school": lambda cname, uid: f"{cname}-{uid}", "key": Encryption("aes-128-ecb", "k")}
    words: dict[str, Any] = {"storage": "lessons", "token": Named("school"), "uid": 7}
    if mode == "web":
        words |= {"page": WebPage(PAGE, fps=30), "max_recording_hour": 2}
    else:
        words |= {"encryption": "key", "video": only(101), "resource_expired_hour": 24}
    kinds: dict[str, Any] = {"individual": IndividualRecipe, "raw": RawRecipe, "mix": MixRecipe, "web": WebRecipe}
    recipe = Recipe.from_dict(through_json(kinds[mode](**words).to_dict()))

    def story(client: Any) -> Any:
        by_recipe = yield lambda: client.record(recipe, "lesson-42", secrets=secrets)
        assert by_recipe.mode == mode
        yield by_recipe.stop
        own = {name: secrets[value.name] if isinstance(value, Named) else value for name, value in words.items()}
        own |= {"storage": STORAGE} if mode == "web" else {"storage": STORAGE, "encryption": secrets["key"]}
        by_words = yield lambda: getattr(client, mode).record("lesson-42", **own)
        yield by_words.stop
        one, other = emulator.recordings[-2:]
        assert one.request == other.request
        assert one.request["token"] == "lesson-42-7"
        assert (one.cname, one.uid) == (other.cname, other.uid) == ("lesson-42", "7")

    for kind in ("sync", "asyncio"):
        play(kind, emulator, time, story)


def test_a_recipe_is_begun_as_a_pair_and_with_hooks(tell: Tell, emulator: Emulator) -> None:
    started: list[Any] = []

    def story(client: Any) -> Any:
        pair = yield lambda: client.record(
            MixRecipe(storage="lessons"), "lesson-42", secrets={"lessons": lambda: STORAGE}, redundancy=2,
            on_started=started.append, confirm=False,
        )  # fmt: skip
        assert tuple(started) == pair.handles
        assert emulator.running[0].request["recordingConfig"]["maxIdleTime"] == DEFAULT_MAX_IDLE_TIME
        yield pair.stop

    tell(story)


def test_a_name_that_stands_for_nothing_is_told_before_anything_is_sent(tell: Tell, emulator: Emulator) -> None:
    recipe = MixRecipe(storage="lessons", token=Named("school"))

    def story(client: Any) -> Any:
        for secrets, told in [
            ({}, "storage: 'lessons' .*names there: none"),
            ({"lessons": STORAGE, "scool": "T"}, "token: 'school' .*names there: 'lessons', 'scool'"),
            (7, "secrets: int"),
        ]:  # fmt: skip
            with pytest.raises(RecipeError, match=told):
                yield lambda secrets=secrets: client.record(recipe, "lesson-42", secrets=secrets)
        with pytest.raises(RecipeError, match="recipe: dict"):
            yield lambda: client.record(recipe.to_dict(), "lesson-42")
        with pytest.raises(InvalidRequestError, match="storage: str"):
            yield lambda: client.record(recipe, "lesson-42", secrets={"lessons": "x", "school": "T"})
        with pytest.raises(InvalidRequestError, match="cname"):
            yield lambda: client.record(recipe, "", secrets={"lessons": STORAGE, "school": "T"})
        with pytest.raises(TypeError, match=r"on_startd.*'on_started'"):
            yield lambda: client.record(recipe, "lesson-42", on_startd=print)
        with pytest.raises(TypeError, match=r"'layout'; it belongs into the recipe, as by recipe.replace"):
            yield lambda: client.record(recipe, "lesson-42", layout=grid(4))
        with pytest.raises(InvalidRequestError, match="storage: str"):
            yield lambda: client.mix.record("lesson-42", storage="lessons")

    tell(story)
    assert not emulator.calls


def test_lists_are_kept_as_they_were() -> None:
    avoid = [101]
    recipe = MixRecipe(storage="lessons", avoid=avoid, audio=nobody(), stream_types=StreamTypes.VIDEO_ONLY)
    avoid.append(102)
    assert recipe.arguments["avoid"] == (101,)
    assert MixRecipe(storage="lessons", avoid=iter([101])).to_dict()["avoid"] == [101]
