"""Names of recorded files: read into their parts, and predicted."""

from __future__ import annotations

import pickle
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import example, given, strategies as st

from cloudrec.emulator.world import naming
from cloudrec.emulator.world.naming import Kind
from cloudrec.errors import InvalidRequestError
from cloudrec.files import FileName, key_prefixes, object_key, parse_file_name, predict_files, types_recorded
from cloudrec_api.models import Mode, TrackType

SID = "38f8e3cfdc474cd56fc1ceba380d7e1a"
TYPES = {Kind.AUDIO: TrackType.AUDIO, Kind.VIDEO: TrackType.VIDEO, Kind.AV: TrackType.AUDIO_AND_VIDEO}
SHOWN = (
    "prefix", "sid", "cname", "uid", "type", "extension", "time", "codec", "stream", "segment", "index", "tick",
    "backup",
)  # fmt: skip


def parts(file: FileName) -> dict[str, Any]:
    """What a name says, without what it does not say."""
    said = {part: getattr(file, part) for part in SHOWN}
    return {part: value for part, value in said.items() if value not in (None, ())}


EXAMPLE = {"sid": "sid713476478245", "cname": "cnameagora"}
AT = datetime(2019, 9, 20, 12, 51, 42, 485_000, UTC)


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("sid713476478245_cnameagora.m3u8", {"extension": "m3u8"}),
        ("bak0_sid713476478245_cnameagora.m3u8", {"extension": "m3u8", "backup": 0}),
        ("sid713476478245_cnameagora_20190920125142485.ts", {"extension": "ts", "time": AT}),
        ("sid713476478245_cnameagora_0.mp4", {"extension": "mp4", "index": 0}),
        ("bak12_sid713476478245_cnameagora_3.mp4", {"extension": "mp4", "index": 3, "backup": 12}),
        (
            "sid713476478245_cnameagora__uid_s_123__uid_e_video_20190920125142485.ts",
            {"uid": "123", "type": TrackType.VIDEO, "extension": "ts", "time": AT},
        ),
        (
            "sid713476478245_cnameagora__uid_s_123__uid_e_audio_20190920125142485.webm",
            {"uid": "123", "type": TrackType.AUDIO, "extension": "webm", "time": AT},
        ),
        (
            "sid713476478245_cnameagora__uid_s_123__uid_e_audio.m3u8",
            {"uid": "123", "type": TrackType.AUDIO, "extension": "m3u8"},
        ),
        (
            "sid713476478245_cnameagora__uid_s_123__uid_e_video_22194679897_3.m3u8",
            {"uid": "123", "type": TrackType.VIDEO, "extension": "m3u8", "tick": 22194679897, "index": 3},
        ),
        (
            "bak0_sid713476478245_cnameagora_22194679897_0.m3u8",
            {"extension": "m3u8", "tick": 22194679897, "index": 0, "backup": 0},
        ),
        (
            "bak0_sid713476478245_cnameagora__uid_s_123__uid_e_video_20190920125142485.jpg",
            {"uid": "123", "type": TrackType.VIDEO, "extension": "jpg", "time": AT, "backup": 0},
        ),
        # streamMode standard
        (
            "sid713476478245_cnameagora__uid_s_123__uid_e_av.m3u8",
            {"uid": "123", "type": TrackType.AUDIO_AND_VIDEO, "extension": "m3u8"},
        ),
        (
            "sid713476478245_cnameagora__uid_s_123__uid_e_av.mpd",
            {"uid": "123", "type": TrackType.AUDIO_AND_VIDEO, "extension": "mpd"},
        ),
        # raw mode: its six forms
        (
            "sid713476478245_cnameagora__uid_s_123__uid_e_H264.m3u8",
            {"uid": "123", "codec": "H264", "extension": "m3u8"},
        ),
        (
            "sid713476478245_cnameagora__uid_s_123__uid_e_20190920125142485_H264.ts",
            {"uid": "123", "codec": "H264", "extension": "ts", "time": AT},
        ),
        (
            "bak0_sid713476478245_cnameagora__uid_s_123__uid_e_0_H264.mp4",
            {"uid": "123", "codec": "H264", "extension": "mp4", "index": 0, "backup": 0},
        ),
        (
            "sid713476478245_cnameagora__uid_s_123__uid_e_VP8.mpd",
            {"uid": "123", "codec": "VP8", "extension": "mpd"},
        ),
        (
            "sid713476478245_cnameagora__uid_s_123__uid_e_1_12_VP8.webm",
            {"uid": "123", "codec": "VP8", "extension": "webm", "stream": "1", "segment": "12"},
        ),
        (
            "sid713476478245_cnameagora__uid_s_123__uid_e_20190920125142485.jpg",
            {"uid": "123", "extension": "jpg", "time": AT},
        ),
        # and what nobody has a form for: a playlist from the backup, and sound alone
        (
            "sid713476478245_cnameagora__uid_s_123__uid_e_H264_22194679897_3.m3u8",
            {"uid": "123", "codec": "H264", "extension": "m3u8", "tick": 22194679897, "index": 3},
        ),
        (
            "sid713476478245_cnameagora__uid_s_123__uid_e_0_MP3.mp3",
            {"uid": "123", "codec": "MP3", "extension": "mp3", "index": 0},
        ),
        # deferred transcoding, and deferred audio mixing
        ("sid713476478245_cnameagora__uid_s_123__uid_e_0.mp4", {"uid": "123", "extension": "mp4", "index": 0}),
        ("sid713476478245_cnameagora_0.mp3", {"extension": "mp3", "index": 0}),
        ("sid713476478245_cnameagora_0.m4a", {"extension": "m4a", "index": 0}),
        ("sid713476478245_cnameagora_1.aac", {"extension": "aac", "index": 1}),
    ],
)
def test_every_kind_of_file_is_read(name: str, expected: dict[str, Any]) -> None:
    """The provider's examples, and one of each form on its pages."""
    assert parts(parse_file_name(name)) == {**EXAMPLE, **expected}
    in_folders = parse_file_name(f"lessons/42/{name}")
    assert parts(in_folders) == {**EXAMPLE, **expected, "prefix": ("lessons", "42")}
    assert (in_folders.name, in_folders.key) == (name, f"lessons/42/{name}")


