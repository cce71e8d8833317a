"""Layouts: what can be built keeps the contract and stays on the canvas; what cannot be built says why."""

from __future__ import annotations

import copy
import inspect
import pickle
from itertools import combinations, pairwise
from typing import Any

import pytest
from hypothesis import given, strategies as st

from cloudrec import InvalidRequestError, LayoutRegion, RenderMode, TranscodingConfig
from cloudrec.emulator.service.contract import Contract
from cloudrec.layouts import (
    Background,
    BestFit,
    Custom,
    Floating,
    Layout,
    Region,
    Vertical,
    grid,
    picture_in_picture,
    screen_share_with_camera,
    side_by_side,
    speaker_with_strip,
)
from cloudrec.layouts._geometry import CANVAS, MOST, Place, best_fit, floating, strip_along, tiles, vertical
from tests.support import Json, each, examples

LAST = 2**32 - 1
UIDS = st.integers(1, 9) | st.integers(1, LAST) | st.integers(1, LAST).map(str)
SIDES, CORNERS = ("right", "left", "top", "bottom"), ("bottom-right", "bottom-left", "top-right", "top-left")
MODES = st.sampled_from([None, 0, 1, "crop", "fit", "FIT", RenderMode.FIT])
URLS = st.sampled_from(["https://example.com/a.jpg", "http://example.com/b.bmp"])
FRACTIONS = st.floats(0, 1)
OPEN = st.none() | UIDS
ON_CANVAS = "x_axis + width is at most 1, so that the region stays on the canvas"


def unique(uid: Any) -> str:
    return str(uid)


@st.composite
def spans(draw: st.DrawFn) -> tuple[float, float]:
    """A start and a size that stay within 0 to 1."""
    start, end = sorted((draw(FRACTIONS), draw(FRACTIONS)))
    return start, end - start


@st.composite
def regions(draw: st.DrawFn) -> Region:
    (x, width), (y, height) = draw(spans()), draw(spans())
    alpha = draw(st.none() | FRACTIONS)
    return Region(draw(OPEN), x=x, y=y, width=width, height=height, alpha=alpha, render_mode=draw(MODES))


BACKGROUNDS = st.fixed_dictionaries(
    {},
    optional={
        "background_color": st.from_regex(r"#[0-9A-Fa-f]{6}", fullmatch=True),
        "background_image": URLS,
        "default_user_background_image": URLS,
        "user_backgrounds": st.one_of(
            st.dictionaries(UIDS.map(str), URLS, max_size=17),
            st.lists(st.builds(Background, UIDS, URLS, render_mode=MODES), max_size=17, unique_by=lambda b: b.uid),
        ),
    },
)


@st.composite
def named(draw: st.DrawFn, most: int) -> Any:
    """How many users, or who: with some of them left open, and none twice."""
    if draw(st.booleans()):
        return draw(st.integers(1, most))
    uids = draw(st.lists(UIDS, max_size=most, unique_by=unique))
    return draw(st.permutations([*uids, *[None] * draw(st.integers(0 if uids else 1, max(most - len(uids), 1)))]))[
        :most
    ]


@st.composite
def pairs(draw: st.DrawFn) -> list[Any]:
    uids: list[Any] = list(draw(st.lists(UIDS, min_size=2, max_size=2, unique_by=unique)))
    return [uid if draw(st.booleans()) else None for uid in uids]


