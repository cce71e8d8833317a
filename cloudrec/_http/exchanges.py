"""Listening to requests and answers, as they go over the wire."""

from collections.abc import AsyncIterator, Callable, Iterator
from typing import NamedTuple, TypeAlias

import httpx


class Exchange(NamedTuple):
    """A request and its answer."""

    method: str
    url: str
    authorization: str
    """The header of that name, for what must not be written anywhere."""
    request_body: bytes
    status: int
    headers: dict[str, str]
    body: bytes
    """Unpacked."""
    is_of_the_network: bool
    """Whether it came over a connection whose certificate was checked, and not from a stand-in."""


Note = Callable[[Exchange], None]
Client: TypeAlias = httpx.Client
AsyncClient: TypeAlias = httpx.AsyncClient
Transport: TypeAlias = httpx.BaseTransport
AsyncTransport: TypeAlias = httpx.AsyncBaseTransport


class _Raw(httpx.SyncByteStream, httpx.AsyncByteStream):
    """A body that was read before, as it came."""

    def __init__(self, body: bytes) -> None:
        self._body = body

    def __iter__(self) -> Iterator[bytes]:
        yield self._body

    async def __aiter__(self) -> AsyncIterator[bytes]:
        yield self._body


class ListeningTransport(httpx.BaseTransport):
    """A transport that tells of every exchange. With `over`, a stand-in is asked in place of the network."""

    def __init__(self, note: Note, over: httpx.BaseTransport | None = None) -> None:
        self._note = note
        self._is_network = over is None
        self._inner = over or httpx.HTTPTransport()

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        sent = request.read()
        answer = self._inner.handle_request(request)
        try:
            raw = _at_hand(answer) if answer.is_stream_consumed else b"".join(answer.iter_raw())
        finally:
            answer.close()
        self._note(_exchange(request, sent, answer, raw, self._is_network))
        return _again(answer, raw)

    def close(self) -> None:
        self._inner.close()


class AsyncListeningTransport(httpx.AsyncBaseTransport):
    """The same for async clients."""

    def __init__(self, note: Note, over: httpx.AsyncBaseTransport | None = None) -> None:
        self._note = note
        self._is_network = over is None
        self._inner = over or httpx.AsyncHTTPTransport()

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        sent = await request.aread()
        answer = await self._inner.handle_async_request(request)
        try:
            raw = (
                _at_hand(answer) if answer.is_stream_consumed else b"".join([part async for part in answer.aiter_raw()])
            )
        finally:
            await answer.aclose()
        self._note(_exchange(request, sent, answer, raw, self._is_network))
        return _again(answer, raw)

    async def aclose(self) -> None:
        await self._inner.aclose()


def _at_hand(answer: httpx.Response) -> bytes:
    """The body, unpacked, where a stand-in has it ready."""
    answer.headers.pop("Content-Encoding", None)
    return answer.content


def _exchange(request: httpx.Request, sent: bytes, answer: httpx.Response, raw: bytes, is_network: bool) -> Exchange:
    return Exchange(
        request.method,
        str(request.url),
        request.headers.get("Authorization", ""),
        sent,
        answer.status_code,
        dict(answer.headers),
        httpx.Response(answer.status_code, headers=answer.headers, content=raw).content,
        is_network and request.url.scheme == "https",
    )


def _again(answer: httpx.Response, raw: bytes) -> httpx.Response:
    return httpx.Response(answer.status_code, headers=answer.headers, stream=_Raw(raw), extensions=answer.extensions)


def client(note: Note, over: httpx.BaseTransport | None = None) -> httpx.Client:
    """An httpx client that is listened to."""
    return httpx.Client(transport=ListeningTransport(note, over))


def async_client(note: Note, over: httpx.AsyncBaseTransport | None = None) -> httpx.AsyncClient:
    """An async httpx client that is listened to."""
    return httpx.AsyncClient(transport=AsyncListeningTransport(note, over))
