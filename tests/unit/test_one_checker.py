"""What a value refuses, the same as a dict is refused, and the other way round; and all time is of one clock."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import anyio
import httpx
import pytest
from hypothesis import given, strategies as st

from cloudrec import (
    S3,
    AlibabaOSS,
    AsyncCloudRecording,
    AzureBlob,
    BaiduBOS,
    CdnPush,
    CloudRecording,
    CloudRecordingError,
    Encryption,
    GoogleCloudStorage,
    HuaweiOBS,
    InvalidRequestError,
    RequestWarning,
    S3Compatible,
    Snapshots,
    TencentCOS,
    Transcoding,
)
from cloudrec._call import requests
from cloudrec._contract.wire import on_wire
from cloudrec.emulator import Emulator
from cloudrec_api.models import Mode
from tests.support import APP_ID, CNAME, CREDENTIAL, RESOURCE_ID, SID, STORAGE, UID, Json

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


@pytest.mark.parametrize(
    ("vendor", "path"), FIELDS, ids=lambda item: str(item) if isinstance(item, int) else ".".join(item)
)
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


ANY = st.none() | st.integers(-5, 7000) | st.text(max_size=8) | st.booleans() | st.floats(-1, 3000)


@given(ANY)
def test_snapshots(interval: Any) -> None:
    wire = {"fileType": ["jpg"], "captureInterval": interval}

    def as_dict() -> None:
        fields = {"storageConfig": STORAGE, "snapshotConfig": wire}
        requests.start(APP_ID, RESOURCE_ID, Mode.RAW, CNAME, UID, fields)

    assert refused(lambda: Snapshots(interval)) == refused(as_dict)


@given(st.fixed_dictionaries({}, optional={"width": ANY, "height": ANY, "fps": ANY, "bitrate": ANY}))
def test_a_picture(given_: dict[str, Any]) -> None:
    """None stands for left out in a value."""
    given_ = {"width": 640, "height": 360, **{name: value for name, value in given_.items() if value is not None}}
    as_value = refused(lambda: Transcoding(**given_))
    assert as_value == refused(lambda: start(STORAGE, recordingConfig={"transcodingConfig": given_}))


@given(st.text(max_size=30) | st.sampled_from(["rtmp://x", "rtmps://x/y", "http://x", "rtmp://", "rtmp:// x"]))
def test_a_push(url: str) -> None:
    def as_dict() -> None:
        fields = {"rtmpPublishConfig": {"outputs": [{"rtmpUrl": url}]}}
        requests.update(APP_ID, RESOURCE_ID, SID, Mode.WEB, CNAME, on_wire(UID), fields)

    assert refused(lambda: CdnPush(url)) == refused(as_dict)


@given(st.integers(1, 8), st.text(max_size=6), st.none() | st.text(max_size=4) | st.just("c2FsdA" * 7 + "s="))
def test_encryption(mode: int, key: str, salt: str | None) -> None:
    wire = {"decryptionMode": mode, "secret": key, **({} if salt is None else {"salt": salt})}
    as_value = refused(lambda: Encryption(mode, key, salt))
    # A salt that no mode asks for is refused of a value, which knows that it would be of no use.
    if not (salt is not None and mode < 7):
        assert as_value == refused(lambda: start(STORAGE, recordingConfig=wire))


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
