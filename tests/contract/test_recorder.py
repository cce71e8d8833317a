"""A session, written as fixtures: everything but what is a secret."""

from __future__ import annotations

import json
import re
import threading
from base64 import b64encode
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import anyio
import httpx
import pytest
from hypothesis import given, strategies as st

from cloudrec import AsyncCloudRecording, BasicAuth, CloudRecording, CloudRecordingError, Mode
from cloudrec._http.exchanges import Exchange
from cloudrec.cli import main, record_fixtures
from cloudrec.emulator import Emulator, Fault
from cloudrec.fixtures import Recorder, StillSecretError, _Call
from tests.contract.recorded import surprises
from tests.support import ONCE, Json, examples

APP_ID = "0f1e2d3c4b5a69788796a5b4c3d2e1f0"
CREDENTIAL = BasicAuth("acmecustomerid", "acmecustomersecret")
CHANNEL, BUCKET, FOLDER = "Acme room 42!", "acme-bucket", "acmefolder"
STORAGE: dict[str, Any] = {
    "vendor": 11, "region": 0, "bucket": BUCKET, "accessKey": "AKACMEKEY", "secretKey": "ACMEsecret/+1",
    "fileNamePrefix": [FOLDER], "extensionParams": {"endpoint": "s3.acme.example.com"},
}  # fmt: skip
PAGE = "https://acme.example.com/room?key=acmepagekey%2F1"
# Whatever holds one of these tells who it was.
TELLING = re.compile("acme", re.IGNORECASE)


def read(paths: list[Path]) -> dict[str, Json]:
    """Fixtures by their names."""
    return {path.stem: json.loads(path.read_text(encoding="utf-8")) for path in paths}


@pytest.fixture(scope="module")
def session(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Json]:
    """A recording of each mode, against the emulator."""
    recorder = Recorder(tmp_path_factory.mktemp("fixtures"))
    with (
        Emulator(
            app_id=APP_ID, customer_id=CREDENTIAL.customer_id, customer_secret=CREDENTIAL.customer_secret
        ) as emulator,
        recorder.http_client() as http_client,
    ):
        client = CloudRecording(
            APP_ID, CREDENTIAL, base_url=emulator.url, http_client=http_client,
            clock=emulator.clock.seconds, wait=emulator.clock.advance,
        )  # fmt: skip
        for mode in Mode:
            failed = record_fixtures.lifecycle(
                client, str(mode), CHANNEL, 527841, storage=STORAGE, token="acmetoken", page=PAGE, seconds=40,
                wait=emulator.clock.advance,
            )  # fmt: skip
            assert list(failed) == []
        client.ncs_ips()
    return read(recorder.write())


def test_every_call_of_every_mode(session: dict[str, Json]) -> None:
    """The session has each call that the mode has, and a query of a recording that is over."""
    made = {(one["call"]["method"], one["call"]["mode"]) for one in session.values()}
    calls = ("acquire", "start", "query", "update", "stop")
    assert made == {(call, str(mode)) for call in calls for mode in Mode} | {
        ("update_layout", "mix"),
        ("ncs_ips", None),
    }
    assert session["query_mix_3"]["request"] == session["query_mix"]["request"]


def test_nothing_tells_who_it_was(session: dict[str, Json]) -> None:
    """Neither a secret nor a name, in no form; nor the App ID and the credential."""
    text = json.dumps(session, ensure_ascii=False)
    assert not TELLING.findall(text)
    for secret in (APP_ID, b64encode(b"acmecustomerid:acmecustomersecret").decode(), "Authorization"):
        assert secret not in text


def test_the_same_stand_in_everywhere(session: dict[str, Json]) -> None:
    """What a call got, the next ones send; names of files hold the sid and the channel, by their stand-ins."""
    acquired, started, stopped = (session[f"{name}_mix"] for name in ("acquire", "start", "stop"))
    resource_id = acquired["response"]["body"]["resourceId"]
    sid, channel = started["response"]["body"]["sid"], started["request"]["body"]["cname"]
    assert acquired["request"]["body"]["cname"] == channel
    assert f"/resourceid/{resource_id}/mode/mix/start" in started["request"]["path"]
    assert f"/resourceid/{resource_id}/sid/{sid}/mode/mix/stop" in stopped["request"]["path"]
    assert stopped["call"]["arguments"] | {"uid": ""} == {
        "resource_id": resource_id, "sid": sid, "cname": channel, "uid": "",
    }  # fmt: skip
    for file in stopped["response"]["body"]["serverResponse"]["fileList"]:
        assert f"{sid}_{channel[:-1]}-" in file["fileName"]


