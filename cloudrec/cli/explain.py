"""`cloudrec explain`: what a failure means, for somebody who has read one somewhere."""
# ruff: noqa: T201 (a command prints)

import argparse
import json
import re
import shutil
import sys
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from .._call.explain import Explanations

_MORE = (
    "Give what you have read: a code, an HTTP status, words of the reason, the JSON of an answer, or a whole line of "
    "this library's. Exit code: 0 where the failure is known, 1 where it is not."
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
    from ..errors import InvalidRequestError

    try:
        found = _explained(" ".join(options.failure).strip(), options.endpoint, options.status)
    except InvalidRequestError as error:
        rules = "; ".join(f"{problem.field} {problem.rule}" for problem in error.problems)
        print(f"cloudrec explain: {rules}", file=sys.stderr)
        return 2
    print(found.text(min(shutil.get_terminal_size().columns, _WIDEST)))
    return 0 if found.is_known else 1


def _explained(text: str, endpoint: str | None, http_status: int | None) -> "Explanations":
    from .._call.explain import ENDPOINTS, explain
    from .._call.response import words_of

    if (number := _number(text)) is not None:
        return explain(number, http_status=http_status, endpoint=endpoint)
    answer = _json(text)
    if answer is not None:
        given = _number(str(answer.get("code")))
        return explain(given, http_status=http_status, endpoint=endpoint, reason=words_of(answer))
    # Of a line such as "start: task conflict (HTTP 400, code 53, …)" everything is used.
    named = re.match(r"(\w+): ", text)
    if endpoint is None and named and named[1] in ENDPOINTS:
        endpoint, text = named[1], text[named.end() :]
    status, code = re.search(r"\bHTTP (\d{3})\b", text), re.search(r"\bcode (\d+)\b", text)
    if http_status is None and status:
        http_status = int(status[1])
    return explain(_number(code[1]) if code else None, http_status=http_status, endpoint=endpoint, reason=text or None)


def _json(text: str) -> dict[str, Any] | None:
    try:
        found = json.loads(text)
    except (ValueError, RecursionError):
        return None
    return found if isinstance(found, dict) else None


def _number(text: str) -> int | None:
    return int(text) if re.fullmatch(r"[0-9]{1,9}", text) else None
