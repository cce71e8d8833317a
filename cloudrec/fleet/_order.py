"""Orders: what is asked of a fleet, checked before it is written down. Both faces share it; no I/O."""

from __future__ import annotations

import json
import time
from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any, TypeAlias, TypedDict

from .._call.requests import acquire_problems
from .._contract.redact import shown
from .._numbers import seconds, time_of
from .._recording.recipe import IndividualRecipe, MixRecipe, RawRecipe, Recipe, WebRecipe
from ..errors import ConfigurationError, InvalidRequestError, RecipeError
from ._entry import needs
from ._states import State

if TYPE_CHECKING:
    from .._recording.options import OfIndividualRecipe, OfMixRecipe, OfRawRecipe, WholeWebRecipe

    Until: TypeAlias = datetime | timedelta | float | None

    class HowLong(TypedDict, total=False):
        """What a fleet takes beside what is to be recorded; see :meth:`Fleet.record`."""

        cname: str | None
        until: Until
        restart: bool
        again: bool

    class AskIndividual(OfIndividualRecipe, HowLong): ...

    class AskRaw(OfRawRecipe, HowLong): ...

    class AskMix(OfMixRecipe, HowLong): ...

    class AskWeb(WholeWebRecipe, HowLong): ...


LONGEST_KEY = 255
"""Bytes that a key may have."""
_KINDS: dict[str, type[Recipe]] = {
    kind.mode.value: kind for kind in (IndividualRecipe, RawRecipe, MixRecipe, WebRecipe)
}


def key_of(key: object) -> str:
    """The key itself, if it is one.

    Raises:
        ConfigurationError: it is none.
    """
    if not isinstance(key, str) or not key or "\0" in key:
        raise ConfigurationError(f"key: {shown(key)} (must be text that is not empty)")
    try:
        size = len(key.encode())
    except UnicodeEncodeError:
        raise ConfigurationError(f"key: {shown(key)} (must be text that can be written as UTF-8)") from None
    if size > LONGEST_KEY:
        raise ConfigurationError(f"key: {shown(key)} (has {size} bytes, and may have {LONGEST_KEY})")
    return key


def order(
    key: object,
    recipe: Recipe | None,
    cname: str | None,
    mode: str | None,
    until: Until,
    arguments: Mapping[str, Any],
    *,
    restart: bool,
    now: float,
) -> dict[str, Any]:
    """The row of what is to be recorded.

    Raises:
        ConfigurationError: the key or the end is none.
        RecipeError: it is no recipe, or holds a secret.
        InvalidRequestError: arguments break rules.
    """
    name = key_of(key)
    made = _recipe(recipe, mode, arguments)
    channel = name if cname is None else cname
    if problems := acquire_problems(channel, "1", {}):
        raise InvalidRequestError.of("record", problems)
    at, lasts = _end(until, now)
    written = json.dumps(made.to_dict(addresses=True))
    return {
        "key": name, "cname": channel, "mode": made.mode.value, "recipe": written, "until": at, "lasts": lasts,
        "restart": bool(restart),
    }  # fmt: skip


def names_in(row: Mapping[str, Any]) -> set[str]:
    """What a worker must have for it, by name."""
    return needs(json.loads(row["recipe"]))


def _recipe(recipe: object, mode: object, arguments: Mapping[str, Any]) -> Recipe:
    if recipe is not None:
        if not isinstance(recipe, Recipe):
            raise RecipeError(f"recipe: {type(recipe).__name__} (must be a MixRecipe or the like)")
        if mode is not None or arguments:
            raise ConfigurationError("recipe: goes alone; what else is to be recorded, recipe.replace(...) says")
        return recipe
    if not isinstance(mode, str) or mode not in _KINDS:
        raise ConfigurationError(f"mode: {shown(mode)} (must be one of {', '.join(_KINDS)}; or give a recipe)")
    return _KINDS[mode](**arguments)


def _end(until: object, now: float) -> tuple[float | None, float | None]:
    """When it is to end; and for how long it is to run, where that is what was said."""
    if until is None:
        return None, None
    if isinstance(until, timedelta):
        return None, seconds("until", until.total_seconds())
    if isinstance(until, datetime):
        if until.tzinfo is None:
            raise ConfigurationError(f"until: {until.isoformat()} (must say its time zone: tzinfo=UTC, say)")
        at = time_of("until", until.timestamp())
        if at <= now:
            raise ConfigurationError(f"until: {until.isoformat()} (is over)")
        return at, None
    return None, seconds("until", until)


def mode_of(mode: object) -> str | None:
    """The mode that is meant; None for all of them."""
    if mode is not None and (not isinstance(mode, str) or mode not in _KINDS):
        raise ConfigurationError(f"mode: {shown(mode)} (must be one of {', '.join(_KINDS)})")
    return mode


def states_of(state: object) -> list[str] | None:
    """The states that are meant; None for all of them."""
    if state is None:
        return None
    given = [state] if isinstance(state, str) or not isinstance(state, Iterable) else list(state)
    for one in given:
        if one not in tuple(State):
            raise ConfigurationError(f"state: {shown(one)} (must be one of {', '.join(State)})")
    return [str(one) for one in given]


def clock() -> float:
    """The time by this machine's clock."""
    return time.time()
