"""Over a real socket: start, stop, TLS, threads, the command, the fixture."""

from __future__ import annotations

import os
import shlex
import signal
import socket
import ssl
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import httpx
import pytest
import trustme

from cloudrec import S3, CloudRecording
from cloudrec.emulator import Emulator, Fault
from cloudrec.emulator.command import greeting, main
from cloudrec.emulator.http.server import _listen
from tests.support import each

ROOT = Path(__file__).parents[2]


def auth(emulator: Emulator) -> tuple[str, str]:
    """What httpx wants."""
    return emulator.credential.customer_id, emulator.credential.customer_secret


def test_it_answers_as_soon_as_it_is_started() -> None:
    """No waiting, and nothing left behind when it is stopped."""
    before = set(threading.enumerate())
    with Emulator() as emulator:
        assert httpx.get(f"{emulator.url}/v1/ncs/ip", auth=auth(emulator), verify=False).status_code == 200
        assert emulator.url.startswith("http://127.0.0.1:")
    assert set(threading.enumerate()) <= before
    with pytest.raises(RuntimeError, match="not started"):
        _ = emulator.url


def test_it_stops_with_a_connection_open() -> None:
    """A client that keeps its connection does not hold it up."""
    with Emulator() as emulator, httpx.Client(auth=auth(emulator), verify=False) as client:
        assert client.get(f"{emulator.url}/v1/ncs/ip").status_code == 200
        emulator.stop()
        emulator.stop()


def test_it_can_be_started_again() -> None:
    """State stays; the port may be another."""
    emulator = Emulator()
    for _ in range(2):
        emulator.start()
        assert httpx.get(f"{emulator.url}/v1/ncs/ip", auth=auth(emulator), verify=False).status_code == 200
        with pytest.raises(RuntimeError, match="already"):
            emulator.start()
        emulator.stop()


def test_a_port_that_is_taken() -> None:
    """The error comes out of start(), and no thread stays."""
    before = set(threading.enumerate())
    with socket.create_server(("127.0.0.1", 0)) as taken, pytest.raises(OSError, match=r".+"):
        Emulator(port=taken.getsockname()[1]).start()
    assert set(threading.enumerate()) <= before


def test_tls(tmp_path: Path) -> None:
    """With a certificate it serves https."""
    authority = trustme.CA()
    certificate, key = tmp_path / "cert.pem", tmp_path / "key.pem"
    issued = authority.issue_cert("127.0.0.1")
    issued.cert_chain_pems[0].write_to_path(certificate)
    issued.private_key_pem.write_to_path(key)
    context = ssl.create_default_context()
    authority.configure_trust(context)
    with Emulator(certfile=str(certificate), keyfile=str(key)) as emulator:
        assert emulator.url.startswith("https://")
        assert httpx.get(f"{emulator.url}/v1/ncs/ip", auth=auth(emulator), verify=context).status_code == 200


def test_tls_faults(tmp_path: Path) -> None:
    """Faults of the connection under TLS; and a client that keeps its connections does not hold up the end."""
    authority = trustme.CA()
    chain, issued = tmp_path / "chain.pem", authority.issue_cert("127.0.0.1")
    issued.private_key_and_cert_chain_pem.write_to_path(chain)
    context = ssl.create_default_context()
    authority.configure_trust(context)
    with (
        Emulator(hosts=2, certfile=str(chain)) as emulator,
        httpx.Client(auth=auth(emulator), verify=context) as client,
    ):
        for fault in (Fault.drop(), Fault.drop(reset=True), Fault.garbage(), Fault.cut()):
            with pytest.raises((httpx.RemoteProtocolError, httpx.ReadError)):
                client.get(f"{emulator.url}/v1/ncs/ip", headers={"X-Emulate-Fault": fault.header})
            assert client.get(f"{emulator.url}/v1/ncs/ip").status_code == 200
        with emulator.refuse(0):
            with pytest.raises(httpx.ConnectError):
                client.get(f"{emulator.url}/v1/ncs/ip")
            assert client.get(f"{emulator.urls[1]}/v1/ncs/ip").status_code == 200
        assert client.get(f"{emulator.url}/v1/ncs/ip").status_code == 200
        began = time.monotonic()
        emulator.stop()
        assert time.monotonic() - began < 4


