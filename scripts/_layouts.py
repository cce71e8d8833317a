"""Makes docs/layouts.md, the same in Chinese, and its pictures: every layout, as the code beside it draws it.

`--check` writes nothing and fails where a file is not what it would be.
"""

import argparse
import json
import sys
from collections.abc import Callable, Iterable
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple

from cloudrec import layouts

DOCS = Path(__file__).resolve().parent.parent / "docs"


class Picture(NamedTuple):
    """A picture of the page."""

    name: str
    code: str
    """What draws it."""

    @property
    def preview(self) -> layouts.Preview:
        names: dict[str, Any] = {name: getattr(layouts, name) for name in layouts.__all__}
        made = eval(self.code, names)
        if not isinstance(made, layouts.Preview):
            raise TypeError(f"{self.code} is no preview")
        return made


class Part(NamedTuple):
    """A heading, what is said below it, and pictures side by side."""

    heading: str
    words: str
    pictures: tuple[Picture, ...] = ()


PARTS = (
    Part(
        "The service's own layouts",
        """These change by themselves as users come and go. A preview takes the number of users, or their user IDs in
order of joining; `#2` is the second to join. Places follow the geometry that the provider documents. What it does not
document is taken to be the plainest, as said below.""",
    ),
    Part(
        "`Floating`",
        """The service's default. The first user fills the canvas, up to 16 others float over it, four a row from the
bottom left. Each has 23.5 % of the canvas' width and height; gaps and margins have 1.2 %. Videos are cropped.""",
        (
            Picture("floating-5", "Floating().preview(5)"),
            Picture("floating-20", "Floating().preview(20)"),
        ),
    ),
    Part(
        "`BestFit`",
        """Up to 17 users, all in regions of the same size. Videos are cropped. The provider describes 17 users in
words; for fewer this library assumes the smallest square grid with room for all, and two side by side.""",
        (
            Picture("best-fit-2", "BestFit().preview(2)"),
            Picture("best-fit-7", "BestFit().preview(7)"),
            Picture("best-fit-17", "BestFit().preview(17)"),
        ),
    ),
    Part(
        "`Vertical`",
        """One user large on the left, with the whole of the video; up to 16 others small on the right, cropped. They
shrink in steps, at 6, 8 and 10 users. While the large one's user is away, the region shows the background; that the
small ones then go by their own number is assumed.""",
        (
            Picture("vertical-5", 'Vertical("101").preview(5)'),
            Picture("vertical-12", 'Vertical("101").preview(12)'),
            Picture("vertical-away", 'Vertical("101").preview(["102", "103", "104"])'),
        ),
    ),
    Part(
        "Ready-made layouts",
        """Functions that return a `Custom`, a layout of up to 17 regions. Each user may be named by user ID or left
open: those who have no region of their own take the open ones in the order in which they join. All of them take
`render_mode`, most take `gap`, and all take the backgrounds that the service's own layouts take.""",
    ),
    Part(
        "`grid`",
        "Regions of the same size in rows. A last row that is not full stands in the middle.",
        (
            Picture("grid-4", "grid(4).preview()"),
            Picture("grid-5", 'grid(5, gap=0.012, background_color="#202020").preview()'),
            Picture("grid-17", "grid(17).preview()"),
        ),
    ),
    Part(
        "`speaker_with_strip`",
        """One user large, up to 16 others in a strip on any side: up to eight in one line, more in two. Unless a
thickness is given, the small regions have the shape of the canvas.""",
        (
            Picture("speaker-right", 'speaker_with_strip("101", 4).preview()'),
            Picture("speaker-bottom", 'speaker_with_strip("101", 6, side="bottom").preview()'),
            Picture("speaker-12", 'speaker_with_strip("101", 12).preview()'),
        ),
    ),
    Part(
        "`side_by_side`",
        "Two users, each with half of the canvas.",
        (
            Picture("side-by-side", 'side_by_side("101", "102").preview()'),
            Picture("side-by-side-one", 'side_by_side("101", "102").preview(["101"])'),
        ),
    ),
    Part(
        "`picture_in_picture`",
        """One user on the whole canvas, another one in front, in a corner. The provider does not document which of two
regions that overlap is on top; here and in previews it is the later one. Look at a recording before you rely on it.""",
        (
            Picture("picture-in-picture", 'picture_in_picture("101", "102").preview()'),
            Picture(
                "picture-in-picture-top", 'picture_in_picture("101", "102", corner="top-left", size=0.3).preview()'
            ),
        ),
    ),
    Part(
        "`screen_share_with_camera`",
        "A shared screen, all of it, and beside it a camera. Neither covers the other.",
        (
            Picture("screen-share", 'screen_share_with_camera("101", "102").preview()'),
            Picture(
                "screen-share-left", 'screen_share_with_camera("101", "102", corner="bottom-left", size=0.25).preview()'
            ),
        ),
    ),
    Part(
        "Regions of one's own",
        """`Custom` takes regions, in fractions of the canvas or in pixels of it. A region that leaves the canvas, an
eighteenth one, a user who is named twice: all that is wrong is told at once, as `InvalidRequestError`. To lie over
another one is wrong, too, unless `overlap=True` says that it is meant. Of a dict, which cannot say so, you are warned
(`RequestWarning`).""",
        (
            Picture(
                "custom",
                """Custom(
    [
        Region("101", x=0, y=0, width=1, height=0.5, render_mode="fit"),
        Region.pixels(x=0, y=360, width=640, height=360, canvas=(1280, 720)),
        Region.pixels(x=640, y=360, width=640, height=360, canvas=(1280, 720)),
    ],
    background_color="#003049",
).preview(["101", "102"])""",
            ),
        ),
    ),
)

