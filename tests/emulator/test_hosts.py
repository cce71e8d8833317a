"""Several hosts with one service behind them, and hosts that refuse connections."""

from __future__ import annotations

import errno
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any
from urllib.parse import urlsplit

import httpx
import pytest

from cloudrec.emulator import Emulator, Fault
from cloudrec.emulator.http import server

from .conftest import until


def connect(url: str) -> socket.socket:
    """A bare connection."""
    parts = urlsplit(url)
    return socket.create_connection((parts.hostname, parts.port or 0), timeout=30)


def refuses(url: str) -> bool:
    """Whether connecting is refused, and in no other way impossible."""
    try:
        connect(url).close()
    except ConnectionRefusedError:
        return True
    return False


def get(emulator: Emulator, url: str) -> httpx.Response:
    """One call on a connection of its own."""
    auth = (emulator.credential.customer_id, emulator.credential.customer_secret)
    return httpx.get(f"{url}/v1/ncs/ip", auth=auth, verify=False)


def test_each_host_has_a_port_and_says_which_it_is() -> None:
    """The first is `url`."""
    with Emulator(hosts=4) as emulator:
        assert len(set(emulator.urls)) == 4
        assert emulator.url == emulator.urls[0]
        answers = [get(emulator, url).headers["x-emulated-host"] for url in emulator.urls]
        assert answers == ["0", "1", "2", "3"]
        assert [call.host for call in emulator.calls] == [0, 1, 2, 3]
    with pytest.raises(RuntimeError, match="not started"):
        _ = emulator.urls


def test_the_service_behind_them_is_one() -> None:
    """What one host gives out, the other knows."""
    with Emulator(hosts=2) as emulator:
        auth = (emulator.credential.customer_id, emulator.credential.customer_secret)
        base = f"/v1/apps/{emulator.app_id}/cloud_recording"
        with httpx.Client(auth=auth, verify=False) as client:
            body: dict[str, Any] = {"cname": "a", "uid": "1", "clientRequest": {}}
            resource = client.post(f"{emulator.urls[0]}{base}/acquire", json=body).json()["resourceId"]
            storage = {"vendor": 1, "region": 0, "bucket": "lessons", "accessKey": "k", "secretKey": "s"}
            body["clientRequest"] = {"storageConfig": storage}
            path = f"{base}/resourceid/{resource}/mode/mix/start"
            assert client.post(f"{emulator.urls[1]}{path}", json=body).status_code == 200
        assert len(emulator.running) == 1


@contextmanager
def two_in_a_row() -> Iterator[tuple[socket.socket, socket.socket]]:
    """Sockets on two neighbouring ports; as long as they are open nobody else has them."""
    while True:
        with socket.create_server(("127.0.0.1", 0)) as first:
            try:
                second = socket.create_server(("127.0.0.1", first.getsockname()[1] + 1))
            except (OSError, OverflowError):
                continue
            with second:
                yield first, second
                return


def test_ports_in_a_row() -> None:
    """A port that is named is the first of so many."""
    with two_in_a_row() as (first, second):
        port = first.getsockname()[1]
        first.close()
        second.close()
        with Emulator(port=port, hosts=2) as emulator:
            assert [urlsplit(url).port for url in emulator.urls] == [port, port + 1]


def test_a_port_of_several_that_is_taken() -> None:
    """The others are given up again, and no thread stays."""
    before = set(threading.enumerate())
    with two_in_a_row() as (first, _):
        port = first.getsockname()[1]
        first.close()
        with pytest.raises(OSError, match=r".+"):
            Emulator(port=port, hosts=2).start()
        assert set(threading.enumerate()) <= before
        with socket.create_server(("127.0.0.1", port)):
            pass  # it is free


@pytest.mark.parametrize("hosts", [0, -1])
def test_there_is_at_least_one_host(hosts: int) -> None:
    """None at all is refused."""
    with pytest.raises(ValueError, match="whole number from 1"):
        Emulator(hosts=hosts)


def test_a_host_refuses_connections_and_accepts_them_again() -> None:
    """The port is closed when `refuse` returns, and the same port is open when `accept` does."""
    with Emulator(hosts=2) as emulator:
        urls = emulator.urls
        for _ in range(3):
            emulator.refuse(0)
            emulator.refuse(0)
            assert [refuses(url) for url in urls] == [True, False]
            assert get(emulator, urls[1]).status_code == 200
            emulator.accept(0)
            emulator.accept(0)
            assert emulator.urls == urls
            assert get(emulator, urls[0]).status_code == 200


