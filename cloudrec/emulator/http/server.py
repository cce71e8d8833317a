"""Server of an ASGI application, in a thread of its own, on one port for each host."""

from __future__ import annotations

import asyncio
import errno
import logging
import os
import socket
import ssl
import struct
import threading
from collections.abc import Callable
from concurrent.futures import Future
from contextlib import ExitStack, suppress
from typing import Any

import h11
import uvicorn
from starlette.types import ASGIApp
from uvicorn.protocols.http.h11_impl import H11Protocol

from .wire import KEY

logger: logging.Logger = logging.getLogger("cloudrec.emulator")

_BACKLOG = 1024
#: How long a stop waits for answers that are under way, in seconds.
_PATIENCE = 5.0
#: How long a TLS connection that is closed waits for its peer to say so too. A client that keeps it
#: in a pool never does, and asyncio's own 30 s would hold up every stop.
_GOODBYE = 0.1
#: Seconds in which a request has to be whole, and a new connection has to bring its first one.
_WHOLE_WITHIN = 60.0
#: What is said to who sends half of one.
_TOO_SLOW = b"HTTP/1.1 408 Request Timeout\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"
#: What a system says that gives no more descriptors, or no more memory for them.
_EXHAUSTED = {errno.EMFILE, errno.ENFILE, errno.ENOBUFS, errno.ENOMEM}
#: Turns of the event loop in which a request that has arrived comes to the application, over a new connection too.
_TURNS = 10
#: Linger for no time at all: closing then resets the connection.
_NO_LINGER = struct.pack("hh" if os.name == "nt" else "ii", 1, 0)


class _Connection(H11Protocol):
    """uvicorn's connection, which also lets the application at the connection itself: a `Wire`."""

    def __init__(self, port: _Port, *, app_state: dict[str, Any], **options: Any) -> None:
        # Whatever stands in app_state comes to the application as the request's `state`.
        super().__init__(app_state={**app_state, KEY: self}, **options)
        self._port = port
        self._late: asyncio.TimerHandle | None = None

    @property
    def host(self) -> int:
        return self._port.index

    @property
    def stopping(self) -> asyncio.Event:
        return self._port.stopping

    def write(self, data: bytes) -> None:
        self.transport.write(data)

    def close(self, *, reset: bool = False) -> None:
        if reset:
            sock = self.transport.get_extra_info("socket")
            sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, _NO_LINGER)
            self.transport.abort()
        else:
            self.transport.close()

    async def refuse(self, seconds: float) -> None:
        await self._port.close(seconds)

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        super().connection_made(transport)
        if not self._port.is_open:  # it was accepted in the moment before
            self.shutdown()
        self._expect(whole=False)

    def data_received(self, data: bytes) -> None:
        super().data_received(data)
        rest, _ = self.conn.trailing_data
        begun = self.conn.their_state is h11.SEND_BODY or (self.conn.their_state is h11.IDLE and bool(rest))
        self._expect(whole=not begun)

    def _expect(self, *, whole: bool) -> None:
        """Give what has begun so long to come to its end; nothing, where it has."""
        if whole and self._late is not None:
            self._late.cancel()
            self._late = None
        elif not whole and self._late is None:
            self._late = self.loop.call_later(_WHOLE_WITHIN, self._too_slow)

    def _too_slow(self) -> None:
        if not self.transport.is_closing():
            self.transport.write(_TOO_SLOW)
            self.transport.close()

    def _unsupported_upgrade_warning(self) -> None:
        """Answer as though nobody had asked, as HTTP has it: uvicorn tells of packages that would be of no use here."""

    def connection_lost(self, exc: Exception | None) -> None:
        super().connection_lost(exc)
        self._expect(whole=True)
        self._unset_keepalive_if_required()
        self._port.server.lost.set()

    def shutdown(self) -> None:
        if self.transport.is_closing():  # a fault has closed it already
            return
        super().shutdown()


