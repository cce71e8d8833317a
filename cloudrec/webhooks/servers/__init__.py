"""WebhookApp: the applications for ASGI and WSGI servers."""
