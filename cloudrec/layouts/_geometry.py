"""Geometry of layouts: where users stand on the canvas.

Nothing is checked here. Positions and sizes are fractions of the canvas, from its upper left corner.
"""

from collections.abc import Sequence
from math import ceil
from typing import NamedTuple

# Users that a composite picture has room for.
MOST = 17
# The two columns of small regions in a vertical layout, and in a strip, hold so many each.
_LINE = 8
# Half of the last decimal that a region is sent with, and a bit: what lies closer is a matter of rounding.
_HAIR = 1.5e-6


class Place(NamedTuple):
    """A rectangle on the canvas."""

    x: float
    y: float
    width: float
    height: float

    @property
    def right(self) -> float:
        return self.x + self.width

    @property
    def bottom(self) -> float:
        return self.y + self.height

    def overlaps(self, other: "Place", hair: float = _HAIR) -> bool:
        """Whether both have an area in common, and not an edge alone."""
        return (
            min(self.right, other.right) - max(self.x, other.x) > hair
            and min(self.bottom, other.bottom) - max(self.y, other.y) > hair
        )

    def within(self, frame: "Place") -> "Place":
        """This place, if the whole canvas were shrunk into that frame."""
        x, y = frame.x + self.x * frame.width, frame.y + self.y * frame.height
        return Place(x, y, self.width * frame.width, self.height * frame.height)


CANVAS = Place(0, 0, 1, 1)


class Spot(NamedTuple):
    """A place, and who is in it."""

    place: Place
    user: str | None = None
    """Who is seen there; None if nobody is."""
    meant: str | None = None
    """Whom it is kept for; None if for the next who joins."""
    alpha: float = 1.0
    is_fit: bool = False
    """Whether the whole of the video is shown, with bars, and not cropped."""


# ---------------------------------------------------------------------------------- the service's own layouts


def floating(count: int) -> list[Place]:
    """The first user everywhere, the others in front: four a row, from the bottom left.

    Documented: 23.5 % of the canvas each, gaps and margins of 1.2 %, rows one above the other.
    """
    side, gap = 0.235, 0.012
    small = [divmod(number, 4) for number in range(min(count, MOST) - 1)]
    return [
        CANVAS,
        *(Place(gap + column * (side + gap), 1 - (row + 1) * (side + gap), side, side) for row, column in small),
    ][: max(count, 0)]


def best_fit(count: int) -> list[Place]:
    """All the same size.

    Documented for 17 users: 20 % of the canvas each, four a row between bands of 10 %, the last in the middle of the
    bottom row. Of fewer, no more is documented than that it is a grid. Assumed here: the smallest square one that has
    room, filled from the top left, and side by side for two.
    """
    count = min(count, MOST)
    if count == 2:
        return tiles(2, columns=2)
    if count == MOST:
        rows = [divmod(number, 4) for number in range(count - 1)]
        return [*(Place(0.1 + 0.2 * column, 0.2 * row, 0.2, 0.2) for row, column in rows), Place(0.4, 0.8, 0.2, 0.2)]
    side = next(side for side in range(1, 5) if count <= side * side)
    spots = [divmod(number, side) for number in range(count)]
    return [Place(column / side, row / side, 1 / side, 1 / side) for row, column in spots]


def vertical(small: int) -> tuple[Place, list[Place]]:
    """One large region on the left, and so many small ones on the right.

    Documented for 1 to 17 users, one of them in the large region: small ones of 1/5 × 1/4 of the canvas to 5 users,
    1/7 × 1/6 to 7, 1/9 × 1/8 to 9, and then 1/10 × 1/8 in two columns, the first eight on the right. Not documented,
    and taken to go by the number of small regions: what happens while the user of the large region is not there.
    """
    small = min(small, MOST - 1)
    rows = next((rows for rows in (4, 6, 8) if small <= rows), _LINE)
    columns, width = (1, 1 / (rows + 1)) if small <= _LINE else (2, 1 / 10)
    spots = [divmod(number, rows) for number in range(small)]
    return (
        Place(0, 0, 1 - columns * width, 1),
        [Place(1 - (column + 1) * width, row / rows, width, 1 / rows) for column, row in spots],
    )


# ------------------------------------------------------------------------------------------ ready-made layouts


def tiles(count: int, *, columns: int | None = None) -> list[Place]:
    """A grid that fills the canvas, row by row, a last row that is not full in the middle.

    Without a number of columns it has as many as rows, or one more.
    """
    columns = columns or next(side for side in range(1, count + 1) if count <= side * side)
    rows = ceil(count / columns)
    places = []
    for number in range(count):
        row, column = divmod(number, columns)
        in_row = min(columns, count - row * columns)
        x = column + (columns - in_row) / 2
        places.append(Place(x / columns, row / rows, 1 / columns, 1 / rows))
    return places


def strip_along(count: int, side: str, thickness: float | None) -> tuple[Place, list[Place]]:
    """A large place, and a strip of small ones along one side of the canvas: one line of up to 8, else two.

    Unless a thickness of the strip is given, small places have the shape of the canvas: a quarter of it, or less where
    they are more than four.
    """
    lines = 1 if count <= _LINE else 2
    in_line = ceil(count / lines)
    length = 1 / (max(4, in_line) if lines == 1 else _LINE)
    thick = lines * length if thickness is None else thickness
    start, size = (1 - in_line * length) / 2, in_line * length
    upright = side in ("left", "right")
    large, frame = {
        "left": (Place(thick, 0, 1 - thick, 1), Place(0, start, thick, size)),
        "right": (Place(0, 0, 1 - thick, 1), Place(1 - thick, start, thick, size)),
        "top": (Place(0, thick, 1, 1 - thick), Place(start, 0, size, thick)),
        "bottom": (Place(0, 0, 1, 1 - thick), Place(start, 1 - thick, size, thick)),
    }[side]
    return large, [place.within(frame) for place in tiles(count, columns=lines if upright else in_line)]


def corner_of(name: str, size: float, margin: float) -> Place:
    """A place of the canvas' shape in one of its corners: ``top-left``, …"""
    near, far = margin, 1 - margin - size
    return Place(far if name.endswith("right") else near, far if name.startswith("bottom") else near, size, size)


def spaced(places: Sequence[Place], gap: float) -> list[Place]:
    """Places that fill the canvas, with a gap between all of them and around."""
    frame = Place(gap / 2, gap / 2, 1 - gap, 1 - gap)
    moved = [place.within(frame) for place in places]
    return [Place(place.x + gap / 2, place.y + gap / 2, place.width - gap, place.height - gap) for place in moved]
