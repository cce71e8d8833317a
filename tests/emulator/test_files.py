"""What a recording leaves behind, and how query and stop name it."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from hypothesis import given, strategies as st

from cloudrec.emulator import Emulator, Stream
from cloudrec.emulator.world.media import Run, split

MP4 = {"avFileType": ["hls", "mp4"]}
SHOTS = {"captureInterval": 5, "fileType": ["jpg"]}


def names(emulator: Emulator, call: Any, ending: str = "") -> list[str]:
    """File names without the part that every name begins with."""
    files = emulator.recording(call.sid).files
    return [file.name.removeprefix(f"{call.sid}_lesson-42") for file in files if file.name.endswith(ending)]


def listed(call: Any) -> list[str]:
    """What query lists, without the part that every name begins with."""
    return [file["fileName"].removeprefix(f"{call.sid}_lesson-42") for file in call.state()["fileList"]]


def test_mix_hls(caller: Any, emulator: Emulator) -> None:
    """One name as a string: empty before the first slice, then the playlist."""
    call = caller.begin()
    emulator.clock.advance(17)
    assert call.state()["fileListMode"] == "string"
    assert call.state()["fileList"] == ""
    emulator.clock.advance(1)
    assert call.state()["fileList"] == f"{call.sid}_lesson-42.m3u8"
    emulator.clock.advance(30)
    slices = ["_20260101000003000.ts", "_20260101000018000.ts", "_20260101000033000.ts"]
    assert names(emulator, call) == [".m3u8", *slices]


def test_mix_hls_and_mp4(caller: Any, emulator: Emulator) -> None:
    """A list of both, everyone in each file."""
    call = caller.begin("mix", caller.request("mix", recordingFileConfig=MP4))
    emulator.clock.advance(20)
    start = round(emulator.clock.time.timestamp() - 17) * 1000
    common = {"trackType": "audio_and_video", "uid": "0", "mixedAllUser": True, "isPlayable": True}
    assert call.state() == {
        "status": 5,
        "fileListMode": "json",
        "fileList": [
            {"fileName": f"{call.sid}_lesson-42_0.mp4", "sliceStartTime": start, **common},
            {"fileName": f"{call.sid}_lesson-42.m3u8", "sliceStartTime": start, **common},
        ],
        "sliceStartTime": start,
    }


@pytest.mark.parametrize(
    ("mode", "hours", "expected"),
    [("mix", 1.9, 1), ("mix", 2.1, 2), ("mix", 5, 3), ("web", 1.4, 1), ("web", 1.6, 2)],
)
def test_a_new_mp4_begins(caller: Any, emulator: Emulator, mode: str, hours: float, expected: int) -> None:
    """Every two hours in mix mode, every maxVideoDuration in web mode; indices from 0."""
    services = {"extensionServices": [caller.page(maxVideoDuration=90)]}
    extra = {"extensionServiceConfig": services} if mode == "web" else {}
    call = caller.begin(mode, caller.request(mode, recordingFileConfig=MP4, **extra))
    emulator.clock.advance(timedelta(hours=hours))
    assert names(emulator, call, ".mp4") == [f"_{index}.mp4" for index in range(expected)]


def test_individual(caller: Any, emulator: Emulator) -> None:
    """A playlist for each user's audio and video."""
    call = caller.begin("individual")
    assert call.state()["fileList"] == []
    emulator.clock.advance(18)
    files = call.state()["fileList"]
    assert [(file["uid"], file["trackType"]) for file in files] == [
        ("101", "audio"),
        ("101", "video"),
        ("102", "audio"),
        ("102", "video"),
    ]
    assert files[0]["fileName"] == f"{call.sid}_lesson-42__uid_s_101__uid_e_audio.m3u8"
    assert {file["mixedAllUser"] for file in files} == {False}
    assert names(emulator, call, ".ts")[0] == "__uid_s_101__uid_e_audio_20260101000003000.ts"