@st.composite
def ready_made(draw: st.DrawFn) -> Custom:
    common = {"render_mode": draw(MODES), **draw(BACKGROUNDS)}
    gap = draw(st.sampled_from([0, 0.0, 0.005, 0.012, 0.02]))
    match draw(st.sampled_from(["grid", "strip", "two", "inset", "screen"])):
        case "grid":
            return grid(draw(named(17)), columns=draw(st.none() | st.integers(1, 17)), gap=gap, **common)
        case "strip":
            side, thick = draw(st.sampled_from(SIDES)), draw(st.none() | st.floats(0.1, 0.9))
            others = draw(named(16))
            speaker = draw(st.none() if not isinstance(others, int) else OPEN)
            return speaker_with_strip(speaker, others, side=side, strip=thick, gap=gap, **common)
        case "two":
            return side_by_side(*draw(pairs()), gap=gap, **common)
        case "inset":
            size = draw(st.floats(0.01, 0.99))
            margin, corner = draw(st.floats(0, 1 - size)), draw(st.sampled_from(CORNERS))
            return picture_in_picture(*draw(pairs()), corner=corner, size=size, margin=margin, **common)
        case _:
            size, corner = draw(st.floats(0.1, 0.9)), draw(st.sampled_from(CORNERS))
            return screen_share_with_camera(*draw(pairs()), corner=corner, size=size, gap=gap, **common)


@st.composite
def custom(draw: st.DrawFn) -> Custom:
    found = draw(st.lists(regions(), min_size=1, max_size=17))
    taken: set[str | None] = set()
    several = []
    for region in found:
        several.append(region.replace(uid=None) if region.uid in taken else region)
        taken.add(region.uid)
    return Custom(several, overlap=True, **draw(BACKGROUNDS))


LAYOUTS = st.one_of(
    st.builds(lambda common: Floating(**common), BACKGROUNDS),
    st.builds(lambda common: BestFit(**common), BACKGROUNDS),
    st.builds(lambda uid, common: Vertical(uid, **common), OPEN, BACKGROUNDS),
    ready_made(),
    custom(),
)


def problems(make: Any) -> dict[str, str]:
    """The broken rules by field."""
    with pytest.raises(InvalidRequestError) as caught:
        make()
    return {problem.field: f"{problem.value} {problem.rule}" for problem in caught.value.problems}


def refused(component_name: str, value: Json) -> str | None:
    """Why the emulator would refuse it."""
    return Contract.shipped(strict=True).problem(component_name, value)


def places(layout: Custom) -> list[Place]:
    return [Place(region.x, region.y, region.width, region.height) for region in layout.regions]


def on_canvas(place: Place) -> bool:
    hair = 1e-9
    return place.x >= 0 and place.y >= 0 and place.right <= 1 + hair and place.bottom <= 1 + hair


def overlapping(found: list[Place]) -> list[tuple[Place, Place]]:
    return [(one, other) for one, other in combinations(found, 2) if one.overlaps(other)]


# ---------------------------------------------------------------------------------------------- what can be built


@given(LAYOUTS)
def test_whatever_can_be_built_is_taken_in_a_start_and_in_an_update(layout: Layout) -> None:
    wire = layout.to_dict()
    assert refused("UpdateLayoutClientRequest", wire) is None
    assert refused("TranscodingConfig", {"width": 1280, "height": 720, "fps": 15, "bitrate": 1130, **wire}) is None


@given(LAYOUTS)
def test_whatever_can_be_built_is_read_back(layout: Layout) -> None:
    wire = layout.to_dict()
    read = Layout.from_dict({"width": 1280, "height": 720, "fps": 15, "bitrate": 1130, **wire})
    assert type(read) is type(layout)
    assert read == layout
    assert hash(read) == hash(layout)
    assert read.to_dict() == wire
    assert type(layout).from_dict(wire) == layout
    assert Layout.from_dict(TranscodingConfig.from_dict(wire)) == layout
    assert copy.deepcopy(layout) == layout == pickle.loads(pickle.dumps(layout))
    assert eval(repr(layout), {**globals(), "CROP": 0, "FIT": 1}) == layout


@given(regions())
def test_a_region_stays_on_the_canvas_and_has_six_decimals(region: Region) -> None:
    wire = region.to_dict()
    assert refused("LayoutRegion", wire) is None
    for name in ("x_axis", "y_axis", "width", "height"):
        assert wire[name] == round(wire[name], 6) >= 0
    assert round(region.x + region.width, 6) <= 1
    assert round(region.y + region.height, 6) <= 1
    assert Region.from_dict(wire) == region == region.replace()
    assert pickle.loads(pickle.dumps(region)) == region


