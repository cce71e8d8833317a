"""Fixtures recorded from real sessions, without anything that is a secret.

Whoever has an account can show what the service answers::

    recorder = Recorder("fixtures")
    with CloudRecording.from_env(http_client=recorder.http_client()) as client:
        ...  # record something
    recorder.write()

`cloudrec record-fixtures` does so with a session of its own. `./scripts/test --fixtures fixtures` in a checkout of the
project then tells what in them this version did not expect.
"""

import base64
import hashlib
import json
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, Self
from urllib.parse import quote, unquote, urlsplit

from ._contract.document import document, operations, resolve, secret_names, url_names
from ._contract.redact import secrets_in
from ._version import __version__
from .errors import CloudRecordingError

if TYPE_CHECKING:
    import os
    from types import TracebackType

    from ._http.exchanges import AsyncClient, AsyncTransport, Client, Exchange, Transport

Json = Any

# Fields that name somebody, or something of theirs; secrets and addresses of the web are found by the contract.
_NAMES = {
    "cname": "channel", "resourceId": "resource", "excludeResourceIds": "resource", "sid": "sid", "bucket": "bucket",
    "endpoint": "address", "fileNamePrefix": "folder", "primaryIP": "ip", "tag": "tag", "privateParams": "text",
}  # fmt: skip
# Words of the service, and names of files: kept, but for what of the above stands in them.
_TOLD = {"reason", "message", "command", "fileName", "filename", "fileList", "fileListStr", "uid", "Message"}
# What patterns allow that cannot name anybody.
_PLAIN = {"colour", "number-as-text", "uid"}
_HEADERS = ("content-type", "retry-after", "x-request-id")


class StillSecretError(CloudRecordingError):
    """What was to be written still held a secret. Nothing was written."""


class Recorder:
    """Listens to a client, and writes what it heard as fixtures: redacted, one file for each call.

    Secrets, App ID, resource IDs, sids, channels, buckets and addresses are replaced by stand-ins of the same length
    and form, the same one wherever the same thing stood. Texts of fields that this version does not know are replaced,
    too, since nobody knows what they hold.

    Args:
        folder: Where the files go. It is made if it is not there; a file that is there is not overwritten.
        keep: Names of such fields whose texts are to be kept, after you have looked at them.
    """

    def __init__(self, folder: "str | os.PathLike[str]", *, keep: Iterable[str] = ()) -> None:
        self._folder = Path(folder)
        self._keep = frozenset(keep)
        self._heard: list[tuple[datetime, Exchange]] = []

    def http_client(self, over: "Transport | None" = None) -> "Client":
        """An httpx client for `CloudRecording(http_client=...)`.

        `over` is a transport to ask in place of the network, of a test for example. What comes from there is not called
        the service's.
        """
        from ._http.exchanges import client

        return client(self._hear, over)

    def async_http_client(self, over: "AsyncTransport | None" = None) -> "AsyncClient":
        """The same for `AsyncCloudRecording`."""
        from ._http.exchanges import async_client

        return async_client(self._hear, over)

    def _hear(self, exchange: "Exchange") -> None:
        self._heard.append((datetime.now(UTC), exchange))

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: "TracebackType | None"
    ) -> None:
        self.write()

    def write(self) -> list[Path]:
        """Writes what was heard since the last time; the files.

        Raises:
            StillSecretError: a secret that was sent would be among it. Nothing was written.
        """
        stand_ins = _StandIns()
        calls = [_Call.of(when, exchange) for when, exchange in self._heard]
        for call in calls:
            stand_ins.learn(call)
        modes = {call.resource_id: call.mode for call in calls if call.mode}
        texts = [
            json.dumps(_fixture(call, stand_ins, modes, self._keep), ensure_ascii=False, indent=2) for call in calls
        ]
        for call, text in zip(calls, texts, strict=True):
            if still := stand_ins.left_in(text):
                raise StillSecretError(
                    f"the answer to {call.operation} still holds what stood as {' and '.join(sorted(still))}"
                    " in a request: nothing was written"
                )
        self._folder.mkdir(parents=True, exist_ok=True)
        written = []
        for call, text in zip(calls, texts, strict=True):
            path = self._free(
                _python(call.operation) + "_" * bool(mode := call.mode or modes.get(call.resource_id, "")) + mode
            )
            path.write_text(text + "\n", encoding="utf-8", newline="\n")
            written.append(path)
        self._heard.clear()
        return written

    def _free(self, name: str) -> Path:
        number = 1
        while (path := self._folder / f"{name}{'' if number == 1 else f'_{number}'}.json").exists():
            number += 1
        return path


