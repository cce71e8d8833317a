"""What a client is made with: hosts, credentials from the environment, time-outs, an httpx client of one's own."""

from __future__ import annotations

import inspect
import math
import os
from typing import Any

import anyio
import httpx
import pytest
from pytest_httpx import HTTPXMock

from cloudrec import (
    Area,
    AsyncCloudRecording,
    BasicAuth,
    ClientClosedError,
    CloudRecording,
    ConfigurationError,
    RateLimit,
    Retry,
)
from cloudrec._contract.redact import shown
from cloudrec.emulator import Emulator
from tests.support import APP_ID, BASE_URL, CALLS, CREDENTIAL, SID, answered

CLIENTS = [CloudRecording, AsyncCloudRecording]
ENVIRONMENT = {
    "AGORA_APP_ID": APP_ID,
    "AGORA_CUSTOMER_ID": "customer",
    "AGORA_CUSTOMER_SECRET": "secret",
    "AGORA_AREA": "CN",
}


def host(client: Any) -> str:
    """Which host a client asks first."""
    url: str = client._session.settings.base_urls[0]
    return url


@pytest.mark.parametrize(
    ("area", "url"),
    [
        (Area.US, "https://api-us-west-1.agora.io"),
        (Area.EU, "https://api-eu-west-1.agora.io"),
        (Area.AP, "https://api-ap-southeast-1.agora.io"),
        (Area.CN, "https://api-cn-east-1.sd-rtn.com"),
    ],
)
@pytest.mark.parametrize("kind", CLIENTS)
def test_areas(kind: Any, area: Area, url: str) -> None:
    """Each area has its primary host; it may be given by member or by name, in any case."""
    for given in (area, area.value, area.value.lower()):
        assert host(kind(APP_ID, CREDENTIAL, area=given)) == url


@pytest.mark.parametrize("area", ["", "USA", "us ", 1, None, ["US"]], ids=repr)
@pytest.mark.parametrize("kind", CLIENTS)
def test_areas_that_are_none(kind: Any, area: Any) -> None:
    """Another area is refused with those that there are; so is none, unless a base_url is given."""
    with pytest.raises(ConfigurationError, match=r"^area: .*Area\.US, EU, AP or CN, or give base_url"):
        kind(APP_ID, CREDENTIAL, area=area)
    assert host(kind(APP_ID, CREDENTIAL, base_url=BASE_URL)) == BASE_URL


@pytest.mark.parametrize(
    ("given", "used"),
    [
        ("http://127.0.0.1:8080", "http://127.0.0.1:8080"),
        ("http://127.0.0.1:8080/", "http://127.0.0.1:8080"),
        ("https://proxy.test/agora/", "https://proxy.test/agora"),
        ("HTTPS://service.test", "HTTPS://service.test"),
        ("http://[::1]:80", "http://[::1]:80"),
    ],
)
def test_base_url(given: str, used: str) -> None:
    """A base URL may have a port and a path, and goes before the area."""
    assert host(CloudRecording(APP_ID, CREDENTIAL, area="US", base_url=given)) == used


def test_base_url_with_a_path(httpx_mock: HTTPXMock) -> None:
    """Paths of the API come after that of the base URL."""
    httpx_mock.add_response(json={})
    with CloudRecording(APP_ID, CREDENTIAL, base_url="https://proxy.test/agora/") as client:
        client.ncs_ips()
    assert str(httpx_mock.get_requests()[0].url) == "https://proxy.test/agora/v1/ncs/ip"


@pytest.mark.parametrize(
    "given",
    [
        "", "service.test", "ftp://service.test", "http://", "https://user:do-not-show@service.test",
        "https://service.test?x=do-not-show", "https://service.test#do-not-show", "http://x:99999", "http://x:y",
        "http://[::1", 7, b"http://x", ["x"], ["http://x", "ftp://x"],
    ],
    ids=repr,
)  # fmt: skip
def test_base_url_that_is_none(given: Any) -> None:
    """What paths cannot be put after is refused, and not shown: it may hold a password."""
    with pytest.raises(ConfigurationError, match=r"^base_url: must be an http or https URL") as caught:
        CloudRecording(APP_ID, CREDENTIAL, base_url=given)
    assert "do-not-show" not in str(caught.value)


