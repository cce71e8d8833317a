"""What a value refuses, the same as a dict is refused, and the other way round; and all time is of one clock."""

from __future__ import annotations

import inspect
import warnings
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import anyio
import httpx
import pytest
from hypothesis import given, strategies as st

import cloudrec
from cloudrec import (
    S3,
    AlibabaOSS,
    AsyncCloudRecording,
    AzureBlob,
    BaiduBOS,
    CdnPush,
    CloudRecording,
    CloudRecordingError,
    Custom,
    DeferredTranscoding,
    Encryption,
    GoogleCloudStorage,
    HuaweiOBS,
    InvalidRequestError,
    Layout,
    RequestWarning,
    S3Compatible,
    Snapshots,
    TencentCOS,
    Transcoding,
    WebPage,
    everyone_but,
    only,
)
from cloudrec._call import requests
from cloudrec._contract.rules import rules
from cloudrec._contract.wire import on_wire, to_wire
from cloudrec.emulator import Emulator
from cloudrec_api.models import Mode
from tests.bodies import LAYOUT, PAGE, PUSH, SALT, STARTS, Place, changed, without
from tests.support import APP_ID, CNAME, CREDENTIAL, RESOURCE_ID, SID, STORAGE, UID, Json, each, some_of

Make = Callable[[Any], Any]
# By what a field of `storageConfig` is called there, how a value of each vendor is given it.
Lent = dict[str, Any]
END = 1893456000
VENDORS: dict[int, Callable[[Json], Any]] = {
    1: lambda wire: S3(wire["bucket"], wire["region"], wire["accessKey"], wire["secretKey"], **lent(wire),
                       sse=wire["extensionParams"]["sse"], tag=wire["extensionParams"]["tag"]),
    2: lambda wire: AlibabaOSS(wire["bucket"], wire["region"], wire["accessKey"], wire["secretKey"], **lent(wire),
                               tag=wire["extensionParams"]["tag"]),
    3: lambda wire: TencentCOS(wire["bucket"], wire["region"], wire["accessKey"], wire["secretKey"], **lent(wire)),
    5: lambda wire: AzureBlob(wire["bucket"], wire["accessKey"], wire["secretKey"], prefix=wire["fileNamePrefix"]),
    6: lambda wire: GoogleCloudStorage(wire["bucket"], wire["accessKey"], wire["secretKey"],
                                       prefix=wire["fileNamePrefix"]),
    7: lambda wire: HuaweiOBS(wire["bucket"], wire["region"], wire["accessKey"], wire["secretKey"],
                              prefix=wire["fileNamePrefix"]),
    8: lambda wire: BaiduBOS(wire["bucket"], wire["region"], wire["accessKey"], wire["secretKey"],
                             prefix=wire["fileNamePrefix"]),
    11: lambda wire: S3Compatible(wire["extensionParams"]["endpoint"], wire["bucket"], wire["accessKey"],
                                  wire["secretKey"], prefix=wire["fileNamePrefix"]),
}  # fmt: skip


def lent(wire: Json) -> Lent:
    """The arguments of short-lived credentials."""
    ends = wire["stsExpiration"]
    return {
        "prefix": wire["fileNamePrefix"],
        "session_token": wire["stsToken"],
        "expires_at": datetime.fromtimestamp(ends, UTC) if isinstance(ends, int) else ends,
    }


def good(vendor: int) -> Json:
    """A `storageConfig` that has every field which the vendor takes."""
    made: Json = {
        "vendor": vendor, "region": 1, "bucket": "lessons-1", "accessKey": "access1", "secretKey": "c2VjcmV0",
        "fileNamePrefix": ["lessons"],
    }  # fmt: skip
    if vendor in (5, 6, 11):
        del made["region"]
    if vendor in (1, 2, 3):
        made |= {"stsToken": "token", "stsExpiration": END}
    if vendor in (1, 2):
        made["extensionParams"] = {"tag": "t", **({"sse": "kms"} if vendor == 1 else {})}
    if vendor == 11:
        made["extensionParams"] = {"endpoint": "s3.example.com"}
    return made


WRONG = [
    "", " ", "a b", " a", "a\n", "é", "a/b", "a..b", "A", "Aa", "a", "ab", "-a", "a_b", "https://x.test/b", "x" * 300,
    "a:99999", "AKIA1", "LTAI1", "AKID1", "GOOG1", "a.b", "\ud800", None, 7, 0, -1, 999, [], ["a/b"], ["x" * 200], True,
    {}, 1.5, "kms", "aes256", "md5", "c2VjcmV0", "host:9000",
]  # fmt: skip
FIELDS = [
    (vendor, path)
    for vendor in VENDORS
    for path in [
        *((name,) for name in good(vendor) if name not in ("vendor", "extensionParams")),
        *(("extensionParams", name) for name in good(vendor).get("extensionParams", {})),
    ]
]


