# Made from cloudrec/_http/_async.py by scripts/generate. Do not edit.
"""Transports: a pool of connections that stays quick with many in flight, and clients that are given."""

import os
from collections.abc import Callable, Iterator, Mapping
from contextlib import suppress
from functools import cached_property, lru_cache
from socket import SHUT_RDWR
from ssl import SSLContext
from typing import Any, Protocol

import httpx

from .._call.response import Reply
from .._io.forks import in_child
from .._version import __version__
from ..errors import ConfigurationError
from .extensions import ABORT, UNSENT

# Seconds that a connection stays open unused; servers close theirs after a minute or more.
KEEPALIVE = 60.0
USER_AGENT = f"cloudrec/{__version__} httpx/{httpx.__version__}"
# Seconds that a socket can be told to wait: as milliseconds they must fit into 32 bits, which ends after 24 days.
_LONGEST_WAIT = 2_000_000.0


@lru_cache(maxsize=8192)
def _url(url: str) -> httpx.URL:
    """A URL, parsed once for all the queries of a recording."""
    return httpx.URL(url)


def timeouts(seconds: float) -> dict[str, float]:
    """A time-out as httpx takes it with a request: the same for each step."""
    return dict.fromkeys(("connect", "read", "write", "pool"), min(seconds, _LONGEST_WAIT))


class LifoTransport(httpx.BaseTransport):
    """Hands out connections last in, first out, each in an httpx transport of its own.

    What is sent by it ends by its time-out, which is that of the whole exchange, whatever the other side does.

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
        self._all: list[_HTTPTransport] = []
        self._idle: list[_HTTPTransport] = []

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        """Sends one request."""
        try:
            transport = self._idle.pop()
        except IndexError:
            transport = self._make()
        try:
            transport.begin(request)
            response = transport.handle_request(request)
        except BaseException:
            self.take_back(transport)
            raise
        assert isinstance(response.stream, httpx.SyncByteStream)
        response.stream = _Stream(response.stream, self, transport)
        return response

    def _make(self) -> "_HTTPTransport":
        made = _HTTPTransport(self._context)
        self._all.append(made)
        return made

    def take_back(self, transport: "_HTTPTransport") -> None:
        """Makes a connection free for the next request; or ends it, where it is not to be had again."""
        if not transport.is_reusable():
            self._all.remove(transport)
            transport.close()
            return
        self._idle.append(transport)
        # In this order, since another thread may be closing what is idle.
        if self._is_closed:
            transport.close()

    def close(self) -> None:
        """Closes the connections: those in use either now or when they come back."""
        self._is_closed = True
        for transport in list(self._all if self._breaks_off else self._idle):
            transport.close()


class _HTTPTransport(httpx.HTTPTransport):
    """httpx's transport on connections that keep the deadline of a request."""

    def __init__(self, context: SSLContext) -> None:
        super().__init__(verify=context)
        # Not above, since most of those who import this never connect.
        import httpcore
        from h11 import IDLE

        from .network import Network

        self._at_rest = IDLE
        self._network = Network(UNSENT)
        # httpx takes no network; with it, this is the pool that it would have made itself. It holds two connections,
        # for a host and for the one that stands in for it.
        self._pool = httpcore.ConnectionPool(
            ssl_context=context,
            max_connections=2,
            max_keepalive_connections=2,
            keepalive_expiry=KEEPALIVE,
            network_backend=self._network,
        )

    def close(self) -> None:
        """Closes the connections, whoever holds them."""
        super().close()
        self._network.close()

    def begin(self, request: httpx.Request) -> None:
        """Begins the time of a request."""
        self._network.deadline.begin(request.extensions)

    def is_reusable(self) -> bool:
        """Whether the next request can go by it.

        Not where more came than the answers that were asked for: the next one would be taken from that. And not where
        an interrupt came between two steps of httpcore, and left an exchange in the middle.
        """
        for connection in self._pool.connections:
            if connection.is_closed():
                continue
            # h11 knows, and httpcore does not ask it.
            state = getattr(getattr(connection, "_connection", None), "_h11_state", None)
            if not connection.is_idle() or (
                state is not None
                and (state.trailing_data[0] or {state.our_state, state.their_state} != {self._at_rest})
            ):
                return False
        # What httpcore counts as under way; here there is one at a time, and it has ended.
        return not getattr(self._pool, "_requests", None)


class RenewedTransport(httpx.BaseTransport):
    """A transport that every process has for itself: one that is forked makes a new one.

    What came over a connection of its parent might be an answer to the parent; and whatever is closed or shut down in
    the one process is so in the other.
    """

    def __init__(self, make: Callable[[], httpx.BaseTransport]) -> None:
        self._make = make
        self._transport = make()
        in_child(self._renew)

    def _renew(self) -> None:
        _OF_PARENTS.append(self._transport)
        self._transport = self._make()

    headers = httpx.Headers({"Connection": "keep-alive"})
    is_closed = False
    is_of_parent = False

    @property
    def keeps_time(self) -> bool:
        """Whether what is sent by it ends by its time-out."""
        return not isinstance(self._transport, ClientTransport)

    def request(
        self, method: str, url: str, headers: httpx.Headers, content: bytes | None, seconds: float
    ) -> httpx.Request:
        """Makes a request."""
        extensions = {"timeout": timeouts(seconds)}
        return httpx.Request(method, _url(url), headers=headers, content=content, extensions=extensions)

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        """Sends one request."""
        return self._transport.handle_request(request)

    def close(self) -> None:
        """Closes every connection of this process."""
        self._transport.close()


# Kept, since some say goodbye when they are thrown away.
_OF_PARENTS: list[httpx.BaseTransport] = []


