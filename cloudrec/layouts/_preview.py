"""`Preview`: a layout as a picture, in SVG, PNG or plain text."""

from collections.abc import Iterator, Sequence
from math import ceil, sqrt
from os import PathLike
from pathlib import Path
from typing import NamedTuple
from xml.sax.saxutils import escape, quoteattr

from attrs import field, frozen

from .._contract.redact import shown
from .._contract.rule_texts import TYPE
from ..errors import ConfigurationError, InvalidRequestError, Problem
from ._arguments import is_whole
from ._geometry import Place, Spot

# Light, so that dark text reads well on each of them, and far enough apart to tell neighbours from one another. Seven,
# since regions stand in rows of two to five and in columns of eight.
_FILLS = ("#8ecae6", "#ffcf70", "#b5e48c", "#f7b2cc", "#d3c0f0", "#ffb59e", "#97e6d5")
_INK, _PAPER = "#111827", "#ffffff"
# One of the first five is on nearly every machine that has fonts at all.
_FONTS = "DejaVu Sans, Arial, Helvetica, Liberation Sans, Noto Sans, sans-serif"
# Width of a letter in heights of it; a little more than most, so that a label does not touch its frame.
_LETTER = 0.72
# Gaps that are drawn in letters are at least as wide.
_NARROW = 0.0165
# Letters of a number in brackets, for which a frame in letters needs room.
_KEY = 3


class _Box(NamedTuple):
    """A label's place: its middle, and the height of its letters, all in the units of the drawing."""

    x: float
    y: float
    size: float


