"""Bodies are read and unpacked within limits, whatever they say of themselves."""

from __future__ import annotations

import gzip
import json
import tracemalloc
import zlib
from collections.abc import Callable
from typing import Any

import anyio
import httpx
import pytest
from hypothesis import given, strategies as st
from pytest_httpx import HTTPXMock, IteratorStream

from cloudrec import AsyncCloudRecording, CloudRecording, InvalidResponseError
from cloudrec._call.response import MAX_BODY, unpacked
from tests.resilience.support import GOOD, Answer, Server, drive, tell
from tests.support import APP_ID, BASE_URL, CALLS, CREDENTIAL, answered

PLAIN = json.dumps(GOOD).encode()


def raw_deflate(body: bytes) -> bytes:
    """As some servers send it, without its first two bytes and its checksum."""
    packing = zlib.compressobj(wbits=-zlib.MAX_WBITS)
    return packing.compress(body) + packing.flush()


def packed(body: bytes, encoding: str) -> Answer:
    return Answer(200, body, {"Content-Encoding": encoding})


@pytest.mark.parametrize(
    ("encoding", "pack"),
    [
        ("gzip", gzip.compress),
        ("x-gzip", gzip.compress),
        ("GZIP", gzip.compress),
        ("deflate", zlib.compress),
        ("deflate ", raw_deflate),
        ("identity", bytes),
        ("gzip, identity", gzip.compress),
    ],
)
def test_what_was_asked_for(kind: str, encoding: str, pack: Callable[[bytes], bytes]) -> None:
    """An answer packed in one of the ways that we take is read."""
    story = tell(kind, CALLS["query"], packed(pack(PLAIN), encoding))
    assert story.result.raw == GOOD
    assert story.requests[0].headers["accept-encoding"] == "gzip, deflate"


def bomb(layers: int, size: int) -> bytes:
    """So many bytes, packed so many times."""
    body = bytes(size)
    for _ in range(layers):
        body = gzip.compress(body, 9)
    return body


REFUSED = {
    "bomb": ("gzip", bomb(1, 40_000_000)),
    "bomb in a bomb": ("gzip, gzip", bomb(2, 40_000_000)),
    "two layers": ("gzip, deflate", gzip.compress(zlib.compress(PLAIN))),
    "br": ("br", PLAIN),
    "zstd": ("zstd", PLAIN),
    "unknown": ("nonsense", PLAIN),
    "not gzip": ("gzip", b"not gzip at all"),
    "not deflate": ("deflate", b"x"),
    "cut short": ("gzip", gzip.compress(PLAIN)[:-9]),
    "more after it": ("gzip", gzip.compress(PLAIN) + b"more"),
    "wrong checksum": ("gzip", gzip.compress(PLAIN)[:-8] + b"wrong..."),
}


@pytest.mark.parametrize("what", REFUSED)
def test_what_was_not_asked_for(kind: str, what: str) -> None:
    """Garbled, also for a start that may have taken effect; and nothing large is ever held."""
    encoding, body = REFUSED[what]
    tracemalloc.start()
    try:
        story = tell(kind, CALLS["query"], packed(body, encoding), retry=None)
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert type(story.error) is InvalidResponseError
    assert story.outcomes == ["garbled"]
    assert peak < 4 * MAX_BODY


@pytest.mark.parametrize("given_kind", ["sync", "asyncio", "trio"])
def test_a_client_that_is_given_asks_for_the_same(given_kind: str) -> None:
    """Whatever its own headers ask for: what is not asked for is not unpacked."""
    url_of = {"headers": {"Accept-Encoding": "br, zstd, gzip"}}
    with Server(packed(gzip.compress(PLAIN), "gzip")) as server:
        if given_kind == "sync":
            with httpx.Client(verify=False, **url_of) as http_client:  # type: ignore[arg-type]
                client = CloudRecording(APP_ID, CREDENTIAL, base_url=server.url, http_client=http_client)
                assert CALLS["query"](client).raw == GOOD
        else:

            async def main() -> Any:
                async with httpx.AsyncClient(verify=False, **url_of) as http_client:  # type: ignore[arg-type]
                    made = AsyncCloudRecording(APP_ID, CREDENTIAL, base_url=server.url, http_client=http_client)
                    return await CALLS["query"](made)

            assert anyio.run(main, backend=given_kind).raw == GOOD
        assert server.requests[0].headers["accept-encoding"] == "gzip, deflate"


