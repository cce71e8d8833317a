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


def parser_of(name: str) -> argparse.ArgumentParser:
    """What reads the arguments of one of them."""
    about = ABOUTS[name]
    parser = _Parser(prog=f"cloudrec {name}", description=f"{about[0].upper()}{about[1:]}.")
    importlib.import_module(PLAIN[name]).add_arguments(parser)
    return parser


def run_plain(name: str, argv: list[str]) -> int:
    """Runs one of them; the exit code."""
    code: int = importlib.import_module(PLAIN[name]).run(parser_of(name).parse_args(argv))
    return code