@frozen(repr=False)
class Preview:
    """Who would be where in the picture. Made by :meth:`Layout.preview`.

    ``print(preview)`` draws it in a terminal, a notebook shows it by itself, and ``preview.save("layout.svg")`` writes
    it to a file. Later regions are drawn over earlier ones; the provider does not say which the service puts on top.
    Background pictures are not loaded.
    """

    title: str
    """What is drawn, in words."""
    canvas: tuple[int, int]
    """Width and height in pixels."""
    background_color: str
    """Colour of the canvas, as `#RRGGBB`."""
    shown: tuple[str, ...]
    """Users in the picture, place by place. Those whose user ID nobody knows are numbers in order of joining: `#2`."""
    not_shown: tuple[str, ...]
    """Users for whom there is no place, or whose place is invisible."""
    absent: tuple[str, ...]
    """User IDs that the layout keeps a place for, and that are not among the users."""
    _spots: tuple[Spot, ...] = field(alias="spots")

    def __repr__(self) -> str:
        return f"<Preview: {'; '.join(self._words)}>"

    def __str__(self) -> str:
        return self.ascii()

    @property
    def _words(self) -> list[str]:
        """What stands below the picture."""
        words = [f"{self.title}, {self.canvas[0]} × {self.canvas[1]}"]
        words += [f"not here: {_listed(self.absent)}"] if self.absent else []
        words += [f"not shown: {_listed(self.not_shown)}"] if self.not_shown else []
        return words

    # ------------------------------------------------------------------------------------------------------ files

    def save(self, path: str | PathLike[str]) -> None:
        """Writes it to a file: an ``.svg``, a ``.png`` (see :meth:`png`) or a ``.txt``.

        Raises:
            ConfigurationError: the name ends otherwise, or a PNG cannot be made here.
            InvalidRequestError: it is no name of a file.
            OSError: the file cannot be written.
        """
        given: object = path
        if not isinstance(given, (str, PathLike)):
            rule = "must be the name of a file"
            raise InvalidRequestError.of("save", [Problem("path", f"of type {type(given).__name__}", rule, TYPE)])
        target = Path(path)
        match target.suffix.lower():
            case ".svg":
                target.write_text(self.svg, encoding="utf-8")
            case ".png":
                target.write_bytes(self.png())
            case ".txt":
                target.write_text(f"{self.ascii()}\n", encoding="utf-8")
            case other:
                raise ConfigurationError(f"path: a name that ends in {other!r} (must end in .svg, .png or .txt)")

    def png(self) -> bytes:
        """The picture as PNG, a pixel for each of the canvas, and a few lines more for the words below it.

        Raises:
            ConfigurationError: the extra is not installed (``pip install 'cloudrec[preview]'``), or this machine has
                no font to write with.
        """
        try:
            from resvg_py import svg_to_bytes
        except ImportError as missing:
            raise ConfigurationError(
                "a PNG needs resvg-py, which is not installed: pip install 'cloudrec[preview]'"
            ) from missing
        # Without fonts it draws no text, and says nothing of it.
        probe = '<svg xmlns="http://www.w3.org/2000/svg" width="20" height="20">%s</svg>'
        text = f'<text x="2" y="18" font-family="{_FONTS}">8</text>'
        if svg_to_bytes(svg_string=probe % text) == svg_to_bytes(svg_string=probe % ""):
            raise ConfigurationError(
                "a PNG cannot be made: this machine has no font for the user IDs. Install one, such as DejaVu Sans "
                "(Debian, Ubuntu: apt install fonts-dejavu-core), or use the SVG"
            )
        return svg_to_bytes(svg_string=self.svg)

    # -------------------------------------------------------------------------------------------------------- SVG

    @property
    def svg(self) -> str:
        """The picture as SVG, as large as the canvas and the words below it. The same for the same layout and users."""
        width, height = self.canvas
        unit = sqrt(width * height) / 100
        drawn, hidden = [], []
        for number, spot in enumerate(self._spots):
            frame, labels = self._drawn(number, unit)
            drawn += [frame, *labels]
            hidden += [] if labels else [_label(spot)]
        words = [*self._words, *([f"behind the others: {_listed(hidden)}"] if hidden else [])]
        size = min(2.6 * unit, 0.96 * width / (_LETTER * max(map(len, words))))
        line = size * 1.4
        high = _number(height + line * len(words) + size * 0.5)
        whole = f'width="{width}" height="{high}" viewBox="0 0 {width} {high}"'
        below = [
            _text(text, _Box(size * 0.5, height + line * (number + 1), size), 'text-anchor="start"')
            for number, text in enumerate(words)
        ]
        parts = [
            f'<svg xmlns="http://www.w3.org/2000/svg" {whole} role="img" font-family={quoteattr(_FONTS)}>',
            f"<title>{escape('. '.join(words))}</title>",
            f'<rect width="{width}" height="{high}" fill="{_PAPER}"/>',
            f'<rect width="{width}" height="{height}" fill={quoteattr(self.background_color)}/>',
            *drawn,
            *below,
            "</svg>",
        ]
        return "\n".join([*parts, ""])

    def _repr_svg_(self) -> str:
        return self.svg

    def _drawn(self, number: int, unit: float) -> tuple[str, list[str]]:
        """One region, and what is written in it."""
        spot = self._spots[number]
        whole = Place(0, 0, *self.canvas)
        frame = spot.place.within(whole)
        line = 0.25 * unit
        at = f'x="{_number(frame.x + line / 2)}" y="{_number(frame.y + line / 2)}"'
        of = f'width="{_number(max(frame.width - line, 0))}" height="{_number(max(frame.height - line, 0))}"'
        ink, is_faint = _INK, spot.alpha < 1 and spot.user is not None
        if spot.user is None:
            ink = _ink_on(self.background_color)
            style = f'fill="none" stroke="{ink}" stroke-dasharray="{_number(unit)}"'
        else:
            style = f'fill="{_FILLS[number % len(_FILLS)]}" stroke="{_INK}"'
            style += f' fill-opacity="{_number(spot.alpha)}"' if is_faint else ""
        over = [above.place.within(whole) for above in self._spots[number + 1 :]]
        middle = 'text-anchor="middle"'
        label, small = _label(spot), self._small_print(spot)
        texts = []
        if box := _room(frame, over, [label, small], unit):
            texts.append(_text(small, _Box(box.x, box.y + box.size * 0.85, box.size * 0.5), middle, ink, is_faint))
        else:
            box = _room(frame, over, [label], unit)
        if box:
            texts.insert(0, _text(label, box, f'{middle} font-weight="bold"', ink, is_faint))
        return f'<rect {at} {of} {style} stroke-width="{_number(line)}"/>', texts

    def _small_print(self, spot: Spot) -> str:
        """Size in pixels, and what else is special."""
        width, height = (round(spot.place.width * self.canvas[0]), round(spot.place.height * self.canvas[1]))
        words = [f"{width} × {height}"]
        words += ["fit"] if spot.is_fit else []
        words += [f"{round(spot.alpha * 100)} %"] if spot.alpha < 1 else []
        return ", ".join(words)

    # ------------------------------------------------------------------------------------------------------- text

    def ascii(self, columns: int = 80) -> str:
        """The picture in letters, for a terminal.

        Args:
            columns: How wide it is, 20 to 400. 80 by default.

        Raises:
            ConfigurationError: ``columns`` is out of its range.
        """
        if not is_whole(columns, 20, 400):
            raise ConfigurationError(f"columns: {shown(columns)} (must be a whole number from 20 to 400)")
        width, height = self.canvas
        # A letter is about twice as high as it is wide.
        rows = min(max(round(columns * height / width / 2), 9), 200)
        page = _Page(columns, rows)
        page.frame(0, 0, columns - 1, rows - 1, "-", "|")
        at_column = _snapped([edge for spot in self._spots for edge in (spot.place.x, spot.place.right)], columns)
        at_row = _snapped([edge for spot in self._spots for edge in (spot.place.y, spot.place.bottom)], rows)
        frames = []
        for spot in self._spots:
            place = spot.place
            frames.append((at_column[place.x], at_row[place.y], at_column[place.right], at_row[place.bottom]))
            page.clear(*frames[-1])
            page.frame(*frames[-1], *("-|" if spot.user is not None else ".:"))
        legend = []
        for number, spot in enumerate(self._spots):
            frame, over, key = frames[number], frames[number + 1 :], f"({number + 1})"
            if page.write(_label(spot), frame, over):
                continue
            legend.append(
                f"{key} {_label(spot)}" if page.write(key, frame, over) else f"{_label(spot)} {_why_unseen(frame)}"
            )
        words = [words.replace("×", "x") for words in self._words]
        return "\n".join([*page.lines, *words, *legend])