# ------------------------------------------------------------------------------------------- one call


@dataclass
class _Call:
    """An exchange, read."""

    when: datetime
    exchange: "Exchange"
    operation: str
    template: str
    parts: dict[str, str]
    """What stands in the path, by the contract's names."""
    request: Json
    answer: Json
    credentials: tuple[str, ...] = field(repr=False)

    @classmethod
    def of(cls, when: datetime, exchange: "Exchange") -> "_Call":
        path = urlsplit(exchange.url).path
        operation, template, parts = "unknown", path, dict[str, str]()
        for name, one in operations().items():
            pattern = re.sub(r"\\{(\w+)\\}", r"(?P<\1>[^/]+)", re.escape(one.path))
            if (found := re.fullmatch(pattern, path)) and one.method == exchange.method:
                operation, template = name, one.path
                parts = {key: unquote(value) for key, value in found.groupdict().items()}
        return cls(
            when, exchange, operation, template, parts, _json(exchange.request_body), _json(exchange.body),
            tuple(_credentials(exchange.authorization)),
        )  # fmt: skip

    @property
    def mode(self) -> str:
        if self.operation == "acquire" and isinstance(self.request, dict):
            return "web" if self.request.get("clientRequest", {}).get("scene") == 1 else ""
        return self.parts.get("mode", "")

    @property
    def resource_id(self) -> str:
        if self.operation == "acquire" and isinstance(self.answer, dict):
            return str(self.answer.get("resourceId", ""))
        return self.parts.get("resourceid", "")

    @property
    def origin(self) -> str:
        """Where it was recorded: at the service, if the host is one of the contract's, over a checked connection."""
        host = urlsplit(self.exchange.url).hostname or ""
        when = self.when.strftime("%Y-%m-%d %H:%M UTC")
        if self.exchange.is_of_the_network and host in _hosts():
            return f"Recorded from the service at {host}, {when}, by cloudrec {__version__}"
        return f"Recorded from a stand-in for the service (an emulator, or a test's), {when}, by cloudrec {__version__}"


def _json(body: bytes) -> Json:
    try:
        return json.loads(body) if body else None
    except ValueError:
        return body.decode("utf-8", errors="replace")


def _credentials(authorization: str) -> Iterator[str]:
    kind, _, rest = authorization.partition(" ")
    if rest:
        yield rest
    if kind.lower() == "basic":
        try:
            pair = base64.b64decode(rest).decode()
        except ValueError:
            return
        yield from filter(None, pair.partition(":")[::2])


@cache
def _hosts() -> frozenset[str]:
    """Every host that the contract names."""
    found = set()
    for server in document()["servers"]:
        urls = [server["url"]]
        for name, variable in server.get("variables", {}).items():
            urls = [url.replace(f"{{{name}}}", value) for url in urls for value in variable["enum"]]
        found |= {urlsplit(url).hostname or "" for url in urls}
    return frozenset(found)


@cache
def _listed() -> dict[str, frozenset[Json]]:
    """The values that the contract lists, by the names of the fields that may have them."""
    found: dict[str, set[Json]] = {}
    for schema in document()["components"]["schemas"].values():
        for name, value in schema.get("properties", {}).items():
            for form in _forms(value):
                values = form.get("enum", [form["const"]] if "const" in form else [])
                if values or form.get("x-name") in _PLAIN:
                    found.setdefault(name, set()).update(values)
    return {name: frozenset(values) for name, values in found.items()}


def _forms(schema: Json) -> Iterator[Json]:
    schema = resolve(schema)
    yield schema
    for inner in [*schema.get("anyOf", []), *([schema["items"]] if "items" in schema else [])]:
        yield from _forms(inner)


@cache
def _known() -> frozenset[str]:
    """Every field that the contract names."""
    return frozenset(
        name for schema in document()["components"]["schemas"].values() for name in schema.get("properties", {})
    )


