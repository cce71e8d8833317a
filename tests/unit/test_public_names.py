"""What other people's programs may rely on: the names, and that the sync and the async client are one interface."""

from __future__ import annotations

import inspect
import re
import subprocess
import sys
from typing import Any, is_typeddict

import pytest

import cloudrec
from cloudrec import AsyncCloudRecording, CloudRecording
from tests.support import each

# Whoever adds a name adds it here; whoever takes one away breaks programs.
NAMES = """
AbortPolicy AccessToken AccountInactiveError AlibabaOSS AlibabaRegion AlreadyStartedError AlreadyStoppingError
AppNotEnabledError AppsCollection Area AsyncCloudRecording AsyncIndividualRecording AsyncMixRecording
AsyncRawRecording AsyncWebRecording Attempt AudioChannels AudioProfile AudioSampleRate AudioUidList
AuthenticationError AvFileType AzureBlob Background BadRequestError BaiduBOS BaiduRegion BasicAuth BestFit CdnPush
ChannelType ClientClosedError CloudRecording CloudRecordingError CombinationPolicy ConfigurationError ContainerFormat
CrossRegion Custom DecryptionMode DeferredTranscoding Encryption Explanation Explanations ExtensionServiceConfig
FileListMode
FileName FleetDatabaseError FleetError
Floating GoogleCloudStorage HandleError HuaweiOBS HuaweiRegion IgnorePolicy IndividualAvFileType
IndividualRecording IndividualRecordingConfig IndividualRecordingFileConfig IndividualStartClientRequest
InvalidRequestError InvalidResourceError InvalidResponseError Layout LayoutRegion MixRecording MixRecordingConfig
MixStartClientRequest MixedVideoLayout Mode NetworkError NotCompletedError Pace PermissionDeniedError Preview Problem
PublishStatus RateLimit RateLimitError RawAvFileType RawRecording RawRecordingConfig RawRecordingFileConfig
RawStartClientRequest RecordOptions RecordingEnded RecordingFileConfig RecordingHandle RecordingMayBeRunningError
RecordingNotStartedError RecordingNotStoppedError RecordingResult RecordingStatus Region RegionAffinity RenderMode
RequestTimeoutError RequestWarning ResultFile Retry RouteNotFoundError RtmpOutput RtmpPublishConfig RtmpPublishService
RtmpPublishServiceParam S3 S3Compatible S3Region SQLiteRateLimit Scene ServerSideEncryption ServiceError ServiceRegion
ServiceScene ServiceState ServiceTimeoutError ServiceUnavailableError SnapshotConfig SnapshotFileType Snapshots
Storage StorageCheck StorageCheckError StorageConfig StorageExtensionParams StorageProblem StorageVendor StreamMode
StreamSubscribe StreamTypes SubscribeUidGroup Subscription TaskConflictError TaskNotFoundError TencentCOS
TencentRegion Timeouts TokenExpiryWarning TooManyRecordingsError TrackType TransConfig TransMode TranscodeAudio
TranscodeContainer TranscodeOptions Transcoding TranscodingConfig UploadingStatus UserBackground Vertical
VideoStreamType VideoUidList WaitTimeoutError WebPage WebRecorderService WebRecorderServiceParam WebRecording
WebRecordingConfig WebStartClientRequest __version__ everyone everyone_but explain grid key_prefixes nobody only
parse_file_name picture_in_picture predict_files screen_share_with_camera side_by_side speaker_with_strip
AsyncRecordingPair IndividualRecipe LaunchOptions MixRecipe Named RawRecipe Recipe RecipeError RecordingPair WebRecipe
""".split()

PARTS = {"individual", "mix", "raw", "web"}


def test_names() -> None:
    """The package exports these names and no others."""
    assert sorted(cloudrec.__all__) == sorted(NAMES)
    assert len(set(cloudrec.__all__)) == len(cloudrec.__all__)
    modules = "answers errors files layouts results storage subscriptions values webhooks".split()
    assert sorted(dir(cloudrec)) == sorted([*NAMES, *modules])


@each("name", NAMES)
def test_name(name: str) -> None:
    """Every exported name is there, also those that are only read when they are asked for."""
    value = getattr(cloudrec, name)
    assert value is getattr(cloudrec, name)
    if name in {"LaunchOptions", "RecordingHandle", "RecordOptions"}:
        assert is_typeddict(value)
    elif name[0].isupper():
        assert isinstance(value, type)
    else:
        assert callable(value) or name == "__version__"


def test_star_import() -> None:
    """`from cloudrec import *` brings exactly the exported names."""
    space: dict[str, Any] = {}
    exec("from cloudrec import *", space)
    assert set(space) - {"__builtins__"} == set(NAMES)


def test_names_that_are_not_there() -> None:
    """Another name is an AttributeError, as in any module; hasattr works."""
    assert not hasattr(cloudrec, "StorageConfigg")
    with pytest.raises(AttributeError, match="has no attribute 'AcquireRequest'"):
        cloudrec.AcquireRequest  # noqa: B018
    # Nor does a folder make up a name because it reads two of its modules late.
    assert not hasattr(cloudrec._call, "answers")


def public(thing: Any) -> dict[str, Any]:
    """Public members of a class."""
    return {name: value for name, value in inspect.getmembers(thing) if not name.startswith("_")}


