"""The commands with `--fleet`: the recordings of a fleet's database, by their keys."""

from __future__ import annotations

import os
import re
import signal
import socket
import subprocess
import sys
from pathlib import Path

import httpx
import pytest

from cloudrec.fleet import BlockingFleet
from cloudrec.fleet._store import Store
from tests.cli.support import Terminal
from tests.fleet.support import STORAGE, client_of, quicken
from tests.support import each


def test_a_fleet_is_asked_by_keys(cloudrec: Terminal, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    quicken(monkeypatch.setattr)
    url = f"sqlite:///{tmp_path / 'fleet.db'}"
    monkeypatch.setenv("CLOUDREC_FLEET", url)
    fleet = BlockingFleet(client_of(cloudrec.emulator), url)
    fleet.storage("lessons", STORAGE)
    with fleet:
        done = cloudrec("record", "lesson-42", "--storage", "lessons", "--layout", "grid:4", "--for", "1h")
        assert done.code == 0
        assert done.out.startswith("lesson-42: ")
        changes = fleet.watch()
        while (held := fleet.get("lesson-42")) is None or held.state != "running":
            next(changes)
        changes.close()  # type: ignore[attr-defined]

        [listed] = cloudrec("list").lines
        assert listed.split("\t")[:3] == ["lesson-42", "running", "mix"]
        [found] = cloudrec("status", "lesson-42", "--json").objects
        assert (found["key"], found["state"]) == ("lesson-42", "running")
        assert cloudrec("layout", "lesson-42", "vertical:101").code == 0
        assert cloudrec.emulator.running[0].layout["mixedVideoLayout"] == 2
        assert cloudrec("status", "lesson-24").code == 3

        assert cloudrec("stop", "lesson-42", "--json").objects[0]["stop_asked_at"]
        watched = cloudrec("watch", "lesson-42")
        assert watched.lines[-1].split("\t")[:2] == ["lesson-42", "done"]
    done = cloudrec("files", "lesson-42")
    assert set(done.lines) <= set(cloudrec.emulator.recordings[0].keys)
    assert done.lines
    assert cloudrec("status", "lesson-42").code == 3


def test_an_empty_fleet_says_so(cloudrec: Terminal, tmp_path: Path) -> None:
    done = cloudrec("list", "--fleet", f"sqlite:///{tmp_path / 'fleet.db'}")
    assert (done.code, done.out, done.err) == (0, "", "The fleet has none of these.\n")


@each(("argv", "told"), [
    ((), "--fleet: missing (must be the database of a fleet, or stand in CLOUDREC_FLEET)"),
    (("--fleet", "nonsense"), "database: not an address (must be sqlite:///… or postgresql://…)"),
    (("--fleet", "sqlite:///none.db", "--port", "99999"), "--port: 99999 (must be from 0 to 65535)"),
    (("--fleet", "sqlite:///none.db", "--port", "0"), "database: there is no fleet in it (sqlite:///none.db)"),
    (("--fleet", "postgresql://me:canary@db/fleet"), "--fleet: *** (holds a password, which others can read there"),
])  # fmt: skip
def test_a_page_that_cannot_be_shown(
    cloudrec: Terminal, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, argv: tuple[str, ...], told: str
) -> None:
    """Each in a line; no file is made of a name that was written wrongly."""
    monkeypatch.chdir(tmp_path)
    done = cloudrec("fleet", "page", *argv)
    assert done.code in (1, 2)
    assert done.err.startswith(f"cloudrec fleet page: {told}")
    assert done.err.count("\n") == 1
    assert "canary" not in done.err
    assert not (tmp_path / "none.db").exists()


def test_a_page_on_a_port_that_is_taken(cloudrec: Terminal) -> None:
    with socket.create_server(("127.0.0.1", 0)) as other:
        port = other.getsockname()[1]
        done = cloudrec("fleet", "page", "--fleet", "sqlite:///none.db", "--port", str(port))
    assert done.err.startswith(f"cloudrec fleet page: --port: {port} (is taken by another program: give another one")


def test_a_page_is_shown_until_it_is_interrupted(tmp_path: Path) -> None:
    """With the database alone: no credentials are in the environment. A stream that is open does not keep it."""
    store = Store(f"sqlite:///{tmp_path / 'fleet.db'}", "a" * 32)
    store.prepare(10)
    row = {"key": "lesson-42", "cname": "lesson-42", "mode": "mix", "recipe": "{}", "restart": False}
    store.add(row, again=False)
    environ = {name: value for name, value in os.environ.items() if not name.startswith(("AGORA_", "CLOUDREC_"))}
    command = [sys.executable, "-m", "cloudrec", "fleet", "page", "--port", "0"]
    with subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, encoding="utf-8",
        env={**environ, "CLOUDREC_FLEET": str(store.url)},
    ) as running:  # fmt: skip
        try:
            assert running.stdout is not None
            [url] = re.findall(r"http://127\.0\.0\.1:[0-9]+/", running.stdout.readline())
            with (
                httpx.Client(base_url=url, timeout=60, trust_env=False, verify=False) as http,
                http.stream("GET", "events") as events,
            ):
                assert "lesson-42" in next(line for line in events.iter_lines() if line.startswith("data"))
                assert "cloudrec" in http.get("").text
                assert http.get("", headers={"Host": "fleet.example"}).status_code == 403
                assert http.post("stop", json={"key": "lesson-42"}).status_code == 200
                running.send_signal(signal.SIGINT)
                out, err = running.communicate(timeout=60)
        finally:
            running.kill()
    assert (running.returncode, out, err) == (0, "", "")
    found = store.get("lesson-42")
    assert found is not None
    assert found["state"] == "done"
    store.close()