@pytest.mark.parametrize(
    ("config", "expected"),
    [
        ({"streamTypes": 0}, ["101 audio"]),
        ({"streamTypes": 0, "streamMode": "original"}, ["101 audio"]),
        ({"streamTypes": 1}, ["101 video"]),
        ({"streamMode": "standard"}, ["101 audio", "101 video", "101 audio_and_video"]),
    ],
)
def test_stream_types_and_stream_mode(caller: Any, emulator: Emulator, config: Any, expected: list[str]) -> None:
    """streamTypes picks the media, streamMode standard adds a merged playlist."""
    emulator.channel("lesson-42").join(101)
    call = caller.begin("individual", caller.request("individual", recordingConfig={"channelType": 0, **config}))
    emulator.clock.advance(18)
    assert [f"{file['uid']} {file['trackType']}" for file in call.state()["fileList"]] == expected


def test_the_merged_playlist_s_name(caller: Any, emulator: Emulator) -> None:
    """It ends in `av`."""
    config = {"channelType": 0, "streamMode": "standard"}
    call = caller.begin("individual", caller.request("individual", recordingConfig=config))
    emulator.clock.advance(18)
    assert listed(call)[-1] == "__uid_s_102__uid_e_av.m3u8"


@pytest.mark.parametrize(
    ("lists", "expected"),
    [
        ({}, {"1a", "1v", "2a", "2v", "3a", "3v"}),
        ({"subscribeAudioUids": ["1"], "subscribeVideoUids": ["2", "9"]}, {"1a", "2v"}),
        ({"subscribeAudioUids": ["#allstream#"]}, {"1a", "2a", "3a"}),
        ({"subscribeVideoUids": ["1"]}, {"1v"}),
        ({"unSubscribeAudioUids": ["2"], "subscribeVideoUids": ["1"]}, {"1a", "3a", "1v"}),
        (
            {"subscribeAudioUids": ["#allstream#"], "unSubscribeVideoUids": ["1", "2"]},
            {"1a", "2a", "3a", "3v"},
        ),
    ],
)
def test_subscription_lists(caller: Any, emulator: Emulator, lists: Any, expected: set[str]) -> None:
    """Allow lists, deny lists, everyone; a list for one medium turns the other off."""
    for uid in (1, 2, 3):
        emulator.channel("lesson-42").join(uid)
    call = caller.begin("individual", caller.request("individual", recordingConfig={"channelType": 0, **lists}))
    emulator.clock.advance(18)
    files = call.state()["fileList"]
    assert {file["uid"] + file["trackType"][0] for file in files} == expected


def test_a_stream_that_stops_closes_its_slice(caller: Any, emulator: Emulator) -> None:
    """A short piece is finished when its stream stops; the next begins when the stream comes back."""
    channel = emulator.channel("lesson-42")
    channel.join(7, video=False)
    call = caller.begin("individual")
    emulator.clock.advance(8)
    assert listed(call) == []
    channel.mute(7)
    assert listed(call) == ["__uid_s_7__uid_e_audio.m3u8"]
    emulator.clock.advance(2)
    channel.unmute(7, audio=True)
    emulator.clock.advance(15)
    assert names(emulator, call, ".ts") == [
        "__uid_s_7__uid_e_audio_20260101000003000.ts",
        "__uid_s_7__uid_e_audio_20260101000010000.ts",
    ]


def test_the_mix_goes_on_while_anybody_sends(caller: Any, emulator: Emulator) -> None:
    """One user after the other is one run of media."""
    channel = emulator.channel("lesson-42")
    channel.join(1)
    call = caller.begin()
    emulator.clock.advance(10)
    channel.join(2)
    channel.leave(1)
    emulator.clock.advance(8)
    assert names(emulator, call, ".ts") == ["_20260101000003000.ts"]


