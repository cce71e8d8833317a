"""The emulator's command line: `cloudrec emulator`, or `python -m cloudrec.emulator`."""
# ruff: noqa: T201 (a command prints)

from __future__ import annotations

import argparse
import shlex
import signal
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any

from .hosts import lines_for_hosts, make_certificate

if TYPE_CHECKING:
    from .emulator import Emulator


_MORE = """\
Beside the service it serves, to callers on this machine alone:
  /_emulator               a page that shows what happens, live, and steers it
  /_emulator/openapi.json  the same for programs in any language: channels, clock, faults, webhooks, export

A request that carries X-Emulate-Fault meets that fault:
  X-Emulate-Fault: drop; after_effect=true
  X-Emulate-Fault: status; status=500; code=62; times=2

An SDK with the hosts of the service in its code is led here by --make-certificate and --print-hosts.
"""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Give a parser the emulator's options."""
    parser.epilog = _MORE
    parser.formatter_class = argparse.RawDescriptionHelpFormatter
    add = parser.add_argument
    add("--host", default="127.0.0.1", help="address to listen on (default: %(default)s)")
    add("--port", type=int, default=8080, help="port to listen on, 0 for a free one (default: %(default)s)")
    add(
        "--hosts",
        type=_hosts,
        default=1,
        metavar="N",
        help="how many ports to listen on, from --port on (default: %(default)s)",
    )
    add("--certfile", type=_file, metavar="FILE", help="certificate, to serve https")
    add("--keyfile", type=_file, metavar="FILE", help="key of the certificate, where it is in a file of its own")
    add(
        "--keep-alive",
        type=float,
        default=75.0,
        metavar="SECONDS",
        help="how long a connection may be idle (default: %(default)s)",
    )
    add("--app-id", metavar="ID", help="App ID to serve")
    add("--customer-id", metavar="ID", help="customer ID to accept")
    add("--customer-secret", metavar="SECRET", help="customer secret to accept")
    add("--certificate", metavar="DIGITS", help="App Certificate: each recorder of a channel then needs a token")
    add(
        "--rate-limit",
        type=_count,
        metavar="N",
        help="requests a second for the App ID, 0 for any number (default: 10, while the clock runs at its own pace)",
    )
    add(
        "--max-recordings",
        type=_count,
        default=50,
        metavar="N",
        help="recordings of channels at once (default: %(default)s)",
    )
    add(
        "--max-web-recordings",
        type=_count,
        default=200,
        metavar="N",
        help="recordings of web pages at once (default: %(default)s)",
    )
    add(
        "--upload-time",
        type=float,
        default=0.0,
        metavar="SECONDS",
        help="how long a stop that waits for the upload takes (default: %(default)s)",
    )
    add("--webhook-url", metavar="URL", help="where to tell what happens to recordings")
    add("--webhook-secret", metavar="SECRET", help="what to sign it with")
    add(
        "--webhook-duplicates",
        type=_share,
        default=0.0,
        metavar="SHARE",
        help="share of notices to send twice, from 0 to 1 (default: %(default)s)",
    )
    add(
        "--webhook-disorder",
        type=_share,
        default=0.0,
        metavar="SHARE",
        help="share of notices to hold back until others have overtaken them, from 0 to 1 (default: %(default)s)",
    )

    add(
        "--print-hosts",
        action="store_true",
        help="print lines for /etc/hosts by which all hosts of the service lead here, and end",
    )
    add(
        "--make-certificate",
        type=Path,
        metavar="DIR",
        help="write a certificate for all hosts of the service into a folder, tell what to do with it, and end",
    )


