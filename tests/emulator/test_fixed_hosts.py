"""SDKs whose hosts are fixed in their code: the names, and the certificate, by which they come to the emulator."""

from __future__ import annotations

import os
import socket
import ssl
import stat
import sys
from pathlib import Path

import pytest

from cloudrec import Area
from cloudrec.emulator import Emulator
from cloudrec.emulator.command import main
from cloudrec.emulator.hosts import fixed_hosts


def test_lines_for_hosts_name_every_host_of_every_area(capsys: pytest.CaptureFixture[str]) -> None:
    """And the address that is listened on."""
    assert main(["--print-hosts", "--host", "127.0.0.7"]) == 0
    lines = capsys.readouterr().out.splitlines()
    named = {line.removeprefix("127.0.0.7 ") for line in lines}
    assert len(named) == len(lines)
    assert {f"{prefix}.{domain}" for area in Area for prefix in area.prefixes for domain in area.domains} <= named
    assert {"api.agora.io", "api.sd-rtn.com"} <= named


def test_a_certificate_for_all_of_them(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Who trusts the authority comes to the emulator by each of these names. Nobody else reads the key."""
    folder = tmp_path / "made" / "here"
    assert main(["--make-certificate", str(folder)]) == 0
    told = capsys.readouterr().out
    server = folder / "server.pem"
    assert f"--certfile {server}" in told
    assert f"NODE_EXTRA_CA_CERTS={folder / 'ca.pem'}" in told
    if os.name != "nt":
        assert stat.S_IMODE(server.stat().st_mode) == 0o600
    context = ssl.create_default_context(cafile=folder / "ca.pem")
    with Emulator(certfile=str(server)) as emulator:
        address = "127.0.0.1", int(emulator.url.rpartition(":")[2])
        for name in (*fixed_hosts(), "localhost", "127.0.0.1"):
            with (
                socket.create_connection(address, timeout=30) as connection,
                context.wrap_socket(connection, server_hostname=name) as wrapped,
            ):
                wrapped.sendall(f"GET /v1/ncs/ip HTTP/1.1\r\nHost: {name}\r\n\r\n".encode())
                assert wrapped.recv(12) == b"HTTP/1.1 401"
    assert main(["--make-certificate", str(folder)]) == 1
    assert "--make-certificate has found" in capsys.readouterr().err


def test_without_the_extra_it_says_which(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """One line, and nothing is written."""
    monkeypatch.setitem(sys.modules, "trustme", None)
    assert main(["--make-certificate", str(tmp_path / "new")]) == 1
    assert "--make-certificate needs trustme" in (said := capsys.readouterr().err)
    assert "pip install 'cloudrec[emulator-tls]'" in said
    assert not (tmp_path / "new").exists()


def test_the_help_names_the_page_the_header_and_the_way_for_fixed_hosts(capsys: pytest.CaptureFixture[str]) -> None:
    """It took people an hour to find out."""
    with pytest.raises(SystemExit):
        main(["--help"])
    told = capsys.readouterr().out
    for word in ("/_emulator", "openapi.json", "X-Emulate-Fault: drop", "--print-hosts", "--make-certificate"):
        assert word in told