@given(st.integers(1, 1920), st.data())
def test_regions_that_touch_in_pixels_still_touch(width: int, data: st.DataObject) -> None:
    edges = sorted(data.draw(st.sets(st.integers(0, width), min_size=2, max_size=17)))
    found = [
        Region.pixels(x=left, y=0, width=right - left, height=1, canvas=(width, 1)) for left, right in pairwise(edges)
    ]
    assert Custom(found).to_dict()["layoutConfig"]
    for region, left, right in zip(found, edges, edges[1:], strict=False):
        assert abs(region.x * width - left) < 0.001
        assert abs((region.x + region.width) * width - right) < 0.002
    for one, other in pairwise(found):
        assert round(one.x + one.width, 6) == other.x
    assert edges[-1] != width or round(found[-1].x + found[-1].width, 6) == 1


def test_parts_of_a_canvas_fit_next_to_each_other() -> None:
    for parts in range(1, 18):
        found = Custom([Region(x=n / parts, y=0, width=1 / parts, height=1) for n in range(parts)])
        assert all(on_canvas(place) for place in places(found))


def test_what_rounds_up_on_both_sides_does_not_leave_the_canvas() -> None:
    region = Region(x=0.1666665, y=0.0000005, width=0.8333335, height=0.9999995)
    assert region.x + region.width == 1
    assert region.y + region.height == 1


def test_only_what_is_said_is_sent() -> None:
    assert Floating().to_dict() == {"mixedVideoLayout": 0}
    assert BestFit(background_color="#aBcDeF").to_dict() == {"mixedVideoLayout": 1, "backgroundColor": "#aBcDeF"}
    assert Vertical(None).to_dict() == {"mixedVideoLayout": 2}
    full = Vertical(
        101,
        background_image="https://example.com/wall.jpg",
        default_user_background_image="https://example.com/who.jpg",
        user_backgrounds={101: "https://example.com/101.jpg"},
    )
    assert full.to_dict() == {
        "mixedVideoLayout": 2,
        "maxResolutionUid": "101",
        "backgroundImage": "https://example.com/wall.jpg",
        "defaultUserBackgroundImage": "https://example.com/who.jpg",
        "backgroundConfig": [{"uid": "101", "image_url": "https://example.com/101.jpg"}],
    }
    several = [Background(7, "https://example.com/7.jpg", render_mode="fit")]
    assert Floating(user_backgrounds=several).to_dict()["backgroundConfig"] == [
        {"uid": "7", "image_url": "https://example.com/7.jpg", "render_mode": 1}
    ]
    region = Region("7", x=0, y=0.5, width=1, height=0.5, alpha=0.5, render_mode="Crop")
    assert Custom([region]).to_dict() == {
        "mixedVideoLayout": 3,
        "layoutConfig": [
            {"uid": "7", "x_axis": 0, "y_axis": 0.5, "width": 1, "height": 0.5, "alpha": 0.5, "render_mode": 0}
        ],
    }


def test_regions_may_be_given_as_they_are_on_the_wire() -> None:
    wire = {"uid": "7", "x_axis": 0, "y_axis": 0, "width": 0.5, "height": 1, "render_mode": 1}
    region = Region(7, x=0, y=0, width=0.5, height=1, render_mode=RenderMode.FIT)
    assert Custom([wire]) == Custom([region]) == Custom(iter([LayoutRegion.from_dict(wire)]))


def test_values_show_what_they_say() -> None:
    assert repr(Floating()) == "Floating()"
    assert (
        repr(Vertical(7, background_color="#000000")) == "Vertical(background_color='#000000', max_resolution_uid='7')"
    )
    assert repr(picture_in_picture(1, 2).regions[1]) == "Region(uid='2', x=0.73, y=0.73, width=0.25, height=0.25)"


