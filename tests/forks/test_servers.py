"""Real servers with several workers: gunicorn with --preload, multiprocessing with fork, uvicorn with --workers."""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import httpx
import pytest

from cloudrec.webhooks import sign
from tests.forks.support import SERVERS, both_workers, needs_fork, serving
from tests.webhooks.support import SECRET, encoded, sent

pytestmark = needs_fork


def post_until_taken(client: httpx.Client, name: str) -> None:
    """Sends a notice as the service does, which sends it again where it is told to."""
    body, never = encoded(sent(notice=name)), threading.Event()
    for _ in range(200):
        answer = client.post("/", content=body, headers=sign(body, SECRET))
        if answer.status_code == 200:
            return
        assert answer.status_code == 503
        never.wait(0.02)  # another worker is at it
    raise AssertionError(f"{name} was never taken")


def handled(path: Path) -> list[tuple[str, str]]:
    """Who handled what, without what each process did when it loaded the program."""
    lines = [line.split() for line in path.read_text(encoding="utf-8").splitlines()]
    return [(process, name) for process, name in lines if not name.startswith("loading-")]


@pytest.mark.parametrize("server", SERVERS)
def test_every_notice_is_handled_once_over_all_workers(server: str, tmp_path: Path) -> None:
    names = [f"notice-{number}" for number in range(12)]
    anew = httpx.Limits(max_keepalive_connections=0)  # a connection for each, which any worker may take
    files = {"NOTICES": str(tmp_path / "notices.db"), "HANDLED": str(tmp_path / "handled")}
    with (
        serving(server, "tests.forks.served", **files) as url,
        httpx.Client(verify=False, base_url=url, limits=anew, timeout=10) as client,
        ThreadPoolExecutor(4) as senders,
    ):
        workers = both_workers(client)
        list(senders.map(lambda name: post_until_taken(client, name), names * 3))
    found = handled(tmp_path / "handled")
    assert sorted(name for _, name in found) == sorted(names)
    assert {process for process, _ in found} <= workers
