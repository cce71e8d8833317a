"""Choice of the pool, for the async client: one for each event loop. The twin of `choice_sync`."""

import asyncio
import ssl
from collections.abc import AsyncGenerator, Callable
from importlib.util import find_spec

import anyio
import httpx

from .._io._async.loops import LoopLocal, running_loop
from ._async import KEEPALIVE, AsyncClientTransport, AsyncLifoTransport, AsyncRenewedTransport
from .tls import proxies


def make_transport(context: ssl.SSLContext, most: int) -> AsyncRenewedTransport:
    """A transport of our own, with so many connections at the most in each event loop."""

    def make() -> httpx.AsyncBaseTransport:
        if proxies():
            # httpx alone knows which request goes by which proxy of the environment, and only with pools of its own.
            limits = httpx.Limits(max_connections=most, max_keepalive_connections=most, keepalive_expiry=KEEPALIVE)
            return AsyncClientTransport(httpx.AsyncClient(verify=context, limits=limits))
        # aiohttp's pool runs under asyncio alone.
        if find_spec("httpx_aiohttp") is not None and isinstance(running_loop(), asyncio.AbstractEventLoop):
            from .aiohttp_pool import PooledTransport

            return PooledTransport(context, most, KEEPALIVE)
        return AsyncLifoTransport(context, breaks_off=True)

    return AsyncRenewedTransport(lambda: _ByLoop(make))


class _ByLoop(httpx.AsyncBaseTransport):
    """Connections of each event loop that the client is used in: they can be read and closed from there alone."""

    def __init__(self, make: Callable[[], httpx.AsyncBaseTransport]) -> None:
        self._held = LoopLocal(lambda: _Held(make()))

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        """Sends one request."""
        held = self._held.here()
        await held.begin()
        return await held.transport.handle_async_request(request)

    async def aclose(self) -> None:
        """Closes every connection of this loop. Those of another end with that loop."""
        await self._held.here().end()


class _Held:
    """A transport that is closed when its loop ends: by then nobody else can."""

    def __init__(self, transport: httpx.AsyncBaseTransport) -> None:
        self.transport: httpx.AsyncBaseTransport = transport
        # Loops end the generators that were begun in them.
        self._until_the_end: AsyncGenerator[None, None] | None = None

    async def begin(self) -> None:
        """It is used from here on."""
        if self._until_the_end is None:
            self._until_the_end = _kept(self.transport)
            await anext(self._until_the_end)

    async def end(self) -> None:
        """It is closed."""
        if self._until_the_end is None:
            await self.transport.aclose()
        else:
            await self._until_the_end.aclose()


async def _kept(transport: httpx.AsyncBaseTransport) -> AsyncGenerator[None, None]:
    try:
        yield
    finally:
        with anyio.CancelScope(shield=True):
            await transport.aclose()
