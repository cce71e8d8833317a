"""ASGI application of the service: a thin face of Starlette over `Gateway`."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from contextlib import AbstractContextManager, nullcontext
from email.utils import formatdate
from urllib.parse import quote

import anyio
from starlette.requests import ClientDisconnect, Request as HttpRequest
from starlette.responses import Response
from starlette.routing import Router
from starlette.types import ASGIApp, Receive, Scope, Send

from ..faults.faults import Cut, Delay, Drop, Empty, Garbage, Hang, Html, Redirect, Refuse, Status
from ..service.messages import MAX_BODY, Reply, Request
from .gateway import Exchange, Gateway, reply_instead, reply_of, share_of
from .wire import Wire, gone, pause, wire_of
from .without_socket import without_socket

#: The answer's header that says which host gave it.
HOST_HEADER = "X-Emulated-Host"

#: What no HTTP parser takes for the beginning of an answer.
NO_HTTP = b"\x16\x03\x01 this is no HTTP\x00\xff\r\n\r\n"


def make_app(gateway: Gateway, under_way: Callable[[], AbstractContextManager[None]] = nullcontext) -> ASGIApp:
    """One endpoint for every method and path.

    The routes stand in the contract, and the service refuses what is none of them in its own words.
    """

    async def endpoint(scope: Scope, receive: Receive, send: Send) -> None:
        with under_way():
            await answer(scope, receive, send)

    async def answer(scope: Scope, receive: Receive, send: Send) -> None:
        http = HttpRequest(scope, receive)
        try:
            body = await _body(http)
        except ClientDisconnect:
            return  # whoever sent half a request is not there to be answered
        request = Request(http.method, _raw_path(scope), http.headers, body)
        wire = wire_of(scope)
        exchange = gateway.arrive(request, 0 if wire is None else wire.host)
        await _Delivery(exchange, wire, scope, receive, send).run()

    # Not a route that matches everything: Starlette's own patterns stop at a line break (`%0A`).
    return Router(default=endpoint)


class _Delivery:
    """One call, from its arrival to the last byte of its answer."""

    def __init__(self, exchange: Exchange, wire: Wire | None, scope: Scope, receive: Receive, send: Send) -> None:
        self._exchange = exchange
        self._wire = wire
        self._scope = scope
        self._receive = receive
        self._send = send

    async def run(self) -> None:
        exchange = self._exchange
        match exchange.fault:
            case Html() | Empty() | Redirect() | Status() as fault:
                if fault.after_effect:
                    exchange.handle()
                await self._reply(reply_instead(fault))
            case Drop(after_effect, reset) as fault:
                if after_effect:
                    exchange.handle()
                await self._close(self._connection(fault), reset=reset)
            case Garbage(after_effect) as fault:
                if after_effect:
                    exchange.handle()
                wire = self._connection(fault)
                wire.write(NO_HTTP)
                await self._close(wire)
            case Refuse(seconds) as fault:
                wire = self._connection(fault)
                await wire.refuse(seconds)
                await self._close(wire)
            case Hang(after_effect) as fault:
                if after_effect:
                    exchange.handle()
                wire = self._connection(fault)
                await pause(None, wire, self._receive)
                await self._close(wire)
            case Delay(seconds, after_effect=False):
                await self._pause(seconds)
                if self._wire is None or not self._wire.stopping.is_set():
                    await self._answer()
                else:  # it was still under way when the service ended
                    await self._close(self._wire)
            case Delay(seconds):
                await self._answer(seconds)
            case Cut() as fault:
                await self._cut(reply_of(exchange.handle()), fault)
            case _:  # none, or one that is the service's own business
                await self._answer()

    async def _answer(self, late: float = 0.0) -> None:
        answer = self._exchange.handle()
        if answer.delay + late:
            await self._pause(answer.delay + late)
        await self._reply(reply_of(answer))

    async def _reply(self, reply: Reply) -> None:
        self._exchange.told(reply)
        await self._response(reply)(self._scope, self._receive, self._send)

    async def _cut(self, reply: Reply, cut: Cut) -> None:
        part = share_of(reply, cut)
        if cut.consistent:
            await self._reply(Reply(reply.status, part))
            return
        wire = self._connection(cut)
        self._exchange.told(reply)
        response = self._response(reply)  # its Content-Length is that of the whole
        await self._send({"type": "http.response.start", "status": reply.status, "headers": response.raw_headers})
        await self._send({"type": "http.response.body", "body": part, "more_body": True})
        await self._close(wire)

    async def _close(self, wire: Wire, *, reset: bool = False) -> None:
        wire.close(reset=reset)
        # uvicorn complains of an application that ends without an answer while there is a connection.
        await gone(self._receive)

    async def _pause(self, seconds: float) -> None:
        if self._wire is None:
            await anyio.sleep(seconds)
        else:
            await pause(seconds, self._wire, self._receive)

    def _connection(self, fault: Drop | Garbage | Refuse | Hang | Cut) -> Wire:
        if self._wire is None:
            raise without_socket(fault)
        return self._wire

    def _response(self, reply: Reply) -> Response:
        host = 0 if self._wire is None else self._wire.host
        headers = {"X-Request-Id": uuid.uuid4().hex, HOST_HEADER: str(host)}
        if all(name.lower() != "date" for name, _ in reply.headers):
            # By the service's own clock, which is what tokens and notices are judged and told by.
            headers["Date"] = formatdate(self._exchange.time, usegmt=True)
        response = Response(reply.content, reply.status, headers, reply.media_type)
        for name, value in reply.headers:
            response.headers.append(name, value)
        return response


def _raw_path(scope: Scope) -> str:
    """The path as it was sent. The decoded one cannot tell `a%2Fb` from `a/b`."""
    raw: bytes | None = scope.get("raw_path")
    # Some test clients put the query into it, some leave it out of the scope.
    return quote(scope["path"]) if raw is None else raw.decode("latin-1").partition("?")[0]


async def _body(http: HttpRequest) -> bytes:
    """The body; of one that is too large no more than shows it."""
    chunks = bytearray()
    async for chunk in http.stream():
        if len(chunks) <= MAX_BODY:
            chunks += chunk[: MAX_BODY + 1 - len(chunks)]
    return bytes(chunks)