def interfaces() -> list[tuple[Any, Any]]:
    """The async and the sync classes, by pairs."""
    asynchronous = AsyncCloudRecording("app", cloudrec.BasicAuth("id", "secret"), area="US")
    synchronous = CloudRecording("app", cloudrec.BasicAuth("id", "secret"), area="US")
    parts = [(type(getattr(asynchronous, part)), type(getattr(synchronous, part))) for part in sorted(PARTS)]
    recordings = [
        (cloudrec.AsyncIndividualRecording, cloudrec.IndividualRecording),
        (cloudrec.AsyncMixRecording, cloudrec.MixRecording),
        (cloudrec.AsyncRawRecording, cloudrec.RawRecording),
        (cloudrec.AsyncWebRecording, cloudrec.WebRecording),
    ]
    pairs = [(cloudrec.AsyncRecordingPair, cloudrec.RecordingPair)]
    return [(AsyncCloudRecording, CloudRecording), *parts, *recordings, *pairs]


@pytest.mark.parametrize("place", range(10))
def test_sync_and_async_are_one_interface(place: int) -> None:
    """The same methods with the same parameters and defaults; only `close` is `aclose`."""
    asynchronous, synchronous = interfaces()[place]
    renamed = {"aclose": "close"}
    assert {renamed.get(name, name) for name in public(asynchronous)} == set(public(synchronous))
    for name, method in public(asynchronous).items():
        twin = getattr(synchronous, renamed.get(name, name))
        if not callable(method):
            continue
        ours, theirs = inspect.signature(method), inspect.signature(twin)
        assert [(item.name, item.kind, item.default) for item in ours.parameters.values()] == [
            (item.name, item.kind, item.default) for item in theirs.parameters.values()
        ]
        # A `record` may be awaited or entered; `feed` and what makes a client or a recording do no I/O.
        is_plain = name in {"from_env", "record", "attach", "feed", "watch", "to_dict"}
        assert inspect.iscoroutinefunction(method) != is_plain
        assert not inspect.iscoroutinefunction(twin)
        told = re.sub(r"Starting\[(\w+)\]", r"\1", str(ours.return_annotation).replace("Async", ""))
        assert told == str(theirs.return_annotation).replace(", None, None]", ", None]")  # what a Generator is sent


def test_calls() -> None:
    """Each client has the calls of the API; a mode has those that it takes."""
    calls = {"acquire", "start", "query", "update", "stop", "attach"}
    client = {"from_env", "api", "app_id", "close", "ncs_ips", "update_layout", "record"} | PARTS | calls
    mode = calls | {"record"}
    asked = {"query", "wait_until", "watch", "ended", "last_seen", "last_status", "feed", "current_uid"}
    known = {"handle", "files", "users", "to_dict", "mode", "cname", "uid", "resource_id", "sid", "result"}
    recording = asked | known | {"update_storage", "stop"}
    assert [set(public(synchronous)) for _, synchronous in interfaces()] == [
        client,
        mode,
        mode | {"update_layout"},
        mode,
        mode,
        recording | {"subscribe"},
        recording | {"subscribe", "layout"},
        recording | {"subscribe"},
        recording | {"pause", "resume", "push_to"},
        known - {"handle", "files", "users", "uid", "resource_id", "sid", "result"}
        | {"first", "spare", "recorders", "handles", "results", "feed", "update_storage", "stop"}
        | {"subscribe", "layout", "pause", "resume", "push_to"},
    ]


def test_everything_public_has_a_docstring() -> None:
    """Every public class and method says what it is."""
    from cloudrec import answers, errors, files, layouts, results, storage, subscriptions, values, webhooks

    for module in (answers, errors, files, layouts, results, storage, subscriptions, values, webhooks):
        for name, thing in public(module).items():
            if isinstance(thing, type) and thing.__module__ == module.__name__:
                assert thing.__doc__, name
                for member, value in public(thing).items():
                    assert not isinstance(value, property) or value.__doc__, (name, member)
    for asynchronous, synchronous in interfaces():
        for kind in (asynchronous, synchronous):
            assert all(value.__doc__ for value in public(kind).values() if callable(value))


def test_import_is_light() -> None:
    """`import cloudrec` reads neither the emulator nor what only it needs, nor models that are not used."""
    program = "import sys, cloudrec; print(*sys.modules)"
    loaded = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True).stdout.split()
    heavy = {"starlette", "uvicorn", "jsonschema", "argparse", "rich", "yaml", "cloudrec.emulator", "cloudrec.cli"}
    httpx = subprocess.run(
        [sys.executable, "-c", "import sys, httpx; print(*sys.modules)"], capture_output=True, text=True, check=True
    ).stdout.split()
    assert not heavy & (set(loaded) - set(httpx))
    assert "cloudrec_api.models.storage_config" not in loaded


def test_emulator_and_client_do_not_know_each_other() -> None:
    """The client works where the emulator's extra is not installed."""
    program = (
        "import sys\n"
        "for name in ('starlette', 'uvicorn', 'jsonschema'): sys.modules[name] = None\n"
        "from cloudrec import *\n"
        "import cloudrec.answers, cloudrec.results, cloudrec.errors, cloudrec.cli\n"
        "CloudRecording('app', BasicAuth('a', 'b'), area='EU').close()\n"
    )
    done = subprocess.run([sys.executable, "-W", "error", "-c", program], capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (0, "")
