"""The examples run: each behind a server on loopback, told of a recording by the emulator."""

from __future__ import annotations

import importlib
import logging
import sys
from collections.abc import Callable
from contextlib import AbstractContextManager
from pathlib import Path
from typing import Any

import httpx
import pytest
from fastapi import FastAPI
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.middleware.gzip import GZipMiddleware
from starlette.responses import JSONResponse
from starlette.routing import Mount, Route

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
        assert post(f"{url}/agora/", sent()).status_code == 200
        assert httpx.get(f"{url}/agora", verify=False).status_code == 405
        if name != "starlette":
            assert httpx.get(url, verify=False).text == "lessons"
    if name == "flask":
        assert example.hook.close()
    told = [record.getMessage() for record in caplog.records if record.name == "lessons"]
    assert told.count(f"{CNAME} is recorded: {file.name}") == 1
    assert len(told) == len(emulator.notices) + 1


MOUNTED: dict[str, Callable[[Any, Any], Any]] = {
    "mounted": lambda app, hook: app.mount("/agora", hook),
    "mounted with a slash": lambda app, hook: app.mount("/agora/", hook),
    "as a route": lambda app, hook: app.add_route("/agora", hook, methods=["POST"]),
    "among the routes": lambda app, hook: app.router.routes.append(Route("/agora", hook)),
    "in middleware": lambda app, hook: app.router.routes.append(
        Mount("/agora", hook, middleware=[Middleware(GZipMiddleware)])
    ),
}


@pytest.mark.parametrize("how", MOUNTED)
@pytest.mark.parametrize("kind", [Starlette, FastAPI])
def test_the_bare_path_is_answered_however_it_is_mounted(kind: Any, how: str) -> None:
    """The service follows no redirect. The application's other paths, and other mounts, are as they were."""
    heard = Heard()
    hook, app, other = WebhookApp(SECRET, heard), kind(), Starlette()

    async def home(request: Any) -> JSONResponse:
        return JSONResponse("lessons")

    app.add_route("/", home)
    other.add_route("/", home)
    app.mount("/other", other)
    MOUNTED[how](app, hook)
    with serve_asgi(app) as url:
        assert httpx.get(url, verify=False).json() == "lessons"
        assert post(f"{url}/agora", sent()).status_code == 200
        assert heard.wait_for(1)[0].notice_id == "notice-1"
        assert post(f"{url}/agoras", sent()).status_code == 404
        assert httpx.get(f"{url}/other", verify=False).status_code == 307
        assert httpx.get(f"{url}/other/", verify=False).json() == "lessons"


def test_without_starlette_there_is_nothing_to_answer_for(monkeypatch: pytest.MonkeyPatch) -> None:
    """Where it is not installed, an application of ours is made all the same; where it is, it is changed once."""
    before = Mount.matches
    WebhookApp(SECRET, Heard())
    changed = Mount.matches
    WebhookApp(SECRET, Heard())
    assert Mount.matches is changed
    assert before in {changed, getattr(changed, "__wrapped__", None)}
    monkeypatch.setitem(sys.modules, "starlette.routing", None)
    assert WebhookApp(SECRET, Heard())


def test_the_bare_path_is_answered_in_an_application_within_another() -> None:
    heard = Heard()
    inner, app = FastAPI(), FastAPI()
    inner.mount("/agora", WebhookApp(SECRET, heard))
    app.mount("/api", inner)
    with serve_asgi(app) as url:
        assert [post(f"{url}/api/agora{end}", sent()).status_code for end in ("", "/")] == [200, 200]


@pytest.mark.parametrize("kind", [Starlette, FastAPI])
def test_the_bare_path_of_an_application_that_has_it_at_its_root(kind: Any) -> None:
    heard = Heard()
    inner, app = kind(), kind()
    inner.mount("/", WebhookApp(SECRET, heard))
    app.mount("/agora", inner)
    with serve_asgi(app) as url:
        assert [post(f"{url}/agora{end}", sent()).status_code for end in ("", "/")] == [200, 200]
        assert post(f"{url}/agoras", sent()).status_code == 404