def refused(make: Callable[[], object]) -> bool:
    """Whether it is refused."""
    try:
        make()
    except InvalidRequestError:
        return True
    return False


def start(storage: Json, **fields: Json) -> None:
    """A start by this storage, as far as to a call."""
    requests.start(APP_ID, RESOURCE_ID, Mode.MIX, CNAME, UID, {"storageConfig": storage, **fields})


@pytest.mark.parametrize("vendor", VENDORS)
def test_the_storages_are_good(vendor: int) -> None:
    """Before they are spoiled; and the value says the same."""
    start(good(vendor))
    value = VENDORS[vendor](good(vendor))
    assert value.to_dict() == {"region": 0, **good(vendor)}


@each(("vendor", "path"), FIELDS)
def test_every_field_of_a_storage(vendor: int, path: tuple[str, ...]) -> None:
    """Whatever stands there: as a value and as a dict it is refused, or as neither."""
    for wrong in WRONG:
        if path == ("region",) and not isinstance(wrong, int):
            continue  # a value takes names, too
        if path == ("fileNamePrefix",) and not isinstance(wrong, list):
            continue  # a value takes a path, too
        if wrong is None or (path == ("stsExpiration",) and isinstance(wrong, bool)):
            continue  # left out; no time of a datetime
        wire = good(vendor)
        around = wire if len(path) == 1 else wire[path[0]]
        around[path[-1]] = wrong
        as_value = refused(lambda wire=wire: VENDORS[vendor](wire))
        assert as_value == refused(lambda wire=wire: start(wire)), wrong


@given(st.sampled_from([1, 2, 7, 8, 11]), st.text(max_size=12), st.sampled_from(["bucket", "accessKey", "secretKey"]))
def test_any_text_of_a_storage(vendor: int, text: str, name: str) -> None:
    wire = good(vendor) | {name: text}
    assert refused(lambda: VENDORS[vendor](wire)) == refused(lambda: start(wire))


@given(st.text(max_size=30) | st.sampled_from(["rtmp://x", "rtmps://x/y", "http://x", "rtmp://", "rtmp:// x"]))
def test_a_push(url: str) -> None:
    def as_dict() -> None:
        fields = {"rtmpPublishConfig": {"outputs": [{"rtmpUrl": url}]}}
        requests.update(APP_ID, RESOURCE_ID, SID, Mode.WEB, CNAME, on_wire(UID), fields)

    assert refused(lambda: CdnPush(url)) == refused(as_dict)


# ------------------------------------------------------------------------------------------- every other value


def in_config(mode: Mode) -> Callable[[Json], None]:
    """A start with these fields of `recordingConfig`."""
    return lambda wire: started(mode, recordingConfig=wire)


def in_picture(wire: Json) -> None:
    started(Mode.MIX, recordingConfig={"transcodingConfig": wire})


def in_service(name: str) -> Callable[[Json], None]:
    """A start with this `serviceParam`; the page is recorded in any case."""

    def start_with(wire: Json) -> None:
        services = [{"serviceName": name, "serviceParam": wire}]
        services += [PAGE] if name != PAGE["serviceName"] else []
        started(Mode.WEB, extensionServiceConfig={"extensionServices": services})

    return start_with


def laid_out(wire: Json) -> None:
    requests.update_layout(APP_ID, RESOURCE_ID, SID, Mode.MIX, CNAME, UID, wire)


def started(mode: Mode, **fields: Json) -> None:
    requests.start(APP_ID, RESOURCE_ID, mode, CNAME, UID, {"storageConfig": STORAGE, **fields})