@pytest.mark.parametrize(
    ("name", "cname"),
    [
        ("972b2f73e8408e687e2819a2d9e70693_ride_17822__uid_s_1000__uid_e_video_20240203052751685.ts", "ride_17822"),
        ("03f7acf17547cbd851d92ca515b6d069_MT_Test__uid_s_3108485562__uid_e_av.m3u8", "MT_Test"),
        ("972b2f73e8408e687e2819a2d9e70693_ride_17822.m3u8", "ride_17822"),
        ("972b2f73e8408e687e2819a2d9e70693_ride_17822_0.mp4", "ride_17822"),
        ("972b2f73e8408e687e2819a2d9e70693_a_1_2_3_4.m3u8", "a_1_2"),
    ],
)
def test_a_channel_name_that_kept_its_underscores(name: str, cname: str) -> None:
    """As buckets have them, against the provider's rule."""
    assert parse_file_name(name).cname == cname


@pytest.mark.parametrize(
    ("name", "rule"),
    [
        ("", "must be a string that is not empty"),
        (None, "must be a string that is not empty"),
        (7, "must be a string that is not empty"),
        ("lesson.txt", "must end in .m3u8, .mpd, .ts"),
        ("lesson", "must end in .m3u8"),
        ("sid_cname.M3U8", "must end in .m3u8"),
        ("sid_cname.m3u8/", "must end in .m3u8"),
        ("lesson.m3u8", "must be named <sid>_<cname>.m3u8 or <sid>_<cname>_<tick>_<index>.m3u8 or"),
        ("sid_.m3u8", "must be named <sid>_<cname>.m3u8"),
        ("_cname.m3u8", "must be named <sid>_<cname>.m3u8"),
        ("bak0_cname.m3u8", "after bak<n>_ or not"),
        (f"bak{'9' * 20}_sid_cname.m3u8", "after bak<n>_ or not"),
        ("sid_cname.mp4", "must be named <sid>_<cname>_<index>.mp4 or <sid>_<cname>__uid_s_<uid>__uid_e_<index>.mp4"),
        ("sid_cname_0.jpg", "must be named <sid>_<cname>__uid_s_<uid>__uid_e_<audio|video|av>_<YYYYMMDDhhmmssSSS>.jpg"),
        (f"sid_cname_{'9' * 5000}.mp4", "must be named <sid>_<cname>_<index>.mp4"),
        ("sid_cname.ts", "must be named <sid>_<cname>_<YYYYMMDDhhmmssSSS>.ts"),
        ("sid_cname_2019092012514248.ts", "<YYYYMMDDhhmmssSSS>"),
        ("sid_cname_20191320125142485.ts", "<YYYYMMDDhhmmssSSS>"),
        ("sid_cname_20190230125142485.ts", "<YYYYMMDDhhmmssSSS>"),
        ("sid_cname_20190920245142485.ts", "<YYYYMMDDhhmmssSSS>"),
        ("sid_cname_00000920125142485.ts", "<YYYYMMDDhhmmssSSS>"),
        ("sid_cname_２０１９0920125142485.ts", "<YYYYMMDDhhmmssSSS>"),
        ("sid_cname__uid_s_1__uid_e_.m3u8", "<audio|video|av>"),
        ("sid_cname__uid_s___uid_e_audio.m3u8", "<uid>"),
        ("sid_cname__uid_s_1__uid_e_audio_3.m3u8", "<tick>_<index>"),
        ("sid_cname__uid_s_1.m3u8", "<uid>"),
    ],
    ids=lambda value: repr(value)[:60],
)
def test_what_is_no_recorded_file_is_refused(name: Any, rule: str) -> None:
    """By an error that names the value and the rule."""
    with pytest.raises(InvalidRequestError) as caught:
        parse_file_name(name)
    (problem,) = caught.value.problems
    assert problem.field == "name"
    assert rule in problem.rule
    assert problem.value == (f"{repr(name)[:77]}..." if len(repr(name)) > 80 else repr(name))
    assert isinstance(caught.value, ValueError)