def test_screenshots_alone(caller: Any, emulator: Emulator) -> None:
    """query gives status and sliceStartTime; the bucket holds a picture every captureInterval."""
    emulator.channel("lesson-42").join(101)
    call = caller.begin("individual", caller.request("individual", snapshotConfig=SHOTS))
    emulator.clock.advance(14)
    assert call.state() == {"status": 5, "sliceStartTime": round(emulator.clock.time.timestamp() - 11) * 1000}
    assert names(emulator, call) == [
        "__uid_s_101__uid_e_video_20260101000003000.jpg",
        "__uid_s_101__uid_e_video_20260101000008000.jpg",
        "__uid_s_101__uid_e_video_20260101000013000.jpg",
    ]
    assert call.stop().json()["serverResponse"] == {"uploadingStatus": "uploaded"}


def test_screenshots_beside_a_recording(caller: Any, emulator: Emulator) -> None:
    """With recordingFileConfig both are made; then the files are told of by webhook alone, as the pages have it."""
    request = caller.request("individual", snapshotConfig=SHOTS, recordingFileConfig={})
    call = caller.begin("individual", request)
    emulator.clock.advance(18)
    assert "fileList" not in call.state()
    assert names(emulator, call, ".jpg")
    assert names(emulator, call, ".m3u8")
    assert names(emulator, call, ".ts")
    assert call.stop().json()["serverResponse"] == {"uploadingStatus": "uploaded"}


def test_web(caller: Any, emulator: Emulator) -> None:
    """The web recorder starts after five seconds and lists its files by `filename`."""
    call = caller.begin("web", caller.request("web", recordingFileConfig=MP4))
    (service,) = call.state()["extensionServiceState"]
    assert service == {
        "serviceName": "web_recorder_service",
        "payload": {"fileList": [], "onhold": False, "state": "init"},
    }
    emulator.clock.advance(20)
    (service,) = call.state()["extensionServiceState"]
    start = round(emulator.clock.time.timestamp() - 15) * 1000
    assert service["payload"] == {
        "fileList": [
            {"filename": f"{call.sid}_lesson-42_0.mp4", "sliceStartTime": start},
            {"filename": f"{call.sid}_lesson-42.m3u8", "sliceStartTime": start},
        ],
        "onhold": False,
        "state": "inProgress",
    }


@pytest.mark.parametrize("bare", [False, True])
def test_files_are_listed_with_their_folders(caller_of: Any, bare: bool) -> None:
    """fileNamePrefix says where in the bucket; special characters of cname are gone."""
    emulator = Emulator(bare_names=bare)
    caller = caller_of(emulator)
    storage = caller.storage(fileNamePrefix=["year1", "class2"])
    call = caller.begin(request=caller.request(storageConfig=storage), cname="a_b c!")
    emulator.clock.advance(18)
    assert call.state()["fileList"] == ("" if bare else "year1/class2/") + f"{call.sid}_a-b c-.m3u8"
    assert emulator.recording(call.sid).keys == (
        f"year1/class2/{call.sid}_a-b c-.m3u8",
        f"year1/class2/{call.sid}_a-b c-_20260101000003000.ts",
    )


def test_default_streams_are_an_option(caller_of: Any) -> None:
    """Who is in a channel that nobody described can be chosen."""
    emulator = Emulator(default_streams=[Stream(5, video=False)])
    call = caller_of(emulator).begin("individual")
    emulator.clock.advance(18)
    assert listed(call) == ["__uid_s_5__uid_e_audio.m3u8"]


RUNS = st.lists(st.tuples(st.integers(1, 50), st.integers(1, 100)), max_size=8)


@given(RUNS, st.integers(1, 60))
def test_no_file_is_longer_than_its_limit(lengths: list[tuple[int, int]], limit: int) -> None:
    """Split media makes as many files as needed, each begun inside a run."""
    runs, at = [], 0
    for gap, length in lengths:
        runs.append(Run(at + gap, at + gap + length, closed=True))
        at += gap + length
    begins = list(split(runs, limit))
    total = sum(run.end - run.start for run in runs)
    assert len(begins) == -(-total // limit)
    assert begins == sorted(set(begins))
    assert all(any(run.start <= begin < run.end for run in runs) for begin in begins)
