"""The command `cloudrec events`."""

from __future__ import annotations

import json
import os
import re
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from threading import Thread
from typing import Any
from wsgiref.simple_server import WSGIRequestHandler, make_server

import httpx
import pytest

from cloudrec import AlreadyStartedError, BasicAuth, CloudRecording
from cloudrec.cli import main
from cloudrec.emulator import Emulator
from cloudrec.webhooks import sign
from cloudrec.webhooks.wsgi import WebhookApp
from tests.support import STORAGE

SECRET = "webhook-secret-do-not-show"
OLD_SECRET = "old-webhook-secret-do-not-show"
NOTICE: dict[str, Any] = {
    "noticeId": "4330b3a1c2d94e6f9a0b7c5d8e1f2a3b",
    "productId": 3,
    "eventType": 31,
    "notifyMs": 1619172871126,
    "payload": {
        "cname": "lesson-42",
        "uid": "527841",
        "sid": "38f8e3cfdc474cd56fc1ceba380d7e1a",
        "sequence": 7,
        "sendts": 1619172871089,
        "serviceType": 2,
        "details": {
            "msgName": "uploaded",
            "status": 0,
            "fileList": [{"fileName": name} for name in ("a.m3u8", "a_0.mp4", "a_1.mp4", "a_2.mp4")],
        },
    },
}
BODY = json.dumps(NOTICE, separators=(",", ":")).encode()
LINE = (
    "2021-04-23 10:14:31.089  lesson-42/527841      38f8e3cf    #7  31 uploaded  status=0  "
    "files=a.m3u8, a_0.mp4, a_1.mp4 and 1 more\n"
)
V1, V2 = "Agora-Signature", "Agora-Signature-V2"


@contextmanager
def serving(app: WebhookApp) -> Iterator[str]:
    """A service on loopback."""

    class Quiet(WSGIRequestHandler):
        def log_message(self, *_: object) -> None:
            pass

    with app, make_server("127.0.0.1", 0, app, handler_class=Quiet) as server:
        thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        yield f"http://127.0.0.1:{server.server_port}/webhooks"
        server.shutdown()
        thread.join()