def test_lengths_and_forms_are_kept(session: dict[str, Json]) -> None:
    """A stand-in is as long as what it stands for, and made of the same kinds of characters."""
    asked = session["start_web"]["request"]["body"]["clientRequest"]
    given = {**STORAGE, "endpoint": STORAGE["extensionParams"]["endpoint"], "url": PAGE, "token": "acmetoken"}
    [service] = asked["extensionServiceConfig"]["extensionServices"]
    shown = {
        **asked["storageConfig"], "endpoint": asked["storageConfig"]["extensionParams"]["endpoint"],
        "url": service["serviceParam"]["url"], "token": asked["token"],
    }  # fmt: skip
    for name in ("bucket", "accessKey", "secretKey", "endpoint", "url", "token"):
        assert form(shown[name]) == form(given[name]), name
        assert shown[name] != given[name]
    assert shown["url"].startswith("https://")
    assert "%2F" in shown["url"]
    app_id = session["start_web"]["request"]["path"].split("/")[3]
    assert re.fullmatch("[0-9a-f]{32}", app_id)
    assert (shown["vendor"], shown["region"]) == (11, 0)


def form(text: str) -> str:
    """A text by the kinds of its characters."""
    return re.sub("[0-9]", "0", re.sub("[A-Z]", "A", re.sub("[a-z]", "a", text)))


def test_nothing_surprises_this_version(session: dict[str, Json]) -> None:
    """What the emulator answers is what the contract says and what the library reads."""
    assert {name: found for name, fixture in session.items() if (found := surprises(fixture))} == {}


def test_the_emulator_is_never_called_the_service(session: dict[str, Json]) -> None:
    """Every fixture says where it is from."""
    assert all(one["source"].startswith("Recorded from a stand-in for the service") for one in session.values())


@pytest.mark.parametrize(
    ("url", "is_of_the_network", "is_real"),
    [
        ("https://api-eu-west-1.agora.io", True, True),
        ("https://api.sd-rtn.com", True, True),
        ("https://api.sd-rtn.com", False, False),
        ("https://api.sd-rtn.com.example.com", True, False),
        ("https://127.0.0.1:8443", True, False),
    ],
)
def test_what_is_the_service(url: str, is_of_the_network: bool, is_real: bool) -> None:
    """Only a host of the contract, over a connection whose certificate was checked."""
    exchange = Exchange("GET", f"{url}/v1/ncs/ip", "", b"", 200, {}, b"{}", is_of_the_network)
    origin = _Call.of(datetime(2026, 11, 26, 3, 4, tzinfo=UTC), exchange).origin
    assert origin.startswith("Recorded from the service at api") is is_real
    assert "2026-11-26 03:04 UTC" in origin


# ------------------------------------------------------------------------------------------- answers nobody foresaw


def stopped(recorder: Recorder, body: Json, *, url: str = "https://api.agora.io", **storage: Json) -> list[Path]:
    """What is written of a start and a stop, the second of which is answered so."""

    def answer(request: httpx.Request) -> httpx.Response:
        sent = {"sid": "S1"} if request.url.path.endswith("/start") else body
        return httpx.Response(200, json=sent, headers={"X-Request-Id": "acme1", "Set-Cookie": "acme=1"})

    with recorder.http_client(httpx.MockTransport(answer)) as http_client:
        client = CloudRecording(APP_ID, CREDENTIAL, base_url=url, http_client=http_client, **ONCE)
        client.mix.start("R1", CHANNEL, 7, storage_config=STORAGE | storage)
        with suppress(CloudRecordingError):  # an answer that says whatever it likes may say that it failed
            client.mix.stop("R1", "S1", CHANNEL, 7)
    return recorder.write()


