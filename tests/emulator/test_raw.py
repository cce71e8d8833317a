"""Recordings in `raw` mode: a playlist with sound and picture for each user, MP4, MP3, and DASH."""

from __future__ import annotations

from typing import Any

import pytest

from cloudrec import UploadingStatus, parse_file_name
from cloudrec.emulator import Emulator

SHOTS = {"captureInterval": 5, "fileType": ["jpg"]}


def request(caller: Any, *files: str, **config: Any) -> Any:
    """A start that asks for these kinds of files."""
    return caller.request(
        "raw", recordingFileConfig={"avFileType": list(files)}, recordingConfig={"channelType": 0, **config}
    )


def names(emulator: Emulator, call: Any, *, listed: bool | None = None) -> list[str]:
    """File names without the part that every name begins with."""
    files = emulator.recording(call.sid).files
    return [
        file.name.removeprefix(f"{call.sid}_lesson-42__uid_s_")
        for file in files
        if listed is None or file.listed == listed
    ]


def test_one_playlist_for_each_user(caller: Any, emulator: Emulator) -> None:
    """Sound and picture are in one; slices name their codec after their time."""
    call = caller.begin("raw")
    emulator.clock.advance(18)
    start = round(emulator.clock.time.timestamp() - 15) * 1000
    assert call.state() == {
        "status": 5,
        "fileListMode": "json",
        "fileList": [
            {
                "fileName": f"{call.sid}_lesson-42__uid_s_{uid}__uid_e_H264.m3u8",
                "trackType": "audio_and_video",
                "uid": uid,
                "mixedAllUser": False,
                "isPlayable": True,
                "sliceStartTime": start,
            }
            for uid in ("101", "102")
        ],
        "sliceStartTime": start,
    }
    slices = [f"{uid}__uid_e_20260101000003000_H264.ts" for uid in (101, 102)]
    assert names(emulator, call, listed=False) == slices


def test_who_sends_sound_and_then_a_picture_too_has_one_playlist(caller: Any, emulator: Emulator) -> None:
    channel = emulator.channel("lesson-42")
    channel.join(7, video=False)
    call = caller.begin("raw")
    emulator.clock.advance(10)
    channel.unmute(7, video=True)
    emulator.clock.advance(10)
    assert names(emulator, call, listed=True) == ["7__uid_e_H264.m3u8"]


@pytest.mark.parametrize(
    ("codec", "listed", "slice_"),
    [
        ("H.264", ["0_H.264.mp4", "H.264.m3u8"], "20260101000003000_H.264.ts"),
        ("h265", ["0_h265.mp4", "h265.m3u8"], "20260101000003000_h265.ts"),
        ("av1", ["av1.m3u8"], "20260101000003000_av1.ts"),
        ("vp8", ["vp8.mpd"], "0_1_vp8.webm"),
        ("VP-9", ["VP-9.mpd"], "0_1_VP-9.webm"),
    ],
)
def test_formats_by_codec(caller: Any, emulator: Emulator, codec: str, listed: list[str], slice_: str) -> None:
    """HLS of H.264, H.265 and AV1, DASH of VP8 and VP9, MP4 of the first two; the codec as the test spells it."""
    emulator.channel("lesson-42").join(7, codec=codec)
    call = caller.begin("raw", request(caller, "hls", "mp4"))
    emulator.clock.advance(20)
    assert names(emulator, call, listed=True) == [f"7__uid_e_{name}" for name in listed]
    assert names(emulator, call, listed=False) == [f"7__uid_e_{slice_}"]
    emulator.channel("lesson-42").mute(7)  # and comes back with the same
    emulator.clock.advance(1)
    emulator.channel("lesson-42").unmute(7)
    emulator.clock.advance(20)
    assert {parse_file_name(key).codec for key in emulator.recording(call.sid).keys} == {codec}


def test_segments_are_numbered_in_their_stream(caller: Any, emulator: Emulator) -> None:
    emulator.channel("lesson-42").join(7, codec="VP8")
    call = caller.begin("raw")
    emulator.clock.advance(48)
    assert names(emulator, call, listed=False) == [f"7__uid_e_0_{number}_VP8.webm" for number in (1, 2, 3)]


@pytest.mark.parametrize(
    ("files", "expected"),
    [
        (["mp4"], ["0_H264.mp4"]),
        (["mp3"], ["0_MP3.mp3"]),
        (["hls", "mp3"], ["0_MP3.mp3", "H264.m3u8"]),
        (["mp4", "hls"], ["0_H264.mp4", "H264.m3u8"]),
    ],
)
def test_what_nobody_speaks_of_is_not_refused(
    caller: Any, emulator: Emulator, files: list[str], expected: list[str]
) -> None:
    """MP4 alone, and MP3 beside HLS: that is made which is asked for."""
    emulator.channel("lesson-42").join(7)
    call = caller.begin("raw", request(caller, *files))
    emulator.clock.advance(20)
    assert names(emulator, call, listed=True) == [f"7__uid_e_{name}" for name in expected]