@pytest.mark.parametrize(
    "name",
    [
        "", "/", "index.html", "lessons/", "38f8e3cf_lesson.m3u8.tmp", "38f8e3cf_lesson_0.MP4", "38f8e3cf_lesson.txt",
        "38f8e3cf_lesson_0.mp4.part", "38f8e3cf_lesson_20261301000000000.ts", "notes.mp4", "\ud800", "a" * 2000,
    ],
    ids=lambda name: ascii(name)[:30],
)  # fmt: skip
def test_files_of_others_are_the_default(name: str) -> None:
    """A whole bucket can be gone through: what is named otherwise, also by a little, is somebody else's."""
    assert parse_file_name(name, None) is None
    assert parse_file_name(name, "other") == "other"
    with pytest.raises(InvalidRequestError):
        parse_file_name(name)


def test_a_default_is_for_names() -> None:
    """What is read is read with one, too; and what is no string is a mistake all the same."""
    assert parse_file_name("a/b_c.m3u8", None) == parse_file_name("a/b_c.m3u8")
    with pytest.raises(InvalidRequestError, match="name: None"):
        parse_file_name(None, None)  # type: ignore[arg-type]


def test_a_signed_link_is_refused_without_its_signature() -> None:
    with pytest.raises(InvalidRequestError) as caught:
        parse_file_name(f"https://lessons.example.com/{SID}_a.ts?Signature=do-not-show")
    assert "do-not-show" not in str(caught.value)
    assert "do-not-show" not in repr(caught.value.problems)


@pytest.mark.parametrize(
    "name",
    [
        f"s_{'__uid_s_' * 50_000}.m3u8",
        f"s_{'_1' * 200_000}.m3u8",
        f"s_a__uid_s_{'__uid_e_' * 50_000}.m3u8",
        f"{'bak0_' * 100_000}.ts",
        f"s_{'__uid_e_audio' * 50_000}.jpg",
        "_" * 400_000 + ".mp4",
    ],
    ids=["uid_s", "numbers", "uid_e", "bak", "types", "underscores"],
)
def test_a_name_as_long_as_a_book_is_no_work(name: str) -> None:
    """It takes no time worth speaking of: one pattern that tries everything would be at it for days."""
    with suppress(InvalidRequestError):
        assert parse_file_name(name).key == name


