"""`grid`, `speaker_with_strip` and others: layouts that are made ready."""

from collections.abc import Iterable, Mapping
from typing import Any, Literal, TypedDict, Unpack

from cloudrec_api.models.render_mode import RenderMode

from .._contract.document import component
from .._contract.redact import shown
from .._contract.rule_texts import COUNT, LISTED_VALUE, RANGE, VISIBLE
from ..errors import InvalidRequestError, Problem
from ._arguments import filled, is_number, is_whole, refuse, render_mode_of, uid_on_wire
from ._geometry import CANVAS, Place, corner_of, spaced, strip_along, tiles
from ._kinds import BestFit, Custom, Floating, Layout, Vertical
from ._regions import Background

Side = Literal["left", "right", "top", "bottom"]
Corner = Literal["top-left", "top-right", "bottom-left", "bottom-right"]
Users = int | Iterable[int | str | None]
"""How many; or who, by user ID, with None where it is left open."""

_SIDES = ("right", "left", "top", "bottom")
_CORNERS = ("bottom-right", "bottom-left", "top-right", "top-left")


class _Backgrounds(TypedDict, total=False):
    """What is seen where nobody is; see :class:`Floating`."""

    background_color: str | None
    background_image: str | None
    default_user_background_image: str | None
    user_backgrounds: Mapping[Any, str] | Iterable[Background]


def grid(
    users: Users,
    *,
    columns: int | None = None,
    gap: float = 0.0,
    render_mode: RenderMode | int | str | None = None,
    **backgrounds: Unpack[_Backgrounds],
) -> Custom:
    """Regions of the same size in rows, which fill the canvas. A last row that is not full stands in the middle.

        >>> grid(5).regions[3]
        Region(x=0.166667, y=0.5, width=0.333333, height=0.5)

    Args:
        users: How many regions, 1 to 17, or whose, by user ID; None in such a list leaves one to the next who joins.
        columns: Regions in a row, 1 to 17. As many as rows by default, or one more.
        gap: Space between regions and around them, as a fraction of the canvas' width and height. 0 by default.
        render_mode: ``"crop"`` or ``"fit"`` for all of them, as in :class:`Region`.
        backgrounds: ``background_color`` and so on, as in :class:`Floating`.

    Raises:
        InvalidRequestError: an argument is not that.
    """
    problems: list[Problem] = []
    uids = _users_of("users", users, _most(), problems)
    if columns is not None and not is_whole(columns, 1, _most()):
        problems.append(Problem("columns", shown(columns), f"must be a whole number from 1 to {_most()}", RANGE))
        columns = None
    places = tiles(len(uids), columns=columns) if uids else []
    return _custom("grid", problems, zip(uids, places, strict=True), gap, render_mode, backgrounds)


def speaker_with_strip(
    speaker: int | str | None = None,
    others: Users = 4,
    *,
    side: Side = "right",
    strip: float | None = None,
    gap: float = 0.0,
    render_mode: RenderMode | int | str | None = None,
    **backgrounds: Unpack[_Backgrounds],
) -> Custom:
    """One user large, and the others in a strip along a side of the canvas.

    Up to eight others are in one line, more in two. If no thickness is given, their regions have the shape of the
    canvas: a quarter of it, or less where they are more than four.

    Args:
        speaker: Who is large, by user ID. None by default: the first who joins.
        others: How many others, 1 to 16, or who, by user ID, with None for the next who joins. 4 by default.
        side: Where the strip is: ``"right"``, ``"left"``, ``"top"`` or ``"bottom"``. ``"right"`` by default.
        strip: Thickness of the strip, as a fraction of the canvas, between 0 and 1.
        gap: Space between regions and around them, as a fraction of the canvas' width and height. 0 by default.
        render_mode: ``"crop"`` or ``"fit"`` for all of them, as in :class:`Region`.
        backgrounds: ``background_color`` and so on, as in :class:`Floating`.

    Raises:
        InvalidRequestError: an argument is not that.
    """
    problems: list[Problem] = []
    uids = _users_of("others", others, _most() - 1, problems)
    side = _one_of("side", side, _SIDES, problems)
    if strip is not None:
        strip = _fraction("strip", strip, 1, problems)
    large, small = strip_along(max(len(uids), 1), side, strip)
    pairs = zip([speaker, *uids], [large, *small], strict=False)
    return _custom("speaker_with_strip", problems, pairs, gap, render_mode, backgrounds)


