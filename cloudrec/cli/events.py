"""`cloudrec events`: webhooks as they come, and whether a kept one is genuine."""
# ruff: noqa: T201 (a command prints)

import argparse
import json
import os
import signal
import sys
from collections.abc import Iterator
from datetime import datetime
from enum import Enum, Flag
from pathlib import Path
from typing import TYPE_CHECKING, Any

from .streams import IS_WINDOWS, reader_has_gone

if TYPE_CHECKING:
    from ..webhooks import Notice

_ENV = "AGORA_WEBHOOK_SECRET"
_FILES_SHOWN = 3
#: The headers of a signature by how many digits it has.
_HEADERS = {64: "Agora-Signature-V2", 40: "Agora-Signature"}


class _UsageError(Exception):
    """What was given makes no sense."""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Give a parser the command's options."""
    actions = parser.add_subparsers(title="actions", dest="action", metavar="ACTION", required=True)

    about = "print webhooks as they come"
    listen = actions.add_parser("listen", help=about, description=f"{about.capitalize()}, until Ctrl-C.")
    listen.add_argument("--host", default="127.0.0.1", help="address to listen on (default: %(default)s)")
    listen.add_argument(
        "--port", type=int, default=8080, help="port to listen on, 0 for a free one (default: %(default)s)"
    )

    listen.add_argument(
        "--replay",
        metavar="FILE",
        help="print events that --json has kept, in place of listening; - for standard input",
    )
    listen.add_argument("--to", metavar="URL", help="with --replay: sign them, and send them to this address, too")

    about = "tell whether a kept webhook is genuine"
    verify = actions.add_parser(
        "verify",
        help=about,
        description=f"{about.capitalize()}, and print it.",
        epilog="Exit code: 0 where it is genuine, 1 where it is not, 2 where that cannot be told.",
    )
    verify.add_argument("file", metavar="FILE", help="the body, byte for byte as it came; - for the standard input")
    signed = verify.add_mutually_exclusive_group(required=True)
    signed.add_argument("--signature", metavar="HEX", help="what stood in Agora-Signature-V2, or in Agora-Signature")
    signed.add_argument("--headers", metavar="FILE", help="the request's headers, one a line")

    for action, run_action in ((listen, _listen), (verify, _verify)):
        secret = action.add_mutually_exclusive_group()
        secret.add_argument(
            "--secret-env",
            metavar="NAME",
            default=_ENV,
            help="environment variable with the secret from the provider's console (default: %(default)s)",
        )
        secret.add_argument(
            "--secret-file", metavar="FILE", help="file with the secret, or with several, one a line, each of them good"
        )
        action.add_argument(
            "--allow-v1", action="store_true", help="take a signature of version 1 (SHA-1) where there is no other"
        )
        action.add_argument("--json", action="store_true", help="print JSON, one line for each")
        action.set_defaults(run_action=run_action)


def run(options: argparse.Namespace) -> int:
    """Listen, or verify; the exit code."""
    from ..errors import ConfigurationError

    try:
        code: int = options.run_action(options)
    except (_UsageError, ConfigurationError) as error:
        print(f"cloudrec events {options.action}: {error}", file=sys.stderr)
        return 2
    return code


# -- verify ----------------------------------------------------------------------------------------


def _verify(options: argparse.Namespace) -> int:
    from ..webhooks import WebhookError, receive

    secrets = _secrets(options)
    body = _read(options.file)
    headers = _kept_headers(options.headers) if options.headers else _header(options)
    # With --json the standard output is JSON and nothing else.
    verdict = sys.stderr if options.json else sys.stdout
    try:
        notice = receive(body, headers, secrets, allow_v1=options.allow_v1)
    except WebhookError as error:
        print(f"not valid: {error}", file=verdict)
        stripped = body.rstrip(b"\r\n")
        if stripped != body and _valid(stripped, headers, secrets, options.allow_v1):
            print("It would be without the line break at its end, which something has added to it.", file=verdict)
        return 1
    print("valid", file=verdict)
    print(_shown(notice, as_json=options.json))
    return 0


