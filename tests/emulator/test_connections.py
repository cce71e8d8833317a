"""Connections that clients keep, do not use, or spoil; and what the command says of options that cannot be."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
import trustme
from cryptography.hazmat.primitives.serialization import (
    BestAvailableEncryption,
    Encoding,
    PrivateFormat,
    load_pem_private_key,
)

from cloudrec.emulator import Emulator
from cloudrec.emulator.command import main
from cloudrec.emulator.http import server
from tests.support import ROOT

GET = b"GET /v1/ncs/ip HTTP/1.1\r\nHost: a\r\n\r\n"


@contextmanager
def connected(emulator: Emulator) -> Iterator[socket.socket]:
    """A connection to it."""
    host, port = emulator.url.removeprefix("http://").split(":")
    with socket.create_connection((host, int(port)), timeout=30) as connection:
        yield connection


def answer(connection: socket.socket) -> bytes:
    """The beginning of an answer."""
    return connection.recv(12)


def closed(connection: socket.socket) -> bool:
    """Whether the other side ends it, after what it still had to say."""
    while connection.recv(65536):
        pass
    return True


def test_a_connection_may_be_idle_for_as_long_as_clients_poll() -> None:
    """uvicorn's own five seconds end it just when somebody asks again who asks every five."""
    assert Emulator()._server._keep_alive == 75
    with Emulator(keep_alive=0.05) as emulator, connected(emulator) as connection:
        connection.sendall(GET)
        assert answer(connection) == b"HTTP/1.1 401"
        assert closed(connection)


@pytest.mark.parametrize("sent", [b"", b"GET /v1", GET.replace(b"\r\n\r\n", b"\r\nContent-Length: 9\r\n\r\n{")])
def test_half_a_request_does_not_hold_for_ever(
    sent: bytes, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    """Nor does a connection that brings none: it is told, and closed. What is whole may take its time."""
    monkeypatch.setattr(server, "_WHOLE_WITHIN", 0.05)
    with Emulator() as emulator, connected(emulator) as connection, connected(emulator) as other:
        other.sendall(GET.replace(b"\r\n\r\n", b"\r\nX-Emulate-Fault: delay; seconds=0.2\r\n\r\n"))
        connection.sendall(sent)
        assert answer(connection) == b"HTTP/1.1 408"
        assert closed(connection)
        assert answer(other) == b"HTTP/1.1 401"
    assert caplog.records == []


def test_an_upgrade_is_not_made_and_nothing_is_said_of_it(caplog: pytest.LogCaptureFixture) -> None:
    """HTTP has it that a server may go on as though nobody had asked; uvicorn prints which packages to install."""
    with Emulator() as emulator, connected(emulator) as connection:
        connection.sendall(GET.replace(b"\r\n\r\n", b"\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n"))
        assert answer(connection) == b"HTTP/1.1 401"
    assert caplog.records == []


EXHAUSTED = """
import asyncio.constants, resource, socket, time
from cloudrec.emulator import Emulator
asyncio.constants.ACCEPT_RETRY_DELAY = 0.01
with Emulator() as emulator:
    address = ("127.0.0.1", int(emulator.url.rpartition(":")[2]))
    held = [socket.create_connection(address)]
    lowest = max(each.fileno() for each in held) + 12
    resource.setrlimit(resource.RLIMIT_NOFILE, (lowest, resource.getrlimit(resource.RLIMIT_NOFILE)[1]))
    try:
        while True:
            held.append(socket.create_connection(address))
    except OSError:
        pass
    # Those that the system has taken and the emulator cannot: it tries again and again.
    deadline = time.monotonic() + 0.3
    while time.monotonic() < deadline:
        pass
    for each in held[:-1]:
        each.close()
    held[-1].sendall(b"GET / HTTP/1.1\\r\\nHost: a\\r\\n\\r\\n")
    print(held[-1].recv(12))
    held[-1].close()
"""


@pytest.mark.skipif(os.name == "nt", reason="Windows has no such limit")
def test_no_more_than_a_line_is_said_where_descriptors_run_out() -> None:
    """asyncio would print a traceback each second. Who waits is served when there is room again."""
    command = [sys.executable, "-W", "error", "-c", EXHAUSTED]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False, timeout=60)
    assert done.stdout == "b'HTTP/1.1 401'\n", done.stderr
    assert done.stderr.splitlines() == ["new connections wait: Too many open files (see `ulimit -n`)"]