def test_texts_of_unknown_fields(tmp_path: Path) -> None:
    """Nobody knows what they hold, so their form alone is kept, unless named; listed fields keep new values."""
    body = {"serverResponse": {"uploadingStatus": "stranded", "mood": "Acme9", "serviceScene": "rtc", "n": 4}}
    written = read(stopped(Recorder(tmp_path, keep=["serviceScene"]), body))["stop_mix"]
    answer = written["response"]["body"]["serverResponse"]
    assert answer | {"mood": ""} == {"uploadingStatus": "stranded", "mood": "", "serviceScene": "rtc", "n": 4}
    assert form(answer["mood"]) == "Aaaa0"
    assert not TELLING.findall(json.dumps(written))
    # A connection of a test's, whatever it is called.
    assert "stand-in" in written["source"]


def test_what_still_holds_a_secret_is_not_written(tmp_path: Path) -> None:
    """A secret where none can be replaced: nothing is written, and the error does not tell it."""
    with pytest.raises(StillSecretError, match="answer to stop still holds what stood as secret") as caught:
        stopped(Recorder(tmp_path / "new"), {"serverResponse": {"ACMEsecret/+1": 1}})
    assert not TELLING.findall(str(caught.value))
    assert not (tmp_path / "new").exists()


def test_what_is_no_json(tmp_path: Path) -> None:
    """A page of a proxy is kept as text."""
    recorder = Recorder(tmp_path)
    transport = httpx.MockTransport(lambda _: httpx.Response(502, text="<html>acmecustomersecret is down</html>"))
    with recorder.http_client(transport) as http_client:
        client = CloudRecording(APP_ID, CREDENTIAL, base_url="https://a.test", http_client=http_client, **ONCE)
        with pytest.raises(CloudRecordingError):
            client.ncs_ips()
    [fixture] = read(recorder.write()).values()
    assert re.fullmatch("<html>[a-z]{18} is down</html>", fixture["response"]["body"])
    assert not TELLING.findall(json.dumps(fixture))


def test_files_are_not_overwritten(tmp_path: Path) -> None:
    """A second session goes beside the first one, and a session is written once."""
    recorder = Recorder(tmp_path)
    first = stopped(recorder, {"serverResponse": {}})
    assert [path.name for path in first] == ["start_mix.json", "stop_mix.json"]
    assert [path.name for path in stopped(recorder, {"serverResponse": {}})] == ["start_mix_2.json", "stop_mix_2.json"]


def test_an_async_client(tmp_path: Path) -> None:
    """The same for the async client; `with` writes."""
    recorder = Recorder(tmp_path)

    async def ask() -> None:
        answer = httpx.MockTransport(lambda _: httpx.Response(200, json={"data": {"service": {"hosts": [
            {"primaryIP": "203.0.113.77"}]}}}))  # fmt: skip
        async with recorder.async_http_client(answer) as http_client:
            client = AsyncCloudRecording(APP_ID, CREDENTIAL, base_url="https://a.test", http_client=http_client, **ONCE)
            assert (await client.ncs_ips()).addresses == ("203.0.113.77",)

    with recorder:
        anyio.run(ask)
    [fixture] = read(list(tmp_path.iterdir())).values()
    [host] = fixture["response"]["body"]["data"]["service"]["hosts"]
    assert re.fullmatch(r"1\d\d\.\d\.1\d\d\.\d\d", host["primaryIP"])
    assert host["primaryIP"] != "203.0.113.77"


SECRET = st.text("Qq9/+-_. é", min_size=6, max_size=20).filter(lambda text: text.strip() == text)
AROUND = st.text("ab_/. ", max_size=3)


@given(
    SECRET,
    st.text("qz9", min_size=6, max_size=20),
    AROUND,
    AROUND,
    st.sampled_from(["reason", "fileName", "mood", "sid", "cname"]),
)
@examples(25)
def test_echoes(
    tmp_path_factory: pytest.TempPathFactory, key: str, bucket: str, left: str, right: str, name: str
) -> None:
    """Wherever an answer repeats a key, it is not there any more, or nothing is written."""
    folder = tmp_path_factory.mktemp("echo")
    body = {"code": 2, "serverResponse": {name: f"{left}{key}{right}", "fileList": [{name: key, "x": f"{left}{key}"}]}}
    try:
        written = stopped(Recorder(folder), body, secretKey=key, bucket=bucket)
    except StillSecretError:
        assert not list(folder.iterdir())
    else:
        assert not [path for path in written if key in json.loads(path.read_text("utf-8")).__str__()]