def test_base_urls_that_are_none() -> None:
    with pytest.raises(ConfigurationError, match=r"^base_url: must not be an empty list"):
        CloudRecording(APP_ID, CREDENTIAL, base_url=[])


@pytest.mark.parametrize("kind", CLIENTS)
def test_what_stands_for_the_clients_own_has_a_name_in_signatures(kind: Any) -> None:
    """As help() and an editor show them."""
    assert "= CLIENT_DEFAULT" in str(inspect.signature(kind.query))


@pytest.mark.parametrize("timeout", [0, -1, math.nan, math.inf, 1.1e9, 10**400, "10", True, httpx.Timeout(5)], ids=repr)
def test_timeout_that_is_none(timeout: Any) -> None:
    """A time-out is a number of seconds above 0 and up to 32 years, for the client and for a call."""
    with pytest.raises(ConfigurationError, match=r"^timeout: .*above 0, and at most 1000000000\)"):
        CloudRecording(APP_ID, CREDENTIAL, base_url=BASE_URL, timeout=timeout)
    with pytest.raises(ConfigurationError, match=r"^timeout: "):
        answered(httpx.Response(200, json={}), lambda client: client.ncs_ips(timeout=timeout))


@pytest.mark.parametrize(
    ("endpoint", "timeout", "seconds"),
    [
        ("query", None, 10), ("start", None, 10), ("ncsIps", None, 10), ("stop", None, 30),
        ("query", 3, 3), ("stop", 3, 30), ("query", 60, 60), ("stop", 60, 60),
    ],
)  # fmt: skip
def test_timeouts(endpoint: str, timeout: Any, seconds: float, call: Any, httpx_mock: HTTPXMock) -> None:
    """10 seconds, 30 for a stop, which waits for the upload; the client's own for all calls, but no less for a stop."""
    httpx_mock.add_response(json={"sid": SID})
    call(CALLS[endpoint], timeout=timeout)
    [request] = httpx_mock.get_requests()
    assert request.extensions["timeout"] == dict.fromkeys(("connect", "read", "write", "pool"), seconds)


def test_timeout_of_one_call(call: Any, httpx_mock: HTTPXMock) -> None:
    """A call's own time-out goes before everything, for a stop too."""
    httpx_mock.add_response(json={})
    call(lambda client: client.mix.stop("r", "s", "c", 1, timeout=2), timeout=60)
    assert httpx_mock.get_requests()[0].extensions["timeout"]["read"] == 2


@pytest.mark.parametrize("kind", ["sync", "asyncio", "trio"])
def test_the_longest_times(kind: str) -> None:
    """Over a real connection: what a socket or a thread cannot wait for is as good as for ever."""
    with Emulator() as emulator:
        times = {"timeout": 1e9, "retry": Retry(deadline=1e9), "rate_limit": RateLimit(10**9), "max_connections": 10**9}
        given: dict[str, Any] = {"base_url": emulator.url, **times}

        async def main() -> None:
            async with AsyncCloudRecording(emulator.app_id, emulator.credential, **given) as client:
                assert (await client.ncs_ips(timeout=1e9)).host

        if kind == "sync":
            with CloudRecording(emulator.app_id, emulator.credential, **given) as client:
                assert client.ncs_ips(timeout=1e9).host
        else:
            anyio.run(main, backend=kind)


@pytest.mark.parametrize("told", [math.nan, math.inf, 1e12, 10**400, "1", None, True], ids=shown)
def test_clock_that_tells_no_time(told: Any, httpx_mock: HTTPXMock) -> None:
    """Such a clock is found out where the client is made, or else when it is asked: by name, and with what it told."""
    with pytest.raises(ConfigurationError, match=r"^clock: .*must tell seconds"):
        CloudRecording(APP_ID, CREDENTIAL, base_url=BASE_URL, clock=lambda: told)
    times = iter([1.0])
    client = CloudRecording(APP_ID, CREDENTIAL, base_url=BASE_URL, clock=lambda: next(times, told))
    with pytest.raises(ConfigurationError, match=r"^clock: "):
        client.ncs_ips()
    assert httpx_mock.get_requests() == []