def _valid(body: bytes, headers: list[tuple[str, str]], secrets: list[str], allow_v1: bool) -> bool:
    from ..webhooks import SignatureError, verify

    try:
        verify(body, headers, secrets, allow_v1=allow_v1)
    except SignatureError:
        return False
    return True


def _header(options: argparse.Namespace) -> list[tuple[str, str]]:
    signature: str = options.signature.strip()
    if len(signature) not in _HEADERS:
        lengths = " or ".join(f"{digits} ({header})" for digits, header in _HEADERS.items())
        raise _UsageError(f"--signature has {len(signature)} digits, and should have {lengths}")
    if len(signature) == 40 and not options.allow_v1:
        raise _UsageError("--signature is of version 1 (SHA-1), which is taken with --allow-v1 alone")
    return [(_HEADERS[len(signature)], signature)]


def _kept_headers(path: str) -> list[tuple[str, str]]:
    # What is no header, such as the line with POST in it, has no colon in its first word, or does not matter.
    lines = _read(path).decode("latin-1").splitlines()
    pairs = [line.partition(":") for line in lines]
    return [(name.strip(), value.strip()) for name, colon, value in pairs if colon]


def _read(path: str) -> bytes:
    if path == "-":
        return sys.stdin.buffer.read()
    try:
        return Path(path).read_bytes()
    except OSError as error:
        raise _UsageError(f"{path}: {error.strerror}") from None


# -- listen ----------------------------------------------------------------------------------------


def _listen(options: argparse.Namespace) -> int:
    if options.to is not None and options.replay is None:
        raise _UsageError("--to goes with --replay FILE")
    if options.replay is not None:
        return _replay(options)
    from ..webhooks.servers.wsgi import WebhookApp

    def print_it(notice: "Notice") -> None:
        try:
            print(_shown(notice, as_json=options.json), flush=True)
        except OSError as error:
            if not reader_has_gone(error):
                raise
            sys.stdout = open(os.devnull, "w", encoding="utf-8")  # noqa: SIM115 (for the rest of the program)
            server.shutdown()

    with WebhookApp(
        _secrets(options), print_it, on_other=print_it, allow_v1=options.allow_v1, most_waiting=100_000
    ) as app:
        try:
            server = _server(options.host, options.port, app)
        except (OSError, OverflowError) as error:
            print(f"cloudrec events listen: {error}", file=sys.stderr)
            return 1
        with server:
            url = _url(options.host, server.server_port)
            # The standard output is the events and nothing else.
            print(f"Listening at {url} (Ctrl-C ends it)", file=sys.stderr, flush=True)
            try:
                # A service manager ends a process by SIGTERM: the same clean end as Ctrl-C.
                signal.signal(signal.SIGTERM, signal.default_int_handler)
                server.serve_forever(poll_interval=0.1)
            except KeyboardInterrupt:
                pass
    return 0


def _replay(options: argparse.Namespace) -> int:
    from functools import partial

    from .replay import replay

    if options.to is not None and not options.to.startswith(("http://", "https://")):
        raise _UsageError("--to must be an http or https URL")
    secret = _secrets(options)[0] if options.to is not None else None
    return replay(_read(options.replay), partial(_shown, as_json=options.json), options.to, secret)