class _Port:
    """One host: a port that can be closed and opened again. Used in the server's thread alone."""

    def __init__(self, index: int, listener: socket.socket, server: _Server) -> None:
        self.index = index
        self.address: tuple[str, int] = listener.getsockname()[:2]
        self.server = server
        #: The socket while nothing listens on it.
        self._bound: socket.socket | None = listener
        self._listening: asyncio.Server | None = None
        self._opening: asyncio.Task[None] | None = None
        self._lock = asyncio.Lock()

    @property
    def stopping(self) -> asyncio.Event:
        """Set when the server is about to end."""
        return self.server.stopping

    @property
    def socket(self) -> Any:
        """The socket that has the port, if there is one at the moment."""
        listening = self._listening.sockets if self._listening is not None else ()
        return next(iter(listening), self._bound)

    @property
    def is_open(self) -> bool:
        """Whether it accepts connections."""
        return self._listening is not None

    async def open(self) -> None:
        """Listen on the port; nothing where it is done already."""
        self._forget_opening()
        async with self._lock:
            if self._listening is not None:
                return
            listener, self._bound = self._bound or _bind(*self.address), None
            tls = self.server.config.ssl
            self._listening = await asyncio.get_running_loop().create_server(
                self._connection,
                sock=listener,
                ssl=tls,
                ssl_shutdown_timeout=_GOODBYE if tls else None,
                backlog=_BACKLOG,
            )

    async def close(self, seconds: float | None = None) -> None:
        """Refuse connections, and end those that are not answering a request; for so long, or until `open`."""
        if seconds is not None and not self.is_open and self._opening is None:
            return  # closed until somebody opens it
        self._forget_opening()
        if seconds is not None:
            self._opening = asyncio.ensure_future(self._open_after(seconds))
        async with self._lock:
            if not await self._stop_listening():
                return
            # A socket that is bound and does not listen: connecting to it is refused, and nobody else gets the port.
            with suppress(OSError):  # a process that was forked just now still listens on it: `open` binds anew
                self._bound = _bind(*self.address)
            for connection in list(self.server.server_state.connections):
                if isinstance(connection, _Connection) and connection.host == self.index:
                    connection.shutdown()

    async def release(self) -> None:
        """Give the port up."""
        self._forget_opening()
        async with self._lock:
            await self._stop_listening()
            if self._bound is not None:
                self._bound.close()

    async def _stop_listening(self) -> bool:
        listening, self._listening = self._listening, None
        if listening is None:
            return False
        # asyncio accepts a connection in one turn of its loop and attaches it to the server in the
        # next. A server closed in between leaves the connection to nobody, open and unserved. So:
        # accept no more, let what was accepted arrive, and only then close.
        loop = asyncio.get_running_loop()
        with suppress(NotImplementedError):  # Windows has another way of accepting
            for listener in listening.sockets:
                loop.remove_reader(listener.fileno())
        await asyncio.sleep(0)
        listening.close()
        return True

    async def _open_after(self, seconds: float) -> None:
        await asyncio.sleep(seconds)
        self._opening = None  # or else open() would cancel the task that it runs in
        await self.open()

    def _forget_opening(self) -> None:
        if self._opening is not None:
            self._opening.cancel()
            self._opening = None

    def _connection(self) -> _Connection:
        server = self.server
        return _Connection(
            self, config=server.config, server_state=server.server_state, app_state=server.lifespan.state
        )