def test_a_port_that_cannot_be_held_is_opened_again_all_the_same(monkeypatch: pytest.MonkeyPatch) -> None:
    """In a process that was just forked there is a copy of the socket that listens."""
    first, bind = iter([True]), server._bind

    def taken_at_first(host: str, port: int) -> socket.socket:
        if next(first, False):
            raise OSError(errno.EADDRINUSE, "Address already in use")
        return bind(host, port)

    with Emulator() as emulator:
        monkeypatch.setattr(server, "_bind", taken_at_first)
        emulator.refuse()
        assert refuses(emulator.url)
        emulator.accept()
        assert get(emulator, emulator.url).status_code == 200


def test_refused_for_the_length_of_a_with() -> None:
    """At its end the hosts accept connections again; without numbers, all are meant."""
    with Emulator(hosts=3) as emulator:
        with emulator.refuse():
            assert all(refuses(url) for url in emulator.urls)
        assert not any(refuses(url) for url in emulator.urls)
        with pytest.raises(KeyError), emulator.refuse(2):
            raise KeyError
        assert not refuses(emulator.urls[2])


def test_a_kept_connection_ends_when_its_host_refuses() -> None:
    """Else a client with a pool would never notice."""
    with Emulator(hosts=2) as emulator:
        auth = (emulator.credential.customer_id, emulator.credential.customer_secret)
        with httpx.Client(auth=auth, verify=False) as client, connect(emulator.urls[0]) as fresh:
            assert [client.get(f"{url}/v1/ncs/ip").status_code for url in emulator.urls] == [200, 200]
            emulator.refuse(0)
            assert fresh.recv(1) == b""
            with pytest.raises(httpx.ConnectError):
                client.get(f"{emulator.urls[0]}/v1/ncs/ip")
            assert client.get(f"{emulator.urls[1]}/v1/ncs/ip").status_code == 200


def test_an_answer_under_way_is_finished() -> None:
    """A host that closes its port answers what it was asked before."""
    with Emulator() as emulator:
        emulator.fail("ncsIps", Fault.delay(0.2), times=1)
        answers: list[int] = []
        asker = threading.Thread(target=lambda: answers.append(get(emulator, emulator.url).status_code))
        asker.start()
        until(lambda: emulator.calls)
        emulator.refuse(0)
        asker.join()
        assert answers == [200]
        assert refuses(emulator.url)


def test_hosts_that_refuse_are_no_matter_at_the_end() -> None:
    """Stopped while a port is closed, started again with all of them open."""
    emulator = Emulator(hosts=2)
    for _ in range(2):
        with emulator:
            assert not any(refuses(url) for url in emulator.urls)
            emulator.refuse(1)


def test_healing_opens_every_port() -> None:
    """`heal` ends what was asked for, and may be called at any time."""
    emulator = Emulator(hosts=2)
    emulator.heal()
    with emulator:
        emulator.refuse()
        emulator.heal()
        assert not any(refuses(url) for url in emulator.urls)
    emulator.heal()


def test_a_host_that_does_not_exist() -> None:
    """It is named in the error, before anything happens."""
    with Emulator(hosts=2) as emulator:
        for act in (emulator.refuse, emulator.accept):
            with pytest.raises(ValueError, match="there is no host 2: they are 0 to 1"):
                act(0, 2)
        assert not refuses(emulator.urls[0])
    with pytest.raises(RuntimeError, match="not started"):
        emulator.refuse(0)


def test_the_fault_that_takes_its_host_down() -> None:
    """The call that meets it is dropped without effect; connecting is refused until the time is over."""
    with Emulator(hosts=2) as emulator:
        emulator.fail("ncsIps", Fault.refuse(60), host=0)
        with pytest.raises(httpx.RemoteProtocolError):
            get(emulator, emulator.urls[0])
        assert [refuses(url) for url in emulator.urls] == [True, False]
        assert emulator.calls[-1].handled is None
        emulator.accept(0)
        emulator.heal()
        assert get(emulator, emulator.urls[0]).status_code == 200


def test_a_host_that_is_down_comes_back_by_itself() -> None:
    """After so many real seconds."""
    with Emulator() as emulator:
        emulator.fail("ncsIps", Fault.refuse(0.01), times=1)
        with pytest.raises(httpx.RemoteProtocolError):
            get(emulator, emulator.url)
        until(lambda: not refuses(emulator.url))
        assert get(emulator, emulator.url).status_code == 200


def test_a_closed_port_stays_reserved() -> None:
    """Nobody else can take it meanwhile: the emulator would not get it back."""
    with Emulator() as emulator, emulator.refuse(0):
        parts = urlsplit(emulator.url)
        with socket.socket() as other, pytest.raises(OSError, match=r".+"):
            other.bind((parts.hostname, parts.port or 0))