@cache
def _words_of_paths() -> frozenset[str]:
    return frozenset(word for one in operations().values() for word in re.findall(r"[A-Za-z0-9]+", one.path))


# ------------------------------------------------------------------------------------------- stand-ins


class _StandIns:
    """What stands in the place of each thing that is not to be told."""

    def __init__(self) -> None:
        self._found: dict[str, str] = {}
        self._kinds: dict[str, str] = {}
        self._counts: dict[str, int] = {}

    def learn(self, call: _Call) -> None:
        """Everything in a call that is not to be told."""
        for text in call.credentials:
            self.of("credential", text)
        for part, kind in (("appid", "App ID"), ("resourceid", "resource"), ("sid", "sid")):
            if part in call.parts:
                self.of(kind, call.parts[part])
        self._learn(call.request, "")
        self._learn(call.answer, "")
        for text in [*secrets_in(call.request), *secrets_in(call.answer)]:
            self.of("secret", text)

    def _learn(self, value: Json, name: str) -> None:
        if isinstance(value, dict):
            for key, item in value.items():
                self._learn(item, key)
        elif isinstance(value, list):
            for item in value:
                self._learn(item, name)
        elif isinstance(value, str) and value:
            if name in secret_names():
                self.of("secret", value)
            elif name in url_names():
                self.of("address", value)
            elif name in _NAMES:
                self.of(_NAMES[name], value)

    def of(self, kind: str, text: str) -> str:
        """The stand-in for a text: the same for the same text, whatever it is found as."""
        if text not in self._found:
            number = self._counts[kind] = self._counts.get(kind, 0) + 1
            self._found[text] = _alike(text, f"{kind} {number}")
            self._kinds[text] = kind
        return self._found[text]

    def within(self, text: str) -> str:
        """A text with stand-ins for all that is known; a short one only where it stands alone."""
        forms = sorted(self._found, key=len, reverse=True)
        if not forms:
            return text
        pattern = "|".join(f"(?P<f{number}>{self._pattern(form)})" for number, form in enumerate(forms))

        def stand_in(found: re.Match[str]) -> str:
            form = forms[int((found.lastgroup or "f0")[1:])]
            # What was put in the place of a special character stays as it is.
            return "".join(
                new if there == old else there
                for new, old, there in zip(self._found[form], form, found[0], strict=True)
            )

        return re.sub(pattern, stand_in, text)

    def _pattern(self, form: str) -> str:
        """What finds it in a text."""
        kind = self._kinds[form]
        if kind == "channel" and len(re.findall("[A-Za-z0-9]", form)) >= 3:
            # In names of files, what is special in a channel's name may be another character.
            pattern = "".join(one if one.isascii() and one.isalnum() else "[^A-Za-z0-9]" for one in form)
        else:
            pattern = re.escape(form)
        is_long = len(form) >= (6 if kind in ("secret", "credential") else 12)
        return pattern if is_long else rf"(?<![A-Za-z0-9]){pattern}(?![A-Za-z0-9])"

    def left_in(self, text: str) -> set[str]:
        """The kinds of what can still be read in a text."""
        words = {str(value) for values in _listed().values() for value in values} | _known() | _words_of_paths()
        found = set()
        for secret, kind in self._kinds.items():
            # What every fixture holds anyway tells nothing.
            if len(secret) < 4 or secret in words:
                continue
            shown = [self._pattern(secret), *map(re.escape, (quote(secret, safe=""), json.dumps(secret)[1:-1]))]
            if kind in ("secret", "credential"):
                shown.append(re.escape(base64.b64encode(secret.encode()).decode().rstrip("=")))
            if any(re.search(pattern, text) for pattern in shown):
                found.add(kind)
        return found