class _Server(uvicorn.Server):
    """uvicorn with ports of our own, told to stop by an event in place of looking ten times a second."""

    def __init__(self, config: uvicorn.Config, listeners: list[socket.socket], ready: Future[None]) -> None:
        super().__init__(config)
        self.stopping = asyncio.Event()
        #: Set whenever a connection has ended.
        self.lost = asyncio.Event()
        self.ports = [_Port(index, listener, self) for index, listener in enumerate(listeners)]
        self._ready = ready
        #: It was told that there are no descriptors left.
        self._told = False
        self._loop: asyncio.AbstractEventLoop | None = None

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await self.lifespan.startup()
        for port in self.ports:
            await port.open()
        self.started = True
        self._loop = asyncio.get_running_loop()
        self._loop.set_exception_handler(self._went_wrong)
        self._ready.set_result(None)

    def _went_wrong(self, loop: asyncio.AbstractEventLoop, context: dict[str, Any]) -> None:
        error = context.get("exception")
        if not isinstance(error, OSError) or error.errno not in _EXHAUSTED:
            # asyncio tries again a second later, also on a port that was closed by then.
            if not (self._told and isinstance(error, ValueError) and "_start_serving" in context["message"]):
                loop.default_exception_handler(context)
        elif not self._told:  # it would be told again and again for as long as it takes
            self._told = True
            logger.warning("new connections wait: %s (see `ulimit -n`)", os.strerror(error.errno or 0))

    async def main_loop(self) -> None:
        await self.stopping.wait()

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        # Not uvicorn's own, which sleeps and looks again: every test that uses an emulator would pay for it.
        for port in self.ports:
            await port.release()
        connections = self.server_state.connections
        for connection in list(connections):
            connection.shutdown()  # when it has answered what it was asked
        with suppress(TimeoutError):
            async with asyncio.timeout(_PATIENCE):
                await self._all_lost()
        for connection in list(connections):
            connection.transport.abort()  # it waits for the rest of a request, or for its peer's goodbye
        await self._all_lost()
        if tasks := set(self.server_state.tasks):
            await asyncio.wait(tasks)
        await self.lifespan.shutdown()

    async def _all_lost(self) -> None:
        while self.server_state.connections:
            self.lost.clear()
            await self.lost.wait()

    def stop(self) -> None:
        """End the server; may be called from any thread."""
        if self._loop is not None:
            self._loop.call_soon_threadsafe(self.stopping.set)

    def let_go(self) -> None:
        """In a forked process: give up its copies of the sockets, or what the parent closes stays open."""
        sockets = [port.socket for port in self.ports]
        sockets += [connection.transport.get_extra_info("socket") for connection in self.server_state.connections]
        nothing = os.open(os.devnull, os.O_RDWR)
        for number in [found.fileno() for found in sockets if found is not None]:
            if number >= 0:
                # Not closed, since whoever owns it does that once more, and it may be another's number by then.
                os.dup2(nothing, number, inheritable=False)
        os.close(nothing)

    def catch_up(self, done: threading.Event, turns: int = _TURNS) -> None:
        """Set the event after so many turns of the loop; may be called from any thread."""

        def turn(left: int) -> None:
            if left:
                asyncio.get_running_loop().call_soon(turn, left - 1)
            else:
                done.set()

        assert self._loop is not None, "the server runs"
        with suppress(RuntimeError):  # it has ended
            self._loop.call_soon_threadsafe(turn, turns)

    def switch(self, index: int, *, on: bool) -> None:
        """Open or close a port, and return when it is done; may be called from any other thread."""
        port = self.ports[index]

        async def switch() -> None:
            await (port.open() if on else port.close())

        assert self._loop is not None, "the server runs"
        asyncio.run_coroutine_threadsafe(switch(), self._loop).result()


class ThreadedServer:
    """Serves an application on loopback from `start` to `stop`."""

    def __init__(
        self,
        app: ASGIApp,
        *,
        host: str = "127.0.0.1",
        port: int = 0,
        hosts: int = 1,
        certfile: str | None = None,
        keyfile: str | None = None,
        keep_alive: float = 75.0,
    ) -> None:
        """`hosts` ports from `port` on; 0 takes free ones. `keep_alive`: seconds that a connection may be idle."""
        if hosts < 1:
            raise ValueError(f"hosts must be at least 1, not {hosts!r}")
        self._app = app
        self._certfile = certfile
        self._keyfile = keyfile
        self._keep_alive = keep_alive
        self._host = host
        self._ports = [port + index if port else 0 for index in range(hosts)]
        self._server: _Server | None = None
        self._thread: threading.Thread | None = None
        self._urls: tuple[str, ...] = ()

    @property
    def urls(self) -> tuple[str, ...]:
        """Where it answers, one for each host; none before the start."""
        return self._urls

    def start(self) -> None:
        """Listen, and return when the first request can be sent."""
        config = uvicorn.Config(
            self._app,
            loop="asyncio",
            http="h11",
            ws="none",
            lifespan="off",
            log_config=None,
            access_log=False,
            server_header=False,
            date_header=False,
            timeout_keep_alive=self._keep_alive,  # type: ignore[arg-type]  # goes to call_later, which takes a float
        )
        config.load()
        # A bad certificate is an error here and not in the thread.
        config.ssl = None if self._certfile is None else _tls(self._certfile, self._keyfile)
        with ExitStack() as undo:
            listeners = [undo.enter_context(_listen(self._host, port)) for port in self._ports]
            ready: Future[None] = Future()
            server = _Server(config, listeners, ready)
            urls = tuple(_url("http" if config.ssl is None else "https", *port.address) for port in server.ports)
            thread = threading.Thread(target=_serve, args=(server, ready), name="cloudrec-emulator", daemon=True)
            thread.start()
            try:
                ready.result()
            except BaseException:
                thread.join()
                raise
            undo.pop_all()  # from here on the sockets are the server's
        self._server, self._thread, self._urls = server, thread, urls

    def stop(self) -> None:
        """Answer what is under way, close every connection, and return when the thread has ended."""
        if self._server is None or self._thread is None:
            return
        self._server.stop()
        self._thread.join()
        self._server = self._thread = None
        self._urls = ()

    def catching_up(self) -> Callable[[], bool]:
        """Tells whether what had arrived when this was called has come to the application: its thread may be behind."""
        done, server = threading.Event(), self._server
        if server is not None:
            server.catch_up(done)
        return lambda: done.is_set() or self._server is None

    def let_go(self) -> None:
        """In a forked process: its thread is not there, and serves in the parent."""
        if self._server is not None:
            self._server.let_go()
        self._server = self._thread = None

    def open(self, index: int) -> None:
        """Let a host accept connections again."""
        self._switch(index, on=True)

    def close(self, index: int) -> None:
        """Let a host refuse connections."""
        self._switch(index, on=False)

    def _switch(self, index: int, *, on: bool) -> None:
        if self._server is None:
            raise RuntimeError("the emulator is not started: it has no ports to open or close")
        self._server.switch(index, on=on)