DEFERRED = {name: STARTS["individual"][2][name] for name in ("appsCollection", "transcodeOptions")}
APART = [{"x_axis": x, "y_axis": 0, "width": 0.5, "height": 1} for x in (0, 0.5)]
# Every kind of value: how it is made of its fields on the wire, good ones, and a call that has them as a dict.
KINDS: dict[str, tuple[Make, Json, Callable[[Json], None]]] = {
    "a key with a salt": (
        Encryption.from_dict, {"decryptionMode": 8, "secret": "key", "salt": SALT}, in_config(Mode.MIX)
    ),
    "a key": (Encryption.from_dict, {"decryptionMode": 1, "secret": "key"}, in_config(Mode.RAW)),
    "a key and a salt for nothing": (
        Encryption.from_dict, {"decryptionMode": 5, "secret": "key", "salt": SALT}, in_config(Mode.INDIVIDUAL)
    ),
    "screenshots": (
        Snapshots.from_dict, {"captureInterval": 10, "fileType": ["jpg"]},
        lambda wire: started(Mode.RAW, snapshotConfig=wire),
    ),
    "a picture": (Transcoding.from_dict, {"width": 640, "height": 360, "fps": 15, "bitrate": 500}, in_picture),
    "mixed sound": (
        DeferredTranscoding.from_dict, DEFERRED,
        lambda wire: started(Mode.INDIVIDUAL, recordingConfig={"streamTypes": 0}, **wire),
    ),
    "deferred MP4": (
        DeferredTranscoding.from_dict,
        {**DEFERRED, "transcodeOptions": {"transConfig": {"transMode": "postponeTranscoding"}, "audio": {}}},
        lambda wire: started(Mode.INDIVIDUAL, **wire),
    ),
    # How long it may record is said beside a page, which passes it over.
    "a page": (WebPage.from_dict, PAGE["serviceParam"], in_service("web_recorder_service")),
    "a push": (CdnPush.from_dict, PUSH["serviceParam"], in_service("rtmp_publish_service")),
    "regions": (Layout.from_dict, LAYOUT, in_picture),
    "regions of an update": (Layout.from_dict, LAYOUT, laid_out),
    "regions that must be apart": (
        lambda wire: Custom(wire.get("layoutConfig", [])), {"mixedVideoLayout": 3, "layoutConfig": APART}, laid_out
    ),
    "backgrounds": (
        Layout.from_dict, {"mixedVideoLayout": 0, "backgroundConfig": LAYOUT["backgroundConfig"]}, in_picture
    ),
    "one large": (Layout.from_dict, {"mixedVideoLayout": 2, "maxResolutionUid": "101"}, laid_out),
    "some users": (
        lambda wire: only(*wire["subscribeVideoUids"]), {"subscribeVideoUids": ["101", "102"]}, in_config(Mode.RAW)
    ),
    "all but some": (
        lambda wire: everyone_but(*wire["unSubscribeAudioUids"]), {"unSubscribeAudioUids": ["101", "102"]},
        in_config(Mode.MIX),
    ),
}  # fmt: skip
SPOILT: list[Any] = [
    "", " ", "a b", "é", "http://x", "https://x.test/b", "rtmp://x/y", "rtmp://", "x" * 3000, "mp3", "mp4", "#fff",
    "#FF0000", "101", "102", "0", "48000", "2", SALT, "\ud800", None, -1, 0, 1, 2, 3, 7, 8, 15, 25, 999, 5000, 48000,
    1920, True, False, 0.25, 1.5, [], {}, ["jpg"], ["101", "101"], [PUSH["serviceParam"]["outputs"][0]] * 2,
    LAYOUT["backgroundConfig"] * 2, APART * 2, "postponeTranscoding", "audioMix",
]  # fmt: skip
# What one writes as an argument of its own in Python stands elsewhere on the wire, or has other forms.
OTHERWISE = {
    "a page": {"maxRecordingHour"},
    "regions that must be apart": {"mixedVideoLayout"},
    "some users": {"subscribeVideoUids"},
    "all but some": {"unSubscribeAudioUids"},
}
# The same values in two calls, each of which gets half of what is spoilt.
HALVES = {"regions": 0, "regions of an update": 1}
# Values that take numbers for user IDs, too.
USERS = ("some users", "all but some")


def places(node: Json, place: Place = ()) -> Iterator[Place]:
    """Every place within."""
    for key, inner in node.items() if isinstance(node, dict) else enumerate(node) if isinstance(node, list) else ():
        yield (*place, key)
        yield from places(inner, (*place, key))


def judged(make: Callable[[], object]) -> tuple[set[str], set[str]]:
    """The names of the rules by which it is refused, and the words by which it is warned of."""
    names: set[str] = set()
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        try:
            make()
        except InvalidRequestError as error:
            names = {problem.name for problem in error.problems}
    return names, {str(one.message) for one in caught if one.category is RequestWarning}


WORDS = {rule.name: rule.words for rule in rules()}


