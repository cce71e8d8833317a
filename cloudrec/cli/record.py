"""`cloudrec record`: a recording from its start to its files."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

from cyclopts import Parameter

from ..errors import InvalidRequestError, RecipeError
from .failures import DONE, INTERRUPTED, MAY_RUN, UsageError, Word, nearest
from .holding import Holding, Orphans, how_to_find, view_for
from .interrupts import Interrupts
from .options import Fleet
from .output import as_json, line, note, printable
from .secrets import of_file
from .settings import Settings
from .store import Store
from .words import as_word, duration, layout as layout_of, page, several, subscription

if TYPE_CHECKING:
    from .._recording.recipe import Recipe
    from ..layouts import Layout

_HOURS = 3
_OPTIONS = {"page": "--url", "max_recording_hour": "--hours"}
MODES = ("mix", "individual", "raw", "web")
HINT = "Ctrl-C stops it · once more leaves it running"


async def record(
    channel: str,
    /,
    *,
    storage: str | None = None,
    recipe: Path | None = None,
    mode: str | None = None,
    layout: str | None = None,
    files: list[str] | None = None,
    for_: Annotated[str | None, Parameter(name="--for")] = None,
    url: str | None = None,
    hours: int | None = None,
    audio: str | None = None,
    video: str | None = None,
    transcoding: str | None = None,
    max_idle_time: str | None = None,
    key: str | None = None,
    uid: str | None = None,
    token_file: Path | None = None,
    detach: bool = False,
    json: bool = False,
    fleet: Fleet = None,
) -> int:
    """Record a channel or a web page, and look on until it ends.

    Ctrl-C stops it; once more within two seconds leaves it running, and it is told how to find it again.

    Args:
        channel: Channel to record; with --mode web, a name of your own.
        storage: Where the files go: a name of cloudrec.toml, or an address such as s3://bucket/folder?region=...
        recipe: File in TOML for what is the same each time. What is said here goes before it.
        mode: mix (everyone in one picture; the default), individual, raw, or web (a page).
        layout: floating, best-fit, grid, grid:4, vertical:101, speaker:101, side-by-side:101,102,
            picture-in-picture:101,102, screen-share:101,102; or a file.
        files: Kinds of files, with commas: hls,mp4.
        for_: How long to record, such as 45m or 1h30m. Until Ctrl-C, if left out.
        url: Page to record, with --mode web; @FILE reads it from a file, as arguments can be read by others.
        hours: Hours after which the recording of a page ends by itself. 3 by default.
        audio: Whose sound: everyone (the default), nobody, only:101,102 or everyone-but:101.
        video: Whose picture: the same.
        transcoding: Size of the picture: 360p, 480p, 720p or 1080p.
        max_idle_time: It ends by itself when nobody sends for so long. 5m by default.
        key: Tells recordings of one channel apart that run at the same time.
        uid: User ID of the recorder. Derived from the channel by default.
        token_file: File with the channel token. AGORA_APP_CERTIFICATE makes one, and none needs to be given.
        detach: Print its handle as soon as it runs, and leave it running.
        json: Print JSON, an object for each change on a line of its own.
        fleet: Database of a fleet, which is to record it.
    """
    settings = Settings.read()
    limit = duration("--for", for_)
    given: dict[str, Any] = {
        "layout": layout_of("--layout", layout),
        "files": several(files),
        "audio": subscription("--audio", audio),
        "video": subscription("--video", video),
        "key": key,
        "uid": uid,
        "max_idle_time": _whole("--max-idle-time", max_idle_time),
        "transcoding": _transcoding(transcoding),
        "page": None if url is None else page("--url", url),
        "max_recording_hour": hours,
    }
    given = {name: value for name, value in given.items() if value is not None}
    made = _recipe(recipe, mode, storage, given)
    name = f"{channel}/{made.arguments['key']}" if made.arguments.get("key") is not None else channel
    if fleet is not None:
        for option, value in (("--token-file", token_file), ("--detach", detach or None)):
            if value is not None:
                raise UsageError(option, Word("given"), "does not go with --fleet: its workers hold what they record")
        return await _by_fleet(settings, fleet, name, channel, made, limit, json=json)
    made = settings.filled(made)
    if token_file is not None:
        made = made.replace(token=_token(token_file))
    with_layout: Layout | None = made.arguments.get("layout") if made.mode == "mix" else None
    if made.mode == "mix" and not hasattr(with_layout, "preview"):
        with_layout = shown_layout(with_layout)
    # Its answer is the handle alone.
    facts: dict[str, Any] = {"limit": limit, "layout": with_layout, "hint": "" if detach else HINT}
    view = view_for(name, made.mode.value, json=json and not detach, **facts)
    store = Store()
    store.prepare()
    orphans = Orphans(store)
    async with settings.client(on_attempt=view.attempt, on_orphan=orphans) as client:
        with Interrupts() as interrupts, view:
            holding = Holding(name, view, store, interrupts, orphans)
            recording = await holding.begin(client, made, channel, _known(made, with_layout))
            if recording is None:
                code = MAY_RUN if orphans.handles else INTERRUPTED
            elif detach:
                code = await holding.detach(recording)
            else:
                return await holding.hold(recording, limit)
        if recording is not None:
            if code == DONE:
                as_json(recording.handle)
            return code
    for handle in orphans.handles:
        note(how_to_find(name, handle, "may be running: its start was cut off"))
    if not orphans.handles:
        note(f"{printable(name)}: Ctrl-C came before it ran; nothing runs")
    return code


def _recipe(path: Path | None, mode: str | None, storage: str | None, given: dict[str, Any]) -> Recipe:
    """The recipe of a file, with what was said beside it; or one of that alone."""
    from .._recording.named import Named
    from .._recording.recipe import IndividualRecipe, MixRecipe, RawRecipe, Recipe, WebRecipe

    kinds: dict[str, type[Any]] = {
        "mix": MixRecipe, "individual": IndividualRecipe, "raw": RawRecipe, "web": WebRecipe,
    }  # fmt: skip
    if mode is not None and mode not in kinds:
        raise UsageError("--mode", mode, f"must be one of {', '.join(MODES)}{nearest(mode, MODES)}")
    if storage is not None:
        given["storage"] = Named(storage)
    if path is None:
        mode = mode or ("web" if "page" in given else "mix")
        _must_fit(kinds[mode], mode, given)
        if storage is None:
            raise UsageError(
                "--storage", Word("missing"), "must say where the files go: a name of cloudrec.toml, or s3://..."
            )
        if mode == "web":
            if "page" not in given:
                raise UsageError("--url", Word("missing"), "must be the page to record")
            given.setdefault("max_recording_hour", _HOURS)
        made: Recipe = kinds[mode](**given)
        return made
    try:
        found = Recipe.from_toml(path.read_text(encoding="utf-8-sig"))
    except OSError as error:
        raise UsageError("--recipe", str(path), f"must be a file: {error.strerror}") from None
    except UnicodeDecodeError:
        raise UsageError("--recipe", str(path), "must be a file of text in UTF-8") from None
    except InvalidRequestError as error:
        raise RecipeError(f"{path}: {'; '.join(map(str, error.problems))}") from None
    except RecipeError as error:
        raise RecipeError(f"{path}: {error.args[0]}") from None
    if mode not in (None, found.mode.value):
        raise UsageError("--mode", mode, f"must be that of the recipe, {found.mode.value}, or be left out")
    _must_fit(type(found), found.mode.value, given)
    return found.replace(**given)


def _must_fit(kind: type[Any], mode: str, given: Mapping[str, Any]) -> None:
    for name in given:
        if name not in kind._known.__annotations__:
            option = _OPTIONS.get(name, f"--{name.replace('_', '-')}")
            raise UsageError(option, Word("given"), f"is nothing that recordings of mode {mode} have")


def _token(path: Path) -> str:
    return of_file("--token-file", str(path), Path())


def _whole(option: str, text: str | None) -> int | None:
    seconds = duration(option, text)
    return None if seconds is None else int(seconds)


def _transcoding(text: str | None) -> Any:
    if text is None:
        return None
    from ..values import Transcoding

    try:
        return Transcoding(text)
    except InvalidRequestError as error:
        raise UsageError("--transcoding", text, "; ".join(problem.rule for problem in error.problems)) from None


def shown_layout(given: object) -> Layout | None:
    """What a layout looks like that is none yet; the service's own where nothing was said."""
    from ..layouts import Floating, Layout
    from ..layouts._ready_made import layout_by_word

    if isinstance(given, str):
        return layout_by_word(given)
    if isinstance(given, Mapping):
        return Layout.from_dict(given)
    return Floating() if given is None else None


def _known(recipe: Recipe, layout: Layout | None) -> dict[str, Any]:
    """What is in force at the beginning, so that another command can change a part of it."""
    from ..subscriptions import everyone

    known: dict[str, Any] = {} if layout is None else {"layout": layout.to_dict()}
    arguments = recipe.arguments
    if recipe.mode != "web" and not arguments.keys() & {"stream_types", "recording_config"}:
        known |= {medium: as_word(arguments.get(medium) or everyone()) for medium in ("audio", "video")}
    return known


async def _by_fleet(
    settings: Settings, url: str, key: str, channel: str, recipe: Recipe, limit: float | None, *, json: bool
) -> int:
    """Has a fleet record it."""
    from .fleets import fleet_of

    async with fleet_of(settings, url) as (fleet, _):
        until = None if limit is None else timedelta(seconds=limit)
        found = await fleet.record(key, recipe, cname=channel, until=until)
    if json:
        as_json(found.to_dict())
    else:
        line(f"{printable(key)}: {found.state}" + (f", place {found.place} in line" if found.place else ""))
    return DONE