# -------------------------------------------------------------------------------------------- what cannot be built


@st.composite
def wires(draw: st.DrawFn) -> Json:
    """Fields of a layout, now and then with something wrong about them."""
    wire: Json = draw(LAYOUTS).to_dict()
    parts = [*wire.get("layoutConfig", []), *wire.get("backgroundConfig", [])]
    for _ in range(draw(st.integers(0, 2))):
        junk = draw(st.sampled_from([None, True, -1, 4, 2, "", "red", "0", [], {}, [{}], "#12345", 0.5, float("nan")]))
        where = draw(st.sampled_from([wire, *parts]))
        name = draw(st.sampled_from(sorted({*where, "render_mode", "mixedVideoLayout", "maxResolutionUid", "layout"})))
        if draw(st.booleans()):
            where[name] = junk
        else:
            where.pop(name, None)
    return wire


@given(wires())
@examples(100)
def test_what_the_service_refuses_cannot_be_built(wire: Json) -> None:
    try:
        layout = Layout.from_dict(wire)
    except InvalidRequestError:
        return
    assert refused("UpdateLayoutClientRequest", wire) is None
    assert refused("UpdateLayoutClientRequest", layout.to_dict()) is None


JUNK: list[Any] = [
    None, True, False, 0, -1, 1, 3, 99, 10**30, 0.5, -0.1, float("nan"), float("inf"), "", "x", "101", b"1", [], (),
    {}, [1, 1], [0], [None, None], ["a"], [[1]], object(), {"uid": 1}, range(30), set(), (1280, 720), ("a", None),
]  # fmt: skip
WHOLE: Json = {"x": 0, "y": 0, "width": 1, "height": 1}
# What makes a value, and arguments with which it does.
MAKERS: dict[str, tuple[Any, Json]] = {
    "Region": (Region, WHOLE),
    "Region.pixels": (Region.pixels, {**WHOLE, "canvas": (1280, 720)}),
    "Background": (Background, {"uid": 1, "image_url": "https://example.com/1.jpg"}),
    "Floating": (Floating, {}),
    "BestFit": (BestFit, {}),
    "Vertical": (Vertical, {"max_resolution_uid": 1}),
    "Custom": (Custom, {"regions": [Region(**WHOLE)]}),
    "grid": (grid, {"users": 4}),
    "speaker_with_strip": (speaker_with_strip, {}),
    "side_by_side": (side_by_side, {}),
    "picture_in_picture": (picture_in_picture, {}),
    "screen_share_with_camera": (screen_share_with_camera, {}),
    "preview": (grid(4).preview, {}),
}


@pytest.mark.parametrize("maker", MAKERS)
@given(data=st.data())
@examples(30)
def test_nonsense_is_refused_in_words(maker: str, data: st.DataObject) -> None:
    make, right = MAKERS[maker]
    names = set(inspect.signature(make).parameters)
    if "backgrounds" in names:
        names = names - {"backgrounds"} | {"background_color", "user_backgrounds"}
    wrong = data.draw(st.dictionaries(st.sampled_from(sorted(names)), st.sampled_from(JUNK), min_size=1, max_size=3))
    try:
        made = make(**right | wrong)
    except InvalidRequestError as error:
        if not error.problems:
            pytest.fail("it does not say what is wrong")
    else:
        if isinstance(made, Layout):
            assert refused("UpdateLayoutClientRequest", made.to_dict()) is None