@given(st.text())
@example("a/b_c.m3u8")
@example("//b_\n.m3u8")
def test_any_text_is_read_or_refused(text: str) -> None:
    """What can be read gives the text back."""
    for name in (text, f"{text}.m3u8", f"s_{text}_0.mp4", f"s_c__uid_s_{text}__uid_e_audio.m3u8"):
        with suppress(InvalidRequestError):
            assert parse_file_name(name).key == name


# ------------------------------------------------------------------------------------------- what the emulator writes

CNAMES = st.text(min_size=1)
FAILOVERS = st.integers(0, 20)
MOMENTS = st.integers(0, 4_102_444_800_000)
PREFIXES = st.lists(st.text("abcXYZ019", min_size=1), max_size=3)
UIDS = st.integers(1, 2**32 - 1).map(str)
INDICES = st.integers(0, 10_000)


def in_names(cname: str) -> str:
    """A channel name, as names have it."""
    return naming.stem("", cname)[1:]


def whole(moment: int) -> datetime:
    """Milliseconds since 1970 as a time."""
    return datetime(1970, 1, 1, tzinfo=UTC) + timedelta(milliseconds=moment)


@given(CNAMES, FAILOVERS, MOMENTS, INDICES, PREFIXES)
def test_files_of_everyone_are_read_as_they_were_made(
    cname: str, failovers: int, moment: int, index: int, prefix: list[str]
) -> None:
    stem = naming.backup(naming.stem(SID, cname), failovers)
    same: dict[str, Any] = {"sid": SID, "cname": in_names(cname)}
    same |= {"backup": failovers - 1} if failovers else {}
    same |= {"prefix": tuple(prefix)} if prefix else {}
    made: dict[str, dict[str, Any]] = {
        naming.playlist(stem): {"extension": "m3u8"},
        naming.slice_file(stem, moment): {"extension": "ts", "time": whole(moment)},
        naming.mp4(stem, index): {"extension": "mp4", "index": index},
    }
    for name, expected in made.items():
        file = parse_file_name(naming.object_key(prefix, name))
        assert parts(file) == {**same, **expected}
        assert file.key == naming.object_key(prefix, name)


@given(CNAMES, FAILOVERS, MOMENTS, UIDS, st.sampled_from(Kind))
def test_files_of_one_user_are_read_as_they_were_made(
    cname: str, failovers: int, moment: int, uid: str, kind: Kind
) -> None:
    stem = naming.backup(naming.individual_stem(SID, cname, uid, kind), failovers)
    same: dict[str, Any] = {"sid": SID, "cname": in_names(cname), "uid": uid, "type": TYPES[kind]}
    same |= {"backup": failovers - 1} if failovers else {}
    made: dict[str, dict[str, Any]] = {
        naming.playlist(stem): {"extension": "m3u8"},
        naming.slice_file(stem, moment): {"extension": "ts", "time": whole(moment)},
        naming.screenshot(stem, moment): {"extension": "jpg", "time": whole(moment)},
    }
    for name, expected in made.items():
        assert parts(parse_file_name(name)) == {**same, **expected}


# ------------------------------------------------------------------------------------------- prediction


