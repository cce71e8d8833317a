"""Receives webhooks in a Flask application.

    AGORA_WEBHOOK_SECRET=... flask --app examples/webhooks_flask.py run --port 8000

Set http(s)://your.host/agora as the address in the provider's console, where the secret stands as well.
"""

import logging
import os

from flask import Flask
from werkzeug.middleware.dispatcher import DispatcherMiddleware

from cloudrec.webhooks import Deduplicator, Event, Ordered, SQLiteStore, Uploaded, WebRecorderStopped, WebStopCode
from cloudrec.webhooks.wsgi import WebhookApp

log = logging.getLogger("lessons")
app = Flask(__name__)


def handle(event: Event) -> None:
    """Called with each event once, in the order of the recording, in a thread beside the requests."""
    with app.app_context():
        match event.details:
            case Uploaded(files=files):
                log.info("%s is recorded: %s", event.cname, ", ".join(file.name for file in files) or "see the bucket")
            case WebRecorderStopped(code=WebStopCode.OK):
                log.info("%s was stopped", event.cname)
            case WebRecorderStopped(message=why):
                log.error("%s stopped by itself: %s", event.cname, why)
            case details:
                log.debug("%s: %r", event.cname, details)


hook = WebhookApp(
    os.environ["AGORA_WEBHOOK_SECRET"].split(","),
    handle,
    deduplicator=Deduplicator(SQLiteStore(os.environ.get("WEBHOOKS_FILE", "webhooks.db"))),
    ordered=Ordered(wait=5),
)
app.wsgi_app = DispatcherMiddleware(app.wsgi_app, {"/agora": hook})  # type: ignore[method-assign]


@app.get("/")
def home() -> str:
    """The rest of the application."""
    return "lessons"
