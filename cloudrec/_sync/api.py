# Made from cloudrec/_async/api.py by scripts/generate. Do not edit.
"""`client.api`: the generated client, on a session of ours."""

from __future__ import annotations

from typing import TYPE_CHECKING

from .._call.requests import raw_call
from .._call.settings import CLIENT_DEFAULT, Options
from .._http._sync import SessionTransport
from .base import send_start

if TYPE_CHECKING:
    from collections.abc import Mapping

    from cloudrec_api import Client

    from .._call.response import Reply
    from .session import Session


def generated_client(session: Session) -> Client:
    """The generated client whose requests are calls of a session."""
    from cloudrec_api import Client

    def send(method: str, path: str, headers: Mapping[str, str], content: bytes, timeout: float | None) -> Reply:
        call = raw_call(method, path, headers, content)
        options = Options(timeout, CLIENT_DEFAULT)
        if call.endpoint == "start":
            return (send_start(session, call, options)).reply
        return (session.send(call, options)).reply

    transport = SessionTransport(send)
    # The host is chosen for each attempt; this one is never asked.
    return Client(base_url=session.settings.base_urls[0], httpx_args={"transport": transport})