# ------------------------------------------------------------------------------------------- the command


@pytest.fixture
def service(monkeypatch: pytest.MonkeyPatch) -> Any:
    """An emulator, whose settings are in the environment; its time passes when the command waits."""
    with Emulator(
        app_id=APP_ID, customer_id=CREDENTIAL.customer_id, customer_secret=CREDENTIAL.customer_secret
    ) as emulator:
        monkeypatch.setenv("AGORA_APP_ID", APP_ID)
        monkeypatch.setenv("AGORA_CUSTOMER_ID", CREDENTIAL.customer_id)
        monkeypatch.setenv("AGORA_CUSTOMER_SECRET", CREDENTIAL.customer_secret)
        monkeypatch.setattr(record_fixtures, "sleep", emulator.clock.advance)
        yield emulator


def command(service: Emulator, folder: Path, *options: str, storage: str | None = None) -> int:
    """`cloudrec record-fixtures`, with that in the file of the storage."""
    file = folder.parent / "storage.json"
    file.write_text(json.dumps(STORAGE) if storage is None else storage, encoding="utf-8")
    return main(["record-fixtures", str(folder), "--storage", str(file), "--base-url", service.url, *options])


def test_command(service: Emulator, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """It tells the files that it wrote."""
    assert command(service, tmp_path / "new", "--mode", "mix", "--channel", "acme") == 0
    printed = capsys.readouterr()
    assert printed.out.splitlines() == [str(path) for path in map(Path, printed.out.split())]
    assert {Path(line).name for line in printed.out.splitlines()} == {
        "acquire_mix.json", "start_mix.json", "query_mix.json", "update_mix.json", "update_layout_mix.json",
        "query_mix_2.json", "stop_mix.json", "query_mix_3.json", "ncs_ips.json",
    }  # fmt: skip
    assert not TELLING.findall("".join(path.read_text("utf-8") for path in (tmp_path / "new").iterdir()))


def test_command_by_the_environment(service: Emulator, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """What `cloudrec emulator` prints is enough."""
    monkeypatch.delenv("AGORA_AREA", raising=False)
    monkeypatch.setenv("AGORA_BASE_URL", service.url)
    storage = tmp_path / "storage.json"
    storage.write_text(json.dumps(STORAGE), encoding="utf-8")
    assert main(["record-fixtures", str(tmp_path / "new"), "--storage", str(storage), "--mode", "mix"]) == 0
    assert {call.endpoint for call in service.calls} >= {"acquire", "start", "stop"}


def test_command_when_a_call_fails(service: Emulator, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """What failed is told, the recording is stopped, and what was heard is written; exit code 1."""
    service.fail("update", Fault.status(400, 2, "bad layout"))
    assert command(service, tmp_path / "new", "--mode", "mix") == 1
    assert "mix: update: bad layout" in capsys.readouterr().err
    fixtures = read(list((tmp_path / "new").iterdir()))
    assert fixtures["update_mix"]["response"]["body"] == {"code": 2, "reason": "bad layout"}
    assert fixtures["stop_mix"]["response"]["status"] == 200


@pytest.mark.parametrize(
    ("storage", "told"),
    [("{", "Expecting"), ("[1]", "storage"), ('{"vendor": 1}', "storage_config")],
)
def test_command_with_a_wrong_storage(
    service: Emulator, tmp_path: Path, storage: str, told: str, capsys: pytest.CaptureFixture[str]
) -> None:
    """A file that is none, or no storage: told before anything is sent."""
    assert command(service, tmp_path / "new", "--mode", "mix", storage=storage) in (1, 2)
    assert told in capsys.readouterr().err
    assert not [call for call in service.calls if call.endpoint == "start"]


def test_command_without_settings(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """What is missing in the environment is named; exit code 2."""
    monkeypatch.delenv("AGORA_APP_ID", raising=False)
    (tmp_path / "storage.json").write_text("{}", encoding="utf-8")
    assert main(["record-fixtures", str(tmp_path), "--storage", str(tmp_path / "storage.json")]) == 2
    assert "AGORA_APP_ID" in capsys.readouterr().err
    assert threading.active_count() < 20
