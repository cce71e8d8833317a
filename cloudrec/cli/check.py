"""`cloudrec check`: whether this environment is fit to record."""

from __future__ import annotations

import asyncio
import platform
from collections.abc import AsyncIterator
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal
from urllib.error import HTTPError, URLError
from urllib.request import HTTPSHandler, Request, build_opener

from attrs import asdict, frozen

from .._http.tls import ssl_context
from .._recording.tokens import ends_at
from .._version import __version__
from ..errors import (
    AppNotEnabledError,
    AuthenticationError,
    CloudRecordingError,
    ConfigurationError,
    InvalidRequestError,
    NetworkError,
)
from ..storage import StorageCheckError
from .failures import DONE, FAILED, UsageError, said
from .output import as_json, console, is_terminal, line, printable, style_of
from .secrets import of_file
from .settings import Settings

if TYPE_CHECKING:
    from .._async.client import AsyncCloudRecording
    from ..storage import Storage

# Seconds: a clock that is further off than that is told of, and for how long each host may take.
_CLOCK_OFF, _WITHIN = 5.0, 8.0
# Seconds that a token should last at the least.
_SHORT = 3600.0
_PACKAGES = ("httpx", "httpx-aiohttp", "obstore", "dbos", "rich", "cyclopts")
_WIDTH = 16  # letters of what was looked at
_CHANNEL, _UID = "cloudrec-check", 1


@frozen
class Line:
    """What one look came to."""

    what: str
    state: Literal["ok", "warn", "FAIL"]
    told: str
    advice: str = ""


async def check(*, storage: list[str] | None = None, token_file: Path | None = None, json: bool = False) -> int:
    """Tell whether credentials, hosts, clock and storages are fit to record. Nothing is recorded.

    Exit code: 0 where nothing fails, 1 where something does.

    Args:
        storage: Storage to write to; may be given several times. All those of cloudrec.toml by default.
        token_file: File with a channel token, of which the end is told.
        json: Print JSON, an object on each line.
    """
    settings = Settings.read()
    lines: list[Line] = []
    async for found in _lines(settings, storage, token_file):
        lines.append(found)
        if json:
            as_json(asdict(found))
        else:
            _print(found)
    failed = sum(found.state == "FAIL" for found in lines)
    if not json:
        line(f"{failed} of these must be mended before you record." if failed else "Fit to record.")
    return FAILED if failed else DONE


def _print(found: Line) -> None:
    told, advice = printable(found.told), printable(found.advice)
    if not is_terminal():
        line("\t".join((found.state, found.what, told, advice)).rstrip())
        return
    from rich.table import Table
    from rich.text import Text

    row = Table.grid(padding=(0, 2, 0, 0))
    row.add_column(width=4)
    row.add_column(width=_WIDTH, overflow="fold")
    row.add_column()
    row.add_row(Text(found.state, style_of(found.state)), printable(found.what), told)
    if advice:
        row.add_row("", "", Text(f"→ {advice}", "bold"))
    console().print(row)


async def _lines(settings: Settings, storages: list[str] | None, token_file: Path | None) -> AsyncIterator[Line]:
    yield _versions()
    yield Line(
        "configuration", "ok", str(settings.path) if settings.path else "no cloudrec.toml: the environment alone"
    )
    try:
        client = settings.client(retry=None)
    except (ConfigurationError, UsageError) as error:
        yield Line("credentials", "FAIL", said(error, []), "Set what is missing; cloudrec emulator prints all of it.")
        client = None
    if client is not None:
        async with client:
            for found in await asyncio.gather(_credentials(client), _clock(client)):
                yield found
            for found in await _hosts(settings, client):
                yield found
            yield _token(client, token_file)
    names = list(settings.section("storage")) if storages is None else storages
    for found in await asyncio.gather(*(_storage(settings, name) for name in names)):
        yield found
    if not names:
        yield Line(
            "storage", "warn", "none is configured", "Name one: cloudrec check --storage s3://bucket/folder?region=..."
        )


def _versions() -> Line:
    found = [f"cloudrec {__version__}", f"Python {platform.python_version()}"]
    for name in _PACKAGES:
        try:
            found.append(f"{name} {version(name)}")
        except PackageNotFoundError:
            continue
    return Line("versions", "ok", ", ".join(found))


async def _credentials(client: AsyncCloudRecording) -> Line:
    """By an acquire, which begins nothing: its resource ID ends by itself after five minutes."""
    app_id = client.app_id
    try:
        await client.mix.acquire(_CHANNEL, _UID, timeout=_WITHIN)
    except AuthenticationError as error:
        return Line(
            "credentials", "FAIL", f"refused: {error.args[0]}",
            "Check AGORA_CUSTOMER_ID and AGORA_CUSTOMER_SECRET: both are of the console's page RESTful API.",
        )  # fmt: skip
    except AppNotEnabledError as error:
        advice = f"Check AGORA_APP_ID ({app_id}), and that cloud recording is enabled for it in the console."
        return Line("credentials", "FAIL", str(error.args[0]), advice)
    except NetworkError as error:
        return Line("credentials", "warn", f"not known: {error.args[0]}", "See the hosts below.")
    except CloudRecordingError as error:
        return Line("credentials", "FAIL", str(error.args[0]), error.advice or "cloudrec explain tells more.")
    return Line("credentials", "ok", f"App ID {app_id}; the service knows them, and cloud recording is enabled")