_Edges = tuple[int, int, int, int]
"""The first column and row of a frame, and the last ones."""


def _why_unseen(frame: _Edges) -> str:
    left, top, right, bottom = frame
    return "is too small to draw" if right - left < _KEY + 1 or bottom - top < 2 else "is behind the others"


class _Page:
    """Letters on paper."""

    def __init__(self, columns: int, rows: int) -> None:
        self._rows = [[" "] * columns for _ in range(rows)]

    @property
    def lines(self) -> list[str]:
        return ["".join(row).rstrip() for row in self._rows]

    def clear(self, left: int, top: int, right: int, bottom: int) -> None:
        for row in self._rows[top + 1 : bottom]:
            row[left + 1 : right] = [" "] * max(right - left - 1, 0)

    def frame(self, left: int, top: int, right: int, bottom: int, across: str, down: str) -> None:
        for column in range(left, right + 1):
            for row in (top, bottom):
                self._draw(column, row, across)
        for row in range(top, bottom + 1):
            for column in (left, right):
                self._draw(column, row, "+" if row in (top, bottom) else down)

    def _draw(self, column: int, row: int, sign: str) -> None:
        there = self._rows[row][column]
        # Where lines meet there is a corner; a line that is there already is not broken by one in dots.
        if there == "+" or (there in "-|" and sign in ".:"):
            return
        self._rows[row][column] = "+" if {there, sign} == {"-", "|"} else sign

    def write(self, text: str, edges: _Edges, over: Sequence[_Edges]) -> bool:
        """Whether there was room for it within these edges, beside what lies over them."""
        left, top, right, bottom = edges
        inside = Place(left + 1, top + 1, right - left - 1, bottom - top - 1)
        if len(text) > inside.width or inside.height < 1:
            return False
        for x, y in _middles(inside, len(text), 1):
            row, start = int(y), ceil(x - len(text) / 2)
            taken = Place(start, row, len(text), 1)
            # Frames are as wide as their letters are.
            if not any(taken.overlaps(Place(a, b, c - a + 1, d - b + 1)) for a, b, c, d in over):
                self._rows[row][start : start + len(text)] = text
                return True
        return False


