"""Network of httpcore: connections that keep the deadline of a request. Imported when something connects."""

import asyncio
import socket
import ssl
from collections.abc import Callable, Iterable, Sequence
from ipaddress import ip_address
from math import inf
from time import monotonic
from typing import Any

import httpcore

from .._io.threads import in_thread
from .extensions import WRITTEN

# Bytes of a request that are held back for what follows: head and body come one after the other, and then nothing,
# which ends them. Sent as one they cost half.
HELD = 65536

# httpcore's name for what is handed to `setsockopt`.
SocketOption = tuple[int, int, int] | tuple[int, int, bytes | bytearray] | tuple[int, int, None, int]


class _Deadline:
    """What is left of the time of the request that is under way; there is one at a time."""

    def __init__(self, unsent: str) -> None:
        self._unsent = unsent
        self._until = inf
        self._extensions: dict[str, Any] = {}

    def begin(self, extensions: dict[str, Any]) -> None:
        """Begins a request, with its extensions."""
        seconds = extensions.get("timeout", {}).get("read")
        self._until = inf if seconds is None else monotonic() + seconds
        self._extensions = extensions
        self.connecting()

    def connecting(self) -> None:
        """Notes, among the extensions of the request, that nothing of it was sent."""
        self._extensions[self._unsent] = True

    def sending(self) -> None:
        """Notes that something of it may have been sent, and tells so."""
        self._extensions.pop(self._unsent, None)
        if (tell := self._extensions.pop(WRITTEN, None)) is not None:
            tell()

    def left(self, late: type[httpcore.TimeoutException]) -> float | None:
        """Seconds; None for no end.

        Raises:
            httpcore.TimeoutException: none are left.
        """
        left = self._until - monotonic()
        # Nought would mean to sockets that they are not to wait at all.
        if left <= 0:
            raise late("the request took too long")
        return None if left == inf else left


class Network(httpcore.SyncBackend):
    """Connects, each step of it and of what follows within what is left for the request."""

    def __init__(self, unsent: str) -> None:
        self.deadline = _Deadline(unsent)

    def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Iterable[SocketOption] | None = None,
    ) -> httpcore.NetworkStream:
        """Connects to the first address of a host that can be reached; all of them share the time."""
        self.deadline.connecting()
        addresses = self._addresses(host, port)
        while True:
            address = addresses.pop(0)
            left = self.deadline.left(httpcore.ConnectTimeout)
            share = None if left is None else left / (len(addresses) + 1)
            made = None
            try:
                made = super().connect_tcp(address, port, share, local_address, socket_options)
                return _Stream(made, self.deadline)
            except (httpcore.ConnectError, httpcore.ConnectTimeout):
                if not addresses:
                    raise
            except BaseException:
                # Interrupted; nobody else knows of it.
                if made is not None:
                    made.close()
                raise

    def close(self) -> None:
        """Nothing: no thread closes what another one connects, and the pool holds what is connected."""

    def _addresses(self, host: str, port: int) -> list[str]:
        """The addresses of a host, in a thread: the system's lookup has no time-out."""
        try:
            ip_address(host)
        except ValueError:
            pass
        else:
            return [host]
        left = self.deadline.left(httpcore.ConnectTimeout)
        late = httpcore.ConnectTimeout(socket.gaierror(socket.EAI_AGAIN, "the lookup took too long"))
        try:
            return in_thread(left, lambda: _look_up(host, port), late)
        except OSError as error:
            raise httpcore.ConnectError(error) from error


def _look_up(host: str, port: int) -> list[str]:
    found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    # As text and not as it is in `found`, where what tells the links of a machine apart stands beside the address.
    return [socket.getnameinfo(known[4], socket.NI_NUMERICHOST | socket.NI_NUMERICSERV)[0] for known in found]


class _Kept:
    """What a connection of either kind has beside httpcore's: a deadline, and what is held back of a request."""

    def __init__(self, stream: Any, deadline: _Deadline, memories: Sequence[Callable[[], int]] = ()) -> None:
        self._stream = stream
        self._deadline = deadline
        self._memories = memories
        self._held = b""

    def _due(self, buffer: bytes) -> bytes:
        """What is to be sent now, with this at its end; nothing as long as more may follow."""
        self._held += buffer
        if buffer and len(self._held) < HELD:
            return b""
        buffer, self._held = self._held, b""
        self._deadline.sending()
        return buffer

    def get_extra_info(self, info: str) -> Any:
        """See httpcore. Bytes that nobody has read count, wherever they lie."""
        if info == "is_readable" and any(pending() for pending in self._memories):
            return True
        return self._stream.get_extra_info(info)