def test_bodies_that_never_were_on_a_wire() -> None:
    """A response made in memory is read as httpx would, packed or not."""
    packed_in_memory = {"content": gzip.compress(PLAIN), "headers": {"Content-Encoding": "gzip"}}
    assert answered(httpx.Response(200, **packed_in_memory), CALLS["query"]).raw == GOOD
    assert answered(httpx.Response(200, json=GOOD), CALLS["query"]).raw == GOOD


def test_bodies_that_a_hook_has_read() -> None:
    """A hook of a client that is given may read the response first."""
    with (
        Server(packed(gzip.compress(PLAIN), "gzip")) as server,
        httpx.Client(verify=False, event_hooks={"response": [httpx.Response.read]}) as http_client,
    ):
        client = CloudRecording(APP_ID, CREDENTIAL, base_url=server.url, http_client=http_client)
        assert CALLS["query"](client).raw == GOOD


def test_streams_of_pytest_httpx(httpx_mock: HTTPXMock) -> None:
    """Its answers come as streams, whole or in parts."""
    httpx_mock.add_response(json=GOOD)
    httpx_mock.add_response(stream=IteratorStream([PLAIN[:9], PLAIN[9:]]))
    httpx_mock.add_response(content=gzip.compress(PLAIN), headers={"Content-Encoding": "gzip"})
    with CloudRecording(APP_ID, CREDENTIAL, base_url=BASE_URL) as client:
        assert [CALLS["query"](client).raw for _ in range(3)] == [GOOD] * 3


@given(st.binary(max_size=300), st.sampled_from(["gzip", "deflate", "identity", ""]))
def test_unpacked_is_what_was_packed(body: bytes, encoding: str) -> None:
    """Any body, packed in any way that we take."""
    pack = {"gzip": gzip.compress, "deflate": zlib.compress}.get(encoding, bytes)
    assert unpacked("query", 200, {"content-encoding": encoding}, pack(body)) == body


@given(st.binary(max_size=300), st.sampled_from(["gzip", "deflate"]))
def test_anything_is_unpacked_or_refused(sent: bytes, encoding: str) -> None:
    """Nothing raises but our own error."""
    try:
        found = unpacked("query", 200, {"content-encoding": encoding}, sent)
    except InvalidResponseError:
        return
    assert isinstance(found, bytes)


@pytest.mark.parametrize(("size", "fits"), [(MAX_BODY, True), (MAX_BODY + 1, False)])
def test_the_limit_is_of_what_is_unpacked(size: int, fits: bool) -> None:
    """8 MiB fit, a byte more does not."""
    sent = gzip.compress(bytes(size), 1)
    if fits:
        assert len(unpacked("query", 200, {"content-encoding": "gzip"}, sent)) == size
    else:
        with pytest.raises(InvalidResponseError, match="longer than 8 MiB"):
            unpacked("query", 200, {"content-encoding": "gzip"}, sent)


def test_connections_of_such_answers_are_not_used_again(kind: str) -> None:
    """What cannot be read may be followed by anything."""
    if kind == "sync":

        def use(client: Any) -> Any:
            with pytest.raises(InvalidResponseError):
                client.query(*QUERY, retry=None)
            return client.query(*QUERY)
    else:

        async def use(client: Any) -> Any:
            with pytest.raises(InvalidResponseError):
                await client.query(*QUERY, retry=None)
            return await client.query(*QUERY)

    with Server(packed(PLAIN, "br")) as server:
        drive(kind, use, server.url)
        assert server.connections == 2


QUERY = (GOOD["resourceId"], GOOD["sid"], "mix")