def _room(frame: Place, over: Sequence[Place], lines: Sequence[str], unit: float) -> _Box | None:
    """Where in a frame one line or two can be read: large in the middle, or smaller beside what lies over it.

    The second line is half as large as the first; it is only worth having where it can be read.
    """
    tall, least, lift = (1.2, 0.0, 0.36) if len(lines) == 1 else (2.0, 2.2 * unit, -0.05)
    longest = max(len(text) / (place + 1) for place, text in enumerate(lines)) * _LETTER
    largest = min(4.5 * unit, frame.width * 0.94 / longest, frame.height * 0.9 / tall)
    for size in (largest, 0.7 * largest, 0.45 * largest):
        if size < least:
            return None
        width, height = longest * size, tall * size
        for x, y in _middles(frame, width, height):
            taken = Place(x - width / 2, y - height / 2, width, height)
            if not any(taken.overlaps(place, 0) for place in over):
                return _Box(x, y + size * lift, size)
    return None


def _middles(frame: Place, width: float, height: float) -> Iterator[tuple[float, float]]:
    """Where the middle of something of that size can be within a frame: its own middle first, then here and there."""
    steps = (0.5, 0.25, 0.75, 0, 1)
    for down in steps:
        for across in steps:
            yield (
                frame.x + width / 2 + (frame.width - width) * across,
                frame.y + height / 2 + (frame.height - height) * down,
            )


def _snapped(edges: Sequence[float], cells: int) -> dict[float, int]:
    """The cell of each edge. Where only a narrow gap lies between two, they share one."""
    found: dict[float, int] = {}
    first = 0.0
    for edge in sorted(edges):
        if edge - first > _NARROW:
            first = edge
        found[edge] = cells - 1 if edge > 1 - _NARROW else round(first * (cells - 1))
    return found


def _label(spot: Spot) -> str:
    if spot.user is not None:
        return spot.user
    return f"({spot.meant})" if spot.meant is not None else "(free)"


def _listed(users: Sequence[str]) -> str:
    named = ", ".join(users[:4])
    return named if len(users) <= 4 else f"{named} and {len(users) - 4} more"


def _text(text: str, box: _Box, how: str, ink: str = _INK, with_halo: bool = False) -> str:
    at = f'x="{_number(box.x)}" y="{_number(box.y)}" font-size="{_number(box.size)}"'
    # To be read on whatever shines through.
    halo = f' stroke="{_PAPER}" stroke-width="{_number(0.2 * box.size)}" paint-order="stroke"' if with_halo else ""
    return f'<text {at} fill="{ink}" {how}{halo}>{escape(text)}</text>'


def _number(value: float) -> str:
    """A number as short as it can be said, to a hundredth of a pixel."""
    return f"{value:.2f}".rstrip("0").rstrip(".")


def _ink_on(color: str) -> str:
    """Black or white, whichever is read better on that colour."""
    red, green, blue = (int(color[at : at + 2], 16) for at in (1, 3, 5))
    return _INK if 0.299 * red + 0.587 * green + 0.114 * blue > 128 else _PAPER
