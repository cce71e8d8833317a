"""Hosts that are reached from anywhere, by a path; and the two paths of the addresses that webhooks come from."""

from __future__ import annotations

from typing import Any

import httpx
import pytest

from cloudrec import ConfigurationError, CrossRegion, RouteNotFoundError
from cloudrec.emulator import Emulator
from tests.support import BASE_URL, run

KINDS = ("sync", "asyncio", "trio")
ADDRESSES = {"data": {"service": {"hosts": [{"primaryIP": "192.0.2.10"}]}}}


def no_route() -> httpx.Response:
    """What the gateway answers to a path that it does not know."""
    return httpx.Response(404, json={"message": "no Route matched with those values"})


def asking(kind: str, answer: Any, **settings: Any) -> tuple[Any, list[str]]:
    """What a call gives, and the URLs that were asked."""
    asked: list[str] = []

    def handle(request: httpx.Request) -> httpx.Response:
        asked.append(str(request.url))
        found = answer(request)
        if isinstance(found, Exception):
            raise found
        return found

    transport = httpx.MockTransport(handle)
    made = httpx.Client(transport=transport) if kind == "sync" else httpx.AsyncClient(transport=transport)
    result = run(kind, lambda client: client.ncs_ips(), http_client=made, **settings)
    return result, asked


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize(("given", "url"), [("EU", "eu"), ("cn", "cn"), (CrossRegion.US, "us"), (CrossRegion.AP, "ap")])
def test_by_name(kind: str, given: Any, url: str) -> None:
    """In place of an area."""
    _, asked = asking(kind, lambda _: httpx.Response(200, json=ADDRESSES), base_url=None, cross_region=given)
    assert asked == [f"https://api.sd-rtn.com/{url}/v1/ncs/ip"]


@pytest.mark.parametrize("kind", KINDS)
def test_after_an_area(kind: str) -> None:
    """Beside an area it is asked last, after both regions of that area."""
    from cloudrec import Retry

    def answer(request: httpx.Request) -> Any:
        if "/eu/" in request.url.path:
            return httpx.Response(200, json=ADDRESSES)
        return httpx.ConnectError("down")

    settings: dict[str, Any] = {"base_url": None, "area": "US", "cross_region": "eu", "retry": Retry(attempts=4)}

    async def no_time(_: float) -> None:
        pass

    wait = (lambda _: None) if kind == "sync" else no_time
    result, asked = asking(
        kind, answer, **settings, wait=wait, resolver=lambda name: name.endswith("agora.io") or 1 / 0
    )
    assert [url.split("/")[2] for url in asked] == [
        "api-us-west-1.agora.io",
        "api-us-east-1.agora.io",
        "api.sd-rtn.com",
    ]
    assert result.addresses == ("192.0.2.10",)


@pytest.mark.parametrize(
    ("settings", "words"),
    [
        ({"cross_region": "mars"}, r"cross_region: 'mars' \(must be CrossRegion.CN, EU, AP or US\)"),
        ({"cross_region": 7}, "cross_region: 7"),
        ({"cross_region": "eu", "base_url": BASE_URL}, "cross_region: names hosts, as base_url does"),
    ],
)
def test_what_cannot_be(settings: dict[str, Any], words: str) -> None:
    with pytest.raises(ConfigurationError, match=words):
        run("sync", lambda client: client, **{"base_url": None, **settings})


@pytest.mark.parametrize("kind", KINDS)
def test_the_second_path_is_asked_where_the_first_is_not_there(kind: str) -> None:
    def answer(request: httpx.Request) -> httpx.Response:
        return httpx.Response(200, json=ADDRESSES) if request.url.path == "/v2/ncs/ip" else no_route()

    result, asked = asking(kind, answer)
    assert asked == [f"{BASE_URL}/v1/ncs/ip", f"{BASE_URL}/v2/ncs/ip"]
    assert result.addresses == ("192.0.2.10",)


@pytest.mark.parametrize("kind", KINDS)
def test_neither_path(kind: str) -> None:
    with pytest.raises(RouteNotFoundError):
        asking(kind, lambda _: no_route())


def test_the_emulator_has_both() -> None:
    with (
        Emulator() as emulator,
        httpx.Client(
            auth=(emulator.credential.customer_id, emulator.credential.customer_secret), verify=False
        ) as client,
    ):
        for version in (1, 2):
            assert client.get(f"{emulator.url}/v{version}/ncs/ip").json()["data"]