_HEAD = """# Layouts

What a composite picture looks like, drawn by `layout.preview()`. Not written by hand: `./scripts/layouts` makes this
page and its pictures anew, and a test fails when they are no longer true.

Everything here is imported from `cloudrec`. A preview is shown by a notebook, printed in a terminal, and saved as
`.svg`, `.txt` or, with `pip install 'cloudrec[preview]'`, `.png`. A dashed region has nobody in it: `(102)` is kept for
that user, `(free)` for the next who joins.

```text
{text}
```

(`print(speaker_with_strip("101", 4).preview(["101", "102", "103"]).ascii(columns=60))`)
"""

_TAIL = """
## Changing a layout

A layout is a value, which never changes. Every update sends a whole layout, and what is left out of it goes back to its
default: a background colour that is not sent again turns black. So an update starts from the layout in force.

| to | write |
| --- | --- |
| change one thing | `layout.replace(background_color="#003049")` |
| put another layout in its place, and keep the backgrounds that it leaves open | `grid(4).filled_from(layout)` |
| read the layout in force from what was sent, a `transcodingConfig` or an `updateLayout` | `Layout.from_dict(fields)` |
| see what is sent | `layout.to_dict()` |
"""


@cache
def _chinese() -> dict[str, str]:
    words: dict[str, str] = json.loads((DOCS / "words.zh-CN.json").read_text(encoding="utf-8"))
    return words


def page(say: Callable[[str], str] = str) -> str:
    """The page; `say` makes its words those of another language."""
    example = layouts.speaker_with_strip("101", 4).preview(["101", "102", "103"])
    parts = [say(_HEAD).format(text=example.ascii(columns=60))]
    for part in PARTS:
        heading = f"### {part.heading}" if part.heading.startswith("`") else f"## {say(part.heading)}"
        parts.append(f"{heading}\n\n{say(part.words)}\n")
        if part.pictures:
            parts.append(_shown(part.pictures))
    return "\n".join(parts) + say(_TAIL)


def _shown(pictures: tuple[Picture, ...]) -> str:
    """Pictures side by side, each below its code; one whose code has more than a line for itself."""
    shown = [f"![{picture.preview.title}](layouts/{picture.name}.svg)" for picture in pictures]
    if "\n" in pictures[0].code:
        return f"```python\n{pictures[0].code}\n```\n\n{shown[0]}\n"
    code = " | ".join(f"`{picture.code}`" for picture in pictures)
    return f"| {code} |\n|{' --- |' * len(pictures)}\n| {' | '.join(shown)} |\n"


def wanted() -> dict[str, str]:
    """Every file below docs/ that is made here, by its path there, and what it must hold."""
    pictures = {f"layouts/{each.name}.svg": each.preview.svg for part in PARTS for each in part.pictures}
    return {"layouts.md": page(), "layouts.zh-CN.md": page(_chinese().__getitem__), **pictures}


def outdated() -> list[str]:
    """The files below docs/ that are missing, not what they would be, or no longer made."""
    files = wanted()
    there = {path.relative_to(DOCS).as_posix() for path in (DOCS / "layouts").glob("*")}
    wrong = [
        name
        for name, text in files.items()
        if not (DOCS / name).is_file() or (DOCS / name).read_text(encoding="utf-8") != text
    ]
    return sorted({*wrong, *(there - files.keys())})


def main(arguments: Iterable[str]) -> int:
    parser = argparse.ArgumentParser(
        prog="scripts/layouts", description=__doc__.partition("\n")[0] if __doc__ else None
    )
    parser.add_argument("--check", action="store_true", help="write nothing; fail if a file would change")
    options = parser.parse_args(list(arguments))
    changed = outdated()
    if options.check:
        for name in changed:
            print(f"docs/{name} is out of date: run ./scripts/layouts", file=sys.stderr)
        return 1 if changed else 0
    files = wanted()
    (DOCS / "layouts").mkdir(exist_ok=True)
    for name in changed:
        if name in files:
            (DOCS / name).write_text(files[name], encoding="utf-8")
        else:
            (DOCS / name).unlink()
    print(f"docs/layouts.md: {len(files) - 2} pictures, {len(changed)} files changed")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