@pytest.fixture
def files(tmp_path: Path) -> dict[str, str]:
    """Certificates and keys, right ones and others."""
    issued, other = trustme.CA().issue_cert("localhost"), trustme.CA().issue_cert("localhost")
    for name, blob in (
        ("cert", issued.cert_chain_pems[0]),
        ("key", issued.private_key_pem),
        ("other", other.private_key_pem),
    ):
        blob.write_to_path(tmp_path / name)
    key = load_pem_private_key(issued.private_key_pem.bytes(), None)
    locked = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, BestAvailableEncryption(b"word"))
    (tmp_path / "locked").write_bytes(locked)
    (tmp_path / "text").write_text("no certificate\n", encoding="utf-8")
    return {name: str(tmp_path / name) for name in ("cert", "key", "other", "locked", "text")}


@pytest.mark.parametrize(
    ("options", "said"),
    [
        ("--port 99999", "--port must be a whole number from 0 to 65535, not 99999"),
        ("--port 65535 --hosts 2", "--port of the last host must be a whole number from 1 to 65535, not 65536"),
        ("--port {taken}", "--port {taken} is taken by another program: give another one, or 0 for any that is free"),
        ("--host 192.0.2.1 --port 0", "--host 192.0.2.1 is no address of this machine"),
        ("--host nowhere.invalid --port 0", "--host nowhere.invalid is no address, and no name of one"),
        ("--keep-alive 0", "--keep-alive must be more than 0 and at most 3600, not 0.0"),
        ("--keep-alive nan", "--keep-alive must be more than 0 and at most 3600, not nan"),
        ("--upload-time -1", "--upload-time must be from 0 to 3600, not -1.0"),
        ("--hosts 101", "--hosts must be a whole number from 1 to 100, not 101"),
        ("--certificate 12", "--certificate must be 32 hexadecimal digits"),
        ("--certfile {cert}", "--certfile {cert} holds no private key: give the file of its key, too"),
        ("--certfile {key}", "--certfile {key} holds no certificate in PEM"),
        ("--certfile {text}", "--certfile {text} holds no certificate in PEM"),
        ("--certfile {cert} --keyfile {other}", "--keyfile {other} holds the key of another certificate"),
        ("--certfile {cert} --keyfile {text}", "--keyfile {text} holds no private key in PEM"),
        ("--certfile {cert} --keyfile {locked}", "--keyfile holds a key with a password: give one without"),
        ("--keyfile {key}", "--keyfile goes with certfile alone"),
        ("--webhook-url ftp://x", "--webhook-url must be an http or https URL, for example http://127.0.0.1:8000/agora"),
        ("--webhook-url http://127.0.0.1:1 --webhook-secret=", "--webhook-secret must not be empty"),
    ],
)  # fmt: skip
def test_one_line_that_names_the_option(
    options: str, said: str, files: dict[str, str], capsys: pytest.CaptureFixture[str]
) -> None:
    """No traceback, and no word that only OpenSSL, or who reads its source, understands."""
    with socket.create_server(("127.0.0.1", 0)) as taken:
        names = {**files, "taken": str(taken.getsockname()[1])}
        given = [part.format_map(names) for part in options.split()]
        if "--port" not in given:
            given += ["--port", "0"]
        assert main(given) == 1
    printed = capsys.readouterr()
    assert (printed.out, printed.err) == ("", f"cloudrec emulator: {said.format_map(names)}\n")
