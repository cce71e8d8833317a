"""The command line, `cloudrec` or `python -m cloudrec`."""

import argparse

from ._version import __version__
from .emulator import command as emulator_command


def main(argv: list[str] | None = None) -> int:
    """Runs a command; the exit code."""
    parser = argparse.ArgumentParser(prog="cloudrec", description="Tools around Agora Cloud Recording.")
    parser.add_argument("--version", action="version", version=f"cloudrec {__version__}")
    commands = parser.add_subparsers(title="commands", dest="command", metavar="COMMAND", required=True)

    # Only the options are read here: the emulator itself, and the packages it needs, are imported when it runs.
    about = "run an emulator of the service on this machine, in real time"
    emulator = commands.add_parser("emulator", help=about, description=f"{about[0].upper()}{about[1:]}.")
    emulator_command.add_arguments(emulator)
    emulator.set_defaults(run=emulator_command.run)

    options = parser.parse_args(argv)
    code: int = options.run(options)
    return code
