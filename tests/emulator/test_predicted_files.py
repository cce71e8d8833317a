"""Whole recordings: the client reads every name in the bucket, and predicted those that are no matter of moments."""

from __future__ import annotations

from typing import Any

import pytest

from cloudrec.emulator import Emulator
from cloudrec.files import key_prefixes, object_key, parse_file_name, predict_files, types_recorded

MP4 = {"recordingFileConfig": {"avFileType": ["hls", "mp4"]}}
SHOTS = {"snapshotConfig": {"captureInterval": 5, "fileType": ["jpg"]}}


def individual(**config: Any) -> dict[str, Any]:
    """A start of an individual recording."""
    return {"recordingConfig": {"channelType": 0, **config}}


@pytest.mark.parametrize(
    ("mode", "request_", "arguments"),
    [
        ("mix", {}, {}),
        ("mix", MP4, {"file_types": ["hls", "mp4"]}),
        ("web", {}, {}),
        ("web", MP4, {"file_types": ["hls", "mp4"]}),
        ("individual", individual(), {"types": types_recorded()}),
        ("individual", individual(streamTypes=0), {"types": types_recorded(0)}),
        ("individual", individual(streamTypes=1), {"types": types_recorded(1)}),
        ("individual", individual(streamMode="standard"), {"types": types_recorded(2, "standard")}),
        ("individual", individual(streamTypes=0, streamMode="original"), {"types": types_recorded(0, "original")}),
        ("raw", {}, {"codecs": ["H264"]}),
        ("raw", MP4, {"file_types": ["hls", "mp4"], "codecs": ["H264"]}),
        ("raw", {**SHOTS, "recordingFileConfig": {}}, {"file_types": ["hls", "jpg"], "codecs": ["H264"]}),
        ("individual", {**SHOTS, "recordingFileConfig": {}}, {"file_types": ["hls", "jpg"]}),
        ("individual", SHOTS, {"file_types": ["jpg"]}),
    ],
    ids=str,
)
@pytest.mark.parametrize("moves", [0, 1, 2])
def test_what_a_recording_leaves(
    caller: Any, emulator: Emulator, mode: str, request_: Any, arguments: Any, moves: int
) -> None:
    """Every name is read as what it is; what the service lists, and only that, was predicted."""
    cname, prefix = "a_b c!", ["lessons", "42"]
    by_user = mode in ("individual", "raw")
    uids = {"uids": ["101", "102"]} if by_user else {}
    request = caller.request(mode, storageConfig=caller.storage(fileNamePrefix=prefix), **request_)
    call = caller.begin(mode, request, cname=cname)
    emulator.clock.advance(60)
    for _ in range(moves):
        emulator.failover(call.sid, 30, rename=True)
        emulator.clock.advance(60)
    call.stop()
    files = emulator.recording(call.sid).files
    assert files
    for file in files:
        read = parse_file_name(file.key)
        assert (read.name, read.prefix, read.sid, read.cname) == (file.name, ("lessons", "42"), call.sid, "a-b c-")
        assert read.uid == (file.uid if by_user else None)
        assert read.key == file.key == object_key(prefix, file.name)
        assert file.key.startswith(key_prefixes(call.sid, prefix=prefix, failovers=moves))
        if read.type is not None and file.track_type != "image" and not read.name.endswith("av.m3u8"):
            assert read.type == file.track_type
        if read.time is not None:
            assert round(read.time.timestamp() * 1000) == file.slice_start_time
        assert file.listed == (read.is_playlist or read.extension == "mp4")
    predicted = predict_files(mode=mode, sid=call.sid, cname=cname, prefix=prefix, failovers=moves, **uids, **arguments)
    listed = {file.key for file in files if file.listed}
    as_ruled = {file.key for file in predicted if file.cname == "a-b c-" and file.extension != "mpd"}
    assert as_ruled == listed
