"""The commands that need no extra: read by argparse, with the nearest right word in place of a wrong one."""

import argparse
import importlib
from difflib import get_close_matches
from typing import NoReturn

from .table import ABOUTS, PLAIN


class _Parser(argparse.ArgumentParser):
    """Says in one line what is wrong."""

    def error(self, message: str) -> NoReturn:
        self.exit(2, f"{self.prog}: {message}{self._nearest(message)} ({self.prog} --help)\n")

    def _nearest(self, message: str) -> str:
        what, _, given = message.partition(": ")
        if what == "unrecognized arguments":
            known = [option for action in self._actions for option in action.option_strings]
            wrong = given.split()[0].partition("=")[0]
        elif "invalid choice" in message:
            known = [str(choice) for action in self._actions for choice in action.choices or ()]
            wrong = message.partition("invalid choice: ")[2].partition(" (")[0].strip("'\"")
        else:
            return ""
        near = get_close_matches(wrong, known, 1)
        return f"; the nearest is {near[0]}" if near else ""


def run_plain(name: str, argv: list[str]) -> int:
    """Runs one of them; the exit code."""
    about = ABOUTS[name]
    command = importlib.import_module(PLAIN[name])
    parser = _Parser(prog=f"cloudrec {name}", description=f"{about[0].upper()}{about[1:]}.")
    command.add_arguments(parser)
    code: int = command.run(parser.parse_args(argv))
    return code