def test_everything_that_is_wrong_is_told_at_once() -> None:
    found = problems(
        lambda: Custom(
            [{"uid": "0", "x_axis": 0, "y_axis": 0, "width": 2, "height": 1}, 5],  # type: ignore[list-item]
            background_color="red",
            user_backgrounds={0: "ftp://example.com"},
        )
    )
    assert set(found) == {
        "backgroundColor",
        "backgroundConfig[0].uid",
        "backgroundConfig[0].image_url",
        "layoutConfig[0].uid",
        "layoutConfig[0].width",
        "layoutConfig[0]",
        "layoutConfig[1]",
    }
    assert found["backgroundColor"] == "'red' must be `#` and six hexadecimal digits"
    same = {"uid": "7", "x_axis": 0, "y_axis": 0, "width": 1, "height": 1}
    assert set(problems(lambda: Custom([same, same], background_color="red"))) == {
        "backgroundColor",
        "layoutConfig[1].uid",
    }
    found = problems(lambda: grid(18, columns=0, gap=3, background_color="red"))
    assert found["users"] == "18 must be a number from 1 to 17, or a list of as many user IDs"
    assert set(found) == {"users", "columns", "gap", "backgroundColor"}


@pytest.mark.parametrize(
    ("arguments", "field", "said"),
    [
        ({"x": -0.1}, "x_axis", "-0.1 must be from 0 to 1"),
        (
            {"x": 0.5},
            "x_axis",
            "x=0.5, width=1 x + width is at most 1, so that the region stays on the canvas",
        ),
        ({"height": None}, "height", "None must be a number"),
        ({"height": True}, "height", "True must be a number"),
        ({"width": float("nan")}, "width", "nan must be from 0 to 1"),
        ({"alpha": -0.1}, "alpha", "-0.1 must be from 0 to 1"),
        ({"uid": 0}, "uid", "'0' must be a whole number from 1 to 4294967295"),
        ({"uid": "Ann"}, "uid", "'Ann' must be a whole number from 1 to 4294967295"),
        ({"render_mode": "fill"}, "render_mode", "'fill' must be 'crop' or 'fit'"),
        ({"render_mode": 2}, "render_mode", "2 must be 'crop' or 'fit'"),
        ({"render_mode": True}, "render_mode", "True must be 'crop' or 'fit'"),
    ],
)
def test_a_region_that_is_none(arguments: Json, field: str, said: str) -> None:
    right: Json = {"x": 0, "y": 0, "width": 1, "height": 1}
    assert problems(lambda: Region(**right | arguments)) == {field: said}


@pytest.mark.parametrize(
    ("arguments", "field", "said"),
    [
        ({"x": 1000}, "x", "1000 + 640 x + width must be at most 1280, the width of the canvas"),
        ({"y": -1}, "y", "-1 must be a number of pixels from 0"),
        ({"height": 361}, "y", "360 + 361 y + height must be at most 720, the height of the canvas"),
        ({"width": "640"}, "width", "'640' must be a number of pixels from 0"),
        ({"canvas": (1920, 1081)}, "width", "1920 × 1081 width × height must be at most 2073600"),
        ({"canvas": (0, 720)}, "width", "0 must be from 1 to 1920"),
        ({"canvas": "720p"}, "canvas", "'720p' must be width and height in pixels"),
        ({"uid": -7}, "uid", "'-7' must be a whole number from 1 to 4294967295"),
    ],
)
def test_a_region_in_pixels_that_is_none(arguments: Json, field: str, said: str) -> None:
    right: Json = {"x": 640, "y": 360, "width": 640, "height": 360, "canvas": (1280, 720)}
    assert Region.pixels(**right) == Region(x=0.5, y=0.5, width=0.5, height=0.5)
    assert problems(lambda: Region.pixels(**right | arguments)) == {field: said}


def test_at_most_17_regions() -> None:
    some = [Region(x=n / 20, y=0, width=1 / 20, height=1) for n in range(18)]
    assert len(Custom(some[:17]).regions) == 17
    assert problems(lambda: Custom(some)) == {"layoutConfig": "a list of 18 must have at most 17 entries"}
    assert problems(lambda: Custom([])) == {"layoutConfig": "[] must not be empty"}
    assert problems(lambda: grid(0))["users"] == "0 must be a number from 1 to 17, or a list of as many user IDs"
    assert problems(lambda: speaker_with_strip(1, 17))["others"].startswith("17 must be a number from 1 to 16")


