"""The command line, `cloudrec` or `python -m cloudrec`."""

import argparse
import os
import sys

from .._version import __version__
from ..emulator import command as emulator_command
from . import (
    events as _events_command,
    explain as _explain_command,
    record_fixtures as _record_fixtures_command,
    rules as _rules_command,
)

# Each has `add_arguments` and `run`, and reads only its options before it runs: what it needs is imported then.
_COMMANDS = {
    "emulator": (emulator_command, "run an emulator of the service on this machine, in real time"),
    "events": (_events_command, "print webhooks as they come, or tell whether one is genuine"),
    "explain": (_explain_command, "tell what a failure means, what usually causes it, and what to do about it"),
    "record-fixtures": (_record_fixtures_command, "record with the service, and write its answers without secrets"),
    "rules": (_rules_command, "list the rules that a request is checked by before it is sent"),
}


def main(argv: list[str] | None = None) -> int:
    """Runs a command; the exit code."""
    parser = argparse.ArgumentParser(prog="cloudrec", description="Tools around Agora Cloud Recording.")
    parser.add_argument("--version", action="version", version=f"cloudrec {__version__}")
    commands = parser.add_subparsers(title="commands", dest="command", metavar="COMMAND", required=True)
    for name, (command, about) in _COMMANDS.items():
        added = commands.add_parser(name, help=about, description=f"{about[0].upper()}{about[1:]}.")
        command.add_arguments(added)
        added.set_defaults(run=command.run)
    options = parser.parse_args(argv)
    try:
        code: int = options.run(options)
        sys.stdout.flush()
    except BrokenPipeError:
        # Whoever read it, `head` say, has had enough. Nothing more is to be written, at the interpreter's end either.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0
    return code