@pytest.mark.parametrize(
    ("mode", "arguments", "expected"),
    [
        ("mix", {}, [".m3u8"]),
        (Mode.WEB, {"file_types": ["mp4", "hls"]}, [".m3u8", "_0.mp4"]),
        ("mix", {"file_types": ["hls", "jpg"]}, [".m3u8"]),
        ("mix", {"file_types": [], "uids": [1]}, []),
        ("mix", {"file_types": (kind for kind in ["hls"])}, [".m3u8"]),
        ("individual", {}, []),
        ("individual", {"uids": [7]}, ["__uid_s_7__uid_e_audio.m3u8", "__uid_s_7__uid_e_video.m3u8"]),
        ("individual", {"uids": ["7", "8"], "types": ["audio"]}, [f"__uid_s_{u}__uid_e_audio.m3u8" for u in (7, 8)]),
        (
            "individual",
            {"uids": [7], "types": ["video", "av"]},
            ["__uid_s_7__uid_e_video.m3u8", "__uid_s_7__uid_e_av.m3u8", "__uid_s_7__uid_e_av.mpd"],
        ),
        (
            "individual",
            {"uids": [7], "types": [TrackType.AUDIO_AND_VIDEO]},
            ["__uid_s_7__uid_e_av.m3u8", "__uid_s_7__uid_e_av.mpd"],
        ),
        ("individual", {"uids": [7], "types": [], "file_types": ["hls", "mp4"]}, ["__uid_s_7__uid_e_0.mp4"]),
        ("individual", {"file_types": ["hls", "m4a"]}, ["_0.m4a"]),
        ("individual", {"uids": [7], "file_types": ["jpg"]}, []),
    ],
)
def test_what_is_predicted(mode: str, arguments: dict[str, Any], expected: list[str]) -> None:
    """Playlists, and the first of every other file; then the same after a move to another server."""
    predicted = predict_files(mode=mode, sid=SID, cname="lesson-42", **arguments)
    endings = [file.name.removeprefix(f"{SID}_lesson-42") for file in predicted if file.backup is None]
    moved = [file.name.removeprefix(f"bak0_{SID}_lesson-42") for file in predicted if file.backup == 0]
    assert endings == moved == expected
    assert len(predicted) == 2 * len(expected)


def test_folders_and_moves() -> None:
    predicted = predict_files(mode="mix", sid="s", cname="c", prefix=["lessons", "42"], failovers=3)
    assert [file.key for file in predicted] == [
        "lessons/42/s_c.m3u8",
        "lessons/42/bak0_s_c.m3u8",
        "lessons/42/bak1_s_c.m3u8",
        "lessons/42/bak2_s_c.m3u8",
    ]
    assert [file.key for file in predict_files(mode="mix", sid="s", cname="c", failovers=0)] == ["s_c.m3u8"]


def test_special_characters() -> None:
    """Each becomes a dash; for `_`, which buckets were seen to keep, both are predicted."""
    special = "!@#$%^&*()+.=[]{}~|,;:?<>"
    (file,) = predict_files(mode="mix", sid="s", cname=f"a {special}-1", failovers=0)
    assert file.name == f"s_a {'-' * len(special)}-1.m3u8"
    both = predict_files(mode="mix", sid="s", cname="ride_1:2")
    assert [file.name for file in both] == [
        "s_ride-1-2.m3u8",
        "bak0_s_ride-1-2.m3u8",
        "s_ride_1-2.m3u8",
        "bak0_s_ride_1-2.m3u8",
    ]
    assert [file.cname for file in both[::2]] == ["ride-1-2", "ride_1-2"]


@given(
    CNAMES,
    st.sampled_from(Mode),
    st.lists(st.sampled_from(["hls", "mp4", "mp3", "m4a", "aac", "jpg"])),
    st.lists(UIDS, max_size=3),
    st.lists(st.sampled_from(TrackType), max_size=3),
    PREFIXES,
    st.integers(0, 3),
)
def test_what_is_predicted_is_read_as_it_was_predicted(
    cname: str,
    mode: Mode,
    file_types: list[str],
    uids: list[str],
    types: list[TrackType],
    prefix: list[str],
    failovers: int,
) -> None:
    """And begins as key_prefixes says; by the provider's rule and as the emulator makes it."""
    predicted = predict_files(
        mode=mode,
        sid=SID,
        cname=cname,
        prefix=prefix,
        file_types=file_types,
        uids=uids,
        types=types,
        failovers=failovers,
    )
    beginnings = key_prefixes(SID, prefix=prefix, failovers=failovers)
    for file in predicted:
        assert file.key.startswith(beginnings)
        assert file.cname == in_names(cname) or file.cname.replace("_", "-") == in_names(cname)
        if "_" not in file.cname:
            assert parse_file_name(file.key) == file


