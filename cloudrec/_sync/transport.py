# Made from cloudrec/_async/transport.py by scripts/generate. Do not edit.
"""A pool that does not slow down when many requests are in flight."""

from collections.abc import Iterator
from ssl import SSLContext

import httpx

# Seconds that a connection stays open unused; servers close theirs after a minute or more.
KEEPALIVE = 60.0
# Seconds that a socket can be told to wait: as milliseconds they must fit into 32 bits, which ends after 24 days.
_LONGEST_WAIT = 2_000_000.0


def timeouts(seconds: float) -> dict[str, float]:
    """A time-out as httpx takes it with a request: the same for each step."""
    return dict.fromkeys(("connect", "read", "write", "pool"), min(seconds, _LONGEST_WAIT))


class LifoTransport(httpx.BaseTransport):
    """Hands out connections last in, first out, each in an httpx transport of its own.

    httpx's own pool looks at all its connections, for each of them, before and after every request: with fifty in
    flight that costs more than the requests. Here a request takes what was given back last, or else a new one; who
    limits how many are in flight limits how many there are.
    """

    def __init__(self, context: SSLContext, *, breaks_off: bool) -> None:
        self._context = context
        # Whether closing also ends what is under way. Not between threads: a socket that is closed while another
        # thread reads from it may already be somebody else's when that thread goes on.
        self._breaks_off = breaks_off
        self._is_closed = False
        self._all: list[httpx.HTTPTransport] = []
        self._idle: list[httpx.HTTPTransport] = []

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        """Sends one request."""
        try:
            transport = self._idle.pop()
        except IndexError:
            transport = self._make()
        try:
            response = transport.handle_request(request)
        except BaseException:
            self.take_back(transport)
            raise
        assert isinstance(response.stream, httpx.SyncByteStream)
        response.stream = _Stream(response.stream, self, transport)
        return response

    def _make(self) -> httpx.HTTPTransport:
        # Two, for a host and for the one that stands in for it.
        limits = httpx.Limits(max_connections=2, max_keepalive_connections=2, keepalive_expiry=KEEPALIVE)
        made = httpx.HTTPTransport(verify=self._context, limits=limits)
        self._all.append(made)
        return made

    def take_back(self, transport: httpx.HTTPTransport) -> None:
        """Makes a connection free for the next request."""
        self._idle.append(transport)
        if self._is_closed:
            transport.close()

    def close(self) -> None:
        """Closes the connections: those in use either now or when they come back."""
        self._is_closed = True
        for transport in list(self._all if self._breaks_off else self._idle):
            transport.close()


class ClientTransport(httpx.BaseTransport):
    """An httpx client as a transport: with its proxies, hooks and pool, and without its auth and redirects.

    The first would replace ours, the second would leave the host.
    """

    def __init__(self, client: httpx.Client) -> None:
        self._client = client

    @property
    def is_closed(self) -> bool:
        """Whether somebody closed the client."""
        return self._client.is_closed

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        """Sends one request."""
        return self._client.send(request, auth=None, follow_redirects=False, stream=True)

    def close(self) -> None:
        """Closes the client."""
        self._client.close()


class _Stream(httpx.SyncByteStream):
    """A body that gives its connection back when it has been read or given up."""

    def __init__(self, stream: httpx.SyncByteStream, owner: LifoTransport, transport: httpx.HTTPTransport) -> None:
        self._stream = stream
        self._owner: LifoTransport | None = owner
        self._transport = transport

    def __iter__(self) -> Iterator[bytes]:
        return self._stream.__iter__()

    def close(self) -> None:
        try:
            self._stream.close()
        finally:
            owner, self._owner = self._owner, None
            if owner is not None:
                owner.take_back(self._transport)