class _Stream(_Kept, httpcore.NetworkStream):
    """A connection: httpcore's, each step within what is left."""

    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        if self._held:
            self.write(b"")
        read: bytes = self._stream.read(max_bytes, self._deadline.left(httpcore.ReadTimeout))
        return read

    def write(self, buffer: bytes, timeout: float | None = None) -> None:
        buffer = self._due(buffer)
        # Not by httpcore's, which gives every part that the other side lets through the whole time again.
        sock = self._stream.get_extra_info("socket")
        while buffer:
            try:
                sock.settimeout(self._deadline.left(httpcore.WriteTimeout))
                sent = sock.send(buffer)
            except TimeoutError as error:
                raise httpcore.WriteTimeout(error) from error
            except OSError as error:
                raise httpcore.WriteError(error) from error
            buffer = buffer[sent:]

    def close(self) -> None:
        self._stream.close()

    def start_tls(
        self, ssl_context: ssl.SSLContext, server_hostname: str | None = None, timeout: float | None = None
    ) -> httpcore.NetworkStream:
        left = self._deadline.left(httpcore.ConnectTimeout)
        made = self._stream.start_tls(ssl_context, server_hostname, left)
        return _Stream(made, self._deadline, _memories(made))


class AsyncNetwork(httpcore.AsyncNetworkBackend):
    """The same on an event loop: connecting as one step, and what follows, within what is left for the request."""

    def __init__(self, unsent: str) -> None:
        self.deadline = _Deadline(unsent)
        # Any, since httpcore has stand-ins for those that are not installed.
        self._backend: Any = None
        self._is_closed = False
        self._open: set[httpcore.AsyncNetworkStream] = set()

    async def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Iterable[SocketOption] | None = None,
    ) -> httpcore.AsyncNetworkStream:
        """Connects to the first address of a host that can be reached."""
        self.deadline.connecting()
        if self._backend is None:
            try:
                asyncio.get_running_loop()
            except RuntimeError:
                self._backend = httpcore.TrioBackend()
            else:
                self._backend = httpcore.AnyIOBackend()
        left = self.deadline.left(httpcore.ConnectTimeout)
        made = await self._backend.connect_tcp(host, port, left, local_address, socket_options)
        self._open.add(made)
        if self._is_closed:
            await self.aclose()
            raise httpcore.ConnectError("closed while it was being connected")
        return _AsyncStream(made, self.deadline, lambda: self._open.discard(made))

    async def aclose(self) -> None:
        """Closes every connection, also one that httpcore's pool does not hold yet, or no more."""
        self._is_closed = True
        while self._open:
            await self._open.pop().aclose()


class _AsyncStream(_Kept, httpcore.AsyncNetworkStream):
    def __init__(
        self,
        stream: httpcore.AsyncNetworkStream,
        deadline: _Deadline,
        forget: Callable[[], object],
        memories: Sequence[Callable[[], int]] = (),
    ) -> None:
        super().__init__(stream, deadline, memories)
        self._forget = forget

    async def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        if self._held:
            await self.write(b"")
        read: bytes = await self._stream.read(max_bytes, self._deadline.left(httpcore.ReadTimeout))
        return read

    async def write(self, buffer: bytes, timeout: float | None = None) -> None:
        if buffer := self._due(buffer):
            await self._stream.write(buffer, self._deadline.left(httpcore.WriteTimeout))

    async def aclose(self) -> None:
        await self._stream.aclose()
        self._forget()

    async def start_tls(
        self, ssl_context: ssl.SSLContext, server_hostname: str | None = None, timeout: float | None = None
    ) -> httpcore.AsyncNetworkStream:
        left = self._deadline.left(httpcore.ConnectTimeout)
        made = await self._stream.start_tls(ssl_context, server_hostname, left)
        return _AsyncStream(made, self._deadline, self._forget, _memories(made))


def _memories(stream: httpcore.NetworkStream | httpcore.AsyncNetworkStream) -> list[Callable[[], int]]:
    """Where TLS keeps bytes that it took from the socket: for each, how many. There, the socket shows nothing."""
    found: list[Callable[[], int]] = [stream.get_extra_info("ssl_object").pending]
    # On event loops TLS reads from memory. Neither anyio nor trio tells of that; httpcore keeps theirs by this name.
    inner = getattr(stream, "_stream", None)
    memory = getattr(inner, "_read_bio", None) or getattr(inner, "_incoming", None)
    if memory is not None:
        found.append(lambda: int(memory.pending))
    return found