def run(args: argparse.Namespace) -> int:
    """Serve until Ctrl-C; the exit code."""
    try:
        if args.print_hosts:
            print(lines_for_hosts(args.host), end="")
            return 0
        if args.make_certificate is not None:
            print(make_certificate(args.make_certificate), end="")
            return 0
        from . import Emulator

        emulator = Emulator(
            host=args.host,
            port=args.port,
            hosts=args.hosts,
            clock="real",
            certfile=args.certfile,
            keyfile=args.keyfile,
            keep_alive=args.keep_alive,
            rate_limit="auto" if args.rate_limit is None else args.rate_limit or None,
            max_recordings=args.max_recordings,
            max_web_recordings=args.max_web_recordings,
            upload_time=args.upload_time,
            **_given(args, "app_id", "customer_id", "customer_secret", "certificate"),
        )
        if args.webhook_url is not None:
            emulator.webhooks.send_to(
                args.webhook_url,
                duplicates=args.webhook_duplicates,
                disorder=args.webhook_disorder,
                **({} if args.webhook_secret is None else {"secret": args.webhook_secret}),
            )
        emulator.start()
    except (ImportError, OSError, ValueError) as error:
        print(f"cloudrec emulator: {_by_option(error, args)}", file=sys.stderr)
        return 1
    try:
        # A service manager ends a process by SIGTERM: the same clean end as Ctrl-C.
        signal.signal(signal.SIGTERM, signal.default_int_handler)
        print(greeting(emulator, args.certificate), flush=True)
        while True:
            time.sleep(3600)
    except KeyboardInterrupt:
        return 0
    finally:
        emulator.stop()


def greeting(emulator: Emulator, certificate: str | None = None) -> str:
    """What a person needs to use a running emulator."""
    credential = emulator.credential
    variables = {
        "AGORA_APP_ID": emulator.app_id,
        "AGORA_CUSTOMER_ID": credential.customer_id,
        "AGORA_CUSTOMER_SECRET": credential.customer_secret,
        "AGORA_BASE_URL": " ".join(emulator.urls),
    }
    if certificate is not None:
        variables["AGORA_APP_CERTIFICATE"] = certificate
    told = emulator.webhooks.url is not None
    if told:
        variables["AGORA_WEBHOOK_SECRET"] = emulator.webhooks.secret
    return "\n".join(
        [
            f"Agora Cloud Recording, emulated, at {emulator.url} (Ctrl-C ends it)",
            *(f"and at {url}" for url in emulator.urls[1:]),
            f"to be seen and steered at {_on_loopback(emulator.url)}/_emulator",
            *([f"telling {emulator.webhooks.url} what happens"] if told else []),
            "",
            f"  app id            {emulator.app_id}",
            f"  customer id       {credential.customer_id}",
            f"  customer secret   {credential.customer_secret}",
            *([f"  webhook secret    {emulator.webhooks.secret}"] if told else []),
            "",
            *(f"export {name}={shlex.quote(value)}" for name, value in variables.items()),
            "",
            "CloudRecording.from_env()",
        ]
    )


def _on_loopback(url: str) -> str:
    """Where it is asked for on this machine: an address that stands for all of them is none to ask for."""
    return url.replace("//0.0.0.0:", "//127.0.0.1:").replace("//[::]:", "//[::1]:")


def _by_option(error: Exception, args: argparse.Namespace) -> str:
    """What is wrong, by the name that its option has: what the emulator says begins with the name of an argument."""
    text = (error.strerror if isinstance(error, OSError) else "") or str(error)
    name, space, rest = text.partition(" ")
    option = {"url": "webhook_url", "secret": "webhook_secret"}.get(name, name)
    return f"--{option.replace('_', '-')}{space}{rest}" if hasattr(args, option) else text


def _given(args: argparse.Namespace, *names: str) -> dict[str, Any]:
    """The options that were given, so that the emulator's own defaults stand for the others."""
    return {name: value for name in names if (value := getattr(args, name)) is not None}


def _file(text: str) -> str:
    # OpenSSL's own error does not say which file it missed.
    if not Path(text).is_file():
        raise argparse.ArgumentTypeError(f"no such file: {text}")
    return text


def _count(text: str) -> int:
    number = int(text)
    if number < 0:
        raise argparse.ArgumentTypeError(f"must not be negative: {text}")
    return number


def _share(text: str) -> float:
    number = float(text)
    if not 0 <= number <= 1:
        raise argparse.ArgumentTypeError(f"must be from 0 to 1: {text}")
    return number


def _hosts(text: str) -> int:
    number = int(text)
    if number < 1:
        raise argparse.ArgumentTypeError(f"must be at least 1: {text}")
    return number


def main(argv: list[str] | None = None) -> int:
    """`python -m cloudrec.emulator`."""
    parser = argparse.ArgumentParser(
        prog="python -m cloudrec.emulator",
        description="Agora Cloud Recording on this machine: a stateful emulator that runs in real time.",
    )
    add_arguments(parser)
    return run(parser.parse_args(argv))