def _alike(text: str, seed: str) -> str:
    """Another text of the same length and form, that nothing of the first can be read from."""
    digits = iter(_digits(seed))
    if re.fullmatch(r"\d{1,3}(\.\d{1,3}){3}", text):
        return ".".join(_octet(part, digits) for part in text.split("."))
    scheme = re.match(r"[A-Za-z][A-Za-z0-9+.-]*://", text)
    start = scheme.end() if scheme else 0
    is_hex = re.fullmatch(r"[0-9a-f]{8,}|[0-9A-F]{8,}", text) is not None
    made = [text[:start]]
    # An escaped character of an address is one character.
    for part in re.findall(r"%[0-9A-Fa-f]{2}|.", text[start:], re.DOTALL):
        number = next(digits)
        if len(part) > 1:
            made.append(part)
        elif part.isascii() and part.isdigit():
            # No zero in front: of a number it would be another form.
            made.append("0123456789"[number % 10] if is_hex else "123456789"[number % 9])
        elif part.islower():
            made.append(("abcdef" if is_hex else "abcdefghijklmnopqrstuvwxyz")[number % (6 if is_hex else 26)])
        elif part.isupper():
            made.append(("ABCDEF" if is_hex else "ABCDEFGHIJKLMNOPQRSTUVWXYZ")[number % (6 if is_hex else 26)])
        else:
            made.append("文" if part.isalpha() else part)
    return "".join(made)


def _octet(part: str, digits: Iterator[int]) -> str:
    number = next(digits)
    return str((number % 9) + 1 if len(part) == 1 else number % 90 + 10 if len(part) == 2 else number % 100 + 100)


def _digits(seed: str) -> Iterator[int]:
    block = 0
    while True:
        yield from hashlib.sha256(f"{seed} {block}".encode()).digest()
        block += 1


# ------------------------------------------------------------------------------------------- the fixture


def _fixture(call: _Call, stand_ins: _StandIns, modes: dict[str, str], keep: frozenset[str]) -> Json:
    path = call.template
    for name, value in call.parts.items():
        known = {"appid": "App ID", "resourceid": "resource", "sid": "sid"}
        path = path.replace(f"{{{name}}}", stand_ins.of(known[name], value) if name in known else value)
    request: Json = {"method": call.exchange.method, "path": stand_ins.within(path) if not call.parts else path}
    if call.request is not None:
        request["body"] = _redacted(call.request, "", stand_ins, keep)
    headers = {name: stand_ins.within(value) for name, value in call.exchange.headers.items() if name in _HEADERS}
    if "x-request-id" in headers:
        headers["x-request-id"] = _alike(headers["x-request-id"], "request")
    mode = call.mode or modes.get(call.resource_id) or None
    return {
        "source": f"{call.origin}: {call.operation}{f', {mode}' if mode else ''}",
        "call": _made(call, request.get("body"), stand_ins, mode),
        "request": request,
        "response": {
            "status": call.exchange.status,
            "headers": headers,
            # What is no JSON comes from a proxy on the way.
            "body": stand_ins.within(call.answer)
            if isinstance(call.answer, str)
            else _redacted(call.answer, "", stand_ins, keep),
        },
    }


def _redacted(value: Json, name: str, stand_ins: _StandIns, keep: frozenset[str]) -> Json:
    if isinstance(value, dict):
        return {key: _redacted(item, key, stand_ins, keep) for key, item in value.items()}
    if isinstance(value, list):
        return [_redacted(item, name, stand_ins, keep) for item in value]
    if not isinstance(value, str) or not value:
        return value
    if name in secret_names() or name in url_names() or name in _NAMES:
        return stand_ins.of(_NAMES.get(name, "secret"), value)
    if name in _listed() or name in _TOLD or name in keep:
        # A listed word is one, though a channel may be called the same.
        return value if value in _listed().get(name, ()) else stand_ins.within(value)
    return _alike(value, name)


def _made(call: _Call, body: Json, stand_ins: _StandIns, mode: str | None) -> Json:
    """How the call is made in Python."""
    arguments: Json = {}
    for part, argument in (("resourceid", "resource_id"), ("sid", "sid")):
        if part in call.parts:
            arguments[argument] = stand_ins.of({"resourceid": "resource"}.get(part, part), call.parts[part])
    made: Json = {"method": _python(call.operation), "mode": mode, "arguments": arguments}
    if isinstance(body, dict):
        asked = dict(body.get("clientRequest", {}))
        arguments |= {name: body[name] for name in ("cname", "uid") if name in body}
        if call.operation == "acquire" and "scene" in asked:
            # The calls of a mode say it themselves.
            made["only_top_level"] = {"scene": asked.pop("scene")}
        arguments |= {_python(name): value for name, value in asked.items()}
    return made


def _python(name: str) -> str:
    """A name of the API as Python has it."""
    return re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "_", name).lower()
