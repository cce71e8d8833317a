"""What is printed: tables and colours in a terminal, lines with tabs where there is none, and JSON."""
# ruff: noqa: T201 (a command prints)

from __future__ import annotations

import json
import os
import sys
from collections.abc import Iterable, Mapping, Sequence
from contextlib import suppress
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from .._contract.redact import redacted

if TYPE_CHECKING:
    from rich.console import Console


def is_terminal() -> bool:
    """Whether somebody looks on, in a terminal that can move its cursor."""
    return sys.stdout.isatty() and os.environ.get("TERM") != "dumb"


def console(*, error: bool = False) -> Console:
    """Where it is printed in colours, if it is a terminal and nobody says NO_COLOR."""
    from rich.console import Console

    return Console(stderr=error, highlight=False, emoji=False, markup=False)


def printable(text: object) -> str:
    """A text from elsewhere, without what a terminal would obey."""
    return "".join(letter if letter.isprintable() else "\ufffd" for letter in str(text))


def note(text: str) -> None:
    """Says something that is not the answer."""
    with suppress(OSError):  # nobody is there to read it
        print(text, file=sys.stderr, flush=True)


def line(text: object) -> None:
    """Prints a line of the answer."""
    print(text, flush=True)


def as_json(thing: Mapping[str, Any]) -> None:
    """Prints an object as JSON, on a line of its own, without secrets."""
    print(json.dumps(redacted(dict(thing)), ensure_ascii=False, separators=(",", ":"), default=str), flush=True)


def rows(heads: Sequence[str], found: Iterable[Sequence[object]]) -> None:
    """Prints a table: with heads in a terminal, else a line for each thing, with tabs between."""
    lines = [["" if cell is None else printable(cell) for cell in row] for row in found]
    if not is_terminal():
        for row in lines:
            print("\t".join(row))
        return
    from rich.table import Table
    from rich.text import Text

    table = Table(box=None, pad_edge=False, header_style="bold")
    for place, head in enumerate(heads):
        # Of the last one, which is an ID or a number, the beginning does.
        table.add_column(head, no_wrap=place < len(heads) - 1, overflow="ellipsis")
    for row in lines:
        table.add_row(*(Text(cell, _STYLES.get(cell, "")) for cell in row))
    console().print(table)


def fields(found: Mapping[str, object]) -> None:
    """Prints what is known of one thing, a line each."""
    width = max(map(len, found))
    for name, value in found.items():
        if value not in (None, "", [], ()):
            several = value if isinstance(value, (list, tuple)) else [value]
            for place, item in enumerate(several):
                line(f"{'' if place else name:<{width}}  {printable(item)}")


def style_of(state: str) -> str:
    """The colour of a state."""
    return _STYLES.get(state, "")


_STYLES = {
    "running": "green", "starting": "yellow", "waiting": "yellow", "stopping": "yellow", "uploading": "yellow",
    "stopped": "dim", "done": "dim", "ended": "magenta", "failed": "red", "unknown": "red", "ok": "green",
    "FAIL": "bold red", "warn": "yellow",
}  # fmt: skip


def moment(seconds: float | None) -> str:
    """A time as people of this machine read it."""
    return "" if seconds is None else f"{datetime.fromtimestamp(seconds, UTC).astimezone():%Y-%m-%d %H:%M:%S}"


def length(seconds: float) -> str:
    """How long something is: 1:02:03."""
    whole = max(int(seconds), 0)
    return f"{whole // 3600}:{whole // 60 % 60:02d}:{whole % 60:02d}"