def test_nobody_is_in_two_places() -> None:
    left, right = Region(7, x=0, y=0, width=0.5, height=1), Region("7", x=0.5, y=0, width=0.5, height=1)
    assert problems(lambda: Custom([left, right])) == {"layoutConfig[1].uid": "'7' must not be named twice"}
    assert problems(lambda: side_by_side(7, "7")) == {"layoutConfig[1].uid": "'7' must not be named twice"}
    assert len(Custom([left.replace(uid=None), right.replace(uid=None)]).regions) == 2
    two = [Background(7, "https://example.com/7.jpg"), Background("7", "https://example.com/8.jpg")]
    assert problems(lambda: Floating(user_backgrounds=two)) == {
        "backgroundConfig[1].uid": "'7' must not be named twice"
    }


def test_overlap_is_an_error_unless_it_is_meant() -> None:
    whole, part = Region(1, x=0, y=0, width=1, height=1), Region(2, x=0.5, y=0.5, width=0.25, height=0.25)
    beside = Region(3, x=0.75, y=0.5, width=0.25, height=0.25)
    assert problems(lambda: Custom([whole, part])) == {
        "layoutConfig[1]": f"{part!r} must not lie over regions[0], unless that is meant: overlap=True"
    }
    assert set(problems(lambda: Custom([part, beside, whole]))) == {"layoutConfig[2]"}
    assert Custom([part, beside]).overlap is False
    meant = Custom([whole, part], overlap=True)
    assert meant.replace(background_color="#ffffff").regions == (whole, part)
    # What the service was told is read back, whatever it was.
    assert Layout.from_dict(meant.to_dict()) == meant
    assert problems(lambda: Custom.from_dict(Custom([part, beside]).to_dict()).replace(regions=[whole, part]))


def test_a_text_is_no_list_of_users() -> None:
    for make in (lambda: grid("101"), lambda: speaker_with_strip(1, "23")):
        [said] = problems(make).values()
        assert said.endswith("or a list of as many user IDs")
    assert problems(lambda: Floating().preview("101"))["users"].startswith("'101' must be a list of user IDs")


def test_what_is_read_must_be_a_layout() -> None:
    assert (
        "must be 2 for a Vertical" in problems(lambda: Vertical.from_dict({"mixedVideoLayout": 1}))["mixedVideoLayout"]
    )
    assert problems(lambda: Layout.from_dict({"mixedVideoLayout": 3}))
    assert problems(lambda: Layout.from_dict({"mixedVideoLayout": 1, "layout": 1}))
    assert problems(lambda: Layout.from_dict([]))  # type: ignore[arg-type]
    assert problems(lambda: Region.from_dict({"x": 0}))
    assert problems(lambda: Background.from_dict({"uid": "1"}))
    assert Layout.from_dict({}) == Floating()
    # It means nothing in a layout that is not vertical.
    assert Layout.from_dict({"mixedVideoLayout": 1, "maxResolutionUid": "7"}) == BestFit()


# ----------------------------------------------------------------------------------------------- changing a layout


@given(LAYOUTS)
def test_a_change_leaves_everything_else_as_it_is(layout: Layout) -> None:
    changed = layout.replace(background_color="#123456")
    assert changed.to_dict() == layout.to_dict() | {"backgroundColor": "#123456"}
    assert layout.replace() == layout


@given(LAYOUTS, LAYOUTS)
def test_another_layout_takes_over_the_backgrounds_that_it_leaves_open(layout: Layout, other: Layout) -> None:
    before, own = other.to_dict(), layout.to_dict()
    theirs = {name: value for name, value in before.items() if "ackground" in name}
    assert layout.filled_from(other).to_dict() == theirs | own
    assert layout.filled_from(layout) == layout


