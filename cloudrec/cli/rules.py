"""`cloudrec rules`: what requests, and the values that they are made of, are checked by."""
# ruff: noqa: T201 (a command prints)

import argparse
import shutil
import sys
from textwrap import fill

_MORE = (
    "With words, those rules that hold every one of them in their name, field, call or text; exit code 1 if none does."
)
_WIDEST = 120


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Give a parser the command's options."""
    parser.epilog = _MORE
    parser.add_argument("words", nargs="*", metavar="WORDS", help="such as: s3-region, avFileType mix, maxIdleTime")


def run(options: argparse.Namespace) -> int:
    """List them, on the standard output; the exit code."""
    from .._contract.rules import by_field, matching, told_calls

    found = matching(options.words)
    if not found:
        print(f"cloudrec rules: no rule holds all of: {' '.join(options.words)}", file=sys.stderr)
        return 1
    width = min(shutil.get_terminal_size().columns, _WIDEST)
    longest = max(len(rule.name) for rule in found)
    parts = []
    for field, calls, rules in by_field(found):
        lines = [f"{field or 'the request'} ({told_calls(calls)})" if calls else "values"]
        for rule in rules:
            head = f"  {rule.name:<{longest}}  "
            lines.append(fill(rule.words, width, initial_indent=head, subsequent_indent=" " * len(head)))
        parts.append("\n".join(lines))
    print("\n\n".join(parts))
    return 0