@pytest.mark.parametrize("kind", CLIENTS)
@pytest.mark.parametrize("name", ["clock", "wait", "http_client", "resolver", "on_attempt"])
def test_parts_that_are_none(name: str, kind: Any) -> None:
    """What a client is to use is looked at where it is made."""
    with pytest.raises(ConfigurationError, match=f"^{name}: must be a"):
        kind(APP_ID, CREDENTIAL, base_url=BASE_URL, **{name: "x"})


def test_http_client_of_the_other_kind() -> None:
    """The sync client takes a sync one."""
    with pytest.raises(ConfigurationError, match=r"must be an httpx\.Client \(or httpx2's\), not httpx\.AsyncClient"):
        CloudRecording(APP_ID, CREDENTIAL, base_url=BASE_URL, http_client=httpx.AsyncClient(verify=False))  # type: ignore[arg-type]


@pytest.fixture
def environment(monkeypatch: pytest.MonkeyPatch) -> pytest.MonkeyPatch:
    """An environment with all four variables, and no other of ours."""
    for name in [name for name in os.environ if name.startswith("AGORA_")]:
        monkeypatch.delenv(name)
    for name, value in ENVIRONMENT.items():
        monkeypatch.setenv(name, value)
    return monkeypatch


@pytest.mark.parametrize("kind", CLIENTS)
def test_from_env(kind: Any, environment: pytest.MonkeyPatch) -> None:
    """App ID, credential and area come from the environment; spaces around them and the area's case do not count."""
    client = kind.from_env()
    assert (client.app_id, host(client)) == (APP_ID, "https://api-cn-east-1.sd-rtn.com")
    environment.setenv("AGORA_AREA", " eu\n")
    assert host(kind.from_env()) == "https://api-eu-west-1.agora.io"
    assert host(kind.from_env(base_url=BASE_URL, timeout=3)) == BASE_URL
    environment.setenv("AGORA_BASE_URL", "http://127.0.0.1:8080 http://127.0.0.1:8081/\n")
    assert kind.from_env()._session.settings.base_urls == ("http://127.0.0.1:8080", "http://127.0.0.1:8081")
    assert host(kind.from_env(base_url=BASE_URL)) == BASE_URL
    assert host(kind.from_env(base_url=None)) == "http://127.0.0.1:8080"
    environment.delenv("AGORA_AREA")
    assert host(kind.from_env()) == "http://127.0.0.1:8080"


def test_from_env_sends_the_credential(environment: pytest.MonkeyPatch, httpx_mock: HTTPXMock) -> None:
    """The credential of the environment is the one that is sent."""
    httpx_mock.add_response(json={})
    with CloudRecording.from_env() as client:
        client.ncs_ips()
    assert httpx_mock.get_requests()[0].headers["Authorization"] == BasicAuth("customer", "secret").header


@pytest.mark.parametrize("value", [None, "", "  "], ids=["unset", "empty", "blank"])
@pytest.mark.parametrize("missing", [[name] for name in ENVIRONMENT] + [list(ENVIRONMENT)], ids=" ".join)
def test_from_env_names_what_is_missing(missing: list[str], value: Any, environment: pytest.MonkeyPatch) -> None:
    """All variables that are not set are named at once, and none that is."""
    for name in missing:
        environment.delenv(name) if value is None else environment.setenv(name, value)
    with pytest.raises(ConfigurationError) as caught:
        CloudRecording.from_env()
    assert str(caught.value) == f"not set in the environment: {', '.join(missing)}"


def test_from_env_with_a_wrong_area(environment: pytest.MonkeyPatch) -> None:
    """A wrong value is told of like a wrong argument."""
    environment.setenv("AGORA_AREA", "MOON")
    with pytest.raises(ConfigurationError, match="MOON"):
        CloudRecording.from_env()


class Transport(httpx.MockTransport, httpx.AsyncBaseTransport):
    """Answers everything with an empty object."""

    def __init__(self) -> None:
        self.requests: list[httpx.Request] = []

        def answer(request: httpx.Request) -> httpx.Response:
            self.requests.append(request)
            return httpx.Response(200, json={})

        super().__init__(answer)