@pytest.mark.parametrize(
    ("stream_types", "stream_mode", "expected"),
    [
        (2, "default", ["audio", "video"]),
        (0, "default", ["audio"]),
        (0, "original", ["audio"]),
        (1, "default", ["video"]),
        (2, "standard", ["audio", "video", "audio_and_video"]),
    ],
)
def test_types_recorded(stream_types: int, stream_mode: str, expected: list[str]) -> None:
    assert list(types_recorded(stream_types, stream_mode)) == expected


def test_types_recorded_by_default() -> None:
    assert types_recorded() == (TrackType.AUDIO, TrackType.VIDEO)


GOOD: dict[str, Any] = {"mode": "individual", "sid": "s", "cname": "c"}


@pytest.mark.parametrize(
    ("field", "value", "rule"),
    [
        ("mode", "solo", "must be one of individual, mix, raw, web"),
        ("mode", None, "must be one of"),
        ("sid", "", "must be a string that is not empty, without /"),
        ("sid", "a/b", "without /"),
        ("sid", 5, "must be a string"),
        ("cname", "", "must be a string that is not empty"),
        ("cname", None, "must be a string"),
        ("prefix", "lessons", "must be a list of folders, without /"),
        ("prefix", ["a/b"], "must be a list of folders, without /"),
        ("prefix", [""], "must be a list of folders"),
        ("prefix", None, "must be a list of folders"),
        ("file_types", "hls", "must be a list of any of hls, mp4"),
        ("file_types", ["flv"], "must be a list of any of hls, mp4"),
        ("uids", "101", "must be a list of user IDs"),
        ("uids", [-1], "must be a list of user IDs"),
        ("uids", [True], "must be a list of user IDs"),
        ("uids", ["me"], "must be a list of user IDs"),
        ("uids", 101, "must be a list of user IDs"),
        ("uids", {"101": 1}, "must be a list of user IDs"),
        ("types", ["data"], "must be a list of any of audio"),
        ("types", "audio", "must be a list of any of audio"),
        ("failovers", -1, "must be a whole number from 0 to 100"),
        ("failovers", 101, "must be a whole number from 0 to 100"),
        ("failovers", True, "must be a whole number from 0 to 100"),
        ("failovers", 1.0, "must be a whole number from 0 to 100"),
    ],
    ids=repr,
)
def test_bad_arguments_are_refused(field: str, value: Any, rule: str) -> None:
    with pytest.raises(InvalidRequestError) as caught:
        predict_files(**{**GOOD, field: value})
    (problem,) = caught.value.problems
    assert (problem.field, problem.value) == (field, repr(value))
    assert rule in problem.rule


def test_all_bad_arguments_are_named_at_once() -> None:
    with pytest.raises(InvalidRequestError) as caught:
        predict_files(mode="solo", sid="", cname="c", uids="1", failovers=-1)
    assert [problem.field for problem in caught.value.problems] == ["mode", "sid", "uids", "failovers"]


@pytest.mark.parametrize(
    ("call", "arguments", "field"),
    [
        (object_key, {"prefix": "lessons", "name": "s_c.m3u8"}, "prefix"),
        (object_key, {"prefix": [], "name": ""}, "name"),
        (key_prefixes, {"sid": ""}, "sid"),
        (key_prefixes, {"sid": "s", "prefix": "lessons"}, "prefix"),
        (key_prefixes, {"sid": "s", "failovers": -1}, "failovers"),
        (types_recorded, {"stream_types": 3}, "stream_types"),
        (types_recorded, {"stream_types": True}, "stream_types"),
        (types_recorded, {"stream_mode": "best"}, "stream_mode"),
    ],
)
def test_bad_arguments_of_the_others_are_refused(call: Any, arguments: dict[str, Any], field: str) -> None:
    with pytest.raises(InvalidRequestError) as caught:
        call(**arguments)
    assert [problem.field for problem in caught.value.problems] == [field]


