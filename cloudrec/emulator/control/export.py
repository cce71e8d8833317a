"""Export of what happened: as a test for pytest, or as lines for a shell with curl.

Both do it again with a fresh emulator whose clock stands: channels, calls with the faults that they met, moves and
crashes, each at its moment. What is hidden here stands as `***`; the emulator does not look at it, but for tokens.
"""

from __future__ import annotations

import json
import shlex
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

# Not `from . import`: type checkers take that for an import of the package.
import cloudrec.emulator.control.views as views

from ..faults.calls import Bodies, RecordedCall
from ..faults.faults import Hang
from ..service.service import Limits
from ..world.channels import DEFAULT_CODEC, Channel, Stream
from ..world.clock import SECOND, Millis
from ..world.recording import Doing, Recording
from .inside import Inside

#: What a call that is not answered is waited for, in real seconds.
_PATIENCE = 1
#: The moment of what was so from the beginning.
_BEGINNING: Millis = 0
#: How long a line may be, about.
_WIDTH = 96
#: What is done to a recording, as the emulator's method and the interface's operation.
_METHODS = {"move": "failover", "crash": "crash"}


@dataclass(frozen=True)
class Joined:
    """Somebody came into a channel, or changed what they send."""

    channel: str
    stream: Stream
    before: Stream | None


@dataclass(frozen=True)
class Left:
    """Somebody left a channel."""

    channel: str
    uid: str


@dataclass(frozen=True)
class Described:
    """Somebody said who is in a channel: from here on, nobody."""

    channel: str


@dataclass(frozen=True)
class Called:
    """A request."""

    call: RecordedCall
    bodies: Bodies


Happening = Joined | Left | Described | Called | Doing
#: When, and which of those at that moment it is.
Place = tuple[Millis, int]


def happened(inside: Inside, only: Recording | None) -> list[tuple[Millis, Happening]]:
    """All that happened, or what concerns one recording, in its order."""
    found: list[tuple[Place, Happening]] = []
    with inside.service.lock:
        for channel in inside.service.channels.known.values():
            if only is None or channel.name == only.cname:
                found += _in_channel(channel)
        found += [((it.at, it.turn), it) for it in inside.service.doings if only is None or it.sid in {"", only.sid}]
        for call, bodies in inside.log.with_bodies():
            if call.handled == 429 or (only is not None and not views.is_about(call, only)):
                continue  # the rate is not counted on a clock that stands
            found.append(((bodies.arrived, bodies.turn), Called(call, bodies)))
    return [(at, happening) for (at, _), happening in sorted(found, key=lambda item: item[0])]


def _in_channel(channel: Channel) -> Iterator[tuple[Place, Happening]]:
    """Who was there from the beginning, as the default has it or somebody said, and who came and went."""
    before: dict[str, Stream] = {}
    beginning = (_BEGINNING, channel.history.at(_BEGINNING))
    if not beginning[1]:
        yield (_BEGINNING, 0), Described(channel.name)
    # At one moment, who is there comes before who calls: it counts from that moment on.
    for at, people in (beginning, *channel.history.steps):
        for uid in before.keys() - people.keys():
            yield (at, 0), Left(channel.name, uid)
        for uid, stream in people.items():
            if before.get(uid) != stream:
                yield (at, 0), Joined(channel.name, stream, before.get(uid))
        before = dict(people)


class _Names:
    """Names of variables for resource IDs and recording IDs, as they come up."""

    def __init__(self) -> None:
        self.known: dict[str, str] = {}

    def learn(self, value: str, kind: str) -> str | None:
        """The name of one that is new; None of one that is known."""
        if not value or value in self.known:
            return None
        self.known[value] = f"{kind}_{1 + sum(name.startswith(kind) for name in self.known.values())}"
        return self.known[value]

    def parts(self, path: str) -> Iterator[tuple[str, bool]]:
        """A path in segments, each with whether it is a variable."""
        for part in path.split("/"):
            yield (self.known[part], True) if part in self.known else (part, False)


# -- as Python ----------------------------------------------------------------------------------

_HEAD = '''"""What happened in an emulator, as a test."""

import httpx
import pytest

from cloudrec.emulator import Emulator


def test_what_happened() -> None:
    with (
        EMULATOR as emulator,
        httpx.Client(
            base_url=emulator.url,
            auth=(emulator.credential.customer_id, emulator.credential.customer_secret),
            timeout=10,
        ) as http,
    ):
        base = f"/v1/apps/{emulator.app_id}/cloud_recording"
'''