@pytest.mark.parametrize("kind", KINDS)
def test_every_field_of_a_value(kind: str) -> None:
    """Whatever stands there, or if nothing does: of value and dict both are refused, or neither.

    What is refused of a value alone, the same rule of the contract warns of in a dict, where it may be meant.
    """
    make, wire, call = KINDS[kind]
    make(wire)
    assert judged(lambda: call(wire))[0] == set()
    compared = 0
    for place in places(wire):
        if place[-1] in OTHERWISE.get(kind, ()):
            continue
        some = some_of(SPOILT, HALVES[kind], 2) if kind in HALVES else SPOILT
        wrongs = [wrong for wrong in some if kind not in USERS or not isinstance(wrong, int)]
        for spoilt in [without(wire, place), *(changed(wire, place, wrong) for wrong in wrongs)]:
            of_value, _ = judged(lambda spoilt=spoilt: make(spoilt))
            of_dict, warned = judged(lambda spoilt=spoilt: call(spoilt))
            compared += 1
            if of_value and not of_dict:
                told = " ".join(warned)
                assert all(WORDS[name] in told for name in of_value), (place, spoilt, of_value)
            else:
                assert bool(of_value) == bool(of_dict), (place, spoilt, of_value, of_dict)
    assert compared > 30


def test_the_kinds_are_all_there_are() -> None:
    """Every class of the package that is made of fields on the wire is in the tables; storages have theirs above."""
    made = {
        type(make(wire)).__name__
        for make, wire, _ in KINDS.values()
    } | {type(make(good(vendor))).__name__ for vendor, make in VENDORS.items()}  # fmt: skip
    public = {
        name
        for name in cloudrec.__all__
        if isinstance(kind := getattr(cloudrec, name), type)
        and kind.__module__.startswith(("cloudrec.values", "cloudrec.layouts", "cloudrec.storage", "cloudrec.subscr"))
        and hasattr(kind, "from_dict")
        and not inspect.isabstract(kind)
    }
    # Parts of layouts, and a layout that has nothing of its own.
    assert public - made == {"Background", "BestFit", "Region", "Storage"} & public


def test_what_is_meant_is_not_warned_of() -> None:
    """Regions that lie over each other: of a value that says so, however it is sent; in a dict nobody says so."""
    wire = {"mixedVideoLayout": 3, "layoutConfig": [*APART, {**APART[0], "uid": "7"}]}
    meant = Custom(wire["layoutConfig"], overlap=True)
    for sent in (meant.to_dict(), to_wire(meant), {**meant.to_dict(), "backgroundColor": "#FF0000"}):
        assert judged(lambda sent=sent: laid_out(sent)) == (set(), set())
    assert judged(lambda: laid_out(wire)) == (set(), {f"updateLayout: layout_config: {WORDS['overlap']}"})
    assert judged(lambda: laid_out(Layout.from_dict(wire).to_dict())) == (set(), set())


ANY = st.none() | st.integers(-5, 7000) | st.text(max_size=8) | st.booleans() | st.floats(-1, 3000)


@given(st.fixed_dictionaries({}, optional={"width": ANY, "height": ANY, "fps": ANY, "bitrate": ANY}))
def test_a_picture(given_: dict[str, Any]) -> None:
    """None stands for left out in a value."""
    given_ = {"width": 640, "height": 360, **{name: value for name, value in given_.items() if value is not None}}
    as_value = refused(lambda: Transcoding(**given_))
    assert as_value == refused(lambda: start(STORAGE, recordingConfig={"transcodingConfig": given_}))


@given(st.integers(0, 8), st.text(max_size=6), st.none() | st.text(max_size=4) | st.just(SALT))
def test_encryption(mode: int, key: str, salt: str | None) -> None:
    """A key for no encryption is refused of a value, and warned of in a dict."""
    wire = {"decryptionMode": mode, "secret": key, **({} if salt is None else {"salt": salt})}
    of_value, _ = judged(lambda: Encryption(mode, key, salt))
    of_dict, warned = judged(lambda: start(STORAGE, recordingConfig=wire))
    assert of_value - {"secret-without-mode"} == of_dict
    assert ("secret-without-mode" in of_value) == (mode == 0)
    if not of_dict:
        assert any(WORDS["secret-without-mode"] in words for words in warned) == (mode == 0)
        assert any(WORDS["salt-without-mode"] in words for words in warned) == (salt is not None and mode < 7)


