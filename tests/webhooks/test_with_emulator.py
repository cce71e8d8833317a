"""Whole recordings, told by the emulator and received over a socket: each event once, in order, whatever the way."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from cloudrec import CloudRecording
from cloudrec.emulator import Emulator
from cloudrec.webhooks import (
    Deduplicator,
    Event,
    EventType,
    FileInfos,
    HealthCheck,
    Ordered,
    OtherProductEvent,
    RecorderLeave,
    SessionExit,
    SQLiteStore,
    UnknownEvent,
    Uploaded,
    WebRecorderStopped,
)
from cloudrec.webhooks.asgi import WebhookApp as AsgiApp
from cloudrec.webhooks.wsgi import WebhookApp as WsgiApp
from tests.support import CNAME, PAGE, STORAGE, UID
from tests.webhooks.support import SECRET, Heard, serve_asgi, serve_wsgi

REQUESTS: dict[str, dict[str, Any]] = {
    "individual": {"storage_config": STORAGE},
    "mix": {"storage_config": STORAGE, "recording_file_config": {"avFileType": ["hls", "mp4"]}},
    "web": {
        "storage_config": STORAGE,
        "extension_service_config": PAGE,
        "recording_file_config": {"avFileType": ["hls"]},
    },
}


@contextmanager
def served(kind: str, heard: Heard, others: Heard, path: Path) -> Iterator[str]:
    """Where one of the adapters listens, with everything that puts events right."""
    with SQLiteStore(path / "notices.db") as store:
        # Out of the way of a slow machine; a gap that nothing fills would make the test wait, and there is none.
        options: dict[str, Any] = {"deduplicator": Deduplicator(store), "ordered": Ordered(wait=30), "on_other": others}
        if kind == "asgi":
            with serve_asgi(AsgiApp(SECRET, heard, **options)) as url:
                yield url
        else:
            with WsgiApp(SECRET, heard, **options) as app, serve_wsgi(app) as url:
                yield url


@pytest.mark.parametrize("kind", ["asgi", "wsgi"])
@pytest.mark.parametrize("mode", REQUESTS)
def test_a_whole_recording(kind: str, mode: str, tmp_path: Path) -> None:
    """With half of the notices sent twice and half of them overtaken: everything that happened, once and in order."""
    heard, others = Heard(), Heard()
    with served(kind, heard, others, tmp_path) as url, Emulator() as emulator:
        emulator.webhooks.send_to(url, secret=SECRET, duplicates=0.5, disorder=0.5)
        with CloudRecording(emulator.app_id, emulator.credential, base_url=emulator.url, rate_limit=None) as client:
            calls = getattr(client, mode)
            resource_id = calls.acquire(CNAME, UID).resource_id
            sid = calls.start(resource_id, CNAME, UID, **REQUESTS[mode]).sid
            emulator.clock.advance(90)
            stopped = calls.stop(resource_id, sid, CNAME, UID)
        emulator.clock.advance(5)
        emulator.webhooks.send_health_check()
        emulator.webhooks.send_other_product()
        emulator.webhooks.flush()
        told = [notice for notice in emulator.notices if notice.sid == sid]
        events = heard.wait_for(len(told))
        others.wait_for(2)

    assert sum(len(notice.attempts) for notice in told) > len(told)
    assert [event.sequence for event in events] == list(range(len(told)))
    assert [event.notice_id for event in events] == [notice.notice_id for notice in told]
    assert [type(notice) for notice in others.events] == [HealthCheck, OtherProductEvent]
    for event, notice in zip(events, told, strict=True):
        assert isinstance(event, Event)
        assert not isinstance(event.details, UnknownEvent)
        assert isinstance(event.event_type, EventType)
        assert (event.cname, event.uid, event.sid) == (CNAME, UID, sid)
        assert event.details.name == notice.name == event.event_type.name.lower()
    details = {type(event.details): event.details for event in events}
    assert SessionExit in details
    if mode == "web":
        files = details[WebRecorderStopped].files
    else:
        assert details[RecorderLeave].leave_code is not None
        assert details[FileInfos].files
        files = details[Uploaded].files
    # The same files, in the same type, as the stop told.
    assert {file.name for file in files} == {file.name for file in stopped.files}


@pytest.mark.parametrize("kind", ["asgi", "wsgi"])
def test_another_secret(kind: str, tmp_path: Path) -> None:
    """What is signed with another secret is refused, sent again, refused again and given up."""
    heard = Heard()
    with served(kind, heard, heard, tmp_path) as url, Emulator() as emulator:
        emulator.webhooks.send_to(url, secret="another", retries=1)
        emulator.webhooks.send_health_check()
        emulator.webhooks.flush()
        [notice] = emulator.notices
        assert [attempt.status for attempt in notice.attempts] == [401, 401]
    assert heard.events == []
