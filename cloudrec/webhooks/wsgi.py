"""WebhookApp for WSGI servers."""

from .servers.wsgi import WebhookApp

__all__ = ["WebhookApp"]
