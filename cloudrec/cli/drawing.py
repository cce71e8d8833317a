"""Drawing of a layout in a terminal: the letters of its preview, with lines where those can be shown."""

from __future__ import annotations

import sys

from ..layouts import Preview

# By whether a line goes up, down, left and right from there.
_CORNERS = {
    "0101": "┌", "0110": "┐", "1001": "└", "1010": "┘", "1101": "├", "1110": "┤", "0111": "┬", "1011": "┴", "1111": "┼",
    "1100": "│", "0011": "─",
}  # fmt: skip
_LINES = {"-": "─", "|": "│", ".": "┄", ":": "┆"}


def drawn(preview: Preview, columns: int, encoding: str | None = None) -> tuple[list[str], list[str]]:
    """The picture, line by line, and the words below it; for a terminal of that encoding."""
    lines = preview.ascii(columns=max(20, min(columns, 400))).splitlines()
    bottom = max(place for place, line in enumerate(lines) if line.startswith("+"))
    picture, words = lines[: bottom + 1], lines[bottom + 1 :]
    return (_with_lines(picture) if _can_show(encoding or sys.stdout.encoding) else picture), words


def _can_show(encoding: str) -> bool:
    try:
        "┼".encode(encoding)
    except (UnicodeEncodeError, LookupError):
        return False
    return True


def _with_lines(rows: list[str]) -> list[str]:
    width = max(map(len, rows))
    page = [row.ljust(width) for row in rows]
    found = []
    for y, row in enumerate(page):
        letters = []
        for x, sign in enumerate(row):
            letters.append(_corner(page, x, y) if sign == "+" else _line(page, x, y))
        found.append("".join(letters).rstrip())
    return found


def _at(page: list[str], x: int, y: int) -> str:
    return page[y][x] if 0 <= y < len(page) and 0 <= x < len(page[y]) else " "


def _corner(page: list[str], x: int, y: int) -> str:
    ways = [
        _at(page, x, y - 1) in "|:+", _at(page, x, y + 1) in "|:+", _at(page, x - 1, y) in "-.+",
        _at(page, x + 1, y) in "-.+",
    ]  # fmt: skip
    return _CORNERS.get("".join("1" if way else "0" for way in ways), "+")


def _line(page: list[str], x: int, y: int) -> str:
    """A line of a frame; the same signs in a label stay."""
    sign = page[y][x]
    if sign in "-.":
        beside = (_at(page, x - 1, y), _at(page, x + 1, y))
        return _LINES[sign] if all(other in "-.+|:" for other in beside) else sign
    if sign in "|:":
        beside = (_at(page, x, y - 1), _at(page, x, y + 1))
        return _LINES[sign] if all(other in "|:+-." for other in beside) else sign
    return sign
