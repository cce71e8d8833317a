"""Events that were kept, once more: printed, or sent to a service as the provider sends them."""
# ruff: noqa: T201 (a command prints)

from __future__ import annotations

import sys
from collections.abc import Callable
from typing import TYPE_CHECKING
from urllib.error import HTTPError, URLError
from urllib.request import Request, urlopen

if TYPE_CHECKING:
    from ..webhooks import Notice

# Seconds that a service may take; the provider gives up after so many, too.
_WITHIN = 10.0


def replay(kept: bytes, shown: Callable[[Notice], str], to: str | None, secret: str | None) -> int:
    """Each line of it, as `--json` printed it; the exit code: 1 where one was not taken, or is no event."""
    from ..webhooks import MalformedNoticeError, parse

    failed = False
    for number, body in enumerate(kept.splitlines(), 1):
        if not body.strip():
            continue
        try:
            notice = parse(body)
        except MalformedNoticeError as error:
            print(f"cloudrec events listen: line {number}: {error}", file=sys.stderr)
            failed = True
            continue
        print(shown(notice), flush=True)
        if to is not None and secret is not None and (problem := _problem(body, to, secret)):
            print(f"cloudrec events listen: line {number}: {problem}", file=sys.stderr)
            failed = True
    return 1 if failed else 0


def _problem(body: bytes, to: str, secret: str) -> str | None:
    """Why it was not taken; None where it was."""
    from ..webhooks import sign

    headers = {**sign(body, secret), "Content-Type": "application/json"}
    try:
        with urlopen(Request(to, body, headers), timeout=_WITHIN):
            return None
    except HTTPError as error:
        error.close()
        return f"answered with HTTP {error.code}"
    except URLError as error:
        return f"not delivered: {error.reason}"
    except OSError as error:
        return f"not delivered: {error}"
