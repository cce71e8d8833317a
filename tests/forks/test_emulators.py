"""An emulator in a process that was forked: it serves where it was started, and says so elsewhere."""

from __future__ import annotations

import json
import os
import threading
from collections.abc import Callable
from http.client import HTTPConnection
from typing import Any

import httpx
import pytest

from cloudrec import CloudRecording
from cloudrec.emulator import Emulator, Fault
from tests.forks.support import ALARM, fork, hammering, in_child, needs_fork
from tests.webhooks.support import serve_wsgi

pytestmark = needs_fork

USES: dict[str, Callable[[Emulator], Any]] = {
    "recordings": lambda emulator: emulator.recordings,
    "running": lambda emulator: emulator.running,
    "calls": lambda emulator: emulator.calls,
    "notices": lambda emulator: emulator.notices,
    "recording": lambda emulator: emulator.recording("sid"),
    "channel": lambda emulator: emulator.channel("lesson-42").join(101),
    "crash": lambda emulator: emulator.crash("sid"),
    "fail": lambda emulator: emulator.fail("start", Fault.drop()),
    "storm": lambda emulator: emulator.storm(),
    "refuse": lambda emulator: emulator.refuse(0),
    "accept": lambda emulator: emulator.accept(0),
    "failover": lambda emulator: emulator.failover("sid"),
    "heal": lambda emulator: emulator.heal(),
    "clock": lambda emulator: emulator.clock.advance(1),
    "flush": lambda emulator: emulator.webhooks.flush(),
    "start": lambda emulator: emulator.start(),
}


def test_a_child_reaches_it_and_is_told_that_it_is_elsewhere() -> None:
    def child() -> str:
        with CloudRecording(emulator.app_id, emulator.credential, base_url=emulator.url) as client:
            client.acquire("of-child", 1)
        for name, use in USES.items():
            with pytest.raises(RuntimeError, match="forked from" if name != "start" else "started already"):
                use(emulator)
        emulator.stop()
        return repr(emulator)

    with Emulator(webhook_url="http://127.0.0.1:9/agora") as emulator:
        assert in_child(child) == f"<Emulator {emulator.url} in another process>"
        assert [call.cname for call in emulator.calls] == ["of-child"]
        emulator.clock.advance(1)


def test_what_the_parent_closes_is_closed_while_a_child_lives() -> None:
    """The child has no copy of a socket by which a port or a connection would stay open."""
    ready, over = os.pipe(), os.pipe()
    with Emulator(hosts=2) as emulator:
        first, second = (httpx.URL(url) for url in emulator.urls)
        connection = HTTPConnection(first.host, first.port, timeout=ALARM)
        assert asked(connection) == 401
        child = fork()
        if not child:
            os.close(over[1])
            connection.close()
            os.write(ready[1], b"x")
            os.read(over[0], 1)  # until the parent closes its end
            os._exit(0)
        try:
            os.read(ready[0], 1)
            emulator.refuse(0)
            assert connection.sock.recv(1) == b""
            connection.close()
            with pytest.raises(ConnectionRefusedError):
                asked(connection)
            connection.close()  # or it would think that it waits for an answer
            emulator.accept(0)
            assert asked(connection) == 401
            emulator.stop()
            assert connection.sock.recv(1) == b""
            for url in (first, second):
                with pytest.raises(ConnectionRefusedError):
                    asked(HTTPConnection(url.host, url.port, timeout=ALARM))
        finally:
            connection.close()
            os.close(over[1])
            assert os.waitpid(child, 0)[1] == 0
            for end in (*ready, over[0]):
                os.close(end)


def asked(connection: HTTPConnection) -> int:
    """The status of an answer, which is read to its end."""
    connection.request("GET", "/")
    answer = connection.getresponse()
    answer.read()
    return answer.status


def test_one_that_is_not_started_is_copied() -> None:
    """Without a socket there is nothing of the parent's in it; nobody waits for the parent's threads."""
    emulator = Emulator()
    channel = emulator.channel("lesson-42")

    def use(number: int) -> None:
        channel.join(number + 1)
        emulator.clock.advance(1)
        emulator.fail("start", Fault.drop(), times=1)
        assert not emulator.recordings
        assert not emulator.calls
        emulator.heal()

    with hammering(use):
        for _ in range(10):
            assert in_child(lambda: use(10**6)) == "None"


def test_notices_are_sent_by_the_parent_alone() -> None:
    """What waits to be sent at the fork is not sent twice; what happens in a child afterwards is sent by it."""
    taken: list[int] = []
    inside, release = threading.Event(), threading.Event()

    def receive(environ: dict[str, Any], start_response: Any) -> list[bytes]:
        taken.append(json.loads(environ["wsgi.input"].read(int(environ["CONTENT_LENGTH"])))["eventType"])
        if taken[-1] == 40:
            inside.set()
            assert release.wait(ALARM)
        start_response("200 OK", [("Content-Length", "2")])
        return [b"{}"]

    with serve_wsgi(receive) as url:
        emulator = Emulator(webhook_url=url)
        emulator.webhooks.send_health_check(40)
        assert inside.wait(ALARM)

        def child() -> None:
            emulator.webhooks.flush(ALARM)  # nothing is on its way here
            emulator.webhooks.send_health_check(41)
            emulator.webhooks.flush(ALARM)

        try:
            assert in_child(child) == "None"
        finally:
            release.set()
            emulator.webhooks.flush(ALARM)
            emulator.stop()
    assert taken == [40, 41]
