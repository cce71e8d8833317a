"""`cloudrec explain`: what a failure means, for somebody who has read one somewhere."""
# ruff: noqa: T201 (a command prints)

import argparse
import shutil
import sys

_MORE = (
    "Give what you have read: a code, an HTTP status, words of the reason, the JSON of an answer, the name of an "
    "exception, or a whole line of a log. Exit code: 0 where the failure is known, 1 where it is not."
)
_WIDEST = 100


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Give a parser the command's options."""
    parser.epilog = _MORE
    parser.add_argument("failure", nargs="*", metavar="FAILURE", help='such as: 432, 504, "task conflict"')
    parser.add_argument("--endpoint", metavar="CALL", help="call that was answered so: acquire, start, query, …")
    parser.add_argument("--status", type=int, metavar="N", help="HTTP status, where the code is not it")


def run(options: argparse.Namespace) -> int:
    """Explain, on the standard output; the exit code."""
    from .._call.explain import explain
    from ..errors import InvalidRequestError

    text = " ".join(options.failure).strip()
    try:
        found = explain(text or None, http_status=options.status, endpoint=options.endpoint)
    except InvalidRequestError as error:
        rules = "; ".join(f"{problem.field} {problem.rule}" for problem in error.problems)
        print(f"cloudrec explain: {rules}", file=sys.stderr)
        return 2
    print(found.text(min(shutil.get_terminal_size().columns, _WIDEST)))
    return 0 if found.is_known else 1