def test_a_wrong_change_is_refused() -> None:
    assert problems(lambda: Floating().replace(background_color="red")) == {
        "backgroundColor": "'red' must be `#` and six hexadecimal digits"
    }
    assert problems(lambda: Region(x=0, y=0, width=1, height=1).replace(x=0.5))
    with pytest.raises(TypeError):
        Floating().replace(max_resolution_uid=7)


# -------------------------------------------------------------------------------------------------------- geometry


@pytest.mark.parametrize("count", range(MOST + 1))
def test_the_services_own_layouts_stay_on_the_canvas(count: int) -> None:
    first, *others = [*floating(count), *[CANVAS] * (count == 0)]
    assert first == CANVAS
    assert len(others) == max(count - 1, 0)
    large, small = vertical(max(count - 1, 0))
    assert len(small) == max(count - 1, 0)
    for found in (others, best_fit(count), [large, *small]):
        assert all(on_canvas(place) for place in found)
        assert overlapping(found) == []
    assert len(best_fit(count)) == count
    assert len({(round(place.width, 9), round(place.height, 9)) for place in best_fit(count)}) <= 1


def near(place: Place, *wanted: float) -> bool:
    return place == pytest.approx(wanted)


def test_the_documented_numbers() -> None:
    small = floating(17)[1:]
    assert near(small[0], 0.012, 1 - 0.247, 0.235, 0.235)
    assert near(small[3], 0.753, 1 - 0.247, 0.235, 0.235)
    assert near(small[4], 0.012, 1 - 2 * 0.247, 0.235, 0.235)
    assert near(small[15], 0.753, 1 - 4 * 0.247, 0.235, 0.235)
    assert small[3].right == pytest.approx(1 - 0.012)
    last = best_fit(17)
    assert near(last[0], 0.1, 0, 0.2, 0.2)
    assert near(last[15], 0.7, 0.6, 0.2, 0.2)
    assert near(last[16], 0.4, 0.8, 0.2, 0.2)
    steps = {2: (5, 4), 5: (5, 4), 6: (7, 6), 7: (7, 6), 8: (9, 8), 9: (9, 8), 10: (10, 8), 17: (10, 8)}
    for users, (across, down) in steps.items():
        columns, width, height = 1 + (users > 9), 1 / across, 1 / down
        large, places = vertical(users - 1)
        assert near(large, 0, 0, 1 - columns * width, 1)
        assert near(places[0], 1 - width, 0, width, height)
        assert len(places) == users - 1
    # The first eight are on the right.
    assert near(vertical(16)[1][8], 0.8, 0, 0.1, 0.125)


@given(LAYOUTS)
def test_regions_stay_on_the_canvas(layout: Layout) -> None:
    if isinstance(layout, Custom):
        assert all(on_canvas(place) for place in places(layout))


@given(ready_made())
def test_ready_made_layouts_overlap_only_where_that_is_meant(layout: Custom) -> None:
    found = places(layout)
    assert all(place.width > 0 and place.height > 0 for place in found)
    if layout.overlap:
        main, inset = found
        assert main == CANVAS
        assert on_canvas(inset)
    else:
        assert overlapping(found) == []


@pytest.mark.parametrize("count", range(1, 18))
def test_a_grid_fills_its_rows(count: int) -> None:
    found = tiles(count)
    assert len(found) == count
    full = {place.y for place in found[: -(count % len({p.x for p in found if p.y == 0}) or count)]}
    for y in full:
        assert sum(place.width for place in found if place.y == y) == pytest.approx(1)
    assert max(place.bottom for place in found) == pytest.approx(1)
    # No row and no column would be empty.
    columns, rows = round(1 / found[0].width), round(1 / found[0].height)
    assert columns - rows in (0, 1)
    assert columns * (rows - 1) < count <= columns * rows