class HTTPClient(Protocol):
    """What an HTTP client that is given has to be able to do, as those of httpx and of httpx2 are."""

    @property
    def headers(self) -> Any:
        """What it sends of itself."""
        ...

    @property
    def is_closed(self) -> bool:
        """Whether somebody closed it."""
        ...

    def build_request(self, method: str, url: str) -> Any:
        """Makes a request."""

    def send(self, request: Any, *, stream: bool = ..., auth: Any = ..., follow_redirects: bool | Any = ...) -> Any:
        """Sends one, and returns a response whose body has not been read."""

    def close(self) -> None:
        """Closes it."""


class ClientTransport(httpx.BaseTransport):
    """An HTTP client as a transport: with its proxies, hooks and pool, and without its auth and redirects.

    The first would replace ours, the second would leave the host.

    Raises:
        ConfigurationError: it is none.
    """

    keeps_time = False

    def __init__(self, client: HTTPClient) -> None:
        # By what it can do: there are clients of httpx and of httpx2, and whoever needs more than one has their own.
        if not all(hasattr(client, name) for name in ("build_request", "send", "headers", "is_closed", "__enter__")):
            other = f"{type(client).__module__}.{type(client).__name__}"
            raise ConfigurationError(f"http_client: must be an httpx.Client (or httpx2's), not {other}")
        self._client = client
        self._used_by: int | None = None

    @cached_property
    def _kind(self) -> type[httpx.Request]:
        """The class of its requests."""
        return type(self._client.build_request("GET", "http://localhost"))

    @property
    def headers(self) -> httpx.Headers:
        """What the client sends of itself."""
        headers: httpx.Headers = self._client.headers.copy()
        return headers

    @property
    def is_closed(self) -> bool:
        """Whether somebody closed the client."""
        return self._client.is_closed

    @property
    def connects(self) -> bool:
        """Whether it makes connections itself, as a stand-in in a test does not."""
        return bool(self._transports() & {"HTTPTransport", "AiohttpTransport"})

    @property
    def is_of_parent(self) -> bool:
        """Whether it was used before this process was forked, and so has connections of its parent."""
        if self._used_by in (None, os.getpid()):
            return False
        # What is known to connect to nothing, as in tests, has nothing to share.
        return not self._transports() & {"MockTransport", "WSGITransport"}

    def _transports(self) -> set[str]:
        """The names of the classes of its transport, and of those it has for some hosts."""
        found = (getattr(self._client, "_transport", None), *getattr(self._client, "_mounts", {}).values())
        return {kind.__name__ for transport in found for kind in type(transport).__mro__}

    def request(
        self, method: str, url: str, headers: httpx.Headers, content: bytes | None, seconds: float
    ) -> httpx.Request:
        """Makes a request, as the client's own are."""
        extensions = {"timeout": timeouts(seconds)}
        return self._kind(method, url, headers=headers, content=content, extensions=extensions)

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        """Sends one request."""
        self._used_by = os.getpid()
        response: httpx.Response = self._client.send(request, auth=None, follow_redirects=False, stream=True)
        return response

    def close(self) -> None:
        """Closes the client."""
        self._client.close()


# What httpx says of itself with every request, and what a session says in its place.
_OWN_HEADERS = {
    "accept", "accept-encoding", "authorization", "connection", "content-length", "content-type", "host", "user-agent",
}  # fmt: skip
# What was true of a body on its way.
_OF_THE_WIRE = {"content-encoding", "content-length", "transfer-encoding"}


class SessionTransport(httpx.BaseTransport):
    """What a request of httpx goes through to become a call: of a client that is generated, not written.

    Args:
        send: Sends method, path, headers, body and time-out, and gives the reply.
    """

    def __init__(self, send: Callable[[str, str, Mapping[str, str], bytes, float | None], Reply]) -> None:
        self._send = send

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        """Sends one request, as often as it takes."""
        content = request.read()
        headers = {name: value for name, value in request.headers.items() if name not in _OWN_HEADERS}
        timeout = request.extensions.get("timeout", {}).get("read")
        reply = self._send(request.method, request.url.raw_path.decode(), headers, content, timeout)
        kept = [(name, value) for name, value in reply.headers.items() if name not in _OF_THE_WIRE]
        return httpx.Response(reply.http_status, headers=kept, content=reply.body, request=request)

    def __getattr__(self, name: str) -> Any:
        if name in ("handle_request", "handle_async_request"):
            raise ConfigurationError(
                "client.api: the functions `sync` are for CloudRecording, `asyncio` for CloudRecording"
            )
        raise AttributeError(name)


class _Stream(httpx.SyncByteStream):
    """A body that gives its connection back when it has been read or given up."""

    def __init__(self, stream: httpx.SyncByteStream, owner: LifoTransport, transport: _HTTPTransport) -> None:
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


def discard(response: httpx.Response) -> None:
    """Ends the connection that an answer came by, which is to be closed afterwards, so that no other comes by it.

    Where that cannot be reached, as on a transport of somebody else's that is not httpx's own, nothing happens.
    """
    abort: Any = response.extensions.get(ABORT)
    if abort is not None:
        abort()
    # Over HTTP/2 an answer has the number of its request, and the connection has other requests.
    elif response.http_version in ("HTTP/1.0", "HTTP/1.1") and "network_stream" in response.extensions:
        sock = response.extensions["network_stream"].get_extra_info("socket")
        if sock is not None:
            # Shut down and not closed: that is left to the pool, which looks whether an idle one is at its end.
            with suppress(OSError, TypeError):  # uvloop shows no socket that could be shut down
                sock.shutdown(SHUT_RDWR)