def side_by_side(
    left: int | str | None = None,
    right: int | str | None = None,
    *,
    gap: float = 0.0,
    render_mode: RenderMode | int | str | None = None,
    **backgrounds: Unpack[_Backgrounds],
) -> Custom:
    """Two users, each with half of the canvas.

    Args:
        left: Who is on the left, by user ID. None by default: the first who joins.
        right: Who is on the right, by user ID. None by default: the next who joins.
        gap: Space between regions and around them, as a fraction of the canvas' width and height. 0 by default.
        render_mode: ``"crop"`` or ``"fit"`` for both, as in :class:`Region`.
        backgrounds: ``background_color`` and so on, as in :class:`Floating`.

    Raises:
        InvalidRequestError: an argument is not that.
    """
    pairs = zip((left, right), tiles(2, columns=2), strict=True)
    return _custom("side_by_side", [], pairs, gap, render_mode, backgrounds)


def picture_in_picture(
    main: int | str | None = None,
    inset: int | str | None = None,
    *,
    corner: Corner = "bottom-right",
    size: float = 0.25,
    margin: float = 0.02,
    render_mode: RenderMode | int | str | None = None,
    **backgrounds: Unpack[_Backgrounds],
) -> Custom:
    """One user on the whole canvas, and another one small in front, in a corner.

    It is sent with the small region after the large one. That the service puts later regions on top is likely, since
    its own floating layout is made so, and not documented: look at a recording before you rely on it.

    Args:
        main: Who fills the canvas, by user ID. None by default: the first who joins.
        inset: Who is small, by user ID. None by default: the next who joins.
        corner: ``"bottom-right"`` (the default), ``"bottom-left"``, ``"top-right"`` or ``"top-left"``.
        size: Width and height of the small region, as a fraction of the canvas, between 0 and 1. 0.25 by default.
        margin: Space between it and the canvas' edges, as a fraction of the canvas. 0.02 by default.
        render_mode: ``"crop"`` or ``"fit"`` for both, as in :class:`Region`.
        backgrounds: ``background_color`` and so on, as in :class:`Floating`.

    Raises:
        InvalidRequestError: an argument is not that.
    """
    problems: list[Problem] = []
    corner = _one_of("corner", corner, _CORNERS, problems)
    size = _fraction("size", size, 1, problems)
    margin = _fraction("margin", margin, 1 - size, problems, zero=True)
    pairs = zip((main, inset), (CANVAS, corner_of(corner, size, margin)), strict=True)
    return _custom("picture_in_picture", problems, pairs, 0.0, render_mode, backgrounds, overlap=True)


def screen_share_with_camera(
    screen: int | str | None = None,
    camera: int | str | None = None,
    *,
    corner: Corner = "top-right",
    size: float = 0.2,
    gap: float = 0.0,
    render_mode: RenderMode | int | str | None = None,
    **backgrounds: Unpack[_Backgrounds],
) -> Custom:
    """A shared screen, all of it, and beside it a camera in a corner. Neither covers the other.

    Args:
        screen: User ID that the screen is sent by. None by default: the first who joins.
        camera: User ID that the camera is sent by. None by default: the next who joins.
        corner: Where the camera is: ``"top-right"`` (the default), ``"bottom-right"``, ``"top-left"`` or
            ``"bottom-left"``. The screen has the rest of the canvas' width.
        size: Width and height of the camera's region, as a fraction of the canvas, between 0 and 1. 0.2 by default.
        gap: Space between regions and around them, as a fraction of the canvas' width and height. 0 by default.
        render_mode: ``"crop"`` or ``"fit"`` for the camera, as in :class:`Region`. The screen is always shown whole.
        backgrounds: ``background_color`` and so on, as in :class:`Floating`.

    Raises:
        InvalidRequestError: an argument is not that.
    """
    problems: list[Problem] = []
    corner = _one_of("corner", corner, _CORNERS, problems)
    size = _fraction("size", size, 1, problems)
    small = corner_of(corner, size, 0.0)
    large = Place(0 if small.x else size, 0, 1 - size, 1)
    made = _custom(
        "screen_share_with_camera", problems, ((screen, large), (camera, small)), gap, render_mode, backgrounds
    )
    return made.replace(regions=(made.regions[0].replace(render_mode=RenderMode.FIT), made.regions[1]))


