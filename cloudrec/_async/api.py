"""`client.api`: the generated client, on a session of ours."""

from __future__ import annotations

from typing import TYPE_CHECKING

from .._call.requests import raw_call
from .._call.settings import CLIENT_DEFAULT, Options
from .._http._async import AsyncSessionTransport
from .base import send_start

if TYPE_CHECKING:
    from collections.abc import Mapping

    from cloudrec_api import Client

    from .._call.response import Reply
    from .session import AsyncSession


def generated_client(session: AsyncSession) -> Client:
    """The generated client whose requests are calls of a session."""
    from cloudrec_api import Client

    async def send(method: str, path: str, headers: Mapping[str, str], content: bytes, timeout: float | None) -> Reply:
        call = raw_call(method, path, headers, content)
        options = Options(timeout, CLIENT_DEFAULT)
        if call.endpoint == "start":
            return (await send_start(session, call, options)).reply
        return (await session.send(call, options)).reply

    transport = AsyncSessionTransport(send)
    # The host is chosen for each attempt; this one is never asked.
    return Client(base_url=session.settings.base_urls[0], httpx_args={"transport": transport})