def test_sound_alone(caller: Any, emulator: Emulator) -> None:
    emulator.channel("lesson-42").join(7)
    call = caller.begin("raw", request(caller, "hls", "mp3", streamTypes=0))
    emulator.clock.advance(20)
    assert names(emulator, call, listed=True) == ["7__uid_e_0_MP3.mp3", "7__uid_e_AAC.m3u8"]
    assert {file["trackType"] for file in call.state()["fileList"]} == {"audio"}


def test_a_new_mp4_of_each_user_begins(caller: Any, emulator: Emulator) -> None:
    emulator.channel("lesson-42").join(7)
    call = caller.begin("raw", request(caller, "hls", "mp4"))
    emulator.clock.advance(2.5 * 3600)
    assert names(emulator, call, listed=True) == ["7__uid_e_0_H264.mp4", "7__uid_e_1_H264.mp4", "7__uid_e_H264.m3u8"]


@pytest.mark.parametrize("alone", [True, False])
def test_screenshots(caller: Any, emulator: Emulator, alone: bool) -> None:
    """Named by their time, without a type; of whoever sends a picture."""
    channel = emulator.channel("lesson-42")
    channel.join(7)
    channel.join(8, video=False)
    files = {} if alone else {"recordingFileConfig": {}}
    call = caller.begin("raw", caller.request("raw", snapshotConfig=SHOTS, **files))
    emulator.clock.advance(20)
    shots = [name for name in names(emulator, call) if name.endswith("jpg")]
    assert shots == [f"7__uid_e_20260101000{moment}000.jpg" for moment in ("003", "008", "013", "018")]
    assert any(name.endswith("m3u8") for name in names(emulator, call)) is not alone
    assert "fileList" not in call.state()
    assert call.state()["status"] == 5


def test_after_a_move(caller: Any, emulator: Emulator) -> None:
    """Names gain `bak0_`, those of segments are counted anew."""
    emulator.channel("lesson-42").join(7, codec="VP8")
    call = caller.begin("raw")
    emulator.clock.advance(20)
    emulator.failover(call.sid, 30, rename=True)
    emulator.clock.advance(20)
    stem = f"{call.sid}_lesson-42__uid_s_7__uid_e"
    found = {file.name for file in emulator.recording(call.sid).files}
    # What was being written when it moved was closed.
    assert found == {
        f"{stem}_VP8.mpd", f"bak0_{stem}_VP8.mpd",
        f"{stem}_0_1_VP8.webm", f"{stem}_0_2_VP8.webm", f"bak0_{stem}_0_1_VP8.webm",
    }  # fmt: skip


@pytest.mark.parametrize("scene", [{}, {"scene": 0}, {"scene": 1}])
def test_the_scene_of_acquire_is_not_looked_at(caller: Any, emulator: Emulator, scene: Any) -> None:
    call = caller.begin("raw", **scene)
    emulator.clock.advance(20)
    assert call.state()["status"] == 5


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"recordingConfig": {"channelType": 0, "streamMode": "standard"}}, "recordingConfig.streamMode"),
        ({"extensionServiceConfig": {"extensionServices": []}}, "extensionServiceConfig"),
    ],
)
def test_what_this_mode_does_not_take(caller: Any, changes: Any, field: str) -> None:
    call = caller.acquire("raw")
    response = call.start(caller.request("raw", **changes))
    assert (response.status_code, response.json()["code"]) == (400, 2)
    assert field in response.json()["reason"]


@pytest.mark.parametrize(
    ("mode", "changes", "scene"),
    [
        ("raw", {}, "rtsc/raw-recording"),
        ("individual", {}, "rtc_record"),
        ("individual", {"snapshotConfig": SHOTS}, "rtc_snapshot"),
        ("mix", {}, "mix_record"),
        ("web", {}, "web_record"),
    ],
)
def test_events_say_which_kind_of_recording_they_are_of(caller_of: Any, mode: str, changes: Any, scene: str) -> None:
    emulator = Emulator(webhook_url="http://127.0.0.1:9/")
    try:
        caller = caller_of(emulator)
        caller.begin(mode, caller.request(mode, **changes))
        emulator.clock.advance(20)
        told = emulator.notices
    finally:
        emulator.stop()
    assert {notice.payload["serviceScene"] for notice in told} == {scene}


def test_stranded_is_a_status_of_its_own() -> None:
    assert UploadingStatus("stranded") is UploadingStatus.STRANDED
