"""Previews show everybody in their place, and say who has none. The pictures of the documentation are up to date."""

from __future__ import annotations

import re
import struct
import subprocess
import sys
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import pytest
from hypothesis import given, strategies as st

from cloudrec import ConfigurationError, InvalidRequestError
from cloudrec.layouts import (
    BestFit,
    Custom,
    Floating,
    Layout,
    Preview,
    Region,
    Vertical,
    grid,
    picture_in_picture,
    screen_share_with_camera,
    side_by_side,
    speaker_with_strip,
)
from scripts import _layouts as documentation
from tests.unit.test_layouts import LAYOUTS

SVG = "{http://www.w3.org/2000/svg}"
LAST = 2**32 - 1
SOME: dict[str, Layout] = {
    "floating": Floating(),
    "best fit": BestFit(background_color="#ffffff"),
    "vertical": Vertical(LAST),
    "vertical of nobody": Vertical(None),
    "grid": grid(17),
    "strip": speaker_with_strip(LAST, 12, side="bottom"),
    "two": side_by_side(1, LAST),
    "inset": picture_in_picture(1, LAST),
    "screen": screen_share_with_camera(1, LAST),
}


def texts(preview: Preview) -> list[str]:
    """What is written in the SVG."""
    return [element.text or "" for element in ElementTree.fromstring(preview.svg).iter(f"{SVG}text")]


def frames(preview: Preview) -> list[dict[str, float]]:
    """The regions in the SVG, which come after the paper and the canvas."""
    drawn = list(ElementTree.fromstring(preview.svg).iter(f"{SVG}rect"))[2:]
    return [{name: float(each.get(name, "nan")) for name in ("x", "y", "width", "height")} for each in drawn]


@pytest.mark.parametrize("name", SOME)
def test_any_number_of_users(name: str) -> None:
    for count in range(21):
        preview = SOME[name].preview(count)
        assert len(preview.shown) + len(preview.not_shown) == count
        assert set(preview.shown) & set(preview.not_shown) == set()
        written = texts(preview)
        below = written[-4:]
        for user in preview.shown:
            # By itself where it is; or below, if the others cover it.
            assert user in written or any(text.startswith("behind the others:") and user in text for text in below)
        assert bool(preview.not_shown) == any(text.startswith("not shown: ") for text in below)
        for columns in (20, 80, 400):
            lines = preview.ascii(columns).splitlines()
            for user in preview.shown:
                assert any(user in line for line in lines)
            assert all(len(line) <= columns for line in lines if line.startswith(("+", "|", ":")))
        for frame in frames(preview):
            assert frame["x"] >= 0
            assert frame["y"] >= 0
            assert frame["x"] + frame["width"] <= 1280
            assert frame["y"] + frame["height"] <= 720


@given(
    LAYOUTS,
    st.integers(0, 20) | st.lists(st.integers(1, 9) | st.integers(1, LAST), max_size=20, unique=True),
    st.sampled_from([(1280, 720), (360, 640), (1, 1), (1920, 1080), (1920, 1), (1, 1920), (16, 9)]),
)
def test_every_layout_can_be_drawn(layout: Layout, users: Any, canvas: tuple[int, int]) -> None:
    preview = layout.preview(users, width=canvas[0], height=canvas[1])
    root = ElementTree.fromstring(preview.svg)
    assert root.tag == f"{SVG}svg"
    assert preview.svg == layout.preview(users, width=canvas[0], height=canvas[1]).svg
    assert str(preview) == preview.ascii(80)
    assert "nan" not in preview.svg
    present = set(preview.shown) | set(preview.not_shown)
    assert len(present) == len(preview.shown) + len(preview.not_shown)
    if isinstance(users, list):
        assert present == set(map(str, users))
    if isinstance(layout, Custom):
        named = {region.uid for region in layout.regions} - {None}
        assert set(preview.absent) == named - present


def test_users_stand_in_order_of_joining_beside_those_who_are_named() -> None:
    layout = Custom(
        [
            Region(x=0, y=0, width=0.5, height=0.5),
            Region(7, x=0.5, y=0, width=0.5, height=0.5),
            Region(x=0, y=0.5, width=0.5, height=0.5),
            Region(9, x=0.5, y=0.5, width=0.5, height=0.5),
        ]
    )
    preview = layout.preview([5, 7, 6, 8])
    assert preview.shown == ("5", "7", "6")
    assert preview.not_shown == ("8",)
    assert preview.absent == ("9",)
    assert repr(preview) == "<Preview: Custom layout, 4 users, 1280 × 720; not here: 9; not shown: 8>"
    assert str(layout.preview(4).ascii(40)) == (
        "+-------------------+------------------+\n"
        "|                   |                  |\n"
        "|                   |                  |\n"
        "|         #3        |         7        |\n"
        "|                   |                  |\n"
        "+-------------------+------------------+\n"
        "|                   |                  |\n"
        "|                   |                  |\n"
        "|         #4        |         9        |\n"
        "|                   |                  |\n"
        "+-------------------+------------------+\n"
        "Custom layout, 4 users, 1280 x 720"
    )


def test_who_is_large_in_a_vertical_layout() -> None:
    assert Vertical(7).preview([5, 6, 7]).shown == ("7", "5", "6")
    away = Vertical(7).preview([5, 6])
    assert (away.shown, away.absent) == (("5", "6"), ("7",))
    assert "(7)" in texts(away)
    assert Vertical(7).preview(17).not_shown == ()
    # Without the large one there are 16 places.
    assert Vertical(7).preview(range(100, 117)).not_shown == ("116",)
    assert Vertical(None).preview(17).not_shown == ("#17",)