@given(st.lists(st.integers(1, 4), min_size=1, max_size=4), st.booleans())
def test_lists_of_users(uids: list[int], is_only: bool) -> None:
    name = "subscribeAudioUids" if is_only else "unSubscribeAudioUids"
    of_value, _ = judged(lambda: (only if is_only else everyone_but)(*uids))
    of_dict, _ = judged(lambda: start(STORAGE, recordingConfig={name: [str(uid) for uid in uids]}))
    assert of_value == of_dict == ({"user-once"} if len(uids) > len(set(uids)) else set())


# ------------------------------------------------------------------------------------------- a bucket in the host


@pytest.mark.parametrize("endpoint", ["lessons-1.s3.example.com", "LESSONS-1.s3.example.com:9000"])
def test_a_bucket_in_the_host_is_warned_of(endpoint: str) -> None:
    """With both values. It may be so: a host may be called as a bucket is."""
    wire = {**good(11), "extensionParams": {"endpoint": endpoint}}
    with pytest.warns(RequestWarning, match=rf"endpoint='{endpoint}' begins with bucket='lessons-1'") as caught:
        start(wire)
    assert len(caught) == 1


@pytest.mark.parametrize("endpoint", ["s3.lessons-1.example.com", "lessons-12.example.com", "lessons-1"])
def test_other_hosts(endpoint: str) -> None:
    start({**good(11), "extensionParams": {"endpoint": endpoint}})


# ------------------------------------------------------------------------------------------- one clock

PAST = datetime(2026, 1, 1, 12, tzinfo=UTC)


def asked(kind: str, emulator: Emulator, use: Callable[[Any], Any]) -> Any:
    """What `use` makes of a client whose clock is the emulator's."""
    settings: Any = {"base_url": emulator.url, "clock": emulator.clock.seconds, "rate_limit": None}

    async def main() -> Any:
        async with AsyncCloudRecording(emulator.app_id, emulator.credential, **settings) as client:
            return await use(client)

    if kind == "sync":
        with CloudRecording(emulator.app_id, emulator.credential, **settings) as client:
            return use(client)
    return anyio.run(main, backend=kind)


def failure(use: Callable[[], object]) -> str:
    """What it fails with; nothing where it does not."""
    try:
        use()
    except CloudRecordingError as error:
        return str(error)
    return ""


@pytest.mark.parametrize("kind", ["sync", "asyncio", "trio"])
@pytest.mark.parametrize("is_value", [True, False])
@pytest.mark.parametrize("has_ended", [True, False])
def test_credentials_end_by_the_client_s_clock(kind: str, is_value: bool, has_ended: bool) -> None:
    """They are long over by the machine's. A value and a dict are judged alike, in each call that holds them."""
    ends = PAST - timedelta(days=1) if has_ended else PAST
    value = S3("lessons", 7, "access", "secret", session_token="token", expires_at=ends)
    storage: Any = value if is_value else value.to_dict()
    uses: list[Callable[[Any], Any]] = [
        lambda client: client.mix.record(CNAME, storage=storage, confirm=False),
        lambda client: client.mix.start(RESOURCE_ID, CNAME, UID, storage_config=storage),
        lambda client: client.mix.update(RESOURCE_ID, SID, CNAME, UID, storage_config=storage),
        lambda client: client.mix.acquire(CNAME, UID, start_parameter={"storageConfig": value.to_dict()}),
    ]
    with Emulator() as emulator:
        for use in uses:
            told = failure(lambda use=use: asked(kind, emulator, use))
            assert ("must be in the future; these short-lived credentials have ended" in told) is has_ended, told
        assert (emulator.calls == ()) is has_ended


@pytest.mark.parametrize("kind", ["sync", "asyncio", "trio"])
def test_a_handle_tells_the_client_s_time(kind: str) -> None:
    with Emulator() as emulator:
        recording = asked(kind, emulator, lambda client: client.mix.record(CNAME, storage=STORAGE, confirm=False))
        assert recording.handle["started_at"] == pytest.approx(emulator.clock.seconds(), abs=1)


def test_a_clock_that_counts_from_elsewhere_goes_on_from_the_machine_s() -> None:
    transport = httpx.MockTransport(lambda request: httpx.Response(200, json={"sid": "s", "resourceId": "r"}))
    with httpx.Client(transport=transport) as http_client:
        client = CloudRecording(
            APP_ID, CREDENTIAL, base_url="https://service.test", http_client=http_client, clock=lambda: 5.0
        )
        recording = client.mix.record(CNAME, storage=STORAGE, confirm=False)
    assert recording.handle["started_at"] == pytest.approx(datetime.now(UTC).timestamp(), abs=60)