@each("side", SIDES)
@each("count", range(1, 17))
def test_a_strip_lies_along_its_side(side: str, count: int) -> None:
    large, small = strip_along(count, side, None)
    assert len(small) == count
    assert overlapping([large, *small]) == []
    edges = {
        "left": [place.x for place in small],
        "right": [1 - place.right for place in small],
        "top": [place.y for place in small],
        "bottom": [1 - place.bottom for place in small],
    }
    assert min(edges[side]) == pytest.approx(0)
    # In the shape of the canvas, so that a camera of that shape is not cropped.
    assert all(place.width == pytest.approx(place.height) for place in small)
    assert large.width * large.height >= 0.75 - 1e-9


def test_gaps_are_between_regions_and_around_them() -> None:
    found = places(grid(4, gap=0.02))
    assert near(found[0], 0.02, 0.02, 0.47, 0.47)
    assert near(found[3], 0.51, 0.51, 0.47, 0.47)
    assert problems(lambda: grid(16, gap=0.2))["gap"] == "0.2 must be a number between 0 and 0.2"
    assert all(place.width > 0 for place in places(grid(16, gap=0.19)))


def test_ready_made_layouts_put_users_where_they_are_said_to_be() -> None:
    assert [region.uid for region in grid([1, None, "3"]).regions] == ["1", None, "3"]
    assert [region.uid for region in speaker_with_strip(1, [2, 3]).regions] == ["1", "2", "3"]
    assert [region.uid for region in side_by_side(right=2).regions] == [None, "2"]
    screen, camera = screen_share_with_camera(1, 2, corner="bottom-left", size=0.25, render_mode="crop").regions
    assert screen == Region(1, x=0.25, y=0, width=0.75, height=1, render_mode="fit")
    assert camera == Region(2, x=0, y=0.75, width=0.25, height=0.25, render_mode="crop")
    assert picture_in_picture(1, 2, corner="top-left", size=0.5, margin=0).regions[1] == Region(
        2, x=0, y=0, width=0.5, height=0.5
    )
    for corner, x, y in zip(CORNERS, (0.7, 0.1, 0.7, 0.1), (0.7, 0.7, 0.1, 0.1), strict=True):
        inset = picture_in_picture(corner=corner, size=0.2, margin=0.1).regions[1]  # type: ignore[arg-type]
        assert (inset.x, inset.y) == (x, y)


def test_numbers_and_names_beyond_all_measure() -> None:
    right: Json = {"x": 0, "y": 0, "width": 1, "height": 1, "canvas": (1280, 720)}
    for wrong in ({"x": 10**400, "width": 128.5}, {"x": -(10**5000)}, {"uid": 10**5000}, {"canvas": 10**5000}):
        assert list(problems(lambda wrong=wrong: Region.pixels(**right | wrong))) == list(wrong)[:1]
    assert problems(lambda: grid(10**5000))["users"].startswith("of type int ")
    assert problems(lambda: grid(2, gap=10**5000))["gap"].startswith("of type int ")


def test_urls_of_pictures_do_not_show_their_secrets() -> None:
    url = "https://ann:pass@example.com/a.jpg?token=4711"
    hidden = "'https://***@example.com/a.jpg?***'"
    assert repr(Background(7, url)) == f"Background(uid='7', image_url={hidden})"
    assert repr(Floating(background_image=url, default_user_background_image=url)).count(hidden) == 2
    assert "4711" not in str(problems(lambda: Background(7, "ftp" + url)))


def test_no_layout_to_fill_from() -> None:
    assert problems(lambda: grid(4).filled_from(None)) == {  # type: ignore[arg-type]
        "other": "of type NoneType must be a layout"
    }


def test_ready_made_regions_of_no_size_are_refused() -> None:
    assert set(problems(lambda: picture_in_picture(size=1e-9))) == {"layoutConfig[1].width", "layoutConfig[1].height"}
    assert set(problems(lambda: screen_share_with_camera(size=1e-9))) >= {"layoutConfig[1].width"}