def test_many_threads_make_one_recording() -> None:
    """Twenty starts at once with one resource ID: one is accepted, the others are told."""
    with Emulator() as emulator, httpx.Client(verify=False, base_url=emulator.url, auth=auth(emulator)) as client:
        base = f"/v1/apps/{emulator.app_id}/cloud_recording"
        body: dict[str, Any] = {"cname": "a", "uid": "1", "clientRequest": {}}
        resource = client.post(f"{base}/acquire", json=body).json()["resourceId"]
        storage = {"vendor": 1, "region": 0, "bucket": "lessons", "accessKey": "k", "secretKey": "s"}
        body["clientRequest"] = {"storageConfig": storage}

        def start(_: int) -> int:
            return client.post(f"{base}/resourceid/{resource}/mode/mix/start", json=body).status_code

        with ThreadPoolExecutor(20) as pool:
            assert sorted(pool.map(start, range(20))) == [200] + [201] * 19
        assert len(emulator.recordings) == 1


def command(*arguments: str) -> subprocess.Popen[str]:
    """`python -m cloudrec.emulator`."""
    return subprocess.Popen(
        [sys.executable, "-W", "error", "-m", "cloudrec.emulator", *arguments],
        cwd=ROOT,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


@pytest.mark.skipif(os.name == "nt", reason="there is no SIGINT to send on Windows")
@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_the_command_serves_until_it_is_told_to_stop(number: signal.Signals) -> None:
    """It prints what a client needs, answers, and ends cleanly on Ctrl-C and on SIGTERM."""
    with command("--port", "0", "--app-id", "my-app") as process:
        assert process.stdout is not None
        lines = []
        while not lines or not lines[-1].startswith("CloudRecording"):
            lines.append(process.stdout.readline())
            assert lines[-1], process.communicate()[1]
        text = "".join(lines)
        for name in ("AGORA_APP_ID=my-app", "AGORA_CUSTOMER_ID=", "AGORA_CUSTOMER_SECRET=", "AGORA_BASE_URL="):
            assert f"export {name}" in text
        url = text.partition("AGORA_BASE_URL=")[2].split()[0]
        assert (
            httpx.get(f"{url}/v1/ncs/ip", auth=("emulated-customer", "emulated-secret"), verify=False).status_code
            == 200
        )
        process.send_signal(number)
        assert process.communicate(timeout=30)[1] == ""
        assert process.returncode == 0


def test_the_command_prints_every_host() -> None:
    """One line for each."""
    with Emulator(hosts=3) as emulator:
        text = greeting(emulator)
        assert all(f"at {url}" in text for url in emulator.urls)
        assert f"at {emulator.url}/_emulator" in text
    with Emulator(host="0.0.0.0") as emulator:
        assert f"at http://127.0.0.1:{urlsplit(emulator.url).port}/_emulator" in greeting(emulator)


def test_what_the_command_prints_makes_a_client_of_the_emulator(monkeypatch: pytest.MonkeyPatch) -> None:
    """As a shell reads it: with nothing but these variables, calls go to the emulator, and recorders have tokens."""
    for name in [name for name in os.environ if name.startswith("AGORA_")]:
        monkeypatch.delenv(name)
    certificate = "5CFd2fd1755d40ecb72977518be15d3b"
    with Emulator(app_id="a" * 32, hosts=2, certificate=certificate) as emulator:
        for line in greeting(emulator, certificate).splitlines():
            if line.startswith("export "):
                name, _, value = shlex.split(line)[1].partition("=")
                monkeypatch.setenv(name, value)
        with CloudRecording.from_env(rate_limit=None) as client:
            storage = S3("lessons", "eu-central-1", "AKEXAMPLE", "secret")
            client.mix.record("lesson-42", storage=storage, confirm=False)
            emulator.refuse(0)
            assert client.ncs_ips().host == f"127.0.0.1:{urlsplit(emulator.urls[1]).port}"
        assert len(emulator.recordings) == 1


@pytest.mark.parametrize(
    ("arguments", "message", "code"),
    [
        (["--certfile", "nowhere.pem"], "no such file: nowhere.pem", 2),
        (["--max-recordings", "-1"], "must not be negative: -1", 2),
        (["--hosts", "0"], "must be at least 1: 0", 2),
        (["--rate-limit", "9" * 30], "--rate-limit must be a whole number from 1", 1),
    ],
)
def test_the_command_says_what_is_wrong(
    arguments: list[str], message: str, code: int, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """One line and an exit code, and nothing is raised but that."""
    monkeypatch.setattr(signal, "signal", lambda *_: None)
    try:
        ended: Any = main(arguments)
    except SystemExit as error:
        ended = error.code
    assert message in capsys.readouterr().err
    assert ended == code


def python(code: str) -> subprocess.CompletedProcess[str]:
    """Run some Python from the checkout."""
    return subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=False)


def test_without_the_extra_there_is_one_clear_sentence() -> None:
    """What is missing, and the command that mends it."""
    done = python(
        "import sys; sys.modules['starlette.routing'] = sys.modules['uvicorn'] = None\n"
        "from cloudrec.emulator import Emulator"
    )
    assert "pip install 'cloudrec[emulator]'" in done.stderr.splitlines()[-1]


def test_the_plugin_and_the_command_line_import_cheaply() -> None:
    """Neither brings the server, the web framework or the validator with it."""
    done = python(
        "import sys, cloudrec.emulator.pytest_plugin, cloudrec.emulator.command\n"
        "print([name for name in ('starlette', 'uvicorn', 'jsonschema') if name in sys.modules])"
    )
    assert done.stdout.strip() == "[]", done.stderr


def test_answers_are_not_held_back_by_the_network() -> None:
    """The listening socket says that it is TCP: else each answer on a kept connection is 40 ms late."""
    with _listen("127.0.0.1", 0) as listener:
        assert listener.proto == socket.IPPROTO_TCP


def test_half_a_request_is_dropped_in_silence(caplog: pytest.LogCaptureFixture) -> None:
    """A client that goes away inside its body leaves no trace, and the next one is served."""
    with Emulator() as emulator:
        host, port = emulator.url.removeprefix("http://").split(":")
        with socket.create_connection((host, int(port))) as connection:
            connection.sendall(b"POST /v1/ncs/ip HTTP/1.1\r\nHost: a\r\nContent-Length: 100\r\n\r\n{")
        assert httpx.get(f"{emulator.url}/v1/ncs/ip", auth=auth(emulator), verify=False).status_code == 200
    assert [record for record in caplog.records if record.levelname in {"WARNING", "ERROR"}] == []


NUMBERS = ["port", "hosts", "max_recordings", "max_web_recordings", "rate_limit", "upload_time", "keep_calls"]
NONE_OF_THEM: list[Any] = [-1, 10**10, 1e308, float("nan"), float("inf"), True, "7", 10**5000]


@each("name", NUMBERS)
@each("value", NONE_OF_THEM)
def test_numbers_that_are_none(name: str, value: Any) -> None:
    """What cannot be is told where the emulator is made, by name."""
    with pytest.raises(ValueError, match=f"^{name} must be "):
        Emulator(**{name: value})


def test_ports_that_are_too_many() -> None:
    """The last one is a port, too."""
    with pytest.raises(ValueError, match="port of the last host must be a whole number from 1 to 65535, not 65536"):
        Emulator(port=65535, hosts=2)


@pytest.mark.parametrize("value", NONE_OF_THEM, ids=range(len(NONE_OF_THEM)))
def test_times_and_shares_that_are_none(value: Any) -> None:
    """The same for its methods: nothing is wished for then, and its clock has not moved."""
    emulator = Emulator()
    before = emulator.clock.time
    uses: dict[str, Callable[[], object]] = {
        "times": lambda: emulator.fail("start", Fault.drop(), times=value),
        "every": lambda: emulator.fail("start", Fault.drop(), every=value),
        "skip": lambda: emulator.fail("start", Fault.drop(), skip=value),
        "rate": lambda: emulator.storm(value),
        "duplicates": lambda: emulator.webhooks.send_to("http://127.0.0.1:1", duplicates=value),
        "retries": lambda: emulator.webhooks.send_to("http://127.0.0.1:1", retries=value),
        "timeout": lambda: emulator.webhooks.send_to("http://127.0.0.1:1", timeout=value),
        "seconds": lambda: Fault.delay(value),
        "share": lambda: Fault.cut(value),
        "status": lambda: Fault.html(value),
        "a clock moves forward only": lambda: emulator.clock.advance(value if value != 10**10 else 1e12),
    }
    for name, use in uses.items():
        with pytest.raises(ValueError, match=f"^{name}"):
            use()
    assert emulator.clock.time == before
