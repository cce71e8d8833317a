"""Receives webhooks in a Django project: what goes into its wsgi.py stands at the end.

    AGORA_WEBHOOK_SECRET=... gunicorn --chdir examples webhooks_django

Set http(s)://your.host/agora as the address in the provider's console, where the secret stands as well.

The handler here writes to a database (or sends to a queue) that outlives the process. So it comes before the answer:
where it fails, the answer is 500 and the provider sends the event again.
"""

import logging
import os
from collections.abc import Iterable
from typing import Any

from django.conf import settings
from django.core.wsgi import get_wsgi_application
from django.http import HttpRequest, HttpResponse
from django.urls import path

from cloudrec.webhooks import Deduplicator, Event, RecorderLeave, SessionExit, SQLiteStore, Uploaded
from cloudrec.webhooks.wsgi import WebhookApp

log = logging.getLogger("lessons")

# ---- in a real project: settings.py and urls.py


def home(request: HttpRequest) -> HttpResponse:
    """The rest of the site."""
    return HttpResponse(b"lessons")


urlpatterns = [path("", home)]
if not settings.configured:
    settings.configure(ROOT_URLCONF=__name__, ALLOWED_HOSTS=["*"], SECRET_KEY=os.urandom(32).hex())

# ---- wsgi.py


def handle(event: Event) -> None:
    """Called with each event once; what it raises makes the provider send the event again."""
    match event.details:
        case Uploaded(files=files):
            log.info("%s is recorded: %s", event.cname, ", ".join(file.name for file in files) or "see the bucket")
        case RecorderLeave(leave_code=code):
            log.info("%s: the recorder has left: %r", event.cname, code)
        case SessionExit(exit_status=status):
            log.info("%s has ended: %s", event.cname, status)
        case details:
            log.debug("%s: %r", event.cname, details)


hook = WebhookApp(
    os.environ["AGORA_WEBHOOK_SECRET"].split(","),
    handle,
    answer_first=False,
    deduplicator=Deduplicator(SQLiteStore(os.environ.get("WEBHOOKS_FILE", "webhooks.db"))),
)
site: Any = get_wsgi_application()


def application(environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
    """What the server calls: webhooks go to the hook, everything else to Django."""
    return (hook if environ["PATH_INFO"].rstrip("/") == "/agora" else site)(environ, start_response)