def _server(host: str, port: int, app: Any) -> Any:
    import socket
    from socketserver import TCPServer, ThreadingMixIn
    from wsgiref.simple_server import WSGIRequestHandler, WSGIServer

    class Server(ThreadingMixIn, WSGIServer):
        """One thread for each request, so that nobody who says nothing holds the others up."""

        daemon_threads = True
        allow_reuse_address = not IS_WINDOWS  # there, it would let two servers have one port
        address_family = socket.AF_INET6 if ":" in host else socket.AF_INET

        def server_bind(self) -> None:
            TCPServer.server_bind(self)  # WSGIServer's own asks DNS for a name of this machine, which can take long
            self.server_name, self.server_port = host, self.server_address[1]
            self.setup_environ()

        def handle_error(self, request: Any, client_address: Any) -> None:
            if not isinstance(sys.exc_info()[1], OSError):  # that is somebody who went away, or fell silent
                super().handle_error(request, client_address)

    class Handler(WSGIRequestHandler):
        """Its own log is of requests; ours, `cloudrec.webhooks`, says which were refused and why."""

        timeout = 10  # seconds of silence

        def log_message(self, format: str, *args: Any) -> None:
            pass

    server = Server((host, port), Handler)
    server.set_app(app)
    return server


def _url(host: str, port: int) -> str:
    return f"http://[{host}]:{port}" if ":" in host else f"http://{host}:{port}"


# -- what both share -------------------------------------------------------------------------------


def _secrets(options: argparse.Namespace) -> list[str]:
    # Not from the command line itself, which other users of the machine can read.
    if options.secret_file:
        try:
            lines = _read(options.secret_file).decode("utf-8-sig").splitlines()
        except UnicodeDecodeError:
            raise _UsageError(f"{options.secret_file}: not text in UTF-8") from None
        found = [line.strip() for line in lines if line.strip()]
        if not found:
            raise _UsageError(f"{options.secret_file}: no secret in it")
        return found
    secret = os.environ.get(options.secret_env, "")
    if not secret:
        raise _UsageError(f"no secret: set {options.secret_env}, or give --secret-file")
    return [secret]


def _shown(notice: "Notice", *, as_json: bool) -> str:
    if as_json:
        return json.dumps(notice.raw, separators=(",", ":"))
    # Names come from elsewhere, and a terminal obeys what is not printable.
    return "".join(letter if letter.isprintable() else "\ufffd" for letter in _line(notice))


def _line(notice: "Notice") -> str:
    from .._contract.redact import redacted
    from ..webhooks import Event, HealthCheck, UnknownEvent

    if isinstance(notice, HealthCheck):
        return f"{_day_and_time(notice.notified_at)}  health check of the provider's console"
    if not isinstance(notice, Event):
        product = f"product {notice.product_id}, event {notice.event_type}"
        return f"{_day_and_time(notice.notified_at)}  not of cloud recording: {product}"
    details = notice.details
    recorder = f"{notice.cname}/{notice.uid}"
    sid = (notice.sid or "")[:8]
    sequence = "" if notice.sequence is None else f"#{notice.sequence}"
    start = f"{_day_and_time(notice.sent_at)}  {recorder:<20}  {sid:<8}  {sequence:>4}  "
    if isinstance(details, UnknownEvent):
        unknown = f"event {notice.event_type}, unknown" if details.name is None else details.name
        return f"{start}{unknown}  {json.dumps(redacted(details.raw), ensure_ascii=False)}"
    kind = details.event_type
    return "  ".join([f"{start}{kind.value} {kind.name.lower()}", *_fields(details)])


def _fields(details: Any) -> Iterator[str]:
    for name in details._shown:
        value = getattr(details, name)
        if value is not None and value != ():
            yield f"{name}={_value(value)}"


def _value(value: Any) -> str:
    match value:
        case Flag():
            return (value.name or str(value.value)).lower()
        case Enum():
            return value.name.lower()
        case datetime():
            return _time(value)
        case tuple():
            return _several(value)
        case _:
            return str(value)


def _several(values: tuple[Any, ...]) -> str:
    named = [getattr(value, "name", None) or repr(value) for value in values]
    more = len(named) - _FILES_SHOWN
    return ", ".join(named[:_FILES_SHOWN]) + (f" and {more} more" if more > 0 else "")


def _day_and_time(moment: datetime | None) -> str:
    return "-" * 23 if moment is None else f"{moment:%Y-%m-%d} {_time(moment)}"


def _time(moment: datetime) -> str:
    return f"{moment:%H:%M:%S}.{moment.microsecond // 1000:03d}"