async def _hosts(settings: Settings, client: AsyncCloudRecording) -> list[Line]:
    """Each host of the area, by a call that any client may make."""

    async def ask(url: str) -> Line:
        attempts: list[Any] = []
        async with settings.client(
            base_url=[url], retry=None, timeout=_WITHIN, on_attempt=attempts.append, rate_limit=None
        ) as alone:
            problem = None
            try:
                await alone.ncs_ips()
            except CloudRecordingError as error:
                problem = error
        last = attempts[-1] if attempts else None
        host = url.partition("://")[2]
        if isinstance(problem, NetworkError) or last is None:
            advice = "Check DNS, firewall and proxy (HTTPS_PROXY) of this machine. Another host stands in for it."
            told = f"{host}  {last.outcome if last else 'not asked'}"
            return Line("host", "FAIL" if len(urls) == 1 else "warn", told, advice)
        status = f", HTTP {last.http_status}" if problem is not None and last.http_status else ""
        return Line("host", "ok", f"{host}  {last.elapsed * 1000:.0f} ms{status}")

    urls = client._session.settings.base_urls
    found = list(await asyncio.gather(*map(ask, urls)))
    if found and all(one.state == "warn" for one in found):
        found = [Line(one.what, "FAIL", one.told, one.advice) for one in found]
    return found


async def _clock(client: AsyncCloudRecording) -> Line:
    """This machine's clock, by the time that a host puts on its answers."""
    for url in client._session.settings.base_urls:
        before = client._session.wall()
        date = await asyncio.to_thread(_date_of, url)
        if date is None:
            continue
        # The host says whole seconds, at some moment while it was asked.
        off = (before + client._session.wall()) / 2 - date - 0.5
        if abs(off) <= _CLOCK_OFF:
            return Line("clock", "ok", f"within {_CLOCK_OFF:g} s of the service's")
        way = "ahead of" if off > 0 else "behind"
        advice = "Set it by NTP: channel tokens and webhook signatures are told by it."
        return Line("clock", "FAIL", f"{abs(off):.0f} s {way} the service's", advice)
    return Line("clock", "warn", "not known: no host told the time")


def _date_of(url: str) -> float | None:
    opener = build_opener(HTTPSHandler(context=ssl_context([url])))
    try:
        with opener.open(Request(url), timeout=_WITHIN) as answer:
            date = answer.headers.get("Date")
    except HTTPError as error:  # an answer all the same
        date = error.headers.get("Date")
        error.close()
    except (URLError, OSError):
        return None
    try:
        return parsedate_to_datetime(date).timestamp() if date else None
    except ValueError:
        return None


def _token(client: AsyncCloudRecording, path: Path | None) -> Line:
    if path is not None:
        try:
            ends = ends_at(of_file("--token-file", str(path), Path()))
        except UsageError as error:
            return Line("token", "FAIL", str(error), "Name a file with the token alone in it.")
        if ends is None:
            return Line(
                "token", "warn", f"{path}: its end cannot be read", "See that all of it is there: 006... or 007..."
            )
        left = (ends - datetime.now(UTC)).total_seconds()
        told = f"{path}: ends at {ends.astimezone():%Y-%m-%d %H:%M:%S}"
        if left <= 0:
            return Line("token", "FAIL", f"{told}, which is over", "Make a new one.")
        advice = "It must outlive the recording; 24 hours are the most." if left < _SHORT else ""
        return Line("token", "warn" if advice else "ok", told, advice)
    if client._session.settings.tokens is not None:
        return Line("token", "ok", "made for each recording, of AGORA_APP_CERTIFICATE")
    return Line(
        "token", "warn", "none: right for a project without an App Certificate",
        "With one, set AGORA_APP_CERTIFICATE, or give record a --token-file.",
    )  # fmt: skip


async def _storage(settings: Settings, name: str) -> Line:
    try:
        made = settings.storage(name)
        done = await made.acheck(timeout=_WITHIN)
    except StorageCheckError as error:
        return Line(f"storage {name}", "FAIL", error.problem.value, error.advice or "")
    except (UsageError, InvalidRequestError, ConfigurationError) as error:
        return Line(f"storage {name}", "FAIL", said(error, []), "See cloudrec storage --help.")
    ends = _session_ends(made)
    return Line(f"storage {name}", "ok", "; ".join(["recordings can be written", *ends, *done.remarks]))


def _session_ends(made: Storage) -> list[str]:
    ends = made.expires_at
    return [] if ends is None else [f"its credentials end at {ends.astimezone():%H:%M:%S}"]
