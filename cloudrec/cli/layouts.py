"""`cloudrec layout`: changes a layout; and `cloudrec layout preview` draws one."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import Any

from cyclopts import App

from .drawing import drawn
from .failures import DONE, UsageError
from .found import attached
from .options import Fleet
from .output import as_json, line, note, printable
from .words import layout as layout_of, several

app: App = App(
    name="layout",
    help_epilogue="Example:\n\ncloudrec layout lesson-42 grid:4\n\ncloudrec layout preview grid:4 --users 101,102",
)
_CANVAS = {"360p": (640, 360), "480p": (848, 480), "720p": (1280, 720), "1080p": (1920, 1080)}
_WIDEST = 100


@app.default
async def layout(which: str, new: str, /, *, json: bool = False, fleet: Fleet = None) -> int:
    """Change the layout of a mix recording.

    Args:
        which: Name, sid, handle as JSON, or - for a handle on the standard input.
        new: floating, best-fit, grid, grid:4, grid:101,102, vertical:101, speaker:101, side-by-side:101,102,
            picture-in-picture:101,102, screen-share:101,102; or a file in JSON or TOML.
        json: Print JSON.
        fleet: Database of a fleet, of which it is a key.
    """
    made = layout_of("LAYOUT", new)
    async with attached(which, fleet) as (at, recording, store):
        if at.handle["mode"] != "mix":
            rule = f"must be a mix recording; this is one of mode {at.handle['mode']}, which has no layout"
            raise UsageError("WHICH", at.name, rule)
        mix: Any = recording
        result = await mix.layout(made)
        assert made is not None
        store.tell(at.handle, known={"layout": made.to_dict()})
        if json:
            as_json({"name": at.name, **result.to_dict()})
        else:
            line(f"{printable(at.name)}: {type(made).__name__.lower()} layout")
    return DONE


@app.command(help_epilogue="Example:\n\ncloudrec layout preview grid:4 --users 101,102 --out layout.png")
def preview(
    file: str,
    /,
    *,
    users: list[str] | None = None,
    size: str = "720p",
    columns: int | None = None,
    out: Path | None = None,
) -> int:
    """Draw a layout: in the terminal, or into a file.

    Args:
        file: File with a layout in JSON or TOML, by the API's names; a recipe; or a word such as grid:4.
        users: User IDs in the channel, with commas, in order of joining; or how many there are.
        size: Size of the picture: 360p, 480p, 720p, 1080p, or such as 640x480.
        columns: How wide it is drawn in the terminal.
        out: File to write in place of that: .png (extra cloudrec[preview]), .svg or .txt.
    """
    made = layout_of("FILE", file)
    assert made is not None
    width, height = _size(size)
    named = several(users)
    who: Any = int(named[0]) if named and len(named) == 1 and named[0].isdigit() and int(named[0]) <= 17 else named
    picture = made.preview(who, width=width, height=height)
    if out is not None:
        picture.save(out)
        note(f"{out} written")
        return DONE
    rows, words = drawn(picture, columns or min(shutil.get_terminal_size().columns, _WIDEST))
    for row in (*rows, *words):
        line(printable(row))
    return DONE


def _size(text: str) -> tuple[int, int]:
    if text in _CANVAS:
        return _CANVAS[text]
    width, _, height = text.lower().replace("×", "x").partition("x")
    if width.isascii() and width.isdigit() and height.isascii() and height.isdigit():
        return int(width), int(height)
    raise UsageError("--size", text, f"must be one of {', '.join(_CANVAS)}, or such as 640x480")
