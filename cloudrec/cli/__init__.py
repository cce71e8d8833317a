"""The command line, `cloudrec` or `python -m cloudrec`."""

import os
import sys

from .._version import __version__
from .streams import reader_has_gone, tolerant
from .table import ABOUTS, COMMANDS, PLAIN

_ABOUT = "Records Agora channels and web pages, and looks after what is recorded."
_BEGIN = f"""\
{_ABOUT}

What to do first:
  cloudrec emulator       a service on this machine to try it with; copy the lines with `export` into another terminal
  cloudrec check          is all as it should be, here or with an account (AGORA_APP_ID, AGORA_CUSTOMER_ID, ...)?
  cloudrec record lesson-42 --storage lessons --for 45m
  cloudrec --help         all commands
"""


def main(argv: list[str] | None = None) -> int:
    """Runs a command; the exit code."""
    code = 0
    tolerant()
    try:
        code = _run(sys.argv[1:] if argv is None else argv)
        sys.stdout.flush()
    except OSError as error:
        if not reader_has_gone(error):
            raise
        # Whoever read it, `head` say, has had enough. Nothing more is to be written, at the interpreter's end either.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    return code


def _run(argv: list[str]) -> int:
    match argv:
        case []:
            print(_BEGIN, end="")
            return 0
        case ["-h" | "--help" | "help"]:
            print(_help(), end="")
            return 0
        case ["-V" | "--version"]:
            print(f"cloudrec {__version__}")
            return 0
        case ["help", *named]:
            return _run([*named, "--help"])
        case [name, *rest] if name in PLAIN:
            from .plain import run_plain

            return run_plain(name, rest)
        case [name, *_] if name in ABOUTS:
            from .commands import run

            return run(argv)
    return _unknown(argv[0])


def _help() -> str:
    lines = [
        "Usage: cloudrec COMMAND ...",
        "",
        _ABOUT,
    ]
    width = max(map(len, ABOUTS))
    for title, commands in COMMANDS.items():
        lines += ["", f"{title}:", *(f"  {name:<{width}}  {about}" for name, about in commands.items())]
    lines += [
        "",
        "cloudrec COMMAND --help shows its options and an example. cloudrec --version tells the version.",
        "",
        "Example:",
        "  cloudrec record lesson-42 --storage lessons --layout grid --files hls,mp4 --for 45m",
    ]
    return "\n".join([*lines, ""])


def _unknown(word: str) -> int:
    from difflib import get_close_matches

    from .._contract.redact import shown

    what = "option" if word.startswith("-") else "command"
    near = get_close_matches(word, ["--help", "--version"] if what == "option" else ABOUTS, 1)
    meant = f"the nearest is {near[0]}" if near else "cloudrec --help lists them"
    print(f"cloudrec: {shown(word)} (there is no such {what}; {meant})", file=sys.stderr)
    return 2