def test_keys() -> None:
    assert object_key(["lessons", "42"], "s_c.m3u8") == "lessons/42/s_c.m3u8"
    assert object_key((), "s_c.m3u8") == "s_c.m3u8"
    assert key_prefixes("s") == ("s_", "bak0_s_")
    assert key_prefixes("s", prefix=["a"], failovers=2) == ("a/s_", "a/bak0_s_", "a/bak1_s_")


# ------------------------------------------------------------------------------------------- the value


def test_a_file_name_is_a_value() -> None:
    """Equal by its parts, usable as a key, unchangeable; it can be pickled, by its public address."""
    one, same, other = (parse_file_name(f"{SID}_{cname}.m3u8") for cname in "aab")
    assert one == same != other
    assert len({one, same, other}) == 2
    assert pickle.loads(pickle.dumps(one)) == one
    assert b"ccloudrec.files\nFileName\n" in pickle.dumps(one, protocol=0)
    with pytest.raises(AttributeError):
        one.sid = "x"  # type: ignore[misc]


@pytest.mark.parametrize(
    ("ending", "expected"), [(".m3u8", True), ("_0.mp4", False), ("__uid_s_1__uid_e_av.mpd", True), ("_0.aac", False)]
)
def test_playlists(ending: str, expected: bool) -> None:
    assert parse_file_name(f"{SID}_a{ending}").is_playlist is expected


# Nobody says how a codec is spelt in file names. What is a type there is a type.
CODECS = st.from_regex(r"(?=[0-9.+_-]*[A-Za-z])[0-9A-Za-z][0-9A-Za-z.+_-]{0,20}", fullmatch=True).filter(
    lambda codec: not codec.startswith(("audio_", "video_", "av_")) and codec not in ("audio", "video", "av")
)


@given(CODECS.filter(lambda codec: not any(part.isdigit() for part in codec.split("_"))))
@example("H.264")
@example("h264_aac")
@example("avc1.64001F")
def test_a_codec_in_any_spelling(codec: str) -> None:
    """What is predicted with it is read with it, in every form."""
    predicted = predict_files(
        mode="raw", sid=SID, cname="lesson 42", uids=[101], file_types=["hls", "mp4"], codecs=[codec]
    )
    assert [(file.extension, file.backup) for file in predicted] == [
        (extension, backup) for backup in (None, 0) for extension in ("m3u8", "mpd", "mp4")
    ]
    stem = naming.user_stem(SID, "lesson 42", "101")
    at = round(AT.timestamp() * 1000)
    names = [naming.coded_slice(stem, at, codec), naming.segment(stem, 0, 7, codec)]
    for name in [*(file.name for file in predicted), *names]:
        read = parse_file_name(name)
        assert (read.sid, read.cname, read.uid, read.type, read.codec) == (SID, "lesson 42", "101", None, codec)


def test_nothing_is_predicted_of_raw_mode_where_nobody_says_how_it_is_named() -> None:
    """Without a codec's spelling there are no names; of MP3 and screenshots there are none at all."""
    raw: dict[str, Any] = {"mode": "raw", "sid": SID, "cname": "lesson-42", "uids": [101]}
    assert predict_files(**raw, file_types=["hls", "mp4"]) == ()
    assert predict_files(**raw, file_types=["mp3", "jpg"], codecs=["H264"]) == ()


@pytest.mark.parametrize("codec", ["", "a/b", "264", 7, "audio_x", "x" * 65])
def test_what_is_no_codec_is_refused(codec: Any) -> None:
    with pytest.raises(InvalidRequestError, match=r"codecs: .*as they are spelt in file names"):
        predict_files(mode="raw", sid=SID, cname="c", codecs=[codec])


@pytest.mark.parametrize(
    ("stream_types", "kind"), [(0, TrackType.AUDIO), (1, TrackType.VIDEO), (2, TrackType.AUDIO_AND_VIDEO)]
)
def test_a_user_has_one_file_in_raw_mode(stream_types: int, kind: TrackType) -> None:
    assert types_recorded(stream_types, mode="raw") == (kind,)