def as_python(inside: Inside, only: Recording | None) -> str:
    """A test for pytest."""
    names, lines, last = _Names(), [], _BEGINNING
    for at, happening in happened(inside, only):
        if last and at > last:
            lines.append(f"emulator.clock.advance({_seconds(at - last)})")
        last = at
        match happening:
            case Described(channel):
                lines.append(f"emulator.channel({_quoted(channel)})")
            case Joined(channel, stream, before):
                lines += [f"emulator.channel({_quoted(channel)}).{done}" for done in _python_stream(stream, before)]
            case Left(channel, uid):
                lines.append(f"emulator.channel({_quoted(channel)}).leave({uid})")
            case Called(call, bodies):
                lines += _python_call(inside, call, bodies, names)
            case Doing(what="heal"):
                lines.append("emulator.heal()")
            case Doing() as done if done.sid in names.known:
                more = f", {done.seconds:g}{', rename=True' if done.rename else ''}" if done.what == "move" else ""
                lines.append(f"emulator.{_METHODS[done.what]}({names.known[done.sid]}{more})")
            case _:
                pass
    head = _HEAD if any("pytest.raises" in line for line in lines) else _HEAD.replace("import pytest\n", "")
    head = head.replace("EMULATOR", f"Emulator({_options(inside)})", 1)
    text = "\n".join(lines or ["pass  # nothing yet"]).lstrip("\n")
    return head + "".join(f"{line:>{len(line) + 8}}\n" if line else "\n" for line in text.split("\n"))


def _options(inside: Inside) -> str:
    """What the emulator was given that changes what it answers, but for its certificate."""
    service, limits = inside.service, inside.service.limits
    given = {
        "max_recordings": (limits.recordings, Limits.recordings),
        "max_web_recordings": (limits.web_recordings, Limits.web_recordings),
        "backup": (service.backup, False),
        "stranded": (service.stranded, False),
        "bare_names": (service.bare_names, False),
        "strict": (service.contract.strict, False),
    }
    return ", ".join(f"{name}={value!r}" for name, (value, usual) in given.items() if value != usual)


def _python_stream(stream: Stream, before: Stream | None) -> Iterator[str]:
    if before is None:
        options = [f"{name}=False" for name in ("audio", "video") if not getattr(stream, name)]
        options += [f"codec={_quoted(stream.codec)}"] if stream.codec != DEFAULT_CODEC else []
        yield f"join({', '.join([stream.uid, *options])})"
    else:
        for done, media in _switched(stream, before):
            yield f"{done}({stream.uid}, {media}=True)"


def _switched(stream: Stream, before: Stream) -> Iterator[tuple[str, str]]:
    for media in ("audio", "video"):
        if getattr(stream, media) != getattr(before, media):
            yield "unmute" if getattr(stream, media) else "mute", media


def _python_call(inside: Inside, call: RecordedCall, bodies: Bodies, names: _Names) -> Iterator[str]:
    base = f"/v1/apps/{inside.service.app_id}/cloud_recording"
    is_below = bodies.path.startswith(f"{base}/")
    parts = names.parts(bodies.path.removeprefix(base) if is_below else bodies.path)
    path = "/".join(f"{{{part}}}" if known else _escaped(part) for part, known in parts)
    arguments = [
        _quoted(bodies.method),
        f'f"{{base}}{path}"' if is_below else f'f"{path}"' if "{" in path else f'"{path}"',
    ]
    sent = views.body(bodies.sent)
    yield ""
    if isinstance(sent, str):
        yield "# This was sent with a body that is not shown."
        sent = None
    if sent is not None:
        arguments.append(f"json={_written(sent)}")
    if call.fault is not None:
        arguments.append(f'headers={{"X-Emulate-Fault": {_quoted(call.fault.header)}}}')
    if isinstance(call.fault, Hang):
        arguments.append(f"timeout={_PATIENCE}")
    request = f"http.request({', '.join(arguments)})"
    if len(request) > _WIDTH:
        request = "http.request(\n" + "".join(f"{_indented(argument)},\n" for argument in arguments) + ")"
    if call.status is None:
        yield "with pytest.raises(httpx.TransportError):"
        yield _indented(request)
    else:
        yield f"response = {request}"
        yield f"assert response.status_code == {call.status}, response.text"
        yield from _said(bodies.told)
    if (name := names.learn(call.resource_id, "resource")) is not None:
        yield f"{name} = emulator.calls[-1].resource_id"
    if (name := names.learn(call.sid, "sid")) is not None:
        yield f"{name} = emulator.calls[-1].sid"


def _said(told: bytes | None) -> Iterator[str]:
    """What is worth holding of an answer: its code, and the state that it tells of."""
    try:
        body = json.loads(told or b"")
    except ValueError:
        return
    if isinstance(body, dict) and isinstance(body.get("code"), int):
        yield f'assert response.json()["code"] == {body["code"]}'
    state = body.get("serverResponse") if isinstance(body, dict) else None
    if isinstance(state, dict) and isinstance(state.get("status"), int):
        yield f'assert response.json()["serverResponse"]["status"] == {state["status"]}'