def test_who_cannot_be_seen() -> None:
    whole, none = Region(1, x=0, y=0, width=1, height=1), Region(2, x=0, y=0, width=0, height=0.5)
    assert Custom([whole, none]).preview().not_shown == ("2",)
    faint = Region(2, x=0, y=0, width=0.5, height=0.5, alpha=0)
    assert Custom([whole, faint], overlap=True).preview().not_shown == ("2",)
    behind = Custom([none.replace(width=0.5), whole], overlap=True).preview()
    assert behind.shown == ("2", "1")
    assert "behind the others: 2" in texts(behind)
    assert "2 is behind the others" in behind.ascii()


def test_a_label_that_has_no_room_is_explained_below() -> None:
    preview = Vertical(1).preview(range(LAST - 20, LAST - 5))
    lines = preview.ascii(80).splitlines()
    assert any("(5)" in line for line in lines[:20])
    assert f"(5) {LAST - 17}" in lines


def test_what_is_written_in_a_region() -> None:
    faint = Region(7, x=0.5, y=0.5, width=0.5, height=0.5, alpha=0.4, render_mode="fit")
    assert texts(Custom([faint]).preview())[:2] == ["7", "640 × 360, fit, 40 %"]
    assert texts(side_by_side(1, 2).preview([2], width=360, height=640)) == [
        "(1)", "180 × 640", "2", "180 × 640", "Custom layout, 1 user, 360 × 640", "not here: 1",
    ]  # fmt: skip
    assert texts(grid(1).preview(0))[0] == "(free)"
    assert texts(grid(1).preview(7))[-1] == "not shown: #2, #3, #4, #5 and 2 more"


def test_regions_are_drawn_where_they_are() -> None:
    [frame] = frames(Custom([Region(x=0.25, y=0.5, width=0.5, height=0.25)]).preview())
    line = 2.4  # of which half would stand out of the region
    assert frame == pytest.approx({"x": 320 + line / 2, "y": 360 + line / 2, "width": 640 - line, "height": 180 - line})


@pytest.mark.parametrize("users", [-1, 1001, True, "101", 0.5, [1, 1], ["Ann"], [0], [None], {1: 2}])
def test_users_who_are_none(users: Any) -> None:
    with pytest.raises(InvalidRequestError, match=r"preview: users"):
        Floating().preview(users)


def test_a_canvas_that_is_none() -> None:
    with pytest.raises(InvalidRequestError, match=r"width: 0 .*from 1 to 1920.*users: -1"):
        Floating().preview(-1, width=0)
    with pytest.raises(InvalidRequestError, match="at most 2073600"):
        Floating().preview(width=1920, height=1081)
    for columns in (19, 401, True, "80", 80.0):
        with pytest.raises(ConfigurationError, match=r"columns: .*20 to 400"):
            Floating().preview().ascii(columns)  # type: ignore[arg-type]


def test_files(tmp_path: Path) -> None:
    preview = grid(4).preview()
    preview.save(tmp_path / "grid.svg")
    preview.save(str(tmp_path / "grid.TXT"))
    preview.save(tmp_path / "grid.png")
    assert (tmp_path / "grid.svg").read_text(encoding="utf-8") == preview.svg == preview._repr_svg_()
    assert (tmp_path / "grid.TXT").read_text(encoding="utf-8") == f"{preview}\n"
    assert (tmp_path / "grid.png").read_bytes() == preview.png()
    with pytest.raises(ConfigurationError, match=r"'.jpg' \(must end in .svg, .png or .txt\)"):
        preview.save(tmp_path / "grid.jpg")


def test_a_png_is_as_large_as_the_canvas_and_what_is_said_below_it() -> None:
    image = grid(4).preview(4, width=640, height=360).png()
    assert image.startswith(b"\x89PNG\r\n\x1a\n")
    width, height = struct.unpack(">II", image[16:24])
    assert width == 640
    assert 360 < height < 400
    assert image != grid(4).preview(3, width=640, height=360).png()


def test_a_png_without_the_extra(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "resvg_py", None)
    with pytest.raises(ConfigurationError, match=re.escape("pip install 'cloudrec[preview]'")):
        grid(4).preview().png()


def test_a_png_without_fonts(monkeypatch: pytest.MonkeyPatch) -> None:
    import resvg_py

    draw = resvg_py.svg_to_bytes
    monkeypatch.setattr(resvg_py, "svg_to_bytes", lambda **given: draw(skip_system_fonts=True, **given))
    with pytest.raises(ConfigurationError, match="this machine has no font for the user IDs"):
        grid(4).preview().png()


def test_what_draws_a_png_is_not_loaded_before_it_is_needed() -> None:
    code = "import sys; from cloudrec.layouts import grid; grid(4).preview().svg; print('resvg_py' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, encoding="utf-8", check=True, timeout=60)
    assert done.stdout == "False\n"


def test_the_pictures_of_the_documentation_are_up_to_date() -> None:
    assert documentation.outdated() == [], "run ./scripts/layouts"
    assert documentation.main(["--check"]) == 0


def test_the_documentation_shows_every_layout() -> None:
    code = " ".join(picture.code for part in documentation.PARTS for picture in part.pictures)
    for name in documentation.layouts.__all__:
        assert name in {"Layout", "Preview", "Background"} or f"{name}(" in code


def test_what_is_too_thin_to_draw_is_not_said_to_be_behind_others() -> None:
    thin = Custom([Region(101, x=0, y=0, width=0.01, height=1), Region(102, x=0.01, y=0, width=0.99, height=1)])
    assert "101 is too small to draw" in thin.preview().ascii()
    wrong: Any = None
    with pytest.raises(InvalidRequestError, match="path: of type NoneType"):
        thin.preview().save(wrong)