def _most() -> int:
    """Regions that a layout can have."""
    limit: int = component("UpdateLayoutClientRequest")["properties"]["layoutConfig"]["maxItems"]
    return limit


def _users_of(name: str, users: Any, most: int, problems: list[Problem]) -> list[Any]:
    """A user ID or None for each region; none at all, with a problem more, if that is not what was given."""
    if is_whole(users, 1, most):
        return [None] * users
    if isinstance(users, Iterable) and not isinstance(users, (str, bytes, Mapping)):
        uids = list(users)
        if 1 <= len(uids) <= most:
            return uids
        told = f"a list of {len(uids)}"
    else:
        told = shown(users)
    problems.append(Problem(name, told, f"must be a number from 1 to {most}, or a list of as many user IDs", COUNT))
    return []


def _one_of(name: str, value: Any, listed: tuple[str, ...], problems: list[Problem]) -> Any:
    if isinstance(value, str) and value in listed:
        return value
    problems.append(Problem(name, shown(value), f"must be {', '.join(listed[:-1])} or {listed[-1]}", LISTED_VALUE))
    return listed[0]


def _fraction(name: str, value: Any, limit: float, problems: list[Problem], *, zero: bool = False) -> float:
    """The value itself, if it is a number between 0 and the limit; half of the limit, with a problem more, if not."""
    if is_number(value) and (0 < value < limit or (zero and (value == 0 or value == limit))):
        return float(value)
    rule = f"must be a number from 0 to {limit:.6g}" if zero else f"must be a number between 0 and {limit:.6g}"
    problems.append(Problem(name, shown(value), rule, RANGE))
    return limit / 2


def _custom(
    where: str,
    problems: list[Problem],
    pairs: Iterable[tuple[Any, Place]],
    gap: Any,
    render_mode: Any,
    backgrounds: Any,
    *,
    overlap: bool = False,
) -> Custom:
    """The layout of these users in these places, unless there are problems."""
    users = list(pairs)
    places = [place for _, place in users]
    if gap or not is_number(gap):
        # A gap on each side must leave something of the smallest place.
        limit = min((size / (1 + size) for place in places for size in place[2:]), default=1.0)
        gap = _fraction("gap", gap, limit, problems)
        places = spaced(places, gap)
    regions = [
        filled(
            uid=uid_on_wire(uid),
            x_axis=max(place.x, 0.0),
            y_axis=max(place.y, 0.0),
            width=place.width,
            height=place.height,
            render_mode=render_mode_of(render_mode),
        )
        for (uid, _), place in zip(users, places, strict=True)
    ]
    try:
        made = Custom(regions, overlap=overlap, **backgrounds)
    except InvalidRequestError as error:
        # What follows from an empty list that stands for a wrong one need not be told.
        told = [problem for problem in error.problems if regions or problem.field != "layoutConfig"]
        refuse(where, *problems, *told)
    rule = "must not be rounded to 0, which is a region that nobody sees"
    problems += [
        Problem(f"layoutConfig[{place}].{name}", "0", rule, VISIBLE)
        for place, region in enumerate(made.regions)
        for name, size in (("width", region.width), ("height", region.height))
        if not size
    ]
    if problems:
        refuse(where, *problems)
    return made


def layout_by_word(word: str) -> Layout:
    """The layout that a word names: those that grow with who is there, and need nothing more said.

    Raises:
        InvalidRequestError: there is none of that name.
    """
    match word:
        case "floating":
            return Floating()
        case "best_fit" | "grid":
            return BestFit()
        case "vertical":
            return Vertical(None)
    rule = 'must be a layout such as grid(4), a dict, or one of "floating", "best_fit", "grid" and "vertical"'
    raise InvalidRequestError.of("layout", [Problem("layout", shown(word), rule, LISTED_VALUE)])