@pytest.fixture
def kept(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A body in a file, and the secret in the environment."""
    monkeypatch.setenv("AGORA_WEBHOOK_SECRET", SECRET)
    path = tmp_path / "body.json"
    path.write_bytes(BODY)
    return path


def verify(*arguments: object) -> int:
    return main(["events", "verify", *map(str, arguments)])


# -- verify ----------------------------------------------------------------------------------------


def test_a_genuine_one_is_valid_and_printed(kept: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert verify(kept, "--signature", sign(BODY, SECRET)[V2]) == 0
    assert capsys.readouterr().out == f"valid\n{LINE}"


def test_as_json_the_output_is_json_alone(kept: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert verify(kept, "--signature", sign(BODY, SECRET)[V2], "--json") == 0
    shown = capsys.readouterr()
    assert json.loads(shown.out) == NOTICE
    assert shown.out.count("\n") == 1
    assert shown.err == "valid\n"


@pytest.mark.parametrize("changed", [BODY.replace(b"a_0", b"b_0"), b"", BODY + b" "])
def test_what_was_changed_is_not_valid(kept: Path, changed: bytes, capsys: pytest.CaptureFixture[str]) -> None:
    kept.write_bytes(changed)
    assert verify(kept, "--signature", sign(BODY, SECRET)[V2]) == 1
    shown = capsys.readouterr()
    assert shown.out.startswith("not valid: Agora-Signature-V2 is not the signature of the body")
    assert shown.out.count("\n") == 1
    assert SECRET not in shown.out + shown.err


def test_a_line_break_that_an_editor_added_is_pointed_out(kept: Path, capsys: pytest.CaptureFixture[str]) -> None:
    kept.write_bytes(BODY + b"\n")
    assert verify(kept, "--signature", sign(BODY, SECRET)[V2]) == 1
    assert "without the line break at its end" in capsys.readouterr().out


def test_a_genuine_one_that_is_no_notice_is_not_valid(kept: Path, capsys: pytest.CaptureFixture[str]) -> None:
    kept.write_bytes(b"[]")
    assert verify(kept, "--signature", sign(b"[]", SECRET)[V2]) == 1
    assert capsys.readouterr().out == "not valid: the body is not a JSON object: it is an array\n"


def test_headers_are_read_as_they_were_kept(kept: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    headers = tmp_path / "headers.txt"
    signatures = sign(BODY, SECRET)
    lines = ["POST /agora HTTP/1.1", "Host: example.com:8080", f"agora-signature-v2:  {signatures[V2]}", ""]
    headers.write_text("\r\n".join(lines), encoding="utf-8")
    assert verify(kept, "--headers", headers) == 0
    headers.write_text("Content-Type: application/json\n", encoding="utf-8")
    assert verify(kept, "--headers", headers) == 1
    assert "Agora-Signature-V2 is missing" in capsys.readouterr().out


def test_version_1_counts_where_it_is_allowed(kept: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert verify(kept, "--signature", sign(BODY, SECRET)[V1]) == 2
    assert "--allow-v1" in capsys.readouterr().err
    assert verify(kept, "--signature", sign(BODY, SECRET)[V1], "--allow-v1") == 0


def test_a_file_holds_one_secret_or_several(kept: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("AGORA_WEBHOOK_SECRET")
    secrets = tmp_path / "secrets"
    secrets.write_text(f"\n{OLD_SECRET}\n{SECRET}  \n", encoding="utf-8")
    for secret, code in ((OLD_SECRET, 0), (SECRET, 0), ("another", 1)):
        assert verify(kept, "--signature", sign(BODY, secret)[V2], "--secret-file", secrets) == code


def test_a_file_may_begin_with_a_mark(kept: Path, tmp_path: Path) -> None:
    """Editors of Windows put a byte order mark before the secret."""
    secrets = tmp_path / "secrets"
    secrets.write_bytes(b"\xef\xbb\xbfthe-secret\r\n")
    assert verify(kept, "--signature", sign(BODY, "the-secret")[V2], "--secret-file", secrets) == 0


def test_another_variable_can_hold_the_secret(kept: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OTHER", OLD_SECRET)
    signature = sign(BODY, OLD_SECRET)[V2]
    assert verify(kept, "--signature", signature) == 1
    assert verify(kept, "--signature", signature, "--secret-env", "OTHER") == 0


def test_what_cannot_be_told_is_2(
    kept: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    signature = sign(BODY, SECRET)[V2]
    empty, binary = tmp_path / "empty", tmp_path / "binary"
    empty.write_text("\n", encoding="utf-8")
    binary.write_bytes(b"\xff\xfe")
    cases: list[tuple[list[object], str]] = [
        ([tmp_path / "none", "--signature", signature], "none: No such file"),
        ([kept, "--signature", "abc"], "--signature has 3 digits, and should have 64 (Agora-Signature-V2) or 40"),
        ([kept, "--headers", tmp_path / "none"], "none: No such file"),
        ([kept, "--signature", signature, "--secret-env", "NOT_SET"], "no secret: set NOT_SET, or give --secret-file"),
        ([kept, "--signature", signature, "--secret-file", empty], "empty: no secret in it"),
        ([kept, "--signature", signature, "--secret-file", binary], "binary: not text in UTF-8"),
        ([kept, "--signature", signature, "--secret-file", tmp_path / "none"], "none: No such file"),
    ]
    for arguments, words in cases:
        assert verify(*arguments) == 2
        shown = capsys.readouterr()
        assert shown.out == ""
        assert re.fullmatch(rf"cloudrec events verify: .*{re.escape(words)}.*\n", shown.err)
    with pytest.raises(SystemExit) as left:
        verify(kept)
    assert left.value.code == 2


def test_the_body_can_come_from_the_standard_input() -> None:
    command = [sys.executable, "-m", "cloudrec", "events", "verify", "-", "--signature", sign(BODY, SECRET)[V2]]
    environ = {**os.environ, "AGORA_WEBHOOK_SECRET": SECRET, "PYTHONIOENCODING": "ascii"}
    done = subprocess.run(command, input=BODY, capture_output=True, env=environ, timeout=60, check=False)
    assert (done.returncode, done.stdout.decode()) == (0, f"valid\n{LINE}")


@pytest.mark.parametrize(
    ("changes", "payload", "line"),
    [
        (
            {"eventType": 41},
            {"details": {"leaveCode": 6}},
            "lesson-42/527841      38f8e3cf    #7  41 recorder_leave  leave_code=",
        ),
        (
            {"eventType": 43},
            {"details": {"streamUid": "101", "state": 1, "UtcMs": 1619172871089}},
            "#7  43 recorder_audio_stream_state_changed  stream_uid=101  state=not_receiving  changed_at=10:14:31.089",
        ),
        (
            {"eventType": 100},
            {"details": {"rtmpUrl": "rtmp://cdn.example.com/live/do-not-show", "status": "publishing"}},
            "#7  100 rtmp_publish_status  status=publishing\n",
        ),
        ({"eventType": 80}, {"details": {}}, "#7  80 transcoder_started\n"),
        ({"eventType": 13}, {"details": {"a": "ü"}}, '#7  event 13, unknown  {"a": "ü"}\n'),
        ({"eventType": 13}, {"details": {"msgName": "of_tomorrow"}}, '#7  of_tomorrow  {"msgName": "of_tomorrow"}\n'),
        ({}, {"cname": "课\x1b[31m", "sendts": None}, "-----------------------  课\ufffd[31m/527841"),
        ({}, {"cname": "test_webhook", "uid": "12121212"}, "10:14:31.126  health check of the provider's console\n"),
        ({"productId": 1, "eventType": 103}, {}, "10:14:31.126  not of cloud recording: product 1, event 103\n"),
    ],
)
def test_each_is_one_line(
    kept: Path, capsys: pytest.CaptureFixture[str], changes: dict[str, Any], payload: dict[str, Any], line: str
) -> None:
    body = json.dumps({**NOTICE, **changes, "payload": {**NOTICE["payload"], **payload}}).encode()
    kept.write_bytes(body)
    assert verify(kept, "--signature", sign(body, SECRET)[V2]) == 0
    shown = capsys.readouterr().out
    assert line in shown
    assert shown.count("\n") == 2
    assert "do-not-show" not in shown


# -- listen ----------------------------------------------------------------------------------------


@contextmanager
def command(*arguments: str) -> Iterator[subprocess.Popen[str]]:
    """A command, running; it ends with the test, however that ends."""
    environ = {**os.environ, "AGORA_WEBHOOK_SECRET": SECRET, "PYTHONIOENCODING": "utf-8"}
    line = [sys.executable, "-m", "cloudrec", *arguments]
    with subprocess.Popen(
        line, stdout=subprocess.PIPE, stderr=subprocess.PIPE, encoding="utf-8", env=environ
    ) as running:
        try:
            yield running
        finally:
            running.kill()


@contextmanager
def listening(*arguments: str) -> Iterator[tuple[subprocess.Popen[str], str]]:
    """`listen`, running, and where it listens."""
    with command("events", "listen", "--port", "0", *arguments) as running:
        assert running.stderr is not None
        said = running.stderr.readline()
        url = re.fullmatch(r"Listening at (http://127\.0\.0\.1:\d+) \(Ctrl-C ends it\)\n", said)
        assert url, said
        yield running, url[1]


def ended(running: subprocess.Popen[str], number: signal.Signals = signal.SIGINT) -> tuple[str, str]:
    """What it says when it is told to end."""
    running.send_signal(number)
    assert running.stdout is not None
    assert running.stderr is not None
    # Not communicate(): it passes over what a readline() before it has buffered.
    out, err = running.stdout.read(), running.stderr.read()
    assert running.wait(30) == 0, err
    return out, err


def test_a_whole_recording_of_the_emulator_is_printed_as_it_happens() -> None:
    with listening() as (running, url), Emulator(webhook_url=url, webhook_secret=SECRET) as emulator:
        credential = BasicAuth(emulator.credential.customer_id, emulator.credential.customer_secret)
        with CloudRecording(emulator.app_id, credential, base_url=emulator.url) as client:
            resource_id = client.mix.acquire("lesson-42", 527841).resource_id
            sid = client.mix.start(resource_id, "lesson-42", 527841, storage_config=STORAGE).sid
            emulator.clock.advance(20)
            emulator.webhooks.flush()
            assert running.stdout is not None
            assert running.stdout.readline().endswith("#0  30 uploader_started  status=0\n")  # while it goes on
            client.mix.stop(resource_id, sid, "lesson-42", 527841)
            emulator.clock.advance(3)
            emulator.webhooks.send_health_check()
            emulator.webhooks.send_other_product()
            emulator.webhooks.flush()
        out, err = ended(running)
    lines = out.splitlines()
    assert [line.partition("#")[2].split()[1:3] for line in lines[:-2]] == [
        [str(notice.event_type), notice.name] for notice in emulator.notices[1:-2]
    ]
    assert all(f"lesson-42/527841      {sid[:8]}" in line for line in lines[:-2])
    assert lines[-2].endswith("health check of the provider's console")
    assert lines[-1].endswith("not of cloud recording: product 1, event 103")
    assert all(notice.attempts[0].answer == b"{}" for notice in emulator.notices)
    assert err == ""


def test_as_json_lines_and_what_is_refused() -> None:
    with listening("--json") as (running, url):
        assert httpx.post(url, content=BODY, headers=sign(BODY, SECRET), verify=False).json() == {}
        assert httpx.post(url, content=BODY, headers=sign(BODY, OLD_SECRET), verify=False).status_code == 401
        assert httpx.post(url, content=BODY, verify=False).status_code == 401
        assert httpx.get(url, verify=False).status_code == 405
        out, err = ended(running, signal.SIGTERM)
    assert [json.loads(line) for line in out.splitlines()] == [NOTICE]
    refused = [line.partition(". ")[0] for line in err.splitlines()]  # and what to do
    assert refused == [
        "webhook refused: Agora-Signature-V2 is not the signature of the body",
        "webhook refused: Agora-Signature-V2 is missing",
    ]


def test_it_ends_when_nobody_reads_any_more() -> None:
    with listening() as (running, url):
        assert running.stdout is not None
        running.stdout.close()
        assert httpx.post(url, content=BODY, headers=sign(BODY, SECRET), verify=False).status_code == 200
        assert running.wait(30) == 0
        assert running.stderr is not None
        assert running.stderr.read() == ""


def test_without_a_secret_it_does_not_listen(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.delenv("AGORA_WEBHOOK_SECRET", raising=False)
    assert main(["events", "listen", "--port", "0"]) == 2
    said = "cloudrec events listen: no secret: set AGORA_WEBHOOK_SECRET, or give --secret-file\n"
    assert capsys.readouterr().err == said


@pytest.mark.parametrize("port", ["taken", "70000"])
def test_a_port_that_cannot_be_had_is_told(
    port: str, cloudrec_emulator: Any, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("AGORA_WEBHOOK_SECRET", SECRET)
    number = cloudrec_emulator.url.rpartition(":")[2] if port == "taken" else port
    assert main(["events", "listen", "--port", number]) == 1
    assert re.fullmatch(r"cloudrec events listen: [^\n]+\n", capsys.readouterr().err)


def test_the_emulators_command_sends_webhooks() -> None:
    with listening() as (listener, url):
        told = ("--webhook-url", url, "--webhook-secret", SECRET, "--webhook-duplicates", "1")
        with command("emulator", "--port", "0", *told) as running:
            assert running.stdout is not None
            greeting = "".join(iter(running.stdout.readline, "\n"))
            base_url = re.search(r"http://\S+", greeting)
            assert base_url
            assert f"telling {url} what happens" in greeting
            credential = BasicAuth("emulated-customer", "emulated-secret")
            with CloudRecording("0123456789abcdef0123456789abcdef", credential, base_url=base_url[0]) as client:
                resource_id = client.mix.acquire("lesson-42", 527841).resource_id
                sid = client.mix.start(resource_id, "lesson-42", 527841, storage_config=STORAGE).sid
                with pytest.raises(AlreadyStartedError):  # the one thing that is told without a wait
                    client.mix.start(resource_id, "lesson-42", 527841, storage_config=STORAGE)
            assert listener.stdout is not None
            first, second = listener.stdout.readline(), listener.stdout.readline()
            rest, err = ended(running)
        assert err == ""
        assert f"export AGORA_WEBHOOK_SECRET={SECRET}" in rest
    assert first == second
    assert sid[:8] in first
    assert "3 cloud_recording_status_update  status=" in first


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["--webhook-url", "example.com"], "url must be an http or https URL"),
        (["--webhook-url", "http://127.0.0.1:9", "--webhook-secret", ""], "secret must not be empty"),
    ],
)
def test_a_wrong_receiver_is_told(arguments: list[str], words: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["emulator", "--port", "0", *arguments]) == 1
    assert words in capsys.readouterr().err
    with pytest.raises(SystemExit):
        main(["emulator", "--webhook-disorder", "2"])
    assert "must be from 0 to 1: 2" in capsys.readouterr().err


def test_kept_events_are_printed_once_more(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.delenv("AGORA_WEBHOOK_SECRET", raising=False)
    path = tmp_path / "kept.jsonl"
    path.write_bytes(BODY + b"\n\n" + BODY + b"\n")
    assert main(["events", "listen", "--replay", str(path)]) == 0
    assert capsys.readouterr().out == 2 * LINE
    path.write_bytes(BODY + b"\nno event\n")
    assert main(["events", "listen", "--replay", str(path), "--json"]) == 1
    told = capsys.readouterr()
    assert told.out == BODY.decode() + "\n"
    assert "line 2: the body is not a JSON object" in told.err


def test_kept_events_are_signed_and_sent_to_a_service(
    kept: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "kept.jsonl"
    path.write_bytes(BODY + b"\n" + BODY.replace(b"4330", b"4331") + b"\n")
    heard: list[Any] = []
    with serving(WebhookApp(SECRET, heard.append)) as url:
        assert main(["events", "listen", "--replay", str(path), "--to", url]) == 0
    assert [event.notice_id[:4] for event in heard] == ["4330", "4331"]
    with serving(WebhookApp(OLD_SECRET, heard.append)) as url:
        assert main(["events", "listen", "--replay", str(path), "--to", url]) == 1
    assert "line 1: answered with HTTP 401" in capsys.readouterr().err
    assert main(["events", "listen", "--replay", str(path), "--to", url]) == 1
    assert "line 1: not delivered" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["--to", "http://127.0.0.1:9"], "--to goes with --replay FILE"),
        (["--replay", "x", "--to", "ftp://host"], "--to must be an http or https URL"),
        (["--replay", "nowhere"], "nowhere: No such file"),
    ],
)
def test_a_wrong_replay_is_told(
    kept: Path, arguments: list[str], words: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["events", "listen", *arguments]) == 2
    assert words in capsys.readouterr().err


def test_reading_the_command_line_imports_nothing_that_the_command_needs() -> None:
    code = "import sys, cloudrec.cli; print(*{'wsgiref', 'cloudrec.webhooks', 'httpx', 'asyncio'} & set(sys.modules))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, encoding="utf-8", check=True, timeout=60)
    assert done.stdout.split() == []