def _url(scheme: str, host: str, port: int) -> str:
    return f"{scheme}://[{host}]:{port}" if ":" in host else f"{scheme}://{host}:{port}"


def _tls(certfile: str, keyfile: str | None) -> ssl.SSLContext:
    """What serves this certificate; ValueError says what is wrong with the files, which OpenSSL does not."""
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)

    def no_password() -> str:
        # Without it OpenSSL asks whoever sits at the terminal.
        name = "certfile" if keyfile is None else "keyfile"
        raise ValueError(f"{name} holds a key with a password: give one without")

    for name, path in (("certfile", certfile), ("keyfile", keyfile)):
        if path is not None and not os.access(path, os.R_OK):
            raise ValueError(f"{name} cannot be read: {path}")
    try:
        context.load_cert_chain(certfile, keyfile, no_password)
    except ssl.SSLError as error:
        if error.reason == "KEY_VALUES_MISMATCH":
            raise ValueError(f"keyfile {keyfile or certfile} holds the key of another certificate") from None
        if not _holds(certfile, "CERTIFICATE"):
            raise ValueError(f"certfile {certfile} holds no certificate in PEM") from None
        if keyfile is None:
            raise ValueError(f"certfile {certfile} holds no private key: give the file of its key, too") from None
        raise ValueError(f"keyfile {keyfile} holds no private key in PEM") from None
    return context


def _holds(path: str, what: str) -> bool:
    with open(path, "rb") as file:
        return f"-----BEGIN {what}-----".encode() in file.read()


def _bind(host: str, port: int) -> socket.socket:
    """A socket that has a port, and refuses connections as long as nobody listens on it."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    # Not socket.create_server(): it leaves the protocol at 0, asyncio switches Nagle's algorithm off
    # only where it reads TCP there, and with it on each answer on a kept connection is 40 ms late.
    listener = socket.socket(family, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    try:
        if os.name != "nt":  # there, it would let two servers have one port
            listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.bind((host, port))
    except OSError as error:
        listener.close()
        raise OSError(error.errno, _why_not(host, port, error)) from None
    except BaseException:
        listener.close()
        raise
    return listener


def _why_not(host: str, port: int, error: OSError) -> str:
    """Why nobody can listen there, by the name of what was given."""
    match error.errno:
        case errno.EADDRINUSE:
            return f"port {port} is taken by another program: give another one, or 0 for any that is free"
        case errno.EACCES:
            return f"port {port} is not for everybody: give one from 1024 on, or 0 for any that is free"
        case errno.EADDRNOTAVAIL:
            return f"host {host} is no address of this machine"
    if isinstance(error, socket.gaierror):
        return f"host {host} is no address, and no name of one"
    return f"host {host} with port {port}: {error.strerror or error}"


def _listen(host: str, port: int) -> socket.socket:
    """A socket that accepts connections from now on: who knows its port need not wait for the thread."""
    listener = _bind(host, port)
    try:
        listener.listen(_BACKLOG)
    except BaseException:
        listener.close()
        raise
    return listener


def _serve(server: _Server, ready: Future[None]) -> None:
    try:
        server.run(sockets=[])
    except BaseException as error:
        if ready.done():
            raise
        ready.set_exception(error)
