"""Receives webhooks in a Starlette application.

    AGORA_WEBHOOK_SECRET=... uvicorn --app-dir examples webhooks_starlette:app --port 8000

Set http(s)://your.host/agora as the address in the provider's console, where the secret stands as well. While the
secret is being changed, give the old one and the new one, with a comma between them.

In FastAPI it is the same line: app.mount("/agora", hook)
"""

import logging
import os

from starlette.applications import Starlette

from cloudrec.webhooks import (
    Backuped,
    Deduplicator,
    ErrorLevel,
    ErrorReported,
    Event,
    Ordered,
    SessionExit,
    SessionFailover,
    SQLiteStore,
    UnknownEvent,
    Uploaded,
)
from cloudrec.webhooks.asgi import WebhookApp

log = logging.getLogger("lessons")


async def handle(event: Event) -> None:
    """Called with each event once, in the order of the recording, after it was answered."""
    match event.details:
        case Uploaded(files=files) | Backuped(files=files):
            log.info("%s is recorded: %s", event.cname, ", ".join(file.name for file in files) or "see the bucket")
        case SessionFailover(new_uid=uid):
            log.warning("%s goes on with another recorder, %s", event.cname, uid)
        case ErrorReported(level=ErrorLevel.FATAL, message=message):
            log.error("%s may be over: %s", event.cname, message)
        case SessionExit(exit_status=status):
            log.info("%s has ended: %s", event.cname, status)
        case UnknownEvent():
            log.info("%s: event %s, which is not known yet", event.cname, event.event_type)
        case details:
            log.debug("%s: %r", event.cname, details)


hook = WebhookApp(
    os.environ["AGORA_WEBHOOK_SECRET"].split(","),
    handle,
    deduplicator=Deduplicator(SQLiteStore(os.environ.get("WEBHOOKS_FILE", "webhooks.db"))),
    ordered=Ordered(wait=5),
)
app = Starlette()
app.mount("/agora", hook)