def _written(value: Any) -> str:
    """JSON as Python, in as many lines as it takes."""
    if isinstance(value, dict | list):
        opening, closing = "{}" if isinstance(value, dict) else "[]"
        items = (
            [f"{_quoted(name)}: {_written(item)}" for name, item in value.items()]
            if isinstance(value, dict)
            else [_written(item) for item in value]
        )
        line = f"{opening}{', '.join(items)}{closing}"
        if len(line) <= _WIDTH and "\n" not in line:
            return line
        return f"{opening}\n" + "".join(f"{_indented(item)},\n" for item in items) + closing
    return _quoted(value) if isinstance(value, str) else repr(value)


def _indented(text: str) -> str:
    return "\n".join(f"    {line}" for line in text.split("\n"))


def _quoted(text: str) -> str:
    """A string of Python, and of JSON."""
    return json.dumps(text, ensure_ascii=not text.isprintable())


def _escaped(part: str) -> str:
    """A part of an f-string."""
    return _quoted(part)[1:-1].replace("{", "{{").replace("}", "}}")


def _seconds(millis: Millis) -> str:
    return f"{millis / SECOND:.3f}".rstrip("0").rstrip(".")


# -- for a shell --------------------------------------------------------------------------------

_SHELL = """\
#!/bin/sh
# What happened in an emulator. First: cloudrec emulator, and what it prints to be exported.
set -eu
call() { curl -sS -u "$AGORA_CUSTOMER_ID:$AGORA_CUSTOMER_SECRET" -H 'Content-Type: application/json' "$@"; echo; }
control() { curl -sS -o /dev/null -H 'Content-Type: application/json' "$AGORA_BASE_URL/_emulator/$1" -d "$2"; }
learn() { sed -n 's/.*"'"$1"'":"\\([^"]*\\)".*/\\1/p'; }
base="$AGORA_BASE_URL/v1/apps/$AGORA_APP_ID/cloud_recording"
control clock/stand '{}'
"""


def as_curl(inside: Inside, only: Recording | None) -> str:
    """Lines for a shell."""
    names, lines, last = _Names(), [], _BEGINNING

    def control(path: str, **body: Any) -> None:
        lines.append(f"control {path} {shlex.quote(json.dumps(body, ensure_ascii=False))}")

    for at, happening in happened(inside, only):
        if last and at > last:
            control("clock/advance", seconds=float(_seconds(at - last)))
        last = at
        match happening:
            case Described(channel):
                control("channels/clear", channel=channel)
            case Joined(channel, stream, None):
                media = {"audio": stream.audio, "video": stream.video, "codec": stream.codec}
                control("channels/join", channel=channel, uid=stream.uid, **media)
            case Joined(channel, stream, Stream() as before):
                for done, media_name in _switched(stream, before):
                    control(f"channels/{done}", channel=channel, uid=stream.uid, **{media_name: True})
            case Left(channel, uid):
                control("channels/leave", channel=channel, uid=uid)
            case Called(call, bodies):
                lines += _shell_call(inside, call, bodies, names)
            case Doing(what="heal"):
                control("heal")
            case Doing() as done if done.sid in names.known:
                body = {"seconds": done.seconds, "rename": done.rename} if done.what == "move" else {}
                place = f'"recordings/${names.known[done.sid]}/{_METHODS[done.what]}"'
                lines.append(f"control {place} {shlex.quote(json.dumps(body))}")
            case _:
                pass
    return _SHELL + "".join(f"{line}\n" for line in lines)


def _shell_call(inside: Inside, call: RecordedCall, bodies: Bodies, names: _Names) -> Iterator[str]:
    base = f"/v1/apps/{inside.service.app_id}/cloud_recording"
    is_below = bodies.path.startswith(f"{base}/")
    parts = names.parts(bodies.path.removeprefix(base) if is_below else bodies.path)
    path = "/".join(f'"${part}"' if known else shlex.quote(part) if part else "" for part, known in parts)
    place = f"{'$base' if is_below else '$AGORA_BASE_URL'}"
    place = f'"{place}"{path}'
    words = ["call", *(["-X", shlex.quote(bodies.method)] if bodies.method not in {"GET", "POST"} else []), place]
    sent = views.body(bodies.sent)
    if sent is not None and not isinstance(sent, str):
        words += ["-d", shlex.quote(json.dumps(sent, ensure_ascii=False))]
    elif bodies.method == "POST":
        words += ["-d", "''"]
    if call.fault is not None:
        words += ["-H", shlex.quote(f"X-Emulate-Fault: {call.fault.header}")]
    if isinstance(call.fault, Hang):
        words += ["-m", str(_PATIENCE)]
    line = " ".join(words)
    new = [(kind, name) for kind, value in (("resourceId", call.resource_id), ("sid", call.sid))
           if (name := names.learn(value, "sid" if kind == "sid" else "resource")) is not None]  # fmt: skip
    if call.status is None:
        yield f"{line} || true  # it was not answered"
    elif new:
        yield f"answer=$({line})"
        yield 'echo "$answer"'
        yield from (f'{name}=$(echo "$answer" | learn {kind})' for kind, name in new)
    else:
        yield line
