# Made from cloudrec/_async/session.py by scripts/generate. Do not edit.
"""Sends calls: the only place where the wrapper touches HTTP."""

from typing import TypeVar

import httpx

from .._calls import Call
from .._redact import scrub
from .._reply import MAX_BODY, Reply, too_long
from .._settings import USER_AGENT, Settings
from ..errors import ClientClosedError, NetworkError, RequestTimeoutError

R = TypeVar("R")


class Session:
    """An httpx client, and what every request needs beside the call."""

    def __init__(self, settings: Settings, http_client: httpx.Client | None) -> None:
        self.settings = settings
        self.http_client: httpx.Client = httpx.Client() if http_client is None else http_client
        self._is_own = http_client is None
        self._secrets = (settings.credential.customer_secret, settings.credential.header.removeprefix("Basic "))
        self._headers = self.http_client.headers.copy()
        self._headers.update(
            {"Authorization": settings.credential.header, "Accept": "application/json", "User-Agent": USER_AGENT}
        )
        self._post_headers = self._headers.copy()
        self._post_headers["Content-Type"] = "application/json;charset=utf-8"

    def send(self, call: Call[R], timeout: float | None) -> R:
        """Sends a call, and returns its result or raises what its reply stands for."""
        if self.http_client.is_closed:
            raise ClientClosedError(f"{call.endpoint}: the client is closed", endpoint=call.endpoint)
        seconds = self.settings.timeout_of(call.endpoint, timeout)
        content = call.content
        # Not by the client's build_request, which merges in for each request what was merged once above.
        request = httpx.Request(
            call.method,
            self.settings.base_url + call.path,
            headers=self._headers if content is None else self._post_headers,
            content=content,
            extensions={"timeout": dict.fromkeys(("connect", "read", "write", "pool"), seconds)},
        )
        try:
            reply = self._exchange(call.endpoint, request)
        except httpx.TimeoutException as error:
            raise RequestTimeoutError(
                f"{call.endpoint}: no answer from {request.url.host} in time ({type(error).__name__}, {seconds:g} s)",
                endpoint=call.endpoint,
                retryable=isinstance(error, (httpx.ConnectTimeout, httpx.PoolTimeout)) or call.endpoint != "start",
                advice=_ADVICE,
            ) from error
        except (httpx.TransportError, httpx.DecodingError) as error:
            words = scrub(str(error), self._secrets)
            raise NetworkError(
                f"{call.endpoint}: no answer from {request.url.host} ({type(error).__name__}: {words})",
                endpoint=call.endpoint,
                retryable=isinstance(error, httpx.ConnectError) or call.endpoint != "start",
                advice=_ADVICE,
            ) from error
        return call.result(reply, self._secrets)

    def _exchange(self, endpoint: str, request: httpx.Request) -> Reply:
        # Not the client's own auth and redirects: the first would replace ours, the second would send it elsewhere.
        response = self.http_client.send(request, auth=None, follow_redirects=False, stream=True)
        try:
            chunks, size = [], 0
            for chunk in response.iter_bytes():
                chunks.append(chunk)
                size += len(chunk)
                if size > MAX_BODY:
                    raise too_long(endpoint, response.status_code, response.headers.get("x-request-id"))
        finally:
            response.close()
        return Reply(response.status_code, response.headers, b"".join(chunks))

    def close(self) -> None:
        """Closes the httpx client, unless it was given."""
        if self._is_own:
            self.http_client.close()


_ADVICE = "Check the network and the host (area or base_url)."
