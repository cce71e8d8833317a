"""Words of the command line, and the values that they mean: durations, layouts, subscriptions, lists."""

from __future__ import annotations

import json
import re
import tomllib
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

from .._numbers import MOST
from ..errors import InvalidRequestError
from .failures import UsageError, Word, nearest
from .output import note
from .secrets import of_file

if TYPE_CHECKING:
    from ..layouts import Layout
    from ..subscriptions import Subscription

_UNITS = {"d": 86_400, "h": 3600, "m": 60, "s": 1}
_DURATION = re.compile(r"(?:(\d{1,9})d)?(?:(\d{1,9})h)?(?:(\d{1,9})m)?(?:(\d{1,9})s)?|(\d{1,9})", re.ASCII)
# A number after "grid:" that is no more than regions there can be is how many, and not who.
_MOST_REGIONS = 17


def duration(option: str, text: str | None) -> float | None:
    """Seconds: of ``45m``, ``1h30m``, ``90s`` or ``90``; None where nothing was said.

    Raises:
        UsageError: it is none.
    """
    if text is None:
        return None
    found = _DURATION.fullmatch(text.strip().lower())
    if found is None or not any(found.groups()):
        raise UsageError(option, text, "must be a duration such as 45m, 1h30m or 90s")
    *parts, bare = found.groups()
    units = zip(parts, _UNITS.values(), strict=True)
    seconds = float(bare or 0) + sum(float(part or 0) * unit for part, unit in units)
    if not 0 < seconds <= MOST:
        raise UsageError(option, text, "must be more than 0 seconds, and at most 1,000,000,000")
    return seconds


def several(texts: list[str] | None) -> list[str] | None:
    """What was given with commas, or by an option that was written several times; None where it was not."""
    if texts is None:
        return None
    return [word.strip() for text in texts for word in text.split(",") if word.strip()]


def subscription(option: str, text: str | None) -> Subscription | None:
    """Of ``everyone``, ``nobody``, ``only:101,102`` or ``everyone-but:101``.

    Raises:
        UsageError: it is none.
        InvalidRequestError: a user ID is none.
    """
    if text is None:
        return None
    from ..subscriptions import everyone, everyone_but, nobody, only

    word, colon, uids = text.strip().partition(":")
    listed = [uid.strip() for uid in uids.split(",") if uid.strip()]
    match word.replace("_", "-"):
        case "everyone" if not colon:
            return everyone()
        case "nobody" if not colon:
            return nobody()
        case "only" if listed:
            return only(*listed)
        case "everyone-but" if listed:
            return everyone_but(*listed)
    known = ["everyone", "nobody", "only:101,102", "everyone-but:101"]
    raise UsageError(option, text, f"must be one of {', '.join(known)}{nearest(word, ['everyone', 'nobody'])}")


def _by_word(uids: list[str | None]) -> dict[str, Callable[[], Layout]]:
    """The layouts, with users in their places."""
    from ..layouts import (
        BestFit,
        Floating,
        Vertical,
        grid,
        picture_in_picture,
        screen_share_with_camera,
        side_by_side,
        speaker_with_strip,
    )

    first, second = ([*uids, None, None])[:2]

    def tiled() -> Layout:
        if not uids:
            return BestFit()
        count = first if len(uids) == 1 and first is not None else ""
        return grid(int(count) if count.isascii() and count.isdigit() and int(count) <= _MOST_REGIONS else uids)

    return {
        "floating": Floating,
        "best-fit": BestFit,
        "grid": tiled,
        "vertical": lambda: Vertical(first),
        "speaker": lambda: speaker_with_strip(first, uids[1:] or 4),
        "side-by-side": lambda: side_by_side(first, second),
        "picture-in-picture": lambda: picture_in_picture(first, second),
        "screen-share": lambda: screen_share_with_camera(first, second),
    }


LAYOUTS = ("floating", "best-fit", "grid", "vertical", "speaker", "side-by-side", "picture-in-picture", "screen-share")
_MOST_USERS = {
    "floating": 0,
    "best-fit": 0,
    "vertical": 1,
    "side-by-side": 2,
    "picture-in-picture": 2,
    "screen-share": 2,
}


def layout(option: str, text: str | None) -> Layout | None:
    """A layout: by a word, with users after a colon; or from a file, in JSON or TOML, by the API's names.

    Raises:
        UsageError: it is none.
        InvalidRequestError: a user ID or a field of it is wrong.
    """
    if text is None:
        return None
    word, _, rest = text.strip().partition(":")
    word = word.replace("_", "-").lower()
    uids: list[str | None] = [uid.strip() or None for uid in rest.split(",")] if rest else []
    if word not in LAYOUTS:
        return _of_file(option, text)
    if len(uids) > _MOST_USERS.get(word, _MOST_REGIONS):
        raise UsageError(option, text, f"must name at most {_MOST_USERS.get(word, _MOST_REGIONS)} users")
    try:
        return _by_word(uids)[word]()
    except InvalidRequestError as error:
        raise UsageError(option, text, "; ".join(problem.rule for problem in error.problems)) from None


def _of_file(option: str, text: str) -> Layout:
    from ..layouts import Layout

    path = Path(text).expanduser()
    if not path.is_file():
        rule = f"must be one of {', '.join(LAYOUTS)}, with users after a colon, or a file{nearest(text, LAYOUTS)}"
        raise UsageError(option, text, rule)
    try:
        written = path.read_text(encoding="utf-8-sig")
        wire = tomllib.loads(written) if path.suffix.lower() == ".toml" else json.loads(written)
    except (ValueError, RecursionError, OSError) as wrong:
        raise UsageError(option, text, f"must be a file of JSON, or of TOML with the name .toml: {wrong}") from None
    # A whole recipe, or a request's body, holds one.
    for inside in ("layout", "transcodingConfig"):
        if isinstance(wire, dict) and isinstance(wire.get(inside), (dict, str)):
            wire = wire[inside]
    if isinstance(wire, str):
        found = layout(option, wire)
        assert found is not None
        return found
    return Layout.from_dict(wire)


def page(option: str, text: str) -> str:
    """The address of a page; ``@FILE`` is read from a file, since others may read arguments.

    Raises:
        UsageError: there is a password in it, or the file cannot be read.
    """
    if text.startswith("@"):
        return of_file(option, text[1:], Path())
    before, at, _ = text.partition("://")[2].partition("/")[0].rpartition("@")
    if at and before:
        raise UsageError(option, Word("***"), "holds a password, which others can read there: --url @FILE")
    if "?" in text:
        note(f"{option}: others can read what stands after the question mark there; if it is secret, --url @FILE")
    return text


def as_word(chosen: Any) -> str:
    """A subscription as it is written on the command line."""
    if not chosen.uids:
        return "everyone" if chosen.all_others else "nobody"
    return f"{'everyone-but' if chosen.all_others else 'only'}:{','.join(chosen.uids)}"
