"""The service, tested: whole lessons, the same twice, and killed while it records. No test waits for time."""

import os
import subprocess
import sys
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from pathlib import Path
from typing import Any

import httpx
import pytest
from service_fastapi import make_app

from cloudrec import S3
from cloudrec.emulator import Emulator

SECRET, STORAGE = "webhook-secret", S3("lessons", "eu-central-1", "AKEXAMPLE", "secret")


@asynccontextmanager
async def service(emulator: Emulator, folder: Path) -> AsyncIterator[httpx.AsyncClient]:
    """The service in this process, told by the emulator's webhooks; without a socket."""
    app = make_app(emulator.async_client(), lambda: STORAGE, SECRET, str(folder / "lessons.db"))
    emulator.webhooks.send_to((app, "/webhooks"), secret=SECRET)
    async with (
        app.router.lifespan_context(app),
        httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://service") as http,
    ):
        yield http


@contextmanager
def service_process(environment: dict[str, str], folder: Path) -> Iterator[tuple[httpx.Client, Any]]:
    """The service as it is run, set up by the environment."""
    command = [sys.executable, "-m", "uvicorn", "--app-dir", str(Path(__file__).parents[1]), "--port", "0"]
    with subprocess.Popen(
        [*command, "--factory", "service_fastapi:from_env"],
        cwd=folder, env=os.environ | environment, stderr=subprocess.PIPE, text=True,
    ) as process:  # fmt: skip
        assert process.stderr is not None
        url = next(line for line in process.stderr if "running on" in line).split("running on ")[1].split()[0]
        try:
            with httpx.Client(base_url=url) as http:
                yield http, process
        finally:
            process.kill()


@pytest.mark.anyio
async def test_a_lesson(cloudrec_emulator: Emulator, tmp_path: Path) -> None:
    """Its state follows from webhooks alone; asked for twice, it is recorded once; in the end there are files."""
    async with service(cloudrec_emulator, tmp_path) as http:
        assert (await http.get("/lessons/lesson-42")).status_code == 404
        assert (await http.post("/lessons/lesson-42")).json()["last_status"] is None
        await cloudrec_emulator.advance_async(60)
        state = (await http.get("/lessons/lesson-42")).json()
        assert (state["last_status"], sorted(state["users"])) == (5, ["0"])
        again = await http.post("/lessons/lesson-42")
        assert (again.status_code, again.json()["detail"]["handle"]["sid"]) == (409, state["sid"])
        result = (await http.delete("/lessons/lesson-42")).json()
        assert [file["key"].rpartition(".")[2] for file in result["files"]] == ["mp4", "m3u8"]
        assert (await http.get("/lessons/lesson-42")).json() == result
    assert "query" not in [call.endpoint for call in cloudrec_emulator.calls]


@pytest.mark.anyio
async def test_a_lesson_that_everybody_leaves(cloudrec_emulator: Emulator, tmp_path: Path) -> None:
    channel = cloudrec_emulator.channel("lesson-42")
    channel.join(101)
    async with service(cloudrec_emulator, tmp_path) as http:
        await http.post("/lessons/lesson-42")
        await cloudrec_emulator.advance_async(60)
        channel.leave(101)
        await cloudrec_emulator.until(cloudrec_emulator.advance_async(400))
        result = (await http.get("/lessons/lesson-42")).json()
    assert "maxIdleTime" in result["ended"]["causes"][0]


def test_killed_while_it_records(cloudrec_emulator: Emulator, tmp_path: Path, environment_of: Any) -> None:
    """kill -9; the next process goes on with the recording, and ends it."""
    environment = environment_of(cloudrec_emulator, SECRET)
    with service_process(environment, tmp_path) as (http, process):
        sid = http.post("/lessons/lesson-42").json()["sid"]
        process.kill()
    cloudrec_emulator.clock.advance(60)
    with service_process(environment, tmp_path) as (http, _):
        assert http.get("/lessons/lesson-42").json()["sid"] == sid
        assert http.delete("/lessons/lesson-42").json()["uploading_status"] == "uploaded"
    assert cloudrec_emulator.running == ()
