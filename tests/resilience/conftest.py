"""Every kind of client: sync, on both event loops, and on aiohttp's pool where that is installed."""

from __future__ import annotations

import socket
import ssl
from importlib.util import find_spec
from pathlib import Path

import pytest
import trustme

from tests.resilience.support import KINDS


@pytest.fixture(autouse=True)
def _only_here(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nothing goes by a proxy of the machine's, and nothing anywhere but to loopback."""
    for name in ("http_proxy", "https_proxy", "all_proxy", "no_proxy"):
        monkeypatch.delenv(name, raising=False)
        monkeypatch.delenv(name.upper(), raising=False)
    look_up = socket.getaddrinfo

    def getaddrinfo(host: str | bytes | None, *arguments: object, **options: object) -> object:
        assert host in ("127.0.0.1", b"127.0.0.1", "localhost", b"localhost", None), f"asked DNS for {host!r}"
        return look_up(host, *arguments, **options)  # type: ignore[arg-type]

    monkeypatch.setattr(socket, "getaddrinfo", getaddrinfo)


def choose_pool(kind: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Shows aiohttp's transport to the client, or hides it."""
    if kind == "aiohttp":
        assert find_spec("httpx_aiohttp") is not None, "the environment of the tests has the extra `aiohttp`"
    else:
        monkeypatch.setattr("cloudrec._http.choice_async.find_spec", lambda name: None)


@pytest.fixture(params=KINDS)
def kind(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> str:
    """Sync, on asyncio, on trio, and on asyncio with aiohttp's pool."""
    choose_pool(request.param, monkeypatch)
    return str(request.param)


@pytest.fixture(params=KINDS[1:])
def async_kind(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> str:
    """The async ones."""
    choose_pool(request.param, monkeypatch)
    return str(request.param)


@pytest.fixture
def tls(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> ssl.SSLContext:
    """A server's certificate that this process trusts."""
    authority = trustme.CA()
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    authority.issue_cert("127.0.0.1").configure_cert(context)
    authority.cert_pem.write_to_path(tmp_path / "ca.pem")
    monkeypatch.setenv("SSL_CERT_FILE", str(tmp_path / "ca.pem"))
    return context
