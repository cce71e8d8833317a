"""`cloudrec record-fixtures`: a session with the service, written as fixtures without secrets."""
# ruff: noqa: T201 (a command prints)

import argparse
import json
import random
import sys
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path
from time import sleep
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from .. import CloudRecording

_MORE = (
    "The recordings are real: the provider bills them, and their files go to the bucket. AGORA_APP_ID,"
    " AGORA_CUSTOMER_ID, AGORA_CUSTOMER_SECRET and AGORA_AREA, or AGORA_BASE_URL in its place, are read from the"
    " environment. Somebody should be in the channel, and send."
    " A program of your own is recorded with cloudrec.fixtures.Recorder."
)


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Give a parser the command's options."""
    parser.epilog = _MORE
    parser.add_argument("folder", metavar="FOLDER", type=Path, help="where the fixtures go")
    parser.add_argument(
        "--storage",
        metavar="FILE",
        type=Path,
        required=True,
        help="JSON file with the storageConfig, as the API has it",
    )
    parser.add_argument("--mode", action="append", metavar="MODE", help="individual, mix, web, …; all if left out")
    parser.add_argument("--channel", default="cloudrec-fixtures", metavar="NAME", help="channel to record")
    parser.add_argument("--token-file", type=Path, metavar="FILE", help="file with the token, where one is needed")
    parser.add_argument("--uid", type=int, metavar="UID", help="user ID of the recorder, of the token's")
    parser.add_argument("--page", default="https://example.com/", metavar="URL", help="page to record in web mode")
    parser.add_argument("--seconds", type=float, default=30, metavar="N", help="how long each of them is recorded")
    parser.add_argument("--base-url", metavar="URL", help="another host than the area's, such as an emulator's")


def run(options: argparse.Namespace) -> int:
    """Record; the exit code: 1 if a call failed or nothing could be written, 2 for wrong settings."""
    from .. import CloudRecording, CloudRecordingError, ConfigurationError
    from ..fixtures import Recorder

    recorder = Recorder(options.folder)
    try:
        storage = json.loads(options.storage.read_text(encoding="utf-8-sig"))
        token = options.token_file and options.token_file.read_text(encoding="utf-8-sig").strip()
        with (
            recorder.http_client() as http_client,
            CloudRecording.from_env(base_url=options.base_url, http_client=http_client) as client,
        ):
            failed = list(_sessions(client, options, storage, token))
            written = recorder.write()
    except (OSError, ValueError, ConfigurationError) as error:
        print(f"cloudrec record-fixtures: {error}", file=sys.stderr)
        return 2
    except CloudRecordingError as error:
        print(f"cloudrec record-fixtures: {error}", file=sys.stderr)
        return 1
    for line in failed:
        print(f"cloudrec record-fixtures: {line}", file=sys.stderr)
    for path in written:
        print(path)
    return 1 if failed else 0


def _sessions(
    client: "CloudRecording",
    options: argparse.Namespace,
    storage: Any,
    token: str | None,
) -> Iterator[str]:
    """The life of a recording in each mode; what failed."""
    from .. import CloudRecordingError, Mode

    for mode in options.mode or map(str, Mode):
        uid = options.uid or random.randint(1, 2**31 - 1)
        try:
            yield from lifecycle(
                client, mode, options.channel, uid, storage=storage, token=token, page=options.page,
                seconds=options.seconds, wait=sleep,
            )  # fmt: skip
        except CloudRecordingError as error:
            yield f"{mode}: {error}"
    client.ncs_ips()


def lifecycle(
    client: "CloudRecording",
    mode: str,
    channel: str,
    uid: int,
    *,
    storage: Any,
    token: str | None,
    page: str,
    seconds: float,
    wait: Callable[[float], None],
) -> Iterator[str]:
    """One recording, with every call that its mode has; what failed on the way. Whatever happens, it is stopped."""
    from .. import CloudRecordingError

    calls: Any = getattr(client, mode)
    start: dict[str, Any] = {"storage_config": storage} | ({"token": token} if token else {})
    subscribe = {"audioUidList": {"subscribeAudioUids": ["#allstream#"]}}
    updates: list[tuple[str, dict[str, Any]]] = [("update", {"stream_subscribe": subscribe})]
    if mode == "web":
        service = {"url": page, "audioProfile": 0, "videoWidth": 1280, "videoHeight": 720, "maxRecordingHour": 1}
        start["extension_service_config"] = {
            "extensionServices": [{"serviceName": "web_recorder_service", "serviceParam": service}]
        }
        updates = [("update", {"web_recording_config": {"onhold": onhold}}) for onhold in (True, False)]
    else:
        start["recording_config"] = {"channelType": 1, "streamTypes": 2, "maxIdleTime": max(60, 2 * round(seconds))}
        start["recording_file_config"] = {"avFileType": ["hls", "mp4"] if mode == "mix" else ["hls"]}
    if mode == "mix":
        updates.append(("update_layout", {"mixed_video_layout": 1, "background_color": "#202020"}))

    resource_id = calls.acquire(channel, uid).resource_id
    sid = calls.start(resource_id, channel, uid, **start).sid
    recording = (resource_id, sid)
    try:
        wait(10)
        calls.query(*recording)
        for name, arguments in updates:
            try:
                getattr(calls, name)(*recording, channel, uid, **arguments)
            except CloudRecordingError as error:
                yield f"{mode}: {error}"
        wait(seconds)
        calls.query(*recording)
    finally:
        calls.stop(*recording, channel, uid)
    # What a recording that is over answers is worth knowing, too.
    with suppress(CloudRecordingError):
        client.query(*recording, mode, retry=None)
