r"""A service of any number of processes that records lessons: FastAPI, and a fleet in SQLite or PostgreSQL.

    AGORA_APP_ID=... AGORA_WEBHOOK_SECRET=... FLEET_DATABASE=postgresql://... \
        uvicorn --app-dir examples --factory fleet_fastapi:from_env --workers 4

    POST   /lessons/lesson-42/recording     has the channel recorded; asked for twice, it is recorded once
    GET    /lessons/lesson-42/recording     how far it has come, its place in line, and in the end its files
    DELETE /lessons/lesson-42/recording     has it stopped
    GET    /lessons                         all of them, or those of a state: ?state=running

Each process is a worker; one that is killed has its recordings taken over by another, or by itself when it is back.
"""

import os
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import timedelta
from typing import Annotated, Any

from fastapi import FastAPI, HTTPException, Query

from cloudrec import S3, AsyncCloudRecording, CloudRecordingError, MixRecipe, grid
from cloudrec.fleet import Fleet, FleetDatabaseError, FleetRecording, State

LESSON = MixRecipe(storage="lessons", layout=grid(4), files=["hls", "mp4"])


def make_app(client: AsyncCloudRecording, fleet: Fleet, secret: str) -> FastAPI:
    """The service; it closes the client."""

    @asynccontextmanager
    async def lifespan(_: FastAPI) -> AsyncIterator[None]:
        async with client, fleet:
            yield

    app = FastAPI(lifespan=lifespan)
    app.mount("/webhooks", fleet.webhooks(secret))

    @app.post("/lessons/{channel}/recording", status_code=202)
    async def begin(channel: str, minutes: Annotated[float, Query(gt=0, le=24 * 60)] = 45) -> dict[str, Any]:
        return told(await fleet.record(channel, LESSON, until=timedelta(minutes=minutes), restart=True))

    @app.get("/lessons/{channel}/recording")
    async def show(channel: str) -> dict[str, Any]:
        found = await fleet.get(channel)
        if found is None:
            raise HTTPException(404, "never recorded")
        return told(found)

    @app.delete("/lessons/{channel}/recording", status_code=202)
    async def end(channel: str) -> dict[str, Any]:
        await show(channel)
        return told(await fleet.stop(channel))

    @app.get("/lessons")
    async def show_all(state: State | None = None) -> list[dict[str, Any]]:
        return [told(one) for one in await fleet.list(state=state)]

    @app.exception_handler(CloudRecordingError)
    async def refused(_: object, error: CloudRecordingError) -> Any:
        from fastapi.responses import JSONResponse

        return JSONResponse(error.to_dict(), 503 if isinstance(error, FleetDatabaseError) else 422)

    return app


def told(recording: FleetRecording) -> dict[str, Any]:
    return recording.to_dict()


def from_env() -> FastAPI:
    """The service as the environment sets it up."""
    client = AsyncCloudRecording.from_env()
    fleet = Fleet(client, os.environ.get("FLEET_DATABASE", "sqlite:///fleet.db"))
    bucket, key, secret = (os.environ[f"LESSONS_{name}"] for name in ("BUCKET", "ACCESS_KEY", "SECRET_KEY"))
    fleet.storage("lessons", lambda: S3(bucket, os.environ.get("LESSONS_REGION", "eu-central-1"), key, secret))
    return make_app(client, fleet, os.environ["AGORA_WEBHOOK_SECRET"])
