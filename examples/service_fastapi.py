"""A service that records lessons: FastAPI, the async client, webhooks, and SQLite for what must outlive it.

    AGORA_APP_ID=... AGORA_WEBHOOK_SECRET=... uvicorn --app-dir examples --factory service_fastapi:from_env

    POST   /lessons/lesson-42    begins to record the channel; 409 where it is recorded already
    GET    /lessons/lesson-42    its state, and in the end its files
    DELETE /lessons/lesson-42    ends it

Its tests are in examples/tests/. Killed at any moment and started again, it goes on with what runs.
"""

import json
import os
import sqlite3
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from typing import Any

from fastapi import FastAPI, HTTPException

from cloudrec import (
    S3,
    AsyncCloudRecording,
    AsyncMixRecording,
    CloudRecordingError,
    RecordingHandle,
    TaskConflictError,
)
from cloudrec.webhooks import Event
from cloudrec.webhooks.asgi import WebhookApp


class Lessons:
    """What is kept of them: the handle as soon as there is one, and the result in the end."""

    def __init__(self, path: str) -> None:
        self._db = sqlite3.connect(path, isolation_level=None, check_same_thread=False)
        self._db.execute("CREATE TABLE IF NOT EXISTS lessons (channel TEXT PRIMARY KEY, handle TEXT, result TEXT)")

    def begun(self, handle: RecordingHandle) -> None:
        self._db.execute("REPLACE INTO lessons VALUES (?, ?, NULL)", (handle["cname"], json.dumps(handle)))

    def ended(self, channel: str, result: dict[str, Any]) -> None:
        self._db.execute("UPDATE lessons SET result = ? WHERE channel = ?", (json.dumps(result), channel))

    def result(self, channel: str) -> dict[str, Any] | None:
        row = self._db.execute("SELECT result FROM lessons WHERE channel = ?", (channel,)).fetchone()
        return json.loads(row[0]) if row and row[0] else None

    def unfinished(self) -> list[str]:
        return [handle for (handle,) in self._db.execute("SELECT handle FROM lessons WHERE result IS NULL")]


def make_app(client: AsyncCloudRecording, storage: Callable[[], S3], secret: str, path: str) -> FastAPI:
    """The service, with a client of its own, which it closes."""
    lessons, running = Lessons(path), dict[str, AsyncMixRecording]()

    @asynccontextmanager
    async def lifespan(_: FastAPI) -> AsyncIterator[None]:
        async with client:
            for handle in lessons.unfinished():
                recording = client.mix.attach(handle)
                running[recording.cname] = recording
            yield

    async def webhook(event: Event) -> None:
        recording = running.get(event.cname or "")
        if recording is not None and recording.feed(event) and recording.ended is not None:
            await finish(recording)

    async def finish(recording: AsyncMixRecording) -> dict[str, Any]:
        result = (await recording.stop()).to_dict()
        lessons.ended(recording.cname, result)
        running.pop(recording.cname, None)
        return result

    app = FastAPI(lifespan=lifespan)
    app.mount("/webhooks", WebhookApp(secret, webhook))

    @app.post("/lessons/{channel}", status_code=202)
    async def begin(channel: str) -> dict[str, Any]:
        try:
            recording = await client.mix.record(
                channel, storage=storage(), files=["hls", "mp4"], confirm=False, on_started=lessons.begun
            )
        except TaskConflictError as error:
            raise HTTPException(409, error.to_dict()) from error
        except CloudRecordingError as error:
            raise HTTPException(422 if error.http_status is None else 502, error.to_dict()) from error
        running[channel] = recording
        return recording.to_dict()

    @app.get("/lessons/{channel}")
    async def show(channel: str) -> dict[str, Any]:
        if channel in running:
            return running[channel].to_dict()
        if (result := lessons.result(channel)) is None:
            raise HTTPException(404, "never recorded")
        return result

    @app.delete("/lessons/{channel}")
    async def end(channel: str) -> dict[str, Any]:
        return await (finish(running[channel]) if channel in running else show(channel))

    return app


def from_env() -> FastAPI:
    """The service as the environment sets it up."""
    bucket, key, secret = (os.environ[f"LESSONS_{name}"] for name in ("BUCKET", "ACCESS_KEY", "SECRET_KEY"))
    return make_app(
        AsyncCloudRecording.from_env(),
        lambda: S3(bucket, os.environ.get("LESSONS_REGION", "eu-central-1"), key, secret),
        os.environ["AGORA_WEBHOOK_SECRET"],
        os.environ.get("LESSONS_FILE", "lessons.db"),
    )
