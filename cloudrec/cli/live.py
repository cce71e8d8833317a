"""The live view: a recording as a picture in the terminal, which changes as it does."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import suppress
from types import TracebackType
from typing import Any, Self

from rich import box
from rich.console import Console, Group, RenderableType
from rich.live import Live
from rich.panel import Panel
from rich.progress_bar import ProgressBar
from rich.table import Table
from rich.text import Text

from .._recording.result import RecordingResult
from .drawing import drawn
from .output import console, length, printable, style_of
from .views import View, summary

_WIDEST = 110
_PICTURE = 34
# A terminal narrower than that has no room for the layout beside the files.
_ROOM_FOR_PICTURE = 72
_FILES = 8


class LiveView(View):
    """A recording as a picture that is drawn four times a second."""

    def __init__(self, name: str, mode: str, *, on: Console | None = None, **facts: Any) -> None:
        super().__init__(name, mode, **facts)
        self._console = on or console()
        self._echo: Callable[[], None] = _nothing
        self._live = Live(
            console=self._console, get_renderable=self.picture, refresh_per_second=4, transient=True,
            vertical_overflow="crop",
        )  # fmt: skip

    def __enter__(self) -> Self:
        super().__enter__()
        self._echo = _without_echo()
        self._live.start(refresh=True)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self.close()
        super().__exit__(kind, error, traceback)

    def close(self) -> None:
        with suppress(OSError):
            self._live.stop()
        self._echo()

    def _show(self, state: str, result: RecordingResult) -> None:
        self.close()
        told = Text.assemble((printable(self.name), "bold"), ": ", (summary(state, self.elapsed, result), ""))
        self._console.print(told)
        for file in result.files:
            self._console.print(Text(f"  {printable(file.key)}"), soft_wrap=True)

    def _tell(self, event: str, told: str, **facts: Any) -> None:
        self._live.refresh()

    # -- the picture --------------------------------------------------------------------------

    def picture(self) -> RenderableType:
        """It, as it is now."""
        width = min(self._console.width, _WIDEST)
        body: list[RenderableType] = [self._head(), Text("")]
        files = Group(*self._files())
        if self.layout is not None and width >= _ROOM_FOR_PICTURE:
            beside = Table.grid(expand=True, padding=(0, 1))
            beside.add_column(ratio=1)
            beside.add_column(width=_PICTURE)
            beside.add_row(files, Group(*self._layout()))
            body.append(beside)
        else:
            body.append(files)
        body += self._troubles()
        title = Text.assemble(" ", (printable(self.name), "bold"), f" · {self.mode} ")
        hint = Text(f" {self.hint} ", "dim") if self.hint else None
        return Panel(
            Group(*body), title=title, title_align="left", subtitle=hint, subtitle_align="right", width=width,
            box=box.ROUNDED, border_style=style_of(self.state), padding=(0, 1),
        )  # fmt: skip

    def _head(self) -> RenderableType:
        ran = length(self.elapsed)
        head = Table.grid(expand=True, padding=(0, 2, 0, 0))
        head.add_column(no_wrap=True)
        head.add_column(no_wrap=True)
        head.add_column(ratio=1)
        limit = f" of {length(self.limit)}" if self.limit else ""
        sid = (self.handle["sid"] if self.handle else None) or ""
        bar: RenderableType = Text(f"sid {sid}", "dim", overflow="ellipsis", no_wrap=True)
        if self.limit:
            bar = ProgressBar(
                total=self.limit, completed=min(self.elapsed, self.limit), complete_style=style_of(self.state) or "none"
            )
        state = Text.assemble(("● ", style_of(self.state)), (self.state, f"bold {style_of(self.state)}".strip()))
        head.add_row(state, Text(f"{ran}{limit}"), bar)
        if not self.limit:
            return head
        return Group(head, Text(f"  sid {sid or '–'}", "dim", overflow="ellipsis", no_wrap=True))

    def _files(self) -> Iterator[RenderableType]:
        yield Text(f"Files {len(self.files) or ''}", "bold")
        shown = list(self.files)[-_FILES:]
        if len(self.files) > len(shown):
            yield Text(f"  … {len(self.files) - len(shown)} before", "dim")
        for key in shown:
            # The end of a name says what it is.
            yield _Ended(f"  {printable(key)}")
        if not shown:
            yield Text("  none yet", "dim")

    def _layout(self) -> Iterator[RenderableType]:
        assert self.layout is not None
        picture, words = drawn(self.layout.preview(), _PICTURE, self._console.encoding)
        yield Text("Layout", "bold")
        for row in picture:
            yield Text(row, "cyan", no_wrap=True)
        for row in words[:1]:
            yield Text(row.replace(" x ", " × "), "dim")

    def _troubles(self) -> Iterator[RenderableType]:
        if self.attempts:
            yield Text("")
            yield Text("Tried again, or failed", "bold")
            for attempt in self.attempts:
                yield Text(f"  {self.told(attempt)}", "yellow")
        if self.warnings:
            yield Text("")
            yield Text("Warnings", "bold")
            for warning in self.warnings:
                yield Text(f"  {warning}", "yellow")


def _without_echo() -> Callable[[], None]:
    """Has the terminal not show `^C` in the middle of the picture; what has it do so again."""
    try:
        import termios
    except ImportError:  # on Windows, which shows none
        return _nothing
    try:
        before = termios.tcgetattr(sys.stdin)
    except (OSError, ValueError, termios.error):  # it is no terminal
        return _nothing
    without = [*before[:3], before[3] & ~(termios.ECHO | termios.ECHOCTL), *before[4:]]
    termios.tcsetattr(sys.stdin, termios.TCSADRAIN, without)

    def again() -> None:
        with suppress(OSError, termios.error):  # it has been closed
            termios.tcsetattr(sys.stdin, termios.TCSADRAIN, before)

    return again


def _nothing() -> None: ...


class _Ended:
    """A line of which the end is shown where not all of it has room."""

    def __init__(self, text: str) -> None:
        self._text = text

    def __rich_console__(self, console: Console, options: Any) -> Iterator[RenderableType]:
        room = options.max_width
        text = self._text if len(self._text) <= room else f"  …{self._text[-(room - 3) :]}"
        yield Text(text, no_wrap=True)
