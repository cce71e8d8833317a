"""aiohttp's pool as a transport. Imported where httpx-aiohttp is installed, and used under asyncio."""

import ssl
from contextvars import ContextVar
from typing import Any

import aiohttp
import httpx
from httpx_aiohttp import AiohttpTransport

from .extensions import ABORT, UNSENT, WRITTEN

_asking: ContextVar[httpx.Request] = ContextVar("_asking")


class _Connector(aiohttp.TCPConnector):  # type: ignore[misc]  # its types are not looked at
    """aiohttp's pool, which tells whether a request could be sent, and hands out no connection that holds an answer."""

    async def connect(self, *arguments: Any, **named: Any) -> aiohttp.connector.Connection:
        while True:
            connection = await super().connect(*arguments, **named)
            # aiohttp looks at this when a connection comes back, and not at what came since.
            if connection.protocol is None or not connection.protocol.should_close:
                break
            connection.close()
        extensions = _asking.get().extensions
        extensions.pop(UNSENT, None)
        extensions[ABORT] = connection.transport
        if (tell := extensions.pop(WRITTEN, None)) is not None:
            tell()
        return connection


class PooledTransport(AiohttpTransport):  # type: ignore[misc]
    """httpx-aiohttp's transport, with connections that can be thrown away."""

    def __init__(self, context: ssl.SSLContext, most: int, keepalive: float) -> None:
        connector = _Connector(limit=most, keepalive_timeout=keepalive, ssl=context)
        session = aiohttp.ClientSession(connector=connector, cookie_jar=aiohttp.DummyCookieJar())
        # aiohttp itself would send a GET whose answer was lost once more, and nobody would see that attempt.
        session._retry_connection = False
        super().__init__(verify=context, client=session)

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        """Sends one request."""
        request.extensions[UNSENT] = True
        token = _asking.set(request)
        try:
            response: httpx.Response = await super().handle_async_request(request)
        finally:
            _asking.reset(token)
        transport = request.extensions[ABORT]
        if transport is not None:
            response.extensions[ABORT] = transport.abort
        return response
