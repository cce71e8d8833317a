"""The examples run: each behind a server on loopback, told of a recording by the emulator."""

from __future__ import annotations

import importlib
import logging
from contextlib import AbstractContextManager
from pathlib import Path
from typing import Any

import httpx
import pytest
from fastapi import FastAPI
from starlette.routing import Route

from cloudrec import CloudRecording
from cloudrec.emulator import Emulator
from cloudrec.webhooks.asgi import WebhookApp
from tests.support import CNAME, ROOT, STORAGE, UID
from tests.webhooks.support import SECRET, Heard, post, sent, serve_asgi, serve_wsgi

SERVERS: dict[str, tuple[Any, str]] = {
    "starlette": (serve_asgi, "app"),
    "flask": (serve_wsgi, "app"),
    "django": (serve_wsgi, "application"),
}


@pytest.mark.parametrize("name", SERVERS)
def test_example(name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture) -> None:
    """It takes what it should, refuses what it should, tells of the recording once, and leaves the rest of the site."""
    caplog.set_level(logging.DEBUG, "lessons")
    monkeypatch.setenv("AGORA_WEBHOOK_SECRET", f"old,{SECRET}")
    monkeypatch.setenv("WEBHOOKS_FILE", str(tmp_path / "webhooks.db"))
    serve, attribute = SERVERS[name]
    monkeypatch.syspath_prepend(str(ROOT / "examples"))
    example = importlib.import_module(f"webhooks_{name}")
    served: AbstractContextManager[str] = serve(getattr(example, attribute))
    with served as url, Emulator() as emulator:
        emulator.webhooks.send_to(f"{url}/agora", secret=SECRET, duplicates=1, retries=0)
        with CloudRecording(emulator.app_id, emulator.credential, base_url=emulator.url, rate_limit=None) as client:
            resource_id = client.mix.acquire(CNAME, UID).resource_id
            sid = client.mix.start(resource_id, CNAME, UID, storage_config=STORAGE).sid
            emulator.clock.advance(60)
            [file] = client.mix.stop(resource_id, sid, CNAME, UID).files
            emulator.clock.advance(5)
        emulator.webhooks.flush()
        assert {attempt.status for notice in emulator.notices for attempt in notice.attempts} == {200}
        assert post(f"{url}/agora", sent(), secret="another").status_code == 401
        assert httpx.get(f"{url}/agora").status_code == 405
        if name != "starlette":
            assert httpx.get(url).text == "lessons"
    if name == "flask":
        assert example.hook.close()
    told = [record.getMessage() for record in caplog.records if record.name == "lessons"]
    assert told.count(f"{CNAME} is recorded: {file.name}") == 1
    assert len(told) == len(emulator.notices)


def test_in_fastapi() -> None:
    """As a route, or mounted, in an application that has routes of its own."""
    heard = Heard()
    hook, app = WebhookApp(SECRET, heard), FastAPI()

    @app.get("/")
    def home() -> str:
        return "lessons"

    app.router.routes.append(Route("/agora", hook))
    app.mount("/mounted", hook)
    with serve_asgi(app) as url:
        assert httpx.get(url).json() == "lessons"
        assert [post(url + path, sent()).status_code for path in ("/agora", "/mounted/")] == [200, 200]
        heard.wait_for(2)
