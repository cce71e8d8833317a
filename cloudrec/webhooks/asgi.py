"""WebhookApp for ASGI servers."""

from .servers.asgi import WebhookApp

__all__ = ["WebhookApp"]