def test_given_http_client_is_used_and_left_open() -> None:
    """An httpx client that is given is asked, and still open when ours is closed."""
    transport = Transport()
    with httpx.Client(transport=transport) as http_client:
        with CloudRecording(APP_ID, CREDENTIAL, base_url=BASE_URL, http_client=http_client) as client:
            client.ncs_ips()
        assert not http_client.is_closed
        CloudRecording(APP_ID, CREDENTIAL, base_url=BASE_URL, http_client=http_client).ncs_ips()
    assert len(transport.requests) == 2


async def test_given_http_client_is_used_and_left_open_async() -> None:
    """The same for the async client."""
    transport = Transport()
    async with httpx.AsyncClient(transport=transport) as http_client:
        async with AsyncCloudRecording(APP_ID, CREDENTIAL, base_url=BASE_URL, http_client=http_client) as client:
            await client.ncs_ips()
        assert not http_client.is_closed
        await AsyncCloudRecording(APP_ID, CREDENTIAL, base_url=BASE_URL, http_client=http_client).ncs_ips()
    assert len(transport.requests) == 2


def test_settings_of_the_given_client_do_not_leak() -> None:
    """Its auth, base URL, redirects and time-outs are not used; its headers do not replace ours."""
    transport = Transport()
    with httpx.Client(
        transport=transport,
        auth=("other", "secret"),
        base_url="https://elsewhere.test",
        timeout=1,
        follow_redirects=True,
        headers={"Authorization": "Bearer x", "X-Mine": "1"},
    ) as http_client:
        CloudRecording(APP_ID, CREDENTIAL, base_url=BASE_URL, http_client=http_client).ncs_ips()
    [request] = transport.requests
    assert str(request.url) == f"{BASE_URL}/v1/ncs/ip"
    assert request.headers["Authorization"] == CREDENTIAL.header
    assert request.headers["X-Mine"] == "1"
    assert request.extensions["timeout"]["read"] == 10


@pytest.mark.parametrize("endpoint", CALLS)
def test_closed(endpoint: str) -> None:
    """A call of a closed client says so; closing twice does no harm."""
    client = CloudRecording(APP_ID, CREDENTIAL, base_url=BASE_URL)
    client.close()
    client.close()
    with pytest.raises(ClientClosedError, match=f"^{endpoint}: the client is closed"):
        CALLS[endpoint](client)


async def test_closed_async() -> None:
    """The same for the async client."""
    client = AsyncCloudRecording(APP_ID, CREDENTIAL, base_url=BASE_URL)
    await client.aclose()
    await client.aclose()
    with pytest.raises(ClientClosedError, match="the client is closed"):
        await client.ncs_ips()


def test_given_client_that_is_closed() -> None:
    """A closed httpx client is told of in the same words."""
    http_client = httpx.Client(verify=False)
    http_client.close()
    with pytest.raises(ClientClosedError):
        CloudRecording(APP_ID, CREDENTIAL, base_url=BASE_URL, http_client=http_client).ncs_ips()


def test_context_managers_close() -> None:
    """Leaving the `with` statement closes the client's own connections, after an exception too."""
    with pytest.raises(KeyError), CloudRecording(APP_ID, CREDENTIAL, base_url=BASE_URL) as client:
        raise KeyError("ours")
    with pytest.raises(ClientClosedError):
        client.ncs_ips()

    async def main() -> None:
        async with AsyncCloudRecording(APP_ID, CREDENTIAL, base_url=BASE_URL) as client:
            pass
        with pytest.raises(ClientClosedError):
            await client.ncs_ips()

    for backend in ("asyncio", "trio"):
        anyio.run(main, backend=backend)


def test_credentials_compare() -> None:
    """Credentials are values: equal where both parts are, usable as keys."""
    assert BasicAuth("a", "b") == BasicAuth("a", "b")
    assert len({BasicAuth("a", "b"), BasicAuth("a", "b"), BasicAuth("a", "c")}) == 2
    assert BasicAuth("a", "b") != ("a", "b")
