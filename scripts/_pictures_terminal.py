"""Draws docs/pictures/terminal.svg: what `cloudrec record` shows in a terminal, by the command's own view."""

import io
import re
import time
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.terminal_theme import TerminalTheme
from rich.text import Text

from cloudrec.cli.live import LiveView
from cloudrec.cli.record import HINT
from cloudrec.errors import Attempt
from cloudrec.layouts import speaker_with_strip

ROOT = Path(__file__).resolve().parent.parent
TARGET = ROOT / "docs" / "pictures" / "terminal.svg"
COMMAND = "cloudrec record lesson-42 --storage lessons --layout speaker:101 --files hls,mp4 --for 45m"
COLUMNS = 96
SID = "38f8e3cfdc474cd56fc1ceba380d7e1a"
HANDLE: Any = {"sid": SID, "cname": "lesson-42", "prefix": ["school", "year1"]}
COLORS = "#181b21 #f07178 #7ed385 #f0c86e #76a8f9 #c792ea #68cdd6 #d6dbe2"
THEME = TerminalTheme(
    (24, 27, 33),
    (214, 219, 226),
    [tuple(bytes.fromhex(color[1:])) for color in COLORS.split()],  # type: ignore[misc]  # of three
)
FONTS = "ui-monospace, Menlo, Consolas, DejaVu Sans Mono, monospace"


class _Seen:
    """A recording as a query has shown it."""

    handle = HANDLE
    last_status = 5

    def __init__(self, *names: str) -> None:
        self.files = [type("File", (), {"name": name}) for name in names]


def screen() -> Console:
    """A terminal that shows it."""
    shown = Console(
        record=True, width=COLUMNS, file=io.StringIO(), force_terminal=True, color_system="truecolor", _environ={},
    )  # fmt: skip
    view = LiveView("lesson-42", "mix", limit=2700.0, layout=speaker_with_strip(101, 4), hint=HINT, on=shown)
    seen: Any = _Seen(f"{SID}_lesson-42.m3u8", f"{SID}_lesson-42_0.mp4")
    view.saw(seen)
    view.running_since = time.monotonic() - 754.2
    view.attempt(Attempt("query", 1, "api-eu-west-1.agora.io", "no connection", 0.31, None, None))
    view.attempt(Attempt("query", 2, "api-eu-central-1.agora.io", "success", 0.08, 200, None))
    shown.print(Text(f"$ {COMMAND}"))
    shown.print(view.picture())
    return shown


def picture() -> str:
    """The same as SVG, which loads nothing from elsewhere."""
    svg = screen().export_svg(title="cloudrec record", theme=THEME, unique_id="terminal")
    svg = re.sub(r"\s*@font-face \{[^}]*\}", "", svg)
    svg = re.sub(r"font-family: [^;]+;", f"font-family: {FONTS};", svg)
    return "".join(f"{line.rstrip()}\n" for line in svg.splitlines())


if __name__ == "__main__":
    TARGET.parent.mkdir(exist_ok=True)
    TARGET.write_text(picture(), encoding="utf-8")
    print(TARGET.relative_to(ROOT))
